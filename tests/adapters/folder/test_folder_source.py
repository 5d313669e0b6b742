"""The folder source: what is a document, what is told, what is never lost."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from robot.adapters.folder import FolderSource, Limits, document_from
from robot.domain.document import ApprovedDocument
from robot.domain.invoice import Invoice
from robot.errors import SourceError
from tests.support.factories import an_invoice

NOBODY = 65534
AN_INVOICE = b'<?xml version="1.0"?><Invoice/>'


@dataclass(frozen=True)
class Refused:
    code: str
    reason: str


def read(content: bytes) -> Invoice | Refused:
    """Takes any `<Invoice` for the everyday one; enough, as the source never looks inside."""
    if b"<Invoice" not in content:
        return Refused("unreadable", "is not XML")
    return an_invoice(content_hash=hashlib.sha256(content).hexdigest())


class Folder:
    """A folder being filled, and what a source says about it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.skipped: dict[str, str] = {}
        self.source = FolderSource(path, read, on_skipped=self.skipped.__setitem__)

    def put(self, name: str, content: bytes = AN_INVOICE, sidecar: object = None) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if sidecar is not None:
            text = sidecar if isinstance(sidecar, str) else json.dumps(sidecar)
            path.with_suffix(".json").write_text(text, encoding="utf-8")
        return path

    def pull(self) -> list[ApprovedDocument]:
        return list(self.source.pull())

    def names(self) -> list[str]:
        return [document.name for document in self.pull()]

    def only(self) -> ApprovedDocument:
        (document,) = self.pull()
        return document


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "inbox"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def ordinary_user() -> Iterator[Callable[[Path], None]]:
    """Turns root into an ordinary user who owns the given folder; others are ordinary already."""
    root = os.geteuid() == 0

    def become(path: Path) -> None:
        if root:
            os.chown(path, NOBODY, -1)
            os.seteuid(NOBODY)

    yield become
    if root:
        os.seteuid(0)


