"""The schema as an editor uses it: good files pass, bad ones are marked where they are bad.

Files are read as YAML language servers read them (YAML 1.2, core schema: dates are text).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

SCHEMAS = Path("config/schema")


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema: only null, booleans and numbers are not text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), first
    )

GOOD = """\
customer: {name: Prøve, bogfoeringskreds: "99009", cvr: "99100001", glns: ["5798000990012"]}
language: da
dimensions: [delregnskab, egen-dimension]
lists:
  egen-liste: [A1, {value: B2, until: 2027-01-01}]
set:
  small-invoice.limit: 7500 DKK
  max-invoice-age.days: 200
dispensations:
  - {rule: reference-given, until: 2027-01-01, why: aftalt, approved-by: teamleder}
rules:
  - id: egen-regel
    why: Fordi.
    from: 2027-01-01
    post:
    when:
      invoice.kind: {is: invoice}
      invoice.total_dkk: {at_most: $small-invoice.limit}
      creditor.number: {in_list: egen-liste}
      creditor.known: yes
      invoice.due_date: {within_days: 14}
      any_of:
        - order.reference: present
        - order.contract: {matches: 'K\\d+'}
    unless:
      lines: {any: {account: {starts_with: "61"}, dimensions.egen-dimension: missing}}
"""


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return found


def validator(name: str) -> Draft7Validator:
    schema = read(name)
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


CUSTOMER = validator("customer.json")


def problems(text: str, schema: Draft7Validator = CUSTOMER) -> list[tuple[str, str]]:
    """Where each error is (`rules.0.when`), and its message."""
    value: Any = yaml.load(text, CoreLoader)  # noqa: S506 - a safe loader with fewer types
    return [
        (".".join(map(str, error.absolute_path)), error.message)
        for error in schema.iter_errors(value)
    ]


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        *((path, "customer.json") for path in sorted(Path("rules/customers").glob("*.yaml"))),
        (Path("rules/standard.yaml"), "standard.json"),
        *((path, "cases.json") for path in sorted(Path("rules/cases").glob("*.yaml"))),
    ],
    ids=str,
)
def test_every_shipped_file_is_valid(path: Path, schema: str) -> None:
    assert problems(path.read_text(encoding="utf-8"), validator(schema)) == []


def test_a_customer_may_have_lists_and_dimensions_of_its_own() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "place", "message"),
    [
        ("language: da", "language: dk", "language", "'dk' is not one of"),
        ("language: da", "langauge: da", "", "'langauge' was unexpected"),
        ('bogfoeringskreds: "99009"', 'bogfoeringskreds: "9909"', "customer.bogfoeringskreds",
         "does not match"),
        ('bogfoeringskreds: "99009", ', "", "customer", "'bogfoeringskreds' is a required"),
        ("small-invoice.limit:", "small-invoice.limt:", "set", "'small-invoice.limt' was unexp"),
        ("7500 DKK", "7.500 DKK", "set.small-invoice.limit", "does not match"),
        ("7500 DKK", "7500", "set.small-invoice.limit", "is not of type 'string'"),
        ("rule: reference-given", "rule: two-persons", "dispensations.0.rule", "is not one of"),
        ("why: aftalt, ", "", "dispensations.0", "'why' is a required property"),
        ("id: egen-regel", "id: Egen Regel", "rules.0.id", "does not match"),
        ("    post:\n", "    bounce: no-such-type\n", "rules.0.bounce", "is not one of"),
        ("creditor.known: yes", "creditor.knwon: yes", "rules.0.when", "'creditor.knwon' was"),
        ("creditor.known: yes", "creditor.known: maybe", "rules.0.when.creditor.known",
         "'maybe' is not one of"),
        ("{is: invoice}", "{is: faktura}", "rules.0.when.invoice.kind", "is not valid under any"),
        ("{within_days: 14}", "{below: 14}", "rules.0.when.invoice.due_date", "is not valid"),
        ("{at_most: $small-invoice.limit}", "{at_most: 5000 kr}",
         "rules.0.when.invoice.total_dkk", "is not valid"),
        ("starts_with:", "begins_with:", "rules.0.unless.lines", "is not valid under any"),
        ("from: 2027-01-01\n    post", "from: 1/1 2027\n    post", "rules.0.from", "not match"),
    ],
)  # fmt: skip
def test_a_mistake_is_marked_where_it_is(good: str, bad: str, place: str, message: str) -> None:
    assert GOOD.count(good) == 1
    ((where, what),) = problems(GOOD.replace(good, bad))
    assert where == place
    assert message in what


def test_completion_has_something_to_say_about_a_field() -> None:
    definitions = read("customer.json")["definitions"]
    block = definitions["block"]["properties"]
    assert block["creditor.known"]["description"].startswith("The creditor exists. Kreditoren er")
    lines = definitions["line-block"]["properties"]
    assert {"dimensions.delregnskab", "dimensions.projekt"} <= lines.keys()
