"""`invoice-robot mail receive|list|show|assign|dismiss`: mails that came in."""

from __future__ import annotations

from typing import Any, Final

import click
from rich.text import Text

from robot import bootstrap
from robot.cli.joined import JSON_OPTION, REASON_OPTION, console, echo_json, person, robot, table
from robot.domain.calendar import COPENHAGEN
from robot.domain.incoming import FOR_A_PERSON, Route
from robot.flow.inbox import poll
from robot.flow.inbox_records import IncomingFilter, IncomingMail
from robot.flow.triage import MailClerk

_NUMBER: Final = click.argument("mail", type=int)
_SHOWN_SUBJECT: Final = 60
_FOR_A_PERSON: Final = 1


@click.command("receive")
@JSON_OPTION
def receive(*, as_json: bool) -> None:
    """Read the robot's mailbox now; exit code 1 when a person has to look."""
    with robot() as joined:
        found = poll(joined.ports, bootstrap.run_options(joined.settings, "mail"))
        waiting = joined.store.inbox.count_for_a_person()
    if as_json:
        echo_json(
            {
                "mails": found.mails,
                "routes": dict(found.routes),
                "answers": found.answers,
                "for_a_person": waiting,
                "problems": found.problems,
            }
        )
    else:
        click.echo(f"{found.mails} mails came in, {found.answers} were answered.")
        for route, many in sorted(found.routes.items()):
            click.echo(f"  {route}: {many}")
        for problem in found.problems:
            click.echo(f"  {problem}")
        if waiting:
            click.echo(f"{waiting} wait for a person: see `invoice-robot mail list`.")
    if waiting or found.problems:
        raise SystemExit(_FOR_A_PERSON)


@click.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that wait for nobody.")
@click.option("--route", type=click.Choice([route.value for route in Route]))
@click.option("--customer", default="", help="Bogføringskreds.")
@click.option("--case", "case_number", default="", help="Case number.")
@click.option("--limit", default=200, show_default=True, help="How many mails at most.")
@JSON_OPTION
def listing(
    *,
    everything: bool,
    route: str | None,
    customer: str,
    case_number: str,
    limit: int,
    as_json: bool,
) -> None:
    """List mails that wait for a person: quarantine, triage and what is too big, newest first."""
    chosen = frozenset({Route(route)}) if route else frozenset() if everything else FOR_A_PERSON
    which = IncomingFilter(
        routes=chosen,
        customer=customer,
        case_number=case_number.upper(),
        unhandled=not everything,
        limit=limit,
    )
    with robot() as joined:
        rows = joined.store.inbox.listing(which)
    if as_json:
        echo_json([_as_json(row) for row in rows])
        return
    shown = table("mail", "came (Copenhagen)", "route", "kind", "sender", "subject", "why")
    for row in rows:
        shown.add_row(
            str(row.id),
            f"{row.received_at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}",
            row.route.value if row.route else row.status,
            row.kind.value if row.kind else "–",
            Text(row.sender or "–"),
            Text(row.subject[:_SHOWN_SUBJECT]),
            Text(row.reason),
        )
    console().print(shown)


@click.command("show")
@_NUMBER
@JSON_OPTION
def show(mail: int, *, as_json: bool) -> None:
    """Show one mail: where it went and why, what was written, and where the original is kept."""
    with robot() as joined:
        row = MailClerk(ports=joined.ports, name=person()).get(mail)
    values = _as_json(row) | {"text": row.text, "original": f"{row.content_hash}.eml"}
    if as_json:
        echo_json(values)
        return
    for name, value in values.items():
        if value not in (None, "", {}, []):
            console().print(Text(f"{name}: {value}"))


@click.command("assign")
@_NUMBER
@click.argument("case")
@REASON_OPTION
def assign(mail: int, case: str, reason: str) -> None:
    """Attach a mail that waits to CASE; its text becomes a comment there."""
    with robot() as joined:
        row = MailClerk(ports=joined.ports, name=person()).assign(mail, case, reason)
    click.echo(f"mail {row.id} is on case {row.case_number}")


@click.command("dismiss")
@_NUMBER
@REASON_OPTION
def dismiss(mail: int, reason: str) -> None:
    """Leave a mail that waits alone; the original is kept."""
    with robot() as joined:
        row = MailClerk(ports=joined.ports, name=person()).dismiss(mail, reason)
    click.echo(f"mail {row.id} is dismissed")


def _as_json(row: IncomingMail) -> dict[str, Any]:
    return {
        "mail": row.id,
        "received_at": row.received_at.isoformat(),
        "status": row.status,
        "route": row.route.value if row.route else None,
        "kind": row.kind.value if row.kind else None,
        "intent": row.intent.value,
        "case": row.case_number,
        "customer": row.customer,
        "sender": row.sender,
        "subject": row.subject,
        "reason": row.reason,
        "detail": dict(row.detail),
        "handled_by": row.handled_by,
    }


COMMANDS: Final = (receive, listing, show, assign, dismiss)
