"""Taking the invoice out of its envelope (SBDH and its relatives)."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from robot.documents.elements import Element, local_name
from robot.documents.limits import Limits
from robot.documents.parsing import parse
from robot.documents.refusal import RefusalError

#: Elements that only wrap another document. Source: UN/CEFACT SBDH 1.3 and GS1 (by local name,
#: because each version has a namespace of its own), Peppol's envelope for binary and text
#: content, SOAP.
_ENVELOPES: Final = frozenset(
    {"StandardBusinessDocument", "BinaryContent", "TextContent", "Envelope", "Body", "message"}
)
_HEADERS: Final = frozenset({"StandardBusinessDocumentHeader", "Header"})


def unwrap(root: Element, limits: Limits) -> Element:
    """The root of the business document, without the envelopes around it.

    The payload is an element, or text: the document itself (CDATA) or its base64.

    Raises:
        RefusalError: The envelope is empty, holds several documents, or holds no XML.
    """
    for _ in range(2 * limits.envelopes):
        if local_name(root) not in _ENVELOPES:
            return root
        root = _payload(root, limits)
    if local_name(root) in _ENVELOPES:
        raise RefusalError(f"envelopes are nested more than {limits.envelopes} deep")
    return root


def _payload(envelope: Element, limits: Limits) -> Element:
    name = local_name(envelope)
    payloads = [child for child in envelope if local_name(child) not in _HEADERS]
    if len(payloads) == 1:
        return payloads[0]
    if payloads:
        names = ", ".join(local_name(payload) for payload in payloads[:5])
        raise RefusalError(f"the envelope ({name}) holds {len(payloads)} documents ({names})")
    written = (envelope.text or "") + "".join(child.tail or "" for child in envelope)
    written = written.strip()
    if not written:
        raise RefusalError(f"the envelope ({name}) is empty")
    return parse(_as_bytes(written, name), limits)


def _as_bytes(written: str, name: str) -> bytes:
    if written.startswith("<"):
        # The text is decoded already; a declaration of its old encoding would be a lie now.
        if written.startswith("<?xml"):
            written = written.partition("?>")[2].lstrip()
        return written.encode()
    try:
        return base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError(
            f"the envelope ({name}) holds text that is neither XML nor base64"
        ) from error
