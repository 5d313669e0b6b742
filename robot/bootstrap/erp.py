"""The ERP as the settings name it: what reads it, and the door through which it posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from robot.adapters.navision import small
from robot.adapters.navision.company import Companies, company_names
from robot.adapters.navision.database import Database, Patience, open_server
from robot.adapters.navision.engine import connect
from robot.adapters.navision.examination import Remark, examine
from robot.adapters.navision.reader import NavisionReader
from robot.adapters.navision.rights import refuse_excess
from robot.adapters.navision.schema.model import Layout
from robot.adapters.navision.small_navision import SmallNavision
from robot.errors import SettingsError
from robot.flow.ports import Clock, ErpPoster
from robot.settings import Settings

if TYPE_CHECKING:
    from robot.adapters.navision.doors.opening import WebService


def companies(settings: Settings) -> list[str]:
    """The companies that the ERP shows.

    Raises:
        RobotError: The ERP can't be read.
    """
    erp = open_erp(settings)
    try:
        return company_names(erp.engine, erp.schema)
    finally:
        erp.engine.dispose()


def erp_remarks(settings: Settings, wanted: Iterable[str]) -> list[Remark]:
    """What `doctor` says about the companies in the ERP: tables, columns and rights.

    Raises:
        RobotError: The ERP can't be read.
    """
    erp = open_erp(settings)
    try:
        refused = settings.erp.excess_rights == "refuse"
        return examine(erp, wanted, excess_is_serious=refused)
    finally:
        erp.engine.dispose()


def open_erp(settings: Settings) -> Database:
    """The ERP's database.

    Raises:
        RobotError: It is missing, or can't be reached.
    """
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


def companies_of(settings: Settings, erp: Database) -> Companies:
    """What is found of the companies' tables; a login that may write is refused by it."""
    if settings.erp.kind == "small":
        return Companies(Layout.SMALL)
    guarded = settings.erp.excess_rights == "refuse"
    return Companies(schema=erp.schema, guard=refuse_excess if guarded else None)


def erp_reader(settings: Settings, erp: Database, found: Companies) -> NavisionReader:
    """What looks up the facts for decisions."""
    given = settings.erp
    watched = given.kind == "nav" and given.door == "monitor-only"
    return NavisionReader(
        erp,
        given.posting_user,
        companies=found,
        delivered=given.documents_are_delivered or watched,
    )


def erp_poster(settings: Settings, erp: Database, found: Companies, clock: Clock) -> ErpPoster:
    """The door through which the ERP is asked to post.

    Raises:
        SettingsError: The settings don't say where the door is.
    """
    if settings.erp.kind == "nav":
        # The libraries of its doors take a fifth of a second, which nobody else need wait for.
        from robot.adapters.navision.doors.opening import nav_poster  # noqa: PLC0415

        return nav_poster(_web_service(settings), erp, found, clock)
    return SmallNavision(
        erp.engine, settings.erp.language, clock, posting_user=settings.erp.posting_user
    )


def _web_service(settings: Settings) -> WebService:
    from robot.adapters.navision.doors.http import Timeouts  # noqa: PLC0415 - as above
    from robot.adapters.navision.doors.opening import WebService  # noqa: PLC0415

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


def build_small_world(path: Path, companies: list[str], csv: Path) -> None:
    """Make the small Navision of the demo, or the companies that it lacks; all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    small.build(path, csv, companies)
