"""What the parts of one document share while it is read."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from decimal import Decimal

from robot.documents.elements import Children, Element, number_of, place
from robot.documents.family import Family
from robot.documents.limits import Limits
from robot.documents.refusal import RefusalError


@dataclass(slots=True, kw_only=True)
class Reading:
    """One reading: the family and currency that hold for the document, and what was remarked."""

    family: Family
    currency: str
    limits: Limits
    #: On the clock of `time.monotonic`.
    deadline: float
    remarks: list[str] = field(default_factory=list)
    #: DocumentReference elements of the lines, which can carry attachments.
    line_documents: list[Element] = field(default_factory=list)

    def remark(self, words: str) -> None:
        """Note a deviation that does not stop the reading; the same words once only."""
        if words not in self.remarks:
            self.remarks.append(words)

    def money_in(self, children: Children, tag: str) -> Decimal | None:
        """The amount in the child of a name, in the document's currency; None when missing.

        Raises:
            RefusalError: It is no decimal number, or in another currency.
        """
        element = children.get(tag)
        if element is None:
            return None
        amount = number_of(element)
        currency = element.get("currencyID")
        if currency != self.currency and amount is not None:
            if currency:
                raise RefusalError(
                    f"{place(element)} is in {currency} but the document is in {self.currency}"
                )
            self.remark(f"amounts without a currency are read as {self.currency}")
        return amount

    def check_time(self) -> None:
        """Stop when the reading has taken too long.

        Raises:
            RefusalError: The deadline has passed.
        """
        if time.monotonic() > self.deadline:
            raise RefusalError(f"reading took more than {self.limits.seconds:g} seconds")
