"""What is wrong with a re-posting sheet, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.customer import Mandate
from robot.domain.facts import (
    BlockedCombination,
    Coding,
    DimensionRule,
    Facts,
    Posting,
    ValuePosting,
)
from robot.flow.reposting import Fault, RepostingLine, RepostingSheet, check, questions
from tests.support.factories import a_customer, coding_facts

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
    said = Facts(coding=coding or coding_facts(), posting=posting)
    return check(
        sheet, CUSTOMER, dict.fromkeys({it.posting_date for it in sheet.lines}, said), TODAY
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
    found = check(sheet, CUSTOMER, {DAY: Facts()}, TODAY)
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
    said = {DAY: Facts(coding=coding_facts(), posting=OPEN)}
    lines = (a_line(6, "100"), a_line(7, "-100"))
    assert check(a_sheet(*lines, author="ane"), customer, said, TODAY) == []
    (found,) = check(a_sheet(*lines, author="Bo"), customer, said, TODAY)
    assert found.column == "Udfyldt af"
    (late,) = check(a_sheet(*lines), customer, said, date(2026, 11, 25))
    assert late.column == "Udfyldt af"


def test_the_erp_is_asked_once_for_each_date_about_all_its_lines() -> None:
    other = date(2026, 12, 1)
    sheet = a_sheet(a_line(6, "1"), a_line(7, "-1", "511100"), a_line(8, "0", posting_date=other))
    asked = questions(sheet, CUSTOMER, TODAY)
    assert set(asked) == {DAY, other}
    statement = asked[DAY].document.statement
    assert statement.posting_date == DAY
    assert [line.account for line in statement.coding or ()] == ["225000", "511100"]


ore = st.integers(-(10**10), 10**10).filter(bool)


@given(st.lists(ore, min_size=1, max_size=30))
def test_vouchers_are_right_exactly_when_they_come_to_zero(amounts: list[int]) -> None:
    lines = [a_line(6 + place, str(Decimal(it) / 100)) for place, it in enumerate(amounts)]
    found = faults(a_sheet(*lines))
    assert bool(found) == (sum(amounts) != 0)
    rest = -Decimal(sum(amounts)) / 100
    if rest:
        assert faults(a_sheet(*lines, a_line(99, str(rest)))) == []
