"""One contract for every way to have NAV post: each document once, and evidence before belief."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import text

from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.reader import NavisionReader
from robot.adapters.navision.schema.model import Layout
from robot.domain.decision import PostingLine, PostingOrder
from robot.domain.facts import Creditor
from robot.errors import ErpError, ErpUnavailableError
from robot.flow.evidence import PostingVerdict, judge_posting
from robot.flow.ports import Evidence, KeyState
from tests.adapters.navision.world import CUSTOMER, line, order, question
from tests.contract.doors import WAYS, Door, build_small, nav_door, small_door
from tests.simulator.approvals import APPROVALS_OPEN
from tests.simulator.client import NavServer
from tests.support.servers import PostgresServer, postgres_server


@pytest.fixture(scope="module")
def nav_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], NavServer]]:
    """A simulated NAV for each way in, started when a test first asks for it."""
    servers: dict[tuple[Layout, bool], NavServer] = {}
    with ExitStack() as stack:

        @cache
        def postgres() -> PostgresServer:
            return stack.enter_context(postgres_server())

        def started(name: str) -> NavServer:
            way = WAYS[name]
            key = way.layout, way.postgresql
            if key not in servers:
                folder = tmp_path_factory.mktemp(way.layout.value)
                own = [it.company for it in WAYS.values() if (it.layout, it.postgresql) == key]
                servers[key] = NavServer(
                    folder,
                    way.layout,
                    companies=own,
                    postgres=postgres() if way.postgresql else None,
                )
                stack.callback(servers[key].stop)
            return servers[key]

        yield started


@pytest.fixture(scope="module")
def small_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "template.db"
    build_small(path)
    return path


@pytest.fixture
def door(
    request: pytest.FixtureRequest,
    nav_of: Callable[[str], NavServer],
    small_template: Path,
    tmp_path: Path,
) -> Iterator[Door]:
    """The door that the test is parametrised with."""
    name = request.param
    made = (
        small_door(small_template, tmp_path) if name == "small" else nav_door(name, nav_of(name))
    )
    with made as ready:
        yield ready


EVERY_DOOR = ["small", *WAYS]
BY_NETWORK = [*WAYS]
BY_JOB_QUEUE = [name for name in WAYS if name.startswith(("soap", "odata"))]

every_door = pytest.mark.parametrize("door", EVERY_DOOR, indirect=True)
by_network = pytest.mark.parametrize("door", BY_NETWORK, indirect=True)
by_job_queue = pytest.mark.parametrize("door", BY_JOB_QUEUE, indirect=True)


def ask(
    door: Door, key: str = "k1", *lines: PostingLine, generation: str = "1", **changes: object
) -> None:
    door.poster.post(door.order(key, *lines, **changes), generation=generation, payload_hash="h")


def shown(door: Door, key: str = "k1") -> Evidence:
    return door.poster.evidence(door.company, [key])[key]


def close(door: Door, key: str = "k1", *, generation: str = "1") -> None:
    door.poster.tombstone(door.company, key, generation=generation, payload_hash="t")


@every_door
class TestEveryDoor:
    def test_what_is_asked_for_is_posted_as_it_was_ordered(self, door: Door) -> None:
        wanted = door.order()
        door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()

        evidence = shown(door)

        assert evidence.state is KeyState.POSTED
        assert (evidence.creditor, evidence.external_number, str(evidence.amount)) == (
            "10001",
            "F-K1",
            "1250.00",
        )
        verdict = judge_posting(wanted, generation="1", payload_hash="h", evidence=evidence)
        assert verdict is PostingVerdict.POSTED

    def test_a_credit_note_is_posted(self, door: Door) -> None:
        wanted = door.order(kind="credit-note")
        door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()

        assert (shown(door).state, str(shown(door).amount)) == (KeyState.POSTED, "1250.00")

    def test_the_same_request_again_posts_nothing_again(self, door: Door) -> None:
        wanted = door.order()
        for _ in range(2):
            door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()
        first = shown(door)
        door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()

        assert shown(door) == first
        assert door.posted() == {"F-K1": 1}

    @pytest.mark.parametrize("generation", ["0", "1", "2"])
    def test_a_posted_key_takes_nothing_else(self, door: Door, generation: str) -> None:
        ask(door)
        door.finish()
        posted = shown(door)

        ask(
            door,
            "k1",
            line(amount="2.00", vat="0.50"),
            external_number="NO-2",
            generation=generation,
        )
        close(door, generation=generation)
        if door.kind != "monitor-only":  # there NAV posts what nobody's key forbids
            door.finish()
            assert door.posted() == {"F-K1": 1}
        assert shown(door) == posted

    @pytest.mark.parametrize("generation", ["1", "2"])
    def test_a_late_request_loses_against_the_bounce(self, door: Door, generation: str) -> None:
        close(door, generation="2")
        wanted = door.order()
        door.poster.post(wanted, generation=generation, payload_hash="h")

        evidence = shown(door)

        assert (evidence.state, evidence.generation, evidence.payload_hash) == (
            KeyState.TOMBSTONE,
            "2",
            "t",
        )
        if door.kind != "monitor-only":
            door.finish()
            assert door.posted() == {}

    def test_a_corrected_version_gets_past_a_tombstone(self, door: Door) -> None:
        close(door, generation="1")
        ask(door, generation="2")
        door.finish()

        assert (shown(door).state, shown(door).generation) == (KeyState.POSTED, "2")

    def test_generations_only_go_forward(self, door: Door) -> None:
        for generation in ("1", "3", "2"):
            close(door, generation=generation)

        assert shown(door).generation == "3"

    def test_a_key_that_nobody_took_is_absent(self, door: Door) -> None:
        assert shown(door, "nobody") == Evidence(state=KeyState.ABSENT)
        assert door.poster.evidence(door.company, []) == {}

    def test_a_company_that_nav_does_not_have_is_an_error_in_words(self, door: Door) -> None:
        with pytest.raises(ErpError):
            door.poster.post(
                order(company="Ukendt"),
                generation="1",
                payload_hash="h",
            )
        with pytest.raises(ErpError, match="no company 'Ukendt'"):
            door.poster.evidence("Ukendt", ["k1"])

    def test_two_keys_with_one_number_are_posted_once(self, door: Door) -> None:
        ask(door, "k1", external_number="SAME")
        door.finish()
        ask(door, "k2", external_number="same")
        door.finish()

        assert door.posted() == {"SAME": 1}
        if door.kind != "monitor-only":
            assert shown(door, "k2").state is KeyState.REFUSED
            assert "already exists for this vendor" in (shown(door, "k2").refusal or "")


POSTING_DOORS = pytest.mark.parametrize(
    "door", [name for name in EVERY_DOOR if not name.startswith("monitor")], indirect=True
)


@POSTING_DOORS
class TestRefusals:
    def test_nav_says_why_and_the_key_gives_way_when_it_is_put_right(self, door: Door) -> None:
        ask(door, "k1", line("229900"))
        door.finish()
        refused = shown(door)
        door.execute('UPDATE {} SET "Blocked" = 0', "G/L Account")

        ask(door, "k1", line("229900"))
        door.finish()

        assert refused.state is KeyState.REFUSED
        assert (refused.refusal or "").startswith("Blocked must be equal to 'No' in G/L Account")
        assert shown(door).state is KeyState.POSTED
        assert door.posted() == {"F-K1": 1}

    def test_a_later_version_of_what_was_refused_is_posted(self, door: Door) -> None:
        ask(door, "k1", line("229900"))
        door.finish()
        ask(door, "k1", line("220100"), generation="2")
        door.finish()

        assert (shown(door).state, shown(door).generation) == (KeyState.POSTED, "2")

    def test_an_earlier_version_of_what_was_refused_is_not(self, door: Door) -> None:
        ask(door, "k1", line("229900"), generation="2")
        door.finish()
        ask(door, "k1", line("220100"), generation="1")
        door.finish()

        assert (shown(door).state, shown(door).generation) == (KeyState.REFUSED, "2")
        assert door.posted() == {}

    def test_what_was_refused_can_be_bounced_and_then_not_posted(self, door: Door) -> None:
        ask(door, "k1", line("229900"))
        door.finish()
        close(door)
        door.execute('UPDATE {} SET "Blocked" = 0', "G/L Account")
        ask(door, "k1", line("229900"))
        door.finish()

        assert (shown(door).state, shown(door).payload_hash) == (KeyState.TOMBSTONE, "t")
        assert door.posted() == {}

    def test_the_ledger_is_asked_too_when_the_keys_are_gone(self, door: Door) -> None:
        ask(door)
        door.finish()
        door.execute("DELETE FROM {}", "Robot Inbox")
        ask(door)
        door.finish()

        assert shown(door).state is KeyState.REFUSED
        assert door.posted() == {"F-K1": 1}

    def test_a_creditor_that_is_paid_elsewhere_by_now_is_not_posted(self, door: Door) -> None:
        ask(door, "k1", bank_details_hash="0" * 64)
        door.finish()

        assert shown(door).state is KeyState.REFUSED
        assert "bank details of vendor 10001 have changed" in (shown(door).refusal or "")
        assert door.posted() == {}

    def test_a_code_that_names_nothing_is_refused_before_there_is_a_document(
        self, door: Door
    ) -> None:
        ask(door, "k1", line("999999"))
        door.finish()

        assert shown(door).state is KeyState.REFUSED
        assert "cannot be found in the related table" in (shown(door).refusal or "")


@pytest.mark.parametrize("door", ["soap"], indirect=True)
def test_a_long_refusal_comes_back_whole(door: Door) -> None:
    number = "".join(f"{place:04}" for place in range(200))
    ask(door, "k1", external_number=number)

    assert shown(door).refusal == (
        "The length of the string is 800, but it must be less than or equal to 35 characters."
        f" Value: {number}"
    )


TWO_DOORS = pytest.mark.parametrize("door", ["small", "soap"], indirect=True)


@TWO_DOORS
def test_the_same_amount_in_another_currency_is_not_what_was_ordered(door: Door) -> None:
    wanted = door.order()
    door.poster.post(wanted, generation="1", payload_hash="h")
    door.finish()
    door.execute("""UPDATE {} SET "Currency Code" = 'EUR'""", "Vendor Ledger Entry")

    seen = shown(door)

    assert (seen.state, str(seen.amount), seen.currency) == (KeyState.POSTED, "1250.00", "EUR")
    verdict = judge_posting(wanted, generation="1", payload_hash="h", evidence=seen)
    assert verdict is PostingVerdict.DIFFERS


def reposting(door: Door, key: str = "k1", amount: str = "150.25") -> PostingOrder:
    """An order that moves an amount between two accounts."""
    lines = (
        replace(line("220100", amount, "0"), vat_code=None, voucher="7"),
        replace(line("221000", f"-{amount}", "0"), vat_code=None, voucher="7"),
    )
    return replace(
        order(key, *lines, company=door.company),
        kind="reposting",
        creditor="",
        external_number=f"OMP-{key.upper()}",
        due_date=None,
        total=Decimal(amount),
        payment_reference=None,
    )


def balance(door: Door, number: str) -> tuple[int, int]:
    """How many entries a number has in the general ledger, and whether they come to zero."""
    statement = text(
        f'SELECT COUNT(*), SUM("Amount") FROM {door.table("G/L Entry")}'  # noqa: S608
        f" WHERE \"Document No_\" = '{number}'"
    )
    with door.engine.connect() as connection, connection.begin():
        many, amount = connection.execute(statement).one()
    return many, int(amount or 0)


class TestRepostings:
    """NAV posts the lines by its own journal, at once and under the key."""

    @POSTING_DOORS
    def test_it_is_posted_once_and_the_general_ledger_is_the_evidence(self, door: Door) -> None:
        wanted = reposting(door)
        for _ in range(2):
            door.poster.post(wanted, generation="1", payload_hash="h")
            door.finish()

        assert balance(door, "OMP-K1") == (2, 0)
        seen = shown(door)
        assert (seen.state, seen.receipt) == (KeyState.POSTED, "OMP-K1")
        verdict = judge_posting(wanted, generation="1", payload_hash="h", evidence=seen)
        assert verdict is PostingVerdict.POSTED
        other = replace(wanted, total=Decimal("150.26"))
        differs = judge_posting(other, generation="1", payload_hash="h", evidence=seen)
        assert differs is PostingVerdict.DIFFERS

    @TWO_DOORS
    def test_past_a_tombstone_nothing_is_posted(self, door: Door) -> None:
        close(door)
        door.poster.post(reposting(door), generation="1", payload_hash="h")

        assert shown(door).state is KeyState.TOMBSTONE
        assert balance(door, "OMP-K1") == (0, 0)

    @TWO_DOORS
    def test_what_navision_refuses_leaves_no_half_of_it(self, door: Door) -> None:
        wrong = reposting(door)
        wrong = replace(wrong, lines=(wrong.lines[0], replace(wrong.lines[1], account="229900")))
        door.poster.post(wrong, generation="1", payload_hash="h")
        lopsided = replace(reposting(door, "k2"), lines=wrong.lines[:1])
        door.poster.post(lopsided, generation="1", payload_hash="h")

        assert (shown(door).refusal or "").startswith("Blocked must be equal to 'No'")
        assert "is not equal to total of lines" in (shown(door, "k2").refusal or "")
        assert [balance(door, number) for number in ("OMP-K1", "OMP-K2")] == [(0, 0), (0, 0)]

    @TWO_DOORS
    def test_the_ledger_is_asked_too_when_the_keys_are_gone(self, door: Door) -> None:
        door.poster.post(reposting(door), generation="1", payload_hash="h")
        door.execute("DELETE FROM {}", "Robot Inbox")
        door.poster.post(reposting(door), generation="1", payload_hash="h")

        assert "is in the general ledger already" in (shown(door).refusal or "")
        assert balance(door, "OMP-K1") == (2, 0)


def paid_to(door: Door) -> str:
    """Where the creditor is paid, as a decision that is made now has it."""
    customer = replace(CUSTOMER, company=door.company)
    (facts,) = NavisionReader(door.engine, "ROBOT").facts([question(customer=customer)])
    assert isinstance(facts.creditor, Creditor)
    assert facts.creditor.number == "10001"
    return facts.creditor.bank_details_hash


#: What somebody changes, by table.
ELSEWHERE = {
    "another account": (
        "Vendor Bank Account",
        """UPDATE {} SET "Vendor No_" = '10001' WHERE "Vendor No_" = '10003'""",
    ),
    "another FIK creditor": (
        "Vendor",
        """UPDATE {} SET "Creditor No_" = '89999999' WHERE "No_" = '10001'""",
    ),
}


@every_door
class TestBankDetailsAfterTheDecision:
    """They are read again where the posting is made: no old decision pays anybody."""

    def test_as_they_were_at_the_decision_it_is_posted(self, door: Door) -> None:
        ask(door, bank_details_hash=paid_to(door))
        door.finish()

        assert shown(door).state is KeyState.POSTED

    @pytest.mark.parametrize("changed", ELSEWHERE)
    def test_changed_before_nav_is_asked_it_is_never_posted(
        self, door: Door, changed: str
    ) -> None:
        table, statement = ELSEWHERE[changed]
        wanted = door.order(bank_details_hash=paid_to(door))
        door.execute(statement, table)

        for _ in range(2):
            door.poster.post(wanted, generation="1", payload_hash="h")
            door.finish()

        assert shown(door).state is not KeyState.POSTED
        assert door.posted() == {}

    def test_changed_while_it_waits_in_nav_it_is_never_posted(self, door: Door) -> None:
        if door.kind in {"small", "bc-api"}:
            return  # there nothing waits: it is posted in the request itself
        table, statement = ELSEWHERE["another account"]
        ask(door, bank_details_hash=paid_to(door))
        door.execute(statement, table)
        door.finish()

        assert shown(door).state is not KeyState.POSTED
        assert door.posted() == {}


@by_network
class TestNetwork:
    def test_a_request_that_was_lost_may_be_sent_again(self, door: Door) -> None:
        wanted = door.order()
        door.act("fault", kind="lost")
        with pytest.raises(ErpUnavailableError, match="no answer"):
            door.poster.post(wanted, generation="1", payload_hash="h")
        assert shown(door).state is KeyState.ABSENT

        door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()

        assert shown(door).state is KeyState.POSTED
        assert door.posted() == {"F-K1": 1}

    def test_an_answer_that_was_lost_is_found_by_evidence(self, door: Door) -> None:
        wanted = door.order()
        door.act("fault", kind="unanswered", path=_last_call(door))
        with pytest.raises(ErpUnavailableError):
            door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()

        assert shown(door).state is KeyState.POSTED
        door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()
        assert door.posted() == {"F-K1": 1}

    def test_a_request_that_overtakes_nothing_and_comes_late_posts_once(self, door: Door) -> None:
        wanted = door.order()
        door.act("fault", kind="late", path=_last_call(door))
        with pytest.raises(ErpUnavailableError):
            door.poster.post(wanted, generation="1", payload_hash="h")
        door.poster.post(wanted, generation="1", payload_hash="h")
        door.act("deliver")
        door.finish()
        door.act("deliver")
        door.finish()

        assert door.posted() == {"F-K1": 1}

    def test_a_request_that_comes_after_the_tombstone_loses(self, door: Door) -> None:
        wanted = door.order()
        door.act("fault", kind="late", path=_last_call(door))
        with pytest.raises(ErpUnavailableError):
            door.poster.post(wanted, generation="1", payload_hash="h")
        close(door, generation="1")

        door.act("deliver")
        door.finish()

        assert shown(door).state is KeyState.TOMBSTONE
        if door.kind != "monitor-only":  # there the document was in NAV before the robot asked
            assert door.posted() == {}

    def test_a_tombstone_whose_answer_was_lost_stands(self, door: Door) -> None:
        door.act("fault", kind="unanswered", path=_first_write(door))
        with pytest.raises(ErpUnavailableError):
            close(door)

        assert shown(door).state is KeyState.TOMBSTONE
        close(door)
        assert shown(door).state is KeyState.TOMBSTONE

    @pytest.mark.parametrize("kind", ["unavailable", "throttled", "garbled", "cut"])
    def test_an_answer_that_says_nothing_leaves_it_unknown(self, door: Door, kind: str) -> None:
        wanted = door.order()
        door.act("fault", kind=kind, path=_first_write(door))
        with pytest.raises(ErpUnavailableError):
            door.poster.post(wanted, generation="1", payload_hash="h")

        door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()
        assert door.posted() == {"F-K1": 1}

    def test_who_may_not_ask_is_told_so(self, door: Door) -> None:
        door.act("fault", kind="denied")
        with pytest.raises(ErpError, match="refuses the robot's user") as refused:
            ask(door)

        assert not isinstance(refused.value, ErpUnavailableError)

    def test_a_server_that_is_down_is_unavailable_and_nothing_is_lost(self, door: Door) -> None:
        for _ in range(3):
            door.act("fault", kind="unavailable")
        wanted = door.order()
        for _ in range(3):
            with pytest.raises(ErpUnavailableError):
                door.poster.post(wanted, generation="1", payload_hash="h")
        assert shown(door).state is KeyState.ABSENT

        door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()
        assert shown(door).state is KeyState.POSTED


def _last_call(door: Door) -> str:
    """The call of a request to post after which nothing more is asked."""
    return "Microsoft.NAV.post" if door.kind == "bc-api" else ""


def _first_write(door: Door) -> str:
    return "POST" if door.kind == "bc-api" else ""


@by_job_queue
class TestJobQueue:
    """NAV's own job queue posts; what it shows meanwhile, and what may go wrong (§4.2)."""

    def test_it_is_under_way_until_a_job_has_posted_it(self, door: Door) -> None:
        ask(door)
        assert shown(door) == Evidence(
            state=KeyState.TAKEN, generation="1", payload_hash="h", refusal=None
        )
        door.finish()
        assert shown(door).state is KeyState.POSTED

    @pytest.mark.parametrize("fault", ["error-after-commit", "lost", "killed-after"])
    def test_it_is_posted_although_the_job_says_error(self, door: Door, fault: str) -> None:
        ask(door)
        door.finish(fault)

        assert (shown(door).state, shown(door).trouble) == (KeyState.POSTED, "")
        ask(door)
        door.finish()
        assert door.posted() == {"F-K1": 1}

    @pytest.mark.parametrize("fault", ["killed", "killed-early"])
    def test_a_server_that_was_killed_leaves_it_stuck_and_it_is_not_asked_for_again(
        self, door: Door, fault: str
    ) -> None:
        ask(door)
        door.finish(fault)
        assert (shown(door).state, shown(door).trouble) == (KeyState.TAKEN, "")
        door.later()

        assert (shown(door).state, shown(door).trouble) == (KeyState.TAKEN, "posting-stuck")
        close(door)
        assert shown(door).state is KeyState.TAKEN

    def test_a_session_that_is_still_at_work_is_waited_for_longer(self, door: Door) -> None:
        ask(door)
        door.act("work", company=door.company, fault="hangs")
        door.later(1)
        assert (shown(door).state, shown(door).trouble) == (KeyState.TAKEN, "")
        door.later(2)

        assert (shown(door).state, shown(door).trouble) == (KeyState.TAKEN, "posting-stuck")

    @pytest.mark.parametrize("accident", ["crash_server", "reuse_sessions"])
    def test_a_session_that_only_seems_to_be_there_is_not_waited_for(
        self, door: Door, accident: str
    ) -> None:
        ask(door)
        door.act("work", company=door.company, fault="hangs")
        door.accident(accident)
        door.later(1)

        assert (shown(door).state, shown(door).trouble) == (KeyState.TAKEN, "posting-stuck")

    def test_a_task_that_the_scheduler_lost_never_starts(self, door: Door) -> None:
        ask(door)
        door.accident("lose_tasks")
        found = shown(door)

        # NAV 2016 has no scheduler whose list could be looked at.
        lost = "" if door.layout is Layout.NAV_2016 else "posting-stuck"
        assert (found.state, found.trouble) == (KeyState.TAKEN, lost)

    @pytest.mark.parametrize("accident", ["drop_tasks", "delete_jobs"])
    def test_a_job_without_a_task_or_none_at_all_is_stuck_at_once(
        self, door: Door, accident: str
    ) -> None:
        ask(door)
        door.accident(accident)
        door.finish()

        assert (shown(door).state, shown(door).trouble) == (KeyState.TAKEN, "posting-stuck")
        assert door.posted() == {}

    def test_a_job_that_fails_before_it_posts_says_why(self, door: Door) -> None:
        ask(door)
        door.finish("fail-before")

        assert shown(door).state is KeyState.REFUSED
        assert "You do not have the following permissions" in (shown(door).refusal or "")

    def test_a_document_that_a_person_deleted_has_vanished(self, door: Door) -> None:
        ask(door)
        door.accident("delete_draft", key="k1")
        door.finish()

        assert (shown(door).state, shown(door).trouble) == (
            KeyState.REFUSED,
            "posting-vanished",
        )
        ask(door)
        door.finish()
        assert door.posted() == {"F-K1": 1}

    def test_what_a_person_took_out_of_the_queue_is_asked_for_again_only_later(
        self, door: Door
    ) -> None:
        ask(door)
        door.accident("remove_from_queue", key="k1")
        assert shown(door).state is KeyState.TAKEN
        door.later()
        assert shown(door).state is KeyState.ABSENT

        ask(door)
        door.finish()
        assert door.posted() == {"F-K1": 1}

    def test_a_document_that_a_person_changed_meanwhile_is_not_posted(self, door: Door) -> None:
        ask(door)
        door.accident("edit", key="k1", amount="9999")
        door.finish()

        assert shown(door).state is KeyState.REFUSED
        assert "has changed since the robot's decision" in (shown(door).refusal or "")
        assert door.posted() == {}

    def test_a_bounce_does_not_get_past_what_is_in_the_queue(self, door: Door) -> None:
        ask(door)
        close(door, generation="2")

        assert shown(door).state is KeyState.TAKEN
        door.finish()
        assert shown(door).state is KeyState.POSTED

    def test_a_text_that_nav_cut_in_pieces_comes_back_whole(self, door: Door) -> None:
        text = "".join(f"{place:03} Fejl i linjen. " for place in range(50))[:990].rstrip()
        ask(door)
        door.finish(f"refuse:{text}")

        assert (shown(door).state, shown(door).refusal) == (KeyState.REFUSED, text)

    def test_a_released_document_that_is_in_nav_already_is_the_one_that_is_posted(
        self, door: Door
    ) -> None:
        wanted = door.order()
        number = door.act("draft", company=door.company, order_text=order_text(wanted))
        door.poster.post(wanted, generation="1", payload_hash="h")
        door.finish()

        assert door.posted() == {"F-K1": 1}
        with door.engine.connect() as connection, connection.begin():
            table = door.table("Purch. Inv. Header")
            query = text(f'SELECT COUNT(*) FROM {table} WHERE "Pre-Assigned No_" = :number')  # noqa: S608
            assert connection.execute(query, {"number": number}).scalar() == 1


