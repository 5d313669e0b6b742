"""The command `invoice-robot`."""

from __future__ import annotations

import sys
from typing import Any, Final

import click
from loguru import logger

from robot import checks, log, settings
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
from robot.errors import RobotError, RuleFileError, SettingsError

WRONG_USE: Final = 2
TRY_LATER: Final = 3
CRASHED: Final = 4


class Commands(click.Group):
    """Says technical faults in one sentence and turns them into the design's exit codes."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except RobotError as error:
            click.echo(f"invoice-robot: {error}", err=True)
            wrong = isinstance(error, (SettingsError, RuleFileError)) or not error.retryable
            raise SystemExit(WRONG_USE if wrong else TRY_LATER) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, SystemExit):
            raise
        except KeyboardInterrupt:
            raise SystemExit(TRY_LATER) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise SystemExit(0) from None
        except Exception as error:  # noqa: BLE001 - a person never sees a traceback
            log.fault(error, "The robot itself failed")
            logger.complete()
            click.echo(
                f"invoice-robot: a fault in the robot itself ({type(error).__name__}); "
                "the log has the details",
                err=True,
            )
            raise SystemExit(CRASHED) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="invoice-robot")
def main() -> None:
    """Fakturarobotten: post the approved invoices that are right, and tell about the others."""
    log.configure(None)


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
rules.register(main, _rule_tools, _OF_RULES)
for module in (
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
):
    for command in module.COMMANDS:
        main.add_command(command)
_MAIL: Final = main.commands.setdefault("mail", click.Group("mail", help="Mails of customers."))
for command in (*mail_in.COMMANDS, *mail_topics.COMMANDS):
    if isinstance(_MAIL, click.Group):
        _MAIL.add_command(command)
for command in (*exports.REPORTS, *planning.REPORTS, *year_end.REPORTS):
    reports.report.add_command(command)
