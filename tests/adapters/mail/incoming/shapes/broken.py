"""Forms that are broken, sealed, huge or made to harm; and senders who are not who they say."""

# ruff: noqa: E501 - a line of a mail stands on one line here

from __future__ import annotations

from collections.abc import Iterator

from tests.adapters.mail.incoming.shapes.world import (
    ADDRESS,
    ANNA,
    CASE,
    DIGEST,
    KEYS,
    NOTICE,
    OTHER_CASE,
    ROBOT,
    STRANGE_CASE,
    SUBJECT,
    Shape,
    head,
    parts,
    plain,
)

FIXED = "Det er rettet."
_FIRST = f"Content-Type: text/plain; charset=utf-8\n\n{FIXED}"


def shapes() -> Iterator[Shape]:
    """All of them."""
    yield from _forms()
    yield from _sealed()
    yield from _bombs()
    yield from _strangers()
    yield from _several_cases()
    yield from _words()


def _forms() -> Iterator[Shape]:
    yield Shape("empty", b"", "unreadable", "triage")
    yield Shape("blank-lines", b"\r\n\r\n\r\n", "unreadable", "triage")
    yield Shape("no-headers", b"just some words\nand more", "unreadable", "triage")
    yield Shape("only-nul", b"\0" * 500, "unreadable", "triage")
    yield Shape("no-body", plain(""), "reply", "triage")
    bare = f"From: {ANNA}\nTo: {ADDRESS}\n\n{FIXED}".encode()
    yield Shape("hardly-any-headers", bare, "reply", "case", "fixed", FIXED)
    yield Shape(
        "bare-carriage-returns", bare.replace(b"\n", b"\r"), "reply", "case", "fixed", FIXED
    )
    yield Shape(
        "mbox-line",
        b"From anna Tue Nov 24 10:00:00 2026\n" + bare,
        "reply",
        "case",
        "fixed",
        FIXED,
    )
    yield Shape(
        "no-from", plain(FIXED).replace(b"From: Anna", b"X-From: Anna"), "reply", "quarantine"
    )
    yield Shape(
        "two-from", b"From: b@kunde.example.test\r\n" + plain(FIXED), "reply", "quarantine"
    )
    two = plain(FIXED).replace(b"<anna", b"<x@fremmed.test>, <anna")
    yield Shape("two-in-from", two, "reply", "quarantine")
    yield Shape(
        "two-subjects", b"Subject: en anden\r\n" + plain(FIXED), "reply", "case", "fixed", FIXED
    )
    yield Shape(
        "two-content-types",
        b"Content-Type: text/plain\r\n" + plain(FIXED),
        "reply",
        "case",
        "fixed",
        FIXED,
    )
    yield Shape(
        "junk-header-line",
        plain(FIXED).replace(b"MIME-Version", b"what is this\r\nMIME-Version"),
        "reply",
        "case",
        "fixed",
        FIXED,
    )
    yield Shape(
        "unclosed-multipart",
        parts("mixed", _FIRST).replace(b"--=_b--", b""),
        "reply",
        "case",
        "fixed",
        FIXED,
    )
    wrong = plain(FIXED).replace(
        b"text/plain; charset=utf-8", b'multipart/mixed; boundary="nowhere"'
    )
    yield Shape("boundary-nowhere", wrong, "reply", "case", "fixed", FIXED)
    none = plain(FIXED).replace(b"text/plain; charset=utf-8", b"multipart/mixed")
    yield Shape("no-boundary", none, "reply", "case", "fixed", FIXED)
    odd = plain(FIXED).replace(b"text/plain; charset=utf-8", b"text")
    yield Shape("odd-content-type", odd, "reply", "case", "fixed", FIXED)
    yield Shape("one-very-long-line", plain("a" * 300_000), "reply", "case", "comment")
    yield Shape("many-lines", plain("ord\n" * 30_000), "reply", "case", "comment")
    for name, kind in (
        ("pdf", "application/pdf"),
        ("xml", "application/xml"),
        ("zip", "application/zip"),
        ("text", "text/plain"),
        ("ics-as-file", "application/ics"),
        ("program", "application/x-msdownload"),
    ):
        attached = f'Content-Type: {kind}; name="fil"\nContent-Disposition: attachment; filename="fil"\nContent-Transfer-Encoding: base64\n\nSGVq'
        yield Shape(
            f"attachment-{name}", parts("mixed", _FIRST, attached), "reply", "case", "fixed", FIXED
        )
    inside = "Content-Type: message/rfc822\n\nFrom: x@y.test\nSubject: x\n\nDet er ikke rettet"
    yield Shape("attached-mail", parts("mixed", _FIRST, inside), "reply", "case", "fixed", FIXED)
    yield Shape("only-an-attached-mail", parts("mixed", inside), "reply", "triage")
    image = 'Content-Type: image/png; name="logo.png"\nContent-ID: <1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo='
    yield Shape(
        "picture-in-the-text", parts("related", _FIRST, image), "reply", "case", "fixed", FIXED
    )
    yield Shape("only-a-picture", parts("related", image), "reply", "triage")


