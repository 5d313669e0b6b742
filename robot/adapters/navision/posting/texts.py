"""What NAV says when it refuses, in English and Danish.

Source: NAV's own texts as collected in codeunits 11, 12, 23, 80, 90, 396 and 408; the Danish
platform texts (field must have a value, does not exist, related table) follow NAV's wording but
were not all seen in a Danish client.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum, unique
from typing import Final


class Refusal(Exception):  # noqa: N818 -- an answer of NAV, not a fault
    """NAV refuses to post; `text` is what it says."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@unique
class Message(Enum):
    """A text with NAV's placeholders, English and Danish."""

    MUST_HAVE_VALUE = (
        "%1 must have a value in %2: %3. It cannot be zero or empty.",
        "%1 skal have en værdi i %2: %3. Den må ikke være nul eller tom.",
    )
    MUST_BE_EQUAL = (
        "%1 must be equal to '%2' in %3: %4. Current value is '%5'.",
        "%1 skal være lig med '%2' i %3: %4. Den aktuelle værdi er '%5'.",
    )
    DOES_NOT_EXIST = (
        "The %1 does not exist. Identification fields and values: %2",
        "%1 findes ikke. Identifikationsfelter og -værdier: %2",
    )
    ALREADY_EXISTS = (
        "The %1 already exists. Identification fields and values: %2",
        "%1 findes allerede. Identifikationsfelter og -værdier: %2",
    )
    NONE_WITHIN_FILTER = (
        "There is no %1 within the filter.",
        "Der er ingen %1 i filteret.",
    )
    NOT_IN_RELATED_TABLE = (
        (
            "The field %1 of table %2 contains a value (%3) that cannot be found in the"
            " related table"
            " (%4)."
        ),
        (
            "Feltet %1 i tabellen %2 indeholder en værdi (%3), der ikke findes i den"
            " relaterede tabel"
            " (%4)."
        ),
    )
    TOO_LONG = (
        (
            "The length of the string is %1, but it must be less than or equal to %2 characters."
            " Value: %3"
        ),
        "Længden på strengen er %1, men den skal være mindre end eller lig med %2 tegn. Værdi: %3",
    )
    POSTING_DATE_NOT_ALLOWED = (
        "Posting Date is not within your range of allowed posting dates in %1 %2.",
        "Bogføringsdato er ikke inden for den tilladte bogføringsperiode i %1 %2.",
    )
    HEADER_COMBINATION_BLOCKED = (
        "The combination of dimensions used in %1 %2 is blocked (Error: %3).",
        "Kombinationen af dimensioner, der bliver brugt i %1 %2, er spærret (Fejl: %3).",
    )
    HEADER_DIMENSIONS_INVALID = (
        "The dimensions used in %1 %2 are invalid (Error: %3).",
        "De dimensioner, der bliver brugt i %1 %2, er ugyldige (Fejl: %3).",
    )
    LINE_COMBINATION_BLOCKED = (
        "The combination of dimensions used in %1 %2, line no. %3 is blocked (Error: %4).",
        (
            "Kombinationen af dimensioner, der bliver brugt i %1 %2, linjenr. %3, er spærret"
            " (Fejl: %4)."
        ),
    )
    LINE_DIMENSIONS_INVALID = (
        "The dimensions used in %1 %2, line no. %3 are invalid (Error: %4).",
        "De dimensioner, der bliver brugt i %1 %2, linjenr. %3, er ugyldige (Fejl: %4).",
    )
    ENTRY_DIMENSION_WRONG = (
        "A dimension used in %1 %2, %3, %4 has caused an error. %5",
        "En dimension, der bliver brugt i %1 %2, %3, %4, har forårsaget en fejl. %5",
    )
    SELECT_VALUE = ("Select a %1 for the %2 %3.", "Angiv %1 til %2 %3.")
    SELECT_VALUE_FOR = (
        "Select a %1 for the %2 %3 for %4 %5.",
        "Angiv %1 til %2 %3 for %4 %5.",
    )
    SELECT_THIS = ("Select %1 %2 for the %3 %4.", "Angiv %1 %2 til %3 %4.")
    SELECT_THIS_FOR = (
        "Select %1 %2 for the %3 %4 for %5 %6.",
        "Angiv %1 %2 til %3 %4 for %5 %6.",
    )
    MUST_BE_BLANK = ("%1 %2 must be blank.", "%1 %2 skal være tom.")
    MUST_NOT_BE_MENTIONED = ("%1 %2 must not be mentioned.", "%1 %2 må ikke angives.")
    DIMENSION_BLOCKED = ("%1 %2 is blocked.", "%1 %2 er spærret.")
    DIMENSION_NOT_FOUND = ("%1 %2 can't be found.", "%1 %2 blev ikke fundet.")
    VALUE_BLOCKED = ("%1 %2 - %3 is blocked.", "%1 %2 - %3 er spærret.")
    VALUE_MISSING = ("%1 for %2 is missing.", "%1 for %2 mangler.")
    VALUE_TYPE_WRONG = (
        "%1 for %2 %3 - %4 must not be %5.",
        "%1 for %2 %3 - %4 må ikke være %5.",
    )
    DIMENSIONS_TOGETHER = (
        "Dimensions %1 and %2 can't be used concurrently.",
        "Dimensionerne %1 og %2 kan ikke bruges samtidig.",
    )
    VALUES_TOGETHER = (
        "Dimension combinations %1 - %2 and %3 - %4 can't be used concurrently.",
        "Dimensionskombinationerne %1 - %2 og %3 - %4 kan ikke bruges samtidig.",
    )
    VENDOR_BLOCKED = (
        "You cannot post this type of document when Vendor %1 is blocked with type %2",
        "Du kan ikke bogføre denne dokumenttype, når kreditor %1 er spærret med typen %2",
    )
    VENDOR_PRIVACY_BLOCKED = (
        "You cannot post this type of document when Vendor %1 is blocked for privacy.",
        (
            "Du kan ikke bogføre denne bilagstype, når beskyttelse af personlige"
            " oplysninger spærret"
            " for kreditor %1."
        ),
    )
    NOTHING_TO_POST = ("There is nothing to post.", "Der er intet at bogføre.")
    EXTERNAL_NUMBER_MISSING = (
        (
            "You need to enter the document number of the document from the vendor in the"
            " %1 field,"
            " so that this document stays linked to the original."
        ),
        (
            "Du skal indtaste bilagsnummeret for bilaget fra kreditoren i feltet %1, så"
            " dette bilag"
            " fortsat er knyttet til originalen."
        ),
    )
    SERIES_NOT_ON_DATE = (
        "You cannot assign new numbers from the number series %1 on %2.",
        "Du kan ikke tildele nye numre fra nummerserien %1 den %2.",
    )
    SERIES_USED_UP = (
        "You cannot assign new numbers from the number series %1.",
        "Du kan ikke tildele nye numre fra nummerserien %1.",
    )
    SERIES_DATE_ORDER = (
        "You cannot assign new numbers from the number series %1 on a date before %2.",
        "Du kan ikke tildele nye numre fra nummerserien %1 på en dato før %2.",
    )
    DUPLICATE = (
        "Purchase %1 %2 already exists for this vendor.",
        "Køb %1 %2 findes allerede for denne kreditor.",
    )
    BANK_DETAILS_CHANGED = (
        "The bank details of vendor %1 have changed since the robot's decision.",
        "Kreditor %1s betalingsoplysninger er ændret, siden robotten besluttede.",
    )
    DOCUMENT_CHANGED = (
        "%1 %2 has changed since the robot's decision.",
        "%1 %2 er ændret, siden robotten besluttede.",
    )
    REQUEST_CLOSED = (
        "The robot's request for %1 %2 is closed.",
        "Robottens bestilling af %1 %2 er lukket.",
    )
    REPOSTED_ALREADY = (
        "The robot's re-posting %1 is in the general ledger already.",
        "Robottens ompostering %1 findes allerede i finansposterne.",
    )
    NEEDS_ROUNDING = ("%1 needs to be rounded", "%1 skal afrundes")
    OUT_OF_RANGE = (
        "The value %1 is too large for %2.",
        "Værdien %1 er for stor til %2.",
    )
    TOTAL_DIFFERS = (
        "%1 (%2) is not equal to total of lines (%3).",
        "%1 (%2) er ikke lig med totalen af linjerne (%3).",
    )


