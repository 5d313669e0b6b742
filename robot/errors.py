"""Technical faults. A finding about an invoice is a value, never an exception."""

from __future__ import annotations


class RobotError(Exception):
    """A technical fault that the flow knows how to isolate.

    Args:
        message: What happened, in one sentence, without secrets or personal data.
        hint: What a person can do about it.
        context: Names and numbers that help to find the place.
    """

    #: Stable kebab-case name of the fault; never reused for another.
    reference: str = "robot-error"
    #: Whether trying again later can help.
    retryable: bool = False
    #: Code of its words in `robot.domain.answer`; their values are its context.
    code: str = ""

    def __init__(self, message: str, *, hint: str = "", **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.context = context

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class SettingsError(RobotError):
    """Settings are missing or wrong."""

    reference = "settings-wrong"


class RuleFileError(RobotError):
    """A rule file can't be used; the message names file, line and column."""

    reference = "rules-invalid"


class RuleChangeError(RobotError):
    """A change to the rules can't be compared, proposed, approved or shadowed as asked."""

    reference = "rule-change-refused"


class SourceError(RobotError):
    """The system that holds the approved documents can't be used now."""

    reference = "source-unavailable"
    retryable = True


class ErpError(RobotError):
    """The ERP refused or its answer can't be used."""

    reference = "erp-error"


class ErpUnavailableError(ErpError):
    """The ERP can't be reached now; nothing is known about the request."""

    reference = "erp-unavailable"
    retryable = True


class ErpFullError(ErpUnavailableError):
    """The ERP has as many requests under way as it may have; this one was not sent."""

    reference = "erp-full"


class StoreError(RobotError):
    """The robot's own store can't be used."""

    reference = "store-error"


class StoreUnavailableError(StoreError):
    """The robot's own store can't be reached or written now: locked, full, read-only, away."""

    reference = "store-unavailable"
    retryable = True


class LeaseLostError(StoreError):
    """Another robot holds the lease; nothing more may be written under the old one."""

    reference = "lease-lost"


class LeaseHeldError(StoreError):
    """Another robot is at work."""

    reference = "lease-held"
    retryable = True


class TransitionError(StoreError):
    """A document is not in the state that the change starts from."""

    reference = "transition-refused"


class HistoryError(RobotError):
    """The history of decisions can't be kept or read."""

    reference = "history-error"


class WorkersError(RobotError):
    """The machines or processes that were to share some work can't be used."""

    reference = "workers-unavailable"
    retryable = True


class ActError(RobotError):
    """What a person asked for can't be done to this document."""

    reference = "act-refused"


class SheetError(ActError):
    """A file can't be taken as a re-posting sheet.

    Args:
        message: Why, in English.
        da: The same for who handed it in, in Danish.
    """

    reference = "sheet-refused"

    def __init__(self, message: str, *, da: str) -> None:
        super().__init__(message)
        self.da = da


class MailError(RobotError):
    """A mail was refused or could not be handed over."""

    reference = "mail-error"


class MailTransientError(MailError):
    """The mail was put off or the server can't be reached now; nothing was handed over."""

    reference = "mail-put-off"
    retryable = True


class MailUnknownError(MailError):
    """The connection was lost after the mail was handed over: it may have been taken."""

    reference = "mail-outcome-unknown"
    retryable = True


class MailboxError(MailError):
    """The robot's own mailbox can't be reached or read now."""

    reference = "mailbox-unavailable"
    retryable = True


class TextError(MailError):
    """A text for a customer could not be completed, so nothing was made of it."""

    reference = "text-incomplete"
