"""What would be decided on a day to come about the documents that are approved now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from robot.domain.customer import Customer
from robot.domain.decision import Decision, Outcome
from robot.domain.document import ApprovedDocument
from robot.flow.ports import ErpReader, Question, RuleBook

_BATCH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One document: what is decided today and what would be on the day, with the error types.

    What the ERP would say then is taken to be what it says now about accounts, creditors and
    allowed dates; the day itself, dated rules and dispensations are those of the day.
    """

    name: str
    customer: str
    posting_date: date | None
    today: Outcome
    then: Outcome
    new_codes: tuple[str, ...]
    gone_codes: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the day makes a difference."""
        return self.today is not self.then or bool(self.new_codes or self.gone_codes)


def rehearse(
    documents: Iterable[ApprovedDocument],
    rulebook: RuleBook,
    reader: ErpReader,
    *,
    today: date,
    day: date,
) -> Iterator[Rehearsed]:
    """Decide each document twice, as on today and as on the day. Writes nothing anywhere.

    Documents whose customer nobody knows are left out: they are held on every day.

    Raises:
        ErpUnavailableError: The ERP can't be read.
    """
    waiting = iter(documents)
    while batch := list(islice(waiting, _BATCH)):
        known = [
            (document, customer)
            for document in batch
            if (customer := rulebook.customer_for(document)) is not None
        ]
        now = _decided(known, rulebook, reader, today)
        then = _decided(known, rulebook, reader, day)
        for (document, customer), before, after in zip(known, now, then, strict=True):
            yield _compared(document, customer, before, after)


def _decided(
    known: Sequence[tuple[ApprovedDocument, Customer]],
    rulebook: RuleBook,
    reader: ErpReader,
    day: date,
) -> list[Decision]:
    questions = [
        Question(document=document, customer=customer, today=day) for document, customer in known
    ]
    return [
        rulebook.for_customer(question.customer.bogfoeringskreds).decide(
            question.document, facts, day
        )
        for question, facts in zip(questions, reader.facts(questions), strict=True)
    ]


def _compared(
    document: ApprovedDocument, customer: Customer, before: Decision, after: Decision
) -> Rehearsed:
    was, will = ({finding.code for finding in it.findings} for it in (before, after))
    return Rehearsed(
        name=document.name,
        customer=customer.bogfoeringskreds,
        posting_date=document.statement.posting_date,
        today=before.outcome,
        then=after.outcome,
        new_codes=tuple(sorted(will - was)),
        gone_codes=tuple(sorted(was - will)),
    )
