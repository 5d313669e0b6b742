"""References to other documents, and what is attached to them (BG-3, BG-24)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from robot.documents.elements import (
    CAC,
    CBC,
    ID,
    Children,
    Element,
    children_of,
    day_in,
    every,
    inside,
    text_in,
    texts_of,
)
from robot.documents.reading import Reading
from robot.documents.refusal import RefusalError
from robot.domain.invoice import Attachment, BillingReference

_ISSUE_DATE: Final = CBC + "IssueDate"
_ATTACHMENT: Final = CAC + "Attachment"
_EMBEDDED: Final = CBC + "EmbeddedDocumentBinaryObject"
_EXTERNAL: Final = CAC + "ExternalReference"
_URI: Final = CBC + "URI"
_FILE_NAME: Final = CBC + "FileName"
_MIME_CODE: Final = CBC + "MimeCode"
_DESCRIPTION: Final = CBC + "DocumentDescription"
_TYPE: Final = CBC + "DocumentType"
#: The kinds of earlier documents that BillingReference can name.
_EARLIER: Final = tuple(
    CAC + name
    for name in (
        "InvoiceDocumentReference",
        "CreditNoteDocumentReference",
        "SelfBilledInvoiceDocumentReference",
        "SelfBilledCreditNoteDocumentReference",
        "ReminderDocumentReference",
        "DebitNoteDocumentReference",
        "AdditionalDocumentReference",
    )
)
#: Where base64 can have its padding, with some white space after it.
_END: Final = 16
_WHITE_SPACE: Final = (" ", "\n", "\r", "\t")


def billing_references_of(elements: Iterable[Element]) -> tuple[BillingReference, ...]:
    """The earlier documents that are named by number."""
    references: list[BillingReference] = []
    for element in elements:
        children = children_of(element)
        for tag in _EARLIER:
            if tag in children:
                parts = children_of(children[tag])
                number = text_in(parts, ID)
                if number is not None:
                    references.append(
                        BillingReference(number=number, issue_date=day_in(parts, _ISSUE_DATE))
                    )
    return tuple(references)


def attachments_of(references: Iterable[Element], reading: Reading) -> tuple[Attachment, ...]:
    """What is attached to document references of any kind; contents stay as they are.

    Raises:
        RefusalError: There are more than the limit.
    """
    attachments: list[Attachment] = []
    for reference in references:
        children = children_of(reference)
        attached = children.get(_ATTACHMENT)
        if attached is not None:
            if len(attachments) == reading.limits.attachments:
                raise RefusalError(
                    f"the document has more than {reading.limits.attachments} attachments"
                )
            attachments.append(_attachment(reference, children, children_of(attached)))
    return tuple(attachments)


def _attachment(reference: Element, children: Children, attached: Children) -> Attachment:
    description = (
        " ".join(texts_of(every(reference, children, _DESCRIPTION)))
        or text_in(children, _TYPE)
        or text_in(children, ID)
    )
    embedded = attached.get(_EMBEDDED)
    if embedded is not None:
        return Attachment(
            name=_file_name(embedded.get("filename")),
            media_type=embedded.get("mimeCode"),
            size=_decoded_size(embedded.text or ""),
            description=description,
        )
    link = inside(attached, _EXTERNAL)
    return Attachment(
        name=_file_name(text_in(link, _FILE_NAME)),
        media_type=text_in(link, _MIME_CODE),
        size=None,
        uri=text_in(link, _URI),
        description=description,
    )


def _file_name(stated: str | None) -> str | None:
    """The last part of a stated name: a path in it must never lead anywhere."""
    if not stated:
        return None
    return stated.replace("\\", "/").rpartition("/")[2].strip() or None


def _decoded_size(base64_text: str) -> int:
    characters = len(base64_text) - sum(base64_text.count(space) for space in _WHITE_SPACE)
    padding = base64_text[-_END:].count("=")
    return max(0, characters * 3 // 4 - padding)
