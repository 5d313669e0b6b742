"""Whether numbers are well-formed: CVR, SE, P, GLN, payment ids and bank accounts.

A number that passes need not exist; one that fails can't. The official OIOUBL rules check lengths
only, so the check digits are ours to check.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from stdnum import ean, iban, luhn
from stdnum.dk import cvr

from robot.domain.invoice import PaymentChannel

_REGISTRATION_LENGTH: Final = 4
_ACCOUNT_LENGTH: Final = 10
_DANISH_LENGTH: Final = _REGISTRATION_LENGTH + _ACCOUNT_LENGTH
_DANISH_IBAN_LENGTH: Final = 18
_CREDITOR_NUMBER_LENGTH: Final = 8
_LONGEST_GIRO_ID: Final = 16
#: The same few numbers come again and again; an entry is under 200 bytes.
_CACHED: Final = 65_536
_SEPARATORS: Final = str.maketrans("", "", " -./")

#: Length of the payment id, whose last digit is the check digit (modulus 10).
_CHECKED_ID_LENGTH: Final = {PaymentChannel.FIK_71: 15, PaymentChannel.FIK_75: 16}
#: Cards with a numeric id whose check digit no official source confirms.
_NUMERIC_ID: Final = frozenset({PaymentChannel.FIK_04, PaymentChannel.FIK_15})
#: Cards that can't be paid without an id.
ID_REQUIRED: Final = frozenset(_CHECKED_ID_LENGTH) | _NUMERIC_ID
#: Cards of the new form, paid to a creditor number.
_CREDITOR_NUMBER_CARDS: Final = frozenset(
    {PaymentChannel.FIK_71, PaymentChannel.FIK_73, PaymentChannel.FIK_75}
)


def is_digits(text: str) -> bool:
    """Whether the text is one or more of the digits 0 to 9."""
    return text.isascii() and text.isdigit()


@lru_cache(maxsize=_CACHED)
def is_cvr(number: str) -> bool:
    """Eight digits, weights 2 7 6 5 4 3 2 1, modulus 11 (Erhvervsstyrelsen: all CVR numbers)."""
    return len(number) == 8 and is_digits(number) and cvr.is_valid(number)  # noqa: PLR2004


def is_production_unit(number: str) -> bool:
    """Ten digits; a faulty generator gave out P numbers that fail their own check digit."""
    return len(number) == 10 and is_digits(number)  # noqa: PLR2004 - the length is the rule


@lru_cache(maxsize=_CACHED)
def is_gln(number: str) -> bool:
    """Thirteen digits, modulus 10 with weights 1 and 3 (GS1)."""
    return len(number) == 13 and is_digits(number) and ean.is_valid(number)  # noqa: PLR2004


@lru_cache(maxsize=_CACHED)
def is_iban(number: str) -> bool:
    """ISO 13616: modulus 97 and the country's own structure."""
    return number.isascii() and iban.is_valid(number, check_country=False)


def is_payment_id(channel: PaymentChannel, reference: str) -> bool:
    """Whether a payment id fits its card.

    FIK 71 has 15 and FIK 75 has 16 digits with a Luhn check digit; giro 04 and 15 have at most 16
    digits; FIK 73 has none and giro 01 has free text, so nothing is checked there.
    """
    length = _CHECKED_ID_LENGTH.get(channel)
    if length is not None:
        return len(reference) == length and is_digits(reference) and luhn.is_valid(reference)
    if channel in _NUMERIC_ID:
        return len(reference) <= _LONGEST_GIRO_ID and is_digits(reference)
    return True


def is_card_account(channel: PaymentChannel, account: str) -> bool:
    """A creditor number has eight digits and begins with 8; a giro account has seven or eight."""
    if not is_digits(account):
        return False
    if channel in _CREDITOR_NUMBER_CARDS:
        return len(account) == _CREDITOR_NUMBER_LENGTH and account[0] == "8"
    return len(account) in (_CREDITOR_NUMBER_LENGTH - 1, _CREDITOR_NUMBER_LENGTH)


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


@lru_cache(maxsize=_CACHED)
def iban_of_account(account: str) -> str:
    """The Danish IBAN of a registration number and account (14 digits)."""
    return f"DK{iban.calc_check_digits(f'DK00{account}')}{account}"


def card_account(account: str) -> str:
    """A creditor number or giro account as eight digits, to compare."""
    return without_separators(account).zfill(_CREDITOR_NUMBER_LENGTH)
