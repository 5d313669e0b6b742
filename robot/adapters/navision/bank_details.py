"""Where a creditor is paid, as one hash: taken at the decision, compared when it is posted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from robot.domain.canonical import sha256_hex


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A row of table 288 as it is stored."""

    code: str
    branch: str
    account: str
    iban: str
    swift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """What table 23 says about how the vendor who is paid gets the money, as it is stored."""

    number: str
    payment_method: str
    creditor_number: str
    preferred_account: str


def bank_details_hash(payee: Payee, accounts: Iterable[AccountRow]) -> str:
    """SHA-256, hex, over the payee and all accounts.

    The codeunit in `config/navision/` computes the same, so the text is simple: one line for the
    payee and one for each account, fields between bars, lines parted by a line feed.

    Args:
        payee: The vendor who is paid.
        accounts: Its bank accounts in the order of the table's key in the database.
    """
    lines = [
        "|".join(
            (payee.number, payee.payment_method, payee.creditor_number, payee.preferred_account)
        ),
        *("|".join((it.code, it.branch, it.account, it.iban, it.swift)) for it in accounts),
    ]
    return sha256_hex("\n".join(lines))
