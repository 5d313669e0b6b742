"""A small Navision for every test, copied from one that is built once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from robot.adapters.navision import small
from robot.adapters.navision.reader import NavisionReader
from robot.adapters.navision.small_navision import SmallNavision
from tests.adapters.navision.world import COMPANY, EXAMPLES, FixedClock, restore

NAVDATA = Path(__file__).parents[4] / "shared" / "navdata"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples' world with one company, at rest."""
    path = tmp_path_factory.mktemp("navision") / "navision.db"
    small.build(path, EXAMPLES, [COMPANY])
    return path


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Path:
    """A file of the test's own."""
    return Path(shutil.copy(template, tmp_path / "navision.db"))


@pytest.fixture(scope="session")
def shared_engine(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all tests of a process, so that statements are compiled once."""
    path = Path(shutil.copy(template, tmp_path_factory.mktemp("shared") / "navision.db"))
    engine = small.connect(path)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(shared_engine: Engine, template: Path) -> Engine:
    """The small Navision of a test: the examples' world as it was built."""
    restore(shared_engine, template)
    return shared_engine


@pytest.fixture(scope="session")
def untouched_reader(template: Path) -> Iterator[NavisionReader]:
    """A reader on the examples' world as it was built; nobody writes there."""
    engine = small.connect(template)
    yield NavisionReader(engine, "ROBOT")
    engine.dispose()


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> NavisionReader:
    """A reader on the test's own Navision, when the test has one, else on the untouched one."""
    if "engine" in request.fixturenames:
        return NavisionReader(request.getfixturevalue("engine"), "ROBOT")
    untouched: NavisionReader = request.getfixturevalue("untouched_reader")
    return untouched


@pytest.fixture
def navision(engine: Engine) -> SmallNavision:
    return SmallNavision(engine, "en", FixedClock())


@pytest.fixture
def navdata() -> Path:
    """Demo data in NAV's shapes, which lies beside the project on some machines."""
    if not NAVDATA.is_dir():
        pytest.skip("the demo data of shared/navdata is not on this machine")
    return NAVDATA
