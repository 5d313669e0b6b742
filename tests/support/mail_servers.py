"""Real mail servers for the tests: Exim takes mail and hands it to Dovecot, which serves IMAP.

Both run on loopback, in a folder and on ports of their own, and are stopped by their processes.
Accounts are full addresses in `example.test` and its neighbours; mail to `NAME+anything@DOMAIN`
reaches NAME@DOMAIN. A shared mailbox is an account whose INBOX others see as `shared/ADDRESS`, by
Dovecot's ACL plug-in. Mail is taken for any address that `Dovecot.add_user` or `Exim.vanished`
made known; an address that is vanished is refused on delivery only, so that Exim writes a real
delivery failure. Local parts that begin with `later-` are put off with 451 and those with `full-`
are refused with 552 at RCPT.

Both need root, as Debian's packages are made; what is missing skips, or fails in CI.
"""

# ruff: noqa: S603 - the programs are Debian's own, the arguments this file's

from __future__ import annotations

import imaplib
import os
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from pathlib import Path
from typing import Final

import pytest

from tests.support.servers import missing

_EXIM: Final = "/usr/sbin/exim4"
_DOVECOT: Final = "/usr/sbin/dovecot"
_LMTP_PROGRAM: Final = Path("/usr/lib/dovecot/lmtp")
_PACKAGES: Final = "dovecot-imapd dovecot-lmtpd exim4-daemon-light"
_START_SECONDS: Final = 30
_PORTS_TRIED: Final = 5
#: Owns the mail; every Debian has it.
_MAIL_USER: Final = "mail"
_TOKEN_KEY: Final = b"a key of the tests for tokens only"

