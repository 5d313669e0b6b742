"""Which of the robot's postings were reversed: read from the vendor ledger."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from robot.adapters.navision.company import Companies
from robot.adapters.navision.database import Database
from robot.adapters.navision.reversals import NavisionReversals
from robot.adapters.navision.small_navision import SmallNavision
from tests.adapters.navision.world import COMPANY, execute, order

LONG_AGO = date(2026, 1, 1)
REVERSE = (
    'UPDATE "{}$Vendor Ledger Entry" SET "Reversed" = 1, "Reversed by Entry No_" = 999 '
    "WHERE \"External Document No_\" = 'F-K1'"
)


def reversals(engine: Engine, user: str = "ROBOT") -> NavisionReversals:
    return NavisionReversals(Database(engine), user, Companies())


def posted(navision: SmallNavision) -> str:
    evidence = navision.post(order(), generation="1", payload_hash="h")
    assert evidence.receipt is not None
    return evidence.receipt


def test_a_posting_that_stands_is_not_told(engine: Engine, navision: SmallNavision) -> None:
    posted(navision)
    assert reversals(engine).reversed_receipts(COMPANY, LONG_AGO) == []


def test_a_posting_that_was_reversed_is_told(engine: Engine, navision: SmallNavision) -> None:
    receipt = posted(navision)
    execute(engine, REVERSE, COMPANY)
    assert reversals(engine).reversed_receipts(COMPANY, LONG_AGO) == [receipt]
    assert reversals(engine).reversed_receipts(COMPANY, date(2027, 1, 1)) == []


def test_postings_of_others_are_not_the_robots(engine: Engine, navision: SmallNavision) -> None:
    posted(navision)
    execute(engine, REVERSE, COMPANY)
    assert reversals(engine, "ANNA").reversed_receipts(COMPANY, LONG_AGO) == []


def test_a_company_that_the_erp_does_not_have_reverses_nothing(engine: Engine) -> None:
    assert reversals(engine).reversed_receipts("Ukendt", LONG_AGO) == []
