"""The store as the settings name it: what examines it and copies it."""

from __future__ import annotations

from pathlib import Path

from robot.adapters.store.backup import back_up
from robot.adapters.store.engine import open_engine
from robot.adapters.store.examination import StoreRemark
from robot.adapters.store.examination import examine as examine_store
from robot.flow.ports import Clock
from robot.settings import Settings


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


def back_up_store(settings: Settings, target: Path) -> int:
    """Copy the store into a new file; its size in bytes.

    Raises:
        SettingsError: The store is on a server, or the file is there already.
        StoreError: The copy can't be made.
    """
    return back_up(settings.store.url, target)
