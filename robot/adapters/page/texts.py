"""The texts of error types as they read when no document is meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from robot.adapters.templates import Templates

_SUPPLIER: Final = {"da": "leverandøren", "en": "the supplier"}
#: What a text may use of a document; there is none.
_NOTHING: Final = ("seen", "expected", "path", "rule", "line", "number")


def completer(language: str) -> Callable[[str], str]:
    """Completes fragments in a language.

    Raises:
        TextError: By what is returned, for a fragment that is not valid.
    """
    templates = Templates(Path(__file__).parent, {})
    values = {**dict.fromkeys(_NOTHING, ""), "supplier": _SUPPLIER[language]}

    def complete(fragment: str) -> str:
        text = " ".join(templates.fragment(fragment, values, place=fragment[:40]).split())
        return text[:1].upper() + text[1:]

    return complete
