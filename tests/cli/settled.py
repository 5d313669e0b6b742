"""A command's surroundings in a folder of the test: every setting that names a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from robot.adapters.navision import small

NAVISION = Path(__file__).parents[2] / "examples" / "navision"


def settle_in(folder: Path, monkeypatch: pytest.MonkeyPatch, **more: object) -> None:
    """Store, small Navision, documents, rules and logs are the folder's.

    Args:
        folder: Where `rules` is put by the caller.
        monkeypatch: Takes the settings back afterwards.
        more: Other settings, such as `mail__model`.
    """
    small.build(folder / "navision.db", NAVISION, ["Eksempelstyrelsen"])
    places = {
        "data": folder,
        "store__url": f"sqlite:///{folder / 'robot.db'}",
        "erp__path": folder / "navision.db",
        "source__path": folder,
        "rules__directory": folder / "rules",
        "log__directory": folder / "logs",
    }
    for name, value in {**places, **more}.items():
        monkeypatch.setenv(f"ROBOT_{name.upper()}", str(value))
