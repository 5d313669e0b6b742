"""Whether a posting date is taken: User Setup (91), General Ledger Setup (98), periods (50)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.schema.setup import (
    ACCOUNTING_PERIOD,
    GENERAL_LEDGER_SETUP,
    USER_SETUP,
)
from robot.adapters.navision.schema.sqltypes import as_code
from robot.domain.facts import Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An accounting period; it lasts until the next one begins."""

    start: date
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingCalendar:
    """When the posting user may post. `periods` are in order of their start."""

    allowed_from: date | None
    allowed_to: date | None
    periods: Sequence[Period]
    local_currency: str

    def posting(self, day: date) -> Posting:
        """What the ERP says to a posting date."""
        period = self.period(day)
        return Posting(
            allowed_from=self.allowed_from,
            allowed_to=self.allowed_to,
            period_exists=period is not None,
            year_closed=period is not None and period.closed,
            next_open=self._next_open(day),
        )

    def allows(self, day: date) -> bool:
        """Whether the day is within the posting user's range (NAV codeunit 11)."""
        return (self.allowed_from is None or day >= self.allowed_from) and (
            self.allowed_to is None or day <= self.allowed_to
        )

    def period(self, day: date) -> Period | None:
        """The period of a day. The last row only says where the year before it ends."""
        index = bisect_right(self.periods, day, key=lambda period: period.start)
        return self.periods[index - 1] if 0 < index < len(self.periods) else None

    def _next_open(self, day: date) -> date | None:
        first = max(day, self.allowed_from or day)
        if self.period(first) is None:
            later = [period.start for period in self.periods[:-1] if period.start > first]
            if not later:
                return None
            first = later[0]
        return first if self.allows(first) else None


def read_calendar(
    connection: Connection, tables: CompanyTables, posting_user: str
) -> PostingCalendar:
    """The range of the posting user, who has his own when either end of it is filled."""
    user, setup, periods = (
        tables.read(USER_SETUP),
        tables.read(GENERAL_LEDGER_SETUP),
        tables.read(ACCOUNTING_PERIOD),
    )
    wanted = as_code(posting_user)
    statement = select(
        user.c["User ID"], user.c["Allow Posting From"], user.c["Allow Posting To"]
    ).where(user.c["User ID"] == wanted)
    # A collation may take two names for one (in Danish, aa for å): the name itself decides.
    own = next(
        ((first, last) for name, first, last in connection.execute(statement) if name == wanted),
        None,
    )
    common = connection.execute(
        select(setup.c["Allow Posting From"], setup.c["Allow Posting To"], setup.c["LCY Code"])
    ).one_or_none()
    allowed = own if own is not None and any(own) else common
    rows = connection.execute(
        select(periods.c["Starting Date"], periods.c["Closed"]).order_by(
            periods.c["Starting Date"]
        )
    )
    return PostingCalendar(
        allowed_from=allowed[0] if allowed else None,
        allowed_to=allowed[1] if allowed else None,
        periods=[Period(start=start, closed=closed) for start, closed in rows],
        local_currency=(common[2] if common else "") or "DKK",
    )
