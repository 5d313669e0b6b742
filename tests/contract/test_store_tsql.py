"""Every statement of the store is sound T-SQL, within SQL Server's limits.

The statements are collected from a run, clerks' acts, mails, cases, journeys, the dashboard.
A function of the store that sends a statement and was not called fails the test, so that a new one
is not forgotten.
"""

from __future__ import annotations

import ast
import io
import re
import sqlite3
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest
import sqlglot
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import ClauseElement, Engine, Table, TextClause, event
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement
from sqlglot import exp

from robot.adapters.store import examination, listed, server, trail
from robot.adapters.store.engine import MIGRATIONS, open_engine
from robot.adapters.store.migrations.versions.m0001_first_tables import TRIGGERS
from robot.adapters.store.schema import metadata
from robot.adapters.store.store import SqlStore
from robot.domain.answer import Answer
from robot.domain.case import EntryKind, PartyKind, PartyOrigin, Visibility
from robot.domain.incoming import MailKind, Route, Sorted
from robot.domain.journey import Actor, EventName, JourneyEvent
from robot.domain.notice import OutgoingMail
from robot.domain.reported import FoundBy
from robot.domain.reposting import Fault
from robot.domain.rights import Person, Role, Scope
from robot.domain.state import EffectStatus, State
from robot.flow.case_records import CaseFilter, FixBy, NewEntry
from robot.flow.command_port import CommandStatus, NewCommand
from robot.flow.inbox_records import IncomingFilter, KeptMail
from robot.flow.journey_port import BankFile, Clocks
from robot.flow.mailbox_port import Position
from robot.flow.measure_port import Spread
from robot.flow.records import DocumentFilter, DocumentRow, Settlement
from robot.flow.rule_records import Approval, Comparison, KeptBacktest, NewShadow, Proposal
from robot.flow.session_port import Session
from robot.flow.sheet_port import NewSheet, Part, Way
from robot.flow.view_port import DocumentQuery
from tests.support.fakes import MORNING, SetClock
from tests.support.flow_world import FlowWorld, an_approved
from tests.support.journeys import EVER, measures
from tests.support.recorded import a_core, a_recorded
from tests.support.reposting import a_reposting, a_reposting_line
from tests.support.tsql import PARAMETERS, key_traps, read, sql_server, traps

STORE: Final = Path(listed.__file__).parent
#: What opens, migrates and examines the database has tests of its own below.
OPENING: Final = frozenset({"engine", "server", "backup", "examination"})
SENDING: Final = frozenset({"execute", "scalars", "scalar"})
#: Where a list of values goes when the statement is sent.
LIST: Final = re.compile(r"__\[POSTCOMPILE_[^\]]*\]")
SQL_SERVER: Final = sql_server()
DAY: Final = date(2026, 11, 24)


@dataclass(slots=True)
class Asked:
    """What went through the store's connections."""

    #: With the names of its parameters.
    statements: list[tuple[ClauseElement, list[str]]] = field(default_factory=list)
    #: Functions of the store that were called: file and first line.
    called: set[tuple[str, int]] = field(default_factory=set)
    #: Statements that were sent while the rows of another one were still being read.
    amid: list[str] = field(default_factory=list)


@pytest.fixture(name="asked", scope="module")
def _asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """All of it, from one long day."""
    folder = tmp_path_factory.mktemp("day")
    with listening() as asked:
        store = a_day(folder)
        look_on(store)
        store.close()
        share_out(folder)
    return asked


