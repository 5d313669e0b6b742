"""The database engines that the fault tests run on, each with empty stores to give away."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import create_engine, text

from robot.adapters.store.store import open_store
from tests.faults.world import Standing
from tests.support.servers import PostgresServer

#: The engines that are here; what else a store can stand on was not run, as the table says.
ENGINES: Final = ("sqlite", "postgresql")
_CHOOSES_HOW_TO_COPY: Final = 15
#: Seconds; a robot that still lives may be at work for longer, and is not waited for.
_LONGEST_GHOST: Final = 2.0


class StoreEngine(Protocol):
    """An engine under the robot's own database."""

    name: str

    def empty_store(self, folder: Path) -> str:
        """The address of a new store without rows, for the world in a folder."""

    def let_leases_run_out(self, url: str) -> None:
        """As if the time had passed that a killed robot's lease still holds."""

    def backup(self, url: str) -> str:
        """A copy of a store that nobody is at work in."""

    def restore(self, copy: str, url: str) -> str:
        """Put a copy in the store's place; the address of what is in force then."""

    def keep(self, url: str) -> None:
        """Leave this one where it is when the others are cleared away."""

    def clear_away(self) -> None:
        """Let go of every store and copy; nobody needs them any more."""


class Sqlite:
    """A file in the world's own folder, which came with it."""

    name = "sqlite"

    def empty_store(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'robot.db'}"

    def let_leases_run_out(self, url: str) -> None:
        """Not needed: the lock on its file went with the robot's process."""

    def backup(self, url: str) -> str:
        path = Path(url.removeprefix("sqlite:///"))
        copy = Path(tempfile.mkdtemp(dir=path.parent, prefix=".backup-"))
        for file in path.parent.glob(f"{path.name}*"):
            shutil.copy(file, copy / file.name)
        return str(copy / path.name)

    def restore(self, copy: str, url: str) -> str:
        path = Path(url.removeprefix("sqlite:///"))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        for file in Path(copy).parent.iterdir():
            shutil.copy(file, path.parent / file.name)
        return url

    def keep(self, url: str) -> None:
        """Not needed, as below."""

    def clear_away(self) -> None:
        """They go with the world's folder."""


class Postgresql:
    """A database of its own on a server of the test process."""

    name = "postgresql"
    _numbers = itertools.count(1)

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._made: list[str] = []
        open_store(server.url(), Standing()).close()
        server.create_database("pristine")
        open_store(server.url("pristine"), Standing()).close()
        # Copying files costs half of writing every page to the log first, which came with 15.
        self._copying = " STRATEGY FILE_COPY" if server.version >= _CHOOSES_HOW_TO_COPY else ""

    def empty_store(self, folder: Path) -> str:
        del folder
        return self._like("pristine")

    def let_leases_run_out(self, url: str) -> None:
        database = url.rpartition("/")[2]
        self._let_the_killed_finish(database)
        # Zero would say that a share is done with.
        self.execute(database, "UPDATE lease SET expires_at = 1 WHERE expires_at > 1")

    def _let_the_killed_finish(self, database: str) -> None:
        """The server still does what a killed robot had sent, and may give it a lease."""
        statement = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = :database AND state <> 'idle'"
        )
        engine = create_engine(self.server.url("postgres"), isolation_level="AUTOCOMMIT")
        deadline = time.monotonic() + _LONGEST_GHOST
        try:
            with engine.connect() as connection:
                while connection.execute(statement, {"database": database}).scalar_one():
                    if time.monotonic() > deadline:
                        return
                    time.sleep(0.02)
        finally:
            engine.dispose()

    def backup(self, url: str) -> str:
        return self._like(url.rpartition("/")[2])

    def restore(self, copy: str, url: str) -> str:
        del url
        return copy

    def keep(self, url: str) -> None:
        self._made.remove(url.rpartition("/")[2])

    def clear_away(self) -> None:
        while self._made:
            self.execute("postgres", f"DROP DATABASE {self._made.pop()} WITH (FORCE)")

    def _like(self, template: str) -> str:
        name = f"store_{next(self._numbers)}"
        self._made.append(name)
        statement = f"CREATE DATABASE {name} TEMPLATE {template}{self._copying}"
        self.execute("postgres", statement)
        return self.server.url(name)

    def execute(self, database: str, statement: str) -> None:
        engine = create_engine(self.server.url(database), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()
