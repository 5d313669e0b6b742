"""Approved documents from a folder, for the demo, for tests and for anyone's files.

- `X.xml` (in any spelling) is a document; `X.json` beside it is its sidecar (see `sidecar`). A
  file of another name is a document too when its content is an XML document; its sidecar and
  mark then stand beside its whole name (`X.txt.json`). Folders below are walked, in the order of
  names.
- Without a sidecar the system is `folder`, the id the path without `.xml`, the rest not known.
- What can't be read is given as `unreadable` with the reason, so that nothing is lost: a file
  without permission, too large, a link out of the folder, a sidecar with a mistake in it, an id
  that another file has already.
- `X.rejected.json` marks the versions that were rejected. Such a version is not approved any more
  and is not given; a changed document or sidecar is a new version and is given again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from robot.adapters.folder.files import (
    MARK_SUFFIX,
    CannotReadError,
    FoundFile,
    OnSkipped,
    Stamp,
    file_at,
    find_files,
    read_file,
    shown,
    stamp_of,
)
from robot.adapters.folder.marks import add_rejection, rejections
from robot.adapters.folder.sidecar import FOLDER, SYSTEMS, Sidecar, read_sidecar
from robot.domain.document import ApprovedDocument, SourceStatement
from robot.domain.invoice import Invoice
from robot.errors import SourceError

#: A sidecar with more mistakes than this is not quoted in full.
_PROBLEMS_TOLD = 5
_UNREADABLE = "unreadable"


class Refused(Protocol):
    """Why a document's bytes are no invoice."""

    @property
    def code(self) -> str:
        """The error type: `unreadable` or `not-an-invoice`."""

    @property
    def reason(self) -> str:
        """What is wrong, in words."""


#: Reads the bytes of one document; never raises on what it is given.
Read = Callable[[bytes], Invoice | Refused]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The largest files that are read, in bytes."""

    document: int = 100 * 1024 * 1024
    sidecar: int = 4 * 1024 * 1024


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """A file's bytes and what its sidecar states; `trouble` when either can't be used."""

    file: FoundFile
    content: bytes
    content_hash: str
    statement: SourceStatement
    stamp: Stamp = ()
    trouble: str = ""

    @property
    def version(self) -> str:
        return self._document(None).version

    def document(self, read: Read) -> ApprovedDocument:
        if self.trouble:
            return replace(self._document(None), refusal=_UNREADABLE, reason=self.trouble)
        outcome = read(self.content)
        if isinstance(outcome, Invoice):
            return self._document(outcome)
        return replace(self._document(None), refusal=outcome.code, reason=outcome.reason)

    def _document(self, invoice: Invoice | None) -> ApprovedDocument:
        return ApprovedDocument(
            name=self.file.name,
            statement=self.statement,
            content_hash=self.content_hash,
            invoice=invoice,
        )


def document_from(path: Path, read: Read, *, limits: Limits = DEFAULT_LIMITS) -> ApprovedDocument:
    """One document from a file that a person named, with its sidecar; what is wrong is told."""
    file = file_at(path.parent, path.name)
    try:
        loaded = _load(file, path.parent, limits)
    except FileNotFoundError:
        loaded = _unread(file, "does not exist")
    return loaded.document(read)


class FolderSource:
    """A folder as the source of approved documents; implements `robot.flow.ports.Source`.

    Args:
        path: The folder.
        read: Reads one document's bytes.
        on_skipped: Told of each file that is no document: its name and why.
        limits: The largest files that are read.
    """

    def __init__(
        self,
        path: Path,
        read: Read,
        *,
        on_skipped: OnSkipped = lambda name, reason: None,  # noqa: ARG005  (the default tells nobody)
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._path = path
        self._read = read
        self._on_skipped = on_skipped
        self._limits = limits
        #: Where the document of a system and id lies, as last walked.
        self._paths: dict[tuple[str, str], str] = {}
        #: Where a version lay when it was read, and the state of its files just before.
        self._given: dict[tuple[str, str], tuple[FoundFile, Stamp]] = {}

    def pull(self) -> Iterator[ApprovedDocument]:
        """All documents that are approved now, one at a time, in the order of their names.

        Of two files with the same system and id the first is given as it is, the other as
        `unreadable` under its path.

        Raises:
            SourceError: The folder can't be listed.
        """
        self._given = {}
        for loaded in self._loaded(self._on_skipped):
            if loaded.file.marked and loaded.version in _rejected(loaded.file):
                continue
            document = loaded.document(self._read)
            identity = loaded.statement.document_id, document.version
            self._given[identity] = loaded.file, loaded.stamp
            yield document

    def withdrawn(self, versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Which of these versions are not in the folder any more: changed, gone or rejected.

        A file that nobody has touched since it was read is not read again.

        Raises:
            SourceError: The folder can't be listed.
        """
        doubtful = {version for version in versions if not self._untouched(version)}
        if not doubtful:
            return frozenset()
        for loaded in self._loaded(lambda name, reason: None):  # noqa: ARG005  (pull has told)
            identity = loaded.statement.document_id, loaded.version
            if identity in doubtful and loaded.version not in _rejected(loaded.file):
                doubtful.discard(identity)
                self._given[identity] = loaded.file, loaded.stamp
        return frozenset(doubtful)

    def _untouched(self, version: tuple[str, str]) -> bool:
        given = self._given.get(version)
        return given is not None and stamp_of(given[0]) == given[1]

    def reject(self, document_id: str, version: str, reasons: Sequence[str]) -> None:
        """Mark one version as rejected in `X.rejected.json`; doing it again changes nothing.

        Raises:
            SourceError: The mark can't be written, or no file has this id.
        """
        owner = self._owner(document_id, version)
        if owner is None:
            for _ in self._loaded(lambda name, reason: None):  # noqa: ARG005  (pull has told)
                pass
            owner = self._owner(document_id, version)
        if owner is None:
            raise SourceError(
                f"no file in {shown(str(self._path))} has the document id '{document_id}'",
                hint="put the document and its sidecar back, so that the rejection can be noted",
            )
        add_rejection(owner.mark, version, reasons, like=owner.path)

    def _owner(self, document_id: str, version: str) -> FoundFile | None:
        """The file that has this id now; of several systems' the one whose version it is."""
        if self._untouched((document_id, version)):
            return self._given[document_id, version][0]
        owners: list[FoundFile] = []
        for system in SYSTEMS:
            relative = self._paths.get((system, document_id))
            if relative is None:
                continue
            try:
                loaded = _load(file_at(self._path, relative), self._path, self._limits)
            except FileNotFoundError:
                continue
            if document_id not in (loaded.statement.document_id, loaded.file.name):
                continue
            if loaded.version == version:
                return loaded.file
            owners.append(loaded.file)
        return owners[0] if owners else None

    def _loaded(self, on_skipped: OnSkipped) -> Iterator[_Loaded]:
        self._paths = {}
        for file in find_files(self._path, on_skipped):
            try:
                loaded = _load(file, self._path, self._limits)
            except FileNotFoundError:
                on_skipped(file.name, "is gone, or is a link to nothing")
                continue
            first = self._paths.setdefault(_identity(loaded), file.relative)
            if first != file.relative:
                loaded = _with_another_id(loaded, shown(first))
                self._paths.setdefault(_identity(loaded), file.relative)
            yield loaded


