"""Reads case files; their form is described in robot.rulebook.cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from robot.domain.decision import Outcome
from robot.rulebook.case_values import Change, ValueReader
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.loader import LoadedRules
from robot.rulebook.names import Fields
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, read_yaml
from robot.rulebook.problem import Position, Problem, Report, did_you_mean, in_order
from robot.rulebook.source import RuleFile, RuleFiles

FILE_KEYS: Final = ("today", "customer", "documents", "cases")
CASE_KEYS: Final = ("case", "customer", "document", "change", "facts", "today", "expect")
EXPECT_KEYS: Final = ("outcome", "findings", "not-findings", "notes")
FINDING_KEYS: Final = ("code", "path", "seen", "expected", "rule")
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
class Expected:
    """What a case asks for; None where it does not say."""

    outcome: Outcome | None
    #: Each a mapping of `FINDING_KEYS` to what they must be.
    findings: tuple[Mapping[str, str], ...] | None
    not_findings: tuple[str, ...]
    notes: tuple[str, ...]


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


@dataclass(slots=True, kw_only=True)
class _Reading:
    """The case files while they are read."""

    fields: Fields
    codes: tuple[str, ...]
    documents: dict[str, BaseDocument] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)


def read_cases(files: RuleFiles, loaded: LoadedRules) -> CaseBook:
    """Read every case file of a rule directory."""
    taxonomy = loaded.taxonomy
    reading = _Reading(fields=loaded.fields, codes=taxonomy.codes())
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
        today, customer = entry.date("today"), entry.text("customer")
        for node in entry.items("cases"):
            case = _read_case(node, file, reading, (today, customer))
            if case is not None:
                reading.cases.append(case)
    problems = [problem for file in case_files for problem in file.report.problems]
    return CaseBook(
        cases=tuple(reading.cases), documents=reading.documents, problems=in_order(problems)
    )


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
            report.error("cycle", current.at, f"documents are made from each other: {circle}")
            reading.documents[current.name] = BaseDocument(
                name=current.name, like=None, values=current.values, at=current.at
            )
            return
        seen.append(current.like)
        current = reading.documents[current.like]


def _read_case(
    node: YamlNode,
    file: RuleFile,
    reading: _Reading,
    defaults: tuple[date | None, str | None],
) -> Case | None:
    report = file.report
    entry = Entry(
        node,
        report,
        what="a case",
        allowed=CASE_KEYS,
        required=("case", "document", "expect"),
    )
    text = entry.text("case", required=True)
    document = _document_name(entry, reading)
    values = ValueReader(reading.fields, report)
    changes = values.changes(entry.get("change"), "'change'")
    changes += values.changes(entry.get("facts"), "'facts'")
    expected = _read_expected(entry.get("expect"), report, reading.codes)
    today = entry.date("today") or defaults[0]
    customer = entry.text("customer") or defaults[1]
    for key, value in (("today", today), ("customer", customer)):
        if value is None and entry.valid:
            entry.fail("key-missing", entry.at, f"a case needs '{key}', here or once for the file")
    if not entry.valid or text is None or document is None or expected is None:
        return None
    if today is None or customer is None:
        return None
    return Case(
        text=text,
        customer=customer,
        document=document,
        changes=changes,
        today=today,
        expected=expected,
        file=file,
        at=entry.at,
    )


def _document_name(entry: Entry, reading: _Reading) -> str | None:
    name = entry.text("document", required=True)
    if name is None or name.endswith(XML) or name in reading.documents:
        return name
    entry.fail(
        "unknown-document",
        entry.values["document"].at,
        f"there is no document '{name}' under 'documents' of any case file",
        did_you_mean(name, reading.documents),
    )
    return None


def _read_expected(
    node: YamlNode | None, report: Report, codes: tuple[str, ...]
) -> Expected | None:
    if node is None:
        return None
    entry = Entry(node, report, what="'expect'", allowed=EXPECT_KEYS)
    outcome = entry.choice("outcome", Outcome, required=True)
    findings = [_read_finding(item, entry, codes) for item in entry.items("findings")]
    not_findings = _codes(entry, "not-findings", codes)
    if not entry.values:
        entry.fail("empty-block", entry.at, "'expect' asks for nothing")
    if not entry.valid:
        return None
    return Expected(
        outcome=outcome,
        findings=tuple(findings) if "findings" in entry else None,
        not_findings=not_findings,
        notes=tuple(node.text for node in entry.scalars("notes")),
    )


def _read_finding(node: YamlNode, entry: Entry, codes: tuple[str, ...]) -> Mapping[str, str]:
    if isinstance(node, YamlScalar):
        _check_code(node, entry, codes)
        return {"code": node.text}
    inner = Entry(node, entry.report, what="a finding", allowed=FINDING_KEYS, required=("code",))
    code = inner.get("code")
    if isinstance(code, YamlScalar):
        _check_code(code, entry, codes)
    entry.valid = entry.valid and inner.valid
    return {key: inner.text(key) or "" for key in inner.values}


def _codes(entry: Entry, key: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    nodes = entry.scalars(key)
    for node in nodes:
        _check_code(node, entry, codes)
    return tuple(node.text for node in nodes)


def _check_code(node: YamlScalar, entry: Entry, codes: tuple[str, ...]) -> None:
    if node.text not in codes:
        entry.fail(
            "unknown-error-type",
            node.at,
            f"there is no error type '{node.text}'",
            did_you_mean(node.text, codes),
        )
