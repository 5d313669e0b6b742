"""The database gives a unit of the robot up: it begins again, or the next run does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, create_engine, text

from tests.faults.conftest import Tally
from tests.faults.engines import Postgresql
from tests.faults.site import Site
from tests.faults.world import FAULT, EndState

pytestmark = [
    pytest.mark.faults,
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]

#: The server raises these by itself, in favour of others or for want of room; here a trigger does.
GIVEN_UP = {
    "serialization failure": "40001",
    "deadlock victim": "40P01",
    "lock not available": "55P03",
    "disk full": "53100",
}
TABLES = ("audit", "document", "effect", "mail", "run")
_TRIGGER = """
CREATE SEQUENCE hits;
CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A sequence is not rolled back: each hit counts once, also in the unit that is begun again.
  IF nextval('hits') = ANY (ARRAY[{hits}]) THEN
    RAISE EXCEPTION 'given up for a test' USING ERRCODE = '{code}';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER give_up AFTER INSERT OR UPDATE ON "{table}"
  FOR EACH STATEMENT EXECUTE FUNCTION give_up();
"""


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("fault", GIVEN_UP)
def test_units_are_given_up_by_the_server(
    site: Site, postgresql: Postgresql, undisturbed: EndState, tally: Tally, fault: str, table: str
) -> None:
    database = site.store.rpartition("/")[2]
    statement = _TRIGGER.format(hits="1, 3, 4, 8", code=GIVEN_UP[fault], table=table)
    postgresql.execute(database, statement)
    assert site.run() in {0, FAULT}
    happened = scalar(site.store, "SELECT last_value * is_called::int FROM hits")
    postgresql.execute(database, f'DROP TRIGGER give_up ON "{table}"')
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    assert happened >= 1
    tally(f"database: {fault}", site.engine.name)


def test_a_real_deadlock_has_the_robot_as_its_victim(
    site: Site, postgresql: Postgresql, undisturbed: EndState, tally: Tally
) -> None:
    """Somebody locks the trail's end and then the robot's lease, the other way round than it."""
    database = site.store.rpartition("/")[2]
    postgresql.execute(database, f"ALTER DATABASE {database} SET deadlock_timeout = '2s'")
    with locker(site.store) as other:
        other.execute(text("SET deadlock_timeout = '60s'"))
        other.execute(text("SELECT 1 FROM audit_head FOR UPDATE"))
        robot = site.start()
        wait_for_a_waiting_one(site.store)
        blocker = threading.Thread(
            target=lambda: other.execute(text("UPDATE lease SET owner = owner"))
        )
        blocker.start()
        blocker.join(30)
        assert not blocker.is_alive(), "the server chose nobody"
    robot.join(120)
    assert robot.exitcode in {0, FAULT}
    deadlocks = scalar(
        site.store, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    assert deadlocks >= 1
    tally("database: a real deadlock", site.engine.name)


@contextmanager
def locker(store: str) -> Iterator[Connection]:
    """A session that holds its locks until the end."""
    engine = create_engine(store)
    try:
        with engine.connect() as connection:
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def wait_for_a_waiting_one(store: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if scalar(store, "SELECT count(*) FROM pg_locks WHERE NOT granted"):
            return
        time.sleep(0.05)
    raise AssertionError("the robot did not come to the lock")


def scalar(store: str, question: str) -> int:
    engine = create_engine(store)
    try:
        with engine.connect() as connection:
            return int(connection.execute(text(question)).scalar_one())
    finally:
        engine.dispose()
