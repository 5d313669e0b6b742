"""UBL documents in: bytes to an immutable invoice, or a reason why not."""
