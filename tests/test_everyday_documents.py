"""Correct everyday documents, through the real checks, give no finding under the shipped rules.

A blocking rule that is unknown on such a document would hold it, so nothing may be unknown here
but rules that post.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from robot.checks.catalogue import CATALOGUE
from robot.domain.decision import Decision, Effect, Outcome, Truth
from robot.domain.facts import BankAccount, Posting
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import (
    BillingReference,
    Format,
    Invoice,
    PaymentChannel,
    VatSubtotal,
)
from robot.rulebook.loader import LoadedRules, load
from tests.support import factories as make
from tests.support.everyday import RULES, addressed, approved, facts, rules_of

CUSTOMERS = (
    "domsarkivet",
    "eksempelstyrelsen",
    "fyrvaesenet",
    "institut-for-klimaforskning",
    "nordhavns-museum",
    "skovfogedskolen",
)
BLOCKING = frozenset({Effect.BOUNCE, Effect.HOLD})
FIK_75_REFERENCE = "0000000123456782"
GIRO_REFERENCE = "0000000012345674"
IBAN = "DK4515510001234567"


@pytest.fixture(scope="module")
def loaded() -> LoadedRules:
    return load(RULES, CATALOGUE)


def stopped_by(decision: Decision) -> list[str]:
    """Blocking rules that hold or are unknown."""
    return [
        f"{result.rule}: {result.truth} {', '.join(result.unknown)}"
        for result in decision.results
        if result.effect in BLOCKING
    ]


@pytest.mark.parametrize("stem", CUSTOMERS)
def test_the_everyday_invoice_posts_for_every_customer(loaded: LoadedRules, stem: str) -> None:
    rules = rules_of(loaded, stem)
    document = approved(addressed(make.an_invoice(), rules.customer), rules.customer)

    decision = rules.decide(document, facts(), make.TODAY)

    assert stopped_by(decision) == []
    assert decision.notes == ()
    assert decision.outcome is Outcome.POST


FIK_71 = make.payment_means()
FIK_75 = replace(FIK_71, channel=PaymentChannel.FIK_75, reference=FIK_75_REFERENCE)
FIK_73 = replace(FIK_71, channel=PaymentChannel.FIK_73, reference=None)
GIRO_04 = replace(FIK_71, code="50", channel=PaymentChannel.FIK_04, reference=GIRO_REFERENCE)
GIRO_01 = replace(FIK_71, code="50", channel=PaymentChannel.FIK_01, reference=None)
SLIP = make.a_creditor()
BANK = make.bank_creditor()
NEMKONTO = make.a_creditor(
    payment_method="NEMKONTO", payment_channel="nemkonto", creditor_number=None
)
CHANNELS = {
    "fik-71": (FIK_71, SLIP),
    "fik-75": (FIK_75, SLIP),
    "fik-73": (FIK_73, SLIP),
    "giro-04": (GIRO_04, SLIP),
    "giro-01": (GIRO_01, SLIP),
    "bank": (make.bank_transfer(), BANK),
    "iban": (make.iban_transfer(IBAN), BANK),
    "nemkonto": (make.nemkonto(), NEMKONTO),
    "bank-account-of-a-nemkonto-creditor": (make.bank_transfer("9999", "1111111111"), NEMKONTO),
}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("document_format", list(Format))
def test_every_way_to_pay_posts(
    loaded: LoadedRules, channel: str, document_format: Format
) -> None:
    means, creditor = CHANNELS[channel]
    rules = rules_of(loaded, "eksempelstyrelsen")
    invoice = make.an_invoice(payment_means=(means,), format=document_format)

    decision = rules.decide(approved(invoice, rules.customer), facts(creditor), make.TODAY)

    assert stopped_by(decision) == []
    assert decision.outcome is Outcome.POST


def test_a_slip_beside_an_account_posts(loaded: LoadedRules) -> None:
    """OIOUBL invoices often name both; the creditor is paid as its card says."""
    rules = rules_of(loaded, "eksempelstyrelsen")
    invoice = make.an_invoice(payment_means=(make.bank_transfer(), FIK_71))

    decision = rules.decide(approved(invoice, rules.customer), facts(), make.TODAY)

    assert stopped_by(decision) == []
    assert decision.outcome is Outcome.POST


@pytest.mark.parametrize("stem", CUSTOMERS)
def test_a_credit_note_to_a_posted_invoice_posts(loaded: LoadedRules, stem: str) -> None:
    rules = rules_of(loaded, stem)
    note = make.a_credit_note(
        billing_references=(BillingReference(number="F-0900"),),
        payment_means=(),
        due_date=None,
        order_reference=None,
    )
    document = approved(addressed(note, rules.customer), rules.customer)

    decision = rules.decide(document, facts(referenced_posted=frozenset({"F-0900"})), make.TODAY)

    assert stopped_by(decision) == []
    assert decision.outcome is Outcome.POST


def german_invoice() -> Invoice:
    """300 EUR of laboratory goods without VAT: reverse charge in Denmark."""
    line = make.a_line("1", "300.00", text="Filterpapir", vat_category="K", vat_rate=Decimal(0))
    seller = make.a_party(
        "Bücher & Söhne GmbH",
        country="DE",
        vat_id=make.an_identifier("vat", "DE111111125"),
    )
    return make.an_invoice(
        lines=(line,),
        format=Format.EN_16931,
        currency="EUR",
        seller=seller,
        payment_means=(make.iban_transfer("DE89370400440532013000"),),
        taxes=(
            VatSubtotal(
                taxable=Decimal("300.00"), amount=Decimal(0), category="K", rate=Decimal(0)
            ),
        ),
        vat=Decimal(0),
        total=Decimal("300.00"),
        payable=Decimal("300.00"),
    )


GERMAN_CREDITOR = make.a_creditor(
    number="10011",
    name="Bücher & Söhne GmbH",
    cvr=None,
    country="DE",
    currency="EUR",
    payment_method="IBAN",
    payment_channel="iban",
    creditor_number=None,
    accounts=(BankAccount(iban="DE89370400440532013000"),),
)


@pytest.mark.parametrize("stem", CUSTOMERS)
def test_a_foreign_invoice_in_euro_posts_when_its_rate_is_known(
    loaded: LoadedRules, stem: str
) -> None:
    rules = rules_of(loaded, stem)
    invoice = addressed(german_invoice(), rules.customer)
    known = facts(GERMAN_CREDITOR, rate_to_dkk=Decimal("7.4605"))

    decision = rules.decide(approved(invoice, rules.customer, vat_code="EUV"), known, make.TODAY)

    assert stopped_by(decision) == []
    assert decision.outcome is Outcome.POST


def test_a_foreign_invoice_without_a_rate_is_held(loaded: LoadedRules) -> None:
    rules = rules_of(loaded, "institut-for-klimaforskning")
    invoice = addressed(german_invoice(), rules.customer)
    unknown = facts(GERMAN_CREDITOR, rate_to_dkk=UNKNOWN)

    decision = rules.decide(approved(invoice, rules.customer, vat_code="EUV"), unknown, make.TODAY)

    assert decision.outcome is Outcome.HOLD
    assert "cannot-check" in {finding.code for finding in decision.findings}


@pytest.mark.parametrize("stem", CUSTOMERS)
def test_a_document_without_a_word_from_the_source_is_never_posted(
    loaded: LoadedRules, stem: str
) -> None:
    """Approvals, coding, remark and confidentiality are then unknown."""
    rules = rules_of(loaded, stem)
    document = approved(
        addressed(make.an_invoice(), rules.customer),
        rules.customer,
        approvals=None,
        remark=None,
        confidential=None,
    )
    statement = replace(document.statement, coding=None, posting_date=None)

    decision = rules.decide(replace(document, statement=statement), facts(), make.TODAY)

    assert decision.outcome is Outcome.HOLD
    assert {finding.code for finding in decision.findings} == {"cannot-check"}
    assert all(
        result.truth is Truth.UNKNOWN for result in decision.results if result.effect in BLOCKING
    )


def test_the_posting_date_moves_where_the_customer_has_a_dispensation(
    loaded: LoadedRules,
) -> None:
    closed = Posting(
        allowed_from=date(2026, 11, 15),
        allowed_to=None,
        period_exists=True,
        next_open=date(2026, 11, 15),
    )
    outcomes = {}
    for stem in ("fyrvaesenet", "skovfogedskolen"):
        rules = rules_of(loaded, stem)
        document = approved(
            addressed(make.an_invoice(), rules.customer),
            rules.customer,
            posting_date=date(2026, 11, 10),
        )
        decision = rules.decide(document, facts(posting=closed), make.TODAY)
        outcomes[stem] = (decision.outcome, decision.posting_date)

    assert outcomes == {
        "fyrvaesenet": (Outcome.POST, date(2026, 11, 15)),
        "skovfogedskolen": (Outcome.BOUNCE, date(2026, 11, 10)),
    }
