"""The sidecar of a document: what the purchasing system states about it.

Keys: `source_system` (sdi, indfak or folder), `document_id`, `customer` (bogføringskreds),
`posting_date`, `remark`, `confidential`, `approvals` (`step`, `by`, `at`, `limit`) and `coding`
(`line`, `account`, `dimensions`, `vat_code`, `amount`). Keys may be written with underscores,
hyphens, spaces or capitals (`posting_date`, `Posting Date`, `postingDate`). What is left out or
`null` is not known; an empty text or list says that there is none.

- Amounts are JSON numbers or texts such as `"1234.50"`; neither passes through a float.
- Codes and ids are texts; a whole number is taken digit by digit (JSON has no leading zeros).
- Dates are `2026-11-24`. Times are ISO 8601; one without an offset is read as Europe/Copenhagen,
  and refused in the two hours a year where that is not certain.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from robot.adapters.folder.located_json import JsonProblem, Node, Shape, parse, position
from robot.domain.document import Approval, CodingLine, SourceStatement, Step

#: The source system of a document that has no sidecar, or whose sidecar names none.
FOLDER = "folder"
#: All source systems.
SYSTEMS = ("sdi", "indfak", FOLDER)

_COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_STATEMENT_KEYS = (
    "source_system",
    "document_id",
    "customer",
    "posting_date",
    "remark",
    "confidential",
    "approvals",
    "coding",
)
_APPROVAL_KEYS = ("step", "by", "at", "limit")
_CODING_KEYS = ("line", "account", "dimensions", "vat_code", "amount")
_STEPS: Mapping[str, Step] = {
    "received": Step.RECEIVED,
    "modtaget": Step.RECEIVED,
    "distributed": Step.DISTRIBUTED,
    "fordelt": Step.DISTRIBUTED,
    "1": Step.FIRST_APPROVAL,
    "first": Step.FIRST_APPROVAL,
    "1st": Step.FIRST_APPROVAL,
    "firstapproval": Step.FIRST_APPROVAL,
    "1stapproval": Step.FIRST_APPROVAL,
    "approval1": Step.FIRST_APPROVAL,
    "1godkendelse": Step.FIRST_APPROVAL,
    "1godkendt": Step.FIRST_APPROVAL,
    "2": Step.SECOND_APPROVAL,
    "second": Step.SECOND_APPROVAL,
    "2nd": Step.SECOND_APPROVAL,
    "secondapproval": Step.SECOND_APPROVAL,
    "2ndapproval": Step.SECOND_APPROVAL,
    "approval2": Step.SECOND_APPROVAL,
    "2godkendelse": Step.SECOND_APPROVAL,
    "2godkendt": Step.SECOND_APPROVAL,
}
_FILLERS = re.compile(r"[\s_.\-]+")
_WHOLE_NUMBER = re.compile(r"-?[0-9]+")
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})")
#: Danes write 50.000 for fifty thousand.
_PERHAPS_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*", re.ASCII)
#: Line breaks and tabs may stand in a remark; other control characters can't be stored.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """What a sidecar says. With `problems` only its system and id are to be relied on.

    Each problem names file, line, column, what is wrong and how to put it right.
    """

    statement: SourceStatement
    problems: tuple[str, ...] = ()


def read_sidecar(content: bytes, *, file: str, fallback_id: str) -> Sidecar:
    """Read a sidecar's bytes (JSON in UTF-8, UTF-16 or UTF-32, with or without a mark).

    Args:
        content: The bytes.
        file: How messages name it.
        fallback_id: The document's id when the sidecar gives none.
    """
    nothing = SourceStatement(system=FOLDER, document_id=fallback_id)
    try:
        text = content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = f"{file}, line {line}: is not UTF-8; save it as UTF-8"
        return Sidecar(statement=nothing, problems=(problem,))
    text = text.removeprefix("\ufeff")
    reading = _Reading(text=text, file=file)
    try:
        root = parse(text)
    except JsonProblem as problem:
        reading.complain(problem.offset, problem.message)
        return Sidecar(statement=nothing, problems=tuple(reading.problems))
    statement = _statement(reading, root, fallback_id)
    return Sidecar(statement=statement, problems=tuple(reading.problems))


@dataclass(slots=True)
class _Reading:
    """Reads typed values out of nodes and collects what is wrong with them."""

    text: str
    file: str
    problems: list[str] = field(default_factory=list)

    def complain(self, offset: int, message: str) -> None:
        line, column = position(self.text, offset)
        self.problems.append(f"{self.file}, line {line}, column {column}: {message}")

    def members(self, node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
        """An object's values under their canonical keys; `null` is the same as left out."""
        if node.shape is not Shape.OBJECT:
            self.complain(node.offset, f"{what} must be an object {{…}}, not {node.shape}")
            return {}
        canonical = {_folded(key): key for key in known}
        found: dict[str, Node] = {}
        seen: set[str] = set()
        for key, value in node.members:
            name = canonical.get(_folded(key.text))
            if name is None:
                self.complain(key.offset, _unknown_key(key.text, known))
                continue
            if name in seen:
                self.complain(key.offset, f"'{name}' is written twice; keep one")
            seen.add(name)
            if value.shape is not Shape.NULL:
                found[name] = value
        return found

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        if node.shape is not Shape.ARRAY:
            self.complain(node.offset, f"'{what}' must be a list […], not {node.shape}")
        return node.items

    def text_of(self, node: Node | None, what: str) -> str | None:
        """A text as it stands, or a whole number's digits."""
        if node is None:
            return None
        if node.shape is Shape.NUMBER and _WHOLE_NUMBER.fullmatch(node.text):
            return node.text
        if node.shape is not Shape.TEXT:
            self.complain(
                node.offset, f"'{what}' must be a text in double quotes, not {_seen(node)}"
            )
            return None
        if _UNSTORABLE.search(node.text):
            self.complain(node.offset, f"'{what}' holds a control character; take it away")
            return None
        return node.text

    def code(self, node: Node | None, what: str) -> str | None:
        """A code or id without blanks around it; an empty one is none."""
        return (self.text_of(node, what) or "").strip() or None

    def amount(self, node: Node | None, what: str) -> Decimal | None:
        if node is None:
            return None
        literal = node.text.strip()
        if node.shape is Shape.TEXT and _PERHAPS_THOUSANDS.fullmatch(literal):
            whole, _, rest = literal.partition(".")
            self.complain(
                node.offset,
                f"'{what}': is {literal} thousands or three decimals?"
                f" Write {whole}{rest} or {whole}",
            )
            return None
        if node.shape in (Shape.NUMBER, Shape.TEXT) and _AMOUNT.fullmatch(literal):
            return Decimal(literal)
        self.complain(
            node.offset,
            f"'{what}' must be an amount such as 1234.50 (point, no thousands), not {_seen(node)}",
        )
        return None

    def flag(self, node: Node | None, what: str) -> bool | None:
        if node is None:
            return None
        if node.shape is not Shape.FLAG:
            self.complain(
                node.offset, f"'{what}' must be true or false without quotes, not {_seen(node)}"
            )
            return None
        return node.text == "true"

    def day(self, node: Node | None, what: str) -> date | None:
        if node is None:
            return None
        if node.shape is Shape.TEXT and _DAY.fullmatch(node.text.strip()):
            try:
                return date.fromisoformat(node.text.strip())
            except ValueError:
                self.complain(node.offset, f"'{what}': {node.text.strip()} is no day; correct it")
                return None
        self.complain(node.offset, f"'{what}' must be a date such as \"2026-11-24\"{_not(node)}")
        return None

    def instant(self, node: Node, what: str) -> datetime | None:
        """A point in time in UTC; without an offset it is Danish time."""
        stamp = _instant(node)
        if stamp is None:
            example = '"2026-11-24T09:30:00+01:00"'
            self.complain(node.offset, f"'{what}' must be a time such as {example}{_not(node)}")
            return None
        if stamp.tzinfo is None:
            local = stamp.replace(tzinfo=_COPENHAGEN)
            if local.utcoffset() != local.replace(fold=1).utcoffset():
                self.complain(
                    node.offset,
                    f"'{what}': {node.text} is not one certain moment, for the clocks change"
                    " that night; add the offset, +01:00 or +02:00",
                )
                return None
            stamp = local
        return _in_utc(self, node, what, stamp)


