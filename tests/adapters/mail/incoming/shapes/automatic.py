"""Mails that machines write: automatic answers, reports about delivery, receipts, invitations."""

# ruff: noqa: E501 - a line of a mail stands on one line here

from __future__ import annotations

from collections.abc import Iterator

from tests.adapters.mail.incoming.shapes.world import (
    ADDRESS,
    ANNA,
    NOTICE,
    OFFICE,
    ROBOT,
    SUBJECT,
    Shape,
    head,
    parts,
    plain,
)

_AWAY = {
    "outlook-da": (
        "Automatisk svar: ",
        "Jeg holder ferie og er tilbage mandag.",
        ("Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"),
    ),
    "outlook-en": (
        "Automatic reply: ",
        "I am out of the office.",
        ("Auto-Submitted: auto-generated",),
    ),
    "outlook-de": (
        "Automatische Antwort: ",
        "Ich bin nicht da.",
        ("Auto-Submitted: auto-replied",),
    ),
    "outlook-sv": ("Autosvar: ", "Jag är på semester.", ("Auto-Submitted: auto-generated",)),
    "outlook-no": (
        "Automatisk svar: ",
        "Jeg er på ferie.",
        ("Auto-Submitted: auto-replied (vacation)",),
    ),
    "subject-da": ("Ikke til stede: ", "Jeg er ude.", ()),
    "subject-en": ("Out of Office: ", "I am away.", ()),
    "subject-de": ("Abwesenheitsnotiz: ", "Ich bin abwesend.", ()),
    "subject-sv": ("Frånvaro: ", "Jag är borta.", ()),
    "subject-no": ("Fraværsmelding: ", "Jeg er borte.", ()),
    "gmail-vacation": (
        "Re: ",
        "Tak for din mail.",
        ("Precedence: auto_reply", "X-Autoreply: yes"),
    ),
    "autorespond": ("Re: ", "Vi har modtaget din mail.", ("X-Autorespond: yes",)),
    "ticket-system": ("Re: ", "Sagen er oprettet.", ("Auto-Submitted: auto-replied",)),
    "autoreply-from": ("Re: ", "Tak.", ("X-Autoreply-From: x@kunde.example.test",)),
    "empty-envelope": ("Autosvar: ", "Tak.", ("Return-Path: <>",)),
}


def shapes() -> Iterator[Shape]:
    """All of them."""
    for name, (prefix, text, more) in _AWAY.items():
        raw = plain(text, *more, subject=prefix + SUBJECT)
        yield Shape(f"away-{name}", raw, "auto-reply", "noted", "", text)
    stranger = plain("Away", "Auto-Submitted: auto-replied", sender="x@fremmed.test", tied=False)
    yield Shape("away-stranger", stranger, "auto-reply", "noted")
    human = plain("Det er rettet.", "X-Auto-Response-Suppress: All")
    yield Shape("suppress-alone-is-a-person", human, "reply", "case", "fixed", "Det er rettet.")
    no = plain("Det er rettet.", "Auto-Submitted: no")
    yield Shape("auto-submitted-no", no, "reply", "case", "fixed", "Det er rettet.")
    yield from _reports()
    yield from _own_words()
    yield from _others()


def _report(sender: str, subject: str, words: str, fields: str, about: str = NOTICE) -> bytes:
    return parts(
        'report; report-type="delivery-status"',
        f"Content-Type: text/plain; charset=utf-8\n\n{words}",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.kunde.example.test\n\n{fields}",
        f"Content-Type: message/rfc822\n\nFrom: {ROBOT}\nTo: {OFFICE}\nMessage-ID: {about}\n"
        f"X-Robot-Instance: test\nSubject: x\n\nhej",
        more=("Auto-Submitted: auto-replied", "Return-Path: <>"),
        sender=sender,
        subject=subject,
        tied=False,
    ).replace(
        b'multipart/report; report-type="delivery-status"; boundary',
        b'multipart/report; report-type="delivery-status"; boundary',
    )


