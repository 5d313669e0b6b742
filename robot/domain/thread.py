"""By what a mail that comes back proves which case it belongs to.

Every address, Message-ID and subject that leaves names its case. The first two carry a keyed hash
(HMAC-SHA256, RFC 2104), so nobody can guess the address of a case from its number. A token proves
the thread and never the person who writes.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

#: The shortest secret that is taken, in bytes.
LEAST_SECRET: Final = 16
#: Ten bytes: 80 bits, which base32 writes in 16 letters without a rest.
_TOKEN_BYTES: Final = 10
_SIGN: Final = r"[a-z2-7]{16}"
_NONCE: Final = re.compile(r"[a-z0-9]{1,64}", re.ASCII)
_CASE: Final = r"sam-[0-9]{4}-[0-9]{6,9}"
_CASE_NUMBER: Final = re.compile(_CASE.upper(), re.ASCII)
_TAG: Final = re.compile(
    rf"(?<![A-Z0-9-])({_CASE.upper()})(?![A-Z0-9-])", re.ASCII | re.IGNORECASE
)
_PLUS: Final = re.compile(
    rf"[^@+\s<>]+\+(?P<case>{_CASE})\.(?P<token>{_SIGN})@[^@\s<>]+", re.ASCII
)
_MESSAGE_ID: Final = re.compile(
    rf"<?(?P<about>{_CASE}|digest)\.(?P<nonce>[a-z0-9]{{1,64}})\.(?P<token>{_SIGN})@[^@\s<>]+>?",
    re.ASCII,
)
_DIGEST: Final = "digest"
#: RFC 5321 4.5.3.1.1: octets of a local part.
_LOCAL_PART: Final = 64
#: Longer than any address or Message-ID of ours; what is longer is not looked at.
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class ThreadKeys:
    """Signs and knows again what leads to a case.

    Args:
        secrets: The first one signs, all of them verify, so that a key can be replaced while mails
            under the old one are still answered.

    Raises:
        ValueError: There is no secret, or one of them is too short.
    """

    secrets: Sequence[bytes] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is too weak to prove anything."""
        if not self.secrets or any(len(secret) < LEAST_SECRET for secret in self.secrets):
            raise ValueError(f"a thread secret needs at least {LEAST_SECRET} bytes")

    def token(self, case_number: str) -> str:
        """The token of a case in an address: 80 bits in 16 small letters and digits."""
        return _token(self.secrets[0], "address", case_number.upper())

    def reply_address(self, sender: str, case_number: str) -> str:
        """The address that answers about a case go to, `robot+sam-2026-000123.token@domain`.

        Raises:
            ValueError: The sender is no plain address, or the local part gets longer than 64.
        """
        local, at, domain = sender.rpartition("@")
        made = f"{local}+{_checked(case_number).lower()}.{self.token(case_number)}"
        if not at or not local or "+" in local or not domain:
            raise ValueError(f"'{sender}' is no address that a case can be added to")
        if len(made) > _LOCAL_PART:
            raise ValueError(f"the part before @ of '{sender}' is too long to carry a case")
        return f"{made}@{domain}"

    def case_of_address(self, address: str) -> str | None:
        """The case of one of our reply addresses; None for a forged or any other address."""
        found = _PLUS.fullmatch(address.strip().lower()) if len(address) <= _LONGEST else None
        if found is None:
            return None
        number = found["case"].upper()
        return number if self._signed("address", number, found["token"]) else None

    def message_id(self, case_number: str, nonce: str, domain: str) -> str:
        """A Message-ID about one case, `<sam-2026-000123.nonce.token@domain>`.

        Args:
            case_number: The case.
            nonce: 1 to 64 small letters and digits that make it unique; the same nonce gives the
                same Message-ID, so that a mail that is sent again is the same mail.
            domain: The right-hand side.

        Raises:
            ValueError: The case number or the nonce is none.
        """
        return self._message_id(_checked(case_number).lower(), nonce, domain)

    def digest_message_id(self, nonce: str, domain: str) -> str:
        """A Message-ID of a mail about several cases; the store knows which.

        Raises:
            ValueError: The nonce is none.
        """
        return self._message_id(_DIGEST, nonce, domain)

    def case_of_message_id(self, message_id: str) -> str | None:
        """The case of one of our Message-IDs; None for a digest's, a forged or any other one."""
        about = self._about(message_id)
        return None if about in {None, _DIGEST} else about

    def is_ours(self, message_id: str) -> bool:
        """Whether we gave this Message-ID, to a digest or to a mail about one case."""
        return self._about(message_id) is not None

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """Secrets for another purpose, oldest last; none of them can be led back to ours."""
        return tuple(hmac.digest(secret, purpose.encode(), "sha256") for secret in self.secrets)

    def _message_id(self, about: str, nonce: str, domain: str) -> str:
        if not _NONCE.fullmatch(nonce):
            raise ValueError(f"'{nonce}' is no nonce: 1 to 64 small letters and digits")
        token = _token(self.secrets[0], "message", f"{about} {nonce}")
        return f"<{about}.{nonce}.{token}@{domain}>"

    def _about(self, message_id: str) -> str | None:
        short = len(message_id) <= _LONGEST
        found = _MESSAGE_ID.fullmatch(message_id.strip().lower()) if short else None
        if found is None:
            return None
        about, nonce = found["about"], found["nonce"]
        if not self._signed("message", f"{about} {nonce}", found["token"]):
            return None
        return about if about == _DIGEST else about.upper()

    def _signed(self, purpose: str, text: str, token: str) -> bool:
        # No early end: the time taken says nothing about which key, or how much of it, was right.
        right = [
            hmac.compare_digest(_token(secret, purpose, text), token) for secret in self.secrets
        ]
        return any(right)


def subject_tag(case_number: str) -> str:
    """What a subject about a case begins with: `[SAM-2026-000123]`."""
    return f"[{case_number}]"


def tags_in(subject: str) -> tuple[str, ...]:
    """The case numbers that a subject names, with or without brackets, each once, in order.

    Anybody can write one: it counts only from the customer's own domains.
    """
    return tuple(dict.fromkeys(found.upper() for found in _TAG.findall(subject)))


def _token(secret: bytes, purpose: str, text: str) -> str:
    digest = hmac.digest(secret, f"{purpose}\n{text}".encode(), "sha256")
    return base64.b32encode(digest[:_TOKEN_BYTES]).decode("ascii").lower()


def _checked(case_number: str) -> str:
    if not _CASE_NUMBER.fullmatch(case_number):
        raise ValueError(f"'{case_number}' is no case number")
    return case_number
