"""One request: who asks, in which language, and how the answer is made."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from robot.domain.answer import Answer
from robot.domain.calendar import COPENHAGEN
from robot.domain.rights import Person, Right, Scope
from robot.domain.spreadsheet import defused
from robot.domain.state import State
from robot.flow.cases import CaseReader
from robot.flow.command_port import Command, NewCommand
from robot.flow.records import RunRow
from robot.flow.view_port import Page as Rows
from robot.web import words
from robot.web.dashboard import Dashboard, Wording
from robot.web.page import Page

T = TypeVar("T")

LANGUAGES: Final = ("da", "en")
#: Rows on a page of a list, and the most that an address may ask for.
ROWS, MOST_ROWS = 50, 200
#: Years that an address may name; what is reckoned from them stays within the calendar.
_CENTURY: Final = range(2000, 2100)
#: Digits of the largest row id.
_DIGITS: Final = 18
#: Values of answers that are numbers.
_COUNTS: Final = frozenset({"documents", "changed", "posted", "cells"})
#: Functions of `robot.web.words` that templates find under `words`.
_WORDS: Final = (
    "afterwards",
    "asked",
    "contact",
    "duration",
    "effect",
    "mail",
    "outcome",
    "purpose",
    "route",
    "rule_act",
    "run_status",
    "truth",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a form."""

    name: str
    content: bytes


