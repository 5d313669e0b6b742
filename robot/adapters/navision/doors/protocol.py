"""What every door does, and what NAV answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from robot.adapters.navision.posting.inbox import Request
from robot.domain.decision import PostingOrder
from robot.errors import ErpUnavailableError
from robot.flow.ports import Evidence, KeyState

__all__ = ["Answer", "KeyKeeper", "PostingBackend", "Request", "answer_from", "garbled"]

#: The words of the inbox's states, and what they mean for the key.
STATES: Final = {
    "New": KeyState.TAKEN,
    "Taken": KeyState.TAKEN,
    "Posted": KeyState.POSTED,
    "Refused": KeyState.REFUSED,
    "Tombstone": KeyState.TOMBSTONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands under the key right after a request, by NAV's own word: no proof of anything."""

    state: KeyState
    generation: str
    payload_hash: str
    result: str = ""
    refusal: str = ""

    def as_evidence(self) -> Evidence:
        """The same without what only the ledger can show."""
        refused = self.state is KeyState.REFUSED
        return Evidence(
            state=self.state,
            generation=self.generation,
            payload_hash=self.payload_hash,
            receipt=self.result or None,
            refusal=self.refusal if refused else None,
        )


class PostingBackend(Protocol):
    """One way to ask NAV; every method may be called again with the same request."""

    def put(self, order: PostingOrder, request: Request) -> Answer:
        """Take the key and have the order posted.

        Raises:
            ErpUnavailableError: The outcome is unknown.
            ErpError: NAV says that it did nothing; the text is NAV's.
        """

    def close(self, request: Request) -> Answer:
        """Close the key for this generation and all before it.

        Raises:
            ErpUnavailableError: The outcome is unknown.
            ErpError: NAV says that it did nothing; the text is NAV's.
        """


class KeyKeeper(PostingBackend, Protocol):
    """A door that can also keep a key for a document that NAV posts by itself."""

    def watch(self, order: PostingOrder, request: Request) -> Answer:
        """Take the key for the purchase document that is in NAV already; queue nothing.

        Raises:
            ErpUnavailableError: The outcome is unknown.
            ErpError: NAV says that it did nothing; the text is NAV's.
        """


def answer_from(text: str) -> Answer:
    """The codeunit's answer: state, generation, payload hash, result and refusal, a line each.

    Raises:
        ErpUnavailableError: It is something else, so nothing is known.
    """
    lines = text.replace("\r\n", "\n").split("\n", 4)
    if len(lines) != 5 or lines[0] not in STATES:  # noqa: PLR2004 -- the lines named above
        raise garbled("the robot's codeunit")
    state, generation, payload_hash, result, refusal = lines
    return Answer(
        state=STATES[state],
        generation=generation,
        payload_hash=payload_hash,
        result=result,
        refusal=refusal,
    )


def garbled(what: str) -> ErpUnavailableError:
    """The fault that the answer of `what` can't be understood."""
    return ErpUnavailableError(
        f"the answer of {what} can't be understood; the outcome is unknown",
        hint="see that the web service's address leads to NAV and not to a proxy or login page",
    )
