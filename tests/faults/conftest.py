"""Worlds, robots and engines for the fault tests, and the tally of what was run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from robot.flow.failpoint import NAMES
from tests.faults.engines import Postgresql, Sqlite, StoreEngine
from tests.faults.report import note
from tests.faults.site import Site, robot_processes
from tests.faults.world import EndState, Orders, build
from tests.support.servers import postgres_server

Tally = Callable[..., None]
Moments = dict[str, list[str]]


@pytest.fixture(scope="session")
def processes() -> Iterator[ForkServerContext]:
    yield robot_processes()
    # Waited for, so that the time that all robots took is in this process's.
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pristine") / "world"
    build(folder)
    return folder


@pytest.fixture(scope="session")
def sqlite() -> StoreEngine:
    return Sqlite()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    with postgres_server() as server:
        yield Postgresql(server)
        # Its databases are thrown away; an orderly stop would write them all to the disk first.
        server.stop(kill=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> StoreEngine:
    """The engine that the test is run on: `sqlite`, unless it is given by its parameter."""
    found: StoreEngine = request.getfixturevalue(getattr(request, "param", "sqlite"))
    return found


@pytest.fixture
def new_site(
    pristine: Path, processes: ForkServerContext, engine: StoreEngine, tmp_path: Path
) -> Iterator[Callable[[], Site]]:
    """Makes sites, each with a world and a store of its own."""
    made: list[Site] = []

    def make() -> Site:
        site = Site.of(pristine, tmp_path / f"world-{len(made)}", engine, processes)
        made.append(site)
        return site

    yield make
    engine.clear_away()


@pytest.fixture
def site(new_site: Callable[[], Site]) -> Site:
    return new_site()


@pytest.fixture(scope="session")
def undisturbed_site(
    pristine: Path, processes: ForkServerContext, tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """A world in which nothing goes wrong."""
    folder = tmp_path_factory.mktemp("undisturbed")
    site = Site.of(pristine, folder / "world", Sqlite(), processes)
    assert site.run(Orders(trace=folder / "sqlite")) == 0
    return site


@pytest.fixture(scope="session")
def undisturbed(undisturbed_site: Site) -> EndState:
    return undisturbed_site.end()


@pytest.fixture(scope="session")
def sqlite_moments(undisturbed_site: Site) -> Moments:
    return _moments(undisturbed_site.folder.parent / "sqlite")


@pytest.fixture(scope="session")
def postgresql_moments(
    undisturbed_site: Site, pristine: Path, postgresql: Postgresql, undisturbed: EndState
) -> Moments:
    folder = undisturbed_site.folder.parent
    site = Site.of(pristine, folder / "on-postgresql", postgresql, undisturbed_site.processes)
    assert site.run(Orders(trace=folder / "postgresql")) == 0
    assert (site.end(), site.breaches()) == (undisturbed, [])
    return _moments(folder / "postgresql")


@pytest.fixture
def moments(request: pytest.FixtureRequest, engine: StoreEngine) -> Moments:
    """Each failpoint with the effects at stake each time an undisturbed run got to it."""
    found: Moments = request.getfixturevalue(f"{engine.name}_moments")
    return found


def _moments(trace: Path) -> Moments:
    found: Moments = {name: [] for name in NAMES}
    for line in trace.read_text(encoding="utf-8").splitlines():
        name, effects = json.loads(line)
        found[name].append(effects)
    return found


@pytest.fixture
def tally() -> Tally:
    """Notes a fault that was brought about and survived; `make faults` counts them."""
    return note
