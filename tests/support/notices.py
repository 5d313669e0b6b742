"""Bounced documents, digests and the renderer with the project's own texts."""

# ruff: noqa: ANN401 - overrides take any field of the value that is built

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from robot.adapters.mail.render import DigestRenderer, Letterhead
from robot.domain.calendar import COPENHAGEN, Calendar
from robot.domain.customer import Customer, Mailbox
from robot.domain.decision import Finding
from robot.domain.notice import Digest, NoticeItem
from robot.domain.taxonomy import Taxonomy
from robot.flow.notify import Notices, compose_digests
from robot.rulebook.calendar import load_calendar
from robot.rulebook.taxonomy import load_taxonomy

PROJECT = Path(__file__).parents[2]
TEMPLATES = PROJECT / "config" / "mail"
#: The small world's day, a Tuesday, and its next run.
TODAY = date(2026, 11, 24)
NEXT_RUN = datetime(2026, 11, 24, 12, 30, tzinfo=COPENHAGEN)
MESSAGE_ID = "<notice-99001-1@robot.example.test>"
LETTERHEAD = Letterhead(
    sender="robot@example.test",
    sender_name="SAMs fakturarobot",
    centre="SAM",
    contact_mail="kundebetjening@example.test",
    contact_phone="70 00 00 00",
    instance="test",
)


@cache
def real_taxonomy() -> Taxonomy:
    taxonomy, problems = load_taxonomy(PROJECT / "rules" / "error_types.yaml")
    assert not problems
    return taxonomy


@cache
def real_calendar() -> Calendar:
    return load_calendar(PROJECT / "rules" / "calendar.yaml")


@cache
def renderer(templates: Path = TEMPLATES) -> DigestRenderer:
    return DigestRenderer(templates, LETTERHEAD)


def told_customer(**overrides: Any) -> Customer:
    customer = Customer(
        name="Eksempelstyrelsen",
        bogfoeringskreds="99001",
        mailboxes=(Mailbox(address="regnskab@example.test"),),
    )
    return replace(customer, **overrides)


def found(code: str = "dimension-missing", **overrides: Any) -> Finding:
    finding = Finding(
        code=code,
        path="lines[2].dimensions.delregnskab",
        seen="",
        expected="delregnskab",
        rule="standard:dimension-missing",
    )
    return replace(finding, **overrides)


def an_item(number: str = "F-1001", **overrides: Any) -> NoticeItem:
    item = NoticeItem(
        customer=told_customer(),
        case_number=f"SAM-2026-{sum(map(ord, number)):06}",
        document_key=f"key-{number}",
        number=number,
        supplier="Dansk Kontor A/S",
        kind="invoice",
        issue_date=date(2026, 11, 10),
        due_date=date(2026, 12, 10),
        total=Decimal("12345.67"),
        currency="DKK",
        confidential=False,
        findings=(found(),),
        decided_on=TODAY,
    )
    return replace(item, **overrides)


def composed(*items: NoticeItem, **overrides: Any) -> Notices:
    values: dict[str, Any] = {
        "taxonomy": real_taxonomy(),
        "calendar": real_calendar(),
        "renderer": renderer(),
        "today": TODAY,
        "next_run": NEXT_RUN,
        "still_open": {},
    }
    return compose_digests(items, **{**values, **overrides})


def one_digest(*items: NoticeItem, **overrides: Any) -> Digest:
    """The only digest about these items."""
    notices = composed(*items, **overrides)
    assert not notices.problems
    (digest,) = notices.digests
    return digest
