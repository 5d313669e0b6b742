"""Re-posting sheets as workbooks."""

from robot.adapters.sheets.workbook import RepostingWorkbook

__all__ = ["RepostingWorkbook"]
