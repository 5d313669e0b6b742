"""Reads what a bank says about payments: status reports (pain.002) and bookings (camt.054).

Source: ISO 20022, pain.002.001.03 and later, camt.054.001.02 and later; names are matched without
their namespace, so that every version is read alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from robot.domain.calendar import COPENHAGEN
from robot.flow.journey_port import BankRow

#: Codes of a transaction's status (external code list of ISO 20022) to what they mean here.
_STATUS: Final = {
    "ACCP": "accepted",
    "ACSP": "accepted",
    "ACTC": "accepted",
    "ACWC": "accepted",
    "ACSC": "settled",
    "ACCC": "settled",
    "RJCT": "rejected",
}
#: What a bank writes where the payer gave no reference.
_NOTHING: Final = frozenset({"", "NOTPROVIDED"})


class NotForUsError(ValueError):
    """Well-formed, and neither a status report nor a notice of bookings."""


def read(content: bytes) -> tuple[str, list[BankRow]]:
    """The kind of a file (`pain.002` or `camt.054`) and its rows that say something new.

    Pending and unknown statuses are left out, as are bookings in favour of the account.

    Raises:
        NotForUsError: It is another kind of message.
        ValueError: It is broken; the message says where.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it holds a document type declaration, which no such file has")
    report = _first(root, "CstmrPmtStsRpt")
    if report is not None:
        return "pain.002", list(_statuses(report))
    notices = _first(root, "BkToCstmrDbtCdtNtfctn")
    if notices is not None:
        return "camt.054", list(_bookings(notices))
    raise NotForUsError


def _statuses(report: etree._Element) -> Iterator[BankRow]:
    header = _first(report, "GrpHdr")
    made_at = _moment(_text(header, "CreDtTm"))
    message = _text(header, "MsgId")
    for number, payment in enumerate(_all(report, "OrgnlPmtInfAndSts"), start=1):
        of_group = _text(payment, "PmtInfSts")
        for position, row in enumerate(_all(payment, "TxInfAndSts"), start=1):
            status = _STATUS.get(_text(row, "TxSts") or of_group)
            if status is None:
                continue
            accepted = _text(row, "AccptncDtTm")
            yield BankRow(
                references=_references(row),
                status=status,
                at=_moment(accepted) if accepted else made_at,
                amount=_amount(row),
                currency=_currency(row),
                reason=_reason(row),
                reference=f"{message}/{number}/{position}",
            )


def _bookings(notices: etree._Element) -> Iterator[BankRow]:
    message = _text(_first(notices, "GrpHdr"), "MsgId")
    for number, entry in enumerate(_all(notices, "Ntry"), start=1):
        if _text(entry, "CdtDbtInd") != "DBIT" or _text(entry, "Sts") != "BOOK":
            continue
        returned = _text(entry, "RvslInd") == "true"
        booked = _first(entry, "BookgDt")
        at: datetime | date
        if _text(booked, "DtTm"):
            at = _moment(_text(booked, "DtTm"))
        else:
            at = _day(_text(booked, "Dt") or _text(_first(entry, "ValDt"), "Dt"))
        for position, row in enumerate(_all(entry, "TxDtls"), start=1):
            yield BankRow(
                references=_references(row),
                status="rejected" if returned else "settled",
                at=at,
                amount=_amount(row) or _amount(entry),
                currency=_currency(row) or _currency(entry),
                reason=_reason(row),
                reference=f"{message}/{number}/{position}",
            )


def _references(row: etree._Element) -> tuple[str, ...]:
    """Ids that the payer gave, and the numbers of the documents that are paid."""
    named = ("EndToEndId", "OrgnlEndToEndId", "InstrId", "OrgnlInstrId")
    found = [element.text or "" for name in named for element in _all(row, name)]
    for paid in _all(row, "RfrdDocInf"):
        found += [element.text or "" for element in _all(paid, "Nb")]
    kept = (text.strip() for text in found)
    return tuple(dict.fromkeys(text for text in kept if text not in _NOTHING))


def _reason(row: etree._Element) -> str:
    reason = _first(row, "StsRsnInf")
    if reason is None:
        reason = _first(row, "RtrInf")
    if reason is None:
        return ""
    words = [_text(reason, "Cd"), *(element.text or "" for element in _all(reason, "AddtlInf"))]
    return " ".join(word.strip() for word in words if word.strip())


def _amount(row: etree._Element) -> Decimal | None:
    element = _money(row)
    if element is None:
        return None
    try:
        return Decimal((element.text or "").strip())
    except InvalidOperation:
        raise ValueError(f"line {element.sourceline}: '{element.text}' is no amount") from None


def _currency(row: etree._Element) -> str:
    element = _money(row)
    return "" if element is None else str(element.get("Ccy") or "")


def _money(row: etree._Element) -> etree._Element | None:
    for name in ("InstdAmt", "Amt"):
        for element in _all(row, name):
            if element.get("Ccy"):
                return element
    return None


def _moment(text: str) -> datetime:
    """An instant; without an offset it is Copenhagen's."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is no time") from None
    return at if at.tzinfo else at.replace(tzinfo=COPENHAGEN)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"'{text}' is no date") from None


def _all(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return element.iterfind(f".//{{*}}{name}")


def _first(element: etree._Element, name: str) -> etree._Element | None:
    return next(_all(element, name), None)


def _text(element: etree._Element | None, name: str) -> str:
    found = None if element is None else _first(element, name)
    return "" if found is None else "".join(map(str, found.itertext())).strip()
