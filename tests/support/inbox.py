"""Mails that came in, put into a store as receiving leaves them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from robot.adapters.store.store import SqlStore
from robot.domain.incoming import MailKind, Route, Sorted
from robot.flow.inbox_records import KeptMail
from robot.flow.mailbox_port import Position


def came_in(store: SqlStore, number: int, at: datetime, **result: Any) -> int:  # noqa: ANN401 - any field of the result
    """Keep and sort a mail; a customer's own mail to nobody's case when nothing else is said."""
    values = {
        "kind": MailKind.NEW_MAIL,
        "route": Route.TRIAGE,
        "customer": "99001",
        "sender": "anne@example.test",
        "subject": "Spørgsmål",
        "message_id": f"<mail-{number}@example.test>",
        **result,
    }
    kept = KeptMail(
        folder="INBOX",
        validity=1,
        uid=number,
        content_hash=hashlib.sha256(str(number).encode()).hexdigest(),
        size=1000,
        received_at=at,
    )
    with store.writing(actor="test") as unit:
        unit.inbox.keep([kept], Position(folder="INBOX", validity=1, last_uid=number))
    (mail,) = store.inbox.unsorted(after=0, limit=10)
    with store.writing(actor="test") as unit:
        unit.inbox.sort(mail.id, Sorted(**values))
    return mail.id
