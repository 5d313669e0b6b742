"""The authorities' own rules (Schematron compiled to XSLT), when the operator supplies them.

Optional: nothing is shipped, fetched or installed for it. The operator puts the XSLT files of
OIOUBL, EN 16931 or Peppol into a folder and installs the extra `xslt`. Each document is checked
in a child process that is killed at the time limit, because the rule scripts get slower than
linear with the number of lines and some abort on input that they don't expect. The child never
sees a supplier's bytes: Saxon's own parser resolves entities and fetches DTDs, so it is given
what our parser made of them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from lxml import etree

from robot.documents.elements import Element, local_name
from robot.documents.envelope import unwrap
from robot.documents.limits import LIMITS, Limits
from robot.documents.parsing import parse
from robot.documents.refusal import RefusalError
from robot.domain.invoice import Format, Kind

#: Seconds after which a child is killed; 1,600 lines take 4 (OIOUBL) to 10 seconds (EN 16931).
MAX_SECONDS: Final = 30.0
#: Exit code of the child when saxonche is not installed.
NOT_INSTALLED: Final = 3
_CHILD: Final = (sys.executable, "-m", "robot.documents.official_rules_child")
_FINDINGS: Final = frozenset({"failed-assert", "Error"})
_WARNINGS: Final = frozenset({"warning", "information", "info"})
_LAST_WORDS: Final = 300


class Verdict(StrEnum):
    """What the official rules say; `not-validated` is neither good nor bad news."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_VALIDATED = "not-validated"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialFinding:
    """One rule that a document breaks: the rule's own text, and where (an XPath)."""

    text: str
    location: str | None
    fatal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The verdict of all rule files that apply; `reason` says why there is none."""

    verdict: Verdict
    findings: tuple[OfficialFinding, ...] = ()
    reason: str | None = None


class OfficialRules:
    """Runs the operator's XSLT files on documents, one child process a rule file.

    Args:
        folder: Rule files as `FORMAT/*.xsl*` for both kinds of document and
            `FORMAT/KIND/*.xsl*` for one, for instance `oioubl-2/invoice/` and `en-16931/`.
        seconds: Time limit of one child.
        child: The command that reads the XML document on standard input, is given the rule
            file as its last argument, and writes the report on standard output.
    """

    def __init__(
        self, folder: Path, *, seconds: float = MAX_SECONDS, child: Sequence[str] = _CHILD
    ) -> None:
        self._folder = folder
        self._seconds = seconds
        self._child = tuple(child)

    def files_for(self, document_format: Format, kind: Kind) -> tuple[Path, ...]:
        """The rule files that apply to a document, in the order of their names."""
        folder = self._folder / document_format.value
        return tuple(sorted([*folder.glob("*.xsl*"), *(folder / kind.value).glob("*.xsl*")]))

    def validate(
        self, content: bytes, document_format: Format, kind: Kind, limits: Limits = LIMITS
    ) -> Validation:
        """Check one document; whatever goes wrong is a verdict, never an exception."""
        files = self.files_for(document_format, kind)
        if not files:
            where = self._folder / document_format.value
            return _not_validated(f"there are no rule files for {kind.value} in {where}")
        try:
            # The invoice alone: rules that are run on an envelope report nothing.
            document = etree.tostring(unwrap(parse(content, limits), limits))
        except RefusalError as refusal:
            return _not_validated(refusal.reason)
        findings: list[OfficialFinding] = []
        for file in files:
            outcome = self._run(file, document)
            if isinstance(outcome, str):
                return _not_validated(outcome)
            findings += outcome
        failed = any(finding.fatal for finding in findings)
        verdict = Verdict.FAILED if failed else Verdict.PASSED
        return Validation(verdict=verdict, findings=tuple(findings))

    def _run(self, file: Path, document: bytes) -> list[OfficialFinding] | str:
        """The findings of one rule file, or why there are none."""
        try:
            done = subprocess.run(  # noqa: S603 - our own child, the operator's file, no shell
                [*self._child, str(file)],
                input=document,
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"{file.name} took more than {self._seconds:g} seconds and was stopped"
        except OSError as error:
            return f"the child process can't be started: {error.strerror}"
        if done.returncode == NOT_INSTALLED:
            return "saxonche is not installed; install invoice-robot[xslt] to use official rules"
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip()[-_LAST_WORDS:]
            return f"{file.name} could not run on this document: {words or 'no reason given'}"
        try:
            return _findings(parse(done.stdout, LIMITS))
        except RefusalError as refusal:
            return f"the report of {file.name} can't be read: {refusal.reason}"


def _not_validated(reason: str) -> Validation:
    return Validation(verdict=Verdict.NOT_VALIDATED, reason=reason)


def _findings(report: Element) -> list[OfficialFinding]:
    """The findings of a report: SVRL, or the form of the OIOUBL rules (Error elements)."""
    return [
        OfficialFinding(
            text=_words(element, "text", "Description"),
            location=element.get("location") or _words(element, "Xpath") or None,
            fatal=(element.get("flag") or element.get("role") or "").lower() not in _WARNINGS,
        )
        for element in report.iter()
        if local_name(element) in _FINDINGS
    ]


def _words(element: Element, *names: str) -> str:
    """The text of children by local name, also inside their own markup, on one line."""
    parts = [child for child in element if local_name(child) in names]
    texts = [str(text) for part in parts for text in part.itertext()]
    return " ".join(" ".join(texts).split())
