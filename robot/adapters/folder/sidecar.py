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

import json
from collections.abc import Mapping
from dataclasses import dataclass

from robot.adapters.folder.located_json import JsonProblem, load, offset_of, parse, position
from robot.adapters.folder.reading import Item, Keys, Problem, Reading, folded, seen
from robot.domain.document import Approval, CodingLine, SourceStatement, Step

#: The source system of a document that has no sidecar, or whose sidecar names none.
FOLDER = "folder"
#: All source systems.
SYSTEMS = ("sdi", "indfak", FOLDER)

_STATEMENT = Keys(
    "source_system",
    "document_id",
    "customer",
    "posting_date",
    "remark",
    "confidential",
    "approvals",
    "coding",
)
_APPROVAL = Keys("step", "by", "at", "limit")
_CODING = Keys("line", "account", "dimensions", "vat_code", "amount")
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
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = f"{file}, line {line}: is not UTF-8; save it as UTF-8"
        return Sidecar(statement=nothing, problems=(problem,))
    try:
        root = Item(load(text), ())
    except (ValueError, RecursionError):
        return Sidecar(statement=nothing, problems=(_no_json(text, file),))
    reading = Reading()
    statement = _statement(reading, root, fallback_id)
    problems = _told(reading.problems, text, file) if reading.problems else ()
    return Sidecar(statement=statement, problems=problems)


def _no_json(text: str, file: str) -> str:
    try:
        parse(text)
    except JsonProblem as problem:
        return _at(text, problem.offset, file) + problem.message
    return f"{file}, line 1, column 1: is not JSON; write one object {{…}}"


def _told(problems: list[Problem], text: str, file: str) -> tuple[str, ...]:
    try:
        root = parse(text)
    except JsonProblem as problem:
        return (_at(text, problem.offset, file) + problem.message,)
    return tuple(
        _at(text, offset_of(root, place, key=key), file) + message
        for place, message, key in problems
    )


def _at(text: str, offset: int, file: str) -> str:
    line, column = position(text, offset)
    return f"{file}, line {line}, column {column}: "


def _statement(reading: Reading, root: Item, fallback_id: str) -> SourceStatement:
    keys = reading.members(root, _STATEMENT, "the sidecar")
    approvals = keys.get("approvals")
    coding = keys.get("coding")
    return SourceStatement(
        system=_system(reading, keys.get("source_system")),
        document_id=_document_id(reading, keys.get("document_id"), fallback_id),
        customer=reading.code(keys.get("customer"), "customer"),
        posting_date=reading.day(keys.get("posting_date"), "posting_date"),
        remark=reading.text(keys.get("remark"), "remark"),
        confidential=reading.flag(keys.get("confidential"), "confidential"),
        approvals=None if approvals is None else _approvals(reading, approvals),
        coding=None if coding is None else _coding(reading, coding),
    )


def _system(reading: Reading, item: Item | None) -> str:
    name = reading.code(item, "source_system")
    if item is None or name is None:
        return FOLDER
    if name.casefold() not in SYSTEMS:
        reading.complain(item, f"'source_system' must be {_listed(SYSTEMS)}, not {seen(item)}")
        return FOLDER
    return name.casefold()


def _document_id(reading: Reading, item: Item | None, fallback_id: str) -> str:
    if item is None:
        return fallback_id
    if item.is_blank:
        reading.complain(item, "'document_id' is empty; give the source's id or leave it out")
    return reading.code(item, "document_id") or fallback_id


def _approvals(reading: Reading, item: Item) -> tuple[Approval, ...]:
    made = [_approval(reading, one) for one in reading.items(item, "approvals")]
    return tuple(approval for approval in made if approval is not None)


def _approval(reading: Reading, item: Item) -> Approval | None:
    problems = len(reading.problems)
    keys = reading.members(item, _APPROVAL, "an approval")
    if len(reading.problems) == problems:
        for needed in ("step", "by", "at"):
            if needed not in keys:
                reading.complain(item, f"this approval has no '{needed}'; add it")
    step = _step(reading, keys["step"]) if "step" in keys else None
    person = reading.code(keys.get("by"), "by")
    at = reading.instant(keys["at"], "at") if "at" in keys else None
    limit = reading.amount(keys.get("limit"), "limit")
    if "by" in keys and keys["by"].is_blank:
        reading.complain(keys["by"], "'by' is empty; name the person")
    if step is None or person is None or at is None:
        return None
    return Approval(step=step, by=person, at=at, limit=limit)


def _step(reading: Reading, item: Item) -> Step | None:
    name = reading.code(item, "step")
    if name is None:
        if item.is_blank:
            reading.complain(item, f"'step' is empty; write {_listed(tuple(Step))}")
        return None
    step = _STEPS.get(folded(name))
    if step is None:
        reading.complain(item, f"'step' must be {_listed(tuple(Step))}, not {seen(item)}")
    return step


def _coding(reading: Reading, item: Item) -> tuple[CodingLine, ...]:
    made = [_coding_line(reading, one) for one in reading.items(item, "coding")]
    return tuple(line for line in made if line is not None)


def _coding_line(reading: Reading, item: Item) -> CodingLine | None:
    problems = len(reading.problems)
    keys = reading.members(item, _CODING, "a line of the coding")
    missing = "line" not in keys and len(reading.problems) == problems
    if missing or ("line" in keys and keys["line"].is_blank):
        reading.complain(item, "this coding has no 'line'; add the invoice line's number")
    line = reading.code(keys.get("line"), "line")
    account = reading.code(keys.get("account"), "account")
    vat_code = reading.code(keys.get("vat_code"), "vat_code")
    amount = reading.amount(keys.get("amount"), "amount")
    dimensions = keys.get("dimensions")
    named: Mapping[str, str] = {}
    if dimensions is not None:
        named = reading.names(dimensions, "dimensions", '{"delregnskab": "100"}')
    if line is None:
        return None
    return CodingLine(
        line=line,
        account=account,
        dimensions=tuple(named.items()),
        vat_code=vat_code,
        amount=amount,
    )


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
