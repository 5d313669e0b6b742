"""What can stand in a Navision, as rows of its tables, and which facts must come out of it.

Each scenario has a creditor of its own beside the examples' world, so that all of them live in one
company and are asked about in one batch. Rows are by NAV's names of tables and fields; a place in
`expected` is a way through the facts, `coding/accounts/7001/blocked`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from robot.adapters.navision.schema.model import Layout
from robot.domain.document import CodingLine
from robot.domain.facts import (
    BankAccount,
    Blocked,
    BlockedCombination,
    DimensionValue,
    Duplicate,
    ValuePosting,
)
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Invoice, Kind
from tests.adapters.navision.world import coded, invoice, party, referring

NOBODY: Final = "99199997"
#: Posting users beside the company's own range of 1 November to 31 December 2026.
WIDE, NARROW, CLOSING = "VÅGEN", "NÆSTEN", "ULTIMO"
ANY_LAYOUT: Final = frozenset({Layout.NAV_2016, Layout.NAV_2018, Layout.BUSINESS_CENTRAL})

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One situation: its rows, the document asked about, and facts by place."""

    name: str
    document: Invoice
    expected: Mapping[str, object]
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    coding: Sequence[CodingLine] = ()
    posting_date: date | None = None
    posting_user: str = "ROBOT"
    layouts: frozenset[Layout] = ANY_LAYOUT


