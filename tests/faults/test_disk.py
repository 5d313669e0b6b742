"""The disk is full at any moment of a run: what was promised is kept, what was not is not done."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Tally
from tests.faults.site import Site
from tests.faults.world import FAULT, EndState, Orders

pytestmark = pytest.mark.faults

#: The store's files may grow by so many bytes and no further, from none to nearly enough.
ROOM = [0, 8_192, 32_768, 65_536, 98_304, 131_072, 196_608, 262_144, 393_216, 524_288]
_MOUNT = "/usr/bin/mount"
_UNMOUNT = "/usr/bin/umount"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of 2 MB; needs root, as in the project's container."""
    if os.geteuid() != 0 or not Path(_MOUNT).exists():
        pytest.skip("mounting a small disk needs root; the limits on files were tried instead")
    disk = tmp_path / "disk"
    disk.mkdir()
    resize(disk, "2m", "mount")
    yield disk
    subprocess.run([_UNMOUNT, disk], check=True)  # noqa: S603


def resize(disk: Path, size: str, how: str = "remount") -> None:
    options = f"size={size}" if how == "mount" else f"remount,size={size}"
    subprocess.run([_MOUNT, "-t", "tmpfs", "-o", options, "tmpfs", disk], check=True)  # noqa: S603


@pytest.mark.parametrize("room", ROOM)
def test_no_file_may_grow_any_more(
    site: Site, undisturbed: EndState, tally: Tally, room: int
) -> None:
    """The kernel refuses each write past the limit, to the store and to the small Navision."""
    store = site.folder / "robot.db"
    assert site.run(Orders(largest_file=store.stat().st_size + room)) in {0, FAULT}
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("disk full", site.engine.name)


@pytest.mark.parametrize("left", [0, 16, 48, 96, 160])
def test_the_store_stands_on_a_full_disk(
    site: Site, small_disk: Path, undisturbed: EndState, tally: Tally, left: int
) -> None:
    shutil.copy(site.folder / "robot.db", small_disk / "robot.db")
    site.store = f"sqlite:///{small_disk / 'robot.db'}"
    ballast = small_disk / "ballast"
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(b"x" * (free - left * 1024))
    assert site.run() == FAULT
    ballast.unlink()
    resize(small_disk, "20m")
    site.recover()
    assert (site.end(), site.breaches()) == (undisturbed, [])
    tally("disk full", site.engine.name)
