"""A dashboard over the store of a real run of the demo, entered as by the organisation's proxy."""

from __future__ import annotations

import re
import shutil
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from robot import bootstrap
from robot.checks.catalogue import CATALOGUE
from robot.cli.demo import EXAMPLES, SLOT, world
from robot.cli.run import write_run
from robot.domain.canonical import sha256_hex
from robot.domain.case import CaseStatus
from robot.domain.decision import Decision, Finding, Outcome
from robot.domain.rights import Role
from robot.domain.state import State
from robot.flow.cases import CaseReader, Wanted
from robot.flow.findings import ERP_UNMAPPED
from robot.flow.records import DocumentCore, DocumentFilter, DocumentRow, Recorded
from robot.flow.rule_approval import Reviewer
from robot.flow.sheet_port import Way
from robot.rulebook.versions import current_sets, loaded_from_text
from robot.settings import AccessSettings, Settings
from robot.web.dashboard import Dashboard
from robot.web.page import Page
from robot.web.serving import application, open_dashboard
from tests.support.inbox import came_in
from tests.support.reposting import filled

with warnings.catch_warnings():
    # The client will want httpx2 one day; until then the project needs one library, not two.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient as TestClient  # noqa: PLC0414 - handed on to the tests

SECRET: Final = "the-proxy-alone-knows-this-secret"  # noqa: S105 - of the test's own proxy
HOST: Final = "https://robot.example"
#: The customer that limited persons may see, and one that they may not.
OWN, OTHER = "99001", "99002"
#: Who proposed rules.
AUTHOR: Final = "en-rule-author"
SCRIPT: Final = "<script>alert('x')</script><img src=x onerror=alert(1)>"
#: What Navision said about one document of each customer, in words that no table knows.
UNKNOWN_TEXT: Final = f"Linje 7 (a+b) kan ikke bruges {SCRIPT}"
REFUSED: Final = "REFUSED-1"
FORMULA: Final = '=HYPERLINK("http://evil.example","klik")'


class MovedClock:
    """The world's clock, which a test may put forward."""

    def __init__(self) -> None:
        self._clock = bootstrap.FixedClock()
        self.ahead = timedelta()

    def now(self) -> Any:  # noqa: ANN401 - an aware instant
        """The instant."""
        return self._clock.now() + self.ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The dashboard, and rows of the store that tests ask for."""

    settings: Settings
    dashboard: Dashboard
    clock: MovedClock
    documents: Mapping[str, list[DocumentRow]]
    cases: Mapping[str, list[str]]
    #: Re-posting sheets that were handed in, by customer: the file's hash.
    sheets: Mapping[str, str]
    #: A mail to the other customer, and one to nobody known.
    mail: int
    stray: int
    poisoned: int
    #: The hash of a set that was proposed for each of the two customers.
    proposals: Mapping[str, str]

    def browser(self, **door: Any) -> TestClient:  # noqa: ANN401 - the ways in
        """Somebody's browser; `door` as in `Site.headers`, without any: nobody."""
        address = door.pop("address", "127.0.0.1")
        return _browser(self.dashboard, headers(**door) if door else {}, address)

    def as_role(self, role: Role, *, limited: bool = False) -> TestClient:
        """The browser of somebody with one role, for all customers or for one."""
        group = f"{role.value}-{OWN}" if limited else role.value
        return self.browser(name=f"en-{group}", groups=group)

    def path(self, page: Page, customer: str) -> str:
        """An address of this page about something of a customer's.

        Raises:
            KeyError: The page has a part that no test gives a value: add it here.
        """
        values = {
            "/documents/lists/{id}": "1",
            "/documents/{id}": str(self.documents[customer][-1].id),
            "/cases/{number}": self.cases[customer][0],
            "/mails/{id}": str(self.mail),
            "/runs/{id}": "1",
            "/customers/{kreds}": customer,
            "/sheets/{hash}": self.sheets[customer],
            "/rules/{hash}": self.proposals[customer],
            "/sag/{token}": "x",
        }
        for pattern, value in values.items():
            if page.path.startswith(pattern):
                rest = page.path.removeprefix(pattern)
                filled = pattern.partition("{")[0] + value + rest
                return filled.replace("{kreds}", customer)
        if page.path.endswith("{kreds}"):
            return page.path.replace("{kreds}", customer)
        if "{" in page.path:
            raise KeyError(f"{page.path}: say in tests/web/site.py what stands there")
        return page.path


def entered(dashboard: Dashboard, group: str) -> TestClient:
    """The browser of somebody of a group."""
    return _browser(dashboard, headers(name=f"en-{group}", groups=group), "127.0.0.1")


def _browser(dashboard: Dashboard, sent: dict[str, Any], address: str) -> TestClient:
    return TestClient(
        application(dashboard),
        base_url=HOST,
        client=(address, 40_000),
        follow_redirects=False,
        raise_server_exceptions=False,
        headers=sent,
    )


def headers(
    *,
    name: str = "bo",
    groups: str = "",
    secret: str | bytes = SECRET,
) -> dict[str, Any]:
    """What the proxy adds to a request."""
    return {
        "X-Forwarded-User": name,
        "X-Forwarded-Groups": groups,
        "X-Robot-Proxy-Secret": secret,
    }


