"""The chain from bytes to an invoice: every step refuses in words, none raises.

Size and kind of file, safe parser, no DOCTYPE, out of the envelope, kind of document, family,
single-valued elements, values, own arithmetic. The pitfalls behind each step are spelled out in
tests/documents/test_traps.py.
"""

from __future__ import annotations

import hashlib
import time
from typing import Final

from robot.documents.charges import allowance_charge_of
from robot.documents.elements import (
    CAC,
    CBC,
    ID,
    Children,
    children_of,
    day_in,
    flag_in,
    inside,
    local_name,
    text_in,
    texts_of,
)
from robot.documents.envelope import unwrap
from robot.documents.header import (
    BILLING,
    CONTRACT,
    CUSTOMIZATION,
    MEANS,
    NOTE,
    ORDER,
    TAX_CURRENCY,
    TAX_TOTAL,
    TERMS,
    TOTALS,
    Header,
    currency_of,
    delivery_date_of,
    due_date_of,
    family_of,
    first_id,
    header_of,
    paid_for_others,
    period_of,
    project_of,
    references_of,
    remark_on,
    terms_in_words,
)
from robot.documents.kinds import kind_of
from robot.documents.limits import LIMITS, Limits
from robot.documents.lines import LINE_OF_KIND, line_of
from robot.documents.parsing import parse
from robot.documents.parties import party_in_role, party_of
from robot.documents.payment import payment_means_of
from robot.documents.reading import Reading
from robot.documents.references import attachments_of, billing_references_of
from robot.documents.refusal import RefusalError, Refused
from robot.documents.taxes import taxes_of
from robot.documents.totals import Parts, differences, stated_totals, totals_of
from robot.domain.invoice import Invoice, Kind, Line, Party

_PROFILE: Final = CBC + "ProfileID"
_UUID: Final = CBC + "UUID"
_COPY: Final = CBC + "CopyIndicator"
_ISSUE_DATE: Final = CBC + "IssueDate"
_TAX_POINT: Final = CBC + "TaxPointDate"
_TYPE_OF_KIND: Final = {
    Kind.INVOICE: CBC + "InvoiceTypeCode",
    Kind.CREDIT_NOTE: CBC + "CreditNoteTypeCode",
}
_COST: Final = CBC + "AccountingCost"
_COST_CODE: Final = CBC + "AccountingCostCode"
_BUYER_REFERENCE: Final = CBC + "BuyerReference"
_SUPPLIER: Final = CAC + "AccountingSupplierParty"
_CUSTOMER: Final = CAC + "AccountingCustomerParty"
_PAYEE: Final = CAC + "PayeeParty"
_TAX_REPRESENTATIVE: Final = CAC + "TaxRepresentativeParty"
_SALES_ORDER: Final = CBC + "SalesOrderID"
_AMOUNT: Final = CBC + "Amount"
_CHARGE: Final = CAC + "AllowanceCharge"
#: Lines between two looks at the clock.
_LINES_PER_LOOK: Final = 500


def read(content: bytes, limits: Limits = LIMITS) -> Invoice | Refused:
    """Read a UBL invoice or credit note; never raises, whatever the bytes are.

    Args:
        content: The document as received: OIOUBL 2.x, Peppol BIS Billing 3 or another EN 16931
            UBL, also inside an SBDH envelope.
        limits: What a document may cost.

    Returns:
        The invoice, or why the document is not read as one, in plain words.
    """
    name: str | None = None
    deadline = time.monotonic() + limits.seconds
    try:
        root = parse(content, limits)
        name = local_name(root)
        root = unwrap(root, limits)
        name = local_name(root)
        kind = kind_of(root)
        header = header_of(root)
        reading = Reading(
            family=family_of(header),
            currency=currency_of(header),
            limits=limits,
            deadline=deadline,
        )
        digest = hashlib.sha256(content).hexdigest()
        return _invoice(header, kind, reading, digest)
    except RefusalError as refusal:
        return Refused(code=refusal.code, reason=refusal.reason, document_type=name)
    except Exception as error:  # noqa: BLE001 - one document must never stop the others
        reason = f"the reader failed on this document ({type(error).__name__})"
        return Refused(code="unreadable", reason=reason, document_type=name)


