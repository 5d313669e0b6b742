"""The sidecar: tolerant of spellings, strict about values, and every mistake has its place."""

# ruff: noqa: ANN401 - keys of a sidecar take any value, wrong ones too

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.folder.sidecar import Sidecar, read_sidecar
from robot.domain.document import Approval, CodingLine, SourceStatement, Step


def parsed(content: str | bytes) -> Sidecar:
    encoded = content.encode() if isinstance(content, str) else content
    return read_sidecar(encoded, file="X.json", fallback_id="X")


def statement(**keys: Any) -> SourceStatement:
    sidecar = parsed(json.dumps(keys))
    assert sidecar.problems == ()
    return sidecar.statement


def problem(content: str | bytes) -> str:
    (only,) = parsed(content).problems
    return only


def problem_with(**keys: Any) -> str:
    return problem(json.dumps(keys))


def approval(**keys: Any) -> dict[str, Any]:
    return {"step": "first-approval", "by": "abe", "at": "2026-11-20T10:00:00Z"} | keys


# ------------------------------------------------------------------ what it says


def test_everything_that_a_source_states() -> None:
    assert statement(
        source_system="indfak",
        document_id="IF-4711",
        customer="99005",
        posting_date="2026-11-23",
        remark="Haster",
        confidential=False,
        approvals=[approval(limit="50000.00")],
        coding=[
            {
                "line": "1",
                "account": "220100",
                "dimensions": {"delregnskab": "100", "formaal": None},
                "vat_code": "I25",
                "amount": "800.00",
            }
        ],
    ) == SourceStatement(
        system="indfak",
        document_id="IF-4711",
        customer="99005",
        posting_date=date(2026, 11, 23),
        remark="Haster",
        confidential=False,
        approvals=(
            Approval(
                step=Step.FIRST_APPROVAL,
                by="abe",
                at=datetime(2026, 11, 20, 10, tzinfo=UTC),
                limit=Decimal("50000.00"),
            ),
        ),
        coding=(
            CodingLine(
                line="1",
                account="220100",
                dimensions=(("delregnskab", "100"),),
                vat_code="I25",
                amount=Decimal("800.00"),
            ),
        ),
    )


def test_what_is_left_out_or_null_is_not_known() -> None:
    assert statement() == statement(
        source_system=None,
        document_id=None,
        customer=None,
        posting_date=None,
        remark=None,
        confidential=None,
        approvals=None,
        coding=None,
    )
    assert statement() == SourceStatement(system="folder", document_id="X")


def test_empty_says_that_there_is_none() -> None:
    said = statement(remark="", approvals=[], coding=[])

    assert said.remark == ""
    assert said.approvals == ()
    assert said.coding == ()


@pytest.mark.parametrize(
    "key", ["posting_date", "posting-date", "posting date", "Posting Date", "postingDate"]
)
def test_keys_may_be_spelt_with_spaces_hyphens_and_capitals(key: str) -> None:
    assert statement(**{key: "2026-11-24"}).posting_date == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("word", "step"),
    [
        ("received", Step.RECEIVED),
        ("Distributed", Step.DISTRIBUTED),
        ("first-approval", Step.FIRST_APPROVAL),
        ("first approval", Step.FIRST_APPROVAL),
        ("FIRST_APPROVAL", Step.FIRST_APPROVAL),
        ("1", Step.FIRST_APPROVAL),
        (1, Step.FIRST_APPROVAL),
        ("first", Step.FIRST_APPROVAL),
        ("1st approval", Step.FIRST_APPROVAL),
        ("1. godkendelse", Step.FIRST_APPROVAL),
        ("approval-2", Step.SECOND_APPROVAL),
        (2, Step.SECOND_APPROVAL),
        ("second", Step.SECOND_APPROVAL),
    ],
)
def test_a_step_has_several_names(word: str | int, step: Step) -> None:
    (only,) = statement(approvals=[approval(step=word)]).approvals or ()

    assert only.step is step


def test_codes_may_be_whole_numbers_digit_by_digit() -> None:
    said = parsed(
        '{"document_id": 12345678901234567890, "coding": [{"line": 1, "account": 220100}]}'
    ).statement

    assert said.document_id == "12345678901234567890"
    assert said.coding == (CodingLine(line="1", account="220100"),)


def test_leading_zeros_are_kept() -> None:
    assert statement(coding=[{"line": "001", "account": "0450"}]).coding == (
        CodingLine(line="001", account="0450"),
    )


def test_an_amount_never_passes_through_a_float() -> None:
    said = parsed('{"coding": [{"line": "1", "amount": 0.1000000000}]}').statement

    assert said.coding is not None
    assert str(said.coding[0].amount) == "0.1000000000"


def test_a_time_without_an_offset_is_danish_time() -> None:
    (summer,) = statement(approvals=[approval(at="2026-07-01T10:00:00")]).approvals or ()
    (winter,) = statement(approvals=[approval(at="2026-11-20 10:00")]).approvals or ()

    assert summer.at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert winter.at == datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_any_unicode_encoding_is_read(encoding: str) -> None:
    assert parsed('{"remark": "Blåbær"}'.encode(encoding)).statement.remark == "Blåbær"


