"""Supplier, receiver and payee: their numbers, and whether the receiver is the customer."""

from __future__ import annotations

from typing import Final

from robot.checks.identifiers import is_cvr, is_gln, is_production_unit
from robot.checks.values import Values, text_or_none
from robot.checks.wording import is_filler, names_assignment
from robot.domain.customer import Customer
from robot.domain.fields import UNKNOWN, Unknown
from robot.domain.invoice import Invoice, Party

DENMARK: Final = "DK"
#: Member states other than Denmark, with the VAT prefixes that differ (EL, XI).
_EU: Final = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
    }
)  # fmt: skip
_PREFIX_LENGTH: Final = 2
#: UNCL 1001: factored invoice.
_FACTORED: Final = "393"


def country_of(party: Party) -> str | None:
    """The address's country, else the VAT number's prefix, else Denmark for a Danish number."""
    if party.country:
        return party.country.strip().upper() or None
    if party.vat_id is not None:
        prefix = party.vat_id.raw_value.strip()[:_PREFIX_LENGTH].upper()
        if len(prefix) == _PREFIX_LENGTH and prefix.isascii() and prefix.isalpha():
            return prefix
    if any(party.number(scheme) for scheme in ("cvr", "se", "p")):
        return DENMARK
    return None


def is_foreign(party: Party) -> bool | Unknown:
    """Whether a party is outside Denmark; UNKNOWN when nothing tells."""
    country = country_of(party)
    return UNKNOWN if country is None else country != DENMARK


def charges_danish_vat(invoice: Invoice) -> bool:
    """Whether the seller is registered for VAT in Denmark, itself or by a representative."""
    seller = invoice.seller
    return invoice.tax_representative is not None or bool(
        seller.number("cvr") or seller.number("se")
    )


def supplier_values(invoice: Invoice) -> Values:
    """Fields `supplier.*`; a missing number is not an invalid one."""
    seller = invoice.seller
    cvr, se, unit = seller.number("cvr"), seller.number("se"), seller.number("p")
    gln, vat_id, country = seller.number("gln"), seller.vat_id, country_of(seller)
    return {
        "supplier.name": text_or_none(seller.name) or text_or_none(seller.legal_name),
        "supplier.cvr": cvr,
        "supplier.se": se,
        "supplier.vat_number": vat_id.raw_value if vat_id is not None else None,
        "supplier.gln": gln,
        "supplier.country": country,
        "supplier.identified": bool(cvr or se or unit or gln or vat_id or seller.legal_id),
        "supplier.foreign": UNKNOWN if country is None else country != DENMARK,
        "supplier.in_eu": UNKNOWN if country is None else country in _EU,
        "supplier.cvr_valid": cvr is None or is_cvr(cvr),
        "supplier.se_valid": se is None or is_cvr(se),
        "supplier.p_valid": unit is None or is_production_unit(unit),
        "supplier.gln_valid": gln is None or is_gln(gln),
    }


def customer_known_values(customer: Customer | None) -> Values:
    """Whose document it is, by its rule file."""
    return {
        "customer.known": customer is not None,
        "customer.bogfoeringskreds": customer.bogfoeringskreds if customer else None,
        "customer.fakturamanager": customer is not None and customer.fakturamanager,
    }


def receiver_values(invoice: Invoice, customer: Customer | None) -> Values:
    """The receiver's numbers and reference. Nobody's GLN is known when the customer is not."""
    buyer = invoice.buyer
    gln, cvr = buyer.number("gln"), buyer.number("cvr")
    reference = text_or_none(invoice.buyer_reference) or text_or_none(buyer.contact_id)
    glns = customer.glns if customer is not None else ()
    own_cvr = customer.cvr if customer is not None else None
    return {
        "customer.gln": gln,
        "customer.cvr": cvr,
        "customer.gln_valid": gln is None or is_gln(gln),
        "customer.gln_known": gln is None or gln in glns,
        "customer.cvr_matches": cvr is None or own_cvr is None or cvr == own_cvr,
        "customer.reference": reference,
        "customer.reference_junk": reference is not None and is_filler(reference),
    }


def _numbers(party: Party) -> set[tuple[str, str]]:
    stated = (party.legal_id, party.vat_id, party.endpoint, *party.identifiers)
    return {(number.scheme, number.value) for number in stated if number is not None}


def _same_party(one: Party, other: Party) -> bool:
    """By a number that both have; by name when they have no scheme in common."""
    mine, theirs = _numbers(one), _numbers(other)
    if not mine.isdisjoint(theirs):
        return True
    if {scheme for scheme, _ in mine} & {scheme for scheme, _ in theirs}:
        return False
    names = {name.strip().casefold() for name in (one.name, one.legal_name) if name}
    return any(
        name and name.strip().casefold() in names for name in (other.name, other.legal_name)
    )


def payee_values(invoice: Invoice) -> Values:
    """Whether somebody else than the supplier is to be paid, by the payee or by a note."""
    payee = invoice.payee
    differs = payee is not None and not _same_party(invoice.seller, payee)
    notes = (
        *invoice.notes,
        *invoice.payment_terms,
        *(means.note for means in invoice.payment_means if means.note),
    )
    return {
        "payee.name": text_or_none(payee.name) if payee is not None else None,
        "payee.differs": differs,
        "payee.assignment_suspected": invoice.type_code == _FACTORED or names_assignment(notes),
    }
