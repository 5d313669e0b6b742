"""`invoice-robot case` and `mailbox`: the dialogue with customers, and who sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import click
from rich.text import Text

from robot.cli.joined import JSON_OPTION, REASON_OPTION, console, echo_json, person, robot, table
from robot.domain.calendar import COPENHAGEN
from robot.domain.case import CaseStatus, Visibility, status_words
from robot.flow.case_records import CaseDocument, SharedMailbox
from robot.flow.cases import CaseClerk, CaseLine, CaseReader, CaseView, Wanted
from robot.flow.mailboxes import MailboxClerk

_NUMBER: Final = click.argument("number")
_ADDRESS: Final = click.argument("address")
_PERSON: Final = click.argument("who", metavar="PERSON")


@click.group("case")
def case() -> None:
    """Cases: what customers were told, what they wrote, who has to act.

    NUMBER is a case number, SAM-2026-000123.
    """


@case.command("list")
@click.option("--customer", default="", help="Bogføringskreds.")
@click.option("--status", type=click.Choice([status.value for status in CaseStatus]))
@click.option("--seen-by", default="", help="Only cases that this address sees.")
@click.option("--open", "open_only", is_flag=True, help="Leave out cases that were closed.")
@JSON_OPTION
def listing(
    customer: str, status: str | None, seen_by: str, *, open_only: bool, as_json: bool
) -> None:
    """List cases with who has to act and since when."""
    wanted = Wanted(
        customer=customer,
        status=CaseStatus(status) if status else None,
        address=seen_by,
        open_only=open_only,
    )
    with _reader() as reader:
        lines = reader.listing(wanted)
        if as_json:
            echo_json([_line(line) for line in lines])
            return
        shown = table("case", "customer", "status", "ball", "since", "documents", "causes")
        for line in lines:
            codes = dict.fromkeys(code for it in line.documents for code in it.codes)
            shown.add_row(
                line.case.number,
                line.case.customer,
                _status(line.standing.status),
                line.standing.ball.value,
                _minute(line.standing.since),
                Text(", ".join(it.number for it in line.documents)),
                ", ".join(codes),
            )
        console().print(shown)


@case.command("show")
@_NUMBER
@JSON_OPTION
def show(number: str, *, as_json: bool) -> None:
    """Show one case: documents, who sees it, and everything that was said, internal notes too."""
    with _reader() as reader:
        view = reader.view(number)
    if as_json:
        echo_json(_view(view))
        return
    _show(view)


@case.command("share")
@_NUMBER
@_ADDRESS
def share(number: str, address: str) -> None:
    """Let an address of the customer's see the case; a shared mailbox lets its members see it."""
    with _clerk() as clerk:
        clerk.share(number, address)
    click.echo(f"{number.upper()}: {address.lower()} sees it now")


@case.command("unshare")
@_NUMBER
@_ADDRESS
def unshare(number: str, address: str) -> None:
    """Take an address off the case."""
    with _clerk() as clerk:
        clerk.unshare(number, address)
    click.echo(f"{number.upper()}: {address.lower()} does not see it any more")


@case.command("comment")
@_NUMBER
@click.argument("text")
@click.option("--external", is_flag=True, help="All parties see it. Without it, only the centre.")
def comment(number: str, text: str, *, external: bool) -> None:
    """Write on the case: a note for the centre, or with --external for its parties."""
    with _clerk() as clerk:
        (clerk.answer if external else clerk.note)(number, text)
    seen = "its parties see it" if external else "only the centre sees it"
    click.echo(f"{number.upper()}: written; {seen}")


@case.command("close")
@_NUMBER
@REASON_OPTION
def close(number: str, reason: str) -> None:
    """Close the case: nobody is reminded any more. The customer does not see the reason."""
    with _clerk() as clerk:
        clerk.close(number, reason)
    click.echo(f"{number.upper()}: closed; it opens again when a document of it bounces again")


@case.command("reopen")
@_NUMBER
@REASON_OPTION
def reopen(number: str, reason: str) -> None:
    """Open a closed case again. The customer does not see the reason."""
    with _clerk() as clerk:
        clerk.reopen(number, reason)
    click.echo(f"{number.upper()}: open again")


@click.group("mailbox")
def mailbox() -> None:
    """Shared mailboxes: all who have access see the cases that are mailed to or from them."""


@mailbox.command("list")
@click.option("--customer", default="", help="Bogføringskreds.")
@JSON_OPTION
def list_mailboxes(customer: str, *, as_json: bool) -> None:
    """List shared mailboxes with who has access."""
    with _mailbox_clerk() as clerk:
        boxes = clerk.listing(customer)
    if as_json:
        echo_json([_mailbox(box) for box in boxes])
        return
    shown = table("mailbox", "customer", "state", "who has access")
    for box in boxes:
        state = "closed" if box.closed else "open"
        shown.add_row(Text(box.address), box.customer, state, Text(", ".join(box.members)))
    console().print(shown)


