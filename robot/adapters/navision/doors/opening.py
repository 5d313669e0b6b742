"""Opens the door that the settings choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from requests.auth import AuthBase

from robot.adapters.granted_tokens import Grant
from robot.adapters.navision.company import Companies
from robot.adapters.navision.database import Database
from robot.adapters.navision.doors.bc_api import BcApi
from robot.adapters.navision.doors.http import (
    NavHttp,
    Timeouts,
    basic,
    client_credentials,
    windows,
)
from robot.adapters.navision.doors.monitor import MonitorOnly
from robot.adapters.navision.doors.odata import NavODataAction
from robot.adapters.navision.doors.poster import NavPoster
from robot.adapters.navision.doors.protocol import KeyKeeper, PostingBackend
from robot.adapters.navision.doors.soap import NavSoap
from robot.adapters.navision.doors.throttle import Throttle
from robot.adapters.navision.readback import ReadBack
from robot.flow.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class WebService:
    """NAV's web services and the user who asks, as the settings have them."""

    #: `soap`, `odata`, `bc-api` or `monitor-only`.
    door: str
    base_url: str
    #: The name under which the robot's codeunit or page is published.
    service: str
    #: The door of the keys when NAV's own batch posts: `soap` or `odata`.
    keys: str
    #: `basic`, `windows` or `oauth`.
    auth: str
    user: str
    #: Web service access key, password or client secret.
    secret: str
    token_url: str = ""
    client_id: str = ""
    scope: str = ""
    ca_file: str | None = None
    timeouts: Timeouts
    max_in_flight: int
    stuck_after: timedelta


def nav_poster(
    web: WebService, database: Database, companies: Companies, clock: Clock
) -> NavPoster:
    """The poster behind the chosen door; nothing is called yet."""
    http = NavHttp(web.base_url, _auth(web, clock), timeouts=web.timeouts, ca_file=web.ca_file)
    read_back = ReadBack(database, companies, clock, stuck_after=web.stuck_after)
    return NavPoster(_door(web, http), read_back, Throttle(web.max_in_flight, read_back.in_flight))


def _door(web: WebService, http: NavHttp) -> PostingBackend:
    if web.door == "bc-api":
        return BcApi(http)
    if web.door == "monitor-only":
        return MonitorOnly(_keeper(web.keys, web, http))
    return _keeper(web.door, web, http)


def _keeper(kind: str, web: WebService, http: NavHttp) -> KeyKeeper:
    return NavSoap(http, web.service) if kind == "soap" else NavODataAction(http, web.service)


def _auth(web: WebService, clock: Clock) -> AuthBase:
    if web.auth == "oauth":
        grant = Grant(
            token_url=web.token_url, client_id=web.client_id, secret=web.secret, scope=web.scope
        )
        return client_credentials(grant, clock, web.timeouts)
    return (windows if web.auth == "windows" else basic)(web.user, web.secret)
