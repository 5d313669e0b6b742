"""A whole run (read, look up, decide, record) against the sum of its floors, one core.

The floors are measured in the same process on the same documents: lxml's bare parse, the
compiled rules over ready fields, and bare inserts into SQLite of as many rows and bytes. The
look-up counts as it is: its queries are the floor.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from lxml import etree
from sqlalchemy import Engine, event

from bench.ratio import Ratio
from bench.stages import Spent, whole_run
from robot import bootstrap, checks, documents, settings
from robot.domain.facts import Facts
from robot.domain.invoice import Invoice
from robot.flow.context import Run
from robot.flow.garbage import seldom_collected
from robot.flow.history_port import History
from robot.flow.intake import Intake
from robot.flow.order import company_of
from robot.flow.ports import Question
from robot.rulebook.ruleset import CompiledRuleSet
from tests.support.servers import postgres_server

#: Documents in the run; each is one of the examples under a number and an id of its own.
MANY: Final = 2000
EXAMPLES: Final = Path("examples")
_ISSUED: Final = re.compile(rb"<(?:\w+:)?IssueDate>(\d{4}-\d\d-\d\d)<")
#: The ERP's look for likely duplicates goes three days back and forth.
_DAYS_APART: Final = 4
#: More would be of another year, which is an error of its own.
_COPIES_APART: Final = 60


#: Two sizes of batches, to see what depends on them.
_SMALL: Final = 200
_LARGE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds by the clock, and of this process."""

    wall: float
    processor: float


def run() -> list[Ratio]:
    """Measure one run and its floors."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = multiply(EXAMPLES / "documents", folder / "documents", MANY)
        floors = _floors(folder, count)
        whole = _whole(folder)
        with postgres_server(durable=True) as server:
            for database in ("whole", "small_batches", "large_batches"):
                server.create_database(database)
            on_postgresql = _whole(folder, "postgresql", server.url("whole"))
            trips, in_large = (
                _round_trips(folder, server.url(database), size)
                for database, size in (("small_batches", _SMALL), ("large_batches", _LARGE))
            )
        spent = _everything(folder)
    floor = Took(
        wall=sum(took.wall for took in floors.values()),
        processor=sum(took.processor for took in floors.values()),
    )
    parts = ", ".join(f"{part} {1e6 * took.wall / count:,.0f} µs" for part, took in floors.items())
    return [
        _end_to_end("SQLite", whole, f"sum of floors ({parts})", floor, count),
        _end_to_end("PostgreSQL", on_postgresql, "the same floors", floor, count),
        Ratio(
            name=f"SQL round trips per 1,000 documents, PostgreSQL, batches of {_LARGE:,}",
            value=1000 * in_large / count,
            unit="statements",
            floor_name=f"batches of {_SMALL}",
            floor_value=1000 * trips / count,
            ratio=in_large / trips,
            aim="≤ 0.25",
        ),
        Ratio(
            name=f"SQL round trips per batch of {_LARGE:,}, which grow with the companies in it",
            value=in_large * _LARGE / count,
            unit="statements",
            floor_name=f"per batch of {_SMALL}",
            floor_value=trips * _SMALL / count,
            ratio=(in_large * _LARGE) / (trips * _SMALL),
            aim="about 1",
        ),
        Ratio(
            name="10,000 documents on one core;"
            f" {10_000 * whole.processor / count:,.0f} s of processor",
            value=10_000 * whole.wall / count,
            unit="s",
            floor_name="aim",
            floor_value=10,
            ratio=10 / (10_000 * whole.wall / count),
            aim="≥ 1.00",
        ),
        *_stages(spent, count),
    ]


def _end_to_end(store: str, whole: Took, floor_name: str, floor: Took, count: int) -> Ratio:
    """A run against its floors; by the processor as well, which a busy machine hardly changes."""
    each, share = 1e6 * whole.processor / count, floor.processor / whole.processor
    return Ratio(
        name=f"end to end, {count:,} documents, {store};"
        f" {each:,.0f} µs of processor each, by which {share:.2f}",
        value=count / whole.wall,
        unit="documents/s",
        floor_name=floor_name,
        floor_value=count / floor.wall,
        ratio=floor.wall / whole.wall,
        aim="≥ 0.60",
    )


def _stages(spent: Spent, count: int) -> list[Ratio]:
    """Each stage of a whole run, the dearest first, beside the run."""
    stages = sorted(spent.stages.items(), key=lambda stage: -stage[1])
    return [
        Ratio(
            name=f"a whole run: {stage}",
            value=1e6 * seconds / count,
            unit="µs of processor a document",
            floor_name=f"all of it ({1e6 * spent.wall / count:,.0f} µs by the clock)",
            floor_value=1e6 * spent.processor / count,
            ratio=seconds / spent.processor,
            aim="share",
        )
        for stage, seconds in stages
    ]


def multiply(origin: Path, target: Path, many: int) -> int:
    """Write `many` documents made from the examples, each with a number and an id of its own.

    Copies of one are days apart, as they would else be held as each other's likely duplicates.
    """
    target.mkdir(parents=True)
    originals = [path for path in sorted(origin.rglob("*.xml")) if _readable(path)]
    for turn in range(many):
        path = originals[turn % len(originals)]
        content = path.read_bytes()
        invoice = documents.read(content)
        number = getattr(invoice, "number", "").encode()
        fresh = content.replace(b">" + number + b"<", b">" + number + b"-%d<" % turn, 1)
        (target / f"{turn:06d}.xml").write_bytes(_earlier(fresh, turn // len(originals)))
        sidecar = path.with_suffix(".json")
        if sidecar.exists():
            text = sidecar.read_text(encoding="utf-8")
            text = text.replace('"document_id": "', f'"document_id": "{turn:06d}-', 1)
            (target / f"{turn:06d}.json").write_text(text, encoding="utf-8")
    return many


def _earlier(content: bytes, copy: int) -> bytes:
    """The document as issued some days before."""
    found = _ISSUED.search(content)
    if not copy or found is None:
        return content
    day = date.fromisoformat(found[1].decode()) - timedelta(
        days=copy % _COPIES_APART * _DAYS_APART
    )
    return content[: found.start(1)] + day.isoformat().encode() + content[found.end(1) :]


def _readable(path: Path) -> bool:
    return isinstance(documents.read(path.read_bytes()), Invoice)


def settings_for(folder: Path, name: str, store: str = "") -> settings.Settings:
    """Settings for the documents of a folder; SQLite when no store's address is given."""
    return settings.Settings(
        data=folder / name,
        source=settings.SourceSettings(path=folder / "documents"),
        erp=settings.ErpSettings(path=folder / f"{name}.navision.db"),
        store=settings.StoreSettings(url=store or f"sqlite:///{folder / name}.db"),
        mail=settings.MailSettings(path=folder / f"{name}.mail"),
        history=settings.HistorySettings(directory=folder / f"{name}.history"),
    )


