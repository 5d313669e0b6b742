"""Whether numbers are well-formed: CVR, SE, P, GLN, payment ids and bank accounts.

A number that passes need not exist; one that fails can't. The official OIOUBL rules check lengths
only, so the check digits are ours to check.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from stdnum import ean, iban, luhn
from stdnum.dk import cvr

from robot.domain.accounts import is_digits
from robot.domain.invoice import PaymentChannel

_CREDITOR_NUMBER_LENGTH: Final = 8
_LONGEST_GIRO_ID: Final = 16
#: The same few numbers come again and again; an entry is under 200 bytes.
_CACHED: Final = 65_536

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
