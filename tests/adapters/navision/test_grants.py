"""The grants that a site is given are for what is read, and for no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from robot.adapters.navision.probing import MUST_HAVE, NEEDS
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.jobs import JOB_QUEUE_ENTRY, JOB_QUEUE_LOG_ENTRY
from robot.adapters.navision.schema.ledger import GL_ENTRY
from robot.adapters.navision.schema.masterdata import VENDOR
from robot.adapters.navision.schema.model import (
    BASE_APPLICATION,
    Table,
    convert_identifier,
)

SCRIPTS = Path(__file__).parents[3] / "config" / "navision"
#: What is read back after a posting, beside what is read before.
READ_BACK = (JOB_QUEUE_ENTRY, JOB_QUEUE_LOG_ENTRY, GL_ENTRY)


def script(name: str) -> str:
    return (SCRIPTS / f"grants-{name}.sql").read_text(encoding="utf-8")


def read_tables() -> set[Table]:
    needs = [need for part in NEEDS.values() for need in part]
    return {need.table for need in (*MUST_HAVE, *needs)} | set(READ_BACK)


@pytest.mark.parametrize("name", ["nav", "business-central"])
def test_the_tables_that_are_read_are_granted_and_no_others(name: str) -> None:
    (listed,) = re.findall(r"INTO @tables \(name\) VALUES(.*?);", script(name), re.DOTALL)

    granted = set(re.findall(r"\(N'(.*?)'\)", listed))

    assert granted == {convert_identifier(table.name) for table in read_tables()}


@pytest.mark.parametrize("name", ["nav", "business-central"])
def test_tables_that_companies_share_are_granted(name: str) -> None:
    shared = [convert_identifier(table.name) for table in TABLES if not table.per_company]

    assert not [table for table in shared if f"N'{table}'" not in script(name)]


@pytest.mark.parametrize("name", ["nav", "business-central"])
def test_only_select_is_granted_and_writing_is_denied(name: str) -> None:
    text = re.sub(r"--.*", "", script(name))

    assert set(re.findall(r"GRANT (\w+)", text)) == {"SELECT"}
    assert "DENY INSERT, UPDATE, DELETE, EXECUTE, ALTER ON SCHEMA::[dbo]" in text
    assert "ADD MEMBER" not in text.replace(
        "ALTER ROLE [invoice_robot_reader] ADD MEMBER [invoice_robot]", ""
    )


def test_business_centrals_companion_tables_are_granted() -> None:
    text = script("business-central")

    apps = {field.app for field in VENDOR.extensions}
    assert all(f"N'${app}'" in text for app in apps)
    assert f"N'${BASE_APPLICATION}'" in text
    assert f"N'${BASE_APPLICATION}$ext'" in text
