"""The error types: what can be wrong, who can fix it and what people are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ErrorClass(StrEnum):
    """Why it failed."""

    BUSINESS = "business"
    POLICY = "policy"
    WAITING = "waiting"
    SYSTEM = "system"
    SECURITY = "security"


class Disposition(StrEnum):
    """What happens next when this type stands alone."""

    BOUNCE = "bounce"
    HOLD = "hold"
    RETRY = "retry"
    DROP = "drop"
    #: Recorded and counted; stops nothing.
    NOTE = "note"


class Owner(StrEnum):
    """Whose clock runs."""

    CUSTOMER = "customer"
    SAM_CREDITOR = "sam-creditor"
    SAM_MASTERDATA = "sam-masterdata"
    SUPPLIER = "supplier"
    SYSTEM_OWNER = "system-owner"
    BANK = "bank"


class FixableBy(StrEnum):
    """Who can remove the cause for good."""

    SAM_RULE = "sam-rule"
    SAM_MASTERDATA = "sam-masterdata"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    SYSTEM_OWNER = "system-owner"


class Severity(StrEnum):
    """How loud it is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class OneRepair(StrEnum):
    """What the one repair is about that puts right all documents with the same finding."""

    CREDITOR = "creditor"
    ACCOUNT = "account"
    DIMENSION_VALUE = "dimension-value"
    VAT_CODE = "vat-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What is said in one language. `fix` may differ by source system (`indfak`, `sdi`).

    Texts are Jinja2 fragments over the finding's `seen`, `expected`, `path` and the invoice's
    `number`, `supplier`; a value is only filled in when the type may quote values.
    """

    title: str
    explain: str
    fix: str
    fix_by_source: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorType:
    """One entry of `rules/error_types.yaml`. The code is kebab-case and never reused."""

    code: str
    texts: Mapping[str, Texts]
    error_class: ErrorClass
    disposition: Disposition
    owner: Owner
    fixable_by: FixableBy
    severity: Severity
    order: int
    suppressed_by: tuple[str, ...] = ()
    #: Working days that the owner has; 0 means the same day; None: no deadline of its own.
    deadline_days: int | None = None
    #: Automatic retries (system types only).
    retry: int = 0
    bypass: bool = False
    quote_values: bool = True
    peppol_reason: str = "OTH"
    #: Minutes of manual handling, for capacity.
    minutes: int = 5
    #: What produces it: `rule`, `check`, `reader`, `erp` or `robot`.
    reached_by: str = "rule"
    #: Documents of a customer with this finding about the same creditor, account or value are put
    #: right by one repair, so they share a case. None: each has its own.
    one_repair: OneRepair | None = None


class Taxonomy:
    """All error types by code."""

    def __init__(self, types: Iterable[ErrorType]) -> None:
        self._types = {kind.code: kind for kind in types}

    def __getitem__(self, code: str) -> ErrorType:
        return self._types[code]

    def __contains__(self, code: object) -> bool:
        return code in self._types

    def __iter__(self) -> Iterator[ErrorType]:
        return iter(sorted(self._types.values(), key=lambda kind: (kind.order, kind.code)))

    def __len__(self) -> int:
        return len(self._types)

    def codes(self) -> tuple[str, ...]:
        """All codes in the catalogue's order."""
        return tuple(kind.code for kind in self)
