"""What people do with mails that the robot could not, or may not, deal with itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from robot.domain.answer import refusal
from robot.domain.incoming import FOR_A_PERSON, Intent, MailKind, Route, Sorted
from robot.errors import ActError
from robot.flow.context import Ports
from robot.flow.inbox_acts import Acts
from robot.flow.inbox_records import IncomingMail
from robot.flow.reception import writers_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MailClerk:
    """A person at work on mails that wait.

    Args:
        ports: The world.
        name: Who acts; goes into the trail.
    """

    ports: Ports
    name: str

    def get(self, mail: int) -> IncomingMail:
        """One mail.

        Raises:
            ActError: There is none with this number.
        """
        try:
            return self.ports.store.inbox.get(mail)
        except KeyError:
            raise refusal(
                ActError, "no-mail", hint="see `invoice-robot mail list`", mail=str(mail)
            ) from None

    def assign(self, mail: int, case: str, reason: str) -> IncomingMail:
        """Attach a mail to a case: what was written is said there, as its sender's comment.

        The sender does not become a party of the case by it, and nothing else follows.

        Raises:
            ActError: It waits for nobody, there is no such case, or the reason is missing.
        """
        row = self._waiting(mail, reason)
        number = case.strip().upper()
        reception = self.ports.reception
        if self.ports.store.inbox.customer_of(number) is None:
            raise refusal(
                ActError, "no-such-case", hint="see `invoice-robot case list`", case=case
            )
        if reception is None:
            raise refusal(ActError, "no-own-mailbox", hint="set [mail.inbox] kind")
        writers = writers_of(self.ports.store.cases, reception.customers())
        acts = Acts(self.ports, reception, writers, lambda _words: None)
        said = Sorted(
            kind=row.kind or MailKind.UNREADABLE,
            route=Route.CASE,
            intent=Intent.COMMENT,
            cases=(number,),
            text=row.text or row.subject,
            sender=row.sender,
            message_id=row.message_id,
            new_sender=True,
        )
        with self.ports.store.writing(actor=self.name) as unit:
            unit.inbox.handle(row.id, case=number, reason=reason)
            acts.on_case(unit, number, replace(said, sender=row.sender or "unknown"))
        return self.get(mail)

    def dismiss(self, mail: int, reason: str) -> IncomingMail:
        """Leave a mail alone; it stays where it is kept.

        Raises:
            ActError: It waits for nobody, or the reason is missing.
        """
        row = self._waiting(mail, reason)
        with self.ports.store.writing(actor=self.name) as unit:
            unit.inbox.handle(row.id, case=None, reason=reason)
        return self.get(mail)

    def _waiting(self, mail: int, reason: str) -> IncomingMail:
        row = self.get(mail)
        if not reason.strip():
            raise refusal(ActError, "no-reason")
        if row.status != "sorted" or row.route not in FOR_A_PERSON:
            raise refusal(ActError, "mail-waits-for-nobody", mail=str(mail))
        return row
