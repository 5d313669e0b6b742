"""Walking a folder and reading its files so that nothing in it can stop or mislead the robot.

Names that are no UTF-8 are shown with escapes, links never lead out of the folder, special files
are not opened, and a file larger than its limit is not read.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from robot.errors import SourceError

SIDECAR_SUFFIX = ".json"
MARK_SUFFIX = ".rejected.json"
DOCUMENT_SUFFIX = ".xml"
#: The usual spelling first.
_SIDECAR_SUFFIXES = (SIDECAR_SUFFIX, ".JSON", ".Json")

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)

#: How much of a file of another kind is looked at to see whether it is an XML document.
_PEEK = 4096
_FIRST_TAG = re.compile(r"\s*<(?:\?xml\b|[A-Za-z_])")
_DOCUMENT_SPACES = (
    "urn:oasis:names:specification:ubl:",
    "urn:oioubl:",
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice",
    "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader",
    "http://rep.oio.dk/ubl/",
)

#: Told of a file that is no document: its name in the folder, and why it was left out.
OnSkipped = Callable[[str, str], None]


#: The state of a document's files: of each that may be there its place, size and last change.
Stamp = tuple[tuple[int, ...] | None, ...]


class CannotReadError(Exception):
    """One file can't be read; the message says why and what to do, without the file's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file that is to be read as a document."""

    path: Path
    #: The path below the folder, as the system has it.
    relative: str
    #: As shown to people and stored: relative to the folder, with `/`, printable characters only.
    name: str
    #: The document's id where its sidecar gives none.
    fallback_id: str
    sidecar: Path | None
    #: Whether there was a mark of a rejection when the folder was listed.
    marked: bool

    @property
    def mark(self) -> Path:
        """Where a rejection is noted."""
        return self.path.with_name(_stem(self.path.name) + MARK_SUFFIX)


def find_files(root: Path, on_skipped: OnSkipped) -> Iterator[FoundFile]:
    """All documents below a folder, in the order of their names, one at a time.

    Hidden files, sidecars and marks are passed over; what else is no document is told.

    Raises:
        SourceError: The folder itself can't be listed.
    """
    try:
        entries = _entries(root)
    except OSError as error:
        raise SourceError(
            f"the folder of documents {shown(str(root))} can't be listed: {why(error)}",
            hint="check the path and the permissions",
        ) from error
    open_folders = [_Folder.of("", entries)]
    while open_folders:
        folder = open_folders[-1]
        entry = next(folder.left, None)
        if entry is None:
            open_folders.pop()
        elif entry.name.startswith("."):
            continue
        elif _is_directory(entry):
            below = _below(entry, folder.below + entry.name, on_skipped)
            open_folders += [] if below is None else [below]
        elif _is_document(root, entry, folder, on_skipped):
            yield _found(root, folder.below, entry.name, folder.names)


def file_at(directory: Path, relative: str) -> FoundFile:
    """One file below a folder by its path, with the sidecar beside it if there is one."""
    path = directory / relative
    below = relative[: len(relative) - len(path.name)]
    stem = _stem(path.name)
    names = (stem + suffix for suffix in (*_SIDECAR_SUFFIXES, MARK_SUFFIX))
    beside = frozenset(name for name in names if os.path.lexists(path.with_name(name)))
    return _found(directory, below, path.name, beside)


def read_file(path: Path, *, within: Path, limit: int) -> bytes:
    """A file's bytes.

    Args:
        path: The file; a link is followed when its target lies in `within`.
        within: The folder that may not be left.
        limit: The largest size that is read, in bytes.

    Raises:
        FileNotFoundError: The file is gone.
        CannotReadError: It may not be read, is too large, or is no ordinary file.
    """
    try:
        descriptor = _opened(path, within)
        try:
            content = _read(descriptor, limit)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise CannotReadError(f"can't be read: {why(error)}") from error
    return content


def stamp_of(file: FoundFile) -> Stamp:
    """Equal for two moments when nobody has touched the document, its sidecar or its mark.

    The time of the last change of the entry itself is in it, which no editor can set back.
    """
    path = os.fspath(file.path)
    stem = _stem(path)
    beside = stem + SIDECAR_SUFFIX if file.sidecar is None else file.sidecar
    return _state_of(path), _state_of(beside), _state_of(stem + MARK_SUFFIX)


def _state_of(path: str | Path) -> tuple[int, ...] | None:
    try:
        state = os.stat(path)  # noqa: PTH116 (a Path made for each look is half of its time)
    except OSError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def shown(name: str) -> str:
    """A name that can be printed and stored: what is no text in it is escaped."""
    readable = os.fsencode(name).decode("utf-8", "backslashreplace")
    if readable.isprintable():
        return readable
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in readable
    )


def why(error: OSError) -> str:
    """The system's reason in words."""
    if isinstance(error, PermissionError):
        return "permission denied; let the robot's user read it"
    return (error.strerror or type(error).__name__).lower()


