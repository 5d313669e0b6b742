"""Imported by the process that robots are forked from: what a run loads is loaded once.

One run in a folder of its own, whose databases are closed again.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.faults.world import build, run_in

_folder = Path(tempfile.mkdtemp(prefix="robot-warm-"))
try:
    build(_folder)
    run_in(_folder)
finally:
    shutil.rmtree(_folder)
