from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.domain.canonical import canonical_text
from robot.domain.decision import Decision, Outcome, PostingOrder
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Facts
from robot.domain.invoice import AllowanceCharge, BillingReference, VatSubtotal
from robot.flow.order import NoOrderError, make_order, order_from
from tests.support.factories import (
    TODAY,
    a_credit_note,
    a_creditor,
    a_customer,
    a_document,
    a_line,
    a_statement,
    an_invoice,
    coded,
    payment_means,
)

POST = Decision(outcome=Outcome.POST, decided_on=TODAY)


def _order(document: ApprovedDocument, facts: Facts | None = None) -> PostingOrder:
    return make_order(document, facts or Facts(creditor=a_creditor()), POST, a_customer())


def test_an_order_says_what_is_posted() -> None:
    order = _order(a_document())
    assert (order.creditor, order.external_number, order.company) == (
        "10001",
        "F-1001",
        "Eksempelstyrelsen",
    )
    assert [(line.account, line.amount, line.vat_amount) for line in order.lines] == [
        ("220100", Decimal("800.00"), Decimal("200.00")),
        ("220100", Decimal("200.00"), Decimal("50.00")),
    ]
    assert order.payment_channel == "fik-71"


def test_an_order_comes_back_from_its_text() -> None:
    order = _order(a_document())
    assert order_from(json.loads(canonical_text(order))) == order


def test_the_posting_date_of_the_decision_goes_first() -> None:
    moved = replace(POST, posting_date=date(2026, 12, 1))
    order = make_order(a_document(), Facts(creditor=a_creditor()), moved, a_customer())
    assert order.posting_date == date(2026, 12, 1)


def test_the_payment_id_is_that_of_the_card_that_is_the_creditors() -> None:
    other = payment_means(account="87654328", reference="000000000000018")
    order = _order(a_document(an_invoice(payment_means=(other, payment_means()))))
    assert order.payment_reference == payment_means().reference


def test_an_allowance_and_a_charge_on_the_document_are_posted_as_they_are_coded() -> None:
    invoice = an_invoice(
        lines=(a_line("1", "800.00"),),
        allowances_charges=(
            AllowanceCharge(charge=False, amount=Decimal("80.00"), vat_rate=Decimal(25)),
            AllowanceCharge(charge=True, amount=Decimal("280.00"), vat_rate=Decimal(25)),
        ),
        taxes=(
            VatSubtotal(
                taxable=Decimal(1000), amount=Decimal(250), category="S", rate=Decimal(25)
            ),
        ),
        net=Decimal(1000),
        vat=Decimal(250),
        total=Decimal(1250),
        payable=Decimal(1250),
    )
    coding = (coded("1"), coded("allowance-1"), coded("charge-1", "229000"))
    order = _order(a_document(invoice, statement=a_statement(invoice, coding=coding)))
    assert [(line.account, line.amount, line.vat_amount) for line in order.lines] == [
        ("220100", Decimal("800.00"), Decimal("200.00")),
        ("220100", Decimal("-80.00"), Decimal("-20.00")),
        ("229000", Decimal("280.00"), Decimal("70.00")),
    ]


def test_a_coded_rounding_is_posted_so_that_the_ledger_owes_what_is_to_be_paid() -> None:
    invoice = an_invoice(rounding=Decimal("0.25"), payable=Decimal("1250.25"))
    coding = (coded("1"), coded("2"), coded("rounding-1", vat_code="I0"))
    order = _order(a_document(invoice, statement=a_statement(invoice, coding=coding)))
    assert order.total == order.payable == Decimal("1250.25")
    assert (order.lines[-1].amount, order.lines[-1].vat_amount) == (Decimal("0.25"), Decimal(0))


def test_a_rounding_that_nobody_coded_is_not_posted() -> None:
    invoice = an_invoice(rounding=Decimal("0.25"), payable=Decimal("1250.25"))
    with pytest.raises(NoOrderError, match=r"rounding of 0\.25 is not coded"):
        _order(a_document(invoice))


