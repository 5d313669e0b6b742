"""What is not as a case expects, in words."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from robot.domain.decision import Decision, Finding, Truth
from robot.errors import RobotError
from robot.rulebook.case_expected import Expected, ExpectedNotice
from robot.rulebook.problem import listed

#: The mail that the decision leads to, subject first; None when nobody is told anything.
Notice: TypeAlias = Callable[[], str | None]


def compare(expected: Expected, decision: Decision, notice: Notice | None) -> tuple[str, ...]:
    """What is not as expected, one line each.

    Args:
        expected: What the case asks for.
        decision: What was decided.
        notice: Renders the mail, when mails can be rendered here.
    """
    differences: list[str] = []
    if expected.outcome is not None and expected.outcome is not decision.outcome:
        differences.append(f"outcome: expected {expected.outcome}, was {decision.outcome}")
    if expected.findings is not None:
        differences += _finding_differences(expected.findings, decision.findings)
    given = {finding.code: finding for finding in decision.findings}
    differences += [
        f"findings: {code} was not expected, was given {_where(given[code])}"
        for code in expected.not_findings
        if code in given
    ]
    noted = {finding.code for finding in decision.notes}
    differences += [
        f"notes: {code} was expected, was not given (given: {listed(sorted(noted)) or 'none'})"
        for code in expected.notes
        if code not in noted
    ]
    if expected.no_notes and noted:
        differences.append(f"notes: expected none, was {listed(sorted(noted))}")
    differences += _set_differences("posted_by", expected.posted_by, decision.posted_by)
    differences += _set_differences("unknown", expected.unknown, unknown_fields(decision))
    if expected.notice is not None:
        differences += _notice_differences(expected.notice, notice)
    return tuple(differences)


def unknown_fields(decision: Decision) -> tuple[str, ...]:
    """The fields that rules needed and that were not known, each once."""
    results = (result for result in decision.results if result.truth is Truth.UNKNOWN)
    return tuple(dict.fromkeys(name for result in results for name in result.unknown))


def _set_differences(what: str, expected: Sequence[str] | None, given: Sequence[str]) -> list[str]:
    if expected is None or set(expected) == set(given):
        return []
    words = [listed(sorted(set(names))) or "none" for names in (expected, given)]
    return [f"{what}: expected {words[0]}, was {words[1]}"]


def _finding_differences(
    expected: tuple[Mapping[str, str], ...], given: tuple[Finding, ...]
) -> list[str]:
    lines = [
        f"- {_described(wanted)} was expected, was not given"
        for wanted in expected
        if not any(_fits(wanted, finding) for finding in given)
    ]
    lines += [
        f"+ {finding.code} was given, was not expected {_where(finding)}"
        for finding in given
        if not any(_fits(wanted, finding) for wanted in expected)
    ]
    return [f"findings: {line}" for line in lines]


def _fits(wanted: Mapping[str, str], finding: Finding) -> bool:
    return all(getattr(finding, key) == text for key, text in wanted.items())


def _described(wanted: Mapping[str, str]) -> str:
    rest = ", ".join(f"{key} {text}" for key, text in wanted.items() if key != "code")
    return f"{wanted['code']} ({rest})" if rest else wanted["code"]


def _where(finding: Finding) -> str:
    parts = [
        f"rule {finding.rule}" if finding.rule else "",
        finding.path,
        f"seen {finding.seen}" if finding.seen else "",
        f"needed by {finding.expected}" if finding.code == "cannot-check" else "",
    ]
    return f"({', '.join(part for part in parts if part) or 'by the robot itself'})"


def _notice_differences(expected: ExpectedNotice, notice: Notice | None) -> list[str]:
    if notice is None:
        return ["notice: mails can't be rendered here"]
    try:
        text = notice()
    except RobotError as error:
        return [f"notice: it can't be rendered: {error}"]
    if text is None:
        return ["notice: the customer is told nothing about this document"]
    flat = _flat(text)
    lines = [
        f"notice: '{fragment}' is not in it"
        for fragment in expected.contains
        if _flat(fragment) not in flat
    ]
    lines += [
        f"notice: '{fragment}' is in it" for fragment in expected.lacks if _flat(fragment) in flat
    ]
    if expected.text is not None and text.strip() != expected.text.strip():
        wanted, given = expected.text.strip().splitlines(), text.strip().splitlines()
        changed = difflib.unified_diff(wanted, given, "expected", "rendered", lineterm="", n=1)
        lines += [f"notice: {line}" for line in changed]
    elif lines and expected.contains:
        lines += [f"notice: | {line}" for line in text.strip().splitlines()]
    return lines


def _flat(text: str) -> str:
    """Text without its line breaks, which depend on the width of the mail."""
    return " ".join(text.split())
