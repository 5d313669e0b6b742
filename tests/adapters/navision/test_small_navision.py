"""The door: every document key at most once, whatever comes twice, late or at the same time."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from robot.adapters.navision import small
from robot.adapters.navision.small_navision import SmallNavision
from robot.errors import ErpError, ErpUnavailableError
from robot.flow.ports import Evidence, KeyState
from tests.adapters.navision.world import (
    COMPANY,
    EXAMPLES,
    FixedClock,
    build,
    execute,
    line,
    order,
    restore,
    rows,
)

PROJECT = Path(__file__).parents[3]
ENTRIES = """
SELECT v."External Document No_", COUNT(*) FROM "{}$Vendor Ledger Entry" v
WHERE v."User ID" = 'ROBOT' GROUP BY v."External Document No_"
"""


def postings(engine: Engine) -> dict[str, int]:
    """How often each of our numbers stands in the creditors' ledger."""
    return {number: times for number, times in rows(engine, ENTRIES)}  # noqa: C416 -- pairs named


class TestKey:
    def test_the_same_request_again_has_the_same_answer(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        answers = [navision.post(order("k1"), generation="1", payload_hash="h") for _ in range(3)]

        assert answers[0] == answers[1] == answers[2]
        assert postings(engine) == {"F-K1": 1}

    @pytest.mark.parametrize("generation", ["0", "1", "2"])
    def test_a_posted_key_takes_nothing_else(
        self, engine: Engine, navision: SmallNavision, generation: str
    ) -> None:
        posted = navision.post(order("k1"), generation="1", payload_hash="h")
        other = order("k1", line(amount="2.00", vat="0.50"), external_number="ANDET")

        shown = navision.post(other, generation=generation, payload_hash="other")
        closed = navision.tombstone(COMPANY, "k1", generation=generation, payload_hash="tombstone")

        assert shown == closed == posted
        assert shown.payload_hash == "h"
        assert postings(engine) == {"F-K1": 1}

    @pytest.mark.parametrize("generation", ["1", "2"])
    def test_a_late_request_loses_against_the_bounce(
        self, engine: Engine, navision: SmallNavision, generation: str
    ) -> None:
        tombstone = navision.tombstone(COMPANY, "k1", generation="2", payload_hash="t")

        late = navision.post(order("k1"), generation=generation, payload_hash="h")

        assert (
            late
            == tombstone
            == Evidence(state=KeyState.TOMBSTONE, generation="2", payload_hash="t")
        )
        assert postings(engine) == {}

    def test_a_corrected_version_gets_past_a_tombstone(self, navision: SmallNavision) -> None:
        navision.tombstone(COMPANY, "k1", generation="1", payload_hash="t")

        posted = navision.post(order("k1"), generation="2", payload_hash="h")

        assert (posted.state, posted.generation) == (KeyState.POSTED, "2")

    def test_generations_are_stamps_of_approvals(self, navision: SmallNavision) -> None:
        stamps = [
            "0",
            "2026-11-12T11:00:00+00:00",
            "2026-11-12T11:00:00.500000+00:00",
            "2026-11-13T07:00:00+00:00",
        ]
        for stamp in stamps:
            closed = navision.tombstone(COMPANY, "k1", generation=stamp, payload_hash="t")
            assert closed.generation == stamp
        for stamp in stamps:
            late = navision.tombstone(COMPANY, "k1", generation=stamp, payload_hash="late")
            assert (late.generation, late.payload_hash) == (stamps[-1], "t")

    def test_a_refused_order_may_be_asked_for_again_when_it_is_put_right(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        blocked = order("k1", line("229900"))
        refused = navision.post(blocked, generation="1", payload_hash="h")
        execute(engine, 'UPDATE "{}$G_L Account" SET "Blocked" = 0')

        earlier = navision.post(blocked, generation="0", payload_hash="h")
        posted = navision.post(blocked, generation="1", payload_hash="h")

        assert refused.state is KeyState.REFUSED
        assert earlier == refused
        assert posted.state is KeyState.POSTED
        assert posted.refusal is None

    def test_a_refused_order_can_be_bounced_and_then_not_posted(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        navision.post(order("k1", line("229900")), generation="1", payload_hash="h")

        won = navision.tombstone(COMPANY, "k1", generation="1", payload_hash="t")
        late = navision.post(order("k1"), generation="1", payload_hash="h2")

        assert won == late == Evidence(state=KeyState.TOMBSTONE, generation="1", payload_hash="t")
        assert postings(engine) == {}

    def test_the_ledger_is_asked_too_when_a_key_is_gone(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        navision.post(order("k1"), generation="1", payload_hash="h")
        execute(engine, 'DELETE FROM "Robot Inbox"')

        again = navision.post(order("k1"), generation="1", payload_hash="h")

        assert again.state is KeyState.REFUSED
        assert again.refusal == "Purchase Invoice F-K1 already exists for this vendor."
        assert postings(engine) == {"F-K1": 1}

    def test_two_keys_with_one_number_are_posted_once(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        navision.post(order("k1", external_number="F 1"), generation="1", payload_hash="h")

        second = navision.post(
            order("k2", external_number="f 1"), generation="1", payload_hash="h"
        )

        assert second.state is KeyState.REFUSED
        assert postings(engine) == {"F 1": 1}

    def test_a_key_of_another_company_is_an_error_in_words(self, tmp_path: Path) -> None:
        engine = build(tmp_path, EXAMPLES, COMPANY, "Domsarkivet")
        navision = SmallNavision(engine, "en", FixedClock())
        navision.post(order("k1"), generation="1", payload_hash="h")

        with pytest.raises(ErpError, match=f"belongs to company '{COMPANY}'"):
            navision.post(order("k1", company="Domsarkivet"), generation="1", payload_hash="h")

        assert navision.evidence("Domsarkivet", ["k1"])["k1"].state is KeyState.ABSENT
        engine.dispose()

    @pytest.mark.parametrize("company", ["CRONUS Danmark A/S", "O'Neil %Test [x]", "Økonomi"])
    def test_companies_with_awkward_names_are_posted_in(
        self, tmp_path: Path, company: str
    ) -> None:
        engine = build(tmp_path, EXAMPLES, company)
        navision = SmallNavision(engine, "da", FixedClock())

        posted = navision.post(order("k1", company=company), generation="1", payload_hash="h")

        assert posted == navision.evidence(company, ["k1"])["k1"]
        assert posted.state is KeyState.POSTED
        engine.dispose()


class TestEvidence:
    def test_it_shows_every_key_that_is_asked_for(self, navision: SmallNavision) -> None:
        posted = navision.post(order("a"), generation="1", payload_hash="h")
        refused = navision.post(order("b", line("229900")), generation="1", payload_hash="h")
        closed = navision.tombstone(COMPANY, "c", generation="1", payload_hash="t")

        shown = navision.evidence(COMPANY, ["a", "b", "c", "d"])

        assert shown == {
            "a": posted,
            "b": refused,
            "c": closed,
            "d": Evidence(state=KeyState.ABSENT),
        }

    def test_more_keys_than_one_statement_takes(self, navision: SmallNavision) -> None:
        posted = navision.post(order("k1500"), generation="1", payload_hash="h")

        shown = navision.evidence(COMPANY, [f"k{number}" for number in range(2500)])

        assert len(shown) == 2500
        assert [key for key, it in shown.items() if it == posted] == ["k1500"]

    def test_another_door_sees_the_same(self, engine: Engine, navision: SmallNavision) -> None:
        posted = navision.post(order("k1"), generation="1", payload_hash="h")

        assert SmallNavision(engine, "da", FixedClock()).evidence(COMPANY, ["k1"]) == {
            "k1": posted
        }

    @pytest.mark.parametrize(
        ("change", "missing"),
        [
            ('DELETE FROM "{}$Purch_ Inv_ Header"', ("receipt", "creditor", "amount")),
            ('DELETE FROM "{}$Vendor Ledger Entry"', ("creditor", "amount")),
            ('UPDATE "{}$Vendor Ledger Entry" SET "Reversed" = 1', ("creditor", "amount")),
            (
                'UPDATE "{}$Purch_ Inv_ Header" SET "Vendor Ledger Entry No_" = 1',
                ("creditor", "amount"),
            ),
            ('DELETE FROM "{}$Detailed Vendor Ledg_ Entry"', ("amount",)),
        ],
    )
    def test_what_the_inbox_claims_is_no_evidence(
        self, engine: Engine, navision: SmallNavision, change: str, missing: tuple[str, ...]
    ) -> None:
        navision.post(order("k1"), generation="1", payload_hash="h")
        execute(engine, change)

        shown = navision.evidence(COMPANY, ["k1"])["k1"]

        assert [getattr(shown, name) for name in missing] == [None] * len(missing)

    def test_the_amount_is_what_the_ledger_has(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        navision.post(order("k1"), generation="1", payload_hash="h")
        execute(
            engine,
            'UPDATE "{}$Detailed Vendor Ledg_ Entry" SET "Amount" = "Amount" + 100000'
            " WHERE \"Document No_\" = 'KF1000006'",
        )

        assert str(navision.evidence(COMPANY, ["k1"])["k1"].amount) == "1249.00"


class TestFaults:
    def test_a_company_that_is_not_there(self, navision: SmallNavision) -> None:
        unknown = "The ERP has no company 'Ukendt'"

        with pytest.raises(ErpError, match=unknown):
            navision.post(order(company="Ukendt"), generation="1", payload_hash="h")
        with pytest.raises(ErpError, match=unknown):
            navision.tombstone("Ukendt", "k", generation="1", payload_hash="h")
        with pytest.raises(ErpError, match=unknown):
            navision.evidence("Ukendt", ["k"])

    def test_a_database_that_another_keeps_locked_is_unavailable(self, database: Path) -> None:
        holder, engine = small.connect(database), small.connect(database, busy_timeout=0.05)
        navision = SmallNavision(engine, "da", FixedClock())

        with holder.connect().execution_options(navision_begin="BEGIN IMMEDIATE") as connection:
            connection.begin()
            with pytest.raises(ErpUnavailableError, match="database is locked"):
                navision.post(order("k1"), generation="1", payload_hash="h")
            assert navision.evidence(COMPANY, ["k1"])["k1"].state is KeyState.ABSENT

        assert (
            navision.post(order("k1"), generation="1", payload_hash="h").state is KeyState.POSTED
        )
        holder.dispose()
        engine.dispose()

    def test_a_fault_while_writing_leaves_nothing(
        self, engine: Engine, navision: SmallNavision
    ) -> None:
        execute(engine, 'ALTER TABLE "{}$G_L Entry" RENAME TO "away"')

        with pytest.raises(ErpError):
            navision.post(order("k1"), generation="1", payload_hash="h")

        assert navision.evidence(COMPANY, ["k1"])["k1"].state is KeyState.ABSENT
        assert postings(engine) == {}
        execute(engine, 'ALTER TABLE "away" RENAME TO "{}$G_L Entry"')
        assert (
            navision.post(order("k1"), generation="1", payload_hash="h").state is KeyState.POSTED
        )


class TestProcesses:
    COUNT = 25

    @staticmethod
    def start(database: Path, generation: str = "1", count: int = COUNT) -> subprocess.Popen[str]:
        script = PROJECT / "tests" / "adapters" / "navision" / "post_many.py"
        return subprocess.Popen(  # noqa: S603 -- this project's own script
            [sys.executable, str(script), str(database), "0", str(count), generation],
            cwd=PROJECT,
            env={"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )

    def test_two_processes_at_once_post_every_key_once(self, database: Path) -> None:
        both = [self.start(database), self.start(database)]
        answers = [process.communicate(timeout=120)[0].split("\n") for process in both]

        assert [process.returncode for process in both] == [0, 0]
        assert answers[0] == answers[1]
        engine = small.connect(database)
        numbers = range(self.COUNT)
        assert postings(engine) == {f"F-K{n}": 1 for n in numbers if n % 5}
        assert_whole(engine)
        engine.dispose()

    def test_a_killed_process_leaves_a_posting_whole_or_not_at_all(self, database: Path) -> None:
        answered: set[str] = set()
        for lines_before_kill in (3, 9, 14):
            process = self.start(database, count=1000)
            assert process.stdout is not None
            answered |= {process.stdout.readline() for _ in range(lines_before_kill)}
            process.send_signal(signal.SIGKILL)
            answered |= {line for line in process.communicate(timeout=60)[0].splitlines(True)}  # noqa: C416 -- lines
            engine = small.connect(database)
            assert_whole(engine)
            engine.dispose()

        engine = small.connect(database)
        keys = [line.split() for line in answered if line.endswith("\n")]
        shown = SmallNavision(engine, "da", FixedClock()).evidence(
            COMPANY, [key for key, *_ in keys]
        )
        for key, state, *receipt in keys:
            assert (shown[key].state, [shown[key].receipt] if receipt else []) == (state, receipt)
        assert set(postings(engine).values()) == {1}
        engine.dispose()


def assert_whole(engine: Engine) -> None:
    """Every posted key has its document, its entries and lines, and the ledger is balanced."""
    assert (
        rows(
            engine,
            'SELECT "Document No_" FROM "{}$G_L Entry"'
            ' GROUP BY "Document No_" HAVING SUM("Amount") <> 0',
        )
        == []
    )
    (counts,) = rows(
        engine,
        """
        SELECT (SELECT COUNT(*) FROM "Robot Inbox" WHERE "State" = 2),
               (SELECT COUNT(*) FROM "{}$Vendor Ledger Entry" WHERE "User ID" = 'ROBOT'),
               (SELECT COUNT(*) FROM "{}$Purch_ Inv_ Header" WHERE "User ID" = 'ROBOT'),
               (SELECT COUNT(DISTINCT "Document No_") FROM "{}$G_L Entry"
                WHERE "User ID" = 'ROBOT'),
               (SELECT COUNT(*) FROM "{}$Detailed Vendor Ledg_ Entry"
                WHERE "Vendor Ledger Entry No_" > 5)
        """,
    )
    assert len(set(counts)) == 1, counts


@dataclass
class Held:
    """What the model thinks stands under a key."""

    state: KeyState
    generation: str
    payload_hash: str


KEYS = st.sampled_from(["a", "b", "c"])
GENERATIONS = st.sampled_from(["0", "1", "2", "3"])
HASHES = st.sampled_from(["x", "y"])


class Door(RuleBasedStateMachine):
    """Requests that come in any order, again and late, against a model of the keys."""

    engine: Engine
    template: Path

    def __init__(self) -> None:
        super().__init__()
        restore(self.engine, self.template)
        self.navision = SmallNavision(self.engine, "en", FixedClock())
        self.model: dict[str, Held] = {}
        self.posted: dict[str, str] = {}

    def takes(self, key: str, generation: str) -> bool:
        held = self.model.get(key)
        if held is None:
            return True
        if held.state is KeyState.REFUSED:
            return generation >= held.generation
        return held.state is KeyState.TOMBSTONE and generation > held.generation

    @rule(
        key=KEYS,
        generation=GENERATIONS,
        payload_hash=HASHES,
        account=st.sampled_from(["220100", "229900"]),
        number=st.sampled_from(["own", "shared"]),
    )
    def post(
        self, key: str, generation: str, payload_hash: str, account: str, number: str
    ) -> None:
        external = "SHARED" if number == "shared" else f"F-{key}".upper()
        if self.takes(key, generation):
            good = account == "220100" and external not in self.posted
            state = KeyState.POSTED if good else KeyState.REFUSED
            self.model[key] = Held(state, generation, payload_hash)
            if good:
                self.posted[external] = key
        self.check(
            key,
            self.navision.post(
                order(key, line(account), external_number=external),
                generation=generation,
                payload_hash=payload_hash,
            ),
        )

    @rule(key=KEYS, generation=GENERATIONS, payload_hash=HASHES)
    def tombstone(self, key: str, generation: str, payload_hash: str) -> None:
        if self.takes(key, generation):
            self.model[key] = Held(KeyState.TOMBSTONE, generation, payload_hash)
        self.check(
            key,
            self.navision.tombstone(
                COMPANY, key, generation=generation, payload_hash=payload_hash
            ),
        )

    def check(self, key: str, evidence: Evidence) -> None:
        held = self.model[key]
        assert evidence == self.navision.evidence(COMPANY, [key])[key]
        assert (evidence.state, evidence.generation, evidence.payload_hash) == (
            held.state,
            held.generation,
            held.payload_hash,
        )
        if held.state is KeyState.POSTED:
            assert self.posted[evidence.external_number or ""] == key
            assert str(evidence.amount) == "1250.00"
        else:
            assert (evidence.receipt, evidence.amount) == (None, None)

    @invariant()
    def each_number_is_posted_once_and_the_ledger_is_balanced(self) -> None:
        assert postings(self.engine) == dict.fromkeys(self.posted, 1)
        assert_whole(self.engine)


def test_requests_in_any_order_post_each_key_at_most_once(engine: Engine, template: Path) -> None:
    Door.engine, Door.template = engine, template

    run_state_machine_as_test(
        Door, settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )
