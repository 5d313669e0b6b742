"""Lists for the dashboard: pages, filters, and never a document outside of the scope."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from robot.domain.rights import Scope
from robot.domain.state import State
from robot.flow.view_port import DocumentQuery
from tests.support.flow_world import FlowWorld, an_approved

MINE, OTHERS = Scope(customers=frozenset({"99001"})), Scope(customers=frozenset({"99002"}))
ALL = Scope()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> FlowWorld:
    folder: Path = tmp_path_factory.mktemp("views")
    world = FlowWorld(
        folder,
        *(an_approved(f"F-{number}") for number in range(5)),
        an_approved("H-1", remark="hold outside-criteria"),
        an_approved("B-1", remark="bounce dimension-missing"),
        an_approved("ØL-1", confidential=True),
    )
    world.run()
    return world


def numbers(world: FlowWorld, scope: Scope, **query: object) -> list[str]:
    found = world.store.views.documents(scope, DocumentQuery(**query), sort="id")  # type: ignore[arg-type]
    return [line.number for line in found.rows]


def test_somebody_elses_customer_is_in_no_list_count_or_address(world: FlowWorld) -> None:
    number = world.rows()[0].id
    views = world.store.views
    assert numbers(world, OTHERS) == []
    assert list(views.every(OTHERS, DocumentQuery())) == []
    assert views.document(OTHERS, number) is None
    assert list(views.by_state(OTHERS)) == []
    assert views.document(MINE, number) is not None


def test_an_empty_scope_sees_nothing(world: FlowWorld) -> None:
    assert numbers(world, Scope(customers=frozenset())) == []


def test_pages_are_cut_by_the_database_and_know_the_whole(world: FlowWorld) -> None:
    page = world.store.views.documents(ALL, DocumentQuery(), sort="id", page=2, size=3)
    assert [line.number for line in page.rows] == ["F-3", "F-4", "H-1"]
    assert (page.total, page.last) == (8, 3)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"states": frozenset({State.POSTED})}, ["F-0"]),
        ({"code": "dimension-missing"}, ["B-1"]),
        ({"code": "dimension"}, []),
        ({"text": "f-2"}, ["F-2"]),
        ({"text": "%"}, []),
        ({"text": "øl"}, ["ØL-1"]),
        ({"text": "sdi-øl"}, ["ØL-1"]),
        ({"due_before": date(2000, 1, 1)}, []),
        ({"customer": "99002"}, []),
    ],
)
def test_a_filter_narrows(world: FlowWorld, query: dict[str, object], found: list[str]) -> None:
    assert numbers(world, ALL, **query) == found


def test_an_unknown_column_sorts_by_the_order_in_which_they_came(world: FlowWorld) -> None:
    page = world.store.views.documents(ALL, DocumentQuery(), sort="id; DROP TABLE document")
    assert page.total == 8


def test_what_many_hold_is_found_as_what_few_hold(
    world: FlowWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = numbers(world, ALL, text="f-")
    monkeypatch.setattr("robot.adapters.store.views._FEW", 2)
    assert numbers(world, ALL, text="f-") == few == ["F-0", "F-1", "F-2", "F-3", "F-4"]


def test_a_hidden_supplier_is_not_found_by_its_name(world: FlowWorld) -> None:
    lines = world.store.views.documents(ALL, DocumentQuery(), size=20).rows
    supplier = next(line.supplier for line in lines if not line.confidential)
    assert "ØL-1" not in numbers(world, ALL, text=supplier)


def test_inflow_is_counted_by_hour(world: FlowWorld) -> None:
    ((hour, many),) = world.store.views.inflow(MINE, DocumentQuery()).items()
    assert (many, hour.minute) == (8, 0)
    assert hour <= world.rows()[0].pulled_at < hour + timedelta(hours=1)
    assert world.store.views.inflow(OTHERS, DocumentQuery()) == {}


def test_counts_are_by_customer_and_state(world: FlowWorld) -> None:
    counted = {count.state: count.documents for count in world.store.views.by_state(MINE)}
    # Invoices of one supplier, day and amount resemble each other and are held.
    assert counted == {State.POSTED: 1, State.HELD: 6, State.BOUNCED: 1}


def test_a_document_counts_where_its_latest_version_stands(tmp_path: Path) -> None:
    world = FlowWorld(tmp_path, an_approved("C-1", remark="bounce dimension-missing"))
    world.run()
    world.source.documents = [an_approved("C-1", at=14)]
    world.run()
    counted = {count.state: count.documents for count in world.store.views.by_state(ALL)}
    assert counted == {State.POSTED: 1}
    assert numbers(world, ALL, code="dimension-missing") == []
    assert numbers(world, ALL, code="dimension-missing", latest=False) == ["C-1"]
