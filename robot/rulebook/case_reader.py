"""Reads case files; their form is described in robot.rulebook.cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from robot.rulebook.case_expected import Expected, ExpectNames, read_expected
from robot.rulebook.case_table import Row, read_table
from robot.rulebook.case_values import Change, ValueReader
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.loader import LoadedRules
from robot.rulebook.names import Fields
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, read_yaml
from robot.rulebook.problem import Position, Problem, Report, did_you_mean, in_order
from robot.rulebook.source import RuleFile, RuleFiles

FILE_KEYS: Final = ("today", "customer", "documents", "cases")
CASE_KEYS: Final = (
    *("case", "customer", "document", "change", "facts", "today", "expect"),
    "table",
)
XML: Final = ".xml"
_BASE_KEY: Final = "like"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseDocument:
    """A named document, perhaps made from another."""

    name: str
    like: str | None
    values: tuple[Change, ...]
    at: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as read."""

    text: str
    customer: str
    document: str
    changes: tuple[Change, ...]
    today: date
    expected: Expected
    file: RuleFile
    at: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBook:
    """All cases of a rule directory and the base documents that they share."""

    cases: tuple[Case, ...]
    documents: Mapping[str, BaseDocument]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Defaults:
    """What counts for the cases of a file, or the rows of a table, that do not say."""

    today: date | None
    customer: str | None
    document: str | None = None


@dataclass(slots=True, kw_only=True)
class _Reading:
    """The case files while they are read."""

    fields: Fields
    names: ExpectNames
    documents: dict[str, BaseDocument] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)


def read_cases(files: RuleFiles, loaded: LoadedRules) -> CaseBook:
    """Read every case file of a rule directory."""
    names = ExpectNames(
        codes=loaded.taxonomy.codes(), rules=_rule_ids(loaded), fields=loaded.fields
    )
    reading = _Reading(fields=loaded.fields, names=names)
    case_files = [file for file in files.under("cases") if file.name.endswith(".yaml")]
    entries: list[tuple[RuleFile, Entry]] = []
    for file in case_files:
        node = read_yaml(file)
        if node is None:
            continue
        entry = Entry(node, file.report, what="a case file", allowed=FILE_KEYS)
        entries.append((file, entry))
        _read_documents(entry, file.report, reading)
    for document in reading.documents.values():
        _check_base(document, reading, _report_of(document.at, case_files))
    for file, entry in entries:
        defaults = _Defaults(today=entry.date("today"), customer=entry.text("customer"))
        for node in entry.items("cases"):
            reading.cases.extend(_read_case(node, file, reading, defaults))
    problems = [problem for file in case_files for problem in file.report.problems]
    return CaseBook(
        cases=tuple(reading.cases), documents=reading.documents, problems=in_order(problems)
    )


def _rule_ids(loaded: LoadedRules) -> tuple[str, ...]:
    standard = loaded.standard.every_rule if loaded.standard is not None else ()
    own = (rule for customer in loaded.customers.values() for rule in customer.every_rule)
    return tuple(dict.fromkeys(rule.id for rule in (*standard, *own)))


def _read_documents(entry: Entry, report: Report, reading: _Reading) -> None:
    node = entry.get("documents")
    if node is None:
        return
    if not isinstance(node, YamlMapping):
        entry.fail("not-a-mapping", node.at, f"'documents' names documents, not {kind_of(node)}")
        return
    for key, value in node.entries:
        if key.text in reading.documents:
            entry.fail(
                "duplicate-document",
                key.at,
                f"there is a document '{key.text}' at {reading.documents[key.text].at}",
            )
            continue
        reading.documents[key.text] = _read_document(key, value, report, reading.fields)


def _read_document(
    key: YamlScalar, node: YamlNode, report: Report, fields: Fields
) -> BaseDocument:
    like: str | None = None
    if isinstance(node, YamlMapping):
        base = node.get(_BASE_KEY)
        like = base.text if isinstance(base, YamlScalar) else None
        entries = tuple(pair for pair in node.entries if pair[0].text != _BASE_KEY)
        node = YamlMapping(entries, node.at)
    values = ValueReader(fields, report).changes(node, f"document '{key.text}'")
    return BaseDocument(name=key.text, like=like, values=values, at=key.at)


def _report_of(at: Position, files: list[RuleFile]) -> Report:
    return next(file.report for file in files if file.path == at.path)


