"""A store of an earlier robot, brought to what this one has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from robot.adapters.store.engine import MIGRATIONS, open_engine
from robot.adapters.store.store import SqlStore
from robot.domain.rights import Scope
from robot.flow.view_port import DocumentQuery
from tests.support.flow_world import FlowWorld, an_approved


def lists(store: SqlStore) -> list[list[str]]:
    queries = (
        DocumentQuery(),
        DocumentQuery(latest=False),
        DocumentQuery(text="øl"),
        DocumentQuery(code="dimension-missing"),
    )
    return [
        [line.number for line in store.views.documents(Scope(), query).rows] for query in queries
    ]


def test_what_lists_go_by_is_filled_in_for_documents_that_are_there(tmp_path: Path) -> None:
    world = FlowWorld(
        tmp_path,
        an_approved("ØL-1", remark="bounce dimension-missing"),
        an_approved("V-1", remark="bounce dimension-missing"),
    )
    world.run()
    world.source.documents = [an_approved("V-1", at=14)]
    world.run()
    before = lists(world.store)
    assert before == [["V-1", "ØL-1"], ["V-1", "V-1", "ØL-1"], ["ØL-1"], ["ØL-1"]]
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    url = f"sqlite:///{tmp_path / 'robot.db'}"
    engine = open_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
    engine.dispose()
    store = SqlStore(open_engine(url), world.clock)
    assert lists(store) == before
    store.close()
