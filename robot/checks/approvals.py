"""Who approved: two steps by two persons, in order, within limits, and on the mandate list.

Registration and payment need different persons for every transaction (BEK 116/2018 §§ 24, 28).
The source holds limits; the robot checks them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from robot.checks.invoice import KRONER, total_in_kroner
from robot.checks.values import Values, money
from robot.domain.customer import Customer, Mandate
from robot.domain.document import Approval, Step
from robot.domain.facts import Facts
from robot.domain.fields import UNKNOWN, Scalar, Unknown
from robot.domain.invoice import Invoice

_DANISH_TIME: Final = ZoneInfo("Europe/Copenhagen")
_NAMES: Final = (
    "approval.present",
    "approval.first",
    "approval.second",
    "approval.complete",
    "approval.order_right",
    "approval.same_person",
    "approval.within_limit",
    "approval.mandated",
    "approval.requester",
    "approval.approver",
    "approval.limit",
    "approval.date",
)
_UNKNOWN: Final[Values] = dict.fromkeys(_NAMES, UNKNOWN)


def _latest(approvals: Sequence[Approval], step: Step) -> Approval | None:
    latest = None
    for approval in approvals:
        if approval.step is step and (latest is None or approval.at >= latest.at):
            latest = approval
    return latest


@lru_cache(maxsize=1024)
def _danish_day(stamp: datetime) -> date:
    return stamp.astimezone(_DANISH_TIME).date()


def _person(approval: Approval) -> str:
    return approval.by.strip().casefold()


def _mandates(customer: Customer | None, approval: Approval, day: date) -> list[Mandate]:
    person = _person(approval)
    return [
        mandate
        for mandate in (customer.mandates_on(day) if customer is not None else ())
        if mandate.person.strip().casefold() == person
    ]


def _limit(approval: Approval, mandates: Sequence[Mandate]) -> Decimal | None:
    """The lower of the source's limit and the mandate's; the best of several mandates counts."""
    limits = [] if approval.limit is None else [approval.limit]
    of_mandates = [mandate.limit for mandate in mandates]
    if of_mandates and None not in of_mandates:
        limits.append(max(limit for limit in of_mandates if limit is not None))
    return min(limits, default=None)


def _within(limit: Decimal | None, amount: Decimal | Unknown) -> Scalar:
    if limit is None:
        return True
    return UNKNOWN if isinstance(amount, Unknown) else abs(amount) <= limit


def _second(
    invoice: Invoice, facts: Facts, customer: Customer | None, second: Approval | None
) -> Values:
    if second is None:
        return {
            "approval.within_limit": True,
            "approval.mandated": True,
            "approval.approver": None,
            "approval.limit": None,
        }
    day = _danish_day(second.at)
    mandates = _mandates(customer, second, day)
    limit = _limit(second, mandates)
    return {
        "approval.within_limit": _within(limit, total_in_kroner(invoice, facts.rate_to_dkk)),
        "approval.mandated": bool(mandates) or customer is None or not customer.mandates,
        "approval.approver": second.by,
        "approval.limit": money(limit, KRONER),
    }


def approval_values(
    invoice: Invoice,
    approvals: Sequence[Approval] | None,
    facts: Facts,
    customer: Customer | None,
) -> Values:
    """Fields `approval.*`; UNKNOWN when the source does not say who approved.

    Of several rounds the last approval of each step counts. Without a second approval there is no
    limit and no mandate to check: that it is missing is a field of its own.
    """
    if approvals is None:
        return _UNKNOWN
    first = _latest(approvals, Step.FIRST_APPROVAL)
    second = _latest(approvals, Step.SECOND_APPROVAL)
    both = first is not None and second is not None
    stamps = [approval.at for approval in (first, second) if approval is not None]
    return {
        "approval.present": bool(stamps),
        "approval.first": first is not None,
        "approval.second": second is not None,
        "approval.complete": both,
        "approval.order_right": first is None or second is None or first.at <= second.at,
        "approval.same_person": first is not None
        and second is not None
        and _person(first) == _person(second),
        "approval.requester": first.by if first is not None else None,
        "approval.date": _danish_day(max(stamps)) if stamps else None,
        **_second(invoice, facts, customer, second),
    }
