"""Words for what the dashboard shows, Danish first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from babel.numbers import format_decimal

from robot.domain.answer_words import AS_SAID
from robot.domain.case import Ball, CaseStatus, EntryKind
from robot.domain.decision import Effect, Outcome, Truth
from robot.domain.incoming import Route
from robot.domain.journey import EventName
from robot.domain.state import EffectStatus, State
from robot.flow.command_port import Command, CommandStatus
from robot.flow.contact_port import ContactState
from robot.flow.history_port import Aftermath

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
_OUTCOMES: Final = {
    Outcome.POST: ("bogført", "posted"),
    Outcome.BOUNCE: ("sendt tilbage", "sent back"),
    Outcome.HOLD: ("holdt", "held"),
    Outcome.UNREADABLE: ("kan ikke læses", "unreadable"),
    Outcome.NOT_AN_INVOICE: ("ikke en faktura", "not an invoice"),
}
_EFFECTS: Final = {
    Effect.POST: ("bogfører", "posts"),
    Effect.BOUNCE: ("sender tilbage", "sends back"),
    Effect.HOLD: ("holder", "holds"),
    Effect.NOTE: ("noterer", "notes"),
}
_TRUTHS: Final = {
    Truth.TRUE: ("opfyldt", "true"),
    Truth.FALSE: ("ikke opfyldt", "not true"),
    Truth.UNKNOWN: ("kan ikke afgøres", "not known"),
}
_AFTERWARDS: Final = {
    Aftermath.POSTED_BY_CLERK: ("bogført af en medarbejder", "posted by a clerk"),
    Aftermath.BOUNCED_BY_CLERK: ("sendt tilbage af en medarbejder", "sent back by a clerk"),
    Aftermath.DROPPED: ("taget ud af en medarbejder", "taken out by a clerk"),
    Aftermath.CORRECTED: ("rettet af kunden", "corrected by the customer"),
    Aftermath.REVERSED: ("tilbageført", "reversed"),
    Aftermath.DECIDED_AGAIN: ("afgjort igen", "decided again"),
}
_ROUTES: Final = {
    Route.CASE: ("lagt på en sag", "put on a case"),
    Route.QUARANTINE: ("afsenderen er ikke kendt", "the sender is not known"),
    Route.TRIAGE: ("det er ikke klart, hvad den handler om", "it is not clear what it is about"),
    Route.NOTED: ("noteret", "noted"),
    Route.PARKED: ("lagt hen", "laid by"),
    Route.SET_ASIDE: ("for stor til at blive læst", "too large to be read"),
}
_MAILS: Final = {
    EffectStatus.PENDING: ("venter", "waiting"),
    EffectStatus.SENT: ("på vej", "on its way"),
    EffectStatus.UNKNOWN: ("uvist, om den nåede frem", "not known whether it arrived"),
    EffectStatus.DONE: ("sendt", "sent"),
    EffectStatus.REFUSED: ("afvist", "refused"),
    EffectStatus.CANCELLED: ("blev ikke sendt", "was not sent"),
}
_CONTACTS: Final = {
    ContactState.OK: ("ja", "yes"),
    ContactState.SOFT: ("usikkert: fuld eller lukket på det sidste", "unsure: full or closed"),
    ContactState.DEAD: ("nej, adressen virker ikke", "no, the address does not work"),
}
_PURPOSES: Final = {
    "all": ("alt", "everything"),
    "notices": ("returnerede bilag", "returned documents"),
    "reminders": ("påmindelser", "reminders"),
    "escalation": ("det, der trækker ud", "what takes too long"),
}
_RUNS: Final = {
    "running": ("i gang", "under way"),
    "done": ("færdig", "done"),
    "stopped": ("stoppet", "stopped"),
}
_SOURCES: Final = {
    "sdi": "SDI",
    "indfak": "IndFak",
    "folder": "mappe",
    "reposting": "omposteringsark",
}
#: What people ask for, as the heading of its answer.
_COMMANDS: Final = {
    "recheck": ("Kontrollér igen", "Check again"),
    "release": ("Frigiv til bogføring", "Release for posting"),
    "bounce": ("Send tilbage til kunden", "Send back to the customer"),
    "drop": ("Tag ud", "Take out"),
    "pause": ("Sæt på pause", "Pause"),
    "resume": ("Ophæv pausen", "Let it go on"),
    "case-answer": ("Skriv til alle parter", "Write to all parties"),
    "case-note": ("Skriv intern note", "Write an internal note"),
    "case-share": ("Del sagen", "Share the case"),
    "case-unshare": ("Fjern en adresse", "Remove an address"),
    "case-close": ("Luk sagen", "Close the case"),
    "case-reopen": ("Åbn sagen igen", "Open the case again"),
    "mail-assign": ("Læg mail på en sag", "Put a mail on a case"),
    "mail-dismiss": ("Læg mail til side", "Lay a mail aside"),
    "mail-name": ("Sig, hvad en mail handler om", "Say what a mail is about"),
    "reposting-sheet": ("Kontrollér omposteringsark", "Check a re-posting sheet"),
    "rules-approve": ("Godkend regler", "Approve rules"),
    "rules-backtest": ("Prøv regler på fortiden", "Try rules on the past"),
    "erp-map": ("Knyt Navisions tekst til en fejltype", "Map Navision's text to an error type"),
}
_RULE_ACTS: Final = {
    "ruleset-in-force": ("trådte i kraft", "came into force"),
    "rules-proposed": ("foreslået", "proposed"),
    "rules-backtested": ("prøvet på fortiden", "tried on the past"),
    "rules-approved": ("godkendt", "approved"),
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


def outcome(language: str, value: str) -> str:
    """What was decided."""
    return _of(_OUTCOMES[Outcome(value)], language)


def effect(language: str, value: Effect) -> str:
    """What a rule does."""
    return _of(_EFFECTS[value], language)


def truth(language: str, value: Truth) -> str:
    """How a condition came out."""
    return _of(_TRUTHS[value], language)


def afterwards(language: str, value: str | None) -> str:
    """What people did with a document after it was decided."""
    return _of(_AFTERWARDS[Aftermath(value)], language) if value else "–"


def route(language: str, value: Route | None) -> str:
    """Why a mail waits for a person."""
    return _of(_ROUTES[value], language) if value else ""


def mail(language: str, value: EffectStatus) -> str:
    """How far a mail of the robot's own has come."""
    return _of(_MAILS[value], language)


