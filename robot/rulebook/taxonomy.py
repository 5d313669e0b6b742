"""Reads `error_types.yaml` into the taxonomy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from robot.domain.taxonomy import (
    Disposition,
    ErrorClass,
    ErrorType,
    FixableBy,
    OneRepair,
    Owner,
    Severity,
    Taxonomy,
    Texts,
)
from robot.errors import RuleFileError
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, read_yaml
from robot.rulebook.problem import Problem, did_you_mean, in_order
from robot.rulebook.source import RuleFile, rule_file

#: Types that the robot itself gives; the file must have them.
OUTSIDE_CRITERIA: Final = "outside-criteria"
CANNOT_CHECK: Final = "cannot-check"
RULES_MISSING: Final = "rules-missing"
CUSTOMER_UNKNOWN: Final = "customer-unknown"
UNREADABLE: Final = "unreadable"
NOT_AN_INVOICE: Final = "not-an-invoice"
GIVEN_BY_THE_ROBOT: Final = (
    OUTSIDE_CRITERIA,
    CANNOT_CHECK,
    RULES_MISSING,
    CUSTOMER_UNKNOWN,
    UNREADABLE,
    NOT_AN_INVOICE,
)

LANGUAGES: Final = ("da", "en")
SOURCE_SYSTEMS: Final = ("indfak", "sdi")
REACHED_BY: Final = ("rule", "check", "reader", "erp", "robot")
KEBAB: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS: Final = (
    "title",
    "explain",
    "fix",
    "class",
    "disposition",
    "owner",
    "fixable-by",
    "severity",
    "order",
    "suppressed-by",
    "deadline",
    "retry",
    "bypass",
    "quote-values",
    "peppol-reason",
    "minutes",
    "reached-by",
    "one-repair",
)
_REQUIRED: Final = (
    "title",
    "explain",
    "fix",
    "class",
    "disposition",
    "owner",
    "fixable-by",
    "severity",
    "order",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTaxonomy:
    """The taxonomy, and every code in the file: rules may name what could not be read."""

    taxonomy: Taxonomy
    codes: tuple[str, ...] | None
    file: RuleFile


def load_taxonomy(path: Path) -> tuple[Taxonomy, tuple[Problem, ...]]:
    """Read the error types of one file.

    Returns:
        What could be read, and the problems of what could not.

    Raises:
        RuleFileError: The file can't be opened.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RuleFileError(f"{path}:1:1: {error.strerror}", path=str(path)) from error
    file = rule_file(path.name, str(path), data)
    read = read_taxonomy(file)
    return read.taxonomy, in_order(file.report.problems)


def read_taxonomy(file: RuleFile) -> ReadTaxonomy:
    """Read the error types; problems are in the file's report."""
    node = read_yaml(file)
    report = file.report
    if not isinstance(node, YamlMapping):
        if not report.broken:
            at = report.at(1, 1) if node is None else node.at
            report.error("not-a-mapping", at, "the file must name error types, each with its keys")
        return ReadTaxonomy(taxonomy=Taxonomy(()), codes=None, file=file)
    codes = tuple(key.text for key, _ in node.entries)
    types: list[ErrorType] = []
    for key, value in node.entries:
        if not KEBAB.fullmatch(key.text):
            report.error(
                "bad-code", key.at, f"'{key.text}' is not kebab-case (small letters and hyphens)"
            )
        kind = _error_type(key, value, file, codes)
        if kind is not None:
            types.append(kind)
    _require_own_types(node, file)
    _refuse_cycles(node, {kind.code: kind.suppressed_by for kind in types}, file)
    return ReadTaxonomy(taxonomy=Taxonomy(types), codes=codes, file=file)


def _error_type(
    key: YamlScalar, node: YamlNode, file: RuleFile, codes: tuple[str, ...]
) -> ErrorType | None:
    what = f"error type '{key.text}'"
    entry = Entry(node, file.report, what=what, allowed=_KEYS, required=_REQUIRED)
    if not isinstance(node, YamlMapping):
        return None
    texts = _texts(entry)
    error_class = entry.choice("class", ErrorClass, required=True)
    disposition = entry.choice("disposition", Disposition, required=True)
    owner = entry.choice("owner", Owner, required=True)
    fixable_by = entry.choice("fixable-by", FixableBy, required=True)
    severity = entry.choice("severity", Severity, required=True)
    order = entry.whole("order", required=True)
    suppressed_by = _suppressed_by(entry, key.text, codes)
    reached_by = _reached_by(entry)
    minutes, retry = entry.whole("minutes"), entry.whole("retry")
    deadline = entry.whole("deadline")
    bypass, quote = entry.flag("bypass"), entry.flag("quote-values", default=True)
    reason = entry.text("peppol-reason") or "OTH"
    one_repair = entry.choice("one-repair", OneRepair)
    if not entry.valid or None in {error_class, disposition, owner, fixable_by, severity, order}:
        return None
    if error_class is None or disposition is None or owner is None:
        return None
    if fixable_by is None or severity is None or order is None:
        return None
    return ErrorType(
        code=key.text,
        texts=texts,
        error_class=error_class,
        disposition=disposition,
        owner=owner,
        fixable_by=fixable_by,
        severity=severity,
        order=order,
        suppressed_by=suppressed_by,
        deadline_days=deadline,
        retry=retry or 0,
        bypass=bypass,
        quote_values=quote,
        peppol_reason=reason,
        minutes=5 if minutes is None else minutes,
        reached_by=reached_by,
        one_repair=one_repair,
    )


