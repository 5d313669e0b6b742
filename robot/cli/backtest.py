"""`invoice-robot rules backtest|opportunities`: what rules would have done with the past."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from robot import bootstrap, settings
from robot.cli import backtest_view, opportunities_view
from robot.cli.joined import JSON_OPTION, echo_json
from robot.cli.rule_changes import account, opened_store
from robot.cli.rule_tools import MakeTools, loaded_rules
from robot.errors import RuleChangeError, RuleFileError
from robot.flow.past import Narrowing, Part, Past
from robot.flow.rule_records import KeptBacktest
from robot.rulebook.approval import SHOWN, FourEyes
from robot.rulebook.backtest.comparison import Change, Comparison
from robot.rulebook.backtest.concern import WORDS
from robot.rulebook.backtest.judging import judged
from robot.rulebook.backtest.obstacles import Obstacles, search_of
from robot.rulebook.backtest.preparing import (
    effective_by_kreds,
    out_of_force,
    prepare,
    sheets_untried,
)
from robot.rulebook.backtest.questions import Questions
from robot.rulebook.backtest.told import as_json as as_json_result
from robot.rulebook.backtest.value import Weights, opportunities
from robot.rulebook.backtest.work import CompareParts, FindObstacles
from robot.rulebook.loader import LoadedRules
from robot.rulebook.versions import current_sets, loaded_from_text
from robot.settings import Settings

CHANGED: Final = 1
Result = TypeVar("Result")
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)
_DAY: Final = click.DateTime(["%Y-%m-%d"])
_LOOSEN: Final = "loosen"
_CHANGE: Final = "change"
_CSV_COLUMNS: Final = (
    "concern",
    "customer",
    "document",
    "number",
    "supplier",
    "amount_dkk",
    "decided_on",
    "old",
    "new",
    "old_error_types",
    "new_error_types",
    "rules",
    "afterwards",
    "document_key",
    "version",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """The past that was looked at."""

    past: Past
    which: Narrowing
    parts: Sequence[Part]


@click.command("backtest")
@click.argument("new", type=_FOLDER)
@click.option("--old", type=_FOLDER, help="Compare with these rules, not with those in force.")
@click.option("--history", type=_FOLDER, help="In place of [history] directory of the settings.")
@click.option("--customer", default="", help="Only this one (bogføringskreds or file name).")
@click.option("--since", type=_DAY, help="Only documents decided on this day or later.")
@click.option("--until", type=_DAY, help="Only documents decided on this day or earlier.")
@click.option(
    "--as-of", type=_DAY, help="Rules, dispensations and list rows count as on this day."
)
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 256))
@click.option("--scheduler", default="", help="A Dask scheduler, e.g. tcp://10.0.0.5:8786.")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path),
              help="Write every changed document to this file.")  # fmt: skip
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=0),
              help="How many changed documents to show.")  # fmt: skip
@click.option("--fail-on", type=click.Choice([_LOOSEN, _CHANGE]),
              help="Exit 1 when anything is newly posted, or changed at all.")  # fmt: skip
@click.option("--keep", "keeps", is_flag=True,
              help="Keep the result beside the proposal of the same set.")  # fmt: skip
@JSON_OPTION
@click.pass_obj
def backtest(  # noqa: PLR0913 - one argument an option
    tools: MakeTools,
    new: Path,
    *,
    old: Path | None,
    history: Path | None,
    customer: str,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
    jobs: int,
    scheduler: str,
    csv_file: Path | None,
    limit: int,
    fail_on: Literal["loosen", "change"] | None,
    keeps: bool,
    as_json: bool,
) -> None:
    """Decide the past anew by the rules in NEW and say what would be decided otherwise.

    What would have been posted and was found wrong later comes first. With --keep the rules are
    compared with the customer's approved set, when there is one.
    """
    given = settings.load()
    after = _usable(loaded_rules(new, tools()))
    approved = _approved(given, tools, _kreds_of(customer, after)) if keeps and not old else None
    before = approved or _usable(loaded_rules(old or given.rules.directory, tools()))
    kreds = _kreds_of(customer, before, after)
    which = Narrowing(customer=kreds, since=_date(since), until=_date(until))
    looked = _look(given, history, which)
    job = prepare(before, after, customer=kreds, as_of=_date(as_of))
    workers = bootstrap.workers(jobs, scheduler)
    total = Comparison()
    with _progress(looked.parts, quiet=as_json) as advance, _csv_writer(csv_file) as write:
        for done in workers.each(CompareParts(looked.past, which, job), looked.parts):
            write(done.changes)
            total.take_in(done, limit)
            advance(done.documents)
    total.sheets_untried = sheets_untried(job, total)
    idle = () if as_of else tuple(out_of_force(before, after, looked.parts[-1].month))
    if keeps:
        _keep(given, before, after, which, as_json_result(total, idle))
    if as_json:
        echo_json(as_json_result(total, idle))
    else:
        names = _names(before, after)
        backtest_view.show(total, idle, names, str(csv_file) if csv_file else "")
    failed = {_LOOSEN: total.newly_posted, _CHANGE: total.changed}.get(fail_on or "")
    if failed is not None and failed.documents:
        raise SystemExit(CHANGED)


@click.command("opportunities")
@click.option("--rules", "directory", type=_FOLDER, help="In place of the rules in force.")
@click.option("--history", type=_FOLDER, help="In place of [history] directory of the settings.")
@click.option("--customer", default="", help="Only this one (bogføringskreds or file name).")
@click.option("--since", type=_DAY, help="Only documents decided on this day or later.")
@click.option("--until", type=_DAY, help="Only documents decided on this day or earlier.")
@click.option("--by", type=click.Choice(["value", "documents"]), default="value",
              show_default=True, help="The order.")  # fmt: skip
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 256))
@click.option("--scheduler", default="", help="A Dask scheduler, e.g. tcp://10.0.0.5:8786.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=0),
              help="How many to show.")  # fmt: skip
@JSON_OPTION
@click.pass_obj
def show_opportunities(  # noqa: PLR0913 - one argument an option
    tools: MakeTools,
    *,
    directory: Path | None,
    history: Path | None,
    customer: str,
    since: datetime | None,
    until: datetime | None,
    by: Literal["value", "documents"],
    jobs: int,
    scheduler: str,
    limit: int,
    as_json: bool,
) -> None:
    """Which single rule or condition keeps how many documents from being posted.

    Only documents whose only obstacle it is are counted: each is decided again without it.
    """
    given = settings.load()
    loaded = _usable(loaded_rules(directory or given.rules.directory, tools()))
    kreds = _kreds_of(customer, loaded, loaded)
    which = Narrowing(since=_date(since), until=_date(until))
    looked = _look(given, history, which)
    questions = Questions()
    sets = {name: judged(one, questions) for name, one in effective_by_kreds(loaded).items()}
    search = search_of(loaded, sets, questions)
    workers = bootstrap.workers(jobs, scheduler)
    found = Obstacles()
    with _progress(looked.parts, quiet=as_json) as advance:
        for done in workers.each(FindObstacles(looked.past, which, search), looked.parts):
            found.take_in(done)
            advance(done.documents)
    ranked = opportunities(found, search, loaded.taxonomy, _weights(given))
    chosen = [one for one in ranked if kreds in {"", one.obstacle.customer}]
    if by == "documents":
        chosen.sort(key=lambda one: (-one.documents, one.obstacle))
    if as_json:
        echo_json(opportunities_view.as_json(chosen, found, kreds))
    else:
        opportunities_view.show(chosen[:limit], found, len(chosen), _names(loaded, loaded))


def _approved(given: Settings, tools: MakeTools, customer: str) -> LoadedRules | None:
    """The set of a customer that was approved last; None when none was."""
    with opened_store(given) as store:
        gate = FourEyes(store.rules, signed=given.rules.require_signed_commit)
        gate.refresh()
        text = next(iter(gate.standing(customer)), None)
    return None if text is None else loaded_from_text(text, "(approved)", tools().catalogue)


def _keep(
    given: Settings,
    before: LoadedRules,
    after: LoadedRules,
    which: Narrowing,
    result: Mapping[str, Any],
) -> None:
    """Keep a result with the set that it is about.

    Raises:
        RuleChangeError: The set was not proposed.
    """
    if not which.customer:
        raise click.UsageError("--keep needs --customer: a proposal is of one customer")
    compared, tried = (
        next(it.hash for it in current_sets(side) if it.customer == which.customer)
        for side in (before, after)
    )
    clock = bootstrap.SystemClock()
    with opened_store(given) as store:
        if tried not in {it.ruleset for it in store.rules.proposals()}:
            raise RuleChangeError(
                f"set {tried[:SHOWN]} was not proposed", hint="`invoice-robot rules propose` does"
            )
        kept = KeptBacktest(
            ruleset=tried,
            against=compared,
            customer=which.customer,
            made_by=account(),
            made_at=clock.now(),
            since=which.since,
            until=which.until,
            result=result,
        )
        with store.writing(actor=account()) as unit:
            unit.rules.keep_backtest(kept)
    click.echo(f"kept beside proposal {tried[:SHOWN]}", err=True)


def _usable(loaded: LoadedRules) -> LoadedRules:
    """Rules without errors.

    Raises:
        RuleFileError: There are some; rules with errors never come into force.
    """
    if not loaded.errors:
        return loaded
    first = loaded.errors[0]
    more = f" and {len(loaded.errors) - 1} more" if len(loaded.errors) > 1 else ""
    raise RuleFileError(
        f"{first}{more}", hint=f"see `invoice-robot rules check {loaded.files.root}`"
    )


def _kreds_of(customer: str, *sides: LoadedRules) -> str:
    """The bogføringskreds that was named, itself or by a file's name."""
    if not customer:
        return ""
    known: dict[str, str] = {}
    for loaded in sides:
        for stem, file in loaded.customers.items():
            if file.customer is not None:
                known[stem] = known[file.customer.bogfoeringskreds] = (
                    file.customer.bogfoeringskreds
                )
    if customer not in known:
        stems = ", ".join(sorted(name for name in known if not name.isdigit()))
        raise click.UsageError(f"there is no customer '{customer}' (known: {stems})")
    return known[customer]


