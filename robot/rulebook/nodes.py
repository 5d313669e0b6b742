"""YAML as written: every scalar stays text and keeps its place.

Typing is the field catalogue's job and never YAML's, so account `0450` stays `0450` and `NO`
stays `NO`. Anchors, aliases, merge keys and tags are refused, keys stand once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import yaml

from robot.rulebook.problem import Position, Report
from robot.rulebook.source import RuleFile

#: Nested mappings and lists; a readable rule needs eight.
MAX_DEPTH: Final = 24
#: Scalars, mappings and lists in one file.
MAX_NODES: Final = 400_000
#: libyaml when PyYAML was built with it; both read the same events.
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CONTROL: Final = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


#: What libyaml says, in which context, and what it means to who wrote the file.
_YAML_IN_WORDS: Final = (
    ("unexpected end of stream", "", "yaml-unfinished", "a quotation mark is not closed"),
    (
        "unknown escape character",
        "",
        "yaml-invalid",
        "a backslash in double quotes is an escape; use single quotes for patterns",
    ),
    (
        "mapping values are not allowed",
        "",
        "yaml-invalid",
        "a second ':' on one line, or wrong indentation; put text with ': ' in quotes",
    ),
    (
        "did not find expected",
        "flow",
        "yaml-unfinished",
        "a '[' or '{' is not closed, or a comma is missing",
    ),
    (
        "did not find expected",
        "",
        "yaml-invalid",
        "the indentation does not fit the lines above",
    ),
    (
        "could not find expected ':'",
        "",
        "yaml-invalid",
        "a key needs ': ' after it; text of several lines needs quotes",
    ),
)


_NOTHING: Final = frozenset({"", "~", "null"})


class YamlScalar(NamedTuple):
    """A word, number or text as written; `plain` when it stood without quotes."""

    text: str
    at: Position
    plain: bool

    @property
    def empty(self) -> bool:
        """Nothing was written, or YAML's own words for nothing."""
        return self.plain and self.text in _NOTHING


class YamlMapping(NamedTuple):
    """Keys with their values, in the file's order; each key once."""

    entries: tuple[tuple[YamlScalar, YamlNode], ...]
    at: Position

    def get(self, key: str) -> YamlNode | None:
        """The value of a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


class YamlSequence(NamedTuple):
    """A list."""

    items: tuple[YamlNode, ...]
    at: Position


YamlNode: TypeAlias = YamlScalar | YamlMapping | YamlSequence


#: libyaml's events are described nowhere.
_Untyped: TypeAlias = Any
#: Makes a named tuple without going through its own constructor.
_tuple: Final[Any] = tuple.__new__
_YAML_TAG: Final = "tag:yaml.org,2002:"


class _StopReadingError(Exception):
    """The rest of the file can't be understood; the report says why."""


def read_yaml(file: RuleFile) -> YamlNode | None:
    """Read one file into nodes; None when it can't be, with the problem in the file's report."""
    report = file.report
    if file.text is None or _has_control_characters(file.text, report):
        return None
    try:
        return _Builder(file.path, report, _LOADER(file.text)).document()
    except yaml.MarkedYAMLError as error:
        _explain(error, report)
    except yaml.YAMLError as error:
        report.error("yaml-invalid", report.at(1, 1), f"the file is not valid YAML: {error}")
    except _StopReadingError:
        pass
    return None


