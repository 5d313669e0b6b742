"""Reads mappings with a fixed set of keys, and the plain values in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import TypeGuard, TypeVar

from robot.rulebook.literals import LiteralError, calendar_date, flag
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from robot.rulebook.problem import Position, Report, did_you_mean, listed

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def kind_of(node: YamlNode) -> str:
    """What a node is, in words."""
    if isinstance(node, YamlScalar):
        return "nothing" if node.empty else f"'{node.text}'"
    return "a list" if isinstance(node, YamlSequence) else "a mapping"


class Entry:
    """One mapping of a file, with the keys that it may have. `what` names it in messages."""

    def __init__(
        self,
        node: YamlNode,
        report: Report,
        *,
        what: str,
        allowed: Collection[str],
        required: Iterable[str] = (),
    ) -> None:
        self.at: Position = node.at
        self.report = report
        self.what = what
        self.keys: dict[str, YamlScalar] = {}
        self.values: dict[str, YamlNode] = {}
        if not isinstance(node, YamlMapping):
            report.error(
                "not-a-mapping", node.at, f"{what} must have keys and values, not {kind_of(node)}"
            )
            self.valid = False
            return
        self.valid = True
        for key, value in node.entries:
            if key.text not in allowed:
                self._unknown(key, allowed)
                continue
            self.keys[key.text] = key
            self.values[key.text] = value
        for name in required:
            if name not in self.values:
                self.valid = False
                report.error("key-missing", node.at, f"{what} needs '{name}'")

    def _unknown(self, key: YamlScalar, allowed: Collection[str]) -> None:
        self.valid = False
        self.report.error(
            "unknown-key",
            key.at,
            f"unknown key '{key.text}' in {self.what}; it takes {listed(allowed, most=20)}",
            did_you_mean(key.text, allowed),
        )

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def get(self, key: str) -> YamlNode | None:
        """The node under a key; None when absent or written with nothing after it."""
        node = self.values.get(key)
        return None if type(node) is YamlScalar and node.empty else node

    def key_at(self, key: str) -> Position:
        """Where a key stands, else where the mapping begins."""
        return self.keys[key].at if key in self.keys else self.at

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A value as text."""
        return self.parsed(key, _plain_text, required=required)

    def date(self, key: str, *, required: bool = False) -> date | None:
        """A day written YYYY-MM-DD."""
        return self.parsed(key, calendar_date, required=required)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """`yes` or `no`."""
        value = self.parsed(key, flag)
        return default if value is None else value

    def whole(self, key: str, *, required: bool = False) -> int | None:
        """A whole number, zero or more."""
        return self.parsed(key, _whole_number, required=required)

    def choice(self, key: str, kind: type[E], *, required: bool = False) -> E | None:
        """One of an enumeration's words."""

        def parse(text: str) -> E:
            try:
                return kind(text)
            except ValueError:
                words = [member.value for member in kind]
                raise LiteralError(
                    "unknown-choice",
                    f"'{text}' is not one of {listed(words)}",
                    did_you_mean(text, words),
                ) from None

        return self.parsed(key, parse, required=required)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        return tuple(node.text for node in self.scalars(key))

    def scalars(self, key: str) -> list[YamlScalar]:
        """A list of texts with their places; a single text counts as a list of one."""
        if key not in self.values:
            return []
        node = self.get(key)
        if isinstance(node, YamlScalar):
            return [node]
        return [item for item in self.items(key) if self._is_scalar(item, key)]

    def items(self, key: str) -> tuple[YamlNode, ...]:
        """The items of a list."""
        node = self.get(key)
        if node is None:
            return ()
        if not isinstance(node, YamlSequence):
            self.fail("not-a-list", node.at, f"'{key}' must be a list, not {kind_of(node)}")
            return ()
        return node.items

    def parsed(self, key: str, parse: Callable[[str], T], *, required: bool = False) -> T | None:
        """A scalar turned into a value by `parse`, which raises LiteralError."""
        if key not in self.values:
            return None
        node = self.get(key)
        if node is None:
            if required:
                self.fail("value-missing", self.key_at(key), f"'{key}' has no value")
            return None
        if not self._is_scalar(node, key):
            return None
        try:
            return parse(node.text)
        except LiteralError as error:
            self.fail(error.code, node.at, error.message, error.suggestion)
            return None

    def fail(self, code: str, at: Position, message: str, suggestion: str = "") -> None:
        """Note a problem; the entry is then not valid."""
        self.valid = False
        self.report.error(code, at, message, suggestion)

    def _is_scalar(self, node: YamlNode, key: str) -> TypeGuard[YamlScalar]:
        if isinstance(node, YamlScalar):
            return True
        self.fail("not-a-value", node.at, f"'{key}' must be one value, not {kind_of(node)}")
        return False


def _plain_text(text: str) -> str:
    return text.strip()


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise LiteralError("not-a-number", f"'{text}' is not a whole number")
    return int(text)
