"""Reports of runs."""

# ruff: noqa: ANN401 - overrides take any field of the value that is built

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from robot.domain.report import ReportDocument, ReportFinding, ReportNotice, Result, RunReport
from robot.domain.taxonomy import FixableBy


def reported(code: str = "dimension-missing", **overrides: Any) -> ReportFinding:
    finding = ReportFinding(
        code=code,
        title="En dimension mangler",
        title_en="A dimension is missing",
        explain="På linje 2 mangler delregnskab, som skal være udfyldt.",
        fixable_by=FixableBy.CUSTOMER,
        path="lines[2].dimensions.delregnskab",
        seen="",
        expected="delregnskab",
        rule="standard:dimension-missing",
    )
    return replace(finding, **overrides)


UNKNOWN_CREDITOR = reported(
    "creditor-unknown",
    title="Ukendt kreditor",
    title_en="Unknown creditor",
    explain="Leverandøren findes ikke i Navision.",
    fixable_by=FixableBy.SAM_MASTERDATA,
    path="creditor.known",
    seen="nej",
    expected="",
    rule="standard:creditor-unknown",
)


def a_row(source_id: str = "SDI-1", **overrides: Any) -> ReportDocument:
    row = ReportDocument(
        source_id=source_id,
        version="ab12cd34ef56ab12",
        name=f"{source_id}.xml",
        customer="Eksempelstyrelsen",
        bogfoeringskreds="99001",
        supplier="Dansk Kontor A/S",
        number="F-1001",
        kind="invoice",
        due_date=date(2026, 12, 10),
        total=Decimal("12345.67"),
        currency="DKK",
        confidential=False,
        result=Result.POSTED,
        posted_by=("post-small-orders",),
        receipt="KF30001",
        ruleset="0123456789abcdef" * 4,
    )
    return replace(row, **overrides)


def bounced(source_id: str = "SDI-2", **overrides: Any) -> ReportDocument:
    values: dict[str, Any] = {
        "result": Result.BOUNCED,
        "findings": (reported(),),
        "posted_by": (),
        "receipt": None,
        "case_number": "SAM-2026-000123",
    }
    return a_row(source_id, **{**values, **overrides})


def held(source_id: str = "SDI-3", **overrides: Any) -> ReportDocument:
    values = {"result": Result.HELD, "findings": (UNKNOWN_CREDITOR,), "case_number": None}
    return bounced(source_id, **{**values, **overrides})


def unreadable(source_id: str = "SDI-4", **overrides: Any) -> ReportDocument:
    values: dict[str, Any] = {
        "result": Result.UNREADABLE,
        "findings": (),
        "case_number": None,
        "supplier": "",
        "number": "",
        "total": None,
        "currency": "",
        "due_date": None,
        "reason": "Filen slutter midt i et element (linje 14).",
    }
    return bounced(source_id, **{**values, **overrides})


def a_report(*documents: ReportDocument, **overrides: Any) -> RunReport:
    report = RunReport(
        run="7",
        slot="morning",
        day=date(2026, 11, 24),
        started_at=datetime(2026, 11, 24, 5, 30, tzinfo=UTC),
        finished_at=datetime(2026, 11, 24, 5, 30, 4, tzinfo=UTC),
        documents=documents,
        notices=(
            ReportNotice(
                customer="Eksempelstyrelsen",
                bogfoeringskreds="99001",
                recipients=("regnskab@example.test",),
                subject="[SAM-2026-000123] Faktura F-1001: En dimension mangler",
                documents=1,
            ),
        ),
        paths={"report": "var/demo/report.html", "result": "var/demo/result.json"},
    )
    return replace(report, **overrides)
