"""Reading mails that came in: what they are, where they go, what their writers want."""

from robot.adapters.mail.incoming.sorting import sort

__all__ = ["sort"]
