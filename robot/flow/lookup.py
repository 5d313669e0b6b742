"""Asking the ERP about a batch so that one bad document or company spoils no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from robot.domain.facts import Facts
from robot.errors import ErpUnavailableError
from robot.flow.context import Run
from robot.flow.order import company_of
from robot.flow.ports import Evidence, Question

#: Facts, or why they could not be had.
Answer: TypeAlias = Facts | Exception


def look_up(run: Run, questions: Sequence[Question]) -> list[Answer]:
    """Facts for a batch in one call; when that fails, company by company, then one by one."""
    answers: dict[int, Answer] = {}
    _ask(run, list(enumerate(questions)), answers)
    return [answers[place] for place in range(len(questions))]


def _ask(run: Run, asked: list[tuple[int, Question]], answers: dict[int, Answer]) -> None:
    asked = _without_those_left_alone(run, asked, answers)
    if not asked:
        return
    try:
        found = run.ports.reader.facts([question for _, question in asked])
    except Exception as error:  # noqa: BLE001 - isolated: smaller groups are asked, then it is held
        _ask_smaller(run, asked, error, answers)
    else:
        answers.update((place, facts) for (place, _), facts in zip(asked, found, strict=True))
        for company in {company_of(question.customer) for _, question in asked}:
            run.read(company)


def _without_those_left_alone(
    run: Run, asked: list[tuple[int, Question]], answers: dict[int, Answer]
) -> list[tuple[int, Question]]:
    kept = []
    for place, question in asked:
        company = company_of(question.customer)
        if run.unreadable(company):
            answers[place] = ErpUnavailableError(f"'{company}' is left alone in this run")
        else:
            kept.append((place, question))
    return kept


def _ask_smaller(
    run: Run, asked: list[tuple[int, Question]], error: Exception, answers: dict[int, Answer]
) -> None:
    groups: dict[str, list[tuple[int, Question]]] = {}
    for place, question in asked:
        groups.setdefault(company_of(question.customer), []).append((place, question))
    if len(groups) > 1:
        for group in groups.values():
            _ask(run, group, answers)
    elif len(asked) > 1 and not isinstance(error, ErpUnavailableError):
        for one in asked:
            _ask(run, [one], answers)
    else:
        if isinstance(error, ErpUnavailableError):
            run.unread(company_of(asked[0][1].customer))
        run.fault(error, asked[0][1].document.name)
        answers.update((place, error) for place, _ in asked)


def evidence_by_key(
    run: Run, wanted: Sequence[tuple[str, str]]
) -> tuple[dict[str, Evidence], set[str]]:
    """What stands under document keys, company by company.

    Args:
        run: The run that asks.
        wanted: Pairs of company and document key.

    Returns:
        Evidence by key, and the companies that could not be asked.
    """
    by_company: dict[str, list[str]] = {}
    for company, key in wanted:
        by_company.setdefault(company, []).append(key)
    found: dict[str, Evidence] = {}
    silent: set[str] = set()
    for company, keys in by_company.items():
        if run.unreadable(company):
            silent.add(company)
            continue
        try:
            found.update(run.ports.poster.evidence(company, keys))
            run.read(company)
        except Exception as error:  # noqa: BLE001 - nothing is known then, which is an answer
            run.unread(company)
            run.fault(error, company)
            silent.add(company)
    return found, silent
