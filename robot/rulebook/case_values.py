"""Field values as cases write them: typed by the catalogue, `unknown` and `missing` as words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from robot.domain.fields import UNKNOWN, FieldType
from robot.rulebook import literals
from robot.rulebook.conditions import LINES, FieldRef
from robot.rulebook.keys import kind_of
from robot.rulebook.literals import LiteralError, RelativeDate
from robot.rulebook.names import Fields
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from robot.rulebook.problem import Report, did_you_mean, listed

#: Words that stand, without quotes, for a value that is not known and for one that is not there.
UNKNOWN_WORD: Final = "unknown"
MISSING_WORD: Final = "missing"
_ONE_LINE: Final = re.compile(r"lines\[([^\]]+)\]\.(.+)")
_EVERY_LINE: Final = "lines."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of a case with its value. `line` is a line's number, None for every line."""

    field: FieldRef
    value: object
    line: str | None = None
    node: YamlNode


class ValueReader:
    """Reads the field values of one case file."""

    def __init__(self, fields: Fields, report: Report) -> None:
        self._fields = fields
        self._report = report

    def changes(self, node: YamlNode | None, what: str) -> tuple[Change, ...]:
        """A mapping of fields to values; what can't be read is left out and reported."""
        if node is None:
            return ()
        if not isinstance(node, YamlMapping):
            self._error("not-a-mapping", node, f"{what} gives fields values, not {kind_of(node)}")
            return ()
        found: list[Change] = []
        for key, value in node.entries:
            change = self._change(key, value)
            if change is not None:
                found.append(change)
        return tuple(found)

    def names_field(self, text: str) -> bool:
        """Whether a key of `change` names a field."""
        _, name, of_line = _place(text)
        return text == LINES.key or self._fields.find(name, of_line=of_line) is not None

    def field_names(self) -> list[str]:
        """What a key of `change` may be, for suggestions."""
        return [*self._fields.document, *(f"lines.{own}" for own in self._fields.line)]

    def _change(self, key: YamlScalar, node: YamlNode) -> Change | None:
        if key.text == LINES.key:
            return Change(field=LINES, value=self._lines(node), node=key)
        line, name, of_line = _place(key.text)
        reference = self._field(key, name, of_line=of_line)
        if reference is None:
            return None
        return Change(field=reference, value=self._value(reference, node), line=line, node=key)

    def _field(self, key: YamlScalar, name: str, *, of_line: bool) -> FieldRef | None:
        reference = self._fields.find(name, of_line=of_line)
        if reference is None:
            known = self.field_names()
            if of_line:
                known = [*self._fields.line, *self._fields.prefixes(of_line=True)]
            self._error(
                "unknown-field", key, f"'{name}' is not a field", did_you_mean(name, known)
            )
        return reference

    def _lines(self, node: YamlNode) -> object:
        if isinstance(node, YamlScalar) and node.plain and node.text == UNKNOWN_WORD:
            return UNKNOWN
        if isinstance(node, YamlScalar) and node.plain and node.text == MISSING_WORD:
            return ()
        if not isinstance(node, YamlSequence):
            self._error("not-a-list", node, f"'lines' is a list of lines, not {kind_of(node)}")
            return UNKNOWN
        return tuple(self._line(item) for item in node.items)

    def _line(self, node: YamlNode) -> dict[str, Any]:
        values: dict[str, Any] = dict.fromkeys(self._fields.line, UNKNOWN)
        if not isinstance(node, YamlMapping):
            self._error("not-a-mapping", node, f"a line gives fields values, not {kind_of(node)}")
            return values
        for key, value in node.entries:
            reference = self._field(key, key.text, of_line=True)
            if reference is not None:
                values[key.text] = self._value(reference, value)
        return values

    def _value(self, field: FieldRef, node: YamlNode) -> object:
        if isinstance(node, YamlScalar) and node.plain:
            if node.text == UNKNOWN_WORD:
                return UNKNOWN
            if node.text == MISSING_WORD:
                return None
        if field.type is FieldType.ACCOUNTS:
            return self._accounts(field, node)
        if isinstance(node, YamlScalar) and not node.empty:
            return self._literal(field, node)
        self._error(
            "not-a-value",
            node,
            f"'{field.name}' needs a value, {MISSING_WORD} or {UNKNOWN_WORD}, not {kind_of(node)}",
        )
        return UNKNOWN

    def _literal(self, field: FieldRef, node: YamlScalar) -> object:
        try:
            value = _PARSERS[field.type](node.text)
        except LiteralError as error:
            self._error(error.code, node, error.message, error.suggestion)
            return UNKNOWN
        choices = self._fields.spec(field).choices
        if field.type is FieldType.CHOICE and value not in choices:
            self._error(
                "unknown-choice",
                node,
                f"'{node.text}' is not one of the choices of '{field.name}' "
                f"({listed(choices, most=20)})",
                did_you_mean(node.text, choices),
            )
            return UNKNOWN
        return value

    def _accounts(self, field: FieldRef, node: YamlNode) -> object:
        if not isinstance(node, YamlSequence):
            self._error("not-a-list", node, f"'{field.name}' is a list of accounts")
            return UNKNOWN
        return frozenset(item.text for item in node.items if isinstance(item, YamlScalar))

    def _error(self, code: str, node: YamlNode, message: str, suggestion: str = "") -> None:
        self._report.error(code, node.at, message, suggestion)


_PARSERS: Final[dict[FieldType, Callable[[str], object]]] = {
    FieldType.MONEY: literals.money,
    FieldType.NUMBER: literals.number,
    FieldType.DATE: literals.date_or_relative,
    FieldType.FLAG: literals.flag,
    FieldType.CODE: literals.text_value,
    FieldType.TEXT: literals.text_value,
    FieldType.CHOICE: literals.text_value,
    FieldType.ACCOUNT: literals.text_value,
}


def apply(
    changes: tuple[Change, ...], values: Mapping[str, Any], today: date, report: Report
) -> dict[str, Any]:
    """The values with the changes made; dates that count from the decision's day are settled."""
    changed = dict(values)
    for change in changes:
        if not change.field.of_line:
            changed[change.field.key] = _settled(change.value, today)
            continue
        lines = changed.get(LINES.key, UNKNOWN)
        touched = [
            index
            for index, line in enumerate(lines if isinstance(lines, tuple | list) else ())
            if change.line is None or change.line == _number(line, index)
        ]
        if not touched:
            which = "any line" if change.line is None else f"a line '{change.line}'"
            report.error(
                "unknown-line", change.node.at, f"the document does not have {which} to change"
            )
            continue
        changed[LINES.key] = tuple(
            {**line, change.field.key: _settled(change.value, today)} if i in touched else line
            for i, line in enumerate(lines)
        )
    return changed


def _place(text: str) -> tuple[str | None, str, bool]:
    """A key of `change` taken apart: the line's number, the field's name, whether of a line."""
    match = _ONE_LINE.fullmatch(text)
    if match is not None:
        return match[1], match[2], True
    return None, text.removeprefix(_EVERY_LINE), text.startswith(_EVERY_LINE)


def _number(line: Mapping[str, Any], index: int) -> str:
    number = line.get("number")
    return number if isinstance(number, str) else str(index + 1)


def _settled(value: object, today: date) -> object:
    if isinstance(value, RelativeDate):
        return value.on(today)
    if isinstance(value, tuple):
        return tuple(
            {key: _settled(inner, today) for key, inner in line.items()} for line in value
        )
    return value
