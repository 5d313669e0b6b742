"""Mails that came in: reading and writing them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, false, func, insert, select, update

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.counters import take
from robot.adapters.store.engine import reading
from robot.adapters.store.listed import parts
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema import (
    case_document,
    case_file,
    document,
    incoming,
    mail,
    mail_case,
    mailbox_position,
)
from robot.domain.incoming import FOR_A_PERSON, Intent, MailKind, Route, SentMail, Sorted
from robot.domain.notice import MailPurpose
from robot.domain.state import State
from robot.errors import TransitionError
from robot.flow.inbox_records import IncomingFilter, IncomingMail, KeptMail
from robot.flow.mailbox_port import Position

_NEW: Final = "new"
_SORTED: Final = "sorted"
_HANDLED: Final = "handled"
#: Answers that nobody but a machine decides on.
_ANSWERS: Final = (MailPurpose.STATUS.value, MailPurpose.ACKNOWLEDGEMENT.value)
#: How long a further copy of a mail is known as one.
_COPY_DAYS: Final = 60
_SHORT: Final = 200
_CODE: Final = 100


class SqlInbox:
    """Reading mails that came in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def position(self, folder: str, /) -> Position:
        """How far a folder was read; its beginning when it never was."""
        statement = select(mailbox_position).where(mailbox_position.c.folder == folder[:_SHORT])
        with reading(self._engine) as connection:
            row = connection.execute(statement).first()
        if row is None:
            return Position(folder=folder)
        return Position(folder=folder, validity=row.validity, last_uid=row.last_uid)

    def known(self, hashes: Collection[str]) -> frozenset[str]:
        """Which of these raw messages (SHA-256) came in before."""
        found: set[str] = set()
        with reading(self._engine) as connection:
            for part in parts(sorted(hashes)):
                statement = select(incoming.c.content_hash).where(
                    incoming.c.content_hash.in_(part)
                )
                found.update(connection.scalars(statement))
        return frozenset(found)

    def unsorted(self, *, after: int, limit: int) -> list[IncomingMail]:
        """Mails that nobody has sorted yet, by id."""
        statement = (
            select(incoming)
            .where(incoming.c.status == _NEW, incoming.c.id > after)
            .order_by(incoming.c.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_incoming(row) for row in connection.execute(statement)]

    def get(self, number: int, /) -> IncomingMail:
        """One mail.

        Raises:
            KeyError: There is none with this id.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(incoming).where(incoming.c.id == number)).first()
        if row is None:
            raise KeyError(number)
        return _incoming(row)

    def listing(self, which: IncomingFilter) -> list[IncomingMail]:
        """Mails, newest first."""
        statement = select(incoming).order_by(incoming.c.id.desc()).limit(which.limit)
        if which.routes:
            statement = statement.where(incoming.c.route.in_(sorted(which.routes)))
        if which.customer:
            statement = statement.where(incoming.c.customer == which.customer)
        if which.customers is not None:
            statement = statement.where(incoming.c.customer.in_(sorted(which.customers)))
        if which.case_number:
            statement = statement.where(incoming.c.case_number == which.case_number)
        if which.unhandled:
            statement = statement.where(incoming.c.status == _SORTED)
        with reading(self._engine) as connection:
            return [_incoming(row) for row in connection.execute(statement)]

    def count_for_a_person(self) -> int:
        """Mails that wait for a person."""
        statement = select(func.count()).where(
            incoming.c.status == _SORTED, incoming.c.route.in_(sorted(FOR_A_PERSON))
        )
        with reading(self._engine) as connection:
            return int(connection.execute(statement).scalar() or 0)

    def sent(self, message_id: str, /) -> SentMail | None:
        """The robot's own mail with this Message-ID."""
        if len(message_id) > _SHORT:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(
                select(mail.c.id, mail.c.customer, mail.c.recipients, mail.c.sent_at).where(
                    mail.c.message_id == message_id
                )
            ).first()
            if row is None:
                return None
            cases = connection.scalars(
                select(mail_case.c.case_number)
                .where(mail_case.c.mail_id == row.id)
                .order_by(mail_case.c.case_number)
            ).all()
        return SentMail(
            customer=row.customer,
            recipients=tuple(address.lower() for address in json.loads(row.recipients)),
            cases=tuple(cases),
            sent_at=row.sent_at,
        )

    def customer_of(self, case: str, /) -> str | None:
        """The customer of a case; None when there is no such case."""
        statement = select(case_file.c.customer).where(case_file.c.number == case)
        with reading(self._engine) as connection:
            found: str | None = connection.execute(statement).scalar()
        return found

    def copies(self, found: IncomingMail, result: Sorted, /) -> int | None:
        """An earlier mail with the same Message-ID, sender and text; its id."""
        if not result.message_id or not result.cases:
            return None
        since = found.received_at - timedelta(days=_COPY_DAYS)
        statement = (
            select(incoming.c.id, incoming.c.text)
            .where(
                incoming.c.case_number == result.cases[0],
                incoming.c.id < found.id,
                incoming.c.sender == result.sender,
                incoming.c.message_id == result.message_id,
                incoming.c.received_at >= since,
            )
            .order_by(incoming.c.id)
        )
        with reading(self._engine) as connection:
            for row in connection.execute(statement):
                if row.text == result.text:
                    return int(row.id)
        return None

    def answers_since(self, since: datetime, *, address: str = "", case: str = "") -> int:
        """Answers by the robot (status, acknowledgement) to an address or on a case."""
        statement = select(mail.c.recipients).where(
            mail.c.purpose.in_(_ANSWERS), mail.c.created_at >= since
        )
        if case:
            statement = statement.join(mail_case, mail_case.c.mail_id == mail.c.id).where(
                mail_case.c.case_number == case
            )
        with reading(self._engine) as connection:
            return sum(
                not address or address.lower() in row.recipients.lower()
                for row in connection.execute(statement)
            )

    def received_between(self, since: datetime, until: datetime) -> int:
        """How many mails came in."""
        statement = select(func.count()).where(
            incoming.c.received_at >= since, incoming.c.received_at < until
        )
        with reading(self._engine) as connection:
            return int(connection.execute(statement).scalar() or 0)


class SqlInboxUnit(UnitPart):
    """Writing them in the transaction of a unit."""

    def keep(self, mails: Sequence[KeptMail], position: Position) -> None:
        """Note mails that came in and how far their folder was read."""
        if mails:
            first = take(self._connection, "incoming", len(mails))
            rows = [_new_row(item, first + place) for place, item in enumerate(mails)]
            self._connection.execute(insert(incoming), rows)
        values = {"validity": position.validity, "last_uid": position.last_uid}
        folder = position.folder[:_SHORT]
        here = mailbox_position.c.folder == folder
        if not self._connection.execute(
            update(mailbox_position).where(here).values(values)
        ).rowcount:
            self._connection.execute(insert(mailbox_position).values(folder=folder, **values))

    def tried(self, number: int, /) -> None:
        """Count one attempt to sort a mail."""
        self._connection.execute(
            update(incoming)
            .where(incoming.c.id == number)
            .values(attempts=incoming.c.attempts + 1)
        )

    def sort(self, number: int, result: Sorted, /) -> None:
        """Note what a mail is and where it goes.

        Raises:
            TransitionError: It was sorted before.
        """
        detail: dict[str, Any] = dict(result.detail)
        if len(result.cases) > 1:
            detail["cases"] = list(result.cases)
        if result.suggested:
            detail["suggested"] = list(result.suggested)
        if result.new_sender:
            detail["new-sender"] = True
        changed = self._connection.execute(
            update(incoming)
            .where(incoming.c.id == number, incoming.c.status == _NEW)
            .values(
                status=_SORTED,
                kind=result.kind.value,
                route=result.route.value,
                reason=result.reason,
                intent=result.intent.value,
                case_number=result.cases[0] if result.cases else None,
                customer=result.customer,
                sender=result.sender[:_SHORT],
                subject=result.subject,
                message_id=result.message_id,
                text=result.text,
                detail=_text(detail | _kept_detail(self._connection, number)),
            )
        ).rowcount
        if changed != 1:
            raise TransitionError("the mail was sorted before")
        self._audit(
            "mail-sorted",
            {
                "mail": number,
                "kind": result.kind.value,
                "route": result.route.value,
                "intent": result.intent.value,
                "cases": list(result.cases),
            },
        )

    def handle(self, number: int, /, *, case: str | None, reason: str) -> None:
        """Note that a person has seen to a mail, and to which case it was given.

        Raises:
            TransitionError: It waits for nobody.
        """
        values: dict[str, Any] = {
            "status": _HANDLED,
            "handled_by": self._actor[:_SHORT],
            "handled_at": self._stamp.now,
        }
        if case is not None:
            values["case_number"] = case
        changed = self._connection.execute(
            update(incoming)
            .where(incoming.c.id == number, incoming.c.status == _SORTED)
            .values(values)
        ).rowcount
        if changed != 1:
            raise TransitionError("the mail waits for nobody")
        act = "mail-dismissed" if case is None else "mail-assigned"
        self._audit(act, {"mail": number, "case": case, "reason": reason})

    def ask_recheck(self, case: str, /) -> int:
        """Have the next run look again at held documents of a case; how many there are.

        What a clerk has asked for stays as it is.
        """
        keys = select(case_document.c.document_key).where(case_document.c.case_number == case)
        asked = self._connection.execute(
            update(document)
            .where(
                document.c.document_key.in_(keys),
                document.c.state == State.HELD.value,
                document.c.recheck == false(),
            )
            .values(recheck=True)
        ).rowcount
        if asked:
            self._audit("recheck-asked", {"case": case, "documents": asked})
        return int(asked)


def _kept_detail(connection: Connection, number: int) -> dict[str, Any]:
    kept = connection.execute(select(incoming.c.detail).where(incoming.c.id == number)).scalar()
    found: dict[str, Any] = json.loads(kept or "{}")
    return found


def _new_row(item: KeptMail, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "folder": item.folder[:_SHORT],
        "validity": item.validity,
        "uid": item.uid,
        "content_hash": item.content_hash,
        "size": item.size,
        "received_at": item.received_at,
        "status": _NEW,
        "attempts": 0,
        "kind": "",
        "route": "",
        "reason": "",
        "intent": "",
        "case_number": None,
        "customer": None,
        "sender": "",
        "subject": "",
        "message_id": "",
        "text": "",
        "detail": "{}" if item.complete else _text({"too-big": True}),
        "handled_by": None,
        "handled_at": None,
    }


def _text(detail: Mapping[str, Any]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _incoming(row: AnyRow) -> IncomingMail:
    detail = json.loads(row.detail)
    return IncomingMail(
        id=row.id,
        folder=row.folder,
        validity=row.validity,
        uid=row.uid,
        content_hash=row.content_hash,
        size=row.size,
        received_at=row.received_at,
        status=row.status,
        attempts=row.attempts,
        complete="too-big" not in detail,
        kind=MailKind(row.kind) if row.kind else None,
        route=Route(row.route) if row.route else None,
        reason=row.reason,
        intent=Intent(row.intent),
        case_number=row.case_number,
        customer=row.customer,
        sender=row.sender,
        subject=row.subject,
        message_id=row.message_id,
        text=row.text,
        detail=detail,
        handled_by=row.handled_by,
        handled_at=row.handled_at,
    )
