"""How much a document may cost before it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: A 100 MiB attachment is 137 MiB in base64; the access points of NemHandel take less.
MAX_BYTES: Final = 200 * 1024 * 1024
#: libxml2's own limit for documents that are not huge; real invoices use under 20 levels.
MAX_DEPTH: Final = 256
#: About 50,000 lines of 60 elements each.
MAX_ELEMENTS: Final = 3_000_000
#: The longest text that libxml2 takes without its `huge` option is 10,000,000 characters, so
#: documents up to this size never need it.
ORDINARY_BYTES: Final = 8 * 1024 * 1024
MAX_ATTACHMENTS: Final = 500
MAX_SECONDS: Final = 60.0
#: An envelope inside an envelope inside an envelope is no business document any more.
MAX_ENVELOPES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one reading; each that is passed refuses the document with a reason."""

    bytes: int = MAX_BYTES
    depth: int = MAX_DEPTH
    elements: int = MAX_ELEMENTS
    attachments: int = MAX_ATTACHMENTS
    seconds: float = MAX_SECONDS
    envelopes: int = MAX_ENVELOPES


#: What `read` uses when the caller names no other.
LIMITS: Final = Limits()
