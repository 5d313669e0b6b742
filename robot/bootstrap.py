"""Settings to ports: the only place that names adapters, and the only one that reads the clock."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from sqlalchemy import Engine

from robot import checks, documents
from robot.adapters.bank import BankFolder
from robot.adapters.folder import FolderSource, document_from
from robot.adapters.git.repository import GitRepository
from robot.adapters.granted_tokens import Grant
from robot.adapters.kept_secret import kept_secret
from robot.adapters.links import CaseLinks
from robot.adapters.mail.access_token import Login, Tokens, granted_tokens
from robot.adapters.mail.answers import AnswerRenderer
from robot.adapters.mail.files import MailFolder
from robot.adapters.mail.imap import ImapMailbox, ImapServer
from robot.adapters.mail.inbox_folder import FolderMailbox
from robot.adapters.mail.incoming import sort as sort_mail
from robot.adapters.mail.maildir import MaildirMailer
from robot.adapters.mail.render import DigestRenderer, Letterhead
from robot.adapters.mail.smtp import SmtpMailer, SmtpServer
from robot.adapters.navision import small
from robot.adapters.navision.company import Companies, company_names
from robot.adapters.navision.database import Database, Patience, open_server
from robot.adapters.navision.doors.http import Timeouts
from robot.adapters.navision.doors.opening import WebService, nav_poster
from robot.adapters.navision.engine import connect
from robot.adapters.navision.examination import Remark, examine
from robot.adapters.navision.payments import NavisionPayments
from robot.adapters.navision.reader import NavisionReader
from robot.adapters.navision.reversals import NavisionReversals
from robot.adapters.navision.rights import refuse_excess
from robot.adapters.navision.schema.model import Layout
from robot.adapters.navision.small_navision import SmallNavision
from robot.adapters.page.html import html as page_as_html
from robot.adapters.page.markdown import markdown as page_as_markdown
from robot.adapters.page.texts import completer as text_completer
from robot.adapters.report import render_report
from robot.adapters.store.backup import back_up
from robot.adapters.store.engine import open_engine, sqlite_file
from robot.adapters.store.examination import StoreRemark
from robot.adapters.store.examination import examine as examine_store
from robot.adapters.store.store import SqlStore, open_store
from robot.adapters.templates import Templates
from robot.adapters.topics.labelled import read_labelled as labelled_in
from robot.adapters.topics.labelled import write_labelled
from robot.adapters.wording import Wording, quotable
from robot.adapters.workers import InTurn, OnCluster, OnCores, Workers
from robot.checks.catalogue import CATALOGUE
from robot.checks.remark import looks_meant_for_centre
from robot.domain.calendar import Calendar
from robot.domain.document import ApprovedDocument
from robot.domain.journey import JourneyEvent
from robot.domain.taxonomy import Taxonomy
from robot.domain.thread import ThreadKeys
from robot.domain.topic_quality import LEAST_MAILS, HeldOut, LabelledMail
from robot.errors import RuleChangeError, SettingsError
from robot.flow.context import NobodyLooks, Observer, Ports, RunOptions
from robot.flow.figures_port import Figures
from robot.flow.history_port import History, NoHistory
from robot.flow.journey_port import NoBank
from robot.flow.mailbox_port import Mailbox, NoMailbox
from robot.flow.past import Past
from robot.flow.ports import Clock, ErpPoster, Mailer, Renderer
from robot.flow.radar import Radar
from robot.flow.reception import Reception
from robot.flow.reposting import SheetFiles
from robot.flow.rule_port import RuleChanges
from robot.flow.topics import MailTopics, Words
from robot.flow.view_port import DocumentLine
from robot.rulebook.approval import FourEyes
from robot.rulebook.book import RuleBook
from robot.rulebook.calendar import load_calendar
from robot.rulebook.last_good import LastGoodFolder, LastGoodInMemory
from robot.rulebook.shadow import FrozenRules
from robot.settings import InboxSettings, Settings, SmtpSettings

__all__ = [
    "FixedClock",
    "Robot",
    "SystemClock",
    "Words",
    "assemble",
    "back_up_store",
    "build_small_world",
    "case_links",
    "companies",
    "history_reader",
    "kept_rule_set",
    "kept_rule_texts",
    "notice_renderer",
    "open_store",
    "page_as_html",
    "page_as_markdown",
    "radar",
    "read_file",
    "read_labelled",
    "render_report",
    "rulebook",
    "rules_repository",
    "run_options",
    "text_completer",
    "thread_keys",
    "train_topics",
    "workers",
    "write_labelled",
]

#: How much of what others wrote the daily list shows, in characters.
_RADAR_WORDS: Final = 120
#: Writes documents and their events into a file.
WriteLog: TypeAlias = Callable[[Iterable[DocumentLine], Iterable[JourneyEvent], Path], None]
#: Where the demo's day begins; the clock runs on from there.
WORLD_DAY: Final = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock set to another day, which runs on from there at the real pace."""

    def __init__(self, start: datetime = WORLD_DAY) -> None:
        self._offset: timedelta = start - datetime.now(UTC)

    def now(self) -> datetime:
        """The present instant of that day, in UTC."""
        return datetime.now(UTC) + self._offset

    def go_on_after(self, instant: datetime) -> None:
        """Never show a time before this one: what is recorded stays in the past."""
        self._offset = max(self._offset, instant - datetime.now(UTC))


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
    erp = _erp(settings)
    found = _companies(settings, erp)
    store = open_store(settings.store.url, clock)
    book = rulebook(settings, store.rules)
    source = FolderSource(settings.source.path, documents.read, on_skipped=on_skipped)
    ports = Ports(
        source=source,
        reader=_reader(settings, erp, found),
        poster=_poster(settings, erp, found, clock),
        store=store,
        mailer=_mailer(settings, clock),
        renderer=DigestRenderer(settings.mail.templates, letterhead(settings)),
        rulebook=book,
        taxonomy=book.taxonomy,
        calendar=calendar,
        clock=clock,
        observer=observer or NobodyLooks(),
        map_refusal=book.map_refusal,
        history=_history(settings),
        payments=NavisionPayments(erp, found),
        bank=BankFolder(settings.bank.path) if settings.bank.path else NoBank(),
        reversals=NavisionReversals(erp, settings.erp.posting_user, found),
        load_candidate=partial(FrozenRules, catalogue=CATALOGUE, compute=checks.compute),
        topics=_topics(settings, book, observer or NobodyLooks()),
        threads=thread_keys(settings),
        links=case_links(settings, clock),
        reception=reception(settings, clock, book),
    )
    return Robot(
        settings=settings,
        ports=ports,
        calendar=calendar,
        rulebook=book,
        store=store,
        erp=erp.engine,
    )


