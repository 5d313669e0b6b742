"""Re-posting sheets in the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    exists,
    func,
    insert,
    select,
    true,
    update,
)

from robot.adapters.store.columns import AnyRow
from robot.adapters.store.engine import reading
from robot.adapters.store.part import UnitPart
from robot.adapters.store.schema import (
    document,
    reposting_file,
    reposting_part,
    reposting_sheet,
)
from robot.domain.canonical import compact_text
from robot.domain.money import ZERO
from robot.domain.reposting import Fault, RepostingLine, moved
from robot.domain.rights import Scope
from robot.domain.state import FINAL
from robot.errors import TransitionError
from robot.flow.sheet_port import NewSheet, Part, SheetRow, SheetStatus, Way
from robot.flow.view_port import Page

_FINAL: Final = [state.value for state in FINAL]
_LONGEST_NAME: Final = 200
#: What is left of a file that is kept no more.
_NOTHING: Final = b""
_SAME: Final = reposting_file.c.content_hash == reposting_sheet.c.content_hash


class SqlSheets:
    """Reading sheets."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self) -> list[str]:
        """The hashes of those that nobody has looked at, oldest first."""
        statement = (
            select(reposting_sheet.c.content_hash)
            .where(reposting_sheet.c.status == SheetStatus.WAITING.value)
            .order_by(reposting_sheet.c.received_at)
        )
        with reading(self._engine) as connection:
            return list(connection.scalars(statement))

    def get(self, content_hash: str, /) -> SheetRow | None:
        """One sheet; None when there is none."""
        statement = _rows().where(reposting_sheet.c.content_hash == content_hash)
        with reading(self._engine) as connection:
            row = connection.execute(statement).first()
            if row is None:
                return None
            return _row(row, _parts_of(connection, [content_hash]))

    def content(self, content_hash: str, /) -> bytes:
        """The file as it came in.

        Raises:
            KeyError: There is none.
        """
        found = self._file(content_hash, "content")
        if found is None:
            raise KeyError(content_hash)
        return found

    def marked(self, content_hash: str, /) -> bytes | None:
        """The copy with its wrong cells marked; None when there is none."""
        return self._file(content_hash, "marked")

    def listing(self, scope: Scope, *, page: int = 1, size: int = 50) -> Page[SheetRow]:
        """A page of sheets of customers in the scope, newest first."""
        within: ColumnElement[bool] = (
            true()
            if scope.customers is None
            else reposting_sheet.c.customer.in_(sorted(scope.customers))
        )
        statement = (
            _rows()
            .where(within)
            .order_by(reposting_sheet.c.received_at.desc(), reposting_sheet.c.content_hash)
            .limit(size)
            .offset((page - 1) * size)
        )
        with reading(self._engine) as connection:
            counted = select(func.count()).select_from(reposting_sheet).where(within)
            total = int(connection.execute(counted).scalar_one())
            rows = connection.execute(statement).all()
            hashes = [row.content_hash for row in rows]
            of_sheets = _parts_of(connection, hashes)
        return Page(
            rows=[_row(row, of_sheets) for row in rows], total=total, number=page, size=size
        )

    def unfinished(self) -> list[Part]:
        """Re-postings of accepted sheets that are not posted, taken out or otherwise done with."""
        done = exists().where(
            document.c.document_key == reposting_part.c.document_key,
            document.c.state.in_(_FINAL),
        )
        statement = _parts().where(~done).order_by(reposting_part.c.number)
        with reading(self._engine) as connection:
            return [_part(row) for row in connection.execute(statement)]

    def part(self, number: str, /) -> Part | None:
        """One re-posting by its number."""
        with reading(self._engine) as connection:
            row = connection.execute(_parts().where(reposting_part.c.number == number)).first()
        return None if row is None else _part(row)

    def done_before(self, instant: datetime, /) -> list[str]:
        """The hashes of those done with before an instant whose files are still kept."""
        unfinished = (
            exists()
            .where(reposting_part.c.content_hash == reposting_file.c.content_hash)
            .where(
                ~exists().where(
                    document.c.document_key == reposting_part.c.document_key,
                    document.c.state.in_(_FINAL),
                )
            )
        )
        statement = (
            select(reposting_file.c.content_hash)
            .where(
                reposting_file.c.answered_at < instant,
                reposting_file.c.content != _NOTHING,
                ~unfinished,
            )
            .order_by(reposting_file.c.content_hash)
        )
        with reading(self._engine) as connection:
            return list(connection.scalars(statement))

    def _file(self, content_hash: str, column: str) -> bytes | None:
        statement = select(reposting_file.c[column]).where(
            reposting_file.c.content_hash == content_hash
        )
        with reading(self._engine) as connection:
            found = connection.execute(statement).scalar()
        return None if found is None else bytes(found)


