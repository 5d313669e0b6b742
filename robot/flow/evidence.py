"""What the evidence at the ERP proves about an effect. Pure: the truth table of the outbox."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from robot.domain.decision import PostingOrder
from robot.flow.ports import Evidence, KeyState


class PostingVerdict(StrEnum):
    """What became of a request to post."""

    #: The posted document and its ledger entry are there and equal the order.
    POSTED = "posted"
    #: The ERP has the request and has not finished it.
    UNDER_WAY = "under-way"
    #: The ERP refused this very request.
    REFUSED = "refused"
    #: Nothing of this request is there yet: it may be lost, or still on its way.
    ABSENT = "absent"
    #: A tombstone closed the key for this version: it was bounced.
    CLOSED = "closed"
    #: Something is posted under our request that is not what was ordered.
    DIFFERS = "differs"
    #: The key belongs to another request than ours.
    CONFLICT = "conflict"


class RejectionVerdict(StrEnum):
    """What became of closing the key."""

    #: Our tombstone stands: a late request to post loses.
    WON = "won"
    #: A document is posted under the key.
    LOST_POSTED = "lost-posted"
    #: A request to post holds the key and is not finished.
    LOST_LIVE = "lost-live"
    #: Nothing is there yet.
    ABSENT = "absent"


def judge_posting(
    order: PostingOrder, *, generation: str, payload_hash: str, evidence: Evidence
) -> PostingVerdict:
    """What the evidence proves about one request to post.

    An older generation's refusal or tombstone says nothing about this request. A posted document
    whose request is not known any more (its key was purged) is judged by the ledger alone.
    """
    if evidence.state is KeyState.ABSENT:
        return PostingVerdict.ABSENT
    earlier = evidence.generation < generation
    if evidence.state is KeyState.TOMBSTONE:
        return PostingVerdict.ABSENT if earlier else PostingVerdict.CLOSED
    ours = evidence.payload_hash in {payload_hash, ""} and (
        evidence.generation in {generation, ""}
    )
    if evidence.state is KeyState.REFUSED:
        return _judge_refusal(ours=ours, later=evidence.generation > generation)
    if not ours:
        return PostingVerdict.CONFLICT
    if evidence.state is KeyState.TAKEN:
        return PostingVerdict.UNDER_WAY
    return PostingVerdict.POSTED if _as_ordered(order, evidence) else PostingVerdict.DIFFERS


def _judge_refusal(*, ours: bool, later: bool) -> PostingVerdict:
    if ours:
        return PostingVerdict.REFUSED
    # The same version may have been refused with other contents and ordered anew.
    return PostingVerdict.CONFLICT if later else PostingVerdict.ABSENT


def judge_rejection(*, generation: str, evidence: Evidence) -> RejectionVerdict:
    """What the evidence proves about closing the key for one version.

    A later version's refusal keeps this one out as a tombstone does: a key gives way to no earlier
    request. A store restored from a backup meets it, and would otherwise wait for ever.
    """
    state = evidence.state
    if state is KeyState.POSTED:
        return RejectionVerdict.LOST_POSTED
    if state is KeyState.TAKEN:
        return RejectionVerdict.LOST_LIVE
    if state is KeyState.TOMBSTONE and evidence.generation >= generation:
        return RejectionVerdict.WON
    if state is KeyState.REFUSED and evidence.generation > generation:
        return RejectionVerdict.WON
    return RejectionVerdict.ABSENT


def _as_ordered(order: PostingOrder, evidence: Evidence) -> bool:
    """Vendor, external number, amount and currency; NAV keeps codes in capitals (type Code)."""
    return (
        evidence.receipt is not None
        and evidence.creditor is not None
        and evidence.external_number is not None
        and evidence.creditor.casefold() == order.creditor.casefold()
        and evidence.external_number.strip().casefold() == order.external_number.strip().casefold()
        and evidence.amount == order.total
        and evidence.currency is not None
        and evidence.currency.casefold() == order.currency.casefold()
    )


def stands_for(number: str, total: Decimal | None, generation: str, evidence: Evidence) -> bool:
    """Whether what is posted under the key is this very version, its order unseen."""
    return (
        evidence.state is KeyState.POSTED
        and evidence.generation == generation
        and evidence.receipt is not None
        and evidence.external_number is not None
        and evidence.external_number.strip().casefold() == number.strip().casefold()
        and evidence.amount == total
    )
