"""NAV's own tables of who is at work: sessions, servers, and tasks that wait for one.

Platform tables (2,000,000,000 and up): all companies share them, and in Business Central they
carry no app's id. Only the columns that are read are listed; a site may show none of them.
"""

from __future__ import annotations

from typing import Final

from robot.adapters.navision.schema.inbox import IN_NAV
from robot.adapters.navision.schema.model import Layout, Table, guid, instant, integer, option

#: A row for each session, deleted when it ends; after a crash, when the server starts again.
ACTIVE_SESSION: Final = Table(
    number=2000000110,
    name="Active Session",
    key=("Server Instance ID", "Session ID"),
    fields=(
        integer(2, "Server Instance ID"),
        integer(3, "Session ID"),
        instant(9, "Login Datetime"),
    ),
    per_company=False,
    layouts=IN_NAV,
)

SERVER_INSTANCE: Final = Table(
    number=2000000112,
    name="Server Instance",
    key=("Server Instance ID",),
    fields=(
        integer(1, "Server Instance ID"),
        option(8, "Status", ("Started", "Stopped", "Crashed")),
    ),
    per_company=False,
    layouts=IN_NAV,
)

#: The task scheduler's own list, from NAV 2018 on: a job without a row here never starts.
SCHEDULED_TASK: Final = Table(
    number=2000000175,
    name="Scheduled Task",
    key=("ID",),
    fields=(guid(1, "ID"),),
    per_company=False,
    layouts=IN_NAV - {Layout.NAV_2016},
)
