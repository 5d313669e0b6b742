"""Mail as the settings name it: what sends it, what receives it, and who writes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from robot.adapters.kept_secret import kept_secret
from robot.adapters.links import CaseLinks
from robot.adapters.mail.answers import AnswerRenderer
from robot.adapters.mail.files import MailFolder
from robot.adapters.mail.inbox_folder import FolderMailbox
from robot.adapters.mail.maildir import MaildirMailer
from robot.adapters.mail.render import DigestRenderer, Letterhead
from robot.domain.thread import ThreadKeys
from robot.errors import SettingsError
from robot.flow.mailbox_port import Mailbox, NoMailbox
from robot.flow.ports import Clock, Mailer, Renderer
from robot.flow.reception import Reception
from robot.rulebook.book import RuleBook
from robot.settings import InboxSettings, Settings, SmtpSettings

if TYPE_CHECKING:
    from robot.adapters.mail.access_token import Login, Tokens


def mailer(settings: Settings, clock: Clock) -> Mailer:
    """What hands mails over.

    Raises:
        SettingsError: A secret is missing or can't be read.
    """
    mail = settings.mail
    if mail.kind == "maildir":
        return MaildirMailer(mail.path, clock)
    # Here and below: the libraries of mail servers, and of sorting mail, are loaded where they are
    # used, as most commands do without.
    from robot.adapters.mail.smtp import SmtpMailer, SmtpServer  # noqa: PLC0415

    return SmtpMailer(
        SmtpServer(
            host=mail.smtp.host,
            port=mail.smtp.port,
            security=mail.smtp.security,
            login=_smtp_login(mail.smtp, clock),
            ca_file=mail.smtp.ca_file,
            timeout=mail.smtp.timeout_seconds,
        ),
        clock,
        bounce_address=mail.bounce_address,
        empty_sender=mail.empty_envelope_sender,
        copy_to=mail.copy_to,
    )


def _smtp_login(smtp: SmtpSettings, clock: Clock) -> Login | None:
    from robot.adapters.mail.access_token import Login  # noqa: PLC0415

    if smtp.auth == "none":
        return None
    secret = smtp.secret()
    if not secret or not smtp.user:
        raise SettingsError(
            "[mail.smtp] has no user or no password: no mail can be handed over",
            hint="set them, or auth = none for a server that asks for none",
        )
    if smtp.auth == "password":
        return Login(user=smtp.user, password=secret)
    return Login(user=smtp.user, tokens=_tokens(smtp, secret, clock))


def _tokens(given: SmtpSettings | InboxSettings, secret: str, clock: Clock) -> Tokens:
    from robot.adapters.granted_tokens import Grant  # noqa: PLC0415
    from robot.adapters.mail.access_token import granted_tokens  # noqa: PLC0415

    grant = Grant(
        token_url=given.token_url, client_id=given.client_id, secret=secret, scope=given.scope
    )
    return granted_tokens(grant, clock)


def reception(settings: Settings, clock: Clock, book: RuleBook) -> Reception | None:
    """What receiving mail takes; None when the robot has no mailbox.

    Raises:
        SettingsError: A secret is missing or can't be read.
    """
    inbox = settings.mail.inbox
    if inbox.kind == "none":
        return None
    from robot.adapters.mail.incoming import sort as sort_mail  # noqa: PLC0415

    return Reception(
        mailbox=own_mailbox(inbox, clock),
        files=MailFolder(inbox.keep or settings.data / "mail-in"),
        sorter=sort_mail,
        answerer=AnswerRenderer(settings.mail.templates, letterhead(settings)),
        customers=lambda: book.customers,
        sender=settings.mail.sender,
        also_own=frozenset({*inbox.also_own, settings.mail.bounce_address} - {""}),
        instance=settings.mail.instance,
        authserv_id=inbox.authserv_id,
        own_hops=inbox.own_hops,
        acknowledges=inbox.acknowledge,
    )


def own_mailbox(inbox: InboxSettings, clock: Clock) -> Mailbox:
    """The robot's own mailbox; it is not opened before it is read.

    Raises:
        SettingsError: The secret is missing or can't be read.
    """
    if inbox.kind == "none":
        return NoMailbox()
    largest = inbox.largest_mb * 1_000_000
    if inbox.kind == "maildir":
        return FolderMailbox(inbox.path, largest=largest)
    secret = inbox.secret()
    if not secret:
        raise SettingsError(
            "[mail.inbox] has no password: the robot's mailbox can't be read",
            hint="set ROBOT_MAIL__INBOX__PASSWORD, or [mail.inbox] password_file",
        )
    from robot.adapters.mail.imap import ImapMailbox, ImapServer  # noqa: PLC0415

    oauth = inbox.auth == "oauth"
    server = ImapServer(
        host=inbox.host,
        port=inbox.port,
        security=inbox.security,
        user=inbox.user,
        secret=_tokens(inbox, secret, clock).get if oauth else lambda: secret,
        oauth=oauth,
        ca_file=str(inbox.ca_file) if inbox.ca_file else None,
        timeout_seconds=inbox.timeout_seconds,
    )
    return ImapMailbox(server, inbox.folders, largest=largest)


def letterhead(settings: Settings) -> Letterhead:
    """Who writes to customers."""
    return Letterhead(
        sender=settings.mail.sender,
        sender_name=settings.mail.sender_name,
        centre=settings.mail.centre,
        contact_mail=settings.mail.service_desk,
        contact_phone=settings.mail.service_phone or None,
        instance=settings.mail.instance,
    )


def thread_keys(settings: Settings) -> ThreadKeys:
    """What ties mails to cases; the robot makes a secret for itself when none is set.

    Raises:
        SettingsError: The secret can't be read or kept, or is too short.
    """
    text = settings.mail.thread_secrets() or kept_secret(settings.data / "thread-secret")
    try:
        return ThreadKeys([secret.encode() for secret in text.replace(",", " ").split()])
    except ValueError as error:
        raise SettingsError(
            f"[mail] thread_secret can't be used: {error}",
            hint="python3 -c 'import secrets; print(secrets.token_hex(32))' makes a good one",
        ) from None


def case_links(settings: Settings, clock: Clock) -> CaseLinks:
    """Signed links to cases, for mails and for the page behind them.

    Raises:
        SettingsError: The secret can't be read or kept, or is too short.
    """
    return CaseLinks(
        thread_keys(settings).derived("case links"),
        settings.web.public_url,
        timedelta(days=settings.cases.link_days),
        clock,
    )


def notice_renderer(settings: Settings) -> Renderer:
    """What turns decisions into mails to customers."""
    return DigestRenderer(settings.mail.templates, letterhead(settings))