HOST: Final = "localhost"
DOMAINS: Final = ("example.test", "kunde.example.test", "anden.example.test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate for `localhost` and 127.0.0.1 that signs itself."""

    #: Trust this file and nothing else.
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What a client needs to verify it."""
        return ssl.create_default_context(cafile=str(self.chain))


def make_certificate(
    folder: Path, *, names: Sequence[str] = ("DNS:localhost", "IP:127.0.0.1")
) -> Certificate:
    """Write a new certificate into the folder."""
    chain, key = folder / "certificate.pem", folder / "key.pem"
    _run(
        "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
        f"subjectAltName={','.join(names)}", "-keyout", str(key), "-out", str(chain),
    )  # fmt: skip
    return Certificate(chain=chain, key=key)


class Dovecot:
    """IMAP for the accounts, and LMTP for Exim.

    Attributes:
        imap_port: Plain, with STARTTLS; LOGIN without TLS is allowed on loopback.
        imaps_port: TLS from the first byte.
        lmtp_port: For deliveries.
        certificate: What it shows.
    """

    def __init__(self, folder: Path, certificate: Certificate) -> None:
        self._folder = folder
        self.certificate = certificate
        self.imap_port = self.imaps_port = self.lmtp_port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._users = folder / "users"
        self._users.touch()
        (folder / "shared.db").touch()
        for name in ("mail", "index", "accounts", "tokens/default/HS256"):
            (folder / name).mkdir(parents=True)
        key = folder / "tokens" / "default" / "HS256" / "test"
        key.write_text(urlsafe_b64encode(_TOKEN_KEY).decode())
        for owned in ("mail", "index", "shared.db"):
            shutil.chown(folder / owned, _MAIL_USER, _MAIL_USER)

    @property
    def _configuration(self) -> Path:
        return self._folder / "dovecot.conf"

    def start(self) -> None:
        """Start it, or start it again on the same ports."""
        for _ in range(_PORTS_TRIED):
            fixed = bool(self.imap_port)
            if not fixed:
                self.imap_port, self.imaps_port, self.lmtp_port = free_ports(3)
            self._write_configuration()
            with (self._folder / "dovecot.out").open("ab") as log:
                self._process = subprocess.Popen(
                    [_DOVECOT, "-F", "-c", str(self._configuration)], stdout=log, stderr=log
                )
            if _answers(self.imap_port, self._process, b"* OK"):
                return
            self.stop()
            if not fixed:
                self.imap_port = 0
        pytest.fail(_last_lines(self._folder / "dovecot.log", self._folder / "dovecot.out"))

    def stop(self) -> None:
        """Stop it and what it started; mail stays."""
        _end(self._process)
        self._process = None

    def add_user(self, address: str, password: str = "secret") -> None:  # noqa: S107 - of the tests
        """An account, at once; the address is known to Exim as well."""
        line = f"{address}:{password}::::\n"
        # A file of its own: Dovecot looks for news in a file that it has read once a second only.
        (self._folder / "accounts" / address).write_text(line, encoding="ascii")
        with self._users.open("a", encoding="ascii") as users:
            users.write(line)

    def access_token(self, address: str, *, seconds: int = 3600) -> str:
        """A token for this account in XOAUTH2; Exim takes it as well, and never lets it expire."""
        now = int(time.time())
        head = _base64(b'{"alg":"HS256","typ":"JWT","kid":"test"}')
        times = f'"iat":{now},"nbf":{now - 5},"exp":{now + seconds}'
        claims = f'{{"sub":"{address}","jti":"{uuid.uuid4().hex}",{times}}}'
        signed = f"{head}.{_base64(claims.encode())}"
        token = f"{signed}.{_base64(digest(_TOKEN_KEY, signed.encode(), sha256))}"
        with (self._folder / "tokens" / "given").open("a", encoding="ascii") as given:
            given.write(f"{token}: {address}\n")
        return token

    def share(self, mailbox: str, *members: str) -> None:
        """Let members read the INBOX of an account as `shared/MAILBOX`, mark and move its mail."""
        rights = ("lookup", "read", "write", "write-seen", "insert", "expunge")
        for member in members:
            self.doveadm("acl", "set", "-u", mailbox, "INBOX", f"user={member}", *rights)

    def doveadm(self, *arguments: str) -> str:
        """Run Dovecot's own command against this server."""
        return _run("/usr/bin/doveadm", "-c", str(self._configuration), *arguments)

    def deliver(self, raw: bytes, to: str, *, sender: str = "") -> None:
        """Put a message into an account's INBOX without any SMTP."""
        with smtplib.LMTP(HOST, self.lmtp_port, local_hostname=HOST) as lmtp:
            lmtp.sendmail(sender, [to], raw)

    def login(self, address: str, password: str = "secret") -> imaplib.IMAP4:  # noqa: S107
        """A plain IMAP session; the caller logs out."""
        session = imaplib.IMAP4(HOST, self.imap_port)
        try:
            session.login(address, password)
        except imaplib.IMAP4.error:
            session.shutdown()
            raise
        return session

    def messages(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """All messages of a folder as they lie there, oldest first; nothing becomes seen."""
        session = self.login(address)
        try:
            status, _ = session.select(folder, readonly=True)
            assert status == "OK", folder
            _, found = session.search(None, "ALL")
            raw: list[bytes] = []
            for number in found[0].split():
                _, parts = session.fetch(number.decode(), "(BODY.PEEK[])")
                raw += [part[1] for part in parts if isinstance(part, tuple)]
            return raw
        finally:
            session.logout()

    def wait_for(self, address: str, count: int = 1, *, seconds: float = 20) -> list[bytes]:
        """The messages of an INBOX when there are so many; fails when they don't come."""
        until = time.monotonic() + seconds
        while len(found := self.messages(address)) < count:
            assert time.monotonic() < until, f"{len(found)} of {count} mails came to {address}"
            time.sleep(0.05)
        return found

    def _write_configuration(self) -> None:
        self._configuration.write_text(
            filled(
                "dovecot.conf",
                folder=self._folder,
                mail_user=_MAIL_USER,
                imap_port=self.imap_port,
                imaps_port=self.imaps_port,
                lmtp_port=self.lmtp_port,
            ),
            encoding="ascii",
        )
        (self._folder / "oauth2.conf").write_text(
            "introspection_mode = local\n"
            f"local_validation_key_dict = fs:posix:prefix={self._folder}/tokens/\n"
            "username_attribute = sub\n",
            encoding="ascii",
        )


class Exim:
    """SMTP in front of Dovecot.

    Attributes:
        smtp_port: STARTTLS, and AUTH (PLAIN, LOGIN, XOAUTH2) after it.
        smtps_port: TLS from the first byte.
        certificate: What it shows.
    """

    def __init__(self, folder: Path, dovecot: Dovecot) -> None:
        self._folder = folder
        self._dovecot = dovecot
        self.certificate = dovecot.certificate
        self.smtp_port = self.smtps_port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._vanished = folder / "vanished"
        self._vanished.touch()
        spool = folder / "spool"
        spool.mkdir()
        shutil.chown(spool, "Debian-exim", "Debian-exim")
        (folder / "tokens" / "given").touch()

    def start(self) -> None:
        """Start it, or start it again on the same ports."""
        for _ in range(_PORTS_TRIED):
            fixed = bool(self.smtp_port)
            if not fixed:
                self.smtp_port, self.smtps_port = free_ports(2)
            configuration = self._write_configuration()
            with (self._folder / "exim.out").open("ab") as log:
                self._process = subprocess.Popen(
                    [_EXIM, "-C", str(configuration), "-bdf", "-q1m"], stdout=log, stderr=log
                )
            if _answers(self.smtp_port, self._process, b"220"):
                return
            self.stop()
            if not fixed:
                self.smtp_port = 0
        spool = self._folder / "spool" / "log"
        pytest.fail(_last_lines(self._folder / "exim.out", *spool.glob("*")))

    def stop(self) -> None:
        """Stop it; what it has not delivered stays in its queue."""
        _end(self._process)
        self._process = None

    def vanished(self, address: str) -> None:
        """Take mail for an address that nobody has any more, and fail to deliver it afterwards."""
        with self._vanished.open("a", encoding="ascii") as addresses:
            addresses.write(f"{address}: yes\n")

    def deliver(self, raw: bytes, to: str | Sequence[str], *, sender: str = "") -> None:
        """Hand a message over as other mail servers do; an empty sender is that of a failure."""
        receivers = [to] if isinstance(to, str) else list(to)
        # Exim answers QUIT only after a fifth of a second.
        with closing(smtplib.SMTP(HOST, self.smtp_port, HOST)) as smtp:
            refused = smtp.sendmail(sender, receivers, raw)
        assert not refused, refused

    def queue(self) -> str:
        """What waits to be delivered, in Exim's words."""
        return _run(_EXIM, "-C", str(self._folder / "exim.conf"), "-bp")

    def log(self) -> str:
        """What it did so far."""
        path = self._folder / "spool" / "log" / "mainlog"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _write_configuration(self) -> Path:
        path = self._folder / "exim.conf"
        path.write_text(
            filled(
                "exim.conf",
                folder=self._folder,
                smtp_port=self.smtp_port,
                smtps_port=self.smtps_port,
                lmtp_port=self._dovecot.lmtp_port,
                domains=" : ".join(DOMAINS),
            ),
            encoding="ascii",
        )
        return path


@contextmanager
def mail_servers() -> Iterator[tuple[Exim, Dovecot]]:
    """Both, running; stopped and removed in the end."""
    for program in (_EXIM, _DOVECOT, str(_LMTP_PROGRAM)):
        if not Path(program).exists():
            missing(f"the mail server {program}", _PACKAGES)
    if os.geteuid() != 0:
        missing("a mail server that this user may start", f"{_PACKAGES}, and run as root")
    folder = Path(tempfile.mkdtemp(prefix="robot-mail-"))
    # Exim and Dovecot read it as users of their own.
    folder.chmod(0o755)
    dovecot = Dovecot(folder, make_certificate(folder))
    (folder / "key.pem").chmod(0o644)
    exim = Exim(folder, dovecot)
    try:
        dovecot.start()
        exim.start()
        yield exim, dovecot
    finally:
        exim.stop()
        dovecot.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mail_system() -> Iterator[tuple[Exim, Dovecot]]:
    """Both servers of this test process; tests take addresses of their own from `an_address`."""
    with mail_servers() as servers:
        yield servers


@pytest.fixture
def exim(mail_system: tuple[Exim, Dovecot]) -> Exim:
    """SMTP."""
    return mail_system[0]


@pytest.fixture
def dovecot(mail_system: tuple[Exim, Dovecot]) -> Dovecot:
    """IMAP."""
    return mail_system[1]


def an_address(name: str, domain: str = DOMAINS[0]) -> str:
    """An address that no other test uses; give it to `Dovecot.add_user`."""
    return f"{name}-{uuid.uuid4().hex[:8]}@{domain}"


def filled(name: str, **values: object) -> str:
    """A configuration beside this file with the values for its `@names@`."""
    text = (Path(__file__).parent / name).read_text(encoding="ascii")
    for key, value in values.items():
        text = text.replace(f"@{key}@", str(value))
    return text


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _answers(port: int, process: subprocess.Popen[bytes], greeting: bytes) -> bool:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            if client.recv(200).startswith(greeting):
                return True
        time.sleep(0.02)
    return False


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    process.terminate()
    try:
        process.wait(timeout=_START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _run(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"{' '.join(command)}: {done.stderr[-1000:]}")
    return done.stdout


def _last_lines(*logs: Path) -> str:
    texts = [log.read_text(encoding="utf-8", errors="replace") for log in logs if log.exists()]
    return "\n".join(text[-2000:] for text in texts)


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
