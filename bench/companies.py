"""Reading the facts of many companies: a document of each of 120, against 120 times the same one.

Each company has tables of its own in Navision, so its statements are its own, too. What may not
grow with the number of companies is how many each needs, and what it costs to write them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import event

from bench.ratio import Ratio
from robot.adapters.navision.company import Companies
from robot.adapters.navision.database import Database, open_server
from robot.adapters.navision.reader import NavisionReader
from robot.adapters.navision.schema.model import Layout
from robot.adapters.navision.small import build
from robot.documents import read
from robot.domain.customer import Customer
from robot.domain.document import ApprovedDocument, CodingLine, SourceStatement
from robot.domain.invoice import Invoice
from robot.flow.ports import Question

EXAMPLES: Final = Path(__file__).resolve().parents[1] / "examples"
COMPANIES: Final = 120
#: The first batch looks for the tables and writes the statements; the next ones are as each day.
TURNS: Final = 3
AIM: Final = "≥ 0.5"


def run() -> list[Ratio]:
    """Companies per second of processor time, with the statements that a batch takes."""
    names = [f"Styrelse {number}" for number in range(COMPANIES)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nav.db"
        build(path, EXAMPLES / "navision", names)
        questions = [_question(name) for name in names]
        many, statements = _measured(path, [questions])
        one, _ = _measured(path, [questions[:1]] * COMPANIES)
    return [
        Ratio(
            name=f"facts of {COMPANIES} companies, {statements:,} statements a batch",
            value=COMPANIES / many,
            unit="companies/s",
            floor_name=f"one of them, {COMPANIES} times",
            floor_value=COMPANIES / one,
            ratio=one / many,
            aim=AIM,
        )
    ]


def _question(company: str) -> Question:
    contents = (it.read_bytes() for it in sorted((EXAMPLES / "documents").rglob("*.xml")))
    invoice = next(it for content in contents if isinstance(it := read(content), Invoice))
    coding = CodingLine(line="1", account="220100", dimensions=(("delregnskab", "100"),))
    return Question(
        document=ApprovedDocument(
            name="f.xml",
            statement=SourceStatement(system="sdi", document_id="1", coding=(coding,)),
            content_hash="0" * 64,
            invoice=invoice,
        ),
        customer=Customer(name=company, bogfoeringskreds="1", dimensions=("delregnskab",)),
        today=date(2026, 11, 24),
    )


def _measured(path: Path, batches: Sequence[Sequence[Question]]) -> tuple[float, int]:
    """The quickest turn's processor time, and the statements of the last one."""
    engine = open_server(f"sqlite:///{path}")
    reader = NavisionReader(Database(engine), "ROBOT", companies=Companies(Layout.SMALL))
    seen: list[object] = []
    event.listen(engine, "before_cursor_execute", lambda *sent: seen.append(sent[2]))
    quickest = float("inf")
    for _ in range(TURNS):
        seen.clear()
        start = time.process_time()
        for batch in batches:
            reader.facts(batch)
        quickest = min(quickest, time.process_time() - start)
    engine.dispose()
    return quickest, len(seen)
