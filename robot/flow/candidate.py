"""A pulled document with what the robot knows of it already, and what follows from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from robot.domain.canonical import compact_text, decimal_text, sha256_hex
from robot.domain.customer import Customer
from robot.domain.decision import RuleSet
from robot.domain.document import Approval, ApprovedDocument, document_key, generation
from robot.domain.invoice import Invoice
from robot.domain.likeness import Trait, number_key
from robot.domain.rows import rounding_to_post
from robot.domain.state import FINAL, IN_FLIGHT, State
from robot.domain.taxonomy import Taxonomy
from robot.flow.findings import ALARMS, may_clear_by_itself
from robot.flow.order import company_of, key_of
from robot.flow.records import DocumentCore, KnownVersion


class Course(StrEnum):
    """What is to be done with a pulled document."""

    #: It is known and nothing has changed.
    LEAVE = "leave"
    DECIDE = "decide"
    #: A clerk sent it back: only carry that out.
    CARRY_OUT = "carry-out"
    #: The outcome of an earlier version is not known: this one waits.
    WAIT = "wait"
    #: An earlier version is posted: a person looks at this one.
    POSTED_BEFORE = "posted-before"


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A pulled document on its way to a decision."""

    document: ApprovedDocument
    customer: Customer | None
    ruleset: RuleSet
    core: DocumentCore
    #: The same version in the store.
    known: KnownVersion | None = None
    #: Other versions of the same document.
    others: tuple[KnownVersion, ...] = ()

    @property
    def orphan_key(self) -> str | None:
        """The key that the document had while nobody knew its customer."""
        if not self.core.company:
            return None
        return document_key(self.core.system, "", self.core.source_id)

    @property
    def other_in_flight(self) -> bool:
        """Whether the outcome of another version at the ERP is open."""
        return any(other.state in IN_FLIGHT for other in self.others)

    @property
    def other_posted(self) -> bool:
        """Whether another version is posted: this one never will be."""
        return any(other.state is State.POSTED for other in self.others)

    @property
    def replaces(self) -> tuple[KnownVersion, ...]:
        """Open versions whose place this one takes."""
        return tuple(
            other
            for other in self.others
            if other.state not in FINAL and other.state not in IN_FLIGHT
        )


def course_of(candidate: Candidate, taxonomy: Taxonomy) -> Course:
    """What is to be done, from the states of all known versions."""
    known = candidate.known
    if known is None:
        return _course_of_new(candidate)
    if known.state in FINAL or known.state in IN_FLIGHT or candidate.other_in_flight:
        return Course.LEAVE
    if candidate.other_posted:
        return Course.POSTED_BEFORE if known.state is State.PULLED else Course.LEAVE
    if known.state is State.DECIDED and known.sent_back_by is not None:
        return Course.CARRY_OUT
    return Course.DECIDE if _may_differ(known, candidate, taxonomy) else Course.LEAVE


def _may_differ(known: KnownVersion, candidate: Candidate, taxonomy: Taxonomy) -> bool:
    """Whether a new decision may differ from the one that stands."""
    if known.state in {State.DECIDED, State.PULLED} or known.recheck:
        return True
    if known.state is State.UNREADABLE:
        return candidate.document.refusal is None
    return not ALARMS.intersection(known.codes) and (
        known.ruleset != candidate.ruleset.hash
        or may_clear_by_itself(known.codes, known.attempts, taxonomy)
    )


def _course_of_new(candidate: Candidate) -> Course:
    if candidate.other_in_flight:
        return Course.WAIT
    if candidate.other_posted:
        return Course.POSTED_BEFORE
    return Course.DECIDE


def core_of(document: ApprovedDocument, customer: Customer | None) -> DocumentCore:
    """What is kept of a document besides its decisions."""
    statement, invoice = document.statement, document.invoice
    company = company_of(customer)
    core = DocumentCore(
        document_key=key_of(document, customer),
        version=document.version,
        generation=generation(statement),
        system=statement.system,
        company=company,
        customer=customer.bogfoeringskreds if customer else statement.customer or "",
        source_id=statement.document_id,
        name=document.name,
        content_hash=document.content_hash,
        confidential=statement.confidential is True,
        steps=_steps(statement.approvals),
    )
    if invoice is None:
        return core
    rounding = rounding_to_post(invoice, statement.coding or ())
    return _with_invoice(core, invoice, invoice.total + rounding)


def _steps(approvals: Sequence[Approval] | None) -> str:
    """The source's steps as JSON: step, who and when."""
    if not approvals:
        return ""
    return compact_text([[it.step.value, it.by, it.at.isoformat()] for it in approvals])


def _with_invoice(core: DocumentCore, invoice: Invoice, total: Decimal) -> DocumentCore:
    trait = trait_of(invoice)
    base = (core.company, trait.supplier, trait.kind)
    means = invoice.payment_means[0] if invoice.payment_means else None
    likeness_mark = None
    if trait.issue_date is not None:
        likeness_mark = sha256_hex(
            "\n".join((*base, trait.issue_date.isoformat(), decimal_text(invoice.total)))
        )
    return replace(
        core,
        kind=trait.kind,
        number=invoice.number,
        supplier=invoice.seller.name or invoice.seller.legal_name or "",
        issue_date=invoice.issue_date,
        due_date=invoice.due_date or (means.due_date if means else None),
        total=total,
        payable=invoice.payable,
        currency=invoice.currency,
        lines=len(invoice.lines),
        number_mark=sha256_hex("\n".join((*base, number_key(trait.number)))),
        likeness_mark=likeness_mark,
    )


def trait_of(invoice: Invoice) -> Trait:
    """What duplicates of this invoice are recognised by: the supplier's own best number."""
    seller = invoice.seller
    supplier = next(
        (f"{scheme}:{number}" for scheme in _SUPPLIER if (number := seller.number(scheme))),
        f"name:{(seller.legal_name or seller.name or '').strip().casefold()}",
    )
    return Trait(
        supplier=supplier,
        kind=invoice.kind.value,
        number=invoice.number,
        amount=invoice.total,
        issue_date=invoice.issue_date,
    )


_SUPPLIER: Final = ("cvr", "se", "vat", "gln")