def _sealed() -> Iterator[Shape]:
    signature = 'Content-Type: application/pkcs7-signature; name="smime.p7s"\nContent-Transfer-Encoding: base64\n\nMIIB'
    yield Shape(
        "smime-signed", parts("signed", _FIRST, signature), "reply", "case", "fixed", FIXED
    )
    for name, kind in (("enveloped", "enveloped-data"), ("opaque", "signed-data")):
        start = head(
            f'Content-Type: application/pkcs7-mime; smime-type={kind}; name="smime.p7m"',
            "Content-Transfer-Encoding: base64",
        )
        yield Shape(f"smime-{name}", f"{start}\n\nMIIB".encode(), "reply", "triage")
    pgp = "Content-Type: application/pgp-encrypted\n\nVersion: 1"
    yield Shape("pgp-encrypted", parts("encrypted", pgp), "reply", "triage")
    tnef = 'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Disposition: attachment; filename="winmail.dat"\nContent-Transfer-Encoding: base64\n\neJ8+'
    yield Shape("winmail-alone", parts("mixed", tnef), "reply", "triage")
    yield Shape(
        "winmail-beside-text", parts("mixed", _FIRST, tnef), "reply", "case", "fixed", FIXED
    )


def _bombs() -> Iterator[Shape]:
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(600)
    )
    yield Shape("nested-600-deep", f"{head()}\n{nested}{FIXED}".encode(), "reply", "triage")
    mails = "Content-Type: message/rfc822\n\n" * 500
    yield Shape("mail-in-mail-500-deep", f"{head()}\n{mails}hej".encode(), "reply", "triage")
    many = head('Content-Type: multipart/mixed; boundary="b"') + "\n\n" + "--b\n\nx\n" * 20_000
    yield Shape("twenty-thousand-parts", many.encode(), "reply", "triage")
    headers = plain(FIXED).replace(b"MIME-Version", b"X-A: b\r\n" * 20_000 + b"MIME-Version")
    yield Shape("header-bomb", headers, "reply", "case", "fixed", FIXED)
    long_header = plain(FIXED, "X-Long: " + "a" * 2_000_000)
    yield Shape("header-of-two-megabytes", long_header, "reply", "case", "fixed", FIXED)
    crowd = ", ".join(f"p{n}@x.test" for n in range(10_000))
    yield Shape(
        "ten-thousand-receivers", plain(FIXED, f"Cc: {crowd}"), "reply", "case", "fixed", FIXED
    )
    references = " ".join(f"<{n}@x.test>" for n in range(20_000))
    yield Shape(
        "reference-bomb",
        plain(FIXED, f"References: {references}"),
        "reply",
        "case",
        "fixed",
        FIXED,
    )
    yield Shape("quotation-bomb", plain("> " * 100_000), "reply", "triage")
    big = (
        'Content-Type: application/pdf; name="stor.pdf"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n'
        + "QUJD" * 13_000_000
    )
    yield Shape("fifty-megabytes", parts("mixed", _FIRST, big), "reply", "case", "fixed", FIXED)


