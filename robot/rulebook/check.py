"""Everything that can be known of a rule directory without deciding a document, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from robot.domain.decision import Truth
from robot.errors import RuleFileError
from robot.rulebook.analysis.expiry import Expiry
from robot.rulebook.analysis.leftovers import Leftovers, Reached
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.calendar import read_calendar
from robot.rulebook.cases import CaseResult
from robot.rulebook.loader import LoadedRules, Progress
from robot.rulebook.nodes import read_yaml
from robot.rulebook.nonsense import without_nonsense
from robot.rulebook.problem import Position, Problem, in_order
from robot.rulebook.rule_logic import RuleLogic
from robot.rulebook.uncollected import uncollected

_CALENDAR: Final = "calendar.yaml"
_PLACE: Final = re.compile(
    r"(?P<path>.*?):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)", re.DOTALL
)


def check(
    loaded: LoadedRules,
    today: date,
    *,
    cases: Sequence[CaseResult] | None = None,
    progress: Progress | None = None,
) -> tuple[Problem, ...]:
    """Every problem of a rule directory, in the files' order.

    Args:
        loaded: The rules as read; conditions that exclude themselves are told as well.
        today: The day from which dates are counted.
        cases: How the cases came out; None when they are not asked.
        progress: Told after each customer.
    """
    remarks = Remarks(loaded.files.files.values())
    with uncollected():
        _check_dates(loaded, today, remarks)
        if loaded.shared is not None and loaded.standard is not None:
            _check_logic(loaded, today, remarks, progress)
            _check_leftovers(loaded, cases, remarks)
        refused = without_nonsense(loaded).problems
    return in_order([*refused, *_of_calendar(loaded), *remarks.problems])


def _of_calendar(loaded: LoadedRules) -> Iterator[Problem]:
    file = loaded.files.get(_CALENDAR)
    if file is None:
        return
    if file.text is not None and not file.report.broken and read_yaml(file) is not None:
        try:
            read_calendar(file.text, Path(file.path))
        except RuleFileError as error:
            match = _PLACE.fullmatch(str(error))
            at = (int(match["line"]), int(match["column"])) if match else (1, 1)
            message = match["message"] if match else str(error)
            file.report.error("calendar", file.report.at(*at), message)
    yield from file.report.problems


def _check_dates(loaded: LoadedRules, today: date, remarks: Remarks) -> None:
    expiry = Expiry(today, remarks)
    known = {file.customer.bogfoeringskreds for file in loaded.customers.values() if file.customer}
    expiry.lists(loaded.lists.values(), frozenset(known))
    if loaded.standard is None:
        return
    expiry.rules(loaded.standard.every_rule)
    for file in loaded.customers.values():
        expiry.lists(file.lists.values())
        expiry.rules(file.every_rule)
        expiry.customer(file, loaded.standard)


def _check_leftovers(
    loaded: LoadedRules, cases: Sequence[CaseResult] | None, remarks: Remarks
) -> None:
    if loaded.standard is None or loaded.taxonomy_file is None:
        return
    whole = {stem: one for stem, one in loaded.customers.items() if stem not in loaded.broken}
    leftovers = Leftovers(loaded.standard, whole, remarks)
    if not loaded.broken:
        # A broken file may use what nothing else does.
        leftovers.parameters()
        leftovers.lists(loaded.lists, loaded.list_files)
    leftovers.customers()
    reached = reached_by(cases, loaded) if cases else None
    leftovers.error_types(loaded.taxonomy, loaded.taxonomy_file, reached)
    if reached is not None:
        leftovers.cases(reached)
    elif cases is not None:
        at = Position(loaded.standard.file.path, 1, 1)
        remarks.add("no-cases", at, "there are no cases that say what the rules must decide")


def reached_by(cases: Iterable[CaseResult], loaded: LoadedRules) -> Reached:
    """What cases reach: the rules that one of them makes true, and the error types they give."""
    stems = {
        file.customer.bogfoeringskreds: stem
        for stem, file in loaded.customers.items()
        if file.customer is not None
    }
    rules: dict[str, set[str]] = {}
    codes: set[str] = set()
    for result in cases:
        decision = result.decision
        if decision is None:
            continue
        stem = stems.get(result.case.customer, result.case.customer)
        held = rules.setdefault(stem, set())
        held.update(r.rule for r in decision.results if r.truth is Truth.TRUE)
        told = (*decision.findings, *decision.suppressed, *decision.notes)
        codes.update(finding.code for finding in told)
    return Reached(
        rules={stem: frozenset(held) for stem, held in rules.items()}, codes=frozenset(codes)
    )


def _check_logic(
    loaded: LoadedRules, today: date, remarks: Remarks, progress: Progress | None
) -> None:
    """Compare the standard's rules with each other, then each customer's with all of its set."""
    logic = RuleLogic(loaded, today, remarks)
    logic.standard()
    stems = [stem for stem in loaded.customers if stem not in loaded.broken]
    for done, stem in enumerate(stems, 1):
        try:
            effective = loaded.effective(stem)
        except KeyError:
            continue
        logic.customer(effective, loaded.customers[stem].settings)
        if progress is not None:
            progress(done, len(stems))
