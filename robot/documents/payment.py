"""Payment means: which channel the supplier asks for, and with which numbers (BG-16)."""

from __future__ import annotations

import re
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
from robot.domain.invoice import PaymentChannel, PaymentMeans

_CODE: Final = CBC + "PaymentMeansCode"
_DUE: Final = CBC + "PaymentDueDate"
_CHANNEL: Final = CBC + "PaymentChannelCode"
_PAYMENT_ID: Final = CBC + "PaymentID"
_INSTRUCTION_ID: Final = CBC + "InstructionID"
_INSTRUCTION_NOTE: Final = CBC + "InstructionNote"
_CREDIT_ACCOUNT: Final = CAC + "CreditAccount"
_ACCOUNT_ID: Final = CBC + "AccountID"
_PAYEE_ACCOUNT: Final = CAC + "PayeeFinancialAccount"
_PAYMENT_NOTE: Final = CBC + "PaymentNote"
_BRANCH: Final = CAC + "FinancialInstitutionBranch"
_INSTITUTION: Final = CAC + "FinancialInstitution"

#: *Kortart* → channel. Source: OIOUBL guideline on payment means; FI-kort (Finans Danmark).
_CARDS: Final = {
    "01": PaymentChannel.FIK_01,
    "04": PaymentChannel.FIK_04,
    "15": PaymentChannel.FIK_15,
    "71": PaymentChannel.FIK_71,
    "73": PaymentChannel.FIK_73,
    "75": PaymentChannel.FIK_75,
}
#: Codes (UNCL 4461) whose PaymentID is a bare *kortart*: giro and FIK.
_CARD_CODES: Final = frozenset({"50", "93"})
#: Codes that decide the channel alone.
_CHANNEL_OF_CODE: Final = {
    "48": PaymentChannel.CARD,
    "54": PaymentChannel.CARD,
    "55": PaymentChannel.CARD,
    "49": PaymentChannel.DIRECT_DEBIT,
    "59": PaymentChannel.DIRECT_DEBIT,
    "97": PaymentChannel.NEMKONTO,
}
_CODE_BANK: Final = "42"
_CODE_SEPA: Final = "58"
_CODE_UNDEFINED: Final = "1"
#: Everything of a card in one field: `71#123456789012345` (Peppol rules DK-R-008 to DK-R-011),
#: also as printed on the card: `+71<123456789012345+81234562<`.
_ONE_FIELD: Final = re.compile(
    r"\+?\s*(01|04|15|71|73|75)\s*[#<]\s*([0-9 ]*)(?:\+\s*([0-9]{7,8})\s*<?)?\s*#?"
)
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_BRANCH_NUMBER: Final = re.compile(r"[0-9]{4}")


def payment_means_of(element: Element) -> PaymentMeans:
    """One PaymentMeans of either family; what is not known stays None, nothing is guessed."""
    children = children_of(element)
    code = text_in(children, _CODE)
    payment_id = " ".join(texts_of(every(element, children, _PAYMENT_ID))) or None
    instruction = text_in(children, _INSTRUCTION_ID)
    payee = inside(children, _PAYEE_ACCOUNT)
    account = text_in(payee, ID)
    branch, bic = _branch_and_bic(payee)
    card, reference, creditor = _card(code, payment_id, instruction)
    if card is not None:
        channel = card
        account = creditor or text_in(inside(children, _CREDIT_ACCOUNT), _ACCOUNT_ID) or account
    else:
        channel = _channel(code, children, payee, account, branch)
    iban = None
    if channel is PaymentChannel.IBAN and account is not None:
        iban, account = _compact(account), None
    return PaymentMeans(
        code=code,
        channel=channel,
        account=account,
        branch=branch,
        iban=iban,
        bic=bic,
        reference=reference,
        due_date=day_in(children, _DUE),
        note=text_in(children, _INSTRUCTION_NOTE) or text_in(payee, _PAYMENT_NOTE),
    )


def _compact(number: str) -> str:
    return "".join(number.split()).upper()


def _branch_and_bic(payee: Children) -> tuple[str | None, str | None]:
    """The registration number and the BIC, whichever of the two depths they stand at.

    OIOUBL has the registration number in the branch and the BIC in its institution; EN 16931
    has the BIC in the branch.
    """
    branch = inside(payee, _BRANCH)
    number = text_in(branch, ID)
    bic = text_in(inside(branch, _INSTITUTION), ID)
    if number is not None and _BIC.fullmatch(_compact(number)):
        return None, bic or _compact(number)
    return number, bic


def _card(
    code: str | None, payment_id: str | None, instruction: str | None
) -> tuple[PaymentChannel | None, str | None, str | None]:
    """Channel of a FIK or giro card, the reference (OCR line), and the creditor beside it."""
    if payment_id is None or code in _CHANNEL_OF_CODE:
        return None, instruction or payment_id, None
    if payment_id in _CARDS and code in _CARD_CODES:
        return _CARDS[payment_id], instruction, None
    match = _ONE_FIELD.fullmatch(payment_id)
    if match is None:
        return None, instruction or payment_id, None
    ocr = "".join(match[2].split())
    return _CARDS[match[1]], ocr or instruction, match[3]


def _channel(
    code: str | None, children: Children, payee: Children, account: str | None, branch: str | None
) -> PaymentChannel:
    decided = _CHANNEL_OF_CODE.get(code or "")
    if decided is not None:
        return decided
    named = (text_in(children, _CHANNEL) or "").upper()
    if named == "DK:NEMKONTO":
        return PaymentChannel.NEMKONTO
    if account is None:
        return PaymentChannel.NONE if code in {None, _CODE_UNDEFINED} else PaymentChannel.OTHER
    scheme = (payee[ID].get("schemeID") or "").upper()
    if "IBAN" in {named, scheme} or code == _CODE_SEPA or _IBAN.fullmatch(_compact(account)):
        return PaymentChannel.IBAN
    danish = branch is not None and _BRANCH_NUMBER.fullmatch(branch) is not None
    if named == "DK:BANK" or danish or code == _CODE_BANK:
        return PaymentChannel.BANK
    return PaymentChannel.OTHER
