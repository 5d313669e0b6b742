"""What pages are made from: the store's readers, the rules in force, texts and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from robot.domain.calendar import Calendar
from robot.domain.customer import Customer
from robot.domain.decision import RuleSet
from robot.domain.taxonomy import Taxonomy
from robot.flow.case_port import Links
from robot.flow.command_port import NewCommand
from robot.flow.ports import Clock, Renderer
from robot.flow.session_port import Sessions
from robot.flow.sheet_port import NewSheet
from robot.flow.store_port import Store
from robot.settings import Settings
from robot.web.numbers import Numbers


class Rules(Protocol):
    """The rule sets in force, as far as pages show them."""

    @property
    def taxonomy(self) -> Taxonomy:
        """All error types."""

    @property
    def customers(self) -> Any:  # noqa: ANN401 - a sequence or mapping of customers
        """The customers served."""

    def error_types_in(self, text: str, /) -> tuple[str, ...]:
        """The error types that a customer's own words speak of."""

    def for_customer(self, bogfoeringskreds: str, /) -> RuleSet:
        """The effective rule set.

        Raises:
            KeyError: No such customer.
        """

    @property
    def held_back(self) -> Any:  # noqa: ANN401 - lines
        """Why what is in force is not what the files say."""


class Pages(Protocol):
    """Renders templates."""

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """One template, HTML escaped.

        Raises:
            TextError: It is not there, or a value is missing.
        """


class Wording(Protocol):
    """Values in one language."""

    def full_date(self, day: Any) -> str:  # noqa: ANN401 - a date
        """`26. november 2026`."""

    def short_date(self, day: Any) -> str:  # noqa: ANN401 - a date
        """`26/11`."""

    def clock(self, at: datetime) -> str:
        """`16.00`, in Copenhagen's time."""

    def slot(self, name: str) -> str:
        """`morgen`."""

    def amount(self, amount: Any, currency: str) -> str:  # noqa: ANN401 - a decimal
        """`12.345,67 kr.`."""


@dataclass(slots=True, kw_only=True)
class Dashboard:
    """Joined by `bootstrap.open_dashboard`; `close` it when done.

    The dashboard writes sessions, saved lists and commands. It never writes a decision, an effect
    or a document.
    """

    settings: Settings
    store: Store
    sessions: Sessions
    rules: Rules
    calendar: Calendar
    clock: Clock
    pages: Pages
    links: Links
    numbers: Numbers
    renderer: Renderer
    wording: Callable[[str], Wording]
    #: Reads the rule files again when they changed.
    refresh: Callable[[], None] = lambda: None
    close: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """The present instant in UTC."""
        return self.clock.now()

    def customers(self) -> dict[str, Customer]:
        """The customers served, by bogføringskreds."""
        return {customer.bogfoeringskreds: customer for customer in self.rules.customers}

    def ask(self, person: str, command: NewCommand) -> int:
        """Write a command in somebody's name; its number."""
        with self.store.writing(actor=person) as unit:
            return unit.commands.ask(command)

    def hand_in(self, person: str, sheet: NewSheet, command: NewCommand) -> None:
        """Keep a re-posting sheet with the command to look at it; one that is here stays."""
        with self.store.writing(actor=person) as unit:
            if unit.sheets.take_in(sheet):
                unit.commands.ask(command)

    def note(self, person: str, act: str, detail: Mapping[str, Any]) -> None:
        """Add a row to the trail about something that somebody did at the dashboard."""
        with self.store.writing(actor=person) as unit:
            unit.audit(act, detail)
