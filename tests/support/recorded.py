"""A document as it is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from robot.domain.decision import Decision, Outcome, RuleResult, Truth
from robot.domain.decision import Effect as RuleEffect
from robot.domain.state import State
from robot.flow.records import DocumentCore, Recorded
from tests.support.fakes import found

DECISION = Decision(
    outcome=Outcome.HOLD,
    findings=(found("creditor-unknown", "…4567"), found("dimension-missing")),
    suppressed=(found("account-unknown"),),
    notes=(found("large-amount"),),
    results=(
        RuleResult(
            rule="standard:x",
            effect=RuleEffect.HOLD,
            truth=Truth.UNKNOWN,
            error_type="cannot-check",
            unknown=("creditor.known",),
        ),
    ),
    ruleset="r" * 64,
    facts_hash="f" * 64,
    decided_on=date(2026, 11, 24),
    posting_date=date(2026, 11, 30),
)


def a_core(source_id: str = "SDI-1", **overrides: object) -> DocumentCore:
    core = DocumentCore(
        document_key=source_id.rjust(64, "k"),
        version="v1",
        generation="2026-11-12T11:00:00+00:00",
        system="sdi",
        company="Eksempelstyrelsen",
        customer="99001",
        source_id=source_id,
        name=f"{source_id}.xml",
        content_hash="c" * 64,
        kind="invoice",
        number="F-1001",
        supplier="Rengøring Øst A/S",
        issue_date=date(2026, 11, 9),
        total=Decimal("1250.00"),
        payable=Decimal("1250.00"),
        currency="DKK",
        lines=2,
        number_mark="n" * 64,
        likeness_mark="l" * 64,
    )
    return replace(core, **overrides)  # type: ignore[arg-type]  # any field of the core


def a_recorded(source_id: str = "SDI-1", state: State = State.HELD, **core: object) -> Recorded:
    return Recorded(
        known=None, core=a_core(source_id, **core), state=state, digest="d", decision=DECISION
    )
