"""NAV's job queue: what posts a document after it was asked for, and how that went.

The BLOB fields (472.XML, 474's call stack) and the record ids are left out: nothing here reads
them.
"""

from __future__ import annotations

from robot.adapters.navision.schema.model import (
    BC_ONLY,
    NAV_ONLY,
    Table,
    boolean,
    code,
    guid,
    instant,
    integer,
    option,
    text,
)

_STATUSES = ("Ready", "In Process", "Error", "On Hold", "Finished", "On Hold", "Waiting")

JOB_QUEUE_ENTRY = Table(
    number=472,
    name="Job Queue Entry",
    key=("ID",),
    fields=(
        guid(1, "ID"),
        text(2, "User ID", 65),
        instant(4, "Last Ready State"),
        instant(5, "Expiration Date/Time"),
        instant(6, "Earliest Start Date/Time"),
        option(7, "Object Type to Run"),
        integer(8, "Object ID to Run"),
        integer(11, "Maximum No. of Attempts to Run"),
        integer(12, "No. of Attempts to Run"),
        option(13, "Status", _STATUSES),
        boolean(17, "Recurring Job"),
        text(30, "Description", 250),
        integer(32, "User Session ID"),
        code(33, "Job Queue Category Code", 10),
        text(34, "Error Message", 250, bc=2048),
        text(35, "Error Message 2", 250, only=NAV_ONLY),
        text(36, "Error Message 3", 250, only=NAV_ONLY),
        text(37, "Error Message 4", 250, only=NAV_ONLY),
        integer(40, "User Service Instance ID"),
        instant(41, "User Session Started"),
        integer(44, "User Language ID"),
        guid(48, "System Task ID"),
        guid(53, "Error Message Register Id", only=BC_ONLY),
    ),
    indexes=(("Job Queue Category Code",),),
)

JOB_QUEUE_LOG_ENTRY = Table(
    number=474,
    name="Job Queue Log Entry",
    key=("Entry No.",),
    fields=(
        integer(1, "Entry No."),
        guid(2, "ID"),
        text(3, "User ID", 65),
        instant(4, "Start Date/Time"),
        instant(5, "End Date/Time"),
        option(6, "Object Type to Run"),
        integer(7, "Object ID to Run"),
        option(9, "Status", ("Success", "In Process", "Error")),
        text(10, "Description", 250),
        text(11, "Error Message", 250, bc=2048),
        text(12, "Error Message 2", 250, only=NAV_ONLY),
        text(13, "Error Message 3", 250, only=NAV_ONLY),
        text(14, "Error Message 4", 250, only=NAV_ONLY),
        code(17, "Job Queue Category Code", 10),
        guid(20, "Error Message Register Id", only=BC_ONLY),
    ),
    indexes=(("ID",), ("Start Date/Time", "ID")),
)
