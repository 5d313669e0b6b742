"""JSON Schema for editors: what completes and checks a rule file while it is written.

Objects are closed and have one property for each field, with only that field's operators, since
editors complete and point best in such schemas. Editors do not know YAML's words as the robot
reads them (unquoted `0450`, `yes`), so scalars are described by pattern on several types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from robot.domain.fields import FieldSpec, FieldType
from robot.rulebook.case_expected import EXPECT_KEYS, NONE_WORD, NOTICE_KEYS, OUTCOMES
from robot.rulebook.case_reader import CASE_KEYS, FILE_KEYS
from robot.rulebook.customer_data import (
    LANGUAGES,
    MAILBOX_KINDS,
    PURPOSES,
    SOURCE_SYSTEMS,
)
from robot.rulebook.loader import LoadedRules
from robot.rulebook.names import ParameterSpec, ParameterType
from robot.rulebook.rules import Action
from robot.rulebook.vocabulary import (
    BLOCKS,
    BOUNDS,
    COMPARABLE,
    OPERATORS,
    STATES,
    Operator,
    Quantifier,
)

Schema = dict[str, Any]
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
_MONEY: Final = r"^[+-]?\d+(\.\d{1,2})? [A-Z]{3}$"
_RELATIVE: Final = r"^(\d{4}-\d{2}-\d{2}|today( *[+-] *\d+ days?)?)$"
_WINDOW: Final = r"^((next|last) )?\d+( days?)?$"
_KEBAB: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_PARAMETER: Final = r"^\$"
#: A scalar that the robot reads as text, whatever YAML takes it for.
_ANY_SCALAR: Final = {"type": ["string", "number", "boolean"]}
_NUMBER: Final[Schema] = {
    "type": ["number", "string"],
    "pattern": rf"^[+-]?\d+(\.\d+)?$|{_PARAMETER}",
}
_STATES: Final = tuple(state.value for state in STATES)
_SEVERAL: Final = (Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH)
_COMPARISONS: Final = (Operator.SAME_AS, Operator.DIFFERS_FROM)
_YES_NO: Final = ["yes", "no", True, False]
_LITERALS: Final[Mapping[FieldType, Schema]] = {
    FieldType.MONEY: {"type": "string", "pattern": f"{_MONEY}|{_PARAMETER}"},
    FieldType.NUMBER: _NUMBER,
    FieldType.DATE: {"type": "string", "pattern": f"{_RELATIVE}|{_PARAMETER}"},
}


def schema(loaded: LoadedRules, customer: str | None = None) -> Schema:
    """The schema of one customer's file, or of any customer's when None.

    Args:
        loaded: The rules whose lists, error types and parameters are offered.
        customer: The stem of a customer file; its own lists and dimensions are offered too.
    """
    builder = _Builder(loaded, customer)
    return {
        "$schema": _DRAFT,
        "title": f"Rules of {customer}" if customer else "Rules of a customer",
        **builder.customer_file(),
        "definitions": builder.definitions(),
    }


def standard_schema(loaded: LoadedRules) -> Schema:
    """The schema of standard.yaml."""
    builder = _Builder(loaded, None)
    return {
        "$schema": _DRAFT,
        "title": "The standard rules",
        **_object(
            {
                "parameters": {
                    "type": "object",
                    "propertyNames": {"pattern": r"^[a-z0-9]+([.-][a-z0-9]+)*$"},
                    "additionalProperties": _object(
                        {
                            "value": {"type": ["string", "number", "boolean", "array"]},
                            "type": {"enum": [kind.value for kind in ParameterType]},
                            "why": {"type": "string"},
                        },
                        required=["value"],
                    ),
                },
                "rules": {"type": "array", "items": builder.rule(standard=True)},
                "owner": {"type": "string"},
                "approved-by": {"type": "string"},
            }
        ),
        "definitions": builder.definitions(),
    }


def case_schema(loaded: LoadedRules) -> Schema:
    """The schema of a case file."""
    codes = {"enum": list(loaded.taxonomy.codes())}
    names = [*sorted(loaded.fields.document), "lines"]
    values = {"type": "object", "properties": dict.fromkeys(names, True)}
    finding = {"anyOf": [codes, {"type": "object"}]}
    findings = {"anyOf": [{"const": NONE_WORD}, finding, {"type": "array", "items": finding}]}
    several = {"type": ["array", "string"], "items": codes}
    texts = {"type": ["string", "array"], "items": {"type": "string"}}
    notice = _object(dict.fromkeys(NOTICE_KEYS, texts))
    expect = _object(
        {
            "outcome": {"enum": list(OUTCOMES)},
            "findings": findings,
            "not-findings": several,
            "notes": several,
            "posted_by": texts,
            "unknown": texts,
            "notice": {"anyOf": [texts, notice]},
            **dict.fromkeys(OUTCOMES, findings),
        }
    )
    case = _object(
        {
            "case": {"type": "string"},
            "customer": {"enum": [*sorted(loaded.customers), "unknown"]},
            "document": {"type": "string"},
            "change": values,
            "facts": values,
            "today": {"type": "string", "pattern": _DATE},
            "expect": {
                **expect,
                "type": ["object", "string"],
                "pattern": f"^({'|'.join(OUTCOMES)})$",
            },
            "table": {"type": "array", "items": {"type": "array", "minItems": 2}, "minItems": 2},
        },
        required=["case"],
    )
    properties: dict[str, Schema] = {
        "today": {"type": "string", "pattern": _DATE},
        "customer": {"type": "string"},
        "documents": {"type": "object", "additionalProperties": values},
        "cases": {"type": "array", "items": case},
    }
    missing = set(FILE_KEYS) ^ set(properties) | set(CASE_KEYS) ^ set(case["properties"])
    if missing | (set(EXPECT_KEYS) ^ set(expect["properties"])):
        raise AssertionError(f"the schema of cases is behind the reader: {missing}")
    return {"$schema": _DRAFT, "title": "Cases", **_object(properties)}


def schemas(loaded: LoadedRules) -> dict[str, Schema]:
    """File name to the schema of each kind of rule file, as `config/schema` holds them."""
    return {
        "customer.json": schema(loaded),
        "standard.json": standard_schema(loaded),
        "cases.json": case_schema(loaded),
    }


class _Builder:
    """Builds the parts of a schema from what the rules may name."""

    def __init__(self, loaded: LoadedRules, customer: str | None) -> None:
        self._loaded = loaded
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
            "yes-no": {"enum": [*_YES_NO, *_STATES]},
            "state": {"enum": list(_STATES)},
        }

    def customer_file(self) -> Schema:
        """The top of a customer's file."""
        date = {"type": "string", "pattern": _DATE}
        person = _object(
            {
                "person": {"type": "string"},
                "limit": _LITERALS[FieldType.MONEY],
                "from": date,
                "until": date,
            },
            required=["person"],
        )
        return _object(
            {
                "customer": self._customer(),
                "language": {"enum": list(LANGUAGES)},
                "mailboxes": {"type": "array", "items": _mailbox()},
                "domains": _texts(),
                "dimensions": _texts(),
                "mandates": {"type": "array", "items": person},
                "lists": {"type": "object", "additionalProperties": {"type": "array"}},
                "set": self._settings(),
                "dispensations": {"type": "array", "items": self._dispensation()},
                "rules": {"type": "array", "items": self.rule(standard=False)},
                "owner": {"type": "string"},
                "approved-by": {"type": "string"},
            },
            required=["customer"],
        )

    def rule(self, *, standard: bool) -> Schema:
        """One rule."""
        kinds = list(self._loaded.taxonomy)
        codes = [kind.code for kind in kinds]
        date = {"type": "string", "pattern": _DATE}
        block = {"$ref": "#/definitions/block"}
        properties: dict[str, Schema] = {
            "id": {"type": "string", "pattern": _KEBAB},
            "why": {"type": "string"},
            "post": {"type": "null"},
            "bounce": {"enum": codes},
            "hold": {"enum": codes},
            "note": {"enum": [*codes, None]},
            "when": block,
            "unless": block,
            "from": date,
            "until": date,
            "seen": self._field_names(),
            "expected": self._field_names(),
        }
        if standard:
            properties["mandatory"] = {"enum": _YES_NO}
            properties["actions"] = {
                "type": "array",
                "items": {"enum": [action.value for action in Action]},
            }
        return _object(properties, required=["id"])

    def _customer(self) -> Schema:
        return _object(
            {
                "name": {"type": "string"},
                "bogfoeringskreds": {"type": ["string", "number"], "pattern": r"^\d{5}$"},
                "cvr": {"type": ["string", "number"], "pattern": r"^\d{8}$"},
                "glns": {"type": "array", "items": _ANY_SCALAR},
                "company": {"type": "string"},
                "source-system": {"enum": list(SOURCE_SYSTEMS)},
                "fakturamanager": {"enum": _YES_NO},
                "closing-mails": {"enum": _YES_NO},
            },
            required=["name", "bogfoeringskreds"],
        )

    def _settings(self) -> Schema:
        standard = self._loaded.standard
        parameters = {} if standard is None else standard.parameters
        return _object({name: _setting(spec) for name, spec in parameters.items()})

    def _dispensation(self) -> Schema:
        standard = self._loaded.standard
        rules = [] if standard is None else [r.id for r in standard.rules if not r.mandatory]
        return _object(
            {
                "rule": {"enum": rules},
                "action": {"enum": [action.value for action in Action]},
                "from": {"type": "string", "pattern": _DATE},
                "until": {"type": "string", "pattern": _DATE},
                "why": {"type": "string"},
                "approved-by": {"type": "string"},
            },
            required=["rule", "until", "why", "approved-by"],
        )

    def _field_names(self) -> Schema:
        return {"enum": sorted(self._loaded.fields.catalogue)}

    def _block(self, *, of_line: bool) -> Schema:
        fields = self._loaded.fields
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
        block = {**_object(own), "minProperties": 1}
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
        literal = _LITERALS.get(kind, _ANY_SCALAR)
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
                "pattern": f"{_WINDOW}|{_PARAMETER}",
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
        fields = self._loaded.fields
        near = [*fields.document.values(), *(fields.line.values() if of_line else ())]
        return sorted({field.key for field in near if field.type in COMPARABLE[kind]})

    def _lines(self) -> Schema:
        part = {"$ref": "#/definitions/line-block"}
        amounts = [
            reference.key
            for reference in self._loaded.fields.line.values()
            if reference.type in {FieldType.MONEY, FieldType.NUMBER}
        ]
        size = {"type": ["number", "string", "array"]}
        bounds: dict[str, Schema] = {operator.value: size for operator in BOUNDS}
        properties: dict[str, Schema] = {word.value: part for word in Quantifier}
        properties["count"] = _object({"where": part, **bounds})
        properties["sum"] = _object(
            {"field": {"enum": amounts}, "where": part, **bounds}, required=["field"]
        )
        return _or_state(properties)