def companies(settings: Settings) -> list[str]:
    """The companies that the ERP shows.

    Raises:
        RobotError: The ERP can't be read.
    """
    erp = _erp(settings)
    try:
        return company_names(erp.engine, erp.schema)
    finally:
        erp.engine.dispose()


def erp_remarks(settings: Settings, wanted: Iterable[str]) -> list[Remark]:
    """What `doctor` says about the companies in the ERP: tables, columns and rights.

    Raises:
        RobotError: The ERP can't be read.
    """
    erp = _erp(settings)
    try:
        refused = settings.erp.excess_rights == "refuse"
        return examine(erp, wanted, excess_is_serious=refused)
    finally:
        erp.engine.dispose()


def store_remarks(url: str, clock: Clock) -> list[StoreRemark]:
    """What `doctor` says about the store's server; nothing for SQLite.

    Raises:
        StoreError: It can't be used.
    """
    engine = open_engine(url, check=False)
    try:
        return examine_store(engine, clock.now)
    finally:
        engine.dispose()


def _erp(settings: Settings) -> Database:
    erp = settings.erp
    schema = erp.database_schema or None
    if erp.kind == "nav":
        patience = Patience(
            login=erp.login_timeout_seconds,
            statement=erp.statement_timeout_seconds,
            lock=erp.lock_timeout_ms / 1000,
        )
        engine = open_server(
            erp.url.get_secret_value(), password=erp.secret() or None, patience=patience
        )
        return Database(engine, schema=schema, patience=patience)
    if not erp.path.is_file():
        raise SettingsError(
            f"{erp.path}: the ERP's database is missing",
            hint="set [erp] path, or build a small world with `invoice-robot demo`",
        )
    return Database(connect(erp.path))


