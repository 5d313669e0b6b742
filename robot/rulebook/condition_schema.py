"""JSON Schema for conditions: one property for each field, with that field's operators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from robot.domain.fields import FieldSpec, FieldType
from robot.rulebook.loader import LoadedRules
from robot.rulebook.schema_shapes import (
    ANY_SCALAR,
    MONEY,
    RELATIVE,
    WINDOW,
    YES_NO,
    Schema,
    closed,
)
from robot.rulebook.vocabulary import (
    BLOCKS,
    BOUNDS,
    COMPARABLE,
    OPERATORS,
    STATES,
    Operator,
    Quantifier,
)

_PARAMETER: Final = r"^\$"
_STATES: Final = tuple(state.value for state in STATES)
_SEVERAL: Final = (Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH)
_COMPARISONS: Final = (Operator.SAME_AS, Operator.DIFFERS_FROM)
#: Values that a rule holds beside a parameter, by the type of the field.
LITERALS: Final[Mapping[FieldType, Schema]] = {
    FieldType.MONEY: {"type": "string", "pattern": f"{MONEY}|{_PARAMETER}"},
    FieldType.NUMBER: {
        "type": ["number", "string"],
        "pattern": rf"^[+-]?\d+(\.\d+)?$|{_PARAMETER}",
    },
    FieldType.DATE: {"type": "string", "pattern": f"{RELATIVE}|{_PARAMETER}"},
}


class ConditionSchemas:
    """The schemas of conditions that may name one customer's lists and dimensions.

    Args:
        loaded: The rules whose fields and lists are offered.
        customer: The stem of a customer file; None offers every customer's.
    """

    def __init__(self, loaded: LoadedRules, customer: str | None) -> None:
        self._fields = loaded.fields
        file = loaded.customers.get(customer) if customer else None
        self._lists = sorted({*loaded.lists, *(file.lists if file else ())})
        #: For any customer: a file may have lists and dimensions that no other one has.
        self._open = file is None
        files = loaded.customers.values() if file is None else (file,)
        known = [each.customer for each in files if each.customer is not None]
        self._dimensions = tuple(
            dict.fromkeys(name for customer in known for name in customer.dimensions)
        )

    def definitions(self) -> Schema:
        """What is used in many places: blocks of conditions, and the conditions of each type."""
        kinds = [kind for kind, operators in OPERATORS.items() if operators]
        return {
            "block": self._block(of_line=False),
            "line-block": self._block(of_line=True),
            **{kind.value: self._operators(kind, of_line=False) for kind in kinds},
            **{f"line-{kind.value}": self._operators(kind, of_line=True) for kind in kinds},
            "yes-no": {"enum": [*YES_NO, *_STATES]},
            "state": {"enum": list(_STATES)},
        }

    def _block(self, *, of_line: bool) -> Schema:
        fields = self._fields
        own = {
            reference.key: self._condition(fields.spec(reference), of_line=of_line)
            for reference in (fields.line if of_line else fields.document).values()
        }
        for prefix in fields.prefixes(of_line=of_line):
            spec = fields.catalogue[f"lines.{prefix}" if of_line else prefix]
            condition = self._condition(spec, of_line=of_line)
            own |= {f"{prefix}{name}": condition for name in self._dimensions}
        reference = "#/definitions/line-block" if of_line else "#/definitions/block"
        own |= {
            word: {"type": "array", "minItems": 1, "items": {"$ref": reference}} for word in BLOCKS
        }
        if not of_line:
            own["lines"] = self._lines()
        block = {**closed(own), "minProperties": 1}
        if fields.prefixes(of_line=of_line) and (self._open or not self._dimensions):
            block["patternProperties"] = {
                f"^{prefix.replace('.', chr(92) + '.')}[^.]+$": True
                for prefix in fields.prefixes(of_line=of_line)
            }
        return block

    def _condition(self, spec: FieldSpec, *, of_line: bool) -> Schema:
        if spec.type is FieldType.CHOICE:
            return self._choice(spec)
        name = f"line-{spec.type}" if of_line else spec.type.value
        if spec.type is FieldType.FLAG:
            name = "yes-no"
        elif not OPERATORS[spec.type]:
            name = "state"
        return {"description": _about(spec), "$ref": f"#/definitions/{name}"}

    def _choice(self, spec: FieldSpec) -> Schema:
        word: Schema = {"enum": list(spec.choices)}
        several = {"type": "array", "items": word, "minItems": 1}
        properties = {
            operator.value: several if operator in _SEVERAL else word
            for operator in OPERATORS[spec.type]
            if operator not in _COMPARISONS
        }
        return {"description": _about(spec), **_or_state(properties)}

    def _operators(self, kind: FieldType, *, of_line: bool) -> Schema:
        literal = LITERALS.get(kind, ANY_SCALAR)
        several = {"type": ["array", "string", "number"], "items": literal, "minItems": 1}
        comparable = {"enum": self._comparable(kind, of_line=of_line)}
        names: Schema = {"enum": self._lists}
        if self._open:
            names = {"anyOf": [names, {"type": "string", "pattern": r"^\S+$"}]}
        special: dict[Operator, Schema] = {
            Operator.IN_LIST: names,
            Operator.NOT_IN_LIST: names,
            Operator.WITHIN_DAYS: {
                "type": ["integer", "string"],
                "pattern": f"{WINDOW}|{_PARAMETER}",
            },
            Operator.MATCHES: {"type": "string"},
            Operator.BETWEEN: {"type": "array", "items": literal, "minItems": 2, "maxItems": 2},
            **dict.fromkeys(_SEVERAL, several),
            **dict.fromkeys(_COMPARISONS, comparable),
        }
        return _or_state(
            {operator.value: special.get(operator, literal) for operator in OPERATORS[kind]}
        )

    def _comparable(self, kind: FieldType, *, of_line: bool) -> list[str]:
        fields = self._fields
        near = [*fields.document.values(), *(fields.line.values() if of_line else ())]
        return sorted({field.key for field in near if field.type in COMPARABLE[kind]})

    def _lines(self) -> Schema:
        part = {"$ref": "#/definitions/line-block"}
        amounts = [
            reference.key
            for reference in self._fields.line.values()
            if reference.type in {FieldType.MONEY, FieldType.NUMBER}
        ]
        size = {"type": ["number", "string", "array"]}
        bounds: dict[str, Schema] = {operator.value: size for operator in BOUNDS}
        properties: dict[str, Schema] = {word.value: part for word in Quantifier}
        properties["count"] = closed({"where": part, **bounds})
        properties["sum"] = closed(
            {"field": {"enum": amounts}, "where": part, **bounds}, required=["field"]
        )
        return _or_state(properties)


def _about(spec: FieldSpec) -> str:
    return f"{spec.en}. {spec.da}. ({spec.source})"


def _or_state(properties: Mapping[str, Any]) -> Schema:
    """A condition: `missing`, `present`, or operators."""
    operators = {**closed(properties), "minProperties": 1}
    return {"anyOf": [{"enum": list(_STATES)}, operators]}
