"""What is wrong with a re-posting sheet, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.checks import check_sheet, compute
from robot.domain.calendar import Terms
from robot.domain.customer import Customer, Mandate
from robot.domain.facts import (
    BlockedCombination,
    Coding,
    DimensionRule,
    Facts,
    Posting,
    ValuePosting,
)
from robot.domain.reposting import Fault, RepostingLine, RepostingSheet
from tests.support.factories import a_customer, a_document, coding_facts
from tests.support.factories import facts as everyday_facts
from tests.support.reposting import a_reposting

TODAY, DAY = date(2026, 11, 24), date(2026, 11, 30)
CUSTOMER = a_customer(mandates=())
OPEN = Posting(allowed_from=None, allowed_to=None, period_exists=True)


def a_line(row: int, amount: str, account: str = "225000", **more: object) -> RepostingLine:
    line = RepostingLine(
        row=row,
        voucher="1",
        posting_date=DAY,
        text="Flyttes",
        account=account,
        dimensions=(("delregnskab", "100"),),
        amount=Decimal(amount),
    )
    return replace(line, **more)  # type: ignore[arg-type]


def a_sheet(*lines: RepostingLine, author: str = "Ane") -> RepostingSheet:
    return RepostingSheet(
        customer="99001", author=author, lines=lines, faults=(), content_hash="ab" * 32
    )


def faults(
    sheet: RepostingSheet, coding: Coding | None = None, posting: Posting = OPEN
) -> list[Fault]:
    return checked(sheet, Facts(coding=coding or coding_facts(), posting=posting))


def checked(
    sheet: RepostingSheet,
    said: Facts,
    customer: Customer = CUSTOMER,
    terms: Terms = Terms(),  # noqa: B008 - immutable
    today: date = TODAY,
) -> list[Fault]:
    days = {it.posting_date for it in sheet.lines}
    return check_sheet(
        sheet, customer, dict.fromkeys(days, said), dict.fromkeys(days, terms), today
    )


def wrong_cell(line: RepostingLine, coding: Coding | None = None) -> tuple[int, str, str]:
    """The only fault of a sheet with this line and one against it."""
    against = a_line(99, str(-line.amount), voucher=line.voucher, posting_date=line.posting_date)
    (found,) = faults(a_sheet(line, against), coding)
    return found.row, found.column, found.en


def test_a_sheet_that_is_right_has_no_faults() -> None:
    assert faults(a_sheet(a_line(6, "100"), a_line(7, "-100", "511100"))) == []


@pytest.mark.parametrize(
    ("account", "message"),
    [
        ("999999", "There is no such account."),
        ("229900", "The account is blocked."),
        ("220000", "It is a sum or a heading."),
        ("612100", "The account takes no direct posting."),
    ],
)
def test_an_account_must_take_postings(account: str, message: str) -> None:
    assert wrong_cell(a_line(6, "100", account)) == (6, "Finanskonto", message)


@pytest.mark.parametrize(
    ("dimension", "code", "message"),
    [
        ("delregnskab", "555", "There is no such value."),
        ("delregnskab", "900", "The value is blocked."),
        ("delregnskab", "999", "It is a sum or a heading."),
        ("projekt", "1", "There is no such dimension."),
    ],
)
def test_a_dimension_must_be_one_that_the_erp_takes(
    dimension: str, code: str, message: str
) -> None:
    line = a_line(6, "100", dimensions=((dimension, code),))
    assert wrong_cell(line) == (6, dimension, message)


def test_an_account_that_needs_a_dimension_says_which() -> None:
    line = a_line(6, "100", "220100", dimensions=())
    assert wrong_cell(line) == (6, "delregnskab", "The account needs this dimension.")


@pytest.mark.parametrize(
    ("posting", "value", "message"),
    [
        (ValuePosting.NONE, None, "The account takes no such dimension."),
        (ValuePosting.SAME, "200", "The account needs its own value here."),
    ],
)
def test_what_an_account_says_about_a_dimension_counts(
    posting: ValuePosting, value: str | None, message: str
) -> None:
    rule = DimensionRule(
        table="account", owner="511100", dimension="delregnskab", value=value, posting=posting
    )
    coding = coding_facts(rules=(rule,))
    assert wrong_cell(a_line(6, "100", "511100"), coding) == (6, "delregnskab", message)


def test_a_rule_for_all_accounts_counts_beside_the_account_s_own() -> None:
    rules = tuple(
        DimensionRule(
            table="account", owner=owner, dimension="delregnskab", value=None, posting=posting
        )
        for owner, posting in (("511100", ValuePosting.FREE), ("", ValuePosting.MANDATORY))
    )
    line = a_line(6, "100", "511100", dimensions=())
    against = a_line(7, "-100", "511100")
    (found,) = faults(a_sheet(line, against), coding_facts(rules=rules))
    assert (found.row, found.en) == (6, "The account needs this dimension.")


def test_an_account_whose_own_value_is_none_takes_none() -> None:
    rule = DimensionRule(
        table="account",
        owner="511100",
        dimension="delregnskab",
        value=None,
        posting=ValuePosting.SAME,
    )
    sheet = a_sheet(a_line(6, "100", "511100", dimensions=()), a_line(7, "-100", "511100"))
    (found,) = faults(sheet, coding_facts(rules=(rule,)))
    assert (found.row, found.en) == (7, "The account takes no such dimension.")


def test_a_blocked_combination_is_named() -> None:
    blocked = BlockedCombination(
        first="formaal", first_value="10", second="sted", second_value="KBH"
    )
    coding = coding_facts(combinations=(blocked,))
    line = a_line(6, "100", dimensions=(("formaal", "10"), ("sted", "kbh")))
    assert wrong_cell(line, coding) == (6, "sted", "The combination with formaal is blocked.")


@pytest.mark.parametrize(
    "posting",
    [
        Posting(allowed_from=date(2026, 12, 1), allowed_to=None, period_exists=True),
        Posting(allowed_from=None, allowed_to=date(2026, 11, 29), period_exists=True),
        Posting(allowed_from=None, allowed_to=None, period_exists=False),
        Posting(allowed_from=None, allowed_to=None, period_exists=True, year_closed=True),
    ],
)
def test_a_closed_period_takes_nothing(posting: Posting) -> None:
    sheet = a_sheet(a_line(6, "100"), a_line(7, "-100"))
    found = faults(sheet, posting=posting)
    assert [(it.row, it.column) for it in found] == [(6, "Bogføringsdato"), (7, "Bogføringsdato")]


def test_what_the_erp_does_not_say_is_never_right() -> None:
    sheet = a_sheet(a_line(6, "100"), a_line(7, "-100"))
    found = checked(sheet, Facts())
    assert {it.column for it in found} == {"Bogføringsdato", "Finanskonto"}


def test_a_voucher_comes_to_zero_on_each_date() -> None:
    (found,) = faults(a_sheet(a_line(6, "100"), a_line(7, "-99.50")))
    assert found.en == "Voucher 1 does not come to zero: 0.50 DKK."
    assert found.da == "Bilag 1 går ikke i nul: 0,50 kr."
    other_day = a_line(7, "-100", posting_date=date(2026, 12, 1))
    assert len(faults(a_sheet(a_line(6, "100"), other_day))) == 2


def test_a_sheet_without_lines_or_author_is_wrong() -> None:
    found = faults(a_sheet(author=""))
    assert {it.en for it in found} == {"The sheet has no lines.", "Say who filled it in."}


def test_where_a_customer_has_a_declaration_only_its_persons_fill_sheets_in() -> None:
    customer = a_customer(mandates=(Mandate(person="Ane", valid_to=TODAY),))
    said = Facts(coding=coding_facts(), posting=OPEN)
    lines = (a_line(6, "100"), a_line(7, "-100"))
    assert checked(a_sheet(*lines, author="ane"), said, customer) == []
    (found,) = checked(a_sheet(*lines, author="Bo"), said, customer)
    assert found.column == "Udfyldt af"
    (late,) = checked(a_sheet(*lines), said, customer, today=date(2026, 11, 25))
    assert late.column == "Udfyldt af"


def test_nobody_moves_more_than_the_declaration_says() -> None:
    customer = a_customer(mandates=(Mandate(person="Ane", limit=Decimal(100)),))
    said = Facts(coding=coding_facts(), posting=OPEN)
    assert checked(a_sheet(a_line(6, "100"), a_line(7, "-100")), said, customer) == []
    (found,) = checked(a_sheet(a_line(6, "100.01"), a_line(7, "-100.01")), said, customer)
    assert found.en == "The sheet moves more than the person is authorised to."


def test_where_the_period_asks_for_a_declaration_a_customer_without_one_sends_nothing() -> None:
    sheet = a_sheet(a_line(6, "100"), a_line(7, "-100"))
    said = Facts(coding=coding_facts(), posting=OPEN)
    (found,) = checked(sheet, said, terms=Terms(declaration_needed=True))
    assert (found.row, found.column) == (0, "Udfyldt af")
    late = checked(sheet, said, terms=Terms(cut_off_passed=True))
    assert {(it.row, it.en) for it in late} == {
        (row, "The time for sheets of this period is over.") for row in (6, 7)
    }


def test_a_voucher_of_the_customer_fits_into_navision() -> None:
    sheet = a_sheet(a_line(6, "1", voucher="x" * 36), a_line(7, "-1", voucher="x" * 36))
    assert {(it.row, it.column) for it in faults(sheet)} == {(6, "Bilag"), (7, "Bilag")}


def test_rules_see_how_many_cells_are_wrong_when_it_is_decided() -> None:
    document = a_reposting(a_line(6, "100", "999999"), a_line(7, "-100"), author="Bo")
    customer = a_customer(mandates=(Mandate(person="Ane"),))
    values = compute(document, everyday_facts(), customer, TODAY)
    assert values["invoice.kind"] == "reposting"
    assert values["reposting.wrong_cells"] == 1
    assert values["reposting.author_on_declaration"] is False
    assert values["posting.period_open"] is True
    assert str(values["invoice.total_dkk"]) == "100 DKK"


def test_an_invoice_has_nothing_of_a_sheet() -> None:
    values = compute(a_document(), everyday_facts(), a_customer(), TODAY)
    assert values["reposting.wrong_cells"] is None
    assert values["reposting.cut_off_passed"] is False


ore = st.integers(-(10**10), 10**10).filter(bool)


@given(st.lists(ore, min_size=1, max_size=30))
def test_vouchers_are_right_exactly_when_they_come_to_zero(amounts: list[int]) -> None:
    lines = [a_line(6 + place, str(Decimal(it) / 100)) for place, it in enumerate(amounts)]
    found = faults(a_sheet(*lines))
    assert bool(found) == (sum(amounts) != 0)
    rest = -Decimal(sum(amounts)) / 100
    if rest:
        assert faults(a_sheet(*lines, a_line(99, str(rest)))) == []