@contextmanager
def listening() -> Iterator[Asked]:
    asked = Asked()
    last: dict[int, weakref.ref[sqlite3.Cursor]] = {}

    def note(
        _connection: Connection,
        statement: object,
        several: list[dict[str, object]],
        one: dict[str, object],
        _options: object,
    ) -> None:
        if isinstance(statement, ClauseElement):
            asked.statements.append((statement, list(several[0] if several else one)))

    def before(connection: Any, cursor: Any, statement: str, *_: object) -> None:  # noqa: ANN401 -- the library's own
        place = id(connection.connection.dbapi_connection)
        earlier = last.get(place, lambda: None)()
        if earlier is not None and earlier.description is not None and _is_open(earlier):
            asked.amid.append(statement)
        last[place] = weakref.ref(cursor)

    def called(frame: FrameType, kind: str, _argument: object) -> None:
        if kind == "call" and frame.f_code.co_filename.startswith(str(STORE)):
            asked.called.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    event.listen(Engine, "before_execute", note)
    event.listen(Engine, "before_cursor_execute", before)
    sys.setprofile(called)
    try:
        yield asked
    finally:
        sys.setprofile(None)
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "before_execute", note)


def _is_open(cursor: sqlite3.Cursor) -> bool:
    try:
        cursor.fetchone()
    except sqlite3.ProgrammingError:
        return False
    return True


def in_tsql(statement: ClauseElement, names: list[str]) -> str:
    text = str(statement.compile(dialect=SQL_SERVER, column_keys=names or None))
    return LIST.sub("?", text)


def a_day(folder: Path) -> SqlStore:
    """A run with every outcome, and whatever else the store is asked."""
    world = FlowWorld(folder, an_approved("F-1"), an_approved("F-1", at=13), an_approved("F-2"))
    world.run()
    store = world.store
    for reference in ("F-1", "kkkkkkkk"):
        narrowed = {"customer": "99001", "run": 1, "code": "x", "states": {State.HELD}}
        assert world.rows(reference=reference, **narrowed) == []
    look_around(store, [row.id for row in world.rows()])
    with store.writing(actor="bod") as unit:
        unit.pause("", "something looks wrong")
        unit.resume("")
        unit.skip_numbers(10)
        held = unit.record([a_recorded("SDI-9")])
        unit.request(held[0], released_by="bod")
        unit.open_cases(held, 2026, dict.fromkeys(held, "a cause"))
        more = unit.record([a_recorded("SDI-8")])
        (number,) = unit.open_cases(more, 2026, dict.fromkeys(more, "a cause"))
        unit.open_cases(more, 2026)
    store.cases.causes(held)
    write_of(store, number, next(row for row in world.rows() if row.id == more[0]))
    correspond(store, number)
    change_rules(store)
    return store


def look_around(store: SqlStore, documents: list[int]) -> None:
    """What a person asks after a run."""
    for number in documents:
        store.documents.get(number)
        store.documents.decisions(number)
        store.documents.effects(number)
        store.mails.of_document(number)
    list(store.trail.rows(document=1, run=1, acts=("posted",)))
    store.trail.verify()
    list(store.mails.all())
    store.mails.came_back("<a@example.test>")
    store.runs.has_slot("by-hand")
    store.runs.last()
    store.runs.ruleset_text("ab")
    store.documents.count_open_cases()
    store.documents.posted_without("Eksempelstyrelsen", ["1"], "posted")
    store.effects.unsettled(after=0, limit=5)
    store.effects.notices_that_reached_nobody()
    store.noted.since("large-amount", MORNING)


def write_of(store: SqlStore, case: str, document: DocumentRow) -> None:
    """Whatever is done with a case, and read of it."""
    keys = [document.core.document_key]
    with store.writing(actor="bod") as unit:
        unit.cases.say(_entry(case))
        for _ in range(2):
            unit.cases.add_party(case, "A@b.dk", kind=PartyKind.PERSON, origin=PartyOrigin.REPLY)
            unit.cases.remove_party(case, "a@b.dk")
            unit.cases.add_member("post@b.dk", "a@b.dk")
            unit.cases.remove_member("post@b.dk", "a@b.dk")
            unit.cases.remove_member("post@b.dk", "c@b.dk")
            unit.cases.create_mailbox("post@b.dk", "99001")
            unit.cases.close_mailbox("post@b.dk", "99001")
        unit.cases.note_fixed(case)
        unit.cases.wait_until(case, DAY)
        unit.cases.wait_for_supplier(case)
        unit.cases.fix_by([FixBy(document_key=keys[0], day=DAY, reason="service-goal")])
        unit.cases.told(keys)
        unit.cases.not_told(keys)
        unit.cases.reminded(keys, DAY)
        unit.cases.escalated(keys, DAY)
        unit.cases.closing_written(keys)
        unit.cases.close(case, why="done")
        unit.open_cases([document.id], 2026)
        unit.cases.close(case, why="done")
        unit.cases.reopen(case, why="not done")
        unit.contacts.failed("a@b.dk", code="5.1.1", words="no such user", hard=True, on=DAY)
        unit.contacts.reached("a@b.dk")
    read_of(store, case, keys)


