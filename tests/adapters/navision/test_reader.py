"""What the reader finds out about a document, and at what price."""

# ruff: noqa: S608 - the statements are made of this file's own words

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from robot.adapters.navision import small
from robot.adapters.navision.reader import NavisionReader
from robot.domain.customer import Customer
from robot.domain.facts import (
    NOTHING_KNOWN,
    BankAccount,
    Blocked,
    BlockedCombination,
    Coding,
    Creditor,
    DimensionRule,
    DimensionValue,
    Duplicate,
    Facts,
    Posting,
    ValuePosting,
)
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Invoice, Kind, PaymentChannel, PaymentMeans
from robot.errors import ErpError, ErpUnavailableError
from robot.flow.ports import Question
from tests.adapters.navision.world import (
    COMPANY,
    CUSTOMER,
    EXAMPLES,
    TODAY,
    add_rows,
    build,
    coded,
    copy_of_examples,
    execute,
    invoice,
    party,
    question,
    referring,
)

AskOne = Callable[..., Facts]


@pytest.fixture
def ask(reader: NavisionReader) -> AskOne:
    """Facts for one document."""

    def facts(document: Invoice | None = None, **changes: object) -> Facts:
        return reader.facts([question(document, **changes)])[0]  # type: ignore[arg-type]  # passed on

    return facts


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that the engine is given."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def creditor_of(facts: Facts) -> Creditor:
    assert isinstance(facts.creditor, Creditor)
    return facts.creditor


def coding_of(facts: Facts) -> Coding:
    assert isinstance(facts.coding, Coding)
    return facts.coding


def posting_of(facts: Facts) -> Posting:
    assert isinstance(facts.posting, Posting)
    return facts.posting


def duplicates_of(facts: Facts) -> tuple[Duplicate, ...]:
    assert isinstance(facts.duplicates, tuple)
    return facts.duplicates


class TestPrice:
    @staticmethod
    def batch(size: int) -> list[Question]:
        """Documents that differ in everything that is looked up."""
        cvrs = ["99130008", "99130016", "99140003", "99150009", "99160004", "99190000"]
        accounts = ["220100", "221000", "225000", "229900", "000000"]
        return [
            question(
                invoice(
                    f"F-{number}",
                    seller=party(cvr=cvrs[number % len(cvrs)]),
                    total=str(1000 + number),
                    currency=["DKK", "EUR"][number % 2],
                ),
                coding=[coded(accounts[number % len(accounts)], delregnskab=str(number))],
            )
            for number in range(size)
        ]

    def test_a_batch_costs_a_fixed_number_of_statements(
        self, reader: NavisionReader, statements: list[str]
    ) -> None:
        reader.facts(self.batch(2))
        prices = []
        for size in (2, 50, 200):
            statements.clear()
            reader.facts(self.batch(size))
            prices.append(len(statements))

        assert prices[0] == prices[1] == prices[2] < 25

    def test_each_further_200_documents_cost_one_statement_more(
        self, reader: NavisionReader, statements: list[str]
    ) -> None:
        reader.facts(self.batch(200))
        statements.clear()
        reader.facts(self.batch(200))
        small_batch = len(statements)
        statements.clear()
        reader.facts(self.batch(1000))

        assert len(statements) <= small_batch + 4

    def test_reading_only_selects(self, reader: NavisionReader, statements: list[str]) -> None:
        reader.facts(self.batch(10))

        others = {s.split()[0] for s in statements} - {"SELECT", "BEGIN", "PRAGMA"}
        assert others == set()

    def test_reading_goes_on_while_somebody_writes(self, engine: Engine, ask: AskOne) -> None:
        with engine.connect() as writer:
            writer.exec_driver_sql("ROLLBACK")
            writer.exec_driver_sql("BEGIN IMMEDIATE")
            writer.exec_driver_sql(f'UPDATE "{COMPANY}$Vendor" SET "Name" = \'-\'')

            assert creditor_of(ask()).name == "Dansk Kontor A/S"
            writer.exec_driver_sql("ROLLBACK")


