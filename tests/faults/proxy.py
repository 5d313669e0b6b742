"""A TCP proxy on loopback that stands between the robot and a server and brings about faults.

It acts on what the client sends: a pattern, and the time at which it is seen. Nothing is known of
the protocol, so it serves a database and a web service alike.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_CHUNK: Final = 65536
#: Close with a reset instead of an orderly end: on, no seconds.
_RESET: Final = struct.pack("ii", 1, 0)


class Toxic(StrEnum):
    """What happens to the request that matches."""

    #: Neither request nor answer arrives; the connection is reset.
    CUT = "cut before it arrives"
    #: The request is carried out and the connection is reset instead of the answer.
    DROP_ANSWER = "answer dropped after it was carried out"
    #: The request is carried out; the answer never comes and the connection stays open.
    SILENCE = "silence after it was carried out"
    #: Everything arrives, late.
    DELAY = "delayed"
    #: Half of the answer comes, then a reset.
    HALF_ANSWER = "half an answer"


@dataclass(slots=True, kw_only=True)
class Poison:
    """One fault that waits for its moment."""

    toxic: Toxic
    #: Bytes of a request; empty for any.
    pattern: bytes = b""
    #: Which request with these bytes, counted over all connections.
    time: int = 1
    seconds: float = 0.3
    done: threading.Event = field(default_factory=threading.Event)


class Proxy:
    """Passes bytes on to a port, but for the poisons that are set."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._poisons: list[Poison] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def add(self, poison: Poison) -> Poison:
        """Set a fault; `done` of it tells when it has happened."""
        with self._lock:
            self._poisons.append(poison)
        return poison

    def cut_all(self) -> None:
        """Reset every connection, as when the network goes away."""
        with self._lock:
            sockets, self._sockets = self._sockets, []
        for one in sockets:
            _reset(one)

    def close(self) -> None:
        self._listener.close()
        self.cut_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            with self._lock:
                self._sockets += [client, server]
            link = _Link(client, server)
            threading.Thread(target=self._up, args=(link,), daemon=True).start()
            threading.Thread(target=_down, args=(link,), daemon=True).start()

    def _up(self, link: _Link) -> None:
        """From the client to the server, through the poisons."""
        with contextlib.suppress(OSError):
            while sent := link.client.recv(_CHUNK):
                poison = self._due(sent)
                if poison is None:
                    link.server.sendall(sent)
                    continue
                if poison.toxic is Toxic.CUT:
                    poison.done.set()
                    link.reset()
                    return
                if poison.toxic is Toxic.DELAY:
                    time.sleep(poison.seconds)
                else:
                    link.poison = poison
                link.server.sendall(sent)
                if poison.toxic is Toxic.DELAY:
                    poison.done.set()
            link.server.shutdown(socket.SHUT_WR)

    def _due(self, sent: bytes) -> Poison | None:
        with self._lock:
            for poison in self._poisons:
                if poison.pattern in sent:
                    poison.time -= 1
                    if poison.time == 0:
                        self._poisons.remove(poison)
                        return poison
        return None


class _Link:
    """One client with its connection to the server."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self.server = server
        #: Waits for the next answer.
        self.poison: Poison | None = None

    def reset(self) -> None:
        _reset(self.client)
        _reset(self.server)


def _down(link: _Link) -> None:
    """From the server to the client, unless the answer is poisoned."""
    with contextlib.suppress(OSError):
        while answer := link.server.recv(_CHUNK):
            poison = link.poison
            if poison is None:
                link.client.sendall(answer)
                continue
            # The answer is here, so the server has carried the request out.
            poison.done.set()
            if poison.toxic is Toxic.SILENCE:
                continue
            if poison.toxic is Toxic.HALF_ANSWER:
                link.client.sendall(answer[: len(answer) // 2])
            link.reset()
            return
        link.client.shutdown(socket.SHUT_WR)


def _reset(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextlib.contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy in front of a port of loopback."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
