"""What the schemas of all rule files are made of: patterns of values, closed objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

Schema = dict[str, Any]
DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
MONEY: Final = r"^[+-]?\d+(\.\d{1,2})? [A-Z]{3}$"
RELATIVE: Final = r"^(\d{4}-\d{2}-\d{2}|today( *[+-] *\d+ days?)?)$"
WINDOW: Final = r"^((next|last) )?\d+( days?)?$"
#: A scalar that the robot reads as text, whatever YAML takes it for.
ANY_SCALAR: Final = {"type": ["string", "number", "boolean"]}
YES_NO: Final = ["yes", "no", True, False]


def some_texts() -> Schema:
    """One text or several."""
    return {"type": ["array", "string"], "items": ANY_SCALAR}


def closed(properties: Mapping[str, Any], required: Sequence[str] = ()) -> Schema:
    """An object that takes no other keys."""
    found: Schema = {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    if required:
        found["required"] = list(required)
    return found
