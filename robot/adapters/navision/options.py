"""The values of NAV's option fields; the values are the contract, the captions are not."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

#: Object numbers that Default Dimension (352) refers to.
GL_ACCOUNT_TABLE: Final = 15
VENDOR_TABLE: Final = 23


class PurchaseDocumentType(IntEnum):
    """Table 38 field 1."""

    QUOTE = 0
    ORDER = 1
    INVOICE = 2
    CREDIT_MEMO = 3


class LedgerDocumentType(IntEnum):
    """Table 25 field 5 and its copies."""

    NONE = 0
    PAYMENT = 1
    INVOICE = 2
    CREDIT_MEMO = 3


class VendorBlocked(IntEnum):
    """Table 23 field 39."""

    NO = 0
    PAYMENT = 1
    ALL = 2


class AccountType(IntEnum):
    """Table 15 field 4; only POSTING takes entries."""

    POSTING = 0
    HEADING = 1
    TOTAL = 2
    BEGIN_TOTAL = 3
    END_TOTAL = 4


class DimensionValueType(IntEnum):
    """Table 349 field 4; only STANDARD and BEGIN_TOTAL may be posted (codeunit 408)."""

    STANDARD = 0
    HEADING = 1
    TOTAL = 2
    BEGIN_TOTAL = 3
    END_TOTAL = 4


POSTABLE_VALUES: Final = frozenset({DimensionValueType.STANDARD, DimensionValueType.BEGIN_TOTAL})


class ValuePostingRule(IntEnum):
    """Table 352 field 5."""

    NONE = 0
    CODE_MANDATORY = 1
    SAME_CODE = 2
    NO_CODE = 3


class CombinationRestriction(IntEnum):
    """Table 350 field 3."""

    LIMITED = 0
    BLOCKED = 1


class VatCalculationType(IntEnum):
    """Table 325 field 3."""

    NORMAL = 0
    REVERSE_CHARGE = 1
    FULL = 2
    SALES_TAX = 3
    NONE = 4


class PaymentChannelOption(IntEnum):
    """Table 289 field 13600 (DK)."""

    NONE = 0
    PAYMENT_SLIP = 1
    ACCOUNT_TRANSFER = 2
    NATIONAL_CLEARING = 3
    DIRECT_DEBIT = 4


class PurchaseLineType(IntEnum):
    """Table 39 field 5."""

    NONE = 0
    GL_ACCOUNT = 1


class DetailedEntryType(IntEnum):
    """Table 380 field 3."""

    INITIAL = 1
    APPLICATION = 2


class SourceType(IntEnum):
    """Table 17 field 57."""

    NONE = 0
    CUSTOMER = 1
    VENDOR = 2


class GenPostingType(IntEnum):
    """Table 17 field 48."""

    NONE = 0
    PURCHASE = 1


class ReleaseStatus(IntEnum):
    """Table 38 field 120."""

    OPEN = 0
    RELEASED = 1
    PENDING_APPROVAL = 2
    PENDING_PREPAYMENT = 3


class HeaderJobStatus(IntEnum):
    """Table 38 field 160, Job Queue Status."""

    NONE = 0
    SCHEDULED = 1
    ERROR = 2
    POSTING = 3


class JobStatus(IntEnum):
    """Table 472 field 13."""

    READY = 0
    IN_PROCESS = 1
    ERROR = 2
    ON_HOLD = 3


class JobLogStatus(IntEnum):
    """Table 474 field 9."""

    SUCCESS = 0
    IN_PROCESS = 1
    ERROR = 2


class ServerStatus(IntEnum):
    """Table 2000000112 field 8."""

    STARTED = 0
    STOPPED = 1
    CRASHED = 2


class InboxState(IntEnum):
    """The robot's inbox, field 4."""

    NEW = 0
    TAKEN = 1
    POSTED = 2
    REFUSED = 3
    TOMBSTONE = 4
