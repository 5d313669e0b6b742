"""JSON Schema for editors: what completes and checks a rule file while it is written.

Objects are closed and have one property for each field, with only that field's operators, since
editors complete and point best in such schemas. Editors do not know YAML's words as the robot
reads them (unquoted `0450`, `yes`), so scalars are described by pattern on several types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.case_expected import EXPECT_KEYS, NONE_WORD, NOTICE_KEYS, OUTCOMES
from robot.rulebook.case_reader import CASE_KEYS, FILE_KEYS
from robot.rulebook.condition_schema import LITERALS, ConditionSchemas
from robot.rulebook.customer_data import (
    LANGUAGES,
    MAILBOX_KINDS,
    PURPOSES,
    SOURCE_SYSTEMS,
)
from robot.rulebook.loader import LoadedRules
from robot.rulebook.names import ParameterSpec, ParameterType
from robot.rulebook.rules import Action
from robot.rulebook.schema_shapes import (
    ANY_SCALAR,
    DATE,
    MONEY,
    RELATIVE,
    WINDOW,
    YES_NO,
    Schema,
    closed,
    some_texts,
)

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_RULES: Final[Schema] = {"type": "array", "items": {"$ref": "#/definitions/rule"}}
_KEBAB: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def schema(loaded: LoadedRules, customer: str | None = None) -> Schema:
    """The schema of one customer's file, or of any customer's when None.

    Args:
        loaded: The rules whose lists, error types and parameters are offered.
        customer: The stem of a customer file; its own lists and dimensions are offered too.
    """
    return {
        "$schema": _DRAFT,
        "title": f"Rules of {customer}" if customer else "Rules of a customer",
        **_FileParts(loaded).customer_file(),
        "definitions": {
            "rule": _FileParts(loaded).rule(standard=False),
            **ConditionSchemas(loaded, customer).definitions(),
        },
    }


def standard_schema(loaded: LoadedRules) -> Schema:
    """The schema of standard.yaml."""
    return {
        "$schema": _DRAFT,
        "title": "The standard rules",
        **closed(
            {
                "parameters": {
                    "type": "object",
                    "propertyNames": {"pattern": r"^[a-z0-9]+([.-][a-z0-9]+)*$"},
                    "additionalProperties": closed(
                        {
                            "value": {"type": ["string", "number", "boolean", "array"]},
                            "type": {"enum": [kind.value for kind in ParameterType]},
                            "why": {"type": "string"},
                        },
                        required=["value"],
                    ),
                },
                "rules": _RULES,
                "repostings": _RULES,
                "owner": {"type": "string"},
                "approved-by": {"type": "string"},
            }
        ),
        "definitions": {
            "rule": _FileParts(loaded).rule(standard=True),
            **ConditionSchemas(loaded, None).definitions(),
        },
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
    notice = closed(dict.fromkeys(NOTICE_KEYS, texts))
    expect = closed(
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
    case = closed(
        {
            "case": {"type": "string"},
            "customer": {"enum": [*sorted(loaded.customers), "unknown"]},
            "document": {"type": "string"},
            "change": values,
            "facts": values,
            "today": {"type": "string", "pattern": DATE},
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
        "today": {"type": "string", "pattern": DATE},
        "customer": {"type": "string"},
        "documents": {"type": "object", "additionalProperties": values},
        "cases": {"type": "array", "items": case},
    }
    missing = set(FILE_KEYS) ^ set(properties) | set(CASE_KEYS) ^ set(case["properties"])
    if missing | (set(EXPECT_KEYS) ^ set(expect["properties"])):
        raise AssertionError(f"the schema of cases is behind the reader: {missing}")
    return {"$schema": _DRAFT, "title": "Cases", **closed(properties)}


def schemas(loaded: LoadedRules) -> dict[str, Schema]:
    """File name to the schema of each kind of rule file, as `config/schema` holds them."""
    return {
        "customer.json": schema(loaded),
        "standard.json": standard_schema(loaded),
        "cases.json": case_schema(loaded),
    }


class _FileParts:
    """The parts of a standard's or a customer's file, from what the rules may name."""

    def __init__(self, loaded: LoadedRules) -> None:
        self._loaded = loaded

    def customer_file(self) -> Schema:
        """The top of a customer's file."""
        date = {"type": "string", "pattern": DATE}
        person = closed(
            {
                "person": {"type": "string"},
                "limit": LITERALS[FieldType.MONEY],
                "from": date,
                "until": date,
            },
            required=["person"],
        )
        return closed(
            {
                "customer": self._customer(),
                "language": {"enum": list(LANGUAGES)},
                "mailboxes": {"type": "array", "items": _mailbox()},
                "domains": some_texts(),
                "dimensions": some_texts(),
                "mandates": {"type": "array", "items": person},
                "lists": {"type": "object", "additionalProperties": {"type": "array"}},
                "set": self._settings(),
                "dispensations": {"type": "array", "items": self._dispensation()},
                "rules": _RULES,
                "repostings": _RULES,
                "owner": {"type": "string"},
                "approved-by": {"type": "string"},
            },
            required=["customer"],
        )

    def rule(self, *, standard: bool) -> Schema:
        """One rule."""
        kinds = list(self._loaded.taxonomy)
        codes = [kind.code for kind in kinds]
        date = {"type": "string", "pattern": DATE}
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
            properties["mandatory"] = {"enum": YES_NO}
            properties["actions"] = {
                "type": "array",
                "items": {"enum": [action.value for action in Action]},
            }
        return closed(properties, required=["id"])

    def _customer(self) -> Schema:
        return closed(
            {
                "name": {"type": "string"},
                "bogfoeringskreds": {"type": ["string", "number"], "pattern": r"^\d{5}$"},
                "cvr": {"type": ["string", "number"], "pattern": r"^\d{8}$"},
                "glns": {"type": "array", "items": ANY_SCALAR},
                "company": {"type": "string"},
                "source-system": {"enum": list(SOURCE_SYSTEMS)},
                "fakturamanager": {"enum": YES_NO},
                "closing-mails": {"enum": YES_NO},
            },
            required=["name", "bogfoeringskreds"],
        )

    def _settings(self) -> Schema:
        standard = self._loaded.standard
        parameters = {} if standard is None else standard.parameters
        return closed({name: _setting(spec) for name, spec in parameters.items()})

    def _dispensation(self) -> Schema:
        standard = self._loaded.standard
        rules = [] if standard is None else [r.id for r in standard.every_rule if not r.mandatory]
        return closed(
            {
                "rule": {"enum": rules},
                "action": {"enum": [action.value for action in Action]},
                "from": {"type": "string", "pattern": DATE},
                "until": {"type": "string", "pattern": DATE},
                "why": {"type": "string"},
                "approved-by": {"type": "string"},
            },
            required=["rule", "until", "why", "approved-by"],
        )

    def _field_names(self) -> Schema:
        return {"enum": sorted(self._loaded.fields.catalogue)}


def _setting(spec: ParameterSpec) -> Schema:
    about = {"description": spec.why} if spec.why else {}
    kinds: Mapping[ParameterType, Schema] = {
        ParameterType.MONEY: {"type": "string", "pattern": MONEY},
        ParameterType.NUMBER: {"type": ["number", "string"], "pattern": r"^[+-]?\d+(\.\d+)?$"},
        ParameterType.DATE: {"type": "string", "pattern": RELATIVE},
        ParameterType.DAYS: {"type": ["integer", "string"], "pattern": WINDOW},
        ParameterType.FLAG: {"enum": YES_NO},
        ParameterType.CODE: ANY_SCALAR,
    }
    one = kinds[spec.type]
    return {"type": "array", "items": one, **about} if spec.several else {**one, **about}


def _mailbox() -> Schema:
    return closed(
        {
            "address": {"type": "string"},
            "kind": {"enum": list(MAILBOX_KINDS)},
            "members": some_texts(),
            "for": {"enum": list(PURPOSES)},
        },
        required=["address"],
    )