def _check_base(document: BaseDocument, reading: _Reading, report: Report) -> None:
    seen = [document.name]
    current = document
    while current.like is not None:
        if current.like not in reading.documents:
            report.error(
                "unknown-document",
                current.at,
                f"there is no document '{current.like}'",
                did_you_mean(current.like, reading.documents),
            )
            reading.documents[current.name] = BaseDocument(
                name=current.name, like=None, values=current.values, at=current.at
            )
            return
        if current.like in seen:
            circle = " -> ".join([*seen, current.like])
            report.error("cycle", document.at, f"documents are made from each other: {circle}")
            reading.documents[current.name] = BaseDocument(
                name=current.name, like=None, values=current.values, at=current.at
            )
            return
        seen.append(current.like)
        current = reading.documents[current.like]


def _read_case(
    node: YamlNode, file: RuleFile, reading: _Reading, defaults: _Defaults
) -> list[Case]:
    report = file.report
    entry = Entry(node, report, what="a case", allowed=CASE_KEYS, required=("case",))
    text = entry.text("case", required=True)
    values = ValueReader(reading.fields, report)
    changes = values.changes(entry.get("change"), "'change'")
    changes += values.changes(entry.get("facts"), "'facts'")
    own = _own(entry, reading, defaults)
    table = entry.get("table")
    expect = entry.get("expect")
    if table is None and "expect" not in entry and entry.valid:
        entry.fail("key-missing", entry.at, "a case needs 'expect'")
    whole = _Parts(text=text or "", changes=changes, own=own, expect=expect, at=entry.at)
    if table is None:
        made = _made(whole, entry, file, reading)
        return [] if made is None else [made]
    rows = (_of_row(row, whole, reading, report) for row in read_table(table, values, report))
    cases = (_made(row, entry, file, reading) for row in rows)
    return [case for case in cases if case is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """A case, or a row of a table, taken apart."""

    text: str
    changes: tuple[Change, ...]
    own: _Defaults
    expect: YamlNode | None
    at: Position


def _own(entry: Entry, reading: _Reading, defaults: _Defaults) -> _Defaults:
    return _Defaults(
        today=entry.date("today") or defaults.today,
        customer=entry.text("customer") or defaults.customer,
        document=_document_name(entry, reading) or defaults.document,
    )


def _of_row(row: Row, table: _Parts, reading: _Reading, report: Report) -> _Parts:
    entry = Entry(
        YamlMapping(row.own, row.at),
        report,
        what="a row",
        allowed=[key.text for key, _ in row.own],
    )
    changes = ValueReader(reading.fields, report).changes(row.changes, "a row")
    return _Parts(
        text=f"{table.text.rstrip('.:')}: {row.name}",
        changes=(*table.changes, *changes),
        own=_own(entry, reading, table.own),
        expect=_laid_over(table.expect, row.expect),
        at=row.at,
    )


def _laid_over(base: YamlNode | None, row: YamlMapping) -> YamlNode | None:
    """What a row expects over what its table expects."""
    if not row.entries:
        return base
    if isinstance(base, YamlScalar):
        base = YamlMapping(((YamlScalar("outcome", base.at, plain=True), base),), base.at)
    if not isinstance(base, YamlMapping):
        return row
    said = {key.text for key, _ in row.entries}
    kept = (pair for pair in base.entries if pair[0].text not in said)
    return YamlMapping((*kept, *row.entries), row.at)


def _made(parts: _Parts, entry: Entry, file: RuleFile, reading: _Reading) -> Case | None:
    own = parts.own
    needed = {
        "document": own.document,
        "today": own.today,
        "customer": own.customer,
        "expect": parts.expect,
    }
    for key, value in needed.items():
        if value is None and key not in entry and entry.valid:
            where = "here or once for the file" if key in FILE_KEYS else "here"
            entry.fail("key-missing", parts.at, f"a case needs '{key}', {where}")
    expected = read_expected(parts.expect, file.report, reading.names)
    if not entry.valid or expected is None:
        return None
    if own.document is None or own.today is None or own.customer is None:
        return None
    return Case(
        text=parts.text,
        customer=own.customer,
        document=own.document,
        changes=parts.changes,
        today=own.today,
        expected=expected,
        file=file,
        at=parts.at,
    )


def _document_name(entry: Entry, reading: _Reading) -> str | None:
    name = entry.text("document")
    if name is None or name.endswith(XML) or name in reading.documents:
        return name
    entry.fail(
        "unknown-document",
        entry.values["document"].at,
        f"there is no document '{name}' under 'documents' of any case file",
        did_you_mean(name, reading.documents),
    )
    return None
