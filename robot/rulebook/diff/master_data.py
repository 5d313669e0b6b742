"""Differences in a customer's master data, mailboxes, dimensions and mandates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from robot.domain.customer import Customer, Mailbox, Mandate
from robot.rulebook.diff.change import Change, Direction, together
from robot.rulebook.diff.rule_changes import Whose, period_width
from robot.rulebook.diff.tongue import Tongue
from robot.rulebook.diff.width import Width
from robot.rulebook.diff.wording import amount_text, period_text
from robot.rulebook.problem import Position

_FIELDS: Final = {
    "name": ("navn", "name"),
    "cvr": ("CVR", "CVR"),
    "company": ("regnskab i Navision", "company in the ERP"),
    "source_system": ("indkøbssystem", "source system"),
    "language": ("sprog", "language"),
    "fakturamanager": ("fakturamanager", "fakturamanager"),
    "closing_mails": ("afsluttende mails", "closing mails"),
    "paused": ("sat på pause", "paused"),
}
_LISTED: Final = {
    "glns": ("EAN", "GLN"),
    "domains": ("maildomæne", "mail domain"),
    "dimensions": ("dimensioner", "dimensions"),
}
_ITEMS: Final = {
    "master data": "stamdata",
    "mailboxes": "postkasser",
    "mandates": "bemyndigelser",
}


def master_data_changes(
    old: Customer, new: Customer, at: Position, tongue: Tongue
) -> Iterator[Change]:
    """What is another about the customer itself; none of it loosens a rule, except mandates.

    Args:
        old: The customer as it was.
        new: The customer as it is.
        at: Where its file is.
        tongue: In which language it is told.
    """
    whose = Whose(customer=new.bogfoeringskreds, name=new.name, tongue=tongue)
    details = [
        f"{tongue.say(*word)}: {_shown(getattr(old, name), tongue)} → "
        f"{_shown(getattr(new, name), tongue)}"
        for name, word in _FIELDS.items()
        if getattr(old, name) != getattr(new, name)
    ]
    for name, word in _LISTED.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            told_row = f"{_row(before, tongue)} → {_row(after, tongue)}"
            details.append(f"{tongue.say(*word)}: {told_row}")
    if details:
        yield _change(whose, at, "customer", "master data", tuple(details))
    mailboxes = tuple(_mailbox_changes(old.mailboxes, new.mailboxes, tongue))
    if mailboxes:
        yield _change(whose, at, "mailbox", "mailboxes", mailboxes)
    if old.mandates != new.mandates:
        told = list(_mandate_changes(old.mandates, new.mandates, tongue))
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
        text=whose.tongue.say(f"{_ITEMS[item]} for {whose.name}", f"{item} of {whose.name}"),
        details=details,
        direction=direction,
        at=at,
    )


def _mailbox_changes(
    old: Iterable[Mailbox], new: Iterable[Mailbox], tongue: Tongue
) -> Iterator[str]:
    before = {box.address: box for box in old}
    after = {box.address: box for box in new}
    for address in sorted(before.keys() | after.keys()):
        was, now = before.get(address), after.get(address)
        if was is None and now is not None:
            yield f"{tongue.say('ny', 'new')} {_mailbox(now, tongue)}"
        elif now is None and was is not None:
            yield f"{tongue.say('ikke længere', 'no longer')} {_mailbox(was, tongue)}"
        elif was is not None and now is not None and was != now:
            yield f"{_mailbox(was, tongue)} → {_mailbox(now, tongue)}"


def _mailbox(box: Mailbox, tongue: Tongue) -> str:
    members = ""
    if box.members:
        members = f", {tongue.say('medlemmer', 'members')} {', '.join(box.members)}"
    return f"{box.address} ({box.kind}, for {box.purpose}{members})"


def _mandate_changes(
    old: tuple[Mandate, ...], new: tuple[Mandate, ...], tongue: Tongue
) -> Iterator[tuple[str, Direction]]:
    """The first mandate lets nobody else approve; every further one lets one more."""
    if not old:
        only = tongue.say("kun disse må godkende fra nu af", "only these may approve from now on")
        yield only, Direction.TIGHTER
    if not new:
        yield (
            tongue.say(
                "der er ingen liste mere: alle må godkende",
                "there is no list any more: everybody may approve",
            ),
            Direction.LOOSER,
        )
    before = {given.person: given for given in old}
    after = {given.person: given for given in new}
    for person in sorted(before.keys() | after.keys()):
        was, now = before.get(person), after.get(person)
        if was is None and now is not None:
            told = f"{tongue.say('ny', 'new')} {_mandate(now, tongue)}"
            yield told, Direction.LOOSER if old else Direction.NEUTRAL
        elif now is None and was is not None:
            told = f"{tongue.say('ikke længere', 'no longer')} {_mandate(was, tongue)}"
            yield told, Direction.TIGHTER if new else Direction.NEUTRAL
        elif was is not None and now is not None and was != now:
            yield f"{_mandate(was, tongue)} → {_mandate(now, tongue)}", _mandated_more(was, now)


def _mandate(given: Mandate, tongue: Tongue) -> str:
    limit = tongue.say("ethvert beløb", "any amount")
    if given.limit is not None:
        amount = amount_text(given.limit, tongue)
        limit = f"{tongue.say('op til', 'up to')} {amount} DKK"
    return f"{given.person}, {limit}, {period_text(given.valid_from, given.valid_to, tongue)}"


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


def _shown(value: object, tongue: Tongue) -> str:
    if isinstance(value, bool):
        return tongue.flag(value)
    return str(value) if value else tongue.say("intet", "nothing")


def _row(values: Iterable[str], tongue: Tongue) -> str:
    return ", ".join(values) or tongue.say("ingen", "none")