def _reports() -> Iterator[Shape]:
    failed = f"Final-Recipient: rfc822;{OFFICE}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;550 5.1.1 User unknown\n"
    full = f"Final-Recipient: rfc822;{OFFICE}\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp;552 5.2.2 Mailbox full\n"
    policy = f"Final-Recipient: rfc822;{OFFICE}\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp;550 5.7.1 Refused\n"
    delayed = f"Final-Recipient: rfc822;{OFFICE}\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Wed, 25 Nov 2026 10:00:00 +0100\n"
    relayed = f"Final-Recipient: rfc822;{OFFICE}\nAction: relayed\nStatus: 2.0.0\n"
    delivered = f"Final-Recipient: rfc822;{OFFICE}\nAction: delivered\nStatus: 2.0.0\n"
    exchange = f"Original-Recipient: rfc822;{OFFICE}\nFinal-Recipient: rfc822;{OFFICE}\nAction: failed\nStatus: 5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found\n"
    onward = "Final-Recipient: rfc822;videre@anden.test\nAction: failed\nStatus: 5.1.1\n"
    table = {
        "exchange-da": (
            "postmaster@kunde.example.test",
            "Kan ikke leveres: Faktura",
            "Levering til disse modtagere mislykkedes",
            exchange,
            "delivery-failure",
        ),
        "exchange-en": (
            "postmaster@kunde.example.test",
            "Undeliverable: Faktura",
            "Delivery has failed",
            exchange,
            "delivery-failure",
        ),
        "office365": (
            "MicrosoftExchange329e@kunde.example.test",
            "Undeliverable: x",
            "Your message couldn't be delivered.",
            exchange,
            "delivery-failure",
        ),
        "exim": (
            "Mailer-Daemon@mx.test",
            "Mail delivery failed: returning message to sender",
            "A message that you sent could not be delivered",
            failed,
            "delivery-failure",
        ),
        "postfix": (
            "MAILER-DAEMON@mx.test",
            "Undelivered Mail Returned to Sender",
            "This is the mail system at host mx.test.",
            failed,
            "delivery-failure",
        ),
        "gmail": (
            "mailer-daemon@googlemail.test",
            "Delivery Status Notification (Failure)",
            "Address not found",
            failed,
            "delivery-failure",
        ),
        "sendmail": (
            "MAILER-DAEMON@mx.test",
            "Returned mail: see transcript for details",
            "The original message was received",
            failed,
            "delivery-failure",
        ),
        "full": (
            "postmaster@mx.test",
            "Undeliverable: x",
            "Postkassen er fuld",
            full,
            "delivery-failure",
        ),
        "policy": (
            "postmaster@mx.test",
            "Undeliverable: x",
            "Refused",
            policy,
            "delivery-failure",
        ),
        "onward": (
            "postmaster@mx.test",
            "Undeliverable: x",
            "Forwarded and refused",
            onward,
            "delivery-failure",
        ),
        "delayed-da": (
            "postmaster@mx.test",
            "Levering forsinket: x",
            "Leveringen er forsinket.",
            delayed,
            "delivery-delay",
        ),
        "delayed-en": (
            "postmaster@mx.test",
            "Delivery delayed: x",
            "It has not been delivered yet.",
            delayed,
            "delivery-delay",
        ),
        "relayed": (
            "postmaster@mx.test",
            "Relayed: x",
            "Delivery to these recipients is complete, but no notification",
            relayed,
            "delivery-report",
        ),
        "delivered": ("postmaster@mx.test", "Leveret: x", "Leveret", delivered, "delivery-report"),
    }
    for name, (sender, subject, words, fields, kind) in table.items():
        yield Shape(f"dsn-{name}", _report(sender, subject, words, fields), kind, "noted")
    stranger = _report(
        "postmaster@mx.test",
        "Undeliverable",
        "x",
        failed.replace(OFFICE, "b@c.test"),
        "<z@z.test>",
    )
    yield Shape("dsn-backscatter", stranger, "delivery-failure", "parked")
    invented = _report("postmaster@mx.test", "Undeliverable", "x", failed, "<z@z.test>")
    yield Shape("dsn-invented", invented, "delivery-failure", "triage")


