"""Reading effects and mails that are to be carried out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, and_, bindparam, exists, func, select

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.documents import (
    findings_by_decision,
    findings_of,
    is_latest,
    latest_decision,
)
from robot.adapters.store.engine import reading
from robot.adapters.store.listed import parts
from robot.adapters.store.schema import case_document, document, effect, mail
from robot.adapters.store.schema import decision as decisions
from robot.adapters.store.schema.dialogue import incoming, mail_case
from robot.domain.notice import MailPurpose, OutgoingMail
from robot.domain.state import EffectKind, EffectStatus, State
from robot.flow.records import EffectRow, MailRow, NoticeRow

_PAGE: Final = 200
_ACTS: Final = (EffectKind.POSTING.value, EffectKind.REJECTION.value)
_EFFECT: Final = select(
    effect,
    document.c.document_key,
    document.c.generation,
    document.c.version,
    document.c.company,
    document.c.customer,
    document.c.source_id,
    document.c.state,
    document.c.ruleset,
    document.c.number,
    document.c.total,
).join_from(effect, document, effect.c.document_id == document.c.id)
_OPEN: Final = (
    EffectStatus.PENDING.value,
    EffectStatus.SENT.value,
    EffectStatus.UNKNOWN.value,
)
_UNTOLD: Final = and_(
    effect.c.kind == EffectKind.NOTICE.value,
    effect.c.status == EffectStatus.PENDING.value,
    effect.c.mail_id.is_(None),
)
_NEXT_TO_TELL: Final = (
    select(func.min(document.c.customer))
    .join_from(effect, document, effect.c.document_id == document.c.id)
    .where(_UNTOLD, document.c.customer > bindparam("last"))
)
_TO_TELL: Final = (
    select(
        document,
        effect.c.id.label("effect_id"),
        case_document.c.case_number,
        decisions.c.id.label("decision_id"),
        decisions.c.decided_on,
    )
    .join_from(effect, document, effect.c.document_id == document.c.id)
    .join(case_document, case_document.c.document_key == document.c.document_key)
    .join(decisions, decisions.c.id == latest_decision())
    .where(_UNTOLD, document.c.customer == bindparam("told"))
    .order_by(effect.c.id)
)


class SqlEffects:
    """Reading effects."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, documents: Sequence[int], status: EffectStatus) -> list[EffectRow]:
        """Postings and rejections of these documents in one status."""
        found: list[EffectRow] = []
        with reading(self._engine) as connection:
            for part in parts(documents):
                statement = _EFFECT.where(
                    effect.c.document_id.in_(part),
                    effect.c.kind.in_(_ACTS),
                    effect.c.status == status.value,
                ).order_by(effect.c.id)
                found += [_effect(row) for row in connection.execute(statement)]
        return found

    def unsettled(self, *, after: int, limit: int) -> list[EffectRow]:
        """Postings and rejections that were sent and not settled, by id, a page at a time."""
        statement = (
            _EFFECT.where(
                effect.c.kind.in_(_ACTS),
                effect.c.status.in_([EffectStatus.SENT.value, EffectStatus.UNKNOWN.value]),
                effect.c.id > after,
            )
            .order_by(effect.c.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_effect(row) for row in connection.execute(statement)]

    def notices_to_tell(self, after_customer: str) -> list[NoticeRow]:
        """Bounced documents not told yet, of the next customer after the one named.

        Another robot may tell that customer between two statements. The one after it is asked for
        then, so that nothing found means that nobody is left.
        """
        with reading(self._engine) as connection:
            last = after_customer
            while (
                customer := connection.execute(_NEXT_TO_TELL, {"last": last}).scalar()
            ) is not None:
                rows = connection.execute(_TO_TELL, {"told": customer}).all()
                if rows:
                    causes = findings_by_decision(connection, [row.decision_id for row in rows])
                    return [_notice(row, causes.get(row.decision_id, [])) for row in rows]
                last = customer
        return []

    def notices_that_reached_nobody(self) -> list[str]:
        """Cases of bounced documents whose notice was handed over and came back undelivered."""
        statement = (
            select(case_document.c.case_number)
            .distinct()
            .select_from(
                effect.join(document, effect.c.document_id == document.c.id).join(
                    case_document, case_document.c.document_key == document.c.document_key
                )
            )
            .where(
                effect.c.kind == EffectKind.NOTICE.value,
                effect.c.status == EffectStatus.DONE.value,
                document.c.state == State.BOUNCED.value,
                is_latest(),
                case_document.c.told_at.is_(None),
            )
            .order_by(case_document.c.case_number)
        )
        with reading(self._engine) as connection:
            return list(connection.execute(statement).scalars())


_MAILS: Final = select(
    mail,
    select(func.count()).where(effect.c.mail_id == mail.c.id).scalar_subquery().label("notices"),
)


class SqlMails:
    """Reading mails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unsent(self, *, after: int, limit: int) -> list[MailRow]:
        """Mails that are pending, sent without an answer or of unknown outcome, by id."""
        statement = (
            _MAILS.where(mail.c.status.in_(_OPEN), mail.c.id > after)
            .order_by(mail.c.id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_mail(row) for row in connection.execute(statement)]

    def of_document(self, document_id: int, /) -> list[MailRow]:
        """Mails that carried a notice about one version."""
        carries = exists().where(
            effect.c.mail_id == mail.c.id, effect.c.document_id == document_id
        )
        statement = _MAILS.where(carries).order_by(mail.c.id)
        with reading(self._engine) as connection:
            return [_mail(row) for row in connection.execute(statement)]

    def of_cases(self, numbers: Collection[str]) -> dict[str, list[MailRow]]:
        """The mails that refer to these cases and were handed over, oldest first, by case."""
        found: dict[str, list[MailRow]] = {number: [] for number in numbers}
        with reading(self._engine) as connection:
            for part in parts(sorted(found)):
                statement = (
                    _MAILS.add_columns(mail_case.c.case_number)
                    .join_from(mail, mail_case, mail_case.c.mail_id == mail.c.id)
                    .where(
                        mail_case.c.case_number.in_(part),
                        mail.c.status == EffectStatus.DONE.value,
                    )
                    .order_by(mail.c.id)
                )
                for row in connection.execute(statement):
                    found[row.case_number].append(_mail(row))
        return found

    def cases_of(self, mail_id: int, /) -> tuple[str, ...]:
        """The cases that a mail refers to."""
        statement = (
            select(mail_case.c.case_number)
            .where(mail_case.c.mail_id == mail_id)
            .order_by(mail_case.c.case_number)
        )
        with reading(self._engine) as connection:
            return tuple(connection.execute(statement).scalars())

    def written_since(
        self, instant: datetime, customer: str
    ) -> list[tuple[MailPurpose, tuple[str, ...]]]:
        """Purpose and receivers of the customer's mails that were written then or later."""
        statement = select(mail.c.purpose, mail.c.recipients).where(
            mail.c.customer == customer,
            mail.c.created_at >= instant,
            mail.c.status != EffectStatus.CANCELLED.value,
        )
        with reading(self._engine) as connection:
            return [
                (MailPurpose(row.purpose), tuple(json.loads(row.recipients)))
                for row in connection.execute(statement)
            ]

    def came_back(self, message_id: str, /) -> bool:
        """Whether the copy of a mail lies in the robot's own mailbox: it was taken then."""
        statement = select(incoming.c.id).where(incoming.c.message_id == message_id).limit(1)
        with reading(self._engine) as connection:
            return connection.execute(statement).first() is not None

    def all(self) -> Iterator[MailRow]:
        """Every mail, oldest first."""
        with reading(self._engine) as connection:
            for row in connection.execute(_MAILS.order_by(mail.c.id)).yield_per(_PAGE):
                yield _mail(row)


def _effect(row: AnyRow) -> EffectRow:
    return EffectRow(
        id=row.id,
        document=row.document_id,
        kind=EffectKind(row.kind),
        status=EffectStatus(row.status),
        document_key=row.document_key,
        generation=row.generation,
        version=row.version,
        company=row.company,
        customer=row.customer,
        source_id=row.source_id,
        payload=row.payload,
        payload_hash=row.payload_hash,
        attempts=row.attempts,
        outcome=row.outcome,
        state=State(row.state),
        ruleset=row.ruleset,
        number=row.number,
        total=row.total,
    )


def _notice(row: AnyRow, causes: Sequence[AnyRow]) -> NoticeRow:
    return NoticeRow(
        effect=row.effect_id,
        document=row.id,
        document_key=row.document_key,
        version=row.version,
        customer=row.customer,
        case_number=row.case_number,
        number=row.number,
        supplier=row.supplier,
        kind=row.kind,
        issue_date=row.issue_date,
        due_date=row.due_date,
        total=row.total,
        currency=row.currency,
        confidential=row.confidential,
        findings=findings_of(causes, "cause"),
        decided_on=row.decided_on,
    )


def _mail(row: AnyRow) -> MailRow:
    return MailRow(
        id=row.id,
        customer=row.customer,
        mail=OutgoingMail(
            message_id=row.message_id,
            recipients=tuple(json.loads(row.recipients)),
            sender=row.sender,
            subject=row.subject,
            plain=row.plain,
            html=row.html,
            language=row.language,
            headers=tuple((name, value) for name, value in json.loads(row.headers)),
            purpose=MailPurpose(row.purpose),
        ),
        status=EffectStatus(row.status),
        attempts=row.attempts,
        outcome=row.outcome,
        created_at=row.created_at,
        sent_at=row.sent_at,
        notices=row.notices,
        not_before=row.not_before,
    )
