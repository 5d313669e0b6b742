"""An approved document as the source hands it over: its bytes and the source's own word."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from robot.domain.invoice import Invoice
from robot.domain.reposting import Reposting


class Step(StrEnum):
    """Where a document passed on its way to the creditor team."""

    RECEIVED = "received"
    DISTRIBUTED = "distributed"
    FIRST_APPROVAL = "first-approval"
    SECOND_APPROVAL = "second-approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One step in the source: who did it, when (aware, UTC) and up to which amount in DKK."""

    step: Step
    by: str
    at: datetime
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingLine:
    """The customer's coding of one line (*kontering*); `amount` is without VAT, None the line's.

    `line` is the invoice line's number (BT-126). Accounts and codes are text; zeros are kept.
    """

    line: str
    account: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    vat_code: str | None = None
    amount: Decimal | None = None

    def dimension(self, name: str) -> str | None:
        """The value of one dimension, or None."""
        return dict(self.dimensions).get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatement:
    """What the purchasing system states about a document (the sidecar of the folder source).

    `None` in `approvals` or `coding` means that the source does not say, which is not the same as
    an empty tuple (it says that there is none).
    """

    #: `sdi`, `indfak`, `folder` or `reposting`.
    system: str
    document_id: str
    posting_date: date | None = None
    remark: str | None = None
    confidential: bool | None = None
    approvals: tuple[Approval, ...] | None = None
    coding: tuple[CodingLine, ...] | None = None
    #: Bogføringskreds when the source names the customer itself.
    customer: str | None = None


@dataclass(frozen=True, kw_only=True)  # without slots, so that the version is kept
class ApprovedDocument:
    """One version of one document, as pulled. `invoice` is None when it can't be read as one.

    `refusal` is then the error type (`unreadable` or `not-an-invoice`) and `reason` says what is
    wrong, in words.
    """

    name: str
    statement: SourceStatement
    content_hash: str
    invoice: Invoice | None
    refusal: str | None = None
    reason: str | None = None
    #: Of a re-posting sheet; `invoice` then holds its amounts and rows.
    reposting: Reposting | None = None

    @cached_property
    def version(self) -> str:
        """Hash over content and everything that a new approval changes in the source (16 hex)."""
        parts = [self.content_hash]
        if self.statement.approvals is not None:
            parts += [
                f"{a.step}|{a.by}|{a.at.isoformat()}|{a.limit}" for a in self.statement.approvals
            ]
        if self.statement.coding is not None:
            parts += [repr(line) for line in self.statement.coding]
        parts += [
            str(self.statement.posting_date),
            self.statement.remark or "",
            str(self.statement.confidential),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def generation(statement: SourceStatement) -> str:
    """The stamp of the last approval (ISO 8601, UTC), `0` when the source names none.

    It orders the versions of one document at the ERP's document key.
    """
    stamps = [approval.at for approval in statement.approvals or ()]
    return max(stamps).astimezone(UTC).isoformat() if stamps else "0"


def document_key(system: str, company: str, document_id: str) -> str:
    """The key that the ERP keeps unique: never derived from attempt, date, robot or rule version.

    Returns:
        SHA-256 in hex over the scheme's version, source system, company and source document id.
    """
    text = "\n".join(("1", system.casefold(), company, document_id.strip()))
    return hashlib.sha256(text.encode()).hexdigest()
