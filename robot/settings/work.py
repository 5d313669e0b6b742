"""What a run works with: the store, rules, history, bank files and logs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from robot.settings.section import Section


class StoreSettings(Section):
    """The robot's own database."""

    url: str = "sqlite:///var/robot.db"


class BankSettings(Section):
    """Where the bank, or the payment system, leaves its files (pain.002, camt.054)."""

    path: Path | None = None


class RulesSettings(Section):
    """The rule files."""

    directory: Path = Path("rules")
    #: A changed set comes into force only when somebody other than its author approved it.
    four_eyes: bool = False
    #: An approval counts only when the files are in a commit with a good signature.
    require_signed_commit: bool = False

    @model_validator(mode="after")
    def _signature_needs_approval(self) -> Self:
        if self.require_signed_commit and not self.four_eyes:
            raise ValueError("require_signed_commit is about approvals: set four_eyes = true too")
        return self


class HistorySettings(Section):
    """What decisions saw, kept for backtests."""

    keep: bool = True
    directory: Path = Path("var/history")


class SheetSettings(Section):
    """Re-posting sheets that are handed in."""

    #: How long the file of a sheet that is done with is kept after its answer; 0: for good.
    keep_file_days: int = Field(default=2192, ge=0, le=36_500)


class ValueSettings(Section):
    """How much business value an opportunity has: F × U × V × S, each from 1 to `scale`.

    F is the importance, by who can remove the cause and by error type where that says more; U the
    spread over customers, V the weight in minutes, S the synergy with other opportunities.
    """

    scale: float = Field(default=5, gt=1, le=100)
    importance: dict[str, float] = Field(
        default={
            "sam-rule": 5,
            "sam-masterdata": 4,
            "customer": 3,
            "supplier": 2,
            "system-owner": 2,
        }
    )
    importance_of_error_types: dict[str, float] = Field(default={})
    #: What each further opportunity that the same fix serves adds to S.
    synergy_step: float = Field(default=0.5, ge=0)


class RunSettings(Section):
    """How a run behaves."""

    batch_size: int = Field(default=1000, ge=1, le=5000)
    lease_seconds: int = Field(default=90, ge=5)
    #: How long a run waits at its end for what NAV has taken and not finished.
    confirm_seconds: int = Field(default=120, ge=0)
    #: A missed run is caught up when it is at most this old.
    catch_up_hours: int = Field(default=20, ge=1)


class LogSettings(Section):
    """What is logged where."""

    directory: Path = Path("logs")
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
