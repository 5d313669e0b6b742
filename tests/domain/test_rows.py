"""Everything that is posted has a row, and every row of the coding has its own."""

from __future__ import annotations

from decimal import Decimal

from robot.domain.document import CodingLine
from robot.domain.invoice import AllowanceCharge, VatSubtotal
from robot.domain.rows import Row, amount_to_code, coded_rows, uncoded_rows
from tests.support.factories import a_line, an_invoice, coded

FREIGHT = AllowanceCharge(charge=True, amount=Decimal(50), reason="Fragt", vat_rate=Decimal(25))
REBATE = AllowanceCharge(charge=False, amount=Decimal(20))
DUTY = VatSubtotal(
    taxable=Decimal(1000), amount=Decimal(90), category=None, rate=Decimal(9), tax="Elafgift"
)


def numbered(rows: list[Row]) -> list[tuple[object, ...]]:
    return [(row.number, row.net, row.coded) for row in rows]


def with_coding(*coding: CodingLine) -> list[tuple[object, ...]]:
    return numbered(coded_rows(an_invoice(), coding))


def test_a_line_is_coded_with_its_own_amount() -> None:
    assert with_coding(coded("1"), coded("2")) == [("1", 800, 800), ("2", 200, 200)]


def test_a_line_that_is_not_coded_keeps_its_row() -> None:
    assert with_coding(coded("2")) == [("1", 800, None), ("2", 200, 200)]


def test_a_line_on_several_accounts_has_a_row_for_each() -> None:
    rows = with_coding(
        coded("1", "220100", amount=Decimal(500)),
        coded("2"),
        coded("1", "225000", amount=Decimal(300)),
    )
    assert rows == [("1", 800, 500), ("1", 800, 300), ("2", 200, 200)]


def test_what_stands_on_the_whole_document_has_numbers_of_its_own() -> None:
    invoice = an_invoice(
        lines=(a_line(),), allowances_charges=(FREIGHT, REBATE, FREIGHT), taxes=(DUTY,)
    )
    assert numbered(uncoded_rows(invoice)) == [
        ("1", 800, None),
        ("charge-1", 50, None),
        ("allowance-1", -20, None),
        ("charge-2", 50, None),
        ("duty-1", 90, None),
    ]
    rows = coded_rows(invoice, [coded("1"), coded("allowance-1"), coded("duty-1")])
    assert numbered(rows)[2:] == [("allowance-1", -20, -20), ("charge-2", 50, None),
                                  ("duty-1", 90, 90)]  # fmt: skip
    assert rows[1].text == "Fragt"
    assert rows[1].vat_rate == 25


def test_a_coding_for_a_line_that_is_not_there_is_not_hidden() -> None:
    rows = coded_rows(an_invoice(), [coded("9", amount=Decimal(7))])
    assert numbered(rows)[-1] == ("9", 7, 7)
    assert [row.stray for row in rows] == [False, False, True]


def test_duties_are_coded_besides_the_total_without_vat() -> None:
    assert amount_to_code(an_invoice(), ()) == 1000
    assert amount_to_code(an_invoice(taxes=(DUTY,)), ()) == 1090
