"""The field catalogue, part one: what the document says, and whether it adds up."""

from __future__ import annotations

from typing import Final

from robot.checks.field_columns import (
    choice_field,
    code_field,
    date_field,
    flag_field,
    money_field,
    number_field,
    safe_field,
    text_field,
)
from robot.domain.invoice import Format, Kind

_INVOICE: Final = (
    code_field("invoice.number", "Leverandørens fakturanummer", "The supplier's number", "BT-1"),
    choice_field(
        "invoice.kind",
        tuple(Kind),
        "Faktura, kreditnota (rodelementet afgør det) eller omposteringsark",
        "Invoice or credit note (the root element decides), or re-posting sheet",
        "root element",
    ),
    code_field("invoice.type_code", "Dokumenttypekode", "Document type code", "BT-3 (UNCL 1001)"),
    choice_field(
        "invoice.format", tuple(Format), "Dokumentets familie", "Document family", "BT-24"
    ),
    code_field("invoice.profile", "Tilpasning", "Customisation id", "BT-24"),
    code_field("invoice.business_process", "Forretningsproces", "Business process", "BT-23"),
    flag_field("invoice.copy", "Mærket som kopi", "Marked as a copy", "UBL CopyIndicator"),
    flag_field("invoice.proforma", "Proformafaktura", "Pro forma invoice", "BT-3 = 325"),
    date_field("invoice.issue_date", "Fakturadato", "Date of issue", "BT-2"),
    date_field("invoice.due_date", "Forfaldsdato", "Due date", "BT-9"),
    date_field("invoice.delivery_start", "Leveret fra", "Delivered from", "BT-73, else BT-72"),
    date_field("invoice.delivery_end", "Leveret til", "Delivered until", "BT-74, else BT-72"),
    flag_field(
        "invoice.issue_date_in_future",
        "Fakturadatoen ligger efter beslutningens dato",
        "Issued after the date of the decision",
        "BT-2, calendar",
    ),
    number_field("invoice.age_days", "Alder", "Age", "BT-2, calendar", "days"),
    number_field(
        "invoice.payment_days", "Betalingsfrist", "Term of payment", "BT-2, BT-9", "days"
    ),
    flag_field(
        "invoice.overdue",
        "Forfaldsdatoen er overskredet",
        "The due date is past",
        "BT-9, calendar",
    ),
    money_field("invoice.total", "Beløb med moms", "Total with VAT", "BT-112"),
    money_field("invoice.net", "Beløb uden moms", "Total without VAT", "BT-109"),
    money_field("invoice.vat", "Momsbeløb", "Total VAT", "BT-110"),
    money_field("invoice.payable", "Beløb til betaling", "Amount due for payment", "BT-115"),
    money_field(
        "invoice.prepaid",
        "Allerede betalt (0, når det ikke er oplyst)",
        "Paid already (0 when not stated)",
        "BT-113",
    ),
    money_field(
        "invoice.rounding",
        "Afrunding (0, når den ikke er oplyst)",
        "Rounding (0 when not stated)",
        "BT-114",
    ),
    money_field(
        "invoice.total_dkk",
        "Beløb med moms i kroner",
        "Total with VAT in kroner",
        "BT-112, NAV table 330",
    ),
    code_field("invoice.currency", "Valuta", "Currency", "BT-5 (ISO 4217)"),
    flag_field(
        "invoice.negative", "Beløbet er under nul", "The amount is below zero", "BT-112, BT-115"
    ),
    flag_field(
        "invoice.nothing_to_post",
        "Ingen linje har et beløb",
        "No line has an amount",
        "BT-131; NAV codeunit 90",
    ),
)

