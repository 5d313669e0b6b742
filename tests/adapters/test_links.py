"""Links to cases: signed, expiring, for one case and one receiver."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.adapters.kept_secret import kept_secret
from robot.adapters.links import CaseLinks
from robot.errors import SettingsError
from robot.flow.case_port import LinkClaim, LinkTrouble
from tests.support.fakes import SetClock

CASE = "SAM-2026-000123"
OLD, NEW = b"an old secret of ours", b"a new secret of ours!"


def links(*secrets: bytes, clock: SetClock | None = None) -> CaseLinks:
    return CaseLinks(
        secrets or (NEW,), "https://sager.example.test/", timedelta(days=30), clock or SetClock()
    )


def test_a_link_says_which_case_whom_and_when() -> None:
    url = links().make(CASE, "Anne@Museum.example.test")
    assert url.startswith("https://sager.example.test/sag/")
    assert links().read(url.rpartition("/")[2]) == LinkClaim(
        case_number=CASE, address="anne@museum.example.test", made_at=SetClock().now()
    )


def test_a_link_expires() -> None:
    token = links().token(CASE, "anne@museum.example.test")
    clock = SetClock()
    last = replace(clock, instant=clock.instant + timedelta(days=30))
    late = replace(clock, instant=clock.instant + timedelta(days=30, seconds=1))
    assert isinstance(links(clock=last).read(token), LinkClaim)
    assert links(clock=late).read(token) is LinkTrouble.EXPIRED


@given(st.data())
def test_one_changed_character_opens_nothing(data: st.DataObject) -> None:
    token = links().token(CASE, "anne@museum.example.test")
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCabcxyz0189-_."))
    if other != token[place]:
        forged = token[:place] + other + token[place + 1 :]
        assert not isinstance(links().read(forged), LinkClaim)


@given(st.text(max_size=300))
def test_whatever_else_is_asked_for_is_refused_and_no_fault(token: str) -> None:
    assert links().read(token) is LinkTrouble.ALTERED


def test_a_replaced_secret_still_opens_what_it_signed() -> None:
    token = links(OLD).token(CASE, "a@b.example.test")
    assert isinstance(links(NEW, OLD).read(token), LinkClaim)
    assert links(NEW).read(token) is LinkTrouble.ALTERED
    assert links(OLD).read(links(NEW, OLD).token(CASE, "a@b.example.test")) is LinkTrouble.ALTERED


def test_without_a_page_there_is_no_link() -> None:
    made = CaseLinks([NEW], "", timedelta(days=1), SetClock())
    assert made.make(CASE, "a@b.example.test") == ""


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "thread-secret"
    first = kept_secret(path)
    assert kept_secret(path) == first
    assert len(first.strip()) >= 32
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == ["thread-secret"]


def test_a_secret_that_can_not_be_kept_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(SettingsError, match="thread_secret_file"):
        kept_secret(tmp_path / "file" / "thread-secret")
