"""For machines: alive, ready, numbers."""

from __future__ import annotations

from typing import Final

from starlette.responses import JSONResponse, PlainTextResponse, Response

from robot.domain.rights import Scope
from robot.errors import RobotError
from robot.web.page import Page
from robot.web.visit import Visit

_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def _alive(visit: Visit) -> Response:
    del visit
    return PlainTextResponse("ok\n")


def _ready(visit: Visit) -> Response:
    try:
        visit.dashboard.store.runs.last()
    except RobotError as error:
        return JSONResponse({"ready": False, "why": error.reference}, status_code=503)
    return JSONResponse({"ready": True})


def _metrics(visit: Visit) -> Response:
    """Counts only: no names of people, suppliers or customers."""
    # Its library is not needed for a first page.
    from prometheus_client import CollectorRegistry, Gauge, generate_latest  # noqa: PLC0415

    store, registry = visit.dashboard.store, CollectorRegistry()
    documents = Gauge(
        "robot_documents",
        "Documents by the state of their latest version",
        ["state"],
        registry=registry,
    )
    for count in store.views.by_state(Scope()):
        documents.labels(state=count.state.value).inc(count.documents)
    waiting = Gauge("robot_commands_waiting", "Commands nobody carried out", registry=registry)
    waiting.set(len(store.commands.waiting(1_000)))
    paused = Gauge("robot_pauses", "Kill switches that are set", registry=registry)
    paused.set(len(store.runs.pauses()))
    for run in store.runs.last():
        begun = Gauge("robot_last_run_begun_seconds", "When it began", registry=registry)
        begun.set(run.started_at.timestamp())
        counts = Gauge("robot_last_run", "What the last run did", ["what"], registry=registry)
        for what, many in run.summary.get("counts", {}).items():
            counts.labels(what=what).set(many)
    return Response(generate_latest(registry), media_type=_TYPE)


PAGES: Final = (
    Page(path="/healthz", name="healthz", da="", en="", show=_alive, public=True),
    Page(path="/readyz", name="readyz", da="", en="", show=_ready, public=True),
    Page(path="/metrics", name="metrics", da="", en="", show=_metrics, public=True),
)
