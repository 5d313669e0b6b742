"""From candidates to decisions ready to be recorded: look up, decide, isolate what fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from robot.domain.canonical import canonical_text, sha256_hex
from robot.domain.decision import Decision, Outcome
from robot.domain.facts import NOTHING_KNOWN, Facts
from robot.domain.state import EffectKind, State
from robot.errors import RobotError
from robot.flow import findings
from robot.flow.candidate import Candidate
from robot.flow.context import Run
from robot.flow.failpoint import failpoint
from robot.flow.lookup import Answer, look_up
from robot.flow.order import NoOrderError, make_order
from robot.flow.ports import Question
from robot.flow.records import KnownVersion, NewEffect, Recorded
from robot.flow.twins import Twins

_REFUSED: Final = frozenset({Outcome.UNREADABLE, Outcome.NOT_AN_INVOICE})


def decide_batch(run: Run, candidates: Sequence[Candidate]) -> list[Recorded]:
    """Decide every candidate, in their order; one that fails is held and spoils no other."""
    failpoint("look-up-before")
    answers = _facts(run, candidates)
    failpoint("look-up-after")
    twins = Twins(run.ports.store.documents, candidates)
    decided = []
    for place, candidate in enumerate(candidates):
        try:
            recorded = _decide(run, candidate, answers[place], twins)
        except Exception as error:  # noqa: BLE001 - one poison document stops no other
            run.fault(error, candidate.document.name)
            recorded = _hold(run, candidate, findings.ROBOT_FAULT, failed=True)
        twins.claim(candidate, recorded)
        decided.append(recorded)
    return decided


def hold_posted_before(run: Run, candidate: Candidate) -> Recorded:
    """Hold a new version of a document that is posted already."""
    return _hold(run, candidate, findings.POSTED_BEFORE, seen=candidate.core.number)


def wait(candidate: Candidate) -> Recorded:
    """Know of a version and decide it when the outcome of the earlier one is known."""
    return Recorded(known=None, core=candidate.core, state=State.PULLED, digest="", act="waiting")


def as_decided(candidate: Candidate, known: KnownVersion) -> Recorded:
    """What stands already and is not decided again: a clerk sent it back."""
    return Recorded(
        known=known,
        core=candidate.core,
        state=known.state,
        digest=known.digest,
        attempts=known.attempts,
    )


def _facts(run: Run, candidates: Sequence[Candidate]) -> dict[int, Answer]:
    asked: list[int] = []
    questions: list[Question] = []
    for place, candidate in enumerate(candidates):
        if candidate.customer is not None and candidate.document.invoice is not None:
            asked.append(place)
            questions.append(
                Question(document=candidate.document, customer=candidate.customer, today=run.today)
            )
    answers: dict[int, Answer] = dict.fromkeys(range(len(candidates)), NOTHING_KNOWN)
    answers.update(zip(asked, look_up(run, questions), strict=True))
    return answers


def _decide(run: Run, candidate: Candidate, answer: Answer, twins: Twins) -> Recorded:
    if isinstance(answer, Exception):
        code = findings.ERP_UNAVAILABLE if isinstance(answer, RobotError) else findings.ROBOT_FAULT
        return _hold(run, candidate, code, failed=code == findings.ROBOT_FAULT)
    facts = twins.with_duplicates(answer, candidate)
    decision = candidate.ruleset.decide(candidate.document, facts, run.today)
    if run.shadow is not None:
        run.shadow.compare(candidate.core, candidate.document, facts, decision)
    recorded = _follow(run, candidate, _released(run, candidate, decision), facts)
    return replace(recorded, judged=decision)


def _follow(run: Run, candidate: Candidate, decision: Decision, facts: Facts) -> Recorded:
    if decision.outcome is Outcome.POST:
        return _to_post(run, candidate, decision, facts)
    returnable = candidate.core.company and candidate.document.reposting is None
    if decision.outcome is Outcome.BOUNCE and returnable:
        return _to_bounce(run, candidate, decision, facts)
    if decision.outcome is Outcome.BOUNCE:
        # Nobody knows whose it is, so there is no company whose key could be closed; or it came in
        # a sheet, which no source can reopen.
        decision = replace(decision, outcome=Outcome.HOLD)
    state = State.UNREADABLE if decision.outcome in _REFUSED else State.HELD
    return _recorded(candidate, decision, facts, state)


def _released(run: Run, candidate: Candidate, decision: Decision) -> Decision:
    """A clerk's release turns findings that may be passed over into a post, nothing else."""
    by = candidate.known.released_by if candidate.known else None
    if by is None or decision.outcome not in {Outcome.HOLD, Outcome.BOUNCE}:
        return decision
    codes = tuple(finding.code for finding in decision.findings)
    if not findings.may_be_released(codes, run.ports.taxonomy):
        return decision
    return replace(
        decision,
        outcome=Outcome.POST,
        findings=(),
        notes=decision.notes + decision.findings,
        posted_by=(f"released by {by}",),
    )


