"""Proposals, approvals and shadows in the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Engine, delete, insert, select, update

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.counters import take
from robot.adapters.store.engine import reading
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema import (
    rule_backtest,
    rule_proposal,
    ruleset,
    shadow,
    shadow_decision,
)
from robot.errors import TransitionError
from robot.flow.rule_records import (
    Approval,
    Comparison,
    KeptBacktest,
    NewShadow,
    Proposal,
    Shadow,
    ShadowStatus,
)

_PAGE: Final = 1_000
#: Columns of a comparison that hold several words.
_SEVERAL: Final = ("old_codes", "new_codes", "old_rules", "new_rules")
_HEXADECIMAL: Final = frozenset("0123456789abcdef")


class SqlRuleChanges:
    """Reading proposals, approvals, kept texts and shadows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def proposals(self) -> list[Proposal]:
        """All of them, oldest first, without their texts."""
        wanted = [column for column in rule_proposal.c if column is not rule_proposal.c.text]
        statement = select(*wanted).order_by(rule_proposal.c.proposed_at, rule_proposal.c.hash)
        with reading(self._engine) as connection:
            return [_proposal(row) for row in connection.execute(statement)]

    def kept_texts(self, beginning: str, /) -> dict[str, str]:
        """Hash to text of every set that was used or proposed and whose hash begins so."""
        if not beginning or not set(beginning) <= _HEXADECIMAL:
            return {}
        found: dict[str, str] = {}
        with reading(self._engine) as connection:
            for table in (ruleset, rule_proposal):
                statement = select(table.c.hash, table.c.text).where(
                    table.c.hash.startswith(beginning)
                )
                found.update({row.hash: row.text for row in connection.execute(statement)})
        return found

    def backtest(self, ruleset: str, /) -> KeptBacktest | None:
        """The latest backtest of a proposed set."""
        statement = select(rule_backtest).where(rule_backtest.c.hash == ruleset)
        with reading(self._engine) as connection:
            row = connection.execute(statement).first()
        return None if row is None else _kept_backtest(row)

    def shadow(self, number: int | None = None, /) -> Shadow | None:
        """One shadow, the latest when no number is given."""
        statement = select(shadow).order_by(shadow.c.id.desc()).limit(1)
        if number is not None:
            statement = statement.where(shadow.c.id == number)
        with reading(self._engine) as connection:
            row = connection.execute(statement).first()
        return None if row is None else _shadow(row)

    def comparisons(self, number: int, /) -> Iterator[Comparison]:
        """What a shadow saw, in the order of the documents' keys; read as it is consumed."""
        statement = (
            select(*(shadow_decision.c[part.name] for part in fields(Comparison)))
            .where(shadow_decision.c.shadow_id == number)
            .order_by(shadow_decision.c.document_key, shadow_decision.c.version)
        )
        with reading(self._engine) as connection:
            for row in connection.execute(statement).yield_per(_PAGE):
                values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
                values |= {name: tuple(json.loads(values[name])) for name in _SEVERAL}
                yield Comparison(**values)


