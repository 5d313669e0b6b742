"""The error types that customers' own mails are about."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Engine, Select, delete, func, insert, select

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.engine import reading
from robot.adapters.store.listed import parts
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema.dialogue import incoming, reported_error
from robot.domain.incoming import MailKind, Route
from robot.domain.reported import FoundBy
from robot.errors import TransitionError
from robot.flow.reported_port import OwnMail, ReportedError

#: Kinds of mail that a customer writes without being asked.
_OWN: Final = (MailKind.NEW_MAIL.value, MailKind.FORWARD.value)
_WAITING: Final = "sorted"


class SqlReportedErrors:
    """Reading what mails are about."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unnamed(self, *, after: int, limit: int) -> list[OwnMail]:
        """Customers' own mails that wait for a person and of which nobody said it yet, by id."""
        statement = (
            _own_mails()
            .outerjoin(reported_error, reported_error.c.incoming_id == incoming.c.id)
            .where(
                reported_error.c.incoming_id.is_(None),
                incoming.c.status == _WAITING,
                incoming.c.route == Route.TRIAGE.value,
                incoming.c.id > after,
            )
            .order_by(incoming.c.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_own_mail(row) for row in connection.execute(statement)]

    def get(self, mail: int, /) -> OwnMail:
        """One mail of a customer's own, named or not.

        Raises:
            KeyError: There is none with this id, or it belongs to a case.
        """
        with reading(self._engine) as connection:
            row = connection.execute(_own_mails().where(incoming.c.id == mail)).first()
        if row is None:
            raise KeyError(mail)
        return _own_mail(row)

    def of(self, mails: Collection[int]) -> dict[int, ReportedError]:
        """What these mails (ids) are about; those that nobody named are left out."""
        found: dict[int, ReportedError] = {}
        with reading(self._engine) as connection:
            for part in parts(sorted(mails)):
                statement = select(reported_error).where(reported_error.c.incoming_id.in_(part))
                found |= {row.incoming_id: _named(row) for row in connection.execute(statement)}
        return found

    def counts(self, since: datetime | None = None) -> dict[str, int]:
        """Code to the number of mails about it, of those that came in since then."""
        statement = select(reported_error.c.code, func.count()).group_by(reported_error.c.code)
        if since is not None:
            statement = statement.join(
                incoming, incoming.c.id == reported_error.c.incoming_id
            ).where(incoming.c.received_at >= since)
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def named_by_persons(self) -> Iterator[tuple[OwnMail, str]]:
        """Mails with the code that a person gave them, by id."""
        statement = (
            _own_mails()
            .add_columns(reported_error.c.code)
            .join(reported_error, reported_error.c.incoming_id == incoming.c.id)
            .where(reported_error.c.found_by == FoundBy.PERSON.value)
            .order_by(incoming.c.id)
        )
        with reading(self._engine) as connection:
            for row in connection.execute(statement):
                yield _own_mail(row), row.code


class SqlReportedErrorsUnit(UnitPart):
    """Writing in the transaction of a unit."""

    def name(self, mail: int, *, code: str, found_by: FoundBy, confidence: float) -> None:
        """Say what a mail is about, in place of what was said before.

        Raises:
            TransitionError: A person has said it, and now it is not a person.
        """
        this = reported_error.c.incoming_id == mail
        before = self._connection.execute(select(reported_error).where(this)).first()
        if before is not None:
            by_person = before.found_by == FoundBy.PERSON.value
            if by_person and found_by is not FoundBy.PERSON:
                raise TransitionError("a person has said what this mail is about")
            self._connection.execute(delete(reported_error).where(this))
        self._connection.execute(
            insert(reported_error).values(
                incoming_id=mail,
                code=code,
                found_by=found_by.value,
                confidence=Decimal(str(round(confidence, 4))),
                decided_at=self._stamp.now,
                decided_by=self._actor,
            )
        )
        detail = {"mail": mail, "code": code, "by": found_by.value}
        if before is not None:
            detail["before"] = before.code
        self._audit("mail-named", detail)


def _own_mails() -> Select[Any]:
    return select(
        incoming.c.id,
        incoming.c.received_at,
        incoming.c.sender,
        incoming.c.customer,
        incoming.c.subject,
        incoming.c.text,
    ).where(incoming.c.kind.in_(_OWN), incoming.c.case_number.is_(None))


def _own_mail(row: AnyRow) -> OwnMail:
    return OwnMail(
        id=row.id,
        received_at=row.received_at,
        sender=row.sender,
        customer=row.customer,
        subject=row.subject,
        text=row.text,
    )


def _named(row: AnyRow) -> ReportedError:
    return ReportedError(
        mail=row.incoming_id,
        code=row.code,
        found_by=FoundBy(row.found_by),
        confidence=row.confidence,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
