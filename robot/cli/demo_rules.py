"""What happened to the rules in the months that the demo's robot has behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from robot.checks.catalogue import CATALOGUE
from robot.flow.ports import Clock
from robot.flow.rule_approval import Reviewer
from robot.flow.store_port import Store
from robot.rulebook.book import RuleBook
from robot.rulebook.versions import CurrentSet, current_sets, loaded_from_text

_AUTHOR, _APPROVER = "ada@example.test", "eva@example.test"
#: The customer whose limit was changed, and what it was, is, and is proposed to be. They are
#: equally long, because a kept set says how long its files are.
_CUSTOMER: Final = "99001"
_LIMITS: Final = tuple(f"small-invoice.limit: {kroner} DKK" for kroner in (20000, 25000, 60000))
_CHANGED_BEFORE: Final = timedelta(weeks=7)
_PROPOSED_BEFORE: Final = timedelta(days=4)


@dataclass(slots=True, kw_only=True)
class RuleStory:
    """Tells it day by day: an earlier set, a change that was approved, a proposal that waits.

    Args:
        store: Where it is told.
        clock: The moment that is told.
        book: The rules as they are now.
        today: The first day that is not told any more.
        rulesets: Hash of the set that decides, by bogføringskreds; kept as the story goes.
    """

    store: Store
    clock: Clock
    book: RuleBook
    today: date
    rulesets: dict[str, str]
    _sets: list[CurrentSet] | None = None
    _told: set[str] = field(default_factory=set)

    def on_day(self, day: date) -> None:
        """Tell what happened to the rules by this day."""
        if self._sets is None:
            self._sets = self._with_limits()
        if not self._sets:
            return
        earlier, now, proposed = self._sets
        if self._first("beginning"):
            for kreds in sorted(self.rulesets.keys() - {_CUSTOMER}):
                rule_set = self.book.for_customer(kreds)
                self._comes_into_force(kreds, rule_set.hash, rule_set.text)
            self._comes_into_force(_CUSTOMER, earlier.hash, earlier.text)
        if day >= self.today - _CHANGED_BEFORE and self._first("change"):
            self._propose(now, "Aftalt på kundemødet: grænsen følger indkøbspolitikken")
            Reviewer(store=self.store, clock=self.clock, name=_APPROVER).approve(
                now.hash, "Læst igennem sammen med kunden"
            )
            self._comes_into_force(_CUSTOMER, now.hash, now.text)
        if day >= self.today - _PROPOSED_BEFORE and self._first("proposal"):
            self._propose(proposed, "Kunden vil have flere små fakturaer bogført uden at se dem")

    def _first(self, what: str) -> bool:
        fresh = what not in self._told
        self._told.add(what)
        return fresh

    def _comes_into_force(self, kreds: str, ruleset: str, text: str) -> None:
        with self.store.writing(actor="robot") as unit:
            unit.keep_ruleset(ruleset, kreds, text)
        self.rulesets[kreds] = ruleset

    def _propose(self, found: CurrentSet, note: str) -> None:
        author = Reviewer(store=self.store, clock=self.clock, name=_AUTHOR)
        author.propose(_CUSTOMER, found.hash, found.text, authors=(_AUTHOR,), note=note)

    def _with_limits(self) -> list[CurrentSet]:
        """The customer's set with each limit; none when its file is not the example's any more."""
        if _CUSTOMER not in self.rulesets:
            return []
        text = self.book.for_customer(_CUSTOMER).text
        if _LIMITS[1] not in text:
            return []
        return [
            found
            for limit in _LIMITS
            for found in current_sets(
                loaded_from_text(text.replace(_LIMITS[1], limit), "(told)", CATALOGUE)
            )
            if found.customer == _CUSTOMER
        ]
