"""What must hold of a world whatever happened to the robot, each rule by its number.

The numbers are those of docs/reliability.md. A checker gives the breaches that it finds in words;
`breaches` runs them all.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from robot import bootstrap, documents
from robot.adapters.folder import FolderSource
from robot.adapters.navision.engine import connect
from robot.adapters.navision.small_navision import SmallNavision
from robot.adapters.store.store import SqlStore, open_store
from robot.domain.journey import EventName
from robot.domain.state import FINAL, IN_FLIGHT, EffectKind, EffectStatus, State
from robot.flow.ports import Evidence, KeyState
from robot.flow.records import AuditRow, DocumentFilter, DocumentRow
from tests.faults.world import Standing, ledger_entries, mails_in, settings_in

_RESTING: Final = FINAL | {State.HELD, State.UNREADABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """All that can be looked at, read once."""

    folder: Path
    store: SqlStore
    rows: tuple[DocumentRow, ...]
    trail: tuple[AuditRow, ...]
    #: What the ERP shows under the key of each document.
    evidence: Mapping[str, Evidence]
    #: The ERP's database.
    navision: Path

    def current(self) -> dict[str, list[DocumentRow]]:
        """The versions of each document that no later one took the place of."""
        found: dict[str, list[DocumentRow]] = {}
        for row in self.rows:
            here = found.setdefault(row.core.document_key, [])
            if row.state is not State.SUPERSEDED:
                here.append(row)
        return found


#: What shows the evidence of a company's document keys at the ERP.
ShowEvidence = Callable[[str, Sequence[str]], Mapping[str, Evidence]]


def breaches(
    folder: Path,
    store: str,
    *,
    show: ShowEvidence | None = None,
    navision: Path | None = None,
    restored: bool = False,
    at_rest: bool = True,
) -> list[str]:
    """Everything that is not as it has to be; empty when all is well.

    Args:
        folder: The world.
        store: Its store.
        show: Evidence from another ERP than the small Navision in the folder.
        navision: That ERP's database.
        restored: The store was restored: what it forgot was told all the same, so notices are
            looked at by the customer's side only, one copy of each.
        at_rest: The faults have stopped and everything was given its time.
    """
    opened = open_store(store, Standing(), check=False)
    try:
        rows = tuple(opened.documents.listing(DocumentFilter()))
        seen = Aftermath(
            folder=folder,
            store=opened,
            rows=rows,
            trail=tuple(opened.trail.rows()),
            evidence=_evidence(folder, rows, show),
            navision=navision or folder / "navision.db",
        )
        return [
            f"{number}: {words}"
            for number, check in INVARIANTS.items()
            if not (restored and check is _told_once) and (at_rest or check in _ALWAYS)
            for words in check(seen)
        ]
    finally:
        opened.close()


def _evidence(
    folder: Path, rows: tuple[DocumentRow, ...], show: ShowEvidence | None
) -> dict[str, Evidence]:
    engine = connect(folder / "navision.db")
    try:
        shown = show or SmallNavision(engine, "da", Standing()).evidence
        by_company: dict[str, list[str]] = {}
        for row in rows:
            if row.core.company:
                by_company.setdefault(row.core.company, []).append(row.core.document_key)
        found: dict[str, Evidence] = {}
        for company, keys in by_company.items():
            found.update(shown(company, keys))
        return found
    finally:
        engine.dispose()


def _conservation(seen: Aftermath) -> Iterator[str]:
    """Every document that the source gives is in the store, in one place and at rest."""
    source = FolderSource(seen.folder / "documents", documents.read)
    stored = {(row.core.source_id, row.core.version) for row in seen.rows}
    for document in source.pull():
        identity = (document.statement.document_id, document.version)
        if identity not in stored:
            yield f"{identity[0]} is in the source and not in the store"
    for versions in seen.current().values():
        still_open = [row for row in versions if row.state not in FINAL]
        posted = [row for row in versions if row.state is State.POSTED]
        # A version that came after the posting waits for a person; it acts no more.
        acting = [row for row in still_open if row.state in IN_FLIGHT]
        if len(still_open) > 1 or len(posted) > 1 or (posted and acting):
            words = ", ".join(row.state for row in versions)
            yield f"{versions[0].core.source_id} is in several states: {words}"
    for key, versions in seen.current().items():
        if not versions:
            yield f"every version of {key[:12]} was superseded"


def _posted_once(seen: Aftermath) -> Iterator[str]:
    """At most one posting for a key, and for a creditor's number in a company."""
    entries = Counter(ledger_entries(seen.navision))
    yield from (
        f"{entry} is posted {count} times" for entry, count in entries.items() if count > 1
    )
    receipts = Counter(
        (row.core.company, row.receipt) for row in seen.rows if row.state is State.POSTED
    )
    yield from (f"{receipt} stands for {n} documents" for receipt, n in receipts.items() if n > 1)


