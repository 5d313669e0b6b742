"""Whether the invoice adds up, by category and rate."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from robot.domain.invoice import AllowanceCharge, Format, Invoice, Line, VatSubtotal
from robot.domain.money import Money
from tests.checks.asking import fields
from tests.support.factories import a_line, an_invoice


def kroner(amount: str) -> Money:
    return Money(Decimal(amount), "DKK")


def with_difference(part: str, amount: str) -> Invoice:
    return an_invoice(differences=((part, Decimal(amount)),))


def subtotal(taxable: str | None, amount: str, rate: str | None = "25") -> VatSubtotal:
    return VatSubtotal(
        taxable=None if taxable is None else Decimal(taxable),
        amount=Decimal(amount),
        category="S",
        rate=None if rate is None else Decimal(rate),
    )


def with_vat(*taxes: VatSubtotal, **change: object) -> Invoice:
    vat = sum((tax.amount for tax in taxes if tax.tax == "VAT"), Decimal(0))
    return an_invoice(**{"taxes": taxes, "vat": vat, **change})


def test_an_everyday_invoice_adds_up() -> None:
    values = fields()
    assert values["arithmetic.difference"] == kroner("0")
    assert values["arithmetic.vat_expected"] == kroner("250.00")
    assert values["arithmetic.vat_difference"] == kroner("0")
    for flag in ("lines_differ", "total_differs", "vat_differs", "rounding_too_large"):
        assert values[f"arithmetic.{flag}"] is False


@pytest.mark.parametrize(
    ("part", "flag"),
    [
        ("line_total", "lines_differ"),
        ("net", "lines_differ"),
        ("total", "total_differs"),
        ("payable", "total_differs"),
        ("vat", "vat_differs"),
    ],
)
@pytest.mark.parametrize(
    ("amount", "differs"), [("0.0055", False), ("0.0056", True), ("-0.01", True)]
)
def test_a_sum_may_be_wrong_by_half_an_oere(
    part: str, flag: str, amount: str, differs: bool
) -> None:
    values = fields(with_difference(part, amount))
    assert values[f"arithmetic.{flag}"] is differs
    assert values["arithmetic.difference"] == kroner(amount)


def test_the_largest_difference_is_shown_with_its_sign() -> None:
    invoice = an_invoice(differences=(("net", Decimal("0.02")), ("total", Decimal("-3.00"))))
    assert fields(invoice)["arithmetic.difference"] == kroner("-3.00")


@pytest.mark.parametrize(("amount", "differs"), [("0.02", False), ("-0.03", True)])
def test_a_line_is_judged_by_peppols_tolerance(amount: str, differs: bool) -> None:
    values = fields(with_difference("line:2", amount))
    assert [row["net_differs"] for row in values["lines"]] == [False, differs]
    assert values["arithmetic.lines_differ"] is False


@pytest.mark.parametrize(("amount", "differs"), [("251.00", False), ("251.01", True)])
def test_vat_may_be_wrong_by_one_krone(amount: str, differs: bool) -> None:
    values = fields(with_vat(subtotal("1000.00", amount)))
    assert values["arithmetic.vat_differs"] is differs
    assert values["arithmetic.vat_difference"] == kroner(str(Decimal(amount) - 250))


def test_errors_in_two_rates_that_cancel_out_are_seen() -> None:
    invoice = with_vat(subtotal("600.00", "160.00"), subtotal("400.00", "-10.00", "0"))
    values = fields(invoice)
    assert values["arithmetic.vat_difference"] == kroner("0")
    assert values["arithmetic.vat_differs"] is True


def test_vat_is_rounded_half_up_by_subtotal() -> None:
    values = fields(with_vat(subtotal("0.02", "0.01")))
    assert values["arithmetic.vat_expected"] == kroner("0.01")


def test_without_subtotals_the_lines_are_counted() -> None:
    values = fields(with_vat(vat=Decimal("250.00")))
    assert values["arithmetic.vat_expected"] == kroner("250.00")
    no_rates = (replace(a_line("1", "1000.00"), vat_rate=None),)
    values = fields(with_vat(lines=no_rates, vat=Decimal(17)))
    assert values["arithmetic.vat_expected"] is None
    assert values["arithmetic.vat_difference"] == kroner("0")
    assert values["arithmetic.vat_differs"] is False


def test_allowances_and_charges_have_vat_as_well() -> None:
    freight = AllowanceCharge(charge=True, amount=Decimal(100), vat_rate=Decimal(25))
    rebate = AllowanceCharge(charge=False, amount=Decimal(40), vat_rate=Decimal(25))
    values = fields(with_vat(allowances_charges=(freight, rebate), vat=Decimal("265.00")))
    assert values["arithmetic.vat_expected"] == kroner("265.00")


@pytest.mark.parametrize(
    ("family", "differs"), [(Format.EN_16931, True), (Format.OIOUBL_2, False)]
)
def test_the_bases_of_en_16931_are_those_of_the_lines(family: Format, differs: bool) -> None:
    # OIOUBL 2 puts duties into its bases, so nothing follows from a difference there.
    invoice = with_vat(subtotal("900.00", "225.00"), format=family)
    assert fields(invoice)["arithmetic.vat_differs"] is differs


def based(taxable: str, rate: str | None, *rows: Line, **change: object) -> bool:
    """Whether VAT differs where only the bases may: the amount is right for its own base."""
    amount = Decimal(taxable) * Decimal(rate or 25) / 100
    invoice = with_vat(
        subtotal(taxable, str(amount), rate), format=Format.EN_16931, lines=rows, **change
    )
    return bool(fields(invoice)["arithmetic.vat_differs"])


def test_a_base_may_be_wrong_by_one_krone() -> None:
    assert not based("801.00", "25", a_line())
    assert based("801.04", "25", a_line())
    assert based("798.96", "25", a_line())


def test_allowances_and_charges_are_part_of_the_base() -> None:
    freight = AllowanceCharge(charge=True, amount=Decimal(100), vat_rate=Decimal(25))
    rebate = AllowanceCharge(charge=False, amount=Decimal(40), vat_rate=Decimal(25))
    assert not based("860.00", "25", a_line(), allowances_charges=(freight, rebate))
    assert based("860.00", "25", a_line())


def test_bases_are_not_compared_where_a_rate_is_not_stated() -> None:
    no_rate = replace(a_line(), vat_rate=None)
    without = AllowanceCharge(charge=True, amount=Decimal(500))
    assert not based("400.00", None, a_line())
    assert not based("400.00", "25", no_rate)
    assert not based("400.00", "25", a_line(), allowances_charges=(without,))


def test_a_duty_is_no_vat() -> None:
    duty = replace(subtotal("1000.00", "90.00", "9"), tax="Elafgift")
    values = fields(with_vat(subtotal("1000.00", "250.00"), duty))
    assert values["arithmetic.vat_expected"] == kroner("250.00")
    assert values["arithmetic.vat_differs"] is False


def test_a_subtotal_without_base_or_rate_gives_nothing_to_check() -> None:
    values = fields(with_vat(subtotal(None, "250.00"), subtotal("10", "7", None)))
    assert values["arithmetic.vat_differs"] is False


@pytest.mark.parametrize(
    ("rounding", "large"),
    [(None, False), ("10.00", False), ("-10.00", False), ("10.01", True), ("-10.01", True)],
)
def test_rounding_is_limited_to_ten(rounding: str | None, large: bool) -> None:
    amount = None if rounding is None else Decimal(rounding)
    assert fields(an_invoice(rounding=amount))["arithmetic.rounding_too_large"] is large
