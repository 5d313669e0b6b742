"""Acts on cases, mails, rules and unmapped texts that are asked for on the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from robot.domain.answer import Answer, refusal
from robot.domain.customer import Customer
from robot.domain.reported import OTHER, FoundBy
from robot.errors import ActError
from robot.flow.cases import CaseClerk, CaseReader
from robot.flow.clerk import Clerk
from robot.flow.command_port import Command
from robot.flow.commands import OF_DOCUMENTS, Act
from robot.flow.context import Ports
from robot.flow.rule_approval import Reviewer
from robot.flow.sheets import answer_about
from robot.flow.triage import MailClerk


def all_acts(
    customers: Callable[[], Sequence[Customer]], ports: Callable[[], Ports]
) -> Mapping[str, Act]:
    """Every kind of command that the dashboard may ask for.

    Args:
        customers: The customers served now, which say whose an address is.
        ports: The world, for what is done with mails.
    """

    def on_case(act: Callable[[CaseClerk, Command], None], code: str) -> Act:
        def carried_out(command: Command, clerk: Clerk) -> Answer:
            reader = CaseReader(store=clerk.store, customers=customers())
            act(CaseClerk(reader=reader, name=clerk.name), command)
            return Answer(code=code)

        return carried_out

    return {
        **OF_DOCUMENTS,
        "case-share": on_case(
            lambda clerk, it: clerk.share(it.argument["case"], it.argument["address"]),
            "case-shared",
        ),
        "case-unshare": on_case(
            lambda clerk, it: clerk.unshare(it.argument["case"], it.argument["address"]),
            "case-unshared",
        ),
        "case-note": on_case(
            lambda clerk, it: clerk.note(it.argument["case"], it.reason), "note-kept"
        ),
        "case-answer": on_case(
            lambda clerk, it: clerk.answer(it.argument["case"], it.reason),
            "answer-given",
        ),
        "case-close": on_case(
            lambda clerk, it: clerk.close(it.argument["case"], it.reason), "case-closed"
        ),
        "case-reopen": on_case(
            lambda clerk, it: clerk.reopen(it.argument["case"], it.reason), "case-reopened"
        ),
        "reposting-sheet": partial(answer_sheet, ports),
        "rules-approve": approve_rules,
        "mail-assign": partial(assign_mail, ports),
        "mail-dismiss": partial(dismiss_mail, ports),
        "mail-name": name_mail,
    }


def approve_rules(command: Command, clerk: Clerk) -> Answer:
    """Approve a proposed set that somebody else wrote."""
    reviewer = Reviewer(store=clerk.store, clock=clerk.clock, name=clerk.name)
    reviewer.approve(command.argument["ruleset"], command.reason)
    return Answer(code="rules-approved")


def answer_sheet(ports: Callable[[], Ports], command: Command, clerk: Clerk) -> Answer:
    """Look at a re-posting sheet that was handed in."""
    desk = ports().sheets
    if desk is None:
        raise refusal(ActError, "no-sheet-desk")
    return answer_about(replace(desk, store=clerk.store).answer(command.argument["sheet"]))


def assign_mail(ports: Callable[[], Ports], command: Command, clerk: Clerk) -> Answer:
    """Put a mail that waits for a person on a case."""
    mails = _mails(ports, clerk)
    mails.assign(int(command.argument["mail"]), command.argument["case"], command.reason)
    return Answer(code="mail-assigned", values={"case": command.argument["case"]})


def dismiss_mail(ports: Callable[[], Ports], command: Command, clerk: Clerk) -> Answer:
    """Lay a mail that waits for a person aside."""
    _mails(ports, clerk).dismiss(int(command.argument["mail"]), command.reason)
    return Answer(code="mail-dismissed")


def _mails(ports: Callable[[], Ports], clerk: Clerk) -> MailClerk:
    return MailClerk(ports=replace(ports(), store=clerk.store), name=clerk.name)


def name_mail(command: Command, clerk: Clerk) -> Answer:
    """Say which error type a customer's own mail is about, so that it is counted."""
    number, code = int(command.argument["mail"]), command.argument["code"]
    if code != OTHER and code not in clerk.taxonomy:
        raise refusal(ActError, "no-error-type", codes=code)
    try:
        clerk.store.reported.get(number)
    except KeyError:
        raise refusal(ActError, "mail-not-nameable", mail=str(number)) from None
    with clerk.store.writing(actor=clerk.name) as unit:
        unit.reported.name(number, code=code, found_by=FoundBy.PERSON, confidence=1.0)
    return Answer(code="mail-named", values={"code": code})