def read_of(store: SqlStore, case: str, keys: list[str]) -> None:
    """What is asked about it."""
    store.contacts.states(["a@b.dk"])
    store.contacts.listing()
    store.cases.get(case)
    list(store.cases.listing(CaseFilter(customer="99001", open_only=True)))
    list(store.cases.listing(CaseFilter(numbers=frozenset({case}))))
    store.cases.standings(CaseFilter(customers=frozenset({"99001"})))
    store.cases.of_documents(keys)
    store.cases.documents(case)
    store.cases.entries(case, internal=False)
    store.cases.parties(case)
    store.cases.visible_to(["a@b.dk"])
    store.cases.by_message_ids(["<a@example.test>"])
    store.cases.message_ids(case)
    store.cases.due(DAY)
    store.cases.to_close()
    store.cases.mailboxes("99001")
    store.cases.members("post@b.dk")
    store.mails.of_cases([case])
    store.mails.written_since(MORNING, "99001")


def _entry(case: str) -> NewEntry:
    return NewEntry(
        case_number=case,
        author="bod",
        kind=EntryKind.NOTE,
        visibility=Visibility.INTERNAL,
        text="[50%]",
    )


def correspond(store: SqlStore, case: str) -> None:
    """Mails out and in, and what they are about."""
    out = OutgoingMail(
        message_id="<b@example.test>",
        recipients=("a@b.dk",),
        sender="robot@example.test",
        subject="Sag",
        plain="[50%]",
        html="",
        language="da",
    )
    with store.writing(actor="robot") as unit:
        mail = unit.freeze_mail(out, "99001", [])
        unit.cases.refer(mail, [case])
        unit.release_notices(mail)
        for origin, to in (
            (EffectStatus.PENDING, EffectStatus.SENT),
            (EffectStatus.SENT, EffectStatus.DONE),
        ):
            unit.settle_mail(mail, Settlement(effect=mail, origin=origin, to=to))
        kept = [
            KeptMail(
                folder="INBOX",
                validity=1,
                uid=uid,
                content_hash=str(uid) * 64,
                size=10,
                received_at=MORNING,
            )
            for uid in (1, 2)
        ]
        for last in (1, 2):
            unit.inbox.keep([kept[last - 1]], Position(folder="INBOX", validity=1, last_uid=last))
    own, reply = store.inbox.unsorted(after=0, limit=9)
    about = Sorted(kind=MailKind.NEW_MAIL, route=Route.TRIAGE, customer="99001")
    answer = replace(about, kind=MailKind.REPLY, cases=(case,), message_id="<c@example.test>")
    with store.writing(actor="robot") as unit:
        unit.inbox.tried(own.id)
        unit.inbox.sort(own.id, about)
        unit.inbox.sort(reply.id, answer)
    store.reported.unnamed(after=0, limit=9)
    with store.writing(actor="bod") as unit:
        for _ in range(2):
            unit.reported.name(own.id, code="x", found_by=FoundBy.PERSON, confidence=1.0)
        unit.inbox.handle(own.id, case=case, reason="theirs")
        unit.inbox.ask_recheck(case)
    with pytest.raises(KeyError):
        store.reported.get(own.id)
    store.reported.of([own.id])
    store.reported.counts()
    store.reported.counts(MORNING)
    list(store.reported.named_by_persons())
    store.inbox.position("INBOX")
    store.inbox.known(["1" * 64])
    store.inbox.get(own.id)
    which = {"customer": "99001", "case_number": case, "unhandled": True}
    store.inbox.listing(IncomingFilter(routes=frozenset(Route), **which))  # type: ignore[arg-type] # its fields
    store.inbox.count_for_a_person()
    store.inbox.sent("<b@example.test>")
    store.inbox.customer_of(case)
    store.inbox.copies(store.inbox.get(reply.id), answer)
    store.inbox.answers_since(MORNING, address="a@b.dk", case=case)
    store.inbox.received_between(MORNING, MORNING)
    store.mails.cases_of(mail)
    store.journeys.carried_by(mail)