def _companies(settings: Settings, erp: Database) -> Companies:
    """What is found of the companies' tables; a login that may write is refused by it."""
    if settings.erp.kind == "small":
        return Companies(Layout.SMALL)
    guarded = settings.erp.excess_rights == "refuse"
    return Companies(schema=erp.schema, guard=refuse_excess if guarded else None)


def _reader(settings: Settings, erp: Database, found: Companies) -> NavisionReader:
    given = settings.erp
    watched = given.kind == "nav" and given.door == "monitor-only"
    return NavisionReader(
        erp,
        given.posting_user,
        companies=found,
        delivered=given.documents_are_delivered or watched,
    )


def _poster(settings: Settings, erp: Database, found: Companies, clock: Clock) -> ErpPoster:
    if settings.erp.kind == "nav":
        return nav_poster(_web_service(settings), erp, found, clock)
    return SmallNavision(
        erp.engine, settings.erp.language, clock, posting_user=settings.erp.posting_user
    )


def _web_service(settings: Settings) -> WebService:
    web = settings.erp.web
    if not web.base_url:
        raise SettingsError(
            "[erp.web] base_url is missing: NAV can't be asked to post",
            hint="set it in config/robot.toml or as ROBOT_ERP__WEB__BASE_URL",
        )
    return WebService(
        door=settings.erp.door,
        base_url=web.base_url,
        service=web.service,
        keys=web.keys,
        auth=web.auth,
        user=web.user,
        secret=web.secret(),
        token_url=web.token_url,
        client_id=web.client_id,
        scope=web.scope,
        ca_file=str(web.ca_file) if web.ca_file else None,
        timeouts=Timeouts(connect=web.connect_timeout_seconds, answer=web.answer_timeout_seconds),
        max_in_flight=web.max_in_flight,
        stuck_after=timedelta(minutes=web.stuck_after_minutes),
    )


def _history(settings: Settings) -> History:
    # Arrow takes a tenth of a second to load, which commands without a history need not wait for.
    from robot.adapters.history.keeper import HistoryFolder  # noqa: PLC0415

    return HistoryFolder(settings.history.directory) if settings.history.keep else NoHistory()


def history_reader(folder: Path) -> Past:
    """The history that runs have written to a folder, for backtests."""
    from robot.adapters.history.reader import HistoryReader  # noqa: PLC0415 - as above

    return HistoryReader(folder, CATALOGUE)


def workers(jobs: int, scheduler: str) -> Workers:
    """Who shares a piece of work: a cluster when named, else this many processes."""
    if scheduler:
        return OnCluster(scheduler)
    return OnCores(jobs) if jobs > 1 else InTurn()


def _mailer(settings: Settings, clock: Clock) -> Mailer:
    mail = settings.mail
    if mail.kind == "maildir":
        return MaildirMailer(mail.path, clock)
    return SmtpMailer(
        SmtpServer(
            host=mail.smtp.host,
            port=mail.smtp.port,
            security=mail.smtp.security,
            login=_smtp_login(mail.smtp, clock),
            ca_file=mail.smtp.ca_file,
            timeout=mail.smtp.timeout_seconds,
        ),
        clock,
        bounce_address=mail.bounce_address,
        empty_sender=mail.empty_envelope_sender,
        copy_to=mail.copy_to,
    )


def _smtp_login(smtp: SmtpSettings, clock: Clock) -> Login | None:
    if smtp.auth == "none":
        return None
    secret = smtp.secret()
    if not secret or not smtp.user:
        raise SettingsError(
            "[mail.smtp] has no user or no password: no mail can be handed over",
            hint="set them, or auth = none for a server that asks for none",
        )
    if smtp.auth == "password":
        return Login(user=smtp.user, password=secret)
    return Login(user=smtp.user, tokens=_tokens(smtp, secret, clock))


def _tokens(given: SmtpSettings | InboxSettings, secret: str, clock: Clock) -> Tokens:
    grant = Grant(
        token_url=given.token_url, client_id=given.client_id, secret=secret, scope=given.scope
    )
    return granted_tokens(grant, clock)


