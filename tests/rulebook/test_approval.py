"""Four eyes: a changed set comes into force when somebody other than its author approved it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from robot.adapters.store.store import SqlStore, open_store
from robot.domain.decision import Outcome
from robot.domain.fields import FieldType
from robot.errors import RuleChangeError
from robot.flow.rule_approval import Reviewer
from robot.rulebook.approval import FourEyes
from robot.rulebook.book import RuleBook
from robot.rulebook.last_good import LastGoodFolder
from robot.rulebook.loader import load
from robot.rulebook.ruleset import CompiledRuleSet
from robot.rulebook.versions import current_sets
from tests.rulebook.world import CATALOGUE, CUSTOMER, ERROR_TYPES, document, standard
from tests.support.fakes import SetClock

STANDARD = standard("id: known\nhold: creditor-unknown\nwhen: {creditor.known: no}")
LIMIT = "rules:\n  - {{id: own, post: , when: {{invoice.age_days: {{at_most: {days}}}}}}}\n"


class World:
    """Rules in a folder, a real store, and a book with the gate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SetClock()
        self.store: SqlStore = open_store(f"sqlite:///{folder / 'robot.db'}", self.clock)
        self.write("error_types.yaml", ERROR_TYPES)
        self.write("standard.yaml", STANDARD)
        self.limit(10)
        self.ada, self.eva = self.reviewer("ada"), self.reviewer("eva")

    def reviewer(self, name: str, *also: str) -> Reviewer:
        return Reviewer(store=self.store, clock=self.clock, name=name, also=also)

    def write(self, name: str, text: str) -> None:
        path = self.folder / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def limit(self, days: int) -> None:
        self.write("customers/eksempel.yaml", CUSTOMER + LIMIT.format(days=days))

    def book(self, *, signed: bool = False, data: str = "kept") -> RuleBook:
        return RuleBook(
            self.folder / "rules",
            catalogue=CATALOGUE,
            compute=lambda *_: {},
            last_good=LastGoodFolder(self.folder / data),
            gate=FourEyes(self.store.rules, signed=signed),
        )

    def propose(self, by: Reviewer | None = None, *authors: str) -> dict[str, str]:
        """Propose everything that the files say; customer to hash."""
        sets = current_sets(load(self.folder / "rules", CATALOGUE))
        for found in sets:
            (by or self.ada).propose(found.customer, found.hash, found.text, authors=authors)
        return {found.customer: found.hash for found in sets}

    def approve_all(self, *, commit: str = "") -> None:
        self.clock.instant += timedelta(minutes=1)
        for ruleset in self.propose().values():
            self.eva.approve(ruleset, "looked at it", commit=commit)


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


def most_days(book: RuleBook) -> int:
    """The most days that the customer's rule lets pass, told by what it decides."""
    rules = book.for_customer("99001")
    assert isinstance(rules, CompiledRuleSet)
    values: dict[str, Any] = document(**{"creditor.known": True})
    passed = [
        days
        for days in (10, 20, 30)
        if rules.decide_values({**values, "invoice.age_days": Decimal(days)}, _TODAY).outcome
        is Outcome.POST
    ]
    return max(passed, default=0)


_TODAY = SetClock().now().date()


def test_nothing_is_in_force_before_somebody_approved_it(world: World) -> None:
    book = world.book()
    decision = book.for_customer("99001").text
    assert decision == ""
    assert any("was not proposed" in words for words in book.held_back)
    assert any("its documents are held" in words for words in book.held_back)


def test_an_approved_set_is_in_force(world: World) -> None:
    world.approve_all()
    book = world.book()
    assert most_days(book) == 10
    assert book.held_back == ()


def test_a_changed_set_waits_and_the_approved_one_stays(world: World) -> None:
    world.approve_all()
    book = world.book()
    world.limit(20)
    book.reload()
    assert most_days(book) == 10
    (words,) = book.held_back
    assert "was not proposed" in words
    assert words.endswith("the approved set stays in force")
    world.propose()
    book.reload()
    (words,) = book.held_back
    assert "by ada waits for somebody else's approval" in words


def test_the_next_reload_after_the_approval_takes_it(world: World) -> None:
    world.approve_all()
    book = world.book()
    world.limit(20)
    book.reload()
    world.approve_all()
    book.reload()
    assert most_days(book) == 20
    assert book.held_back == ()


def test_a_changed_list_or_standard_waits_as_well(world: World) -> None:
    world.approve_all()
    book = world.book()
    world.write("standard.yaml", STANDARD.replace("hold: creditor-unknown", "note:"))
    book.reload()
    assert len(book.held_back) == 2  # the standard alone, and the customer's


