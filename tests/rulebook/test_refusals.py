"""What NAV says when it refuses, and what it means: every text, both languages, also cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.adapters.navision.posting.texts import Message, NavTexts
from robot.checks.catalogue import CATALOGUE
from robot.errors import RuleFileError
from robot.rulebook.loader import load
from robot.rulebook.refusals import RefusalTable, add_refusal, checked_refusal, read_refusals
from robot.rulebook.source import rule_file
from tests.rulebook.erp_texts import TEXTS, Text, filled

RULES = Path(__file__).parents[2] / "rules"
CODES = ("duplicate-exact", "creditor-blocked", "erp-busy")
#: NAV 2018 keeps a text in four fields of this many characters.
PIECE = 250


@pytest.fixture(scope="module")
def table() -> RefusalTable:
    return load(RULES, CATALOGUE).refusals


def read(text: str) -> tuple[RefusalTable, list[str]]:
    file = rule_file("erp_refusals.yaml", "erp_refusals.yaml", text.encode())
    table = read_refusals(file, CODES)
    return table, [str(problem) for problem in file.report.problems]


class TestTexts:
    @pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.en[:60])
    def test_each_means_its_error_type_in_both_languages(
        self, table: RefusalTable, text: Text
    ) -> None:
        assert [table.code_of(said) for said in filled(text)] == [text.code] * 2

    @pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.en[:60])
    def test_a_blank_that_was_lost_where_nav_cuts_the_text_changes_nothing(
        self, table: RefusalTable, text: Text
    ) -> None:
        for said in filled(text):
            blanks = [place for place, sign in enumerate(said) if sign == " "]
            for place in blanks:
                cut = said[:place] + said[place + 1 :]
                assert table.code_of(cut) == text.code, cut

    @pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.en[:60])
    def test_what_follows_or_stands_before_changes_nothing(
        self, table: RefusalTable, text: Text
    ) -> None:
        for said in filled(text):
            long = f"Codeunit 90: {said} {'x' * 4 * PIECE}"[: 4 * PIECE]
            assert table.code_of(long) == text.code
            assert table.code_of(said.replace(" ", "\r\n", 1)) == text.code
            assert table.code_of(said.replace(" ", "\N{NO-BREAK SPACE}")) == text.code

    @pytest.mark.parametrize("message", list(Message), ids=lambda message: message.name)
    @pytest.mark.parametrize("language", ["en", "da"])
    def test_everything_that_the_small_navision_says_is_mapped(
        self, table: RefusalTable, message: Message, language: str
    ) -> None:
        texts = NavTexts(language)
        of_type = message is Message.VALUE_TYPE_WRONG
        first = texts.caption("Dimension Value Type" if of_type else "Dimension Value Code")
        said = texts.say(message, first, "STED", "c", "d", "e", "f")
        assert table.code_of(said) != "erp-unmapped"

    @pytest.mark.parametrize("text", ["", " ", "Noget ganske andet.", "Something else entirely."])
    def test_what_nobody_knows_is_unmapped(self, table: RefusalTable, text: str) -> None:
        assert table.code_of(text) == "erp-unmapped"

    def test_the_first_entry_that_matches_counts(self) -> None:
        table, problems = read(
            "refusals:\n"
            "  - {code: creditor-blocked, patterns: ['is blocked with']}\n"
            "  - {code: erp-busy, patterns: ['is blocked']}\n"
        )
        assert problems == []
        assert table.code_of("Vendor 1 IS BLOCKED WITH type All") == "creditor-blocked"
        assert table.code_of("The table is blocked") == "erp-busy"


class TestFile:
    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("- x\n", "1:1: the table of refusals must have keys and values, not a list"),
            ("refusals: x\n", "1:11: 'refusals' must be a list, not 'x'"),
            (
                "refusals:\n  - {code: duplicate-exakt, patterns: [x]}\n",
                (
                    "2:12: there is no error type 'duplicate-exakt' in error_types.yaml;"
                    " did you mean 'duplicate-exact'?"
                ),
            ),
            (
                "refusals:\n  - {code: erp-busy, patterns: ['(?=x)']}\n",
                "2:33: '(?=x)' is not a pattern that RE2 takes: invalid perl operator: (?=",
            ),
            ("refusals:\n  - {code: erp-busy}\n", "2:5: a refusal needs 'patterns'"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_place(self, text: str, problem: str) -> None:
        assert f"erp_refusals.yaml:{problem}" in read(text)[1]

    def test_an_entry_that_is_wrong_takes_no_other_with_it(self) -> None:
        table, problems = read(
            "refusals:\n  - {code: nonsense, patterns: [a]}\n  - {code: erp-busy, patterns: [b]}\n"
        )
        assert len(problems) == 1
        assert table.code_of("b") == "erp-busy"


class TestAdding:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "erp_refusals.yaml"
        path.write_text(
            "# Ours.\nrefusals:\n  - code: erp-busy\n    patterns: [locked]\n", encoding="utf-8"
        )
        return path

    def test_an_entry_is_added_at_the_end_and_the_rest_stays(self, path: Path) -> None:
        before = path.read_text(encoding="utf-8")

        row = checked_refusal("bogført to gange's", "duplicate-exact", CODES)
        add_refusal(path, row, "set 24/11: x", CODES)

        after = path.read_text(encoding="utf-8")
        assert after.startswith(before)
        table, problems = read(after)
        assert problems == []
        assert table.code_of("Bogført to  gange's!") == "duplicate-exact"

    @pytest.mark.parametrize(
        ("pattern", "code", "words"),
        [
            ("(x", "erp-busy", "not a pattern that RE2 takes"),
            ("(?<=x)y", "erp-busy", "not a pattern that RE2 takes"),
            (".*", "erp-busy", "matches every text"),
            ("", "erp-busy", "matches every text"),
            ("x", "erp-bussy", "did you mean 'erp-busy'"),
        ],
    )
    def test_what_can_not_be_used_is_refused(self, pattern: str, code: str, words: str) -> None:
        with pytest.raises(RuleFileError, match=words):
            checked_refusal(pattern, code, CODES)

    def test_a_file_that_can_not_be_read_back_stays_as_it_is(self, path: Path) -> None:
        path.write_text("refusals: {}\n", encoding="utf-8")

        with pytest.raises(RuleFileError):
            add_refusal(path, checked_refusal("x", "erp-busy", CODES), "why", CODES)

        assert path.read_text(encoding="utf-8") == "refusals: {}\n"
        assert [file.name for file in path.parent.iterdir()] == [path.name]

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        row = checked_refusal("x", "erp-busy", CODES)

        with pytest.raises(RuleFileError, match="No such file"):
            add_refusal(tmp_path / "none.yaml", row, "why", CODES)
