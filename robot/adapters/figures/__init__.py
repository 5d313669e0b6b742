"""Figures of the journeys; pandas is at home here."""

from robot.adapters.figures.report import PandasFigures

__all__ = ["PandasFigures"]