def reception(settings: Settings, clock: Clock, book: RuleBook) -> Reception | None:
    """What receiving mail takes; None when the robot has no mailbox.

    Raises:
        SettingsError: A secret is missing or can't be read.
    """
    inbox = settings.mail.inbox
    if inbox.kind == "none":
        return None
    return Reception(
        mailbox=own_mailbox(inbox, clock),
        files=MailFolder(inbox.keep or settings.data / "mail-in"),
        sorter=sort_mail,
        answerer=AnswerRenderer(settings.mail.templates, letterhead(settings)),
        customers=lambda: book.customers,
        sender=settings.mail.sender,
        also_own=frozenset({*inbox.also_own, settings.mail.bounce_address} - {""}),
        instance=settings.mail.instance,
        authserv_id=inbox.authserv_id,
        own_hops=inbox.own_hops,
        acknowledges=inbox.acknowledge,
    )


def own_mailbox(inbox: InboxSettings, clock: Clock) -> Mailbox:
    """The robot's own mailbox; it is not opened before it is read.

    Raises:
        SettingsError: The secret is missing or can't be read.
    """
    if inbox.kind == "none":
        return NoMailbox()
    largest = inbox.largest_mb * 1_000_000
    if inbox.kind == "maildir":
        return FolderMailbox(inbox.path, largest=largest)
    secret = inbox.secret()
    if not secret:
        raise SettingsError(
            "[mail.inbox] has no password: the robot's mailbox can't be read",
            hint="set ROBOT_MAIL__INBOX__PASSWORD, or [mail.inbox] password_file",
        )
    oauth = inbox.auth == "oauth"
    server = ImapServer(
        host=inbox.host,
        port=inbox.port,
        security=inbox.security,
        user=inbox.user,
        secret=_tokens(inbox, secret, clock).get if oauth else lambda: secret,
        oauth=oauth,
        ca_file=str(inbox.ca_file) if inbox.ca_file else None,
        timeout_seconds=inbox.timeout_seconds,
    )
    return ImapMailbox(server, inbox.folders, largest=largest)


def letterhead(settings: Settings) -> Letterhead:
    """Who writes to customers."""
    return Letterhead(
        sender=settings.mail.sender,
        sender_name=settings.mail.sender_name,
        centre=settings.mail.centre,
        contact_mail=settings.mail.service_desk,
        contact_phone=settings.mail.service_phone or None,
        instance=settings.mail.instance,
    )


def thread_keys(settings: Settings) -> ThreadKeys:
    """What ties mails to cases; the robot makes a secret for itself when none is set.

    Raises:
        SettingsError: The secret can't be read or kept, or is too short.
    """
    text = settings.mail.thread_secrets() or kept_secret(settings.data / "thread-secret")
    try:
        return ThreadKeys([secret.encode() for secret in text.replace(",", " ").split()])
    except ValueError as error:
        raise SettingsError(
            f"[mail] thread_secret can't be used: {error}",
            hint="python3 -c 'import secrets; print(secrets.token_hex(32))' makes a good one",
        ) from None


def page_templates(folder: Path) -> Templates:
    """The templates of the dashboard's pages."""
    return Templates(folder, {})


def figures(calendar: Calendar, taxonomy: Taxonomy) -> Figures:
    """What computes the figures of journeys."""
    # pandas takes half a second to load, which commands without figures need not wait for.
    from robot.adapters.figures import PandasFigures  # noqa: PLC0415

    return PandasFigures(calendar, taxonomy)


def export_writers() -> Mapping[str, WriteLog]:
    """Name of a format to what writes a log of documents and their events into a file."""
    from robot.adapters.export import ocel, tables, xes  # noqa: PLC0415 - as above
    from robot.adapters.export.log import Log, log_of  # noqa: PLC0415

    def writer(
        write: Callable[[Log, Path], None],
    ) -> WriteLog:
        return lambda documents, events, path: write(log_of(documents, events), path)

    return {
        "ocel": writer(ocel.write_json),
        "ocel-sqlite": writer(ocel.write_sqlite),
        "xes": writer(xes.write_xes),
        "csv": writer(tables.write_csv),
        "xlsx": writer(tables.write_xlsx),
    }


def sheet_files() -> SheetFiles:
    """What writes and reads re-posting sheets."""
    from robot.adapters.sheets import RepostingWorkbook  # noqa: PLC0415 - openpyxl takes its time

    return RepostingWorkbook()


def wording(language: str) -> Wording:
    """Dates and amounts as people write them in a language."""
    return Wording(language)


