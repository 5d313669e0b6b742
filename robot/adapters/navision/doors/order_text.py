"""An order as the text that the robot's app in NAV reads: XML of attributes, no white space."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from robot.domain.canonical import decimal_text
from robot.domain.decision import PostingOrder

#: What XML 1.0 can't hold.
_CONTROL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def order_text(order: PostingOrder) -> str:
    """The order; amounts plain with a point, dates ISO 8601, what is not known left out."""
    root = _element(
        None,
        "order",
        version="1",
        kind=order.kind,
        vendor=order.creditor,
        externalNumber=order.external_number,
        documentDate=order.issue_date,
        dueDate=order.due_date,
        postingDate=order.posting_date,
        currency=order.currency,
        amountIncludingVat=decimal_text(order.total),
        paymentReference=order.payment_reference,
        appliesTo=order.applies_to,
        bankDetailsHash=order.bank_details_hash,
    )
    for line in order.lines:
        element = _element(
            root,
            "line",
            account=line.account,
            vatCode=line.vat_code,
            amount=decimal_text(line.amount),
            vatAmount=decimal_text(line.vat_amount),
            text=line.text,
            voucher=line.voucher,
        )
        for name, value in line.dimensions:
            _element(element, "dimension", code=name, value=value)
    return tostring(root, encoding="unicode")


def _element(parent: Element | None, name: str, **values: str | date | None) -> Element:
    attributes = {
        key: _CONTROL.sub(" ", str(value))
        for key, value in values.items()
        if value not in {None, ""}
    }
    return Element(name, attributes) if parent is None else SubElement(parent, name, attributes)