@pytest.fixture
def shared_folder() -> Iterator[Folder]:
    """A folder that any user can reach (those of `tmp_path` belong to who runs the tests)."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield Folder(path)


def reason_of(document: ApprovedDocument) -> str:
    assert document.invoice is None
    assert document.refusal == "unreadable"
    assert document.reason is not None
    return document.reason


# ------------------------------------------------------------------ what is a document


def test_documents_come_in_the_order_of_their_names_folders_included(folder: Folder) -> None:
    for name in ("b.xml", "a/2.xml", "a/1.xml", "c.xml", "a.xml"):
        folder.put(name)

    assert folder.names() == ["a/1.xml", "a/2.xml", "a.xml", "b.xml", "c.xml"]
    assert folder.names() == folder.names()


def test_one_document_is_read_at_a_time(folder: Folder) -> None:
    for number in range(5):
        folder.put(f"{number}.xml")

    pulled = folder.source.pull()
    next(pulled)
    (folder.path / "3.xml").unlink()

    assert [document.name for document in pulled] == ["1.xml", "2.xml", "4.xml"]


def test_the_spelling_of_the_suffix_does_not_matter(folder: Folder) -> None:
    folder.put("LOUD.XML")

    assert folder.only().statement.document_id == "LOUD"


def test_a_file_of_another_name_is_a_document_when_its_content_is(folder: Folder) -> None:
    folder.put("faktura.txt")
    folder.put("utf16", '<?xml version="1.0"?><Invoice/>'.encode("utf-16"))
    folder.put("declared-nothing.ubl", b'<Invoice xmlns="urn:oasis:names:specification:ubl:x"/>')

    assert folder.names() == ["declared-nothing.ubl", "faktura.txt", "utf16"]
    assert folder.skipped == {}


def test_a_file_of_another_name_keeps_its_whole_name_as_id_and_for_its_sidecar(
    folder: Folder,
) -> None:
    folder.put("faktura.xml")
    folder.put("faktura.txt")
    (folder.path / "faktura.txt.json").write_text('{"remark": "den anden"}')

    by_id = {document.statement.document_id: document for document in folder.pull()}

    assert by_id["faktura.txt"].statement.remark == "den anden"
    assert by_id["faktura"].statement.remark is None


def test_other_files_are_left_out_and_told(folder: Folder) -> None:
    folder.put("INDEX.tsv", b"path\ttype\n")
    folder.put("README.md", b'<h1 align="center">Invoices</h1>')
    folder.put("scan.pdf", b"%PDF-1.4")
    folder.put("a.xml")

    assert folder.names() == ["a.xml"]
    assert folder.skipped == dict.fromkeys(
        ("INDEX.tsv", "README.md", "scan.pdf"), "is no XML document"
    )


def test_a_file_that_is_named_xml_is_given_whatever_is_in_it(folder: Folder) -> None:
    folder.put("scan.xml", b"%PDF-1.4")

    assert reason_of(folder.only()) == "is not XML"


def test_hidden_files_sidecars_and_marks_are_no_documents(folder: Folder) -> None:
    folder.put("a.xml", sidecar={})
    folder.put(".a.xml")
    folder.put(".git/b.xml")
    folder.put("a.rejected.json", b"{}")

    assert folder.names() == ["a.xml"]
    assert folder.skipped == {}


def test_a_sidecar_without_its_document_is_told(folder: Folder) -> None:
    folder.put("gone.json", b"{}")

    assert folder.pull() == []
    assert folder.skipped == {"gone.json": "is a sidecar or a mark without its document beside it"}


def test_a_folder_that_is_not_there_is_a_fault_of_the_source(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"absent can't be listed: no such file"):
        list(FolderSource(tmp_path / "absent", read).pull())


# ------------------------------------------------------------------ what the statement says


def test_without_a_sidecar_nothing_is_known_but_the_path(folder: Folder) -> None:
    folder.put("museum/2026-11.xml")

    statement = folder.only().statement

    assert (statement.system, statement.document_id) == ("folder", "museum/2026-11")
    assert statement.approvals is None
    assert statement.coding is None
    assert statement.remark is None
    assert statement.confidential is None


def test_the_sidecar_beside_the_document_is_its_statement(folder: Folder) -> None:
    folder.put("a.xml", sidecar={"source_system": "sdi", "document_id": "SDI-7"})

    document = folder.only()

    assert (document.statement.system, document.statement.document_id) == ("sdi", "SDI-7")
    assert document.name == "a.xml"
    assert document.content_hash == hashlib.sha256(AN_INVOICE).hexdigest()


def test_a_broken_sidecar_gives_the_document_with_the_place_and_the_fix(folder: Folder) -> None:
    folder.put("a.xml", sidecar='{\n  "posting_dato": "2026-11-24"\n}')

    assert reason_of(folder.only()) == (
        "the sidecar can't be used: a.json, line 2, column 3: 'posting_dato' is not a key here;"
        " did you mean 'posting_date'?"
    )


def test_a_broken_sidecar_still_says_whose_document_it_is(folder: Folder) -> None:
    folder.put(
        "a.xml",
        sidecar={
            "source_system": "sdi",
            "document_id": "SDI-7",
            "confidential": True,
            "coding": 5,
        },
    )

    statement = folder.only().statement

    assert (statement.system, statement.document_id) == ("sdi", "SDI-7")
    assert statement.confidential is True
    assert statement.coding is None


def test_a_sidecar_that_is_corrected_halfway_is_a_new_version(folder: Folder) -> None:
    folder.put("a.xml", sidecar={"remrk": "x", "codig": []})
    before = folder.only().version
    folder.put("a.xml", sidecar={"remrk": "x", "coding": []})

    assert folder.only().version != before


def test_of_two_files_with_one_id_the_second_is_refused_under_its_own_name(folder: Folder) -> None:
    for name in ("a.xml", "b.xml"):
        folder.put(name, sidecar={"source_system": "sdi", "document_id": "SDI-7"})

    first, second = folder.pull()

    assert first.invoice is not None
    assert reason_of(second) == (
        "its document id 'SDI-7' is already that of a.xml; give each document an id of its own"
    )
    assert (second.statement.system, second.statement.document_id) == ("folder", "b.xml")


def test_two_systems_may_use_the_same_id(folder: Folder) -> None:
    folder.put("a.xml", sidecar={"source_system": "sdi", "document_id": "7"})
    folder.put("b.xml", sidecar={"source_system": "indfak", "document_id": "7"})

    assert [document.refusal for document in folder.pull()] == [None, None]


# ------------------------------------------------------------------ what can't be read


def test_a_file_above_the_limit_is_refused_without_reading_it(folder: Folder) -> None:
    folder.put("big.xml", AN_INVOICE + b" " * 100)
    source = FolderSource(folder.path, read, limits=Limits(document=100))

    (document,) = source.pull()

    assert reason_of(document) == "the file is 131 bytes large; at most 100 bytes are read"


def test_a_sidecar_above_the_limit_is_refused(folder: Folder) -> None:
    folder.put("a.xml", sidecar={"remark": "x" * 100})
    source = FolderSource(folder.path, read, limits=Limits(sidecar=50))

    (document,) = source.pull()

    assert "a.json: the file is" in reason_of(document)


def test_a_file_without_permission_is_refused_with_the_fix(
    shared_folder: Folder, ordinary_user: Callable[[Path], None]
) -> None:
    shared_folder.put("a.xml").chmod(0)
    ordinary_user(shared_folder.path)

    assert reason_of(shared_folder.only()) == (
        "the file can't be read: permission denied; let the robot's user read it"
    )


def test_a_link_out_of_the_folder_is_refused(folder: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_bytes(AN_INVOICE)
    (folder.path / "a.xml").symlink_to(outside)

    assert reason_of(folder.only()) == (
        "the file is a link that leads out of the folder; put the file itself here"
    )


def test_a_sidecar_that_links_out_of_the_folder_is_refused(folder: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text('{"remark": "secret"}')
    folder.put("a.xml")
    (folder.path / "a.json").symlink_to(outside)

    assert "a.json: the file is a link that leads out of the folder" in reason_of(folder.only())


def test_a_link_within_the_folder_is_followed(folder: Folder) -> None:
    folder.put(".data/a.xml")
    (folder.path / "a.xml").symlink_to(".data/a.xml")

    assert folder.only().invoice is not None


def test_a_linked_folder_is_not_followed_but_told(folder: Folder) -> None:
    (folder.path / "loop").symlink_to(folder.path, target_is_directory=True)

    assert folder.pull() == []
    assert folder.skipped == {"loop": "is a link to a folder, which is not followed"}


def test_a_link_to_nothing_is_told(folder: Folder) -> None:
    (folder.path / "a.xml").symlink_to("absent.xml")

    assert folder.pull() == []
    assert folder.skipped == {"a.xml": "is gone, or is a link to nothing"}


def test_a_pipe_is_refused_and_not_waited_for(folder: Folder) -> None:
    os.mkfifo(folder.path / "a.xml")
    os.mkfifo(folder.path / "b.txt")

    assert reason_of(folder.only()) == "the file is no ordinary file"
    assert folder.skipped == {"b.txt": "is no ordinary file"}


def test_a_name_that_is_no_text_is_shown_with_escapes(folder: Folder) -> None:
    (folder.path / os.fsdecode(b"r\xf8d\n.xml")).write_bytes(AN_INVOICE)

    document = folder.only()

    assert document.name == r"r\xf8d\n.xml"
    assert document.statement.document_id == r"r\xf8d\n"


def test_a_name_like_that_of_a_mark_is_refused(folder: Folder) -> None:
    folder.put("a.rejected.xml", sidecar={})

    assert "a name that ends in .rejected.xml is taken for a mark" in reason_of(folder.only())


# ------------------------------------------------------------------ one file, named by a person


def test_one_file_is_read_with_its_sidecar(folder: Folder) -> None:
    path = folder.put("a.xml", sidecar={"document_id": "D-1"})

    assert document_from(path, read).statement.document_id == "D-1"


def test_one_file_that_is_not_there_is_an_unreadable_document(tmp_path: Path) -> None:
    assert reason_of(document_from(tmp_path / "absent.xml", read)) == "does not exist"


def test_one_file_may_be_a_link_within_its_folder_only(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "outside.xml").write_bytes(AN_INVOICE)
    link = folder.path / "a.xml"
    link.symlink_to(tmp_path / "outside.xml")

    assert "leads out of the folder" in reason_of(document_from(link, read))


# ------------------------------------------------------------------ rejecting


def approved_at(hour: int) -> dict[str, object]:
    step = {"step": "second-approval", "by": "dan", "at": f"2026-11-20T{hour:02}:00+01:00"}
    return {"source_system": "sdi", "document_id": "SDI-7", "approvals": [step]}


def reject(
    folder: Folder, document: ApprovedDocument, reasons: Sequence[str] = ("Dimension",)
) -> None:
    folder.source.reject(document.statement.document_id, document.version, reasons)


def test_a_rejected_version_is_not_given_again(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    reject(folder, folder.only())

    assert folder.pull() == []


def test_a_document_that_is_approved_again_is_given_again(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    rejected = folder.only()
    reject(folder, rejected)
    folder.put("a.xml", sidecar=approved_at(10))

    assert folder.only().version != rejected.version


def test_a_document_that_is_changed_is_given_again(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    reject(folder, folder.only())
    folder.put("a.xml", AN_INVOICE + b"\n")

    assert folder.only().invoice is not None


def test_the_mark_tells_people_why_and_what_to_do(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    document = folder.only()
    reject(folder, document, ["Dimension mangler på linje 3", "Ældre end aftalt"])

    mark = json.loads((folder.path / "a.rejected.json").read_text(encoding="utf-8"))

    assert mark["rejections"] == [
        {
            "version": document.version,
            "reasons": ["Dimension mangler på linje 3", "Ældre end aftalt"],
        }
    ]
    assert "approve it again" in mark["explanation"]


def test_rejecting_again_changes_nothing(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    document = folder.only()
    reject(folder, document)
    mark = folder.path / "a.rejected.json"
    before = (mark.read_bytes(), mark.stat().st_mtime_ns, mark.stat().st_ino)

    reject(folder, document, ["another text"])

    assert (mark.read_bytes(), mark.stat().st_mtime_ns, mark.stat().st_ino) == before


def test_a_late_rejection_of_an_old_version_does_not_free_the_new_one(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    first = folder.only()
    folder.put("a.xml", sidecar=approved_at(10))
    reject(folder, folder.only())
    reject(folder, first)

    assert folder.pull() == []


def test_a_rejection_survives_into_another_process_that_has_not_pulled(folder: Folder) -> None:
    folder.put("below/a.xml", sidecar=approved_at(9))
    document = folder.only()

    Folder(folder.path).source.reject("SDI-7", document.version, ["Dimension"])

    assert folder.pull() == []


def test_a_document_that_moved_since_it_was_pulled_is_found(folder: Folder) -> None:
    path = folder.put("a.xml", sidecar=approved_at(9))
    document = folder.only()
    path.rename(folder.path / "b.xml")
    path.with_suffix(".json").rename(folder.path / "b.json")

    reject(folder, document)

    assert (folder.path / "b.rejected.json").exists()


def test_of_two_systems_with_one_id_the_version_decides_which_is_rejected(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    folder.put("b.xml", sidecar={**approved_at(10), "source_system": "indfak"})
    _, second = folder.pull()

    reject(folder, second)

    assert folder.names() == ["a.xml"]


def test_a_refused_document_can_be_rejected(folder: Folder) -> None:
    for name in ("a.xml", "b.xml"):
        folder.put(name, sidecar=approved_at(9))
    _, refused = folder.pull()

    reject(folder, refused)

    assert (folder.path / "b.rejected.json").exists()


def test_a_document_that_is_gone_can_not_be_rejected_silently(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    document = folder.only()
    (folder.path / "a.xml").unlink()

    with pytest.raises(SourceError, match=r"no file in .* has the document id 'SDI-7'"):
        reject(folder, document)


def test_a_damaged_mark_lets_the_document_through_and_is_replaced(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    (folder.path / "a.rejected.json").write_bytes(b'{"rejections": [{"ver')

    reject(folder, folder.only())

    assert folder.pull() == []


def test_the_mark_may_be_read_by_whom_may_read_the_document(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9)).chmod(0o664)
    reject(folder, folder.only())

    assert (folder.path / "a.rejected.json").stat().st_mode & 0o777 == 0o664


def test_a_folder_that_can_not_be_listed_is_told(
    shared_folder: Folder, ordinary_user: Callable[[Path], None]
) -> None:
    shared_folder.put("closed/a.xml").parent.chmod(0)
    ordinary_user(shared_folder.path)

    assert shared_folder.pull() == []
    assert shared_folder.skipped.keys() == {"closed"}
    assert "is a folder that can't be listed: permission denied" in shared_folder.skipped["closed"]


def test_a_folder_that_can_not_be_written_is_a_fault_of_the_source(
    shared_folder: Folder, ordinary_user: Callable[[Path], None]
) -> None:
    shared_folder.put("a.xml", sidecar=approved_at(9))
    ordinary_user(shared_folder.path)
    document = shared_folder.only()
    shared_folder.path.chmod(0o555)

    with pytest.raises(SourceError, match="the rejection can't be noted"):
        reject(shared_folder, document)


def test_nothing_but_the_mark_is_left_behind(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    reject(folder, folder.only())

    assert sorted(path.name for path in folder.path.iterdir()) == [
        "a.json",
        "a.rejected.json",
        "a.xml",
    ]


# ------------------------------------------------------------------ still approved?


def asked(*documents: ApprovedDocument) -> list[tuple[str, str]]:
    return [(document.statement.document_id, document.version) for document in documents]


def test_what_nobody_touched_is_still_approved(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    given = folder.pull()

    assert folder.source.withdrawn(asked(*given)) == frozenset()


@pytest.mark.parametrize("change", ["document", "sidecar", "rejected", "gone", "no sidecar"])
def test_what_was_changed_or_taken_back_is_not(folder: Folder, change: str) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    given = folder.only()
    if change == "document":
        folder.put("a.xml", AN_INVOICE + b"\n")
    elif change == "sidecar":
        folder.put("a.xml", sidecar=approved_at(10))
    elif change == "rejected":
        reject(folder, given)
    else:
        (folder.path / ("a.xml" if change == "gone" else "a.json")).unlink()

    assert folder.source.withdrawn(asked(given)) == set(asked(given))


def test_a_file_that_was_only_moved_or_written_again_is_still_approved(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    given = folder.only()
    folder.put("a.xml", sidecar=approved_at(9))
    assert folder.source.withdrawn(asked(given)) == frozenset()

    for suffix in ("xml", "json"):
        (folder.path / f"a.{suffix}").rename(folder.path / f"b.{suffix}")
    assert folder.source.withdrawn(asked(given)) == frozenset()


def test_another_process_knows_too(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    given = folder.only()

    fresh = FolderSource(folder.path, read)

    assert fresh.withdrawn([*asked(given), ("SDI-7", "another")]) == {("SDI-7", "another")}


def test_what_was_found_again_is_not_looked_for_a_second_time(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    given = folder.only()
    fresh = FolderSource(folder.path, read)
    fresh.withdrawn(asked(given))
    walked = "robot.adapters.folder.source.find_files"
    monkeypatch.setattr(walked, lambda *_: pytest.fail("it walked the folder"))

    assert fresh.withdrawn(asked(given)) == frozenset()


def test_a_folder_that_is_gone_does_not_say(folder: Folder) -> None:
    folder.put("a.xml", sidecar=approved_at(9))
    given = folder.only()
    folder.path.rename(folder.path.with_name("away"))

    with pytest.raises(SourceError):
        folder.source.withdrawn(asked(given))