#: NAV's Danish captions (ENU → DAN) of the tables, fields and options in the texts above.
_DANISH: Final[Mapping[str, str]] = {
    "Account Type": "Kontotype",
    "Accounting Period": "Regnskabsperiode",
    "All": "Alle",
    "Amount": "Beløb",
    "Amount Including VAT": "Beløb inkl. moms",
    "Begin-Total": "Fra-sum",
    "Blocked": "Spærret",
    "Buy-from Vendor No.": "Leverandørnr.",
    "Code": "Kode",
    "Credit Memo": "Kreditnota",
    "Currency": "Valuta",
    "Currency Code": "Valutakode",
    "Currency Exchange Rate": "Valutakurs",
    "Description": "Beskrivelse",
    "Dimension": "Dimension",
    "Dimension Code": "Dimensionskode",
    "Dimension Value": "Dimensionsværdi",
    "Dimension Value Code": "Dimensionsværdikode",
    "Dimension Value Type": "Dimensionsværditype",
    "Direct Posting": "Direkte bogføring",
    "Doc. Amount Incl. VAT": "Bilagsbeløb inkl. moms",
    "Document No.": "Bilagsnr.",
    "Document Type": "Bilagstype",
    "End-Total": "Til-sum",
    "G/L Account": "Finanskonto",
    "Gen. Bus. Posting Group": "Virksomhedsbogføringsgruppe",
    "Gen. Journal Line": "Finanskladdelinje",
    "Gen. Prod. Posting Group": "Produktbogføringsgruppe",
    "General Ledger Setup": "Opsætning af Finans",
    "General Posting Setup": "Bogføringsopsætning",
    "Heading": "Overskrift",
    "Invoice": "Faktura",
    "Invoice Nos.": "Fakturanumre",
    "Credit Memo Nos.": "Kreditnotanumre",
    "Line No.": "Linjenr.",
    "No": "Nej",
    "No.": "Nummer",
    "No. Series": "Nummerserie",
    "Payables Account": "Samlekonto",
    "Payment Reference": "Betalingsreference",
    "Payment": "Betaling",
    "Posted Credit Memo Nos.": "Bogf. kreditnotanumre",
    "Posted Invoice Nos.": "Bogførte fakturanumre",
    "Posting": "Konto",
    "Primary Key": "Primærnøgle",
    "Purch. Cr. Memo Hdr.": "Købskreditnotahoved",
    "Purch. Inv. Header": "Købsfakturahoved",
    "Purchase Header": "Købshoved",
    "Purchase Line": "Købslinje",
    "Purchase VAT Account": "Købsmomskonto",
    "Purchases & Payables Setup": "Opsætning af Køb",
    "Reverse Chrg. VAT Acc.": "Modtagermomskonto",
    "Total": "Sum",
    "VAT Calculation Type": "Momsberegningstype",
    "Normal VAT": "Normal moms",
    "Reverse Charge VAT": "Modtagermoms",
    "Full VAT": "Fuld moms",
    "Sales Tax": "Sales Tax",
    "No Taxable VAT": "Ingen moms",
    "VAT Bus. Posting Group": "Momsvirksomhedsbogf.gruppe",
    "VAT Posting Setup": "Opsætning af momsbogf.",
    "VAT Prod. Posting Group": "Momsproduktbogf.gruppe",
    "Vendor": "Kreditor",
    "Vendor Cr. Memo No.": "Kreditors kr.notanr.",
    "Vendor Invoice No.": "Kreditors fakturanr.",
    "Vendor Posting Group": "Kreditorbogføringsgruppe",
    "Yes": "Ja",
}


