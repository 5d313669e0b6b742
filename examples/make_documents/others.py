"""Files that are no invoice or can't be read: a reminder, a utility statement, damaged files."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from examples.make_documents import oioubl
from examples.make_documents.bill import Bill
from examples.make_documents.ubl import Sheet, to_bytes, uuid_of
from examples.make_documents.world import Customer, Supplier

_REMINDER = "urn:oasis:names:specification:ubl:schema:xsd:Reminder-2"
_UTILITY_STATEMENT = "urn:oasis:names:specification:ubl:schema:xsd:UtilityStatement-2"


def reminder(
    customer: Customer, supplier: Supplier, number: str, issued: date, amount: Decimal
) -> bytes:
    """An OIOUBL 2.1 reminder for one invoice that was due two weeks ago."""
    sheet = Sheet(_REMINDER, "Reminder")
    root = sheet.root
    sheet.add(root, "cbc:UBLVersionID", "2.1")
    sheet.add(root, "cbc:CustomizationID", "OIOUBL-2.1")
    sheet.add(root, "cbc:ProfileID", "Procurement-OrdSimR-BilSim-1.0", schemeAgencyID="320",
              schemeID="urn:oioubl:id:profileid-1.2")  # fmt: skip
    sheet.add(root, "cbc:ID", f"R-{number}")
    sheet.add(root, "cbc:CopyIndicator", "false")
    sheet.add(root, "cbc:UUID", uuid_of(f"reminder {number}"))
    sheet.add(root, "cbc:IssueDate", issued.isoformat())
    sheet.add(root, "cbc:ReminderTypeCode", "Reminder", listAgencyID="320",
              listID="urn:oioubl:codelist:remindertypecode-1.1")  # fmt: skip
    sheet.add(root, "cbc:ReminderSequenceNumeric", "1")
    sheet.add(root, "cbc:DocumentCurrencyCode", "DKK")
    _parties(
        sheet, "cac:AccountingSupplierParty", "cac:AccountingCustomerParty", supplier, customer
    )
    total = sheet.add(root, "cac:LegalMonetaryTotal")
    for name in ("cbc:LineExtensionAmount", "cbc:TaxInclusiveAmount", "cbc:PayableAmount"):
        sheet.amount(total, name, amount, "DKK")
    reminded = sheet.add(root, "cac:ReminderLine")
    sheet.add(reminded, "cbc:ID", "1")
    sheet.amount(reminded, "cbc:DebitLineAmount", amount, "DKK")
    holder = sheet.add(reminded, "cac:BillingReference")
    reference = sheet.add(holder, "cac:InvoiceDocumentReference")
    sheet.add(reference, "cbc:ID", number)
    sheet.add(reference, "cbc:IssueDate", (issued - timedelta(days=44)).isoformat())
    return to_bytes(root, "A reminder is not an invoice.")


def utility_statement(customer: Customer, supplier: Supplier, number: str, issued: date) -> bytes:
    """An OIOUBL 2.1 statement of consumption, which belongs to an invoice."""
    sheet = Sheet(_UTILITY_STATEMENT, "UtilityStatement")
    root = sheet.root
    sheet.add(root, "cbc:UBLVersionID", "2.1")
    sheet.add(root, "cbc:CustomizationID", "OIOUBL-2.1")
    sheet.add(root, "cbc:ProfileID", "Reference-Utility-1.0", schemeAgencyID="320",
              schemeID="urn:oioubl:id:profileid-1.3")  # fmt: skip
    sheet.add(root, "cbc:ID", f"{number}-1")
    sheet.add(root, "cbc:CopyIndicator", "false")
    sheet.add(root, "cbc:UUID", uuid_of(f"utility statement {number}"))
    sheet.add(root, "cbc:IssueDate", issued.isoformat())
    sheet.add(root, "cbc:UtilityStatementTypeCode", "Electricity", listAgencyID="320",
              listID="urn:oioubl:codelist:utilitystatementtypecode-1.0")  # fmt: skip
    sheet.add(root, "cbc:DocumentCurrencyCode", "DKK")
    parent = sheet.add(root, "cac:ParentDocumentReference")
    sheet.add(parent, "cbc:ID", number)
    sheet.add(parent, "cbc:IssueDate", issued.isoformat())
    _parties(sheet, "cac:SenderParty", "cac:ReceiverParty", supplier, customer)
    consumption = sheet.add(root, "cac:SubscriberConsumption")
    sheet.add(consumption, "cbc:ConsumptionID", "400029051")
    return to_bytes(root, "A statement of consumption is not an invoice.")


def truncated(billed: Bill) -> bytes:
    """The first two thirds of an OIOUBL file."""
    whole = to_bytes(oioubl.write(billed), "The file ends too early.")
    return whole[: len(whole) * 2 // 3]


def with_doctype(billed: Bill) -> bytes:
    """An OIOUBL file that declares an entity for a local file, and uses it as a note."""
    declaration, rest = to_bytes(oioubl.write(billed), "A DOCTYPE is refused.").split(b"\n", 1)
    doctype = b'<!DOCTYPE Invoice [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    return b"\n".join((declaration, doctype, rest.replace(b"NOTE-HERE", b"&secret;")))


def _parties(
    sheet: Sheet, sender: str, receiver: str, supplier: Supplier, customer: Customer
) -> None:
    for name, scheme, number, who in (
        (sender, "DK:CVR", f"DK{supplier.cvr}", supplier.name),
        (receiver, "GLN", customer.gln, customer.name),
    ):
        holder = sheet.add(sheet.root, name)
        accounting = name.startswith("cac:Accounting")
        party = sheet.add(holder, "cac:Party") if accounting else holder
        sheet.add(party, "cbc:EndpointID", number, schemeID=scheme)
        sheet.path(party, "cac:PartyName", "cbc:Name", text=who)
