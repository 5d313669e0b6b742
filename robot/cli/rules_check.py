"""`invoice-robot rules check` and `rules problems`: what is wrong, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import Progress

from robot import bootstrap
from robot.cli.rule_tools import (
    DIRECTORY,
    FAILED,
    JSON,
    MakeTools,
    RuleTools,
    counted,
    loaded_rules,
)
from robot.cli.sarif import sarif
from robot.rulebook.analysis.problem_kinds import markdown
from robot.rulebook.case_reader import read_cases
from robot.rulebook.cases import CaseRunner
from robot.rulebook.check import check as problems_of
from robot.rulebook.error_texts import text_problems
from robot.rulebook.loader import LoadedRules
from robot.rulebook.problem import Problem, Weight, in_order
from robot.rulebook.taxonomy import LANGUAGES

_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.command("check")
@DIRECTORY
@JSON
@click.option("--sarif", "as_sarif", is_flag=True, help="As SARIF 2.1.0, for code hosts.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--as-of", type=_DAY, help="The day from which dates count; today when left out.")
@click.pass_obj
def check(
    tools: MakeTools,
    directory: Path,
    *,
    as_json: bool,
    as_sarif: bool,
    strict: bool,
    as_of: datetime | None,
) -> None:
    """Find everything that is wrong in DIRECTORY (default: rules), without running it."""
    if as_json and as_sarif:
        raise click.UsageError("--json and --sarif exclude each other")
    given = tools()
    today = given.today() if as_of is None else as_of.date()
    loaded, problems = _checked(directory, given, today)
    if as_sarif:
        click.echo(json.dumps(sarif(problems, version("invoice-robot")), ensure_ascii=False))
    elif as_json:
        click.echo(json.dumps([problem.as_json() for problem in problems], ensure_ascii=False))
    else:
        _show(problems, loaded)
    failing = {Weight.ERROR, Weight.WARNING} if strict else {Weight.ERROR}
    if any(problem.severity in failing for problem in problems):
        raise SystemExit(FAILED)


@click.command("problems")
def kinds() -> None:
    """Print the list of everything that `rules check` can tell of, as Markdown."""
    click.echo("\n".join(markdown()))


def _checked(
    directory: Path, tools: RuleTools, today: date
) -> tuple[LoadedRules, tuple[Problem, ...]]:
    loaded = loaded_rules(directory, tools)
    book = read_cases(loaded.files, loaded)
    runner = CaseRunner(loaded, book, compute=tools.compute, read_document=tools.read_document)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Checking the rules …", total=None)
        problems = problems_of(
            loaded,
            today,
            cases=runner.run_all(),
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    completers = {language: bootstrap.text_completer(language) for language in LANGUAGES}
    texts = text_problems(loaded, completers)
    return loaded, in_order([*problems, *book.problems, *texts])


def _show(problems: Sequence[Problem], loaded: LoadedRules) -> None:
    for problem in problems:
        click.echo(str(problem))
        if problem.source_line:
            click.echo(problem.caret())
    numbers = {weight: sum(p.severity is weight for p in problems) for weight in Weight}
    standard = len(loaded.standard.every_rule) if loaded.standard else 0
    own = sum(len(file.every_rule) for file in loaded.customers.values())
    hints = f", {counted(numbers[Weight.HINT], 'hint')}" if numbers[Weight.HINT] else ""
    click.echo(
        f"{counted(numbers[Weight.ERROR], 'error')}, "
        f"{counted(numbers[Weight.WARNING], 'warning')}{hints} in "
        f"{counted(standard, 'standard rule')}, {counted(own, 'own rule')} of "
        f"{counted(len(loaded.customers), 'customer')}, "
        f"{counted(len(loaded.taxonomy), 'error type')}",
        err=True,
    )
