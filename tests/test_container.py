"""The image's build steps, run without a container engine, and the robot as its own user."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCKERFILE = Path("Dockerfile").read_text(encoding="utf-8")
NOBODY = 65534


def stages() -> list[str]:
    return re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


def copied(stage: str) -> list[tuple[list[str], str]]:
    """What a stage takes from the build context, and to where."""
    copies = re.findall(r"^COPY (?!--from)(.+)$", stage, flags=re.MULTILINE)
    return [(parts[:-1], parts[-1]) for parts in (line.split() for line in copies)]


def lay_out(stage: str, target: Path) -> None:
    """Do a stage's COPY lines from the repository into a folder."""
    for sources, destination in copied(stage):
        for source in sources:
            to = target / destination / (Path(source).name if destination == "./" else "")
            to.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-r", source, str(to).rstrip("/")], check=True)  # noqa: S603, S607


def path_for_everybody() -> str:
    """A PATH whose python3 another user can run; the one in use may lie in a private home."""
    usable = subprocess.run(
        ["/usr/bin/python3", "-c", "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"],
        check=False,
        capture_output=True,
    )
    return "/usr/bin:/bin" if usable.returncode == 0 else os.environ["PATH"]


@pytest.fixture(name="image", scope="module")
def _image() -> Iterator[Path]:
    """The file system that the Dockerfile makes, as far as it is ours."""
    root = Path(tempfile.mkdtemp(prefix="image-"))
    root.chmod(0o755)
    build, run = stages()
    lay_out(build, root / "src")
    command = re.search(r"^RUN sh (\S+) /src /opt/robot$", build, flags=re.MULTILINE)
    assert command is not None
    subprocess.run(  # noqa: S603
        ["sh", str(root / "src" / command[1]), str(root / "src"), str(root / "opt/robot")],  # noqa: S607
        check=True,
        timeout=300,
        env={**os.environ, "PATH": path_for_everybody()},
    )
    lay_out(run, root / "app")
    yield root
    shutil.rmtree(root)


def test_the_build_stage_installs_the_robot_from_the_locks_alone(image: Path) -> None:
    listed = subprocess.run(  # noqa: S603
        [str(image / "opt/robot/bin/python"), "-m", "pip", "freeze", "--exclude-editable"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    locked = Path("requirements.lock").read_text() + Path("requirements-build.lock").read_text()
    locked = re.sub(r"[-_.]+", "-", locked.casefold())
    installed = [
        line.casefold() for line in listed.splitlines() if not line.startswith("invoice-robot")
    ]
    assert installed
    assert [line for line in installed if re.sub(r"[-_.]+", "-", line) not in locked] == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_the_robot_runs_as_nobody_and_writes_only_where_its_volume_is(image: Path) -> None:
    volume = image / "app" / "var"
    volume.mkdir(exist_ok=True)
    os.chown(volume, NOBODY, NOBODY)
    before = {path for path in image.rglob("*") if volume not in path.parents}
    done = subprocess.run(  # noqa: S603
        [str(image / "opt/robot/bin/invoice-robot"), "demo"],
        cwd=image / "app",
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in {0, 1}, done.stderr[-2000:]
    assert (volume / "demo" / "report.html").is_file()
    assert {path for path in image.rglob("*") if volume not in path.parents} == before


def test_the_image_runs_as_a_numbered_user_that_is_not_root() -> None:
    user = re.search(r"^USER (\d+)$", stages()[-1], flags=re.MULTILINE)
    assert user is not None
    assert int(user[1]) > 0


def test_the_image_has_time_zones_odbc_and_a_health_check() -> None:
    final = stages()[-1]
    assert re.search(r"install .*tzdata unixodbc", final)
    assert "HEALTHCHECK" in final
    assert '"doctor", "--alive"' in final