class TestOrder:
    def test_facts_come_in_the_order_of_the_questions_over_companies(self, tmp_path: Path) -> None:
        engine = build(tmp_path, EXAMPLES, COMPANY, "Fyrvæsenet")
        lighthouse = Customer(name="Fyrvæsenet", bogfoeringskreds="99002")
        customers = [CUSTOMER, lighthouse, CUSTOMER, lighthouse]

        facts = NavisionReader(engine, "ROBOT").facts(
            [question(customer=customer) for customer in customers]
        )

        first_days = [posting_of(it).allowed_from for it in facts]
        assert first_days == [date(2026, 11, 1), date(2026, 11, 15)] * 2
        engine.dispose()

    def test_the_company_is_the_one_that_the_customers_file_names(self, ask: AskOne) -> None:
        renamed = Customer(name="Et andet navn", bogfoeringskreds="99001", company=COMPANY)

        assert creditor_of(ask(customer=renamed)).number == "10001"

    def test_nothing_is_known_in_a_company_that_the_erp_does_not_have(self, ask: AskOne) -> None:
        nobody = Customer(name="Ukendt", bogfoeringskreds="99999")

        assert ask(customer=nobody) == NOTHING_KNOWN

    def test_nothing_is_known_about_what_is_no_invoice(self, reader: NavisionReader) -> None:
        asked = question()
        unreadable = replace(asked, document=replace(asked.document, invoice=None))

        assert reader.facts([unreadable, asked])[0] == NOTHING_KNOWN

    def test_no_questions_have_no_answers(self, reader: NavisionReader) -> None:
        assert reader.facts([]) == []

    def test_companies_with_the_same_table_names_stop_the_reading(self, engine: Engine) -> None:
        execute(engine, "INSERT INTO Company (Name) VALUES ('A.S'), ('A/S')")

        with pytest.raises(ErpError, match=r"'A\.S' and 'A/S' have the same tables"):
            NavisionReader(engine, "ROBOT").facts(
                [question(customer=Customer(name="A/S", bogfoeringskreds="1"))]
            )

    def test_a_company_without_tables_is_an_error_in_words(self, engine: Engine) -> None:
        execute(engine, "INSERT INTO Company (Name) VALUES ('Tom')")

        with pytest.raises(ErpError, match="'Tom' is listed, but it has no purchase tables"):
            NavisionReader(engine, "ROBOT").facts(
                [question(customer=Customer(name="Tom", bogfoeringskreds="1"))]
            )

    def test_an_erp_that_can_not_be_opened_is_unavailable(self, tmp_path: Path) -> None:
        engine = small.connect(tmp_path / "no folder" / "navision.db")

        with pytest.raises(ErpUnavailableError, match="unable to open"):
            NavisionReader(engine, "ROBOT").facts([question()])


