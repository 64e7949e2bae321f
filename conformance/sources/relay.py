"""A port in front of the server: what goes over it to the database, in whichever language it was written, is held
statement by statement as what goes over `Sandbox.connect` is.

It reads the messages of the client as far as it takes to know a statement (PostgreSQL's protocol 3, without TLS), and
passes everything on as it is."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

Pass = Callable[["Wire", str], None]

_CANCEL, _ENCRYPTED = 80877102, (80877103, 80877104)
_UNHELD = re.compile(
    r"\s*(?:begin|start|rollback|abort|savepoint|release|set|show|discard|deallocate)\b[^;]*;?\s*\Z|\s*;?\s*\Z", re.I
)
"""Nothing is seen or written by these."""
_ENCRYPTING = ("require", "verify-ca", "verify-full")
_CHUNK = 65536


class Wire:
    """One connection: `pid` is its process on the server; `owner` whatever the one who is asked at the gate keeps."""

    def __init__(self) -> None:
        self.pid = 0
        self.owner: object = None
        self._heard = b""
        self._prepared: dict[bytes, str] = {}
        self._parsed: bytes | None = None

    def reads(self, kind: bytes, body: bytes) -> str:
        """The statement that this message of the client runs, or ""."""
        parts = body.split(b"\0")
        if kind == b"Q":
            return _said(parts[0])
        if kind == b"P":  # the server may take its snapshot as early as this
            self._parsed, self._prepared[parts[0]] = parts[0], _said(parts[1])
            return self._prepared[parts[0]]
        if kind == b"B":
            parsed, self._parsed = self._parsed, None
            return "" if parsed == parts[1] else self._prepared.get(parts[1], "a statement")
        return ""

    def hears(self, data: bytes) -> None:
        """What the server says, until it has said which process it is."""
        self._heard += data
        while not self.pid and len(self._heard) >= 5:
            size = 1 + struct.unpack("!I", self._heard[1:5])[0]
            if len(self._heard) < size:
                return
            if self._heard[:1] == b"K":
                self.pid = struct.unpack("!I", self._heard[5:9])[0]
            self._heard = self._heard[size:]


def _said(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())


def relay_of(url: str, passes: Pass) -> Relay | None:
    """A relay to this database; None where it may be reached encrypted alone."""
    return None if conninfo_to_dict(url).get("sslmode") in _ENCRYPTING else Relay(url, passes)


class Relay:
    """Listens as long as it is not closed. `passes` is called before a statement is passed on, and may wait."""

    def __init__(self, url: str, passes: Pass) -> None:
        self._parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        self._passes = passes
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The database's, by way of this."""
        user, password = (quote(self._parts.get(name, ""), safe="") for name in ("user", "password"))
        who = f"{user}:{password}@" if password else f"{user}@" if user else ""
        port = self._listening.getsockname()[1]
        database = quote(self._parts.get("dbname", ""), safe="")
        return f"postgresql://{who}127.0.0.1:{port}/{database}?sslmode=disable"

    def close(self) -> None:
        """Nobody is connected any more."""
        for one in (self._listening, *tuple(self._open)):
            _shut(one)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server: socket.socket | None = None
        self._open.add(client)
        try:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code, start = _start(client)
            while code in _ENCRYPTED:
                client.sendall(b"N")
                code, start = _start(client)
            server = self._reached()
            self._open.add(server)
            server.sendall(start)
            if code != _CANCEL:
                wire = Wire()
                Thread(target=self._back, args=(server, client, wire), daemon=True).start()
                self._forth(client, server, wire)
        except OSError:
            pass
        finally:
            for one in (client, server):
                if one is not None:
                    _shut(one)
                    self._open.discard(one)

    def _forth(self, client: socket.socket, server: socket.socket, wire: Wire) -> None:
        while True:
            head = exactly(client, 5)
            body = exactly(client, struct.unpack("!I", head[1:])[0] - 4)
            statement = wire.reads(head[:1], body)
            if statement and not _UNHELD.match(statement):
                self._passes(wire, statement)
            server.sendall(head + body)

    def _back(self, server: socket.socket, client: socket.socket, wire: Wire) -> None:
        with suppress(OSError):
            while data := server.recv(_CHUNK):
                if not wire.pid:
                    wire.hears(data)
                client.sendall(data)
        _shut(client)

    def _reached(self) -> socket.socket:
        host, port = (
            self._parts.get("hostaddr") or self._parts.get("host", "localhost"),
            self._parts.get("port", "5432"),
        )
        if not host.startswith("/"):
            found = socket.create_connection((host, int(port)))
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return found
        found = socket.socket(socket.AF_UNIX)
        found.connect(f"{host}/.s.PGSQL.{port}")
        return found


def _start(client: socket.socket) -> tuple[int, bytes]:
    """What a client begins with: the code, and the whole of it."""
    head = exactly(client, 8)
    size, code = struct.unpack("!II", head)
    return code, head + exactly(client, size - 8)


def exactly(one: socket.socket, size: int) -> bytes:
    """So many bytes from it. Raises `ConnectionError` where it ends before."""
    parts = []
    while size > 0:
        part = one.recv(min(size, _CHUNK))
        if not part:
            raise ConnectionError("the other side has gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