def _posted_or_bounced(seen: Aftermath) -> Iterator[str]:
    """Never both: the ERP has nothing posted under the key of what was bounced."""
    for row in seen.rows:
        if row.state is State.BOUNCED:
            shown = seen.evidence[row.core.document_key]
            if shown.state is KeyState.POSTED and shown.generation <= row.core.generation:
                yield f"{row.core.source_id} is bounced and posted as {shown.receipt}"


def _as_decided(seen: Aftermath) -> Iterator[str]:
    """What is called posted is in the ledger, with number and amount of the document."""
    for row in seen.rows:
        if row.state is not State.POSTED:
            continue
        shown = seen.evidence[row.core.document_key]
        known = (shown.state, shown.receipt, shown.amount)
        if known != (KeyState.POSTED, row.receipt, row.core.total):
            yield f"{row.core.source_id} is called posted; the ERP shows {known}"


#: Held for these: a person is told that something else of the document is posted.
_TOLD_TO_A_PERSON: Final = frozenset({"key-conflict", "duplicate-exact"})


def _posted_is_known(seen: Aftermath) -> Iterator[str]:
    """What the ERP posted under a key is called posted, or a later version is held because of it.

    The latter where the store has lost the version that was posted and the source has a new one.
    """
    known = {
        row.core.document_key
        for row in seen.rows
        if row.state is State.POSTED
        or (row.state is State.HELD and _TOLD_TO_A_PERSON.intersection(row.codes))
    }
    for key, shown in seen.evidence.items():
        if shown.state is KeyState.POSTED and key not in known:
            yield f"{shown.receipt} is posted and the store does not say so"


def _nothing_unknown(seen: Aftermath) -> Iterator[str]:
    """No effect is open: each left by evidence, or was never sent."""
    for row in seen.store.effects.unsettled(after=0, limit=1000):
        yield f"the {row.kind} of {row.source_id} is {row.status}: {row.outcome}"
    for document in seen.rows:
        for effect in seen.store.documents.effects(document.id):
            if effect.status is EffectStatus.PENDING:
                yield f"the {effect.kind} of {document.core.source_id} is pending"


def _rules_are_kept(seen: Aftermath) -> Iterator[str]:
    """The exact text of the rules behind every decision can be had back."""
    for ruleset in {row.ruleset for row in seen.rows if row.ruleset}:
        if seen.store.runs.ruleset_text(ruleset) is None:
            yield f"the rule set {ruleset[:12]} is not kept"


def _told_once(seen: Aftermath) -> Iterator[str]:
    """One notice for each bounced version, in one mail, of which there is one copy."""
    copies = Counter(line.partition(" ")[0] for line in mails_in(seen.folder / "mail"))
    for row in seen.rows:
        notices = [
            effect
            for effect in seen.store.documents.effects(row.id)
            if effect.kind is EffectKind.NOTICE
        ]
        if len(notices) != (row.state is State.BOUNCED):
            yield f"{row.core.source_id} is {row.state} and has {len(notices)} notices"
        mails = seen.store.mails.of_document(row.id)
        if len(mails) != len(notices) or any(m.status is not EffectStatus.DONE for m in mails):
            yield f"{row.core.source_id} is told in {[(m.id, m.status) for m in mails]}"
        for mail in mails:
            if copies[mail.mail.message_id] != 1:
                yield f"{mail.mail.message_id} has {copies[mail.mail.message_id]} copies"
    known = {mail.mail.message_id for mail in seen.store.mails.all()}
    yield from (f"{copy} is in no store" for copy in copies if copy not in known)


@cache
def _mailboxes() -> dict[str, frozenset[str]]:
    """Bogføringskreds to the addresses of the customer's own mailboxes."""
    with tempfile.TemporaryDirectory(prefix="robot-rules-") as folder:
        book = bootstrap.rulebook(settings_in(Path(folder)))
    return {
        customer.bogfoeringskreds: frozenset(
            address
            for mailbox in customer.mailboxes
            for address in (mailbox.address, *mailbox.members)
        )
        for customer in book.customers
    }


