"""The part of a mail that a person wrote, and why it can't be read when it can't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from robot.adapters.mail.incoming.html_text import CUT, text_of
from robot.adapters.mail.incoming.message import Incoming, Part
from robot.adapters.mail.incoming.reply_text import written

_ENCRYPTED: Final = frozenset({"enveloped-data", "authenveloped-data"})
_SEALED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_OUTLOOK: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
#: A plain part that only says that there is another one.
_STUB_WORDS: Final = 25
_STUBS: Final = ("html", "mime", "multipart", "multi-part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What stands in a mail."""

    #: The whole text, quotations and all.
    whole: str
    #: What its writer wrote.
    own: str
    quotes: bool
    #: Why nothing can be read, in words.
    problem: str = ""


def body_of(mail: Incoming) -> Body:
    """Choose the text of a mail: plain where that says something, else HTML."""
    texts = [part for part in mail.parts if not part.within and not part.attached]
    plain = "\n\n".join(_texts(texts, "text/plain", mail))
    html = "\n".join(_texts(texts, "text/html", mail))
    text = plain.strip("\n")
    if html and (not text.strip() or _is_stub(text) or "text/plain" not in _types(texts)):
        text = text_of(html)
    found = written(text)
    whole = text.replace(CUT, "").strip()
    return Body(
        whole=whole,
        own=found.own,
        quotes=found.quotes,
        problem="" if found.own else _problem(mail),
    )


def _types(parts: list[Part]) -> set[str]:
    return {part.content_type for part in parts}


def _texts(parts: list[Part], content_type: str, mail: Incoming) -> list[str]:
    found = [part.text() for part in parts if part.content_type == content_type]
    # One body without a type that is known, and nothing else: it is text to whoever wrote it.
    if not found and content_type == "text/plain" and len(mail.parts) == 1:
        only = mail.parts[0]
        written_so = only.content_type.startswith(("text/", "multipart/"))
        if written_so and only.content_type != "text/html":
            found = [only.text()]
    return [text for text in found if text.strip()]


def _is_stub(text: str) -> bool:
    words = text.lower().split()
    return (
        len(words) <= _STUB_WORDS
        and any(stub in word for word in words for stub in _STUBS)
        and any(
            word in {"view", "support", "vis", "understøtter", "format", "viewer", "client"}
            for word in words
        )
    )


def _problem(mail: Incoming) -> str:
    for part in mail.parts:
        if part.within:
            continue
        if part.content_type in _SEALED:
            kind = part.parameters.get("smime-type", "").lower()
            if kind in _ENCRYPTED or not kind:
                return "it is encrypted; only a person with the key can read it"
            return "it is signed in a form that hides its text; open the original"
        if part.content_type == "application/pgp-encrypted":
            return "it is encrypted; only a person with the key can read it"
        if part.content_type in _OUTLOOK:
            return "its text is in winmail.dat, Outlook's own format; open the original"
    if mail.defects:
        return f"it can't be read: {'; '.join(mail.defects)}; open the original"
    return "nothing is written in it"
