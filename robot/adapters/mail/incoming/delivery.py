"""What a report about delivery says: by RFC 3464, and by flufl.bounce where it keeps to none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from typing import Final

from flufl.bounce import scan_message

from robot.adapters.mail.incoming.charsets import decoded, seen
from robot.adapters.mail.incoming.message import Incoming, ids_in
from robot.domain.incoming import MailKind, Undelivered

_MOST_FAILURES: Final = 200
_LONGEST_WORDS: Final = 300
#: What a server that keeps to no standard is read by.
_LONGEST_SCANNED: Final = 100_000
_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE: Final = re.compile(r"(?<![\d.])([45])\d\d(?:[ -]|$)")
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"'()\[\]@]{1,255}@[A-Za-z0-9.-]{1,255}[A-Za-z0-9]")
#: Codes under which the address itself is wrong (RFC 3463, IANA's registry): no such user, host or
#: mailbox, moved, disabled. 5.1.7 and 5.1.8 are about the sender.
_WRONG_ADDRESS: Final = frozenset(
    {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.9", "5.1.10", "5.2.1", "5.4.310"}
)
_NO_SUCH_USER: Final = re.compile(
    r"user\s+unknown|unknown\s+user|no\s+such\s+(?:user|mailbox|recipient|address|person)|"
    r"(?:mailbox|address|recipient|user|account)\s+(?:\S+\s+)?(?:does\s+not\s+exist|doesn'?t\s+exist|not\s+found|"
    r"unknown|unavailable)|does\s+not\s+exist|wasn'?t\s+found|recipientnotfound|no\s+mailbox\s+here|"
    r"unrouteable\s+address|"
    r"blev\s+ikke\s+fundet|findes\s+ikke|ukendt\s+(?:bruger|modtager|adresse)|existiert\s+nicht|"
    r"finns\s+inte|hittades\s+inte|finnes\s+ikke|mailbox\s+is\s+disabled|no\s+longer\s+(?:available|valid)",
    re.IGNORECASE,
)
_FULL: Final = re.compile(
    r"(?:mailbox|postkasse\w*|quota|inbox|storage)\W+(?:\w+\W+){0,4}?(?:full|fuld|exceeded|overskredet)|"
    r"over\s+quota|mailbox\s+full|postkassen\s+er\s+fuld|is\s+full\b",
    re.IGNORECASE,
)
_DELAYED: Final = re.compile(
    r"delay|forsink|will\s+be\s+retried|still\s+being\s+retried|temporar|not\s+yet\s+been\s+delivered|"
    r"do\s+not\s+need\s+to\s+resend|verzögert|försenad|will\s+keep\s+trying|will\s+continue\s+to\s+(?:be\s+)?tr",
    re.IGNORECASE,
)


_ID_LINE: Final = re.compile(
    r"^[ \t>]{0,20}message-id:\s{0,20}(<[^<>\s]{1,398}>)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report says."""

    kind: MailKind
    failures: tuple[Undelivered, ...]
    #: Message-IDs of the mail that it is about, likeliest first.
    message_ids: tuple[str, ...]


def report_of(mail: Incoming, raw: bytes) -> Report:
    """Read a report about delivery, of whatever make."""
    text = "\n".join(_texts(mail))
    found = list(_by_standard(mail))
    if not found:
        found = list(_by_heuristics(mail, raw, text))
    actions = {action for action, _ in found}
    kind = MailKind.DELIVERY_FAILURE
    if found and "failed" not in actions:
        reported = not actions & {"delayed"}
        kind = MailKind.DELIVERY_REPORT if reported else MailKind.DELIVERY_DELAY
    elif not found and _DELAYED.search(mail.get("subject") + "\n" + text[:2000]):
        kind = MailKind.DELIVERY_DELAY
    return Report(
        kind=kind,
        failures=tuple(failure for action, failure in found if action == "failed"),
        message_ids=tuple(dict.fromkeys(_returned_ids(mail, text))),
    )


def _texts(mail: Incoming) -> Iterator[str]:
    for part in mail.parts:
        if part.content_type.startswith("text/") and not part.within:
            yield part.text()[:_LONGEST_SCANNED]


def _by_standard(mail: Incoming) -> Iterator[tuple[str, Undelivered]]:
    """Action and failure of each recipient of the machine-readable part (RFC 3464 2.3)."""
    known = {"failed", "delayed", "delivered", "relayed", "expanded"}
    many = 0
    for part in mail.parts:
        if part.within or not part.content_type.endswith("delivery-status"):
            continue
        for block in _blocks(part.content() or _blocks_as_bytes(part.message.get_payload())):
            action = block.get("action", "").split("(")[0].strip().lower()
            address = _recipient(block)
            if action not in known or not address:
                continue
            many += 1
            if many > _MOST_FAILURES:
                return
            yield action, _undelivered(address, block.get("status", ""), _words(block))


def _blocks(content: bytes) -> Iterator[dict[str, str]]:
    """Groups of fields with blank lines between them."""
    text = decoded(content[:_LONGEST_SCANNED], None).replace("\r\n", "\n")
    for group in re.split(r"\n[ \t]*\n", text):
        block: dict[str, str] = {}
        name = ""
        for line in group.split("\n"):
            if line[:1] in {" ", "\t"} and name:
                block[name] += " " + line.strip()
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                block.setdefault(name, value.strip())
        if block:
            yield block


