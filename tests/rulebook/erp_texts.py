"""Every text with which NAV refuses, English and Danish, and the error type that it means.

Placeholders are NAV's own (`%1`); `FILLED` gives them values. The Danish platform texts follow
the captions' wording and were not all seen in a Danish client.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Text(NamedTuple):
    """One text in both languages."""

    code: str
    en: str
    da: str
    values_en: tuple[str, ...] = ()
    values_da: tuple[str, ...] = ()


_HEADER_EN = "Purchase Header: Document Type=Invoice,No.=KF1000006"
_HEADER_DA = "Købshoved: Bilagstype=Faktura,Nummer=KF1000006"
_INVOICE = (("Invoice", "KF1000006"), ("Faktura", "KF1000006"))


def _field(code: str, field: tuple[str, str], table: tuple[str, str]) -> Text:
    return Text(
        code,
        "%1 must have a value in %2. It cannot be zero or empty.",
        "%1 skal have en værdi i %2. Den må ikke være nul eller tom.",
        (field[0], table[0]),
        (field[1], table[1]),
    )


def _equal(code: str, en: tuple[str, ...], da: tuple[str, ...]) -> Text:
    return Text(
        code,
        "%1 must be equal to '%2' in %3. Current value is '%4'.",
        "%1 skal være lig med '%2' i %3. Den aktuelle værdi er '%4'.",
        en,
        da,
    )


def _absent(code: str, en: str, da: str, key: str = "Code='X'") -> Text:
    return Text(
        code,
        "The %1 does not exist. Identification fields and values: %2",
        "%1 findes ikke. Identifikationsfelter og -værdier: %2",
        (en, key),
        (da, key),
    )


def _unrelated(code: str, en: tuple[str, str, str], da: tuple[str, str, str]) -> Text:
    return Text(
        code,
        "The field %1 of table %2 contains a value (9999) that cannot be found in the related"
        " table (%3).",
        "Feltet %1 i tabellen %2 indeholder en værdi (9999), der ikke findes i den relaterede"
        " tabel (%3).",
        en,
        da,
    )


def _dimension(code: str, en: str, da: str) -> tuple[Text, ...]:
    """An inner reason alone, in each text that NAV puts around it."""
    return (
        Text(code, en, da),
        Text(
            code,
            "The dimensions used in %1 %2 are invalid (Error: " + en + ").",
            "De dimensioner, der bliver brugt i %1 %2, er ugyldige (Fejl: " + da + ").",
            *_INVOICE,
        ),
        Text(
            code,
            "The dimensions used in %1 %2, line no. 10000 are invalid (Error: " + en + ").",
            "De dimensioner, der bliver brugt i %1 %2, linjenr. 10000, er ugyldige (Fejl: "
            + da
            + ").",
            *_INVOICE,
        ),
        Text(
            code,
            "A dimension used in Gen. Journal Line , , 0 has caused an error. " + en,
            "En dimension, der bliver brugt i Finanskladdelinje , , 0, har forårsaget en fejl. "
            + da,
        ),
    )


TEXTS: Final[tuple[Text, ...]] = (
    # 1, 10, 12, 15, 21: mandatory fields
    _field(
        "erp-field-missing", ("Buy-from Vendor No.", "Leverandørnr."), (_HEADER_EN, _HEADER_DA)
    ),
    _field("erp-field-missing", ("Document Date", "Bilagsdato"), (_HEADER_EN, _HEADER_DA)),
    _field("due-date-missing", ("Due Date", "Forfaldsdato"), (_HEADER_EN, _HEADER_DA)),
    _field(
        "erp-setup-missing",
        ("Payables Account", "Samlekonto"),
        ("Vendor Posting Group: Code=INDLAND", "Kreditorbogføringsgruppe: Kode=INDLAND"),
    ),
    _field("erp-setup-missing", ("Currency Factor", "Valutafaktor"), (_HEADER_EN, _HEADER_DA)),
    _field(
        "erp-setup-missing",
        ("Gen. Prod. Posting Group", "Produktbogføringsgruppe"),
        ("Purchase Line: Line No.=10000", "Købslinje: Linjenr.=10000"),
    ),
    _field(
        "erp-setup-missing",
        ("Purchase VAT Account", "Købsmomskonto"),
        ("VAT Posting Setup: VAT Bus. Posting Group=IND", "Opsætning af momsbogf.: X=IND"),
    ),
    Text("erp-field-missing", "You must specify %1.", "Du skal angive %1.", ("X",), ("X",)),
    Text(
        "erp-field-missing",
        "You need to enter the document number of the document from the vendor in the %1 field,"
        " so that this document stays linked to the original.",
        "Du skal indtaste bilagsnummeret for bilaget fra kreditoren i feltet %1, så dette bilag"
        " fortsat er knyttet til originalen.",
        ("Vendor Invoice No.",),
        ("Kreditors fakturanr.",),
    ),
    # 2, 3, 19: dates and periods
    Text(
        "posting-date-closed",
        "Posting Date is not within your range of allowed posting dates in %1.",
        "Bogføringsdato er ikke inden for den tilladte bogføringsperiode i %1.",
        (_HEADER_EN,),
        (_HEADER_DA,),
    ),
    Text(
        "posting-date-closed",
        "%1 is not within the range of posting dates for your company.",
        "%1 er ikke inden for intervallet af bogføringsdatoer for regnskabet.",
        ("Posting Date",),
        ("Bogføringsdato",),
    ),
    Text(
        "posting-date-closed",
        "%1 can only be a closing date for G/L entries",
        "%1 kan kun være en ultimodato for finansposter",
        ("Posting Date",),
        ("Bogføringsdato",),
    ),
    Text(
        "period-not-created",
        "There is no Accounting Period within the filter.",
        "Der er ingen Regnskabsperiode i filteret.",
    ),
    # 4 to 6a, 25: dimensions
    Text(
        "dimension-combination",
        "The combination of dimensions used in %1 %2 is blocked (Error: Dimension combinations"
        " STED - KBH and FORMAAL - 10 can't be used concurrently.).",
        "Kombinationen af dimensioner, der bliver brugt i %1 %2, er spærret (Fejl:"
        " Dimensionskombinationerne STED - KBH og FORMAAL - 10 kan ikke bruges samtidig.).",
        *_INVOICE,
    ),
    Text(
        "dimension-combination",
        "The combination of dimensions used in %1 %2, line no. 10000 is blocked (Error: x).",
        "Kombinationen af dimensioner, der bliver brugt i %1 %2, linjenr. 10000, er spærret"
        " (Fejl: x).",
        *_INVOICE,
    ),
    Text(
        "dimension-combination",
        "Dimensions %1 and %2 can't be used concurrently.",
        "Dimensionerne %1 og %2 kan ikke bruges samtidig.",
        ("STED", "FORMAAL"),
        ("STED", "FORMAAL"),
    ),
    *_dimension(
        "dimension-missing",
        "Select a Dimension Value Code for the Dimension Code STED for G/L Account 220100.",
        "Angiv Dimensionsværdikode til Dimensionskode STED for Finanskonto 220100.",
    ),
    *_dimension(
        "dimension-missing",
        "Dimension Value Code for Dimension Code is missing.",
        "Dimensionsværdikode for Dimensionskode mangler.",
    ),
    *_dimension(
        "dimension-not-allowed",
        "Select Dimension Value Code 100 for the Dimension Code STED.",
        "Angiv Dimensionsværdikode 100 til Dimensionskode STED.",
    ),
    *_dimension(
        "dimension-not-allowed",
        "Dimension Code STED must be blank.",
        "Dimensionskode STED skal være tom.",
    ),
    *_dimension(
        "dimension-not-allowed",
        "Dimension Code STED must not be mentioned.",
        "Dimensionskode STED må ikke angives.",
    ),
    *_dimension("dimension-blocked", "Dimension STED is blocked.", "Dimension STED er spærret."),
    *_dimension(
        "dimension-blocked",
        "Dimension Value STED - KBH is blocked.",
        "Dimensionsværdi STED - KBH er spærret.",
    ),
    *_dimension(
        "dimension-blocked",
        "Dimension Value Type for Dimension Value STED - KBH must not be Heading.",
        "Dimensionsværditype for Dimensionsværdi STED - KBH må ikke være Overskrift.",
    ),
    *_dimension(
        "dimension-unknown",
        "Dimension XYZ can't be found.",
        "Dimension XYZ blev ikke fundet.",
    ),
    _absent("dimension-unknown", "Dimension Value", "Dimensionsværdi"),
    # 7, 14, 14b, 24: release, approval, queue
    Text(
        "erp-not-released",
        "You cannot use %1 for this action. The restriction was imposed because the document"
        " must be approved.",
        "Du kan ikke bruge %1 til denne handling. Begrænsningen blev pålagt, fordi bilaget skal"
        " godkendes.",
        ("Purchase Header: Invoice,KF1000006",),
        ("Købshoved: Faktura,KF1000006",),
    ),
    Text(
        "erp-not-released",
        "This document can only be released when the approval process is complete.",
        "Dette dokument kan kun frigives, når godkendelsesprocessen er fuldført.",
    ),
    Text(
        "erp-not-released",
        "Purchase %1 %2 must be approved and released before you can perform this action.",
        "Købet %1 %2 skal godkendes og frigives, inden du kan udføre denne handling.",
        *_INVOICE,
    ),
    _equal(
        "erp-not-released",
        ("Status", "Released", _HEADER_EN, "Open"),
        ("Status", "Frigivet", _HEADER_DA, "Åben"),
    ),
    Text(
        "prepayment",
        "There are unpaid prepayment invoices that are related to the document of type %1 with"
        " the number %2.",
        "Der er ubetalte forudbetalingsfakturaer, der er knyttet til dokumentet af typen %1 med"
        " nummeret %2.",
        *_INVOICE,
    ),
    Text(
        "nothing-to-post",
        "There is nothing to release for the document of type %1 with the number %2.",
        "Der er ikke noget at frigive for dokumentet af typen %1 med nummer %2.",
        *_INVOICE,
    ),
    Text("nothing-to-post", "There is nothing to post.", "Der er intet at bogføre."),
    Text(
        "erp-already-queued",
        "%1 %2 cannot be posted because it has already been scheduled for posting. Choose the"
        " Remove from Job Queue action to reset the job queue status and then post again.",
        "%1 %2 kan ikke bogføres, da den allerede er planlagt til bogføring. Vælg handlingen"
        " Fjern fra opgavekø for at nulstille opgavekøstatus, og bogfør derefter igen.",
        *_INVOICE,
    ),
    Text(
        "posting-stuck",
        "The job queue entry has been deleted.",
        "Opgavekøposten er blevet slettet.",
    ),
    Text(
        "posting-stuck",
        "You cannot delete an entry that has status %1.",
        "Du kan ikke slette en post med status %1.",
        ("In Process",),
        ("I gang",),
    ),
    # 8, 9: the creditor
    Text(
        "creditor-blocked",
        "You cannot %1 this type of document when Vendor %2 is blocked with type %3",
        "Du kan ikke %1 denne dokumenttype, når kreditor %2 er spærret med typen %3",
        ("post", "10001", "All"),
        ("bogføre", "10001", "Alle"),
    ),
    Text(
        "creditor-blocked",
        "You cannot %1 this type of document when Vendor %2 is blocked for privacy.",
        "Du kan ikke %1 denne bilagstype, når beskyttelse af personlige oplysninger spærret for"
        " kreditor %2.",
        ("create", "10001"),
        ("oprette", "10001"),
    ),
    Text(
        "erp-setup-missing",
        "Privacy Blocked must not be true for Salesperson / Purchaser %1.",
        "Beskyttelse af personlige oplysninger spærret må ikke være gældende for"
        " sælgeren/indkøberen %1.",
        ("KLJ",),
        ("KLJ",),
    ),
    # 13: number series
    Text(
        "erp-number-series",
        "You cannot assign new numbers from the number series %1 on %2.",
        "Du kan ikke tildele nye numre fra nummerserien %1 den %2.",
        ("K-FAKT", "11/24/26"),
        ("K-FAKT", "24-11-26"),
    ),
    Text(
        "erp-number-series",
        "You cannot assign new numbers from the number series %1 on a date before %2.",
        "Du kan ikke tildele nye numre fra nummerserien %1 på en dato før %2.",
        ("K-FAKT", "11/24/26"),
        ("K-FAKT", "24-11-26"),
    ),
    Text(
        "erp-number-series",
        "You cannot assign new numbers from the number series %1.",
        "Du kan ikke tildele nye numre fra nummerserien %1.",
        ("K-FAKT",),
        ("K-FAKT",),
    ),
    Text(
        "erp-number-series",
        "The %1 already exists. Identification fields and values: No.='KF1'",
        "%1 findes allerede. Identifikationsfelter og -værdier: Nummer='KF1'",
        ("Purch. Inv. Header",),
        ("Købsfakturahoved",),
    ),
    # 16: accounts
    _equal(
        "account-not-postable",
        ("Direct Posting", "Yes", "G/L Account: No.=220100", "No"),
        ("Direkte bogføring", "Ja", "Finanskonto: Nummer=220100", "Nej"),
    ),
    _equal(
        "account-not-postable",
        ("Account Type", "Posting", "G/L Account: No.=220000", "Heading"),
        ("Kontotype", "Konto", "Finanskonto: Nummer=220000", "Overskrift"),
    ),
    _equal(
        "account-blocked",
        ("Blocked", "No", "G/L Account: No.=229900", "Yes"),
        ("Spærret", "Nej", "Finanskonto: Nummer=229900", "Ja"),
    ),
    _absent("account-unknown", "G/L Account", "Finanskonto", "No.='999999'"),
    _unrelated(
        "account-unknown",
        ("No.", "Purchase Line", "G/L Account"),
        ("Nummer", "Købslinje", "Finanskonto"),
    ),
    # 17, 18, 21, 22, 27: setup
    _absent("erp-setup-missing", "General Posting Setup", "Bogføringsopsætning"),
    _absent("erp-setup-missing", "VAT Posting Setup", "Opsætning af momsbogf."),
    _absent("erp-setup-missing", "Vendor Posting Group", "Kreditorbogføringsgruppe"),
    _absent("erp-setup-missing", "Purchases & Payables Setup", "Opsætning af Køb"),
    _absent("erp-setup-missing", "Dim. Set Tree", "Dimensionstræ"),
    Text(
        "erp-setup-missing",
        "Setup is blocked in %1 for %2 %3 and %4 %5.",
        "Opsætning er spærret i %1 for %2 %3 og %4 %5.",
        ("General Posting Setup", "a", "b", "c", "d"),
        ("Bogføringsopsætning", "a", "b", "c", "d"),
    ),
    Text(
        "erp-setup-missing",
        "You must create a deferral schedule because you have specified the deferral code %2 in"
        " line %1.",
        "Du skal oprette en periodiseringsplan, fordi du har angivet periodiseringskoden %2 i"
        " linje %1.",
        ("10000", "ÅR"),
        ("10000", "ÅR"),
    ),
    _equal(
        "erp-setup-missing",
        ("VAT Calculation Type", "Normal VAT", "VAT Posting Setup: X=Y", "Sales Tax"),
        ("Momsberegningstype", "Normal moms", "Opsætning af momsbogf.: X=Y", "Sales Tax"),
    ),
    _absent("creditor-unknown", "Vendor", "Kreditor", "No.='99999'"),
    _unrelated(
        "creditor-unknown",
        ("Buy-from Vendor No.", "Purchase Header", "Vendor"),
        ("Leverandørnr.", "Købshoved", "Kreditor"),
    ),
    _unrelated(
        "currency-unknown",
        ("Currency Code", "Purchase Header", "Currency"),
        ("Valutakode", "Købshoved", "Valuta"),
    ),
    Text(
        "currency-unknown",
        "There is no Currency Exchange Rate within the filter.",
        "Der er ingen Valutakurs i filteret.",
    ),
    _unrelated(
        "vat-code-unknown",
        ("VAT Prod. Posting Group", "Purchase Line", "VAT Product Posting Group"),
        ("Momsproduktbogf.gruppe", "Købslinje", "Momsproduktbogføringsgruppe"),
    ),
    _unrelated(
        "erp-value-refused",
        ("Purchaser Code", "Purchase Header", "Salesperson/Purchaser"),
        ("Indkøberkode", "Købshoved", "Sælger/indkøber"),
    ),
    Text(
        "erp-setup-missing",
        "There is no %1 within the filter.",
        "Der er ingen %1 i filteret.",
        ("Item Ledger Entry",),
        ("Varepost",),
    ),
    _absent("posting-vanished", "Purchase Header", "Købshoved", "No.='KF1'"),
    # 20, 27: duplicates
    Text(
        "duplicate-exact",
        "Purchase %1 %2 already exists for this vendor.",
        "Køb %1 %2 findes allerede for denne kreditor.",
        *_INVOICE,
    ),
    Text(
        "duplicate-exact",
        "Purchase %1 %2 already exists.",
        "Køb %1 %2 findes allerede.",
        *_INVOICE,
    ),
    Text(
        "erp-number-series",
        "Cannot post the purchase invoice because its ID, %1, is already assigned to a record."
        " Update the ID.",
        "Købsfakturaen kan ikke bogføres, fordi dens id, %1, er allerede tildelt en record.",
        ("{F00D}",),
        ("{F00D}",),
    ),
    # 23, 26: amounts
    Text(
        "totals-wrong",
        "%1 + %2 must be %3.",
        "%1 + %2 skal være %3.",
        ("Amount", "VAT", "100.00"),
        ("Beløb", "Moms", "100,00"),
    ),
    Text(
        "rounding-too-large",
        "%1 needs to be rounded",
        "%1 skal afrundes",
        ("Amount",),
        ("Beløb",),
    ),
    Text(
        "totals-wrong",
        "%1 (%2) is not equal to total of lines (%3).",
        "%1 (%2) er ikke lig med totalen af linjerne (%3).",
        ("Doc. Amount Incl. VAT", "10.00", "11.00"),
        ("Bilagsbeløb inkl. moms", "10,00", "11,00"),
    ),
    Text(
        "vat-amount-wrong",
        "%1 (%2) is not equal to total of VAT on lines (%3).",
        "%1 (%2) er ikke lig med moms på linjerne (%3).",
        ("Doc. Amount VAT", "10.00", "11.00"),
        ("Bilagsmomsbeløb", "10,00", "11,00"),
    ),
    # 30: receipts
    Text(
        "receipt-missing",
        "The quantity you are attempting to invoice is greater than the quantity in receipt %1.",
        "Det antal, du forsøger at fakturere, er større end antallet i leverance %1.",
        ("KL1",),
        ("KL1",),
    ),
    # platform
    Text(
        "erp-value-refused",
        "The length of the string is %1, but it must be less than or equal to %2 characters."
        " Value: %3",
        "Længden på strengen er %1, men den skal være mindre end eller lig med %2 tegn. Værdi: %3",
        ("40", "35", "X" * 40),
        ("40", "35", "X" * 40),
    ),
    Text(
        "erp-busy",
        "The activity was deadlocked with another user who was modifying the %1 table. Please"
        " retry the activity.",
        "Aktiviteten gik i hårdknude med en anden bruger, som var ved at ændre tabellen %1. Prøv"
        " aktiviteten igen.",
        ("G/L Entry",),
        ("Finanspost",),
    ),
    Text(
        "erp-busy",
        "The operation could not complete because a record in the %1 table was locked by another"
        " user. Please retry the activity.",
        "Handlingen kunne ikke fuldføres, fordi en record i tabellen %1 var låst af en anden"
        " bruger. Prøv aktiviteten igen.",
        ("Vendor Ledger Entry",),
        ("Kreditorpost",),
    ),
    Text(
        "erp-busy",
        "The %1 table cannot be changed because it is locked by another user. Wait until the user"
        " is finished and then try again.",
        "Tabellen %1 kan ikke ændres, fordi den er låst af en anden bruger. Vent, til brugeren er"
        " færdig, og prøv igen.",
        ("Purchase Line",),
        ("Købslinje",),
    ),
    Text(
        "changed-since-decision",
        "Another user has already changed the record for this %1 after you retrieved it from the"
        " database.",
        "En anden bruger har allerede ændret recorden for denne %1, efter at du hentede den fra"
        " databasen.",
        ("Purchase Header",),
        ("Købshoved",),
    ),
    Text(
        "erp-permission",
        "You do not have the following permissions on TableData %1: Modify.",
        "Du har ikke følgende rettigheder til TableData %1: Rediger.",
        ("Purch. Inv. Header",),
        ("Købsfakturahoved",),
    ),
    Text(
        "erp-permission",
        "Sorry, the current permissions prevented the action. (TableData 38 Purchase Header)",
        "De aktuelle rettigheder forhindrede handlingen. (TableData 38 Købshoved)",
    ),
    Text(
        "erp-permission",
        "Your program license does not permit you to use the codeunit 50000.",
        "Din programlicens giver dig ikke tilladelse til at bruge codeunit 50000.",
    ),
    Text(
        "erp-unavailable",
        "The server instance DynamicsNAV110 is not available.",
        "Serverforekomsten DynamicsNAV110 er ikke tilgængelig.",
    ),
    # the robot's own codeunit
    Text(
        "bank-details-changed",
        "The bank details of vendor %1 have changed since the robot's decision.",
        "Kreditor %1s betalingsoplysninger er ændret, siden robotten besluttede.",
        ("10001",),
        ("10001",),
    ),
    Text(
        "changed-since-decision",
        "%1 %2 has changed since the robot's decision.",
        "%1 %2 er ændret, siden robotten besluttede.",
        *_INVOICE,
    ),
    Text(
        "key-closed",
        "The robot's request for %1 %2 is closed.",
        "Robottens bestilling af %1 %2 er lukket.",
        *_INVOICE,
    ),
)


def filled(text: Text) -> tuple[str, str]:
    """The English and the Danish text with its values."""
    return _fill(text.en, text.values_en), _fill(text.da, text.values_da)


def _fill(text: str, values: tuple[str, ...]) -> str:
    for place, value in enumerate(values, 1):
        text = text.replace(f"%{place}", value)
    assert "%" not in text, text
    return text
