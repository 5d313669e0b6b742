"""UBL documents in: bytes to an immutable invoice, or a reason why not."""

from robot.documents.limits import LIMITS, Limits
from robot.documents.reader import read
from robot.documents.refusal import Refused

__all__ = ["LIMITS", "Limits", "Refused", "read"]