def _blocks_as_bytes(payload: object) -> bytes:
    """The standard library gives this part as a list of messages without bodies."""
    if not isinstance(payload, list):
        return str(payload).encode("utf-8", "surrogateescape") if payload else b""
    groups = [
        "\n".join(f"{name}: {value}" for name, value in group.items())
        for group in payload[:_MOST_FAILURES]
    ]
    return "\n\n".join(groups).encode("utf-8", "surrogateescape")


def _recipient(block: dict[str, str]) -> str:
    # The address that we wrote to, where the receiver's system wrote on to another one.
    for name in ("original-recipient", "final-recipient"):
        value = block.get(name, "").rpartition(";")[2].strip().strip("<>").replace("\\", "")
        found = _ADDRESS.search(value)
        if found:
            return found[0].lower()
    return ""


def _words(block: dict[str, str]) -> str:
    return block.get("diagnostic-code", "").partition(";")[2].strip() or block.get(
        "diagnostic-code", ""
    )


def _undelivered(address: str, status: str, words: str) -> Undelivered:
    code = _STATUS.search(status)
    told = _STATUS.search(words)
    best = code[1] if code else (told[1] if told else "")
    # Many servers write 5.0.0 where their words know better.
    if best.endswith(".0.0") and told and not told[1].endswith(".0.0"):
        best = told[1]
    return Undelivered(
        address=address,
        code=best,
        words=_without_addresses(" ".join(seen(words).split()))[:_LONGEST_WORDS],
        hard=_is_hard(best, words),
    )


def _without_addresses(words: str) -> str:
    return _ADDRESS.sub("…", words)


def _is_hard(code: str, words: str) -> bool:
    if code.startswith(("4.", "2.")) or _FULL.search(words):
        return False
    if code in _WRONG_ADDRESS:
        return True
    if code in {"", "5.0.0", "5.5.0", "5.3.0"}:
        return bool(_NO_SUCH_USER.search(words))
    # 5.4.1 at Exchange Online means: no such recipient here.
    return code == "5.4.1" and "recipient" in words.lower()


def _by_heuristics(mail: Incoming, raw: bytes, text: str) -> Iterator[tuple[str, Undelivered]]:
    """What qmail, Exim and others say in their own words."""
    text = text or decoded(raw[:_LONGEST_SCANNED], None)
    own_words = _before_returned(text)
    delayed = bool(_DELAYED.search(mail.get("subject") + "\n" + own_words[:2000]))
    addresses = mail.addresses("x-failed-recipients") or _scanned(raw) or _named(own_words)
    action = "delayed" if delayed else "failed"
    for address in addresses[:_MOST_FAILURES]:
        words = _words_about(address, own_words)
        status = _STATUS.search(words)
        answer = _REPLY_CODE.search(words)
        code = status[1] if status else (f"{answer[1]}.0.0" if answer else "")
        yield action, _undelivered(address, code, words)


def _before_returned(text: str) -> str:
    """Without the returned mail, which some write below their own words."""
    marks = (
        r"^-{2,}\s*(?:this is a copy|below this line is a copy|original message|"
        r"original besked|oprindelig meddelelse|returned message|the header of the original)"
    )
    found = re.search(marks, text, re.IGNORECASE | re.MULTILINE)
    return text[: found.start()] if found else text


def _scanned(raw: bytes) -> list[str]:
    try:
        temporary, permanent = scan_message(message_from_bytes(raw[:_LONGEST_SCANNED]))
    except Exception:  # noqa: BLE001 - heuristics over strangers' text; then there are none
        return []
    found = [*permanent, *temporary]
    return [
        (item.decode("ascii", "replace") if isinstance(item, bytes) else str(item)).lower()
        for item in found
    ]


def _named(text: str) -> list[str]:
    """Addresses that stand at the start of a line, as servers list those that failed."""
    lines = (line.strip().lstrip("<").rstrip(">:") for line in text.split("\n")[:200])
    named = [found[0].lower() for line in lines if (found := _ADDRESS.match(line))]
    return list(dict.fromkeys(named))


def _words_about(address: str, text: str) -> str:
    """The lines from the address on, up to the next blank line."""
    at = text.lower().find(address)
    if at < 0:
        return text[:_LONGEST_WORDS]
    rest = text[at + len(address) :]
    end = re.search(r"\n[ \t]*\n", rest)
    nearby = rest[: end.start() if end else 600].strip(" >:\n\t")
    return nearby or rest[:600].strip()


def _returned_ids(mail: Incoming, text: str) -> Iterator[str]:
    for part in mail.parts:
        if part.content_type in {"message/rfc822", "text/rfc822-headers", "message/global"}:
            yield from _ids_of_returned(part.message.get_payload(), part.content())
        if part.content_type.endswith("delivery-status"):
            for block in _blocks(part.content() or _blocks_as_bytes(part.message.get_payload())):
                yield from ids_in(block.get("x-original-message-id", ""))
                yield from ids_in(block.get("original-message-id", ""))
    yield from mail.message_ids("in-reply-to")
    yield from reversed(mail.message_ids("references"))
    yield from _ID_LINE.findall(text)


def _ids_of_returned(payload: object, content: bytes) -> Iterator[str]:
    if isinstance(payload, list):
        for message in payload[:1]:
            for name, value in message.raw_items():
                if name.lower() == "message-id":
                    yield from ids_in(str(value))
    else:
        head = decoded(content[:_LONGEST_SCANNED], None)
        yield from _ID_LINE.findall(head)
