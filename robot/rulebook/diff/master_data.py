"""Differences in a customer's master data, mailboxes, dimensions and mandates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from robot.domain.customer import Customer, Mailbox, Mandate
from robot.rulebook.diff.change import Change, Direction, together
from robot.rulebook.diff.rule_changes import Whose, period_width
from robot.rulebook.diff.width import Width
from robot.rulebook.diff.wording import amount_text, period_text
from robot.rulebook.problem import Position

_FIELDS: Final = {
    "name": "name",
    "cvr": "CVR",
    "company": "company in the ERP",
    "source_system": "source system",
    "language": "language",
    "fakturamanager": "fakturamanager",
    "closing_mails": "closing mails",
    "paused": "paused",
}
_LISTED: Final = {"glns": "GLN", "domains": "mail domain", "dimensions": "dimensions"}


def master_data_changes(old: Customer, new: Customer, at: Position) -> Iterator[Change]:
    """What is another about the customer itself; none of it loosens a rule, except mandates.

    Args:
        old: The customer as it was.
        new: The customer as it is.
        at: Where its file is.
    """
    whose = Whose(customer=new.bogfoeringskreds, name=new.name)
    details = [
        f"{word}: {_shown(getattr(old, name))} → {_shown(getattr(new, name))}"
        for name, word in _FIELDS.items()
        if getattr(old, name) != getattr(new, name)
    ]
    for name, word in _LISTED.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            details.append(f"{word}: {_row(before)} → {_row(after)}")
    if details:
        yield _change(whose, at, "customer", "master data", tuple(details))
    mailboxes = tuple(_mailbox_changes(old.mailboxes, new.mailboxes))
    if mailboxes:
        yield _change(whose, at, "mailbox", "mailboxes", mailboxes)
    if old.mandates != new.mandates:
        told = list(_mandate_changes(old.mandates, new.mandates))
        details = [line for line, _ in told]
        direction = together(found for _, found in told)
        yield _change(whose, at, "mandate", "mandates", tuple(details), direction)


def _change(
    whose: Whose,
    at: Position,
    kind: str,
    item: str,
    details: tuple[str, ...],
    direction: Direction = Direction.NEUTRAL,
) -> Change:
    return Change(
        customer=whose.customer,
        who=whose.name,
        kind=kind,
        item=item,
        text=f"{item} of {whose.name}",
        details=details,
        direction=direction,
        at=at,
    )


def _mailbox_changes(old: Iterable[Mailbox], new: Iterable[Mailbox]) -> Iterator[str]:
    before = {box.address: box for box in old}
    after = {box.address: box for box in new}
    for address in sorted(before.keys() | after.keys()):
        was, now = before.get(address), after.get(address)
        if was is None and now is not None:
            yield f"new {_mailbox(now)}"
        elif now is None and was is not None:
            yield f"no longer {_mailbox(was)}"
        elif was is not None and now is not None and was != now:
            yield f"{_mailbox(was)} → {_mailbox(now)}"


def _mailbox(box: Mailbox) -> str:
    members = f", members {', '.join(box.members)}" if box.members else ""
    return f"{box.address} ({box.kind}, for {box.purpose}{members})"


def _mandate_changes(
    old: tuple[Mandate, ...], new: tuple[Mandate, ...]
) -> Iterator[tuple[str, Direction]]:
    """The first mandate lets nobody else approve; every further one lets one more."""
    if not old:
        yield "only these may approve from now on", Direction.TIGHTER
    if not new:
        yield "there is no list any more: everybody may approve", Direction.LOOSER
    before = {given.person: given for given in old}
    after = {given.person: given for given in new}
    for person in sorted(before.keys() | after.keys()):
        was, now = before.get(person), after.get(person)
        if was is None and now is not None:
            yield f"new {_mandate(now)}", Direction.LOOSER if old else Direction.NEUTRAL
        elif now is None and was is not None:
            yield f"no longer {_mandate(was)}", Direction.TIGHTER if new else Direction.NEUTRAL
        elif was is not None and now is not None and was != now:
            yield f"{_mandate(was)} → {_mandate(now)}", _mandated_more(was, now)


def _mandate(given: Mandate) -> str:
    limit = "any amount" if given.limit is None else f"up to {amount_text(given.limit)} DKK"
    return f"{given.person}, {limit}, {period_text(given.valid_from, given.valid_to)}"


def _mandated_more(old: Mandate, new: Mandate) -> Direction:
    found = []
    if old.limit != new.limit:
        more = new.limit is None or (old.limit is not None and new.limit > old.limit)
        found.append(Direction.LOOSER if more else Direction.TIGHTER)
    width = period_width((old.valid_from, old.valid_to), (new.valid_from, new.valid_to))
    if width is not Width.SAME:
        turns = {Width.WIDER: Direction.LOOSER, Width.NARROWER: Direction.TIGHTER}
        found.append(turns.get(width, Direction.EITHER))
    return together(found)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value else "nothing"


def _row(values: Iterable[str]) -> str:
    return ", ".join(values) or "none"
