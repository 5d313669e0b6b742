"""Mails that came in, as the robot's own database takes and gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from robot.domain.incoming import Intent, MailKind, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """A mail whose raw message is in its file, ready to be noted."""

    folder: str
    validity: int
    uid: int
    #: SHA-256 of the raw message, which is also the name of its file.
    content_hash: str
    #: Bytes on the server.
    size: int
    received_at: datetime
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMail:
    """A mail that came in and what became of it."""

    id: int
    folder: str
    validity: int
    uid: int
    content_hash: str
    size: int
    received_at: datetime
    #: `new` until it was sorted, then `sorted`, then `handled` by a person.
    status: str
    attempts: int
    complete: bool
    kind: MailKind | None = None
    route: Route | None = None
    reason: str = ""
    intent: Intent = Intent.NONE
    case_number: str | None = None
    customer: str | None = None
    sender: str = ""
    subject: str = ""
    message_id: str = ""
    text: str = ""
    detail: Mapping[str, Any]
    handled_by: str | None = None
    handled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingFilter:
    """Which mails a listing shows; empty fields do not narrow it."""

    routes: frozenset[Route] = frozenset()
    customer: str = ""
    #: Of these customers only; None: of all, and of nobody known.
    customers: frozenset[str] | None = None
    case_number: str = ""
    #: Only those that nobody has handled.
    unhandled: bool = False
    limit: int = 200
