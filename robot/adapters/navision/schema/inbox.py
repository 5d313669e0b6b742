"""The robot's own table in NAV's customer object range (50000 to 99999)."""

from __future__ import annotations

from robot.adapters.navision.schema.model import Table, code, instant, option, text

#: One row a document key, kept for good. A row in state Tombstone is a closed key.
ROBOT_INBOX = Table(
    number=50000,
    name="Robot Inbox",
    key=("Document Key",),
    fields=(
        text(1, "Document Key", 64),
        text(2, "Generation", 64),
        text(3, "Payload Hash", 64),
        option(4, "State", ("New", "Taken", "Posted", "Refused", "Tombstone")),
        text(5, "Company Name", 30),
        option(6, "Document Type", ("", "", "Invoice", "Credit Memo")),
        code(7, "Result No.", 20),
        text(8, "Refusal Text", 2048),
        instant(9, "Received At"),
        instant(10, "Completed At"),
    ),
    indexes=(("Company Name", "State"),),
    per_company=False,
)
