"""Signed links by which a receiver of a mail reads its case; they expire and do nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from robot.flow.case_port import LinkClaim, LinkTrouble
from robot.flow.ports import Clock

#: Says what a token is for, so that one made for anything else opens nothing here.
_PURPOSE: Final = "invoice-robot: read one case"
#: Where the page stands below the public address of the dashboard.
PATH: Final = "/sag/"
#: Longer than any of ours; what is longer is not looked at.
_LONGEST: Final = 2_000


class CaseLinks:
    """Implements the flow's Links port.

    Args:
        secrets: The first one signs, all of them verify.
        public_url: Where customers reach the dashboard; empty when they don't.
        lifetime: How long a link opens its case.
        clock: The time of making and reading.
    """

    def __init__(
        self, secrets: Sequence[bytes], public_url: str, lifetime: timedelta, clock: Clock
    ) -> None:
        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(clock.now().timestamp())

        self._public_url = public_url.rstrip("/")
        self._seconds = int(lifetime.total_seconds())
        self._signed: URLSafeTimedSerializer = URLSafeTimedSerializer(
            # itsdangerous signs with the last of them.
            list(reversed(secrets)),
            salt=_PURPOSE,
            signer=Signer,
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def make(self, case_number: str, address: str) -> str:
        """The address of the page on which this receiver reads this case; empty without a page."""
        if not self._public_url:
            return ""
        return f"{self._public_url}{PATH}{self.token(case_number, address)}"

    def token(self, case_number: str, address: str) -> str:
        """The last part of the address."""
        return str(self._signed.dumps([case_number, address.lower()]))

    def read(self, token: str) -> LinkClaim | LinkTrouble:
        """What the last part of such an address says, or why it opens nothing."""
        if not _is_canonical(token):
            return LinkTrouble.ALTERED
        try:
            claim, made_at = self._signed.loads(
                token, max_age=self._seconds, return_timestamp=True
            )
        except SignatureExpired:
            return LinkTrouble.EXPIRED
        except BadData:
            return LinkTrouble.ALTERED
        return _claim(claim, made_at)


def _claim(claim: object, made_at: datetime) -> LinkClaim | LinkTrouble:
    match claim:
        case [str(number), str(address)]:
            return LinkClaim(case_number=number, address=address, made_at=made_at)
        case _:
            return LinkTrouble.ALTERED


def _is_canonical(token: str) -> bool:
    """Whether each part is written in the one way that stands for its bytes.

    Base64 ignores the last bits of some lengths, so that several texts would pass for one token.
    """
    if len(token) > _LONGEST or not token.isascii():
        return False
    try:
        return all(
            base64_encode(base64_decode(part)).decode("ascii") == part for part in token.split(".")
        )
    except BadData:
        return False
