"""Why a document stands as it does: its findings in words, for clerks and for customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from robot.domain.decision import Decision, Finding
from robot.domain.notice import NoticeFinding
from robot.errors import TextError
from robot.flow.notify import finding_texts, item_about
from robot.flow.records import DocumentCore
from robot.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One error type with all places where it was met. `texts` is None where there are none."""

    code: str
    findings: tuple[Finding, ...]
    texts: NoticeFinding | None


def causes_of(visit: Visit, core: DocumentCore, decision: Decision) -> list[Cause]:
    """The findings of a decision by error type, in their order."""
    by_code: dict[str, list[Finding]] = {}
    for finding in decision.findings:
        by_code.setdefault(finding.code, []).append(finding)
    first = [found[0] for found in by_code.values()]
    texts = {it.code: it for it in texts_of(visit, core, decision, first)}
    return [
        Cause(code=code, findings=tuple(found), texts=texts.get(code))
        for code, found in by_code.items()
    ]


def texts_of(
    visit: Visit, core: DocumentCore, decision: Decision, findings: Sequence[Finding]
) -> tuple[NoticeFinding, ...]:
    """What findings mean and how they are put right, as the customer is told; none without texts.

    Args:
        visit: Whose language it is.
        core: The document.
        decision: The decision that they belong to.
        findings: Those that are wanted.
    """
    customer = visit.dashboard.customers().get(core.customer)
    if customer is None:
        return ()
    try:
        return finding_texts(
            item_about(core, customer, findings, decision.decided_on),
            taxonomy=visit.dashboard.rules.taxonomy,
            renderer=visit.dashboard.renderer,
            language=visit.language,
        )
    except TextError:
        return ()
