"""Texts of error types that can't be completed: nobody could be told of those errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from robot.domain.taxonomy import ErrorType
from robot.errors import TextError
from robot.rulebook.loader import LoadedRules
from robot.rulebook.problem import Problem


def text_problems(
    loaded: LoadedRules, completers: Mapping[str, Callable[[str], str]]
) -> Iterator[Problem]:
    """What is wrong with the texts, each at its error type.

    Args:
        loaded: The rules.
        completers: Language to what completes a text, raising TextError.
    """
    file = loaded.taxonomy_file
    if file is None:
        return
    lines = (file.text or "").splitlines()
    for kind in loaded.taxonomy:
        for language, complete in completers.items():
            for text in _texts(kind, language):
                try:
                    complete(text)
                except TextError as error:
                    head = f"{kind.code}:"
                    line = lines.index(head) + 1 if head in lines else 1
                    yield Problem(
                        path=file.path,
                        line=line,
                        column=1,
                        code="bad-text",
                        message=f"a text of '{kind.code}' ({language}) can't be completed: "
                        f"{error.message}",
                        source_line=lines[line - 1],
                    )


def _texts(kind: ErrorType, language: str) -> tuple[str, ...]:
    texts = kind.texts[language]
    return (texts.title, texts.explain, texts.fix, *texts.fix_by_source.values())
