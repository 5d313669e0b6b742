"""The files of a rule directory as text, wherever they come from: a folder or a kept version."""

from __future__ import annotations

import errno
import hashlib
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from robot.rulebook.problem import Report

#: Bytes in one file; the largest customer file that ever existed is a hundredth of it.
MAX_BYTES: Final = 4_000_000
#: The folders of a rule directory.
CUSTOMERS: Final = "customers"
FOLDERS: Final = (CUSTOMERS, "lists", "cases")
_SUFFIXES: Final = frozenset({".yaml", ".yml", ".csv"})
_BYTE_ORDER_MARKS: Final = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\xef\xbb\xbf": "UTF-8 with a byte order mark",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """One file: its name inside the directory (`customers/x.yaml`), where to show it, its text.

    `text` is None when the file can't be read as text; `report` then says why.
    """

    name: str
    path: str
    text: str | None
    report: Report

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hex."""
        return hashlib.sha256((self.text or "").encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFiles:
    """Everything that a rule directory holds, by name."""

    root: str
    files: Mapping[str, RuleFile] = field(default_factory=dict)

    def get(self, name: str) -> RuleFile | None:
        """One file, or None when there is no such file."""
        return self.files.get(name)

    def under(self, folder: str) -> list[RuleFile]:
        """The files of one folder, by name."""
        prefix = f"{folder}/"
        return [file for name, file in sorted(self.files.items()) if name.startswith(prefix)]

    def path(self, name: str) -> str:
        """Where a file would be, for messages."""
        return f"{self.root}/{name}" if self.root else name


def rule_file(name: str, path: str, data: bytes) -> RuleFile:
    """Decode one file. What is not UTF-8 text gets a problem with its place."""
    report = Report(path)
    text = _decode(data, report)
    if text is not None:
        report.lines = tuple(text.split("\n"))
    return RuleFile(name=name, path=path, text=text, report=report)


def read_directory(root: Path) -> RuleFiles:
    """Read what belongs to the rules under `root`; a file that can't be opened is a problem."""
    files: dict[str, RuleFile] = {}
    for path in sorted(_candidates(root)):
        name = path.relative_to(root).as_posix()
        objection = ""
        try:
            objection = _no_file(path)
            if not objection:
                files[name] = rule_file(name, str(path), path.read_bytes())
        except OSError as error:
            objection = _why(path, error)
        if objection:
            report = Report(str(path))
            report.error(
                "file-unreadable", report.at(1, 1), f"the file can't be opened: {objection}"
            )
            files[name] = RuleFile(name=name, path=str(path), text=None, report=report)
    return RuleFiles(root=str(root), files=files)


def _candidates(root: Path) -> Iterator[Path]:
    yield from root.glob("*.yaml")
    yield from root.glob("*.yml")
    for name in FOLDERS:
        folder = root / name
        if not folder.is_dir():
            if folder.exists() or folder.is_symlink():
                yield folder
            continue
        for path in folder.iterdir():
            beside = path.is_dir() and path.suffix not in _SUFFIXES
            if not beside and not path.name.startswith("."):
                yield path


def _no_file(path: Path) -> str:
    """Why a path is nothing that can be read; reading a pipe would wait for ever.

    Raises:
        OSError: There is nothing, or a link that leads nowhere.
    """
    mode = path.stat().st_mode
    if path.name in FOLDERS:
        return "it must be a folder"
    if stat.S_ISREG(mode):
        return ""
    return "it is a folder" if stat.S_ISDIR(mode) else "it is not a file (a pipe or a device)"


def _why(path: Path, error: OSError) -> str:
    if path.is_symlink() and error.errno in {errno.ELOOP, errno.ENOENT}:
        lost = "which leads back to it" if error.errno == errno.ELOOP else "where nothing is"
        return f"it is a link to {path.readlink()}, {lost}"
    return error.strerror or str(error)


def _decode(data: bytes, report: Report) -> str | None:
    start = report.at(1, 1)
    if len(data) > MAX_BYTES:
        report.error(
            "file-too-large", start, f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        )
        return None
    for mark, name in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            report.error(
                "not-utf8", start, f"the file is {name}", "save it as UTF-8 without a mark"
            )
            return None
    try:
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        report.error(
            "not-utf8",
            report.at(line, column),
            f"byte 0x{data[error.start]:02x} is not UTF-8 text",
            "save the file as UTF-8",
        )
        return None
