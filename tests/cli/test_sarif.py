"""Problems as code hosts take them: the parts of SARIF 2.1.0 that they need."""

from __future__ import annotations

from typing import Any

import jsonschema

from robot.cli.sarif import sarif
from robot.rulebook.analysis.problem_kinds import KINDS
from robot.rulebook.problem import Position, Problem, Weight

LOCATION: dict[str, Any] = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "id": {"type": "integer", "minimum": 0},
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "additionalProperties": False,
                    "properties": {"uri": {"type": "string"}},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine", "startColumn"],
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                },
            },
        },
    },
}
MESSAGE = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
#: From the OASIS schema of SARIF 2.1.0: what `log`, `run`, `tool` and `result` require.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription", "help"],
                                            "properties": {
                                                "shortDescription": MESSAGE,
                                                "help": MESSAGE,
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": MESSAGE,
                                "locations": {"type": "array", "items": LOCATION, "minItems": 1},
                                "relatedLocations": {"type": "array", "items": LOCATION},
                                "properties": {"type": "object"},
                            },
                        },
                    },
                },
            },
        },
    },
}
PROBLEMS = (
    Problem(path="rules/a b.yaml", line=3, column=7, message="wrong", code="unknown-field"),
    Problem(
        path="/srv/rules/x.yaml",
        line=1,
        column=1,
        message="never posts",
        suggestion="narrow it",
        severity=Weight.WARNING,
        code="never-posts",
        related=(Position("rules/standard.yaml", 9, 5),),
        example=(("invoice.total", "5 DKK"),),
    ),
    Problem(
        path="rules/x.yaml",
        line=2,
        column=1,
        message="twice",
        severity=Weight.HINT,
        code="row-twice",
    ),
)


def test_problems_are_valid_sarif() -> None:
    checker = jsonschema.Draft202012Validator(SCHEMA)
    checker.validate(sarif(PROBLEMS, "1.0"))
    checker.validate(sarif((), "1.0"))


def test_each_result_points_to_its_rule_by_code() -> None:
    (run,) = sarif(PROBLEMS, "1.0")["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result, problem in zip(run["results"], PROBLEMS, strict=True):
        assert ids[result["ruleIndex"]] == result["ruleId"] == problem.code
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]


def test_paths_are_addresses_and_what_has_to_do_with_it_is_shown() -> None:
    first, second, _ = sarif(PROBLEMS, "1.0")["runs"][0]["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "rules/a%20b.yaml"}
    assert place["region"] == {"startLine": 3, "startColumn": 7}
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
        "file:///srv/rules/x.yaml"
    )
    assert second["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 9
    assert second["properties"] == {"example": {"invoice.total": "5 DKK"}}
    assert second["message"]["text"] == "never posts; narrow it"


def test_every_kind_of_problem_says_what_it_means_and_what_to_do() -> None:
    for kind in KINDS.values():
        assert kind.meaning.endswith(".")
        assert kind.fix.endswith(".")
