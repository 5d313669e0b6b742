"""The field catalogue, part two: who is paid, how, and when it is posted."""

from __future__ import annotations

from typing import Final

from robot.checks.field_columns import (
    SOURCE,
    choice_field,
    code_field,
    date_field,
    field,
    flag_field,
    number_field,
    rate_field,
    safe_field,
    text_field,
)
from robot.domain.facts import Blocked
from robot.domain.fields import FieldType
from robot.domain.invoice import PaymentChannel

_CHANNELS: Final = tuple(PaymentChannel)

_PAYMENT: Final = (
    choice_field(
        "payment.channel",
        _CHANNELS,
        "Den betalingsmåde, som fakturaen nævner først",
        "The way to pay that the invoice names first",
        "BT-81, OIOUBL PaymentChannelCode",
    ),
    field(
        "payment.account",
        FieldType.ACCOUNT,
        "Konto på fakturaen: reg.nr. og konto med 14 cifre, IBAN eller FIK-kreditornummer",
        "Account on the invoice: 14 digits, IBAN or FIK creditor number",
        "BT-84",
    ),
    field("payment.iban", FieldType.ACCOUNT, "IBAN på fakturaen", "IBAN on the invoice", "BT-84"),
    code_field("payment.iban_country", "Landet i IBAN", "Country of the IBAN", "BT-84"),
    code_field("payment.reference", "Betalings-ID", "Payment id", "BT-83, OIOUBL InstructionID"),
    safe_field(
        "payment.reference_valid",
        "Alle betalings-ID'er er gyldige",
        "All payment ids are valid",
        "FIK 71: 15 and 75: 16 digits, modulus 10; giro 04 and 15: at most 16",
    ),
    safe_field(
        "payment.account_valid",
        "Alle kontonumre har gyldig form",
        "All account numbers are well-formed",
        "reg.nr. 4 and account 10 digits; FIK 8",
    ),
    safe_field(
        "payment.iban_valid",
        "Alle IBAN er gyldige",
        "All IBANs are valid",
        "ISO 13616, modulus 97",
    ),
    safe_field(
        "payment.iban_matches_account",
        "IBAN og reg.nr. og konto er samme konto",
        "IBAN and Danish account number are the same account",
        "BT-84; DK IBAN",
    ),
    flag_field(
        "payment.details_missing",
        "Fakturaen siger ikke, hvor pengene skal hen",
        "The invoice does not say where to pay",
        "BG-16",
    ),
    flag_field(
        "payment.several_accounts",
        "Fakturaen nævner flere forskellige konti",
        "The invoice names several different accounts",
        "BG-16",
    ),
    number_field(
        "payment.means_count", "Antal betalingsmåder", "Number of ways to pay", "BG-16", ""
    ),
    flag_field(
        "payment.already_paid",
        "Ser betalt ud (kort, Betalingsservice, forudbetalt)",
        "Looks paid (card, direct debit, prepaid)",
        "BT-81 48/49, BT-113",
    ),
    safe_field(
        "payment.matches_creditor",
        "En konto på fakturaen er kreditorens",
        "An account on the invoice is the creditor's",
        "BG-16, NAV tables 23 and 288",
    ),
    safe_field(
        "payment.method_matches",
        "En betalingsmåde på fakturaen er kreditorens",
        "A way to pay on the invoice is the creditor's",
        "BT-81, NAV table 23.47",
    ),
    flag_field(
        "payment.nemkonto_exception",
        "Kreditoren betales til NemKonto, og CVR-nummeret er det samme",
        "The creditor is paid by NemKonto and its CVR number is the invoice's",
        "Navision Stat 9.7.003",
    ),
)

