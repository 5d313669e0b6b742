"""Taking documents in, a batch at a time: known ones are left, the others decided and recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from robot.domain.answer import saying
from robot.domain.customer import Customer
from robot.domain.decision import RuleSet
from robot.domain.document import ApprovedDocument
from robot.domain.state import FORGETFUL, State
from robot.errors import SourceError
from robot.flow.candidate import Candidate, Course, core_of, course_of
from robot.flow.context import Run
from robot.flow.deciding import as_decided, decide_batch, hold_posted_before, wait
from robot.flow.earlier_life import forgotten_postings, taken_over
from robot.flow.failpoint import failpoint
from robot.flow.records import KnownVersion, Move, Recorded
from robot.flow.remembering import remember
from robot.flow.sharing import mine
from robot.flow.store_port import Unit
from robot.flow.withdrawal import hold_withdrawn


class Intake:
    """Pulls, decides and records; `batches` gives the ids that are ready to be carried out."""

    def __init__(self, run: Run) -> None:
        self._run = run
        #: Known from an earlier run, nothing sent yet: acted on only when pulled again.
        self._unconfirmed: dict[tuple[str, str], int] = {}
        #: The source was read to its end, so what it did not give is not there any more.
        self.complete = False
        self.pulled = 0
        self._kept: set[str] = set()

    def batches(self) -> Iterator[list[int]]:
        """Record batch after batch; each item is the ids of documents that are ready to act on."""
        self._unconfirmed = {
            (known.document_key, known.version): known.id
            for known in self._run.ports.store.documents.in_state(FORGETFUL)
        }
        pulled = self._pull()
        deferred: list[Candidate] = []
        while not self._run.stopping():
            documents = list(islice(pulled, self._run.options.batch_size))
            if not documents and not deferred:
                break
            failpoint("pulled")
            self._run.renew()
            pulled_now = chain(self._ours(deferred), self.candidates(documents))
            candidates, deferred = _one_of_each(pulled_now)
            recorded = self.decide(candidates)
            failpoint("decided")
            yield self._record(recorded)
        else:
            self.complete = False
        if self.complete:
            hold_withdrawn(self._run, self._unconfirmed.values())

    def candidates(self, documents: Sequence[ApprovedDocument]) -> list[Candidate]:
        """The documents of customers that are not paused, with their rule sets."""
        pauses = self._run.pauses()
        found = []
        for document in documents:
            candidate = self._candidate(document)
            if _paused(candidate, pauses):
                self._run.paused[candidate.core.customer] += 1
                self._unconfirmed.pop(_version(candidate), None)
            else:
                found.append(candidate)
        return self._ours(found)

    def _ours(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Without those of companies that other robots work on."""
        ours = mine(self._run, {candidate.core.company for candidate in candidates})
        for candidate in candidates:
            if candidate.core.company not in ours:
                self._unconfirmed.pop(_version(candidate), None)
        return [candidate for candidate in candidates if candidate.core.company in ours]

    def decide(self, candidates: Sequence[Candidate]) -> list[tuple[Candidate, Recorded]]:
        """What is new or may have changed, decided, in the order in which it was pulled."""
        self._learn(candidates)
        posted = forgotten_postings(self._run, candidates)
        courses = [course_of(candidate, self._run.ports.taxonomy) for candidate in candidates]
        to_decide = [
            candidate
            for candidate, course in zip(candidates, courses, strict=True)
            if course is Course.DECIDE and candidate.core.document_key not in posted
        ]
        decided = iter(decide_batch(self._run, to_decide))
        found = []
        for candidate, course in zip(candidates, courses, strict=True):
            self._unconfirmed.pop(_version(candidate), None)
            evidence = posted.get(candidate.core.document_key)
            if evidence is not None:
                found.append((candidate, taken_over(candidate, evidence)))
            elif course is Course.DECIDE:
                found.append((candidate, next(decided)))
            elif course is Course.CARRY_OUT and candidate.known is not None:
                found.append((candidate, as_decided(candidate, candidate.known)))
            elif course is Course.WAIT:
                found.append((candidate, wait(candidate)))
            elif course is Course.POSTED_BEFORE:
                found.append((candidate, hold_posted_before(self._run, candidate)))
        return found

    def _pull(self) -> Iterator[ApprovedDocument]:
        try:
            for document in self._run.ports.source.pull():
                yield document
                if self._run.stopping():
                    return
            self.complete = True
        except SourceError as error:
            self._run.problems.append(saying("source-unreadable", text=error))
            self._run.errors["source-unavailable"] += 1
            self._run.fault(error, "the source")

    def _candidate(self, document: ApprovedDocument) -> Candidate:
        rulebook = self._run.ports.rulebook
        customer: Customer | None = None
        ruleset: RuleSet = rulebook.for_unknown()
        try:
            customer = rulebook.customer_for(document)
            if customer is not None:
                ruleset = rulebook.for_customer(customer.bogfoeringskreds)
                self._run.rulesets[customer.bogfoeringskreds] = ruleset.hash
        except Exception as error:  # noqa: BLE001 - decided by the standard rules, which never post
            self._run.fault(error, document.name)
            customer = None
        return Candidate(
            document=document,
            customer=customer,
            ruleset=ruleset,
            core=core_of(document, customer),
        )

    def _learn(self, candidates: Sequence[Candidate]) -> None:
        keys = {candidate.core.document_key for candidate in candidates}
        keys |= {candidate.orphan_key or "" for candidate in candidates} - {""}
        known = self._run.ports.store.documents.known(sorted(keys))
        for candidate in candidates:
            versions = known.get(candidate.core.document_key, [])
            orphans = known.get(candidate.orphan_key or "", [])
            candidate.known = next(
                (found for found in versions if found.version == candidate.core.version), None
            )
            candidate.others = tuple(
                found for found in (*orphans, *versions) if found is not candidate.known
            )

    def _record(self, decided: Sequence[tuple[Candidate, Recorded]]) -> list[int]:
        changed = [
            (candidate, recorded)
            for candidate, recorded in decided
            if not _says_nothing_new(recorded)
        ]
        ready = [
            recorded.known.id
            for _, recorded in decided
            if recorded.known is not None
            and _says_nothing_new(recorded)
            and recorded.state is State.DECIDED
        ]
        self._run.ports.observer.progress("decide", self.pulled)
        if not changed:
            return ready
        remember(self._run, changed)
        failpoint("record-before")
        with self._run.unit() as unit:
            for candidate, _ in changed:
                self._keep_ruleset(unit, candidate)
            ids = unit.record([recorded for _, recorded in changed])
            unit.move(
                [
                    _supersede(other, candidate)
                    for candidate, _ in changed
                    for other in candidate.replaces
                ]
            )
            failpoint("record-within")
        failpoint("record-after")
        self.pulled += len(changed)
        return sorted(
            ready
            + [
                number
                for number, (_, recorded) in zip(ids, changed, strict=True)
                if recorded.state is State.DECIDED
            ]
        )

    def _keep_ruleset(self, unit: Unit, candidate: Candidate) -> None:
        ruleset = candidate.ruleset
        if ruleset.hash not in self._kept:
            customer = candidate.customer.bogfoeringskreds if candidate.customer else ""
            unit.keep_ruleset(ruleset.hash, customer, ruleset.text)
            self._kept.add(ruleset.hash)


