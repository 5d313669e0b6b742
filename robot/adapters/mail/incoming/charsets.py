"""Bytes of a mail to text, whatever its label says."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from typing import Final

_ENCODED_WORD: Final = re.compile(
    r"=\?(?P<charset>[A-Za-z0-9_:.+-]{1,40})(?:\*[A-Za-z0-9-]{0,20})?"
    r"\?(?P<encoding>[BbQq])\?(?P<text>[^?]{0,4000})\?="
)
_BETWEEN_WORDS: Final = re.compile(r"(\?=)\s{1,20}(=\?)")
#: Labels that mean one of Windows' character sets in practice (WHATWG Encoding, "windows-1252").
_WINDOWS: Final = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-15": "iso8859-15",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
}
_BEYOND_ASCII: Final = 0x80
#: Codecs of Python that are no character sets, or that read other bytes than a mail's.
_NOT_OF_MAIL: Final = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "unicode_escape", "undefined"}
)
#: What no person writes: controls, and marks that turn or hide text.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SPACES: Final = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


def decoded(content: bytes, charset: str | None) -> str:
    """The text of some bytes: UTF-8 where it is that, else what the label says, else Windows-1252.

    A wrong label is common, and text that happens to be valid UTF-8 with letters beyond ASCII is
    hardly ever anything else.
    """
    label = (charset or "").strip().strip("\"'").lower()
    if label in {"utf-7", "unicode-1-1-utf-7"} or label.startswith(("utf-16", "utf-32")):
        return _by_label(content, label) or content.decode("cp1252", "replace")
    if label.startswith(("iso-2022", "hz")):
        return _by_label(content, label) or content.decode("ascii", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if label.startswith("utf"):
        # A cut or damaged character must not cost the others.
        text = content.decode("utf-8", "replace")
        if text.count("\ufffd") * 4 < sum(byte >= _BEYOND_ASCII for byte in content):
            return text
        return content.decode("cp1252", "replace")
    return _by_label(content, label) or content.decode("cp1252", "replace")


def _by_label(content: bytes, label: str) -> str | None:
    name = _WINDOWS.get(label, label)
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    if known.name in _NOT_OF_MAIL:
        return None
    try:
        return content.decode(name, "replace")
    except (LookupError, UnicodeError, ValueError, TypeError):
        return None


def header_text(value: bytes) -> str:
    """A header's value as a person reads it: unfolded, encoded words decoded, one line."""
    text = decoded(value, None)
    if "=?" in text:
        text = _BETWEEN_WORDS.sub(r"\1\2", " ".join(text.split()))
        text = _ENCODED_WORD.sub(_word, text)
    return " ".join(seen(text).split())


def _word(found: re.Match[str]) -> str:
    text = found["text"]
    try:
        if found["encoding"] in "Bb":
            content = base64.b64decode(text + "=" * (-len(text) % 4))
        else:
            content = quopri.decodestring(text.replace("_", " ").encode("utf-8", "replace"))
    except (binascii.Error, ValueError):
        return text
    return decoded(content, found["charset"])


def seen(text: str) -> str:
    """Without controls and marks that turn or hide text; every kind of space is a space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPACES.sub(" ", _UNSEEN.sub("", text))
