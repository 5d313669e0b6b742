"""Acts on cases, mails, rules and unmapped texts that are asked for on the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from robot.domain.customer import Customer
from robot.domain.reported import OTHER, FoundBy
from robot.errors import ActError
from robot.flow.cases import CaseClerk, CaseReader
from robot.flow.clerk import Clerk
from robot.flow.command_port import Command
from robot.flow.commands import OF_DOCUMENTS, Act
from robot.flow.context import Ports
from robot.flow.rule_approval import Reviewer
from robot.flow.sheets import answer_in_words
from robot.flow.triage import MailClerk


def all_acts(
    customers: Callable[[], Sequence[Customer]], ports: Callable[[], Ports]
) -> Mapping[str, Act]:
    """Every kind of command that the dashboard may ask for.

    Args:
        customers: The customers served now, which say whose an address is.
        ports: The world, for what is done with mails.
    """

    def on_case(act: Callable[[CaseClerk, Command], None], words: str) -> Act:
        def carried_out(command: Command, clerk: Clerk) -> str:
            reader = CaseReader(store=clerk.store, customers=customers())
            act(CaseClerk(reader=reader, name=clerk.name), command)
            return words

        return carried_out

    return {
        **OF_DOCUMENTS,
        "case-share": on_case(
            lambda clerk, it: clerk.share(it.argument["case"], it.argument["address"]),
            "the address sees the case",
        ),
        "case-unshare": on_case(
            lambda clerk, it: clerk.unshare(it.argument["case"], it.argument["address"]),
            "the address no longer sees the case",
        ),
        "case-note": on_case(
            lambda clerk, it: clerk.note(it.argument["case"], it.reason), "the note is kept"
        ),
        "case-answer": on_case(
            lambda clerk, it: clerk.answer(it.argument["case"], it.reason),
            "all parties see the answer",
        ),
        "case-close": on_case(
            lambda clerk, it: clerk.close(it.argument["case"], it.reason), "the case is closed"
        ),
        "case-reopen": on_case(
            lambda clerk, it: clerk.reopen(it.argument["case"], it.reason), "the case is open"
        ),
        "reposting-sheet": partial(answer_sheet, ports),
        "rules-approve": approve_rules,
        "mail-assign": partial(assign_mail, ports),
        "mail-dismiss": partial(dismiss_mail, ports),
        "mail-name": name_mail,
    }


def approve_rules(command: Command, clerk: Clerk) -> str:
    """Approve a proposed set that somebody else wrote."""
    reviewer = Reviewer(store=clerk.store, clock=clerk.clock, name=clerk.name)
    reviewer.approve(command.argument["ruleset"], command.reason)
    return "approved; the next run uses it"


def answer_sheet(ports: Callable[[], Ports], command: Command, clerk: Clerk) -> str:
    """Look at a re-posting sheet that was handed in."""
    del clerk
    desk = ports().sheets
    if desk is None:
        raise ActError("nobody takes re-posting sheets here")
    return answer_in_words(desk.answer(command.argument["sheet"]))


def assign_mail(ports: Callable[[], Ports], command: Command, clerk: Clerk) -> str:
    """Put a mail that waits for a person on a case."""
    mails = MailClerk(ports=ports(), name=clerk.name)
    mails.assign(int(command.argument["mail"]), command.argument["case"], command.reason)
    return f"the mail is on {command.argument['case']}"


def dismiss_mail(ports: Callable[[], Ports], command: Command, clerk: Clerk) -> str:
    """Lay a mail that waits for a person aside."""
    MailClerk(ports=ports(), name=clerk.name).dismiss(
        int(command.argument["mail"]), command.reason
    )
    return "the mail is laid aside"


def name_mail(command: Command, clerk: Clerk) -> str:
    """Say which error type a customer's own mail is about, so that it is counted."""
    number, code = int(command.argument["mail"]), command.argument["code"]
    if code != OTHER and code not in clerk.taxonomy:
        raise ActError(f"there is no error type '{code}'")
    try:
        clerk.store.reported.get(number)
    except KeyError:
        raise ActError(f"mail {number} is no customer's own, or belongs to a case") from None
    with clerk.store.writing(actor=clerk.name) as unit:
        unit.reported.name(number, code=code, found_by=FoundBy.PERSON, confidence=1.0)
    return f"the mail is about {code}"
