"""`invoice-robot rules diff|propose|pending|approve`: changes to rules, seen by four eyes."""

from __future__ import annotations

import os
import pwd
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from robot import bootstrap, settings
from robot.cli.joined import JSON_OPTION, REASON_OPTION, echo_json
from robot.cli.rule_tools import MakeTools
from robot.errors import RuleChangeError
from robot.flow.rule_approval import Reviewer
from robot.flow.rule_records import Proposal
from robot.flow.store_port import Store
from robot.rulebook.approval import SHOWN, FourEyes
from robot.rulebook.diff.change import Change, Direction
from robot.rulebook.diff.compare import compare_rules
from robot.rulebook.loader import LoadedRules, load
from robot.rulebook.ruleset import CompiledRuleSet
from robot.rulebook.versions import (
    CurrentSet,
    current_sets,
    loaded_from_files,
    loaded_from_text,
    only_customer,
)
from robot.settings import Settings

#: Characters of a hash below which it could be a word.
_SHORTEST_HASH: Final = 7
_HEXADECIMAL: Final = frozenset("0123456789abcdef")


def account() -> str:
    """The operating system's name for whoever runs this; the environment can't change it."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid-{number}"


@contextmanager
def opened_store(given: Settings) -> Iterator[Store]:
    """The robot's own database, closed at the end.

    Raises:
        StoreError: It can't be opened.
    """
    store = bootstrap.open_store(given.store.url, bootstrap.SystemClock())
    try:
        yield store
    finally:
        store.close()


# ---------------------------------------------------------------- diff


@click.command("diff")
@click.argument("old")
@click.argument("new", required=False)
@click.option("--customer", help="Only what changes for this one (bogføringskreds or file name).")
@JSON_OPTION
@click.pass_obj
def diff(
    tools: MakeTools, old: str, new: str | None, customer: str | None, *, as_json: bool
) -> None:
    """Say in words what changes from OLD to NEW (default: the rules of the settings).

    Each is a directory, the hash of a set that was ever used or proposed, or a commit, branch or
    tag of the git repository that the rules lie in.
    """
    before, after = _sides(tools, old, new)
    changes = compare_rules(before, after)
    if customer is not None:
        wanted = {customer, *_kreds_of(customer, before), *_kreds_of(customer, after)}
        changes = tuple(c for c in changes if not c.customer or c.customer in wanted)
    if as_json:
        echo_json([change.as_json() for change in changes])
    else:
        click.echo("\n".join(told(changes)))


def told(changes: Sequence[Change]) -> Iterator[str]:
    """Changes for a reader, by whom they are for."""
    who = None
    for change in changes:
        if change.who != who:
            who = change.who
            yield f"\n{who}{f' ({change.customer})' if change.customer else ''}".lstrip()
        yield f"  {change.direction:<8} {change.text}  [{change.at.path}:{change.at.line}]"
        yield from (f"             {line}" for line in change.details)
    counts = Counter(change.direction for change in changes)
    parts = [f"{counts[kind]} {kind}" for kind in Direction if counts[kind]]
    word = "change" if len(changes) == 1 else "changes"
    yield f"{len(changes)} {word}: {', '.join(parts)}" if changes else "no difference"


def _kreds_of(name: str, loaded: LoadedRules) -> set[str]:
    file = loaded.customers.get(name)
    return {file.customer.bogfoeringskreds} if file is not None and file.customer else set()


@dataclass(frozen=True, slots=True)
class _Side:
    loaded: LoadedRules
    #: The customer whose set it is; None for a whole directory.
    only: str | None = None


def _sides(tools: MakeTools, old: str, new: str | None) -> tuple[LoadedRules, LoadedRules]:
    given = settings.load()
    sides = [_side(tools, given, name) for name in (old, new or str(given.rules.directory))]
    only = {side.only for side in sides} - {None}
    if len(only) > 1:
        raise RuleChangeError("the two sets are of different customers")
    try:
        return _fitting(sides[0], only), _fitting(sides[1], only)
    except KeyError as error:
        raise RuleChangeError(
            f"the customer {error.args[0]} has no rules on one side, or they are broken"
        ) from None


def _fitting(side: _Side, only: set[str | None]) -> LoadedRules:
    wanted = next(iter(only), None)
    return side.loaded if wanted is None else only_customer(side.loaded, wanted)


def _side(tools: MakeTools, given: Settings, name: str) -> _Side:
    catalogue = tools().catalogue
    if Path(name).is_dir():
        return _Side(load(Path(name), catalogue))
    if len(name) >= _SHORTEST_HASH and set(name) <= _HEXADECIMAL:
        kept = bootstrap.kept_rule_texts(given, name)
        if len(kept) > 1:
            raise RuleChangeError(
                f"'{name}' begins the hash of {len(kept)} sets; write more of it"
            )
        for found, text in kept.items():
            loaded = loaded_from_text(text, f"({found[:SHOWN]})", catalogue)
            customers = [file.customer for file in loaded.customers.values()]
            kreds = customers[0].bogfoeringskreds if customers and customers[0] else ""
            return _Side(loaded, kreds)
    repository = bootstrap.rules_repository(given.rules.directory)
    if not repository.there:
        raise RuleChangeError(
            f"'{name}' is no directory and no hash of a set that was used or proposed",
            hint="a commit can only be named when the rules lie in a git repository",
        )
    return _Side(loaded_from_files(repository.files_at(name), f"({name})", catalogue))


# ---------------------------------------------------------------- four eyes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What proposing and approving look at."""

    given: Settings
    store: Store
    tools: MakeTools
    loaded: LoadedRules
    gate: FourEyes

    def waiting(self) -> list[tuple[CurrentSet, Proposal | None]]:
        """The sets of the files that are not approved, with their proposals."""
        proposals = {found.ruleset: found for found in self.store.rules.proposals()}
        return [
            (current, proposals.get(current.hash))
            for current in current_sets(self.loaded)
            if self.gate.objection(self._compiled(current))
        ]

    def approved(self, current: CurrentSet) -> str | None:
        """The text of the set that was approved last for the same customer."""
        return next(iter(self.gate.standing(current.customer)), None)

    def changes(self, current: CurrentSet) -> tuple[Change, ...] | None:
        """What is another for the customer than in the set that was approved last.

        None when none was. A shared list also holds rows of other customers, which are left out:
        they never count in this set.
        """
        earlier = self.approved(current)
        if earlier is None:
            return None
        catalogue = self.tools().catalogue
        before = loaded_from_text(earlier, "(approved)", catalogue)
        changes = compare_rules(before, only_customer(self.loaded, current.customer))
        return tuple(change for change in changes if change.customer in {"", current.customer})

    def is_tried(self, current: CurrentSet) -> bool:
        """Whether the set has a fresh backtest against the one that was approved last.

        A customer's first set has nothing to be compared with, nor has the standard alone.
        """
        in_force = self.gate.latest(current.customer)
        if not (current.customer and in_force):
            return True
        kept = self.store.rules.backtest(current.hash)
        return kept is not None and kept.is_fresh(in_force, bootstrap.SystemClock().now())

    def reviewer(self) -> Reviewer:
        """Whoever is at the keyboard."""
        repository = bootstrap.rules_repository(self.given.rules.directory)
        return Reviewer(
            store=self.store,
            clock=bootstrap.SystemClock(),
            name=account(),
            also=repository.myself() if repository.there else (),
        )

    def _compiled(self, current: CurrentSet) -> CompiledRuleSet:
        return CompiledRuleSet(self.loaded.effective(current.stem), self.tools().compute)


