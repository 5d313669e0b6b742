"""One transaction of the store: what belongs together is committed together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from robot.adapters.store import recording, trail
from robot.adapters.store.case_opening import CaseOpening
from robot.adapters.store.case_writing import SqlCasesUnit
from robot.adapters.store.commands import SqlCommandsUnit
from robot.adapters.store.contacts import SqlContactsUnit
from robot.adapters.store.counters import take
from robot.adapters.store.engine import exactly
from robot.adapters.store.inbox import SqlInboxUnit
from robot.adapters.store.journeys import SqlJourneysUnit
from robot.adapters.store.listed import parts
from robot.adapters.store.measures import SqlMeasuresUnit
from robot.adapters.store.part import UnitPart
from robot.adapters.store.recording import Stamp, mark_of
from robot.adapters.store.reported import SqlReportedErrorsUnit
from robot.adapters.store.rule_changes import SqlRuleChangesUnit
from robot.adapters.store.schema import counter
from robot.adapters.store.schema import document as documents_table
from robot.adapters.store.schema import effect as effects_table
from robot.adapters.store.schema import mail as mails_table
from robot.adapters.store.schema import pause as pauses_table
from robot.adapters.store.schema import ruleset as rulesets_table
from robot.adapters.store.schema import run as runs_table
from robot.adapters.store.sheets import SqlSheetsUnit
from robot.domain.canonical import canonical_text
from robot.domain.notice import OutgoingMail
from robot.domain.state import EFFECT_TRANSITIONS, EffectStatus, State
from robot.errors import TransitionError
from robot.flow.records import Move, NewEffect, Recorded, Settlement

P = TypeVar("P", bound=UnitPart)

_SETTLE: Final = (
    update(effects_table)
    .where(
        effects_table.c.id == bindparam("at_id"),
        effects_table.c.status == bindparam("origin"),
        effects_table.c.fence <= bindparam("token"),
    )
    .values(
        status=bindparam("to"),
        outcome=bindparam("new_outcome"),
        attempts=effects_table.c.attempts + bindparam("tried"),
        fence=mark_of(effects_table.c.fence),
        changed_at=bindparam("now"),
    )
)
_SETTLE_MAIL: Final = (
    update(mails_table)
    .where(mails_table.c.id == bindparam("at_id"), mails_table.c.status == bindparam("origin"))
    .values(
        status=bindparam("to"),
        outcome=bindparam("new_outcome"),
        attempts=mails_table.c.attempts + bindparam("tried"),
        sent_at=bindparam("new_sent_at"),
        not_before=bindparam("new_not_before"),
    )
)


class SqlUnit:
    """Writes everything at one instant, for one actor; the trail is appended at the end."""

    def __init__(self, connection: Connection, stamp: Stamp, actor: str, head: trail.Head) -> None:
        self._connection = connection
        self._stamp = stamp
        self._actor = actor
        self._head = head
        self._entries: list[trail.Entry] = []

    @property
    def commands(self) -> SqlCommandsUnit:
        """What people ask for on the dashboard, written in this transaction."""
        return self._part(SqlCommandsUnit)

    @property
    def journeys(self) -> SqlJourneysUnit:
        """Events of documents, written in this transaction."""
        return self._part(SqlJourneysUnit)

    @property
    def measures(self) -> SqlMeasuresUnit:
        """What became of documents, written in this transaction."""
        return self._part(SqlMeasuresUnit)

    @property
    def rules(self) -> SqlRuleChangesUnit:
        """Proposals, approvals and shadows, written in this transaction."""
        return self._part(SqlRuleChangesUnit)

    @property
    def cases(self) -> SqlCasesUnit:
        """What is said on cases and done with them, written in this transaction."""
        return self._part(SqlCasesUnit)

    @property
    def contacts(self) -> SqlContactsUnit:
        """Whether mail reaches addresses, written in this transaction."""
        return self._part(SqlContactsUnit)

    @property
    def inbox(self) -> SqlInboxUnit:
        """Mails that came in, written in this transaction."""
        return self._part(SqlInboxUnit)

    @property
    def reported(self) -> SqlReportedErrorsUnit:
        """What customers' own mails are about, written in this transaction."""
        return self._part(SqlReportedErrorsUnit)

    @property
    def sheets(self) -> SqlSheetsUnit:
        """Re-posting sheets that came in, written in this transaction."""
        return self._part(SqlSheetsUnit)

    def close(self) -> trail.Head | None:
        """Append the trail; the caller commits.

        Returns:
            The last row of this unit, by which it is known again; None when it added none.
        """
        end = trail.append(
            self._connection,
            self._head,
            self._entries,
            at=self._stamp.now,
            run=self._stamp.run,
            actor=self._actor,
        )
        return end if self._entries else None

    def record(self, documents: Sequence[Recorded]) -> list[int]:
        """Write versions with decisions, findings and effects; row ids in the same order."""
        ids = recording.write(self._connection, documents, self._stamp)
        for number, item in zip(ids, documents, strict=True):
            detail: dict[str, Any] = {
                "key": item.core.document_key,
                "version": item.core.version,
                "state": item.state.value,
                **item.detail,
            }
            if item.decision is not None:
                detail["codes"] = sorted({found.code for found in item.decision.findings})
                detail["outcome"] = item.decision.outcome.value
                detail["ruleset"] = item.decision.ruleset
                detail["facts"] = item.decision.facts_hash
            if item.effects:
                detail["effects"] = {e.kind.value: e.payload_hash for e in item.effects}
            self.audit(item.act, detail, number)
        return ids

    def move(self, moves: Sequence[Move]) -> None:
        """Take documents along the table of transitions."""
        recording.move(self._connection, moves, self._stamp)
        for item in moves:
            detail: dict[str, Any] = {
                "from": item.origin.value,
                "to": item.to.value,
                **item.detail,
            }
            if item.receipt is not None:
                detail["receipt"] = item.receipt
            if item.decision is not None:
                detail["codes"] = sorted({found.code for found in item.decision.findings})
            self.audit(item.act, detail, item.document)
        ended = [item.document for item in moves if item.to in _ENDS_PENDING]
        recording.cancel_pending(self._connection, ended, self._stamp)

    def add_effects(self, effects: Sequence[tuple[int, NewEffect]]) -> None:
        """Write more effects for documents (by id) that are recorded already."""
        recording.write_effects(self._connection, effects, self._stamp)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Take effects one step further."""
        rows = [_step(item) | self._stamp.fencing for item in settlements]
        for row in rows:
            row["now"] = self._stamp.now
        if not exactly(self._connection, _SETTLE, rows):
            raise TransitionError("an effect is not where its settlement starts from")

    def open_cases(
        self, documents: Sequence[int], year: int, causes: Mapping[int, str] | None = None
    ) -> list[str]:
        """The case numbers of bounced documents: given once for a document key, then kept."""
        opening = CaseOpening(
            connection=self._connection, stamp=self._stamp, cases=self.cases, year=year
        )
        return opening.open(documents, causes or {})

    def freeze_mail(self, mail: OutgoingMail, customer: str, notices: Sequence[int]) -> int:
        """Keep a mail as it will leave, with the notices that it carries; the mail's id."""
        number = take(self._connection, "mail")
        self._connection.execute(
            insert(mails_table).values(
                id=number,
                message_id=mail.message_id,
                customer=customer,
                recipients=json.dumps(mail.recipients),
                sender=mail.sender,
                subject=mail.subject,
                plain=mail.plain,
                html=mail.html,
                language=mail.language,
                headers=json.dumps(mail.headers),
                status=EffectStatus.PENDING.value,
                attempts=0,
                outcome="",
                created_at=self._stamp.now,
                sent_at=None,
                purpose=mail.purpose.value,
                not_before=None,
            )
        )
        carried = 0
        for part in parts(notices):
            carried += self._connection.execute(
                update(effects_table)
                .where(
                    effects_table.c.id.in_(part),
                    effects_table.c.status == EffectStatus.PENDING.value,
                    effects_table.c.mail_id.is_(None),
                )
                .values(mail_id=number, changed_at=self._stamp.now)
            ).rowcount
        if carried != len(notices):
            raise TransitionError("a notice is in another mail already")
        self.audit(
            "notice-written",
            {
                "customer": customer,
                "mail": mail.message_id,
                "purpose": mail.purpose.value,
                "notices": list(notices),
            },
        )
        return number

    def settle_mail(self, mail: int, step: Settlement) -> None:
        """Take a mail and, when it has ended, its notices one step further."""
        row = _step(step)
        row["at_id"] = mail
        row["new_sent_at"] = self._stamp.now if step.to is EffectStatus.DONE else None
        row["new_not_before"] = step.not_before
        if not exactly(self._connection, _SETTLE_MAIL, [row]):
            raise TransitionError("a mail is not where its settlement starts from")
        if not EFFECT_TRANSITIONS[step.to]:
            self._connection.execute(
                update(effects_table)
                .where(effects_table.c.mail_id == mail)
                .values(status=step.to.value, outcome=step.outcome, changed_at=self._stamp.now)
            )
        if step.to is EffectStatus.DONE and (keys := self._told_by(mail)):
            self.cases.told(keys)
        if step.to is not EffectStatus.SENT:
            self.audit(f"notice-{step.to.value}", {"mail": mail})

    def release_notices(self, mail: int) -> int:
        """Take its notices out of a mail that reaches nobody; another one will carry them."""
        found = self._connection.execute(
            update(effects_table)
            .where(
                effects_table.c.mail_id == mail,
                effects_table.c.status == EffectStatus.PENDING.value,
            )
            .values(mail_id=None, changed_at=self._stamp.now)
        )
        self.audit("notices-released", {"mail": mail, "notices": found.rowcount})
        return found.rowcount

    def _part(self, kind: type[P]) -> P:
        return kind(self._connection, self._stamp, self._actor, self.audit)

    def _told_by(self, mail: int) -> list[str]:
        statement = (
            select(documents_table.c.document_key)
            .join_from(
                effects_table,
                documents_table,
                effects_table.c.document_id == documents_table.c.id,
            )
            .where(effects_table.c.mail_id == mail)
            .order_by(effects_table.c.id)
        )
        return list(self._connection.execute(statement).scalars())

    def request(
        self, document: int, *, released_by: str | None = None, sent_back_by: str | None = None
    ) -> None:
        """Note what a clerk wants of a held document; the next run looks at it again."""
        row = {"at_id": document, "releaser": released_by, "sender": sent_back_by}
        if not exactly(self._connection, _REQUEST, [row]):
            raise TransitionError("the document is not held any more")

    def keep_ruleset(self, ruleset: str, customer: str, text: str) -> None:
        """Keep the text of a rule set under its hash, once."""
        known = select(rulesets_table.c.hash).where(rulesets_table.c.hash == ruleset)
        if self._connection.execute(known).first() is None:
            self._connection.execute(
                insert(rulesets_table).values(
                    hash=ruleset, customer=customer, text=text, first_used_at=self._stamp.now
                )
            )
            self.audit("ruleset-in-force", {"customer": customer, "ruleset": ruleset})

    def pause(self, scope: str, reason: str) -> None:
        """Set a kill switch."""
        self._connection.execute(delete(pauses_table).where(pauses_table.c.scope == scope))
        self._connection.execute(
            insert(pauses_table).values(
                scope=scope, reason=reason, set_by=self._actor, set_at=self._stamp.now
            )
        )
        self.audit("paused", {"customer": scope, "reason": reason})

    def resume(self, scope: str) -> bool:
        """Take a kill switch away; whether there was one."""
        gone = self._connection.execute(
            delete(pauses_table).where(pauses_table.c.scope == scope)
        ).rowcount
        if gone:
            self.audit("resumed", {"customer": scope})
        return bool(gone)

    def skip_numbers(self, many: int) -> None:
        """Leave out case numbers and fencing tokens that a lost store may have given out."""
        for name in self._connection.scalars(select(counter.c.name)).all():
            if name == "fence" or name.startswith("case-"):
                take(self._connection, name, many)

    def begin_run(self, slot: str, owner: str) -> int:
        """Write a new run and give its number; what the unit writes now belongs to it."""
        number = take(self._connection, "run")
        self._connection.execute(
            insert(runs_table).values(
                id=number,
                slot=slot,
                owner=owner,
                status="running",
                started_at=self._stamp.now,
                finished_at=None,
                summary="{}",
            )
        )
        self._stamp = replace(self._stamp, run=number)
        self.audit("run-begun", {"slot": slot, "token": self._stamp.token})
        return number

    def finish_run(self, run: int, status: str, summary: Mapping[str, Any]) -> None:
        """Close a run."""
        self._connection.execute(
            update(runs_table)
            .where(runs_table.c.id == run)
            .values(status=status, finished_at=self._stamp.now, summary=canonical_text(summary))
        )
        self.audit("run-ended", {"status": status})

    def audit(
        self, act: str, detail: Mapping[str, Any] | None = None, document: int | None = None
    ) -> None:
        """Add a row to the trail that no other method writes by itself."""
        self._entries.append(trail.Entry(act=act, document=document, detail=detail or {}))


_ENDS_PENDING: Final = frozenset({State.SUPERSEDED, State.DROPPED, State.HELD, State.POSTED})
_REQUEST: Final = (
    update(documents_table)
    .where(
        documents_table.c.id == bindparam("at_id"),
        documents_table.c.state.in_([State.HELD.value, State.UNREADABLE.value]),
    )
    .values(recheck=True, released_by=bindparam("releaser"), sent_back_by=bindparam("sender"))
)


def _step(item: Settlement) -> dict[str, Any]:
    if item.to not in EFFECT_TRANSITIONS[item.origin]:
        raise TransitionError(f"no effect goes from {item.origin} to {item.to}")
    return {
        "at_id": item.effect,
        "origin": item.origin.value,
        "to": item.to.value,
        "new_outcome": item.outcome,
        "tried": item.tried,
    }