def _strangers() -> Iterator[Shape]:
    for name, sender in (
        ("stranger", "chef@fremmed.test"),
        ("look-alike", "anna.jensen@kunde.example.test.fremmed.test"),
        ("sub-domain", "anna@under.kunde.example.test"),
        ("other-customer", "b@b.example.test"),
        ("homoglyph", "anna@kundе.example.test"),
    ):
        yield Shape(f"from-{name}", plain(FIXED, sender=sender), "reply", "quarantine")
    named = plain(FIXED, sender="x@fremmed.test").replace(b"Anna Jensen", ANNA.encode())
    yield Shape("name-is-an-address", named, "reply", "quarantine")
    guessed = KEYS.reply_address(ROBOT, CASE).replace("123.", "124.")
    raw = plain(FIXED, tied=False, subject="Hej").replace(
        f"<{ROBOT}>".encode(), f"<{guessed}>".encode()
    )
    yield Shape("guessed-token", raw, "new-mail", "triage")
    forged = NOTICE.replace("n1", "n2")
    made_up = plain(FIXED, f"In-Reply-To: {forged}", tied=False, subject="Hej")
    yield Shape("forged-message-id", made_up, "new-mail", "triage")
    theirs = plain(FIXED, tied=False, subject=f"SV: [{STRANGE_CASE}] x")
    yield Shape("tag-of-another-customer", theirs, "new-mail", "triage")
    nobody = plain(FIXED, tied=False, subject="SV: [SAM-2026-999999] x")
    yield Shape("tag-of-no-case", nobody, "new-mail", "triage")
    tagged = plain(FIXED, sender="x@fremmed.test", tied=False, subject=f"SV: {SUBJECT}")
    yield Shape("tag-from-a-stranger", tagged, "reply", "quarantine")


def _several_cases() -> Iterator[Shape]:
    given = {"tied": False, "subject": "SV: Fakturaer"}
    answered = f"In-Reply-To: {DIGEST}"
    yield Shape("digest-plain-reply", plain(FIXED, answered, **given), "reply", "triage")
    one = f"{OTHER_CASE}: det er rettet."
    yield Shape("digest-naming-one", plain(one, answered, **given), "reply", "case", "fixed", one)
    both = plain(f"{CASE} og {OTHER_CASE} er rettet.", answered, **given)
    yield Shape("digest-naming-both", both, "reply", "triage")
    yield Shape("digest-status", plain("STATUS", answered, **given), "reply", "case", "status")


def _words() -> Iterator[Shape]:
    for name, text, wish in (
        ("not-fixed", "Det er ikke rettet endnu.", "comment"),
        ("asks-if-fixed", "Er det rettet?", "comment"),
        ("will-fix", "Vi skal have rettet kontoen.", "comment"),
        ("if-fixed", "Hvis den er rettet, så sig til.", "comment"),
        ("fixed-and-try", "Vi har rettet kontoen, prøv igen.", "fixed"),
        ("fixed-en", "We have corrected the account.", "fixed"),
        ("not-fixed-en", "It has not been fixed.", "comment"),
        ("new-account", "Vores kontonummer er nyt, det er rettet.", "comment"),
        ("pay-now", "Betal den nu, jeg godkender.", "comment"),
        ("release", "I må gerne bogføre den alligevel.", "comment"),
        ("status-lower", "status", "status"),
        ("status-dot", "Status.", "status"),
        ("status-inside", "Min status er god", "comment"),
        ("status-question", "Hvad er status?", "status"),
        ("supplier-en", "We are waiting for the supplier.", "supplier"),
        ("time-en", "We need more time.", "more-time"),
    ):
        yield Shape(f"words-{name}", plain(text), "reply", "case", wish, text)
    empty = plain("", subject="STATUS")
    yield Shape("status-in-the-subject", empty, "reply", "case", "status")
    number = plain("Mit cpr er 010203-1234 hvis I skal bruge det")
    yield Shape(
        "cpr-is-masked",
        number,
        "reply",
        "case",
        "comment",
        "Mit cpr er …1234 hvis I skal bruge det",
    )
