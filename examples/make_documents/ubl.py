"""What both families of UBL have in common: namespaces, elements, amounts, the bytes of a file."""

from __future__ import annotations

import base64
import io
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from lxml import etree

from examples.make_documents.attachments import Attachment

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"

_SPACES = {"cac": CAC, "cbc": CBC}
#: Stable names for documents, so that the same document has the same UUID each time.
_UUIDS = uuid.UUID("5f0d1c1e-7b51-5c55-9a57-99001990029a")

Element = etree._Element  # noqa: SLF001  (lxml has no other name for its type)


@dataclass(frozen=True, kw_only=True)
class Wire:
    """How a document is written down: encoding, byte order mark, prefixes, envelope."""

    encoding: str = "UTF-8"
    mark: bool = False
    #: The prefixes of the root's, the aggregate and the basic namespace; the root's may be none.
    prefixes: tuple[str | None, str, str] = (None, "cac", "cbc")
    envelope: bool = False


PLAIN = Wire()


class Sheet:
    """Builds elements by their usual prefixed names."""

    def __init__(self, space: str, name: str, wire: Wire = PLAIN) -> None:
        own, aggregate, basic = wire.prefixes
        prefixes: dict[str | None, str] = {own: space, aggregate: CAC, basic: CBC}
        self.root = _element(space, name, prefixes)

    def add(
        self, parent: Element, name: str, text: str | None = None, **attributes: str
    ) -> Element:
        """Add `cbc:ID` or the like below an element."""
        prefix, _, local = name.partition(":")
        element = etree.SubElement(parent, f"{{{_SPACES[prefix]}}}{local}", attributes)
        element.text = text
        return element

    def add_if(self, parent: Element, name: str, text: str | None, **attributes: str) -> None:
        """Add a basic element when there is something to say."""
        if text:
            self.add(parent, name, text, **attributes)

    def path(self, parent: Element, *names: str, text: str, **attributes: str) -> None:
        """Add nested elements; text and attributes are the innermost one's."""
        for name in names[:-1]:
            parent = self.add(parent, name)
        self.add(parent, names[-1], text, **attributes)

    def amount(self, parent: Element, name: str, amount: Decimal, currency: str) -> None:
        """Add an amount with its currency."""
        self.add(parent, name, f"{amount:.2f}", currencyID=currency)

    def attachment(self, parent: Element, attached: Attachment, described_by: str) -> None:
        """Add an AdditionalDocumentReference with the file itself or a link to it."""
        reference = self.add(parent, "cac:AdditionalDocumentReference")
        self.add(reference, "cbc:ID", attached.name)
        self.add(reference, described_by, attached.description)
        holder = self.add(reference, "cac:Attachment")
        if attached.link:
            self.path(holder, "cac:ExternalReference", "cbc:URI", text=attached.link)
            return
        self.add(
            holder,
            "cbc:EmbeddedDocumentBinaryObject",
            base64.b64encode(attached.content).decode("ascii"),
            mimeCode=attached.media_type,
            filename=attached.name,
        )


def plain(number: Decimal) -> str:
    """A number without needless zeros."""
    return f"{number.normalize():f}"


def uuid_of(name: str) -> str:
    """The same UUID for the same name."""
    return str(uuid.uuid5(_UUIDS, name))


def to_bytes(root: Element, purpose: str, wire: Wire = PLAIN) -> bytes:
    """The file: declaration, the purpose as a comment, the document, an envelope if wanted."""
    if wire.envelope:
        root = _enveloped(root)
    root.addprevious(etree.Comment(f" Invented for the demo. {purpose.replace('--', '-')} "))
    written = io.BytesIO()
    root.getroottree().write(
        written, xml_declaration=True, encoding=wire.encoding, pretty_print=True
    )
    return (b"\xef\xbb\xbf" if wire.mark else b"") + written.getvalue()


def _element(space: str, name: str, prefixes: dict[str | None, str]) -> Element:
    # The stubs of lxml know no default namespace.
    return etree.Element(f"{{{space}}}{name}", nsmap=cast("dict[str, str]", prefixes))


def _enveloped(document: Element) -> Element:
    envelope = _element(SBDH, "StandardBusinessDocument", {None: SBDH})
    header = etree.SubElement(envelope, f"{{{SBDH}}}StandardBusinessDocumentHeader")
    etree.SubElement(header, f"{{{SBDH}}}HeaderVersion").text = "1.0"
    for role, party in (
        ("Sender", "AccountingSupplierParty"),
        ("Receiver", "AccountingCustomerParty"),
    ):
        endpoint = document.find(f"{{{CAC}}}{party}/{{{CAC}}}Party/{{{CBC}}}EndpointID")
        partner = etree.SubElement(header, f"{{{SBDH}}}{role}")
        identifier = etree.SubElement(
            partner, f"{{{SBDH}}}Identifier", Authority="iso6523-actorid-upis"
        )
        if endpoint is not None:
            identifier.text = f"{endpoint.get('schemeID')}:{endpoint.text}"
    described = etree.SubElement(header, f"{{{SBDH}}}DocumentIdentification")
    qualified = etree.QName(document)
    number = document.findtext(f"{{{CBC}}}ID") or ""
    for name, text in (
        ("Standard", qualified.namespace or ""),
        ("TypeVersion", "2.1"),
        ("InstanceIdentifier", uuid_of(f"envelope of {number}")),
        ("Type", qualified.localname),
        ("CreationDateAndTime", f"{document.findtext(f'{{{CBC}}}IssueDate')}T08:00:00Z"),
    ):
        etree.SubElement(described, f"{{{SBDH}}}{name}").text = text
    envelope.append(document)
    return envelope
