"""`invoice-robot rules test`: run the cases, and say what they don't test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from robot.cli.case_notices import CaseNotices
from robot.cli.rule_tools import (
    DIRECTORY,
    FAILED,
    JSON,
    MakeTools,
    RuleTools,
    counted,
    loaded_rules,
)
from robot.rulebook.case_reader import CaseBook, read_cases
from robot.rulebook.case_stubs import stubs
from robot.rulebook.cases import CaseResult, CaseRunner
from robot.rulebook.coverage import Coverage, coverage
from robot.rulebook.loader import LoadedRules
from robot.rulebook.mutation import Mutation, mutate
from robot.rulebook.problem import Problem, Weight, did_you_mean

_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Cases that were run."""

    loaded: LoadedRules
    runner: CaseRunner
    results: tuple[CaseResult, ...]
    errors: tuple[Problem, ...]
    #: The one customer file that is looked at; None for all.
    stem: str | None

    @property
    def failed(self) -> list[CaseResult]:
        """Those that did not come out as expected."""
        return [result for result in self.results if not result.passed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which cases are run."""

    words: str
    customer: str | None
    rules: tuple[str, ...]
    as_of: date | None


@click.command("test")
@DIRECTORY
@JSON
@click.option("--verbose", "-v", is_flag=True, help="Show the cases that pass as well.")
@click.option("-k", "words", default="", help="Only cases whose name has these words in it.")
@click.option(
    "--customer", help="Only cases of this customer (a file's name or a bogføringskreds)."
)
@click.option(
    "--rule", "rules", multiple=True, help="Only cases this rule had a say in; repeatable."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Decide every case on this day.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit XML.")
@click.option("--coverage", "covered", is_flag=True, help="Say what no case exercises.")
@click.option(
    "--min", "least", type=click.FloatRange(0, _HUNDRED), help="Fail below this percent."
)
@click.option("--stubs", "with_stubs", is_flag=True, help="Offer cases for it, as YAML.")
@click.option("--mutate", "mutated", is_flag=True, help="Say which changes no case notices.")
@click.pass_obj
def test(  # noqa: PLR0913 - one for each option
    tools: MakeTools,
    *,
    directory: Path,
    words: str,
    customer: str | None,
    rules: tuple[str, ...],
    as_of: datetime | None,
    junit: Path | None,
    least: float | None,
    as_json: bool,
    verbose: bool,
    covered: bool,
    with_stubs: bool,
    mutated: bool,
) -> None:
    """Decide the cases in DIRECTORY/cases and compare with what they expect.

    With --as-of, rules that count from a later day can be tried before it. --coverage lists the
    conditions, outcomes, limits, exceptions, dispensations and list rows that no case exercises;
    --stubs offers cases for them. --mutate changes the rules a little, one change at a time, and
    lists the changes after which every case still passes. --min counts for whichever is asked for.
    """
    choice = Choice(
        words=words,
        customer=customer,
        rules=rules,
        as_of=None if as_of is None else as_of.date(),
    )
    tested = _tested(directory, tools(), choice)
    found = _coverage(tested, rules) if covered or with_stubs else None
    changes = _mutated(tested, rules) if mutated else None
    if junit is not None:
        junit.write_text(_junit(tested.results), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(_as_json(tested, found, changes), ensure_ascii=False))
    elif with_stubs and found is not None:
        _show_stubs(tested, found)
    else:
        _show(tested, found, changes, verbose=verbose)
    if tested.errors or tested.failed or _too_low(found, changes, least):
        raise SystemExit(FAILED)


def _tested(directory: Path, tools: RuleTools, choice: Choice) -> Tested:
    loaded = loaded_rules(directory, tools)
    _check_rules(loaded, choice.rules)
    book = _chosen(read_cases(loaded.files, loaded), loaded, choice)
    runner = CaseRunner(
        loaded,
        book,
        compute=tools.compute,
        read_document=tools.read_document,
        render_notice=CaseNotices(directory).render,
    )
    results = runner.run_all()
    if choice.rules:
        results = tuple(result for result in results if _touched(result, choice.rules))
    errors = tuple(
        problem
        for problem in (*loaded.problems, *book.problems)
        if problem.severity is Weight.ERROR
    )
    stem = next(iter(_names(loaded, choice.customer)), None)
    return Tested(loaded=loaded, runner=runner, results=results, errors=errors, stem=stem)


def _chosen(book: CaseBook, loaded: LoadedRules, choice: Choice) -> CaseBook:
    names = _names(loaded, choice.customer)
    cases = tuple(
        case
        for case in book.cases
        if choice.words.casefold() in case.text.casefold()
        and (not names or case.customer in names)
    )
    if choice.as_of is not None:
        cases = tuple(replace(case, today=choice.as_of) for case in cases)
    return replace(book, cases=cases)


def _names(loaded: LoadedRules, customer: str | None) -> tuple[str, ...]:
    """The names that a customer goes by, its file's first; none when none was given."""
    if customer is None:
        return ()
    for stem, file in loaded.customers.items():
        kreds = file.customer.bogfoeringskreds if file.customer is not None else stem
        if customer in {stem, kreds}:
            return stem, kreds
    known = ", ".join(loaded.customers)
    raise click.BadParameter(f"no customer '{customer}' (known: {known})", param_hint="--customer")


def _check_rules(loaded: LoadedRules, rules: Sequence[str]) -> None:
    known = {rule.id for rule in loaded.standard.every_rule} if loaded.standard else set()
    known |= {rule.id for customer in loaded.customers.values() for rule in customer.every_rule}
    for rule in rules:
        if rule not in known:
            meant = did_you_mean(rule, sorted(known))
            raise click.BadParameter(f"no rule '{rule}'; {meant}", param_hint="--rule")


def _touched(result: CaseResult, rules: Sequence[str]) -> bool:
    if result.decision is None:
        return True
    return any(outcome.rule in rules for outcome in result.decision.results)


def _coverage(tested: Tested, rules: Sequence[str]) -> Coverage:
    cases = tested.runner.prepared()
    return coverage(tested.loaded, cases, rules=rules, customer=tested.stem)


def _mutated(tested: Tested, rules: Sequence[str]) -> Mutation:
    columns = (TextColumn("changing the rules"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return mutate(
            tested.loaded, tested.runner, rules=rules, customer=tested.stem, progress=advance
        )


def _too_low(found: Coverage | None, changes: Mutation | None, least: float | None) -> bool:
    if least is None:
        return False
    given = [] if found is None else [found.percent]
    given += [] if changes is None else [changes.score]
    return any(percent < Decimal(str(least)) for percent in given)


def _show(
    tested: Tested, found: Coverage | None, changes: Mutation | None, *, verbose: bool
) -> None:
    for problem in tested.errors:
        click.echo(str(problem))
    for result in tested.results:
        if not result.passed:
            click.echo(str(result))
        elif verbose:
            click.echo(f"{result.case.at}: ok: {result.case.text}")
    if found is not None:
        _show_coverage(found)
    if changes is not None:
        for change in changes.unnoticed:
            click.echo(str(change))
        noticed = len(changes.changes) - len(changes.unnoticed)
        click.echo(
            f"{noticed} of {counted(len(changes.changes), 'change')} noticed by a case: "
            f"{changes.score} %"
        )
    passed = len(tested.results) - len(tested.failed)
    click.echo(f"{counted(passed, 'case')} passed, {len(tested.failed)} failed")


def _show_coverage(found: Coverage) -> None:
    for point in found.missing:
        click.echo(str(point))
    for kind, hit, total in found.counts():
        click.echo(f"{kind.value:<14} {hit:>4} of {total:>4}")
    click.echo(f"exercised by a case: {found.percent} %")


def _show_stubs(tested: Tested, found: Coverage) -> None:
    made = list(stubs(tested.loaded, tested.runner, found.missing))
    click.echo("cases:")
    click.echo("\n\n".join(stub.text for stub in made))
    covered = sum(len(stub.points) for stub in made)
    left = len(found.missing) - covered
    click.echo(
        f"{counted(len(made), 'case')} offered"
        + (f"; {counted(left, 'point')} need a person" if left else ""),
        err=True,
    )


def _as_json(
    tested: Tested, found: Coverage | None, changes: Mutation | None
) -> dict[str, object]:
    shown: dict[str, object] = {
        "passed": len(tested.results) - len(tested.failed),
        "failed": len(tested.failed),
        "cases": [result.as_json() for result in tested.results],
        "problems": [problem.as_json() for problem in tested.errors],
    }
    if found is not None:
        shown["coverage"] = {
            "percent": float(found.percent),
            "counts": {kind.value: [hit, total] for kind, hit, total in found.counts()},
            "missing": [point.as_json() for point in found.missing],
        }
    if changes is not None:
        shown["mutation"] = {
            "score": float(changes.score),
            "changes": len(changes.changes),
            "unnoticed": [change.as_json() for change in changes.unnoticed],
        }
    return shown


def _junit(results: Sequence[CaseResult]) -> str:
    """The results as JUnit XML: one suite for each case file."""
    root = ET.Element("testsuites", name="rules test")
    suites: dict[str, ET.Element] = {}
    for result in results:
        path = result.case.at.path
        if path not in suites:
            suites[path] = ET.SubElement(root, "testsuite", name=path)
        case = ET.SubElement(
            suites[path],
            "testcase",
            name=result.case.text,
            classname=result.case.customer,
            file=path,
            line=str(result.case.at.line),
        )
        if not result.passed:
            failure = ET.SubElement(case, "failure", message=result.differences[0])
            failure.text = str(result)
    for suite in suites.values():
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(sum(len(case) > 0 for case in suite)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
