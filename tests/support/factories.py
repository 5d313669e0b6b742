"""Builders of right, everyday values; a test changes only what it is about.

The world is that of examples/README.md: Dansk Kontor A/S (creditor 10001, FIK 71) bills
Eksempelstyrelsen, and the day is Tuesday 24 November 2026. All of it is invented.
"""

# ruff: noqa: ANN401 - overrides take any field of the value that is built

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import Any, Final

from robot.domain.customer import Customer
from robot.domain.document import (
    Approval,
    ApprovedDocument,
    CodingLine,
    SourceStatement,
    Step,
)
from robot.domain.facts import (
    Account,
    BankAccount,
    Coding,
    Creditor,
    DimensionRule,
    DimensionValue,
    Facts,
    Posting,
    ValuePosting,
)
from robot.domain.invoice import (
    Format,
    Identifier,
    Invoice,
    Kind,
    Line,
    Party,
    PaymentChannel,
    PaymentMeans,
    VatSubtotal,
)

TODAY: Final = date(2026, 11, 24)
#: FIK 71 payment id: 14 digits and their check digit.
FIK_71_REFERENCE: Final = "000000012345674"
FIK_CREDITOR_NUMBER: Final = "81234562"


def an_identifier(scheme: str, value: str) -> Identifier:
    return Identifier(scheme=scheme, value=value, raw_scheme=scheme, raw_value=value)


def a_party(name: str, cvr: str | None = None, gln: str | None = None, **overrides: Any) -> Party:
    party = Party(
        name=name,
        legal_name=name,
        legal_id=an_identifier("cvr", cvr) if cvr else None,
        endpoint=an_identifier("gln", gln) if gln else None,
        country="DK",
    )
    return replace(party, **overrides)


def a_line(number: str = "1", net: str | Decimal = "800.00", **overrides: Any) -> Line:
    line = Line(
        number=number,
        text="Kopipapir A4",
        net=Decimal(net),
        quantity=Decimal(1),
        unit="EA",
        price=Decimal(net),
        vat_category="S",
        vat_rate=Decimal(25),
    )
    return replace(line, **overrides)


def payment_means(**overrides: Any) -> PaymentMeans:
    means = PaymentMeans(
        code="93",
        channel=PaymentChannel.FIK_71,
        account=FIK_CREDITOR_NUMBER,
        reference=FIK_71_REFERENCE,
        due_date=date(2026, 12, 9),
    )
    return replace(means, **overrides)


def bank_transfer(branch: str = "1551", account: str = "0001234567") -> PaymentMeans:
    return PaymentMeans(code="42", channel=PaymentChannel.BANK, branch=branch, account=account)


def iban_transfer(iban: str) -> PaymentMeans:
    return PaymentMeans(code="31", channel=PaymentChannel.IBAN, iban=iban)


def nemkonto() -> PaymentMeans:
    return PaymentMeans(code="97", channel=PaymentChannel.NEMKONTO)


def an_invoice(**overrides: Any) -> Invoice:
    """800.00 and 200.00 with 25 % VAT: 1,250.00 DKK, right in every respect.

    Amounts follow the lines when only `lines` is given: net, VAT at 25 % and the total are theirs.
    """
    lines = overrides.pop("lines", None) or (
        a_line("1", "800.00"),
        a_line("2", "200.00", text="Kuglepenne"),
    )
    with localcontext(prec=100):
        net = sum((line.net for line in lines), Decimal(0))
        vat = (net * Decimal("0.25")).quantize(Decimal("0.01"))
        total = net + vat
    invoice = Invoice(
        kind=Kind.INVOICE,
        format=Format.OIOUBL_2,
        profile="OIOUBL-2.1",
        business_process="urn:www.nesubl.eu:profiles:profile5:ver2.0",
        number="F-1001",
        issue_date=date(2026, 11, 9),
        due_date=date(2026, 12, 9),
        currency="DKK",
        seller=a_party("Dansk Kontor A/S", cvr="99130008"),
        buyer=a_party("Eksempelstyrelsen", cvr="33391005", gln="5798000880016", contact_id="abe"),
        buyer_reference="abe",
        order_reference="45001234",
        delivery_start=date(2026, 11, 6),
        delivery_end=date(2026, 11, 6),
        payment_means=(payment_means(),),
        taxes=(VatSubtotal(taxable=net, amount=vat, category="S", rate=Decimal(25)),),
        line_total=net,
        net=net,
        vat=vat,
        total=total,
        payable=total,
        lines=tuple(lines),
        content_hash="c0ffee" * 10 + "c0ff",
    )
    return replace(invoice, **overrides)


def a_credit_note(**overrides: Any) -> Invoice:
    return an_invoice(**{"kind": Kind.CREDIT_NOTE, "number": "K-2001", **overrides})


def coded(line: str = "1", account: str | None = "220100", **overrides: Any) -> CodingLine:
    coding = CodingLine(
        line=line,
        account=account,
        dimensions=(("delregnskab", "100"), ("formaal", "10"), ("sted", "KBH")),
        vat_code="I25",
    )
    return replace(coding, **overrides)


