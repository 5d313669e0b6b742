"""Who sees what of a case, and the acts on cases and shared mailboxes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.links import CaseLinks
from robot.adapters.store.engine import open_engine
from robot.adapters.store.store import SqlStore
from robot.domain.case import CaseMarks, CaseStatus, EntryKind, PartyKind, PartyOrigin, Visibility
from robot.errors import ActError
from robot.flow.case_port import LinkTrouble
from robot.flow.case_records import CaseEntry, CaseRow, NewEntry
from robot.flow.case_view import CaseReport, case_report
from robot.flow.cases import (
    CaseClerk,
    CaseReader,
    Wanted,
    share_with,
)
from robot.flow.mailboxes import MailboxClerk, SharedMailboxes
from tests.support.cases import ANNE, ARCHIVE, BO, CARLA, CUSTOMERS, MUSEUM, SHARED, bounce, post
from tests.support.fakes import SetClock
from tests.support.recorded import a_core

CASE = "SAM-2026-000001"


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(open_engine(f"sqlite:///{tmp_path / 'robot.db'}"), SetClock())
    bounce(store, "A")
    bounce(store, "B")
    yield store
    store.close()


@pytest.fixture(name="reader")
def _reader(store: SqlStore) -> CaseReader:
    return CaseReader(store=store, customers=CUSTOMERS)


@pytest.fixture(name="clerk")
def _clerk(reader: CaseReader) -> CaseClerk:
    return CaseClerk(reader=reader, name="kim")


@pytest.fixture(name="mailboxes")
def _mailboxes(store: SqlStore) -> MailboxClerk:
    return MailboxClerk(store=store, customers=CUSTOMERS, name="kim")


def tell(store: SqlStore, *recipients: str, number: str = CASE) -> None:
    with store.writing(actor="robot") as unit:
        boxes = SharedMailboxes.of(store.cases, CUSTOMERS)
        share_with(unit.cases, boxes, [number], recipients, PartyOrigin.NOTICE)
        unit.cases.told([a_core("A").document_key])


def reply(store: SqlStore, sender: str, on_behalf: str = "") -> None:
    with store.writing(actor="robot") as unit:
        boxes = SharedMailboxes.of(store.cases, CUSTOMERS)
        wrote = filter(None, (sender, on_behalf))
        share_with(unit.cases, boxes, [CASE], wrote, PartyOrigin.REPLY)


def test_a_case_told_to_a_shared_mailbox_is_seen_by_all_its_members(
    store: SqlStore, reader: CaseReader
) -> None:
    tell(store, "Regnskab@museum.example.test")
    assert [reader.visible_to(who) for who in (SHARED, ANNE, BO, CARLA)] == [
        [CASE],
        [CASE],
        [CASE],
        [],
    ]
    assert set(reader.viewers(CASE)) == {SHARED, ANNE, BO}


def test_a_case_told_to_a_person_is_seen_by_that_person_alone(
    store: SqlStore, reader: CaseReader
) -> None:
    tell(store, ANNE)
    assert reader.visible_to(ANNE.upper()) == [CASE]
    assert reader.visible_to(BO) == []


def test_a_reply_from_a_personal_address_shares_the_case_with_nobody_else(
    store: SqlStore, reader: CaseReader
) -> None:
    reply(store, CARLA)
    assert reader.viewers(CASE) == (CARLA,)


def test_a_reply_from_a_shared_mailbox_shares_the_case_with_its_members(
    store: SqlStore, reader: CaseReader
) -> None:
    reply(store, SHARED, CARLA)
    assert set(reader.viewers(CASE)) == {SHARED, ANNE, BO, CARLA}


def test_a_case_can_be_shared_by_hand_and_taken_back(
    clerk: CaseClerk, reader: CaseReader, store: SqlStore
) -> None:
    clerk.share(CASE.lower(), CARLA)
    assert reader.visible_to(CARLA) == [CASE]
    with pytest.raises(ActError, match="already"):
        clerk.share(CASE, CARLA)
    clerk.unshare(CASE, CARLA)
    assert reader.visible_to(CARLA) == []
    with pytest.raises(ActError, match="no party"):
        clerk.unshare(CASE, CARLA)
    done = [(row.actor, row.act) for row in store.trail.rows() if row.act.startswith("case-")]
    assert ("kim", "case-shared") in done
    assert ("kim", "case-unshared") in done


@pytest.mark.parametrize("stranger", ["x@other.example.test", "bilag@arkiv.example.test", "anne"])
def test_a_case_is_shared_with_nobody_outside_the_customer(
    clerk: CaseClerk, reader: CaseReader, stranger: str
) -> None:
    with pytest.raises(ActError):
        clerk.share(CASE, stranger)
    assert reader.viewers(CASE) == ()


def test_who_joins_a_mailbox_sees_its_earlier_cases_and_who_leaves_sees_none(
    store: SqlStore, reader: CaseReader, mailboxes: MailboxClerk
) -> None:
    tell(store, SHARED)
    assert mailboxes.add(SHARED, CARLA).members == (ANNE, BO, CARLA)
    assert mailboxes.remove(SHARED, ANNE).members == (BO, CARLA)
    assert reader.visible_to(CARLA) == [CASE]
    assert reader.visible_to(ANNE) == []


def test_a_closed_mailbox_shows_cases_to_nobody_and_is_told_nothing(
    store: SqlStore, reader: CaseReader, mailboxes: MailboxClerk
) -> None:
    new = "faktura@museum.example.test"
    mailboxes.create(new, "99001", [CARLA])
    tell(store, new)
    assert reader.visible_to(CARLA) == [CASE]
    mailboxes.close(new)
    assert [reader.visible_to(who) for who in (CARLA, new)] == [[], []]
    assert reader.viewers(CASE) == ()
    assert mailboxes.create(new, "99001").members == ()


def test_the_last_mailbox_that_a_customer_is_told_by_can_not_be_closed(
    store: SqlStore, mailboxes: MailboxClerk
) -> None:
    with pytest.raises(ActError, match="only mailbox"):
        mailboxes.close(SHARED)
    second = replace(MUSEUM, mailboxes=(*MUSEUM.mailboxes, *ARCHIVE.mailboxes))
    clerk = MailboxClerk(store=store, customers=(second,), name="kim")
    clerk.close(SHARED)
    told = SharedMailboxes.of(store.cases, (second,)).without_closed(second)
    assert [box.address for box in told.mailboxes] == [
        "chef@museum.example.test",
        "bilag@arkiv.example.test",
    ]


def test_an_act_on_a_mailbox_that_is_not_possible_says_why(mailboxes: MailboxClerk) -> None:
    acts: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: mailboxes.create(SHARED, "99001"), "already"),
        (lambda: mailboxes.create("ny@museum.example.test", "99009"), "no customer"),
        (lambda: mailboxes.create("ny@arkiv.example.test", "99001"), "no mail domain"),
        (lambda: mailboxes.create("bilag@arkiv.example.test", "99001"), "belongs to"),
        (lambda: mailboxes.add(SHARED, ANNE), "access already"),
        (lambda: mailboxes.add(SHARED, SHARED), "itself"),
        (lambda: mailboxes.add("ny@museum.example.test", ANNE), "no shared mailbox"),
        (lambda: mailboxes.remove(SHARED, CARLA), "no access"),
    )
    for act, words in acts:
        with pytest.raises(ActError, match=words):
            act()
    assert [box.address for box in mailboxes.listing("99001")] == [SHARED]


entries = st.lists(
    st.builds(
        CaseEntry,
        id=st.integers(1, 9),
        case_number=st.just(CASE),
        at=st.just(SetClock().now()),
        author=st.sampled_from(["kim", ANNE, "robot"]),
        kind=st.sampled_from(EntryKind),
        visibility=st.sampled_from(Visibility),
        text=st.from_regex("[a-z]{5}", fullmatch=True),
        message_id=st.none(),
    )
)


@given(entries)
def test_internal_words_never_leave(said: list[CaseEntry]) -> None:
    case = CaseRow(number=CASE, customer="99001", marks=CaseMarks(opened_at=SetClock().now()))
    shown = case_report(case, [], said).entries
    external = [it for it in said if it.visibility is Visibility.EXTERNAL]
    assert [(it.kind, it.text) for it in shown] == [(it.kind, it.text) for it in external]
    assert not [it for it in shown if it.author == "kim"]


def test_a_note_is_for_the_centre_and_an_answer_for_all_parties(
    clerk: CaseClerk, reader: CaseReader
) -> None:
    clerk.note(CASE, "budget is a mess")
    clerk.answer(CASE, "Vi ser på det")
    clerk.close(CASE, "they gave up")
    clerk.reopen(CASE, "they came back")
    shown = repr(reader.report(CASE))
    assert "Vi ser på det" in shown
    for internal in ("mess", "gave up", "came back", "kim"):
        assert internal not in shown
    assert [it.text for it in reader.view(CASE).entries if it.kind is EntryKind.NOTE] == [
        "budget is a mess",
        "they gave up",
        "they came back",
    ]


def test_a_confidential_document_shows_its_number_and_no_more(
    store: SqlStore, reader: CaseReader
) -> None:
    core = a_core("A")
    documents = [replace(document, confidential=True) for document in store.cases.documents(CASE)]
    shown = case_report(store.cases.get(CASE), documents, [])
    assert core.number in repr(shown)
    for word in (core.supplier, "1250"):
        assert word in repr(reader.report(CASE))
        assert word not in repr(shown)


def test_acts_that_are_not_possible_say_why(clerk: CaseClerk) -> None:
    acts: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: clerk.close("SAM-2026-999999", "x"), "no case"),
        (lambda: clerk.close(CASE, " "), "reason"),
        (lambda: clerk.reopen(CASE, "x"), "not closed"),
        (lambda: clerk.note(CASE, ""), "text"),
    )
    for act, words in acts:
        with pytest.raises(ActError, match=words):
            act()
    clerk.close(CASE, "agreed")
    with pytest.raises(ActError, match="closed already"):
        clerk.close(CASE, "agreed")


def test_a_listing_narrows_by_status_and_by_who_sees_it(
    store: SqlStore, reader: CaseReader, clerk: CaseClerk
) -> None:
    tell(store, SHARED)

    def listed(wanted: Wanted) -> list[str]:
        return [line.case.number for line in reader.listing(wanted)]

    other = "SAM-2026-000002"
    assert listed(Wanted()) == [CASE, other]
    assert listed(Wanted(status=CaseStatus.WAITING_CUSTOMER)) == [CASE]
    assert listed(Wanted(address=BO)) == [CASE]
    assert listed(Wanted(address=CARLA)) == []
    clerk.close(other, "agreed")
    assert listed(Wanted(open_only=True)) == [CASE]
    post(store, "A")
    assert listed(Wanted(status=CaseStatus.POSTED)) == [CASE]


def test_what_a_customer_said_is_shown_while_it_waits_for_the_customer(
    store: SqlStore, reader: CaseReader
) -> None:
    tell(store, SHARED)
    with store.writing(actor="robot") as unit:
        unit.cases.note_fixed(CASE)
    report = reader.report(CASE)
    assert report.standing.status is CaseStatus.WAITING_CUSTOMER
    assert report.said_fixed_at is not None
    post(store, "A")
    assert reader.report(CASE).said_fixed_at is None


def test_a_link_opens_its_case_until_its_receiver_is_taken_off(
    store: SqlStore, reader: CaseReader, clerk: CaseClerk, mailboxes: MailboxClerk
) -> None:
    links = CaseLinks([b"x" * 16], "https://s.example.test", timedelta(days=1), SetClock())
    tell(store, SHARED)
    clerk.share(CASE, CARLA)
    with store.writing(actor="kim") as unit:
        unit.cases.say(
            NewEntry(
                case_number=CASE,
                author="kim",
                kind=EntryKind.NOTE,
                visibility=Visibility.INTERNAL,
                text="between us",
            )
        )
    opened = reader.open_link(links, links.token(CASE, ANNE))
    assert isinstance(opened, CaseReport)
    assert "between us" not in repr(opened)
    by_hand = links.token(CASE, CARLA)
    assert isinstance(reader.open_link(links, by_hand), CaseReport)

    clerk.unshare(CASE, CARLA)
    mailboxes.remove(SHARED, ANNE)

    assert reader.open_link(links, by_hand) is LinkTrouble.WITHDRAWN
    assert reader.open_link(links, links.token(CASE, ANNE)) is LinkTrouble.WITHDRAWN
    assert reader.open_link(links, "x") is LinkTrouble.ALTERED


def test_a_party_of_one_case_does_not_see_another(store: SqlStore, reader: CaseReader) -> None:
    with store.writing(actor="kim") as unit:
        unit.cases.add_party(CASE, ANNE, kind=PartyKind.PERSON, origin=PartyOrigin.REPLY)
    assert reader.may_see(ANNE, CASE)
    assert not reader.may_see(ANNE, "SAM-2026-000002")
