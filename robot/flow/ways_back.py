"""The ways from a mail back to its case: the address for answers, the link, the Message-ID."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from robot.domain.canonical import sha256_hex
from robot.flow.context import Run

_NONCE: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysBack:
    """Where receivers of one mail answer about a case and read it."""

    run: Run
    #: For whom the links are made: the first address stands for all, as in a shared mailbox.
    receiver: str

    @classmethod
    def of(cls, run: Run, receivers: Sequence[str]) -> WaysBack:
        """Those of a mail to these addresses."""
        return cls(run=run, receiver=receivers[0] if receivers else "")

    def reply_to(self, case_number: str) -> str:
        """The robot's address with the case in it; empty when its address takes none."""
        sender = self.run.options.mail_sender
        try:
            return self.run.ports.threads.reply_address(sender, case_number) if sender else ""
        except ValueError:
            return ""

    def link(self, case_number: str) -> str:
        """The page of the case; empty when there is none."""
        links = self.run.ports.links
        return links.make(case_number, self.receiver) if links is not None else ""


def message_id_for(run: Run, cases: Sequence[str], told: str) -> str:
    """A Message-ID that the same words about the same cases always get."""
    nonce, domain = sha256_hex(told)[:_NONCE], run.options.mail_domain
    threads = run.ports.threads
    if len(cases) == 1:
        return threads.message_id(cases[0], nonce, domain)
    return threads.digest_message_id(nonce, domain)