class NavTexts:
    """NAV's texts in one language.

    Args:
        language: `da` or `en`, as the user who posts has it.

    Raises:
        ValueError: Another language.
    """

    def __init__(self, language: str) -> None:
        if language not in {"da", "en"}:
            raise ValueError(f"'{language}' is neither da nor en")
        self._danish = language == "da"

    def caption(self, name: str) -> str:
        """The caption of a table, field or option, by its English one."""
        return _DANISH.get(name, name) if self._danish else name

    def say(self, message: Message, *values: object) -> str:
        """The text with its values; dates and amounts as the language writes them."""
        text = message.value[self._danish]
        # From left to right, so that a value that holds `%1` is not filled in again.
        parts = []
        while "%" in text:
            before, _, rest = text.partition("%")
            parts += [before, self._written(values[int(rest[0]) - 1])]
            text = rest[1:]
        return "".join([*parts, text])

    def refuse(self, message: Message, *values: object) -> Refusal:
        """NAV's refusal with this text."""
        return Refusal(self.say(message, *values))

    def key(self, *pairs: tuple[str, object], quoted: bool = False) -> str:
        """Key fields and their values as NAV names a record (`Document Type=Invoice,No.=1001`)."""
        mark = "'" if quoted else ""
        return ",".join(
            f"{self.caption(name)}={mark}{self._written(value)}{mark}" for name, value in pairs
        )

    def _written(self, value: object) -> str:
        if isinstance(value, date):
            return f"{value:%d-%m-%y}" if self._danish else f"{value:%m/%d/%y}"
        if isinstance(value, Decimal):
            text = f"{value:,.2f}" if value == round(value, 2) else f"{value:,f}"
            return text.translate(str.maketrans(",.", ".,")) if self._danish else text
        return str(value)
