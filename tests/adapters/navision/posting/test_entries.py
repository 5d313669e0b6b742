"""What stands in the tables when a document is posted."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.posting.numbers import increased
from robot.adapters.navision.schema.ledger import (
    DETAILED_VENDOR_LEDG_ENTRY,
    GL_ENTRY,
    VENDOR_LEDGER_ENTRY,
)
from robot.adapters.navision.schema.model import Layout, Table
from robot.adapters.navision.schema.purchase import (
    PURCH_CR_MEMO_HDR,
    PURCH_INV_HEADER,
    PURCH_INV_LINE,
)
from robot.adapters.navision.small_navision import SmallNavision
from robot.domain.decision import PostingOrder
from robot.flow.ports import Evidence, KeyState
from tests.adapters.navision.world import COMPANY, execute, line, order, rows

TABLES = CompanyTables(COMPANY, Layout.SMALL)


def post(navision: SmallNavision, wanted: PostingOrder) -> Evidence:
    evidence = navision.post(wanted, generation="1", payload_hash="h")
    assert evidence.state is KeyState.POSTED, evidence.refusal
    return evidence


def records(engine: Engine, table: Table, document: str) -> list[dict[str, Any]]:
    """The rows of a posted document, typed."""
    sql = TABLES[table]
    column = sql.c["Document No_"] if "Document No_" in sql.c else sql.c["No_"]
    with engine.connect() as connection:
        found = connection.execute(select(sql).where(column == document))
        return [dict(row._mapping) for row in found]


def gl_amounts(engine: Engine, document: str) -> list[tuple[str, Decimal]]:
    return [(row["G_L Account No_"], row["Amount"]) for row in records(engine, GL_ENTRY, document)]


def assert_has(record: dict[str, Any], **expected: object) -> None:
    """Keys are NAV's names with `_` for what a Python name can't hold."""
    seen = {"".join(c if c.isalnum() else "_" for c in name): it for name, it in record.items()}
    assert {name: seen[name] for name in expected} == expected


class TestInvoice:
    def test_the_evidence_is_the_order(self, navision: SmallNavision) -> None:
        assert post(navision, order("k1")) == Evidence(
            state=KeyState.POSTED,
            generation="1",
            payload_hash="h",
            receipt="KF1000006",
            creditor="10001",
            external_number="F-K1",
            amount=Decimal("1250.00"),
            currency="DKK",
        )

    def test_header(self, engine: Engine, navision: SmallNavision) -> None:
        post(navision, order("k1", payment_reference="000000012345674"))

        (header,) = records(engine, PURCH_INV_HEADER, "KF1000006")
        assert_has(
            header,
            Buy_from_Vendor_No_="10001",
            Pay_to_Vendor_No_="10001",
            Posting_Date=date(2026, 11, 24),
            Document_Date=date(2026, 11, 20),
            Due_Date=date(2026, 12, 20),
            Vendor_Invoice_No_="F-K1",
            Pre_Assigned_No_="KL1000007",
            Pre_Assigned_No__Series="K-FAKT",
            Creditor_No_="81234562",
            Payment_Reference="000000012345674",
            User_ID="ROBOT",
            Vendor_Ledger_Entry_No_=6,
        )

    def test_lines(self, engine: Engine, navision: SmallNavision) -> None:
        post(
            navision,
            order("k1", line(delregnskab="100", sted="KBH"), line("221000", "-200.00", "-50.00")),
        )

        first, second = records(engine, PURCH_INV_LINE, "KF1000006")
        assert_has(
            first,
            Line_No_=10000,
            No_="220100",
            Description="Papir",
            Amount=Decimal("1000.00"),
            Amount_Including_VAT=Decimal("1250.00"),
            VAT__=Decimal(25),
            VAT_Prod__Posting_Group="I25",
            Shortcut_Dimension_1_Code="100",
        )
        assert_has(second, Line_No_=20000, No_="221000", Amount=Decimal("-200.00"))
        assert first["Dimension Set ID"] != second["Dimension Set ID"]

    def test_the_creditors_entry_is_negative_and_open(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        post(navision, order("k1"))

        (entry,) = records(engine, VENDOR_LEDGER_ENTRY, "KF1000006")
        assert_has(
            entry,
            Vendor_No_="10001",
            External_Document_No_="F-K1",
            Open=True,
            Positive=False,
            Purchase__LCY_=Decimal("-1000.00"),
            Payment_Method_Code="FIK71",
        )
        (detail,) = records(engine, DETAILED_VENDOR_LEDG_ENTRY, "KF1000006")
        assert_has(
            detail,
            Vendor_Ledger_Entry_No_=entry["Entry No_"],
            Amount=Decimal("-1250.00"),
            Amount__LCY_=Decimal("-1250.00"),
            Ledger_Entry_Amount=True,
        )

    def test_general_ledger_has_cost_vat_and_payables(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        post(navision, order("k1"))

        assert gl_amounts(engine, "KF1000006") == [
            ("220100", Decimal("1000.00")),
            ("612100", Decimal("250.00")),
            ("951300", Decimal("-1250.00")),
        ]

    def test_the_next_document_has_the_next_numbers(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        receipts = [post(navision, order(key)).receipt for key in ("a", "b")]

        assert receipts == ["KF1000006", "KF1000007"]
        assert rows(
            engine,
            'SELECT "Last No_ Used" FROM "{}$No_ Series Line"'
            " WHERE \"Series Code\" LIKE 'K-FAKT%'",
        ) == [("KL1000008",), ("KF1000007",)]
        (entry,) = records(engine, VENDOR_LEDGER_ENTRY, "KF1000007")
        assert entry["Entry No_"] == entry["Transaction No_"] == 7

    def test_one_series_for_drafts_and_posted_gives_one_number(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        execute(engine, 'UPDATE "{}$Purchases & Payables Setup" SET "Invoice Nos_" = \'K-FAKT-B\'')

        assert post(navision, order("k1")).receipt == "KF1000006"
        (header,) = records(engine, PURCH_INV_HEADER, "KF1000006")
        assert header["Pre-Assigned No_"] == "KF1000006"

    def test_without_a_due_date_the_payment_terms_give_one(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        post(navision, order("k1", due_date=None))

        (header,) = records(engine, PURCH_INV_HEADER, "KF1000006")
        assert header["Due Date"] == date(2026, 12, 20)

    def test_the_payee_is_owed_and_the_supplier_is_named(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        execute(
            engine,
            'UPDATE "{}$Vendor" SET "Pay-to Vendor No_" = \'10003\' WHERE "No_" = \'10001\'',
        )

        evidence = post(navision, order("k1"))

        (entry,) = records(engine, VENDOR_LEDGER_ENTRY, "KF1000006")
        assert_has(entry, Vendor_No_="10003", Buy_from_Vendor_No_="10001")
        assert evidence.creditor == "10001"

    def test_a_long_text_is_cut_as_nav_cuts_it(
        self, engine: Engine, navision: SmallNavision
    ) -> None:

        post(navision, order("k1", replace(line(), text="x" * 200)))

        (posted,) = records(engine, PURCH_INV_LINE, "KF1000006")
        assert posted["Description"] == "x" * 50

    def test_a_posting_in_a_closed_year_is_marked(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        execute(
            engine,
            'UPDATE "{}$General Ledger Setup" SET "Allow Posting From" = \'2025-01-01 00:00:00\'',
        )

        post(navision, order("k1", posting_date=date(2025, 12, 31)))

        assert all(row["Prior-Year Entry"] for row in records(engine, GL_ENTRY, "KF1000006"))


class TestVat:
    def test_what_is_not_refunded_is_cost(self, engine: Engine, navision: SmallNavision) -> None:
        post(navision, order("k1", line("227000", vat_code="REP25")))

        assert gl_amounts(engine, "KF1000006") == [
            ("227000", Decimal("1187.50")),
            ("612100", Decimal("62.50")),
            ("951300", Decimal("-1250.00")),
        ]

    def test_reverse_charge_owes_and_refunds_the_same(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        wanted = order(
            "k1", line("222000", "100.00", "0.00", "EUV"), creditor="10011", currency="EUR"
        )

        post(navision, wanted)

        assert gl_amounts(engine, "KF1000006") == [
            ("222000", Decimal("745.90")),
            ("612100", Decimal("186.48")),
            ("612900", Decimal("-186.48")),
            ("951300", Decimal("-745.90")),
        ]

    def test_without_a_code_the_accounts_own_is_taken(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        post(navision, order("k1", line("227000", vat_code=None)))

        (posted,) = records(engine, PURCH_INV_LINE, "KF1000006")
        assert posted["VAT Prod_ Posting Group"] == "REP25"

    def test_the_invoices_own_rounding_of_vat_is_kept(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        post(navision, order("k1", line(amount="99.99", vat="25.01")))

        assert gl_amounts(engine, "KF1000006")[1] == ("612100", Decimal("25.01"))


class TestCurrency:
    def test_the_creditor_is_owed_euro_and_the_ledger_has_kroner(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        wanted = order(
            "k1",
            line("220100", "33.33", "0.00", "I0"),
            line("220100", "33.33", "0.00", "I0"),
            line("220100", "33.33", "0.00", "I0"),
            creditor="10011",
            currency="EUR",
        )

        evidence = post(navision, wanted)

        assert evidence.amount == Decimal("99.99")
        (detail,) = records(engine, DETAILED_VENDOR_LEDG_ENTRY, "KF1000006")
        assert_has(
            detail,
            Currency_Code="EUR",
            Amount=Decimal("-99.99"),
            Amount__LCY_=Decimal("-745.83"),
        )
        # Each line alone is 248.61; the cents of the sum go where the running total crosses them.
        assert gl_amounts(engine, "KF1000006") == [
            ("220100", Decimal("248.61")),
            ("220100", Decimal("248.61")),
            ("220100", Decimal("248.61")),
            ("951300", Decimal("-745.83")),
        ]

    def test_kroner_have_no_currency_code(self, engine: Engine, navision: SmallNavision) -> None:
        post(navision, order("k1"))

        (header,) = records(engine, PURCH_INV_HEADER, "KF1000006")
        assert_has(header, Currency_Code="", Currency_Factor=Decimal(0))


class TestCreditNote:
    def credit(self, key: str, amount: str, **changes: object) -> PostingOrder:
        net = Decimal(amount)
        return order(
            key,
            line(amount=str(net), vat=str(net / 4)),
            **{"kind": "credit-note", "applies_to": "dk-2026-0815", **changes},
        )

    def test_it_is_positive_in_the_creditors_ledger(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        evidence = post(navision, self.credit("c1", "400.00", applies_to=None))

        assert (evidence.receipt, evidence.amount) == ("KK1000001", Decimal("500.00"))
        (detail,) = records(engine, DETAILED_VENDOR_LEDG_ENTRY, "KK1000001")
        assert detail["Amount"] == Decimal("500.00")
        assert gl_amounts(engine, "KK1000001") == [
            ("220100", Decimal("-400.00")),
            ("612100", Decimal("-100.00")),
            ("951300", Decimal("500.00")),
        ]
        (header,) = records(engine, PURCH_CR_MEMO_HDR, "KK1000001")
        assert header["Vendor Cr_ Memo No_"] == "F-C1"

    @pytest.mark.parametrize(
        ("amount", "invoice_left", "memo_left"),
        [("400.00", "-750.00", "0"), ("1000.00", "0", "0"), ("1200.00", "0", "250.00")],
    )
    def test_it_settles_the_invoice_that_it_names(
        self,
        engine: Engine,
        navision: SmallNavision,
        amount: str,
        invoice_left: str,
        memo_left: str,
    ) -> None:
        evidence = post(navision, self.credit("c1", amount))

        assert evidence.amount == Decimal(amount) * Decimal("1.25")
        entries = rows(
            engine,
            """
            SELECT v."Open", SUM(d."Amount") / 100000.0 FROM "{}$Vendor Ledger Entry" v
            JOIN "{}$Detailed Vendor Ledg_ Entry" d ON d."Vendor Ledger Entry No_" = v."Entry No_"
            WHERE v."Entry No_" IN (1, 6) GROUP BY v."Entry No_"
            """,
        )
        left = [Decimal(invoice_left), Decimal(memo_left)]
        assert [Decimal(str(entry[1])) for entry in entries] == left
        assert [bool(entry[0]) for entry in entries] == [bool(it) for it in left]

    @pytest.mark.parametrize("named", ["UKENDT", "F-88120"])
    def test_it_stays_open_when_there_is_no_such_open_invoice_of_the_creditor(
        self, engine: Engine, navision: SmallNavision, named: str
    ) -> None:
        post(navision, self.credit("c1", "400.00", applies_to=named))

        (entry,) = records(engine, VENDOR_LEDGER_ENTRY, "KK1000001")
        assert entry["Open"] is True


class TestDimensions:
    def sets(self, engine: Engine) -> dict[int, set[tuple[str, str]]]:
        found: dict[int, set[tuple[str, str]]] = {}
        for number, dimension, value in rows(
            engine,
            'SELECT "Dimension Set ID", "Dimension Code", "Dimension Value Code"'
            ' FROM "{}$Dimension Set Entry"',
        ):
            found.setdefault(number, set()).add((dimension, value))
        return found

    def test_a_set_that_is_there_is_used_again(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        before = self.sets(engine)

        post(navision, order("k1", line(delregnskab="100")))

        (posted,) = records(engine, PURCH_INV_LINE, "KF1000006")
        assert self.sets(engine) == before
        assert before[posted["Dimension Set ID"]] == {("DELREGNSKAB", "100")}

    def test_a_new_set_is_written_once(self, engine: Engine, navision: SmallNavision) -> None:
        for key in ("a", "b"):
            post(navision, order(key, line(delregnskab="100", sted="ODE")))

        wanted = {("DELREGNSKAB", "100"), ("STED", "ODE")}
        assert [content for content in self.sets(engine).values() if content == wanted] == [wanted]

    def test_no_two_sets_are_the_same_also_after_a_refusal(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        dear = line(delregnskab="200", sted="AAR", amount="1.001", vat="0.249")
        navision.post(order("a", dear), generation="1", payload_hash="h")

        post(navision, order("b", line(delregnskab="200", sted="AAR")))

        (posted,) = records(engine, PURCH_INV_LINE, "KF1000006")
        wanted = {("DELREGNSKAB", "200"), ("STED", "AAR")}
        assert self.sets(engine)[posted["Dimension Set ID"]] == wanted

    def test_nav_fills_in_defaults_that_the_order_does_not_have(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        execute(
            engine,
            'INSERT INTO "{}$Default Dimension" VALUES'
            " (23, '10001', 'STED', 'KBH', 0), (15, '220100', 'PROJEKT', 'P001', 0),"
            " (23, '10001', 'PROJEKT', 'P002', 0)",
        )

        post(navision, order("k1", line(delregnskab="100")))

        (posted,) = records(engine, PURCH_INV_LINE, "KF1000006")
        assert self.sets(engine)[posted["Dimension Set ID"]] == {
            ("DELREGNSKAB", "100"),
            ("STED", "KBH"),
            ("PROJEKT", "P001"),
        }
        (header,) = records(engine, PURCH_INV_HEADER, "KF1000006")
        assert self.sets(engine)[header["Dimension Set ID"]] == {
            ("STED", "KBH"),
            ("PROJEKT", "P002"),
        }


class TestMasterDataIsFresh:
    """The door keeps master data from one posting to the next; it must never be a stale one."""

    BLOCK = 'UPDATE "{}$Vendor" SET "Blocked" = 2 WHERE "No_" = \'10001\''

    def test_a_change_over_the_same_connection_counts_at_once(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        post(navision, order("a"))
        execute(engine, self.BLOCK)

        refused = navision.post(order("b"), generation="1", payload_hash="h")

        assert refused.state is KeyState.REFUSED

    def test_a_change_over_another_connection_counts_at_once(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        post(navision, order("a"))
        with engine.connect():  # the door's connection is taken, so the change has its own
            execute(engine, self.BLOCK)

        refused = navision.post(order("b"), generation="1", payload_hash="h")

        assert refused.state is KeyState.REFUSED

    def test_a_change_between_a_tombstone_and_a_posting_counts(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        post(navision, order("a"))
        execute(engine, self.BLOCK)
        navision.tombstone(COMPANY, "x", generation="1", payload_hash="h")

        refused = navision.post(order("b"), generation="1", payload_hash="h")

        assert refused.state is KeyState.REFUSED


KEYS = itertools.count()
CENTS = st.integers(min_value=-(10**7), max_value=10**7).map(lambda n: Decimal(n) / 100)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    nets=st.lists(CENTS, min_size=1, max_size=6),
    currency=st.sampled_from(["DKK", "EUR", "SEK", "GBP"]),
    code=st.sampled_from(["I25", "I0", "REP25"]),
    kind=st.sampled_from(["invoice", "credit-note"]),
)
def test_every_posting_sums_to_zero_and_reads_back_as_ordered(
    engine: Engine,
    navision: SmallNavision,
    nets: list[Decimal],
    currency: str,
    code: str,
    kind: str,
) -> None:
    rate = Decimal("0.25") if code != "I0" else Decimal(0)
    vat = [(net * rate).quantize(Decimal("0.01")) for net in nets]
    lines = [
        line(amount=str(net), vat=str(part), vat_code=code)
        for net, part in zip(nets, vat, strict=True)
    ]
    wanted = order(f"p{next(KEYS)}", *lines, currency=currency, kind=kind)

    evidence = post(navision, wanted)

    assert evidence.amount == wanted.total
    receipt = evidence.receipt or ""
    assert sum(amount for _, amount in gl_amounts(engine, receipt)) == 0
    (detail,) = records(engine, DETAILED_VENDOR_LEDG_ENTRY, receipt)
    payables = [amount for account, amount in gl_amounts(engine, receipt) if account == "951300"]
    assert sum(payables) == detail["Amount (LCY)"]


@pytest.mark.parametrize(
    ("number", "increment", "expected"),
    [
        ("KF1000005", 1, "KF1000006"),
        ("KF0099", 1, "KF0100"),
        ("99", 1, "100"),
        ("A9-26", 10, "A9-36"),
        ("12A", 1, "13A"),
        ("A", 1, "A"),
    ],
)
def test_numbers_count_up_in_their_last_digits(number: str, increment: int, expected: str) -> None:
    assert increased(number, increment) == expected
