"""Texts of error types that can't be completed: nobody could be told of those errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from robot.domain.taxonomy import ErrorType
from robot.errors import TextError
from robot.rulebook.analysis.expiry import key_places
from robot.rulebook.loader import LoadedRules
from robot.rulebook.problem import Problem, Report


def text_problems(
    loaded: LoadedRules, completers: Mapping[str, Callable[[str], str]]
) -> Sequence[Problem]:
    """What is wrong with the texts, each at its error type.

    Args:
        loaded: The rules.
        completers: Language to what completes a text, raising TextError.
    """
    file = loaded.taxonomy_file
    if file is None:
        return ()
    wrong = [
        (kind.code, f"a text of '{kind.code}' ({language}) can't be completed: {trouble}")
        for kind in loaded.taxonomy
        for language, complete in completers.items()
        for text in _texts(kind, language)
        if (trouble := _trouble(text, complete))
    ]
    report = Report(file.path, file.report.lines)
    places = key_places(file) if wrong else {}
    for code, message in wrong:
        report.error("bad-text", places.get(code, report.at(1, 1)), message)
    return report.problems


def _trouble(text: str, complete: Callable[[str], str]) -> str:
    try:
        complete(text)
    except TextError as error:
        return error.message
    return ""


def _texts(kind: ErrorType, language: str) -> tuple[str, ...]:
    texts = kind.texts[language]
    return (texts.title, texts.explain, texts.fix, *texts.fix_by_source.values())