def change_rules(store: SqlStore) -> None:
    proposal = Proposal(
        ruleset="a" * 64,
        customer="99001",
        text="rules: []",
        authors=("bod",),
        proposed_by="bod",
        proposed_at=MORNING,
        note="why",
    )
    seen = Comparison(
        document_key="k" * 64,
        version="v1",
        customer="99001",
        source_id="1",
        number="F-1",
        supplier="Ø",
        amount=None,
        old_outcome="hold",
        new_outcome="post",
        old_codes=(),
        new_codes=(),
        old_rules=(),
        new_rules=(),
    )
    with store.writing(actor="bod") as unit:
        unit.rules.propose(proposal)
        unit.rules.propose(proposal)
        unit.rules.keep_backtest(
            KeptBacktest(
                ruleset="a" * 64,
                against="b" * 64,
                customer="99001",
                made_by="kim",
                made_at=MORNING,
                since=None,
                until=None,
                result={},
            )
        )
        unit.rules.approve("a" * 64, Approval(by="kim", at=MORNING, reason="right"))
        candidate = NewShadow(directory="rules", customers=(), text="", runs=1)
        unit.rules.start_shadow(candidate)
        shadow = unit.rules.start_shadow(candidate)
        unit.rules.keep_comparisons(shadow, [seen])
        unit.rules.shadow_run_done(shadow)
    store.rules.proposals()
    store.rules.backtest("a" * 64)
    store.rules.kept_texts("ab")
    store.rules.shadow()
    store.rules.shadow(1)
    list(store.rules.comparisons(shadow))


def look_on(store: SqlStore) -> None:
    """The dashboard: its pages, commands and sessions, and the journeys."""
    everything = DocumentQuery(
        states=frozenset(State),
        customer="99001",
        code="x",
        text="[50%]_",
        due_before=DAY,
        goal_before=MORNING,
        pulled_from=DAY,
        changed_from=DAY,
        pulled_to=DAY,
        run=1,
    )
    for scope in (Scope(customers=None), Scope(customers=frozenset({"99001"}))):
        for sort in ("-id", "due", "-goal"):
            for page in (1, 2):
                store.views.documents(scope, everything, sort=sort, page=page)
                store.views.documents(scope, DocumentQuery(latest=False), sort=sort, page=page)
        list(store.views.every(scope, everything))
        store.views.document(scope, 1)
        store.views.by_state(scope)
        store.views.inflow(scope, everything)
    with store.writing(actor="bod") as unit:
        new = NewCommand(kind="release", argument={"document": "1"}, reason="right", once="x")
        number = unit.commands.ask(new)
        unit.commands.take(number)
        unit.commands.answer(number, CommandStatus.DONE, Answer(code="dropped"))
    store.commands.waiting(only=["rules-backtest"], but=["release"])
    for sheet in store.sheets.done_before(MORNING):
        raise AssertionError(sheet)
    with store.writing(actor="bod") as unit:
        unit.sheets.let_go_of_file("0" * 64)
    with store.claimed(name="long-command", owner="bod", seconds=60):
        pass
    store.commands.about("document", "1")
    store.commands.last()
    person = Person(name="bod", roles=frozenset({Role.CLERK}))
    session = Session(id="s" * 64, person=person, created_at=MORNING, last_seen_at=MORNING)
    store.sessions.begin(replace(session, last_seen_at=MORNING - timedelta(hours=1)))
    store.sessions.seen(session.id)
    store.sessions.live(timedelta(hours=1))
    store.sessions.keep("bod", "mine", "documents", "")
    for kept in store.sessions.filters("bod", "documents"):
        store.sessions.forget("bod", kept.id)
    store.sessions.end(session.id)
    repost(store)
    travel(store)


