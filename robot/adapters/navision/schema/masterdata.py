"""Master data: creditors, the chart of accounts, dimensions, currencies and terms."""

from __future__ import annotations

from robot.adapters.navision.schema.model import (
    BC_ONLY,
    DANISH_PAYMENTS,
    NAV_ONLY,
    SINCE_NAV_2018,
    Table,
    boolean,
    code,
    day,
    decimal,
    formula,
    integer,
    option,
    text,
)

VENDOR = Table(
    number=23,
    name="Vendor",
    key=("No.",),
    fields=(
        code(1, "No.", 20),
        text(2, "Name", 50, bc=100),
        code(3, "Search Name", 50, bc=100),
        text(5, "Address", 50, bc=100),
        text(7, "City", 30),
        code(91, "Post Code", 20),
        code(35, "Country/Region Code", 10),
        code(21, "Vendor Posting Group", 20, nav2016=10),
        code(22, "Currency Code", 10),
        code(27, "Payment Terms Code", 10),
        code(29, "Purchaser Code", 20),
        option(39, "Blocked", ("", "Payment", "All")),
        code(45, "Pay-to Vendor No.", 20),
        code(47, "Payment Method Code", 10),
        day(54, "Last Date Modified"),
        text(86, "VAT Registration No.", 20),
        code(88, "Gen. Bus. Posting Group", 20, nav2016=10),
        code(90, "GLN", 13),
        code(110, "VAT Bus. Posting Group", 20, nav2016=10),
        code(119, "IC Partner Code", 20),
        decimal(124, "Prepayment %"),
        option(132, "Partner Type", ("", "Company", "Person")),
        boolean(150, "Privacy Blocked", only=SINCE_NAV_2018),
        code(170, "Creditor No.", 20),
        code(288, "Preferred Bank Account Code", 20),
        code(16, "Global Dimension 1 Code", 20),
        code(17, "Global Dimension 2 Code", 20),
        option(80, "Application Method", ("Manual", "Apply to Oldest")),
        boolean(82, "Prices Including VAT"),
        text(102, "E-Mail", 80),
    ),
    indexes=(("VAT Registration No.",), ("Name",)),
    extensions=(text(13650, "GiroAccNo", 8, only=BC_ONLY, app=DANISH_PAYMENTS),),
)

VENDOR_BANK_ACCOUNT = Table(
    number=288,
    name="Vendor Bank Account",
    key=("Vendor No.", "Code"),
    fields=(
        code(1, "Vendor No.", 20),
        code(2, "Code", 20),
        text(3, "Name", 50, bc=100),
        text(13, "Bank Branch No.", 20),
        text(14, "Bank Account No.", 30),
        code(16, "Currency Code", 10),
        code(17, "Country/Region Code", 10),
        code(24, "IBAN", 50),
        code(25, "SWIFT Code", 20),
        text(1211, "Bank Clearing Code", 50),
        text(1212, "Bank Clearing Standard", 50),
    ),
)

GL_ACCOUNT = Table(
    number=15,
    name="G/L Account",
    key=("No.",),
    fields=(
        code(1, "No.", 20),
        text(2, "Name", 50, bc=100),
        option(4, "Account Type", ("Posting", "Heading", "Total", "Begin-Total", "End-Total")),
        option(9, "Income/Balance", ("Income Statement", "Balance Sheet")),
        boolean(13, "Blocked"),
        boolean(14, "Direct Posting"),
        code(6, "Global Dimension 1 Code", 20),
        code(7, "Global Dimension 2 Code", 20),
        option(43, "Gen. Posting Type", ("", "Purchase", "Sale", "Settlement")),
        code(44, "Gen. Bus. Posting Group", 20, nav2016=10),
        code(45, "Gen. Prod. Posting Group", 20, nav2016=10),
        code(57, "VAT Bus. Posting Group", 20, nav2016=10),
        code(58, "VAT Prod. Posting Group", 20, nav2016=10),
        boolean(70, "Omit Default Descr. in Jnl."),
        code(1700, "Default Deferral Template Code", 10),
        text(34, "Totaling", 250),
        day(26, "Last Date Modified"),
    ),
)

DIMENSION = Table(
    number=348,
    name="Dimension",
    key=("Code",),
    fields=(
        code(1, "Code", 20),
        text(2, "Name", 30),
        text(3, "Code Caption", 80),
        boolean(6, "Blocked"),
    ),
)

