"""Reads `when` and `unless` blocks into conditions, and says what can't be understood."""

from __future__ import annotations

from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.conditions import (
    LINES,
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Not,
    SumLines,
    Test,
)
from robot.rulebook.field_test_reader import FieldTestReader
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.names import Names
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from robot.rulebook.operand_reader import OperandReader
from robot.rulebook.problem import Report, did_you_mean, listed
from robot.rulebook.signs import meant
from robot.rulebook.vocabulary import (
    BLOCKS,
    BOUNDS,
    STATES,
    TYPE_NAMES,
    Operator,
    Quantifier,
)

_BOUND_WORDS: Final = tuple(operator.value for operator in BOUNDS)
_LINE_WORDS: Final = (*(word.value for word in Quantifier), "count", "sum")
_DIMENSIONS: Final = "dimensions."


class ConditionReader:
    """Reads the conditions of one file.

    Each method gives None when what it was given can't be understood; the report then says why.
    """

    def __init__(self, names: Names, report: Report) -> None:
        self._names = names
        self._report = report
        self._tests = FieldTestReader(names, report)
        self._operands = OperandReader(names, report)

    def block(self, node: YamlNode, what: str, *, of_line: bool = False) -> Condition | None:
        """A mapping of fields to conditions, all of which must hold; `what` names it."""
        if not isinstance(node, YamlMapping):
            self._error(
                "not-a-block",
                node,
                f"{what} must be fields with conditions, not {kind_of(node)}",
            )
            return None
        if not node.entries:
            self._error("empty-block", node, f"{what} is empty, so it would always hold")
            return None
        parts = [self._part(key, value, of_line=of_line) for key, value in node.entries]
        good = tuple(part for part in parts if part is not None)
        if len(good) < len(parts):
            return None
        return good[0] if len(good) == 1 else AllOf(parts=good)

    def _part(self, key: YamlScalar, value: YamlNode, *, of_line: bool) -> Condition | None:
        if key.text in BLOCKS:
            return self._nested(key, value, of_line=of_line)
        if key.text == LINES.key and not of_line:
            return self._lines(value)
        reference = self.field(key, of_line=of_line)
        if reference is None:
            return None
        return self._tests.read(reference, value)

    def _nested(self, key: YamlScalar, value: YamlNode, *, of_line: bool) -> Condition | None:
        if not isinstance(value, YamlSequence):
            self._error(
                "not-a-list",
                value,
                f"'{key.text}' takes a list of blocks, each beginning with '- ', "
                f"not {kind_of(value)}",
            )
            return None
        if not value.items:
            self._error("empty-block", value, f"'{key.text}' has no blocks")
            return None
        parts = [
            self.block(item, f"a block of '{key.text}'", of_line=of_line) for item in value.items
        ]
        good = tuple(part for part in parts if part is not None)
        if len(good) < len(parts):
            return None
        if key.text == "all_of":
            return AllOf(parts=good)
        return AnyOf(parts=good) if key.text == "any_of" else Not(part=AnyOf(parts=good))

    def field(self, key: YamlScalar, *, of_line: bool) -> FieldRef | None:
        """The field that a key names."""
        reference = self._names.fields.find(key.text, of_line=of_line)
        if reference is not None:
            return reference if self._dimension_known(key, of_line=of_line) else None
        fields = self._names.fields
        if of_line and (key.text in fields.document or key.text == LINES.key):
            message = (
                f"'{key.text}' belongs to the document, not to a line; move it out of 'lines'"
            )
            self._error("field-out-of-place", key, message)
        elif not of_line and fields.find(key.text.removeprefix("lines."), of_line=True):
            own = key.text.removeprefix("lines.")
            message = f"'{own}' belongs to a line; write 'lines: {{any: {{{own}: ...}}}}'"
            self._error("field-out-of-place", key, message)
        else:
            known = [*(fields.line if of_line else fields.document), *BLOCKS]
            known += fields.prefixes(of_line=of_line) if of_line else (LINES.key,)
            where = "a line" if of_line else "a document"
            self._error(
                "unknown-field",
                key,
                f"'{key.text}' is not a field of {where}",
                did_you_mean(key.text, known),
            )
        return None

    def _dimension_known(self, key: YamlScalar, *, of_line: bool) -> bool:
        own = key.text.removeprefix(_DIMENSIONS)
        dimensions = self._names.dimensions
        if not of_line or own == key.text or dimensions is None or own in dimensions:
            return True
        self._error(
            "unknown-dimension",
            key,
            f"'{own}' is not one of the customer's dimensions ({listed(dimensions)})",
            did_you_mean(own, dimensions),
        )
        return False

    def _lines(self, value: YamlNode) -> Condition | None:
        if isinstance(value, YamlScalar) and value.text in STATES:
            return Test(field=LINES, operator=Operator(value.text), at=value.at)
        if not isinstance(value, YamlMapping) or not value.entries:
            self._error(
                "not-a-condition",
                value,
                f"'lines' needs {listed(_LINE_WORDS)} with conditions inside, "
                f"or missing or present, not {kind_of(value)}",
            )
            return None
        parts = [self._line_part(name, inner) for name, inner in value.entries]
        good = tuple(part for part in parts if part is not None)
        if len(good) < len(parts):
            return None
        return good[0] if len(good) == 1 else AllOf(parts=good)

    def _line_part(self, name: YamlScalar, value: YamlNode) -> Condition | None:
        if name.text == "count":
            return self._count(value)
        if name.text == "sum":
            return self._sum(value)
        if name.text in tuple(Quantifier):
            part = self.block(value, f"'{name.text}'", of_line=True)
            if part is None:
                return None
            return ForLines(quantifier=Quantifier(name.text), part=part, at=name.at)
        self._error(
            "unknown-operator",
            name,
            f"'{name.text}' can't be used on 'lines'; use {listed(_LINE_WORDS)}",
            f"write 'lines: {{any: {{{name.text}: ...}}}}'"
            if self._names.fields.find(name.text, of_line=True)
            else meant(name.text, _LINE_WORDS),
        )
        return None

    def _count(self, value: YamlNode) -> CountLines | None:
        entry = Entry(value, self._report, what="'count'", allowed=("where", *_BOUND_WORDS))
        whole = FieldRef(key="count", type=FieldType.NUMBER, of_line=True)
        where, bounds = self._where(entry), self._bounds(entry, whole)
        if not entry.valid or not bounds:
            return None
        return CountLines(where=where, bounds=bounds, at=entry.at)

    def _sum(self, value: YamlNode) -> SumLines | None:
        entry = Entry(
            value,
            self._report,
            what="'sum'",
            allowed=("field", "where", *_BOUND_WORDS),
            required=("field",),
        )
        named = entry.get("field")
        field = self.field(named, of_line=True) if isinstance(named, YamlScalar) else None
        if field is None:
            return None
        if field.type not in {FieldType.MONEY, FieldType.NUMBER}:
            entry.fail(
                "wrong-type",
                entry.key_at("field"),
                f"'{field.name}' is {TYPE_NAMES[field.type]}; only amounts and numbers add up",
            )
            return None
        where, bounds = self._where(entry), self._bounds(entry, field)
        if not entry.valid or not bounds:
            return None
        return SumLines(field=field, where=where, bounds=bounds, at=entry.at)

    def _where(self, entry: Entry) -> Condition | None:
        node = entry.get("where")
        if node is None:
            if "where" in entry:
                entry.fail("empty-block", entry.key_at("where"), "'where' is empty")
            return None
        where = self.block(node, "'where'", of_line=True)
        entry.valid = entry.valid and where is not None
        return where

    def _bounds(self, entry: Entry, measured: FieldRef) -> tuple[Bound, ...]:
        bounds: list[Bound] = []
        for word, node in entry.values.items():
            if word not in _BOUND_WORDS:
                continue
            operands = self._operands.read(measured, Operator(word), node)
            if operands is None:
                entry.valid = False
                continue
            at = entry.key_at(word)
            bounds.append(Bound(operator=Operator(word), operands=operands, at=at))
        if not bounds and entry.valid:
            entry.fail(
                "not-a-condition",
                entry.at,
                f"{entry.what} needs a bound: {listed(_BOUND_WORDS)}",
            )
        return tuple(bounds)

    def _error(self, code: str, node: YamlNode, message: str, suggestion: str = "") -> None:
        self._report.error(code, node.at, message, suggestion)