_CREDITOR: Final = (
    flag_field("creditor.known", "Kreditoren er oprettet", "The creditor exists", "NAV table 23"),
    code_field("creditor.number", "Kreditornummer", "Number of the creditor", "NAV 23.1"),
    text_field("creditor.name", "Kreditorens navn", "Name of the creditor", "NAV 23.2"),
    choice_field(
        "creditor.blocked",
        tuple(Blocked),
        "Spærring (`no`, også når kreditoren ikke findes)",
        "Block (`no` also when there is no creditor)",
        "NAV 23.39 and 23.150",
    ),
    code_field(
        "creditor.cvr", "Kreditorens CVR-nummer", "CVR number of the creditor", "NAV 23.86"
    ),
    safe_field(
        "creditor.cvr_matches",
        "Kreditorens CVR-nummer er leverandørens",
        "The creditor's CVR number is the supplier's",
        "NAV 23.86, BT-30",
    ),
    code_field("creditor.pay_to", "Faktureringsleverandør", "Pay-to creditor", "NAV 23.45"),
    code_field("creditor.country", "Kreditorens land", "Country of the creditor", "NAV 23.35"),
    code_field("creditor.currency", "Kreditorens valuta", "Currency of the creditor", "NAV 23.22"),
    safe_field(
        "creditor.currency_matches",
        "Kreditorens valuta er fakturaens",
        "The creditor's currency is the invoice's",
        "NAV 23.22, BT-5",
    ),
    code_field(
        "creditor.payment_method",
        "Betalingsform på kreditorkortet",
        "Payment method on the creditor's card",
        "NAV 23.47, table 289",
    ),
    choice_field(
        "creditor.payment_channel",
        _CHANNELS,
        "Betalingsmåde på kreditorkortet",
        "Way to pay on the creditor's card",
        "NAV 23.47, table 289",
    ),
    field(
        "creditor.accounts",
        FieldType.ACCOUNTS,
        "Kreditorens kendte konti",
        "The creditor's known accounts",
        "NAV table 288, 23 FIK creditor number",
    ),
    number_field(
        "creditor.candidates",
        "Andre kreditorer med samme CVR-nummer",
        "Other creditors with the same CVR number",
        "NAV 23.86",
        "",
    ),
    flag_field(
        "creditor.ambiguous",
        "Flere kreditorer har samme CVR-nummer",
        "Several creditors have the same CVR number",
        "NAV 23.86",
    ),
)

_POSTING: Final = (
    date_field("posting.date", "Ønsket bogføringsdato", "The wanted posting date", SOURCE),
    flag_field("posting.date_missing", "Bogføringsdato mangler", "No posting date", SOURCE),
    flag_field(
        "posting.date_in_future",
        "Bogføringsdatoen ligger efter beslutningens dato",
        "The posting date is after the date of the decision",
        "source system, calendar",
    ),
    flag_field(
        "posting.before_issue",
        "Bogføringsdatoen ligger før fakturadatoen",
        "The posting date is before the date of issue",
        "source system, BT-2",
    ),
    flag_field(
        "posting.period_open",
        "Der kan bogføres på datoen (nej, når den mangler)",
        "The date can be posted on (no when it is missing)",
        "NAV tables 91, 98, 50",
    ),
    flag_field(
        "posting.period_exists",
        "Regnskabsperioden er oprettet",
        "The accounting period exists",
        "NAV table 50",
    ),
    flag_field(
        "posting.year_closed",
        "Regnskabsåret er afsluttet",
        "The fiscal year is closed",
        "NAV table 50",
    ),
    date_field(
        "posting.allowed_from",
        "Bogføring tilladt fra",
        "Posting allowed from",
        "NAV 91.2, else 98.2",
    ),
    date_field(
        "posting.allowed_to",
        "Bogføring tilladt til",
        "Posting allowed until",
        "NAV 91.3, else 98.3",
    ),
    date_field(
        "posting.next_open", "Første åbne dato", "First open date", "NAV tables 91, 98, 50"
    ),
    flag_field(
        "posting.delivery_year_differs",
        "Leveret i et andet år end bogføringsdatoens",
        "Delivered in another year than that of the posting date",
        "BG-14, BG-26; regnskabsbekendtgørelsen § 26",
    ),
    flag_field(
        "posting.delivery_spans_years",
        "Leveret over et årsskifte",
        "Delivered across the turn of a year",
        "BG-14, BG-26",
    ),
    flag_field("currency.set_up", "Valutaen er oprettet", "The currency is set up", "NAV table 4"),
    rate_field(
        "currency.rate", "Kurs til kroner", "Exchange rate to kroner", "NAV table 330", "DKK for 1"
    ),
)

#: In the order in which people read them.
SETTLEMENT_FIELDS: Final = (*_PAYMENT, *_CREDITOR, *_POSTING)
