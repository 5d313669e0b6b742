"""Reading documents, their decisions and their effects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    true,
)

from robot.adapters.store.columns import AnyRow, begins
from robot.adapters.store.engine import reading
from robot.adapters.store.listed import parts
from robot.adapters.store.schema import (
    audit,
    case_document,
    document,
    document_code,
    effect,
    finding,
    mail,
)
from robot.adapters.store.schema import decision as decisions
from robot.domain.decision import Decision, Effect, Finding, Outcome, RuleResult, Truth
from robot.domain.state import CLAIMS_NUMBER, EffectKind, EffectStatus, State
from robot.flow.records import (
    DecisionRow,
    DocumentCore,
    DocumentFilter,
    DocumentRow,
    EffectHistoryRow,
    KnownVersion,
    Twin,
)

_PAGE: Final = 1_000
#: The shortest beginning of a document key that a person may name.
_PREFIX: Final = 8
_CORE: Final = tuple(DocumentCore.__dataclass_fields__)
_KNOWN: Final = select(
    document.c.id,
    document.c.document_key,
    document.c.version,
    document.c.generation,
    document.c.state,
    document.c.digest,
    document.c.ruleset,
    document.c.codes,
    document.c.recheck,
    document.c.turn,
    document.c.attempts,
    document.c.released_by,
    document.c.sent_back_by,
)
_VIEW: Final = select(document, case_document.c.case_number).select_from(
    document.outerjoin(case_document, case_document.c.document_key == document.c.document_key)
)


class SqlDocuments:
    """Reading documents."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, document_keys: Sequence[str]) -> dict[str, list[KnownVersion]]:
        """All versions under each key, oldest first; keys without any are left out."""
        found: dict[str, list[KnownVersion]] = {}
        with reading(self._engine) as connection:
            for part in parts(document_keys):
                statement = _KNOWN.where(document.c.document_key.in_(part))
                for row in connection.execute(statement.order_by(document.c.id)):
                    found.setdefault(row.document_key, []).append(_known(row))
        return found

    def twins(self, cores: Sequence[DocumentCore]) -> list[Twin]:
        """The first of those that share a number mark or a likeness mark with one of these."""
        numbers = sorted({core.number_mark for core in cores if core.number_mark})
        likes = sorted({core.likeness_mark for core in cores if core.likeness_mark})
        claiming = and_(
            document.c.state.in_([state.value for state in sorted(CLAIMS_NUMBER)]),
            document.c.outcome != Outcome.BOUNCE.value,
        )
        found: dict[int, Twin] = {}
        with reading(self._engine) as connection:
            for mark, alike, marks in (
                (document.c.number_mark, (document.c.number, document.c.total), numbers),
                (document.c.likeness_mark, (), likes),
            ):
                for part in parts(marks):
                    # One row stands for all that are alike: a supplier may send thousands.
                    first = (
                        select(func.min(document.c.id))
                        .where(mark.in_(part), claiming)
                        .group_by(mark, *alike)
                    )
                    statement = select(document).where(document.c.id.in_(first))
                    for row in connection.execute(statement):
                        found[row.id] = _twin(row)
        return [found[number] for number in sorted(found)]

    def in_state(self, states: frozenset[State]) -> Iterator[KnownVersion]:
        """All versions in these states, in the order in which they came."""
        named = [state.value for state in sorted(states)]
        last = 0
        while True:
            statement = (
                _KNOWN.where(document.c.state.in_(named), document.c.id > last)
                .order_by(document.c.id)
                .limit(_PAGE)
            )
            with reading(self._engine) as connection:
                page = connection.execute(statement).all()
            if not page:
                return
            yield from (_known(row) for row in page)
            last = page[-1].id

    def listing(self, which: DocumentFilter) -> Iterator[DocumentRow]:
        """Documents in the order in which they came; the result is read as it is consumed."""
        statement = _narrow(_VIEW, which).order_by(document.c.id)
        with reading(self._engine) as connection:
            for row in connection.execute(statement).yield_per(_PAGE):
                yield _view(row)

    def versions(self, document_key: str, /) -> list[DocumentRow]:
        """All versions under a key, oldest first."""
        statement = _VIEW.where(document.c.document_key == document_key).order_by(document.c.id)
        with reading(self._engine) as connection:
            return [_view(row) for row in connection.execute(statement)]

    def get(self, document_id: int, /) -> DocumentRow:
        """One version.

        Raises:
            KeyError: There is none with this id.
        """
        with reading(self._engine) as connection:
            row = connection.execute(_VIEW.where(document.c.id == document_id)).one_or_none()
        if row is None:
            raise KeyError(document_id)
        return _view(row)

    def decisions(self, document_id: int, /) -> list[DecisionRow]:
        """All decisions about one version, oldest first."""
        statement = select(decisions).where(decisions.c.document_id == document_id)
        with reading(self._engine) as connection:
            rows = connection.execute(statement.order_by(decisions.c.id)).all()
            by_decision = findings_by_decision(connection, [row.id for row in rows])
        return [
            DecisionRow(
                id=row.id,
                run=row.run_id,
                decided_at=row.decided_at,
                decision=_decision(row, by_decision.get(row.id, [])),
                facts=row.facts,
            )
            for row in rows
        ]

    def effects(self, document_id: int, /) -> list[EffectHistoryRow]:
        """All effects of one version, oldest first."""
        statement = (
            select(effect, mail.c.message_id)
            .select_from(effect.outerjoin(mail, mail.c.id == effect.c.mail_id))
            .where(effect.c.document_id == document_id)
            .order_by(effect.c.id)
        )
        with reading(self._engine) as connection:
            return [
                EffectHistoryRow(
                    kind=EffectKind(row.kind),
                    status=EffectStatus(row.status),
                    attempts=row.attempts,
                    outcome=row.outcome,
                    payload_hash=row.payload_hash,
                    created_at=row.created_at,
                    changed_at=row.changed_at,
                    message_id=row.message_id,
                )
                for row in connection.execute(statement)
            ]

    def posted_without(self, company: str, receipts: Sequence[str], act: str) -> list[int]:
        """Ids of documents posted under these numbers whose trail has no such act yet."""
        told = exists().where(audit.c.document_id == document.c.id, audit.c.act == act)
        found: list[int] = []
        with reading(self._engine) as connection:
            for part in parts(receipts):
                statement = select(document.c.id).where(
                    document.c.company == company,
                    document.c.receipt.in_(part),
                    document.c.state == State.POSTED.value,
                    ~told,
                )
                found += connection.execute(statement.order_by(document.c.id)).scalars()
        return found

    def count_open_cases(self) -> dict[str, int]:
        """Bogføringskreds to the number of bounced documents that no later version followed."""
        statement = (
            select(document.c.customer, func.count())
            .where(document.c.state == State.BOUNCED.value, is_latest())
            .group_by(document.c.customer)
        )
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}


