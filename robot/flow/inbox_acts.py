"""What a sorted mail brings about, all in one transaction with where it went.

It says what was written on the case, notes what the customer wants, marks addresses that failed,
and answers where an answer is due. Nothing here can change an invoice or release money.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from robot.domain.calendar import COPENHAGEN
from robot.domain.case import EntryKind, PartyOrigin, Visibility
from robot.domain.incoming import Intent, MailKind, Route, Sorted
from robot.flow.case_records import NewEntry
from robot.flow.cases import share_with
from robot.flow.context import Ports
from robot.flow.inbox_answers import Answers
from robot.flow.inbox_records import IncomingMail
from robot.flow.reception import Reception, Writers
from robot.flow.store_port import Unit

#: Working days that a customer gets who asks for more time, once a case.
MORE_TIME_DAYS: Final = 3
#: What was said is cut on the case; the original stays in its file.
_LONGEST_ENTRY: Final = 8_000
_ENTRIES: Final = {
    Intent.COMMENT: EntryKind.COMMENT,
    Intent.FIXED: EntryKind.FIXED,
    Intent.RECHECK: EntryKind.RECHECK,
    Intent.MORE_TIME: EntryKind.MORE_TIME,
    Intent.SUPPLIER: EntryKind.SUPPLIER,
    Intent.STATUS: EntryKind.STATUS,
}


class Acts:
    """Carries out what sorted mails bring about.

    Args:
        ports: The world.
        reception: Whose mailbox it is.
        writers: Who may write.
        alert: Told what a person has to know.
    """

    def __init__(
        self,
        ports: Ports,
        reception: Reception,
        writers: Writers,
        alert: Callable[[str], None],
    ) -> None:
        self._ports = ports
        self.writers = writers
        self._answers = Answers(ports, reception, writers, alert)

    def carry_out(self, unit: Unit, mail: IncomingMail, result: Sorted) -> int:
        """Note where the mail went and do what follows; how many answers were written.

        Raises:
            TransitionError: It was sorted before; then nothing is written.
        """
        unit.inbox.sort(mail.id, result)
        if result.route is Route.CASE:
            for case in result.cases:
                self.on_case(unit, case, result)
            return self._answers.write(unit, mail, result)
        if result.route is Route.NOTED:
            self._note(unit, result)
        return 0

    def on_case(self, unit: Unit, case: str, result: Sorted) -> None:
        """Say on a case what its customer wrote, and note what is wanted."""
        unit.cases.say(
            NewEntry(
                case_number=case,
                author=result.sender,
                kind=_ENTRIES.get(result.intent, EntryKind.COMMENT),
                visibility=Visibility.EXTERNAL,
                text=result.text[:_LONGEST_ENTRY],
                message_id=result.message_id or None,
            )
        )
        self._share(unit, case, result)
        match result.intent:
            case Intent.FIXED:
                unit.cases.note_fixed(case)
                unit.inbox.ask_recheck(case)
            case Intent.RECHECK:
                unit.inbox.ask_recheck(case)
            case Intent.SUPPLIER:
                unit.cases.wait_for_supplier(case)
            case Intent.MORE_TIME:
                self._more_time(unit, case)
            case _:
                pass

    def _share(self, unit: Unit, case: str, result: Sorted) -> None:
        """Let those see the case who wrote from or to an address that the customer has named."""
        named = [] if result.new_sender else [result.sender]
        named += [str(address) for address in result.detail.get("copied", ())]
        share_with(unit.cases, self.writers.shared, [case], named, PartyOrigin.REPLY)

    def _more_time(self, unit: Unit, case: str) -> None:
        """Once a case a customer gets more time by asking; after that a person decides."""
        if self._ports.store.cases.get(case).marks.waits_until is None:
            day = self._ports.calendar.add_working_days(self._today(), MORE_TIME_DAYS)
            unit.cases.wait_until(case, day)

    def _note(self, unit: Unit, result: Sorted) -> None:
        if result.kind is MailKind.DELIVERY_FAILURE:
            self._undelivered(unit, result)
        if result.kind is MailKind.AUTO_REPLY and result.case is not None and result.text:
            self._internal(unit, result.case, EntryKind.AUTO_REPLY, result.text, result)

    def _undelivered(self, unit: Unit, result: Sorted) -> None:
        """Mark the addresses; a notice that reached nobody does not start the customer's clock."""
        for failure in result.undelivered:
            unit.contacts.failed(
                failure.address,
                code=failure.code,
                words=failure.words,
                hard=failure.hard,
                on=self._today(),
            )
        if not result.undelivered:
            return
        words = "; ".join(f"{f.address}: {f.code} {f.words}".strip() for f in result.undelivered)
        for case in result.cases:
            self._internal(unit, case, EntryKind.UNDELIVERED, words, result)
        if result.detail.get("reached-nobody"):
            keys = [
                document.document_key
                for documents in self._ports.store.cases.documents_of(result.cases).values()
                for document in documents
            ]
            unit.cases.not_told(keys)

    def _internal(self, unit: Unit, case: str, kind: EntryKind, text: str, result: Sorted) -> None:
        unit.cases.say(
            NewEntry(
                case_number=case,
                author=result.sender or "robot",
                kind=kind,
                visibility=Visibility.INTERNAL,
                text=text[:_LONGEST_ENTRY],
                message_id=result.message_id or None,
            )
        )

    def _today(self) -> date:
        return self._ports.clock.now().astimezone(COPENHAGEN).date()