def token_of(browser: TestClient, path: str = "/documents") -> str:
    """The token of the forms of this browser's session."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get(path).text)
    assert found, "the page has no form"
    return found[1]


def build(folder: Path) -> Site:
    """Run the demo once in a folder and open a dashboard over it."""
    clock = MovedClock()
    placed = world(folder, EXAMPLES / "documents")
    # Rules of its own: mapping what Navision says writes into them.
    shutil.copytree(placed.rules.directory, folder / "rules")
    rules = placed.rules.model_copy(update={"directory": folder / "rules"})
    placed = placed.model_copy(update={"rules": rules})
    joined = bootstrap.assemble(placed, clock=clock)
    try:
        write_run(joined, SLOT, folder, threading.Event())
        now = clock.now()
        mail = came_in(joined.store, 1, now, customer=OTHER, subject="Om fyrtaarnet")
        stray = came_in(joined.store, 2, now, customer=None, subject=SCRIPT, text=SCRIPT)
        sheets = _handed_in(joined)
        with joined.store.writing(actor="test") as unit:
            poisoned, *_ = unit.record([_poisoned(), *map(_refused, (OWN, OTHER))])
        proposals = {
            kreds: _propose(
                joined, kreds, f"small-invoice.limit: {now}", f"small-invoice.limit: {new}"
            )
            for kreds, now, new in ((OWN, 25000, 60000), (OTHER, 10000, 90000))
        }
    finally:
        joined.close()
    web = placed.web.model_copy(
        update={
            "auth": "proxy",
            "proxy_secret": type(placed.web.proxy_secret)(SECRET),
            "public_url": HOST,
            "access": access(),
        }
    )
    settings = placed.model_copy(update={"web": web})
    dashboard = open_dashboard(settings, clock)
    documents: dict[str, list[DocumentRow]] = {}
    for row in dashboard.store.documents.listing(DocumentFilter()):
        if row.id != poisoned and row.core.source_id != REFUSED:
            documents.setdefault(row.core.customer, []).append(row)
    cases: dict[str, list[str]] = {}
    reader = CaseReader(store=dashboard.store, customers=list(dashboard.customers().values()))
    for line in reader.listing(Wanted(status=None, open_only=False)):
        assert line.standing.status in set(CaseStatus)
        cases.setdefault(line.case.customer, []).append(line.case.number)
    return Site(
        settings=settings,
        dashboard=dashboard,
        clock=clock,
        documents=documents,
        cases=cases,
        sheets=sheets,
        mail=mail,
        stray=stray,
        poisoned=poisoned,
        proposals=proposals,
    )


def access() -> tuple[AccessSettings, ...]:
    """A group for each role, for all customers and for one."""
    found = []
    for role in Role:
        found.append(AccessSettings(group=role.value, roles=(role.value,)))
        found.append(
            AccessSettings(group=f"{role.value}-{OWN}", roles=(role.value,), customers=(OWN,))
        )
    return tuple(found)


def _handed_in(joined: bootstrap.Robot) -> dict[str, str]:
    """A wrong sheet of each of the two customers, answered."""
    desk = joined.ports.sheets
    assert desk is not None
    found = {}
    for customer in joined.rulebook.customers:
        if customer.bogfoeringskreds in {OWN, OTHER}:
            cells = ["" for _ in customer.dimensions]
            row = ("1", "30-11-2026", FORMULA, "999999", *cells, 12.5)
            content = filled(customer, row, author=SCRIPT)
            sheet = desk.take_in(f"{SCRIPT}.xlsx", content, by="bo", way=Way.FOLDER)
            desk.answer(sheet)
            found[customer.bogfoeringskreds] = sheet
    return found


def _poisoned() -> Recorded:
    core = DocumentCore(
        document_key="e" * 64,
        version="f" * 64,
        generation="1",
        system="folder",
        company="Eksempelstyrelsen",
        customer=OWN,
        source_id="POISON-1",
        name="poison.xml",
        content_hash="d" * 64,
        kind="invoice",
        number=FORMULA,
        supplier=SCRIPT,
        currency="DKK",
    )
    return Recorded(known=None, core=core, state=State.HELD, digest="c" * 64)


def _refused(customer: str) -> Recorded:
    core = DocumentCore(
        document_key=sha256_hex(f"refused {customer}"),
        version=sha256_hex(f"refused version {customer}"),
        generation="1",
        system="folder",
        company=customer,
        customer=customer,
        source_id=REFUSED,
        name="refused.xml",
        content_hash=sha256_hex(f"refused content {customer}"),
    )
    finding = Finding(code=ERP_UNMAPPED, path="", seen=UNKNOWN_TEXT, expected="", rule="")
    decision = Decision(
        outcome=Outcome.HOLD, findings=(finding,), decided_on=bootstrap.WORLD_DAY.date()
    )
    return Recorded(
        known=None, core=core, state=State.HELD, digest=core.version, decision=decision
    )


def _propose(joined: bootstrap.Robot, customer: str, before: str, after: str) -> str:
    text = joined.rulebook.for_customer(customer).text
    assert before in text
    changed = loaded_from_text(text.replace(before, after), "(test)", CATALOGUE)
    found = next(it for it in current_sets(changed) if it.customer == customer)
    author = Reviewer(store=joined.store, clock=joined.ports.clock, name=AUTHOR)
    author.propose(customer, found.hash, found.text, authors=(AUTHOR,), note=SCRIPT)
    return found.hash