class TestCreditor:
    def test_everything_that_the_row_says(self, ask: AskOne) -> None:
        facts = ask(invoice(seller=party(cvr="99140003")))

        assert replace(creditor_of(facts), bank_details_hash="") == Creditor(
            number="10003",
            name="Kaffekompagniet ApS",
            cvr="99140003",
            blocked=Blocked.NO,
            country="DK",
            payment_method="BANK",
            payment_channel="bank",
            accounts=(BankAccount(branch="1551", account="0001234567"),),
        )
        assert facts.creditor_candidates == 0

    @pytest.mark.parametrize(
        ("seller", "number"),
        [
            (party(cvr="99130008"), "10001"),
            (party(gln="5012345678900"), "10012"),
            (party(vat="DE111111125"), "10011"),
            (party(vat="DK99130016"), "10002"),
            (party(se="99130016"), "10002"),
            (party(cvr="99130008", gln="5012345678900"), "10001"),
            (party(gln="5012345678900", vat="DE111111125"), "10012"),
            (party(cvr="12345678", vat="DE111111125"), "10011"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_it_is_found_by_cvr_then_gln_then_vat_number(
        self, ask: AskOne, seller: object, number: str
    ) -> None:
        assert creditor_of(ask(invoice(seller=seller))).number == number

    @pytest.mark.parametrize("spelled", ["DK99130008", "DK 99130008", "dk99130008"])
    def test_a_registration_number_may_stand_with_its_country(
        self, engine: Engine, ask: AskOne, spelled: str
    ) -> None:
        execute(
            engine,
            f'UPDATE "{{}}$Vendor" SET "VAT Registration No_" = \'{spelled.upper()}\' '
            "WHERE \"No_\" = '10001'",
        )

        assert creditor_of(ask()).cvr == "99130008"

    @pytest.mark.parametrize("seller", [party(cvr="12345678"), party()])
    def test_nobody_has_these_numbers(self, ask: AskOne, seller: object) -> None:
        facts = ask(invoice(seller=seller))

        assert facts.creditor is None
        assert facts.duplicates == ()

    @pytest.mark.parametrize(
        ("number", "channel", "creditor_number"),
        [
            ("99130008", "fik-71", "81234562"),
            ("99160004", "fik-75", "85551237"),
            ("99150009", "nemkonto", None),
        ],
    )
    def test_the_payment_method_names_the_channel(
        self, ask: AskOne, number: str, channel: str, creditor_number: str | None
    ) -> None:
        creditor = creditor_of(ask(invoice(seller=party(cvr=number))))

        assert (creditor.payment_channel, creditor.creditor_number) == (channel, creditor_number)

    def test_a_site_says_what_its_own_payment_methods_mean(self, engine: Engine) -> None:
        execute(engine, 'UPDATE "{}$Vendor" SET "Payment Method Code" = \'KORT\'')
        reader = NavisionReader(
            engine, "ROBOT", payment_methods={"KORT": PaymentChannel.DIRECT_DEBIT}
        )

        assert creditor_of(reader.facts([question()])[0]).payment_channel == "direct-debit"

    def test_a_payment_slip_of_no_known_type_names_no_channel(
        self, engine: Engine, ask: AskOne
    ) -> None:
        execute(engine, 'UPDATE "{}$Payment Method" SET "Code" = \'X\' WHERE "Code" = \'FIK71\'')
        execute(engine, 'UPDATE "{}$Vendor" SET "Payment Method Code" = \'X\'')

        assert creditor_of(ask()).payment_channel is None

    @pytest.mark.parametrize(
        ("column", "value", "blocked"),
        [
            ("Blocked", 0, Blocked.NO),
            ("Blocked", 1, Blocked.PAYMENT),
            ("Blocked", 2, Blocked.ALL),
            ("Blocked", 7, Blocked.ALL),
            ("Privacy Blocked", 1, Blocked.PRIVACY),
        ],
    )
    def test_how_it_is_blocked(
        self, engine: Engine, ask: AskOne, column: str, value: int, blocked: Blocked
    ) -> None:
        execute(engine, f'UPDATE "{{}}$Vendor" SET "{column}" = {value}')

        assert creditor_of(ask()).blocked is blocked

    def test_who_is_paid_decides_account_and_blocking(self, engine: Engine, ask: AskOne) -> None:
        execute(
            engine,
            'UPDATE "{}$Vendor" SET "Pay-to Vendor No_" = \'10009\' WHERE "No_" = \'10001\'',
        )

        creditor = creditor_of(ask())

        assert creditor.pay_to == "10009"
        assert creditor.blocked is Blocked.ALL
        assert creditor.payment_channel == "bank"
        assert creditor.creditor_number is None
        assert creditor.accounts == (BankAccount(branch="3333", account="0001112223"),)

    def test_a_foreign_creditor_has_no_cvr(self, ask: AskOne) -> None:
        creditor = creditor_of(ask(invoice(seller=party(vat="DE111111125"))))

        assert (creditor.cvr, creditor.country, creditor.currency) == (None, "DE", "EUR")
        assert creditor.accounts == (BankAccount(iban="DE89370400440532013000"),)

    @pytest.mark.parametrize(
        ("account", "number"), [("0004445556", "10015"), ("4445564", "10016"), ("1", "10015")]
    )
    def test_among_rows_with_one_cvr_the_one_that_is_paid_as_asked_goes_first(
        self, ask: AskOne, account: str, number: str
    ) -> None:
        means = PaymentMeans(
            code="42", channel=PaymentChannel.BANK, account=account, branch="6666"
        )

        facts = ask(invoice(seller=party(cvr="99190000"), payment_means=(means,)))

        assert creditor_of(facts).number == number
        assert facts.creditor_candidates == 1

    def test_a_blocked_row_is_not_chosen_when_there_is_another(
        self, engine: Engine, ask: AskOne
    ) -> None:
        execute(engine, 'UPDATE "{}$Vendor" SET "Blocked" = 2 WHERE "No_" = \'10015\'')

        assert creditor_of(ask(invoice(seller=party(cvr="99190000")))).number == "10016"


class TestCoding:
    def test_only_what_exists_is_there(self, ask: AskOne) -> None:
        coding = coding_of(
            ask(coding=[coded("220100", delregnskab="100", sted="XXX"), coded("999999")])
        )

        assert set(coding.accounts) == {"220100"}
        assert set(coding.values) == {("delregnskab", "100")}
        assert coding.dimensions == {"delregnskab", "formaal", "sted", "projekt"}

    @pytest.mark.parametrize(
        ("number", "posting", "blocked", "direct_posting"),
        [
            ("220100", True, False, True),
            ("229900", True, True, True),
            ("220000", False, False, False),
            ("612100", True, False, False),
        ],
    )
    def test_what_an_account_takes(
        self,
        ask: AskOne,
        number: str,
        posting: bool,
        blocked: bool,
        direct_posting: bool,
    ) -> None:
        account = coding_of(ask(coding=[coded(number)])).accounts[number]

        assert (account.posting, account.blocked, account.direct_posting) == (
            posting,
            blocked,
            direct_posting,
        )

    def test_a_value_may_be_blocked_or_a_heading(self, engine: Engine, ask: AskOne) -> None:
        execute(
            engine,
            'UPDATE "{}$Dimension Value" SET "Dimension Value Type" = 1 WHERE "Code" = \'10\'',
        )

        values = coding_of(ask(coding=[coded("220100", delregnskab="900", formaal="10")])).values

        assert values["delregnskab", "900"] == DimensionValue(
            dimension="delregnskab", code="900", blocked=True
        )
        assert values["formaal", "10"].postable is False

    def test_names_and_values_are_spelled_as_the_customer_does(self, ask: AskOne) -> None:
        shouting = Customer(name=COMPANY, bogfoeringskreds="99001", dimensions=("Sted",))

        coding = coding_of(ask(coding=[coded("220100", Sted="kbh")], customer=shouting))

        assert set(coding.values) == {("Sted", "kbh")}
        assert coding.dimensions == {"delregnskab", "formaal", "Sted", "projekt"}

    def test_a_blocked_dimension_is_named(self, engine: Engine, ask: AskOne) -> None:
        execute(engine, 'UPDATE "{}$Dimension" SET "Blocked" = 1 WHERE "Code" = \'STED\'')

        assert coding_of(ask()).blocked_dimensions == {"sted"}

    def test_rules_of_the_account_the_table_and_the_creditor(self, tmp_path: Path) -> None:
        csv_dir = copy_of_examples(tmp_path)
        add_rows(
            csv_dir / "default_dimension.csv",
            [
                {"Table ID": 15, "Dimension Code": "STED", "Value Posting": "No Code"},
                {
                    "Table ID": 23,
                    "No.": "10001",
                    "Dimension Code": "FORMAAL",
                    "Dimension Value Code": "10",
                    "Value Posting": "Same Code",
                },
                {
                    "Table ID": 23,
                    "No.": "10001",
                    "Dimension Code": "PROJEKT",
                    "Dimension Value Code": "P001",
                },
                {
                    "Table ID": 23,
                    "No.": "10002",
                    "Dimension Code": "STED",
                    "Value Posting": "No Code",
                },
            ],
        )
        engine = build(tmp_path, csv_dir)

        (facts,) = NavisionReader(engine, "ROBOT").facts([question(coding=[coded("225000")])])

        assert {(r.table, r.owner, r.dimension, r.value, r.posting) for r in _rules(facts)} == {
            ("account", "225000", "delregnskab", None, ValuePosting.MANDATORY),
            ("account", "225000", "formaal", None, ValuePosting.MANDATORY),
            ("account", "", "sted", None, ValuePosting.NONE),
            ("creditor", "10001", "formaal", "10", ValuePosting.SAME),
        }
        engine.dispose()

    def test_values_that_can_not_stand_together(self, ask: AskOne) -> None:
        coding = coding_of(ask(coding=[coded("225000", delregnskab="300", formaal="10")]))

        assert coding.combinations == (
            BlockedCombination(
                first="delregnskab", first_value="300", second="formaal", second_value="10"
            ),
        )

    def test_dimensions_that_can_not_stand_together(self, engine: Engine, ask: AskOne) -> None:
        execute(engine, 'UPDATE "{}$Dimension Combination" SET "Combination Restriction" = 1')

        coding = coding_of(ask(coding=[coded("225000", delregnskab="300", formaal="10")]))

        assert coding.combinations == (
            BlockedCombination(
                first="delregnskab", first_value=None, second="formaal", second_value=None
            ),
        )

    @pytest.mark.parametrize(
        ("seller", "rates", "reverse"),
        [
            (party(cvr="99130008"), {"I25": 25, "I0": 0, "REP25": 25}, set()),
            (party(vat="DE111111125"), {"I0": 0, "EUV": 25, "EUY": 25}, {"EUV", "EUY"}),
            (
                party(),
                {"I25": 25, "I0": 0, "REP25": 25, "EUV": 25, "EUY": 25},
                {"EUV", "EUY"},
            ),
        ],
        ids=["danish", "german", "nobody knows"],
    )
    def test_vat_codes_are_those_of_the_creditors_kind(
        self, ask: AskOne, seller: object, rates: dict[str, int], reverse: set[str]
    ) -> None:
        coding = coding_of(ask(invoice(seller=seller)))

        assert coding.vat_rates == rates
        assert coding.reverse_charge == reverse


def _rules(facts: Facts) -> tuple[DimensionRule, ...]:
    return coding_of(facts).rules


class TestPosting:
    def test_the_companys_range_holds(self, ask: AskOne) -> None:
        assert posting_of(ask(posting_date=date(2026, 11, 24))) == Posting(
            allowed_from=date(2026, 11, 1),
            allowed_to=date(2026, 12, 31),
            period_exists=True,
            next_open=date(2026, 11, 24),
        )

    @pytest.mark.parametrize(
        ("own_from", "own_to", "expected"),
        [
            ("2026-11-20", "2026-11-30", (date(2026, 11, 20), date(2026, 11, 30))),
            ("2026-11-20", "1753-01-01", (date(2026, 11, 20), None)),
            ("1753-01-01", "2026-11-30", (None, date(2026, 11, 30))),
            ("1753-01-01", "1753-01-01", (date(2026, 11, 1), date(2026, 12, 31))),
        ],
    )
    def test_the_posting_users_range_comes_first_when_either_end_is_filled(
        self,
        engine: Engine,
        ask: AskOne,
        own_from: str,
        own_to: str,
        expected: tuple[date | None, date | None],
    ) -> None:
        execute(
            engine,
            f'UPDATE "{{}}$User Setup" SET "Allow Posting From" = \'{own_from} 00:00:00\', '
            f"\"Allow Posting To\" = '{own_to} 00:00:00' WHERE \"User ID\" = 'ROBOT'",
        )

        posting = posting_of(ask())

        assert (posting.allowed_from, posting.allowed_to) == expected

    @pytest.mark.parametrize(
        ("wanted", "next_open"),
        [
            (date(2026, 10, 31), date(2026, 11, 1)),
            (date(2026, 11, 1), date(2026, 11, 1)),
            (date(2026, 12, 31), date(2026, 12, 31)),
            (date(2027, 1, 1), None),
        ],
    )
    def test_the_next_open_day(self, ask: AskOne, wanted: date, next_open: date | None) -> None:
        assert posting_of(ask(posting_date=wanted)).next_open == next_open

    @pytest.mark.parametrize(
        ("wanted", "exists", "closed"),
        [
            (date(2024, 12, 31), False, False),
            (date(2025, 12, 31), True, True),
            (date(2026, 1, 1), True, False),
            (date(2026, 12, 31), True, False),
            (date(2027, 1, 1), False, False),
        ],
    )
    def test_the_accounting_period(
        self,
        ask: AskOne,
        wanted: date,
        exists: bool,
        closed: bool,
    ) -> None:
        posting = posting_of(ask(posting_date=wanted))

        assert (posting.period_exists, posting.year_closed) == (exists, closed)

    def test_without_a_posting_date_it_is_todays(self, ask: AskOne) -> None:
        assert posting_of(ask(today=date(2026, 10, 1))).next_open == date(2026, 11, 1)


class TestDuplicates:
    """The examples' ledger holds Dansk Kontor's DK-2026-0815 of 1,250.00 and a few others."""

    POSTED = Duplicate(
        number="KF1000001",
        where="posted",
        exact=True,
        creditor="10001",
        amount=Decimal("1250.00"),
        issue_date=date(2026, 10, 12),
    )

    def test_same_creditor_number_and_amount_is_exact(self, ask: AskOne) -> None:
        assert duplicates_of(ask(invoice("DK-2026-0815"))) == (self.POSTED,)

    def test_nav_does_not_tell_small_letters_from_capitals(self, ask: AskOne) -> None:
        assert duplicates_of(ask(invoice("dk-2026-0815 "))) == (self.POSTED,)

    @pytest.mark.parametrize("number", ["DK20260815", "DK 2026/0815", "00DK-2026.0815"])
    def test_the_same_number_written_otherwise_is_suspected(
        self, ask: AskOne, number: str
    ) -> None:
        assert duplicates_of(ask(invoice(number))) == (replace(self.POSTED, exact=False),)

    def test_the_same_number_with_another_amount_is_suspected(self, ask: AskOne) -> None:
        assert duplicates_of(ask(invoice("DK-2026-0815", total="99.00"))) == (
            replace(self.POSTED, exact=False),
        )

    @pytest.mark.parametrize(
        ("day", "found"),
        [
            (date(2026, 10, 9), True),
            (date(2026, 10, 15), True),
            (date(2026, 10, 8), False),
            (date(2026, 10, 16), False),
        ],
    )
    def test_the_same_amount_on_nearly_the_same_day_is_suspected(
        self,
        ask: AskOne,
        day: date,
        found: bool,
    ) -> None:
        assert bool(duplicates_of(ask(invoice("X-9", issue_date=day)))) is found

    def test_another_currency_is_another_amount(self, ask: AskOne) -> None:
        document = invoice("X-9", issue_date=date(2026, 10, 12), currency="EUR")

        assert duplicates_of(ask(document)) == ()

    def test_the_supplier_under_a_second_row_is_suspected(self, ask: AskOne) -> None:
        means = PaymentMeans(
            code="42", channel=PaymentChannel.BANK, branch="6666", account="0004445564"
        )
        document = invoice(
            "KC-3301", seller=party(cvr="99190000"), total="4000.00", payment_means=(means,)
        )

        (found,) = duplicates_of(ask(document))

        assert (found.creditor, found.exact) == ("10015", False)

    def test_another_supplier_with_the_same_number_is_no_duplicate(self, ask: AskOne) -> None:
        document = invoice("DK-2026-0815", seller=party(cvr="99130016"))

        assert duplicates_of(ask(document)) == ()

    def test_a_credit_note_does_not_repeat_an_invoice(self, ask: AskOne) -> None:
        assert duplicates_of(ask(invoice("DK-2026-0815", kind=Kind.CREDIT_NOTE))) == ()

    def test_what_was_reversed_is_not_there(self, engine: Engine, ask: AskOne) -> None:
        execute(engine, 'UPDATE "{}$Vendor Ledger Entry" SET "Reversed" = 1')

        assert duplicates_of(ask(invoice("DK-2026-0815"))) == ()

    def test_a_draft_that_somebody_left_counts(self, ask: AskOne) -> None:
        document = invoice("RØ-2026-44", seller=party(cvr="99140011"), total="9375.00")

        assert duplicates_of(ask(document)) == (
            Duplicate(
                number="KL1000006",
                where="draft",
                exact=True,
                creditor="10004",
                amount=Decimal("9375.00"),
                issue_date=date(2026, 11, 16),
            ),
        )

    def test_an_amount_that_no_ledger_holds_breaks_nothing(self, ask: AskOne) -> None:
        assert duplicates_of(ask(invoice("F-7", total="1" * 30 + ".123456789"))) == ()

    def test_a_number_longer_than_navs_field_breaks_nothing(self, ask: AskOne) -> None:
        assert duplicates_of(ask(invoice("9" * 200))) == ()


class TestReferences:
    def test_a_credit_note_names_invoices_that_are_posted(self, ask: AskOne) -> None:
        document = invoice("K-1", **referring("dk-2026-0815", "DK-2026-9999"))

        assert ask(document).referenced_posted == frozenset({"dk-2026-0815"})

    def test_anothers_invoice_is_not_meant(self, ask: AskOne) -> None:
        assert ask(invoice("K-1", **referring("F-88120"))).referenced_posted == frozenset()

    def test_a_draft_is_not_posted(self, ask: AskOne) -> None:
        document = invoice("K-1", seller=party(cvr="99140011"), **referring("RØ-2026-44"))

        assert ask(document).referenced_posted == frozenset()


class TestCurrencies:
    def test_the_erps_own_currency_is_one_of_them(self, ask: AskOne) -> None:
        assert ask().currencies == frozenset({"DKK", "EUR", "GBP", "USD", "SEK", "NOK"})

    @pytest.mark.parametrize(
        ("currency", "day", "rate"),
        [
            ("DKK", TODAY, None),
            ("EUR", date(2026, 11, 2), Decimal("7.459")),
            ("EUR", date(2026, 11, 1), Decimal("7.4605")),
            ("SEK", TODAY, Decimal("0.6745")),
            ("EUR", date(2025, 12, 31), UNKNOWN),
            ("JPY", TODAY, UNKNOWN),
        ],
    )
    def test_one_unit_at_the_posting_date(
        self, ask: AskOne, currency: str, day: date, rate: Decimal | None
    ) -> None:
        assert ask(invoice(currency=currency), posting_date=day).rate_to_dkk == rate

    def test_each_document_of_a_batch_has_the_rate_of_its_own_day(
        self, reader: NavisionReader
    ) -> None:
        asked = [
            question(invoice(currency="EUR"), posting_date=day)
            for day in (date(2026, 12, 1), date(2026, 1, 1), date(2026, 11, 1))
        ]

        assert [it.rate_to_dkk for it in reader.facts(asked)] == [
            Decimal("7.459"),
            Decimal("7.4605"),
            Decimal("7.4605"),
        ]

    def test_a_rate_in_terms_of_another_currency_is_none_to_kroner(
        self, engine: Engine, ask: AskOne
    ) -> None:
        execute(
            engine, 'UPDATE "{}$Currency Exchange Rate" SET "Relational Currency Code" = \'EUR\''
        )

        assert ask(invoice(currency="USD")).rate_to_dkk is UNKNOWN