def test_a_remark_keeps_its_lines() -> None:
    assert statement(remark="TIL SAM\nSe bilag").remark == "TIL SAM\nSe bilag"


# ------------------------------------------------------------------ what is wrong with it


def test_a_mistake_has_its_place_and_its_fix() -> None:
    assert problem('{\n  "document_id": "A",\n  "approvls": []\n}') == (
        "X.json, line 3, column 3: 'approvls' is not a key here; did you mean 'approvals'?"
    )


def test_a_key_like_no_other_lists_the_keys() -> None:
    assert "these are: step, by, at, limit" in problem_with(approvals=[approval(zzz=1)])


def test_all_mistakes_are_told_at_once() -> None:
    said = parsed('{"remrk": "", "posting_date": "24-11-2026", "confidential": "nej"}')

    assert len(said.problems) == 3


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"source_system": "sap"}, "'source_system' must be sdi, indfak or folder, not 'sap'"),
        ({"document_id": " "}, "'document_id' is empty"),
        ({"document_id": ["A"]}, "'document_id' must be a text in double quotes, not a list […]"),
        ({"document_id": 1.5}, "must be a text in double quotes, not '1.5'"),
        ({"document_id": "a\u0000b"}, "'document_id' holds a control character"),
        ({"remark": True}, "'remark' must be a text in double quotes, not 'true'"),
        ({"remark": "\ud800"}, "'remark' holds a control character"),
        ({"confidential": "false"}, "must be true or false without quotes, not 'false'"),
        ({"confidential": 0}, "must be true or false without quotes, not '0'"),
        (
            {"posting_date": "24-11-2026"},
            "must be a date such as \"2026-11-24\", not '24-11-2026'",
        ),
        ({"posting_date": "20261124"}, "must be a date such as"),
        ({"posting_date": "2026-02-30"}, "2026-02-30 is no day"),
        ({"posting_date": 20261124}, "must be a date such as"),
        ({"approvals": {}}, "'approvals' must be a list […], not an object {…}"),
        ({"approvals": ["abe"]}, "an approval must be an object {…}, not text"),
        ({"coding": "none"}, "'coding' must be a list […], not text"),
        ({"coding": [1]}, "a line of the coding must be an object {…}, not a number"),
        ({"coding": [{"account": "220100"}]}, "this coding has no 'line'"),
        ({"coding": [{"line": ""}]}, "this coding has no 'line'"),
        ({"coding": [{"line": "1", "amount": "1.234,50"}]}, "an amount such as 1234.50"),
        ({"coding": [{"line": "1", "amount": "NaN"}]}, "an amount such as 1234.50"),
        ({"coding": [{"line": "1", "amount": "1_000"}]}, "an amount such as 1234.50"),
        ({"coding": [{"line": "1", "amount": "٣"}]}, "an amount such as 1234.50"),
        ({"coding": [{"line": "1", "amount": 1e300}]}, "an amount such as 1234.50"),
        ({"coding": [{"line": "1", "amount": True}]}, "an amount such as 1234.50"),
        ({"coding": [{"line": "1", "dimensions": ["100"]}]}, "'dimensions' must be an object"),
        ({"coding": [{"line": "1", "dimensions": {" ": "1"}}]}, "a name in 'dimensions' is empty"),
        ({"coding": [{"line": "1", "dimensions": {"sted": 1.5}}]}, "'sted' must be a text"),
        ({"coding": [{"line": "1", "dimensions": {"Sted": "A", "sted": "B"}}]}, "written twice"),
    ],
)
def test_a_wrong_value_is_refused_with_the_right_one(keys: dict[str, Any], message: str) -> None:
    assert message in problem_with(**keys)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"step": "third"}, "'step' must be received, distributed, first-approval or second-app"),
        ({"step": ""}, "'step' is empty"),
        ({"step": None}, "this approval has no 'step'; add it"),
        ({"by": ""}, "'by' is empty; name the person"),
        ({"by": None}, "this approval has no 'by'; add it"),
        ({"at": None}, "this approval has no 'at'; add it"),
        ({"at": "2026-11-20"}, 'must be a time such as "2026-11-24T09:30:00+01:00"'),
        ({"at": "20 November"}, "must be a time such as"),
        ({"at": 1700000000}, "must be a time such as"),
        ({"at": "2026-11-20T25:00:00"}, "must be a time such as"),
        ({"at": "2026-10-25T02:30:00"}, "add the offset, +01:00 or +02:00"),
        ({"at": "2026-03-29T02:30:00"}, "add the offset, +01:00 or +02:00"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "outside of all calendars"),
        ({"limit": "50.000"}, "is 50.000 thousands or three decimals? Write 50000 or 50"),
        ({"limit": "ubegrænset"}, "an amount such as 1234.50 (point, no thousands)"),
    ],
)
def test_a_wrong_approval_is_refused_with_the_right_one(
    keys: dict[str, Any], message: str
) -> None:
    assert message in problem_with(approvals=[approval(**keys)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: the text ends too early"),
        ("[]", "the sidecar must be an object {…}, not a list […]"),
        ("{'remark': 1}", "line 1, column 2: a key in double quotes is expected"),
        ("{\"remark\": 'x'}", "texts stand in double quotes"),
        ('{"remark": "x",}', "column 15: take away the comma before the closing }"),
        ('{"coding": [,]}', "column 13: a value is expected"),
        ('{"coding": []]', "a comma or the closing } is missing"),
        ('{"remark" "x"}', "a colon is missing after the key"),
        ('{"remark": "x"} {}', "there is more after the end"),
        ('{"remark": "x"', "a comma or the closing } is missing"),
        ('{"remark": // none\n""}', "JSON has no comments"),
        ('{"remark": "x\n"}', "a text has no closing quote"),
        ('{"limit": NaN}', "NaN is not a number that JSON knows"),
        ('{"document_id": 0450}', "put a code in quotes"),
        ('{"remark": "a", "remark": "b"}', "'remark' is written twice; keep one"),
        ('{"posting_date": null, "posting-date": null}', "'posting_date' is written twice"),
        ('{"coding": ' + "[" * 50 + "]" * 50 + "}", "nested deeper than 20 levels"),
    ],
)
def test_what_is_not_json_is_refused_with_the_fix(text: str, message: str) -> None:
    assert message in problem(text)


