"""The invented world of the recorded shapes, and what a shape is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from robot.domain.incoming import SentMail, SortContext
from robot.domain.thread import ThreadKeys

ROBOT = "robot@sam.example.test"
ANNA = "anna.jensen@kunde.example.test"
OFFICE = "regnskab@kunde.example.test"
CASE = "SAM-2026-000123"
OTHER_CASE = "SAM-2026-000124"
STRANGE_CASE = "SAM-2026-000900"
KEYS = ThreadKeys([b"a key of the recorded shapes only"])
NOTICE = KEYS.message_id(CASE, "n1", "sam.example.test")
DIGEST = KEYS.digest_message_id("d1", "sam.example.test")
ADDRESS = KEYS.reply_address(ROBOT, CASE)
SUBJECT = f"[{CASE}] Faktura F-1 kan ikke bogføres"


@dataclass(frozen=True, slots=True)
class Shape:
    """A mail and where it must go; `text` None is not looked at."""

    name: str
    raw: bytes
    kind: str
    route: str
    intent: str = ""
    text: str | None = None


class _Known:
    def customer_of(self, case: str, /) -> str | None:
        cases = {CASE: "99001", OTHER_CASE: "99001", STRANGE_CASE: "99002"}
        return cases.get(case)

    def sent(self, message_id: str, /) -> SentMail | None:
        cases = {NOTICE: (CASE,), DIGEST: (CASE, OTHER_CASE)}.get(message_id)
        if cases is None:
            return None
        at = datetime(2026, 11, 24, 7, tzinfo=UTC)
        return SentMail(customer="99001", recipients=(OFFICE,), cases=cases, sent_at=at)


CONTEXT = SortContext(
    own_addresses=frozenset({ROBOT}),
    instance="test",
    threads=KEYS,
    known=_Known(),
    people={OFFICE: frozenset({"99001"}), ANNA: frozenset({"99001"})},
    domains={"kunde.example.test": frozenset({"99001"}), "b.example.test": frozenset({"99002"})},
    received_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
)


def head(
    *more: str, sender: str = ANNA, subject: str = f"SV: {SUBJECT}", tied: bool = True
) -> str:
    """The headers of a mail; tied to the notice unless told otherwise."""
    lines = [
        f"From: Anna Jensen <{sender}>",
        f"To: Fakturarobotten <{ADDRESS if tied else ROBOT}>",
        f"Subject: {subject}",
        "Message-ID: <CAF1@mail.kunde.example.test>",
        "Date: Tue, 24 Nov 2026 10:00:00 +0100",
        "MIME-Version: 1.0",
    ]
    if tied:
        lines += [f"In-Reply-To: {NOTICE}", f"References: {NOTICE}"]
    return "\n".join([*lines, *more])


def plain(text: str, *more: str, **given: object) -> bytes:
    """A mail of plain text in UTF-8."""
    start = head(*more, "Content-Type: text/plain; charset=utf-8", **given)  # type: ignore[arg-type]
    return f"{start}\n\n{text}\n".replace("\n", "\r\n").encode()


def html(text: str, *more: str, **given: object) -> bytes:
    """A mail of HTML alone."""
    start = head(*more, "Content-Type: text/html; charset=utf-8", **given)  # type: ignore[arg-type]
    return f"{start}\n\n{text}\n".replace("\n", "\r\n").encode()


def parts(kind: str, *each: str, more: tuple[str, ...] = (), **given: object) -> bytes:
    """A multipart; each part is its headers, a blank line and its body."""
    start = head(*more, f'Content-Type: multipart/{kind}; boundary="=_b"', **given)  # type: ignore[arg-type]
    body = "".join(f"--=_b\n{part}\n" for part in each)
    return f"{start}\n\nThis is a message in parts.\n{body}--=_b--\n".replace(
        "\n", "\r\n"
    ).encode()
