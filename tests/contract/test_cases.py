"""One contract for cases in the store, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from robot.adapters.store.store import SqlStore
from robot.domain.case import CaseStatus, EntryKind, PartyKind, PartyOrigin, Visibility
from robot.domain.state import State
from robot.errors import TransitionError
from robot.flow.case_records import CaseFilter, FixBy, NewEntry
from robot.flow.cases import CaseReader, Wanted
from robot.flow.records import DocumentFilter
from tests.contract.store_places import ENGINES, StorePlaces, store_places_in
from tests.support.cases import ANNE, SHARED, bounce, post
from tests.support.fakes import found
from tests.support.recorded import DECISION, a_core

ONE, TWO = "1" * 64, "2" * 64
FIRST = "SAM-2026-000001"


@pytest.fixture(name="places", scope="module")
def _places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorePlaces]:
    with store_places_in(tmp_path_factory.mktemp("stores")) as places:
        yield places


@pytest.fixture(name="store", params=ENGINES)
def _store(request: pytest.FixtureRequest, places: StorePlaces) -> Iterator[SqlStore]:
    with places.fresh(request.param) as place:
        yield place.robot()


def key(source_id: str) -> str:
    return a_core(source_id).document_key


def an_entry(text: str, visibility: Visibility = Visibility.EXTERNAL, **values: str) -> NewEntry:
    return NewEntry(
        case_number=FIRST,
        author=values.get("author", ANNE),
        kind=EntryKind(values.get("kind", "comment")),
        visibility=visibility,
        text=text,
        message_id=values.get("message_id"),
    )


def acts(store: SqlStore) -> list[str]:
    return [row.act for row in store.trail.rows()]


def test_documents_with_one_cause_share_a_case(store: SqlStore) -> None:
    numbers = bounce(store, "A", "B", "C", "D", causes=(ONE, ONE, TWO))
    later = bounce(store, "E", causes=(ONE,))
    other = bounce(store, "F", causes=(ONE,), customer="99002")
    assert numbers == [FIRST, FIRST, "SAM-2026-000002", "SAM-2026-000003"]
    assert later == [FIRST]
    assert other == ["SAM-2026-000004"]
    assert [it.source_id for it in store.cases.documents(FIRST)] == ["A", "B", "E"]
    assert store.cases.of_documents([key("B"), key("C"), key("X")]) == {
        key("B"): FIRST,
        key("C"): "SAM-2026-000002",
    }
    listed = store.documents.listing(DocumentFilter(reference=FIRST))
    assert [row.core.source_id for row in listed] == ["A", "B", "E"]


def test_a_closed_case_takes_no_new_documents_in(store: SqlStore) -> None:
    bounce(store, "A", causes=(ONE,))
    with store.writing(actor="kim") as unit:
        assert unit.cases.close(FIRST, why="agreed by telephone")
    assert bounce(store, "B", causes=(ONE,)) == ["SAM-2026-000002"]


def test_a_document_that_bounces_again_opens_its_own_case_again(store: SqlStore) -> None:
    bounce(store, "A", "B", causes=(ONE, ONE))
    with store.writing(actor="robot") as unit:
        unit.cases.fix_by(
            [FixBy(document_key=key("A"), day=date(2026, 11, 26), reason="deadline")]
        )
        unit.cases.told([key("A"), key("B")])
        unit.cases.reminded([key("A")], date(2026, 11, 25))
        unit.cases.wait_until(FIRST, date(2026, 12, 1))
        unit.cases.note_fixed(FIRST)
        unit.cases.close(FIRST, why="")
    assert bounce(store, "A", version="v2", causes=(TWO,)) == [FIRST]
    again, other = sorted(store.cases.documents(FIRST), key=lambda it: it.source_id)
    assert (again.version, again.told_at, again.fix_by, again.reminders) == ("v2", None, None, 0)
    assert other.told_at is not None
    marks = store.cases.get(FIRST).marks
    assert (marks.closed_at, marks.waits_until, marks.said_fixed_at) == (None, None, None)
    assert EntryKind.REOPENED in [it.kind for it in store.cases.entries(FIRST, internal=False)]


def test_every_bounced_document_of_a_shared_case_counts_as_open(store: SqlStore) -> None:
    bounce(store, "A", "B", causes=(ONE, ONE))
    assert {row.case_number for row in store.documents.listing(DocumentFilter())} == {FIRST}
    assert store.documents.count_open_cases() == {"99001": 2}


def test_what_is_internal_is_read_by_the_centre_only(store: SqlStore) -> None:
    bounce(store, "A")
    with store.writing(actor="kim") as unit:
        unit.cases.say(an_entry("the customer's budget is a mess", Visibility.INTERNAL))
        unit.cases.say(an_entry("hej"))
    assert [it.text for it in store.cases.entries(FIRST, internal=False)] == ["hej"]
    assert len(store.cases.entries(FIRST, internal=True)) == 2
    assert "mess" not in str([row.detail for row in store.trail.rows()])
    assert acts(store).count("case-entry") == 2


def test_a_question_stays_open_until_the_centre_answers(store: SqlStore) -> None:
    bounce(store, "A")
    with store.writing(actor="robot") as unit:
        unit.cases.say(an_entry("hvorfor?"))
    assert store.cases.get(FIRST).marks.asked_at is not None
    with store.writing(actor="kim") as unit:
        unit.cases.say(an_entry("ringet", Visibility.INTERNAL, author="kim", kind="note"))
    assert store.cases.get(FIRST).marks.asked_at is None


def test_who_is_taken_off_a_case_sees_it_no_more_and_can_come_back(store: SqlStore) -> None:
    bounce(store, "A", "B")

    def add() -> bool:
        with store.writing(actor="kim") as unit:
            return unit.cases.add_party(
                FIRST, ANNE.upper(), kind=PartyKind.PERSON, origin=PartyOrigin.SHARED
            )

    assert (add(), add()) == (True, False)
    assert store.cases.visible_to([ANNE]) == [FIRST]
    with store.writing(actor="kim") as unit:
        assert unit.cases.remove_party(FIRST, ANNE)
        assert not unit.cases.remove_party(FIRST, ANNE)
    assert store.cases.visible_to([ANNE]) == []
    assert store.cases.parties(FIRST) == []
    assert add()
    assert [it.address for it in store.cases.parties(FIRST)] == [ANNE]
    assert [act for act in acts(store) if act.startswith("case-")] == [
        "case-shared",
        "case-unshared",
        "case-shared",
    ]


def test_a_message_id_leads_to_the_cases_that_its_mail_refers_to(store: SqlStore) -> None:
    bounce(store, "A")
    with store.writing(actor="robot") as unit:
        unit.cases.say(an_entry("hej", message_id="<one@museum.example.test>"))
        unit.cases.say(an_entry("hej", message_id=f"<{'x' * 900}@museum.example.test>"))
    found_cases = store.cases.by_message_ids(["<one@museum.example.test>", "<two@x>"])
    assert found_cases == {"<one@museum.example.test>": (FIRST,)}


def test_reminders_are_due_for_what_was_told_and_is_still_bounced(store: SqlStore) -> None:
    bounce(store, "A", "B", "C", "D")
    keys = [key(name) for name in "ABC"]
    with store.writing(actor="robot") as unit:
        unit.cases.fix_by(
            [FixBy(document_key=it, day=date(2026, 11, 26), reason="deadline") for it in keys]
        )
        unit.cases.told(keys)
        unit.cases.not_told([key("C")])
    post(store, "B")
    assert store.cases.due(date(2026, 11, 25)) == []
    (due,) = store.cases.due(date(2026, 11, 26))
    assert (due.document.source_id, due.case.number) == ("A", FIRST)
    (closing,) = store.cases.to_close()
    assert (closing.document.source_id, closing.document.state) == ("B", State.POSTED)
    with store.writing(actor="robot") as unit:
        unit.cases.closing_written([key("B")])
        unit.cases.close(FIRST, why="")
    assert store.cases.to_close() == []
    assert store.cases.due(date(2026, 12, 31)) == []


def test_the_clock_of_a_customer_who_was_told_is_not_set_back(store: SqlStore) -> None:
    bounce(store, "A")
    with store.writing(actor="robot") as unit:
        unit.cases.told([key("A")])
    (before,) = store.cases.documents(FIRST)
    store._clock.instant = store._clock.now().replace(hour=20)  # type: ignore[attr-defined]
    with store.writing(actor="robot") as unit:
        unit.cases.told([key("A")])
    assert store.cases.documents(FIRST)[0].told_at == before.told_at


def test_causes_are_read_with_the_decision_that_stands(store: SqlStore) -> None:
    decision = replace(DECISION, findings=(found("creditor-blocked", "alle"),))
    bounce(store, "A", decision=decision)
    (row,) = store.documents.listing(DocumentFilter())
    (cause,) = store.cases.causes([row.id])
    assert (cause.customer, cause.creditor) == ("99001", "Rengøring Øst A/S")
    assert [it.code for it in cause.findings] == ["creditor-blocked"]


def test_cases_are_listed_by_customer_and_number(store: SqlStore) -> None:
    bounce(store, "A", "B")
    bounce(store, "C", customer="99002")

    def listed(which: CaseFilter) -> list[str]:
        return [row.number for row in store.cases.listing(which)]

    assert len(listed(CaseFilter())) == 3
    assert listed(CaseFilter(customer="99002")) == ["SAM-2026-000003"]
    assert listed(CaseFilter(numbers=frozenset({FIRST}))) == [FIRST]
    with store.writing(actor="kim") as unit:
        unit.cases.close(FIRST, why="")
    assert FIRST not in listed(CaseFilter(open_only=True))


def test_a_case_that_is_not_there_is_told_apart(store: SqlStore) -> None:
    with pytest.raises(KeyError):
        store.cases.get("SAM-2026-999999")
    with pytest.raises(TransitionError), store.writing(actor="robot") as unit:
        unit.cases.note_fixed("SAM-2026-999999")
    assert store.cases.documents_of(["SAM-2026-999999"]) == {"SAM-2026-999999": []}


def test_shared_mailboxes_are_created_closed_and_opened_again(store: SqlStore) -> None:
    def act(name: str) -> bool:
        with store.writing(actor="kim") as unit:
            return bool(getattr(unit.cases, f"{name}_mailbox")(SHARED.upper(), "99001"))

    assert [act("create"), act("create"), act("close"), act("close")] == [True, False, True, False]
    assert store.cases.mailboxes("99001")[0].closed_by == "kim"
    assert act("create")
    assert store.cases.mailboxes()[0].closed_at is None
    assert store.cases.mailboxes("99002") == []


def test_members_are_added_and_removed_also_those_that_only_the_rule_file_names(
    store: SqlStore,
) -> None:
    with store.writing(actor="kim") as unit:
        assert unit.cases.remove_member(SHARED, ANNE)
        assert not unit.cases.remove_member(SHARED, ANNE)
    assert [it.present for it in store.cases.members(SHARED)] == [False]
    with store.writing(actor="kim") as unit:
        assert unit.cases.add_member(SHARED, ANNE)
        assert not unit.cases.add_member(SHARED, ANNE)
    (change,) = store.cases.members()
    assert (change.mailbox, change.person, change.present, change.by) == (
        SHARED,
        ANNE,
        True,
        "kim",
    )
    assert store.trail.verify().problem == ""


def test_a_page_of_cases_has_what_the_listing_has_the_longest_waiting_first(
    store: SqlStore,
) -> None:
    bounce(store, "A", "B", causes=(ONE, ONE))
    bounce(store, "C", customer="99002")
    post(store, "C")
    with store.writing(actor="kim") as unit:
        unit.cases.close(FIRST, why="")
    reader = CaseReader(store=store, customers=[])
    listed = sorted(reader.listing(Wanted()), key=lambda it: (it.standing.since, it.case.number))
    pages = [reader.page(Wanted(), number=number, size=1) for number in (1, 2, 3)]
    assert [line for page in pages for line in page.rows] == listed
    assert [page.total for page in pages] == [2, 2, 2]
    mine = Wanted(customers=frozenset({"99001"}))
    assert [it.case.number for it in reader.page(mine, number=1, size=9).rows] == [FIRST]
    assert reader.page(Wanted(customers=frozenset()), number=1, size=9).total == 0
    posted = Wanted(status=CaseStatus.POSTED)
    assert [it.case.customer for it in reader.page(posted, number=1, size=9).rows] == ["99002"]
