"""Reading cases: their documents, parties and entries, and who sees them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Engine, Select, and_, func, select, true

from robot.adapters.store.case_rows import (
    case_of,
    document_of,
    entry_of,
    member_change_of,
    party_of,
)
from robot.adapters.store.case_standings import standings
from robot.adapters.store.documents import findings_by_decision, findings_of, latest_decision
from robot.adapters.store.engine import reading
from robot.adapters.store.listed import parts
from robot.adapters.store.schema import (
    case_document,
    case_entry,
    case_file,
    case_party,
    document,
    journey_event,
    mail,
    mail_case,
    mailbox_member,
    shared_mailbox,
)
from robot.adapters.store.schema import decision as decisions
from robot.domain.case import (
    ANSWERING,
    ASKING,
    EntryKind,
    Visibility,
)
from robot.domain.journey import EventName
from robot.domain.state import State
from robot.flow.case_records import (
    BouncedCauses,
    CaseDocument,
    CaseEntry,
    CaseFilter,
    CaseParty,
    CaseRow,
    CaseStand,
    DocumentOnCase,
    MailboxRow,
    MemberChange,
)

_PAGE: Final = 1_000


def _last_entry(kinds: Collection[EntryKind]) -> Any:  # noqa: ANN401 - SQLAlchemy's subquery
    return (
        select(func.max(case_entry.c.at))
        .where(
            case_entry.c.case_number == case_file.c.number,
            case_entry.c.kind.in_([kind.value for kind in sorted(kinds)]),
        )
        .scalar_subquery()
    )


_ASKED: Final = _last_entry(ASKING).label("last_asked_at")
_ANSWERED: Final = _last_entry(ANSWERING).label("last_answered_at")
_CASE: Final = (
    case_file.c.number.label("case_number"),
    case_file.c.customer.label("case_customer"),
    case_file.c.opened_at,
    case_file.c.cause,
    case_file.c.closed_at,
    case_file.c.closed_by,
    case_file.c.waits_until,
    case_file.c.supplier_since,
    case_file.c.said_fixed_at,
    _ASKED,
    _ANSWERED,
)
_DOCUMENT: Final = (
    case_document.c.document_key,
    case_document.c.case_number,
    case_document.c.joined_at,
    case_document.c.fix_by,
    case_document.c.fix_by_reason,
    case_document.c.told_at,
    case_document.c.reminders,
    case_document.c.reminded_on,
    case_document.c.escalated_on,
    case_document.c.closing_at,
    document.c.id,
    document.c.version,
    document.c.state,
    document.c.changed_at,
    document.c.system,
    document.c.source_id,
    document.c.number,
    document.c.supplier,
    document.c.kind,
    document.c.issue_date,
    document.c.due_date,
    document.c.total,
    document.c.currency,
    document.c.confidential,
    document.c.codes,
    document.c.receipt,
)
#: The bank's word, and the ledger's when the bank says nothing.
_PAID: Final = (
    select(func.min(journey_event.c.at))
    .where(
        journey_event.c.document_key == case_document.c.document_key,
        journey_event.c.event.in_([EventName.SETTLED.value, EventName.CLEARED.value]),
    )
    .scalar_subquery()
    .label("paid_at")
)
_LATEST: Final = and_(
    document.c.document_key == case_document.c.document_key, document.c.latest == true()
)
_STANDING: Final = select(
    *(column for column in _CASE if column.name not in {"case_customer", "cause", "closed_by"}),
    case_document.c.told_at,
    document.c.state,
    document.c.changed_at,
    _PAID,
).select_from(
    case_file.outerjoin(
        case_document, case_document.c.case_number == case_file.c.number
    ).outerjoin(document, _LATEST)
)


class SqlCases:
    """Reading cases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, number: str, /) -> CaseRow:
        """One case.

        Raises:
            KeyError: There is none with this number.
        """
        statement = select(*_CASE).where(case_file.c.number == number)
        with reading(self._engine) as connection:
            row = connection.execute(statement).one_or_none()
        if row is None:
            raise KeyError(number)
        return case_of(row)

    def listing(self, which: CaseFilter) -> Iterator[CaseRow]:
        """Cases by number; the result is read as it is consumed."""
        statement = _narrowed(select(*_CASE), which).order_by(case_file.c.number)
        numbers: list[Sequence[str]] = list(parts(sorted(which.numbers))) or [()]
        with reading(self._engine) as connection:
            for part in numbers:
                narrowed = statement.where(case_file.c.number.in_(part)) if part else statement
                for row in connection.execute(narrowed).yield_per(_PAGE):
                    yield case_of(row)

    def standings(self, which: CaseFilter) -> list[CaseStand]:
        """How cases stand, all at once; their numbers are not asked for."""
        with reading(self._engine) as connection:
            return standings(connection, _narrowed(_STANDING, which))

    def of_documents(self, document_keys: Sequence[str]) -> dict[str, str]:
        """Document key to case number; keys without a case are left out."""
        found: dict[str, str] = {}
        with reading(self._engine) as connection:
            for part in parts(document_keys):
                statement = select(case_document.c.document_key, case_document.c.case_number)
                for row in connection.execute(
                    statement.where(case_document.c.document_key.in_(part))
                ):
                    found[row.document_key] = row.case_number
        return found

    def documents(self, number: str, /) -> list[CaseDocument]:
        """The documents of a case, each as its latest version stands, in the order they joined."""
        return self.documents_of([number])[number]

    def documents_of(self, numbers: Collection[str]) -> dict[str, list[CaseDocument]]:
        """The same for many cases at once; every number is there."""
        found: dict[str, list[CaseDocument]] = {number: [] for number in numbers}
        with reading(self._engine) as connection:
            for part in parts(sorted(found)):
                statement = (
                    select(*_DOCUMENT, _PAID)
                    .join_from(case_document, document, _LATEST)
                    .where(case_document.c.case_number.in_(part))
                    .order_by(case_document.c.joined_at, document.c.id)
                )
                for row in connection.execute(statement):
                    found[row.case_number].append(document_of(row))
        return found

    def entries(self, number: str, *, internal: bool) -> list[CaseEntry]:
        """What was said and done, oldest first; without `internal` only what the customer sees."""
        statement = select(case_entry).where(case_entry.c.case_number == number)
        if not internal:
            statement = statement.where(case_entry.c.visibility == Visibility.EXTERNAL.value)
        with reading(self._engine) as connection:
            return [
                entry_of(row) for row in connection.execute(statement.order_by(case_entry.c.id))
            ]

    def parties(self, number: str, /) -> list[CaseParty]:
        """The addresses that see a case now, in the order in which they came."""
        statement = (
            select(case_party)
            .where(case_party.c.case_number == number, case_party.c.removed_at.is_(None))
            .order_by(case_party.c.id)
        )
        with reading(self._engine) as connection:
            return [party_of(row) for row in connection.execute(statement)]

    def visible_to(self, addresses: Collection[str]) -> list[str]:
        """The numbers of all cases that at least one of these addresses is a party of."""
        found: set[str] = set()
        with reading(self._engine) as connection:
            for part in parts(sorted({address.lower() for address in addresses})):
                statement = select(case_party.c.case_number).where(
                    case_party.c.address.in_(part), case_party.c.removed_at.is_(None)
                )
                found.update(connection.execute(statement).scalars())
        return sorted(found)

    def by_message_ids(self, message_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Message-IDs of our mails and of entries to the cases that they refer to."""
        found: dict[str, list[str]] = {}
        with reading(self._engine) as connection:
            for part in parts(sorted(set(message_ids))):
                sent = (
                    select(mail.c.message_id, mail_case.c.case_number)
                    .join_from(mail, mail_case, mail_case.c.mail_id == mail.c.id)
                    .where(mail.c.message_id.in_(part))
                )
                said = select(case_entry.c.message_id, case_entry.c.case_number).where(
                    case_entry.c.message_id.in_(part)
                )
                for statement in (sent, said):
                    for message_id, number in connection.execute(statement):
                        found.setdefault(message_id, []).append(number)
        return {name: tuple(sorted(set(numbers))) for name, numbers in found.items()}

    def message_ids(self, number: str, /) -> tuple[str, ...]:
        """The Message-IDs of our mails that refer to a case, oldest first."""
        statement = (
            select(mail.c.message_id)
            .join_from(mail, mail_case, mail_case.c.mail_id == mail.c.id)
            .where(mail_case.c.case_number == number)
            .order_by(mail.c.id)
        )
        with reading(self._engine) as connection:
            return tuple(connection.execute(statement).scalars())

    def due(self, until: date) -> list[DocumentOnCase]:
        """Bounced documents, told, of open cases, whose fix is due on this day or earlier."""
        return self._on_cases(
            _on_case()
            .where(
                document.c.state == State.BOUNCED.value,
                case_file.c.closed_at.is_(None),
                case_document.c.told_at.is_not(None),
                case_document.c.fix_by <= until,
            )
            .order_by(case_document.c.fix_by, document.c.id)
        )

    def to_close(self) -> list[DocumentOnCase]:
        """Posted documents whose customer was told of a bounce and has no closing mail yet."""
        return self._on_cases(
            _on_case()
            .where(
                document.c.state == State.POSTED.value,
                case_document.c.told_at.is_not(None),
                case_document.c.closing_at.is_(None),
            )
            .order_by(document.c.id)
        )

    def causes(self, documents: Sequence[int]) -> list[BouncedCauses]:
        """Why these documents (row ids) are to be bounced; in the order of the ids given."""
        found: dict[int, BouncedCauses] = {}
        with reading(self._engine) as connection:
            for part in parts(documents):
                found.update(_causes(connection, part))
        return [found[number] for number in documents]

    def mailboxes(self, customer: str = "") -> list[MailboxRow]:
        """Shared mailboxes that were created or closed by command, by address."""
        statement = select(shared_mailbox).order_by(shared_mailbox.c.address)
        if customer:
            statement = statement.where(shared_mailbox.c.customer == customer)
        with reading(self._engine) as connection:
            return [
                MailboxRow(
                    address=row.address,
                    customer=row.customer,
                    created_by=row.created_by,
                    created_at=row.created_at,
                    closed_by=row.closed_by,
                    closed_at=row.closed_at,
                )
                for row in connection.execute(statement)
            ]

    def members(self, mailbox: str = "") -> list[MemberChange]:
        """What commands did to members, of one mailbox or of all, by mailbox and person."""
        statement = select(mailbox_member).order_by(
            mailbox_member.c.mailbox, mailbox_member.c.person
        )
        if mailbox:
            statement = statement.where(mailbox_member.c.mailbox == mailbox.lower())
        with reading(self._engine) as connection:
            return [member_change_of(row) for row in connection.execute(statement)]

    def _on_cases(self, statement: Select[Any]) -> list[DocumentOnCase]:
        with reading(self._engine) as connection:
            return [
                DocumentOnCase(case=case_of(row), document=document_of(row))
                for row in connection.execute(statement)
            ]


def _narrowed(statement: Select[Any], which: CaseFilter) -> Select[Any]:
    if which.customer:
        statement = statement.where(case_file.c.customer == which.customer)
    if which.customers is not None:
        statement = statement.where(case_file.c.customer.in_(sorted(which.customers)))
    if which.open_only:
        statement = statement.where(case_file.c.closed_at.is_(None))
    return statement


def _on_case() -> Select[Any]:
    case_columns = [column for column in _CASE if column.name != "case_number"]
    return select(*_DOCUMENT, _PAID, *case_columns).select_from(
        case_document.join(case_file, case_file.c.number == case_document.c.case_number).join(
            document, _LATEST
        )
    )


def _causes(connection: Connection, documents: Sequence[int]) -> dict[int, BouncedCauses]:
    rows = connection.execute(
        select(
            document.c.id,
            document.c.customer,
            document.c.supplier,
            document.c.confidential,
            decisions.c.id.label("decision_id"),
            decisions.c.facts,
        )
        .join_from(document, decisions, decisions.c.id == latest_decision())
        .where(document.c.id.in_(documents))
    ).all()
    found = findings_by_decision(connection, [row.decision_id for row in rows])
    return {
        row.id: BouncedCauses(
            document=row.id,
            customer=row.customer,
            creditor=_creditor(row.facts) or row.supplier,
            confidential=row.confidential,
            findings=findings_of(found.get(row.decision_id, ()), "cause"),
        )
        for row in rows
    }


def _creditor(facts: str | None) -> str:
    """The creditor's number as the decision saw it; empty when there was none."""
    creditor = None if facts is None else json.loads(facts).get("creditor")
    number = creditor.get("number") if isinstance(creditor, dict) else None
    return number if isinstance(number, str) else ""