def _look(given: Settings, history: Path | None, which: Narrowing) -> _Looked:
    folder = given.history.directory if history is None else history
    past = bootstrap.history_reader(folder)
    parts = past.parts(which)
    if not parts:
        raise click.UsageError(f"the history in {folder} has nothing between these days")
    return _Looked(past=past, which=which, parts=parts)


def _names(*sides: LoadedRules) -> dict[str, str]:
    """Bogføringskreds to the customer's name."""
    return {
        file.customer.bogfoeringskreds: file.customer.name
        for loaded in sides
        for file in loaded.customers.values()
        if file.customer is not None
    }


def _weights(given: Settings) -> Weights:
    value = given.value
    return Weights(
        scale=value.scale,
        importance=value.importance,
        importance_of_error_types=value.importance_of_error_types,
        synergy_step=value.synergy_step,
    )


def _date(day: datetime | None) -> date | None:
    return None if day is None else day.date()


@contextmanager
def _progress(parts: Sequence[Part], *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar of documents on the terminal; nothing where nobody looks."""
    console = Console(stderr=True)
    bars = Progress(
        TextColumn("documents"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    )
    with bars:
        task = bars.add_task("documents", total=sum(part.rows for part in parts))
        yield lambda documents: bars.advance(task, documents)


@contextmanager
def _csv_writer(path: Path | None) -> Iterator[Callable[[Sequence[Change]], None]]:
    """Writes changed documents as they are found."""
    if path is None:
        yield lambda _changes: None
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(_CSV_COLUMNS)
        yield lambda changes: out.writerows(_csv_row(change) for change in changes)


def _csv_row(change: Change) -> list[Any]:
    document = change.document
    cells = [
        WORDS[change.concern],
        document.customer,
        document.source_id,
        document.number,
        document.supplier,
        document.amount_dkk,
        document.decided_on,
        change.old.value,
        change.new.value,
        " ".join(change.old_codes),
        " ".join(change.new_codes),
        " ".join(change.rules),
        document.aftermath.value if document.aftermath else "",
        document.document_key,
        document.version,
    ]
    return [_harmless(cell) if isinstance(cell, str) else cell for cell in cells]


def _harmless(text: str) -> str:
    """Text that a spreadsheet takes as text: suppliers choose their own names and numbers."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


COMMANDS: Final = (backtest, show_opportunities)
