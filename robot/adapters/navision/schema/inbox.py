"""The robot's own table in NAV's customer object range (50000 to 99999)."""

from __future__ import annotations

from typing import Final

from robot.adapters.navision.schema.captions import PURCHASE_DOCUMENT_TYPES
from robot.adapters.navision.schema.model import (
    NAV_ONLY,
    Layout,
    Table,
    boolean,
    code,
    decimal,
    guid,
    instant,
    option,
    text,
)

#: Everywhere but in the small Navision.
IN_NAV: Final = frozenset(Layout) - {Layout.SMALL}

#: The id in config/navision/al/app.json.
ROBOT_APP: Final = "8a1c9f0e-5b7d-4c1e-9a55-2f6d3b7e4c10"

#: The ERP's own text when it refuses, in pieces.
REFUSAL_TEXTS: Final = ("Refusal Text", "Refusal Text 2", "Refusal Text 3", "Refusal Text 4")

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
        text(8, "Refusal Text", 250, bc=2048),
        instant(9, "Received At"),
        instant(10, "Completed At"),
        # What the request is held to, and the purchase document that NAV made or found for it.
        # The small Navision posts in one step and keeps neither.
        code(11, "Vendor No.", 20, only=IN_NAV),
        code(12, "External Document No.", 35, only=IN_NAV),
        decimal(13, "Amount Including VAT", only=IN_NAV),
        text(14, "Bank Details Hash", 64, only=IN_NAV),
        option(15, "Draft Type", PURCHASE_DOCUMENT_TYPES, only=IN_NAV),
        code(16, "Draft No.", 20, only=IN_NAV),
        code(17, "Draft No. Series", 20, only=IN_NAV),
        boolean(18, "Own Draft", only=IN_NAV),
        guid(19, "Job Queue Entry ID", only=IN_NAV),
        # A Text field of NAV 2016 and 2018 holds 250 characters: a longer text goes on here.
        text(20, "Refusal Text 2", 250, only=NAV_ONLY),
        text(21, "Refusal Text 3", 250, only=NAV_ONLY),
        text(22, "Refusal Text 4", 250, only=NAV_ONLY),
        text(23, "Document Hash", 64, only=IN_NAV),
    ),
    indexes=(("Company Name", "State"), ("Company Name", "Draft Type", "Draft No.")),
    per_company=False,
    owner=ROBOT_APP,
)
