"""Reads `standard.yaml`: the parameters that customers may set, and everybody's rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from robot.domain.money import Money
from robot.rulebook import literals
from robot.rulebook.conditions import Value
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.literals import LiteralError
from robot.rulebook.names import Fields, Names, ParameterSpec, ParameterType
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence, read_yaml
from robot.rulebook.problem import Position, Report, did_you_mean
from robot.rulebook.rule_reader import ErrorTypes, RuleReader
from robot.rulebook.rules import Rule
from robot.rulebook.source import RuleFile

NAME: Final = "standard.yaml"
KEYS: Final = ("parameters", "rules", "repostings", "owner", "approved-by")
_PARAMETER_NAME: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_PARSERS: Final[Mapping[ParameterType, Callable[[str], Value]]] = {
    ParameterType.MONEY: literals.money,
    ParameterType.NUMBER: literals.number,
    ParameterType.DATE: literals.date_or_relative,
    ParameterType.DAYS: literals.window,
    ParameterType.FLAG: literals.flag,
    ParameterType.CODE: literals.text_value,
}
#: What a value looks like, in the order in which the shapes are tried.
_SHAPES: Final = (
    (ParameterType.FLAG, re.compile(r"yes|no")),
    (ParameterType.DATE, re.compile(r"today.*|\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")),
    (ParameterType.DAYS, re.compile(r"(?:next|last) \d+.*|\d+ days?")),
    (ParameterType.MONEY, re.compile(r"[+-]?\d[\d.,' ]*\s*[A-Za-z]{2,3}\.?")),
    (ParameterType.NUMBER, re.compile(r"[+-]?(?:0|[1-9]\d*)(?:[.,]\d+)*\s*%?")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What standard.yaml says; `rules` and `parameters` are those that could be read."""

    file: RuleFile
    parameters: Mapping[str, ParameterSpec] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    #: What decides about re-posting sheets, in the place of `rules`.
    repostings: tuple[Rule, ...] = ()
    #: Every id that is written in the file, also of rules that could not be read.
    ids: tuple[str, ...] = ()
    #: Names of parameters that are declared but could not be read.
    unreadable_parameters: tuple[str, ...] = ()
    #: Whether the file could be read at all; if not, customer files are not blamed for it.
    readable: bool = True
    #: The rules with the parameters as they are declared: they are the same for every customer
    #: that sets none of these.
    usual: tuple[Rule, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "usual", tuple(self._as_declared(rule) for rule in self.rules))

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """Those of invoices and those of re-posting sheets."""
        return (*self.rules, *self.repostings)

    def _as_declared(self, rule: Rule) -> Rule:
        known = rule.parameters <= self.parameters.keys()
        return rule.filled(self.parameters) if known else rule


def read_standard(
    file: RuleFile, fields: Fields, error_types: ErrorTypes, lists: Collection[str]
) -> Standard:
    """Read the standard; problems are in the file's report."""
    node = read_yaml(file)
    if node is None:
        if file.text is not None and not file.report.broken:
            file.report.error("empty-file", file.report.at(1, 1), "the file is empty")
        return Standard(file=file, readable=False)
    entry = Entry(node, file.report, what="the standard", allowed=KEYS)
    parameters = _parameters(entry.get("parameters"), file.report)
    unreadable = _names_in(entry.get("parameters")) - parameters.keys()
    names = Names(
        fields=fields, lists=lists, parameters=parameters, unreadable_parameters=unreadable
    )
    reader = RuleReader(names, error_types, file.report, standard=True)
    items, of_sheets = entry.items("rules"), entry.items("repostings")
    taken: dict[str, Position] = {}
    rules = reader.rules(items, taken)
    repostings = reader.repostings(of_sheets, taken)
    return Standard(
        file=file,
        parameters=parameters,
        rules=rules,
        repostings=repostings,
        ids=_ids((*items, *of_sheets)),
        unreadable_parameters=tuple(sorted(unreadable)),
    )


