"""BLOBs and RecordIDs as NAV stores them."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.navision.stored import (
    LARGEST,
    RecordId,
    StoredFormError,
    blob,
    blob_text,
    record_id,
    record_id_bytes,
)

#: Purchase order PRF000003, as it was published.
PUBLISHED = bytes.fromhex(
    "26000000 008B 01000000 027BFF 5000 5200 4600 3000 3000 3000 3000 3000 3300 0000 0000"
)


def compressed(content: bytes) -> bytes:
    folding = zlib.compressobj(wbits=-15)
    return bytes.fromhex("02457D5B") + folding.compress(content) + folding.flush()


@given(st.binary(max_size=2000))
def test_a_compressed_blob_unfolds(content: bytes) -> None:
    assert blob(compressed(content)) == content


def test_a_blob_without_the_mark_is_plain() -> None:
    assert blob(b"<xml/>") == b"<xml/>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("fejl på bilaget".encode("utf-16"), "fejl på bilaget"),
        ("fejl på bilaget".encode(), "fejl på bilaget"),
        ("fejl på bilaget".encode("utf-8-sig"), "fejl på bilaget"),
        ("fejl på bilaget".encode("cp1252"), "fejl på bilaget"),
    ],
)
def test_the_text_of_a_blob_in_the_encodings_that_writers_use(content: bytes, text: str) -> None:
    assert blob_text(compressed(content)) == text


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (compressed(b"x" * 5000)[:-3], "cut"),
        (bytes.fromhex("02457D5B") + b"\xff\xff\xff", "damaged"),
        (compressed(bytes(LARGEST + 1)), "more than"),
    ],
)
def test_a_blob_that_is_not_whole_is_refused(stored: bytes, words: str) -> None:
    with pytest.raises(StoredFormError, match=words):
        blob(stored)


def test_the_published_record_id() -> None:
    assert record_id(PUBLISHED) == RecordId(38, (1, "PRF000003"))


def test_padding_after_the_end_is_nothing() -> None:
    assert record_id(PUBLISHED + bytes(20)) == RecordId(38, (1, "PRF000003"))


@given(
    st.integers(0, 2**31 - 1),
    st.lists(
        st.integers(0, 9)
        | st.text(st.characters(codec="utf-16-le", exclude_characters="\0"), min_size=1),
        min_size=1,
        max_size=3,
    ),
)
def test_a_record_id_comes_back(table: int, key: list[int | str]) -> None:
    record = RecordId(table, tuple(key))

    assert record_id(record_id_bytes(record)) == record


@pytest.mark.parametrize("length", range(len(PUBLISHED) - 2))
def test_a_record_id_that_is_cut_is_refused(length: int) -> None:
    with pytest.raises(StoredFormError):
        record_id(PUBLISHED[:length])


def test_a_part_of_another_type_is_refused() -> None:
    with pytest.raises(StoredFormError, match="unknown type at byte 4"):
        record_id(bytes.fromhex("26000000 0089FF 50005200 0000"))
