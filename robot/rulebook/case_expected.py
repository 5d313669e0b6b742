"""What a case expects: read from its `expect`, in the long and the short form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from robot.domain.decision import Outcome
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.names import Fields
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from robot.rulebook.problem import Report, did_you_mean, listed

#: `{bounce: [dimension-missing]}` says outcome and findings in one.
OUTCOMES: Final = tuple(outcome.value for outcome in Outcome)
EXPECT_KEYS: Final = (
    *("outcome", "findings", "not-findings", "notes", "posted_by", "unknown", "notice"),
    *OUTCOMES,
)
NOTICE_KEYS: Final = ("contains", "lacks", "text")
FINDING_KEYS: Final = ("code", "path", "seen", "expected", "rule")
#: In place of a list: none at all.
NONE_WORD: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedNotice:
    """What the mail to the customer must say; `text` is the whole of it, subject first."""

    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a case asks for; None where it does not say."""

    outcome: Outcome | None
    #: Each a mapping of `FINDING_KEYS` to what they must be.
    findings: tuple[Mapping[str, str], ...] | None
    not_findings: tuple[str, ...]
    notes: tuple[str, ...]
    #: Exactly the rules that let the document through, in any order.
    posted_by: tuple[str, ...] | None = None
    #: Exactly the fields that rules needed and that were not known, in any order.
    unknown: tuple[str, ...] | None = None
    notice: ExpectedNotice | None = None
    #: `notes: none`: nothing is noted at all.
    no_notes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectNames:
    """What an expectation may name."""

    codes: Collection[str]
    rules: Collection[str]
    fields: Fields


def read_expected(node: YamlNode | None, report: Report, names: ExpectNames) -> Expected | None:
    """Read an `expect`; None when there is none or it can't be read, with the problem reported.

    `post` alone stands for `{outcome: post, findings: none}`, any other outcome alone leaves the
    findings open; `{hold: [code]}` stands for `{outcome: hold, findings: [code]}`.
    """
    if node is None:
        return None
    if isinstance(node, YamlScalar):
        node = YamlMapping(((YamlScalar("outcome", node.at, True), node),), node.at)
    entry = Entry(node, report, what="'expect'", allowed=EXPECT_KEYS)
    reader = _ExpectReader(entry, names)
    outcome, findings = reader.outcome_and_findings()
    expected = Expected(
        outcome=outcome,
        findings=findings,
        not_findings=reader.known("not-findings", names.codes, "error type"),
        notes=reader.known("notes", names.codes, "error type"),
        posted_by=reader.known("posted_by", names.rules, "rule") if "posted_by" in entry else None,
        unknown=reader.unknown() if "unknown" in entry else None,
        notice=reader.notice(),
        no_notes=reader.says_none("notes"),
    )
    if not entry.values and entry.valid:
        entry.fail("empty-block", entry.at, "'expect' asks for nothing")
    return expected if entry.valid else None


class _ExpectReader:
    """Reads the keys of one `expect`."""

    def __init__(self, entry: Entry, names: ExpectNames) -> None:
        self._entry = entry
        self._names = names

    def outcome_and_findings(self) -> tuple[Outcome | None, tuple[Mapping[str, str], ...] | None]:
        entry = self._entry
        short = [word for word in OUTCOMES if word in entry]
        if len(short) > 1 or (short and ("outcome" in entry or "findings" in entry)):
            entry.fail(
                "two-outcomes",
                entry.key_at(short[-1]),
                f"'expect' gives the outcome twice: {listed(sorted(entry.values))}",
            )
            return None, None
        if short:
            return Outcome(short[0]), self._findings(short[0])
        outcome = entry.choice("outcome", Outcome, required=True)
        if "findings" in entry:
            return outcome, self._findings("findings")
        return outcome, () if outcome is Outcome.POST else None

    def known(self, key: str, known: Collection[str], what: str) -> tuple[str, ...]:
        nodes = self._scalars(key)
        for node in nodes:
            self._check(node, known, what)
        return tuple(node.text for node in nodes)

    def unknown(self) -> tuple[str, ...]:
        nodes = self._scalars("unknown")
        for node in nodes:
            name = node.text
            own = name.removeprefix("lines.")
            if self._names.fields.find(own, of_line=own != name) is None and name != "lines":
                fields = self._names.fields
                known = [*fields.document, *(f"lines.{key}" for key in fields.line)]
                self._entry.fail(
                    "unknown-field",
                    node.at,
                    f"'{name}' is not a field",
                    did_you_mean(name, known),
                )
        return tuple(node.text for node in nodes)

    def says_none(self, key: str) -> bool:
        node = self._entry.get(key)
        return node is not None and _none(node)

    def notice(self) -> ExpectedNotice | None:
        node = self._entry.get("notice")
        if node is None:
            return None
        if not isinstance(node, YamlMapping):
            return ExpectedNotice(contains=self._entry.texts("notice"))
        inner = Entry(node, self._entry.report, what="'notice'", allowed=NOTICE_KEYS)
        notice = ExpectedNotice(
            contains=inner.texts("contains"), lacks=inner.texts("lacks"), text=inner.text("text")
        )
        if not inner.values and inner.valid:
            inner.fail("empty-block", inner.at, "'notice' asks for nothing")
        self._entry.valid = self._entry.valid and inner.valid
        return notice

    def _findings(self, key: str) -> tuple[Mapping[str, str], ...]:
        node = self._entry.get(key)
        if node is None or _none(node):
            return ()
        items = node.items if isinstance(node, YamlSequence) else (node,)
        return tuple(self._finding(item) for item in items)

    def _finding(self, node: YamlNode) -> Mapping[str, str]:
        if isinstance(node, YamlScalar):
            self._check(node, self._names.codes, "error type")
            return {"code": node.text}
        entry = self._entry
        if not isinstance(node, YamlMapping):
            entry.fail(
                "not-a-finding",
                node.at,
                f"a finding is an error type, or a mapping with details, not {kind_of(node)}",
            )
            return {}
        inner = Entry(
            node, entry.report, what="a finding", allowed=FINDING_KEYS, required=("code",)
        )
        code = inner.get("code")
        if isinstance(code, YamlScalar):
            self._check(code, self._names.codes, "error type")
        finding = {key: inner.text(key) or "" for key in inner.values}
        entry.valid = entry.valid and inner.valid
        return finding

    def _scalars(self, key: str) -> list[YamlScalar]:
        node = self._entry.get(key)
        return [] if node is None or _none(node) else self._entry.scalars(key)

    def _check(self, node: YamlScalar, known: Collection[str], what: str) -> None:
        if node.text not in known:
            self._entry.fail(
                f"unknown-{what.replace(' ', '-')}",
                node.at,
                f"there is no {what} '{node.text}'",
                did_you_mean(node.text, known),
            )


def _none(node: YamlNode) -> bool:
    return isinstance(node, YamlScalar) and node.plain and node.text == NONE_WORD
