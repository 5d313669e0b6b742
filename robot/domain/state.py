"""Where a document and an effect can stand, and every way from one place to another."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where one version of a document stands."""

    #: Known, not decided: it waits until the outcome of an earlier version is known.
    PULLED = "pulled"
    #: Decided; its effect is written and nothing of it was sent yet.
    DECIDED = "decided"
    #: The ERP was asked, or is about to be; only evidence leads out.
    POSTING = "posting"
    #: The posted document and its ledger entry were read back.
    POSTED = "posted"
    #: The ERP's key is being closed and the source told.
    REJECTING = "rejecting"
    #: Reopened in the source; a correction comes as a new version.
    BOUNCED = "bounced"
    #: A person or a later run decides.
    HELD = "held"
    #: No invoice can be read from it.
    UNREADABLE = "unreadable"
    #: A clerk took it out.
    DROPPED = "dropped"
    #: A later version of the same document took its place.
    SUPERSEDED = "superseded"


#: The one table of transitions. The store changes a document's state only along it.
TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.PULLED: frozenset(
        {State.DECIDED, State.HELD, State.UNREADABLE, State.POSTED, State.SUPERSEDED}
    ),
    # DECIDED to itself: decided again, otherwise, before anything was sent. To POSTED from PULLED,
    # DECIDED or HELD: the evidence shows a posting that a restored store has forgotten.
    State.DECIDED: frozenset(
        {
            State.DECIDED,
            State.POSTING,
            State.REJECTING,
            State.HELD,
            State.SUPERSEDED,
            State.POSTED,
        }
    ),
    # POSTING to DECIDED: claimed, but for certain never sent (a stop between the two).
    State.POSTING: frozenset({State.POSTED, State.HELD, State.DECIDED}),
    State.REJECTING: frozenset({State.BOUNCED, State.POSTED, State.HELD, State.DECIDED}),
    # HELD to itself: decided again with other findings.
    State.HELD: frozenset(
        {State.HELD, State.DECIDED, State.DROPPED, State.SUPERSEDED, State.POSTED}
    ),
    # UNREADABLE to itself: refused again, for another reason.
    State.UNREADABLE: frozenset(
        {State.UNREADABLE, State.DECIDED, State.HELD, State.DROPPED, State.SUPERSEDED}
    ),
    State.POSTED: frozenset(),
    State.BOUNCED: frozenset(),
    State.DROPPED: frozenset(),
    State.SUPERSEDED: frozenset(),
}

#: States in which a document rests when it is recorded for the first time.
FIRST: Final = frozenset({State.PULLED}) | TRANSITIONS[State.PULLED] - {State.SUPERSEDED}

#: States that a version never leaves.
FINAL: Final = frozenset(state for state, ways in TRANSITIONS.items() if not ways)

#: States in which a restored store may have missed the posting: nothing is under way, as it knows.
FORGETFUL: Final = frozenset({State.PULLED, State.DECIDED, State.HELD})

#: States in which the outcome at the ERP is open: no other version of the document may act.
IN_FLIGHT: Final = frozenset({State.POSTING, State.REJECTING})

#: States in which an equal invoice that came first makes a later one a duplicate. What is posted
#: stands in the ledger, which is asked too and knows of reversals.
CLAIMS_NUMBER: Final = frozenset({State.PULLED, State.DECIDED, State.POSTING, State.HELD})


def allowed(origin: State, to: State) -> bool:
    """Whether the table has a way from one state to another."""
    return to in TRANSITIONS[origin]


class EffectKind(StrEnum):
    """What an effect changes in the world."""

    POSTING = "posting"
    REJECTION = "rejection"
    NOTICE = "notice"


class EffectStatus(StrEnum):
    """How far an effect has come."""

    PENDING = "pending"
    #: Committed before the call, so a crash leaves it here: its outcome is then unknown.
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


#: Every way of an effect; UNKNOWN leaves by evidence only.
EFFECT_TRANSITIONS: Final[Mapping[EffectStatus, frozenset[EffectStatus]]] = {
    EffectStatus.PENDING: frozenset(
        {EffectStatus.SENT, EffectStatus.DONE, EffectStatus.CANCELLED}
    ),
    # SENT to itself: asked again under the same key. SENT to PENDING: for certain never sent.
    EffectStatus.SENT: frozenset(
        {
            EffectStatus.SENT,
            EffectStatus.PENDING,
            EffectStatus.UNKNOWN,
            EffectStatus.DONE,
            EffectStatus.REFUSED,
            EffectStatus.CANCELLED,
        }
    ),
    EffectStatus.UNKNOWN: frozenset(
        {
            EffectStatus.UNKNOWN,
            EffectStatus.SENT,
            EffectStatus.DONE,
            EffectStatus.REFUSED,
            EffectStatus.CANCELLED,
        }
    ),
    EffectStatus.DONE: frozenset(),
    EffectStatus.REFUSED: frozenset(),
    EffectStatus.CANCELLED: frozenset(),
}
