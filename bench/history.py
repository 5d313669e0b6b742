"""A plausible history of any size: `python -m bench.history --documents 900000 --out DIR`.

Every document is one of the examples as the robot really decided it, with another customer,
supplier, number, amount, date and number of lines; wrong ones come as often as in real life. What
the rules say is worked out anew, and what people did afterwards follows from it by chance. The
same seed gives the same history. One file a working day; nothing is kept in memory longer.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.endtoend import take_in, world
from robot.adapters.history.batch import ArrowBatch
from robot.adapters.history.encoding import UNKNOWN_TEXT, decoder, encoded, field_type
from robot.adapters.history.keeper import AFTERWARDS, DECISIONS, write_parquet
from robot.adapters.history.tables import (
    FIELD,
    FORM,
    LINE_FIELD,
    LINES,
    afterwards_table,
    by_customer,
)
from robot.checks.catalogue import CATALOGUE
from robot.domain.decision import Outcome
from robot.domain.fields import UNKNOWN
from robot.flow.history_port import Aftermath, Afterwards, NoHistory, PastDecision
from robot.rulebook.backtest.judging import Judge, Memories, asked_by
from robot.rulebook.backtest.preparing import prepare
from robot.rulebook.loader import load

EXAMPLES: Final = Path("examples")
RULES: Final = Path("rules")
YEAR: Final = 2026
SUPPLIERS: Final = 20_000
#: How busy the months and the working days are, beside each other.
_MONTHS: Final = (0.9, 0.9, 1.05, 0.95, 0.95, 1.05, 0.55, 0.9, 1.05, 1.05, 1.1, 1.55)
_WEEKDAYS: Final = (1.25, 1.05, 1.0, 0.95, 0.75)
#: How often documents come that the rules post, bounce or hold.
_MIX: Final = {Outcome.POST: 0.66, Outcome.BOUNCE: 0.18, Outcome.HOLD: 0.16}
#: What people did afterwards, by outcome; nothing in the rest of the cases.
_AFTERMATH: Final[Mapping[Outcome, Mapping[Aftermath, float]]] = {
    Outcome.POST: {Aftermath.REVERSED: 0.004},
    Outcome.BOUNCE: {Aftermath.CORRECTED: 0.85, Aftermath.POSTED_BY_CLERK: 0.02},
    Outcome.HOLD: {
        Aftermath.POSTED_BY_CLERK: 0.72,
        Aftermath.BOUNCED_BY_CLERK: 0.08,
        Aftermath.DROPPED: 0.04,
        Aftermath.CORRECTED: 0.05,
    },
}
_MEDIAN_ORE: Final = 260_000
_MOST_LINES: Final = 40
Codes = npt.NDArray[np.int32]


@dataclass
class Gathered(NoHistory):
    """A history that keeps the decisions in memory."""

    decisions: list[PastDecision] = field(default_factory=list)

    def record(
        self, run: int, decisions: Sequence[PastDecision], afterwards: Sequence[Afterwards]
    ) -> None:
        del run, afterwards
        self.decisions += decisions


class Templates:
    """The examples as the robot decided them: a small table that is drawn from."""

    def __init__(self, decisions: Sequence[PastDecision]) -> None:
        self.decisions = [row for row in decisions if isinstance(row.values.get(LINES), tuple)]
        line_values: list[Any] = [row.values[LINES] for row in self.decisions]
        outcomes = [row.outcome for row in self.decisions]
        weights = np.array([_MIX[o] / outcomes.count(o) for o in outcomes])
        self.weights = weights / weights.sum()
        self.lines: list[dict[str, Any]] = [line for lines in line_values for line in lines]
        self.line_counts = np.array([len(lines) for lines in line_values])
        self.line_starts = np.concatenate(([0], np.cumsum(self.line_counts)))[:-1]
        self._columns: dict[str, list[str | None]] = {}
        self.names = list(dict.fromkeys(n for row in self.decisions for n in row.values))
        self.line_names = list(dict.fromkeys(n for line in self.lines for n in line))

    def column(self, name: str) -> list[str | None]:
        """One field of every template, as text."""
        if name not in self._columns:
            self._columns[name] = [
                encoded(row.values.get(name, UNKNOWN)) for row in self.decisions
            ]
        return self._columns[name]

    def line_column(self, name: str) -> list[str | None]:
        """One field of every line of every template, as text."""
        key = f"lines.{name}"
        if key not in self._columns:
            self._columns[key] = [encoded(line.get(name, UNKNOWN)) for line in self.lines]
        return self._columns[key]


def templates() -> Templates:
    """Run the main job on the examples and keep what it decided."""
    gathered = Gathered()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(EXAMPLES / "documents", folder / "documents")
        joined = world(folder, "templates", history=gathered)
        try:
            take_in(joined)
        finally:
            joined.close()
    return Templates(gathered.decisions)


def write_rules(target: Path, customers: int) -> list[str]:
    """The example rules with as many customers as wanted; their bogføringskredse."""
    shutil.copytree(RULES, target, ignore=shutil.ignore_patterns("cases"))
    kredse = [f"99{number:03}" for number in range(1, 7)]
    for number in range(len(kredse), customers):
        kreds = f"{10_000 + number}"
        kredse.append(kreds)
        limit = (5000, 7500, 10000, 15000, 25000)[number % 5]
        (target / "customers" / f"kunde-{kreds}.yaml").write_text(
            f'customer: {{name: Kunde {kreds}, bogfoeringskreds: "{kreds}"}}\n'
            "mailboxes: [{address: faktura@example.test}]\n"
            "dimensions: [delregnskab]\n"
            f"set:\n  small-invoice.limit: {limit} DKK\n"
            "rules:\n"
            "  - id: order-reference-form\n    bounce: reference-unusable\n"
            "    seen: order.reference\n    when:\n      order.reference: present\n"
            f"    unless:\n      order.reference: {{matches: '\\d{{{6 + number % 3},10}}'}}\n"
            "  - id: consultants-by-hand\n    hold: agreed-by-hand\n    when:\n"
            f'      lines: {{any: {{account: {{is: "22{number % 10}000"}}}}}}\n'
            "      invoice.total_dkk: {above: 50000 DKK}\n",
            encoding="utf-8",
        )
    return kredse[:customers]


def generate(
    documents: int,
    out: Path,
    *,
    rules: Path = RULES,
    kredse: Sequence[str] = (),
    seed: int = 20261124,
    year: int = YEAR,
) -> int:
    """Write a history of a year; the number of files."""
    made_from = templates()
    loaded = load(rules, CATALOGUE)
    job = prepare(loaded, loaded)
    customers = list(kredse) or [kreds for kreds in job.old if kreds]
    memories = Memories()
    files = 0
    for number, (day, many) in enumerate(_days(documents, year)):
        chance = np.random.default_rng([seed, number])
        table = _Day(made_from, day, many, customers, chance, number).table()
        batch = ArrowBatch(table, lambda name: decoder(field_type(name, CATALOGUE)), _all(table))
        sides = {kreds: (job.old[kreds],) for kreds in batch.customers}
        judge = Judge(batch, job.questions, asked_by(batch.customers, sides))
        verdicts = [
            verdict
            for kreds, rows in batch.customers.items()
            for verdict in judge.verdicts(job.old[kreds], rows, memories.of(job.old[kreds]))
        ]
        outcomes = [verdict.outcome for verdict in verdicts]
        codes = [" ".join(verdict.codes) for verdict in verdicts]
        hashes = [
            job.hashes[kreds]
            for kreds, rows in batch.customers.items()
            for _ in range(rows.stop - rows.start)
        ]
        for name, words in (("ruleset", hashes), ("outcome", outcomes), ("codes", codes)):
            place = table.column_names.index(name)
            table = table.set_column(place, name, pa.array(words).dictionary_encode())
        month = f"month={day:%Y-%m}"
        table = table.drop_columns("aftermath").replace_schema_metadata(FORM)
        write_parquet(table, out / DECISIONS / month / f"run-{number:012}.bench.parquet")
        events = _aftermath(table, outcomes, day, chance)
        write_parquet(
            afterwards_table(events), out / AFTERWARDS / month / f"run-{number:012}.bench.parquet"
        )
        files += 1
    return files


def _days(documents: int, year: int) -> Iterator[tuple[date, int]]:
    """Working days and how many documents each has; together exactly as many as wanted."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(365)]
    days = [day for day in days if day.weekday() < len(_WEEKDAYS)]
    busy = np.array([_MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] for day in days])
    ends = np.floor(np.cumsum(busy) / busy.sum() * documents + 0.5).astype(int)
    for day, many in zip(days, np.diff(ends, prepend=0).tolist(), strict=True):
        if many:
            yield day, many