def _about(spec: FieldSpec) -> str:
    return f"{spec.en}. {spec.da}. ({spec.source})"


def _or_state(properties: Mapping[str, Any]) -> Schema:
    """A condition: `missing`, `present`, or operators."""
    operators = {**_object(properties), "minProperties": 1}
    return {"anyOf": [{"enum": list(_STATES)}, operators]}


def _setting(spec: ParameterSpec) -> Schema:
    about = {"description": spec.why} if spec.why else {}
    kinds: Mapping[ParameterType, Schema] = {
        ParameterType.MONEY: {"type": "string", "pattern": _MONEY},
        ParameterType.NUMBER: {"type": ["number", "string"], "pattern": r"^[+-]?\d+(\.\d+)?$"},
        ParameterType.DATE: {"type": "string", "pattern": _RELATIVE},
        ParameterType.DAYS: {"type": ["integer", "string"], "pattern": _WINDOW},
        ParameterType.FLAG: {"enum": _YES_NO},
        ParameterType.CODE: _ANY_SCALAR,
    }
    one = kinds[spec.type]
    return {"type": "array", "items": one, **about} if spec.several else {**one, **about}


def _mailbox() -> Schema:
    return _object(
        {
            "address": {"type": "string"},
            "kind": {"enum": list(MAILBOX_KINDS)},
            "members": _texts(),
            "for": {"enum": list(PURPOSES)},
        },
        required=["address"],
    )


def _texts() -> Schema:
    return {"type": ["array", "string"], "items": _ANY_SCALAR}


def _object(properties: Mapping[str, Any], required: Sequence[str] = ()) -> Schema:
    closed: Schema = {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    if required:
        closed["required"] = list(required)
    return closed
