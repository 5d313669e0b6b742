"""What the robot answers by itself, and the caps that keep machines from answering each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from robot.domain.calendar import COPENHAGEN
from robot.domain.canonical import sha256_hex
from robot.domain.case import EntryKind, Visibility
from robot.domain.incoming import Intent, Sorted
from robot.errors import TextError
from robot.flow.case_records import NewEntry
from robot.flow.case_view import case_report
from robot.flow.context import Ports
from robot.flow.inbox_records import IncomingMail
from robot.flow.reception import Answer, AnsweredCase, Reception, Writers
from robot.flow.store_port import Unit

#: Acknowledgements on one case in a day.
CASE_ACKNOWLEDGEMENTS: Final = 1
#: Answers to one address in an hour and in a day, of all kinds.
ADDRESS_HOURLY: Final = 5
ADDRESS_DAILY: Final = 20
#: So many times the usual number of mails in an hour, and at least so many, is a storm.
STORM_FACTOR: Final = 3
STORM_LEAST: Final = 60
_USUAL_DAYS: Final = 7
_HOURS: Final = 24
#: How often the volume is looked at, in mails.
_LOOK_EVERY: Final = 25
_DA: Final = "da"


class Answers:
    """Writes answers, as long as no cap is reached.

    Args:
        ports: The world.
        reception: Whose mailbox it is.
        writers: Who may write, and in which language customers are written to.
        alert: Told, once, when too many mails come in.
    """

    def __init__(
        self,
        ports: Ports,
        reception: Reception,
        writers: Writers,
        alert: Callable[[str], None],
    ) -> None:
        self._ports = ports
        self._reception = reception
        self._writers = writers
        self._alert = alert
        self._asked = 0
        self._storm = False

    def write(self, unit: Unit, mail: IncomingMail, result: Sorted) -> int:
        """Write the answer to a mail on its case when one is due; how many were written."""
        asked = result.intent is Intent.STATUS
        if not result.sender or not result.message_id:
            return 0
        if self._too_many(result, asked_status=asked) or self._stormy():
            return 0
        try:
            made = self._answer(mail, result, asked_status=asked)
            outgoing = self._reception.answerer(made)
        except (TextError, ValueError) as error:
            self._alert(f"mail {mail.id} was not answered: {error}")
            return 0
        customer = result.customer or ""
        number = unit.freeze_mail(outgoing, customer, [])
        unit.cases.refer(number, result.cases)
        if asked:
            return 1
        for case in result.cases:
            unit.cases.say(
                NewEntry(
                    case_number=case,
                    author="robot",
                    kind=EntryKind.ACKNOWLEDGEMENT,
                    visibility=Visibility.EXTERNAL,
                    text="",
                    message_id=outgoing.message_id,
                )
            )
        return 1

    def _too_many(self, result: Sorted, *, asked_status: bool) -> bool:
        inbox, now = self._ports.store.inbox, self._ports.clock.now()
        hour, day = now - timedelta(hours=1), now - timedelta(days=1)
        if not asked_status:
            if not self._reception.acknowledges:
                return True
            answered = max(inbox.answers_since(day, case=case) for case in result.cases)
            if answered >= CASE_ACKNOWLEDGEMENTS:
                return True
        if inbox.answers_since(hour, address=result.sender) >= ADDRESS_HOURLY:
            return True
        return inbox.answers_since(day, address=result.sender) >= ADDRESS_DAILY

    def _stormy(self) -> bool:
        """Whether so much comes in that something must be wrong; then nothing is answered."""
        if self._asked % _LOOK_EVERY == 0:
            self._look_at_volume()
        self._asked += 1
        return self._storm

    def _look_at_volume(self) -> None:
        now = self._ports.clock.now()
        hour = now - timedelta(hours=1)
        inbox = self._ports.store.inbox
        lately = inbox.received_between(hour, now + timedelta(minutes=5))
        before = inbox.received_between(hour - timedelta(days=_USUAL_DAYS), hour)
        usual = before / (_USUAL_DAYS * _HOURS)
        storm = lately > max(STORM_LEAST, STORM_FACTOR * usual)
        if storm and not self._storm:
            self._alert(
                f"{lately} mails came in within an hour: nothing is answered automatically until "
                "it is quieter; look for machines that answer each other"
            )
        self._storm = storm

    def _answer(self, mail: IncomingMail, result: Sorted, *, asked_status: bool) -> Answer:
        reception, first = self._reception, result.cases[0]
        language = self._writers.languages.get(result.customer or "", _DA)
        nonce = sha256_hex(f"answer {mail.content_hash}")[:32]
        domain = reception.sender.rpartition("@")[2]
        return Answer(
            asked_status=asked_status,
            language=language,
            recipient=result.sender,
            cases=tuple(self._case(case, result.sender) for case in result.cases),
            answers=result.message_id,
            message_id=self._ports.threads.message_id(first, nonce, domain),
            reply_to=self._ports.threads.reply_address(reception.sender, first),
            understood=result.intent.value,
            made_on=self._today(),
        )

    def _case(self, number: str, receiver: str) -> AnsweredCase:
        cases, links = self._ports.store.cases, self._ports.links
        return AnsweredCase(
            report=case_report(
                cases.get(number), cases.documents(number), cases.entries(number, internal=False)
            ),
            link=links.make(number, receiver) if links is not None else "",
        )

    def _today(self) -> date:
        return self._ports.clock.now().astimezone(COPENHAGEN).date()
