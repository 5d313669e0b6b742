"""A source, an ERP and rules in memory, whose faults a test can choose.

Everything else in the tests of the flow is real: store, taxonomy, calendar, texts, Maildir.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from robot.domain.canonical import canonical_text, sha256_hex
from robot.domain.customer import Customer
from robot.domain.decision import Decision, Finding, Outcome, PostingOrder
from robot.domain.document import ApprovedDocument
from robot.domain.facts import Creditor, Duplicate, Facts
from robot.domain.fields import UNKNOWN, Unknown
from robot.errors import ErpFullError, ErpUnavailableError, SourceError
from robot.flow.ports import Evidence, KeyState, Question
from tests.support.factories import a_creditor

MORNING = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that stands until a test moves it."""

    instant: datetime = MORNING

    def now(self) -> datetime:
        return self.instant


class ListSource:
    """Approved documents in a list; a rejected version is not given any more."""

    def __init__(self, *documents: ApprovedDocument) -> None:
        self.documents = list(documents)
        self.rejected: list[tuple[str, str, tuple[str, ...]]] = []
        self.unreachable = False
        #: Pulling works, telling does not.
        self.deaf = False

    def pull(self) -> Iterator[ApprovedDocument]:
        if self.unreachable:
            raise SourceError("the folder is gone")
        yield from list(self.documents)

    def withdrawn(self, versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        if self.unreachable:
            raise SourceError("the folder is gone")
        given = {(it.statement.document_id, it.version) for it in self.documents}
        return frozenset(set(versions) - given)

    def reject(self, document_id: str, version: str, reasons: Sequence[str]) -> None:
        if self.unreachable or self.deaf:
            raise SourceError("the folder is gone")
        said = (document_id, version, tuple(reasons))
        if said not in self.rejected:
            self.rejected.append(said)
        self.documents = [
            document
            for document in self.documents
            if (document.statement.document_id, document.version) != (document_id, version)
        ]


@dataclass(frozen=True)
class LedgerEntry:
    document_key: str
    receipt: str
    creditor: str
    external_number: str
    total: Decimal
    generation: str
    payload_hash: str


@dataclass
class KeyedErp:
    """An ERP with a unique document key: reads, posts, closes keys and shows its evidence."""

    creditors: dict[str, Creditor | None] = field(default_factory=dict)
    keys: dict[str, Evidence] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    #: What happens to the next calls: `lost` (never arrives), `unanswered` (is done, no answer),
    #: `late` (arrives when `deliver` is called), `asynchronous` (taken, done by `work`), `dropped`
    #: (answered and forgotten), `full` (not let in).
    faults: list[str] = field(default_factory=list)
    down: bool = False
    #: Done when a request to post or to close a key comes in.
    on_call: Callable[[], None] = lambda: None
    calls: list[str] = field(default_factory=list)
    _late: list[Callable[[], object]] = field(default_factory=list)
    _orders: dict[str, PostingOrder] = field(default_factory=dict)

    def facts(self, questions: Sequence[Question]) -> list[Facts]:
        self.calls.append(f"facts:{len(questions)}")
        self._answer()
        return [self._facts(question) for question in questions]

    def post(self, order: PostingOrder, *, generation: str, payload_hash: str) -> Evidence:
        self.calls.append(f"post:{order.external_number}")
        return self._through(lambda fault: self._post(order, generation, payload_hash, fault))

    def tombstone(
        self, company: str, document_key: str, *, generation: str, payload_hash: str
    ) -> Evidence:
        del company
        self.calls.append("tombstone")
        return self._through(lambda _fault: self._close(document_key, generation, payload_hash))

    def evidence(self, company: str, document_keys: Sequence[str]) -> Mapping[str, Evidence]:
        del company
        self._answer()
        absent = Evidence(state=KeyState.ABSENT)
        return {key: self.keys.get(key, absent) for key in document_keys}

    def deliver(self) -> None:
        """Let requests arrive that were delayed on their way."""
        late, self._late = self._late, []
        for request in late:
            request()

    def work(self) -> None:
        """Finish what was taken."""
        for key, evidence in list(self.keys.items()):
            if evidence.state is KeyState.TAKEN:
                self._enter(self._orders[key], evidence.generation, evidence.payload_hash)

    def _answer(self) -> None:
        if self.down:
            raise ErpUnavailableError("no answer")

    def _through(self, request: Callable[[str], Evidence]) -> Evidence:
        self.on_call()
        self._answer()
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "full":
            raise ErpFullError("enough is under way")
        if fault == "lost":
            raise ErpUnavailableError("no answer")
        if fault == "late":
            self._late.append(lambda: request(""))
            raise ErpUnavailableError("no answer")
        if fault == "dropped":
            return Evidence(state=KeyState.TAKEN)
        evidence = request(fault)
        if fault == "unanswered":
            raise ErpUnavailableError("no answer")
        return evidence

    def _facts(self, question: Question) -> Facts:
        invoice = question.document.invoice
        assert invoice is not None
        return Facts(
            creditor=self.creditors.get(invoice.seller.name or "", a_creditor()),
            duplicates=tuple(
                Duplicate(
                    number=entry.external_number,
                    where="posted",
                    exact=True,
                    creditor=entry.creditor,
                    amount=entry.total,
                )
                for entry in self.ledger
                if entry.external_number == invoice.number
            ),
        )

    def _post(
        self, order: PostingOrder, generation: str, payload_hash: str, fault: str
    ) -> Evidence:
        key = order.document_key
        there = self.keys.get(key)
        if there is not None and not self._takes_again(there, generation):
            return there
        if order.external_number in self.refuse:
            self.keys[key] = Evidence(
                state=KeyState.REFUSED,
                generation=generation,
                payload_hash=payload_hash,
                refusal=self.refuse[order.external_number],
            )
        elif fault == "asynchronous":
            self._orders[key] = order
            self.keys[key] = Evidence(
                state=KeyState.TAKEN, generation=generation, payload_hash=payload_hash
            )
        else:
            self._enter(order, generation, payload_hash)
        return self.keys[key]

    @staticmethod
    def _takes_again(there: Evidence, generation: str) -> bool:
        if there.state is KeyState.TOMBSTONE:
            return generation > there.generation
        return there.state is KeyState.REFUSED and generation >= there.generation

    def _enter(self, order: PostingOrder, generation: str, payload_hash: str) -> None:
        receipt = f"PF{len(self.ledger) + 1:05}"
        self.ledger.append(
            LedgerEntry(
                document_key=order.document_key,
                receipt=receipt,
                creditor=order.creditor,
                external_number=order.external_number,
                total=order.total,
                generation=generation,
                payload_hash=payload_hash,
            )
        )
        self.keys[order.document_key] = Evidence(
            state=KeyState.POSTED,
            generation=generation,
            payload_hash=payload_hash,
            receipt=receipt,
            creditor=order.creditor,
            external_number=order.external_number,
            amount=order.total,
            currency=order.currency,
        )

    def _close(self, key: str, generation: str, payload_hash: str) -> Evidence:
        there = self.keys.get(key)
        live = there is not None and there.state in {KeyState.POSTED, KeyState.TAKEN}
        later = there is not None and there.generation > generation
        if there is None or not (live or later):
            self.keys[key] = Evidence(
                state=KeyState.TOMBSTONE, generation=generation, payload_hash=payload_hash
            )
        return self.keys[key]


@dataclass
class RemarkRules:
    """Rules that do what the document's remark says; without one, what is right is posted.

    `bounce CODE`, `hold CODE`, `note CODE`, `fail` (the rules themselves break).
    """

    customer: Customer
    name: str = "rules-1"
    #: Said in place of every remark.
    instead: str | None = None

    @property
    def hash(self) -> str:
        return sha256_hex(self.name)

    @property
    def text(self) -> str:
        return f"# {self.name}\n"

    def decide(self, document: ApprovedDocument, facts: Facts, today: date) -> Decision:
        decision = Decision(
            outcome=Outcome.POST,
            ruleset=self.hash,
            facts_hash=sha256_hex(canonical_text(facts)),
            decided_on=today,
            posted_by=("everything-right",),
        )
        if document.refusal is not None:
            outcome = Outcome(document.refusal)
            return replace(
                decision, outcome=outcome, findings=(found(document.refusal),), posted_by=()
            )
        said = document.statement.remark if self.instead is None else self.instead
        word, _, code = (said or "").partition(" ")
        if word == "fail":
            raise ZeroDivisionError("a fault in a rule")
        if word in {"bounce", "hold"}:
            return replace(decision, outcome=Outcome(word), findings=(found(code),), posted_by=())
        if word == "note":
            decision = replace(decision, notes=(found(code),))
        hold = _obstacle(facts)
        if hold is not None:
            return replace(decision, outcome=Outcome.HOLD, findings=(hold,), posted_by=())
        return decision


def found(code: str, seen: str = "") -> Finding:
    return Finding(code=code, path="", seen=seen, expected="", rule="standard:test")


def _obstacle(facts: Facts) -> Finding | None:
    if isinstance(facts.duplicates, Unknown) or facts.creditor is UNKNOWN:
        return found("cannot-check")
    if facts.duplicates:
        return found("duplicate-exact", facts.duplicates[0].number)
    return found("creditor-unknown") if facts.creditor is None else None


class FewRules:
    """The rule book of a few customers."""

    held_back: tuple[str, ...] = ()

    def __init__(self, *customers: Customer) -> None:
        self.rulesets = {c.bogfoeringskreds: RemarkRules(c) for c in customers}

    @property
    def customers(self) -> tuple[Customer, ...]:
        return tuple(ruleset.customer for ruleset in self.rulesets.values())

    def customer_for(self, document: ApprovedDocument) -> Customer | None:
        ruleset = self.rulesets.get(document.statement.customer or "")
        return ruleset.customer if ruleset else None

    def for_customer(self, bogfoeringskreds: str) -> RemarkRules:
        return self.rulesets[bogfoeringskreds]

    def for_unknown(self) -> RemarkRules:
        nobody = Customer(name="", bogfoeringskreds="")
        return RemarkRules(nobody, name="standard")


@dataclass
class NotedFaults:
    """An observer that keeps what it was told."""

    faults: list[tuple[str, str]] = field(default_factory=list)

    def progress(self, step: str, done: int) -> None:
        pass

    def fault(self, error: Exception, about: str) -> None:
        self.faults.append((type(error).__name__, about))
