"""No personal data and no secret reaches a log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from loguru import logger

from robot import log

CANARIES = (
    "0101701234",
    "010170-1234",
    "DK5000400440116243",
    "1551 0001234567",
    "hunter2",
)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Iterator[Path]:
    log.configure(tmp_path, quiet=True)
    yield tmp_path
    logger.remove()
    logging.getLogger().handlers.clear()


def lines(folder: Path) -> list[dict[str, dict[str, object]]]:
    logger.complete()
    text = (folder / "robot.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("canary", CANARIES[:4])
def test_an_account_or_cpr_number_is_masked(folder: Path, canary: str) -> None:
    logger.bind(value=canary).info("Betal til {}", canary)
    assert canary not in (folder / "robot.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["Password=hunter2;Server=x", "mssql://robot:hunter2@db/nav"])
def test_a_password_is_masked(folder: Path, text: str) -> None:
    logger.error(text)
    assert "hunter2" not in (folder / "robot.jsonl").read_text(encoding="utf-8")


def test_a_traceback_shows_no_local_values_and_no_personal_data(folder: Path) -> None:
    password = "hunter2"  # noqa: S105  # a canary
    try:
        int("DK5000400440116243")
    except ValueError as error:
        log.fault(error, "It failed")
    written = (folder / "robot.jsonl").read_text(encoding="utf-8")
    assert password not in written
    assert "DK5000400440116243" not in written
    assert "ValueError: invalid literal" in written


def test_a_line_break_can_not_forge_a_line(folder: Path) -> None:
    logger.info("first\nsecond")
    assert len(lines(folder)) == 1


def test_braces_in_a_suppliers_text_are_harmless(folder: Path) -> None:
    logger.bind(supplier="{oops} {0.__class__}").info("Seen {}", "{name}")
    assert lines(folder)[0]["record"]["message"] == "Seen {name}"


def test_what_libraries_log_is_masked_too(folder: Path) -> None:
    logging.getLogger("a.library").warning("account %s", "DK5000400440116243")
    assert "DK5000400440116243" not in (folder / "robot.jsonl").read_text(encoding="utf-8")


def test_invoice_and_cvr_numbers_stay_readable() -> None:
    assert log.redact("Faktura 4711 fra CVR 33391005") == "Faktura 4711 fra CVR 33391005"
