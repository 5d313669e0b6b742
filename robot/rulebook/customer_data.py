"""Reads the master data of a customer's file: numbers, mailboxes, dimensions, mandates."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from stdnum import ean
from stdnum.dk import cvr

from robot.domain.customer import Customer, Mailbox, Mandate
from robot.rulebook import literals
from robot.rulebook.keys import Entry
from robot.rulebook.literals import LiteralError
from robot.rulebook.problem import Position, did_you_mean, listed

CUSTOMER_KEYS: Final = (
    "name",
    "bogfoeringskreds",
    "cvr",
    "glns",
    "company",
    "source-system",
    "fakturamanager",
    "closing-mails",
)
MAILBOX_KEYS: Final = ("address", "kind", "members", "for")
MANDATE_KEYS: Final = ("person", "limit", "from", "until")
LANGUAGES: Final = ("da", "en")
SOURCE_SYSTEMS: Final = ("sdi", "indfak")
MAILBOX_KINDS: Final = ("shared", "personal")
PURPOSES: Final = ("all", "notices", "reminders", "escalation")
_KREDS: Final = re.compile(r"\d{5}", re.ASCII)
_CVR: Final = re.compile(r"\d{8}", re.ASCII)
_GLN: Final = re.compile(r"\d{13}", re.ASCII)
_ADDRESS: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def read_customer(entry: Entry) -> tuple[Customer | None, dict[str, Position]]:
    """The customer that a file is about, and where the numbers stand that find it.

    None when its name or its bogføringskreds can't be read; problems are in the report.
    """
    node = entry.get("customer")
    if node is None:
        return None, {}
    inner = Entry(
        node,
        entry.report,
        what="'customer'",
        allowed=CUSTOMER_KEYS,
        required=("name", "bogfoeringskreds"),
    )
    name = inner.text("name", required=True)
    kreds = _numeral(inner, "bogfoeringskreds", _KREDS, "five digits")
    number = _cvr(inner)
    glns = _glns(inner)
    source_system = _word(inner, "source-system", SOURCE_SYSTEMS, "sdi")
    fakturamanager = inner.flag("fakturamanager")
    closing_mails = inner.flag("closing-mails", default=True)
    mailboxes, mandates = _mailboxes(entry), _mandates(entry)
    dimensions, domains = _dimensions(entry), _domains(entry)
    language = _word(entry, "language", LANGUAGES, "da")
    if not inner.valid or not name or kreds is None:
        return None, {}
    customer = Customer(
        name=name,
        bogfoeringskreds=kreds,
        cvr=number,
        glns=tuple(glns),
        company=inner.text("company") or name,
        source_system=source_system,
        language=language,
        mailboxes=mailboxes,
        domains=domains,
        dimensions=dimensions,
        mandates=mandates,
        fakturamanager=fakturamanager,
        closing_mails=closing_mails,
    )
    return customer, {f"bogføringskreds {kreds}": inner.values["bogfoeringskreds"].at} | {
        f"GLN {gln}": at for gln, at in glns.items()
    }


def _numeral(entry: Entry, key: str, shape: re.Pattern[str], words: str) -> str | None:
    text = entry.text(key, required=True)
    if text is not None and not shape.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        entry.fail(
            "bad-number",
            entry.values[key].at,
            f"'{text}' is not a {key}: it has {words}",
            f"write '{digits}'" if shape.fullmatch(digits) else "",
        )
        return None
    return text


def _cvr(entry: Entry) -> str | None:
    text = _numeral(entry, "cvr", _CVR, "eight digits")
    if text is not None and not cvr.is_valid(text):
        entry.fail(
            "bad-check-digit",
            entry.values["cvr"].at,
            f"'{text}' is not a CVR number: the check digit is wrong, a digit is mistyped",
        )
    return text


def _glns(entry: Entry) -> dict[str, Position]:
    found: dict[str, Position] = {}
    for node in entry.scalars("glns"):
        if not _GLN.fullmatch(node.text):
            entry.fail("bad-number", node.at, f"'{node.text}' is not a GLN: it has 13 digits")
        elif not ean.is_valid(node.text):
            entry.fail(
                "bad-check-digit",
                node.at,
                f"'{node.text}' is not a GLN: the check digit is wrong, a digit is mistyped",
            )
        elif node.text in found:
            entry.fail("duplicate-number", node.at, f"the GLN '{node.text}' is there twice")
        else:
            found[node.text] = node.at
    return found


def _mailboxes(entry: Entry) -> tuple[Mailbox, ...]:
    found: list[Mailbox] = []
    for node in entry.items("mailboxes"):
        inner = Entry(
            node, entry.report, what="a mailbox", allowed=MAILBOX_KEYS, required=("address",)
        )
        address = inner.text("address", required=True)
        members = inner.texts("members")
        for key, text in [("address", address), *(("members", member) for member in members)]:
            if text is not None and not _ADDRESS.fullmatch(text):
                inner.fail("bad-address", inner.values[key].at, f"'{text}' is no mail address")
        kind = _word(inner, "kind", MAILBOX_KINDS, "shared")
        purpose = _word(inner, "for", PURPOSES, "all")
        entry.valid = entry.valid and inner.valid
        if inner.valid and address:
            found.append(Mailbox(address=address, kind=kind, members=members, purpose=purpose))
    return tuple(found)


def _mandates(entry: Entry) -> tuple[Mandate, ...]:
    found: list[Mandate] = []
    for node in entry.items("mandates"):
        inner = Entry(
            node, entry.report, what="a mandate", allowed=MANDATE_KEYS, required=("person",)
        )
        person = inner.text("person", required=True)
        limit = inner.parsed("limit", _kroner)
        first, last = inner.date("from"), inner.date("until")
        if first is not None and last is not None and first > last:
            message = "'until' is before 'from': it never counts"
            inner.fail("dates-swapped", inner.key_at("until"), message)
        if limit is not None and limit < 0:
            message = "a mandate's limit can't be below zero"
            inner.fail("bad-number", inner.values["limit"].at, message)
        entry.valid = entry.valid and inner.valid
        if inner.valid and person:
            found.append(Mandate(person=person, limit=limit, valid_from=first, valid_to=last))
    return tuple(found)


def _kroner(text: str) -> Decimal:
    amount = literals.money(text)
    if amount.currency != "DKK":
        raise LiteralError("not-kroner", f"'{text}' is not in DKK, as mandates are")
    return amount.amount


def _dimensions(entry: Entry) -> tuple[str, ...]:
    found: dict[str, Position] = {}
    for node in entry.scalars("dimensions"):
        if node.text in found:
            entry.fail("duplicate-dimension", node.at, f"'{node.text}' is there twice")
        elif not re.fullmatch(r"[\w-]{1,60}", node.text):
            entry.fail(
                "bad-name",
                node.at,
                f"'{node.text}' is not a dimension's name (letters, digits, hyphens)",
            )
        else:
            found[node.text] = node.at
    return tuple(found)


def _domains(entry: Entry) -> tuple[str, ...]:
    for node in entry.scalars("domains"):
        if not _DOMAIN.fullmatch(node.text):
            entry.fail("bad-domain", node.at, f"'{node.text}' is no mail domain")
    return entry.texts("domains")


def _word(entry: Entry, key: str, words: tuple[str, ...], default: str) -> str:
    text = entry.text(key)
    if text is None:
        return default
    if text not in words:
        entry.fail(
            "unknown-choice",
            entry.values[key].at,
            f"'{text}' is not one of {listed(words)}",
            did_you_mean(text, words),
        )
        return default
    return text
