from __future__ import annotations

from io import StringIO

from rich.console import Console

from robot.cli.console import RunConsole
from robot.domain.report import RunReport
from tests.support.reports import a_report, a_row, bounced, held, unreadable

REPORT = a_report(a_row("1"), a_row("2"), bounced("3"), held("4"), unreadable("5"))


def shown(report: RunReport, *, terminal: bool = False) -> str:
    out = StringIO()
    RunConsole(Console(file=out, force_terminal=terminal, width=110)).summary(report)
    return out.getvalue()


def cells(text: str, start: str) -> list[str]:
    (line,) = (line for line in text.splitlines() if line.startswith(f"| {start}"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_customer_s_documents_are_counted_by_outcome() -> None:
    assert cells(shown(REPORT), "99001") == [
        *("99001", "Eksempelstyrelsen", "2", "1", "1", "1", "–", "5")
    ]


def test_the_most_frequent_error_types_are_named_with_who_can_fix_them() -> None:
    assert cells(shown(REPORT), "dimension-missing") == [
        *("dimension-missing", "A dimension is missing", "customer", "1")
    ]


def test_a_pipe_gets_plain_text() -> None:
    assert "\x1b" not in shown(REPORT)
    assert "\x1b" in shown(REPORT, terminal=True)


def test_paths_are_never_broken_so_that_they_can_be_copied() -> None:
    path = "/srv/" + "very-long-name/" * 20 + "report.html"
    assert f"report:  {path}\n" in shown(a_report(paths={"report": path}))


def test_square_brackets_in_names_are_shown() -> None:
    text = shown(a_report(a_row(customer="[bold]Kunde[/bold]"), problems=("[red]x",)))
    assert "[bold]Kunde[/bold]" in text
    assert "[red]x" in text


def test_a_dry_run_says_so() -> None:
    assert "dry run: nothing was changed" in shown(a_report(dry_run=True))


def test_progress_in_a_pipe_is_a_line_when_a_step_begins_and_one_when_it_is_done() -> None:
    out = StringIO()
    with RunConsole(Console(file=out, force_terminal=False)).progress() as advance:
        for done in range(4):
            advance("Deciding", done, 3)
    assert out.getvalue() == "Deciding ...\nDeciding: 3\n"


def test_progress_at_a_terminal_ends_with_each_step_s_bar() -> None:
    out = StringIO()
    with RunConsole(Console(file=out, force_terminal=True, width=80)).progress() as advance:
        advance("Reading", 2, 2)
        advance("Posting", 0, None)
        advance("Posting", 5, 5)
    last = out.getvalue().rsplit("\x1b[2K", 1)[-1]
    assert "Posting" in last
    assert "5/5" in last