def _identity(loaded: _Loaded) -> tuple[str, str]:
    return loaded.statement.system, loaded.statement.document_id


def _rejected(file: FoundFile) -> set[str]:
    return {rejection.version for rejection in rejections(file.mark)}


def _load(file: FoundFile, root: Path, limits: Limits) -> _Loaded:
    # Taken first: what is changed while it is read is read again.
    stamp = stamp_of(file)
    sidecar = _sidecar(file, root, limits)
    try:
        content = read_file(file.path, within=root, limit=limits.document)
    except CannotReadError as error:
        unread = _unread(file, f"the file {error}")
        return replace(unread, statement=sidecar.statement, stamp=stamp)
    if not sidecar.problems:
        return _Loaded(
            file=file,
            content=content,
            content_hash=hashlib.sha256(content).hexdigest(),
            statement=sidecar.statement,
            stamp=stamp,
        )
    trouble = "; ".join(sidecar.problems[:_PROBLEMS_TOLD])
    more = len(sidecar.problems) - _PROBLEMS_TOLD
    trouble = f"{trouble}; and {more} more" if more > 0 else trouble
    # With the trouble in the hash, a sidecar that is corrected halfway is a new version.
    return _Loaded(
        file=file,
        content=content,
        content_hash=hashlib.sha256(content + trouble.encode()).hexdigest(),
        statement=_identity_only(sidecar.statement),
        stamp=stamp,
        trouble=f"the sidecar can't be used: {trouble}",
    )


def _sidecar(file: FoundFile, root: Path, limits: Limits) -> Sidecar:
    nothing = SourceStatement(system=FOLDER, document_id=file.fallback_id)
    if file.fallback_id.lower().endswith(MARK_SUFFIX.removesuffix(".json")):
        problem = f"{file.name}: a name that ends in .rejected.xml is taken for a mark; rename it"
        return Sidecar(statement=nothing, problems=(problem,))
    if file.sidecar is None:
        return Sidecar(statement=nothing)
    name = shown(file.sidecar.name)
    try:
        content = read_file(file.sidecar, within=root, limit=limits.sidecar)
    except FileNotFoundError:
        return Sidecar(statement=nothing, problems=(f"{name}: is gone, or is a link to nothing",))
    except CannotReadError as error:
        return Sidecar(statement=nothing, problems=(f"{name}: the file {error}",))
    return read_sidecar(content, file=name, fallback_id=file.fallback_id)


def _identity_only(statement: SourceStatement) -> SourceStatement:
    """What may be relied on in a sidecar with mistakes: whose it is, and confidentiality."""
    return SourceStatement(
        system=statement.system,
        document_id=statement.document_id,
        customer=statement.customer,
        confidential=statement.confidential,
    )


def _unread(file: FoundFile, trouble: str) -> _Loaded:
    return _Loaded(
        file=file,
        content=b"",
        content_hash=hashlib.sha256(f"{file.name}\n{trouble}".encode()).hexdigest(),
        statement=SourceStatement(system=FOLDER, document_id=file.fallback_id),
        trouble=trouble,
    )


def _with_another_id(loaded: _Loaded, first: str) -> _Loaded:
    """A document whose id another file has: it goes by its path, and is not read as an invoice."""
    trouble = (
        f"its document id '{loaded.statement.document_id}' is already that of {first};"
        " give each document an id of its own"
    )
    return replace(
        loaded,
        statement=replace(
            _identity_only(loaded.statement), system=FOLDER, document_id=loaded.file.name
        ),
        trouble=trouble,
    )
