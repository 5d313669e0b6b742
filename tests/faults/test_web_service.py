"""The way to NAV's web service fails, and NAV itself: every document is posted once or bounced.

A simulated NAV stands behind its SOAP service; it takes jobs after a delay and posts them in a
process of its own. The proxy stands between the robot and the service.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from robot import bootstrap
from robot.adapters.navision.schema.model import Layout
from robot.settings import ErpSettings, WebSettings
from tests.faults.conftest import Tally
from tests.faults.invariants import breaches
from tests.faults.proxy import Poison, Proxy, Toxic, proxy_to
from tests.faults.site import Site
from tests.faults.world import FAULT, Orders, ledger_entries, settings_in
from tests.simulator.client import NavServer
from tests.simulator.server import INSTANCE, KEY, USER

pytestmark = pytest.mark.faults

#: What each request's body holds.
PUT, CLOSE = b"Put>", b"Close>"
SEEDS = 8
#: The states of the documents when nothing goes wrong: as on the small Navision.
Outcomes = frozenset[tuple[str, ...]]


@pytest.fixture(scope="module")
def nav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NavServer]:
    book = bootstrap.rulebook(settings_in(tmp_path_factory.mktemp("rules")))
    companies = [customer.company or customer.name for customer in book.customers]
    folder = tmp_path_factory.mktemp("nav")
    server = NavServer(folder, Layout.NAV_2018, language="da", companies=companies)
    server.act("auto", delay=0.02)
    yield server
    server.stop()


@dataclass
class Behind:
    """A site whose ERP is the simulated NAV behind the proxy."""

    site: Site
    nav: NavServer
    proxy: Proxy

    @property
    def orders(self) -> Orders:
        return Orders(
            clock="running",
            confirm_seconds=20,
            erp=ErpSettings(
                kind="nav",
                url=f"sqlite:///{self.nav.database}",  # type: ignore[arg-type]  # made secret
                web=WebSettings(
                    base_url=f"http://127.0.0.1:{self.proxy.port}{INSTANCE}",
                    user=USER,
                    key=KEY,  # type: ignore[arg-type]  # made secret
                    connect_timeout_seconds=2,
                    answer_timeout_seconds=2,
                ),
            ),
        )

    def run(self, point: str = "") -> int | None:
        return self.site.run(replace(self.orders, point=point))

    def recover(self) -> None:
        self.site.engine.let_leases_run_out(self.site.store)
        for _ in range(2):
            assert self.run() == 0

    def breaches(self) -> list[str]:
        robot = bootstrap.assemble(settings_in(self.site.folder, self.site.store, self.orders.erp))
        try:
            return breaches(
                self.site.folder,
                self.site.store,
                show=robot.ports.poster.evidence,
                navision=self.nav.database,
            )
        finally:
            robot.close()

    def outcomes(self) -> Outcomes:
        return self.site.end().documents

    def posted(self) -> int:
        return len(ledger_entries(self.nav.database))


@pytest.fixture
def behind(site: Site, nav: NavServer) -> Iterator[Behind]:
    nav.reset()
    with proxy_to(nav.port) as proxy:
        yield Behind(site, nav, proxy)


@pytest.fixture(scope="module")
def expected(nav: NavServer) -> dict[str, object]:
    """Filled by the first test that looks: what an undisturbed run through NAV comes to."""
    del nav
    return {}


@pytest.fixture
def undisturbed_nav(
    behind: Behind, nav: NavServer, expected: dict[str, object]
) -> tuple[Outcomes, int]:
    if not expected:
        copy = behind.site.backup()
        assert behind.run() == 0
        assert behind.breaches() == []
        expected.update(outcomes=behind.outcomes(), posted=behind.posted())
        behind.site.restore(copy)
        nav.reset()
        for mark in (behind.site.folder / "documents").rglob("*.rejected.json"):
            mark.unlink()
        for mail in (behind.site.folder / "mail").glob("new/*"):
            mail.unlink()
    outcomes, posted = expected["outcomes"], expected["posted"]
    assert isinstance(outcomes, frozenset)
    assert isinstance(posted, int)
    return outcomes, posted


def right(behind: Behind, undisturbed: tuple[Outcomes, int]) -> None:
    assert behind.breaches() == []
    assert (behind.outcomes(), behind.posted()) == undisturbed


@pytest.mark.parametrize("time", [1, 2, 4])
@pytest.mark.parametrize("request_body", [PUT, CLOSE], ids=["put", "close"])
@pytest.mark.parametrize("toxic", list(Toxic))
def test_the_way_fails_at_a_request(
    behind: Behind,
    undisturbed_nav: tuple[Outcomes, int],
    tally: Tally,
    toxic: Toxic,
    request_body: bytes,
    time: int,
) -> None:
    poison = behind.proxy.add(Poison(toxic=toxic, pattern=request_body, time=time))
    assert behind.run() == 0
    assert poison.done.is_set()
    behind.recover()
    right(behind, undisturbed_nav)
    tally(f"web service: request {toxic}", behind.site.engine.name)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_several_requests_fail_in_one_run(
    behind: Behind, undisturbed_nav: tuple[Outcomes, int], tally: Tally, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed to find a failure again
    for _ in range(4):
        toxic = chance.choice([Toxic.CUT, Toxic.DROP_ANSWER, Toxic.HALF_ANSWER, Toxic.SILENCE])
        body = chance.choice([PUT, CLOSE])
        behind.proxy.add(Poison(toxic=toxic, pattern=body, time=chance.randrange(1, 4)))
    assert behind.run() == 0
    behind.recover()
    right(behind, undisturbed_nav)
    tally("web service: several requests fail", behind.site.engine.name)


@pytest.mark.parametrize(
    "point",
    ["claim-after", "call-before:3", "called", "called:4", "evidence-before", "source-told"],
)
def test_killed_with_requests_at_nav(
    behind: Behind, undisturbed_nav: tuple[Outcomes, int], tally: Tally, point: str
) -> None:
    behind.site.kill_at(point, behind.orders)
    behind.recover()
    right(behind, undisturbed_nav)
    tally("killed with requests at NAV", behind.site.engine.name)


def test_requests_that_arrive_after_the_robot_gave_up_waiting(
    behind: Behind, undisturbed_nav: tuple[Outcomes, int], tally: Tally
) -> None:
    """The service hands the first requests on only when the robot has sent them again."""
    for _ in range(3):
        behind.nav.act("fault", kind="late", path="/WS/")
    assert behind.run() == 0
    behind.nav.act("deliver")
    behind.recover()
    behind.nav.act("deliver")
    behind.recover()
    right(behind, undisturbed_nav)
    tally("web service: requests arrive late", behind.site.engine.name)


def test_the_store_is_lost_with_jobs_in_navs_queue(
    behind: Behind, undisturbed_nav: tuple[Outcomes, int], tally: Tally
) -> None:
    empty = behind.site.backup()
    behind.site.kill_at("called:4", behind.orders)
    behind.site.restore(empty)
    behind.recover()
    right(behind, undisturbed_nav)
    tally("store lost with jobs in NAV's queue", behind.site.engine.name)


def test_the_service_is_away_for_a_whole_run(
    behind: Behind, undisturbed_nav: tuple[Outcomes, int], tally: Tally
) -> None:
    gone = replace(behind.orders)
    assert gone.erp is not None
    web = gone.erp.web.model_copy(update={"base_url": "http://127.0.0.1:9/"})
    away = replace(gone, erp=gone.erp.model_copy(update={"web": web}))
    assert behind.site.run(away) in {0, FAULT}
    behind.recover()
    right(behind, undisturbed_nav)
    tally("web service: away for a whole run", behind.site.engine.name)
