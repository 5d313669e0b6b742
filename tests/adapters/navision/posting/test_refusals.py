"""What NAV refuses, in its order and in its words."""

# ruff: noqa: S608, ISC004 - statements are of this file's own words; a text is one value of a case

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from robot.adapters.navision.small_navision import SmallNavision
from robot.domain.decision import PostingOrder
from robot.flow.ports import Evidence, KeyState
from tests.adapters.navision.world import FixedClock, execute, line, order, rows

#: Every table that a posting writes to.
WRITTEN = (
    "Purch_ Inv_ Header",
    "Purch_ Inv_ Line",
    "Purch_ Cr_ Memo Hdr_",
    "Purch_ Cr_ Memo Line",
    "Vendor Ledger Entry",
    "Detailed Vendor Ledg_ Entry",
    "G_L Entry",
    "Dimension Set Entry",
    "No_ Series Line",
)


def post(engine: Engine, wanted: PostingOrder, language: str) -> Evidence:
    door = SmallNavision(engine, language, FixedClock())
    return door.post(wanted, generation="1", payload_hash="h")


def ledgers(engine: Engine) -> list[list[tuple[Any, ...]]]:
    return [rows(engine, f'SELECT * FROM "{{}}${table}"') for table in WRITTEN]


def update(table: str, column: str, value: str, where: str = "1 = 1") -> str:
    return f'UPDATE "{{}}${table}" SET "{column}" = {value} WHERE {where}'


def default_dimension(*values: str) -> str:
    return f'INSERT INTO "{{}}$Default Dimension" VALUES ({", ".join(values)})'


VENDOR = "\"No_\" = '10001'"
ACCOUNT = "\"No_\" = '220100'"
HEADER = "Purchase Header Document Type='Invoice',No.='KL1000007'"
HEADER_DA = "Købshoved Bilagstype='Faktura',Nummer='KL1000007'"
LINE = "Invoice KL1000007, line no. 10000"
LINE_DA = "Faktura KL1000007, linjenr. 10000,"

