"""The rules as the settings name them: those in force, those kept, and their history."""

from __future__ import annotations

from pathlib import Path

from robot import checks
from robot.adapters.git.repository import GitRepository
from robot.adapters.store.engine import sqlite_file
from robot.adapters.store.store import open_store
from robot.adapters.workers import InTurn, OnCluster, OnCores, Workers
from robot.bootstrap.clocks import SystemClock
from robot.checks.catalogue import CATALOGUE
from robot.errors import RuleChangeError
from robot.flow.history_port import History, NoHistory
from robot.flow.past import Past
from robot.flow.rule_port import RuleChanges
from robot.rulebook.approval import FourEyes
from robot.rulebook.book import RuleBook
from robot.rulebook.last_good import LastGoodFolder, LastGoodInMemory
from robot.settings import Settings


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


def history_keeper(settings: Settings) -> History:
    """What keeps what each decision saw."""
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