@contextmanager
def _desk(tools: MakeTools) -> Iterator[_Desk]:
    given = settings.load()
    loaded = load(given.rules.directory, tools().catalogue)
    with opened_store(given) as store:
        gate = FourEyes(store.rules, signed=given.rules.require_signed_commit)
        gate.refresh()
        yield _Desk(given=given, store=store, tools=tools, loaded=loaded, gate=gate)


@click.command("propose")
@click.argument("customers", nargs=-1)
@click.option("--author", "authors", multiple=True, help="Who wrote it; else git is asked.")
@click.option("--note", default="", help="What it is for.")
@click.pass_obj
def propose(
    tools: MakeTools, customers: tuple[str, ...], authors: tuple[str, ...], note: str
) -> None:
    """Propose the changed sets of CUSTOMERS (default: all) for somebody else's approval.

    Whoever proposes counts as an author beside those that are named or known to git.
    """
    with _desk(tools) as desk:
        _refuse_broken(desk.loaded)
        wanted = [current for current, _ in _chosen(desk, customers)]
        repository = bootstrap.rules_repository(desk.given.rules.directory)
        for current in wanted:
            wrote = authors or repository.authors(current.changed_files(desk.approved(current)))
            desk.reviewer().propose(
                current.customer, current.hash, current.text, authors=wrote, note=note
            )
            click.echo(f"proposed: {current.hash[:SHOWN]} for {_titled(current)}")
    if not wanted:
        click.echo("nothing to propose: what the files say is approved")


