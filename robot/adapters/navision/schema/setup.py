"""Setup: who may post when, number series, posting groups and VAT."""

from __future__ import annotations

from robot.adapters.navision.schema.captions import VAT_CALCULATION_TYPES
from robot.adapters.navision.schema.model import (
    BC_AND_SMALL,
    BC_ONLY,
    Table,
    boolean,
    code,
    day,
    decimal,
    integer,
    option,
    text,
)

GENERAL_LEDGER_SETUP = Table(
    number=98,
    name="General Ledger Setup",
    key=("Primary Key",),
    fields=(
        code(1, "Primary Key", 10),
        day(2, "Allow Posting From"),
        day(3, "Allow Posting To"),
        code(71, "LCY Code", 10),
        decimal(73, "Amount Rounding Precision"),
        decimal(74, "Unit-Amount Rounding Precision"),
        code(79, "Global Dimension 1 Code", 20),
        code(80, "Global Dimension 2 Code", 20),
        code(81, "Shortcut Dimension 1 Code", 20),
        code(82, "Shortcut Dimension 2 Code", 20),
        decimal(89, "Max. VAT Difference Allowed"),
    ),
)

USER_SETUP = Table(
    number=91,
    name="User Setup",
    key=("User ID",),
    fields=(
        code(1, "User ID", 50),
        day(2, "Allow Posting From"),
        day(3, "Allow Posting To"),
        code(10, "Salespers./Purch. Code", 20),
        code(11, "Approver ID", 50),
        integer(13, "Purchase Amount Approval Limit"),
        boolean(15, "Unlimited Purchase Approval"),
        code(16, "Substitute", 50),
        text(17, "E-Mail", 100),
        code(5701, "Purchase Resp. Ctr. Filter", 10),
    ),
)

ACCOUNTING_PERIOD = Table(
    number=50,
    name="Accounting Period",
    key=("Starting Date",),
    fields=(
        day(1, "Starting Date"),
        text(2, "Name", 10),
        boolean(3, "New Fiscal Year"),
        boolean(4, "Closed"),
        boolean(5, "Date Locked"),
    ),
)

PURCHASES_PAYABLES_SETUP = Table(
    number=312,
    name="Purchases & Payables Setup",
    key=("Primary Key",),
    fields=(
        code(1, "Primary Key", 10),
        boolean(6, "Receipt on Invoice"),
        boolean(7, "Invoice Rounding"),
        boolean(8, "Ext. Doc. No. Mandatory"),
        code(12, "Invoice Nos.", 20),
        code(13, "Posted Invoice Nos.", 20),
        code(14, "Credit Memo Nos.", 20),
        code(15, "Posted Credit Memo Nos.", 20),
        boolean(20, "Calc. Inv. Discount"),
        boolean(25, "Allow VAT Difference"),
        boolean(38, "Post with Job Queue"),
        code(39, "Job Queue Category Code", 10),
        integer(40, "Job Queue Priority for Post"),
        boolean(41, "Post & Print with Job Queue"),
        integer(42, "Job Q. Prio. for Post & Print"),
        boolean(43, "Notify On Success"),
        boolean(11320, "Check Doc. Total Amounts", only=BC_ONLY),
    ),
)

VENDOR_POSTING_GROUP = Table(
    number=93,
    name="Vendor Posting Group",
    key=("Code",),
    fields=(
        code(1, "Code", 20, nav2016=10),
        code(2, "Payables Account", 20),
        code(9, "Invoice Rounding Account", 20),
        text(20, "Description", 50, bc=100),
    ),
)

VAT_POSTING_SETUP = Table(
    number=325,
    name="VAT Posting Setup",
    key=("VAT Bus. Posting Group", "VAT Prod. Posting Group"),
    fields=(
        code(1, "VAT Bus. Posting Group", 20, nav2016=10),
        code(2, "VAT Prod. Posting Group", 20, nav2016=10),
        option(3, "VAT Calculation Type", VAT_CALCULATION_TYPES),
        decimal(4, "VAT %"),
        code(9, "Purchase VAT Account", 20),
        code(11, "Reverse Chrg. VAT Acc.", 20),
        code(13, "VAT Identifier", 20),
        boolean(14, "EU Service"),
        code(15, "VAT Clause Code", 20),
        text(20, "Description", 50, bc=100),
        boolean(21, "Blocked", only=BC_ONLY),
        decimal(6200, "Non-Deductible VAT %", only=BC_AND_SMALL),
        code(6202, "Non-Ded. Purchase VAT Account", 20, only=BC_AND_SMALL),
    ),
)

GENERAL_POSTING_SETUP = Table(
    number=252,
    name="General Posting Setup",
    key=("Gen. Bus. Posting Group", "Gen. Prod. Posting Group"),
    fields=(
        code(1, "Gen. Bus. Posting Group", 20, nav2016=10),
        code(2, "Gen. Prod. Posting Group", 20, nav2016=10),
        code(14, "Purch. Account", 20),
        code(15, "Purch. Line Disc. Account", 20),
        code(16, "Purch. Inv. Disc. Account", 20),
        code(28, "Purch. Credit Memo Account", 20),
        boolean(52, "Blocked", only=BC_ONLY),
    ),
)

NO_SERIES = Table(
    number=308,
    name="No. Series",
    key=("Code",),
    fields=(
        code(1, "Code", 20, nav2016=10),
        text(2, "Description", 50, bc=100),
        boolean(3, "Default Nos."),
        boolean(4, "Manual Nos."),
        boolean(5, "Date Order"),
    ),
)

NO_SERIES_LINE = Table(
    number=309,
    name="No. Series Line",
    key=("Series Code", "Line No."),
    fields=(
        code(1, "Series Code", 20, nav2016=10),
        integer(2, "Line No."),
        day(3, "Starting Date"),
        code(4, "Starting No.", 20),
        code(5, "Ending No.", 20),
        code(6, "Warning No.", 20),
        integer(7, "Increment-by No."),
        code(8, "Last No. Used", 20),
        boolean(9, "Open"),
        day(10, "Last Date Used"),
    ),
)
