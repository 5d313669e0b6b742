"""`invoice-robot rules docs --readability`: whether customers can read what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click
from rich.text import Text

from robot import bootstrap
from robot.cli.joined import console, echo_json, table
from robot.domain.readability import HARD_FROM
from robot.flow.text_check import MOST_WORDS, CheckedText, check_texts
from robot.rulebook.loader import LoadedRules
from robot.settings import Settings

_FAILED: Final = 1


def readability(given: Settings, loaded: LoadedRules, *, as_json: bool) -> None:
    """Print every error type's text with its LIX, the hardest first, and what is wrong with it.

    Raises:
        SystemExit: With 1 when a text can't be sent as it is.
    """
    checked = check_texts(loaded.taxonomy, bootstrap.notice_renderer(given))
    wrong = [text for text in checked if text.remarks]
    if as_json:
        echo_json([_as_json(text) for text in checked])
    else:
        _show(checked)
        _tell(wrong, str(given.rules.directory / "error_types.yaml"))
        click.echo(
            f"{len(checked)} texts, {len(wrong)} to mend; a finding has at most {MOST_WORDS} "
            f"words and a LIX below {HARD_FROM}",
            err=True,
        )
    if wrong:
        raise SystemExit(_FAILED)


def _show(checked: Sequence[CheckedText]) -> None:
    shown = table("error type", "language", "source", "words", "LIX")
    for text in checked:
        shown.add_row(
            Text(text.code),
            text.language,
            text.source_system or "any",
            str(text.words),
            Text(str(text.lix), style="red" if text.lix >= HARD_FROM else ""),
        )
    console().print(shown)


def _tell(wrong: Sequence[CheckedText], path: str) -> None:
    for text in wrong:
        place = " ".join(part for part in (text.language, text.source_system) if part)
        for remark in text.remarks:
            click.echo(f"{path}: {text.code} ({place}): {remark}")


def _as_json(text: CheckedText) -> dict[str, object]:
    return {
        "code": text.code,
        "language": text.language,
        "source_system": text.source_system,
        "words": text.words,
        "lix": text.lix,
        "remarks": list(text.remarks),
    }