@mailbox.command("create")
@_ADDRESS
@click.option("--customer", required=True, help="Bogføringskreds.")
@click.option("--member", "members", multiple=True, help="Who has access; repeatable.")
def create(address: str, customer: str, members: tuple[str, ...]) -> None:
    """Create a shared mailbox, or open a closed one again."""
    with _mailbox_clerk() as clerk:
        _say(clerk.create(address, customer, members))


@mailbox.command("add")
@_ADDRESS
@_PERSON
def add(address: str, who: str) -> None:
    """Give PERSON access: all cases of the mailbox are seen, earlier ones too."""
    with _mailbox_clerk() as clerk:
        _say(clerk.add(address, who))


@mailbox.command("remove")
@_ADDRESS
@_PERSON
def remove(address: str, who: str) -> None:
    """Take PERSON's access away."""
    with _mailbox_clerk() as clerk:
        _say(clerk.remove(address, who))


@mailbox.command("close")
@_ADDRESS
def close_mailbox(address: str) -> None:
    """Close a shared mailbox: nobody sees cases through it, and no notice goes there."""
    with _mailbox_clerk() as clerk:
        _say(clerk.close(address))


COMMANDS: Final = (case, mailbox)


@contextmanager
def _reader() -> Iterator[CaseReader]:
    with robot() as joined:
        ports = joined.ports
        yield CaseReader(store=ports.store, customers=ports.rulebook.customers)


@contextmanager
def _clerk() -> Iterator[CaseClerk]:
    with _reader() as reader:
        yield CaseClerk(reader=reader, name=person())


@contextmanager
def _mailbox_clerk() -> Iterator[MailboxClerk]:
    with robot() as joined:
        ports = joined.ports
        yield MailboxClerk(store=ports.store, customers=ports.rulebook.customers, name=person())


def _say(box: SharedMailbox) -> None:
    access = ", ".join(box.members) or "nobody"
    state = "closed" if box.closed else f"open; who has access: {access}"
    click.echo(f"{box.address}: {state}")


def _show(view: CaseView) -> None:
    output = console()
    standing = view.standing
    output.print(Text(f"{view.case.number}: {_status(standing.status)}", style="bold"))
    output.print(
        Text(
            f"  customer {view.case.customer}; the ball is with {standing.ball.value} since "
            f"{_minute(standing.since)}"
        )
    )
    for document in view.documents:
        output.print(Text(f"  {_document_line(document)}"))
    for party in view.parties:
        members = f": {', '.join(party.members)}" if party.members else ""
        words = f"  seen by {party.party.address} ({party.party.origin}){members}"
        output.print(Text(words))
    said = table("at (Copenhagen)", "who", "what", "seen by", "text")
    for entry in view.entries:
        seen = "the centre only" if entry.visibility is Visibility.INTERNAL else "all parties"
        said.add_row(
            _minute(entry.at), Text(entry.author), entry.kind.value, seen, Text(entry.text)
        )
    output.print(said)


def _document_line(document: CaseDocument) -> str:
    fix = f", to be fixed by {document.fix_by}" if document.fix_by is not None else ""
    told = f", told {_minute(document.told_at)}" if document.told_at else ", not told yet"
    codes = ", ".join(document.codes)
    return (
        f"{document.source_id}: {document.supplier} {document.number} is {document.state}"
        f" ({codes or 'no error'}){told}{fix}"
    )


def _status(status: CaseStatus) -> str:
    return f"{status.value} ({status_words(status, 'da')})"


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}"


def _line(line: CaseLine) -> dict[str, Any]:
    return {
        "case": line.case.number,
        "customer": line.case.customer,
        "status": line.standing.status.value,
        "ball": line.standing.ball.value,
        "since": line.standing.since.isoformat(),
        "documents": _documents(line.documents),
    }


def _documents(documents: Sequence[CaseDocument]) -> list[dict[str, Any]]:
    return [
        {
            "id": document.source_id,
            "number": document.number,
            "state": document.state.value,
            "findings": list(document.codes),
            "told_at": document.told_at.isoformat() if document.told_at else None,
            "fix_by": document.fix_by.isoformat() if document.fix_by else None,
            "reminders": document.reminders,
        }
        for document in documents
    ]


def _view(view: CaseView) -> dict[str, Any]:
    line = CaseLine(case=view.case, standing=view.standing, documents=view.documents)
    return {
        **_line(line),
        "parties": [
            {
                "address": party.party.address,
                "kind": party.party.kind.value,
                "origin": party.party.origin.value,
                "members": list(party.members),
            }
            for party in view.parties
        ],
        "entries": [
            {
                "at": entry.at.isoformat(),
                "author": entry.author,
                "kind": entry.kind.value,
                "visibility": entry.visibility.value,
                "text": entry.text,
            }
            for entry in view.entries
        ],
    }


def _mailbox(box: SharedMailbox) -> dict[str, Any]:
    return {
        "address": box.address,
        "customer": box.customer,
        "state": "closed" if box.closed else "open",
        "members": list(box.members),
        "in_rule_file": box.in_rule_file,
    }
