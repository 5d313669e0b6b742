"""How fields and choices are called in running text, in Danish and English.

A field that stands neither here nor among the flags is called by the catalogue.
"""

from __future__ import annotations

from typing import Final

from robot.rulebook.playbook.flag_sentences import Sentence, sentence

#: Definite, as they stand in a sentence.
NOUNS: Final[dict[str, tuple[str, str]]] = {
    "invoice.number": ("fakturanummeret", "the invoice number"),
    "invoice.issue_date": ("fakturadatoen", "the date of issue"),
    "invoice.due_date": ("forfaldsdatoen", "the due date"),
    "invoice.age_days": ("fakturaens alder i dage", "the invoice's age in days"),
    "invoice.payment_days": ("betalingsfristen i dage", "the term of payment in days"),
    "invoice.total": ("beløbet med moms", "the total with VAT"),
    "invoice.total_dkk": ("beløbet med moms", "the total with VAT"),
    "invoice.net": ("beløbet uden moms", "the total without VAT"),
    "invoice.payable": ("beløbet til betaling", "the amount due"),
    "invoice.currency": ("valutaen", "the currency"),
    "supplier.name": ("leverandørens navn", "the supplier's name"),
    "supplier.cvr": ("leverandørens CVR-nummer", "the supplier's CVR number"),
    "supplier.country": ("leverandørens land", "the supplier's country"),
    "customer.reference": ("kundens reference", "the buyer's reference"),
    "customer.gln": ("modtagerens EAN-nummer", "the receiver's GLN"),
    "order.reference": ("ordre- eller rekvisitionsnummeret", "the order number"),
    "order.contract": ("kontraktnummeret", "the contract number"),
    "order.project": ("projektnummeret", "the project number"),
    "order.accounting_cost": ("konteringsstrengen", "the accounting reference"),
    "creditor.number": ("kreditoren", "the creditor"),
    "creditor.blocked": ("kreditorens spærring", "the creditor's block"),
    "payment.channel": ("betalingsmåden", "the way to pay"),
    "posting.date": ("bogføringsdatoen", "the posting date"),
    "remark.text": ("bemærkningen", "the remark"),
    "attachments.count": ("antallet af vedhæftede filer", "the number of attachments"),
    "supplier.se": ("leverandørens SE-nummer", "the supplier's SE number"),
    "document.deviations": ("en afvigelse i filen", "a deviation in the file"),
    "lines.dimensions_missing": (
        "en dimension, som kontoen kræver, men som mangler,",
        "a dimension that the account requires and that is missing",
    ),
    "lines.dimension_unknown": (
        "en dimension, der ikke findes,",
        "a dimension that does not exist",
    ),
    "lines.dimension_blocked": ("en spærret dimension", "a blocked dimension"),
    "lines.dimension_wrong": (
        "en dimension, som kontoen ikke tillader,",
        "a dimension that the account does not allow",
    ),
    "lines.combination_blocked": (
        "en spærret kombination af dimensioner",
        "a blocked combination of dimensions",
    ),
    "lines.account": ("kontoen", "the account"),
    "lines.account_name": ("kontoens navn", "the account's name"),
    "lines.text": ("linjens tekst", "the line's text"),
    "lines.net": ("linjens beløb uden moms", "the line's net amount"),
    "lines.quantity": ("antallet", "the quantity"),
    "lines.price": ("prisen", "the price"),
    "lines.vat_code": ("momskoden", "the VAT code"),
    "lines.vat_rate": ("momssatsen", "the VAT rate"),
    "lines.dimensions.": ("dimensionen", "the dimension"),
}

#: A choice that reads better as a sentence of its own.
CHOICES: Final[dict[tuple[str, str], Sentence]] = {
    ("invoice.kind", "invoice"): sentence("bilaget|er en faktura", "the document|is an invoice"),
    ("invoice.kind", "credit-note"): sentence(
        "bilaget|er en kreditnota", "the document|is a credit note"
    ),
    ("creditor.blocked", "all"): sentence("kreditoren|er spærret", "the creditor|is blocked"),
    ("creditor.blocked", "privacy"): sentence(
        "kreditoren|er spærret af hensyn til databeskyttelse",
        "the creditor|is blocked for reasons of privacy",
    ),
    ("creditor.blocked", "payment"): sentence(
        "kreditoren|er spærret for betaling", "the creditor|is blocked for payment"
    ),
}
