"""`invoice-robot invoice`: look at documents, and a clerk's acts on held ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from robot import bootstrap
from robot.cli.joined import (
    JSON_OPTION,
    REASON_OPTION,
    console,
    echo_json,
    person,
    robot,
    table,
)
from robot.domain.calendar import COPENHAGEN
from robot.domain.decision import Finding, Truth
from robot.domain.reposting import REPOSTING
from robot.domain.state import State
from robot.flow.clerk import Clerk
from robot.flow.history import VersionHistory, history
from robot.flow.records import DecisionRow, DocumentFilter, DocumentRow
from robot.flow.reporting import Reporter

_REFERENCE: Final = click.argument("reference")


@click.group("invoice")
def invoice() -> None:
    """Documents: look, and act on held ones.

    REFERENCE is a source id, an invoice number, a case number or the beginning of a document key.
    """


@invoice.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]))
@click.option("--customer", default="", help="Bogføringskreds.")
@click.option("--code", default="", help="An error type.")
@JSON_OPTION
def listing(state: str | None, customer: str, code: str, *, as_json: bool) -> None:
    """List documents."""
    which = DocumentFilter(
        states=frozenset({State(state)}) if state else frozenset(), customer=customer, code=code
    )
    with robot() as joined:
        rows = joined.store.documents.listing(which)
        if as_json:
            echo_json([_row(row) for row in rows])
            return
        shown = table("source id", "customer", "supplier", "number", "total", "state", "why")
        for row in rows:
            core = row.core
            amount = f"{core.total:,.2f} {core.currency}" if core.total is not None else ""
            shown.add_row(
                *map(Text, (core.source_id, core.customer, core.supplier, core.number, amount)),
                Text(row.state.value),
                Text(", ".join(row.codes)),
            )
        console().print(shown)


@invoice.command("show")
@_REFERENCE
@JSON_OPTION
def show(reference: str, *, as_json: bool) -> None:
    """Show everything about one document: versions, decisions and why, effects, mails, trail."""
    with robot() as joined:
        versions = history(joined.store, reference)
        if not versions:
            raise click.BadParameter(f"no document '{reference}'", param_hint="REFERENCE")
        if as_json:
            echo_json([_version(version) for version in versions])
            return
        reporter = Reporter(ports=joined.ports)
        output = console()
        for version in versions:
            _show(output, reporter, version)


@invoice.command("recheck")
@_REFERENCE
@REASON_OPTION
def recheck(reference: str, reason: str) -> None:
    """Have the next run look it up and decide it again."""
    _act(lambda clerk: clerk.recheck(reference, reason), "the next run decides it again")


@invoice.command("release")
@_REFERENCE
@REASON_OPTION
def release(reference: str, reason: str) -> None:
    """Have the next run post it in spite of its findings, where these may be passed over."""
    _act(lambda clerk: clerk.release(reference, reason), "the next run posts it")


@invoice.command("bounce")
@_REFERENCE
@REASON_OPTION
@click.option("--code", "codes", multiple=True, required=True, help="An error type; repeatable.")
def bounce(reference: str, reason: str, codes: tuple[str, ...]) -> None:
    """Send it back to its customer with these error types."""
    _act(lambda clerk: clerk.bounce(reference, reason, codes), "the next run sends it back")


@invoice.command("drop")
@_REFERENCE
@REASON_OPTION
def drop(reference: str, reason: str) -> None:
    """Take it out: it is settled outside the robot."""
    _act(lambda clerk: clerk.drop(reference, reason), "the robot does nothing more about it")


def _act(act: Callable[[Clerk], DocumentRow], what_follows: str) -> None:
    with robot() as joined:
        row = act(_clerk(joined))
    click.echo(f"{row.core.source_id} ({row.core.supplier} {row.core.number}): {what_follows}")


def _clerk(joined: bootstrap.Robot) -> Clerk:
    ports = joined.ports
    return Clerk(store=ports.store, taxonomy=ports.taxonomy, clock=ports.clock, name=person())


def _show(output: Console, reporter: Reporter, version: VersionHistory) -> None:
    row, core = version.document, version.document.core
    whose = "" if core.system == REPOSTING else f" from {core.supplier or '?'}"
    head = f"{core.kind or 'document'} {core.number}{whose}"
    output.print(Text(head, style="bold"))
    amount = f"{core.total:,.2f} {core.currency}" if core.total is not None else "no amount"
    whose = f"{core.customer} {reporter.customer(core).name}".strip() or "unknown"
    output.print(Text(f"  {amount}; customer {whose}; source {core.source_id}"))
    output.print(Text(f"  version {core.version}; state {row.state.value}{_standing(row)}"))
    for made in version.decisions:
        _show_decision(output, reporter, version, made)
    for effect in version.effects:
        text = f"  {effect.kind.value}: {effect.status.value} {effect.outcome}"
        output.print(Text(text.rstrip()))
    for mail in version.mails:
        output.print(Text(f"  mail {mail.status.value}: {mail.mail.subject}"))
    trail = table("at (Copenhagen)", "who", "what", "detail")
    for entry in version.trail:
        detail = ", ".join(f"{name}={value}" for name, value in entry.detail.items())
        at = entry.at.astimezone(COPENHAGEN)
        trail.add_row(f"{at:%Y-%m-%d %H:%M:%S}", *map(Text, (entry.actor, entry.act, detail)))
    output.print(trail)


def _show_decision(
    output: Console, reporter: Reporter, version: VersionHistory, made: DecisionRow
) -> None:
    at = made.decided_at.astimezone(COPENHAGEN)
    decision = made.decision
    output.print(Text(f"\n  {at:%Y-%m-%d %H:%M} decided: {decision.outcome.value}"))
    output.print(Text(f"    rules {decision.ruleset[:12]}, facts {decision.facts_hash[:12]}"))
    for name, items in (("", decision.findings), ("note ", decision.notes)):
        for finding in items:
            _show_finding(output, reporter, version, finding, name)
    for finding in decision.suppressed:
        output.print(Text(f"    (follows from another: {finding.code} {finding.path})"))
    for rule in decision.posted_by:
        output.print(Text(f"    let through by {rule}"))
    for result in decision.results:
        if result.truth is Truth.UNKNOWN:
            fields = ", ".join(result.unknown)
            output.print(Text(f"    {result.rule} could not tell: {fields} not known"))


def _standing(row: DocumentRow) -> str:
    parts = [
        f"posted as {row.receipt}" if row.receipt else "",
        f"case {row.case_number}" if row.case_number else "",
        "to be decided again" if row.recheck else "",
        f"released by {row.released_by}" if row.released_by else "",
    ]
    return "".join(f"; {part}" for part in parts if part)


def _show_finding(
    output: Console, reporter: Reporter, version: VersionHistory, finding: Finding, kind: str
) -> None:
    worded = reporter.finding(finding, version.document.core)
    output.print(Text(f"    {kind}{finding.code}: {worded.title_en} / {worded.title}"))
    seen = f", seen {finding.seen}" if finding.seen else ""
    expected = f", expected {finding.expected}" if finding.expected else ""
    where = f"at {finding.path}" if finding.path else "at the document"
    output.print(Text(f"      {where}{seen}{expected}, by {finding.rule}", style="dim"))


def _row(row: DocumentRow) -> dict[str, Any]:
    core = row.core
    return {
        "id": core.source_id,
        "key": core.document_key,
        "version": core.version,
        "customer": core.customer,
        "supplier": core.supplier,
        "number": core.number,
        "kind": core.kind,
        "total": None if core.total is None else f"{core.total:f}",
        "currency": core.currency,
        "state": row.state.value,
        "findings": list(row.codes),
        "receipt": row.receipt,
        "case": row.case_number,
        "changed_at": row.changed_at.isoformat(),
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "path": finding.path,
        "seen": finding.seen,
        "expected": finding.expected,
        "rule": finding.rule,
    }


def _version(version: VersionHistory) -> dict[str, Any]:
    return {
        **_row(version.document),
        "decisions": [
            {
                "at": made.decided_at.isoformat(),
                "outcome": made.decision.outcome.value,
                "findings": [_finding(found) for found in made.decision.findings],
                "suppressed": [_finding(found) for found in made.decision.suppressed],
                "notes": [_finding(found) for found in made.decision.notes],
                "posted_by": list(made.decision.posted_by),
                "unknown": {
                    result.rule: list(result.unknown)
                    for result in made.decision.results
                    if result.truth is Truth.UNKNOWN
                },
                "ruleset": made.decision.ruleset,
                "facts": made.decision.facts_hash,
            }
            for made in version.decisions
        ],
        "effects": [
            {
                "kind": effect.kind.value,
                "status": effect.status.value,
                "attempts": effect.attempts,
                "outcome": effect.outcome,
            }
            for effect in version.effects
        ],
        "mails": [
            {"message_id": mail.mail.message_id, "status": mail.status.value}
            for mail in version.mails
        ],
        "trail": [
            {"at": entry.at.isoformat(), "actor": entry.actor, "act": entry.act, **entry.detail}
            for entry in version.trail
        ],
    }


COMMANDS: Final = (invoice,)
