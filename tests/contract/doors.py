"""Every way to have NAV post, ready for the same tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from robot.adapters.navision import small
from robot.adapters.navision.catalog import name_in
from robot.adapters.navision.company import Companies
from robot.adapters.navision.database import Database, open_server
from robot.adapters.navision.doors.bc_api import BcApi
from robot.adapters.navision.doors.http import NavHttp, Timeouts, basic
from robot.adapters.navision.doors.monitor import MonitorOnly
from robot.adapters.navision.doors.odata import NavODataAction
from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.doors.poster import NavPoster
from robot.adapters.navision.doors.protocol import PostingBackend
from robot.adapters.navision.doors.soap import NavSoap
from robot.adapters.navision.doors.throttle import Throttle
from robot.adapters.navision.readback import ReadBack
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.model import Layout
from robot.adapters.navision.small_navision import SmallNavision
from robot.domain.decision import PostingOrder
from robot.flow.ports import ErpPoster
from tests.adapters.navision.world import EXAMPLES, order
from tests.simulator.client import NavServer
from tests.simulator.server import KEY, USER
from tests.simulator.world import COMPANIES
from tests.support.fakes import SetClock
from tests.support.servers import POSTGRES_ODBC, SQLITE_ODBC, need_odbc


@dataclass(kw_only=True)
class Door:
    """A poster on a company of its own, and a hand on the NAV behind it."""

    name: str
    poster: ErpPoster
    engine: Engine
    layout: Layout
    company: str
    clock: SetClock
    nav: NavServer | None = None

    @property
    def kind(self) -> str:
        """The door without the server behind it: `soap`, `odata`, `bc-api`, …."""
        return self.name.partition(" ")[0]

    def order(self, key: str = "k1", *lines: Any, **changes: Any) -> PostingOrder:  # noqa: ANN401
        """An order of this company; a monitored NAV gets its document delivered first."""
        made = order(key, *lines, **{"company": self.company, **changes})
        if self.kind == "monitor-only" and self.nav is not None:
            self.nav.act("draft", company=self.company, order_text=order_text(made))
        return made

    def finish(self, fault: str = "") -> None:
        """Let NAV do what it has taken."""
        if self.nav is None or self.kind == "bc-api":
            return
        if self.kind == "monitor-only":
            self.nav.act("batch", company=self.company)
            return
        while self.nav.act("work", company=self.company, fault=fault) != "idle":
            pass

    def act(self, act: str, /, **given: Any) -> Any:  # noqa: ANN401 -- JSON both ways
        """Something inside NAV or on the way to it."""
        assert self.nav is not None
        return self.nav.act(act, **given)

    def accident(self, name: str, **given: Any) -> None:  # noqa: ANN401 -- passed on
        """What people and accidents do in this company."""
        self.act("nav", name=name, **{"company": self.company, **given})

    def table(self, name: str) -> str:
        """A table's name in SQL, quoted."""
        table = next(it for it in TABLES if it.name == name)
        name = name_in(self.engine.dialect.name, table.name_in_sql(self.company, self.layout))
        return f'"{name}"'

    def execute(self, statement: str, *tables: str) -> None:
        """Change NAV's data as a person would; `{}` are the tables."""
        names = [self.table(name) for name in tables]
        with self.engine.begin() as connection:
            connection.execute(text(statement.format(*names)))

    def posted(self) -> dict[str, int]:
        """How often each of the robot's numbers stands in the ledger, not reversed."""
        statement = text(
            f'SELECT "External Document No_", COUNT(*) FROM {self.table("Vendor Ledger Entry")}'  # noqa: S608
            ' WHERE "User ID" = \'ROBOT\' GROUP BY "External Document No_"'
        )
        with self.engine.connect() as connection, connection.begin():
            return {number: times for number, times in connection.execute(statement)}  # noqa: C416

    def later(self, hours: int = 2) -> None:
        """So much later that what is not finished is stuck."""
        self.clock.instant += timedelta(hours=hours)


@contextmanager
def small_door(template: Path, folder: Path) -> Iterator[Door]:
    """The small Navision."""
    path = Path(shutil.copy(template, folder / "small.db"))
    engine, clock = small.connect(path), SetClock()
    yield Door(
        name="small",
        poster=SmallNavision(engine, "en", clock),
        engine=engine,
        layout=Layout.SMALL,
        company=COMPANIES[0],
        clock=clock,
    )
    engine.dispose()


@dataclass(frozen=True, kw_only=True)
class Way:
    """A door into a simulated NAV: layout, company, and the driver that it is read with."""

    backend: Callable[[NavHttp], PostingBackend]
    layout: Layout
    company: str
    postgresql: bool = False
    odbc: bool = False


def _monitor(http: NavHttp) -> PostingBackend:
    return MonitorOnly(NavSoap(http))


WAYS: Mapping[str, Way] = {
    "soap": Way(backend=NavSoap, layout=Layout.NAV_2016, company=COMPANIES[2]),
    "odata": Way(backend=NavODataAction, layout=Layout.NAV_2018, company=COMPANIES[1], odbc=True),
    "bc-api": Way(backend=BcApi, layout=Layout.BUSINESS_CENTRAL, company=COMPANIES[2]),
    "monitor-only": Way(backend=_monitor, layout=Layout.NAV_2018, company=COMPANIES[0]),
    "soap postgresql": Way(
        backend=NavSoap, layout=Layout.NAV_2018, company=COMPANIES[2], postgresql=True, odbc=True
    ),
    "odata postgresql": Way(
        backend=NavODataAction,
        layout=Layout.BUSINESS_CENTRAL,
        company=COMPANIES[0],
        postgresql=True,
    ),
    "bc-api postgresql": Way(
        backend=BcApi,
        layout=Layout.BUSINESS_CENTRAL,
        company=COMPANIES[1],
        postgresql=True,
        odbc=True,
    ),
    "monitor-only postgresql": Way(
        backend=_monitor, layout=Layout.NAV_2016, company=COMPANIES[1], postgresql=True
    ),
}


@contextmanager
def nav_door(name: str, nav: NavServer) -> Iterator[Door]:
    """A simulated NAV behind one of its doors."""
    way = WAYS[name]
    if way.odbc:
        driver = POSTGRES_ODBC if way.postgresql else SQLITE_ODBC
        need_odbc(driver, "odbc-postgresql" if way.postgresql else "libsqliteodbc")
    nav.reset()
    clock = SetClock()
    owner, reader = create_engine(nav.owner), open_server(nav.reader(odbc=way.odbc))
    http = NavHttp(nav.base, basic(USER, KEY), timeouts=Timeouts(connect=5, answer=20))
    read_back = ReadBack(Database(reader), Companies(nav.layout), clock)
    yield Door(
        name=name,
        poster=NavPoster(way.backend(http), read_back, Throttle(5, read_back.in_flight)),
        engine=owner,
        layout=nav.layout,
        company=way.company,
        clock=clock,
        nav=nav,
    )
    http.close()
    owner.dispose()
    reader.dispose()


def build_small(path: Path) -> None:
    """The small Navision as every test finds it."""
    small.build(path, EXAMPLES, [COMPANIES[0]])


def renamed(made: PostingOrder, key: str) -> PostingOrder:
    """The same order under another key."""
    return replace(made, document_key=key)