class SqlRuleChangesUnit(UnitPart):
    """Writing them in the transaction of a unit, with the trail."""

    def propose(self, proposal: Proposal) -> None:
        """Keep a proposal; a set that was proposed before gets its authors and note added."""
        known = self._connection.execute(
            select(rule_proposal.c.authors).where(rule_proposal.c.hash == proposal.ruleset)
        ).scalar()
        authors = sorted({*proposal.authors, *(json.loads(known) if known else ())})
        values: dict[str, Any] = {"authors": json.dumps(authors, ensure_ascii=False)}
        if known is None:
            values |= {
                "hash": proposal.ruleset,
                "customer": proposal.customer,
                "text": proposal.text,
                "proposed_by": proposal.proposed_by,
                "proposed_at": proposal.proposed_at,
                "note": proposal.note,
            }
            self._connection.execute(insert(rule_proposal).values(values))
        else:
            if proposal.note:
                values["note"] = proposal.note
            self._connection.execute(
                update(rule_proposal)
                .where(rule_proposal.c.hash == proposal.ruleset)
                .values(values)
            )
        self._audit(
            "rules-proposed",
            {
                "customer": proposal.customer,
                "ruleset": proposal.ruleset,
                "authors": authors,
                "note": proposal.note,
            },
        )

    def approve(self, ruleset_hash: str, /, approval: Approval) -> None:
        """Note that somebody approved a proposed set."""
        changed = self._connection.execute(
            update(rule_proposal)
            .where(rule_proposal.c.hash == ruleset_hash)
            .values(
                approved_by=approval.by,
                approved_at=approval.at,
                reason=approval.reason,
                commit_id=approval.commit,
            )
        ).rowcount
        if changed != 1:
            raise TransitionError("only a proposed rule set can be approved")
        self._audit(
            "rules-approved",
            {"ruleset": ruleset_hash, "reason": approval.reason, "commit": approval.commit},
        )

    def keep_backtest(self, kept: KeptBacktest, /) -> None:
        """Keep a backtest in place of the earlier one of the same set."""
        self._connection.execute(delete(rule_backtest).where(rule_backtest.c.hash == kept.ruleset))
        self._connection.execute(
            insert(rule_backtest).values(
                hash=kept.ruleset,
                against=kept.against,
                customer=kept.customer,
                made_by=kept.made_by,
                made_at=kept.made_at,
                since=kept.since,
                until=kept.until,
                result=json.dumps(kept.result, ensure_ascii=False),
            )
        )
        counts = {name: kept.result.get(name) for name in ("documents", "changed", "newly_posted")}
        self._audit(
            "rules-backtested",
            {
                "customer": kept.customer,
                "ruleset": kept.ruleset,
                "against": kept.against,
                **counts,
            },
        )

    def start_shadow(self, new: NewShadow) -> int:
        """Begin a shadow; its number. One that is running is stopped."""
        running = self._connection.execute(
            select(shadow.c.id).where(shadow.c.status == ShadowStatus.RUNNING.value)
        ).scalars()
        for number in list(running):
            self.end_shadow(number, ShadowStatus.STOPPED, "another one was started")
        number = take(self._connection, "shadow")
        self._connection.execute(
            insert(shadow).values(
                id=number,
                directory=new.directory,
                customers=json.dumps(new.customers),
                text=new.text,
                runs=new.runs,
                runs_done=0,
                status=ShadowStatus.RUNNING.value,
                started_by=self._actor,
                started_at=self._stamp.now,
                ended_at=None,
                words="",
            )
        )
        self._audit(
            "shadow-started",
            {"shadow": number, "directory": new.directory, "customers": list(new.customers)},
        )
        return number

    def end_shadow(self, number: int, /, status: ShadowStatus, words: str) -> None:
        """End a shadow that runs; one that has ended stays as it is."""
        changed = self._connection.execute(
            update(shadow)
            .where(shadow.c.id == number, shadow.c.status == ShadowStatus.RUNNING.value)
            .values(status=status.value, words=words, ended_at=self._stamp.now)
        ).rowcount
        if changed:
            self._audit("shadow-ended", {"shadow": number, "status": status, "words": words})

    def keep_comparisons(self, number: int, /, comparisons: Sequence[Comparison]) -> None:
        """Keep what it saw; a version that it saw before is replaced."""
        for item in comparisons:
            self._connection.execute(
                delete(shadow_decision).where(
                    shadow_decision.c.shadow_id == number,
                    shadow_decision.c.document_key == item.document_key,
                    shadow_decision.c.version == item.version,
                )
            )
        if comparisons:
            rows = [_row(item, number, self._stamp.run) for item in comparisons]
            self._connection.execute(insert(shadow_decision), rows)

    def shadow_run_done(self, number: int, /) -> None:
        """Count one run, and end the shadow when it was the last."""
        self._connection.execute(
            update(shadow)
            .where(shadow.c.id == number, shadow.c.status == ShadowStatus.RUNNING.value)
            .values(runs_done=shadow.c.runs_done + 1)
        )
        last = self._connection.execute(
            select(shadow.c.id).where(shadow.c.id == number, shadow.c.runs_done >= shadow.c.runs)
        ).first()
        if last is not None:
            self.end_shadow(number, ShadowStatus.DONE, "")


def _proposal(row: AnyRow) -> Proposal:
    approval = None
    if row.approved_at is not None:
        approval = Approval(
            by=row.approved_by, at=row.approved_at, reason=row.reason, commit=row.commit_id or ""
        )
    return Proposal(
        ruleset=row.hash,
        customer=row.customer,
        text="",
        authors=tuple(json.loads(row.authors)),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        note=row.note,
        approval=approval,
    )


def _kept_backtest(row: AnyRow) -> KeptBacktest:
    return KeptBacktest(
        ruleset=row.hash,
        against=row.against,
        customer=row.customer,
        made_by=row.made_by,
        made_at=row.made_at,
        since=row.since,
        until=row.until,
        result=json.loads(row.result),
    )


def _shadow(row: AnyRow) -> Shadow:
    return Shadow(
        id=row.id,
        directory=row.directory,
        customers=tuple(json.loads(row.customers)),
        text=row.text,
        runs=row.runs,
        runs_done=row.runs_done,
        status=ShadowStatus(row.status),
        started_by=row.started_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        words=row.words,
    )


def _row(item: Comparison, number: int, run: int | None) -> dict[str, Any]:
    values: dict[str, Any] = {part.name: getattr(item, part.name) for part in fields(Comparison)}
    values |= {name: json.dumps(values[name], ensure_ascii=False) for name in _SEVERAL}
    return {"shadow_id": number, "run_id": run, **values}
