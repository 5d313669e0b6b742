"""Faults that a programmer might make, put into the robot of one process.

What does not notice them notices nothing: each has a test that has to find it.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from robot.adapters.folder import FolderSource
from robot.adapters.mail import maildir
from robot.adapters.navision.small_navision import SmallNavision
from robot.adapters.store.unit import SqlUnit
from robot.domain.decision import PostingOrder
from robot.flow import earlier_life
from robot.flow.ports import Evidence

# mypy: disable-error-code="method-assign,assignment"

_numbers = itertools.count()


def key_of_each_attempt() -> None:
    """A new key for each call, and the answer taken for the evidence."""
    post = SmallNavision.post

    def post_under_a_key_of_its_own(
        self: SmallNavision, order: PostingOrder, *, generation: str, payload_hash: str
    ) -> Evidence:
        key = f"{order.document_key[:40]}{os.getpid():012}{next(_numbers):012}"
        # NAV's own check for duplicates would save us: many creditors' numbers differ a little.
        other = f"{order.external_number}-{os.getpid()}"
        made = replace(order, document_key=key, external_number=other)
        return post(self, made, generation=generation, payload_hash=payload_hash)

    SmallNavision.post = post_under_a_key_of_its_own


def mail_of_each_attempt() -> None:
    """A mail has a name of its own each time that it is handed over."""
    name = maildir.file_name
    maildir.file_name = lambda message_id: f"{os.getpid()}-{name(message_id)}"


def forgotten_postings_stay_forgotten() -> None:
    """No evidence is ever that of a posting which the store does not know."""
    vars(earlier_life)["stands_for"] = lambda *_: False


def rejection_forgets_the_notice() -> None:
    """Bounced, and nobody is told."""
    SqlUnit.add_effects = lambda _self, _effects: None


def trail_is_written_without_its_hash() -> None:
    """A row is put into the trail by hand."""
    close = SqlUnit.close

    def close_and_add(self: SqlUnit) -> None:
        close(self)
        self._connection.exec_driver_sql(
            "UPDATE audit_head SET hash = '" + "0" * 64 + "' WHERE seq > 20"
        )

    SqlUnit.close = close_and_add


def rejected_documents_are_given_again() -> None:
    """A marked document is pulled as if nobody had marked it, and its mark is lost."""
    reject = FolderSource.reject

    def reject_and_lose(
        self: FolderSource, document_id: str, version: str, reasons: list[str]
    ) -> None:
        reject(self, document_id, version, reasons)
        for mark in Path(self._path).rglob("*.rejected.json"):
            mark.unlink()

    FolderSource.reject = reject_and_lose


BUGS: Final[Mapping[str, Callable[[], None]]] = {
    "a key of each attempt": key_of_each_attempt,
    "a mail of each attempt": mail_of_each_attempt,
    "forgotten postings stay forgotten": forgotten_postings_stay_forgotten,
    "a rejection forgets its notice": rejection_forgets_the_notice,
    "a trail without its hash": trail_is_written_without_its_hash,
    "a mark is lost": rejected_documents_are_given_again,
}