def contact(language: str, value: ContactState | None) -> str:
    """Whether mail reaches an address."""
    return _of(_CONTACTS[value or ContactState.OK], language)


def purpose(language: str, value: str) -> str:
    """What an address is told."""
    return _of(_PURPOSES.get(value, (value, value)), language)


def run_status(language: str, value: str) -> str:
    """How far a run has come."""
    return _of(_RUNS.get(value, (value, value)), language)


def slot(language: str, key: str, called: Callable[[str], str]) -> str:
    """`24/11 2026 morgen` for `2026-11-24/morning`; `called` says the slot's name."""
    day, _, name = key.partition("/")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return called(key)
    written = f"{on.day}/{on.month} {on.year}" if language == "da" else f"{on:%-d %b %Y}"
    return f"{written} {called(name)}".rstrip()


def source(value: str) -> str:
    """The system in which a customer approves."""
    return _SOURCES.get(value, value)


def asked(language: str, kind: str) -> str:
    """What somebody asked the robot for."""
    return _of(_COMMANDS.get(kind, (kind, kind)), language)


def answer(language: str, command: Command, named: Callable[[str, str], str]) -> str:
    """What became of it; `named` says a value by its name."""
    if command.outcome is None:
        return _of(("venter på robotten", "waiting for the robot"), language)
    refused = command.status is CommandStatus.REFUSED
    if command.outcome.code == AS_SAID and language == "da" and not refused:
        return "udført"
    text = command.outcome.text(language, named)
    return f"{_of(('afvist', 'refused'), language)}: {text}" if refused else text


def rule_act(language: str, act: str) -> str:
    """What was done with a rule set."""
    return _of(_RULE_ACTS[act], language)


def number(language: str, value: int) -> str:
    """`12.345` or `12,345`."""
    return format_decimal(value, locale="da_DK" if language == "da" else "en_GB")


def decimal(language: str, value: float, places: int = 1) -> str:
    """`13,9` or `13.9`."""
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language == "da" else text


def duration(language: str, days: float) -> str:
    """`17,7 dage`, `4 timer` or `under 1 time`: in the unit that says something."""
    if days >= 1:
        return f"{decimal(language, days)} {_of(('dage', 'days'), language)}"
    hours = round(days * 24)
    if hours < 1:
        return _of(("under 1 time", "under 1 hour"), language)
    units = (("time", "hour"), ("timer", "hours"))[hours > 1]
    return f"{hours} {_of(units, language)}"


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
