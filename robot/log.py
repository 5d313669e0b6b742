"""Logging: readable on the console, JSON with rotation in `logs/`, nothing personal in either."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

#: CPR numbers, IBANs, Danish registration and account numbers, and what follows a password's name.
_PERSONAL: Final = re.compile(
    r"""
    (?P<secret>(?i:password|passwd|pwd|secret|token)\s*[=:]\s*)[^\s;,'"]+
    | (?P<userinfo>://[^/\s:@]+:)[^@\s]+(?=@)
    | \b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b
    | \b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-?\d{4}\b
    | \b\d{4}[\s-]\d{6,10}\b
    """,
    re.VERBOSE,
)
_KEEP: Final = 2


def redact(text: str) -> str:
    """Mask what looks like a CPR number, bank account, IBAN or secret; line breaks become `⏎`."""

    def mask(match: re.Match[str]) -> str:
        kept = match.group("secret") or match.group("userinfo")
        return f"{kept}***" if kept else f"…{match.group()[-_KEEP:]}"

    return _PERSONAL.sub(mask, text).replace("\r", "").replace("\n", " ⏎ ")


def _clean(record: Record) -> None:
    record["message"] = redact(record["message"])
    for name, value in record["extra"].items():
        if isinstance(value, str):
            record["extra"][name] = redact(value)


def _on_console(record: Record) -> str:
    """A line for a person: whatever was said along, but no traceback, which is for the file."""
    shown = {name: value for name, value in record["extra"].items() if name != "traceback"}
    words = " ".join(f"{name}={value}" for name, value in shown.items())
    cast("dict[str, object]", record)["shown"] = words
    return "{time:HH:mm:ss} <level>{level: <7}</level> {message} <dim>{shown}</dim>\n"


class _FromStandardLogging(logging.Handler):
    """Passes what libraries log on to loguru, so that one filter sees all of it."""

    def emit(self, record: logging.LogRecord) -> None:
        level = record.levelname if record.levelname in logging.getLevelNamesMapping() else "INFO"
        logger.opt(depth=6).log(level, "{}", record.getMessage())


def configure(directory: Path | None, *, console_level: str = "INFO", quiet: bool = False) -> None:
    """Set up all sinks; call once at the start of a process.

    Args:
        directory: Where `robot.jsonl` is kept and rotated (10 MB, 30 days, gzip); None: no file.
            Where it can't be written, the robot says so and goes on: what it did is in the trail.
        console_level: Lowest level shown on standard error.
        quiet: Show only errors on the console.
    """
    logger.remove()
    logger.configure(patcher=_clean)
    logger.add(
        sys.stderr,
        level="ERROR" if quiet else console_level,
        format=_on_console,
        backtrace=False,
        diagnose=False,
        catch=True,
    )
    if directory is not None and _can_write(directory / "robot.jsonl"):
        logger.add(
            directory / "robot.jsonl",
            level="DEBUG",
            serialize=True,
            format="{message}",
            rotation="10 MB",
            retention="30 days",
            compression="gz",
            backtrace=False,
            diagnose=False,
            catch=True,
            delay=True,
        )
    logging.basicConfig(handlers=[_FromStandardLogging()], level=logging.WARNING, force=True)


def _can_write(path: Path) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8"):
            return True
    except OSError as error:
        logger.error("The log {} can't be written ({}); there is none now", path, error.strerror)
        return False


def fault(error: BaseException, message: str, **context: object) -> None:
    """Log an unexpected exception once, with its traceback redacted and without local values."""
    text = redact("".join(traceback.format_exception(error)))
    said = {"kind": type(error).__name__, "error": str(error), **context}
    logger.bind(traceback=text, **said).error(message)