def build_world(given: settings.Settings) -> None:
    """Make the small ERP with all companies of the rules."""
    book = bootstrap.rulebook(given)
    companies = [company_of(customer) for customer in book.customers]
    bootstrap.build_small_world(given.erp.path, companies, EXAMPLES / "navision")


def world(
    folder: Path, name: str, history: History | None = None, *, store: str = ""
) -> bootstrap.Robot:
    """A robot on the documents of a folder, with a store and a small ERP of its own."""
    given = settings_for(folder, name, store)
    build_world(given)
    joined = bootstrap.assemble(given, clock=bootstrap.FixedClock())
    if history is not None:
        joined.ports = replace(joined.ports, history=history)
    return joined


def _whole(folder: Path, name: str = "whole", store: str = "") -> Took:
    """The intake of a run, without its acts."""
    joined = world(folder, name, store=store)
    try:
        return _timed(lambda: take_in(joined))
    finally:
        joined.close()


def _everything(folder: Path) -> Spent:
    """A whole run with what it sends; the last to use the documents, for it marks them."""
    joined = world(folder, "everything")
    try:
        return whole_run(joined)
    finally:
        joined.close()


def _round_trips(folder: Path, store: str, batch_size: int) -> int:
    """Statements and commits that the ERP and the store are sent while documents are taken in."""
    joined = world(folder, f"trips-{batch_size}", store=store)
    sent: list[object] = []

    def count(*call: object) -> None:
        sent.append(call)

    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, count)
    try:
        take_in(joined, batch_size=batch_size)
    finally:
        for moment in ("before_cursor_execute", "commit"):
            event.remove(Engine, moment, count)
        joined.close()
    return len(sent)


def take_in(joined: bootstrap.Robot, *, batch_size: int | None = None) -> None:
    """Pull, look up, decide and record; nothing is sent."""
    options = bootstrap.run_options(joined.settings, "bench")
    options = replace(options, batch_size=batch_size or options.batch_size)
    store = joined.ports.store
    lease = store.acquire(name="bench", owner=options.owner, seconds=600)
    with store.writing(actor=options.owner, lease=lease) as unit:
        number = unit.begin_run(options.slot, options.owner)
    run_at_work = Run(
        ports=joined.ports, options=options, lease=lease, id=number, today=joined.ports.today()
    )
    with seldom_collected():
        for _ready in Intake(run_at_work).batches():
            pass
    store.release(lease)


def _floors(folder: Path, count: int) -> dict[str, Took]:
    joined = world(folder, "floors")
    try:
        pulled = list(joined.ports.source.pull())
        rulebook = joined.rulebook
        ready = []
        for document in pulled:
            customer = rulebook.customer_for(document)
            rules = rulebook.for_customer(customer.bogfoeringskreds) if customer else None
            if isinstance(rules, CompiledRuleSet) and customer and document.invoice:
                question = Question(
                    document=document, customer=customer, today=joined.ports.today()
                )
                ready.append((rules, question))
        facts: list[Facts] = []
        look_up = _timed(lambda: facts.extend(joined.ports.reader.facts([q for _, q in ready])))
        values = [
            (rules, checks.compute(q.document, fact, q.customer, q.today), q.today)
            for (rules, q), fact in zip(ready, facts, strict=True)
        ]
        return {
            "parse": _timed(lambda: _parse(folder / "documents")),
            "look up": look_up,
            "rules": _timed(lambda: [r.decide_values(v, day) for r, v, day in values]),
            "insert": _timed(lambda: _insert(folder / "floor.db", count)),
        }
    finally:
        joined.close()


def _parse(folder: Path) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for path in folder.glob("*.xml"):
        try:
            etree.fromstring(path.read_bytes(), parser)
        except etree.XMLSyntaxError:
            continue


def _insert(path: Path, count: int) -> None:
    """Bare rows of a document, a decision, two findings' worth and a trail entry, 200 a time."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT)")
    text = "x" * 400
    for first in range(0, count, 200):
        rows = [(text, text, text)] * (5 * min(200, count - first))
        with connection:
            connection.executemany("INSERT INTO row (a, b, c) VALUES (?, ?, ?)", rows)
    connection.close()


def _timed(work: Callable[[], object]) -> Took:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Took(wall=time.perf_counter() - wall, processor=time.process_time() - processor)
