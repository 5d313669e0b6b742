"""What becomes of posted documents: read from the vendor ledger and its applications."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from robot.adapters.navision.company import Companies
from robot.adapters.navision.database import Database
from robot.adapters.navision.payments import NavisionPayments
from robot.adapters.navision.small_navision import SmallNavision
from robot.flow.journey_port import LedgerPayment
from tests.adapters.navision.world import COMPANY, execute, order, rows

ENTRY = 'SELECT "Entry No_" FROM "{}$Vendor Ledger Entry" WHERE "Document No_" = \'{}\''
EXPORT = 'UPDATE "{}$Vendor Ledger Entry" SET "Exported to Payment File" = 1'
CLOSE = (
    'UPDATE "{}$Vendor Ledger Entry" SET "Open" = 0, "Closed at Date" = \'2026-12-10 00:00:00\''
)
APPLY = """INSERT INTO "{}$Detailed Vendor Ledg_ Entry" ("Entry No_", "Vendor Ledger Entry No_",
 "Entry Type", "Posting Date", "Document Type", "Document No_", "Amount", "Unapplied")
 SELECT 900001, "Entry No_", 2, '2026-12-09 00:00:00', 1, 'BET-17', 0, UNAPPLIED
 FROM "{}$Vendor Ledger Entry" WHERE "Document Type" = 2 ORDER BY "Entry No_" DESC LIMIT 1"""


def posted(navision: SmallNavision) -> str:
    evidence = navision.post(order(), generation="1", payload_hash="h")
    assert evidence.receipt is not None
    return evidence.receipt


def only(engine: Engine, receipt: str) -> LedgerPayment:
    (found,) = NavisionPayments(Database(engine), Companies()).payments(COMPANY, [receipt])
    return found


def test_a_posted_document_is_not_paid_yet(engine: Engine, navision: SmallNavision) -> None:
    found = only(engine, posted(navision))
    assert (found.exported, found.paid_on, found.cleared_on) == (False, None, None)


def test_a_document_in_a_payment_file_is_exported(engine: Engine, navision: SmallNavision) -> None:
    receipt = posted(navision)
    execute(engine, EXPORT)
    assert only(engine, receipt).exported


def test_a_payment_that_is_applied_pays_and_closing_clears(
    engine: Engine, navision: SmallNavision
) -> None:
    receipt = posted(navision)
    execute(engine, APPLY.replace("UNAPPLIED", "0"))
    execute(engine, CLOSE)
    found = only(engine, receipt)
    assert (found.payment, found.paid_on) == ("BET-17", date(2026, 12, 9))
    assert found.cleared_on == date(2026, 12, 10)


def test_a_payment_that_was_unapplied_pays_nothing(
    engine: Engine, navision: SmallNavision
) -> None:
    receipt = posted(navision)
    execute(engine, APPLY.replace("UNAPPLIED", "1"))
    assert only(engine, receipt).paid_on is None


def test_receipts_that_the_ledger_does_not_know_are_left_out(engine: Engine) -> None:
    payments = NavisionPayments(Database(engine), Companies())
    assert payments.payments(COMPANY, ["KF-NONE"]) == []
    assert payments.payments("Ukendt", ["KF-NONE"]) == []


def test_many_receipts_are_asked_about_in_few_statements(engine: Engine) -> None:
    payments = NavisionPayments(Database(engine), Companies())
    assert payments.payments(COMPANY, [f"KF-{number}" for number in range(1_200)]) == []
    assert rows(engine, 'SELECT COUNT(*) FROM "{}$Vendor Ledger Entry"')
