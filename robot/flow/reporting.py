"""From what the store has to what people read about a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from robot.domain.calendar import COPENHAGEN
from robot.domain.customer import Customer
from robot.domain.decision import Decision, Finding, Outcome
from robot.domain.notice import NoticeFinding
from robot.domain.report import ReportDocument, ReportFinding, ReportNotice, Result, RunReport
from robot.domain.state import EffectStatus, State
from robot.domain.taxonomy import FixableBy, Taxonomy
from robot.flow.context import Ports
from robot.flow.notify import item_about
from robot.flow.records import DocumentCore, DocumentFilter, DocumentRow
from robot.flow.run import Preview
from robot.flow.summary import RunSummary

NOBODY = Customer(name="", bogfoeringskreds="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Words a run's documents in the centre's own language."""

    ports: Ports

    def of_run(
        self, summary: RunSummary, started_at: datetime, paths: Mapping[str, str]
    ) -> RunReport:
        """The report of a finished run."""
        rows = self.ports.store.documents.listing(DocumentFilter(run=summary.run))
        return RunReport(
            run=str(summary.run),
            slot=summary.slot,
            day=started_at.astimezone(COPENHAGEN).date(),
            started_at=started_at,
            finished_at=self.ports.clock.now(),
            documents=tuple(
                self._document(row) for row in rows if row.state is not State.SUPERSEDED
            ),
            notices=tuple(self._notices(started_at)),
            problems=summary.problems,
            paths=paths,
        )

    def of_preview(
        self, previews: Iterable[Preview], slot: str, started_at: datetime
    ) -> RunReport:
        """The report of a run that only shows what it would do."""
        return RunReport(
            run="-",
            slot=slot,
            day=started_at.astimezone(COPENHAGEN).date(),
            started_at=started_at,
            finished_at=self.ports.clock.now(),
            documents=tuple(self._previewed(preview) for preview in previews),
            dry_run=True,
        )

    def finding(self, finding: Finding, core: DocumentCore) -> ReportFinding:
        """One finding with its texts in Danish, its title in English as well."""
        taxonomy: Taxonomy = self.ports.taxonomy
        if finding.code not in taxonomy:
            return ReportFinding(
                code=finding.code,
                title=finding.code,
                title_en=finding.code,
                explain=finding.seen,
                fixable_by=FixableBy.SYSTEM_OWNER,
                path=finding.path,
                seen=finding.seen,
                expected=finding.expected,
                rule=finding.rule,
            )
        danish, english = (self._texts(finding, core, language) for language in ("da", "en"))
        return ReportFinding(
            code=finding.code,
            title=danish.title,
            title_en=english.title,
            explain=danish.explain,
            fixable_by=taxonomy[finding.code].fixable_by,
            path=finding.path,
            seen=finding.seen,
            expected=finding.expected,
            rule=finding.rule,
        )

    def customer(self, core: DocumentCore) -> Customer:
        """Whose document it is; a nameless customer when nobody knows."""
        try:
            return self.ports.rulebook.for_customer(core.customer).customer
        except KeyError:
            return NOBODY

    def _texts(self, finding: Finding, core: DocumentCore, language: str) -> NoticeFinding:
        item = item_about(core, self.customer(core), [finding], self.ports.today())
        kind = self.ports.taxonomy[finding.code]
        return self.ports.renderer.finding(kind, finding, item, language)

    def _document(self, row: DocumentRow) -> ReportDocument:
        decisions = self.ports.store.documents.decisions(row.id)
        decision = decisions[-1].decision if decisions else None
        return self._reported(row.core, decision, row.state, row)

    def _previewed(self, preview: Preview) -> ReportDocument:
        return self._reported(preview.core, preview.decision, preview.state, None)

    def _reported(
        self,
        core: DocumentCore,
        decision: Decision | None,
        state: State,
        row: DocumentRow | None,
    ) -> ReportDocument:
        findings = decision.findings if decision else ()
        posted = state is State.POSTED
        return ReportDocument(
            source_id=core.source_id,
            version=core.version,
            name=core.name,
            customer=self.customer(core).name,
            bogfoeringskreds=core.customer,
            supplier=core.supplier,
            number=core.number,
            kind=core.kind,
            due_date=core.due_date,
            total=core.total,
            currency=core.currency,
            confidential=core.confidential,
            result=Result.of(state) if row else _result_of_preview(state, decision),
            findings=() if posted else tuple(self.finding(f, core) for f in findings),
            notes=tuple(self.finding(note, core) for note in decision.notes) if decision else (),
            posted_by=decision.posted_by if decision else (),
            receipt=row.receipt if row else None,
            case_number=row.case_number if row else None,
            ruleset=decision.ruleset if decision else "",
        )

    def _notices(self, since: datetime) -> Iterable[ReportNotice]:
        for row in self.ports.store.mails.all():
            if row.status is EffectStatus.DONE and row.sent_at and row.sent_at >= since:
                yield ReportNotice(
                    customer=self._name(row.customer),
                    bogfoeringskreds=row.customer,
                    recipients=row.mail.recipients,
                    subject=row.mail.subject,
                    documents=row.notices,
                )

    def _name(self, bogfoeringskreds: str) -> str:
        try:
            return self.ports.rulebook.for_customer(bogfoeringskreds).customer.name
        except KeyError:
            return bogfoeringskreds


def _result_of_preview(state: State, decision: Decision | None) -> Result:
    """A dry run does nothing, so it shows where the decision would lead."""
    if state is State.DECIDED and decision is not None:
        return Result.POSTED if decision.outcome is Outcome.POST else Result.BOUNCED
    return Result.of(state)