CASES = {
    "creditor unknown": (
        "",
        order(creditor="77777"),
        "The field Buy-from Vendor No. of table Purchase Header contains a value (77777) that"
        " cannot be found in the related table (Vendor).",
        "Feltet Leverandørnr. i tabellen Købshoved indeholder en værdi (77777), der ikke findes i"
        " den relaterede tabel (Kreditor).",
    ),
    "creditor missing": (
        "",
        order(creditor=" "),
        "Buy-from Vendor No. must have a value in Purchase Header: No.=KL1000007. It cannot be"
        " zero or empty.",
        "Leverandørnr. skal have en værdi i Købshoved: Nummer=KL1000007. Den må ikke være nul"
        " eller tom.",
    ),
    "number longer than the field": (
        "",
        order(external_number="9" * 36),
        "The length of the string is 36, but it must be less than or equal to 35 characters."
        f" Value: {'9' * 36}",
        "Længden på strengen er 36, men den skal være mindre end eller lig med 35 tegn. Værdi:"
        f" {'9' * 36}",
    ),
    "currency not set up": (
        "",
        order(currency="JPY"),
        "The field Currency Code of table Purchase Header contains a value (JPY) that cannot be"
        " found in the related table (Currency).",
        "Feltet Valutakode i tabellen Købshoved indeholder en værdi (JPY), der ikke findes i den"
        " relaterede tabel (Valuta).",
    ),
    "no exchange rate": (
        'DELETE FROM "{}$Currency Exchange Rate"',
        order(currency="EUR"),
        "There is no Currency Exchange Rate within the filter.",
        "Der er ingen Valutakurs i filteret.",
    ),
    "account unknown": (
        "",
        order("k1", line("229999")),
        "The field No. of table Purchase Line contains a value (229999) that cannot be found in"
        " the related table (G/L Account).",
        "Feltet Nummer i tabellen Købslinje indeholder en værdi (229999), der ikke findes i den"
        " relaterede tabel (Finanskonto).",
    ),
    "posting date before the range": (
        "",
        order(posting_date=date(2026, 10, 31)),
        f"Posting Date is not within your range of allowed posting dates in {HEADER}.",
        f"Bogføringsdato er ikke inden for den tilladte bogføringsperiode i {HEADER_DA}.",
    ),
    "posting date outside the user's own range": (
        update("User Setup", "Allow Posting To", "'2026-11-23 00:00:00'"),
        order(),
        f"Posting Date is not within your range of allowed posting dates in {HEADER}.",
        f"Bogføringsdato er ikke inden for den tilladte bogføringsperiode i {HEADER_DA}.",
    ),
    "header dimensions": (
        default_dimension("23", "'10001'", "'FORMAAL'", "''", "1"),
        order(),
        "The dimensions used in Invoice KL1000007 are invalid (Error: Select a Dimension Value"
        " Code for the Dimension Code FORMAAL for Vendor 10001.).",
        "De dimensioner, der bliver brugt i Faktura KL1000007, er ugyldige (Fejl: Angiv"
        " Dimensionsværdikode til Dimensionskode FORMAAL for Kreditor 10001.).",
    ),
    "header combination": (
        default_dimension("23", "'10001'", "'FORMAAL'", "'10'", "0")
        + ", "
        + "(23, '10001', 'DELREGNSKAB', '300', 0)",
        order(),
        "The combination of dimensions used in Invoice KL1000007 is blocked (Error: Dimension"
        " combinations DELREGNSKAB - 300 and FORMAAL - 10 can't be used concurrently.).",
        "Kombinationen af dimensioner, der bliver brugt i Faktura KL1000007, er spærret (Fejl:"
        " Dimensionskombinationerne DELREGNSKAB - 300 og FORMAAL - 10 kan ikke bruges"
        " samtidig.).",
    ),
    "values that can't stand together": (
        "",
        order("k1", line("225000", delregnskab="300", formaal="10")),
        f"The combination of dimensions used in {LINE} is blocked (Error: Dimension combinations"
        " DELREGNSKAB - 300 and FORMAAL - 10 can't be used concurrently.).",
        f"Kombinationen af dimensioner, der bliver brugt i {LINE_DA} er spærret (Fejl:"
        " Dimensionskombinationerne DELREGNSKAB - 300 og FORMAAL - 10 kan ikke bruges"
        " samtidig.).",
    ),
    "dimensions that can't stand together": (
        update("Dimension Combination", "Combination Restriction", "1"),
        order("k1", line(delregnskab="100", formaal="20")),
        f"The combination of dimensions used in {LINE} is blocked (Error: Dimensions DELREGNSKAB"
        " and FORMAAL can't be used concurrently.).",
        f"Kombinationen af dimensioner, der bliver brugt i {LINE_DA} er spærret (Fejl:"
        " Dimensionerne DELREGNSKAB og FORMAAL kan ikke bruges samtidig.).",
    ),
    "dimension missing": (
        "",
        order("k1", line("225000", delregnskab="100")),
        f"The dimensions used in {LINE} are invalid (Error: Select a Dimension Value Code for the"
        " Dimension Code FORMAAL for G/L Account 225000.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Angiv"
        " Dimensionsværdikode til Dimensionskode FORMAAL for Finanskonto 225000.).",
    ),
    "dimension missing by the table's rule": (
        default_dimension("15", "''", "'STED'", "''", "1"),
        order(),
        f"The dimensions used in {LINE} are invalid (Error: Select a Dimension Value Code for the"
        " Dimension Code STED.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Angiv"
        " Dimensionsværdikode til Dimensionskode STED.).",
    ),
    "same code": (
        default_dimension("15", "'220100'", "'STED'", "'KBH'", "2"),
        order("k1", line(delregnskab="100", sted="AAR")),
        f"The dimensions used in {LINE} are invalid (Error: Select Dimension Value Code KBH for"
        " the Dimension Code STED for G/L Account 220100.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Angiv"
        " Dimensionsværdikode KBH til Dimensionskode STED for Finanskonto 220100.).",
    ),
    "same code by the table's rule": (
        default_dimension("15", "''", "'STED'", "'KBH'", "2"),
        order("k1", line(delregnskab="100", sted="AAR")),
        f"The dimensions used in {LINE} are invalid (Error: Select Dimension Value Code KBH for"
        " the Dimension Code STED.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Angiv"
        " Dimensionsværdikode KBH til Dimensionskode STED.).",
    ),
    "same code, blank": (
        default_dimension("15", "'220100'", "'STED'", "''", "2"),
        order("k1", line(delregnskab="100", sted="AAR")),
        f"The dimensions used in {LINE} are invalid (Error: Dimension Code STED must be blank.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Dimensionskode STED"
        " skal være tom.).",
    ),
    "no code": (
        default_dimension("15", "'220100'", "'STED'", "''", "3"),
        order("k1", line(delregnskab="100", sted="AAR")),
        f"The dimensions used in {LINE} are invalid (Error: Dimension Code STED must not be"
        " mentioned.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Dimensionskode STED må"
        " ikke angives.).",
    ),
    "dimension unknown": (
        "",
        order("k1", line(delregnskab="100", afdeling="1")),
        f"The dimensions used in {LINE} are invalid (Error: Dimension AFDELING can't be found.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Dimension AFDELING blev"
        " ikke fundet.).",
    ),
    "dimension blocked": (
        update("Dimension", "Blocked", "1", "\"Code\" = 'STED'"),
        order("k1", line(delregnskab="100", sted="KBH")),
        f"The dimensions used in {LINE} are invalid (Error: Dimension STED is blocked.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Dimension STED er"
        " spærret.).",
    ),
    "value unknown": (
        "",
        order("k1", line(delregnskab="101")),
        f"The dimensions used in {LINE} are invalid (Error: Dimension Value for DELREGNSKAB is"
        " missing.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Dimensionsværdi for"
        " DELREGNSKAB mangler.).",
    ),
    "value blocked": (
        "",
        order("k1", line(delregnskab="900")),
        f"The dimensions used in {LINE} are invalid (Error: Dimension Value DELREGNSKAB - 900 is"
        " blocked.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Dimensionsværdi"
        " DELREGNSKAB - 900 er spærret.).",
    ),
    "value is a heading": (
        update("Dimension Value", "Dimension Value Type", "1", "\"Code\" = '100'"),
        order(),
        f"The dimensions used in {LINE} are invalid (Error: Dimension Value Type for Dimension"
        " Value DELREGNSKAB - 100 must not be Heading.).",
        f"De dimensioner, der bliver brugt i {LINE_DA} er ugyldige (Fejl: Dimensionsværditype for"
        " Dimensionsværdi DELREGNSKAB - 100 må ikke være Overskrift.).",
    ),
    "creditor blocked": (
        "",
        order(creditor="10009"),
        "You cannot post this type of document when Vendor 10009 is blocked with type All",
        "Du kan ikke bogføre denne dokumenttype, når kreditor 10009 er spærret med typen Alle",
    ),
    "payee blocked": (
        update("Vendor", "Pay-to Vendor No_", "'10009'", VENDOR),
        order(),
        "You cannot post this type of document when Vendor 10009 is blocked with type All",
        "Du kan ikke bogføre denne dokumenttype, når kreditor 10009 er spærret med typen Alle",
    ),
    "creditor blocked for privacy": (
        update("Vendor", "Privacy Blocked", "1", VENDOR),
        order(),
        "You cannot post this type of document when Vendor 10001 is blocked for privacy.",
        "Du kan ikke bogføre denne bilagstype, når beskyttelse af personlige oplysninger spærret"
        " for kreditor 10001.",
    ),
    "no lines": (
        "",
        order(lines=()),
        "There is nothing to post.",
        "Der er intet at bogføre.",
    ),
    "no number of an invoice": (
        "",
        order(external_number=""),
        "You need to enter the document number of the document from the vendor in the Vendor"
        " Invoice No. field, so that this document stays linked to the original.",
        "Du skal indtaste bilagsnummeret for bilaget fra kreditoren i feltet Kreditors fakturanr.,"
        " så dette bilag fortsat er knyttet til originalen.",
    ),
    "no number of a credit note": (
        "",
        order(external_number="", kind="credit-note"),
        "You need to enter the document number of the document from the vendor in the Vendor Cr."
        " Memo No. field, so that this document stays linked to the original.",
        "Du skal indtaste bilagsnummeret for bilaget fra kreditoren i feltet Kreditors"
        " kr.notanr., så dette bilag fortsat er knyttet til originalen.",
    ),
    "number series closed": (
        update("No_ Series Line", "Open", "0", "\"Series Code\" = 'K-FAKT-B'"),
        order(),
        "You cannot assign new numbers from the number series K-FAKT-B on 11/24/26.",
        "Du kan ikke tildele nye numre fra nummerserien K-FAKT-B den 24-11-26.",
    ),
    "number series used up": (
        update("No_ Series Line", "Ending No_", "'KF1000005'", "\"Series Code\" = 'K-FAKT-B'"),
        order(),
        "You cannot assign new numbers from the number series K-FAKT-B.",
        "Du kan ikke tildele nye numre fra nummerserien K-FAKT-B.",
    ),
    "number series in date order": (
        'UPDATE "{}$No_ Series" SET "Date Order" = 1',
        order(posting_date=date(2026, 11, 17)),
        "You cannot assign new numbers from the number series K-FAKT on a date before 11/20/26.",
        "Du kan ikke tildele nye numre fra nummerserien K-FAKT på en dato før 20-11-26.",
    ),
    "no number series": (
        update("Purchases & Payables Setup", "Posted Invoice Nos_", "''"),
        order(),
        "Posted Invoice Nos. must have a value in Purchases & Payables Setup: Primary Key=''. It"
        " cannot be zero or empty.",
        "Bogførte fakturanumre skal have en værdi i Opsætning af Køb: Primærnøgle=''. Den må ikke"
        " være nul eller tom.",
    ),
    "no setup": (
        'DELETE FROM "{}$Purchases & Payables Setup"',
        order(),
        "The Purchases & Payables Setup does not exist. Identification fields and values: Primary"
        " Key=''",
        "Opsætning af Køb findes ikke. Identifikationsfelter og -værdier: Primærnøgle=''",
    ),
    "posting group of the account": (
        update("G_L Account", "Gen_ Prod_ Posting Group", "''", ACCOUNT),
        order(),
        "Gen. Prod. Posting Group must have a value in Purchase Line: Document Type=Invoice,"
        "Document No.=KL1000007,Line No.=10000. It cannot be zero or empty.",
        "Produktbogføringsgruppe skal have en værdi i Købslinje: Bilagstype=Faktura,"
        "Bilagsnr.=KL1000007,Linjenr.=10000. Den må ikke være nul eller tom.",
    ),
    "account without direct posting": (
        update("G_L Account", "Gen_ Prod_ Posting Group", "'DRIFT'"),
        order("k1", line("612100")),
        "Direct Posting must be equal to 'Yes' in G/L Account: No.=612100. Current value is 'No'.",
        "Direkte bogføring skal være lig med 'Ja' i Finanskonto: Nummer=612100. Den aktuelle"
        " værdi er 'Nej'.",
    ),
    "account blocked": (
        "",
        order("k1", line("229900")),
        "Blocked must be equal to 'No' in G/L Account: No.=229900. Current value is 'Yes'.",
        "Spærret skal være lig med 'Nej' i Finanskonto: Nummer=229900. Den aktuelle værdi er"
        " 'Ja'.",
    ),
    "account is a sum": (
        update("G_L Account", "Account Type", "4", ACCOUNT),
        order(),
        "Account Type must be equal to 'Posting' in G/L Account: No.=220100. Current value is"
        " 'End-Total'.",
        "Kontotype skal være lig med 'Konto' i Finanskonto: Nummer=220100. Den aktuelle værdi er"
        " 'Til-sum'.",
    ),
    "general posting setup": (
        'DELETE FROM "{}$General Posting Setup"',
        order(),
        "The General Posting Setup does not exist. Identification fields and values: Gen. Bus."
        " Posting Group='INDLAND',Gen. Prod. Posting Group='DRIFT'",
        "Bogføringsopsætning findes ikke. Identifikationsfelter og -værdier:"
        " Virksomhedsbogføringsgruppe='INDLAND',Produktbogføringsgruppe='DRIFT'",
    ),
    "vat posting setup": (
        "",
        order("k1", line(vat_code="EUV")),
        "The VAT Posting Setup does not exist. Identification fields and values: VAT Bus. Posting"
        " Group='INDLAND',VAT Prod. Posting Group='EUV'",
        "Opsætning af momsbogf. findes ikke. Identifikationsfelter og -værdier:"
        " Momsvirksomhedsbogf.gruppe='INDLAND',Momsproduktbogf.gruppe='EUV'",
    ),
    "vat account": (
        update("VAT Posting Setup", "Purchase VAT Account", "''"),
        order(),
        "Purchase VAT Account must have a value in VAT Posting Setup: VAT Bus. Posting"
        " Group=INDLAND,VAT Prod. Posting Group=I25. It cannot be zero or empty.",
        "Købsmomskonto skal have en værdi i Opsætning af momsbogf.:"
        " Momsvirksomhedsbogf.gruppe=INDLAND,Momsproduktbogf.gruppe=I25. Den må ikke være nul"
        " eller tom.",
    ),
    "vat calculation that this door does not do": (
        update("VAT Posting Setup", "VAT Calculation Type", "2"),
        order(),
        "VAT Calculation Type must be equal to 'Normal VAT' in VAT Posting Setup: VAT Bus. Posting"
        " Group=INDLAND,VAT Prod. Posting Group=I25. Current value is 'Full VAT'.",
        "Momsberegningstype skal være lig med 'Normal moms' i Opsætning af momsbogf.:"
        " Momsvirksomhedsbogf.gruppe=INDLAND,Momsproduktbogf.gruppe=I25. Den aktuelle værdi er"
        " 'Fuld moms'.",
    ),
    "no accounting period": (
        'DELETE FROM "{}$Accounting Period"',
        order(),
        "There is no Accounting Period within the filter.",
        "Der er ingen Regnskabsperiode i filteret.",
    ),
    "number posted before": (
        "",
        order(external_number="dk-2026-0815"),
        "Purchase Invoice DK-2026-0815 already exists for this vendor.",
        "Køb Faktura DK-2026-0815 findes allerede for denne kreditor.",
    ),
    "creditor without posting group": (
        update("Vendor", "Vendor Posting Group", "''"),
        order(),
        "Vendor Posting Group must have a value in Vendor: No.=10001. It cannot be zero or empty.",
        "Kreditorbogføringsgruppe skal have en værdi i Kreditor: Nummer=10001. Den må ikke være"
        " nul eller tom.",
    ),
    "posting group unknown": (
        update("Vendor", "Vendor Posting Group", "'X'"),
        order(),
        "The Vendor Posting Group does not exist. Identification fields and values: Code='X'",
        "Kreditorbogføringsgruppe findes ikke. Identifikationsfelter og -værdier: Kode='X'",
    ),
    "payables account": (
        update("Vendor Posting Group", "Payables Account", "''"),
        order(),
        "Payables Account must have a value in Vendor Posting Group: Code=INDLAND. It cannot be"
        " zero or empty.",
        "Samlekonto skal have en værdi i Kreditorbogføringsgruppe: Kode=INDLAND. Den må ikke være"
        " nul eller tom.",
    ),
    "amount with parts of a cent": (
        "",
        order("k1", line(amount="1000.001", vat="249.999")),
        "Amount needs to be rounded",
        "Beløb skal afrundes",
    ),
    "amount too large": (
        "",
        order("k1", line(amount="800000000000", vat="200000000000")),
        "The value 1,000,000,000,000.00 is too large for Amount Including VAT.",
        "Værdien 1.000.000.000.000,00 er for stor til Beløb inkl. moms.",
    ),
    "total differs from the lines": (
        "",
        order(total=Decimal("1250.01")),
        "Doc. Amount Incl. VAT (1,250.01) is not equal to total of lines (1,250.00).",
        "Bilagsbeløb inkl. moms (1.250,01) er ikke lig med totalen af linjerne (1.250,00).",
    ),
    "vat under a code without vat": (
        "",
        order("k1", line(vat_code="I0")),
        "Doc. Amount Incl. VAT (1,250.00) is not equal to total of lines (1,000.00).",
        "Bilagsbeløb inkl. moms (1.250,00) er ikke lig med totalen af linjerne (1.000,00).",
    ),
    "vat too far from the rate": (
        "",
        order("k1", line(vat="251.01")),
        "Doc. Amount Incl. VAT (1,251.01) is not equal to total of lines (1,250.00).",
        "Bilagsbeløb inkl. moms (1.251,01) er ikke lig med totalen af linjerne (1.250,00).",
    ),
    "rule of the payables account": (
        default_dimension("15", "'951300'", "'DELREGNSKAB'", "''", "1"),
        order(),
        "A dimension used in Gen. Journal Line , , 0 has caused an error. Select a Dimension Value"
        " Code for the Dimension Code DELREGNSKAB for G/L Account 951300.",
        "En dimension, der bliver brugt i Finanskladdelinje , , 0, har forårsaget en fejl. Angiv"
        " Dimensionsværdikode til Dimensionskode DELREGNSKAB for Finanskonto 951300.",
    ),
    "posted number taken": (
        update("No_ Series Line", "Last No_ Used", "'KF1000002'", "\"Series Code\" = 'K-FAKT-B'"),
        order(),
        "The Purch. Inv. Header already exists. Identification fields and values: No.='KF1000003'",
        "Købsfakturahoved findes allerede. Identifikationsfelter og -værdier: Nummer='KF1000003'",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_nav_refuses_in_its_own_words_and_writes_nothing(engine: Engine, name: str) -> None:
    change, wanted, english, danish = CASES[name]
    if change:
        execute(engine, change)
    before = ledgers(engine)

    refused = post(engine, wanted, "en")
    again = post(engine, wanted, "da")

    assert (refused.state, refused.refusal) == (KeyState.REFUSED, english)
    assert (again.state, again.refusal) == (KeyState.REFUSED, danish)
    assert (refused.receipt, refused.amount, refused.creditor) == (None, None, None)
    assert ledgers(engine) == before


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"posting_date": date(2026, 10, 1), "creditor": "10009"},
            "Posting Date is not within",
        ),
        ({"creditor": "10009", "external_number": ""}, "blocked with type All"),
        (
            {"external_number": "DK-2026-0815", "total": Decimal(1)},
            "already exists for this vendor",
        ),
        ({"external_number": "", "lines": (line("229900"),)}, "You need to enter"),
        (
            {"creditor": "10009", "lines": (line(delregnskab="900"),)},
            "The dimensions used in",
        ),
    ],
)
def test_of_several_errors_nav_names_the_one_that_it_checks_first(
    engine: Engine, changes: dict[str, Any], text: str
) -> None:
    assert text in (post(engine, order(**changes), "en").refusal or "")


def test_payment_alone_does_not_block_an_invoice(engine: Engine) -> None:
    assert post(engine, order(creditor="10010"), "en").state is KeyState.POSTED


def test_a_language_that_nav_does_not_have_here_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="neither da nor en"):
        SmallNavision(engine, "sv", FixedClock())
