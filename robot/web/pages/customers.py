"""Customers: how they do, whom they are told at, and the rules that hold for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from robot import bootstrap
from robot.checks.catalogue import CATALOGUE
from robot.domain.customer import Customer
from robot.domain.page import pieces
from robot.domain.state import State
from robot.flow.figures_port import Figure, in_period
from robot.rulebook.playbook.chapter import chapter
from robot.rulebook.playbook.edition import Edition
from robot.rulebook.versions import loaded_from_text
from robot.web import words
from robot.web.page import Page
from robot.web.pages.figures import figure_text
from robot.web.visit import Visit

_WEEKS: Final = 12
#: Figures on a customer's own page.
_FIGURES: Final = ("robot-share", "touchless-strict", "bounce-rate", "on-time", "turnaround")


def _list(visit: Visit) -> Response:
    counts: dict[str, dict[State, int]] = {}
    for count in visit.dashboard.store.views.by_state(visit.scope):
        counts.setdefault(count.customer, {})[count.state] = count.documents
    customers = [
        (customer, counts.get(kreds, {}))
        for kreds, customer in visit.dashboard.customers().items()
        if visit.scope.covers(kreds)
    ]
    customers.sort(key=lambda pair: pair[0].name.casefold())
    if visit.asked("format") == "csv":
        return visit.csv(
            "kunder",
            ("bogføringskreds", "name", "held", "bounced", "posted"),
            (
                (
                    customer.bogfoeringskreds,
                    customer.name,
                    _held(of),
                    of.get(State.BOUNCED, 0),
                    of.get(State.POSTED, 0),
                )
                for customer, of in customers
            ),
        )
    return visit.render(
        "customers.html.j2",
        customers=customers,
        held=_held,
        State=State,
        source=words.source,
    )


def _held(of: Mapping[State, int]) -> int:
    return of.get(State.HELD, 0) + of.get(State.UNREADABLE, 0)


def _one(visit: Visit) -> Response:
    customer = _customer(visit)
    kreds = customer.bogfoeringskreds
    store = visit.dashboard.store
    report, made = visit.dashboard.numbers.report(
        visit.scope, kreds, visit.today - timedelta(weeks=_WEEKS), visit.today
    )
    states = store.contacts.states([box.address for box in customer.mailboxes])
    ruleset = visit.dashboard.rules.for_customer(kreds)
    return visit.render(
        "customer.html.j2",
        customer=customer,
        figures=[_tile(visit, in_period(report.figures, code)) for code in _FIGURES],
        made=made,
        source=words.source,
        contacts=states,
        ruleset=ruleset.hash,
        text=ruleset.text,
        proposals=[it for it in store.rules.proposals() if it.customer == kreds][-10:],
    )


def _tile(visit: Visit, figure: Figure) -> tuple[str, str, str]:
    """Title, value and what it is made of."""
    basis = (
        f"({figure.numerator:g}/{figure.denominator})"
        if figure.measured is None
        else visit.say(f"(af {figure.denominator})", f"(of {figure.denominator})")
    )
    return figure.title[visit.language], figure_text(visit, figure), basis


def _playbook(visit: Visit) -> Response:
    """The customer's chapter of the playbook, from the rules in force."""
    customer = _customer(visit)
    ruleset = visit.dashboard.rules.for_customer(customer.bogfoeringskreds)
    loaded = loaded_from_text(ruleset.text, "(in force)", CATALOGUE)
    edition = Edition(
        language=visit.language,
        today=visit.today,
        complete=bootstrap.text_completer(visit.language),
        source_system=customer.source_system,
    )
    return visit.render(
        "playbook.html.j2",
        customer=customer,
        chapter=chapter(loaded, next(iter(loaded.customers)), edition),
        kind=lambda block: type(block).__name__.lower(),
        pieces=pieces,
    )


def _customer(visit: Visit) -> Customer:
    kreds = visit.path("kreds")
    customer = visit.dashboard.customers().get(kreds)
    if customer is None or not visit.scope.covers(kreds):
        raise visit.missing()
    return customer


PAGES: Final = (
    Page(path="/customers", name="customers", da="Kunder", en="Customers", show=_list, order=50),
    Page(path="/customers/{kreds}", name="customer", da="Kunde", en="Customer", show=_one),
    Page(
        path="/customers/{kreds}/playbook",
        name="playbook",
        da="Drejebog",
        en="Playbook",
        show=_playbook,
    ),
)
