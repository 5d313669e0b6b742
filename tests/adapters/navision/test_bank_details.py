"""A creditor whose bank details changed after the decision is never posted by that decision."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from robot.adapters.navision.reader import NavisionReader
from robot.adapters.navision.small_navision import SmallNavision
from robot.domain.facts import Creditor
from robot.flow.ports import KeyState
from tests.adapters.navision.world import execute, invoice, order, party, question, rows

#: What somebody may do to creditor 10003, who is paid to a bank account.
CHANGES = {
    "account": 'UPDATE "{}$Vendor Bank Account" SET "Bank Account No_" = \'0009999999\'',
    "branch": 'UPDATE "{}$Vendor Bank Account" SET "Bank Branch No_" = \'9999\'',
    "iban": 'UPDATE "{}$Vendor Bank Account" SET "IBAN" = \'DK5000400440116243\'',
    "swift": 'UPDATE "{}$Vendor Bank Account" SET "SWIFT Code" = \'DABADKKK\'',
    "another account": (
        'INSERT INTO "{}$Vendor Bank Account" ("Vendor No_", "Code", "Bank Account No_")'
        " VALUES ('10003', 'NY', '1')"
    ),
    "account gone": 'DELETE FROM "{}$Vendor Bank Account"',
    "preferred account": 'UPDATE "{}$Vendor" SET "Preferred Bank Account Code" = \'NY\'',
    "payment method": 'UPDATE "{}$Vendor" SET "Payment Method Code" = \'IBAN\'',
    "FIK number": 'UPDATE "{}$Vendor" SET "Creditor No_" = \'81234562\'',
    "payee": 'UPDATE "{}$Vendor" SET "Pay-to Vendor No_" = \'10002\' WHERE "No_" = \'10003\'',
}
HARMLESS = {
    "name": 'UPDATE "{}$Vendor" SET "Name" = \'Kaffe\'',
    "others' accounts": (
        'UPDATE "{}$Vendor Bank Account" SET "Bank Account No_" = \'1\''
        " WHERE \"Vendor No_\" <> '10003'"
    ),
    "the account's name": 'UPDATE "{}$Vendor Bank Account" SET "Name" = \'Bank\'',
}


def decided_on(engine: Engine) -> str:
    """The hash that a decision made now would carry."""
    asked = question(invoice(seller=party(cvr="99140003")))
    creditor = NavisionReader(engine, "ROBOT").facts([asked])[0].creditor
    assert isinstance(creditor, Creditor)
    return creditor.bank_details_hash


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_where_the_money_goes_is_refused(
    engine: Engine, navision: SmallNavision, change: str
) -> None:
    decided = order("k1", creditor="10003", bank_details_hash=decided_on(engine))
    execute(engine, change)

    refused = navision.post(decided, generation="1", payload_hash="h")

    assert refused.state is KeyState.REFUSED
    assert (refused.refusal or "").endswith("have changed since the robot's decision.")
    assert rows(engine, 'SELECT * FROM "{}$Vendor Ledger Entry" WHERE "User ID" = \'ROBOT\'') == []


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_decision_on_the_new_details_is_posted(
    engine: Engine, navision: SmallNavision, change: str
) -> None:
    before = decided_on(engine)
    navision.post(
        order("k1", creditor="10003", bank_details_hash="of yesterday"),
        generation="1",
        payload_hash="h",
    )
    execute(engine, change)
    after = decided_on(engine)
    assert after != before

    posted = navision.post(
        order("k1", creditor="10003", bank_details_hash=after), generation="1", payload_hash="h2"
    )

    assert posted.state is KeyState.POSTED


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_does_not_say_where_the_money_goes_changes_nothing(
    engine: Engine, navision: SmallNavision, change: str
) -> None:
    decided = order("k1", creditor="10003", bank_details_hash=decided_on(engine))
    execute(engine, change)

    posted = navision.post(decided, generation="1", payload_hash="h")

    assert posted.state is KeyState.POSTED


def test_the_details_of_who_is_paid_count(engine: Engine, navision: SmallNavision) -> None:
    execute(engine, CHANGES["payee"])
    decided = order("k1", creditor="10003", bank_details_hash=decided_on(engine))
    execute(engine, 'UPDATE "{}$Vendor" SET "Creditor No_" = \'80000005\' WHERE "No_" = \'10002\'')

    refused = navision.post(decided, generation="1", payload_hash="h")

    assert refused.state is KeyState.REFUSED
    assert "vendor 10002" in (refused.refusal or "")