class SqlSheetsUnit(UnitPart):
    """Writing sheets in the transaction of a unit, with the trail."""

    def take_in(self, sheet: NewSheet, /) -> bool:
        """Keep a file until the robot looks at it; one that was not accepted is looked at anew.

        Returns:
            False when the very same file waits or is accepted already.
        """
        this = reposting_sheet.c.content_hash == sheet.content_hash
        columns = (reposting_sheet.c.status, reposting_sheet.c.customer)
        known = self._connection.execute(select(*columns).where(this)).first()
        if known is not None and not _may_come_again(known, sheet.customer):
            return False
        name = sheet.name[:_LONGEST_NAME]
        head: dict[str, Any] = {
            "customer": sheet.customer,
            "name": name,
            "received_at": self._stamp.now,
            "status": SheetStatus.WAITING.value,
            "rows": 0,
            "total": ZERO,
            "problems": "[]",
        }
        file: dict[str, Any] = {
            "way": sheet.way.value,
            "handed_in_by": self._actor[:_LONGEST_NAME],
            "author": "",
            "answered_at": None,
            "content": sheet.content,
            "marked": None,
        }
        if known is None:
            key = {"content_hash": sheet.content_hash}
            self._connection.execute(insert(reposting_sheet).values(key | head))
            self._connection.execute(insert(reposting_file).values(key | file))
        else:
            self._connection.execute(update(reposting_sheet).where(this).values(head))
            self._connection.execute(
                update(reposting_file)
                .where(reposting_file.c.content_hash == sheet.content_hash)
                .values(file)
            )
        self._audit(
            "sheet-handed-in",
            {
                "sheet": sheet.content_hash,
                "customer": sheet.customer,
                "name": name,
                "way": sheet.way.value,
                "bytes": len(sheet.content),
            },
        )
        return True

    def accept(
        self, content_hash: str, customer: str, author: str, parts: Sequence[Part], /
    ) -> str:
        """Accept a waiting sheet with its re-postings.

        Returns:
            Empty, or the number of the re-posting that came in before: then nothing is written.

        Raises:
            TransitionError: It does not wait any more.
        """
        numbers = [part.number for part in parts]
        known = select(reposting_part.c.number).where(reposting_part.c.number.in_(numbers))
        earlier: str | None = self._connection.execute(known).scalar()
        if earlier is not None:
            return earlier
        lines = [line for part in parts for line in part.lines]
        self._answer(
            content_hash,
            SheetStatus.ACCEPTED,
            customer=customer,
            rows=len(lines),
            total=moved(lines),
        )
        self._write(content_hash, author=author[:_LONGEST_NAME])
        self._connection.execute(
            insert(reposting_part),
            [
                {
                    "number": part.number,
                    "content_hash": content_hash,
                    "document_key": part.document_key,
                    "posting_date": part.lines[0].posting_date,
                    "lines": compact_text(part.lines),
                }
                for part in parts
            ],
        )
        self._audit(
            "sheet-accepted",
            {
                "sheet": content_hash,
                "customer": customer,
                "author": author,
                "lines": len(lines),
                "numbers": numbers,
            },
        )
        return ""

    def give_back(
        self,
        content_hash: str,
        customer: str,
        author: str,
        faults: Sequence[Fault],
        marked: bytes,
        /,
    ) -> None:
        """Answer a waiting sheet with its marked copy.

        Raises:
            TransitionError: It does not wait any more.
        """
        self._answer(
            content_hash,
            SheetStatus.RETURNED,
            customer=customer,
            problems=compact_text(tuple(faults)),
        )
        self._write(content_hash, author=author[:_LONGEST_NAME], marked=marked)
        detail = {"sheet": content_hash, "customer": customer, "wrong": len(faults)}
        self._audit("sheet-returned", detail)

    def refuse(self, content_hash: str, reason: Fault, /) -> None:
        """Answer a waiting sheet with why it is not taken.

        Raises:
            TransitionError: It does not wait any more.
        """
        self._answer(content_hash, SheetStatus.REFUSED, problems=compact_text((reason,)))
        self._write(content_hash)
        self._audit("sheet-refused", {"sheet": content_hash, "reason": reason.en})

    def let_go_of_file(self, content_hash: str, /) -> None:
        """Delete the file of a sheet and its marked copy; what it moved stays."""
        self._connection.execute(
            update(reposting_file)
            .where(reposting_file.c.content_hash == content_hash)
            .values(content=_NOTHING, marked=None)
        )
        self._audit("sheet-file-deleted", {"sheet": content_hash})

    def _answer(self, content_hash: str, status: SheetStatus, **values: Any) -> None:  # noqa: ANN401 - columns
        changed = self._connection.execute(
            update(reposting_sheet)
            .where(
                reposting_sheet.c.content_hash == content_hash,
                reposting_sheet.c.status == SheetStatus.WAITING.value,
            )
            .values(status=status.value, **values)
        ).rowcount
        if not changed:
            raise TransitionError("somebody else answered this sheet")

    def _write(self, content_hash: str, **values: Any) -> None:  # noqa: ANN401 - columns
        self._connection.execute(
            update(reposting_file)
            .where(reposting_file.c.content_hash == content_hash)
            .values(answered_at=self._stamp.now, **values)
        )