@click.command("pending")
@click.option("--changes", "with_changes", is_flag=True, help="Say in words what changes.")
@JSON_OPTION
@click.pass_obj
def pending(tools: MakeTools, *, with_changes: bool, as_json: bool) -> None:
    """List what the files say that nobody but its author has approved."""
    with _desk(tools) as desk:
        waiting = desk.waiting()
        changes = {current.hash: desk.changes(current) for current, _ in waiting}
        on = desk.given.rules.four_eyes
    if as_json:
        echo_json([_pending_json(found, by, changes[found.hash] or ()) for found, by in waiting])
        return
    for current, proposal in waiting:
        state = "not proposed"
        if proposal is not None:
            state = f"proposed by {proposal.proposed_by} at {proposal.proposed_at:%Y-%m-%d %H:%M}"
            state += f": {proposal.note}" if proposal.note else ""
        click.echo(f"{current.hash[:SHOWN]}  {_titled(current)}  {state}")
        if with_changes:
            _show(changes[current.hash])
    if not waiting:
        click.echo("nothing is pending")
    if not on:
        click.echo("four_eyes is off: what the files say is in force all the same", err=True)


@click.command("approve")
@click.argument("sets", nargs=-1, metavar="HASH|CUSTOMER…")
@click.option("--all", "everything", is_flag=True, help="Everything that is proposed.")
@REASON_OPTION
@click.pass_obj
def approve(tools: MakeTools, sets: tuple[str, ...], reason: str, *, everything: bool) -> None:
    """Approve proposed sets that somebody else wrote; the next run uses them."""
    if not sets and not everything:
        raise click.UsageError("name a hash or a customer, or --all")
    with _desk(tools) as desk:
        _refuse_broken(desk.loaded)
        chosen = _chosen(desk, () if everything else sets)
        proposed = [current for current, proposal in chosen if proposal is not None]
        unproposed = [current for current, proposal in chosen if proposal is None]
        if unproposed and not everything:
            raise RuleChangeError(
                f"{_titled(unproposed[0])} was not proposed as it stands in the files now",
                hint="`invoice-robot rules propose` does",
            )
        commit = ""
        if desk.given.rules.require_signed_commit and proposed:
            commit = bootstrap.rules_repository(desk.given.rules.directory).signed_commit()
        for current in proposed:
            changes = desk.changes(current)
            desk.reviewer().approve(current.hash, reason, commit=commit)
            click.echo(f"approved: {current.hash[:SHOWN]} for {_titled(current)}")
            _show(changes)
            if not desk.is_tried(current):
                click.echo(
                    f"look at: {current.hash[:SHOWN]} was not tried on the past lately, against "
                    "what is in force (`invoice-robot rules backtest --keep`)",
                    err=True,
                )
    if not proposed:
        click.echo("nothing to approve")


def _show(changes: Sequence[Change] | None) -> None:
    """The changes of a waiting set; why it waits when there are none."""
    if changes is None:
        lines = ["new: no set of it was approved before"]
    elif changes:
        lines = list(told(changes))
    else:
        lines = ["no difference for it: only remarks, or other customers' rows of a shared list"]
    click.echo("\n".join(f"    {line}" for line in lines))


def _chosen(desk: _Desk, names: Sequence[str]) -> list[tuple[CurrentSet, Proposal | None]]:
    """The waiting sets that are meant: by hash, bogføringskreds, file or customer name."""
    waiting = desk.waiting()
    if not names:
        return waiting
    chosen: dict[str, tuple[CurrentSet, Proposal | None]] = {}
    for name in names:
        meant = [pair for pair in waiting if _is_meant(pair[0], name)]
        if not meant:
            known = ", ".join(_titled(current) for current, _ in waiting) or "nothing"
            raise RuleChangeError(
                f"'{name}' is not waiting for approval as the files stand (waiting: {known})"
            )
        chosen |= {current.hash: (current, proposal) for current, proposal in meant}
    return list(chosen.values())


def _is_meant(current: CurrentSet, name: str) -> bool:
    if len(name) >= _SHORTEST_HASH and current.hash.startswith(name):
        return True
    return name.casefold() in {
        current.customer or current.name,
        current.name.casefold(),
        (current.stem or current.name).casefold(),
    }


def _titled(current: CurrentSet) -> str:
    return f"{current.customer} {current.name}".strip()


def _refuse_broken(loaded: LoadedRules) -> None:
    if loaded.shared is None:
        raise RuleChangeError(f"the rules are broken: {loaded.errors[0]}")


def _pending_json(
    current: CurrentSet, proposal: Proposal | None, changes: Sequence[Change]
) -> dict[str, Any]:
    return {
        "ruleset": current.hash,
        "customer": current.customer or None,
        "name": current.name,
        "proposed_by": None if proposal is None else proposal.proposed_by,
        "proposed_at": None if proposal is None else proposal.proposed_at.isoformat(),
        "authors": [] if proposal is None else list(proposal.authors),
        "note": "" if proposal is None else proposal.note,
        "changes": [change.as_json() for change in changes],
    }


COMMANDS: Final[tuple[click.Command, ...]] = (diff, propose, pending, approve)
