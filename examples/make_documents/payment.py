"""How a supplier asks to be paid, with payment ids that have their check digit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from stdnum import luhn


class Way(StrEnum):
    """A way to pay, by its name in Denmark."""

    FIK_71 = "71"
    FIK_73 = "73"
    FIK_75 = "75"
    GIRO_01 = "01"
    GIRO_04 = "04"
    BANK = "bank"
    IBAN = "iban"
    NEMKONTO = "nemkonto"
    CARD = "card"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One way to pay: an account (FIK creditor number, giro, bank account or IBAN) and an id."""

    way: Way
    account: str = ""
    branch: str = ""
    bic: str = ""
    payment_id: str = ""


def fik_71(creditor: str, reference: int) -> Payment:
    """Card type 71: 14 digits of the supplier's own and a check digit."""
    return Payment(way=Way.FIK_71, account=creditor, payment_id=_checked(reference, 14))


def fik_73(creditor: str) -> Payment:
    """Card type 73 has no payment id."""
    return Payment(way=Way.FIK_73, account=creditor)


def mistyped(payment: Payment) -> Payment:
    """The same with a wrong check digit."""
    wrong = (int(payment.payment_id[-1]) + 1) % 10
    return replace(payment, payment_id=f"{payment.payment_id[:-1]}{wrong}")


def fik_75(creditor: str, reference: int) -> Payment:
    """Card type 75: 15 digits of the supplier's own and a check digit."""
    return Payment(way=Way.FIK_75, account=creditor, payment_id=_checked(reference, 15))


def giro_04(account: str, reference: int) -> Payment:
    """Giro card type 04: up to 16 digits with a check digit, to a giro account."""
    return Payment(way=Way.GIRO_04, account=account, payment_id=_checked(reference, 15))


def bank(branch: str, account: str) -> Payment:
    """A Danish bank account: registration number and account number."""
    return Payment(way=Way.BANK, branch=branch, account=account)


def iban(account: str, bic: str) -> Payment:
    """An account abroad."""
    return Payment(way=Way.IBAN, account=account, bic=bic)


def nemkonto() -> Payment:
    """The account that the authorities know for the supplier's CVR number."""
    return Payment(way=Way.NEMKONTO)


def card() -> Payment:
    """Paid with a card already."""
    return Payment(way=Way.CARD)


def _checked(reference: int, digits: int) -> str:
    number = f"{reference:0{digits}}"
    return number + luhn.calc_check_digit(number)