DIMENSION_VALUE = Table(
    number=349,
    name="Dimension Value",
    key=("Dimension Code", "Code"),
    fields=(
        code(1, "Dimension Code", 20),
        code(2, "Code", 20),
        text(3, "Name", 50),
        option(
            4, "Dimension Value Type", ("Standard", "Heading", "Total", "Begin-Total", "End-Total")
        ),
        boolean(6, "Blocked"),
        integer(9, "Global Dimension No."),
        integer(12, "Dimension Value ID"),
    ),
)

DEFAULT_DIMENSION = Table(
    number=352,
    name="Default Dimension",
    key=("Table ID", "No.", "Dimension Code"),
    fields=(
        integer(1, "Table ID"),
        code(2, "No.", 20),
        code(3, "Dimension Code", 20),
        code(4, "Dimension Value Code", 20),
        option(5, "Value Posting", ("", "Code Mandatory", "Same Code", "No Code")),
        text(10, "Allowed Values Filter", 250, only=BC_ONLY),
    ),
)

DIMENSION_COMBINATION = Table(
    number=350,
    name="Dimension Combination",
    key=("Dimension 1 Code", "Dimension 2 Code"),
    fields=(
        code(1, "Dimension 1 Code", 20),
        code(2, "Dimension 2 Code", 20),
        option(3, "Combination Restriction", ("Limited", "Blocked")),
    ),
)

DIMENSION_VALUE_COMBINATION = Table(
    number=351,
    name="Dimension Value Combination",
    key=(
        "Dimension 1 Code",
        "Dimension 1 Value Code",
        "Dimension 2 Code",
        "Dimension 2 Value Code",
    ),
    fields=(
        code(1, "Dimension 1 Code", 20),
        code(2, "Dimension 1 Value Code", 20),
        code(3, "Dimension 2 Code", 20),
        code(4, "Dimension 2 Value Code", 20),
    ),
)

DIMENSION_SET_ENTRY = Table(
    number=480,
    name="Dimension Set Entry",
    key=("Dimension Set ID", "Dimension Code"),
    fields=(
        integer(1, "Dimension Set ID"),
        code(2, "Dimension Code", 20),
        code(3, "Dimension Value Code", 20),
        integer(4, "Dimension Value ID"),
        integer(8, "Global Dimension No.", only=BC_ONLY),
    ),
)

PAYMENT_METHOD = Table(
    number=289,
    name="Payment Method",
    key=("Code",),
    fields=(
        code(1, "Code", 10),
        text(2, "Description", 50, bc=100),
        option(3, "Bal. Account Type", ("G/L Account", "Bank Account")),
        code(4, "Bal. Account No.", 20),
        boolean(6, "Direct Debit"),
        code(8, "Pmt. Export Line Definition", 20),
        option(
            13600,
            "Payment Channel",
            ("", "Payment Slip", "Account Transfer", "National Clearing", "Direct Debit"),
            only=NAV_ONLY,
        ),
    ),
)

PAYMENT_TERMS = Table(
    number=3,
    name="Payment Terms",
    key=("Code",),
    fields=(
        code(1, "Code", 10),
        formula(2, "Due Date Calculation"),
        formula(3, "Discount Date Calculation"),
        decimal(4, "Discount %"),
        text(5, "Description", 50, bc=100),
        boolean(6, "Calc. Pmt. Disc. on Cr. Memos"),
    ),
)

CURRENCY = Table(
    number=4,
    name="Currency",
    key=("Code",),
    fields=(
        code(1, "Code", 10),
        code(4, "ISO Code", 3),
        decimal(13, "Amount Rounding Precision"),
        decimal(14, "Unit-Amount Rounding Precision"),
        decimal(10, "Invoice Rounding Precision"),
        text(15, "Description", 30),
        decimal(44, "Appln. Rounding Precision"),
        decimal(52, "Max. VAT Difference Allowed"),
    ),
)

CURRENCY_EXCHANGE_RATE = Table(
    number=330,
    name="Currency Exchange Rate",
    key=("Currency Code", "Starting Date"),
    fields=(
        code(1, "Currency Code", 10),
        day(2, "Starting Date"),
        decimal(3, "Exchange Rate Amount", places=9),
        decimal(4, "Adjustment Exch. Rate Amount", places=9),
        code(5, "Relational Currency Code", 10),
        decimal(6, "Relational Exch. Rate Amount", places=9),
        option(7, "Fix Exchange Rate Amount", ("Currency", "Relational Currency", "Both")),
        decimal(8, "Relational Adjmt Exch Rate Amt", places=9),
    ),
)

COMPANY = Table(
    number=2000000006,
    name="Company",
    key=("Name",),
    fields=(text(1, "Name", 30),),
    per_company=False,
)
