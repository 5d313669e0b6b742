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
    inside,
    text_in,
)
from robot.documents.identifiers import identifier_in
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


def party_in_role(role: Element) -> Party:
    """The party inside AccountingSupplierParty or AccountingCustomerParty; empty when missing."""
    party = children_of(role).get(_PARTY)
    return Party() if party is None else party_of(party)


def party_of(element: Element) -> Party:
    """A party with all its identifiers (BG-4, BG-7, BG-10, BG-11).

    `name` is the trading name (PartyName), else the legal one, else a person's.
    """
    children = children_of(element)
    identifiers: list[Identifier] = []
    for each in every(element, children, _IDENTIFICATION):
        _append(identifiers, identifier_in(children_of(each), ID))
    legal_name, legal_id = _legal_entities(element, children, identifiers)
    vat_id = _tax_registrations(element, children, identifiers)
    name = text_in(inside(children, _PARTY_NAME), NAME) or legal_name
    if name is None and _PERSON in children:
        name = _person_name(inside(children, _PERSON))
    contact = inside(children, _CONTACT)
    address = inside(children, _ADDRESS)
    return Party(
        name=name,
        legal_name=legal_name,
        endpoint=identifier_in(children, _ENDPOINT),
        identifiers=tuple(identifiers),
        legal_id=legal_id,
        vat_id=vat_id,
        country=text_in(inside(address, _COUNTRY), _COUNTRY_CODE),
        street=_street(address),
        city=text_in(address, _CITY),
        postal_code=text_in(address, _ZONE),
        contact_id=text_in(contact, ID),
        contact_name=text_in(contact, NAME),
        contact_phone=text_in(contact, _PHONE),
        contact_email=text_in(contact, _MAIL),
    )


def _append(identifiers: list[Identifier], identifier: Identifier | None) -> None:
    if identifier is not None:
        identifiers.append(identifier)


def _legal_entities(
    party: Element, children: Children, others: list[Identifier]
) -> tuple[str | None, Identifier | None]:
    """Name and id of the first legal entity; the ids of further ones join the others."""
    entities = every(party, children, _LEGAL)
    if not entities:
        return None, None
    for further in entities[1:]:
        _append(others, identifier_in(children_of(further), _COMPANY_ID))
    parts = children_of(entities[0])
    return text_in(parts, _REGISTRATION_NAME), identifier_in(parts, _COMPANY_ID)


def _tax_registrations(
    party: Element, children: Children, others: list[Identifier]
) -> Identifier | None:
    """The VAT registration (BT-31, BT-48); other tax registrations join the others."""
    vat_id = None
    for registration in every(party, children, _TAX):
        parts = children_of(registration)
        vat = is_vat_scheme(inside(parts, _TAX_SCHEME))
        identifier = identifier_in(parts, _COMPANY_ID, "vat" if vat else "other")
        if vat and vat_id is None:
            vat_id = identifier
        else:
            _append(others, identifier)
    return vat_id


def _street(address: Children) -> str | None:
    street = text_in(address, _STREET)
    building = text_in(address, _BUILDING)
    if street is None and address:
        street = text_in(address, _POSTBOX) or text_in(inside(address, _ADDRESS_LINE), _LINE)
    return f"{street} {building}" if street and building else street or building


def _person_name(person: Children) -> str | None:
    names = (text_in(person, _FIRST_NAME), text_in(person, _FAMILY_NAME))
    return " ".join(name for name in names if name) or None