@dataclass(slots=True, kw_only=True)
class Visit:
    """What a page is given and what it answers with."""

    request: Request
    dashboard: Dashboard
    page: Page
    menu: Sequence[Page]
    person: Person | None
    csrf: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """`da` or `en`: by the address, else as chosen before, else Danish."""
        for wanted in (
            self.request.query_params.get("lang"),
            self.request.cookies.get("robot-language"),
        ):
            if wanted in LANGUAGES:
                return str(wanted)
        return LANGUAGES[0]

    @property
    def scope(self) -> Scope:
        """The customers that the person may see; nothing when nobody is logged in."""
        return self.person.scope if self.person else Scope(customers=frozenset())

    @property
    def name(self) -> str:
        """Who asks, for the trail."""
        return self.person.name if self.person else ""

    def say(self, da: str, en: str) -> str:
        """The words in the visit's language."""
        return da if self.language == "da" else en

    def many(self, count: int, one: tuple[str, str], more: tuple[str, str]) -> str:
        """A number with its noun: `1 faktura`, `1.234 fakturaer`."""
        return f"{words.number(self.language, count)} {self.say(*(one if count == 1 else more))}"

    def may(self, right: Right) -> bool:
        """Whether the person has a right."""
        return self.person is not None and self.person.may(right)

    def asked(self, name: str, default: str = "") -> str:
        """A parameter of the address, at most 200 characters."""
        return self.request.query_params.get(name, default)[:200]

    def number(self, name: str, default: int, most: int = 1_000_000) -> int:
        """A whole number of the address, from 1 to `most`; the default for anything else."""
        text = self.asked(name)
        if not text.isascii() or not text.isdigit():
            return default
        return min(max(int(text[:9]), 1), most)

    def day(self, name: str) -> date | None:
        """A date of the address in this century, None for anything else."""
        try:
            found = date.fromisoformat(self.asked(name))
        except ValueError:
            return None
        return found if found.year in _CENTURY else None

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def path_number(self, name: str) -> int:
        """A part of the path as a row id; 0, which no row has, for anything else."""
        text = self.path(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0

    @property
    def today(self) -> date:
        """The date in Copenhagen."""
        return self.dashboard.now().astimezone(COPENHAGEN).date()

    def missing(self) -> HTTPException:
        """There is no such thing, or none that this person may see; the two look alike."""
        return HTTPException(404)

    def render(self, template: str, *, status: int = 200, **values: object) -> Response:
        """A page from its template, which also gets what all pages have."""
        text = self.dashboard.pages.render(template, self._common() | values)
        return HTMLResponse(text, status_code=status)

    def csv(
        self, name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> Response:
        """A table as a file for a spreadsheet: semicolons, UTF-8 with a mark, no formulas."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(headings)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
        return Response(
            "\ufeff" + text.getvalue(),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )

    def go(self, path: str, **query: str) -> Response:
        """Send the browser to another page of the dashboard after an act."""
        target = path + ("?" + urlencode(query) if query else "")
        return RedirectResponse(target, status_code=303)

    def ask(self, kind: str, argument: Mapping[str, str], *, reason: str) -> int:
        """Ask the robot to do something, in the person's name; the command's number.

        Raises:
            HTTPException: The reason is missing.
        """
        if not reason.strip():
            raise HTTPException(400, self.say("Skriv en begrundelse.", "Write a reason."))
        once = self.form.get("once") or secrets.token_hex(16)
        command = NewCommand(kind=kind, argument=argument, reason=reason.strip(), once=once)
        return self.dashboard.ask(self.name, command)

    def ask_as(self, who: str, kind: str, argument: Mapping[str, str], *, reason: str) -> int:
        """Ask in the name of somebody who came by a signed link; the command's number."""
        once = secrets.token_hex(16)
        command = NewCommand(kind=kind, argument=argument, reason=reason, once=once)
        return self.dashboard.ask(who, command)

    def cut(self, rows: Sequence[T], size: int) -> Rows[T]:
        """The page of a whole list that the address asks for."""
        page = self.number("page", 1)
        shown = rows[(page - 1) * size : page * size]
        return Rows(rows=shown, total=len(rows), number=page, size=size)

    def case_reader(self) -> CaseReader:
        """Looks at cases; whether the person may see one is for the caller to ask."""
        customers = list(self.dashboard.customers().values())
        return CaseReader(store=self.dashboard.store, customers=customers)

    def title(self, code: str) -> str:
        """What an error type is called; the code itself where nobody knows it."""
        taxonomy = self.dashboard.rules.taxonomy
        return taxonomy[code].texts[self.language].title if code in taxonomy else code

    def answer(self, command: Command) -> str:
        """What became of what somebody asked for."""
        return words.answer(self.language, command, self._named)

    def problems(self, run: RunRow) -> list[str]:
        """What a run had a person know; of an older one in its own words."""
        summary = run.summary
        if "told" not in summary:
            return list(summary.get("problems", []))
        said = (Answer(code=it["code"], values=it["values"]) for it in summary["told"])
        return [it.text(self.language, self._named) for it in said]

    def _named(self, name: str, value: str) -> str:
        """A value of an answer as this visit's reader knows it."""
        if name == "state":
            return words.state(self.language, State(value))
        if name in {"code", "codes"}:
            return ", ".join(self.title(code) for code in value.split(", "))
        if name == "customer":
            served = self.dashboard.customers().get(value)
            return served.name if served else value
        if name in _COUNTS and value.isdigit():
            return words.number(self.language, int(value))
        return value

    def choices(self) -> list[tuple[str, str]]:
        """The customers in the person's scope, by name: bogføringskreds and name."""
        found = [
            (kreds, customer.name)
            for kreds, customer in self.dashboard.customers().items()
            if self.scope.covers(kreds)
        ]
        return sorted(found, key=lambda pair: pair[1].casefold())

    def address(self, **changes: object) -> str:
        """The address of this page with other parameters; an empty value takes one away."""
        query = dict(self.request.query_params)
        for name, value in changes.items():
            if value in {None, ""}:
                query.pop(name, None)
            else:
                query[name] = str(value)
        path = self.request.url.path
        return path + ("?" + urlencode(query) if query else "")

    def _common(self) -> dict[str, object]:
        wording = self.dashboard.wording(self.language)
        now = self.dashboard.now()
        names = {kreds: it.name for kreds, it in self.dashboard.customers().items()}
        return {
            "visit": self,
            "say": self.say,
            "lang": self.language,
            "person": self.person,
            "page": self.page,
            "menu": [
                item
                for item in sorted(self.menu, key=lambda item: item.order or 0)
                if item.order is not None and (item.right is None or self.may(item.right))
            ],
            "csrf": self.csrf,
            "once": secrets.token_hex(16),
            "now": now,
            "address": self.address,
            "done": self.asked("done"),
            "day": lambda value: _short(wording, value, now) if value else "–",
            "full_day": lambda value: wording.full_date(_day(value)) if value else "–",
            "moment": lambda value: _moment(wording, value, now),
            "money": lambda value, currency: (
                "–" if value is None else wording.amount(value, currency or "DKK")
            ),
            "age": partial(words.age, self.language, now),
            "today": self.today,
            "words": {name: partial(getattr(words, name), self.language) for name in _WORDS}
            | {
                "answer": self.answer,
                "slot": lambda key: words.slot(self.language, key, wording.slot),
            },
            "state_word": partial(words.state, self.language),
            "ball_word": partial(words.ball, self.language),
            "entry_word": partial(words.entry, self.language),
            "event_word": partial(words.event, self.language),
            "number": partial(words.number, self.language),
            "many": self.many,
            "decimal": partial(words.decimal, self.language),
            "code_title": self.title,
            "customer_name": lambda kreds: names.get(kreds) or kreds or "–",
            "author": lambda name: self.say("robotten", "the robot") if name == "robot" else name,
            "Right": Right,
        }


def _cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(COPENHAGEN).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, (int, float, date)):
        return str(value)
    return defused(str(value))


def _day(value: date | datetime) -> date:
    return value.astimezone(COPENHAGEN).date() if isinstance(value, datetime) else value


def _short(wording: Wording, value: date | datetime, now: datetime) -> str:
    """A date; its year only where it is another than this one."""
    day = _day(value)
    year = "" if day.year == _day(now).year else f" {day.year}"
    return wording.short_date(day) + year


def _moment(wording: Wording, value: datetime | None, now: datetime) -> str:
    if value is None:
        return "–"
    return f"{_short(wording, value, now)} {wording.clock(value)}"