def _told_whom(seen: Aftermath) -> Iterator[str]:
    """Only the customer's own mailboxes, and one customer in a mail."""
    boxes = _mailboxes()
    for mail in seen.store.mails.all():
        strangers = set(mail.mail.recipients) - boxes[mail.customer]
        if strangers:
            yield f"{mail.mail.message_id} went to {len(strangers)} who are not the customer's"


def _trail_is_whole(seen: Aftermath) -> Iterator[str]:
    """No gaps, and every hash fits the row and the one before."""
    proof = seen.store.trail.verify()
    if proof.broken_at is not None:
        yield f"the trail is broken at row {proof.broken_at}: {proof.problem}"
    if [row.seq for row in seen.trail] != list(range(1, len(seen.trail) + 1)):
        yield "the trail has gaps"


def _sums_are_exact(seen: Aftermath) -> Iterator[str]:
    """The general ledger entries of every posted document sum to zero."""
    ours = {row.receipt for row in seen.rows if row.state is State.POSTED and row.receipt}
    with closing(sqlite3.connect(seen.navision)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%$G/L Entry'"
        ).fetchall()
        for (table,) in tables:
            sums: dict[str, Decimal] = {}
            for number, amount in connection.execute(
                f'SELECT "Document No_", "Amount" FROM "{table}"'  # noqa: S608 - our own
            ):
                sums[number] = sums.get(number, Decimal(0)) + Decimal(str(amount))
            for number in ours & sums.keys():
                if sums[number]:
                    yield f"{number} in {table} is out of balance by {sums[number]}"


def _no_act_without_a_trail(seen: Aftermath) -> Iterator[str]:
    """What was posted or bounced was first written down as about to be sent, or taken over."""
    begun = {
        row.document for row in seen.trail if row.act in {"sending", "posted-in-an-earlier-life"}
    }
    for row in seen.rows:
        if row.state in {State.POSTED, State.BOUNCED} and row.id not in begun:
            yield f"{row.core.source_id} is {row.state} and the trail has no beginning of it"


def _a_token_of_its_own(seen: Aftermath) -> Iterator[str]:
    """No two runs began under one token."""
    tokens = [int(row.detail["token"]) for row in seen.trail if row.act == "run-begun"]
    if len(tokens) != len(set(tokens)):
        yield f"two runs have one token: {sorted(tokens)}"


_IN_ITS_JOURNEY: Final = {State.POSTED: EventName.POSTED, State.BOUNCED: EventName.BOUNCED}


def _told_in_its_journey(seen: Aftermath) -> Iterator[str]:
    """What was posted or bounced is told in the document's journey, each once."""
    journeys = seen.store.journeys.of(sorted({row.core.document_key for row in seen.rows}))
    told = Counter(
        (event.document, event.event) for events in journeys.values() for event in events
    )
    for row in seen.rows:
        for state, event in _IN_ITS_JOURNEY.items():
            times = told[row.id, event]
            if times != (row.state is state):
                yield f"{row.core.source_id} is {row.state} and told {times} times as {event}"


def _at_rest(seen: Aftermath) -> Iterator[str]:
    """Everything has its outcome, or waits for a person."""
    for row in seen.rows:
        if row.state not in _RESTING:
            yield f"{row.core.source_id} is still {row.state}"


INVARIANTS: Final[Mapping[str, Callable[[Aftermath], Iterator[str]]]] = {
    "I1 conservation": _conservation,
    "I2 posted once": _posted_once,
    "I3 posted or bounced": _posted_or_bounced,
    "I4 posted as decided": _as_decided,
    "I4 posted is known": _posted_is_known,
    "I5 unknown leaves by evidence": _nothing_unknown,
    "I6 rules are kept": _rules_are_kept,
    "I8 told once": _told_once,
    "I9 told to the customer": _told_whom,
    "I11 trail is whole": _trail_is_whole,
    "I12 a token of its own": _a_token_of_its_own,
    "I14 sums are exact": _sums_are_exact,
    "I18 no act without a trail": _no_act_without_a_trail,
    "I23 at rest": _at_rest,
    "I24 told in its journey": _told_in_its_journey,
}
#: What holds at every moment, also in the middle of faults.
_ALWAYS: Final = frozenset(
    {
        _posted_once,
        _posted_or_bounced,
        _as_decided,
        _rules_are_kept,
        _told_whom,
        _trail_is_whole,
        _a_token_of_its_own,
        _sums_are_exact,
        _no_act_without_a_trail,
    }
)
