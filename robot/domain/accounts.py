"""Bank accounts in the one form that they are compared in, and the way to pay that is known.

Creditor numbers and giro accounts have eight digits, Danish accounts fourteen (registration number
and account, four and ten; a Danish IBAN is `DKkk` and those), all others are the IBAN.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from robot.domain.facts import Creditor
from robot.domain.invoice import Invoice, PaymentChannel, PaymentMeans

_REGISTRATION_LENGTH: Final = 4
_ACCOUNT_LENGTH: Final = 10
_DANISH_LENGTH: Final = _REGISTRATION_LENGTH + _ACCOUNT_LENGTH
_DANISH_IBAN_LENGTH: Final = 18
_CARD_ACCOUNT_LENGTH: Final = 8
_SEPARATORS: Final = str.maketrans("", "", " -./")
#: ISO 13616: `DK00` as digits, behind the account when the check digits are computed.
_DK00: Final = "132000"

CARDS: Final = frozenset(
    {
        PaymentChannel.FIK_01,
        PaymentChannel.FIK_04,
        PaymentChannel.FIK_15,
        PaymentChannel.FIK_71,
        PaymentChannel.FIK_73,
        PaymentChannel.FIK_75,
    }
)
TRANSFERS: Final = frozenset({PaymentChannel.BANK, PaymentChannel.IBAN})
#: Codes that say nothing about how to pay.
UNSAID: Final = frozenset({PaymentChannel.OTHER, PaymentChannel.NONE})
#: NAV's payment channels (table 289 field 13600) know a slip and a transfer, not their kinds.
_FAMILIES: Final = {channel.value: channel.value for channel in PaymentChannel} | {
    **dict.fromkeys((channel.value for channel in CARDS), "slip"),
    **dict.fromkeys((channel.value for channel in TRANSFERS), "transfer"),
}


def payment_family(channel: str) -> str:
    """The kind of payment that a channel is: a slip, a transfer, or the channel itself."""
    return _FAMILIES.get(channel, channel)


def is_digits(text: str) -> bool:
    """Whether the text is one or more of the digits 0 to 9."""
    return text.isascii() and text.isdigit()


def without_separators(number: str) -> str:
    """The number without the spaces, dashes, dots and slashes that people put into it."""
    return number.translate(_SEPARATORS)


def danish_account(branch: str | None, account: str | None) -> str | None:
    """Registration number and account as 4 and 10 digits, None when they are not well-formed.

    The banks' own check digits are not public, so only the form is checked. An account of fourteen
    digits without a registration number holds it.
    """
    if not account:
        return None
    account = without_separators(account)
    branch = without_separators(branch or "")
    if not branch:
        return account if len(account) == _DANISH_LENGTH and is_digits(account) else None
    if not (is_digits(branch) and is_digits(account)):
        return None
    if len(branch) > _REGISTRATION_LENGTH or len(account) > _ACCOUNT_LENGTH:
        return None
    return branch.zfill(_REGISTRATION_LENGTH) + account.zfill(_ACCOUNT_LENGTH)


def compact_iban(number: str) -> str:
    """The IBAN in capitals without separators."""
    return without_separators(number).upper()


def account_of_iban(number: str) -> str:
    """A Danish IBAN as registration number and account (14 digits), another one as it is."""
    number = compact_iban(number)
    if len(number) == _DANISH_IBAN_LENGTH and number.startswith("DK"):
        return number[4:]
    return number


@lru_cache(maxsize=65_536)
def iban_of_account(account: str) -> str:
    """The Danish IBAN of a registration number and account (14 digits)."""
    return f"DK{98 - int(account + _DK00) % 97:02}{account}"


def card_account(account: str) -> str:
    """A creditor number or giro account as eight digits."""
    return without_separators(account).zfill(_CARD_ACCOUNT_LENGTH)


def account_of(means: PaymentMeans) -> str | None:
    """The account of a way to pay, None when it names none.

    What is not well-formed is given as it stands.
    """
    if means.channel in CARDS:
        return card_account(means.account) if means.account else None
    if means.account and (means.branch or not means.iban):
        return danish_account(means.branch, means.account) or without_separators(
            (means.branch or "") + means.account
        )
    return account_of_iban(means.iban) if means.iban else None


def creditor_accounts(creditor: Creditor) -> frozenset[str]:
    """Every account of a creditor, Danish ones both as fourteen digits and as IBAN."""
    known: set[str] = set()
    for account in creditor.accounts:
        danish = danish_account(account.branch, account.account)
        if danish is not None:
            known |= {danish, iban_of_account(danish)}
        if account.iban:
            number = compact_iban(account.iban)
            known |= {number, account_of_iban(number)}
    cards = (creditor.creditor_number, creditor.giro_account)
    known |= {card_account(number) for number in cards if number}
    return frozenset(known)


def primary_means(invoice: Invoice) -> PaymentMeans | None:
    """The way to pay that counts as the invoice's: the first one that says how."""
    means = invoice.payment_means
    return next((m for m in means if m.channel not in UNSAID), means[0] if means else None)


def means_to_pay_by(invoice: Invoice, creditor: Creditor) -> PaymentMeans | None:
    """The way to pay that is the creditor's: by account, else by method, else the first."""
    accounts = creditor_accounts(creditor)
    for means in invoice.payment_means:
        if account_of(means) in accounts:
            return means
    wanted = payment_family(creditor.payment_channel or "")
    for means in invoice.payment_means:
        if payment_family(means.channel.value) == wanted:
            return means
    return primary_means(invoice)
