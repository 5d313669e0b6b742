"""The short daily list of what nobody would read otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Signal(StrEnum):
    """Why something is on the list."""

    #: A remark on an invoice speaks to the centre and does not begin with `TIL SAM`.
    REMARK = "remark-without-prefix"
    #: A reply on a case speaks to the centre: it asks for something that only a person can do.
    REPLY = "reply-to-the-centre"
    #: The customer said that it is fixed; the source shows the document as it was.
    NOT_FIXED = "said-fixed-nothing-came"
    #: The customer said that it is fixed and approved it again, and it is still wrong.
    STILL_WRONG = "said-fixed-still-wrong"
    #: Mail does not reach an address of a customer's.
    UNDELIVERABLE = "undeliverable"
    #: Customers' own mails of which nobody has said what they are about.
    UNNAMED = "mails-without-error-type"


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarItem:
    """One line of the list. It holds nothing of a confidential document."""

    signal: Signal
    #: Bogføringskreds; empty when it is nobody's.
    customer: str = ""
    case_number: str = ""
    #: How the document is found in its source, `sdi 4711`.
    document: str = ""
    #: Who wrote, or whom mail does not reach.
    address: str = ""
    #: When it happened, aware.
    at: datetime | None = None
    #: What it is, shortened and masked.
    words: str = ""