def approvals(
    requester: str = "abe", approver: str = "dan", limit: str | None = "50000"
) -> tuple[Approval, ...]:
    """Received, distributed, approved by the requisitioner and then by the approver."""
    return (
        Approval(step=Step.RECEIVED, by="sdi", at=datetime(2026, 11, 10, 8, tzinfo=UTC)),
        Approval(step=Step.DISTRIBUTED, by="bod", at=datetime(2026, 11, 10, 9, tzinfo=UTC)),
        Approval(
            step=Step.FIRST_APPROVAL, by=requester, at=datetime(2026, 11, 11, 10, tzinfo=UTC)
        ),
        Approval(
            step=Step.SECOND_APPROVAL,
            by=approver,
            at=datetime(2026, 11, 12, 11, tzinfo=UTC),
            limit=None if limit is None else Decimal(limit),
        ),
    )


def a_statement(invoice: Invoice | None = None, **overrides: Any) -> SourceStatement:
    """An approved and coded document; every line of the invoice is coded alike."""
    lines = invoice.lines if invoice is not None else ()
    statement = SourceStatement(
        system="sdi",
        document_id="SDI-1001",
        posting_date=date(2026, 11, 24),
        remark="",
        confidential=False,
        approvals=approvals(),
        coding=tuple(coded(line.number) for line in lines),
        customer="99001",
    )
    return replace(statement, **overrides)


def a_document(invoice: Invoice | None = None, **statement: Any) -> ApprovedDocument:
    """The invoice (an everyday one when left out) with the source's word on it.

    `statement` overrides fields of the `SourceStatement`, `statement=...` replaces it.
    """
    invoice = invoice or an_invoice()
    said = statement.pop("statement", None) or a_statement(invoice, **statement)
    return ApprovedDocument(
        name=f"{said.document_id}.xml",
        statement=said,
        content_hash=invoice.content_hash,
        invoice=invoice,
    )


def a_refused_document(refusal: str = "unreadable", reason: str = "no XML") -> ApprovedDocument:
    return ApprovedDocument(
        name="broken.xml",
        statement=a_statement(document_id="SDI-9999"),
        content_hash="0" * 64,
        invoice=None,
        refusal=refusal,
        reason=reason,
    )


def a_customer(**overrides: Any) -> Customer:
    customer = Customer(
        name="Eksempelstyrelsen",
        bogfoeringskreds="99001",
        cvr="33391005",
        glns=("5798000880016",),
        company="Eksempelstyrelsen",
        dimensions=("delregnskab", "formaal", "sted"),
    )
    return replace(customer, **overrides)


def a_creditor(**overrides: Any) -> Creditor:
    creditor = Creditor(
        number="10001",
        name="Dansk Kontor A/S",
        cvr="99130008",
        country="DK",
        payment_method="FIK71",
        payment_channel="fik-71",
        creditor_number=FIK_CREDITOR_NUMBER,
    )
    return replace(creditor, **overrides)


def bank_creditor(branch: str = "1551", account: str = "0001234567") -> Creditor:
    return a_creditor(
        payment_method="BANK",
        payment_channel="bank",
        creditor_number=None,
        accounts=(BankAccount(branch=branch, account=account),),
    )


def coding_facts(**overrides: Any) -> Coding:
    """The accounts and dimensions of the small world, with `delregnskab` mandatory on 220100."""
    accounts = (
        Account(number="220100", name="Kontorartikler"),
        Account(number="225000", name="Konsulentydelser"),
        Account(number="227000", name="Repræsentation"),
        Account(number="229900", name="Øvrige udgifter", blocked=True),
        Account(number="220000", name="Varer og tjenester i alt", posting=False),
        Account(number="612100", name="Købsmoms, drift", direct_posting=False),
        Account(number="511100", name="Inventar"),
    )
    values = (
        *(DimensionValue(dimension="delregnskab", code=code) for code in ("100", "200", "300")),
        DimensionValue(dimension="delregnskab", code="900", blocked=True),
        DimensionValue(dimension="delregnskab", code="999", postable=False),
        *(DimensionValue(dimension="formaal", code=code) for code in ("10", "20", "30")),
        *(DimensionValue(dimension="sted", code=code) for code in ("KBH", "AAR", "ODE")),
    )
    coding = Coding(
        accounts={account.number: account for account in accounts},
        dimensions=frozenset({"delregnskab", "formaal", "sted"}),
        values={(value.dimension, value.code): value for value in values},
        rules=(
            DimensionRule(
                table="account",
                owner="220100",
                dimension="delregnskab",
                value=None,
                posting=ValuePosting.MANDATORY,
            ),
        ),
        vat_rates={
            "I25": Decimal(25),
            "I0": Decimal(0),
            "REP25": Decimal(25),
            "EUV": Decimal(0),
            "EUY": Decimal(0),
        },
        reverse_charge=frozenset({"EUV", "EUY"}),
    )
    return replace(coding, **overrides)


def facts(**overrides: Any) -> Facts:
    """Everything known and right for the everyday document."""
    known = Facts(
        creditor=a_creditor(),
        creditor_candidates=0,
        coding=coding_facts(),
        posting=Posting(
            allowed_from=date(2026, 11, 1),
            allowed_to=date(2026, 12, 31),
            period_exists=True,
            next_open=date(2026, 11, 24),
        ),
        duplicates=(),
        currencies=frozenset({"DKK", "EUR", "GBP", "SEK"}),
        rate_to_dkk=None,
        referenced_posted=frozenset(),
    )
    return replace(known, **overrides)
