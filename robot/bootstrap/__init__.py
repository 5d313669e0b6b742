"""Settings to ports: the only place that names adapters, and the only one that reads the clock."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from robot import checks, documents
from robot.adapters.bank import BankFolder
from robot.adapters.folder import FolderSource, document_from
from robot.adapters.mail.render import DigestRenderer
from robot.adapters.navision.payments import NavisionPayments
from robot.adapters.navision.reversals import NavisionReversals
from robot.adapters.page.html import html as page_as_html
from robot.adapters.page.markdown import markdown as page_as_markdown
from robot.adapters.page.texts import completer as text_completer
from robot.adapters.report import render_report
from robot.adapters.store.store import SqlStore, open_store
from robot.adapters.topics.labelled import write_labelled
from robot.bootstrap.clocks import WORLD_DAY, FixedClock, SystemClock
from robot.bootstrap.erp import (
    build_small_world,
    companies,
    companies_of,
    erp_poster,
    erp_reader,
    erp_remarks,
    open_erp,
)
from robot.bootstrap.mail import (
    case_links,
    letterhead,
    mailer,
    notice_renderer,
    own_mailbox,
    reception,
    thread_keys,
)
from robot.bootstrap.pages import (
    WriteLog,
    export_writers,
    figures,
    page_templates,
    wording,
)
from robot.bootstrap.rules import (
    history_keeper,
    history_reader,
    kept_rule_set,
    kept_rule_texts,
    rulebook,
    rules_repository,
    workers,
)
from robot.bootstrap.sheets import posts_repostings, sheet_desk, sheet_files
from robot.bootstrap.store import back_up_store, store_remarks
from robot.bootstrap.topics import mail_topics, radar, read_labelled, train_topics
from robot.checks.catalogue import CATALOGUE
from robot.domain.calendar import Calendar
from robot.domain.document import ApprovedDocument
from robot.flow.case_commands import all_acts
from robot.flow.commands import Act
from robot.flow.context import NobodyLooks, Observer, Ports, RunOptions
from robot.flow.journey_port import NoBank
from robot.flow.ports import Clock
from robot.flow.sheets import SourceWithSheets
from robot.flow.topics import Words
from robot.rulebook.book import RuleBook
from robot.rulebook.calendar import load_calendar
from robot.rulebook.rule_commands import RuleActs
from robot.rulebook.shadow import FrozenRules
from robot.settings import Settings

__all__ = [
    "WORLD_DAY",
    "FixedClock",
    "Robot",
    "SystemClock",
    "Words",
    "WriteLog",
    "assemble",
    "back_up_store",
    "build_small_world",
    "case_links",
    "companies",
    "erp_remarks",
    "export_writers",
    "figures",
    "history_reader",
    "kept_rule_set",
    "kept_rule_texts",
    "letterhead",
    "notice_renderer",
    "open_store",
    "own_mailbox",
    "page_as_html",
    "page_as_markdown",
    "page_templates",
    "radar",
    "read_file",
    "read_labelled",
    "reception",
    "render_report",
    "rulebook",
    "rules_repository",
    "run_options",
    "sheet_files",
    "store_remarks",
    "text_completer",
    "thread_keys",
    "train_topics",
    "wording",
    "workers",
    "write_labelled",
]


@dataclass(slots=True, kw_only=True)
class Robot:
    """A robot ready to work; `close` it when done."""

    settings: Settings
    ports: Ports
    calendar: Calendar
    rulebook: RuleBook
    store: SqlStore
    erp: Engine

    def reload_rules(self) -> tuple[str, ...]:
        """Read the rule files again, between two runs; what is broken stays as it was.

        Returns:
            What is held back and why, a line each.
        """
        self.rulebook.reload()
        self.ports = replace(self.ports, taxonomy=self.rulebook.taxonomy)
        return self.rulebook.held_back

    def acts(self) -> Mapping[str, Act]:
        """Every kind of command that the dashboard may ask for."""
        rules = RuleActs(
            directory=self.settings.rules.directory,
            in_force=self.rulebook.for_customer,
            past=partial(history_reader, self.settings.history.directory),
            catalogue=CATALOGUE,
        )
        of_cases = all_acts(lambda: list(self.rulebook.customers), lambda: self.ports)
        return {**of_cases, **rules.all()}

    def close(self) -> None:
        """Let go of the databases."""
        self.store.close()
        self.erp.dispose()


def assemble(
    settings: Settings,
    *,
    clock: Clock | None = None,
    observer: Observer | None = None,
    on_skipped: Callable[[str, str], None] = lambda _name, _reason: None,
) -> Robot:
    """Join all ports as the settings say.

    Raises:
        RobotError: A database, folder or rule file can't be used.
    """
    clock = clock or SystemClock()
    calendar = load_calendar(settings.rules.directory / "calendar.yaml")
    erp = open_erp(settings)
    found = companies_of(settings, erp)
    store = open_store(settings.store.url, clock)
    book = rulebook(settings, store.rules)
    folder = FolderSource(settings.source.path, documents.read, on_skipped=on_skipped)
    reader = erp_reader(settings, erp, found)
    ports = Ports(
        source=SourceWithSheets(documents=folder, store=store, terms=calendar, clock=clock),
        reader=reader,
        poster=erp_poster(settings, erp, found, clock),
        store=store,
        mailer=mailer(settings, clock),
        renderer=DigestRenderer(settings.mail.templates, letterhead(settings)),
        rulebook=book,
        taxonomy=book.taxonomy,
        calendar=calendar,
        clock=clock,
        observer=observer or NobodyLooks(),
        map_refusal=book.map_refusal,
        history=history_keeper(settings),
        payments=NavisionPayments(erp, found),
        bank=BankFolder(settings.bank.path) if settings.bank.path else NoBank(),
        reversals=NavisionReversals(erp, settings.erp.posting_user, found),
        load_candidate=partial(FrozenRules, catalogue=CATALOGUE, compute=checks.compute),
        topics=mail_topics(settings, book, observer or NobodyLooks()),
        threads=thread_keys(settings),
        links=case_links(settings, clock),
        reception=reception(settings, clock, book),
        sheets=sheet_desk(
            store,
            reader,
            lambda: book.customers,
            calendar,
            clock,
            settings,
        ),
        posts_repostings=posts_repostings(settings),
    )
    return Robot(
        settings=settings,
        ports=ports,
        calendar=calendar,
        rulebook=book,
        store=store,
        erp=erp.engine,
    )


def run_options(settings: Settings, slot: str) -> RunOptions:
    """How a run of this process behaves."""
    return RunOptions(
        owner=f"{socket.gethostname()}/{os.getpid()}",
        slot=slot,
        batch_size=settings.run.batch_size,
        lease_seconds=settings.run.lease_seconds,
        confirm_seconds=settings.run.confirm_seconds,
        give_up_after=settings.erp.give_up_after_requests,
        mail_domain=settings.mail.sender.partition("@")[2],
        mail_sender=settings.mail.sender,
        digests_a_day=settings.mail.digests_a_day,
        singles_a_day=settings.mail.singles_a_day,
        reminds=settings.mail.follow_up,
    )


def read_file(path: Path) -> ApprovedDocument:
    """A document from a file that a person named, with its sidecar when there is one."""
    return document_from(path, documents.read)
