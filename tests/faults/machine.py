"""Approvals, faults, deaths, clerks and restored stores in any order, against a model.

Everything is the project's own: rules, folder source, small Navision, store, maildir. Only the
door to the ERP can be told to lose, delay or leave unanswered what goes through it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from robot import bootstrap
from robot.adapters.store.store import open_store
from robot.domain.decision import PostingOrder
from robot.domain.state import State
from robot.errors import ActError, ErpUnavailableError
from robot.flow import failpoint
from robot.flow.clerk import Clerk
from robot.flow.context import RunOptions
from robot.flow.ports import ErpPoster, Evidence
from robot.flow.records import DocumentFilter, DocumentRow
from robot.flow.run import run_once
from tests.faults.invariants import breaches
from tests.faults.world import EXAMPLES, Standing, build, ledger_entries, settings_in

#: Documents of one customer that are posted as they stand.
NAMES: Final = (
    "01-batteries-by-telephone",
    "02-power-for-the-lighthouse",
    "04-chart-cabinet",
)
CUSTOMER: Final = "99002"
#: An account that is not in the plan: the customer has to correct it.
NO_ACCOUNT: Final = "22010"
FAULTS: Final = st.lists(st.sampled_from(["late", "lost", "unanswered", ""]), max_size=4)
RUNS_TO_REST: Final = 3


class KilledError(BaseException):
    """The process dies here; nothing that follows is done."""


@dataclass
class FaultyDoor:
    """A door in front of a real one."""

    door: ErpPoster
    #: What happens to the next calls: `lost`, `unanswered` (done, no answer), `late`.
    faults: list[str] = field(default_factory=list)
    down: bool = False
    _late: list[Callable[[], Evidence]] = field(default_factory=list)

    def post(self, order: PostingOrder, *, generation: str, payload_hash: str) -> Evidence:
        return self._through(
            lambda: self.door.post(order, generation=generation, payload_hash=payload_hash)
        )

    def tombstone(
        self, company: str, document_key: str, *, generation: str, payload_hash: str
    ) -> Evidence:
        return self._through(
            lambda: self.door.tombstone(
                company, document_key, generation=generation, payload_hash=payload_hash
            )
        )

    def evidence(self, company: str, document_keys: Sequence[str]) -> Mapping[str, Evidence]:
        if self.down:
            raise ErpUnavailableError("no answer")
        return self.door.evidence(company, document_keys)

    def deliver(self) -> None:
        """Let requests arrive that were delayed on their way."""
        late, self._late = self._late, []
        for request in late:
            request()

    def _through(self, request: Callable[[], Evidence]) -> Evidence:
        fault = self.faults.pop(0) if self.faults else ""
        if self.down or fault == "lost":
            raise ErpUnavailableError("no answer")
        if fault == "late":
            self._late.append(request)
            raise ErpUnavailableError("no answer")
        evidence = request()
        if fault == "unanswered":
            raise ErpUnavailableError("no answer")
        return evidence


@dataclass
class Approved:
    """What the model knows of one document: its latest version, as the source gives it."""

    good: bool
    #: It stands in the source (not withdrawn; a rejection leaves it there, marked).
    given: bool = True
    #: An earlier version was posted, so this one never is.
    posted_before: bool = False
    dropped: bool = False


@cache
def _pristine() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="robot-machine-")) / "world"
    build(folder)
    shutil.rmtree(folder / "documents")
    (folder / "documents").mkdir()
    return folder


class Machine(RuleBasedStateMachine):
    """One customer with three documents."""

    @initialize(good=st.tuples(st.booleans(), st.booleans(), st.booleans()))
    def begin(self, good: tuple[bool, ...]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="robot-machine-")) / "world"
        shutil.copytree(_pristine(), self.folder)
        self.entries = set(ledger_entries(self.folder / "navision.db"))
        self.robot = bootstrap.assemble(settings_in(self.folder), clock=Standing())
        self.door = FaultyDoor(self.robot.ports.poster)
        self.ports = replace(self.robot.ports, poster=self.door)
        self.model: dict[str, Approved] = {}
        self.hour = 0
        self.restored = False
        self.copy: tuple[Path, frozenset[str]] | None = None
        for name, is_good in zip(NAMES, good, strict=True):
            self.approve(name, good=is_good)

    # ------------------------------------------------------------ the customer

    @rule(name=st.sampled_from(NAMES), good=st.booleans())
    def approve(self, name: str, *, good: bool) -> None:
        """A document is approved: for the first time, or again with other coding."""
        self.hour += 1
        posted = self.is_posted(name)
        source = EXAMPLES / "documents" / "fyrvaesenet" / f"{name}.xml"
        target = self.folder / "documents" / source.name
        sidecar = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))
        sidecar["approvals"][-1]["at"] = f"2026-11-21T{self.hour // 60:02}:{self.hour % 60:02}:00Z"
        if not good:
            sidecar["coding"][0]["account"] = NO_ACCOUNT
        target.with_suffix(".json").write_text(json.dumps(sidecar), encoding="utf-8")
        shutil.copy(source, target)
        self.model[name] = Approved(good=good, posted_before=posted)

    @rule(name=st.sampled_from(NAMES))
    def withdraw(self, name: str) -> None:
        """It is taken back in the source."""
        for suffix in (".xml", ".json", ".rejected.json"):
            target = self.folder / "documents" / f"{name}{suffix}"
            target.unlink(missing_ok=True)
        self.model[name].given = False

    # ------------------------------------------------------------ the robot

    @rule(faults=FAULTS, deliver=st.booleans())
    def run(self, faults: list[str], *, deliver: bool) -> None:
        """One run; then late requests may arrive."""
        self.door.faults = list(faults)
        self.run_once()
        if deliver:
            self.door.deliver()

    @rule(moment=st.integers(min_value=1, max_value=60), faults=FAULTS)
    def die_in_a_run(self, moment: int, faults: list[str]) -> None:
        """The run ends at some moment; its requests may still be on their way."""
        self.door.faults = list(faults)
        left = moment

        def die(_name: str, _effects: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise KilledError

        failpoint.watch(die)
        try:
            with contextlib.suppress(KilledError):
                self.run_once()
        finally:
            failpoint.watch(None)

    @rule()
    def run_while_the_erp_is_away(self) -> None:
        self.door.down = True
        self.run_once()
        self.door.down = False

    @rule()
    def deliver(self) -> None:
        self.door.deliver()

    def run_once(self) -> None:
        run_once(self.ports, RunOptions(owner="robot", batch_size=2, chunk_size=2))

    # ------------------------------------------------------------ people

    @rule(name=st.sampled_from(NAMES), act=st.sampled_from(["release", "drop", "recheck"]))
    def let_a_clerk_act(self, name: str, act: str) -> None:
        row = self.row(name)
        if row is None:
            return
        with contextlib.suppress(ActError):
            getattr(self.clerk, act)(row.core.source_id, "because")
            if act == "drop" and row.core.version == self.version(name):
                self.model[name].dropped = True

    @rule(scope=st.sampled_from(["", CUSTOMER]))
    def pause_for_a_run(self, scope: str) -> None:
        """While the kill switch is set nothing is posted, rejected or mailed."""
        self.clerk.pause(scope, "because")
        before = self.outside()
        self.run_once()
        assert self.outside() == before
        self.clerk.resume(scope)

    @rule()
    def back_the_store_up(self) -> None:
        copy = self.folder.with_name("backup")
        self.robot.store.close()
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for path in self.folder.glob("robot.db*"):
            shutil.copy(path, copy)
        dropped = frozenset(name for name, known in self.model.items() if known.dropped)
        self.copy = copy, dropped

    @precondition(lambda self: getattr(self, "copy", None) is not None)
    @rule()
    def restore_the_store(self) -> None:
        assert self.copy is not None
        copy, dropped = self.copy
        self.robot.store.close()
        for path in self.folder.glob("robot.db*"):
            path.unlink()
        for path in copy.iterdir():
            shutil.copy(path, self.folder)
        self.restored = True
        # A clerk's act that the store has forgotten is to be done again.
        for name, known in self.model.items():
            known.dropped = known.dropped and name in dropped
        store = open_store(self.robot.settings.store.url, Standing(), check=False)
        self.robot.store = store
        self.ports = replace(self.ports, store=store)

    # ------------------------------------------------------------ what has to hold

    @invariant()
    def holds_at_every_moment(self) -> None:
        found = self.breaches(at_rest=False)
        assert found == [], found

    def teardown(self) -> None:
        """The faults stop: everything comes to rest where the model says."""
        if not hasattr(self, "folder"):
            return
        try:
            self.come_to_rest()
        finally:
            self.robot.close()
            shutil.rmtree(self.folder.parent, ignore_errors=True)

    def come_to_rest(self) -> None:
        self.door.faults = []
        for _ in range(RUNS_TO_REST):
            self.run_once()
            self.door.deliver()
        self.run_once()
        found = self.breaches(at_rest=True)
        assert found == [], found
        for name, known in self.model.items():
            row = self.row(name)
            if known.given and not self.is_rejected(name):
                assert row is not None, name
                assert row.core.version == self.version(name)
                assert row.state is self.expected(known), (name, row.state, row.codes)
            elif known.given and not self.restored:
                assert row is not None, name
                assert row.state is State.BOUNCED, (name, row.state, row.codes)

    def expected(self, known: Approved) -> State:
        if known.dropped:
            return State.DROPPED
        return State.HELD if known.posted_before else State.POSTED

    def breaches(self, *, at_rest: bool) -> list[str]:
        return breaches(
            self.folder,
            self.robot.settings.store.url,
            restored=self.restored,
            at_rest=at_rest,
        )

    # ------------------------------------------------------------ looking

    @property
    def clerk(self) -> Clerk:
        return Clerk(
            store=self.robot.store,
            taxonomy=self.robot.ports.taxonomy,
            clock=Standing(),
            name="bod",
        )

    def source_id(self, name: str) -> str:
        path = EXAMPLES / "documents" / "fyrvaesenet" / f"{name}.json"
        return str(json.loads(path.read_text(encoding="utf-8"))["document_id"])

    def version(self, name: str) -> str:
        """The version that stands in the source; empty when it was taken back."""
        path = self.folder / "documents" / f"{name}.xml"
        return bootstrap.read_file(path).version if path.exists() else ""

    def row(self, name: str) -> DocumentRow | None:
        """The latest version that the store knows."""
        wanted = DocumentFilter(reference=self.source_id(name))
        rows = list(self.robot.store.documents.listing(wanted))
        return rows[-1] if rows else None

    def is_rejected(self, name: str) -> bool:
        mark = self.folder / "documents" / f"{name}.rejected.json"
        return mark.exists() and self.version(name) in mark.read_text(encoding="utf-8")

    def is_posted(self, name: str) -> bool:
        """Whether the ledger has it, whatever the store knows."""
        path = EXAMPLES / "documents" / "fyrvaesenet" / f"{name}.xml"
        invoice = bootstrap.read_file(path).invoice
        assert invoice is not None
        new = set(ledger_entries(self.folder / "navision.db")) - self.entries
        return any(entry[2] == invoice.number.upper() for entry in new)

    def outside(self) -> tuple[object, ...]:
        """What the world outside the store has seen of the robot."""
        marks = sorted(path.name for path in (self.folder / "documents").glob("*.rejected.json"))
        mails = sorted(path.name for path in (self.folder / "mail").glob("new/*"))
        return ledger_entries(self.folder / "navision.db"), marks, mails
