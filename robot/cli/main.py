"""The command `invoice-robot`."""

from __future__ import annotations

import sys
from typing import Any, Final

import click
from loguru import logger

from robot import log
from robot.errors import RobotError, RuleFileError, SettingsError
from robot.flow.garbage import seldom_collected

WRONG_USE: Final = 2
TRY_LATER: Final = 3
CRASHED: Final = 4
#: Somebody waits for its first page, so it is loaded without the libraries of all others.
_ALONE: Final = "web"


class Commands(click.Group):
    """Says technical faults in one sentence and turns them into the design's exit codes.

    Commands are loaded when one is asked for.
    """

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name == _ALONE:
            with seldom_collected():
                from robot.cli.web import web  # noqa: PLC0415 - see _ALONE

            return web
        self._load()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        self._load()
        return super().list_commands(ctx)

    def _load(self) -> None:
        if self.commands:
            return
        # Nothing of what is loaded is garbage; to look through it takes a fifth of the time.
        with seldom_collected():
            from robot.cli.commands import join  # noqa: PLC0415 - see _ALONE

            join(self)

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
