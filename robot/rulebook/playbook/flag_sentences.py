"""Flags as sentences, in Danish and English.

A flag is a sentence in two parts, `subject|predicate`, so that it can be denied: «kunden|er kendt»
gives «kunden ikke er kendt».
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Sentence(NamedTuple):
    """A flag that is yes, in both languages: who, and what holds of them."""

    da: tuple[str, str]
    en: tuple[str, str]


def sentence(da: str, en: str) -> Sentence:
    """A sentence whose subject and predicate are parted by `|` in both languages."""
    danish, english = da.split("|"), en.split("|")
    return Sentence((danish[0], danish[1]), (english[0], english[1]))


FLAGS: Final[dict[str, Sentence]] = {
    name: sentence(da, en)
    for name, da, en in (
        ("invoice.copy", "bilaget|er mærket som kopi", "the document|is marked as a copy"),
        ("invoice.proforma", "bilaget|er en proformafaktura", "the document|is pro forma"),
        (
            "invoice.issue_date_in_future",
            "fakturadatoen|ligger i fremtiden",
            "the date of issue|is in the future",
        ),
        (
            "invoice.overdue",
            "forfaldsdatoen|er overskredet",
            "the due date|is past",
        ),
        ("invoice.negative", "beløbet|er under nul", "the amount|is below zero"),
        ("invoice.nothing_to_post", "bilaget|er uden beløb", "the document|is without amounts"),
        (
            "supplier.identified",
            "leverandøren|oplyser et entydigt nummer",
            "the supplier|is identified by a number",
        ),
        ("supplier.foreign", "leverandøren|er udenlandsk", "the supplier|is foreign"),
        (
            "supplier.in_eu",
            "leverandøren|er fra et andet EU-land",
            "the supplier|is in another country of the EU",
        ),
        (
            "supplier.cvr_valid",
            "leverandørens CVR-nummer|er gyldigt",
            "the supplier's CVR number|is valid",
        ),
        (
            "supplier.se_valid",
            "leverandørens SE-nummer|er gyldigt",
            "the supplier's SE number|is valid",
        ),
        ("supplier.p_valid", "leverandørens P-nummer|er gyldigt", "the P number|is valid"),
        ("supplier.gln_valid", "leverandørens GLN|er gyldigt", "the supplier's GLN|is valid"),
        ("customer.known", "kunden|er kendt", "the customer|is known"),
        (
            "customer.fakturamanager",
            "kunden|har fakturamanager",
            "the customer|has invoice management",
        ),
        ("customer.gln_valid", "modtagerens GLN|er gyldigt", "the receiver's GLN|is valid"),
        (
            "customer.gln_known",
            "modtagerens GLN|er kundens",
            "the receiver's GLN|is the customer's",
        ),
        (
            "customer.cvr_matches",
            "modtagerens CVR-nummer|er kundens",
            "the receiver's CVR number|is the customer's",
        ),
        (
            "customer.reference_junk",
            "referencen|er fyld («NA», «0», «-»)",
            "the reference|is a filler ('NA', '0', '-')",
        ),
        (
            "payee.differs",
            "betalingsmodtageren|er en anden end leverandøren",
            "the payee|is someone else than the supplier",
        ),
        (
            "payee.assignment_suspected",
            "fakturaen|er muligvis overdraget (factoring)",
            "the invoice|is possibly assigned (factoring)",
        ),
        (
            "order.reference_junk",
            "ordre- eller rekvisitionsnummeret|er fyld («NA», «0», «-»)",
            "the order number|is a filler ('NA', '0', '-')",
        ),
        (
            "payment.matches_creditor",
            "kontoen på fakturaen|er en af kreditorens",
            "the account on the invoice|is one of the creditor's",
        ),
        (
            "payment.method_matches",
            "betalingsmåden|er kreditorens",
            "the way to pay|is the creditor's",
        ),
        ("payment.already_paid", "fakturaen|er allerede betalt", "the invoice|is paid already"),
        ("creditor.known", "kreditoren|er oprettet", "the creditor|is set up"),
        (
            "creditor.cvr_matches",
            "kreditorens CVR-nummer|er leverandørens",
            "the creditor's CVR number|is the supplier's",
        ),
        (
            "creditor.currency_matches",
            "kreditorens valuta|er fakturaens",
            "the creditor's currency|is the invoice's",
        ),
        (
            "creditor.ambiguous",
            "CVR-nummeret|er det samme på flere kreditorer",
            "the CVR number|is the same on several creditors",
        ),
        ("posting.date_missing", "bogføringsdatoen|er udeladt", "the posting date|is left out"),
        (
            "posting.date_in_future",
            "bogføringsdatoen|ligger i fremtiden",
            "the posting date|is in the future",
        ),
        (
            "posting.before_issue",
            "bogføringsdatoen|ligger før fakturadatoen",
            "the posting date|is before the date of issue",
        ),
        (
            "posting.period_open",
            "perioden for bogføringsdatoen|er åben",
            "the period of the posting date|is open",
        ),
        (
            "posting.period_exists",
            "regnskabsperioden|er oprettet",
            "the accounting period|is set up",
        ),
        ("posting.year_closed", "regnskabsåret|er afsluttet", "the fiscal year|is closed"),
        ("currency.set_up", "valutaen|er oprettet", "the currency|is set up"),
        ("approval.first", "1. godkendelse|er givet", "the first approval|is given"),
        ("approval.second", "2. godkendelse|er givet", "the second approval|is given"),
        ("approval.complete", "begge godkendelser|er givet", "both approvals|are given"),
        (
            "approval.same_person",
            "begge godkendelser|er givet af samme person",
            "both approvals|are given by one person",
        ),
        (
            "approval.within_limit",
            "beløbet|er inden for godkenderens beløbsgrænse",
            "the amount|is within the approver's limit",
        ),
        (
            "approval.mandated",
            "godkenderen|er bemyndiget",
            "the approver|is on the mandate list",
        ),
        (
            "coding.complete",
            "alle linjer med beløb|er konteret",
            "every line with an amount|is coded",
        ),
        (
            "coding.balanced",
            "det konterede beløb|er fakturaens",
            "the coded amount|is the invoice's",
        ),
        (
            "duplicate.exact",
            "bilaget|er en dublet af et andet",
            "the document|is a duplicate of another one",
        ),
        (
            "duplicate.suspected",
            "bilaget|er næsten magen til et andet",
            "the document|is very similar to another one",
        ),
        (
            "remark.to_centre",
            "bemærkningen|begynder med «TIL SAM»",
            "the remark|is meant for the centre («TIL SAM»)",
        ),
        (
            "document.confidential",
            "bilaget|er mærket fortroligt",
            "the document|is marked as confidential",
        ),
        (
            "credit_note.has_reference",
            "kreditnotaen|nævner en faktura",
            "the credit note|has a reference to an invoice",
        ),
        (
            "credit_note.reference_posted",
            "den nævnte faktura|er bogført",
            "the named invoice|is posted",
        ),
        (
            "payment.nemkonto_exception",
            "kreditoren|får betalingen på sin NemKonto og har fakturaens CVR-nummer",
            "the creditor|is paid to its NemKonto and has the invoice's CVR number",
        ),
        (
            "payment.details_missing",
            "fakturaen|er uden betalingsoplysninger",
            "the invoice|is without payment details",
        ),
        (
            "payment.several_accounts",
            "fakturaen|nævner flere forskellige konti",
            "the invoice|has several different accounts on it",
        ),
        (
            "payment.iban_matches_account",
            "IBAN og kontonummer|er samme konto",
            "IBAN and account number|are the same account",
        ),
        (
            "payment.reference_valid",
            "betalings-ID'et|er gyldigt",
            "the payment id|is valid",
        ),
        (
            "payment.account_valid",
            "kontonummeret|er gyldigt",
            "the account number|is valid",
        ),
        (
            "payment.iban_valid",
            "IBAN|er gyldigt",
            "the IBAN|is valid",
        ),
        (
            "prepayment.suspected",
            "fakturaen|ligner en forudbetaling",
            "the invoice|is like a prepayment",
        ),
        (
            "reminder_fee.suspected",
            "fakturaen|ser ud til at have rykkergebyr eller rente",
            "the invoice|is likely to hold a reminder fee or interest",
        ),
        (
            "lines.reminder_fee",
            "linjen|ser ud til at være rykkergebyr eller rente",
            "the line|is likely a reminder fee or interest",
        ),
        (
            "lines.asset_suspected",
            "linjen|ser ud til at være et anlæg på en driftskonto",
            "the line|is likely an asset on an account of operations",
        ),
        (
            "lines.net_differs",
            "linjens beløb|er noget andet end antal gange pris",
            "the line's amount|is not quantity times price",
        ),
        (
            "lines.vat_code_known",
            "momskoden|er oprettet",
            "the VAT code|is set up",
        ),
        (
            "lines.vat_code_fits",
            "momskoden|passer til linjens moms",
            "the VAT code|is the one for the line's VAT",
        ),
        (
            "lines.account_posting",
            "kontoen|er en konto, der kan bogføres på",
            "the account|is one that takes postings",
        ),
        (
            "lines.account_direct",
            "kontoen|tillader direkte bogføring",
            "the account|is open for direct posting",
        ),
        (
            "arithmetic.lines_differ",
            "linjernes sum|er en anden end beløbet uden moms",
            "the sum of the lines|is not the total without VAT",
        ),
        (
            "arithmetic.total_differs",
            "summen af beløb og moms|er en anden end totalen",
            "the sum of net and VAT|is not the total",
        ),
        (
            "arithmetic.vat_differs",
            "momsen|er forkert for en kategori og sats",
            "the VAT|is wrong for a category and rate",
        ),
        (
            "arithmetic.rounding_too_large",
            "afrundingen|er over 10,00",
            "the rounding|is above 10.00",
        ),
        (
            "vat.foreign",
            "momsen|er opkrævet af en udenlandsk leverandør",
            "the VAT|is charged by a foreign supplier",
        ),
        (
            "vat.peppol_without_vat",
            "en dansk Peppol-faktura|er kommet uden den moms, den selv nævner",
            "a Danish Peppol invoice|is without the VAT that it names itself",
        ),
        (
            "vat.rate_unusual",
            "momssatsen på en dansk faktura|er en anden end 25 %",
            "the VAT rate of a Danish invoice|is another than 25 %",
        ),
        (
            "vat.reverse_charge",
            "fakturaen|har omvendt betalingspligt",
            "the invoice|is under reverse charge",
        ),
        (
            "coding.lines_unknown",
            "konteringen|nævner linjer, som fakturaen ikke har",
            "the coding|is for lines that the invoice does not have",
        ),
        (
            "coding.present",
            "fakturaen|er konteret",
            "the invoice|is coded",
        ),
        (
            "coding.vat_matches",
            "momskoderne|passer til linjernes moms",
            "the VAT codes|are those of the lines' VAT",
        ),
        (
            "posting.delivery_year_differs",
            "leveringen|er sket i et andet år end bogføringsdatoens",
            "the delivery|is in another year than the posting date",
        ),
        (
            "posting.delivery_spans_years",
            "leveringen|strækker sig over et årsskifte",
            "the delivery|is across the turn of a year",
        ),
        (
            "approval.present",
            "fakturaen|er godkendt af mindst én",
            "the invoice|is approved by at least one person",
        ),
        (
            "approval.order_right",
            "1. godkendelse|er givet før den 2.",
            "the first approval|is given before the second",
        ),
        (
            "remark.looks_meant_for_centre",
            "bemærkningen|ser ud til at være til SAM uden at begynde med «TIL SAM»",
            "the remark|is likely meant for the centre but does not start with «TIL SAM»",
        ),
        (
            "remark.confirms_payment",
            "bemærkningen|bekræfter betalingsoplysningerne",
            "the remark|is a confirmation of the payment details",
        ),
        ("lines.coded", "linjen|er konteret", "the line|is coded"),
        ("lines.account_known", "kontoen|findes", "the account|is known"),
        ("lines.account_blocked", "kontoen|er spærret", "the account|is blocked"),
    )
}