def _in_utc(reading: _Reading, node: Node, what: str, stamp: datetime) -> datetime | None:
    try:
        return stamp.astimezone(UTC)
    except OverflowError:
        reading.complain(node.offset, f"'{what}': {node.text} is outside of all calendars")
        return None


def _instant(node: Node) -> datetime | None:
    if node.shape is not Shape.TEXT or not _INSTANT.fullmatch(node.text.strip()):
        return None
    try:
        return datetime.fromisoformat(node.text.strip())
    except ValueError:
        return None


def _statement(reading: _Reading, root: Node, fallback_id: str) -> SourceStatement:
    keys = reading.members(root, _STATEMENT_KEYS, "the sidecar")
    approvals = keys.get("approvals")
    coding = keys.get("coding")
    return SourceStatement(
        system=_system(reading, keys.get("source_system")),
        document_id=_document_id(reading, keys.get("document_id"), fallback_id),
        customer=reading.code(keys.get("customer"), "customer"),
        posting_date=reading.day(keys.get("posting_date"), "posting_date"),
        remark=reading.text_of(keys.get("remark"), "remark"),
        confidential=reading.flag(keys.get("confidential"), "confidential"),
        approvals=None if approvals is None else _approvals(reading, approvals),
        coding=None if coding is None else _coding(reading, coding),
    )


