"""What the words on an invoice give away: fillers, reminder fees, prepayment, assignment.

Word lists are short on purpose: a wrong suspicion costs a customer a question, so a word is only
listed when it hardly ever stands on an ordinary invoice. Terms of payment that threaten with fees
are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_PUNCTUATION: Final = " \t\r\n-_.,:;/\\*#?!'\"()[]<>=+"

#: What people write when a form demands a reference and they have none.
_FILLERS: Final = frozenset(
    {
        "na", "ikkeoplyst", "ikkerelevant", "ikkeangivet", "ingen", "intet", "ukendt",
        "mangler", "none", "null", "nil", "unknown", "tbd", "tba", "test", "xx", "123",
        "1234", "12345", "123456", "ref", "reference", "deresref", "voresref", "att",
        "ordre", "ordrenr", "order", "orderno", "po", "ponumber", "rekvisition",
        "rekvisitionsnr", "bestilling", "mundtlig", "mundtligaftale", "telefon",
        "telefonisk", "prtelefon", "mail", "prmail", "email", "aftalt", "efteraftale",
        "seebilag", "sebilag", "noref", "noorder", "noreference", "ejoplyst", "ejrelevant",
        "notapplicable", "notavailable",
    }
)  # fmt: skip

_REMINDER_PARTS: Final = (
    "rykkergebyr",
    "rykkerskrivelse",
    "rykkeromkostning",
    "rykkerrente",
    "kompensationsgebyr",
    "inkassogebyr",
    "inkassoomkostning",
    "morarente",
    "rentetilskrivning",
    "rentenota",
    "reminder fee",
    "reminder charge",
    "late payment",
    "late fee",
    "dunning",
    "overdue interest",
    "default interest",
    "penalty interest",
    "debt collection",
)
_REMINDER_WORDS: Final = frozenset({"rykker", "renter", "rente", "inkasso"})
#: One of these is in every word above; most invoices have none and are done with at once.
_REMINDER_STEMS: Final = (
    "rykker",
    "rente",
    "inkasso",
    "kompensationsgebyr",
    "reminder",
    "late ",
    "dunning",
    "interest",
    "debt ",
)

_PREPAYMENT_PARTS: Final = (
    "forudbetaling",
    "forudbetalt",
    "depositum",
    "forskudsbetaling",
    "prepayment",
    "prepaid",
    "pre-payment",
    "advance payment",
    "payment in advance",
    "down payment",
    "downpayment",
)

_ASSIGNMENT_PARTS: Final = (
    "factoring",
    "transporterklæring",
    "transport til",
    "er overdraget til",
    "er transporteret til",
    "har transport i",
    "fordringen er overdraget",
    "frigørende virkning",
    "assigned to",
    "notice of assignment",
)

_ASSET_PARTS: Final = (
    "inventar",
    "møbl",
    "maskine",
    "apparat",
    "server",
    "bil ",
    "varevogn",
    "personbil",
    "køretøj",
    "anlæg",
    "traktor",
    "printer",
    "kopimaskine",
    "mikroskop",
    "måleudstyr",
    "laboratorieudstyr",
    "furniture",
    "machine",
    "vehicle",
    "equipment",
    "microscope",
    "spectrometer",
)
#: A thing that is hired, served or mended is none that is bought.
_NO_ASSET_PARTS: Final = (
    "leje",
    "leasing",
    "service",
    "reparation",
    "vedligehold",
    "abonnement",
    "licens",
    "rental",
    "lease",
    "repair",
    "maintenance",
    "subscription",
)


def is_filler(reference: str) -> bool:
    """Whether a reference says nothing: empty, `NA`, `0`, `-`, `xxx`, `123`, `ingen`, ..."""
    letters = "".join(c for c in reference.casefold() if c not in _PUNCTUATION)
    if not letters:
        return True
    if letters == letters[0] * len(letters):
        return letters[0] in "0x" or letters == "1" or len(letters) > 2  # noqa: PLR2004
    return letters in _FILLERS


def names_reminder_fee(text: str) -> bool:
    """Whether a line or charge is a reminder fee, interest or the cost of debt collection."""
    text = text.casefold()
    if not any(stem in text for stem in _REMINDER_STEMS):
        return False
    if any(part in text for part in _REMINDER_PARTS):
        return True
    return any(word.strip(_PUNCTUATION) in _REMINDER_WORDS for word in text.split())


def names_prepayment(text: str) -> bool:
    """Whether the text speaks of payment before delivery; on-account supply is none."""
    text = text.casefold()
    return any(part in text for part in _PREPAYMENT_PARTS)


def names_assignment(texts: Iterable[str]) -> bool:
    """Whether a note says that the claim belongs to somebody else."""
    folded = "\n".join(texts).casefold()
    return bool(folded) and any(part in folded for part in _ASSIGNMENT_PARTS)


def names_asset(text: str) -> bool:
    """Whether the text names a thing that may have to be put on the balance sheet."""
    text = f"{text.casefold()} "
    return any(part in text for part in _ASSET_PARTS) and not any(
        part in text for part in _NO_ASSET_PARTS
    )