def _entries(directory: Path) -> list[os.DirEntry[str]]:
    with os.scandir(directory) as entries:
        return sorted(entries, key=lambda entry: os.fsencode(entry.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """A folder that is being walked: its path with `/` at the end, its names, what is left."""

    below: str
    names: frozenset[str]
    #: What sidecars and marks may belong to: names of documents without `.xml`, else whole names.
    stems: frozenset[str]
    left: Iterator[os.DirEntry[str]]

    @classmethod
    def of(cls, below: str, entries: list[os.DirEntry[str]]) -> _Folder:
        names = frozenset(entry.name for entry in entries)
        stems = frozenset(map(_stem, names))
        return cls(below=below, names=names, stems=stems, left=iter(entries))


def _below(entry: os.DirEntry[str], relative: str, on_skipped: OnSkipped) -> _Folder | None:
    if entry.is_symlink():
        on_skipped(shown(relative), "is a link to a folder, which is not followed")
        return None
    try:
        return _Folder.of(f"{relative}/", _entries(Path(entry.path)))
    except FileNotFoundError:
        return None
    except OSError as error:
        on_skipped(shown(relative), f"is a folder that can't be listed: {why(error)}")
        return None


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_document(
    root: Path, entry: os.DirEntry[str], folder: _Folder, on_skipped: OnSkipped
) -> bool:
    lower = entry.name.lower()
    if lower.endswith(DOCUMENT_SUFFIX):
        return True
    reason = ""
    if not lower.endswith(SIDECAR_SUFFIX):
        reason = _why_no_document(Path(entry.path), root)
        if not reason:
            return True
    elif not _belongs_to_a_document(entry.name, folder.stems):
        reason = "is a sidecar or a mark without its document beside it"
    if reason:
        on_skipped(shown(folder.below + entry.name), reason)
    return False


def _why_no_document(path: Path, root: Path) -> str:
    try:
        with _target(path, root).open("rb") as file:
            head = file.read(_PEEK)
    except FileNotFoundError:
        return "is gone, or is a link to nothing"
    except CannotReadError as error:
        return str(error)
    except OSError as error:
        return f"can't be read: {why(error)}"
    return "" if _looks_like_a_document(head) else "is no XML document"


def _looks_like_a_document(head: bytes) -> bool:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = head.decode(encoding, "replace")
    if not _FIRST_TAG.match(text):
        return False
    return text.lstrip().startswith("<?xml") or any(space in text for space in _DOCUMENT_SPACES)


def _belongs_to_a_document(name: str, stems: frozenset[str]) -> bool:
    suffix = MARK_SUFFIX if name.lower().endswith(MARK_SUFFIX) else SIDECAR_SUFFIX
    return name[: -len(suffix)] in stems


def _found(root: Path, below: str, name: str, siblings: frozenset[str]) -> FoundFile:
    folder = root / below
    stem = _stem(name)
    names = (stem + suffix for suffix in _SIDECAR_SUFFIXES)
    sidecar = next((beside for beside in names if beside in siblings), None)
    return FoundFile(
        path=folder / name,
        relative=below + name,
        name=shown(below + name),
        fallback_id=shown(below + stem),
        sidecar=None if sidecar is None else folder / sidecar,
        marked=stem + MARK_SUFFIX in siblings,
    )


def _stem(name: str) -> str:
    """The name without `.xml`, else the whole name, so that no two share one."""
    return name[: -len(DOCUMENT_SUFFIX)] if name.lower().endswith(DOCUMENT_SUFFIX) else name


def _target(path: Path, within: Path) -> Path:
    """The file itself, behind a link too; an ordinary file within the folder."""
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        path = path.resolve(strict=True)
        if not path.is_relative_to(within.resolve()):
            raise CannotReadError(
                "is a link that leads out of the folder; put the file itself here"
            )
        mode = os.lstat(path).st_mode
    if not stat.S_ISREG(mode):
        raise CannotReadError("is no ordinary file")
    return path


def _opened(path: Path, within: Path) -> int:
    # A link or a pipe that takes its place in this moment is not followed or waited for.
    return os.open(_target(path, within), _FLAGS)


def _read(descriptor: int, limit: int) -> bytes:
    size = os.fstat(descriptor).st_size
    parts: list[bytes] = []
    length = 0
    while size <= limit and (part := os.read(descriptor, max(size - length, 0) + 1)):
        parts.append(part)
        length += len(part)
        size = max(size, length)
    if size > limit:
        raise CannotReadError(f"is {size:,} bytes large; at most {limit:,} bytes are read")
    return b"".join(parts)


def put(path: Path, content: bytes, like: Path) -> None:
    """Write a file so that it is there whole or not at all, also when the machine stops meanwhile.

    Args:
        path: The file.
        content: Its bytes.
        like: The file whose permissions it gets, so that who reads that one reads this too.

    Raises:
        OSError: It can't be written.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.")
    temporary = Path(name)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123  (a descriptor)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(like.stat().st_mode & 0o666)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    with contextlib.suppress(
        OSError
    ):  # a file system that can't do this keeps the file all the same
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