class _Day:
    """The documents of one day, drawn from the templates."""

    def __init__(
        self,
        made_from: Templates,
        day: date,
        many: int,
        customers: Sequence[str],
        chance: np.random.Generator,
        number: int,
    ) -> None:
        self._from = made_from
        self._day = day
        self._chance = chance
        self._many = many
        self._prefix = f"{number:03}"
        self._template = chance.choice(len(made_from.decisions), many, p=made_from.weights)
        # A few customers have most documents.
        share = 1.0 / np.arange(1, len(customers) + 1) ** 0.6
        drawn = chance.choice(len(customers), many, p=share / share.sum())
        self._customers = [customers[place] for place in np.sort(drawn)]
        self._supplier = (chance.pareto(1.1, many) * 40).astype(int) % SUPPLIERS
        self._ore = np.exp(chance.normal(np.log(_MEDIAN_ORE), 1.5, many)).astype(np.int64) + 100
        self._age = chance.gamma(2.2, 5.0, many).astype(int)
        template_lines = made_from.line_counts[self._template]
        drawn_lines = chance.geometric(0.25, many)
        self._counts = np.minimum(np.maximum(template_lines, drawn_lines), _MOST_LINES)
        self._counts[template_lines == 0] = 0

    def table(self) -> pa.Table:
        """All columns of the day, sorted by customer."""
        many = self._many
        ids = [f"SDI-{self._prefix}-{place:06}" for place in range(many)]
        columns: dict[str, Any] = {
            "document_key": [f"{self._prefix}{place:061x}" for place in range(many)],
            "version": ["0" * 16] * many,
            "turn": pa.array([1] * many, pa.int32()),
            "customer": pa.array(self._customers).dictionary_encode(),
            "source_id": ids,
            "decided_on": pa.array([self._day] * many, pa.date32()),
            "ruleset": pa.array([""] * many).dictionary_encode(),
            "outcome": pa.array(["hold"] * many).dictionary_encode(),
            "codes": pa.array([""] * many).dictionary_encode(),
        }
        own = self._own_values(ids)
        kroner = own["invoice.total_dkk"]
        currencies = self._from.column("invoice.currency")
        in_kroner = np.array([word == "DKK" for word in currencies])[self._template]
        columns["amount_dkk"] = pa.array(
            [word.partition(" ")[0] if word else None for word in kroner]
        ).cast(pa.decimal128(18, 2))
        columns[LINES] = pa.array(self._counts, pa.int32())
        amounts = {name for name in own if name.startswith("invoice.") and "DKK" in own[name][0]}
        for name in self._from.names:
            if name != LINES:
                fresh = own.get(name)
                only = in_kroner if name in amounts else None
                columns[f"{FIELD}{name}"] = self._column(name, fresh, only)
        columns |= self._lines()
        columns["aftermath"] = pa.nulls(many, pa.string())
        return by_customer(pa.table(columns)).unify_dictionaries().combine_chunks()

    def _own_values(self, ids: list[str]) -> dict[str, list[str]]:
        net = (self._ore * 4) // 5
        issued = [self._day - timedelta(days=int(age)) for age in self._age]
        due = [day + timedelta(days=30) for day in issued]
        suppliers = [f"{number:05}" for number in self._supplier]
        numbers = self._chance.integers(10_000, 999_999, self._many)
        return {
            "document.id": ids,
            "invoice.number": [f"{n}-{s}" for n, s in zip(numbers, suppliers, strict=True)],
            "invoice.total": _kroner(self._ore),
            "invoice.total_dkk": _kroner(self._ore),
            "invoice.payable": _kroner(self._ore),
            "invoice.net": _kroner(net),
            "invoice.vat": _kroner(self._ore - net),
            "invoice.issue_date": [day.isoformat() for day in issued],
            "invoice.due_date": [day.isoformat() for day in due],
            "invoice.age_days": [str(age) for age in self._age],
            "posting.date": [self._day.isoformat()] * self._many,
            "supplier.name": [f"Leverandør {number} A/S" for number in suppliers],
            "creditor.name": [f"Leverandør {number} A/S" for number in suppliers],
            "creditor.number": [f"K{number}" for number in suppliers],
            "customer.bogfoeringskreds": self._customers,
        }

    def _column(
        self, name: str, fresh: list[str] | None, only: npt.NDArray[np.bool_] | None
    ) -> pa.Array:
        """The template's value, or a fresh one where the template has one at all."""
        texts = self._from.column(name)
        if fresh is None:
            return _taken(texts, self._template)
        has = np.array([text not in {None, UNKNOWN_TEXT} for text in texts])[self._template]
        if only is not None:
            has &= only
        taken = _taken(texts, self._template).to_pylist()
        words = [new if own else old for new, old, own in zip(fresh, taken, has, strict=True)]
        return pa.array(words, pa.string()).dictionary_encode()

    def _lines(self) -> Iterator[tuple[str, Any]]:
        offsets = np.concatenate(([0], np.cumsum(self._counts))).astype(np.int32)
        document = np.repeat(np.arange(self._many), self._counts)
        place = np.arange(len(document)) - offsets[:-1][document]
        template = self._template[document]
        line = self._from.line_starts[template] + place % self._from.line_counts[template]
        net = np.exp(self._chance.normal(np.log(60_000), 1.3, len(line))).astype(np.int64)
        made = []
        for name in self._from.line_names:
            if name == "net":
                words = pa.array(_kroner(net)).dictionary_encode()
            elif name == "number":
                words = pa.array([str(n + 1) for n in place.tolist()]).dictionary_encode()
            else:
                words = _taken(self._from.line_column(name), line)
            made.append((f"{LINE_FIELD}{name}", pa.ListArray.from_arrays(offsets, words)))
        return iter(made)