def _invoice(header: Header, kind: Kind, reading: Reading, digest: str) -> Invoice:
    children = header.children
    number = text_in(children, ID)
    if number is None:
        raise RefusalError(f"{local_name(header.root)} has no ID (the invoice number)")
    tax_currency = text_in(children, TAX_CURRENCY)
    lines = _lines(header, kind, reading)
    charges = tuple([allowance_charge_of(each, reading) for each in header.every(_CHARGE)])
    taxes = taxes_of(header.every(TAX_TOTAL), reading, tax_currency)
    stated = stated_totals(header.required(TOTALS), reading)
    totals = totals_of(stated, lines, charges, taxes, reading)
    means = tuple([payment_means_of(each) for each in header.every(MEANS)])
    terms = [children_of(each) for each in header.every(TERMS)]
    amounts = [reading.money_in(each, _AMOUNT) for each in terms]
    order = inside(children, ORDER)
    documents = [*references_of(header, order), *reading.line_documents]
    start, end = period_of(header)
    type_code = text_in(children, _TYPE_OF_KIND[kind])
    remark_on(header, kind, type_code, reading)
    parts = Parts(
        stated=stated,
        totals=totals,
        lines=lines,
        charges=charges,
        taxes=taxes,
        terms=[amount for amount in amounts if amount is not None],
        paid_for_others=paid_for_others(header, reading),
    )
    return Invoice(
        kind=kind,
        format=reading.family.format,
        profile=text_in(children, CUSTOMIZATION),
        business_process=text_in(children, _PROFILE),
        number=number,
        uuid=text_in(children, _UUID),
        type_code=type_code,
        copy=flag_in(children, _COPY),
        issue_date=day_in(children, _ISSUE_DATE),
        due_date=due_date_of(header, means, terms, reading),
        tax_point_date=day_in(children, _TAX_POINT),
        currency=reading.currency,
        tax_currency=tax_currency,
        seller=party_in_role(header.required(_SUPPLIER)),
        buyer=party_in_role(header.required(_CUSTOMER)),
        payee=_party(children, _PAYEE),
        tax_representative=_party(children, _TAX_REPRESENTATIVE),
        buyer_reference=text_in(children, _BUYER_REFERENCE),
        order_reference=text_in(order, ID),
        sales_order=text_in(order, _SALES_ORDER),
        contract_reference=first_id(header, CONTRACT),
        project_reference=project_of(header),
        accounting_cost=text_in(children, _COST) or text_in(children, _COST_CODE),
        delivery_start=start,
        delivery_end=end,
        delivery_date=delivery_date_of(header),
        payment_means=means,
        payment_terms=terms_in_words(header, terms),
        allowances_charges=charges,
        taxes=tuple(taxes.subtotals),
        line_total=totals.line_total,
        allowance_total=stated.allowances,
        charge_total=stated.charges,
        net=totals.net,
        vat=taxes.vat,
        vat_in_tax_currency=taxes.vat_in_tax_currency,
        total=totals.total,
        prepaid=stated.prepaid,
        rounding=stated.rounding,
        payable=stated.payable,
        lines=lines,
        billing_references=billing_references_of(header.every(BILLING)),
        notes=texts_of(header.every(NOTE)),
        attachments=attachments_of(documents, reading),
        differences=differences(parts, reading.family),
        remarks=tuple(reading.remarks),
        content_hash=digest,
    )


def _lines(header: Header, kind: Kind, reading: Reading) -> tuple[Line, ...]:
    tag = LINE_OF_KIND[kind]
    elements = header.every(tag)
    if not elements:
        raise RefusalError(f"the document has no lines ({tag.rpartition('}')[2]})")
    lines: list[Line] = []
    for position, element in enumerate(elements):
        if position % _LINES_PER_LOOK == 0:
            reading.check_time()
        lines.append(line_of(element, kind, reading))
    return tuple(lines)


def _party(children: Children, tag: str) -> Party | None:
    element = children.get(tag)
    return None if element is None else party_of(element)
