"""Replies as mail programs write them: by program, language and place of the answer."""

# ruff: noqa: E501 - a line of a mail stands on one line here

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.adapters.mail.incoming.shapes.world import (
    NOTICE,
    ROBOT,
    SUBJECT,
    Shape,
    html,
    parts,
    plain,
)

ANSWERS = {
    "fixed": "Kontoen er nu rettet, og fakturaen er godkendt igen.",
    "comment": "Hvilken konto skal vi bruge i stedet?",
    "more-time": "Vi har brug for mere tid.",
    "supplier": "Vi venter på leverandøren.",
    "status": "STATUS",
    "recheck": "Prøv venligst igen.",
}
ENGLISH = {
    "fixed": "The account is now corrected.",
    "comment": "Which account should we use instead?",
}
NOTICED = "Faktura F-1 kan ikke bogføres.\nRet dimensionen senest torsdag 26. november."
QUOTED = "\n".join(f"> {line}" for line in NOTICED.split("\n"))
GREETING = "Med venlig hilsen\n\nAnna Jensen\nRegnskab"


def _block(*names: str) -> str:
    values = (f"Fakturarobotten <{ROBOT}>", "24. november 2026 08:00", "Regnskab", SUBJECT)
    return "\n".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))


DA = ("Fra", "Sendt", "Til", "Emne")
EN = ("From", "Sent", "To", "Subject")
DE = ("Von", "Gesendet", "An", "Betreff")
SV = ("Från", "Skickat", "Till", "Ämne")

