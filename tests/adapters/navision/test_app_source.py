"""The robot's app for NAV can't be compiled here; what can be compared with the robot is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from robot.adapters.navision.doors.order_text import order_text
from robot.adapters.navision.posting.texts import Message
from robot.adapters.navision.schema.inbox import ROBOT_APP, ROBOT_INBOX
from robot.adapters.navision.schema.model import Kind, Layout
from tests.adapters.navision.world import order
from tests.simulator.approvals import APPROVALS_OPEN

NAVISION = Path(__file__).parents[3] / "config" / "navision"
AL = {path.name: path.read_text(encoding="utf-8") for path in (NAVISION / "al").glob("*.al")}
CAL = (NAVISION / "cal" / "RobotGate.txt").read_text(encoding="utf-8")
#: How a field's type is written: `Text[64]` in AL, `Text64` in C/AL.
TYPES = {
    Kind.TEXT: "Text",
    Kind.CODE: "Code",
    Kind.OPTION: "Option",
    Kind.DATETIME: "DateTime",
    Kind.DECIMAL: "Decimal",
    Kind.BOOLEAN: "Boolean",
    Kind.GUID: "GUID",
}
#: The longest Text field of a table in NAV 2016 and 2018 (developer's reference, Text Data Type).
LONGEST = 250


def expected(layout: Layout) -> set[tuple[int, str, str, int]]:
    return {
        (field.number, field.name, TYPES[field.kind].casefold(), field.length_in(layout))
        for field in ROBOT_INBOX.fields_in(layout)
    }


def test_it_says_that_it_was_not_compiled() -> None:
    for text in (*AL.values(), CAL):
        assert "Written from the documentation, not compiled here" in " ".join(text.split()[:20])


def test_the_apps_id_is_the_one_that_the_robot_looks_for_in_sql() -> None:
    app = json.loads((NAVISION / "al" / "app.json").read_text(encoding="utf-8"))
    assert app["id"] == ROBOT_APP


def test_the_table_in_al_is_the_one_that_the_robot_reads() -> None:
    found = re.findall(
        r'field\((\d+); "?([^";]+)"?; (\w+)(?:\[(\d+)\])?\)', AL["RobotInbox.Table.al"]
    )
    assert {(int(n), name, kind.casefold(), int(size or 0)) for n, name, kind, size in found} == (
        expected(Layout.BUSINESS_CENTRAL)
    )


def test_the_table_in_cal_is_the_one_that_the_robot_reads() -> None:
    table = CAL[CAL.index("FIELDS") : CAL.index("KEYS")]
    found = re.findall(
        r"\{ (\d+) +; +;([^;]+?) *;([A-Za-z]+?)(\d*) *(?:;[^}]*)?\}", table, re.DOTALL
    )
    fields = {(int(n), name, kind.casefold(), int(size or 0)) for n, name, kind, size in found}
    assert fields == expected(Layout.NAV_2016) == expected(Layout.NAV_2018)
    assert max(size for _, _, _, size in fields) <= LONGEST


@pytest.mark.parametrize("source", ["al", "cal"])
def test_the_states_are_in_the_order_of_their_values(source: str) -> None:
    text = AL["RobotInbox.Table.al"] if source == "al" else CAL
    assert "New,Taken,Posted,Refused,Tombstone" in text


@pytest.mark.parametrize(
    "message",
    [
        Message.BANK_DETAILS_CHANGED,
        Message.DOCUMENT_CHANGED,
        Message.REQUEST_CLOSED,
        Message.DUPLICATE,
        Message.TOTAL_DIFFERS,
        Message.REPOSTED_ALREADY,
    ],
    ids=lambda message: message.name,
)
def test_it_speaks_with_the_words_that_the_table_of_refusals_knows(message: Message) -> None:
    written = "\n".join(AL.values()).replace("''", "'")
    in_cal = CAL.replace("''", "'")
    for language in message.value:
        text = _numbered(language)
        assert text in _numbered(written), text
        assert text in _numbered(in_cal), text


def test_it_asks_for_nothing_that_somebody_has_still_to_approve() -> None:
    for text in APPROVALS_OPEN.values():
        assert text in "\n".join(AL.values())
        assert text in CAL


def _numbered(text: str) -> str:
    """A caption that the robot fills in stands in the app's text as a word."""
    filled = re.sub(r"%1 \(%2\)(?= (?:is not|er ikke))", "(%1)", text)
    return (
        filled.replace("Doc. Amount Incl. VAT (%1)", "(%1)")
        .replace("Bilagsbeløb inkl. moms (%1)", "(%1)")
        .replace("lines (%3)", "lines (%2)")
        .replace("linjerne (%3)", "linjerne (%2)")
    )


