"""A line to a PostgreSQL server that is cut at COMMIT: before the server has got it, or after it has done it.

It reads the protocol as far as it must. Source: postgresql.org/docs/18/protocol-message-formats.html.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

LENGTH: Final = 4


class Side(Enum):
    """Where the line is cut."""

    BEFORE = "before"
    """The server never hears of the commit: its transaction ends with the connection."""
    AFTER = "after"
    """The server has committed; its answer never arrives."""


Fate = Callable[[], Side | None]


class Line:
    """Takes connections and passes everything on to a server, as long as `fate`, asked at each COMMIT, answers None."""

    def __init__(self, url: str) -> None:
        self.fate: Fate = lambda: None
        self.commits = 0
        parts = urlsplit(url)
        self._server = (parts.hostname, parts.port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        port = self._door.getsockname()[1]
        user = f"{parts.username}@" if parts.username else ""
        self.url = f"postgresql://{user}127.0.0.1:{port}{parts.path}?sslmode=disable&gssencmode=disable"
        """The server's own URL, by way of this line."""
        self._threads = [threading.Thread(target=self._take, daemon=True)]
        self._threads[0].start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):  # the door is shut
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(self._server)
                for end in (client, server):  # each message leaves at once, or each waits 40 ms for the one before
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._ends += [client, server]
                call = Call(client, server, self._at_commit)
                for work in (call.ask, call.answer):
                    self._threads.append(threading.Thread(target=work, daemon=True))
                    self._threads[-1].start()

    def _at_commit(self) -> Side | None:
        self.commits += 1
        return self.fate()

    def close(self) -> None:
        """Cut whatever is still connected."""
        for end in (self._door, *self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join(10)


class Call:
    """One client's connection and the one to the server that stands for it."""

    def __init__(self, client: socket.socket, server: socket.socket, fate: Fate) -> None:
        self._client = client
        self._server = server
        self._fate = fate
        self._texts: dict[bytes, bytes] = {}
        self._cutting = False

    def ask(self) -> None:
        """Pass on what the client says, message by message, until a COMMIT is to be cut off."""
        with contextlib.suppress(OSError):
            for message in _messages(self._client, named=False):
                side = self._fate() if self._commits(message) else None
                if side is Side.BEFORE:
                    break
                self._cutting = self._cutting or side is Side.AFTER
                self._server.sendall(message)
        if not self._cutting:
            self._hang_up()

    def answer(self) -> None:
        """Pass on what the server says; the answer to a COMMIT that is to be cut off stays here."""
        with contextlib.suppress(OSError):
            for message in _messages(self._server, named=True):
                if self._cutting:
                    if message.startswith(b"C") and b"COMMIT" in message:
                        break
                else:
                    self._client.sendall(message)
        self._hang_up()

    def _commits(self, message: bytes) -> bool:
        """Whether a message is a COMMIT: as a query, or as what was prepared before."""
        kind, body = message[:1], message[1 + LENGTH :]
        if kind == b"P":
            name, text, *_ = body.split(b"\0")
            self._texts[name] = text
        elif kind == b"Q":
            return body == b"COMMIT\0"
        return kind == b"B" and self._texts.get(body.split(b"\0")[1]) == b"COMMIT"

    def _hang_up(self) -> None:
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _messages(end: socket.socket, *, named: bool) -> Iterator[bytes]:
    """Whole messages; the first one of a client has no letter in front."""
    with end.makefile("rb") as stream:
        while True:
            kind = stream.read(1) if named else b""
            length = stream.read(LENGTH)
            if len(length) < LENGTH:
                return
            yield kind + length + stream.read(int.from_bytes(length, "big") - LENGTH)
            named = True
