"""A model of customers' mails: trained, kept, read back, and sure only when it may be."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from robot.adapters.topics.features import features
from robot.adapters.topics.labelled import read_labelled, write_labelled
from robot.adapters.topics.model import LinearTopics, load, save
from robot.adapters.topics.training import train
from robot.domain.topic_quality import HeldOut, LabelledMail
from robot.errors import RuleFileError, SettingsError
from tests.support.labelled_mails import mails_to_learn_from

CODES = ("due-date-passed", "vat-amount-wrong", "receipt-missing")


def few_mails() -> list[LabelledMail]:
    return [mail for mail in mails_to_learn_from(each=10) if mail.code in CODES]


@pytest.fixture(scope="module")
def trained() -> tuple[LinearTopics, list[HeldOut]]:
    return train(few_mails())


class TestModel:
    def test_every_mail_is_guessed_by_a_model_that_had_not_seen_it(
        self, trained: tuple[LinearTopics, list[HeldOut]]
    ) -> None:
        _, held_out = trained
        assert sorted(one.mail.whole for one in held_out) == sorted(m.whole for m in few_mails())
        right = sum(one.guesses[0][0] == one.mail.code for one in held_out)
        assert right / len(held_out) > 0.75

    def test_confidence_is_a_share(self, trained: tuple[LinearTopics, list[HeldOut]]) -> None:
        guesses = trained[0].guess("Vi har fået en rykker på faktura 4711")
        assert guesses[0][0] == "due-date-passed"
        assert sum(sure for _, sure in guesses) == pytest.approx(1)
        assert [sure for _, sure in guesses] == sorted((s for _, s in guesses), reverse=True)

    def test_a_text_without_anything_known_makes_it_sure_of_nothing(
        self, trained: tuple[LinearTopics, list[HeldOut]]
    ) -> None:
        assert trained[0].guess("zzz qqq")[0][1] < 0.5
        assert trained[0].guess("")[0][1] < 0.5

    def test_the_same_mails_give_the_same_model(
        self, trained: tuple[LinearTopics, list[HeldOut]]
    ) -> None:
        again, _ = train(few_mails())
        assert again.vocabulary == trained[0].vocabulary
        assert np.array_equal(again.weights, trained[0].weights)

    def test_no_number_of_anybody_is_in_it(
        self, trained: tuple[LinearTopics, list[HeldOut]]
    ) -> None:
        digits = {sign for feature in trained[0].vocabulary for sign in feature if sign.isdigit()}
        assert digits <= {"0"}
        assert "000000" in features("CPR 010203-1234")

    def test_two_codes_are_enough(self) -> None:
        mails = [mail for mail in few_mails() if mail.code != "receipt-missing"]
        model, _ = train(mails)
        assert model.guess("Momsen er forkert")[0][0] == "vat-amount-wrong"


class TestFile:
    def test_it_reads_back_to_the_same_guesses(
        self, trained: tuple[LinearTopics, list[HeldOut]], tmp_path: Path
    ) -> None:
        path = tmp_path / "deep" / "model.npz"
        save(trained[0], path)
        text = "Momsbeløbet på fakturaen stemmer ikke"
        assert load(path).guess(text) == trained[0].guess(text)
        assert [file.name for file in path.parent.iterdir()] == ["model.npz"]

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04cposix\nsystem\n."])
    def test_what_is_no_model_is_refused(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "model.npz"
        path.write_bytes(content)
        with pytest.raises(SettingsError, match="can't be read"):
            load(path)

    def test_parts_that_do_not_fit_are_refused(
        self, trained: tuple[LinearTopics, list[HeldOut]], tmp_path: Path
    ) -> None:
        path = tmp_path / "model.npz"
        save(replace(trained[0], idf=trained[0].idf[1:]), path)
        with pytest.raises(SettingsError, match="don't fit"):
            load(path)

    def test_pickled_arrays_are_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "model.npz"
        np.savez(path, head=np.array([{"a": 1}], dtype=object))
        with pytest.raises(SettingsError, match="can't be read"):
            load(path)

    def test_a_missing_one_says_how_to_get_it(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="mail train"):
            load(tmp_path / "model.npz")

    def test_using_a_model_needs_no_scikit_learn(
        self, trained: tuple[LinearTopics, list[HeldOut]], tmp_path: Path
    ) -> None:
        save(trained[0], tmp_path / "model.npz")
        code = (
            "import sys; sys.modules['sklearn'] = None\n"
            "from pathlib import Path\n"
            "from robot.adapters.topics.model import load\n"
            f"print(load(Path({str(tmp_path / 'model.npz')!r})).guess('rykker')[0][0])"
        )
        done = subprocess.run(  # noqa: S603 - this Python, this file's own code
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "due-date-passed"


class TestLabelled:
    def read(self, tmp_path: Path, text: str, least: int = 1) -> list[LabelledMail]:
        path = tmp_path / "l.csv"
        path.write_bytes(text.encode())
        return read_labelled(path, (*CODES, "other"), least)

    def test_what_was_written_is_read(self, tmp_path: Path) -> None:
        mails = few_mails()
        assert write_labelled(tmp_path / "l.csv", mails) == len(mails)
        assert (tmp_path / "l.csv").stat().st_mode & 0o077 == 0
        assert read_labelled(tmp_path / "l.csv", CODES, 5) == list(dict.fromkeys(mails))

    def test_semicolons_and_a_byte_order_mark_are_read(self, tmp_path: Path) -> None:
        text = "\ufeffcode;subject;text\nother;Hej;Tak, tak\nreceipt-missing;A;B\n"
        assert [mail.text for mail in self.read(tmp_path, text)] == ["Tak, tak", "B"]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("subject,text\n", r"l\.csv:1: there is no column code"),
            ("subject,text,code\na,b,receipt\n", r"l\.csv:2: there is no error type 'receipt'"),
            ("subject,text,code\n,,other\n", r"l\.csv:2: the mail is empty"),
            ("subject,text,code\na,b,other\n", "nothing can be learned"),
            (
                "subject,text,code\na,b,other\na,b,receipt-missing\n",
                r"l\.csv:3: the same mail is about other",
            ),
        ],
    )
    def test_a_problem_has_its_line(self, tmp_path: Path, text: str, problem: str) -> None:
        with pytest.raises(RuleFileError, match=problem):
            self.read(tmp_path, text)

    def test_too_few_mails_of_a_type_are_told(self, tmp_path: Path) -> None:
        with pytest.raises(RuleFileError, match="1 mails about other, 5 are needed"):
            self.read(tmp_path, "subject,text,code\na,b,other\n", least=5)