def _own_words() -> Iterator[Shape]:
    qmail = (
        "Hi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your message.\n\n"
        f"<{OFFICE}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        f"Return-Path: <{ROBOT}>\nMessage-ID: {NOTICE}\nSubject: x\n\nhej"
    )
    exim = (
        "A message that you sent could not be delivered to one or more of its recipients.\n\n"
        f"  {OFFICE}\n    host mx.test: 550 5.1.1 unknown user\n\n------ This is a copy of the message ------\n\n"
        f"Message-ID: {NOTICE}\nSubject: x\n\nhej"
    )
    waiting = (
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet "
        f"been delivered to one or more of its recipients.\n\n  {OFFICE}\n\nMessage-ID: {NOTICE}\n"
    )
    daemon = "MAILER-DAEMON@mx.test"
    yield Shape(
        "bounce-qmail",
        plain(qmail, "Return-Path: <>", sender=daemon, subject="failure notice", tied=False),
        "delivery-failure",
        "noted",
    )
    yield Shape(
        "bounce-exim-old",
        plain(
            exim,
            f"X-Failed-Recipients: {OFFICE}",
            sender=daemon,
            subject="Mail delivery failed",
            tied=False,
        ),
        "delivery-failure",
        "noted",
    )
    yield Shape(
        "bounce-exim-delay",
        plain(
            waiting,
            "Return-Path: <>",
            sender=daemon,
            subject="Warning: message delayed 24 hours",
            tied=False,
        ),
        "delivery-delay",
        "noted",
    )
    vague = plain(
        "Noget gik galt.", "Return-Path: <>", sender=daemon, subject="Undeliverable", tied=False
    )
    yield Shape("bounce-vague", vague, "delivery-failure", "triage")


def _others() -> Iterator[Shape]:
    receipt = parts(
        "report; report-type=disposition-notification",
        "Content-Type: text/plain\n\nDin meddelelse blev læst.",
        f"Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;{ANNA}\n"
        f"Original-Message-ID: {NOTICE}\nDisposition: manual-action/MDN-sent-manually; displayed",
        subject=f"Læst: {SUBJECT}",
    )
    yield Shape("receipt-da", receipt, "receipt", "noted")
    yield Shape("receipt-en", receipt.replace("Læst".encode(), b"Read"), "receipt", "noted")
    deleted = receipt.replace(b"displayed", b"deleted").replace(
        "Læst".encode(), "Ikke læst".encode()
    )
    yield Shape("receipt-deleted", deleted, "receipt", "noted")
    for name, method, subject, route in (
        ("accepted", "REPLY", "Accepteret: Møde", "noted"),
        ("declined", "REPLY", "Declined: Møde", "noted"),
        ("tentative", "REPLY", "Foreløbigt: Møde", "noted"),
        ("counter", "COUNTER", "Nyt tidspunkt: Møde", "noted"),
        ("request", "REQUEST", "Møde om fakturaer", "triage"),
        ("cancelled", "CANCEL", "Aflyst: Møde", "triage"),
    ):
        raw = parts(
            "alternative",
            "Content-Type: text/plain\n\nMøde",
            f"Content-Type: text/calendar; method={method}\n\nBEGIN:VCALENDAR\nMETHOD:{method}\nEND:VCALENDAR",
            subject=subject,
        )
        yield Shape(f"calendar-{name}", raw, "calendar", route)
    for name, more in (
        ("list", "List-Id: <nyt.leverandoer.test>"),
        ("bulk", "Precedence: bulk"),
        ("junk", "Precedence: junk"),
        ("unsubscribe", "List-Unsubscribe: <https://x.test>"),
    ):
        news = plain("Tilbud!", more, sender="nyt@leverandoer.test", subject="Nyt", tied=False)
        yield Shape(f"bulk-{name}", news, "bulk", "parked")
    listed = plain("Det er rettet.", "List-Id: <regnskab.kunde.example.test>")
    yield Shape("reply-through-a-list", listed, "reply", "case", "fixed")
    yield Shape("loop-own-address", plain("Hej", sender=ROBOT), "loop", "parked")
    yield Shape("loop-plus-address", plain("Hej", sender=ADDRESS), "loop", "parked")
    yield Shape("loop-instance", plain("Hej", "X-Robot-Instance: other"), "loop", "parked")
    forwarded = "Hermed til jer.\n\n---------- Forwarded message ---------\nFrom: Leverandør\nSubject: Faktura\n\nBetal nu"
    for prefix in ("VS: ", "FW: ", "Fwd: ", "Videresendt: ", "VB: ", "WG: "):
        raw = plain(forwarded, subject=prefix + SUBJECT)
        yield Shape(f"forward-{prefix.strip(': ').lower()}", raw, "forward", "case", "comment")
    loose = plain(forwarded, subject="VS: Faktura", tied=False)
    yield Shape("forward-untied", loose, "forward", "triage")
    assert head()
