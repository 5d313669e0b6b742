"""JSON whose values know where they stand, so that a message can name line and column."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

#: A sidecar is three levels deep; more is an attack or a mistake.
MAX_DEPTH = 20

_SPACE = re.compile(r"[ \t\n\r]*")


class Shape(StrEnum):
    """The kinds of JSON value, in the words of a message."""

    OBJECT = "an object {…}"
    ARRAY = "a list […]"
    TEXT = "text"
    NUMBER = "a number"
    FLAG = "true or false"
    NULL = "null"


class JsonProblem(ValueError):  # noqa: N818  (what is wrong with a file is a value here, not a fault)
    """The text is not JSON.

    Args:
        message: What is wrong and how to put it right.
        offset: Where, in characters from the start.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value and where it starts.

    `text` is a string's content, or a number exactly as written (so that nothing is rounded), or
    `true`/`false`. `items` are a list's values; `members` an object's keys and values, in order.
    """

    shape: Shape
    offset: int
    text: str = ""
    items: tuple[Node, ...] = ()
    members: tuple[tuple[Node, Node], ...] = ()


class _Number(str):
    """A number's own text."""

    __slots__ = ()


def _no_constant(name: str) -> NoReturn:
    raise JsonProblem(f"{name} is not a number that JSON knows", 0)


#: Only for scalars: they have no parts whose place would be lost.
_SCALARS = json.JSONDecoder(
    parse_float=_Number, parse_int=_Number, parse_constant=_no_constant, strict=True
)


def parse(text: str) -> Node:
    """Read one JSON text.

    Raises:
        JsonProblem: It is not JSON, or nested deeper than `MAX_DEPTH`.
    """
    node, end = _value(text, _skip(text, 0), 0)
    end = _skip(text, end)
    if end != len(text):
        raise JsonProblem("there is more after the end; one object is expected", end)
    return node


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, depth: int) -> tuple[Node, int]:
    if depth > MAX_DEPTH:
        raise JsonProblem(f"nested deeper than {MAX_DEPTH} levels", at)
    first = text[at : at + 1]
    if first == "{":
        return _object(text, at, depth)
    if first == "[":
        return _array(text, at, depth)
    return _scalar(text, at)


def _scalar(text: str, at: int) -> tuple[Node, int]:
    try:
        value, end = _SCALARS.raw_decode(text, at)
    except JsonProblem as problem:
        raise JsonProblem(problem.message, at) from None
    except json.JSONDecodeError as error:
        raise JsonProblem(_what_instead(text, error), error.pos) from None
    if value is None:
        return Node(shape=Shape.NULL, offset=at), end
    if isinstance(value, bool):
        return Node(shape=Shape.FLAG, offset=at, text="true" if value else "false"), end
    if isinstance(value, _Number):
        if text[end : end + 1].isdigit():
            raise JsonProblem('a number can\'t begin with 0; put a code in quotes: "0450"', at)
        return Node(shape=Shape.NUMBER, offset=at, text=str(value)), end
    return Node(shape=Shape.TEXT, offset=at, text=str(value)), end


def _array(text: str, at: int, depth: int) -> tuple[Node, int]:
    items: list[Node] = []
    here = _skip(text, at + 1)
    while text[here : here + 1] != "]":
        if items:
            here = _comma(text, here, "]")
        item, here = _value(text, here, depth + 1)
        items.append(item)
        here = _skip(text, here)
    return Node(shape=Shape.ARRAY, offset=at, items=tuple(items)), here + 1


def _object(text: str, at: int, depth: int) -> tuple[Node, int]:
    members: list[tuple[Node, Node]] = []
    here = _skip(text, at + 1)
    while text[here : here + 1] != "}":
        if members:
            here = _comma(text, here, "}")
        if text[here : here + 1] != '"':
            raise JsonProblem('a key in double quotes is expected, such as "remark"', here)
        key, here = _scalar(text, here)
        here = _skip(text, here)
        if text[here : here + 1] != ":":
            raise JsonProblem(f'a colon is missing after "{key.text}"', here)
        value, here = _value(text, _skip(text, here + 1), depth + 1)
        members.append((key, value))
        here = _skip(text, here)
    return Node(shape=Shape.OBJECT, offset=at, members=tuple(members)), here + 1


def _comma(text: str, at: int, closing: str) -> int:
    if text[at : at + 1] != ",":
        raise JsonProblem(f"a comma or the closing {closing} is missing", at)
    after = _skip(text, at + 1)
    if text[after : after + 1] == closing:
        raise JsonProblem(f"take away the comma before the closing {closing}", at)
    return after


def _what_instead(text: str, error: json.JSONDecodeError) -> str:
    found = text[error.pos : error.pos + 1]
    if not found:
        return "the text ends too early; the rest is missing"
    if found == "'":
        return 'texts stand in double quotes: "…", not in single ones'
    if found in "/#":
        return "JSON has no comments; take them away"
    if error.msg.startswith(("Invalid control", "Unterminated")):
        return 'a text has no closing quote " on its line'
    if error.msg.startswith("Expecting value"):
        return 'a value is expected: a text in double quotes "…", a number, true, false or null'
    return error.msg[:1].lower() + error.msg[1:]