@by_job_queue
class TestDelivered:
    """A document that was in NAV before the robot asked, and what stands in its way there."""

    @pytest.fixture
    def number(self, door: Door) -> str:
        return str(door.act("draft", company=door.company, order_text=order_text(door.order())))

    @pytest.mark.parametrize("status", [0, 2])
    def test_one_that_is_not_released_is_not_asked_for(
        self, door: Door, number: str, status: int
    ) -> None:
        door.accident("set_status", number=number, status=status)
        ask(door)
        door.finish()

        assert shown(door).state is KeyState.REFUSED
        assert (shown(door).refusal or "").startswith("Status must be equal to 'Released'")
        assert door.posted() == {}

    def test_one_with_an_open_approval_is_not_asked_for_although_it_is_released(
        self, door: Door, number: str
    ) -> None:
        door.accident("open_approval", number=number)
        ask(door)
        door.finish()

        assert (shown(door).state, shown(door).refusal) == (
            KeyState.REFUSED,
            APPROVALS_OPEN["en"],
        )
        assert door.posted() == {}

    def test_a_restricted_one_nav_refuses_itself(self, door: Door, number: str) -> None:
        door.accident("restrict", number=number)
        ask(door)
        door.finish()

        assert shown(door).state is KeyState.REFUSED
        assert "The restriction was imposed because" in (shown(door).refusal or "")
        assert door.posted() == {}

    def test_a_text_that_nav_left_empty_is_a_refusal_without_words(
        self, door: Door, number: str
    ) -> None:
        ask(door)
        door.finish("refuse:")

        assert (shown(door).state, shown(door).refusal) == (KeyState.REFUSED, "")
        assert number