def _texts(entry: Entry) -> Mapping[str, Texts]:
    titles = _languages(entry, "title")
    explanations = _languages(entry, "explain")
    fixes = _languages(entry, "fix", also=SOURCE_SYSTEMS)
    by_source: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    fix = entry.get("fix")
    for system in SOURCE_SYSTEMS:
        node = fix.get(system) if isinstance(fix, YamlMapping) else None
        if node is None:
            continue
        inner = Entry(
            node,
            entry.report,
            what=f"'fix: {system}' of {entry.what}",
            allowed=LANGUAGES,
            required=LANGUAGES,
        )
        for language in LANGUAGES:
            by_source[language][system] = inner.text(language, required=True) or ""
        entry.valid = entry.valid and inner.valid
    return {
        language: Texts(
            title=titles[language],
            explain=explanations[language],
            fix=fixes[language],
            fix_by_source=by_source[language],
        )
        for language in LANGUAGES
    }


def _languages(entry: Entry, key: str, also: tuple[str, ...] = ()) -> dict[str, str]:
    node = entry.get(key)
    empty = dict.fromkeys(LANGUAGES, "")
    if node is None:
        if key in entry:
            entry.fail("value-missing", entry.key_at(key), f"'{key}' of {entry.what} has no text")
        return empty
    if isinstance(node, YamlScalar):
        entry.fail(
            "not-a-mapping",
            node.at,
            f"'{key}' of {entry.what} needs a text in each language "
            f"({', '.join(LANGUAGES)}), not {kind_of(node)[:40]}",
        )
        return empty
    inner = Entry(
        node,
        entry.report,
        what=f"'{key}' of {entry.what}",
        allowed=(*LANGUAGES, *also),
        required=LANGUAGES,
    )
    found = {language: inner.text(language, required=True) or "" for language in LANGUAGES}
    entry.valid = entry.valid and inner.valid
    return found


def _suppressed_by(entry: Entry, code: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    nodes = entry.scalars("suppressed-by")
    for node in nodes:
        if node.text == code:
            entry.fail("cycle", node.at, f"'{code}' suppresses itself")
        elif node.text not in codes:
            entry.fail(
                "unknown-error-type",
                node.at,
                f"there is no error type '{node.text}'",
                did_you_mean(node.text, codes),
            )
    return tuple(node.text for node in nodes)


def _reached_by(entry: Entry) -> str:
    word = entry.text("reached-by") or "rule"
    if word not in REACHED_BY:
        entry.fail(
            "unknown-choice",
            entry.key_at("reached-by"),
            f"'{word}' is not one of {', '.join(REACHED_BY)}",
            did_you_mean(word, REACHED_BY),
        )
    return word


def _require_own_types(node: YamlMapping, file: RuleFile) -> None:
    for code in GIVEN_BY_THE_ROBOT:
        if node.get(code) is None:
            file.report.error(
                "error-type-missing", node.at, f"the robot itself gives '{code}'; describe it here"
            )


def _refuse_cycles(
    node: YamlMapping, suppressed_by: Mapping[str, tuple[str, ...]], file: RuleFile
) -> None:
    keys = {key.text: key for key, _ in node.entries}
    reported: set[str] = set()
    for code in suppressed_by:
        circle = _circle(code, suppressed_by)
        if circle and not reported & set(circle):
            reported.update(circle)
            file.report.error(
                "cycle",
                keys[code].at,
                f"error types suppress each other in a circle: {' -> '.join([*circle, code])}",
            )


def _circle(start: str, edges: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A path from a code back to itself, or nothing."""
    stack = [(start, [start])]
    seen: set[str] = set()
    while stack:
        code, path = stack.pop()
        for other in edges.get(code, ()):
            if other == start and len(path) > 1:
                return path
            if other not in seen and other != start:
                seen.add(other)
                stack.append((other, [*path, other]))
    return []


def suppressors(taxonomy: Taxonomy) -> Mapping[str, frozenset[str]]:
    """For each code every type that hides it, directly or through others."""
    closed: dict[str, frozenset[str]] = {}
    for kind in taxonomy:
        found: set[str] = set()
        todo = list(kind.suppressed_by)
        while todo:
            code = todo.pop()
            if code not in found:
                found.add(code)
                todo.extend(taxonomy[code].suppressed_by if code in taxonomy else ())
        closed[kind.code] = frozenset(found)
    return closed
