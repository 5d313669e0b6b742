"""What doctor says about the store's server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from robot import bootstrap
from robot.adapters.store.engine import HEAD, open_engine
from robot.adapters.store.examination import examine
from tests.support.servers import PostgresServer, postgres_server

#: The server's clock is this machine's.
now = bootstrap.SystemClock().now


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        server.create_database("kept")
        open_engine(server.url("kept")).dispose()
        yield server


@pytest.fixture(name="engine")
def _engine(server: PostgresServer) -> Iterator[sa.Engine]:
    engine = open_engine(server.url("kept"))
    yield engine
    engine.dispose()


def said(engine: sa.Engine, clock: Callable[[], datetime] = now) -> dict[str, tuple[bool, bool]]:
    return {it.words: (it.good, it.serious) for it in examine(engine, clock)}


def test_a_server_in_order(engine: sa.Engine) -> None:
    found = said(engine)

    assert {words for words, (good, _) in found.items() if not good} == {
        # The tests' own server is set up to be quick.
        "fsync is off: a power cut can take away what the robot has done"
    }
    assert f"migration {HEAD}, the newest" in found
    assert "isolation: read committed" in found
    assert any(words.startswith("PostgreSQL ") for words in found)


def test_a_clock_that_goes_wrong(engine: sa.Engine) -> None:
    found = said(engine, lambda: now() - timedelta(hours=1))

    (words,) = [it for it in found if "NTP" in it]
    assert words.startswith("its clock is 3,")
    assert "seconds ahead of this machine's" in words


def test_a_standby(server: PostgresServer) -> None:
    engine = open_engine(server.url("kept") + "?options=-c%20default_transaction_read_only%3Don")
    found = said(engine)
    engine.dispose()

    assert found["it is a standby and can only be read"] == (False, True)


def test_sqlite_has_no_server() -> None:
    engine = sa.create_engine("sqlite://")

    assert examine(engine, now) == []
