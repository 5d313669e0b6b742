"""Functions that compute the fields that rules use."""

from robot.checks.computation import compute

__all__ = ["compute"]
