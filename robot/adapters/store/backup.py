"""A copy of the store while robots are at work in it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from robot.adapters.store.engine import sqlite_file
from robot.errors import SettingsError, StoreError


def back_up(url: str, target: Path) -> int:
    """Copy a SQLite store as it is at one moment, check the copy, and put it in its place whole.

    A copy of the file alone would miss what still stands in the write-ahead log beside it.

    Args:
        url: SQLAlchemy's address of the store.
        target: A file that is not there yet.

    Returns:
        The copy's size in bytes.

    Raises:
        SettingsError: The store is on a server, whose own tools copy it.
        StoreError: It can't be read, or the copy can't be written or is not whole.
    """
    path = sqlite_file(url)
    if path is None:
        raise SettingsError(
            "the store is on a server", hint="copy it with the server's own tools, e.g. pg_dump"
        )
    if target.exists():
        raise SettingsError(f"{target} is there already", hint="name a new file for each copy")
    if not path.is_file():
        raise StoreError(f"{path}: there is no store to copy", hint="check [store] url")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else may read it: it holds what customers were told.
        unfinished.touch(mode=0o600, exist_ok=False)
        _copy(path, unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(f"{target}: the copy can't be made: {error}") from error
    return target.stat().st_size


def _copy(path: Path, target: Path) -> None:
    address = f"{path.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        # One file, without a log beside it, until the robot opens it again.
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {found}")
