"""Seller, buyer, payee and tax representative."""

from __future__ import annotations

from typing import Final

from robot.documents.elements import (
    CAC,
    CBC,
    ID,
    NAME,
    Children,
    Element,
    children_of,
    every,
    text_of,
)
from robot.documents.identifiers import identifier_of
from robot.documents.taxes import is_vat_scheme
from robot.domain.invoice import Identifier, Party

_PARTY: Final = CAC + "Party"
_ENDPOINT: Final = CBC + "EndpointID"
_IDENTIFICATION: Final = CAC + "PartyIdentification"
_PARTY_NAME: Final = CAC + "PartyName"
_ADDRESS: Final = CAC + "PostalAddress"
_TAX: Final = CAC + "PartyTaxScheme"
_TAX_SCHEME: Final = CAC + "TaxScheme"
_LEGAL: Final = CAC + "PartyLegalEntity"
_CONTACT: Final = CAC + "Contact"
_PERSON: Final = CAC + "Person"
_COMPANY_ID: Final = CBC + "CompanyID"
_REGISTRATION_NAME: Final = CBC + "RegistrationName"
_STREET: Final = CBC + "StreetName"
_BUILDING: Final = CBC + "BuildingNumber"
_POSTBOX: Final = CBC + "Postbox"
_ADDRESS_LINE: Final = CAC + "AddressLine"
_LINE: Final = CBC + "Line"
_CITY: Final = CBC + "CityName"
_ZONE: Final = CBC + "PostalZone"
_COUNTRY: Final = CAC + "Country"
_COUNTRY_CODE: Final = CBC + "IdentificationCode"
_PHONE: Final = CBC + "Telephone"
_MAIL: Final = CBC + "ElectronicMail"
_FIRST_NAME: Final = CBC + "FirstName"
_FAMILY_NAME: Final = CBC + "FamilyName"
_NOTHING: Final[Children] = {}


def party_in_role(role: Element | None) -> Party:
    """The party inside AccountingSupplierParty or AccountingCustomerParty; empty when missing."""
    party = None if role is None else children_of(role).get(_PARTY)
    return Party() if party is None else party_of(party)


def party_of(element: Element) -> Party:
    """A party with all its identifiers (BG-4, BG-7, BG-10, BG-11).

    `name` is the trading name (PartyName), else the legal one, else a person's.
    """
    children = children_of(element)
    identifiers = [
        identifier_of(children_of(each).get(ID))
        for each in every(element, children, _IDENTIFICATION)
    ]
    legal_name, legal_id = _legal_entities(element, children, identifiers)
    vat_id = _tax_registrations(element, children, identifiers)
    name = _first_text(children.get(_PARTY_NAME), NAME) or legal_name
    contact = _inside(children, _CONTACT)
    address = _inside(children, _ADDRESS)
    return Party(
        name=name or _person_name(_inside(children, _PERSON)),
        legal_name=legal_name,
        endpoint=identifier_of(children.get(_ENDPOINT)),
        identifiers=tuple(each for each in identifiers if each is not None),
        legal_id=legal_id,
        vat_id=vat_id,
        country=_first_text(address.get(_COUNTRY), _COUNTRY_CODE),
        street=_street(address),
        city=text_of(address.get(_CITY)),
        postal_code=text_of(address.get(_ZONE)),
        contact_id=text_of(contact.get(ID)),
        contact_name=text_of(contact.get(NAME)),
        contact_phone=text_of(contact.get(_PHONE)),
        contact_email=text_of(contact.get(_MAIL)),
    )


def _inside(children: Children, tag: str) -> Children:
    element = children.get(tag)
    return _NOTHING if element is None else children_of(element)


def _first_text(element: Element | None, tag: str) -> str | None:
    return None if element is None else text_of(children_of(element).get(tag))


def _legal_entities(
    party: Element, children: Children, others: list[Identifier | None]
) -> tuple[str | None, Identifier | None]:
    """Name and id of the first legal entity; the ids of further ones join the others."""
    name, legal_id = None, None
    for number, entity in enumerate(every(party, children, _LEGAL)):
        parts = children_of(entity)
        if number == 0:
            name = text_of(parts.get(_REGISTRATION_NAME))
            legal_id = identifier_of(parts.get(_COMPANY_ID))
        else:
            others.append(identifier_of(parts.get(_COMPANY_ID)))
    return name, legal_id


def _tax_registrations(
    party: Element, children: Children, others: list[Identifier | None]
) -> Identifier | None:
    """The VAT registration (BT-31, BT-48); other tax registrations join the others."""
    vat_id = None
    for registration in every(party, children, _TAX):
        parts = children_of(registration)
        scheme = parts.get(_TAX_SCHEME)
        vat = scheme is None or is_vat_scheme(children_of(scheme))
        identifier = identifier_of(parts.get(_COMPANY_ID), "vat" if vat else "other")
        if vat and vat_id is None:
            vat_id = identifier
        else:
            others.append(identifier)
    return vat_id


def _street(address: Children) -> str | None:
    street = text_of(address.get(_STREET))
    building = text_of(address.get(_BUILDING))
    if street is None:
        street = text_of(address.get(_POSTBOX)) or _first_text(address.get(_ADDRESS_LINE), _LINE)
    return f"{street} {building}" if street and building else street or building


def _person_name(person: Children) -> str | None:
    names = (text_of(person.get(_FIRST_NAME)), text_of(person.get(_FAMILY_NAME)))
    return " ".join(name for name in names if name) or None
