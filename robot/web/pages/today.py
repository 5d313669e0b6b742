"""The front page: runs, who has the ball, what is late, what a person has to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from starlette.responses import Response

from robot.domain.calendar import COPENHAGEN, DueRun
from robot.domain.state import State
from robot.flow.contact_port import ContactState
from robot.flow.view_port import DocumentQuery
from robot.web.page import Page
from robot.web.visit import Visit

_TILES: Final = (
    ("held", ("hos SAM", "with the centre"), {State.HELD, State.UNREADABLE}),
    ("bounced", ("hos kunden", "with the customer"), {State.BOUNCED}),
    (
        "robot",
        ("hos robotten", "with the robot"),
        {State.PULLED, State.DECIDED, State.POSTING, State.REJECTING},
    ),
    (
        "posted",
        ("bogført: hos banken eller betalt", "posted: with the bank or paid"),
        {State.POSTED},
    ),
)
#: Addresses that are named one by one.
_NAMED: Final = 5
_COUNTED: Final = (
    ("pulled", ("Hentet", "Pulled")),
    ("posted", ("Bogført", "Posted")),
    ("bounced", ("Sendt tilbage", "Sent back")),
    ("held", ("Holdt", "Held")),
    ("unreadable", ("Ulæselige", "Unreadable")),
)
_GRACE: Final = timedelta(minutes=15)


def _show(visit: Visit) -> Response:
    dashboard, store = visit.dashboard, visit.dashboard.store
    counts: Counter[State] = Counter()
    for count in store.views.by_state(visit.scope):
        counts[count.state] += count.documents
    tiles: list[dict[str, Any]] = [
        {
            "path": f"/documents?list={name}",
            "label": visit.say(*label),
            "documents": sum(counts[state] for state in states),
        }
        for name, label, states in _TILES
    ]
    late = store.views.documents(
        visit.scope, DocumentQuery(goal_before=end_of_day(visit)), sort="goal", size=10
    )
    return visit.render(
        "today.html.j2",
        runs=store.runs.last(6),
        next_run=dashboard.calendar.next_run(dashboard.now()),
        missed=_missed(visit),
        counted=[(name, visit.say(*label)) for name, label in _COUNTED],
        tiles=tiles,
        late=late,
        alarms=list(_alarms(visit)),
    )


def end_of_day(visit: Visit) -> datetime:
    """The end of today in Copenhagen (UTC)."""
    return datetime.combine(visit.today, time(23, 59, 59), COPENHAGEN).astimezone(UTC)


def _missed(visit: Visit) -> DueRun | None:
    now = visit.dashboard.now()
    due = visit.dashboard.calendar.last_due(now)
    if due is None or now - due.at < _GRACE or visit.dashboard.store.runs.has_slot(due.key):
        return None
    return due


def _alarms(visit: Visit) -> Iterator[str]:
    store = visit.dashboard.store
    for pause in store.runs.pauses():
        whose = visit.dashboard.customers().get(pause.scope)
        if pause.scope and not visit.scope.covers(pause.scope):
            continue
        name = whose.name if whose else pause.scope or visit.say("alt", "everything")
        yield visit.say(
            f"Robotten er på pause for {name}: {pause.reason}",
            f"The robot is paused for {name}: {pause.reason}",
        )
    if visit.scope.customers is None:
        yield from visit.dashboard.rules.held_back
        for run in store.runs.last():
            yield from visit.problems(run)[:10]
        yield from _unreached(visit)
    waiting = len(store.commands.waiting(100))
    if waiting:
        yield visit.say(
            f"{visit.many(waiting, ('bestilling', ''), ('bestillinger', ''))} venter på robotten",
            f"{visit.many(waiting, ('', 'order waits'), ('', 'orders wait'))} for the robot",
        )


def _unreached(visit: Visit) -> Iterator[str]:
    """Addresses whose notices do not arrive."""
    bad = [it for it in visit.dashboard.store.contacts.listing() if it.state is ContactState.DEAD]
    for it in bad[:_NAMED]:
        yield visit.say(
            f"Beskeder når ikke frem til {it.address}", f"Notices do not reach {it.address}"
        )
    if len(bad) > _NAMED:
        yield visit.say(
            f"Og heller ikke til {len(bad) - _NAMED} andre: se Lagt til side",
            f"Nor {len(bad) - _NAMED} others: see Set aside",
        )


PAGES: Final = (Page(path="/", name="today", da="I dag", en="Today", show=_show, order=10),)
