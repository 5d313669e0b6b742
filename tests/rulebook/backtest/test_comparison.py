"""What changed rules would have decided otherwise, in numbers that can be counted by hand."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from robot.adapters.history.reader import HistoryReader
from robot.checks.catalogue import CATALOGUE
from robot.domain.decision import Outcome
from robot.domain.fields import UNKNOWN
from robot.domain.money import Money
from robot.flow.history_port import Aftermath, PastDecision
from robot.flow.past import Narrowing
from robot.rulebook.backtest.comparison import Comparison, Tally
from robot.rulebook.backtest.concern import Concern
from robot.rulebook.backtest.preparing import out_of_force, prepare, sheets_untried
from robot.rulebook.backtest.work import CompareParts
from robot.rulebook.loader import load
from tests.rulebook.backtest.world import CREDITOR, PARAMETERS, POST, REFERENCE, Past, rules
from tests.rulebook.world import CUSTOMER, document
from tests.rulebook.world import standard as standard_of
from tests.support.history import keep, past

HOLD, POSTED, BOUNCE = Outcome.HOLD, Outcome.POST, Outcome.BOUNCE
HIGHER = CUSTOMER + "set: {small.limit: 2000 DKK}\n"


def invoice(key: str, kroner: int, **values: object) -> PastDecision:
    given = {
        "invoice__total": Money(Decimal(kroner), "DKK"),
        "invoice__number": key,
        "supplier__name": "Papir A/S",
        "order__reference": "12345678",
        "creditor__known": True,
    }
    changes: dict[str, Any] = {
        name: values.pop(name) for name in ("customer", "decided_on") if name in values
    }
    return past(key, document(**{**given, **values}), amount_dkk=Decimal(kroner), **changes)


@pytest.fixture(name="four")
def _four(tmp_path: Path) -> Past:
    """One is posted either way, two only by the higher limit, one by neither."""
    return Past(
        tmp_path,
        [invoice("k1", 900), invoice("k2", 1500), invoice("k3", 2000), invoice("k4", 2001)],
        [("k2", Aftermath.BOUNCED_BY_CLERK), ("k3", Aftermath.POSTED_BY_CLERK)],
    )


def test_the_matrix_counts_documents_and_kroner(four: Past) -> None:
    total = four.compared(rules(), rules(customer=HIGHER))
    assert total.documents == 4
    assert total.matrix == {
        ("99001", POSTED, POSTED): Tally(1, 900_00),
        ("99001", HOLD, POSTED): Tally(2, 3500_00),
        ("99001", HOLD, HOLD): Tally(1, 2001_00),
    }
    assert total.newly_posted == total.changed == Tally(2, 3500_00)


def test_what_was_found_wrong_later_comes_first(four: Past) -> None:
    total = four.compared(rules(), rules(customer=HIGHER))
    assert total.concerns == {
        Concern.REGRETTED_POST: Tally(1, 1500_00),
        Concern.CONFIRMED_POST: Tally(1, 2000_00),
    }
    assert [change.document.document_key for change in total.changes] == ["k2", "k3"]


def test_a_change_names_document_findings_and_the_rule_that_made_it(four: Past) -> None:
    change = four.compared(rules(), rules(customer=HIGHER)).changes[0]
    assert (change.old, change.new) == (HOLD, POSTED)
    assert change.rules == ("post-small",)
    assert change.old_codes == ("outside-criteria",)
    assert change.document.supplier == "Papir A/S"
    assert change.document.aftermath is Aftermath.BOUNCED_BY_CLERK


def test_error_types_that_go_and_come_are_counted(tmp_path: Path) -> None:
    world = Past(tmp_path, [invoice("k1", 10, creditor__known=False), invoice("k2", 10)])
    total = world.compared(rules(POST, CREDITOR), rules(POST, CREDITOR.replace("no}", "yes}")))
    assert total.codes == {
        ("creditor-unknown", "gone"): Tally(1, 10_00),
        ("creditor-unknown", "new"): Tally(1, 10_00),
    }
    assert total.rules == {
        ("creditor-exists", HOLD, POSTED): Tally(1, 10_00),
        ("creditor-exists", POSTED, HOLD): Tally(1, 10_00),
    }


def test_what_is_rightly_stopped_is_told_from_what_is_lost(tmp_path: Path) -> None:
    world = Past(
        tmp_path,
        [invoice("k1", 900), invoice("k2", 900)],
        [("k1", Aftermath.REVERSED)],
    )
    total = world.compared(rules(), rules(customer=CUSTOMER + "set: {small.limit: 1 DKK}\n"))
    assert total.concerns == {
        Concern.RIGHTLY_STOPPED: Tally(1, 900_00),
        Concern.NO_LONGER_POSTED: Tally(1, 900_00),
    }


def test_the_same_outcome_for_other_reasons_is_no_change_but_is_said(tmp_path: Path) -> None:
    world = Past(tmp_path, [invoice("k1", 10, creditor__known=False, invoice__number=None)])
    total = world.compared(rules(POST, CREDITOR), rules(POST, CREDITOR, REFERENCE))
    assert total.changed == Tally()
    assert total.other_reasons == Tally(1, 10_00)


def test_rules_that_are_only_moved_and_worded_otherwise_change_nothing(four: Past) -> None:
    moved = rules(REFERENCE, CREDITOR, POST.replace("post:", "why: andre ord\n    post:"))
    total = four.compared(rules(), moved)
    assert total.changed == Tally()
    assert set(total.matrix) == {("99001", POSTED, POSTED), ("99001", HOLD, HOLD)}


def test_an_amount_that_is_not_known_in_kroner_counts_as_a_document_of_nothing(
    tmp_path: Path,
) -> None:
    values = document(order__reference="1", invoice__total=Money(Decimal(1), "DKK"))
    world = Past(tmp_path, [past("k1", values, amount_dkk=None)])
    total = world.compared(rules(POST), rules(POST.replace("post-small", "other")))
    assert total.matrix == {("99001", POSTED, POSTED): Tally(1, 0)}


def test_documents_of_a_customer_without_rules_are_held(tmp_path: Path) -> None:
    world = Past(tmp_path, [invoice("k1", 10, customer="99999"), invoice("k2", 10, customer="")])
    total = world.compared(rules(), rules())
    assert set(total.matrix) == {("99999", HOLD, HOLD), ("", HOLD, HOLD)}


def test_each_decision_keeps_its_own_day(tmp_path: Path) -> None:
    recent = "id: recent\npost:\nwhen: {invoice.issue_date: {within_days: last 10}}"
    days = [date(2026, 11, 20), date(2026, 11, 30)]
    issued = date(2026, 11, 15)
    world = Past(
        tmp_path,
        [
            invoice(f"k{n}", 10, decided_on=day, invoice__issue_date=issued)
            for n, day in enumerate(days)
        ],
    )
    total = world.compared(rules(recent), rules(recent))
    assert set(total.matrix) == {("99001", POSTED, POSTED), ("99001", HOLD, HOLD)}


def test_a_rule_that_begins_later_is_tried_as_of_that_day(four: Past) -> None:
    later = rules(
        POST,
        REFERENCE + "    from: 2027-01-01\n",
        CREDITOR.replace("no}", "yes}\n    from: 2027-01-01"),
    )
    before = rules(POST, REFERENCE)
    assert four.compared(before, later).changed == Tally()
    assert four.compared(before, later, as_of=date(2027, 1, 1)).changed.documents == 1
    told = [str(it) for it in out_of_force(before, later, "2026-11")]
    assert any("creditor-exists counts from 2027-01-01 on" in text for text in told)


def test_fields_that_were_not_recorded_are_named(tmp_path: Path) -> None:
    world = Past(tmp_path, [past("k1", {"invoice.total": Money(Decimal(1), "DKK")})])
    total = world.compared(rules(POST), rules(POST))
    assert total.not_recorded["order.reference"] == 1
    assert "invoice.total" not in total.not_recorded
    assert set(total.matrix) == {("99001", HOLD, HOLD)}


def test_a_past_that_does_not_replay_is_noticed(tmp_path: Path) -> None:
    old = rules()
    ruleset = old.effective("eksempel").hash
    decisions = [
        past("k1", invoice("k1", 10).values, ruleset=ruleset, outcome=POSTED),
        past("k2", invoice("k2", 10).values, ruleset=ruleset, outcome=HOLD),
    ]
    assert Past(tmp_path, decisions).compared(old, rules(customer=HIGHER)).not_replayed == 1


def test_parts_add_up_to_the_whole(tmp_path: Path) -> None:
    decisions = [invoice(f"k{n}", n * 300) for n in range(1, 9)]
    whole = Past(tmp_path / "whole", decisions).compared(rules(), rules(customer=HIGHER))
    sum_of_parts = Comparison()
    for half in (decisions[:3], decisions[3:]):
        folder = tmp_path / half[0].document_key
        sum_of_parts.take_in(Past(folder, half).compared(rules(), rules(customer=HIGHER)), 100)
    assert sum_of_parts == whole


def test_only_the_most_pressing_changes_are_kept(four: Past) -> None:
    total = four.compared(rules(), rules(customer=HIGHER))
    kept = Comparison()
    kept.take_in(total, 1)
    assert [change.document.document_key for change in kept.changes] == ["k2"]
    assert kept.changed.documents == 2


def test_the_work_can_be_sent_to_another_process(four: Past) -> None:
    work = CompareParts(four.reader, Narrowing(), prepare(rules(), rules(customer=HIGHER)))
    (part,) = four.reader.parts(Narrowing())
    sent = pickle.loads(pickle.dumps(work))  # noqa: S301 - our own
    assert sent(part) == work(part)


def test_the_shipped_rules_can_be_sent_too(tmp_path: Path) -> None:
    shipped = load(Path("rules"), CATALOGUE)
    keep(tmp_path, [past("k1", {"lines": ()}), past("k2", {"lines": ()}, customer="99002")])
    reader = HistoryReader(tmp_path, CATALOGUE)
    (part,) = reader.parts(Narrowing())
    work = CompareParts(reader, Narrowing(), prepare(shipped, shipped))
    sent = pickle.loads(pickle.dumps(work))  # noqa: S301 - our own
    assert sent(part) == work(part)


def test_what_is_not_known_never_posts_in_the_past_either(tmp_path: Path) -> None:
    world = Past(tmp_path, [invoice("k1", 10, order__reference=UNKNOWN)])
    assert set(world.compared(rules(POST), rules(POST)).matrix) == {("99001", HOLD, HOLD)}


SHEETS = """
repostings:
  - {id: post-sheets, post: , when: {posting.period_open: yes}}
