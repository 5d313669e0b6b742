"""Whether a mail comes from whom it says: Authentication-Results of the own border (RFC 8601)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from robot.adapters.mail.incoming.message import Incoming
from robot.domain.incoming import SortContext

_RESULT: Final = re.compile(r"\b(dmarc|dkim|spf|arc)\s{0,3}=\s{0,3}([a-z]{2,12})", re.IGNORECASE)
_PROPERTY: Final = re.compile(
    r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom|smtp\.mail)\s{0,3}=\s{0,3}\"?([^\s;\"()]{1,255})",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"\([^()]{0,500}\)")
_ADDR_SPEC: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u0080-\U0010ffff-]{1,64}@[A-Za-z0-9.\u0080-\U0010ffff-]{1,253}"
)


class Proof(StrEnum):
    """What is known about the sender's domain."""

    PROVEN = "proven"
    #: No border server of ours checks senders.
    NOT_ASKED = "not asked"
    #: The border server says nothing of it.
    MISSING = "missing"
    FAILED = "failed"


def sender_of(mail: Incoming) -> str:
    """The one address of the one From, lower case; empty when it can't be told whose it is."""
    values = mail.all("from")
    if len(values) != 1:
        return ""
    value = values[0]
    quoted_out = re.sub(r"\"(?:[^\"\\]|\\.){0,2000}\"", " ", value)
    if "<" in quoted_out:
        inside = re.findall(r"<([^<>]{0,400})>", quoted_out)
        candidates = [text.strip() for text in inside if text.strip()]
    else:
        candidates = [text.strip() for text in quoted_out.split(",") if text.strip()]
    # A comment after a bare address is no part of it.
    plain = [_COMMENT.sub("", text).strip() for text in candidates]
    if len(plain) != 1 or not _ADDR_SPEC.fullmatch(plain[0]):
        return ""
    return plain[0].lower().rstrip(".")


def domain_of(address: str) -> str:
    """The part after @, in the form that DNS knows (IDNA)."""
    domain = address.rpartition("@")[2].lower()
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def proof_of(mail: Incoming, sender: str, context: SortContext) -> Proof:
    """What our own border server found out about the sender's domain.

    Only the topmost results under our own name count, and only above the Received lines that our
    own servers wrote: everything below came with the mail and may be forged (RFC 8601 5).
    """
    if not context.authserv_id:
        return Proof.NOT_ASKED
    results = _own_results(mail, context)
    if results is None:
        return Proof.MISSING
    return _judged(results, domain_of(sender))


def _own_results(mail: Incoming, context: SortContext) -> str | None:
    hops = 0
    for name, value in mail.headers:
        if name == "received":
            hops += 1
            if hops >= context.own_hops:
                return None
        elif name == "authentication-results":
            name_of_server = value.split(";")[0].strip().split(" ")[0].lower()
            if name_of_server == context.authserv_id.lower():
                return value.partition(";")[2]
    return None


def _judged(results: str, domain: str) -> Proof:
    """DMARC's word where there is one, else an aligned DKIM signature or SPF."""
    aligned = False
    for clause in _COMMENT.sub(" ", results).split(";"):
        method = _RESULT.search(clause)
        if method is None:
            continue
        name, passed = method[1].lower(), method[2].lower() == "pass"
        properties = {key.lower(): value.lower() for key, value in _PROPERTY.findall(clause)}
        if name == "dmarc":
            about = properties.get("header.from", domain).rpartition("@")[2]
            return Proof.PROVEN if passed and about == domain else Proof.FAILED
        if passed and name in {"dkim", "spf"}:
            aligned = aligned or _aligned(name, properties, domain)
    return Proof.PROVEN if aligned else Proof.FAILED


def _aligned(method: str, properties: dict[str, str], domain: str) -> bool:
    names = ("header.d", "header.i") if method == "dkim" else ("smtp.mailfrom", "smtp.mail")
    given = next((properties[name] for name in names if name in properties), "")
    signed = given.rpartition("@")[2]
    return bool(signed) and (signed == domain or domain.endswith("." + signed))
