"""The two families of UBL invoices and the differences between them, in one table.

OIOUBL 2.x and EN 16931 use the same element names for different amounts. Whatever a reader must
know about that stands here; the other modules ask the family and never the CustomizationID.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from robot.documents.refusal import RefusalError, quoted
from robot.domain.invoice import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How one family of documents writes what an invoice says."""

    format: Format
    #: TaxExclusiveAmount is the sum of all taxes (OIOUBL rule F-INV127), not the net amount.
    tax_exclusive_is_tax: bool = False
    #: TaxInclusiveAmount includes PayableRoundingAmount (OIOUBL rule F-INV128).
    rounding_in_total: bool = False
    #: The amounts of PaymentTerms add up to what is payable (OIOUBL rule F-INV134).
    terms_state_payable: bool = False
    #: The price is for OrderableUnitFactorRate units and has absorbed BaseQuantity; otherwise it
    #: is for BaseQuantity units (BT-149).
    price_by_unit_factor: bool = False
    #: A line's allowances and charges are information only, already in its price.
    line_allowances_informative: bool = False
    #: Lines marked free of charge are left out of the sum (OIOUBL rule F-INV126).
    free_lines_left_out: bool = False
    #: MultiplierFactorNumeric times this is the percentage; None: the amounts tell.
    multiplier_to_percent: Decimal | None = None
    #: Every tax total counts, also one without subtotals.
    every_tax_total_counts: bool = False
    #: PrepaidPayment/PaidAmount is added to what is payable (third-party payments, BG-DEX-09).
    third_party_payments: bool = False
    #: Largest deviation of a sum that the official rules let pass.
    sum_tolerance: Decimal
    #: The same for a line's net amount against its price.
    line_tolerance: Decimal


#: EN 16931-1 BR-CO-10 to BR-CO-16 compare sums rounded to two decimals.
EN_SUM_TOLERANCE: Final = Decimal("0.005")
#: PEPPOL-EN16931-R120: line net amount, plus or minus 0.02.
EN_LINE_TOLERANCE: Final = Decimal("0.02")
#: OIOUBL schematron 1.17.2, sums of F-INV126 to F-INV134.
OIOUBL_SUM_TOLERANCE: Final = Decimal("0.0055")
#: OIOUBL schematron 1.17.2, "a rounding difference of up to +/- 1 is allowed" (F-LIB401, 402).
OIOUBL_LINE_TOLERANCE: Final = Decimal("1.00")

OIOUBL_2: Final = Family(
    format=Format.OIOUBL_2,
    tax_exclusive_is_tax=True,
    rounding_in_total=True,
    terms_state_payable=True,
    price_by_unit_factor=True,
    line_allowances_informative=True,
    free_lines_left_out=True,
    multiplier_to_percent=Decimal(100),
    every_tax_total_counts=True,
    sum_tolerance=OIOUBL_SUM_TOLERANCE,
    line_tolerance=OIOUBL_LINE_TOLERANCE,
)
EN_16931: Final = Family(
    format=Format.EN_16931,
    multiplier_to_percent=Decimal(1),
    sum_tolerance=EN_SUM_TOLERANCE,
    line_tolerance=EN_LINE_TOLERANCE,
)
#: XRechnung's extension (CustomizationID with kosit:extension): EN 16931 and third-party payments.
XRECHNUNG_EXTENSION: Final = Family(
    format=Format.EN_16931,
    multiplier_to_percent=Decimal(1),
    third_party_payments=True,
    sum_tolerance=EN_SUM_TOLERANCE,
    line_tolerance=EN_LINE_TOLERANCE,
)
#: UBL before EN 16931 (CEN BII, EHF 2, OASIS): TaxExclusiveAmount is the net amount as in EN
#: 16931, rounding is part of TaxInclusiveAmount as in OIOUBL, and multipliers are written as
#: factors by some profiles and as percentages by others.
PLAIN_UBL: Final = Family(
    format=Format.EN_16931,
    rounding_in_total=True,
    sum_tolerance=EN_SUM_TOLERANCE,
    line_tolerance=EN_LINE_TOLERANCE,
)

#: Beginning of a CustomizationID (case-folded) and its family.
_KNOWN: Final = (
    ("oioubl-2", OIOUBL_2),
    ("urn:cen.eu:en16931", EN_16931),
    ("urn:peppol:pint:", EN_16931),
    ("urn:fdc:peppol.eu:", EN_16931),
    ("urn:fdc:oioubl.dk:", EN_16931),
    ("urn:fdc:anskaffelser.no:", EN_16931),
    ("urn:www.cenbii.eu:", PLAIN_UBL),
    ("urn:oasis:names:specification:ubl:", PLAIN_UBL),
)
#: Parts of a CustomizationID that make an Invoice element something else, and what.
_NOT_INVOICES: Final = ((":ehf:reminder:", "a reminder (rykker)"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What tells the families apart when the CustomizationID does not."""

    #: Danish tax scheme 63, category words or payment channels occur.
    danish_words: bool
    line_total: Decimal | None
    allowances: Decimal
    charges: Decimal
    tax_exclusive: Decimal | None
    taxes: Decimal


def family_by_id(customization: str | None) -> Family | None:
    """The family of a known CustomizationID, or None.

    Raises:
        RefusalError: The id says that the document is something else than an invoice.
    """
    if customization is None:
        return None
    folded = customization.casefold()
    for part, what in _NOT_INVOICES:
        if part in folded:
            raise RefusalError(
                f"the document is {what} written as an invoice "
                f"(CustomizationID {quoted(customization)})",
                code="not-an-invoice",
            )
    for beginning, family in _KNOWN:
        if folded.startswith(beginning):
            if family is EN_16931 and "kosit:extension" in folded:
                return XRECHNUNG_EXTENSION
            return family
    return None


def family_by_shape(customization: str | None, shape: Shape) -> Family:
    """The family that an unknown document's own words say, unless its amounts contradict them.

    Raises:
        RefusalError: The amounts mean what the other family means, so that net and VAT could be
            swapped.
    """
    family = OIOUBL_2 if shape.danish_words else PLAIN_UBL
    stated = shape.tax_exclusive
    if stated is None or shape.line_total is None:
        return family
    net = shape.line_total - shape.allowances + shape.charges
    is_net = abs(stated - net) <= OIOUBL_LINE_TOLERANCE
    is_tax = abs(stated - shape.taxes) <= OIOUBL_LINE_TOLERANCE
    contradicted = is_net and not is_tax if shape.danish_words else is_tax and not is_net
    if not contradicted:
        # Where the amount fits neither meaning, the reader's arithmetic says so.
        return family
    said = "no CustomizationID" if customization is None else quoted(customization)
    raise RefusalError(
        f"the format is not known ({said}) and can't be told from the amounts: TaxExclusiveAmount "
        f"is {stated}, lines with allowances and charges give {net}, taxes {shape.taxes}"
    )
