"""How the supplier asks to be paid, and whether that is how the creditor is paid.

Since Navision Stat 9.7.003 an invoice whose payment details or method differ from the creditor's
card is stopped until the customer confirms it, except when the money goes to the NemKonto of a
verified CVR number. The robot never changes a creditor's accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from robot.checks import identifiers as ids
from robot.checks.values import Values, text_or_none
from robot.domain import accounts
from robot.domain.facts import Creditor
from robot.domain.fields import UNKNOWN, Scalar, Unknown
from robot.domain.invoice import Invoice, Kind, PaymentChannel, PaymentMeans

_PAID_ALREADY: Final = frozenset({PaymentChannel.CARD, PaymentChannel.DIRECT_DEBIT})
_NEMKONTO: Final = PaymentChannel.NEMKONTO.value

_NO_MEANS: Final[Values] = {
    "payment.channel": PaymentChannel.NONE.value,
    "payment.account": None,
    "payment.iban": None,
    "payment.iban_country": None,
    "payment.reference": None,
}


def is_payable(means: PaymentMeans) -> bool:
    """Whether a way to pay says all that a payment needs."""
    channel = means.channel
    if channel in accounts.CARDS:
        return bool(means.account) and (channel not in ids.ID_REQUIRED or bool(means.reference))
    if channel in accounts.TRANSFERS:
        return bool(means.iban) or bool(accounts.danish_account(means.branch, means.account))
    return channel not in accounts.UNSAID or bool(means.account)


def asks_for_payment(invoice: Invoice) -> bool:
    """Whether money is to be sent: an invoice with an amount due."""
    return invoice.kind is Kind.INVOICE and invoice.payable > 0


def _account_is_valid(means: PaymentMeans) -> bool:
    if not means.account:
        return True
    if means.channel in accounts.CARDS:
        return ids.is_card_account(means.channel, accounts.without_separators(means.account))
    if means.channel is PaymentChannel.BANK:
        return accounts.danish_account(means.branch, means.account) is not None
    return True


def _reference_is_valid(means: PaymentMeans) -> bool:
    reference = text_or_none(means.reference)
    return reference is None or ids.is_payment_id(means.channel, reference)


def _iban_matches(iban: str, means: PaymentMeans) -> bool:
    """Whether a Danish IBAN is the Danish account beside it; others can't be compared."""
    danish = accounts.danish_account(means.branch, means.account)
    number = accounts.account_of_iban(iban)
    return danish is None or not accounts.is_digits(number) or danish == number


def named_accounts(invoice: Invoice) -> list[str | None]:
    """The account of every way to pay, in the form that accounts are compared in."""
    return [accounts.account_of(means) for means in invoice.payment_means]


def _several_accounts(invoice: Invoice, named: Sequence[str | None]) -> bool:
    """Whether it names two accounts of one kind; a slip beside an account is usual and is none."""
    if len(named) < 2:  # noqa: PLR2004 - several is two
        return False
    seen: dict[str, str] = {}
    for means, account in zip(invoice.payment_means, named, strict=True):
        if account is not None:
            family = accounts.payment_family(means.channel.value)
            if seen.setdefault(family, account) != account:
                return True
    return False


def looks_paid(invoice: Invoice) -> bool:
    """Paid by card or direct debit, or by a prepayment that covers all of it."""
    if any(means.channel in _PAID_ALREADY for means in invoice.payment_means):
        return True
    prepaid = invoice.prepaid
    return prepaid is not None and prepaid > 0 and invoice.payable <= 0


def payment_values(invoice: Invoice, named: Sequence[str | None]) -> Values:
    """What the invoice itself says about payment; `named` is `named_accounts`."""
    reference_valid = account_valid = iban_valid = iban_matches = True
    payable = False
    for means in invoice.payment_means:
        reference_valid = reference_valid and _reference_is_valid(means)
        account_valid = account_valid and _account_is_valid(means)
        payable = payable or is_payable(means)
        if means.iban:
            iban_valid = iban_valid and ids.is_iban(accounts.compact_iban(means.iban))
            iban_matches = iban_matches and _iban_matches(means.iban, means)
    return {
        **_first_means(invoice),
        "payment.reference_valid": reference_valid,
        "payment.account_valid": account_valid,
        "payment.iban_valid": iban_valid,
        "payment.iban_matches_account": iban_matches,
        "payment.details_missing": not payable and asks_for_payment(invoice),
        "payment.several_accounts": _several_accounts(invoice, named),
        "payment.means_count": Decimal(len(named)),
        "payment.already_paid": looks_paid(invoice),
    }


def _first_means(invoice: Invoice) -> Values:
    first = accounts.primary_means(invoice)
    if first is None:
        return _NO_MEANS
    iban = accounts.compact_iban(first.iban) if first.iban else None
    return {
        "payment.channel": first.channel.value,
        "payment.account": accounts.account_of(first),
        "payment.iban": iban,
        "payment.iban_country": iban[:2] if iban else None,
        "payment.reference": text_or_none(first.reference),
    }


def _method_matches(invoice: Invoice, channel: str | None) -> bool:
    families = {
        accounts.payment_family(m.channel.value)
        for m in invoice.payment_means
        if m.channel not in accounts.UNSAID
    }
    return not families or channel is None or accounts.payment_family(channel) in families


def goes_to_nemkonto(invoice: Invoice, creditor: Creditor) -> bool:
    """Whether the payment goes to the NemKonto of the CVR number that sent the invoice."""
    cvr = invoice.seller.number("cvr")
    return (
        creditor.payment_channel == _NEMKONTO
        and cvr is not None
        and cvr == creditor.cvr
        and ids.is_cvr(cvr)
    )


def match_values(
    invoice: Invoice,
    named: Sequence[str | None],
    creditor: Creditor | Unknown | None,
    known: Scalar,
) -> Values:
    """Whether account and method are the creditor's; `named` is `named_accounts`.

    There is nothing to compare without a creditor, on a credit note, and when nothing is due.
    """
    matches: Scalar = True
    method: Scalar = True
    exception: Scalar = False
    compared = asks_for_payment(invoice)
    if isinstance(creditor, Unknown):
        matches = method = UNKNOWN if compared else True
        exception = UNKNOWN
    elif creditor is not None and isinstance(known, frozenset):
        exception = goes_to_nemkonto(invoice, creditor)
        if compared:
            stated = [account for account in named if account is not None]
            matches = not stated or any(account in known for account in stated)
            method = _method_matches(invoice, creditor.payment_channel)
    return {
        "payment.matches_creditor": matches,
        "payment.method_matches": method,
        "payment.nemkonto_exception": exception,
    }
