"""A rendered mail as a message by RFC 5322, checked by reading it back."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

from robot.domain.notice import OutgoingMail
from robot.errors import MailError

_MESSAGE_ID: Final = re.compile(r"<[!-;=?A-~]+@[A-Za-z0-9.\-\[\]:]+>", re.ASCII)
_MAX_MESSAGE_ID: Final = 250


#: Headers of identifiers and addresses, which must not be encoded however long they are.
_VERBATIM: Final = frozenset(
    {"message-id", "in-reply-to", "references", "reply-to", "list-id", "list-help"}
)


class _ExactHeaders(policy.EmailPolicy):
    """Lines that end in CRLF, and headers that read back to the letter.

    Python's own folding doubles a space when a line breaks before an encoded word, and encodes
    identifiers that are longer than a line.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.casefold() in _VERBATIM:
            words = f"{self.linesep} ".join(str(value).split())
            return f"{name}: {words}{self.linesep}".encode("ascii")
        if name.casefold() != "subject":
            return super().fold_binary(name, value)
        charset = None if value.isascii() else "utf-8"
        folded = Header(str(value), charset, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


_POLICY: Final = _ExactHeaders(linesep="\r\n")


def serialised(mail: OutgoingMail, *, sent_at: datetime) -> bytes:
    """The message as bytes, with lines that end in CRLF: plain text first, HTML beside it.

    Args:
        mail: What to write.
        sent_at: Its date, aware.

    Raises:
        MailError: An address, a header or the Message-ID can't be used, or the message that came
            out would go to anybody but the planned receivers.
    """
    if not mail.recipients:
        raise MailError("a mail without receivers is not sent")
    if not _MESSAGE_ID.fullmatch(mail.message_id) or len(mail.message_id) > _MAX_MESSAGE_ID:
        raise MailError("the Message-ID can't be used", hint="it is <local@domain> in ASCII")
    try:
        content = _message(mail, sent_at).as_bytes()
    except (MessageError, ValueError, IndexError, UnicodeError) as error:
        raise MailError(
            "the mail can't be written as a message",
            hint="an address or a header holds characters that it may not hold",
            message_id=mail.message_id,
        ) from error
    _read_back(content, mail)
    return content


def _message(mail: OutgoingMail, sent_at: datetime) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    sender_name, sender = parseaddr(mail.sender)
    message["From"] = Address(display_name=sender_name, addr_spec=sender)
    message["To"] = [Address(addr_spec=recipient) for recipient in mail.recipients]
    message["Subject"] = mail.subject
    message["Date"] = sent_at
    message["Message-ID"] = mail.message_id
    message.set_content(mail.plain, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    # Not before the body: setting that takes away headers about the content.
    for name, value in mail.headers:
        message[name] = value
    # A fixed boundary: the same mail gives the same bytes.
    message.set_boundary("=_" + hashlib.sha256(mail.message_id.encode()).hexdigest()[:32])
    return message


def _read_back(content: bytes, mail: OutgoingMail) -> None:
    """What a receiving system will understand must be what was meant.

    Raises:
        MailError: It is not.
    """
    read = message_from_bytes(content, policy=policy.default)
    planned = [name.casefold() for name in ("From", "To", "Subject", "Date", "Message-ID")]
    planned += [name.casefold() for name, _ in mail.headers]
    planned += ["mime-version", "content-type"]
    to = read["To"]
    same = (
        sorted(name.casefold() for name in read) == sorted(planned)
        and tuple(address.addr_spec for address in to.addresses) == mail.recipients
        and parseaddr(read["From"])[1] == parseaddr(mail.sender)[1]
        and read["Subject"] == mail.subject
        and read["Message-ID"] == mail.message_id
        and not read.defects
    )
    if not same:
        raise MailError(
            "the mail reads back as another one than was meant, so it is not sent",
            hint="look at its subject and its receivers",
            message_id=mail.message_id,
        )
