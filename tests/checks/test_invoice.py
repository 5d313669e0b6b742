"""What the invoice says about itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from robot.domain.fields import UNKNOWN
from robot.domain.invoice import (
    AllowanceCharge,
    Attachment,
    BillingReference,
    Invoice,
    PaymentMeans,
)
from robot.domain.money import Money
from tests.checks.asking import fields
from tests.support.factories import (
    a_credit_note,
    a_line,
    an_invoice,
    facts,
    payment_means,
)


def test_amounts_carry_the_documents_currency() -> None:
    values = fields(an_invoice(currency="EUR"))
    assert values["invoice.total"] == Money(Decimal("1250.00"), "EUR")
    assert values["invoice.prepaid"] == Money(Decimal(0), "EUR")


def test_the_total_in_kroner_needs_a_rate_for_another_currency() -> None:
    euros = an_invoice(currency="EUR")
    assert fields()["invoice.total_dkk"] == Money(Decimal("1250.00"), "DKK")
    assert fields(euros)["invoice.total_dkk"] is UNKNOWN
    known = facts(rate_to_dkk=Decimal("7.46"))
    assert fields(euros, known)["invoice.total_dkk"] == Money(Decimal("9325.0000"), "DKK")


def test_a_credit_note_in_kroner_is_known_without_any_rate() -> None:
    values = fields(a_credit_note(), facts(rate_to_dkk=UNKNOWN))
    assert values["invoice.total_dkk"] == Money(Decimal("1250.00"), "DKK")


def test_a_currency_that_is_none_gives_no_amount() -> None:
    assert fields(an_invoice(currency="kr"))["invoice.total"] is UNKNOWN


def test_the_due_date_may_stand_in_the_payment_means() -> None:
    assert fields(an_invoice(due_date=None))["invoice.due_date"] == date(2026, 12, 9)
    without: tuple[PaymentMeans, ...] = (payment_means(due_date=None),)
    values = fields(an_invoice(due_date=None, payment_means=without))
    assert values["invoice.due_date"] is None
    assert values["invoice.overdue"] is False
    assert values["invoice.payment_days"] is None


@pytest.mark.parametrize(
    ("today", "overdue"), [(date(2026, 12, 9), False), (date(2026, 12, 10), True)]
)
def test_the_due_date_itself_is_in_time(today: date, overdue: bool) -> None:
    assert fields(today=today)["invoice.overdue"] is overdue


def test_days_are_counted() -> None:
    values = fields()
    assert values["invoice.age_days"] == 15
    assert values["invoice.payment_days"] == 30


@pytest.mark.parametrize(
    ("issued", "future"), [(date(2026, 11, 24), False), (date(2026, 11, 25), True)]
)
def test_an_invoice_of_tomorrow_is_in_the_future(issued: date, future: bool) -> None:
    assert fields(an_invoice(issue_date=issued))["invoice.issue_date_in_future"] is future


@pytest.mark.parametrize(
    ("change", "negative"),
    [
        ({"total": Decimal("-0.01")}, True),
        ({"payable": Decimal(-1)}, True),
        ({"payable": Decimal(0), "total": Decimal(0)}, False),
    ],
)
def test_an_amount_below_zero_is_negative(change: dict[str, Decimal], negative: bool) -> None:
    assert fields(an_invoice(**change))["invoice.negative"] is negative


def test_there_is_nothing_to_post_when_no_line_has_an_amount() -> None:
    assert fields(an_invoice(lines=(a_line(net="0.00"),)))["invoice.nothing_to_post"] is True
    assert fields(an_invoice(lines=(a_line(), a_line("2", "0"))))["invoice.nothing_to_post"] is (
        False
    )


def test_delivery_is_the_documents_else_the_lines() -> None:
    lines = (
        a_line("1", period_start=date(2026, 1, 1), period_end=date(2026, 3, 31)),
        a_line("2", period_start=date(2026, 4, 1), period_end=date(2026, 6, 30)),
    )
    values = fields(an_invoice(lines=lines))
    assert values["invoice.delivery_start"] == date(2026, 11, 6)
    values = fields(an_invoice(lines=lines, delivery_start=None, delivery_end=None))
    assert values["invoice.delivery_start"] == date(2026, 1, 1)
    assert values["invoice.delivery_end"] == date(2026, 6, 30)
    one_day = an_invoice(delivery_start=None, delivery_end=None, delivery_date=date(2026, 5, 5))
    assert fields(one_day)["invoice.delivery_end"] == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 5, 1), None, (date(2026, 5, 1), date(2026, 5, 1))),
        (None, date(2026, 5, 31), (date(2026, 5, 31), date(2026, 5, 31))),
        (date(2026, 5, 1), date(2026, 5, 31), (date(2026, 5, 1), date(2026, 5, 31))),
        (None, None, (None, None)),
    ],
)
def test_a_delivery_with_one_date_is_a_day(
    start: date | None, end: date | None, expected: tuple[date | None, date | None]
) -> None:
    values = fields(an_invoice(delivery_start=start, delivery_end=end))
    assert (values["invoice.delivery_start"], values["invoice.delivery_end"]) == expected


def test_a_period_goes_before_a_delivery_date() -> None:
    values = fields(an_invoice(delivery_date=date(2026, 1, 1)))
    assert values["invoice.delivery_start"] == date(2026, 11, 6)
    assert values["invoice.delivery_end"] == date(2026, 11, 6)


def test_a_rounding_is_shown() -> None:
    values = fields(an_invoice(rounding=Decimal("0.25")))
    assert values["invoice.rounding"] == Money(Decimal("0.25"), "DKK")


def prepaid(**change: object) -> bool:
    return bool(fields(an_invoice(**change))["prepayment.suspected"])


def test_prepayment_is_suspected_by_type_words_or_a_delivery_far_ahead() -> None:
    assert not prepaid()
    assert prepaid(type_code="386")
    assert prepaid(lines=(a_line(text="Forudbetaling 30 %"),))
    assert prepaid(payment_terms=("Prepayment",))
    assert prepaid(delivery_start=date(2026, 12, 11), delivery_end=date(2027, 12, 31))
    assert not prepaid(delivery_start=date(2026, 12, 10), delivery_end=date(2027, 12, 31))


def test_an_earlier_prepayment_that_is_deducted_is_none() -> None:
    lines = (a_line(text="Projekt"), a_line("2", "-300.00", text="Fratrukket forudbetaling"))
    assert not prepaid(lines=lines)
    assert not prepaid(lines=(a_line(), a_line("2", "0.00", text="Forudbetaling")))


def test_a_credit_note_is_no_prepayment() -> None:
    note = a_credit_note(lines=(a_line(text="Forudbetaling"),))
    assert fields(note)["prepayment.suspected"] is False


def charge(reason: str) -> AllowanceCharge:
    return AllowanceCharge(charge=True, amount=Decimal(100), reason=reason)


@pytest.mark.parametrize(
    ("invoice", "suspected"),
    [
        (an_invoice(lines=(a_line(), a_line("2", "100", text="Rykkergebyr"))), True),
        (an_invoice(lines=(a_line("1", "12.50", text="Renter af faktura 17"),)), True),
        (an_invoice(allowances_charges=(charge("Reminder fee"),)), True),
        (an_invoice(allowances_charges=(replace(charge("Reminder fee"), charge=False),)), False),
        (an_invoice(allowances_charges=(replace(charge("Reminder fee"), amount=Decimal(0)),)),
         False),
        (an_invoice(allowances_charges=(replace(charge(""), reason=None),)), False),
        (an_invoice(payment_terms=("Ved sen betaling beregnes rente og rykkergebyr 100 kr.",)),
         False),
        (an_invoice(lines=(a_line("1", "0", text="Rykkergebyr"), a_line("2"))), False),
        (a_credit_note(lines=(a_line(text="Rykkergebyr"),)), False),
    ],
)  # fmt: skip
def test_a_reminder_fee_is_a_line_or_charge_with_an_amount(
    invoice: Invoice, suspected: bool
) -> None:
    assert fields(invoice)["reminder_fee.suspected"] is suspected


def test_the_line_with_the_reminder_fee_is_named() -> None:
    invoice = an_invoice(lines=(a_line(), a_line("2", "100", text="Rykkergebyr")))
    assert [row["reminder_fee"] for row in fields(invoice)["lines"]] == [False, True]


def test_an_invoice_needs_no_reference_to_another() -> None:
    values = fields()
    assert values["credit_note.has_reference"] is True
    assert values["credit_note.reference_posted"] is True
    assert values["credit_note.reference"] is None


def test_a_credit_note_names_a_posted_invoice() -> None:
    note = a_credit_note(billing_references=(BillingReference(number="F-1001"),))
    posted = fields(note, facts(referenced_posted=frozenset({"F-1001"})))
    assert posted["credit_note.reference"] == "F-1001"
    assert posted["credit_note.reference_posted"] is True
    assert fields(note)["credit_note.reference_posted"] is False
    unknown = fields(note, facts(referenced_posted=UNKNOWN))
    assert unknown["credit_note.reference_posted"] is UNKNOWN
    nameless = fields(a_credit_note())
    assert nameless["credit_note.has_reference"] is False
    assert nameless["credit_note.reference_posted"] is True


def test_attachments_are_counted_and_measured() -> None:
    attachments = (
        Attachment(name="bilag.pdf", media_type="application/pdf", size=1000),
        Attachment(name=None, media_type=None, size=None, uri="https://example.test/bilag"),
    )
    values = fields(an_invoice(attachments=attachments))
    assert values["attachments.count"] == 2
    assert values["attachments.size"] == 1000


def test_a_proforma_invoice_and_a_copy_are_marked() -> None:
    assert fields(an_invoice(type_code="325"))["invoice.proforma"] is True
    assert fields(an_invoice(copy=True))["invoice.copy"] is True
