"""The robot's mailbox on an IMAP server (RFC 3501, IDLE: RFC 2177)."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, NoReturn

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from robot.errors import MailboxError
from robot.flow.mailbox_port import Position, RawMail

#: What is asked about a mail before it is fetched.
_ABOUT: Final = ("RFC822.SIZE", "INTERNALDATE")
#: Mails whose size is asked for together.
_PAGE: Final = 200
#: How much of the first part of a mail that is too big is fetched.
_BEGINNING: Final = 65_536
#: Servers close an idle connection after 30 minutes (RFC 2177).
_IDLE_SECONDS: Final = 20 * 60
#: A server that answers quickly to nothing is not asked more often than this.
_POLL_SECONDS: Final = 15.0
_TRIES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapServer:
    """Where the mailbox is and how to get into it."""

    host: str
    port: int
    #: TLS from the first byte, STARTTLS, or none (only on the own machine).
    security: Literal["tls", "starttls", "none"]
    user: str
    #: The password; or, for XOAUTH2, a token that is still good.
    secret: Callable[[], str]
    oauth: bool = False
    ca_file: str | None = None
    timeout_seconds: float = 60


class ImapMailbox:
    """Implements the flow's Mailbox port.

    Folders are opened read-only and mails are peeked at, so nobody's flags change, and what others
    have seen or moved makes no difference: the numbers of the folder count alone. The connection
    is made when needed, and again when it broke.

    Args:
        server: Where the mailbox is.
        folders: Which folders are read; a shared mailbox is one more folder.
        largest: Bytes beyond which only headers and the beginning of the first part are fetched.
    """

    def __init__(self, server: ImapServer, folders: tuple[str, ...], *, largest: int) -> None:
        self._server = server
        self._folders = folders
        self._largest = largest
        self._client: IMAPClient | None = None

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that are read."""
        return self._folders

    def fetch(self, after: Position) -> Iterator[RawMail]:
        """Mails that came after a position, oldest first; all when the numbers began anew.

        A connection that breaks is made again once for each mail on which it breaks.

        Raises:
            MailboxError: The server can't be reached, or the folder can't be opened.
        """
        position = after
        tries = 0
        while True:
            try:
                for mail in self._fetch_once(position):
                    yield mail
                    position = Position(
                        folder=mail.folder, validity=mail.validity, last_uid=mail.uid
                    )
                    tries = 0
            except _BROKEN as error:
                self.close()
                tries += 1
                if tries >= _TRIES:
                    _unreachable(error, self._server)
            else:
                return

    def wait(self, seconds: float) -> bool:
        """Wait in IDLE where the server has it, for news in the first folder."""
        until = time.monotonic() + seconds
        try:
            client = self._opened(self._folders[0])[0]
            if not client.has_capability("IDLE"):
                time.sleep(min(seconds, _POLL_SECONDS))
                return True
            client.idle()
            try:
                return bool(_news(client, min(until - time.monotonic(), _IDLE_SECONDS)))
            finally:
                client.idle_done()
        except (*_BROKEN, MailboxError):
            self.close()
            # The next look finds out what is wrong; it must not come at once again and again.
            time.sleep(max(0.0, min(until - time.monotonic(), _POLL_SECONDS)))
            return True

    def close(self) -> None:
        """Log out, or let go of a connection that is broken."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                client.logout()
            with suppress(Exception):
                client.shutdown()

    def _fetch_once(self, after: Position) -> Iterator[RawMail]:
        client, validity = self._opened(after.folder)
        last = after.last_uid if after.validity == validity else 0
        # `n:*` always gives the last mail, even one before n.
        found = sorted(uid for uid in client.search(f"UID {last + 1}:*") if uid > last)
        for start in range(0, len(found), _PAGE):
            page = found[start : start + _PAGE]
            about = client.fetch(page, _ABOUT)
            for uid in page:
                mail = self._mail(client, uid, about.get(uid))
                if mail is not None:
                    content, size, received_at, complete = mail
                    yield RawMail(
                        folder=after.folder,
                        validity=validity,
                        uid=uid,
                        content=content,
                        size=size,
                        received_at=received_at,
                        complete=complete,
                    )

    def _mail(
        self, client: IMAPClient, uid: int, about: Mapping[bytes, Any] | None
    ) -> tuple[bytes, int, datetime | None, bool] | None:
        """One mail; None when somebody has moved or deleted it meanwhile."""
        if about is None:
            return None
        size = int(about.get(b"RFC822.SIZE", 0))
        received_at = _instant(about.get(b"INTERNALDATE"))
        if size <= self._largest:
            content = client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
            return None if content is None else (content, size, received_at, True)
        wanted = ["BODY.PEEK[HEADER]", f"BODY.PEEK[TEXT]<0.{_BEGINNING}>"]
        parts = client.fetch([uid], wanted).get(uid, {})
        head = parts.get(b"BODY[HEADER]")
        if head is None:
            return None
        return head + (parts.get(b"BODY[TEXT]<0>") or b""), size, received_at, False

    def _opened(self, folder: str) -> tuple[IMAPClient, int]:
        """The connection with a folder opened, and the folder's validity."""
        if self._client is None:
            self._client = self._connected()
        try:
            answer = self._client.select_folder(folder, readonly=True)
        except IMAPClient.AbortError:
            raise
        except IMAPClientError as error:
            raise MailboxError(
                f"the folder '{folder}' of {self._server.user} can't be opened",
                hint="check [mail.inbox] folders and who may read them",
            ) from error
        return self._client, int(answer[b"UIDVALIDITY"])

    def _connected(self) -> IMAPClient:
        server = self._server
        context = ssl.create_default_context(cafile=server.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        client = IMAPClient(
            server.host,
            port=server.port,
            ssl=server.security == "tls",
            ssl_context=context if server.security == "tls" else None,
            timeout=server.timeout_seconds,
        )
        try:
            if server.security == "starttls":
                client.starttls(context)
            if server.oauth:
                client.oauth2_login(server.user, server.secret())
            else:
                client.login(server.user, server.secret())
        except LoginError as error:
            client.shutdown()
            raise MailboxError(
                f"{server.host} does not let {server.user} in",
                hint="check [mail.inbox] user and its password or token",
            ) from error
        except BaseException:
            client.shutdown()
            raise
        client.normalise_times = False
        return client


#: What a connection that is broken, or was never made, raises.
_BROKEN: Final = (OSError, IMAPClientError, EOFError)


def _unreachable(error: BaseException, server: ImapServer) -> NoReturn:
    raise MailboxError(
        f"the mailbox of {server.user} at {server.host} can't be read: {error}",
        hint="check [mail.inbox] and the mail server; the next run tries again",
    ) from error


def _news(client: IMAPClient, seconds: float) -> list[Any]:
    """What the server tells in IDLE, other than that it is still there."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        told = [answer for answer in client.idle_check(timeout=left) if _matters(answer)]
        if told:
            return told
    return []


def _matters(answer: Any) -> bool:  # noqa: ANN401 - the library's own tuples
    return isinstance(answer, tuple) and len(answer) > 1 and answer[1] in {b"EXISTS", b"RECENT"}


def _instant(given: object) -> datetime | None:
    if not isinstance(given, datetime):
        return None
    return (given if given.tzinfo is not None else given.replace(tzinfo=UTC)).astimezone(UTC)