def test_a_charge_that_nobody_coded_is_not_posted() -> None:
    invoice = an_invoice(
        lines=(a_line("1", "800.00"),),
        allowances_charges=(AllowanceCharge(charge=True, amount=Decimal("200.00")),),
    )
    with pytest.raises(NoOrderError, match="charge-1 is not coded"):
        _order(a_document(invoice, statement=a_statement(invoice, coding=(coded("1"),))))


def test_a_line_may_be_split_by_the_coding() -> None:
    invoice = an_invoice(lines=(a_line("1", "800.00"),))
    split = (
        coded("1", amount=Decimal("500.00")),
        coded("1", "225000", amount=Decimal("300.00")),
    )
    order = _order(a_document(invoice, statement=a_statement(invoice, coding=split)))
    assert [line.vat_amount for line in order.lines] == [Decimal("125.00"), Decimal("75.00")]


@given(
    st.lists(
        st.tuples(
            st.decimals(min_value="0.01", max_value="99999", places=2),
            st.sampled_from([Decimal(25), Decimal(12), Decimal(0)]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_lines_and_their_vat_always_give_the_total(nets: list[tuple[Decimal, Decimal]]) -> None:
    lines = tuple(
        a_line(str(number), net, vat_rate=rate) for number, (net, rate) in enumerate(nets, 1)
    )
    taxes = []
    for rate in {rate for _, rate in nets}:
        base = sum((net for net, of in nets if of == rate), Decimal(0))
        amount = (base * rate / 100).quantize(Decimal("0.01"))
        taxes.append(VatSubtotal(taxable=base, amount=amount, category="S", rate=rate))
    net = sum((line.net for line in lines), Decimal(0))
    vat = sum((tax.amount for tax in taxes), Decimal(0))
    invoice = an_invoice(lines=lines, taxes=tuple(taxes), net=net, vat=vat, total=net + vat)
    order = _order(a_document(invoice))
    assert sum(line.amount + line.vat_amount for line in order.lines) == invoice.total
    assert all(
        line.vat_amount == 0 for line, (_, rate) in zip(order.lines, nets, strict=True) if not rate
    )


def test_a_credit_note_settles_the_one_posted_invoice_that_it_names() -> None:
    note = a_credit_note(billing_references=(BillingReference(number="F-1001"),))
    facts = Facts(creditor=a_creditor(), referenced_posted=frozenset({"F-1001"}))
    assert _order(a_document(note), facts).applies_to == "F-1001"
    assert _order(a_document(note)).applies_to is None


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (a_document(an_invoice(total=Decimal("1250.01"))), "the total is 1250.01"),
        (a_document(coding=()), "no coding"),
        (a_document(coding=None), "no coding"),
        (a_document(coding=(coded("1"),)), "line 2 is not coded"),
        (a_document(coding=(coded("1"), coded("2", None))), "line 2 has no account"),
        (a_document(coding=(coded("1"), coded("2"), coded("9"))), "does not have"),
        (a_document(posting_date=None), "no posting date"),
    ],
)
def test_what_cannot_be_posted_exactly_gives_no_order(
    document: ApprovedDocument, reason: str
) -> None:
    with pytest.raises(NoOrderError, match=reason):
        _order(document)


def test_an_unknown_creditor_gives_no_order() -> None:
    with pytest.raises(NoOrderError, match="creditor"):
        _order(a_document(), Facts())


def test_where_the_creditor_was_paid_at_the_decision_stands_in_the_order() -> None:
    seen = Facts(creditor=replace(a_creditor(), bank_details_hash="ab12"))
    order = _order(a_document(), seen)
    assert order.bank_details_hash == "ab12"
    assert order_from(json.loads(canonical_text(order))) == order
    assert canonical_text(_order(a_document())) != canonical_text(order)
