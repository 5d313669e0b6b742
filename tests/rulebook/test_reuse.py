"""A reload reads what was touched, and what is kept is as good as read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from robot.rulebook.book import RuleBook
from robot.rulebook.loader import load_files
from robot.rulebook.source import read_directory
from tests.rulebook.world import CATALOGUE, CUSTOMER, ERROR_TYPES, FIELDS, standard

OTHER = CUSTOMER.replace("99001", "99002").replace("5798000880016", "5798000990012")
LISTED = "rules:\n  - {id: r, hold: creditor-unknown, when: {creditor.number: {in_list: l}}}\n"
FIRST, SECOND = "customers/first.yaml", "customers/second.yaml"


def nothing(*_: object) -> dict[str, Any]:
    return {}


class Directory:
    """A rule directory with two customers, and the book that reads it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "customers").mkdir()
        (root / "lists").mkdir()
        self.write("error_types.yaml", ERROR_TYPES)
        self.write("standard.yaml", standard("id: ok\npost:\nwhen: {creditor.known: yes}"))
        self.write("lists/l.csv", "value\nA\n")
        self.write(FIRST, CUSTOMER)
        self.write(SECOND, OTHER + LISTED)
        self.book = RuleBook(root, catalogue=CATALOGUE, compute=nothing)

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def sets(self) -> dict[str, object]:
        return {kreds: self.book.for_customer(kreds) for kreds in ("99001", "99002")}


@pytest.fixture
def rules(tmp_path: Path) -> Directory:
    return Directory(tmp_path)


def test_without_a_change_nothing_is_read_again(rules: Directory) -> None:
    before = rules.sets()
    assert rules.book.reload().unchanged == {"first", "second"}
    assert all(rules.sets()[kreds] is before[kreds] for kreds in before)


def test_one_changed_file_is_read_and_the_other_kept(rules: Directory) -> None:
    before = rules.sets()
    rules.write(FIRST, CUSTOMER.replace("Eksempel", "Nyt navn"))
    assert rules.book.reload().unchanged == {"second"}
    assert rules.book.for_customer("99001").customer.name == "Nyt navn"
    assert rules.sets()["99002"] is before["99002"]


@pytest.mark.parametrize("name", ["standard.yaml", "error_types.yaml"])
def test_what_everybody_rests_on_makes_all_be_read(rules: Directory, name: str) -> None:
    rules.write(name, f"{(rules.root / name).read_text()}# changed\n")
    assert rules.book.reload().unchanged == frozenset()


def test_a_changed_list_renews_the_sets_that_use_it(rules: Directory) -> None:
    before = rules.sets()
    rules.write("lists/l.csv", "value\nB\n")
    rules.book.reload()
    assert rules.sets()["99001"] is before["99001"]
    assert rules.sets()["99002"] is not before["99002"]
    assert "\nB\n" in rules.book.for_customer("99002").text


def test_a_new_list_makes_all_be_read(rules: Directory) -> None:
    rules.write("lists/m.csv", "value\nA\n")
    assert rules.book.reload().unchanged == frozenset()


def test_a_number_in_two_files_is_told_of_both_and_forgotten_when_one_changes(
    rules: Directory,
) -> None:
    rules.write(SECOND, OTHER.replace("5798000990012", "5798000880016"))
    assert rules.book.reload().broken == {"first", "second"}
    rules.write(SECOND, OTHER)
    again = rules.book.reload()
    assert again.unchanged == {"first"}
    assert again.errors == ()


def test_a_broken_file_that_nobody_touches_stays_broken(rules: Directory) -> None:
    rules.write(FIRST, CUSTOMER + LISTED.replace("in_list: l", "is: A, is_not: A"))
    first = rules.book.reload()
    again = rules.book.reload()
    assert again.unchanged == {"first", "second"}
    assert again.broken == first.broken == {"first"}
    assert again.problems == first.problems


def test_what_is_kept_is_what_reading_gives(rules: Directory) -> None:
    rules.write(FIRST, CUSTOMER.replace("language: da", "language: dk"))
    kept = rules.book.reload()
    kept = rules.book.reload()
    anew = load_files(read_directory(rules.root), FIELDS)
    assert kept.problems == anew.problems
    assert kept.effective("second").hash == anew.effective("second").hash
