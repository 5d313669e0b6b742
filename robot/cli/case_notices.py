"""The mails that cases expect, rendered as the robot would render them."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from robot import bootstrap, settings
from robot.domain.calendar import COPENHAGEN
from robot.domain.fields import FieldValues
from robot.domain.money import Money
from robot.domain.notice import NoticeItem
from robot.errors import TextError
from robot.flow.notify import compose_digests
from robot.flow.ports import Renderer, WorkCalendar
from robot.rulebook.calendar import load_calendar
from robot.rulebook.cases import NoticeRequest

#: A case's document is the first of the year.
_CASE_NUMBER: Final = "SAM-{year}-000001"
_MORNING: Final = time(8)


class CaseNotices:
    """Renders the mail about one document; what it takes is read when the first is asked for.

    Args:
        rules_dir: Where the calendar lies, from which deadlines are counted.
    """

    def __init__(self, rules_dir: Path) -> None:
        self._calendar_file = rules_dir / "calendar.yaml"
        self._ready: tuple[Renderer, WorkCalendar] | None = None

    def render(self, request: NoticeRequest) -> str:
        """The mail, its subject first.

        Raises:
            RobotError: The mail can't be rendered, or there is nobody to send it to.
        """
        if self._ready is None:
            given = settings.load()
            self._ready = bootstrap.notice_renderer(given), load_calendar(self._calendar_file)
        renderer, calendar = self._ready
        today = request.decision.decided_on
        now = datetime.combine(today, _MORNING, COPENHAGEN)
        notices = compose_digests(
            [_item(request)],
            taxonomy=request.taxonomy,
            calendar=calendar,
            renderer=renderer,
            today=today,
            next_run=calendar.next_run(now),
            still_open={},
        )
        for problem in notices.problems:
            raise TextError(problem.message)
        mail = renderer.digest(notices.digests[0], message_id="<case@robot.example.test>")
        return f"{mail.subject}\n\n{mail.plain}"


def _item(request: NoticeRequest) -> NoticeItem:
    values, decision = request.values, request.decision
    total = values.get("invoice.total")
    return NoticeItem(
        customer=request.customer,
        case_number=_CASE_NUMBER.format(year=decision.decided_on.year),
        document_key="",
        number=_text(values, "invoice.number"),
        supplier=_text(values, "supplier.name"),
        kind=_text(values, "invoice.kind"),
        issue_date=_day(values, "invoice.issue_date"),
        due_date=_day(values, "invoice.due_date"),
        total=total.amount if isinstance(total, Money) else None,
        currency=total.currency if isinstance(total, Money) else "",
        confidential=values.get("document.confidential") is True,
        findings=decision.findings,
        decided_on=decision.decided_on,
    )


def _text(values: FieldValues, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _day(values: FieldValues, name: str) -> date | None:
    value = values.get(name)
    return value if isinstance(value, date) else None
