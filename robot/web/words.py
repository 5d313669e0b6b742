"""Words for what the dashboard shows, Danish first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from babel.numbers import format_decimal

from robot.domain.case import Ball, CaseStatus, EntryKind
from robot.domain.journey import EventName
from robot.domain.state import State

_STATES: Final = {
    State.PULLED: ("modtaget, venter", "received, waiting"),
    State.DECIDED: ("afgjort", "decided"),
    State.POSTING: ("ved at blive bogført", "being posted"),
    State.POSTED: ("bogført", "posted"),
    State.REJECTING: ("ved at blive sendt tilbage", "being sent back"),
    State.BOUNCED: ("sendt tilbage", "sent back"),
    State.HELD: ("venter på en medarbejder", "held for a clerk"),
    State.UNREADABLE: ("kan ikke læses", "unreadable"),
    State.DROPPED: ("taget ud", "taken out"),
    State.SUPERSEDED: ("afløst af ny version", "replaced by a new version"),
}
_BALLS: Final = {
    Ball.CUSTOMER: ("kunden", "the customer"),
    Ball.SAM: ("SAM", "the centre"),
    Ball.SUPPLIER: ("leverandøren", "the supplier"),
    Ball.BANK: ("banken", "the bank"),
    Ball.ROBOT: ("robotten", "the robot"),
    Ball.NOBODY: ("venter", "waiting"),
}
_EVENTS: Final = {
    EventName.RECEIVED: ("Faktura modtaget", "Invoice received"),
    EventName.DISTRIBUTED: ("Fordelt", "Distributed"),
    EventName.FIRST_APPROVED: ("1. godkendt", "First approval"),
    EventName.APPROVED: ("2. godkendt – klar til SAM", "Second approval – ready for the centre"),
    EventName.TAKEN_BACK: ("Ændret eller trukket tilbage", "Changed or taken back"),
    EventName.PICKED: ("Hentet af robotten", "Picked up by the robot"),
    EventName.CHECKED: ("Kontrolleret", "Checked"),
    EventName.HELD: ("Holdt til en medarbejder", "Held for a clerk"),
    EventName.SET_ASIDE: ("Lagt til side", "Set aside"),
    EventName.RECHECK_ASKED: ("Ny kontrol bestilt", "Recheck asked for"),
    EventName.RELEASED: ("Frigivet", "Released"),
    EventName.BOUNCE_ASKED: ("Tilbagesendelse bestilt", "Return asked for"),
    EventName.DROPPED: ("Taget ud", "Taken out"),
    EventName.BOUNCED: ("Sendt tilbage til kunden", "Sent back to the customer"),
    EventName.CASE_OPENED: ("Sag oprettet", "Case opened"),
    EventName.CASE_CLOSED: ("Sag lukket", "Case closed"),
    EventName.NOTICE_SENT: ("Kunden er skrevet til", "Customer told"),
    EventName.NOTICE_FAILED: ("Besked nåede ikke frem", "Notice not delivered"),
    EventName.REMINDER_SENT: ("Påmindelse sendt", "Reminder sent"),
    EventName.REPLIED: ("Kunden har svaret", "Customer replied"),
    EventName.SUPPLIER_ASKED: ("Venter på leverandøren", "Waiting for the supplier"),
    EventName.TRANSFERRED: ("Modtaget i Navision", "Received in Navision"),
    EventName.REFUSED: ("Afvist af Navision", "Refused by Navision"),
    EventName.POSTED: ("Bogført i Navision", "Posted in Navision"),
    EventName.REVERSED: ("Tilbageført", "Reversed"),
    EventName.PAYMENT_PROPOSED: ("Betaling foreslået", "Payment proposed"),
    EventName.SENT_TO_BANK: ("Sendt til banken", "Sent to the bank"),
    EventName.PAYMENT_ACCEPTED: ("Godkendt af banken", "Accepted by the bank"),
    EventName.PAYMENT_REJECTED: ("Afvist af banken", "Rejected by the bank"),
    EventName.SETTLED: ("Betalt", "Paid"),
    EventName.CLEARED: ("Betalt og udlignet", "Paid and cleared"),
}
_ENTRIES: Final = {
    EntryKind.COMMENT: ("skrev", "wrote"),
    EntryKind.FIXED: ("skrev, at det er rettet", "wrote that it is fixed"),
    EntryKind.RECHECK: ("bad om en ny kontrol", "asked for a recheck"),
    EntryKind.MORE_TIME: ("bad om mere tid", "asked for more time"),
    EntryKind.SUPPLIER: ("venter på leverandøren", "waits for the supplier"),
    EntryKind.STATUS: ("spurgte om status", "asked for the status"),
    EntryKind.AUTO_REPLY: ("automatisk svar", "automatic reply"),
    EntryKind.UNDELIVERED: ("mailen nåede ikke frem", "the mail did not arrive"),
    EntryKind.NOTICE: ("besked sendt med mail", "notice sent by mail"),
    EntryKind.REMINDER: ("påmindelse sendt med mail", "reminder sent by mail"),
    EntryKind.ESCALATION: ("sendt videre til næste kontakt", "passed on to the next contact"),
    EntryKind.CLOSING: ("afslutning sendt med mail", "closing mail sent"),
    EntryKind.ACKNOWLEDGEMENT: ("kvittering sendt", "acknowledgement sent"),
    EntryKind.SHARED: ("delte sagen med", "shared the case with"),
    EntryKind.UNSHARED: ("fjernede adgang for", "removed access for"),
    EntryKind.CLOSED: ("lukkede sagen", "closed the case"),
    EntryKind.REOPENED: ("åbnede sagen igen", "opened the case again"),
    EntryKind.NOTE: ("intern note", "internal note"),
    EntryKind.ANSWER: ("svarede", "answered"),
}
#: The status of a case as the centre says it; its customer is told `status_words`.
_CASES: Final = {
    CaseStatus.RECEIVED: ("hos robotten", "with the robot"),
    CaseStatus.WAITING_CUSTOMER: ("venter på kunden", "waiting for the customer"),
    CaseStatus.WAITING_SUPPLIER: ("venter på leverandøren", "waiting for the supplier"),
    CaseStatus.WITH_US: ("hos os", "with us"),
    CaseStatus.POSTED: ("bogført", "posted"),
    CaseStatus.PAID: ("betalt", "paid"),
    CaseStatus.CLOSED: ("lukket", "closed"),
}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def state(language: str, value: State) -> str:
    """Where a document stands."""
    return _of(_STATES[value], language)


def ball(language: str, value: Ball) -> str:
    """Who has to act."""
    return _of(_BALLS[value], language)


def entry(language: str, value: EntryKind) -> str:
    """What somebody did on a case."""
    return _of(_ENTRIES[value], language)


def case_status(language: str, value: CaseStatus) -> str:
    """Where a case stands, as the centre says it."""
    return _of(_CASES[value], language)


def event(language: str, value: EventName) -> str:
    """What happened."""
    return _of(_EVENTS[value], language)


def number(language: str, value: int) -> str:
    """`12.345` or `12,345`."""
    return format_decimal(value, locale="da_DK" if language == "da" else "en_GB")


def decimal(language: str, value: float, places: int = 1) -> str:
    """`13,9` or `13.9`."""
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language == "da" else text


def age(language: str, now: datetime, since: datetime | None) -> str:
    """How long ago, in one unit: `3 dage`, `2 hours`."""
    if since is None:
        return "–"
    seconds = max(0, int((now - since) / timedelta(seconds=1)))
    for size, one, many in (
        (_DAY, ("dag", "day"), ("dage", "days")),
        (_HOUR, ("time", "hour"), ("timer", "hours")),
        (_MINUTE, ("minut", "minute"), ("minutter", "minutes")),
    ):
        if seconds >= size:
            count = seconds // size
            return f"{count} {_of(one if count == 1 else many, language)}"
    return _of(("lige nu", "just now"), language)


def _of(pair: tuple[str, str], language: str) -> str:
    return pair[0] if language == "da" else pair[1]