def is_latest() -> ColumnElement[bool]:
    """Whether no later version of a document followed."""
    return document.c.latest == true()


def has_code(code: str) -> ColumnElement[bool]:
    """Whether a document has an error type."""
    of_code = select(document_code.c.document_id).where(document_code.c.code == code)
    return document.c.id.in_(of_code)


def latest_decision() -> ScalarSelect[int]:
    """The id of the last decision about a document."""
    each = decisions.alias("each_decision")
    return select(func.max(each.c.id)).where(each.c.document_id == document.c.id).scalar_subquery()


def findings_by_decision(
    connection: Connection, decision_ids: Sequence[int]
) -> dict[int, list[AnyRow]]:
    """Rows of findings, in their order, by decision; decisions without any are left out."""
    found: dict[int, list[AnyRow]] = {}
    for part in parts(decision_ids):
        for row in connection.execute(
            select(finding)
            .where(finding.c.decision_id.in_(part))
            .order_by(finding.c.decision_id, finding.c.position)
        ):
            found.setdefault(row.decision_id, []).append(row)
    return found


def findings_of(rows: Sequence[AnyRow], role: str) -> tuple[Finding, ...]:
    """The findings of one role (`cause`, `suppressed`, `note`) among rows of the table."""
    return tuple(
        Finding(code=row.code, path=row.path, seen=row.seen, expected=row.expected, rule=row.rule)
        for row in rows
        if row.role == role
    )


def _narrow(statement: Select[Any], which: DocumentFilter) -> Select[Any]:
    if which.states:
        statement = statement.where(
            document.c.state.in_([state.value for state in sorted(which.states)])
        )
    if which.customer:
        statement = statement.where(document.c.customer == which.customer)
    if which.run is not None:
        statement = statement.where(document.c.run_id == which.run)
    if which.code:
        statement = statement.where(has_code(which.code))
    if which.reference:
        named = [
            document.c.source_id == which.reference,
            document.c.number == which.reference,
            case_document.c.case_number == which.reference,
        ]
        if len(which.reference) >= _PREFIX:
            named.append(begins(document.c.document_key, which.reference))
        statement = statement.where(or_(*named))
    return statement


def _known(row: AnyRow) -> KnownVersion:
    return KnownVersion(
        id=row.id,
        document_key=row.document_key,
        version=row.version,
        generation=row.generation,
        state=State(row.state),
        digest=row.digest,
        ruleset=row.ruleset,
        codes=tuple(row.codes.split()),
        recheck=row.recheck,
        turn=row.turn,
        attempts=row.attempts,
        released_by=row.released_by,
        sent_back_by=row.sent_back_by,
    )


def _twin(row: AnyRow) -> Twin:
    return Twin(
        id=row.id,
        document_key=row.document_key,
        state=State(row.state),
        number=row.number,
        number_mark=row.number_mark or "",
        likeness_mark=row.likeness_mark,
        total=row.total,
        issue_date=row.issue_date,
    )


def _view(row: AnyRow) -> DocumentRow:
    values = row._asdict()
    return DocumentRow(
        id=row.id,
        core=DocumentCore(**{name: values[name] for name in _CORE}),
        state=State(row.state),
        outcome=row.outcome,
        codes=tuple(row.codes.split()),
        ruleset=row.ruleset,
        receipt=row.receipt,
        case_number=row.case_number,
        run=row.run_id,
        attempts=row.attempts,
        recheck=row.recheck,
        released_by=row.released_by,
        pulled_at=row.pulled_at,
        changed_at=row.changed_at,
    )


def _decision(row: AnyRow, items: Sequence[AnyRow]) -> Decision:
    body = json.loads(row.body)
    posting_date = body["posting_date"]
    return Decision(
        outcome=Outcome(row.outcome),
        findings=findings_of(items, "cause"),
        suppressed=findings_of(items, "suppressed"),
        notes=findings_of(items, "note"),
        results=tuple(
            RuleResult(
                rule=result["rule"],
                effect=Effect(result["effect"]),
                truth=Truth(result["truth"]),
                error_type=result["error_type"],
                unknown=tuple(result.get("unknown", ())),
            )
            for result in body["results"]
        ),
        posted_by=tuple(body["posted_by"]),
        ruleset=row.ruleset,
        facts_hash=row.facts_hash,
        decided_on=row.decided_on,
        posting_date=date.fromisoformat(posting_date) if posting_date else None,
    )