def read_setting(
    key: YamlScalar, node: YamlNode, declared: Mapping[str, ParameterSpec], report: Report
) -> ParameterSpec | None:
    """One entry of a customer's `set:`; the parameter with its new value."""
    spec = declared.get(key.text)
    if spec is None:
        report.error(
            "unknown-parameter",
            key.at,
            f"'{key.text}' is not a parameter that standard.yaml declares",
            did_you_mean(key.text, declared),
        )
        return None
    if isinstance(node, YamlSequence) is not spec.several:
        wanted = "a list of values" if spec.several else "one value"
        report.error("wrong-type", node.at, f"'{key.text}' takes {wanted}, not {kind_of(node)}")
        return None
    values = _values(node, spec.type, report, f"'{key.text}' is of type {spec.type}: ")
    if values is None or _below_zero(key.text, node, values, spec, report):
        return None
    return replace(spec, values=values, at=key.at)


def _below_zero(
    name: str, node: YamlNode, values: tuple[Value, ...], spec: ParameterSpec, report: Report
) -> bool:
    """Whether a value is below zero though the standard's is not: a minus that slipped in."""
    if not _some_below_zero(values) or _some_below_zero(spec.values):
        return False
    report.error(
        "below-zero",
        node.at,
        f"'{name}' can't be below zero: its value in the standard is not",
        f"write '{node.text.removeprefix('-')}'" if isinstance(node, YamlScalar) else "",
    )
    return True


def _some_below_zero(values: tuple[Value, ...]) -> bool:
    sizes = (value.amount if isinstance(value, Money) else value for value in values)
    return any(isinstance(size, Decimal) and size < 0 for size in sizes)


def _parameters(node: YamlNode | None, report: Report) -> dict[str, ParameterSpec]:
    if node is None:
        return {}
    if not isinstance(node, YamlMapping):
        report.error(
            "not-a-mapping", node.at, "'parameters' must name parameters, each with a value"
        )
        return {}
    found: dict[str, ParameterSpec] = {}
    for key, value in node.entries:
        if not _PARAMETER_NAME.fullmatch(key.text):
            report.error(
                "bad-name",
                key.at,
                f"'{key.text}' is not a name (small letters, digits, hyphens and dots)",
            )
            continue
        spec = _parameter(key, value, report)
        if spec is not None:
            found[key.text] = spec
    return found


def _parameter(key: YamlScalar, node: YamlNode, report: Report) -> ParameterSpec | None:
    entry = Entry(
        node,
        report,
        what=f"parameter '{key.text}'",
        allowed=("value", "type", "why"),
        required=("value",),
    )
    value = entry.get("value")
    if value is None:
        if "value" in entry:
            entry.fail("value-missing", entry.key_at("value"), f"'{key.text}' has no value")
        return None
    kind = entry.choice("type", ParameterType) or _type_of(value)
    values = _values(value, kind, report, "")
    if values is None or not entry.valid:
        return None
    return ParameterSpec(
        name=key.text,
        type=kind,
        values=values,
        several=isinstance(value, YamlSequence),
        why=entry.text("why") or "",
        at=key.at,
    )


def _type_of(node: YamlNode) -> ParameterType:
    """The type that a declared value looks like; a quoted one is a code."""
    if not isinstance(node, YamlScalar) or not node.plain:
        return ParameterType.CODE
    fitting = (kind for kind, shape in _SHAPES if shape.fullmatch(node.text))
    return next(fitting, ParameterType.CODE)


def _values(
    node: YamlNode, kind: ParameterType, report: Report, prefix: str
) -> tuple[Value, ...] | None:
    items = node.items if isinstance(node, YamlSequence) else (node,)
    values: list[Value] = []
    for item in items:
        if not isinstance(item, YamlScalar):
            report.error("not-a-value", item.at, f"a value is needed here, not {kind_of(item)}")
            continue
        try:
            values.append(_PARSERS[kind](item.text))
        except LiteralError as error:
            report.error(error.code, item.at, f"{prefix}{error.message}", error.suggestion)
    return tuple(values) if values and len(values) == len(items) else None


def _names_in(node: YamlNode | None) -> set[str]:
    return {key.text for key, _ in node.entries} if isinstance(node, YamlMapping) else set()


def _ids(nodes: tuple[YamlNode, ...]) -> tuple[str, ...]:
    ids = (node.get("id") for node in nodes if isinstance(node, YamlMapping))
    return tuple(node.text for node in ids if isinstance(node, YamlScalar))
