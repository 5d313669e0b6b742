"""Reading values from UBL elements: by Clark name, children only, each value once.

Every function here refuses (`RefusalError`) what it can't read, naming element, line and what was
found. Nothing walks descendants: a total inside an extension or a referenced document is never
mistaken for the invoice's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, cast

from lxml import etree

from robot.documents.refusal import RefusalError, quoted
from robot.domain.money import MAX_DIGITS, parse_decimal

Element = etree._Element  # noqa: SLF001 - lxml's public type has no public name

CBC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"

ID: Final = CBC + "ID"
NAME: Final = CBC + "Name"

_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}

#: What may stand several times in the parts that are read: maxOccurs="unbounded" in the UBL 2.1
#: schema, which takes in UBL 2.0. The root has more of its own (header.py).
_REPEATABLE: Final = frozenset(
    {CBC + name for name in (
        "AdditionalAccountID", "AdditionalInformation", "AllowanceChargeReason", "BrandName",
        "Description", "DescriptionCode", "DocumentDescription", "ExemptionReason",
        "InstructionNote", "Keyword", "ModelName", "Note", "PaymentID", "PaymentMeansID",
        "PaymentNote", "PriceChangeReason", "TaxExemptionReason", "XPath",
    )}
    | {CAC + name for name in (
        "AdditionalItemIdentification", "AdditionalItemProperty", "AddressLine",
        "AllowanceCharge", "BillingReference", "BillingReferenceLine", "Certificate",
        "ClassifiedTaxCategory", "CommodityClassification", "Delivery", "DeliveryTerms",
        "DespatchLineReference", "Dimension", "DiscrepancyResponse", "DocumentReference",
        "HazardousItem", "IdentityDocumentReference", "InvoicePeriod", "ItemInstance",
        "ItemSpecificationDocumentReference", "JurisdictionRegionAddress", "LocationCoordinate",
        "ManufacturerParty", "ManufacturersItemIdentification", "MeasurementDimension",
        "NotifyParty", "OrderLineReference", "OriginAddress", "OtherCommunication",
        "PartyIdentification", "PartyLegalEntity", "PartyName", "PartyTaxScheme",
        "PaymentMeans", "PaymentTerms", "Person", "PhysicalAttribute", "PowerOfAttorney",
        "ReceiptLineReference", "ServiceProviderParty", "ShareholderParty", "SubCreditNoteLine",
        "SubInvoiceLine", "TaxSubtotal", "TaxTotal", "TransactionConditions", "ValidityPeriod",
        "WithholdingTaxTotal", "WorkPhaseReference",
    )}
)  # fmt: skip
#: What may stand several times in one parent only: parent and child.
_REPEATABLE_IN: Final = frozenset({(CAC + "AllowanceCharge", CAC + "TaxCategory")})

#: Child elements by Clark name. The readers of one value take this and a name, because one call
#: a value instead of two is a fifth of the whole reading time.
Children = dict[str, Element]

_NOTHING: Final[Children] = {}


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def line_number(element: Element) -> int | None:
    """The source line of an element, where the parser knows it."""
    return cast("int | None", element.sourceline)


def place(element: Element) -> str:
    """Where an element stands, for a reason: its name and source line."""
    return f"{local_name(element)} on line {element.sourceline}"


def children_of(element: Element) -> Children:
    """The child elements by Clark name; of a repeated one that may be repeated, the first.

    Raises:
        RefusalError: An element that may stand once only stands twice.
    """
    children = {child.tag: child for child in element}
    if len(children) != len(element):
        children = {}
        for child in element:
            if children.setdefault(child.tag, child) is not child:
                refuse_repeated(child, parent=element)
    return children


def refuse_repeated(child: Element, parent: Element) -> None:
    """Refuse a second child of the same name, unless UBL lets it be repeated.

    Raises:
        RefusalError: It may stand once only.
    """
    tag = child.tag
    if tag in _REPEATABLE or (parent.tag, tag) in _REPEATABLE_IN:
        return
    if not tag.startswith((CBC, CAC)):
        return
    raise RefusalError(
        f"{local_name(parent)} has more than one {local_name(child)} "
        f"(again on line {child.sourceline}), so it is not clear which one holds"
    )


def inside(children: Children, tag: str) -> Children:
    """The children of the child of a name; nothing when there is none."""
    element = children.get(tag)
    return _NOTHING if element is None else children_of(element)


def every(parent: Element, children: Children, tag: str) -> Sequence[Element]:
    """All children of one name, given the parent's children by name."""
    first = children.get(tag)
    if first is None:
        return ()
    if len(children) == len(parent):
        return (first,)
    return [child for child in parent if child.tag == tag]


def text_of(element: Element) -> str | None:
    """An element's text without surrounding white space; None when it is empty."""
    if len(element):
        raise RefusalError(
            f"{place(element)} holds another element ({local_name(element[0])}) inside its value"
        )
    text = element.text
    return (text.strip() or None) if text else None


def text_in(children: Children, tag: str) -> str | None:
    """The text of the child of a name, without surrounding white space; None when empty."""
    element = children.get(tag)
    if element is None:
        return None
    # As text_of, written out: this is called a hundred times a document.
    if len(element):
        return text_of(element)
    text = element.text
    return (text.strip() or None) if text else None


def texts_of(elements: Iterable[Element]) -> tuple[str, ...]:
    """The texts of several elements, without the empty ones."""
    return tuple([text for element in elements if (text := text_of(element)) is not None])


def number_of(element: Element) -> Decimal | None:
    """An xs:decimal; None when it is empty."""
    text = text_of(element)
    if text is None:
        return None
    # The plain form of nearly every amount; anything else goes through the whole grammar.
    if text.replace(".", "", 1).isdigit() and text.isascii() and len(text) <= MAX_DIGITS:
        return Decimal(text)
    try:
        return parse_decimal(text)
    except ValueError:
        raise RefusalError(f"{place(element)} is {quoted(text)}, not a decimal number") from None


def number_in(children: Children, tag: str) -> Decimal | None:
    """The xs:decimal in the child of a name; None when it is missing or empty."""
    element = children.get(tag)
    return None if element is None else number_of(element)


def day_in(children: Children, tag: str) -> date | None:
    """The xs:date in the child of a name; a time zone is accepted and left out.

    None when it is missing or empty.
    """
    element = children.get(tag)
    text = None if element is None else text_of(element)
    if text is None or element is None:
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        raise RefusalError(f"{place(element)} is {quoted(text)}, not a date like 2026-11-24")
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise RefusalError(f"{place(element)} is {quoted(text)}, a date that is not") from None


def flag_in(children: Children, tag: str) -> bool:
    """The xs:boolean in the child of a name; false when it is missing or empty."""
    element = children.get(tag)
    text = None if element is None else text_of(element)
    if text is None or element is None:
        return False
    truth = _TRUTH.get(text)
    if truth is None:
        raise RefusalError(f"{place(element)} is {quoted(text)}, neither true nor false")
    return truth
