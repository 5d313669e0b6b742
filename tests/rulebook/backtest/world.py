"""A past of a few documents, decided by rules that a test changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from robot.adapters.history.reader import HistoryReader
from robot.flow.history_port import Aftermath, PastDecision
from robot.flow.past import Narrowing
from robot.rulebook.backtest.comparison import Comparer, Comparison
from robot.rulebook.backtest.judging import judged
from robot.rulebook.backtest.obstacles import Finder, Obstacles, Search, search_of
from robot.rulebook.backtest.preparing import effective_by_kreds, prepare
from robot.rulebook.backtest.questions import Questions
from robot.rulebook.loader import LoadedRules
from tests.rulebook.world import CATALOGUE, CUSTOMER, loaded, standard
from tests.support.history import keep, later

PARAMETERS = "parameters: {small.limit: {value: 1000 DKK}}\n"
POST = """
    id: post-small
    post:
    when:
      order.reference: present
      invoice.total: {at_most: $small.limit}
"""
REFERENCE = """
    id: needs-number
    bounce: reference-missing
    when: {invoice.number: missing}
"""
CREDITOR = """
    id: creditor-exists
    hold: creditor-unknown
    when: {creditor.known: no}
"""


def rules(*texts: str, customer: str = CUSTOMER, **more: str) -> LoadedRules:
    """The example customer's rules."""
    read = loaded(
        {
            "standard.yaml": PARAMETERS + standard(*(texts or (POST, REFERENCE, CREDITOR))),
            "customers/eksempel.yaml": customer,
            **more,
        }
    )
    assert [str(problem) for problem in read.errors] == []
    return read


@dataclass
class Past:
    """Documents of the past in a folder."""

    folder: Path
    decisions: Sequence[PastDecision]
    events: Sequence[tuple[str, Aftermath]] = ()

    def __post_init__(self) -> None:
        keep(self.folder, self.decisions, [later(*event) for event in self.events])
        self.reader = HistoryReader(self.folder, CATALOGUE)

    def compared(
        self, old: LoadedRules, new: LoadedRules, as_of: date | None = None
    ) -> Comparison:
        """What both sides decide about everything."""
        job = prepare(old, new, as_of=as_of)
        comparer, total = Comparer(job), Comparison()
        for part in self.reader.parts(Narrowing()):
            batch = self.reader.read(part, Narrowing(), job.fields, job.line_fields)
            total.take_in(comparer.compare(batch), 100)
        return total

    def searched(self, read: LoadedRules) -> tuple[Obstacles, Search]:
        """What alone stands in the way."""
        questions = Questions()
        sets = {kreds: judged(one, questions) for kreds, one in effective_by_kreds(read).items()}
        search = search_of(read, sets, questions)
        finder, found = Finder(search), Obstacles()
        for part in self.reader.parts(Narrowing()):
            batch = self.reader.read(part, Narrowing(), search.fields, search.line_fields)
            found.take_in(finder.find(batch))
        return found, search
