"""What NAV stores as bytes: compressed BLOBs and RecordIDs.

Neither form is documented by Microsoft; both are known from the field, and checked as they are
read: bytes of another form are an error, never a guess.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: What NAV writes before a BLOB whose field has Compressed=Yes, which is the default.
_COMPRESSED: Final = bytes.fromhex("02457d5b")
_RAW_DEFLATE: Final = -15
#: No text that the robot reads is larger; a small BLOB could unfold to a huge one.
LARGEST: Final = 16 * 1024 * 1024
_OPTION: Final = bytes.fromhex("008b")
_CODE: Final = bytes.fromhex("027bff")
_END: Final = b"\x00\x00"


class StoredFormError(ValueError):
    """The bytes are not in the form that is known."""


def blob(stored: bytes) -> bytes:
    """The content of a BLOB field: unfolded when NAV compressed it, else as it is.

    Raises:
        StoredFormError: It is cut or damaged, or holds more than 16 MB.
    """
    if not stored.startswith(_COMPRESSED):
        return stored
    unfolding = zlib.decompressobj(_RAW_DEFLATE)
    try:
        content = unfolding.decompress(stored[len(_COMPRESSED) :], LARGEST + 1)
    except zlib.error as error:
        raise StoredFormError(f"the BLOB is damaged: {error}") from error
    if len(content) > LARGEST:
        raise StoredFormError(f"the BLOB holds more than {LARGEST} bytes")
    if not unfolding.eof:
        raise StoredFormError("the BLOB is cut")
    return content


def blob_text(stored: bytes) -> str:
    """The text in a BLOB: UTF-16 or UTF-8 as its first bytes say, else UTF-8, else Windows-1252.

    Raises:
        StoredFormError: As `blob`.
    """
    content = blob(stored)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


@dataclass(frozen=True, slots=True)
class RecordId:
    """A record by its table's number and its key: options as int, codes as str."""

    table: int
    key: tuple[int | str, ...]


def record_id(stored: bytes) -> RecordId:
    """A RecordID (NAV 2013 and later), as in tables 454, 472 and 1550.

    Raises:
        StoredFormError: A part is of a type that is not known, or the bytes are cut.
    """
    if len(stored) < 4:  # noqa: PLR2004 -- the table's number
        raise StoredFormError("a RecordID begins with four bytes of table number")
    (table,) = struct.unpack_from("<i", stored)
    return RecordId(table, tuple(_parts(stored, 4)))


def record_id_bytes(record: RecordId) -> bytes:
    """A RecordID as NAV stores it, to check what was decoded."""
    parts = [struct.pack("<i", record.table)]
    for value in record.key:
        if isinstance(value, int):
            parts.append(_OPTION + struct.pack("<i", value))
        else:
            parts.append(_CODE + value.encode("utf-16-le") + _END)
    return b"".join(parts) + _END


def _parts(stored: bytes, place: int) -> Iterator[int | str]:
    while stored[place : place + 2] != _END or _ends_otherwise(stored, place):
        if stored.startswith(_OPTION, place):
            place += len(_OPTION)
            if place + 4 > len(stored):
                raise StoredFormError(f"an option is cut at byte {place}")
            (option,) = struct.unpack_from("<i", stored, place)
            yield option
            place += 4
        elif stored.startswith(_CODE, place):
            end = _end_of_text(stored, place + len(_CODE))
            yield stored[place + len(_CODE) : end].decode("utf-16-le", errors="replace")
            place = end + 2
        else:
            raise StoredFormError(f"a part of unknown type at byte {place}")


def _ends_otherwise(stored: bytes, place: int) -> bool:
    """Nothing but padding may follow the end."""
    return any(stored[place:])


def _end_of_text(stored: bytes, start: int) -> int:
    for place in range(start, len(stored) - 1, 2):
        if stored[place : place + 2] == _END:
            return place
    raise StoredFormError(f"a code is cut at byte {start}")
