"""What reading a document gives, narrowed to the one that the test expects."""

from __future__ import annotations

from robot.documents import LIMITS, Limits, Refused, read
from robot.domain.invoice import Invoice


def invoice_in(content: bytes, limits: Limits = LIMITS) -> Invoice:
    """The invoice; fails with the reason when the document was refused."""
    found = read(content, limits)
    assert isinstance(found, Invoice), found
    return found


def refusal_of(content: bytes, limits: Limits = LIMITS) -> Refused:
    """The refusal; fails when the document was read."""
    found = read(content, limits)
    assert isinstance(found, Refused), found.number
    assert found.reason
    return found
