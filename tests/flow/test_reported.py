"""What customers' own mails are about: words first, a model when it is sure, else a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from robot.domain.incoming import MailKind, Route
from robot.domain.reported import FoundBy
from robot.errors import TransitionError
from robot.flow.run import run_once
from robot.flow.topics import MailTopics
from tests.support.flow_world import FlowWorld
from tests.support.inbox import came_in

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
WORDS = {"spærret": "creditor-blocked", "moms": "vat-amount-wrong", "rykker": "due-date-passed"}


def words(text: str) -> tuple[str, ...]:
    return tuple(code for word, code in WORDS.items() if word in text)


class Guesses:
    """A model that always says the same."""

    def __init__(self, *guesses: tuple[str, float]) -> None:
        self.guesses = list(guesses)

    def guess(self, text: str, /) -> list[tuple[str, float]]:
        del text
        return self.guesses


@pytest.fixture
def world(tmp_path: Path) -> Iterator[FlowWorld]:
    made = FlowWorld(tmp_path)
    yield made
    made.store.close()


def run(world: FlowWorld, topics: MailTopics) -> None:
    from robot.flow.context import RunOptions  # noqa: PLC0415

    run_once(replace(world.ports, topics=topics), RunOptions(owner="test"))


class TestOpinion:
    def test_words_that_speak_of_one_type_decide(self) -> None:
        topics = MailTopics(words=words, model=Guesses(("other", 1.0)))
        topic = topics.opinion("Kreditor", "Den er spærret").topic
        assert topic is not None
        assert (topic.code, topic.found_by) == ("creditor-blocked", FoundBy.RULE)

    def test_the_model_decides_among_several(self) -> None:
        model = Guesses(("other", 0.9), ("vat-amount-wrong", 0.85), ("creditor-blocked", 0.1))
        topic = MailTopics(words=words, model=model).opinion("", "spærret moms").topic
        assert topic is not None
        assert (topic.code, topic.found_by) == ("vat-amount-wrong", FoundBy.MODEL)

    @pytest.mark.parametrize(("sure", "named"), [(0.79, False), (0.8, True)])
    def test_below_the_stated_confidence_it_only_suggests(self, sure: float, named: bool) -> None:
        opinion = MailTopics(words=words, model=Guesses(("receipt-missing", sure))).opinion("", "")
        assert (opinion.topic is not None) is named
        assert named or [topic.code for topic in opinion.suggestions] == ["receipt-missing"]

    def test_without_a_model_several_types_are_suggested_alike(self) -> None:
        opinion = MailTopics(words=words).opinion("spærret", "moms")
        assert opinion.topic is None
        assert [(t.code, t.confidence) for t in opinion.suggestions] == [
            ("creditor-blocked", 0.5),
            ("vat-amount-wrong", 0.5),
        ]


class TestNaming:
    def test_a_run_names_what_it_is_sure_of(self, world: FlowWorld) -> None:
        sure = came_in(world.store, 1, AT, text="Hvorfor er den spærret?")
        unsure = came_in(world.store, 2, AT, text="Hvad nu?")
        run(world, MailTopics(words=words))
        assert world.store.reported.counts() == {"creditor-blocked": 1}
        assert set(world.store.reported.of([sure, unsure])) == {sure}
        assert [mail.id for mail in world.store.reported.unnamed(after=0, limit=9)] == [unsure]

    @pytest.mark.parametrize(
        "result",
        [
            {"route": Route.QUARANTINE},
            {"route": Route.CASE, "kind": MailKind.REPLY, "cases": ()},
            {"kind": MailKind.AUTO_REPLY, "route": Route.NOTED},
            {"kind": MailKind.BULK, "route": Route.PARKED},
        ],
        ids=str,
    )
    def test_only_customers_own_mails_are_named(
        self, world: FlowWorld, result: dict[str, object]
    ) -> None:
        came_in(world.store, 1, AT, text="spærret", **result)
        run(world, MailTopics(words=words))
        assert world.store.reported.counts() == {}

    def test_naming_again_changes_nothing(self, world: FlowWorld) -> None:
        came_in(world.store, 1, AT, text="spærret")
        for _ in range(2):
            run(world, MailTopics(words=words))
        acts = [row for row in world.store.trail.rows() if row.act == "mail-named"]
        assert [row.detail["by"] for row in acts] == ["rule"]

    def test_a_persons_word_stands(self, world: FlowWorld) -> None:
        mail = came_in(world.store, 1, AT, text="spærret")
        run(world, MailTopics(words=words))
        with world.store.writing(actor="anna") as unit:
            unit.reported.name(mail, code="other", found_by=FoundBy.PERSON, confidence=1)
        with pytest.raises(TransitionError), world.store.writing(actor="robot") as unit:
            unit.reported.name(mail, code="fik-invalid", found_by=FoundBy.MODEL, confidence=1)
        named = world.store.reported.of([mail])[mail]
        assert (named.code, named.found_by, named.decided_by) == ("other", FoundBy.PERSON, "anna")
        assert [code for _, code in world.store.reported.named_by_persons()] == ["other"]

    def test_counts_begin_on_a_day(self, world: FlowWorld) -> None:
        came_in(world.store, 1, AT - timedelta(days=40), text="spærret")
        came_in(world.store, 2, AT, text="moms")
        run(world, MailTopics(words=words))
        assert world.store.reported.counts(AT) == {"vat-amount-wrong": 1}

    def test_more_than_a_page_is_named(self, world: FlowWorld) -> None:
        for number in range(1, 104):
            came_in(world.store, number, AT, text="moms" if number > 101 else "?")
        run(world, MailTopics(words=words))
        assert world.store.reported.counts() == {"vat-amount-wrong": 2}