def vendor(number: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field
    """A Danish creditor whose CVR is its number with 90 before."""
    return {
        "No.": number,
        "Name": f"Kreditor {number} ÆØÅ",
        "VAT Registration No.": f"90{number}",
        "Country/Region Code": "DK",
        "Vendor Posting Group": "INDLAND",
        "Gen. Bus. Posting Group": "INDLAND",
        "VAT Bus. Posting Group": "INDLAND",
        "Payment Method Code": "BANK",
    } | {name.replace("_", " "): value for name, value in fields.items()}


def of(number: str, document: str = "F-1", **changes: Any) -> Invoice:  # noqa: ANN401 -- any field
    """An invoice of 1,250.00 DKK from the creditor of this number."""
    return invoice(document, seller=party(cvr=f"90{number}"), **changes)


def entry(  # noqa: PLR0913 -- a ledger entry has these
    number: int,
    creditor: str,
    external: str,
    *,
    amount: str = "1250.00",
    kind: int = 2,
    day: date = date(2026, 11, 10),
    currency: str = "",
    reversed_: bool = False,
) -> dict[str, list[dict[str, Any]]]:
    """A posted document's vendor ledger entry with its detailed entry; an invoice is negative."""
    signed = -Decimal(amount) if kind == 2 else Decimal(amount)
    return {
        "Vendor Ledger Entry": [
            {
                "Entry No.": number,
                "Vendor No.": creditor,
                "Posting Date": day,
                "Document Date": day,
                "Document Type": kind,
                "Document No.": f"KF{number}",
                "External Document No.": external,
                "Currency Code": currency,
                "Open": True,
                "Reversed": reversed_,
            }
        ],
        "Detailed Vendor Ledg. Entry": [
            {
                "Entry No.": number,
                "Vendor Ledger Entry No.": number,
                "Entry Type": 1,
                "Document No.": f"KF{number}",
                "Amount": signed,
                "Amount (LCY)": signed,
                "Vendor No.": creditor,
                "Ledger Entry Amount": True,
            },
            # A later application changes what remains, not the amount of the entry.
            {
                "Entry No.": number + 500_000,
                "Vendor Ledger Entry No.": number,
                "Entry Type": 2,
                "Amount": -signed,
                "Vendor No.": creditor,
                "Ledger Entry Amount": False,
            },
        ],
    }


def draft(
    number: str,
    creditor: str,
    external: str,
    *,
    lines: Sequence[str] = ("1000.00", "250.00"),
    **fields: Any,  # noqa: ANN401 -- any field
) -> dict[str, list[dict[str, Any]]]:
    """An unposted purchase document; its amount is that of its lines."""
    header = {
        "Document Type": 2,
        "No.": number,
        "Buy-from Vendor No.": creditor,
        "Pay-to Vendor No.": creditor,
        "Vendor Invoice No.": external,
        "Posting Date": date(2026, 11, 16),
        "Document Date": date(2026, 11, 16),
        "Status": 1,
    } | {name.replace("_", " "): value for name, value in fields.items()}
    return {
        "Purchase Header": [header],
        "Purchase Line": [
            {
                "Document Type": header["Document Type"],
                "Document No.": number,
                "Line No.": 10_000 * place,
                "Type": 1,
                "No.": "220100",
                "Quantity": Decimal(1),
                "Amount": Decimal(amount),
                "Amount Including VAT": Decimal(amount),
            }
            for place, amount in enumerate(lines, start=1)
        ],
    }


def posted(number: int, creditor: str, *, exact: bool, amount: str = "1250.00") -> Duplicate:
    """What an entry of 10 November is, as a duplicate."""
    return Duplicate(
        number=f"KF{number}",
        where="posted",
        exact=exact,
        creditor=creditor,
        amount=Decimal(amount),
        issue_date=date(2026, 11, 10),
    )


def left(number: str, creditor: str, *, exact: bool = True, amount: str = "1250.00") -> Duplicate:
    """What a draft of 16 November is, as a duplicate."""
    return Duplicate(
        number=number,
        where="draft",
        exact=exact,
        creditor=creditor,
        amount=Decimal(amount),
        issue_date=date(2026, 11, 16),
    )


def joined(
    *parts: Mapping[str, Sequence[Mapping[str, Any]]],
) -> dict[str, list[Mapping[str, Any]]]:
    """Rows of several parts, table by table."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for part in parts:
        for table, more in part.items():
            rows.setdefault(table, []).extend(more)
    return rows


CREDITORS: Final = [
    Scenario(
        name="clean invoice in kroner, one G/L line, two dimensions",
        rows={
            "Vendor": [vendor("100001", GLN="5790000123457")],
            "Vendor Bank Account": [
                {
                    "Vendor No.": "100001",
                    "Code": "DRIFT",
                    "Bank Branch No.": "0450",
                    "Bank Account No.": "0001234567",
                }
            ],
        },
        document=of("100001"),
        coding=[coded("220100", delregnskab="100", formaal="10")],
        expected={
            "creditor/number": "100001",
            "creditor/name": "Kreditor 100001 ÆØÅ",
            "creditor/cvr": "90100001",
            "creditor/gln": "5790000123457",
            "creditor/blocked": Blocked.NO,
            "creditor/payment_method": "BANK",
            "creditor/payment_channel": "bank",
            "creditor/accounts": (BankAccount(branch="0450", account="0001234567"),),
            "creditor_candidates": 0,
            "coding/accounts/220100/posting": True,
            "coding/accounts/220100/blocked": False,
            "coding/accounts/220100/direct_posting": True,
            "coding/values": {
                ("delregnskab", "100"): DimensionValue(dimension="delregnskab", code="100"),
                ("formaal", "10"): DimensionValue(dimension="formaal", code="10"),
            },
            "coding/vat_rates": {"I25": Decimal(25), "I0": Decimal(0), "REP25": Decimal(25)},
            "posting/allowed_from": date(2026, 11, 1),
            "posting/allowed_to": date(2026, 12, 31),
            "posting/period_exists": True,
            "posting/next_open": date(2026, 11, 24),
            "duplicates": (),
            "rate_to_dkk": None,
            "referenced_posted": frozenset(),
        },
    ),
    Scenario(
        name="nobody in the company",
        document=invoice(seller=party(cvr=NOBODY)),
        expected={"creditor": None, "duplicates": (), "creditor_candidates": 0},
    ),
    Scenario(
        name="foreign currency",
        rows={"Vendor": [vendor("100002", Currency_Code="EUR")]},
        document=of("100002", currency="EUR"),
        expected={
            "creditor/currency": "EUR",
            "currencies": frozenset({"DKK", "EUR", "GBP", "USD", "SEK", "NOK"}),
            "rate_to_dkk": Decimal("7.459"),
        },
    ),
    Scenario(
        name="a currency that is not set up",
        rows={"Vendor": [vendor("100003")]},
        document=of("100003", currency="JPY"),
        expected={"rate_to_dkk": UNKNOWN},
    ),
    Scenario(
        name="reverse charge from the EU",
        rows={
            "Vendor": [
                {
                    "No.": "100004",
                    "Name": "Bücher & Söhne GmbH",
                    "VAT Registration No.": "DE811907980",
                    "Country/Region Code": "DE",
                    "VAT Bus. Posting Group": "EU",
                }
            ],
            "Vendor Bank Account": [
                {"Vendor No.": "100004", "Code": "IBAN", "IBAN": "DE89 3704 0044 0532 0130 00"}
            ],
        },
        document=invoice(seller=party(vat="DE811907980"), currency="EUR"),
        expected={
            "creditor/cvr": None,
            "creditor/country": "DE",
            "creditor/accounts": (BankAccount(iban="DE89370400440532013000"),),
            "coding/vat_rates": {"I0": Decimal(0), "EUV": Decimal(25), "EUY": Decimal(25)},
            "coding/reverse_charge": frozenset({"EUV", "EUY"}),
        },
    ),
    Scenario(
        name="no VAT setup for the creditor's group",
        rows={"Vendor": [vendor("100005", **{"VAT Bus. Posting Group": "GRØNLAND"})]},
        document=of("100005"),
        expected={"coding/vat_rates": {}, "coding/reverse_charge": frozenset()},
    ),
    *(
        Scenario(
            name=f"creditor with Blocked = {option}",
            rows={"Vendor": [vendor(number, Blocked=option)]},
            document=of(number),
            expected={"creditor/blocked": blocked},
        )
        for number, option, blocked in (
            ("100011", 1, Blocked.PAYMENT),
            ("100012", 2, Blocked.ALL),
            ("100013", 9, Blocked.ALL),
        )
    ),
    Scenario(
        name="creditor blocked for privacy",
        rows={"Vendor": [vendor("100014", Privacy_Blocked=True)]},
        document=of("100014"),
        expected={"creditor/blocked": Blocked.PRIVACY},
        layouts=ANY_LAYOUT - {Layout.NAV_2016},
    ),
    Scenario(
        name="before NAV 2018 nobody is blocked for privacy",
        rows={"Vendor": [vendor("100015", Privacy_Blocked=True)]},
        document=of("100015"),
        expected={"creditor/blocked": Blocked.NO},
        layouts=frozenset({Layout.NAV_2016}),
    ),
    Scenario(
        name="another one is paid, and is blocked",
        rows={
            "Vendor": [
                vendor("100016", **{"Pay-to Vendor No.": "100017"}),
                vendor("100017", Blocked=2, **{"Creditor No.": "81234562"}),
            ],
            "Vendor Bank Account": [
                {"Vendor No.": "100017", "Code": "A", "Bank Account No.": "12345678901234"}
            ],
        },
        document=of("100016"),
        expected={
            "creditor/number": "100016",
            "creditor/pay_to": "100017",
            "creditor/blocked": Blocked.ALL,
            "creditor/creditor_number": "81234562",
            "creditor/accounts": (BankAccount(account="12345678901234"),),
        },
    ),
    Scenario(
        name="a CVR written with its country",
        rows={"Vendor": [vendor("100018", **{"VAT Registration No.": "DK 90100018"})]},
        document=of("100018"),
        expected={"creditor/cvr": "90100018"},
    ),
    Scenario(
        name="two creditors of one CVR",
        rows={
            "Vendor": [
                vendor("100019"),
                vendor("100020", **{"VAT Registration No.": "90100019"}),
            ]
        },
        document=of("100019"),
        expected={"creditor/number": "100019", "creditor_candidates": 1},
    ),
    Scenario(
        name="found by GLN alone",
        rows={"Vendor": [vendor("100021", GLN="5790000999991")]},
        document=invoice(seller=party(gln="5790000999991")),
        expected={"creditor/number": "100021"},
    ),
    Scenario(
        name="a payment method that only NAV's own channel explains",
        rows={
            "Vendor": [vendor("100022", **{"Payment Method Code": "LS"})],
            "Payment Method": [{"Code": "LS", "Payment Channel": 4}],
        },
        document=of("100022"),
        expected={"creditor/payment_channel": "direct-debit"},
        layouts=ANY_LAYOUT - {Layout.BUSINESS_CENTRAL},
    ),
    Scenario(
        name="Business Central has no payment channel",
        rows={"Vendor": [vendor("100023", **{"Payment Method Code": "PBS"})]},
        document=of("100023"),
        expected={"creditor/payment_method": "PBS", "creditor/payment_channel": None},
        layouts=frozenset({Layout.BUSINESS_CENTRAL}),
    ),
]

CODING: Final = [
    Scenario(
        name="a heading, a blocked account, one without direct posting, and one of a new type",
        rows={
            "G/L Account": [
                {"No.": "7001", "Account Type": 1, "Direct Posting": True},
                {"No.": "7002", "Blocked": True, "Direct Posting": True},
                {"No.": "7003", "Direct Posting": False},
                {"No.": "7004", "Account Type": 12, "Direct Posting": True},
            ]
        },
        document=of("100001"),
        coding=[coded("7001"), coded("7002"), coded("7003"), coded("7004"), coded("7999")],
        expected={
            "coding/accounts/7001/posting": False,
            "coding/accounts/7002/blocked": True,
            "coding/accounts/7003/direct_posting": False,
            "coding/accounts/7004/posting": False,
            "coding/accounts/7999": None,
        },
    ),
    Scenario(
        name="a blocked value, a heading, and a value of another dimension",
        rows={
            "Dimension Value": [
                {"Dimension Code": "STED", "Code": "ÅRHUS", "Blocked": True},
                {"Dimension Code": "STED", "Code": "I ALT", "Dimension Value Type": 2},
            ]
        },
        document=of("100001"),
        coding=[
            coded("220100", sted="Århus"),
            coded("220100", sted="I alt"),
            coded("220100", sted="P001"),
        ],
        expected={
            "coding/values": {
                ("sted", "Århus"): DimensionValue(dimension="sted", code="Århus", blocked=True),
                ("sted", "I alt"): DimensionValue(dimension="sted", code="I alt", postable=False),
            }
        },
    ),
    Scenario(
        name="a dimension that must be given",
        document=of("100001"),
        coding=[coded("225000")],
        expected={
            "rules": frozenset(
                {
                    ("account", "225000", "delregnskab", None, ValuePosting.MANDATORY),
                    ("account", "225000", "formaal", None, ValuePosting.MANDATORY),
                }
            )
        },
    ),
    Scenario(
        name="the same code, with no code given, and rules of the creditor",
        rows={
            "Vendor": [vendor("100031")],
            "Default Dimension": [
                {"Table ID": 15, "No.": "7011", "Dimension Code": "STED", "Value Posting": 2},
                {
                    "Table ID": 15,
                    "No.": "7011",
                    "Dimension Code": "PROJEKT",
                    "Dimension Value Code": "P001",
                    "Value Posting": 2,
                },
                {"Table ID": 23, "No.": "100031", "Dimension Code": "STED", "Value Posting": 3},
                {"Table ID": 23, "No.": "100031", "Dimension Code": "FORMAAL", "Value Posting": 7},
                {"Table ID": 23, "No.": "100031", "Dimension Code": "PROJEKT"},
                {"Table ID": 23, "No.": "100099", "Dimension Code": "STED", "Value Posting": 1},
            ],
        },
        document=of("100031"),
        coding=[coded("7011")],
        expected={
            "rules": frozenset(
                {
                    ("account", "7011", "sted", None, ValuePosting.SAME),
                    ("account", "7011", "projekt", "P001", ValuePosting.SAME),
                    ("creditor", "100031", "sted", None, ValuePosting.NONE),
                    ("creditor", "100031", "formaal", None, ValuePosting.NONE),
                }
            )
        },
    ),
    Scenario(
        name="values that can't stand together",
        document=of("100001"),
        coding=[coded("225000", delregnskab="300", formaal="10")],
        expected={
            "coding/combinations": (
                BlockedCombination(
                    first="projekt", first_value=None, second="sted", second_value=None
                ),
                BlockedCombination(
                    first="delregnskab", first_value="300", second="formaal", second_value="10"
                ),
            )
        },
        rows={
            "Dimension Combination": [
                {
                    "Dimension 1 Code": "PROJEKT",
                    "Dimension 2 Code": "STED",
                    "Combination Restriction": 1,
                }
            ]
        },
    ),
]

POSTING: Final = [
    Scenario(
        name="outside the user's range, inside the company's",
        rows={
            "User Setup": [
                {
                    "User ID": NARROW,
                    "Allow Posting From": date(2026, 11, 20),
                    "Allow Posting To": date(2026, 11, 30),
                }
            ]
        },
        document=of("100001"),
        posting_date=date(2026, 12, 1),
        posting_user=NARROW,
        expected={
            "posting/allowed_from": date(2026, 11, 20),
            "posting/allowed_to": date(2026, 11, 30),
            "posting/next_open": None,
        },
    ),
    Scenario(
        name="inside the user's range, outside the company's",
        rows={"User Setup": [{"User ID": WIDE, "Allow Posting From": date(2026, 10, 1)}]},
        document=of("100001"),
        posting_date=date(2026, 10, 2),
        posting_user=WIDE.lower(),
        expected={
            "posting/allowed_from": date(2026, 10, 1),
            "posting/allowed_to": None,
            "posting/next_open": date(2026, 10, 2),
        },
    ),
    Scenario(
        name="open until a closing date",
        rows={"User Setup": [{"User ID": CLOSING, "Allow Posting To": date(2026, 12, 30)}]},
        document=of("100001"),
        posting_user=CLOSING,
        expected={"posting/allowed_from": None, "posting/allowed_to": date(2026, 12, 31)},
    ),
    Scenario(
        name="a closed year",
        document=of("100001"),
        posting_date=date(2025, 12, 31),
        expected={"posting/period_exists": True, "posting/year_closed": True},
    ),
    Scenario(
        name="a day of no period",
        document=of("100001"),
        posting_date=date(2030, 1, 1),
        expected={"posting/period_exists": False, "posting/next_open": None},
    ),
]

LEDGER: Final = [
    Scenario(
        name="posted already",
        rows={"Vendor": [vendor("100041")], **entry(1041, "100041", "AB-2026/17")},
        document=of("100041", "AB-2026/17"),
        expected={"duplicates": (posted(1041, "100041", exact=True),)},
    ),
    Scenario(
        name="posted already, written in small letters",
        document=of("100041", "ab-2026/17 "),
        expected={"duplicates": (posted(1041, "100041", exact=True),)},
    ),
    Scenario(
        name="posted already, written with spaces",
        document=of("100041", "AB 2026 17"),
        expected={"duplicates": (posted(1041, "100041", exact=False),)},
    ),
    Scenario(
        name="posted already, with leading zeros",
        rows={"Vendor": [vendor("100042")], **entry(1042, "100042", "0000456")},
        document=of("100042", "456"),
        expected={"duplicates": (posted(1042, "100042", exact=False),)},
    ),
    Scenario(
        name="posted already, with Danish letters",
        rows={"Vendor": [vendor("100043")], **entry(1043, "100043", "ÆØÅ-9")},
        document=of("100043", "æøå-9"),
        expected={"duplicates": (posted(1043, "100043", exact=True),)},
    ),
    Scenario(
        name="posted and reversed",
        rows={"Vendor": [vendor("100044")], **entry(1044, "100044", "R-1", reversed_=True)},
        document=of("100044", "R-1"),
        expected={"duplicates": ()},
    ),
    Scenario(
        name="another creditor has posted the number",
        rows={"Vendor": [vendor("100045")]},
        document=of("100045", "AB-2026/17"),
        expected={"duplicates": ()},
    ),
    Scenario(
        name="the amount on nearly the same day under another number",
        rows={
            "Vendor": [vendor("100046")],
            **entry(1046, "100046", "X-1", amount="987.65", day=date(2026, 11, 10)),
        },
        document=of("100046", "Y-2", total="987.65", issue_date=date(2026, 11, 12)),
        expected={"duplicates": (posted(1046, "100046", exact=False, amount="987.65"),)},
    ),
    Scenario(
        name="an amount of many places is exact",
        rows={
            "Vendor": [vendor("100047")],
            **entry(1047, "100047", "ST-1", amount="123456789012.34"),
        },
        document=of("100047", "ST-1", total="123456789012.34"),
        expected={"duplicates": (posted(1047, "100047", exact=True, amount="123456789012.34"),)},
    ),
    Scenario(
        name="a number longer than NAV's field",
        rows={"Vendor": [vendor("100048")], **entry(1048, "100048", "9" * 35)},
        document=of("100048", "9" * 40),
        expected={"duplicates": ()},
    ),
    Scenario(
        name="credit memo of a posted invoice",
        document=of("100041", "K-1", **referring("AB-2026/17", "AB-2026/99")),
        expected={"referenced_posted": frozenset({"AB-2026/17"}), "duplicates": ()},
    ),
    Scenario(
        name="a credit memo is no repetition of an invoice",
        document=of("100041", "AB-2026/17", kind=Kind.CREDIT_NOTE),
        expected={"duplicates": ()},
    ),
    Scenario(
        name="an entry of a type that is no document",
        rows={"Vendor": [vendor("100049")], **entry(1049, "100049", "RY-1", kind=5)},
        document=of("100049", "RY-1"),
        expected={"duplicates": ()},
    ),
    Scenario(
        name="the job said Error although the invoice was posted: the header is gone",
        rows={"Vendor": [vendor("100050")], **entry(1050, "100050", "PE-1")},
        document=of("100050", "PE-1"),
        expected={"duplicates": (posted(1050, "100050", exact=True),)},
    ),
    Scenario(
        name="vanished: neither draft nor entry",
        rows={"Vendor": [vendor("100051")]},
        document=of("100051", "V-1"),
        expected={"duplicates": ()},
    ),
    Scenario(
        name="an order partly invoiced: the order itself is no draft invoice",
        rows={
            "Vendor": [vendor("100052")],
            **joined(
                entry(1052, "100052", "OR-1"),
                draft("KO100052", "100052", "OR-1", Document_Type=1),
            ),
        },
        document=of("100052", "OR-1"),
        expected={"duplicates": (posted(1052, "100052", exact=True),)},
    ),
]

_DRAFTS: Final[Sequence[tuple[str, str, dict[str, Any]]]] = (
    ("100061", "Status Open", {"Status": 0}),
    ("100062", "Status Released", {"Status": 1}),
    ("100063", "Status Pending Approval", {"Status": 2}),
    ("100064", "On Hold", {"On Hold": "VEN"}),
    ("100065", "Scheduled for Posting, without a job", {"Job Queue Status": 1}),
    ("100066", "Error in the job queue", {"Job Queue Status": 2}),
    ("100067", "Posting at this moment", {"Job Queue Status": 3}),
    ("100068", "a status that NAV adds one day", {"Status": 8}),
)

DRAFTS: Final = [
    *(
        Scenario(
            name=f"a draft: {what}",
            rows={
                "Vendor": [vendor(number)],
                **draft(f"KL{number}", number, f"D-{number}", **fields),
            },
            document=of(number, f"D-{number}"),
            expected={"duplicates": (left(f"KL{number}", number),)},
        )
        for number, what, fields in _DRAFTS
    ),
    Scenario(
        name="a draft without lines",
        rows={"Vendor": [vendor("100069")], **draft("KL100069", "100069", "Z-1", lines=())},
        document=of("100069", "Z-1"),
        expected={"duplicates": (left("KL100069", "100069", exact=False, amount="0"),)},
    ),
    Scenario(
        name="a draft credit memo",
        rows={
            "Vendor": [vendor("100070")],
            **draft(
                "KK100070",
                "100070",
                "",
                Document_Type=3,
                **{"Vendor Cr. Memo No.": "K-70"},
            ),
        },
        document=of("100070", "K-70", kind=Kind.CREDIT_NOTE),
        expected={"duplicates": (left("KK100070", "100070"),)},
    ),
    Scenario(
        name="posted once and left as a draft again",
        rows={
            "Vendor": [vendor("100071")],
            **joined(entry(1071, "100071", "T-1"), draft("KL100071", "100071", "T-1")),
        },
        document=of("100071", "T-1"),
        expected={
            "duplicates": (left("KL100071", "100071"), posted(1071, "100071", exact=True)),
        },
    ),
]

#: The giro account lies in a table of Business Central's Danish app.
GIRO: Final = "12345678"
BUSINESS_CENTRAL: Final = [
    Scenario(
        name="the giro account of Business Central's Danish app",
        rows={"Vendor": [vendor("100081", **{"Creditor No.": "81234562"})]},
        document=of("100081"),
        expected={"creditor/giro_account": GIRO, "creditor/creditor_number": "81234562"},
        layouts=frozenset({Layout.BUSINESS_CENTRAL}),
    ),
]

SCENARIOS: Final = [*CREDITORS, *CODING, *POSTING, *LEDGER, *DRAFTS, *BUSINESS_CENTRAL]
