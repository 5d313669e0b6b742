"""Error types that the robot itself raises, and decisions made of them."""

from __future__ import annotations

from datetime import date
from typing import Final

from robot.domain.canonical import canonical_text, sha256_hex
from robot.domain.decision import Decision, Finding, Outcome
from robot.domain.taxonomy import ErrorClass, Taxonomy

#: The ERP could not be asked.
ERP_UNAVAILABLE: Final = "erp-unavailable"
#: The ERP refused with a text that no table maps.
ERP_UNMAPPED: Final = "erp-unmapped"
#: It is not known what became of a request.
OUTCOME_UNKNOWN: Final = "outcome-unknown"
#: What is posted under our request is not what was ordered.
RECEIPT_DIFFERS: Final = "receipt-differs"
#: Another request stands under the document's key at the ERP.
KEY_CONFLICT: Final = "key-conflict"
#: The key was closed for this version: it was bounced in an earlier life of the store.
KEY_CLOSED: Final = "key-closed"
#: The rules let it through, but lines, VAT and total make no exact order.
ORDER_INCOMPLETE: Final = "order-incomplete"
#: An earlier version of the same document is posted.
POSTED_BEFORE: Final = "duplicate-exact"
#: The ERP has taken the request and nothing moves any more.
POSTING_STUCK: Final = "posting-stuck"
#: What the ERP had taken is neither there nor posted: somebody deleted it.
POSTING_VANISHED: Final = "posting-vanished"
#: The ERP drops the request each time that it is asked; its key was closed.
POSTING_GIVEN_UP: Final = "posting-given-up"
#: The source does not give the document any more.
SOURCE_WITHDRAWN: Final = "source-withdrawn"
#: The ERP posts no general journals for the robot: a clerk imports the lines.
IMPORT_BY_CLERK: Final = "reposting-import-by-clerk"
#: Why the robot itself closes the key of a posting.
CLOSED_FOR: Final = frozenset({SOURCE_WITHDRAWN, POSTING_GIVEN_UP})
#: Somebody else than who handed a re-posting sheet in has to release it.
SECOND_PERSON: Final = "reposting-second-person"
#: The robot itself failed on this document.
ROBOT_FAULT: Final = "robot-fault"

#: A person looks at these; no later run decides by itself.
ALARMS: Final = frozenset({RECEIPT_DIFFERS, KEY_CONFLICT, KEY_CLOSED, POSTING_GIVEN_UP})

#: Named as the rule of findings that no rule made.
BY_ROBOT: Final = "robot"
_DEFAULT_RETRIES: Final = 3


def held_for(
    code: str, today: date, *, seen: str = "", expected: str = "", ruleset: str = ""
) -> Decision:
    """The decision to hold a document for a reason of the robot's own."""
    finding = Finding(code=code, path="", seen=seen, expected=expected, rule=BY_ROBOT)
    return Decision(outcome=Outcome.HOLD, findings=(finding,), decided_on=today, ruleset=ruleset)


def digest_of(decision: Decision, payload_hash: str = "") -> str:
    """Equal for decisions that mean the same to everybody: then nothing is written again."""
    return sha256_hex(
        canonical_text(
            [
                decision.outcome,
                [[f.code, f.path, f.seen, f.expected, f.rule] for f in decision.findings],
                decision.posting_date,
                payload_hash,
            ]
        )
    )


def may_clear_by_itself(codes: tuple[str, ...], attempts: int, taxonomy: Taxonomy) -> bool:
    """Whether a later run may find another answer without a person's act.

    True when every finding waits for something or is a fault of a system. Once the ERP refused or
    the robot failed, the system types' own number of retries limits it.
    """
    if not codes or ALARMS.intersection(codes):
        return False
    classes = {code: error_class(code, taxonomy) for code in codes}
    if not set(classes.values()) <= {ErrorClass.WAITING, ErrorClass.SYSTEM}:
        return False
    retries = [
        taxonomy[code].retry if code in taxonomy else _DEFAULT_RETRIES
        for code, kind in classes.items()
        if kind is ErrorClass.SYSTEM
    ]
    return attempts == 0 or attempts <= max(retries, default=attempts)


def error_class(code: str, taxonomy: Taxonomy) -> ErrorClass:
    """The class of an error type; one that the taxonomy does not have is a system's."""
    return taxonomy[code].error_class if code in taxonomy else ErrorClass.SYSTEM


def may_be_released(codes: tuple[str, ...], taxonomy: Taxonomy) -> bool:
    """Whether a clerk may pass over all of these: none of security, each with a bypass."""
    return all(
        code in taxonomy
        and taxonomy[code].bypass
        and taxonomy[code].error_class is not ErrorClass.SECURITY
        for code in codes
    )
