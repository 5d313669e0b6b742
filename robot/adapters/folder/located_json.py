"""JSON whose values can be found again, so that a message can name line and column.

`load` is the standard library's parser. Only when something is wrong is the text read once more by
`parse`, which knows where everything stands.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, TypeAlias

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
    """A value's place; `items` are a list's values, `members` an object's keys and values."""

    shape: Shape
    offset: int
    items: tuple[Node, ...] = ()
    members: tuple[tuple[Node, Node], ...] = ()


class Number(str):
    """A number exactly as it is written, so that nothing is rounded."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """An object's keys and values in their order, keys that are written twice too."""


#: The way to a value: which member of an object, which item of a list, and so on.
Place: TypeAlias = tuple[int, ...]

_SHAPES: dict[type, Shape] = {
    type(None): Shape.NULL,
    bool: Shape.FLAG,
    Number: Shape.NUMBER,
    str: Shape.TEXT,
    list: Shape.ARRAY,
    Members: Shape.OBJECT,
}


def _no_constant(name: str) -> NoReturn:
    raise JsonProblem(f"{name} is not a number that JSON knows", 0)


_DECODER = json.JSONDecoder(
    parse_float=Number,
    parse_int=Number,
    parse_constant=_no_constant,
    object_pairs_hook=Members,
    strict=True,
)


def load(text: str) -> Any:  # noqa: ANN401  (whatever JSON can say; `shape_of` tells)
    """Read one JSON text into None, bool, str, Number, list and Members.

    Raises:
        ValueError: It is not JSON; `parse` says where and what to do.
        RecursionError: It is nested very deeply.
    """
    return _DECODER.decode(text)


def shape_of(value: object) -> Shape:
    """The kind of a value that `load` gave."""
    return _SHAPES[type(value)]


def parse(text: str) -> Node:
    """Read one JSON text, with the place of everything in it.

    Raises:
        JsonProblem: It is not JSON, or nested deeper than `MAX_DEPTH`.
    """
    node, end = _value(text, _skip(text, 0), 0)
    end = _skip(text, end)
    if end != len(text):
        raise JsonProblem("there is more after the end; one object is expected", end)
    return node


def offset_of(root: Node, place: Place, *, key: bool = False) -> int:
    """Where the value at a place starts; with `key`, where its key does."""
    node = root
    offset = root.offset
    for step in place:
        if node.shape is Shape.OBJECT:
            name, node = node.members[step]
            offset = name.offset if key else node.offset
        else:
            node = node.items[step]
            offset = node.offset
    return offset


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
        value, end = _DECODER.raw_decode(text, at)
    except JsonProblem as problem:
        raise JsonProblem(problem.message, at) from None
    except json.JSONDecodeError as error:
        raise JsonProblem(_what_instead(text, error), error.pos) from None
    if isinstance(value, Number) and text[end : end + 1].isdigit():
        raise JsonProblem('a number can\'t begin with 0; put a code in quotes: "0450"', at)
    return Node(shape=shape_of(value), offset=at), end


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
            raise JsonProblem("a colon is missing after the key", here)
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
