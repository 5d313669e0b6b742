"""Imported by the process that robots are forked from: what a run loads is loaded once.

One run in a folder of its own, whose databases are closed again; rules and texts are kept.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.faults.kept import keep_what_is_read_alike
from tests.faults.world import build, run_in

keep_what_is_read_alike(pytest.MonkeyPatch())
_folder = Path(tempfile.mkdtemp(prefix="robot-warm-"))
try:
    build(_folder)
    run_in(_folder)
finally:
    shutil.rmtree(_folder)
