"""Whether everything that the robot needs is there, reachable and permitted, in words."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from robot import bootstrap
from robot.daemon import alive
from robot.domain.calendar import COPENHAGEN
from robot.errors import RobotError
from robot.flow.mailbox_port import Position
from robot.flow.order import company_of
from robot.rulebook.book import RuleBook
from robot.settings import Settings, config_file

#: A run stores raw documents, the trail and mails; less than this is trouble soon.
LOW_SPACE: Final = 500 * 1024 * 1024


class Level(StrEnum):
    """How a check came out."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    what: str
    level: Level
    words: str


def examine(settings: Settings) -> list[Check]:
    """Look at everything, and go on when something is wrong."""
    return [
        Check(what="settings", level=Level.GOOD, words=_settings_words()),
        *_looked_at("rules", lambda: _rules(settings)),
        *_looked_at("source", lambda: _source(settings)),
        *_looked_at("ERP", lambda: _erp(settings)),
        *_looked_at("store", lambda: _store(settings)),
        *_looked_at("mail", lambda: _writable("mail", settings.mail.path)),
        *_looked_at("mailbox", lambda: _inbox(settings)),
        *_looked_at("log", lambda: _writable("log", settings.log.directory)),
        *_looked_at("disk", lambda: _space(settings)),
        *_looked_at("daemon", lambda: _daemon(settings)),
    ]


def _looked_at(what: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except RobotError as error:
        yield Check(what=what, level=Level.BAD, words=str(error))
    except OSError as error:
        yield Check(what=what, level=Level.BAD, words=f"{error.strerror}: {error.filename}")


def _level(*, good: bool, serious: bool) -> Level:
    if good:
        return Level.GOOD
    return Level.BAD if serious else Level.LOOK


def _settings_words() -> str:
    path = config_file()
    return f"read from {path}" if path.is_file() else f"{path} is not there: defaults"


def _rules(settings: Settings) -> Iterator[Check]:
    book = _book(settings)
    for words in book.held_back:
        yield Check(what="rules", level=Level.LOOK, words=words)
    yield Check(
        what="rules",
        level=Level.GOOD if book.customers else Level.LOOK,
        words=f"{len(book.customers)} customers, {len(book.taxonomy)} error types",
    )
    for customer in book.customers:
        if not customer.mailboxes:
            words = f"{customer.name} has no mailbox: nobody can be told"
            yield Check(what="rules", level=Level.LOOK, words=words)


def _book(settings: Settings) -> RuleBook:
    if not settings.rules.four_eyes:
        return bootstrap.rulebook(settings)
    store = bootstrap.open_store(settings.store.url, bootstrap.SystemClock())
    try:
        return bootstrap.rulebook(settings, store.rules)
    finally:
        store.close()


def _inbox(settings: Settings) -> Iterator[Check]:
    inbox = settings.mail.inbox
    if inbox.kind == "none":
        words = "no mailbox ([mail.inbox] kind = none): nobody reads what customers answer"
        yield Check(what="mailbox", level=Level.GOOD, words=words)
        return
    mailbox = bootstrap.own_mailbox(inbox, bootstrap.SystemClock())
    try:
        for folder in mailbox.folders:
            next(mailbox.fetch(Position(folder=folder)), None)
            yield Check(what="mailbox", level=Level.GOOD, words=f"{folder} can be read")
    finally:
        mailbox.close()
    if not inbox.authserv_id:
        words = "[mail.inbox] authserv_id is empty: a sender is taken by its From alone"
        yield Check(what="mailbox", level=Level.LOOK, words=words)


def _source(settings: Settings) -> Iterator[Check]:
    path = settings.source.path
    if not path.is_dir():
        yield Check(what="source", level=Level.BAD, words=f"the folder {path} is not there")
    elif not os.access(path, os.R_OK | os.X_OK):
        yield Check(what="source", level=Level.BAD, words=f"the folder {path} can't be read")
    elif not os.access(path, os.W_OK):
        words = f"{path} can't be written to: a rejection can't be marked there"
        yield Check(what="source", level=Level.BAD, words=words)
    else:
        yield Check(what="source", level=Level.GOOD, words=f"the folder {path}")


def _erp(settings: Settings) -> Iterator[Check]:
    book = bootstrap.rulebook(settings)
    there = bootstrap.companies(settings)
    yield Check(what="ERP", level=Level.GOOD, words=f"{len(there)} companies can be read")
    wanted = []
    for customer in book.customers:
        company = company_of(customer)
        if company in there:
            wanted.append(company)
        else:
            words = f"{customer.name}: no company '{company}' in the ERP"
            yield Check(what="ERP", level=Level.BAD, words=words)
    for remark in bootstrap.erp_remarks(settings, dict.fromkeys(wanted)):
        level = _level(good=remark.good, serious=remark.serious)
        yield Check(what="ERP", level=level, words=remark.words)


def _store(settings: Settings) -> Iterator[Check]:
    store = bootstrap.open_store(settings.store.url, bootstrap.SystemClock())
    try:
        proof = store.trail.verify()
        pauses = store.runs.pauses()
        last = store.runs.last(1)
    finally:
        store.close()
    for remark in bootstrap.store_remarks(settings.store.url, bootstrap.SystemClock()):
        level = _level(good=remark.good, serious=remark.serious)
        yield Check(what="store", level=level, words=remark.words)
    if proof.broken_at is not None:
        words = f"the audit trail is broken at row {proof.broken_at}: {proof.problem}"
        yield Check(what="store", level=Level.BAD, words=words)
    else:
        yield Check(
            what="store", level=Level.GOOD, words=f"whole, {proof.rows} rows of audit trail"
        )
    for row in pauses:
        words = f"{row.scope or 'everything'} is paused by {row.by}: {row.reason}"
        yield Check(what="store", level=Level.LOOK, words=words)
    if last:
        at = last[0].started_at.astimezone(COPENHAGEN)
        words = f"the last run began {at:%Y-%m-%d %H:%M} and is {last[0].status}"
        yield Check(what="store", level=Level.GOOD, words=words)
        for problem in last[0].summary.get("problems", ()):
            yield Check(what="last run", level=Level.LOOK, words=str(problem))


def _writable(what: str, path: Path) -> Iterator[Check]:
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    if os.access(there, os.W_OK):
        yield Check(what=what, level=Level.GOOD, words=f"{path} can be written")
    else:
        yield Check(what=what, level=Level.BAD, words=f"{path} can't be written")


def _space(settings: Settings) -> Iterator[Check]:
    there = next(f for f in (settings.data, *settings.data.parents) if f.exists())
    free = shutil.disk_usage(there).free
    level = Level.GOOD if free > LOW_SPACE else Level.BAD
    yield Check(what="disk", level=level, words=f"{free // 1024**2:,} MB free")


def _daemon(settings: Settings) -> Iterator[Check]:
    ok, why = alive(settings.heartbeat, bootstrap.SystemClock().now())
    yield Check(what="daemon", level=Level.GOOD if ok else Level.LOOK, words=why)
