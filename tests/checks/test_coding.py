"""The coding against the invoice and the ERP, row by row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from robot.domain.document import CodingLine
from robot.domain.facts import DimensionRule, Facts, ValuePosting
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import AllowanceCharge, Invoice, Line, VatSubtotal
from robot.domain.money import Money
from tests.checks.asking import fields, line
from tests.support.factories import (
    a_credit_note,
    a_customer,
    a_line,
    a_party,
    an_invoice,
    coded,
    coding_facts,
    facts,
)

GERMAN = a_party("Bücher & Söhne GmbH", country="DE")


def kroner(amount: str) -> Money:
    return Money(Decimal(amount), "DKK")


def on(account: str | None, **change: object) -> tuple[CodingLine, ...]:
    return (coded("1", account, **change), coded("2"))


def test_an_everyday_row() -> None:
    values = line()
    assert values["number"] == "1"
    assert values["net"] == values["coded_amount"] == kroner("800.00")
    assert values["account"] == "220100"
    assert values["account_name"] == "Kontorartikler"
    assert values["dimensions.delregnskab"] == "100"
    assert values["vat_code"] == "I25"
    for flag in ("coded", "account_known", "account_posting", "account_direct", "vat_code_known",
                 "vat_code_fits"):  # fmt: skip
        assert values[flag] is True
    for name in ("dimensions_missing", "dimension_unknown", "dimension_blocked",
                 "dimension_wrong", "combination_blocked"):  # fmt: skip
        assert values[name] is None


def test_a_source_that_does_not_say_leaves_the_coding_unknown_and_the_line_known() -> None:
    values = line(coding=None)
    assert values["net"] == kroner("800.00")
    assert values["text"] == "Kopipapir A4"
    for name in ("coded", "account", "account_known", "vat_code", "dimensions.delregnskab",
                 "dimensions_missing", "coded_amount"):  # fmt: skip
        assert values[name] is UNKNOWN
    assert fields(coding=None)["coding.present"] is UNKNOWN


def test_an_empty_coding_is_known_to_be_none() -> None:
    values = fields(coding=())
    assert values["coding.present"] is False
    assert values["coding.complete"] is False
    assert values["coding.balanced"] is False
    assert values["lines"][0]["coded"] is False
    assert values["lines"][0]["account"] is None
    assert values["lines"][0]["dimensions.sted"] is None


def test_what_the_erp_was_not_asked_is_unknown() -> None:
    values = line(known=facts(coding=UNKNOWN))
    assert values["account"] == "220100"
    assert values["dimensions.sted"] == "KBH"
    assert values["account_known"] is UNKNOWN
    assert values["vat_code_fits"] is UNKNOWN
    assert values["dimensions_missing"] is UNKNOWN


@pytest.mark.parametrize(
    ("account", "flag", "value"),
    [
        ("999999", "account_known", False),
        ("229900", "account_blocked", True),
        ("220000", "account_posting", False),
        ("612100", "account_direct", False),
    ],
)
def test_the_account_must_exist_be_open_take_postings_and_take_them_directly(
    account: str, flag: str, value: bool
) -> None:
    assert line(coding=on(account))[flag] is value
    assert line(coding=on("220100"))[flag] is not value


def test_without_an_account_there_is_nothing_to_look_up() -> None:
    values = line(coding=on(None))
    assert values["coded"] is False
    assert values["account_known"] is True
    assert values["account_blocked"] is False
    assert values["account_posting"] is True
    assert values["account_direct"] is True


def test_leading_zeros_of_an_account_are_kept() -> None:
    assert line(coding=on("0450"))["account"] == "0450"


def test_the_mandatory_dimension_that_is_missing_is_named() -> None:
    missing = on("220100", dimensions=(("formaal", "10"), ("delregnskab", "")))
    values = line(coding=missing)
    assert values["dimensions_missing"] == "delregnskab"
    assert values["dimensions.delregnskab"] is None


def test_a_dimension_of_the_customer_that_is_not_coded_is_absent() -> None:
    customer = a_customer(dimensions=("delregnskab", "projekt"))
    assert line(customer=customer)["dimensions.projekt"] is None
    assert line(customer=customer, coding=None)["dimensions.projekt"] is UNKNOWN


def test_several_problems_of_a_row_stand_in_their_own_fields() -> None:
    wrong = (("delregnskab", "900"), ("formaal", "99"))
    values = line(coding=on("220100", dimensions=wrong))
    assert values["dimension_blocked"] == "delregnskab=900"
    assert values["dimension_unknown"] == "formaal=99"


def test_a_creditor_that_is_not_known_leaves_its_dimension_rules_open() -> None:
    rule = DimensionRule(
        table="creditor", owner="", dimension="sted", value=None, posting=ValuePosting.MANDATORY
    )
    known = facts(coding=coding_facts(rules=(rule,)), creditor=UNKNOWN)
    assert line(known=known)["dimensions_missing"] is UNKNOWN
    assert line(known=replace(known, creditor=None))["dimensions_missing"] is None


def vat_row(
    code: str | None, rate: str | None, category: str, invoice: Invoice
) -> dict[str, object]:
    row = a_line(vat_rate=None if rate is None else Decimal(rate), vat_category=category)
    return line(replace(invoice, lines=(row,)), coding=(coded(vat_code=code),))


HOME = an_invoice()
ABROAD = an_invoice(seller=GERMAN, vat=Decimal(0))


@pytest.mark.parametrize(
    ("code", "rate", "category", "invoice", "fits"),
    [
        ("I25", "25", "S", HOME, True),
        ("I25", "25.00", "S", HOME, True),
        ("REP25", "25", "S", HOME, True),
        ("I0", "25", "S", HOME, False),
        ("I25", "0", "Z", HOME, False),
        ("I0", "0", "Z", HOME, True),
        ("EUY", "25", "S", HOME, False),
        ("EUY", "0", "E", HOME, False),
        ("EUY", "0", "AE", HOME, True),
        ("EUY", None, "AE", HOME, True),
        ("I0", "0", "AE", HOME, False),
        ("I25", "0", "AE", HOME, False),
        ("EUV", "0", "K", ABROAD, True),
        ("EUV", "0", "Z", ABROAD, True),
        ("I0", "0", "E", ABROAD, True),
        ("I25", "0", "E", ABROAD, False),
        (None, "25", "S", HOME, True),
        ("UKENDT", "25", "S", HOME, True),
    ],
)  # fmt: skip
def test_a_vat_code_gives_the_vat_of_the_line(
    code: str | None, rate: str | None, category: str, invoice: Invoice, fits: bool
) -> None:
    assert vat_row(code, rate, category, invoice)["vat_code_fits"] is fits


def test_a_vat_code_must_be_set_up() -> None:
    assert vat_row("UKENDT", "25", "S", HOME)["vat_code_known"] is False
    assert vat_row(None, "25", "S", HOME)["vat_code_known"] is True


def test_a_line_without_a_rate_has_the_only_one_of_the_document() -> None:
    assert vat_row("I25", None, "S", HOME)["vat_code_fits"] is True
    two = tuple(
        VatSubtotal(taxable=Decimal(1), amount=Decimal(1), category="S", rate=Decimal(rate))
        for rate in (25, 0)
    )
    assert vat_row("I25", None, "S", replace(HOME, taxes=two))["vat_code_fits"] is UNKNOWN


def test_the_rate_of_a_duty_is_no_rate_of_vat() -> None:
    duty = VatSubtotal(
        taxable=Decimal(1), amount=Decimal(1), category=None, rate=Decimal(9), tax="Elafgift"
    )
    assert vat_row("I25", None, "S", replace(HOME, taxes=(*HOME.taxes, duty)))[
        "vat_code_fits"
    ] is (True)


def test_one_line_with_a_wrong_vat_code_is_enough() -> None:
    assert fields()["coding.vat_matches"] is True
    assert fields(coding=on("220100", vat_code="I0"))["coding.vat_matches"] is False
    assert fields(known=facts(coding=UNKNOWN))["coding.vat_matches"] is UNKNOWN


@pytest.mark.parametrize(
    ("coding", "difference", "balanced"),
    [
        ((coded("1"), coded("2")), "0.00", True),
        ((coded("1", amount=Decimal("799.99")), coded("2")), "-0.01", False),
        ((coded("1", amount=Decimal("800.01")), coded("2")), "0.01", False),
        ((coded("1"),), "-200.00", False),
        (
            (coded("1", amount=Decimal(300)), coded("1", amount=Decimal(500)), coded("2")),
            "0.00",
            True,
        ),
        ((coded("1"), coded("2"), coded("7", amount=Decimal(10))), "10.00", False),
    ],
)
def test_the_coding_adds_up_to_the_total_without_vat(
    coding: tuple[CodingLine, ...], difference: str, balanced: bool
) -> None:
    values = fields(coding=coding)
    assert values["coding.difference"] == kroner(difference)
    assert values["coding.balanced"] is balanced


def test_a_split_line_is_seen_on_each_of_its_accounts() -> None:
    split = (
        coded("1", "220100", amount=Decimal(300)),
        coded("1", "612100", amount=Decimal(500)),
        coded("2"),
    )
    rows = fields(coding=split)["lines"]
    assert [row["account"] for row in rows] == ["220100", "612100", "220100"]
    assert [row["coded_amount"] for row in rows] == [
        kroner("300"),
        kroner("500"),
        kroner("200.00"),
    ]
    assert [row["net"] for row in rows[:2]] == [kroner("800.00")] * 2


@pytest.mark.parametrize(
    ("coding", "complete"),
    [
        ((coded("1"), coded("2")), True),
        ((coded("1"),), False),
        ((coded("1"), coded("2", None)), False),
        ((coded("1"), coded("2", "")), False),
    ],
)
def test_every_line_with_an_amount_needs_an_account(
    coding: tuple[CodingLine, ...], complete: bool
) -> None:
    assert fields(coding=coding)["coding.complete"] is complete


def test_a_line_without_an_amount_needs_none() -> None:
    invoice = an_invoice(lines=(a_line("1"), a_line("2", "0.00", text="Leveret uden beregning")))
    assert fields(invoice, coding=(coded("1"),))["coding.complete"] is True


def test_freight_on_the_whole_document_is_coded_like_a_line() -> None:
    freight = AllowanceCharge(
        charge=True, amount=Decimal(50), reason="Fragt", vat_rate=Decimal(25)
    )
    invoice = an_invoice(allowances_charges=(freight,), net=Decimal(1050))
    everyday = (coded("1"), coded("2"))
    values = fields(invoice, coding=everyday)
    assert values["coding.complete"] is False
    assert values["coding.difference"] == kroner("-50")
    values = fields(invoice, coding=(*everyday, coded("charge-1")))
    assert values["coding.complete"] is True
    assert values["coding.balanced"] is True
    row = values["lines"][2]
    assert row["text"] == "Fragt"
    assert row["net"] == kroner("50")
    assert row["quantity"] is None
    for flag in ("net_differs", "reminder_fee", "asset_suspected"):
        assert row[flag] is False


def test_a_coding_for_a_line_that_is_not_there_is_seen() -> None:
    values = fields(coding=(*on("220100"), coded("7", "999999")))
    assert values["coding.lines_unknown"] is True
    assert values["lines"][-1]["account_known"] is False
    assert fields()["coding.lines_unknown"] is False


MACHINE = a_line("1", "50000.00", text="Mikroskop")


@pytest.mark.parametrize(
    ("row", "account", "suspected"),
    [
        (MACHINE, "220100", True),
        (replace(MACHINE, net=Decimal("49999.99")), "220100", False),
        (replace(MACHINE, text="Konsulentbistand"), "220100", False),
        (MACHINE, "511100", False),
        (MACHINE, None, False),
    ],
)
def test_a_dear_thing_on_an_account_of_operations_may_be_an_asset(
    row: Line, account: str | None, suspected: bool
) -> None:
    values = line(an_invoice(lines=(row,)), coding=(coded("1", account),))
    assert values["asset_suspected"] is suspected


def test_a_thing_that_is_credited_is_no_asset() -> None:
    assert line(a_credit_note(lines=(MACHINE,)))["asset_suspected"] is False


AT_EIGHT = facts(rate_to_dkk=Decimal(8))
NO_RATE = facts(rate_to_dkk=UNKNOWN)


@pytest.mark.parametrize(
    ("net", "text", "known", "suspected"),
    [
        ("6250.00", "Mikroskop", AT_EIGHT, True),
        ("6249.99", "Mikroskop", AT_EIGHT, False),
        ("6250.00", "Konsulentbistand", AT_EIGHT, False),
        ("6250.00", "Mikroskop", NO_RATE, UNKNOWN),
        ("6250.00", "Konsulentbistand", NO_RATE, False),
        ("-6250.00", "Mikroskop", NO_RATE, False),
        ("0.00", "Mikroskop", NO_RATE, False),
    ],
)
def test_a_price_in_another_currency_is_converted(
    net: str, text: str, known: Facts, suspected: object
) -> None:
    invoice = an_invoice(currency="EUR", lines=(a_line("1", net, text=text),))
    assert line(invoice, known)["asset_suspected"] is suspected


def test_only_the_line_with_an_amount_is_a_reminder_fee() -> None:
    rows = (
        a_line("1", "100", text="Rykkergebyr"),
        a_line("2", "0", text="Rykkergebyr"),
        a_line("3", "800"),
    )
    coding = (coded("1"), coded("3"), coded("9", amount=Decimal(10)))
    found = fields(an_invoice(lines=rows), coding=coding)["lines"]
    assert [row["reminder_fee"] for row in found] == [True, False, False, False]


def test_an_asset_is_not_known_while_the_account_is_not() -> None:
    assert line(an_invoice(lines=(MACHINE,)), coding=None)["asset_suspected"] is UNKNOWN
    assert line(coding=None)["asset_suspected"] is False