def _version(candidate: Candidate) -> tuple[str, str]:
    return candidate.core.document_key, candidate.core.version


def _one_of_each(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """The first candidate of each document, and the others for the next batch.

    Two versions in one batch would not see each other. The same version twice is one.
    """
    first: dict[str, Candidate] = {}
    later: list[Candidate] = []
    for candidate in candidates:
        taken = first.setdefault(candidate.core.document_key, candidate)
        if taken is not candidate and taken.core.version != candidate.core.version:
            later.append(candidate)
    return list(first.values()), later


def _paused(candidate: Candidate, pauses: Mapping[str, str]) -> bool:
    customer = candidate.customer
    return (
        "" in pauses
        or candidate.core.customer in pauses
        or (customer is not None and customer.paused)
    )


def _says_nothing_new(recorded: Recorded) -> bool:
    """Decided again with the same result; a clerk who asked gets an answer all the same."""
    known = recorded.known
    return (
        known is not None
        and not known.recheck
        and known.state is recorded.state
        and known.digest == recorded.digest
        and known.attempts == recorded.attempts
    )


def _supersede(other: KnownVersion, candidate: Candidate) -> Move:
    return Move(
        document=other.id,
        origin=other.state,
        to=State.SUPERSEDED,
        act="superseded",
        detail={"by": candidate.core.version},
    )
