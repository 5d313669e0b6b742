"""What a mail server's refusal says about an address."""

from __future__ import annotations

import re
from typing import Final

#: Enhanced status codes of addresses that nobody has (RFC 3463 3.2, RFC 7505 for 5.1.10). Not
#: 5.1.7 and 5.1.8, which are about the sender.
_NOBODY: Final = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
_ENHANCED: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])", re.ASCII)
#: Reply codes that are about the address alone (RFC 5321 4.2.2).
_ABOUT_ADDRESS: Final = frozenset({"551", "553"})
_SAID_OF_ADDRESS: Final = re.compile(
    r"(?:user|mailbox|recipient|address|account)\b.{0,40}"
    r"(?:unknown|not found|no such|does ?n[o\u2019']t exist|invalid|unavailable|disabled)"
    r"|(?:no such|unknown|invalid|unrout\w+) (?:user|mailbox|recipient|address|account)",
    re.IGNORECASE,
)
_MAILBOX_UNAVAILABLE: Final = "550"


def enhanced_code(words: str) -> str | None:
    """The enhanced status code (RFC 3463) that a server's words begin with or contain."""
    found = _ENHANCED.search(words)
    return found.group(1) if found else None


def nobody_has(code: str, words: str) -> bool:
    """Whether a refusal for good means that nobody has the address.

    A mailbox that is full (5.2.2) or closed to us by policy (5.7.x) is the right address, whatever
    else the server calls the failure; so is one of which a bare 550 says nothing.

    Args:
        code: Enhanced status code, or the three digits of the reply.
        words: What the server said.
    """
    enhanced = code if "." in code else enhanced_code(words)
    if enhanced is not None:
        return enhanced in _NOBODY
    if code in _ABOUT_ADDRESS:
        return True
    return code == _MAILBOX_UNAVAILABLE and _SAID_OF_ADDRESS.search(words) is not None
