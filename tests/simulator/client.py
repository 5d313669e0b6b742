"""A simulated NAV for a test: starts the process, and is the hand on its admin door."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.request import ProxyHandler, Request, build_opener

from robot.adapters.navision.schema.model import Layout
from tests.simulator.databases import READER
from tests.simulator.server import INSTANCE
from tests.simulator.world import COMPANIES, build
from tests.support.odbc import over_odbc
from tests.support.servers import SQLITE_ODBC, PostgresServer

PROJECT: Final = Path(__file__).parents[2]
#: No proxy of the environment comes between a test and loopback.
_OPEN: Final = build_opener(ProxyHandler({})).open


class NavServer:
    """One simulated NAV in a process of its own, on a SQLite file or a PostgreSQL server."""

    def __init__(
        self,
        folder: Path,
        layout: Layout,
        *,
        language: str = "en",
        companies: Sequence[str] = COMPANIES,
        postgres: PostgresServer | None = None,
    ) -> None:
        self.layout = layout
        #: The file, when it is SQLite.
        self.database = folder / "navision.db"
        self._postgres = postgres
        self._name = f"nav_{uuid.uuid4().hex}"
        if postgres is None:
            self.address, self.template = str(self.database), str(folder / "template.db")
            build(self.template, layout, companies)
            shutil.copy(self.template, self.database)
        else:
            self.address, self.template = postgres.url(self._name), ""
            postgres.create_database(self._name)
            build(self.address, layout, companies)
        users = folder / "ntlm-users"
        users.write_text("NAV:robot:windows-password\n", encoding="utf-8")
        self._process = subprocess.Popen(  # noqa: S603 -- this project's own script
            [
                sys.executable,
                "-m",
                "tests.simulator.server",
                self.address,
                layout.value,
                language,
            ],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "NTLM_USER_FILE": str(users)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        return f"{self.root}{INSTANCE}"

    @property
    def owner(self) -> str:
        """SQLAlchemy's address with all rights."""
        return f"sqlite:///{self.database}" if self._postgres is None else self.address

    def reader(self, *, odbc: bool = False) -> str:
        """SQLAlchemy's address for the robot, by the native driver or through ODBC's."""
        if self._postgres is None:
            # Without it the driver cuts whole numbers at 32 bits, and amounts are larger.
            odbc_string = f"DRIVER={SQLITE_ODBC};Database={self.database};BigInt=1"
            return over_odbc("sqlite", odbc_string) if odbc else self.owner
        if odbc:
            return over_odbc("postgresql", self._postgres.odbc(self._name, user=READER))
        return self._postgres.url(self._name, user=READER)

    def act(self, act: str, /, **given: Any) -> Any:  # noqa: ANN401 -- JSON both ways
        """Do something inside the simulator."""
        request = Request(  # noqa: S310 -- loopback
            f"{self.root}/admin/{act}", data=json.dumps(given).encode(), method="POST"
        )
        with _OPEN(request, timeout=60) as answer:
            return json.loads(answer.read())

    def reset(self) -> None:
        self.act("reset", template=self.template)

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()