_PARTIES: Final = (
    text_field("supplier.name", "Leverandørens navn", "Name of the supplier", "BT-27, BT-28"),
    code_field(
        "supplier.cvr",
        "Leverandørens CVR-nummer",
        "CVR number of the supplier",
        "BT-30, BT-31, BT-29, BT-34",
    ),
    code_field(
        "supplier.se", "Leverandørens SE-nummer", "SE number of the supplier", "BT-29, BT-30"
    ),
    code_field("supplier.vat_number", "Momsnummer", "VAT number as stated", "BT-31"),
    code_field("supplier.gln", "Leverandørens GLN", "GLN of the supplier", "BT-34, BT-29"),
    code_field("supplier.country", "Leverandørens land", "Country of the supplier", "BT-40"),
    flag_field(
        "supplier.identified",
        "Oplyser mindst ét entydigt nummer",
        "States at least one unique number",
        "BT-29, BT-30, BT-31, BT-34",
    ),
    flag_field(
        "supplier.foreign",
        "Leverandøren er udenlandsk",
        "The supplier is foreign",
        "BT-40, BT-31, BT-30",
    ),
    flag_field(
        "supplier.in_eu",
        "Leverandøren er fra et andet EU-land",
        "The supplier is in another country of the EU",
        "BT-40, BT-31",
    ),
    safe_field(
        "supplier.cvr_valid",
        "CVR-nummeret er gyldigt",
        "The CVR number is valid",
        "modulus 11 (Erhvervsstyrelsen)",
    ),
    safe_field(
        "supplier.se_valid",
        "SE-nummeret er gyldigt",
        "The SE number is valid",
        "modulus 11; only a warning",
    ),
    safe_field(
        "supplier.p_valid", "P-nummeret har ti cifre", "The P number has ten digits", "BT-29"
    ),
    safe_field("supplier.gln_valid", "GLN er gyldigt", "The GLN is valid", "modulus 10 (GS1)"),
    flag_field("customer.known", "Kunden er kendt", "The customer is known", "customer file"),
    code_field(
        "customer.bogfoeringskreds",
        "Kundens bogføringskreds",
        "The customer's bogføringskreds",
        "customer file",
    ),
    flag_field(
        "customer.fakturamanager",
        "Kunden har købt fakturamanager",
        "The customer has bought invoice management",
        "customer file",
    ),
    code_field(
        "customer.gln", "Modtagerens GLN (EAN-nummer)", "GLN of the receiver", "BT-49, BT-46"
    ),
    code_field(
        "customer.cvr",
        "Modtagerens CVR-nummer",
        "CVR number of the receiver",
        "BT-47, BT-48, BT-46, BT-49",
    ),
    safe_field(
        "customer.gln_valid",
        "Modtagerens GLN er gyldigt",
        "The receiver's GLN is valid",
        "modulus 10 (GS1)",
    ),
    safe_field(
        "customer.gln_known",
        "Modtagerens GLN er et af kundens",
        "The receiver's GLN is one of the customer's",
        "BT-49, customer file",
    ),
    safe_field(
        "customer.cvr_matches",
        "Modtagerens CVR-nummer er kundens",
        "The receiver's CVR number is the customer's",
        "BT-47, customer file",
    ),
    code_field(
        "customer.reference",
        "Kundens reference (person)",
        "The buyer's reference (person)",
        "BT-10, OIOUBL AccountingCustomerParty/Contact/ID",
    ),
    flag_field(
        "customer.reference_junk",
        "Referencen er fyld (»NA«, »0«, »-«)",
        "The reference is a filler ('NA', '0', '-')",
        "BT-10",
    ),
    text_field("payee.name", "Betalingsmodtagerens navn", "Name of the payee", "BT-59"),
    flag_field(
        "payee.differs",
        "En anden end leverandøren skal have pengene",
        "Someone else than the supplier is to be paid",
        "BG-10",
    ),
    flag_field(
        "payee.assignment_suspected",
        "Ser ud til at være overdraget (factoring, transport)",
        "Seems to be assigned (factoring)",
        "BT-3 = 393, BT-22, BG-10",
    ),
)

_ORDER: Final = (
    code_field(
        "order.reference", "Ordre- eller rekvisitionsnummer", "Purchase order number", "BT-13"
    ),
    code_field("order.contract", "Kontraktnummer", "Contract number", "BT-12"),
    code_field("order.project", "Projektnummer", "Project number", "BT-11"),
    code_field(
        "order.accounting_cost",
        "Kundens konteringsstreng på fakturaen",
        "The buyer's accounting reference",
        "BT-19",
    ),
    flag_field(
        "order.reference_junk",
        "Ordrenummeret er fyld (»NA«, »0«, »-«)",
        "The order number is a filler ('NA', '0', '-')",
        "BT-13",
    ),
)

_AMOUNTS: Final = (
    money_field(
        "arithmetic.difference",
        "Største afvigelse i fakturaens egne summer",
        "Largest deviation in the invoice's own sums",
        "BT-106 to BT-115, BT-131",
    ),
    flag_field(
        "arithmetic.lines_differ",
        "Linjerne giver ikke beløbet uden moms",
        "The lines do not add up to the total without VAT",
        "BT-106, BT-109, BT-131",
    ),
    flag_field(
        "arithmetic.total_differs",
        "Summen af beløb og moms stemmer ikke",
        "Net, VAT, prepaid and rounding do not give the total",
        "BT-112, BT-115",
    ),
    flag_field(
        "arithmetic.vat_differs",
        "Momsen stemmer ikke for en kategori og sats",
        "The VAT is wrong for a category and rate",
        "BG-23, BT-110",
    ),
    money_field(
        "arithmetic.vat_expected",
        "Moms, som vi beregner den",
        "VAT as we compute it",
        "BT-116, BT-119",
    ),
    money_field(
        "arithmetic.vat_difference",
        "Oplyst moms minus beregnet moms",
        "Stated VAT minus computed VAT",
        "BT-110, BT-116, BT-119",
    ),
    flag_field(
        "arithmetic.rounding_too_large",
        "Afrundingen er over 10,00",
        "The rounding is above 10.00",
        "BT-114; OIOUBL F-INV338",
    ),
    flag_field(
        "vat.foreign",
        "En udenlandsk leverandør opkræver moms",
        "A foreign supplier charges VAT",
        "BT-40, BT-110",
    ),
    flag_field(
        "vat.peppol_without_vat",
        "Peppol-faktura fra Danmark uden den moms, den selv nævner",
        "Peppol invoice from Denmark without the VAT that it names itself",
        "BT-110, BG-23",
    ),
    flag_field(
        "vat.rate_unusual",
        "Dansk faktura med anden momssats end 25 %",
        "Danish invoice with another VAT rate than 25 %",
        "BT-119, BT-152",
    ),
    flag_field(
        "vat.reverse_charge",
        "Omvendt betalingspligt",
        "Reverse charge",
        "BT-118, BT-151 = AE or K",
    ),
)

#: In the order in which people read them.
DOCUMENT_FIELDS: Final = (*_INVOICE, *_PARTIES, *_ORDER, *_AMOUNTS)