#: Program to what it makes of an answer: all plain text, quoting what is answered.
PLAIN: dict[str, Callable[[str], str]] = {
    "outlook-da": lambda a: f"Hej\n\n{a}\n\n{GREETING}\n\n{_block(*DA)}\n\n{NOTICED}",
    "outlook-en": lambda a: f"Hi\n\n{a}\n\nKind regards\nAnna\n\n{_block(*EN)}\n\n{NOTICED}",
    "outlook-de": lambda a: f"{a}\n\nMit freundlichen Grüßen\nAnna\n\n{_block(*DE)}\n\n{NOTICED}",
    "outlook-sv": lambda a: f"{a}\n\nMed vänliga hälsningar\nAnna\n\n{_block(*SV)}\n\n{NOTICED}",
    "outlook-old-da": lambda a: (
        f"{a}\n\nmvh Anna\n\n-----Oprindelig meddelelse-----\n{_block(*DA)}\n\n{NOTICED}"
    ),
    "outlook-old-en": lambda a: f"{a}\n\n-----Original Message-----\n{_block(*EN)}\n\n{NOTICED}",
    "outlook-web": lambda a: f"{a}\n{'_' * 32}\n{_block(*DA)}\n\n{NOTICED}",
    "outlook-web-en": lambda a: f"{a}\n\n{'_' * 32}\n{_block(*EN)}\n\n{NOTICED}",
    "outlook-ios": lambda a: (
        f"{a}\n\nHent Outlook til iOS<https://aka.example.test>\n{'_' * 32}\n{_block(*DA)}\n\n{NOTICED}"
    ),
    "outlook-android": lambda a: (
        f"{a}\n\nGet Outlook for Android\n{'_' * 32}\n{_block(*EN)}\n\n{NOTICED}"
    ),
    "outlook-stars": lambda a: (
        f"{a}\n\n*Fra:* Fakturarobotten\n*Sendt:* 24. november 2026\n*Til:* Regnskab\n"
        f"*Emne:* x\n\n{NOTICED}"
    ),
    "iphone-da": lambda a: (
        f"{a}\n\nVenlig hilsen\nAnna\n\nSendt fra min iPhone\n\n"
        f"> Den 24. nov. 2026 kl. 08.00 skrev Fakturarobotten <{ROBOT}>:\n> \n{QUOTED}"
    ),
    "iphone-en": lambda a: (
        f"{a}\n\nSent from my iPhone\n\n"
        f"> On 24 Nov 2026, at 08.00, Fakturarobotten <{ROBOT}> wrote:\n>\n{QUOTED}"
    ),
    "ipad-da": lambda a: (
        f"{a}\n\nSendt fra min iPad\n\n> Den 24. nov. 2026 kl. 08.00 skrev Robot:\n>\n{QUOTED}"
    ),
    "apple-mail-da": lambda a: (
        f"{a}\n\nVH Anna\n\n> Den 24. nov. 2026 kl. 08.00 skrev Fakturarobotten <{ROBOT}>:\n> \n{QUOTED}"
    ),
    "apple-mail-en": lambda a: (
        f"{a}\n\nOn 24 Nov 2026, at 08.00, Robot <{ROBOT}> wrote:\n\n{QUOTED}"
    ),
    "gmail-da": lambda a: (
        f"{a}\n\nDen tir. 24. nov. 2026 kl. 08.00 skrev Fakturarobotten <\n{ROBOT}>:\n\n{QUOTED}"
    ),
    "gmail-en": lambda a: (
        f"{a}\n\nOn Tue, Nov 24, 2026 at 8:00 AM Fakturarobotten <{ROBOT}> wrote:\n\n{QUOTED}"
    ),
    "gmail-app": lambda a: f"{a}\n\ntir. 24. nov. 2026 08.00 skrev Robot <{ROBOT}>:\n\n{QUOTED}",
    "thunderbird-da": lambda a: (
        f"{a}\n\n-- \nAnna Jensen\n\nDen 24.11.2026 kl. 08.00 skrev Robot:\n{QUOTED}"
    ),
    "thunderbird-en": lambda a: f"{a}\n\nOn 24/11/2026 08:00, Fakturarobotten wrote:\n{QUOTED}",
    "thunderbird-de": lambda a: f"{a}\n\nAm 24.11.26 um 08:00 schrieb Robot:\n{QUOTED}",
    "thunderbird-below": lambda a: (
        f"Den 24.11.2026 kl. 08.00 skrev Robot:\n{QUOTED}\n\n{a}\n\n-- \nAnna"
    ),
    "thunderbird-below-en": lambda a: f"On 24/11/2026 08:00, Robot wrote:\n{QUOTED}\n\n{a}\n",
    "notes-da": lambda a: (
        f"{a}\n\nMed venlig hilsen\nAnna\n\n\n\nFra:\tRobot <{ROBOT}>\nTil:\tRegnskab\n"
        f"Dato:\t24-11-2026 08:00\nEmne:\t{SUBJECT}\n\n{NOTICED}"
    ),
    "notes-en": lambda a: (
        f"{a}\n\nRegards\nAnna\n\n\nFrom:   Robot\nTo:     Accounts\nDate:   24-11-2026 08:00\n"
        f"Subject:        x\n\n{NOTICED}"
    ),
    "notes-columns": lambda a: (
        f"{a}\n\nRobot SAM   24-11-2026 08:00\n\n  Til    Regnskab\n  cc\n  Emne: x\n\n{NOTICED}"
    ),
    "samsung-da": lambda a: (
        f"{a}\n\nSendt fra min Samsung Galaxy-smartphone.\n\n"
        f"-------- Oprindelig besked --------\n{_block(*DA)}\n\n{NOTICED}"
    ),
    "samsung-en": lambda a: (
        f"{a}\n\nSent from my Galaxy\n\n-------- Original message --------\n{_block(*EN)}\n\n{NOTICED}"
    ),
    "yahoo-da": lambda a: (
        f"{a}\n\nSendt fra Yahoo Mail\n\n Den tirsdag 24. november 2026 kl. 08.00.00 CET skrev Robot <{ROBOT}>:\n\n {NOTICED}"
    ),
    "yahoo-en": lambda a: (
        f"{a}\n\nOn Tuesday, November 24, 2026 at 08:00:00 AM GMT+1, Robot <{ROBOT}> wrote:\n\n {NOTICED}"
    ),
    "kmail": lambda a: (
        f"On tirsdag den 24. november 2026 08.00.00 CET Robot wrote:\n{QUOTED}\n\n{a}\n\n-- \nAnna"
    ),
    "mutt": lambda a: f"* Robot <{ROBOT}> wrote:\n{QUOTED}\n\n{a}\n",
    "roundcube": lambda a: f"{a}\n\nDen 2026-11-24 08:00, skrev Robot:\n{QUOTED}",
    "groupwise": lambda a: f'{a}\n\n>>> "Robot" <{ROBOT}> 24-11-2026 08:00 >>>\n{QUOTED}',
    "proton": lambda a: (
        f"{a}\n\nSendt med Proton Mail sikker e-mail.\n\n"
        f"Den tirsdag den 24. november 2026 kl. 08.00 skrev Robot <{ROBOT}>:\n\n{QUOTED}"
    ),
    "marker": lambda a: f"{a}\n\n--- Skriv over denne linje for at svare ---\n{NOTICED}",
    "no-quotation": lambda a: a,
    "signature-only-dashes": lambda a: f"{a}\n\n-- \nAnna Jensen\nTelefon 12 34 56 78",
    "disclaimer": lambda a: f"{a}\n\nDenne e-mail er fortrolig og kun til modtageren.",
    "banner": lambda a: f"ADVARSEL: Denne mail kommer udefra organisationen. Pas på links.\n\n{a}",
}
HTML: dict[str, Callable[[str], str]] = {
    "outlook-html": lambda a: (
        f'<html><body><div class="WordSection1"><p class="MsoNormal">{a}</p>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f"<p><b>Fra:</b> Robot<br><b>Sendt:</b> 24. november<br><b>Til:</b> x<br><b>Emne:</b> y</p>"
        f"</div><p>{NOTICED}</p></div></body></html>"
    ),
    "outlook-web-html": lambda a: (
        f'<div>{a}</div><hr><div id="divRplyFwdMsg"><b>Fra:</b> Robot</div><div>{NOTICED}</div>'
    ),
    "outlook-mobile-html": lambda a: (
        f'<div>{a}</div><div id="ms-outlook-mobile-signature">Hent Outlook til iOS</div>'
        f'<div id="mail-editor-reference-message-container">{NOTICED}</div>'
    ),
    "outlook-new-html": lambda a: (
        f'<div>{a}</div><div id="appendonsend"></div><div>{NOTICED}</div>'
    ),
    "gmail-html": lambda a: (
        f'<div dir="ltr">{a}</div><br><div class="gmail_quote"><div class="gmail_attr">Den tir. skrev '
        f"Robot:</div><blockquote>{NOTICED}</blockquote></div>"
    ),
    "apple-html": lambda a: (
        f'<body>{a}<br><div><blockquote type="cite"><div>Den 24. nov. skrev Robot:</div>'
        f"<div>{NOTICED}</div></blockquote></div></body>"
    ),
    "thunderbird-html": lambda a: (
        f'<p>{a}</p><div class="moz-cite-prefix">Den 24.11.2026 kl. 08.00 skrev Robot:</div>'
        f'<blockquote type="cite">{NOTICED}</blockquote>'
    ),
    "thunderbird-html-below": lambda a: (
        '<div class="moz-cite-prefix">Den 24.11.2026 kl. 08.00 skrev Robot:</div>'
        f'<blockquote type="cite">{NOTICED}</blockquote><p>{a}</p>'
    ),
    "yahoo-html": lambda a: f'<div>{a}</div><div class="yahoo_quoted"><div>{NOTICED}</div></div>',
    "table-html": lambda a: (
        f"<style>p {{ color: red }}</style><table><tr><td>{a}</td></tr></table>"
    ),
    "broken-html": lambda a: f"<p><b>{a}</i><div",
}
#: Greetings and what programs keep above are part of what was written.
_ABOVE = {"outlook-da": "Hej\n\n", "outlook-en": "Hi\n\n"}


