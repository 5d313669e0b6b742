"""In whole runs: what one repair puts right is one case, and who was told of it sees it."""

from __future__ import annotations

from pathlib import Path

from robot.flow.cases import CaseReader
from tests.support.flow_world import FlowWorld, an_approved

BLOCKED = "bounce creditor-blocked"


def cases(world: FlowWorld) -> list[str | None]:
    return [row.case_number for row in world.rows()]


def test_invoices_of_one_blocked_creditor_share_a_case_that_the_told_address_sees(
    tmp_path: Path,
) -> None:
    world = FlowWorld(
        tmp_path,
        an_approved("F-1", BLOCKED),
        an_approved("F-2", BLOCKED),
        an_approved("F-3", "bounce totals-wrong"),
    )
    world.run()
    one, two, *others = cases(world)
    assert one == two
    assert len({one, *others}) == 2
    rulebook = world.ports.rulebook
    (mailbox,) = rulebook.for_customer("99001").customer.mailboxes[:1]
    reader = CaseReader(store=world.store, customers=rulebook.customers)
    assert set(reader.visible_to(mailbox.address)) == {one, *others}


def test_a_confidential_invoice_has_a_case_of_its_own(tmp_path: Path) -> None:
    world = FlowWorld(
        tmp_path,
        an_approved("F-1", BLOCKED),
        an_approved("F-2", BLOCKED, confidential=True),
    )
    world.run()
    one, two = cases(world)
    assert one != two
