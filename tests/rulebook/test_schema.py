"""The JSON Schema that editors complete rule files with."""

from __future__ import annotations

from typing import Any

import pytest

from robot.domain.fields import FieldType
from robot.rulebook.schema import case_schema, schema, standard_schema
from robot.rulebook.vocabulary import OPERATORS
from tests.rulebook.world import CATALOGUE, CUSTOMER, loaded, standard

READ = loaded(
    {
        "standard.yaml": "parameters: {small: {value: 5 DKK, why: tiny}}\n"
        + standard(
            "id: soft\nhold: creditor-unknown",
            "id: hard\nhold: creditor-unknown\nmandatory: yes",
        ),
        "customers/x.yaml": f"{CUSTOMER}lists: {{own: [A]}}\n",
        "lists/shared.csv": "value\nA\n",
    }
)
SCHEMA = schema(READ, "x")


def block(of_line: bool = False) -> dict[str, Any]:
    found = SCHEMA["definitions"]["line-block" if of_line else "block"]
    assert isinstance(found, dict)
    return found


def resolved(condition: dict[str, Any]) -> dict[str, Any]:
    reference = condition.get("$ref")
    if reference is None:
        return condition
    found = SCHEMA["definitions"][reference.rpartition("/")[2]]
    assert isinstance(found, dict)
    return found


def test_every_field_is_a_property_and_nothing_else_is() -> None:
    document = {name for name, spec in CATALOGUE.items() if not spec.of_line}
    assert set(block()["properties"]) == document | {"any_of", "all_of", "none_of"}
    assert block()["additionalProperties"] is False


def test_a_customers_dimensions_are_the_only_ones() -> None:
    names = set(block(of_line=True)["properties"])
    assert {"dimensions.delregnskab", "dimensions.formaal"} <= names
    assert "patternProperties" not in block(of_line=True)


@pytest.mark.parametrize(
    "name", [n for n, s in CATALOGUE.items() if OPERATORS[s.type] and not s.open_ended]
)
def test_a_field_takes_the_operators_of_its_type(name: str) -> None:
    spec = CATALOGUE[name]
    properties = block(of_line=spec.of_line)["properties"]
    words, operators = resolved(properties[name.removeprefix("lines.")])["anyOf"]
    assert words == {"enum": ["missing", "present"]}
    expected = {operator.value for operator in OPERATORS[spec.type]}
    if spec.type is FieldType.CHOICE:
        expected -= {"same_as", "differs_from"}
    assert set(operators["properties"]) == expected
    assert operators["additionalProperties"] is False


def test_a_flag_is_yes_or_no() -> None:
    condition = resolved(block()["properties"]["creditor.known"])
    assert {"yes", "no", "missing", "present"} <= set(condition["enum"])


def test_names_are_offered_where_they_belong() -> None:
    rule = SCHEMA["definitions"]["rule"]["properties"]
    assert "reference-missing" in rule["bounce"]["enum"]
    assert "mandatory" not in rule
    dispensation = SCHEMA["properties"]["dispensations"]["items"]["properties"]
    assert dispensation["rule"]["enum"] == ["soft"]
    assert list(SCHEMA["properties"]["set"]["properties"]) == ["small"]
    code = SCHEMA["definitions"]["code"]["anyOf"][1]["properties"]
    assert code["in_list"]["enum"] == ["own", "shared"]
    assert "creditor.number" in code["same_as"]["enum"]
    choice = block()["properties"]["invoice.kind"]["anyOf"][1]["properties"]
    assert choice["is"]["enum"] == ["invoice", "credit-note"]


def test_every_reference_leads_somewhere() -> None:
    for made in (SCHEMA, schema(READ), standard_schema(READ)):
        for reference in references(made):
            assert reference.removeprefix("#/definitions/") in made["definitions"]


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []


def test_the_standards_schema_offers_what_only_the_standard_may_say() -> None:
    rule = standard_schema(READ)["definitions"]["rule"]["properties"]
    assert {"mandatory", "actions"} <= set(rule)


def test_the_schema_of_cases_knows_customers_and_error_types() -> None:
    case = case_schema(READ)["properties"]["cases"]["items"]["properties"]
    assert case["customer"]["enum"] == ["x", "unknown"]
    assert "cannot-check" in case["expect"]["properties"]["notes"]["items"]["enum"]