#: What a person changes in a purchase document without changing its amount.
CHANGES = {
    "account": ("Purchase Line", """UPDATE {} SET "No_" = '221000'"""),
    "dimensions": ("Purchase Line", 'UPDATE {} SET "Dimension Set ID" = 0'),
    "currency": ("Purchase Header", """UPDATE {} SET "Currency Code" = 'EUR'"""),
    "FIK creditor": ("Purchase Header", """UPDATE {} SET "Creditor No_" = '89999999'"""),
    "payment reference": ("Purchase Header", """UPDATE {} SET "Payment Reference" = '018'"""),
}


@pytest.mark.parametrize("door", ["soap"], indirect=True)
class TestChangedInTheQueue:
    @pytest.mark.parametrize("changed", CHANGES)
    def test_the_same_amount_in_another_document_is_not_posted(
        self, door: Door, changed: str
    ) -> None:
        table, statement = CHANGES[changed]
        ask(door)
        door.execute(statement, table)
        door.finish()

        assert "has changed since the robot's decision" in (shown(door).refusal or "")
        assert door.posted() == {}

    def test_one_that_a_person_opened_again_is_not_posted(self, door: Door) -> None:
        ask(door)
        door.execute('UPDATE {} SET "Status" = 0', "Purchase Header")
        door.finish()

        assert (shown(door).refusal or "").startswith("Status must be equal to 'Released'")
        assert door.posted() == {}

    def test_a_number_that_the_series_gave_before_is_not_taken_for_it(self, door: Door) -> None:
        ask(door, "k0")
        door.finish()
        ask(door)
        door.execute(
            """UPDATE {} SET "Pre-Assigned No_" = (
                SELECT "Draft No_" FROM {} WHERE "Document Key" = 'k1')
            WHERE "Vendor Invoice No_" = 'F-K0'""",
            "Purch. Inv. Header",
            "Robot Inbox",
        )
        assert shown(door).state is KeyState.TAKEN
        close(door)
        door.finish()

        assert (shown(door).state, shown(door).external_number) == (KeyState.POSTED, "F-K1")

    def test_one_that_was_delivered_in_another_currency_is_not_asked_for(self, door: Door) -> None:
        door.act("draft", company=door.company, order_text=order_text(door.order()))
        table, statement = CHANGES["currency"]
        door.execute(statement, table)
        ask(door)
        door.finish()

        assert "has changed since the robot's decision" in (shown(door).refusal or "")
        assert door.posted() == {}


class TestMonitorOnly:
    pytestmark = pytest.mark.parametrize(
        "door", ["monitor-only", "monitor-only postgresql"], indirect=True
    )

    def test_navs_own_batch_posts_and_the_robot_follows(self, door: Door) -> None:
        ask(door)
        assert shown(door).state is KeyState.TAKEN
        door.finish()
        assert shown(door).state is KeyState.POSTED

    def test_what_the_robot_bounced_a_late_batch_does_not_post(self, door: Door) -> None:
        ask(door)
        close(door)

        said = door.act("batch", company=door.company)

        closed = [text for text in said if text.startswith("The robot's request for Invoice")]
        assert len(closed) == 1
        assert shown(door).state is KeyState.TOMBSTONE
        assert door.posted() == {}

    def test_what_is_not_in_nav_can_not_be_followed(self, door: Door) -> None:
        door.poster.post(order(company=door.company), generation="1", payload_hash="h")

        assert shown(door).state is KeyState.REFUSED
        assert "Purchase Header does not exist" in (shown(door).refusal or "")
