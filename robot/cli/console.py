"""What a run looks like in the terminal: its progress, and a summary at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from robot.domain.report import Result, RunReport

#: Takes the step in words, how much of it is done, and of how much (None: not known).
Advance: TypeAlias = Callable[[str, int, int | None], None]
#: How many error types the summary names.
TOP_ERRORS: Final = 10
_RESULTS: Final = {
    Result.POSTED: ("posted", "green"),
    Result.BOUNCED: ("bounced", "red"),
    Result.HELD: ("held", "yellow"),
    Result.UNREADABLE: ("unreadable", "bright_black"),
    Result.UNKNOWN: ("not proven", "magenta"),
}
#: Paths and messages are never wrapped, so that they can be copied; tables fit this when piped.
_PIPED_WIDTH: Final = 100


class RunConsole:
    """Writes for a person at a terminal, and plain lines for everything else.

    Args:
        console: Where to write; standard output when left out.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = max(self._console.width, _PIPED_WIDTH)

    @contextmanager
    def progress(self, *, quiet: bool = False) -> Iterator[Advance]:
        """Show the steps of a run while it lasts: bars, or lines when not a terminal."""
        if quiet:
            yield lambda _step, _done, _total: None
        elif self._console.is_terminal:
            with self._bars() as bars:
                yield _BarAdvance(bars)
        else:
            yield _LineAdvance(self._console)

    def summary(self, report: RunReport) -> None:
        """Print customers by outcome, the most frequent error types and where things are."""
        console = self._console
        title = f"Run {report.run}, {report.day:%d %B %Y}, {report.slot}"
        if report.dry_run:
            title += " (dry run: nothing was changed)"
        console.print()
        console.print(self._customers(report, title))
        if errors := report.errors()[:TOP_ERRORS]:
            table = self._table("What stopped documents")
            table.add_column("error type")
            table.add_column("")
            table.add_column("who can fix it")
            table.add_column("documents", justify="right")
            for error in errors:
                table.add_row(
                    Text(error.code),
                    Text(error.title_en),
                    Text(error.fixable_by.value),
                    str(error.documents),
                )
            console.print()
            console.print(table)
        console.print()
        for problem in report.problems:
            self._line("look at: ", problem, "bold yellow")
        self._line("notices: ", f"{len(report.notices)} handed over", "")
        for name, path in report.paths.items():
            self._line(f"{name}:".ljust(9), path, "cyan")

    def _customers(self, report: RunReport, title: str) -> Table:
        table = self._table(title)
        table.add_column("customer")
        table.add_column("", justify="left")
        for name, style in _RESULTS.values():
            table.add_column(name, justify="right", style=style)
        table.add_column("all", justify="right", style="bold")
        for (number, name), counts in report.by_customer().items():
            cells = [str(counts[result] or "–") for result in _RESULTS]
            table.add_row(Text(number), Text(name or "unknown"), *cells, str(sum(counts.values())))
        table.add_section()
        counts = report.counts()
        totals = [str(counts[result]) for result in _RESULTS]
        table.add_row("", "all", *totals, str(len(report.documents)), style="bold")
        return table

    def _table(self, title: str) -> Table:
        terminal = self._console.is_terminal
        return Table(
            title=Text(title),
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD if terminal else box.ASCII2,
            pad_edge=not terminal,
        )

    def _line(self, label: str, text: str, style: str) -> None:
        # Text, not markup: a name may hold square brackets.
        line = Text.assemble(label, (text, style))
        self._console.print(line, soft_wrap=True)

    def _bars(self) -> Progress:
        return Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._console,
        )


class _BarAdvance:
    """One bar for each step, in the order in which the steps begin."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks = {task.description: task.id for task in bars.tasks}

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(step, total=total)
        self._bars.update(self._tasks[step], completed=done, total=total)


class _LineAdvance:
    """One line for each step when it begins, and one when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._begun: set[str] = set()

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if step not in self._begun:
            self._begun.add(step)
            self._console.print(Text(f"{step} ..."), soft_wrap=True)
        if total is not None and done >= total:
            self._console.print(Text(f"{step}: {done}"), soft_wrap=True)
