"""Functions that compute the fields that rules use, and check re-posting sheets."""

from robot.checks.computation import compute
from robot.checks.reposting import check_sheet

__all__ = ["check_sheet", "compute"]
