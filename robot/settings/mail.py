"""How mail is sent and received, and what becomes of cases."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator

from robot.settings.section import Section, secret_of


class MailServerSettings(Section):
    """A mail server and who the robot is to it."""

    #: Its name in the settings file.
    section: ClassVar[str]
    host: str = ""
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    #: Password or client secret: from the environment or from a file.
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=60, gt=0)
    token_url: str = ""
    client_id: str = ""
    scope: str = "https://outlook.office365.com/.default"

    @model_validator(mode="after")
    def _nothing_in_the_clear(self) -> Self:
        local = self.host in {"", "localhost", "127.0.0.1", "::1"}
        if self.security == "none" and not local:
            raise ValueError("security = none is for a server on this machine only")
        return self

    def secret(self) -> str:
        """The password or client secret; empty when none is set.

        Raises:
            SettingsError: The file can't be read.
        """
        return secret_of(self.password, self.password_file, f"[{self.section}] password_file")


class SmtpSettings(MailServerSettings):
    """The mail server for `kind = smtp`."""

    section = "mail.smtp"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    auth: Literal["none", "password", "oauth"] = "password"

    @model_validator(mode="after")
    def _its_own_identity_is_whole(self) -> Self:
        if self.auth == "oauth" and not (self.token_url and self.client_id and self.user):
            raise ValueError("auth = oauth needs user, token_url and client_id")
        return self


class InboxSettings(MailServerSettings):
    """The robot's own mailbox, which customers answer to."""

    section = "mail.inbox"
    kind: Literal["none", "maildir", "imap"] = "none"
    #: kind maildir: where mail comes in.
    path: Path = Path("var/mail-in")
    #: Where raw messages are kept; `mail-in` below [data] when empty.
    keep: Path | None = None
    port: int = Field(default=993, ge=1, le=65535)
    auth: Literal["password", "oauth"] = "password"
    #: Folders that are read; a shared mailbox is one more.
    folders: tuple[str, ...] = ("INBOX",)
    #: Megabytes beyond which a mail is set aside for a person.
    largest_mb: int = Field(default=25, ge=1, le=200)
    #: Other addresses of the robot's own, besides [mail] sender.
    also_own: tuple[str, ...] = ()
    #: The name under which the own border server writes Authentication-Results (RFC 8601).
    authserv_id: str = ""
    #: Received lines that own servers add on the way in.
    own_hops: int = Field(default=1, ge=1, le=10)
    #: Whether a reply is answered by a line that says that it has arrived.
    acknowledge: bool = True
    #: How often the service looks for mail between two runs; 0: only at the start of a run.
    poll_seconds: int = Field(default=60, ge=0)

    @model_validator(mode="after")
    def _a_server_is_named(self) -> Self:
        if self.kind == "imap" and not (self.host and self.user):
            raise ValueError("kind = imap needs host and user")
        if self.auth == "oauth" and not (self.token_url and self.client_id):
            raise ValueError("auth = oauth needs token_url and client_id")
        return self


class MailSettings(Section):
    """How notices leave."""

    kind: Literal["maildir", "smtp"] = "maildir"
    path: Path = Path("var/mail")
    smtp: SmtpSettings = SmtpSettings()
    inbox: InboxSettings = InboxSettings()
    #: Where delivery failures go; the sender when empty.
    bounce_address: str = ""
    #: Answers and closing mails leave without an envelope sender, so that nothing answers them.
    empty_envelope_sender: bool = True
    #: Gets a copy of every mail; the robot's own mailbox, so that it can prove what was taken.
    copy_to: str = ""
    #: Mails of a kind to one address in a day.
    digests_a_day: int = Field(default=2, ge=1)
    singles_a_day: int = Field(default=5, ge=0)
    #: Reminders, the second contact role and closing mails.
    follow_up: bool = True
    sender: str = "robot@example.test"
    sender_name: str = "Fakturarobotten"
    centre: str = "SAM"
    service_desk: str = "kundebetjening@example.test"
    service_phone: str = ""
    #: Names this installation in every mail, so that it knows its own.
    instance: str = "invoice-robot"
    templates: Path = Path("config/mail")
    #: Signs addresses and Message-IDs, by which replies find their case: from the environment or
    #: from a file. Several, separated by blanks or lines: the first signs, all verify.
    thread_secret: SecretStr = SecretStr("")
    thread_secret_file: Path | None = None
    #: What `mail train` has learned from named mails; nothing is guessed while it is not there.
    model: Path = Path("var/mail-model.npz")
    #: How sure the model must be to name a mail by itself.
    least_confidence: float = Field(default=0.8, ge=0.5, le=1)

    @model_validator(mode="after")
    def _a_server_has_a_name(self) -> Self:
        if self.kind == "smtp" and not self.smtp.host:
            raise ValueError("kind = smtp needs [mail.smtp] host")
        return self

    def thread_secrets(self) -> str:
        """The secrets as they are set; empty when none is.

        Raises:
            SettingsError: The file can't be read.
        """
        return secret_of(self.thread_secret, self.thread_secret_file, "[mail] thread_secret_file")


class CaseSettings(Section):
    """Cases, as customers see them."""

    #: How long the link in a mail opens its case.
    link_days: int = Field(default=30, ge=1, le=400)