def _may_come_again(row: AnyRow, customer: str) -> bool:
    """Whether a file that was answered is looked at anew; nobody takes over another's sheet."""
    if row.status == SheetStatus.RETURNED:
        return customer in {"", row.customer}
    return bool(row.status == SheetStatus.REFUSED)


def _rows() -> Select[Any]:
    return select(
        *reposting_sheet.c,
        reposting_file.c.way,
        reposting_file.c.handed_in_by,
        reposting_file.c.author,
    ).join(reposting_file, _SAME)


def _parts() -> Select[Any]:
    return (
        select(
            *reposting_part.c,
            reposting_sheet.c.customer,
            reposting_sheet.c.received_at,
            reposting_file.c.author,
            reposting_file.c.handed_in_by,
        )
        .join(reposting_sheet, reposting_sheet.c.content_hash == reposting_part.c.content_hash)
        .join(reposting_file, _SAME)
    )


def _parts_of(connection: Connection, hashes: Sequence[str]) -> dict[str, list[AnyRow]]:
    statement = (
        select(
            reposting_part.c.content_hash, reposting_part.c.number, reposting_part.c.document_key
        )
        .where(reposting_part.c.content_hash.in_(hashes))
        .order_by(reposting_part.c.posting_date)
    )
    found: dict[str, list[AnyRow]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.content_hash, []).append(row)
    return found


def _row(row: AnyRow, of_sheets: dict[str, list[AnyRow]]) -> SheetRow:
    parts = of_sheets.get(row.content_hash, [])
    return SheetRow(
        content_hash=row.content_hash,
        name=row.name,
        customer=row.customer,
        way=Way(row.way),
        handed_in_by=row.handed_in_by,
        received_at=row.received_at,
        status=SheetStatus(row.status),
        author=row.author,
        rows=row.rows,
        total=row.total,
        faults=tuple(Fault(**fault) for fault in json.loads(row.problems)),
        numbers=tuple(part.number for part in parts),
        keys=tuple(part.document_key for part in parts),
    )


def _part(row: AnyRow) -> Part:
    return Part(
        number=row.number,
        document_key=row.document_key,
        lines=tuple(_line(line) for line in json.loads(row.lines)),
        customer=row.customer,
        author=row.author,
        handed_in_by=row.handed_in_by,
        received_at=row.received_at,
        content_hash=row.content_hash,
    )


def _line(line: dict[str, Any]) -> RepostingLine:
    return RepostingLine(
        row=line["row"],
        voucher=line["voucher"],
        posting_date=date.fromisoformat(line["posting_date"]),
        text=line["text"],
        account=line["account"],
        dimensions=tuple((name, code) for name, code in line["dimensions"]),
        amount=Decimal(line["amount"]),
    )
