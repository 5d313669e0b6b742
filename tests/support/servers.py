"""Real servers for the tests: PostgreSQL on loopback, and whether ODBC's drivers are there.

A server is started where it is first asked for, in a folder and on a port of its own, and stopped
by its process. What is not installed skips with the package that it needs; in CI (`CI=true`),
where nothing may be skipped, it fails.
"""

# ruff: noqa: S603 - the programs are PostgreSQL's own, the arguments this file's

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

import pytest

_PROGRAMS: Final = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
#: The system's user who may run PostgreSQL when the tests run as root, whom it refuses.
_UNPRIVILEGED: Final = "postgres"
_START_SECONDS: Final = 30
_PORTS_TRIED: Final = 5

POSTGRES_ODBC: Final = "PostgreSQL Unicode"
SQLITE_ODBC: Final = "SQLite3"


def missing(what: str, packages: str) -> NoReturn:
    """Skip the test for want of a package, or fail it in CI."""
    reason = f"{what} is not installed: apt-get install {packages}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def odbc_drivers() -> frozenset[str]:
    """The ODBC drivers of this machine; none when unixODBC itself is missing."""
    try:
        import pyodbc  # noqa: PLC0415 -- needs unixODBC's library
    except ImportError:
        return frozenset()
    pyodbc.pooling = False
    return frozenset(pyodbc.drivers())


def need_odbc(driver: str, packages: str) -> None:
    """Skip, or fail in CI, without the driver."""
    if driver not in odbc_drivers():
        missing(f"the ODBC driver {driver}", f"unixodbc {packages}")


class PostgresServer:
    """A PostgreSQL server of one test process; anybody on loopback is let in.

    Args:
        folder: Its data; made by `initdb`, in a folder that the server's user can reach.
        durable: Whether commits reach the disk, for tests that kill it.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self._run(
            "initdb",
            "-D",
            "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )

    @property
    def version(self) -> int:
        """PostgreSQL's main version."""
        return int((self._folder / "data" / "PG_VERSION").read_text(encoding="ascii"))

    def start(self) -> None:
        """Start it, or start it again on the same port."""
        for _ in range(_PORTS_TRIED):
            port = self.port or _free_port()
            options = {
                "port": port,
                "listen_addresses": "127.0.0.1",
                "unix_socket_directories": self._folder,
            }
            if not self._durable:
                options |= dict.fromkeys(
                    ("fsync", "synchronous_commit", "full_page_writes"), "off"
                )
            given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
            with (self._folder / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    [_program("postgres"), "-D", "data", *given],
                    cwd=self._folder,
                    stdout=log,
                    stderr=log,
                    user=_whom(),
                    group=_whom(),
                )
            if self._answers(port):
                self.port = port
                return
        pytest.fail((self._folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:])

    def stop(self, *, kill: bool = False) -> None:
        """Stop it: fast, rolling back what is open; or at once, as a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if kill else signal.SIGINT)
            self._process.wait(timeout=_START_SECONDS)
            self._process = None

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """Make a database like the template, which is empty if none is named."""
        server = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")
        self._run("createdb", *server, "-T", template, name)

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """SQLAlchemy's address."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def odbc(self, database: str = "postgres", user: str = "postgres") -> str:
        """The connection string for psqlODBC."""
        return (
            f"DRIVER={{{POSTGRES_ODBC}}};SERVER=127.0.0.1;PORT={self.port};"
            f"DATABASE={database};UID={user}"
        )

    def _answers(self, port: int) -> bool:
        assert self._process is not None
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            ready = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            if subprocess.run(ready, check=False).returncode == 0:
                return True
            time.sleep(0.05)
        return False

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [_program(program), *arguments],
            cwd=self._folder,
            check=True,
            capture_output=True,
            user=_whom(),
            group=_whom(),
        )


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A running server, stopped and removed in the end."""
    if not _PROGRAMS:
        missing("PostgreSQL", "postgresql")
    folder = Path(tempfile.mkdtemp(prefix="robot-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _UNPRIVILEGED)
    server = PostgresServer(folder, durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop(kill=True)
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    return str(_PROGRAMS[0] / name)


def _whom() -> str | None:
    """Who runs it: PostgreSQL refuses to be run by root."""
    return _UNPRIVILEGED if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
