"""The general ledger entries that a purchase document makes. Pure; they sum to zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from robot.adapters.navision.options import VatCalculationType
from robot.adapters.navision.posting.document import Document, Line
from robot.adapters.navision.posting.master import Record
from robot.domain.money import ZERO, round_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class GlLine:
    """One entry in the local currency; debit is positive."""

    account: str
    amount: Decimal
    vat_amount: Decimal
    dimensions: Mapping[str, str]
    description: str
    #: The document's line that it comes from; None for what NAV adds for the whole document.
    line: Line | None = None
    system_created: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAmounts:
    """What is written to the ledgers."""

    entries: Sequence[GlLine]
    #: Vendor ledger, document's currency and local currency: an invoice is negative.
    amount: Decimal
    amount_lcy: Decimal
    purchase_lcy: Decimal


class _Converter:
    """Converts amounts one after another so that their sum converts exactly.

    Each converted amount is what the running total has grown by, as NAV does it; rounding every
    amount alone would leave the entries a cent apart.
    """

    def __init__(self, rate: Decimal) -> None:
        self._rate = rate
        self._total = ZERO
        self._converted = ZERO

    def local(self, amount: Decimal) -> Decimal:
        """The amount in the local currency, rounded to cents."""
        self._total += amount
        before, self._converted = self._converted, round_cents(self._total * self._rate)
        return self._converted - before


def ledger_amounts(
    document: Document, vat_setup: Mapping[str, Record], payables_account: str
) -> LedgerAmounts:
    """The entries of a document that has passed the checks.

    Args:
        document: Header and lines.
        vat_setup: VAT Posting Setup by VAT code.
        payables_account: Of the creditor's posting group.
    """
    sign = -1 if document.is_credit else 1
    converter = _Converter(document.rate)
    entries: list[GlLine] = []
    for line in document.lines:
        entries += _of_line(line, vat_setup[line.vat_code], converter, sign)
    total_lcy = sum((entry.amount for entry in entries), ZERO)
    entries.append(
        GlLine(
            account=payables_account,
            amount=-total_lcy,
            vat_amount=ZERO,
            dimensions=document.dimensions,
            description="",
        )
    )
    net = sum((line.amount for line in document.lines), ZERO)
    return LedgerAmounts(
        entries=[entry for entry in entries if entry.amount or entry.line is not None],
        amount=-sign * document.total,
        amount_lcy=-total_lcy,
        purchase_lcy=-sign * round_cents(net * document.rate),
    )


def _of_line(line: Line, setup: Record, converter: _Converter, sign: int) -> list[GlLine]:
    """The cost, and the VAT that is refunded or owed; what is not refunded is cost."""
    reverse = setup.option("VAT Calculation Type") == VatCalculationType.REVERSE_CHARGE
    not_refunded = round_cents(
        line.vat_amount * setup.amount_or_zero("Non-Deductible VAT _") / 100
    )
    cost = sign * converter.local(line.amount + not_refunded)
    refunded = sign * converter.local(line.vat_amount - not_refunded)
    owed = round_cents(cost * setup.amount("VAT _") / 100) if reverse else ZERO
    entries = [
        GlLine(
            account=line.account_number,
            amount=cost,
            vat_amount=owed or refunded,
            dimensions=line.dimensions,
            description=line.text,
            line=line,
            system_created=False,
        )
    ]
    for account, amount in (
        (setup.code("Purchase VAT Account"), refunded + owed),
        (setup.code("Reverse Chrg_ VAT Acc_"), -owed),
    ):
        if amount:
            entries.append(
                GlLine(
                    account=account,
                    amount=amount,
                    vat_amount=ZERO,
                    dimensions=line.dimensions,
                    description=line.text,
                )
            )
    return entries
