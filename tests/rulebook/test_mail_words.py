"""Customers' words: what the shipped table makes of them, and what is told of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.checks.catalogue import CATALOGUE
from robot.domain.reported import OTHER
from robot.rulebook.loader import load
from robot.rulebook.mail_words import MailWords, read_mail_words
from robot.rulebook.source import rule_file
from tests.support.labelled_mails import mails_in_other_words, mails_to_learn_from

RULES = Path(__file__).parents[2] / "rules"
CODES = ("creditor-blocked", "creditor-payment-blocked", "due-date-passed")


@pytest.fixture(scope="module")
def words() -> MailWords:
    return load(RULES, CATALOGUE).mail_words


def read(text: str) -> tuple[MailWords, list[str]]:
    file = rule_file("mail_words.yaml", "mail_words.yaml", text.encode())
    return read_mail_words(file, CODES), [str(problem) for problem in file.report.problems]


def entries(*rows: str) -> str:
    return "mail-words:\n" + "".join(f"  - {row}\n" for row in rows)


class TestShipped:
    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("Kan I oprette Nordlys IT som ny leverandør?", ("creditor-unknown",)),
            ("Leverandøren er spærret for betaling.", ("creditor-payment-blocked",)),
            ("We received a reminder.", ("due-date-passed",)),
            ("Der er kommet et rykkergebyr oven i.", ("reminder-fee",)),
            ("Vi har faktura fra Bogtrykkeriet Fjord.", ()),
            ("Momskoden er forkert.", ("vat-code-wrong",)),
            ("Fakturaen er til 2. godkendelse hos en, der er på ferie.", ()),
            ("PERIODEN\nER   LUKKET", ("posting-date-closed",)),
            ("Hvornår er der julefrokost?", ()),
        ],
    )
    def test_a_text_speaks_of(self, words: MailWords, text: str, codes: tuple[str, ...]) -> None:
        assert words.codes_in(text) == codes

    def test_of_invented_mails_one_type_is_nearly_always_the_right_one(
        self, words: MailWords
    ) -> None:
        mails = [*mails_to_learn_from(), *mails_in_other_words()]
        said = [(mail.code, words.codes_in(mail.whole)) for mail in mails]
        sure = [(right, codes[0]) for right, codes in said if len(codes) == 1]
        assert len(sure) / len(said) > 0.75
        assert sum(right == code for right, code in sure) / len(sure) > 0.97

    def test_what_is_about_nothing_of_ours_is_never_counted(self, words: MailWords) -> None:
        others = [mail for mail in mails_to_learn_from() if mail.code == OTHER]
        assert {words.codes_in(mail.whole) for mail in others} == {()}


class TestTable:
    def test_the_special_hides_the_general(self) -> None:
        words, problems = read(
            entries(
                "{code: creditor-blocked, da: [spærret], en: [blocked]}",
                "{code: creditor-payment-blocked, instead-of: [creditor-blocked], "
                "da: [spærret for betaling], en: [blocked for payment]}",
            )
        )
        assert problems == []
        assert words.codes_in("den er spærret for\n betaling") == ("creditor-payment-blocked",)
        assert words.codes_in("den er spærret") == ("creditor-blocked",)

    def test_two_types_are_both_told(self) -> None:
        words, _ = read(
            entries(
                "{code: creditor-blocked, da: [spærret], en: [blocked]}",
                "{code: due-date-passed, da: [rykker], en: [reminder]}",
            )
        )
        assert words.codes_in("Rykker: de er spærret") == ("creditor-blocked", "due-date-passed")

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ("{code: creditor-blokced, da: [x], en: [y]}", "did you mean 'creditor-blocked'"),
            (
                "{code: creditor-blocked, instead-of: [nothing], da: [x], en: [y]}",
                "there is no error type 'nothing'",
            ),
            ("{code: creditor-blocked, da: [x]}", "needs 'en'"),
            ("{code: creditor-blocked, da: [], en: [y]}", "'da' must be a list of patterns"),
            ("{code: creditor-blocked, da: ['(x'], en: [y]}", "is not a pattern"),
            ("{code: creditor-blocked, da: ['x*'], en: [y]}", "matches every mail"),
            ("{code: creditor-blocked, da: [x], en: [y], fr: [z]}", "unknown key 'fr'"),
            ("just a text", "must have keys and values"),
        ],
    )
    def test_a_problem_has_its_place(self, row: str, problem: str) -> None:
        words, problems = read(entries(row))
        assert words.rows == ()
        assert problems[0].startswith("mail_words.yaml:2:")
        assert problem in problems[0]

    def test_a_type_has_one_entry(self) -> None:
        row = "{code: creditor-blocked, da: [x], en: [y]}"
        _, problems = read(entries(row, row))
        assert problems == [
            "mail_words.yaml:3:5: 'creditor-blocked' has an entry already; join the two"
        ]
