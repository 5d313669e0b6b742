"""What each figure is called and what it is: numerator over denominator, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from robot.flow.figures_port import Figure, Unit

_TEXTS: Final[Mapping[str, tuple[Unit, tuple[str, str], tuple[str, str]]]] = {
    "robot-share": (
        Unit.SHARE,
        ("Taget af robotten", "Taken by the robot"),
        (
            "bogført af robotten / afsluttede (bogført eller taget ud)",
            "posted by the robot / closed (posted or taken out)",
        ),
    ),
    "touchless-strict": (
        Unit.SHARE,
        ("Urørt, strengt", "Touchless, strict"),
        (
            "bogført uden tilbageløb og uden en medarbejders handling / afsluttede",
            "posted without a bounce and without an act of a clerk / closed",
        ),
    ),
    "touchless-lenient": (
        Unit.SHARE,
        ("Urørt hos SAM", "Touchless at the centre"),
        (
            "bogført uden en medarbejders handling, tilbageløb tilladt / afsluttede",
            "posted without an act of a clerk, bounces allowed / closed",
        ),
    ),
    "first-time-right": (
        Unit.SHARE,
        ("Rigtig første gang", "First time right"),
        (
            "betalt uden tilbageløb, medarbejder, ny kørsel eller tilbageførsel / betalte",
            "paid without a bounce, a clerk, another run or a reversal / paid",
        ),
    ),
    "bounce-rate": (
        Unit.SHARE,
        ("Tilbageløb", "Bounce rate"),
        ("sendt tilbage mindst én gang / alle", "sent back at least once / all"),
    ),
    "loops": (
        Unit.COUNT,
        ("Omgange pr. tilbageløb", "Loops per bounced invoice"),
        (
            "antal tilbagesendelser / fakturaer sendt tilbage",
            "number of bounces / invoices sent back",
        ),
    ),
    "preventable-bounces": (
        Unit.SHARE,
        ("Tilbageløb, vi selv kan fjerne", "Bounces that we can remove"),
        (
            "tilbagesendelser, hvis årsag SAM kan fjerne / tilbagesendelser",
            "bounces whose cause the centre can remove / bounces",
        ),
    ),
    "handling-p50": (
        Unit.HOURS,
        ("Tid hos SAM, median", "Time at the centre, median"),
        (
            "arbejdstid hos SAM fra sidste godkendelse; halvdelen er hurtigere",
            "working time at the centre since approval; half are quicker",
        ),
    ),
    "handling-p90": (
        Unit.HOURS,
        ("Tid hos SAM, 9 af 10", "Time at the centre, 9 of 10"),
        (
            "arbejdstid hos SAM; ni af ti er hurtigere",
            "working time at the centre; nine of ten are quicker",
        ),
    ),
    "within-goal": (
        Unit.SHARE,
        ("Inden for servicemålet", "Within the service goal"),
        (
            "bogført eller sendt tilbage inden målet / alle, hvis mål er nået",
            "posted or sent back by the goal / all whose goal has come",
        ),
    ),
    "on-time": (
        Unit.SHARE,
        ("Betalt til tiden", "Paid on time"),
        (
            "betalt senest på forfaldsdag eller næste bankdag / betalte, ikke for sene fra start",
            "paid by the due date or the next bank day / paid, not late from the start",
        ),
    ),
    "late-at-receipt": (
        Unit.SHARE,
        ("For sene, da de kom", "Late when they came"),
        (
            "forfald kunne ikke nås ved godkendelsen / alle med forfald",
            "the due date could not be kept at approval / all with a due date",
        ),
    ),
    "payment-lead": (
        Unit.DAYS,
        ("Fra bogført til betalt, median", "Posted to paid, median"),
        ("kalenderdage fra bogføring til betaling", "calendar days from posting to payment"),
    ),
    "turnaround": (
        Unit.HOURS,
        ("Rettetid hos kunden, median", "Repair time at the customer, median"),
        (
            "arbejdstid fra tilbagesendelse til næste godkendelse",
            "working time from a bounce to the next approval",
        ),
    ),
    "notice-effectiveness": (
        Unit.SHARE,
        ("Løst uden påmindelse", "Solved without a reminder"),
        (
            "sendt tilbage og bogført uden påmindelse / sendt tilbage",
            "sent back and posted without a reminder / sent back",
        ),
    ),
    "precision": (
        Unit.SHARE,
        ("Robottens præcision", "Robot precision"),
        ("bogført og ikke tilbageført / bogført", "posted and not reversed / posted"),
    ),
    "unmapped": (
        Unit.SHARE,
        ("Ukendte afvisninger", "Unmapped refusals"),
        (
            "afvisninger fra Navision uden fejltype / alle afvisninger",
            "refusals by Navision without an error type / all refusals",
        ),
    ),
}


def figure(
    code: str, numerator: float, denominator: int, *, measured: float | None = None
) -> Figure:
    """A figure with its words."""
    unit, title, definition = _TEXTS[code]
    return Figure(
        code=code,
        title={"da": title[0], "en": title[1]},
        definition={"da": definition[0], "en": definition[1]},
        unit=unit,
        numerator=numerator,
        denominator=denominator,
        measured=measured,
    )
