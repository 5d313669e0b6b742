"""Problems as SARIF 2.1.0 (OASIS), which code hosts show beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from robot.rulebook.analysis.problem_kinds import KINDS
from robot.rulebook.problem import Position, Problem, Weight

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Weight.ERROR: "error", Weight.WARNING: "warning", Weight.HINT: "note"}


def sarif(problems: Sequence[Problem], version: str) -> dict[str, Any]:
    """One run with all problems; each problem's code is the id of its rule.

    Args:
        problems: In the order in which they are shown.
        version: That of the robot.
    """
    codes = sorted({problem.code for problem in problems})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "invoice-robot rules check",
                        "version": version,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                # Columns count characters, not UTF-16 units.
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, codes) for problem in problems],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    kind = KINDS.get(code)
    if kind is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": kind.meaning},
        "help": {"text": kind.fix},
        "defaultConfiguration": {"level": _LEVELS[kind.severity]},
    }


def _result(problem: Problem, codes: Sequence[str]) -> dict[str, Any]:
    text = problem.message
    if problem.suggestion:
        text = f"{text}; {problem.suggestion}"
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": _LEVELS[problem.severity],
        "message": {"text": text},
        "locations": [_location(Position(problem.path, problem.line, problem.column))],
    }
    if problem.related:
        result["relatedLocations"] = [
            {"id": number, **_location(at)} for number, at in enumerate(problem.related, 1)
        ]
    if problem.example:
        result["properties"] = {"example": dict(problem.example)}
    return result


def _location(at: Position) -> dict[str, Any]:
    path = PurePath(at.path)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": at.line, "startColumn": at.column},
        }
    }