@pytest.mark.parametrize("function", ["Put", "Watch", "Close"])
def test_every_function_that_the_robot_calls_is_there_with_its_parameters(function: str) -> None:
    names = ["documentKey", "generation", "payloadHash"]
    names += [] if function == "Close" else ["orderText"]
    in_al = r"procedure " + function + r"\(" + r"; ".join(f"{name}: Text" for name in names)
    in_cal = rf"PROCEDURE {function}@\d+\(" + ";".join(rf"{name}@\d+ : Text" for name in names)

    for page in ("RobotGate.Codeunit.al", "RobotGate.Page.al"):
        assert re.search(in_al, AL[page])
    assert len(re.findall(in_cal, CAL)) == 2  # the codeunit for SOAP, the page for OData


def test_the_key_is_looked_at_once_more_in_the_transaction_that_posts() -> None:
    # Codeunit 90 commits once before that (NAV 2018, CheckAndUpdate), and a tombstone may come in.
    second = CAL[CAL.index("[EventSubscriber(Table,25,OnAfterInsertEvent)]") :]
    second = second[: second.index("    END;\n\n")]
    assert second.index("FindRequest") < second.index("TestOpen") < second.index("MarkPosted")

    guard = AL["RobotPostingGuard.Codeunit.al"]
    second = guard[guard.index("procedure OnAfterFinalizePostingOnBeforeCommit") :]
    assert second.index("FindRequest") < second.index("TestOpen") < second.index("MarkPosted")


def test_the_web_service_offers_nothing_but_its_operations() -> None:
    operations = {"Put", "Watch", "Close"}
    gate = CAL[CAL.index("OBJECT Codeunit 50000") : CAL.index("OBJECT Codeunit 50001")]
    assert set(re.findall(r"^    PROCEDURE (\w+)@", gate, re.MULTILINE)) == operations

    public = re.findall(r"^    procedure (\w+)\(", AL["RobotGate.Codeunit.al"], re.MULTILINE)
    of_the_page = {"Reserve", "Refuse"}
    modes = {"ModeQueue", "ModeWatch", "ModeReserve"}
    assert set(public) == operations | of_the_page | modes


ORDER = order(applies_to="F-0", payment_reference="1", bank_details_hash="2")


def test_all_that_an_order_says_is_read() -> None:
    said = {
        name
        for element in ET.fromstring(order_text(ORDER)).iter()  # noqa: S314 -- ours
        for name in element.attrib
    }
    # The version is for a reader of tomorrow. VAT is computed by NAV, and the total compared.
    for name in said - {"version", "vatAmount"}:
        assert f"'{name}'" in "\n".join(AL.values()), name
        assert f"'{name}'" in CAL, name


def test_nobody_posts_past_the_guard_for_want_of_a_right_or_a_licence() -> None:
    # Without more arguments C/AL stops with an error when licence or right is missing.
    in_cal = re.findall(r"\[EventSubscriber\(([^)]*)\)\]", CAL)
    in_al = re.findall(r"\[EventSubscriber\(([^)]*)\)\]", AL["RobotPostingGuard.Codeunit.al"])

    assert in_cal
    assert all("Skip" not in it for it in in_cal)
    assert in_al
    assert all(it.endswith("false, false") for it in in_al)