def test_another_encoding_is_refused_with_its_line() -> None:
    assert problem('{\n"remark": "Blåbær"}'.encode("iso-8859-1")) == (
        "X.json, line 2: is not UTF-8; save it as UTF-8"
    )


def test_an_unknown_value_is_shown_short_and_printable() -> None:
    assert "not 'sd�i'" in problem_with(source_system="sd\u200bi")
    assert len(problem_with(source_system="x" * 5000)) < 200


# ------------------------------------------------------------------ whatever stands in it

names = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9
)
amounts = st.decimals(
    min_value=-(10**9), max_value=10**9, places=2, allow_nan=False, allow_infinity=False
)
moments = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
approvals = st.builds(
    Approval, step=st.sampled_from(Step), by=names, at=moments, limit=st.none() | amounts
)
coding_lines = st.builds(
    CodingLine,
    line=names,
    account=st.none() | names,
    dimensions=st.dictionaries(names.map(str.casefold), names, max_size=3).map(
        lambda named: tuple(named.items())
    ),
    vat_code=st.none() | names,
    amount=st.none() | amounts,
)
statements = st.builds(
    SourceStatement,
    system=st.sampled_from(["sdi", "indfak", "folder"]),
    document_id=names,
    posting_date=st.none() | st.dates(),
    remark=st.none() | names,
    confidential=st.none() | st.booleans(),
    approvals=st.none() | st.lists(approvals, max_size=3).map(tuple),
    coding=st.none() | st.lists(coding_lines, max_size=3).map(tuple),
    customer=st.none() | names,
)


@given(statements, st.booleans(), st.integers(min_value=-14, max_value=14))
def test_what_is_written_is_read(said: SourceStatement, as_numbers: bool, hours: int) -> None:
    def amount(value: Decimal | None) -> Any:
        return value if value is None or as_numbers else str(value)

    written = {
        "source_system": said.system,
        "document_id": said.document_id,
        "customer": said.customer,
        "posting_date": said.posting_date and said.posting_date.isoformat(),
        "remark": said.remark,
        "confidential": said.confidential,
        "approvals": said.approvals
        and [
            {
                "step": one.step,
                "by": one.by,
                "at": (one.at + timedelta(hours=hours)).replace(tzinfo=None).isoformat()
                + f"{hours:+03d}:00",
                "limit": amount(one.limit),
            }
            for one in said.approvals
        ],
        "coding": said.coding
        and [
            {
                "line": one.line,
                "account": one.account,
                "dimensions": dict(one.dimensions),
                "vat_code": one.vat_code,
                "amount": amount(one.amount),
            }
            for one in said.coding
        ],
    }
    marked = json.dumps(written, default=lambda value: f"\x01{value}")
    exactly = re.sub(
        r'"\\u0001([^"]*)"', r"\1", marked
    )  # Decimals as JSON numbers, digit by digit

    sidecar = parsed(exactly)

    assert sidecar.problems == ()
    assert sidecar.statement == said


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["approvals", "coding", "step", "by", "at", "line", "dimensions", "limit"]
            )
            | st.text(),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(json_values.map(json.dumps) | st.text() | st.binary())
def test_whatever_stands_there_it_is_read_or_refused_in_words(content: str | bytes) -> None:
    encoded = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content

    sidecar = parsed(encoded)

    assert all(text.startswith("X.json, line ") for text in sidecar.problems)
    assert sidecar.statement.document_id
    json.dumps(sidecar.problems).encode("utf-8")