def shapes() -> Iterator[Shape]:
    """Every program with an answer, and each answer with a program."""
    wishes = list(ANSWERS)
    for number, (name, made) in enumerate(PLAIN.items()):
        for wish in dict.fromkeys(("fixed", wishes[number % len(wishes)])):
            answer = ANSWERS[wish]
            text = _ABOVE.get(name, "") + answer
            expected = "comment" if wish == "status" and name in _ABOVE else wish
            yield Shape(f"{name}-{wish}", plain(made(answer)), "reply", "case", expected, text)
    for name, made in HTML.items():
        for wish in ("fixed", "comment"):
            answer = ANSWERS[wish]
            yield Shape(f"{name}-{wish}", html(made(answer)), "reply", "case", wish, answer)
            both = parts(
                "alternative",
                f"Content-Type: text/plain; charset=utf-8\n\n{answer}",
                f"Content-Type: text/html; charset=utf-8\n\n{made(answer)}",
            )
            yield Shape(f"{name}-both-{wish}", both, "reply", "case", wish, answer)
    for wish, answer in ENGLISH.items():
        yield Shape(f"english-{wish}", plain(answer), "reply", "case", wish, answer)
    yield from _between()


def _between() -> Iterator[Shape]:
    inline = (
        "Den 24.11.2026 kl. 08.00 skrev Robot:\n> Faktura F-1 kan ikke bogføres.\n\nDet er rettet.\n\n"
        "> Ret dimensionen senest torsdag.\n\nOgså klaret."
    )
    yield Shape(
        "inline",
        plain(inline),
        "reply",
        "case",
        "fixed",
        "Det er rettet.\n\n\nOgså klaret.".replace("\n\n\n", "\n\n"),
    )
    yield Shape("nothing-written", plain(f"\n\n{QUOTED}"), "reply", "triage")
    yield Shape("only-a-signature", plain(GREETING), "reply", "triage")
    no_tie = plain(ANSWERS["fixed"], tied=False)
    yield Shape("only-the-subject-tag", no_tie, "reply", "case", "fixed", ANSWERS["fixed"])
    bare = plain(ANSWERS["fixed"], tied=False, subject="Faktura")
    yield Shape("no-tie-at-all", bare, "new-mail", "triage", "", ANSWERS["fixed"])
    referred = plain("Hej", f"References: <a@b.test> {NOTICE} <c@d.test>", tied=False, subject="x")
    yield Shape("references-only", referred, "reply", "case", "comment", "Hej")
    fresh = plain("Hej", sender="ny.person@kunde.example.test")
    yield Shape("new-person-at-the-customer", fresh, "reply", "case", "comment", "Hej")