def case_links(settings: Settings, clock: Clock) -> CaseLinks:
    """Signed links to cases, for mails and for the page behind them.

    Raises:
        SettingsError: The secret can't be read or kept, or is too short.
    """
    return CaseLinks(
        thread_keys(settings).derived("case links"),
        settings.web.public_url,
        timedelta(days=settings.cases.link_days),
        clock,
    )


def _topics(settings: Settings, book: RuleBook, observer: Observer) -> MailTopics:
    """What says what customers' own mails are about; a model that is broken stops no invoice."""
    path, model = settings.mail.model, None
    if path.is_file():
        from robot.adapters.topics.model import load  # noqa: PLC0415 - NumPy takes its time, too

        try:
            model = load(path)
        except SettingsError as error:
            observer.fault(error, "what customers' mails are about")
    return MailTopics(
        words=book.error_types_in, model=model, least_confidence=settings.mail.least_confidence
    )


def radar(ports: Ports) -> Radar:
    """What makes the daily list of what nobody would read otherwise."""
    return Radar(
        ports=ports,
        speaks_to_centre=looks_meant_for_centre,
        quotable=partial(quotable, limit=_RADAR_WORDS),
    )


def read_labelled(path: Path, codes: Collection[str]) -> list[LabelledMail]:
    """Mails with what people said that they are about, enough of them to learn from.

    Raises:
        RuleFileError: What is wrong, a line each with its place.
    """
    return labelled_in(path, codes, LEAST_MAILS)


def train_topics(mails: Sequence[LabelledMail], path: Path | None) -> list[HeldOut]:
    """Train a model of what mails are about, and keep it unless there is no path.

    Returns:
        What models that had not seen a mail said of it.

    Raises:
        SettingsError: scikit-learn is not installed, or the model can't be written.
    """
    from robot.adapters.topics.model import save  # noqa: PLC0415 - as above
    from robot.adapters.topics.training import train  # noqa: PLC0415

    model, held_out = train(mails)
    if path is not None:
        save(model, path)
    return held_out


def notice_renderer(settings: Settings) -> Renderer:
    """What turns decisions into mails to customers."""
    return DigestRenderer(settings.mail.templates, letterhead(settings))


def rulebook(settings: Settings, changes: RuleChanges | None = None) -> RuleBook:
    """The rule sets in force, the last good ones where a file is broken.

    Args:
        settings: With `[rules] four_eyes`, only approved sets come into force.
        changes: The store's approvals; without them the files count as they stand, and nothing
            that nobody approved is kept as the last good one.
    """
    ungated = settings.rules.four_eyes and changes is None
    kept = LastGoodFolder(settings.data / "rules-in-force")
    return RuleBook(
        settings.rules.directory,
        catalogue=CATALOGUE,
        compute=checks.compute,
        last_good=LastGoodInMemory() if ungated else kept,
        gate=FourEyes(changes, signed=settings.rules.require_signed_commit)
        if settings.rules.four_eyes and changes is not None
        else None,
    )


def back_up_store(settings: Settings, target: Path) -> int:
    """Copy the store into a new file; its size in bytes.

    Raises:
        SettingsError: The store is on a server, or the file is there already.
        StoreError: The copy can't be made.
    """
    return back_up(settings.store.url, target)


def kept_rule_texts(settings: Settings, beginning: str) -> dict[str, str]:
    """Hash to text of the sets in the store whose hash begins so; nothing when there is no store.

    Raises:
        StoreError: The store can't be opened.
    """
    file = sqlite_file(settings.store.url)
    if file is not None and not file.is_file():
        return {}
    store = open_store(settings.store.url, SystemClock())
    try:
        return store.rules.kept_texts(beginning)
    finally:
        store.close()


def kept_rule_set(settings: Settings, beginning: str) -> str:
    """The text of the one kept set whose hash begins so.

    Raises:
        RuleChangeError: There is none, or there are several.
    """
    kept = kept_rule_texts(settings, beginning)
    if len(kept) != 1:
        raise RuleChangeError(
            f"{len(kept) or 'no'} sets that were used or proposed have a hash that begins with "
            f"'{beginning}'"
        )
    return next(iter(kept.values()))


def rules_repository(directory: Path) -> GitRepository:
    """The git repository around a rule directory."""
    return GitRepository(directory)


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


def build_small_world(path: Path, companies: list[str], csv: Path) -> None:
    """Make the small Navision of the demo, or the companies that it lacks; all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    small.build(path, csv, companies)