"""
OWN = (
    "repostings: [{id: large, hold: creditor-unknown, when: {invoice.total: {above: 500 DKK}}}]\n"
)


class TestRepostings:
    """Each document by the rules for its kind."""

    def test_a_changed_rule_for_sheets_changes_sheets_alone(self, tmp_path: Path) -> None:
        sheet = {"invoice__kind": "reposting", "posting__period_open": True}
        world = Past(
            tmp_path,
            [
                invoice("s1", 600, **sheet),
                invoice("k1", 600, posting__period_open=True),
                invoice("s2", 500, **sheet),
                invoice("s3", 900, **sheet, customer="99009"),
            ],
        )
        standard = {"standard.yaml": PARAMETERS + standard_of(POST) + SHEETS}
        total = world.compared(rules(**standard), rules(**standard, customer=CUSTOMER + OWN))
        assert (total.documents, total.repostings) == (4, 3)
        assert [(it.document.document_key, it.new, it.rules) for it in total.changes] == [
            ("s1", HOLD, ("large",))
        ]
        assert total.matrix["99001", POSTED, POSTED] == Tally(2, 1100_00)

    def test_rules_for_sheets_without_a_sheet_to_try_are_told(self, tmp_path: Path) -> None:
        world = Past(tmp_path, [invoice("k1", 600)])
        old, new = rules(), rules(customer=CUSTOMER + OWN)
        total = world.compared(old, new)
        assert total.changed.documents == 0
        assert sheets_untried(prepare(old, new), total)
        assert not sheets_untried(prepare(old, old), total)
