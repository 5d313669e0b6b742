"""What a root element is: an invoice, another business document, or nothing of ours."""

from __future__ import annotations

from typing import Final

from robot.documents.elements import Element, local_name
from robot.documents.refusal import RefusalError, quoted
from robot.domain.invoice import Kind

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_INVOICES: Final = {
    f"{{{_UBL}Invoice-2}}Invoice": Kind.INVOICE,
    f"{{{_UBL}CreditNote-2}}CreditNote": Kind.CREDIT_NOTE,
}
#: Business documents of UBL that are not posted as invoices, with the Danish word.
_OTHER_DOCUMENTS: Final = {
    "ApplicationResponse": "a response to another document (applikationsmeddelelse)",
    "AttachedDocument": "a wrapper around an attached document",
    "Catalogue": "a catalogue (katalog)",
    "CatalogueDeletion": "the deletion of a catalogue (katalogsletning)",
    "CatalogueItemSpecificationUpdate": "an update of catalogue items (katalogopdatering)",
    "CataloguePricingUpdate": "an update of catalogue prices (katalogprisopdatering)",
    "CatalogueRequest": "a request for a catalogue (katalogforespørgsel)",
    "DebitNote": "a debit note (debitnota)",
    "DespatchAdvice": "a despatch advice (følgeseddel)",
    "FreightInvoice": "a freight invoice (fragtfaktura)",
    "InvoiceResponse": "a response to an invoice (fakturasvar)",
    "Order": "an order (ordre)",
    "OrderCancellation": "the cancellation of an order (ordreannullering)",
    "OrderChange": "the change of an order (ordreændring)",
    "OrderResponse": "a response to an order (ordrebekræftelse)",
    "OrderResponseSimple": "a response to an order (simpel ordrebekræftelse)",
    "Quotation": "a quotation (tilbud)",
    "ReceiptAdvice": "a receipt advice (modtagelsesbekræftelse)",
    "Reminder": "a reminder (rykker)",
    "RemittanceAdvice": "a remittance advice (betalingsmeddelelse)",
    "SelfBilledCreditNote": "a self-billed credit note (selvfaktureret kreditnota)",
    "SelfBilledInvoice": "a self-billed invoice (selvfaktura)",
    "Statement": "a statement of account (kontoudtog)",
    "UtilityStatement": "a utility statement (forsyningsspecifikation)",
}
_UBL_NAMESPACES: Final = ("urn:oasis:names:specification:ubl:", "urn:oioubl:")
#: Invoices in formats that are not UBL 2, by namespace.
_OTHER_FORMATS: Final = (
    ("http://rep.oio.dk/ubl/xml/schemas/0p7", "the withdrawn format OIOXML 0.7"),
    ("urn:un:unece:uncefact:data:standard:CrossIndustry", "UN/CEFACT CII"),
    ("urn:ferd:CrossIndustryDocument", "ZUGFeRD 1 (UN/CEFACT CII)"),
    ("http://www.facturae.", "the Spanish format Facturae"),
    ("http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture", "the Italian format FatturaPA"),
    ("http://www.ebinterface.at/", "the Austrian format ebInterface"),
    ("http://www.svefaktura.se/", "the Swedish format Svefaktura"),
    ("urn:sfti:documents:BasicInvoice", "the Swedish format Svefaktura"),
)
_ASK: Final = "the supplier must send it as OIOUBL 2.1 or Peppol BIS Billing 3"


def kind_of(root: Element) -> Kind:
    """Whether a document is an invoice or a credit note; its root element alone decides.

    Raises:
        RefusalError: It is neither; the reason says what it is.
    """
    kind = _INVOICES.get(root.tag)
    if kind is not None:
        return kind
    name = local_name(root)
    namespace = root.tag[1:].rpartition("}")[0] if root.tag.startswith("{") else ""
    for beginning, what in _OTHER_FORMATS:
        if namespace.startswith(beginning):
            raise RefusalError(f"the document is in {what}, which is not read; {_ASK}")
    if namespace.startswith(_UBL_NAMESPACES) and name in _OTHER_DOCUMENTS:
        raise RefusalError(
            f"the document is {_OTHER_DOCUMENTS[name]}, not an invoice (root element {name})",
            code="not-an-invoice",
        )
    if name in {"Invoice", "CreditNote"}:
        stated = f"in the namespace {quoted(namespace)}" if namespace else "without a namespace"
        raise RefusalError(f"the document is called {name} but is {stated}, not UBL 2; {_ASK}")
    where = f" in {quoted(namespace)}" if namespace else ""
    raise RefusalError(
        f"the document is no invoice: its root element is {quoted(name)}{where}",
        code="not-an-invoice",
    )
