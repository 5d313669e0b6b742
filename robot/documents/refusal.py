"""Why a document is not read as an invoice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Code = Literal["unreadable", "not-an-invoice"]

#: Longest piece of the document that a reason quotes.
QUOTE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A document that is not read as an invoice, and why.

    `reason` is one sentence in plain words that names what is wrong: which element, on which
    line, what was found. `document_type` is the root element's own name, or None when there is
    no document to speak of.
    """

    code: Code
    reason: str
    document_type: str | None = None


class RefusalError(Exception):
    """Carries a refusal out of the reader's depths; it never leaves this package."""

    def __init__(self, reason: str, *, code: Code = "unreadable") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code: Code = code


def quoted(found: str) -> str:
    """What stood in the document, on one line, shortened, with control characters made visible."""
    visible = "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}"
        for character in found[: QUOTE + 1]
    )
    return f"'{visible[:QUOTE]}…'" if len(found) > QUOTE else f"'{visible}'"
