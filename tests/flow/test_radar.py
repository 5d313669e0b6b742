"""The short daily list: what was said to the centre where nobody listens, and what got lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from robot import bootstrap
from robot.domain.case import EntryKind, Visibility
from robot.domain.incoming import Intent, MailKind, Route
from robot.domain.radar import RadarItem, Signal
from robot.flow.case_records import NewEntry
from robot.flow.radar import REMARK_UNREAD
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.inbox import came_in

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[FlowWorld]:
    made = FlowWorld(tmp_path)
    yield made
    made.store.close()


def listed(world: FlowWorld, since: datetime = LONG_AGO) -> list[RadarItem]:
    return list(bootstrap.radar(world.ports).items(since))


def say_fixed(world: FlowWorld) -> str:
    """The customer says that its one case is fixed; the case's number."""
    (row,) = world.rows()
    assert row.case_number is not None
    with world.store.writing(actor="test") as unit:
        unit.cases.say(
            NewEntry(
                case_number=row.case_number,
                author="anne@example.test",
                kind=EntryKind.FIXED,
                visibility=Visibility.EXTERNAL,
                text="Den er rettet nu",
            )
        )
        unit.cases.note_fixed(row.case_number)
    return row.case_number


def reply(world: FlowWorld, text: str, **result: object) -> None:
    said = {"kind": MailKind.REPLY, "route": Route.CASE, "intent": Intent.COMMENT, "text": text}
    came_in(world.store, 1, world.clock.now(), **{**said, **result})


def test_nothing_to_tell_is_an_empty_list(world: FlowWorld) -> None:
    world.run()
    assert listed(world) == []


def test_a_remark_that_speaks_to_the_centre_is_listed_once(world: FlowWorld) -> None:
    world.source.documents = [an_approved("F-1", f"note {REMARK_UNREAD}")]
    world.run()
    world.run()
    (item,) = listed(world)
    assert (item.signal, item.customer, item.words) == (Signal.REMARK, "99001", "F-1")
    assert item.document.endswith("SDI-F-1")


def test_a_confidential_documents_number_is_not_shown(world: FlowWorld) -> None:
    world.source.documents = [an_approved("F-1", f"note {REMARK_UNREAD}", confidential=True)]
    world.run()
    assert [item.words for item in listed(world)] == [""]


def test_what_was_decided_before_the_list_begins_is_left_out(world: FlowWorld) -> None:
    world.source.documents = [an_approved("F-1", f"note {REMARK_UNREAD}")]
    world.run()
    assert listed(world, world.clock.now() + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Betal ikke denne, vi har klaget.", True),
        ("Kan SAM ringe til os?", True),
        ("Tak for hjælpen.", False),
    ],
)
def test_a_reply_that_speaks_to_the_centre_is_listed(
    world: FlowWorld, text: str, there: bool
) -> None:
    reply(world, text)
    assert [item.signal for item in listed(world)] == ([Signal.REPLY] if there else [])


def test_a_reply_is_shown_short_and_masked(world: FlowWorld) -> None:
    reply(world, "Betal ikke til 0040 0440116243. " + "Vi har klaget. " * 20)
    (item,) = listed(world)
    assert "0440116243" not in item.words
    assert len(item.words) <= 120


def test_what_the_robot_acts_on_by_itself_is_not_listed(world: FlowWorld) -> None:
    reply(world, "Nu har vi rettet den, betal ikke den gamle.", intent=Intent.FIXED)
    assert listed(world) == []


class TestSaidFixed:
    def bounced(self, world: FlowWorld) -> str:
        world.source.documents = [an_approved("F-1", "bounce dimension-missing")]
        world.run()
        return say_fixed(world)

    def test_nothing_came_since(self, world: FlowWorld) -> None:
        number = self.bounced(world)
        world.clock.instant += timedelta(hours=6)
        world.run()
        (item,) = listed(world)
        assert (item.signal, item.case_number) == (Signal.NOT_FIXED, number)
        assert (item.words, item.address) == ("dimension-missing", "anne@example.test")

    def test_before_the_next_run_nobody_knows(self, world: FlowWorld) -> None:
        self.bounced(world)
        assert listed(world) == []

    def test_it_was_approved_again_and_is_still_wrong(self, world: FlowWorld) -> None:
        self.bounced(world)
        world.clock.instant += timedelta(hours=6)
        world.source.documents = [an_approved("F-1", "bounce account-unknown", at=15)]
        world.run()
        (item,) = listed(world)
        assert (item.signal, item.words) == (Signal.STILL_WRONG, "account-unknown")

    def test_a_document_that_nobody_said_was_fixed_is_not_listed(self, world: FlowWorld) -> None:
        world.source.documents = [an_approved("F-1", "bounce dimension-missing")]
        world.run()
        assert listed(world) == []

    def test_it_was_right_when_it_came_again(self, world: FlowWorld) -> None:
        self.bounced(world)
        world.clock.instant += timedelta(hours=6)
        world.source.documents = [an_approved("F-1", at=15)]
        world.run()
        assert listed(world) == []


def test_an_address_that_mail_does_not_reach_is_listed_with_its_customer(
    world: FlowWorld,
) -> None:
    with world.store.writing(actor="test") as unit:
        unit.contacts.failed(
            "Regnskab@example.test",
            code="5.1.1",
            words="no such user",
            hard=True,
            on=date(2026, 11, 24),
        )
    (item,) = listed(world)
    assert (item.signal, item.customer) == (Signal.UNDELIVERABLE, "99001")
    assert item.address == "regnskab@example.test"
    assert item.words == "dead 5.1.1 no such user"


def test_mails_that_nobody_named_are_one_line(world: FlowWorld) -> None:
    for number in (1, 2):
        came_in(world.store, number, world.clock.now(), text="Hvad nu?")
    (item,) = listed(world)
    assert (item.signal, item.words[:7]) == (Signal.UNNAMED, "2 mails")


def test_the_list_begins_on_the_last_working_day(world: FlowWorld) -> None:
    assert bootstrap.radar(world.ports).start().isoformat() == "2026-11-23T00:00:00+01:00"
