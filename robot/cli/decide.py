"""`invoice-robot decide`: documents from files, without any database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from robot import bootstrap, settings
from robot.cli.joined import JSON_OPTION, findings_as_json
from robot.domain.calendar import COPENHAGEN
from robot.domain.decision import Decision, Outcome, RuleSet
from robot.domain.document import ApprovedDocument
from robot.domain.facts import NOTHING_KNOWN, Facts
from robot.domain.facts_text import FactsTextError, facts_from
from robot.rulebook.book import RuleBook

_REFUSED: Final = frozenset({Outcome.UNREADABLE, Outcome.NOT_AN_INVOICE})


@click.command("decide")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--customer", help="Bogføringskreds or name; else by the document itself.")
@click.option(
    "--facts",
    "facts_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the ERP says, as JSON; what is left out is not known.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Decide as on this day.")
@JSON_OPTION
def decide(
    files: tuple[Path, ...],
    customer: str | None,
    facts_file: Path | None,
    as_of: Any,  # noqa: ANN401 - click gives a datetime or None
    *,
    as_json: bool,
) -> None:
    """Decide documents from files, with their sidecars, without any database.

    With --json, one JSON object a line. A folder stands for the files in it.
    """
    book = bootstrap.rulebook(settings.load())
    today = as_of.date() if as_of else bootstrap.SystemClock().now().astimezone(COPENHAGEN).date()
    facts = _facts(facts_file)
    worst = 0
    for path in _each(files):
        document = bootstrap.read_file(path)
        rules = _rules(book, document, customer)
        decision = rules.decide(document, facts, today)
        worst = max(worst, decision.outcome is not Outcome.POST)
        if as_json:
            click.echo(json.dumps(as_object(path, document, decision), ensure_ascii=False))
        else:
            _tell(path, document, decision)
    raise SystemExit(int(worst))


def as_object(path: Path, document: ApprovedDocument, decision: Decision) -> dict[str, Any]:
    """What `decide --json` prints for one file."""
    value: dict[str, Any] = {"file": str(path), "outcome": decision.outcome.value}
    invoice = document.invoice
    if invoice is None:
        value["reason"] = document.reason
    value["document"] = None
    if invoice is not None:
        value["document"] = {
            "number": invoice.number,
            "supplier": invoice.seller.name or invoice.seller.legal_name,
            "total": f"{invoice.payable:f}",
            "currency": invoice.currency,
            "lines": len(invoice.lines),
        }
    value["findings"] = findings_as_json(decision)
    value["ruleset"] = decision.ruleset
    return value


def _facts(path: Path | None) -> Facts:
    if path is None:
        return NOTHING_KNOWN
    try:
        return facts_from(path.read_text(encoding="utf-8"))
    except (FactsTextError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path}: {error}", param_hint="--facts") from None


def _each(files: tuple[Path, ...]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if found.suffix.lower() == ".xml")
        else:
            yield path


def _rules(book: RuleBook, document: ApprovedDocument, customer: str | None) -> RuleSet:
    if customer is None:
        served = book.customer_for(document)
        return book.for_customer(served.bogfoeringskreds) if served else book.for_unknown()
    for known in book.customers:
        if customer.casefold() in {known.bogfoeringskreds, known.name.casefold()}:
            return book.for_customer(known.bogfoeringskreds)
    named = ", ".join(f"{known.bogfoeringskreds} {known.name}" for known in book.customers)
    raise click.BadParameter(f"no customer '{customer}' (known: {named})", param_hint="--customer")


def _tell(path: Path, document: ApprovedDocument, decision: Decision) -> None:
    invoice = document.invoice
    what = (
        f"{invoice.kind.value} {invoice.number}, {invoice.payable:f} {invoice.currency}"
        if invoice
        else document.reason or ""
    )
    click.echo(f"{path}: {decision.outcome.value}: {what}")
    for finding in decision.findings:
        seen = f" (seen: {finding.seen})" if finding.seen else ""
        click.echo(f"    {finding.code}  {finding.path}{seen}  by {finding.rule}")
    for rule in decision.posted_by:
        click.echo(f"    let through by {rule}")


COMMANDS: Final = (decide,)
