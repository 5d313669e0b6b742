"""A raw message taken apart as far as it goes; nothing in it is trusted, nothing makes it fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Final

from robot.adapters.mail.incoming.charsets import decoded, header_text, seen

#: Headers and bytes of one value beyond which nobody reads on.
_MOST_HEADERS: Final = 1_000
_LONGEST_VALUE: Final = 600_000
_LONGEST_HEADERS: Final = 4_000_000
_MOST_PARTS: Final = 300
_DEEPEST: Final = 30
#: Lines that may be boundaries; more of them is a bomb.
_MOST_BOUNDARIES: Final = 5_000
#: Characters of one text that are looked at.
LONGEST_TEXT: Final = 200_000
_FIELD: Final = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_END_OF_HEADERS: Final = re.compile(rb"\r?\n[ \t]*\r?\n|\r[ \t]*\r(?!\n)")
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"'()\[\]@]{1,255}@[A-Za-z0-9._-]{1,255}")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,398}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A leaf of the tree of parts, or a message in the message."""

    content_type: str
    parameters: dict[str, str]
    filename: str
    attached: bool
    #: Whether it stands inside a message that was attached.
    within: bool
    message: Message

    def content(self) -> bytes:
        """Its bytes, decoded from the transfer encoding as far as that goes."""
        try:
            payload = self.message.get_payload(decode=True)
        except Exception:  # noqa: BLE001 - a broken encoding leaves what stands there
            payload = None
        if isinstance(payload, bytes):
            return payload
        raw = self.message.get_payload()
        return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""

    def text(self) -> str:
        """Its text, as a person sees it."""
        content = self.content()[: LONGEST_TEXT * 4]
        return seen(decoded(content, self.parameters.get("charset")))[:LONGEST_TEXT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message: its headers in order, and its parts."""

    #: Name in lower case and value, from the top.
    headers: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    content_type: str
    parameters: dict[str, str]
    #: What is wrong with its form, in words.
    defects: tuple[str, ...] = ()
    _first: dict[str, str] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> str:
        """The first value of a header; empty when there is none."""
        return self._first.get(name, "")

    def all(self, name: str) -> list[str]:
        """All values of a header, from the top."""
        return [value for key, value in self.headers if key == name]

    def addresses(self, *names: str) -> list[str]:
        """All addresses in some headers, lower case, each once."""
        return list(
            dict.fromkeys(
                found.lower() for name in names for v in self.all(name) for found in _in(v)
            )
        )

    def message_ids(self, name: str) -> list[str]:
        """The Message-IDs in a header, in order."""
        return [found for value in self.all(name) for found in ids_in(value)]


def ids_in(text: str) -> list[str]:
    """Everything that looks like a Message-ID, in order."""
    return _MESSAGE_ID.findall(text)


def _in(value: str) -> list[str]:
    return _ADDRESS.findall(value)


def taken_apart(raw: bytes) -> Incoming:
    """Read a message. What is not understood is left out and named among the defects."""
    head, body = _split(raw)
    defects: list[str] = []
    raw_headers = _raw_headers(head, defects)
    headers = tuple(
        (name.decode("ascii").lower(), header_text(value[:_LONGEST_VALUE]))
        for name, value in raw_headers
    )
    tree = _tree(raw_headers, body, defects)
    content_type, parameters = _type_of(tree) if tree is not None else ("text/plain", {})
    first: dict[str, str] = {}
    for name, value in headers:
        first.setdefault(name, value)
    return Incoming(
        headers=headers,
        parts=tuple(_parts(tree, defects)) if tree is not None else (),
        content_type=content_type,
        parameters=parameters,
        defects=tuple(dict.fromkeys(defects)),
        _first=first,
    )


def _split(raw: bytes) -> tuple[bytes, bytes]:
    # A mark of the bytes' order or blank lines in front are no headers.
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw.startswith(b"From ") and b"\n" in raw:
        # An mbox line.
        raw = raw.split(b"\n", 1)[1]
    found = _END_OF_HEADERS.search(raw)
    if found is None:
        return raw, b""
    return raw[: found.start()], raw[found.end() :]


def _raw_headers(head: bytes, defects: list[str]) -> list[tuple[bytes, bytes]]:
    headers: list[tuple[bytes, bytes]] = []
    if len(head) > _LONGEST_HEADERS:
        defects.append("its headers are too long")
        head = head[:_LONGEST_HEADERS]
    lines = head.splitlines() if b"\n" in head else head.split(b"\r")
    pieces: list[bytes] = []
    for line in [*lines, b""]:
        if line[:1] in {b" ", b"\t"} and pieces:
            pieces.append(line)
            continue
        if pieces:
            found = _FIELD.fullmatch(b"\n".join(pieces))
            if found is None:
                defects.append("a header can't be read")
            elif len(headers) >= _MOST_HEADERS:
                defects.append("it has too many headers")
                break
            else:
                headers.append((found[1], found[2].strip()))
        pieces = [line]
    return headers


def _tree(
    raw_headers: list[tuple[bytes, bytes]], body: bytes, defects: list[str]
) -> Message | None:
    """The tree of parts by the standard library, which only sees the headers about content."""
    wanted = [
        name + b": " + value[:20_000].replace(b"\r", b" ").replace(b"\n", b"\r\n ")
        for name, value in _first_of_each(raw_headers)
        if name.lower().startswith((b"content-", b"mime-"))
    ]
    start = b"\r\n".join([*wanted, b"", b""])
    if body.count(b"\n--") > _MOST_BOUNDARIES:
        defects.append("it has too many parts")
        return _only_headers(start)
    try:
        return BytesParser(policy=policy.compat32).parsebytes(start + body)
    except Exception:  # noqa: BLE001 - among them RecursionError: it is nested too deeply
        defects.append("its parts can't be told apart")
        return _only_headers(start)


def _first_of_each(headers: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    names: set[bytes] = set()
    for name, value in headers:
        if name.lower() not in names:
            names.add(name.lower())
            yield name, value


def _only_headers(start: bytes) -> Message | None:
    try:
        return BytesParser(policy=policy.compat32).parsebytes(start, headersonly=True)
    except Exception:  # noqa: BLE001 - then there is nothing
        return None


def _parts(tree: Message, defects: list[str]) -> Iterator[Part]:
    waiting: list[tuple[Message, int, bool]] = [(tree, 0, False)]
    seen_parts = 0
    while waiting:
        message, depth, within = waiting.pop()
        seen_parts += 1
        if seen_parts > _MOST_PARTS or depth > _DEEPEST:
            defects.append("it has too many parts")
            return
        content_type, parameters = _type_of(message)
        payload = message.get_payload()
        if isinstance(payload, list) and payload:
            inside = within or content_type.startswith("message/")
            if content_type.startswith("message/"):
                yield _part(message, content_type, parameters, within=within)
            waiting.extend(
                (item, depth + 1, inside)
                for item in reversed(payload)
                if isinstance(item, Message)
            )
        else:
            yield _part(message, content_type, parameters, within=within)


def _part(
    message: Message, content_type: str, parameters: dict[str, str], *, within: bool
) -> Part:
    disposition, about = _parameters(_value(message, "content-disposition"))
    filename = about.get("filename") or parameters.get("name", "")
    return Part(
        content_type=content_type,
        parameters=parameters,
        filename=seen(header_text(filename.encode("utf-8", "replace")))[:200],
        attached=disposition == "attachment" or bool(filename and disposition != "inline"),
        within=within,
        message=message,
    )


def _type_of(message: Message) -> tuple[str, dict[str, str]]:
    content_type, parameters = _parameters(_value(message, "content-type"))
    if content_type.count("/") != 1 or content_type.startswith("/"):
        content_type = "multipart/mixed" if message.is_multipart() else "text/plain"
    return content_type, parameters


def _value(message: Message, name: str) -> str:
    for key, value in message.raw_items():
        if key.lower() == name:
            raw = str(value).encode("ascii", "surrogateescape") if str(value).isascii() else None
            if raw is None:
                raw = str(value).encode("utf-8", "surrogateescape")
            return decoded(raw, None)
    return ""


_PARAMETER: Final = re.compile(
    r";\s{0,80}([A-Za-z0-9_*.-]{1,60})\s{0,9}=\s{0,9}(\"(?:[^\"\\]|\\.){0,2000}\"|[^;\s]{1,2000})"
)


def _parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value in front and its parameters; continued ones (RFC 2231) are joined."""
    front, _, _rest = value.partition(";")
    found: dict[str, str] = {}
    for name, text in _PARAMETER.findall(value[:20_000]):
        plain = text[1:-1].replace('\\"', '"') if text.startswith('"') else text
        base = name.lower().split("*", 1)[0]
        found[base] = found.get(base, "") + plain if "*" in name else plain
    return front.strip().lower(), found