def _taken(texts: Sequence[str | None], places: npt.NDArray[Any]) -> pa.Array:
    words = list(dict.fromkeys(text for text in texts if text is not None))
    code = {word: place for place, word in enumerate(words)}
    codes = np.array([-1 if text is None else code[text] for text in texts], dtype=np.int32)
    taken = codes[places]
    indices = pa.array(taken, pa.int32(), mask=taken < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def _kroner(ore: npt.NDArray[np.int64]) -> list[str]:
    return [f"{n // 100}.{n % 100:02} DKK" for n in ore.tolist()]


def _aftermath(
    table: pa.Table, outcomes: Sequence[Outcome], day: date, chance: np.random.Generator
) -> list[Afterwards]:
    keys = table.column("document_key").to_pylist()
    at = datetime.combine(day + timedelta(days=2), time(12), UTC)
    events = []
    for key, outcome, draw in zip(keys, outcomes, chance.random(len(keys)).tolist(), strict=True):
        level = 0.0
        for what, share in _AFTERMATH[outcome].items():
            level += share
            if draw < level:
                events.append(Afterwards(document_key=key, version="0" * 16, what=what, at=at))
                break
    return events


def _all(table: pa.Table) -> set[str]:
    return set(table.column_names)


@click.command()
@click.option("--documents", default=900_000, show_default=True, type=click.IntRange(min=1))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--customers", default=160, show_default=True, type=click.IntRange(1, 5000))
@click.option("--seed", default=20261124, show_default=True)
def main(documents: int, out: Path, customers: int, seed: int) -> None:
    """Write a year's history to OUT/history, and the rules that decided it to OUT/rules."""
    kredse = write_rules(out / "rules", customers)
    files = generate(documents, out / "history", rules=out / "rules", kredse=kredse, seed=seed)
    click.echo(f"{documents:,} documents of {len(kredse)} customers in {files} files: {out}")


if __name__ == "__main__":
    main()
