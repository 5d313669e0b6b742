"""A small world for the tests of the rule language: a catalogue, error types, files in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from textwrap import dedent, indent
from typing import Any

from robot.domain.decision import Decision, Truth
from robot.domain.fields import UNKNOWN, FieldSpec, FieldType
from robot.rulebook.compiler import Compiled, compile_set
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.names import Fields
from robot.rulebook.ruleset import CompiledRuleSet
from robot.rulebook.source import RuleFiles, rule_file

TODAY = date(2026, 11, 24)


def _field(name: str, kind: FieldType, choices: tuple[str, ...] = ()) -> FieldSpec:
    return FieldSpec(
        name=name,
        type=kind,
        da=f"dansk {name}",
        en=f"english {name}",
        source="test",
        choices=choices,
        of_line=name.startswith("lines."),
        open_ended=name.endswith("."),
        whole=name.endswith("_days"),
    )


CATALOGUE: Mapping[str, FieldSpec] = {
    spec.name: spec
    for spec in (
        _field("invoice.kind", FieldType.CHOICE, ("invoice", "credit-note")),
        _field("invoice.number", FieldType.CODE),
        _field("invoice.total", FieldType.MONEY),
        _field("invoice.payable", FieldType.MONEY),
        _field("invoice.issue_date", FieldType.DATE),
        _field("invoice.due_date", FieldType.DATE),
        _field("invoice.age_days", FieldType.NUMBER),
        _field("invoice.payment_days", FieldType.NUMBER),
        _field("order.reference", FieldType.CODE),
        _field("supplier.name", FieldType.TEXT),
        _field("creditor.number", FieldType.CODE),
        _field("creditor.name", FieldType.TEXT),
        _field("creditor.known", FieldType.FLAG),
        _field("creditor.blocked", FieldType.CHOICE, ("no", "payment", "all")),
        _field("creditor.accounts", FieldType.ACCOUNTS),
        _field("payment.account", FieldType.ACCOUNT),
        _field("payment.iban", FieldType.ACCOUNT),
        _field("posting.date", FieldType.DATE),
        _field("posting.period_open", FieldType.FLAG),
        _field("posting.next_open", FieldType.DATE),
        _field("remark.text", FieldType.TEXT),
        _field("lines", FieldType.LINES),
        _field("lines.number", FieldType.CODE),
        _field("lines.net", FieldType.MONEY),
        _field("lines.quantity", FieldType.NUMBER),
        _field("lines.account", FieldType.CODE),
        _field("lines.coded", FieldType.FLAG),
        _field("lines.dimensions.", FieldType.CODE),
    )
}
FIELDS = Fields(CATALOGUE)


def error_type(code: str, **changes: str) -> str:
    """One entry of error_types.yaml."""
    keys = {
        "class": "business",
        "disposition": "bounce",
        "owner": "customer",
        "fixable-by": "customer",
        "severity": "error",
        "order": "50",
    } | {key.replace("_", "-"): value for key, value in changes.items()}
    text = f"  title: {{da: {code}, en: {code}}}\n"
    text += "  explain: {da: forklaring, en: explanation}\n  fix: {da: ret, en: fix}\n"
    return f"{code}:\n{text}" + "".join(f"  {key}: {value}\n" for key, value in keys.items())


_SAM = {"disposition": "hold", "owner": "sam-creditor", "fixable_by": "sam-rule"}
ERROR_TYPES = "".join(
    (
        error_type("unreadable", order="1", **_SAM),
        error_type("not-an-invoice", order="2", **_SAM),
        error_type("customer-unknown", order="3", **_SAM),
        error_type("rules-missing", order="4", **_SAM),
        error_type("fraud-suspected", order="5", **{**_SAM, "class": "security"}),
        error_type("creditor-unknown", order="10", **_SAM),
        error_type("coding-missing", order="20"),
        error_type("dimension-missing", order="30", suppressed_by="[coding-missing]"),
        error_type("reference-missing", order="40"),
        error_type("amount-wrong", order="41", suppressed_by="[reference-missing]"),
        error_type("details-wrong", order="42", suppressed_by="[amount-wrong]"),
        error_type("supplier-error", order="60", owner="supplier"),
        error_type("posting-date-closed", order="70"),
        error_type("cannot-check", order="90", **_SAM),
        error_type("outside-criteria", order="99", **{**_SAM, "class": "policy"}),
    )
)
CUSTOMER = """\
customer: {name: Eksempel, bogfoeringskreds: "99001", cvr: "33391005", glns: ["5798000880016"]}
language: da
dimensions: [delregnskab, formaal]
"""


def files(texts: Mapping[str, str | bytes], root: str = "rules") -> RuleFiles:
    """Rule files in memory, with the error types unless they are given."""
    given = {"error_types.yaml": ERROR_TYPES, "standard.yaml": "rules: []\n", **texts}
    return RuleFiles(
        root=root,
        files={
            name: rule_file(
                name, f"{root}/{name}", text if isinstance(text, bytes) else text.encode()
            )
            for name, text in given.items()
        },
    )


def loaded(texts: Mapping[str, str | bytes]) -> LoadedRules:
    """Rule files in memory, read and checked."""
    return load_files(files(texts), FIELDS)


def messages(texts: Mapping[str, str | bytes]) -> list[str]:
    """The problems of rule files as lines."""
    return [str(problem) for problem in loaded(texts).problems]


def standard(*rules: str) -> str:
    """A standard.yaml with the given rules."""
    return "rules:\n" + "".join(
        "  - " + indent(dedent(rule).strip(), "    ").lstrip() + "\n" for rule in rules
    )


def document(**values: object) -> dict[str, Any]:
    """Field values with `_` for `.` after the first word; what is not given is not known."""
    start: dict[str, Any] = dict.fromkeys(FIELDS.document, UNKNOWN)
    start["lines"] = UNKNOWN
    named = {key.replace("__", "."): value for key, value in values.items()}
    return {**start, **named}


def line(**values: object) -> dict[str, Any]:
    """The values of a line; `dimensions__x` names a dimension."""
    start: dict[str, Any] = dict.fromkeys(FIELDS.line, UNKNOWN)
    return {**start, **{key.replace("__", "."): value for key, value in values.items()}}


@lru_cache(maxsize=1000)
def compiled(when: str, parameters: str = "") -> Compiled:
    """One rule that holds `when` holds, compiled; `when` is a block in YAML."""
    rule = "id: tested\nhold: fraud-suspected\nwhen:\n" + indent(dedent(when).strip(), "  ")
    text = standard(rule)
    if parameters:
        text = f"parameters:\n{indent(dedent(parameters).strip(), '  ')}\n{text}"
    rules = loaded({"standard.yaml": text, "lists/approved.csv": "value,from,until\nA1,,\n"})
    assert [str(problem) for problem in rules.problems] == []
    return compile_set(rules.effective(None))


def truth(when: str, values: Mapping[str, Any], today: date = TODAY) -> Truth:
    """How a block comes out on a document."""
    true, unknown = compiled(when).evaluate(values, today)
    if true:
        return Truth.TRUE
    return Truth.UNKNOWN if unknown else Truth.FALSE


def rule_set(
    *rules: str, customer: str = CUSTOMER, error_types: str = ERROR_TYPES
) -> CompiledRuleSet:
    """The rule set of the example customer with the given standard rules."""
    read = loaded(
        {
            "standard.yaml": standard(*rules),
            "customers/eksempel.yaml": customer,
            "error_types.yaml": error_types,
        }
    )
    assert [str(problem) for problem in read.errors] == []
    return CompiledRuleSet(read.effective("eksempel"), compute=_not_computed)


def decide(*rules: str, values: Mapping[str, Any], today: date = TODAY) -> Decision:
    """Decide field values by standard rules."""
    return rule_set(*rules).decide_values(values, today)


def _not_computed(*_: object) -> Mapping[str, Any]:
    raise AssertionError("these tests give field values")
