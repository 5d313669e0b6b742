"""Writing about cases in the transaction of a unit; every act is in the trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, and_, insert, select, update

from robot.adapters.store.counters import take
from robot.adapters.store.listed import parts
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema import (
    case_document,
    case_entry,
    case_file,
    case_party,
    mail_case,
    mailbox_member,
    shared_mailbox,
)
from robot.domain.canonical import sha256_hex
from robot.domain.case import PartyKind, PartyOrigin
from robot.errors import TransitionError
from robot.flow.case_records import FixBy, NewEntry

_LONGEST_MESSAGE_ID: Final = 200


class SqlCasesUnit(UnitPart):
    """Writing about cases."""

    def say(self, entry: NewEntry) -> int:
        """Add an entry; its id."""
        number = take(self._connection, "case-entry")
        self._connection.execute(
            insert(case_entry).values(
                id=number,
                case_number=entry.case_number,
                at=self._stamp.now,
                author=entry.author,
                kind=entry.kind.value,
                visibility=entry.visibility.value,
                text=entry.text,
                message_id=_kept(entry.message_id),
            )
        )
        # What was said stays out of the trail, which nobody can take anything out of again.
        self._audit(
            "case-entry",
            {
                "case": entry.case_number,
                "entry": number,
                "author": entry.author,
                "kind": entry.kind.value,
                "visibility": entry.visibility.value,
                "text": sha256_hex(entry.text),
            },
        )
        return number

    def add_party(
        self, number: str, address: str, *, kind: PartyKind, origin: PartyOrigin
    ) -> bool:
        """Let an address see a case; whether it did not before. Writes no entry."""
        values = {
            "kind": kind.value,
            "origin": origin.value,
            "added_by": self._actor,
            "added_at": self._stamp.now,
            "removed_by": None,
            "removed_at": None,
        }
        added = self._put(
            case_party, {"case_number": number, "address": address.lower()}, values, "case-party"
        )
        if added:
            self._audit("case-shared", {"case": number, "with": address.lower(), "by": origin})
        return added

    def remove_party(self, number: str, address: str) -> bool:
        """Take an address off a case; whether it was on it. Writes no entry."""
        gone = self._remove(
            case_party,
            and_(case_party.c.case_number == number, case_party.c.address == address.lower()),
        )
        if gone:
            self._audit("case-unshared", {"case": number, "with": address.lower()})
        return gone

    def close(self, number: str, *, why: str) -> bool:
        """Close a case; whether it was open."""
        closed = self._change(
            and_(case_file.c.number == number, case_file.c.closed_at.is_(None)),
            closed_at=self._stamp.now,
            closed_by=self._actor,
        )
        if closed:
            self._audit("case-closed", {"case": number, "reason": why})
        return closed

    def reopen(self, number: str, *, why: str) -> bool:
        """Open a case again; whether it was closed."""
        opened = self._change(
            and_(case_file.c.number == number, case_file.c.closed_at.is_not(None)),
            closed_at=None,
            closed_by=None,
        )
        if opened:
            self._audit("case-reopened", {"case": number, "reason": why})
        return opened

    def note_fixed(self, number: str) -> None:
        """The customer says that it is fixed."""
        self._note(number, "case-said-fixed", said_fixed_at=self._stamp.now)

    def wait_until(self, number: str, day: date | None) -> None:
        """The customer asks for time until this day; None takes it back."""
        self._note(number, "case-waits", waits_until=day)

    def wait_for_supplier(self, number: str, *, waits: bool = True) -> None:
        """The customer says that it waits for the supplier, or does no longer."""
        self._note(number, "case-supplier", supplier_since=self._stamp.now if waits else None)

    def fix_by(self, days: Sequence[FixBy]) -> None:
        """Keep the dates that customers are told; written with the mail that tells them."""
        for item in days:
            self._clock([item.document_key], fix_by=item.day, fix_by_reason=item.reason)

    def told(self, document_keys: Sequence[str]) -> None:
        """The notice was handed over: the customer's clock starts now, unless it runs already."""
        self._clock(document_keys, case_document.c.told_at.is_(None), told_at=self._stamp.now)
        self._audit("customer-told", {"documents": list(document_keys)})

    def not_told(self, document_keys: Sequence[str]) -> None:
        """The notice reached nobody: the customer's clock does not run."""
        self._clock(document_keys, told_at=None)
        self._audit("customer-not-told", {"documents": list(document_keys)})

    def reminded(self, document_keys: Sequence[str], on: date) -> None:
        """A reminder was written; counts it."""
        self._clock(document_keys, reminded_on=on, reminders=case_document.c.reminders + 1)
        self._audit("customer-reminded", {"documents": list(document_keys)})

    def escalated(self, document_keys: Sequence[str], on: date) -> None:
        """The second contact role was told."""
        self._clock(document_keys, escalated_on=on)
        self._audit("case-escalated", {"documents": list(document_keys)})

    def closing_written(self, document_keys: Sequence[str]) -> None:
        """The closing mail was written."""
        self._clock(document_keys, closing_at=self._stamp.now)
        self._audit("closing-written", {"documents": list(document_keys)})

    def refer(self, mail: int, numbers: Collection[str]) -> None:
        """Keep which cases a mail refers to."""
        rows = [{"mail_id": mail, "case_number": number} for number in sorted(set(numbers))]
        if rows:
            self._connection.execute(insert(mail_case), rows)

    def create_mailbox(self, address: str, customer: str) -> bool:
        """Create a shared mailbox or open it again; whether it was not open before."""
        row = self._mailbox(address)
        if row is not None and row.closed_at is None:
            return False
        self._keep_mailbox(address, customer, known=row is not None, closed=False)
        self._audit("mailbox-created", {"mailbox": address.lower(), "customer": customer})
        return True

    def close_mailbox(self, address: str, customer: str) -> bool:
        """Close a shared mailbox, also one that only the rule file names; whether it was open."""
        row = self._mailbox(address)
        if row is not None and row.closed_at is not None:
            return False
        self._keep_mailbox(address, customer, known=row is not None, closed=True)
        self._audit("mailbox-closed", {"mailbox": address.lower(), "customer": customer})
        return True

    def add_member(self, mailbox: str, person: str) -> bool:
        """Give a person access to a shared mailbox; whether no command had before."""
        values = {
            "added_by": self._actor,
            "added_at": self._stamp.now,
            "removed_by": None,
            "removed_at": None,
        }
        added = self._put(mailbox_member, _membership(mailbox, person), values, "mailbox-member")
        if added:
            self._audit("mailbox-member-added", _membership(mailbox, person))
        return added

    def remove_member(self, mailbox: str, person: str) -> bool:
        """Take a person's access away; whether no command had before."""
        key = _membership(mailbox, person)
        row = self._find(mailbox_member, key)
        if row is not None and row.removed_at is not None:
            return False
        gone = {"removed_by": self._actor, "removed_at": self._stamp.now}
        if row is None:
            # One of those that the rule file names: the row stands for its absence.
            number = take(self._connection, "mailbox-member")
            self._connection.execute(insert(mailbox_member).values(id=number, **key, **gone))
        else:
            self._remove(mailbox_member, mailbox_member.c.id == row.id)
        self._audit("mailbox-member-removed", key)
        return True

    def _find(self, table: Table, key: Mapping[str, str]) -> Any:  # noqa: ANN401 - a row of it
        same = and_(*(table.c[name] == value for name, value in key.items()))
        return self._connection.execute(select(table).where(same)).one_or_none()

    def _put(
        self, table: Table, key: Mapping[str, str], values: Mapping[str, Any], counter: str
    ) -> bool:
        """Insert a row, or take its removal back; whether either was needed."""
        row = self._find(table, key)
        if row is None:
            number = take(self._connection, counter)
            self._connection.execute(insert(table).values(id=number, **key, **values))
            return True
        if row.removed_at is None:
            return False
        self._connection.execute(update(table).where(table.c.id == row.id).values(**values))
        return True

    def _remove(self, table: Table, which: ColumnElement[bool]) -> bool:
        return bool(
            self._connection.execute(
                update(table)
                .where(which, table.c.removed_at.is_(None))
                .values(removed_by=self._actor, removed_at=self._stamp.now)
            ).rowcount
        )

    def _change(self, which: ColumnElement[bool], **values: object) -> bool:
        return bool(
            self._connection.execute(update(case_file).where(which).values(**values)).rowcount
        )

    def _note(self, number: str, act: str, **values: date | datetime | None) -> None:
        if not self._change(case_file.c.number == number, **values):
            raise TransitionError(f"there is no case {number}")
        said = {name: None if it is None else it.isoformat() for name, it in values.items()}
        self._audit(act, {"case": number, **said})

    def _clock(
        self,
        document_keys: Sequence[str],
        *which: ColumnElement[bool],
        **values: object,
    ) -> None:
        key: Column[str] = case_document.c.document_key
        for part in parts(document_keys):
            self._connection.execute(
                update(case_document).where(key.in_(part), *which).values(**values)
            )

    def _mailbox(self, address: str) -> Any:  # noqa: ANN401 - a row of the table
        return self._find(shared_mailbox, {"address": address.lower()})

    def _keep_mailbox(self, address: str, customer: str, *, known: bool, closed: bool) -> None:
        now, by = self._stamp.now, self._actor
        ended: dict[str, Any] = {
            "closed_by": by if closed else None,
            "closed_at": now if closed else None,
        }
        if known:
            self._connection.execute(
                update(shared_mailbox)
                .where(shared_mailbox.c.address == address.lower())
                .values(customer=customer, **ended)
            )
            return
        self._connection.execute(
            insert(shared_mailbox).values(
                address=address.lower(), customer=customer, created_by=by, created_at=now, **ended
            )
        )


def _kept(message_id: str | None) -> str | None:
    """A Message-ID that no column holds is none of ours: nobody will ask for it."""
    fits = message_id is not None and len(message_id) <= _LONGEST_MESSAGE_ID
    return message_id if fits else None


def _membership(mailbox: str, person: str) -> dict[str, str]:
    return {"mailbox": mailbox.lower(), "person": person.lower()}