def _system(reading: _Reading, node: Node | None) -> str:
    name = reading.code(node, "source_system")
    if node is None or name is None:
        return FOLDER
    if name.casefold() not in SYSTEMS:
        reading.complain(
            node.offset, f"'source_system' must be {_listed(SYSTEMS)}, not {_seen(node)}"
        )
        return FOLDER
    return name.casefold()


def _document_id(reading: _Reading, node: Node | None, fallback_id: str) -> str:
    if node is None:
        return fallback_id
    name = reading.code(node, "document_id")
    if node.shape is Shape.TEXT and not node.text.strip():
        reading.complain(
            node.offset, "'document_id' is empty; give the source's id or leave it out"
        )
    return name or fallback_id


def _approvals(reading: _Reading, node: Node) -> tuple[Approval, ...]:
    made = (_approval(reading, item) for item in reading.items(node, "approvals"))
    return tuple(approval for approval in made if approval is not None)


def _approval(reading: _Reading, node: Node) -> Approval | None:
    keys = reading.members(node, _APPROVAL_KEYS, "an approval")
    if node.shape is not Shape.OBJECT:
        return None
    for needed in ("step", "by", "at"):
        if needed not in keys:
            reading.complain(node.offset, f"this approval has no '{needed}'; add it")
    step = _step(reading, keys["step"]) if "step" in keys else None
    person = reading.code(keys.get("by"), "by")
    at = reading.instant(keys["at"], "at") if "at" in keys else None
    limit = reading.amount(keys.get("limit"), "limit")
    if "by" in keys and keys["by"].shape is Shape.TEXT and not keys["by"].text.strip():
        reading.complain(keys["by"].offset, "'by' is empty; name the person")
    if step is None or person is None or at is None:
        return None
    return Approval(step=step, by=person, at=at, limit=limit)


def _step(reading: _Reading, node: Node) -> Step | None:
    name = reading.code(node, "step")
    if name is None:
        if not node.text.strip():
            reading.complain(node.offset, f"'step' is empty; write {_listed(tuple(Step))}")
        return None
    step = _STEPS.get(_folded(name))
    if step is None:
        reading.complain(node.offset, f"'step' must be {_listed(tuple(Step))}, not {_seen(node)}")
    return step


def _coding(reading: _Reading, node: Node) -> tuple[CodingLine, ...]:
    made = (_coding_line(reading, item) for item in reading.items(node, "coding"))
    return tuple(line for line in made if line is not None)


def _coding_line(reading: _Reading, node: Node) -> CodingLine | None:
    keys = reading.members(node, _CODING_KEYS, "a line of the coding")
    if node.shape is not Shape.OBJECT:
        return None
    line = reading.code(keys.get("line"), "line")
    if "line" not in keys or (keys["line"].shape is Shape.TEXT and not keys["line"].text.strip()):
        reading.complain(node.offset, "this coding has no 'line'; add the invoice line's number")
    dimensions = keys.get("dimensions")
    account = reading.code(keys.get("account"), "account")
    vat_code = reading.code(keys.get("vat_code"), "vat_code")
    amount = reading.amount(keys.get("amount"), "amount")
    named = () if dimensions is None else _dimensions(reading, dimensions)
    if line is None:
        return None
    return CodingLine(
        line=line, account=account, dimensions=named, vat_code=vat_code, amount=amount
    )


def _dimensions(reading: _Reading, node: Node) -> tuple[tuple[str, str], ...]:
    if node.shape is not Shape.OBJECT:
        reading.complain(
            node.offset,
            f'\'dimensions\' must be an object such as {{"delregnskab": "100"}}{_not(node)}',
        )
    named: dict[str, str | None] = {}
    for key, value in node.members:
        name = key.text.strip().casefold()
        if not name or _UNSTORABLE.search(name):
            reading.complain(key.offset, "a dimension has no name; write one")
        if name in named:
            reading.complain(key.offset, f"the dimension '{name}' is written twice; keep one")
        named[name] = None if value.shape is Shape.NULL else reading.code(value, name)
    return tuple((name, value) for name, value in named.items() if name and value is not None)


def _folded(key: str) -> str:
    return _FILLERS.sub("", key).casefold()


def _unknown_key(key: str, known: tuple[str, ...]) -> str:
    by_folded = {_folded(name): name for name in known}
    close = difflib.get_close_matches(_folded(key), by_folded, n=1, cutoff=0.6)
    if close:
        return f"'{_short(key)}' is not a key here; did you mean '{by_folded[close[0]]}'?"
    return f"'{_short(key)}' is not a key here; these are: {', '.join(known)}"


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _seen(node: Node) -> str:
    if node.shape in (Shape.TEXT, Shape.NUMBER, Shape.FLAG):
        return f"'{_short(node.text)}'"
    return str(node.shape)


def _not(node: Node) -> str:
    return f", not {_seen(node)}"


def _short(text: str, most: int = 40) -> str:
    shown = "".join(sign if sign.isprintable() else "�" for sign in text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