def repost(store: SqlStore) -> None:
    """Re-posting sheets: one accepted, one returned and handed in again, one refused."""
    document = a_reposting(*[a_reposting_line(row) for row in (6, 7)])
    assert document.reposting is not None
    number = document.statement.document_id
    part = Part(number=number, document_key="p" * 64, lines=document.reposting.lines)
    fault = Fault(row=6, column="Beløb", da="x", en="x")
    with store.writing(actor="bod") as unit:
        for name in "abc":
            unit.sheets.take_in(a_sheet(name))
        unit.sheets.accept("a" * 64, "99001", "Ane", [part])
        assert unit.sheets.accept("b" * 64, "99001", "Ane", [part]) == number
        unit.sheets.give_back("b" * 64, "99001", "Ane", [fault], b"x")
        unit.sheets.refuse("c" * 64, fault)
        unit.sheets.take_in(a_sheet("b"))
    assert store.sheets.waiting() == ["b" * 64]
    store.sheets.get("a" * 64)
    store.sheets.content("a" * 64)
    store.sheets.marked("b" * 64)
    for scope in (Scope(customers=None), Scope(customers=frozenset({"99001"}))):
        assert store.sheets.listing(scope, page=1, size=2).total
    assert [it.number for it in store.sheets.unfinished()] == [number]
    assert store.sheets.part(number) is not None


def a_sheet(name: str) -> NewSheet:
    return NewSheet(
        content_hash=name * 64, name=f"{name}.xlsx", content=b"x", way=Way.FOLDER, customer="99001"
    )


def travel(store: SqlStore) -> None:
    picked = JourneyEvent(
        document_key="k" * 64,
        at=MORNING,
        event=EventName.PICKED,
        system="robot",
        actor=Actor.ROBOT,
        source_ref="trail-1",
        document=1,
    )
    file = BankFile(content_hash="b" * 64, name="a.xml", kind="camt.054")
    clocks = Clocks(document=1, approved_at=MORNING, goal_at=MORNING, pay_by=DAY)
    with store.writing(actor="robot") as unit:
        unit.journeys.tell([picked])
        unit.journeys.tell([picked])
        unit.journeys.told_to(1)
        unit.journeys.set_clocks([clocks])
        unit.journeys.bank_file_read(file, unmatched=0)
    store.measures.due(9)
    store.measures.subjects(["k" * 64])
    with store.writing(actor="robot") as unit:
        unit.measures.begin_anew(1)
        unit.measures.keep(measures())
        unit.measures.measured_to(1)
    somebody = replace(EVER, customer="99001", scope=Scope(customers=frozenset({"99001"})))
    for extent in (EVER, somebody):
        store.measures.alike(extent)
        list(store.measures.moving(extent))
        for what in Spread:
            store.measures.spread(extent, what)
        store.measures.codes(extent)
        store.measures.waiting(extent)
        list(store.measures.paths(extent))
    store.measures.basis()
    store.measures.behind()
    store.journeys.seen_to()
    store.journeys.untold(0, 9)
    store.journeys.of(["k" * 64])
    list(store.journeys.events())
    list(store.journeys.events(since=MORNING))
    store.journeys.carried_by(1)
    store.documents.versions("k" * 64)
    store.trail.page(9, act="x", actor="rob", before=9)
    store.trail.page(9, after=1)
    store.runs.count()
    store.runs.get(1)
    store.journeys.unpaid(after=0, limit=9)
    store.journeys.find_posted(["F-1"])
    store.journeys.clocks([1])
    store.journeys.bank_files()


