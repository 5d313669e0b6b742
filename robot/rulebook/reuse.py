"""What of an earlier reading still counts: customer files that nobody has touched since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from robot.rulebook.customer_file import CustomerFile
from robot.rulebook.source import RuleFile, RuleFiles

#: Found by comparing files with each other, so found anew each time.
BETWEEN_FILES: Final = frozenset({"shared-number"})


def same_text(one: RuleFiles, other: RuleFiles, names: Iterable[str]) -> bool:
    """Whether files say the same in both."""
    return all(_text(one, name) == _text(other, name) for name in names)


def untouched(
    earlier: Mapping[str, CustomerFile], files: Collection[RuleFile]
) -> dict[str, CustomerFile]:
    """Customer files that are as they were, by name, as they were read then.

    Args:
        earlier: What was read then, against the same standard, error types and lists.
        files: The files of now.
    """
    read = {one.file.name: one for one in earlier.values()}
    kept: dict[str, CustomerFile] = {}
    for file in files:
        known = read.get(file.name)
        if known is None or file.text is None or known.file.text != file.text:
            continue
        old = known.file.report.problems
        file.report.problems = [one for one in old if one.code not in BETWEEN_FILES]
        kept[file.name] = replace(known, file=file)
    return kept


def _text(files: RuleFiles, name: str) -> str | None:
    file = files.get(name)
    return None if file is None else file.text
