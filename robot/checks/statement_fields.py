"""The field catalogue, part three: what the customer did and wrote, and what the text shows."""

from __future__ import annotations

from typing import Final

from robot.checks.field_columns import (
    SOURCE,
    choice_field,
    code_field,
    date_field,
    field,
    flag_field,
    money_field,
    number_field,
    safe_field,
    text_field,
)
from robot.domain.document import Step
from robot.domain.fields import FieldType
from robot.domain.reposting import REPOSTING

_APPROVAL: Final = (
    flag_field("approval.present", "Mindst én har godkendt", "At least one has approved", SOURCE),
    flag_field(
        "approval.first",
        "1. godkendelse findes",
        "There is a first approval",
        f"{SOURCE}, step {Step.FIRST_APPROVAL}",
    ),
    flag_field(
        "approval.second",
        "2. godkendelse findes",
        "There is a second approval",
        f"{SOURCE}, step {Step.SECOND_APPROVAL}",
    ),
    flag_field(
        "approval.complete", "Begge godkendelser findes", "Both approvals are there", SOURCE
    ),
    safe_field(
        "approval.order_right",
        "1. godkendelse kom før 2.",
        "The first came before the second",
        SOURCE,
    ),
    flag_field(
        "approval.same_person",
        "Samme person har givet begge godkendelser",
        "One person gave both approvals",
        "source system; BEK 116/2018 §§ 24, 28",
    ),
    safe_field(
        "approval.within_limit",
        "Beløbet er inden for godkenderens beløbsgrænse",
        "The amount is within the approver's limit",
        "source system, customer file, BT-112",
    ),
    safe_field(
        "approval.mandated",
        "Godkenderen står på kundens bemyndigelse",
        "The approver is on the customer's mandate list",
        "source system, customer file",
    ),
    code_field(
        "approval.requester", "Den, der gav 1. godkendelse", "Who gave the first approval", SOURCE
    ),
    code_field(
        "approval.approver", "Den, der gav 2. godkendelse", "Who gave the second approval", SOURCE
    ),
    field(
        "approval.limit",
        FieldType.MONEY,
        "Godkenderens beløbsgrænse (mangler: ingen grænse)",
        "The approver's limit (missing: no limit)",
        "source system, customer file",
        unit="DKK",
    ),
    date_field(
        "approval.date",
        "Dato for den sidste godkendelse (dansk tid)",
        "Date of the last approval (Danish time)",
        SOURCE,
    ),
)

_CODING: Final = (
    flag_field("coding.present", "Der er konteret", "There is a coding", SOURCE),
    flag_field(
        "coding.complete",
        "Alle linjer med beløb har en konto",
        "Every line with an amount has an account",
        "source system, BG-25",
    ),
    flag_field(
        "coding.balanced",
        "Konteringen giver fakturaens beløb uden moms",
        "The coding adds up to the total without VAT",
        "source system, BT-109",
    ),
    money_field(
        "coding.difference",
        "Konteret minus fakturaens beløb uden moms",
        "Coded minus the total without VAT",
        "source system, BT-109",
    ),
    flag_field(
        "coding.lines_unknown",
        "Konteringen nævner linjer, som fakturaen ikke har",
        "The coding names lines that the invoice does not have",
        "source system, BT-126",
    ),
    safe_field(
        "coding.vat_matches",
        "Alle momskoder passer til linjernes moms",
        "All VAT codes fit the VAT of their lines",
        "NAV table 325, BT-152",
    ),
    flag_field(
        "duplicate.exact",
        "Dublet af et andet bilag",
        "A duplicate of another document",
        "NAV tables 25 and 38, robot",
    ),
    flag_field(
        "duplicate.suspected",
        "Ligner et andet bilag",
        "Similar to another document",
        "NAV tables 25 and 38, robot",
    ),
    code_field(
        "duplicate.other",
        "Nummer på det andet bilag",
        "Number of the other document",
        "NAV tables 25 and 38, robot",
    ),
    choice_field(
        "duplicate.where",
        ("posted", "draft", "robot"),
        "Hvor det andet bilag står",
        "Where the other document is",
        "NAV tables 25 and 38, robot",
    ),
)

_TEXT: Final = (
    text_field("remark.text", "Bemærkning fra kunden", "Remark by the customer", SOURCE),
    flag_field(
        "remark.to_centre",
        "Bemærkningen begynder med »TIL SAM«",
        "The remark starts with 'TIL SAM'",
        SOURCE,
    ),
    flag_field(
        "remark.looks_meant_for_centre",
        "Bemærkningen ser ud til at være til centret uden at begynde med »TIL SAM«",
        "The remark seems meant for the centre but does not start with 'TIL SAM'",
        SOURCE,
    ),
    flag_field(
        "remark.confirms_payment",
        "Bemærkningen bekræfter betalingsoplysninger",
        "The remark confirms payment details",
        SOURCE,
    ),
    choice_field(
        "document.source",
        ("sdi", "indfak", "folder", REPOSTING),
        "System, som bilaget kommer fra",
        "System that the document comes from",
        SOURCE,
    ),
    code_field(
        "document.id", "Bilagets nummer i kilden", "The document's id in the source", SOURCE
    ),
    flag_field("document.confidential", "Mærket som fortroligt", "Marked as confidential", SOURCE),
    choice_field(
        "document.refusal",
        ("unreadable", "not-an-invoice"),
        "Hvorfor bilaget ikke er læst som faktura",
        "Why it was not read as an invoice",
        "reader",
    ),
    text_field(
        "document.reason", "Hvad der er galt med filen", "What is wrong with the file", "reader"
    ),
    text_field(
        "document.deviations",
        "Afvigelser, som læseren har mødt",
        "Deviations that the reader met",
        "reader",
    ),
    flag_field(
        "prepayment.suspected",
        "Ser ud til at være forudbetaling",
        "Seems to be prepaid",
        "BT-3 = 386, BT-153, BT-22, BT-73",
    ),
    flag_field(
        "reminder_fee.suspected",
        "Ser ud til at have rykkergebyr eller rente",
        "Seems to hold a reminder fee or interest",
        "BT-153, BT-104",
    ),
    safe_field(
        "credit_note.has_reference",
        "Kreditnotaen nævner en faktura",
        "The credit note names an invoice",
        "BG-3",
    ),
    code_field(
        "credit_note.reference",
        "Den faktura, som kreditnotaen nævner",
        "The invoice that the credit note names",
        "BT-25",
    ),
    safe_field(
        "credit_note.reference_posted",
        "Den nævnte faktura er bogført",
        "The named invoice is posted",
        "BT-25, NAV table 122",
    ),
    number_field(
        "attachments.count", "Antal vedhæftede filer", "Number of attachments", "BG-24", ""
    ),
    number_field(
        "attachments.size",
        "Vedhæftede filers størrelse",
        "Size of the attachments",
        "BG-24",
        "bytes",
    ),
)

#: In the order in which people read them.
STATEMENT_FIELDS: Final = (*_APPROVAL, *_CODING, *_TEXT)