def test_a_broken_file_leaves_the_approved_set_and_not_an_unapproved_one(world: World) -> None:
    world.approve_all()
    book = world.book()
    world.limit(20)
    book.reload()
    world.write("customers/eksempel.yaml", "customer: [")
    book.reload()
    assert most_days(book) == 10


def test_what_was_in_force_stays_when_an_unapproved_change_follows_a_way_back(
    world: World,
) -> None:
    world.approve_all()
    world.limit(20)
    world.approve_all()
    world.limit(10)
    book = world.book()
    assert most_days(book) == 10  # approved once, so it may come back
    world.limit(30)
    book.reload()
    assert most_days(book) == 10


def test_on_another_machine_the_latest_approved_set_is_taken_from_the_store(world: World) -> None:
    world.approve_all()
    world.limit(20)
    world.approve_all()
    world.limit(30)
    assert most_days(world.book(data="fresh")) == 20


def test_what_somebody_put_into_the_kept_folder_does_not_count(world: World) -> None:
    world.approve_all()
    world.limit(30)
    (unapproved,) = [
        found.text
        for found in current_sets(load(world.folder / "rules", CATALOGUE))
        if found.customer == "99001"
    ]
    LastGoodFolder(world.folder / "kept").save("eksempel", unapproved)
    assert most_days(world.book()) == 10


def test_another_catalogue_of_fields_needs_no_new_approval(world: World) -> None:
    world.approve_all()
    name = next(name for name, spec in CATALOGUE.items() if spec.type is FieldType.FLAG)
    more = {**CATALOGUE, "invoice.new": replace(CATALOGUE[name], name="invoice.new")}
    book = RuleBook(
        world.folder / "rules",
        catalogue=more,
        compute=lambda *_: {},
        gate=FourEyes(world.store.rules),
    )
    assert book.held_back == ()


def test_only_an_approval_on_a_signed_commit_counts_when_one_is_asked_for(world: World) -> None:
    world.approve_all()
    (words, *_) = world.book(signed=True).held_back
    assert "was not approved on a signed commit" in words
    world.approve_all(commit="c" * 40)
    assert world.book(signed=True).held_back == ()


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("name", ["ada", "Ada"])
def test_who_proposed_can_not_approve(world: World, name: str) -> None:
    hashes = world.propose()
    with pytest.raises(RuleChangeError, match="somebody else has to"):
        world.reviewer(name).approve(hashes["99001"], "fine")


def test_an_author_can_not_approve_what_somebody_else_proposed(world: World) -> None:
    hashes = world.propose(world.eva, "Ada Lund", "ada@example.test")
    with pytest.raises(RuleChangeError, match="four eyes"):
        world.reviewer("ada", "ADA@example.test").approve(hashes["99001"], "fine")


def test_proposing_again_does_not_make_anybody_less_an_author(world: World) -> None:
    hashes = world.propose(world.ada)
    world.propose(world.eva)
    for reviewer in (world.ada, world.eva):
        with pytest.raises(RuleChangeError):
            reviewer.approve(hashes["99001"], "fine")
    assert world.reviewer("gro").approve(hashes["99001"], "fine").approval is not None


def test_what_was_not_proposed_can_not_be_approved(world: World) -> None:
    with pytest.raises(RuleChangeError, match="was not proposed"):
        world.eva.approve("f" * 64, "fine")


def test_an_approval_has_a_reason(world: World) -> None:
    hashes = world.propose()
    with pytest.raises(RuleChangeError, match="needs a reason"):
        world.eva.approve(hashes["99001"], "  ")


def test_both_acts_are_in_the_trail(world: World) -> None:
    hashes = world.propose()
    world.eva.approve(hashes["99001"], "looked at it")
    acts = [(row.act, row.actor) for row in world.store.trail.rows()]
    assert acts == [
        ("rules-proposed", "ada"),
        ("rules-proposed", "ada"),
        ("rules-approved", "eva"),
    ]
    assert world.store.trail.verify().broken_at is None


def test_a_proposed_set_can_be_had_back_by_the_beginning_of_its_hash(world: World) -> None:
    hashes = world.propose()
    ((ruleset, text),) = world.store.rules.kept_texts(hashes["99001"][:10]).items()
    assert ruleset == hashes["99001"]
    assert "at_most: 10" in text
    assert world.store.rules.kept_texts("%") == {}
    assert world.store.rules.kept_texts("") == {}
