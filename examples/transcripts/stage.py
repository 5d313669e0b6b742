"""The world that a document's commands are run in: a robot of its own, on one day."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from examples.make_documents.bill import ZERO_RATED, Standard
from examples.make_documents.drafts import Draft, Example, bill, finished, line, november
from examples.make_documents.world import (
    DAGBLADET_SKRIFT,
    DANSK_KONTOR,
    FYRVAESENET,
    IT_HUSET,
    VOGNMAND_VEST,
)
from robot import bootstrap, settings
from robot.cli import rule_changes, rule_shadow
from robot.cli.main import main

ROOT: Final = Path(__file__).parents[2]
#: 08:00 in Copenhagen, Tuesday 24 November 2026.
MORNING: Final = datetime(2026, 11, 24, 7, tzinfo=UTC)
_COMMAND: Final = "invoice-robot"
_TOOLS: Final = frozenset({"cat", "cp", "sed"})
_SECONDS: Final = re.compile(r"\d+\.\d+ s\b")
_FOUR_EYES: Final = "four_eyes = false"
_NEW, _PEPPOL = Standard.OIOUBL_2_1, Standard.PEPPOL


def _paper(number: str, day: int, text: str, price: str) -> Draft:
    subscription = line(text, "1", price, "220200", vat=ZERO_RATED, vat_code="I0")
    made = bill(_NEW, FYRVAESENET, DAGBLADET_SKRIFT, number, november(day), subscription)
    return Draft(name=number.lower(), why="", bill=made)


def _charts(number: str, day: int, price: str) -> Draft:
    licence = line("Licens til søkort, måned", "1", price, "222000")
    made = bill(_PEPPOL, FYRVAESENET, IT_HUSET, number, november(day), licence)
    return Draft(name=number.lower(), why="", bill=made)


_OTHERS: Final = (
    Draft(
        name="batteries",
        why="",
        bill=bill(
            _NEW,
            FYRVAESENET,
            DANSK_KONTOR,
            "DK-2026-0940",
            november(16),
            line("Batterier, D", "40", "18.50", "220100"),
        ),
    ),
    Draft(
        name="gravel",
        why="",
        bill=bill(
            _NEW,
            FYRVAESENET,
            VOGNMAND_VEST,
            "VV-812",
            november(12),
            line("Grus til fyrvejen", "3", "1500.00", "226000"),
        ),
    ),
)
_MORNING_POST: Final = (
    _paper("S-2026-11070", 9, "Dagbladet Skrift, Skagen Fyr, november", "845.00"),
    _paper("S-2026-11071", 9, "Dagbladet Skrift, Bovbjerg Fyr, november", "790.00"),
    _paper("S-2026-11072", 9, "Dagbladet Skrift, Hanstholm Fyr, november", "910.00"),
    _charts("IT-55201", 10, "1650.00"),
    _charts("IT-55202", 11, "1480.00"),
    *_OTHERS,
)
_MIDDAY_POST: Final = (
    _paper("S-2026-11090", 20, "Dagbladet Skrift, Rubjerg Fyr, november", "865.00"),
    _charts("IT-55230", 20, "4200.00"),
)


class Stage:
    """A folder with rules, settings, an ERP and documents, and the commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: Who sits at the keyboard.
        self.person = ""
        self._now = MORNING
        shutil.copytree(ROOT / "rules", folder / "rules")
        shutil.copytree(ROOT / "config", folder / "config")
        config = folder / "config" / "robot.toml"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace(_FOUR_EYES, "four_eyes = true"), encoding="utf-8")
        examples = finished(FYRVAESENET, (*_MORNING_POST, *_MIDDAY_POST))
        for number, example in enumerate(examples):
            early = number < len(_MORNING_POST)
            _deliver(folder / ("var/inbox" if early else "midday"), example)

    def __call__(self, who: str, command: list[str]) -> str:
        """Run one command; what it printed, in the order in which it did.

        Raises:
            ValueError: It is none that can be run here.
            AssertionError: It failed in a way that no reader should see.
        """
        name, *arguments = command
        if name in _TOOLS:
            told = subprocess.run(  # noqa: S603 - the documents' own commands
                command, cwd=self.folder, capture_output=True, text=True, check=True
            )
            return told.stdout
        if name != _COMMAND:
            raise ValueError(f"'{name}' can't be run here")
        self.person = who
        done = CliRunner().invoke(main, arguments, env={"COLUMNS": "100"})
        if done.exit_code not in {0, 1, 2}:
            raise AssertionError(f"{' '.join(command)}: {done.output}")
        return _SECONDS.sub("0.1 s", done.output)

    def set_up(self) -> None:
        """Build the ERP, have the shipped rules in force, and do the morning's run."""
        customers = bootstrap.rulebook(settings.load()).customers
        companies = [customer.company or customer.name for customer in customers]
        bootstrap.build_small_world(
            settings.load().erp.path, companies, ROOT / "examples" / "navision"
        )
        self("eva", [_COMMAND, "rules", "propose", "--note", "the shipped rules"])
        self("ole", [_COMMAND, "rules", "approve", "--all", "--reason", "the shipped rules"])
        self("", [_COMMAND, "run", "--slot", "morning"])

    def now(self) -> datetime:
        """The present: a second after the last time that somebody asked."""
        self._now += timedelta(seconds=1)
        return self._now


@contextlib.contextmanager
def stage(*, running: bool) -> Iterator[Stage]:
    """A stage in a folder of its own, where commands are run as long as it is open.

    The clock and the person at the keyboard are the stage's. `running` when its robot has an ERP,
    approved rules and the morning's run behind it.
    """
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as undo:
        made = Stage(Path(name).resolve())
        undo.enter_context(contextlib.chdir(made.folder))
        for variable in [key for key in os.environ if key.startswith("ROBOT_")]:
            undo.callback(os.environ.__setitem__, variable, os.environ.pop(variable))
        _put(undo, bootstrap.SystemClock, "now", lambda _self: made.now())
        for module in (rule_changes, rule_shadow):
            _put(undo, module, "account", lambda: made.person)
        if running:
            made.set_up()
        yield made


def _put(undo: contextlib.ExitStack, target: object, name: str, value: object) -> None:
    undo.callback(setattr, target, name, getattr(target, name))
    setattr(target, name, value)


def _deliver(folder: Path, example: Example) -> None:
    path = folder / Path(example.file).name
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(example.content)
    if example.sidecar is not None:
        path.with_suffix(".json").write_bytes(example.sidecar)