def share_out(folder: Path) -> None:
    store = SqlStore(open_engine(f"sqlite:///{folder / 'shared.db'}"), SetClock())
    lease = store.take_shares(store.join(owner="one", seconds=60), ["Arkivet", "Museet"])
    store.standing(lease, ["Arkivet"])
    lease = store.hand_on(lease, {"Museet"}, done=True)
    store.renew(store.take_shares(lease, ["Museet"]))
    store.documents.twins([a_core(), replace(a_core(), likeness_mark=None)])
    list(store.documents.listing(DocumentFilter()))
    store.effects.of([1], EffectStatus.PENDING)
    with store.writing(actor="robot") as unit:
        head = unit._head
    assert not store._was_committed(replace(head, hash="x"))
    store.close()


def senders() -> Iterator[tuple[str, str, int]]:
    """The functions of the store that send a statement: name, file, first line of each."""
    for path in sorted(STORE.glob("*.py")):
        if path.stem in OPENING:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and SENDING & {
                call.func.attr
                for call in ast.walk(node)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
            }:
                first = min([node.lineno, *(it.lineno for it in node.decorator_list)])
                yield f"{path.stem}.{node.name}", str(path), first


def test_every_function_of_the_store_that_sends_a_statement_was_called(asked: Asked) -> None:
    assert [name for name, *place in senders() if tuple(place) not in asked.called] == []


def test_what_the_store_is_asked(asked: Asked) -> None:
    # Plain text is SQLite's own (pragmas); what makes tables has a test of its own.
    texts = {
        in_tsql(*it)
        for it in asked.statements
        if not isinstance(it[0], TextClause | ExecutableDDLElement)
    }
    # Alembic notes by itself how far it is.
    texts = {text for text in texts if "alembic_version" not in text}
    lock = trail.LOCKS["mssql"]
    assert isinstance(lock, ClauseElement)
    texts.add(in_tsql(lock, []))
    assert len(texts) >= 150
    for text in sorted(texts):
        assert isinstance(read(text), exp.Query | exp.DML | exp.Update | exp.Delete), text
        assert traps(text) == [], text
    assert "SYSUTCDATETIME()" in "\n".join(texts)


def test_no_statement_is_sent_while_another_ones_rows_are_read(asked: Asked) -> None:
    # SQL Server has one open result on a connection, unless it is told otherwise.
    assert asked.amid == []


def test_the_longest_list_of_a_statement_is_short_enough() -> None:
    assert listed.IN_LIST * 2 < PARAMETERS


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_and_index_is_made_by_t_sql(table: Table) -> None:
    indexes: list[ExecutableDDLElement] = [CreateIndex(index) for index in table.indexes]
    for statement in [CreateTable(table), *indexes]:
        text = str(statement.compile(dialect=SQL_SERVER))
        assert isinstance(read(text), exp.Create)
        assert traps(text) == [], text
    assert list(key_traps(table)) == []


def test_every_migration_is_t_sql() -> None:
    """As Alembic sends it, one statement at a time, from nothing to the newest."""
    script = ScriptDirectory(str(MIGRATIONS))
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect=SQL_SERVER,
        opts={"as_sql": True, "output_buffer": written, "transactional_ddl": True},
    )
    with Operations.context(context):
        for revision in reversed(list(script.walk_revisions())):
            revision.module.upgrade()

    batches = [it.strip().rstrip(";") for it in written.getvalue().split("\nGO\n") if it.strip()]
    assert len(batches) >= 70
    triggers = [it for it in batches if it.startswith("CREATE TRIGGER")]
    assert len(triggers) == len(TRIGGERS["mssql"])
    for text in batches:
        if text not in triggers:
            assert traps(text) == [], text


def test_the_trigger_the_session_the_lock_and_doctor_are_t_sql() -> None:
    session = server._SQL_SERVER_SESSION
    lock = server._SQL_SERVER_LOCK
    for text in (*TRIGGERS["mssql"], *session, lock, str(examination._ROW_VERSIONS)):
        assert sqlglot.parse(text, read="tsql"), text
