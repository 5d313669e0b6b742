"""Names the error types that customers' own mails are about.

It only counts: naming a mail answers nobody and moves nothing. The mail stays with the person who
reads it, and that person's word stands over the robot's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from robot.domain.reported import Topic
from robot.errors import LeaseHeldError
from robot.flow.context import Run
from robot.flow.reported_port import OwnMail, ReportedErrors
from robot.flow.store_port import Unit
from robot.flow.topics import MailTopics

#: The lease under which one robot at a time names mails.
_LEASE: Final = "mail-topics"
_PAGE: Final = 100


def name_reported(run: Run) -> int:
    """Name what can be named among customers' own mails; how many were.

    Where several robots are at work, one of them does it.
    """
    ports, options = run.ports, run.options
    if ports.topics is None:
        return 0
    if not run.shared:
        return name_all(ports.store.reported, ports.topics, run.unit, run.stopping)
    try:
        lease = ports.store.acquire(
            name=_LEASE, owner=options.owner, seconds=options.lease_seconds
        )
    except LeaseHeldError:
        return 0
    try:
        return name_all(
            ports.store.reported,
            ports.topics,
            lambda: ports.store.writing(actor=options.owner, run=run.id, lease=lease),
            run.stopping,
        )
    finally:
        ports.store.release(lease)


def name_all(
    mails: ReportedErrors,
    topics: MailTopics,
    unit: Callable[[], AbstractContextManager[Unit]],
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Name all unnamed mails of which the words or the model are sure; how many were."""
    named = after = 0
    while not stopping() and (page := mails.unnamed(after=after, limit=_PAGE)):
        after = page[-1].id
        sure = [(mail, topic) for mail in page if (topic := _topic(topics, mail)) is not None]
        if not sure:
            continue
        with unit() as writing:
            for mail, topic in sure:
                writing.reported.name(
                    mail.id,
                    code=topic.code,
                    found_by=topic.found_by,
                    confidence=topic.confidence,
                )
        named += len(sure)
    return named


def _topic(topics: MailTopics, mail: OwnMail) -> Topic | None:
    return topics.opinion(mail.subject, mail.text).topic
