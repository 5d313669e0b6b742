"""What a file that is wrong is told, word for word; the files are in broken_files.txt.

An entry there begins with `##### what is wrong`; `--- NAME` begins a file, `+++ NAME` what is
added to the customer's file or the error types of the test world, `=== ` is a line that is told.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.world import CUSTOMER, ERROR_TYPES, messages

STANDARD = """\
parameters:
  limit: {value: 5000 DKK}
  codes: {value: [A, B]}
rules:
  - {id: hard, hold: creditor-unknown, mandatory: yes, when: {creditor.known: no}}
  - {id: soft, bounce: reference-missing, when: {order.reference: missing}}
  - id: closed
    bounce: posting-date-closed
    actions: [move-posting-date]
    when: {posting.period_open: no}
"""
Entry = tuple[dict[str, str], list[str]]


def entries() -> dict[str, Entry]:
    """What is wrong -> the files and the lines that are told."""
    text = (Path(__file__).parent / "broken_files.txt").read_text(encoding="utf-8")
    found: dict[str, Entry] = {}
    for part in text.split("##### ")[1:]:
        what, _, rest = part.partition("\n")
        files: dict[str, str] = {"standard.yaml": STANDARD}
        told: list[str] = []
        name = ""
        for line in rest.rstrip("\n").split("\n"):
            mark, _, tail = line.partition(" ")
            if mark == "===":
                told.append(tail)
            elif mark in {"---", "+++"} and tail:
                name = tail
                base = ERROR_TYPES if name == "error_types.yaml" else CUSTOMER
                files[name] = base if mark == "+++" else ""
            else:
                files[name] += f"{line}\n"
        assert what not in found, what
        found[what] = (files, told)
    return found


ENTRIES = entries()


@pytest.mark.parametrize("what", list(ENTRIES))
def test_a_wrong_file_is_told_where_and_why(what: str) -> None:
    files, told = ENTRIES[what]
    assert messages(dict(files)) == told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "1:1: the file is empty"),
        (
            b"\xef\xbb\xbfrules: []\n",
            "1:1: the file is UTF-8 with a byte order mark; save it as UTF-8 without a mark",
        ),
        (
            "rules: []".encode("utf-16"),
            "1:1: the file is UTF-16; save it as UTF-8 without a mark",
        ),
        (
            "rules: []\n# æøå\n".encode("latin-1"),
            "2:3: byte 0xe6 is not UTF-8 text; save the file as UTF-8",
        ),
        (
            b"rules:\n  - id: a\x07\n",
            "2:10: the character U+0007 can't stand in a rule file; remove it",
        ),
        (b"rules: []\n#" + b"x" * 4_000_000, "1:1: the file is larger than 4 MB"),
    ],
)
def test_what_is_no_text_is_told_where(data: bytes, told: str) -> None:
    assert messages({"standard.yaml": data}) == [f"rules/standard.yaml:{told}"]


def test_a_list_without_a_first_line_is_told() -> None:
    (told,) = messages({"lists/a.csv": ""})
    assert told.startswith("rules/lists/a.csv:1:1: the first line names the columns: value, from")


def test_hundreds_of_thousands_of_brackets_are_refused_at_once() -> None:
    (told,) = messages({"standard.yaml": "a: " + "[" * 300_000})
    assert told == "rules/standard.yaml:1:27: nested deeper than 24 levels"


def test_windows_line_ends_are_read() -> None:
    text = "rules:\r\n  - {id: a, hold: creditor-unknown,\r\n     when: {creditor.knwon: no}}\r\n"
    (told,) = messages({"standard.yaml": text})
    assert told.startswith("rules/standard.yaml:3:13: 'creditor.knwon'")