def _to_post(run: Run, candidate: Candidate, decision: Decision, facts: Facts) -> Recorded:
    if candidate.customer is None:
        return _hold(run, candidate, findings.ORDER_INCOMPLETE, seen="no customer", facts=facts)
    if candidate.document.reposting is not None and not run.ports.posts_repostings:
        return _hold(run, candidate, findings.IMPORT_BY_CLERK, facts=facts)
    try:
        order = make_order(candidate.document, facts, decision, candidate.customer)
    except NoOrderError as error:
        return _hold(run, candidate, findings.ORDER_INCOMPLETE, seen=str(error), facts=facts)
    payload = canonical_text(order)
    effect = NewEffect(
        kind=EffectKind.POSTING,
        key=_effect_key(candidate),
        payload=payload,
        payload_hash=sha256_hex(payload),
    )
    return _recorded(candidate, decision, facts, State.DECIDED, effect)


def _to_bounce(run: Run, candidate: Candidate, decision: Decision, facts: Facts) -> Recorded:
    language = candidate.customer.language if candidate.customer else "da"
    effect = rejection(
        _effect_key(candidate),
        [_reason(run, finding.code, language) for finding in decision.findings],
    )
    return _recorded(candidate, decision, facts, State.DECIDED, effect)


def rejection(key: str, reasons: Sequence[str]) -> NewEffect:
    """The effect that closes the ERP's key and reopens a document in the source."""
    payload = canonical_text({"reasons": list(dict.fromkeys(reasons))})
    return NewEffect(
        kind=EffectKind.REJECTION, key=key, payload=payload, payload_hash=sha256_hex(payload)
    )


def _reason(run: Run, code: str, language: str) -> str:
    if code not in run.ports.taxonomy:
        return code
    texts = run.ports.taxonomy[code].texts
    return f"{code}: {(texts.get(language) or texts['da']).title}"


def _effect_key(candidate: Candidate) -> str:
    turn = candidate.known.turn + 1 if candidate.known else 1
    return effect_key(candidate.core.document_key, candidate.core.version, turn)


def effect_key(key: str, version: str, turn: int) -> str:
    """Unique for each decision about each version that wants an effect."""
    return f"{key}:{version}:{turn}"


def _hold(
    run: Run,
    candidate: Candidate,
    code: str,
    *,
    seen: str = "",
    facts: Facts | None = None,
    failed: bool = False,
) -> Recorded:
    decision = findings.held_for(code, run.today, seen=seen, ruleset=candidate.ruleset.hash)
    recorded = _recorded(candidate, decision, facts, State.HELD)
    return replace(recorded, attempts=recorded.attempts + 1) if failed else recorded


def _recorded(
    candidate: Candidate,
    decision: Decision,
    facts: Facts | None,
    state: State,
    effect: NewEffect | None = None,
) -> Recorded:
    detail: Mapping[str, Any] = {}
    if candidate.known is not None and candidate.known.released_by is not None:
        detail = {"released_by": candidate.known.released_by}
    return Recorded(
        known=candidate.known,
        core=candidate.core,
        state=state,
        digest=findings.digest_of(decision, effect.payload_hash if effect else ""),
        decision=decision,
        facts=facts,
        effects=(effect,) if effect else (),
        attempts=candidate.known.attempts if candidate.known else 0,
        detail=detail,
    )
