"""All commands but those that are loaded alone."""

from __future__ import annotations

from typing import Final

import click

from robot import checks, settings
from robot.bootstrap import SystemClock, kept_rule_set, read_file
from robot.checks.catalogue import CATALOGUE
from robot.cli import (
    audit,
    backtest,
    case,
    contacts,
    decide,
    demo,
    erp,
    exports,
    invoice,
    mail_in,
    mail_topics,
    planning,
    reports,
    rule_changes,
    rule_docs,
    rule_format,
    rule_shadow,
    rules,
    run,
    service,
    sheets,
    store,
    web,
    year_end,
)
from robot.cli.rule_tools import RuleTools
from robot.domain.calendar import COPENHAGEN


def _rule_tools() -> RuleTools:
    return RuleTools(
        catalogue=CATALOGUE,
        compute=checks.compute,
        today=lambda: SystemClock().now().astimezone(COPENHAGEN).date(),
        read_document=read_file,
        kept_set=lambda beginning: kept_rule_set(settings.load(), beginning),
    )


_OF_RULES: Final = (
    *rule_changes.COMMANDS,
    *rule_shadow.COMMANDS,
    *rule_format.COMMANDS,
    *rule_docs.COMMANDS,
    *backtest.COMMANDS,
)
_MODULES: Final = (
    demo,
    run,
    service,
    decide,
    invoice,
    case,
    contacts,
    reports,
    audit,
    erp,
    store,
    exports,
    sheets,
    web,
)


def join(main: click.Group) -> None:
    """Add them to the command `invoice-robot`."""
    rules.register(main, _rule_tools, _OF_RULES)
    for module in _MODULES:
        for command in module.COMMANDS:
            main.add_command(command)
    mail = main.commands.setdefault("mail", click.Group("mail", help="Mails of customers."))
    for command in (*mail_in.COMMANDS, *mail_topics.COMMANDS):
        if isinstance(mail, click.Group):
            mail.add_command(command)
    for command in (*exports.REPORTS, *planning.REPORTS, *year_end.REPORTS):
        reports.report.add_command(command)
