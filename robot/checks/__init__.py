"""Functions that compute the fields that rules use."""

from robot.checks.compute import compute

__all__ = ["compute"]
