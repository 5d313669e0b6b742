"""`invoice-robot rules shadow`: a candidate decides beside the rules in force."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

import click

from robot import settings
from robot.cli.joined import JSON_OPTION, console, echo_json, table
from robot.cli.rule_changes import account, opened_store
from robot.cli.rule_tools import MakeTools
from robot.errors import RuleChangeError
from robot.flow.rule_port import RuleChanges
from robot.flow.rule_records import NewShadow, Shadow, ShadowStatus
from robot.flow.shadow_report import ShadowReport, shadow_report
from robot.rulebook.loader import LoadedRules, load
from robot.rulebook.shadow import frozen

_NUMBER: Final = click.argument("number", type=int, required=False)


@click.group("shadow")
def shadow() -> None:
    """Let candidate rules decide beside those in force, without acting."""


@shadow.command("start")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--runs", type=click.IntRange(1, 1000), required=True, help="How many runs.")
@click.option("--customer", "customers", multiple=True, help="Only these (kreds or file name).")
@click.pass_obj
def start(tools: MakeTools, directory: Path, runs: int, customers: tuple[str, ...]) -> None:
    """Begin with the rules in DIRECTORY as they are now; later changes to it do not count."""
    loaded = load(directory, tools().catalogue)
    stems = [_stem(loaded, name) for name in customers]
    new = NewShadow(
        directory=str(directory),
        customers=tuple(_kreds(loaded, stem) for stem in stems),
        text=frozen(loaded, stems),
        runs=runs,
    )
    with opened_store(settings.load()) as store, store.writing(actor=account()) as unit:
        number = unit.rules.start_shadow(new)
    whom = ", ".join(new.customers) or "all customers"
    click.echo(f"shadow {number} decides beside the rules in force for {runs} runs: {whom}")


@shadow.command("status")
@JSON_OPTION
def status(*, as_json: bool) -> None:
    """Say how far the latest shadow has come."""
    with opened_store(settings.load()) as store:
        report = _report(store.rules, None)
    if as_json:
        echo_json({k: v for k, v in report.as_json().items() if k != "differences"})
        return
    click.echo(_headline(report.shadow))
    click.echo(
        f"{report.compared.documents} documents compared, "
        f"{len(report.differences)} would be decided otherwise"
    )


@shadow.command("stop")
@click.option("--reason", default="", help="Kept in the audit trail.")
def stop(reason: str) -> None:
    """End the shadow that runs; what it saw is kept."""
    with opened_store(settings.load()) as store:
        running = store.rules.shadow()
        if running is None or running.status is not ShadowStatus.RUNNING:
            raise RuleChangeError("no shadow runs")
        with store.writing(actor=account()) as unit:
            unit.rules.end_shadow(running.id, ShadowStatus.STOPPED, reason)
    click.echo(f"shadow {running.id} is stopped")


@shadow.command("report")
@_NUMBER
@JSON_OPTION
def report(number: int | None, *, as_json: bool) -> None:
    """Show which documents shadow NUMBER (default: the latest) would decide otherwise."""
    with opened_store(settings.load()) as store:
        found = _report(store.rules, number)
    if as_json:
        echo_json(found.as_json())
        return
    click.echo(_headline(found.shadow))
    out = console()
    counts = table("in force", "candidate", "documents", "DKK")
    for (old, new), count in sorted(found.outcomes.items()):
        counts.add_row(old, new, str(count.documents), _kroner(count.amount))
    out.print(counts)
    if not found.differences:
        click.echo("no document would be decided otherwise")
        return
    rows = table("customer", "document", "number", "supplier", "DKK", "in force", "candidate")
    for item in found.differences:
        amount = "–" if item.amount is None else _kroner(item.amount)
        old = _why(item.old_outcome, item.old_codes, item.old_rules)
        new = _why(item.new_outcome, item.new_codes, item.new_rules)
        rows.add_row(item.customer, item.source_id, item.number, item.supplier, amount, old, new)
    out.print(rows)


def _report(changes: RuleChanges, number: int | None) -> ShadowReport:
    found = changes.shadow(number)
    if found is None:
        raise RuleChangeError(
            "there was no shadow yet" if number is None else f"there is no shadow {number}",
            hint="`invoice-robot rules shadow start DIR --runs N` begins one",
        )
    return shadow_report(found, changes.comparisons(found.id))


def _headline(found: Shadow) -> str:
    return "".join(_headline_parts(found))


def _headline_parts(found: Shadow) -> Iterator[str]:
    yield f"shadow {found.id} of {found.directory}: {found.status.value}, "
    yield f"{found.runs_done} of {found.runs} runs"
    if found.customers:
        yield f", for {', '.join(found.customers)}"
    if found.words:
        yield f" ({found.words})"


def _why(outcome: str, codes: tuple[str, ...], rules: tuple[str, ...]) -> str:
    return f"{outcome}: {', '.join(codes or rules) or '–'}"


def _kroner(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _stem(loaded: LoadedRules, name: str) -> str:
    for stem, file in loaded.customers.items():
        if name == stem or (file.customer and name == file.customer.bogfoeringskreds):
            return stem
    known = ", ".join(sorted(loaded.customers)) or "none"
    raise RuleChangeError(f"there is no customer '{name}' in the candidate (known: {known})")


def _kreds(loaded: LoadedRules, stem: str) -> str:
    customer = loaded.customers[stem].customer
    return stem if customer is None else customer.bogfoeringskreds


COMMANDS: Final[tuple[click.Command, ...]] = (shadow,)
