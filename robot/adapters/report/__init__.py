"""The run's report: one page of HTML that needs nothing else."""

from robot.adapters.report.render import render_report

__all__ = ["render_report"]
