"""A simulated NAV for a test: starts the process, and is the hand on its admin door."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.request import ProxyHandler, Request, build_opener

from robot.adapters.navision.schema.model import Layout
from tests.simulator.server import INSTANCE
from tests.simulator.world import COMPANIES, build

PROJECT: Final = Path(__file__).parents[2]
#: No proxy of the environment comes between a test and loopback.
_OPEN: Final = build_opener(ProxyHandler({})).open


class NavServer:
    """One simulated NAV in a process of its own."""

    def __init__(
        self,
        folder: Path,
        layout: Layout,
        *,
        language: str = "en",
        companies: Sequence[str] = COMPANIES,
    ) -> None:
        self.layout = layout
        self.template = folder / "template.db"
        self.database = folder / "navision.db"
        build(self.template, layout, companies)
        self.database.write_bytes(self.template.read_bytes())
        users = folder / "ntlm-users"
        users.write_text("NAV:robot:windows-password\n", encoding="utf-8")
        self._process = subprocess.Popen(  # noqa: S603 -- this project's own script
            [
                sys.executable,
                "-m",
                "tests.simulator.server",
                str(self.database),
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

    def act(self, act: str, /, **given: Any) -> Any:  # noqa: ANN401 -- JSON both ways
        """Do something inside the simulator."""
        request = Request(  # noqa: S310 -- loopback
            f"{self.root}/admin/{act}", data=json.dumps(given).encode(), method="POST"
        )
        with _OPEN(request, timeout=60) as answer:
            return json.loads(answer.read())

    def reset(self) -> None:
        self.act("reset", template=str(self.template))

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()