class _Builder:
    """Turns libyaml's events into nodes.

    Most of the time of loading many files goes here, so the usual events take the shortest way.
    """

    def __init__(self, path: str, report: Report, events: _Untyped) -> None:
        self._path = path
        self._report = report
        self._next: Callable[[], _Untyped] = events.get_event
        self._count = 0

    def document(self) -> YamlNode | None:
        root: YamlNode | None = None
        documents = 0
        while True:
            event = self._next()
            if isinstance(event, yaml.StreamEndEvent):
                return root
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop("several-documents", event, "a file holds one document; remove ---")
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1)

    def _node(self, event: _Untyped, depth: int) -> YamlNode:
        self._count += 1
        kind = type(event)
        if (
            kind is yaml.AliasEvent
            or event.anchor is not None
            or event.tag is not None
            or depth > MAX_DEPTH
            or self._count > MAX_NODES
        ):
            self._refuse(event, depth)
        mark = event.start_mark
        at = _tuple(Position, (self._path, mark.line + 1, mark.column + 1))
        if kind is yaml.ScalarEvent:
            scalar: YamlScalar = _tuple(YamlScalar, (event.value, at, event.implicit[0]))
            return scalar
        if kind is yaml.SequenceStartEvent:
            items: list[YamlNode] = []
            while type(inner := self._next()) is not yaml.SequenceEndEvent:
                items.append(self._node(inner, depth + 1))
            return YamlSequence(tuple(items), at)
        return self._mapping(at, depth)

    def _mapping(self, at: Position, depth: int) -> YamlMapping:
        entries: list[tuple[YamlScalar, YamlNode]] = []
        seen: dict[str, YamlScalar] = {}
        while type(inner := self._next()) is not yaml.MappingEndEvent:
            key = self._node(inner, depth + 1)
            value = self._node(self._next(), depth + 1)
            if type(key) is YamlScalar and key.text not in seen and key.text != "<<":
                seen[key.text] = key
                entries.append((key, value))
            else:
                self._odd_key(key, seen, entries, value)
        return YamlMapping(tuple(entries), at)

    def _odd_key(
        self,
        key: YamlNode,
        seen: dict[str, YamlScalar],
        entries: list[tuple[YamlScalar, YamlNode]],
        value: YamlNode,
    ) -> None:
        if not isinstance(key, YamlScalar):
            self._report.error(
                "key-not-text", key.at, "a key must be a word, not a list or a mapping"
            )
        elif key.plain and key.text == "<<":
            self._report.error(
                "merge-key", key.at, "merge keys (<<) are not used here; write the keys out"
            )
        elif (first := seen.get(key.text)) is not None:
            self._report.error(
                "duplicate-key",
                key.at,
                f"'{key.text}' is written twice; the first is on line {first.at.line}",
            )
        else:
            seen[key.text] = key
            entries.append((key, value))

    def _refuse(self, event: _Untyped, depth: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._stop("alias", event, f"'*{event.anchor}' is an alias; write the value out")
        if event.anchor is not None:
            self._stop(
                "anchor", event, f"'&{event.anchor}' is an anchor; write values out instead"
            )
        tag = event.tag
        if tag is not None:
            short = tag.replace(_YAML_TAG, "!!")
            self._stop(
                "tag", event, f"'{short}' is a tag; values are typed by their field, remove it"
            )
        if depth > MAX_DEPTH:
            self._stop("too-deep", event, f"nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_NODES:
            self._stop("too-many-values", event, f"more than {MAX_NODES} values in one file")

    def _stop(self, code: str, event: yaml.Event, message: str) -> None:
        self._report.error(code, self._place(event), message)
        raise _StopReadingError

    def _place(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        if mark is None:
            return Position(self._path, 1, 1)
        return Position(self._path, mark.line + 1, mark.column + 1)


def _has_control_characters(text: str, report: Report) -> bool:
    found = _CONTROL.search(text)
    if found is None:
        return False
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
    report.error(
        "control-character",
        report.at(line, column),
        f"the character U+{ord(found.group()):04X} can't stand in a rule file; remove it",
    )
    return True


def _explain(error: yaml.MarkedYAMLError, report: Report) -> None:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    # An error at the end of the file is shown on its last line, where there is something to see.
    if line > len(report.lines) or (line > 1 and not "".join(report.lines[line - 1 :]).strip()):
        last = max(
            (n for n, text in enumerate(report.lines, 1) if text.strip() and n < line), default=1
        )
        line, column = last, len(report.lines[last - 1].rstrip()) + 1 if report.lines else 1
    written = report.lines[line - 1] if line <= len(report.lines) else ""
    code, message = _in_words(error, written, column)
    if error.context_mark is not None and error.context_mark.line + 1 < line:
        message = f"{message} (it began on line {error.context_mark.line + 1})"
    report.error(code, report.at(line, column), message)


def _in_words(error: yaml.MarkedYAMLError, written: str, column: int) -> tuple[str, str]:
    problem, context = error.problem or "", error.context or ""
    mark = written[column - 1 : column]
    if "cannot start any token" in problem and mark == "\t":
        return "tab", "a tab can't indent here; use spaces"
    if "cannot start any token" in problem:
        return "yaml-invalid", f"text that begins with '{mark}' needs quotes around it"
    for sign, inside, code, words in _YAML_IN_WORDS:
        if sign in problem and inside in context:
            return code, words
    return "yaml-invalid", f"the file is not valid YAML: {problem}"
