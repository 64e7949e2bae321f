"""A network of ours between a client and a server, which fails at one message: the n-th that goes the one way or the
other, over all connections of a run."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict

from conformance.sources.relay import exactly

Way = Literal["server", "client"]
"""Who sends."""

KINDS = {
    "lost": "the message is lost, what follows comes",
    "silent": "from here on nothing comes, and nobody says why",
    "delayed": "the message is late",
    "truncated": "half of the message comes, then the end",
    "reset": "the connection is reset",
    "killed": "the server ends the session before it",
    "cancelled": "the server cancels what the session runs before it",
}
MEANWHILE = "meanwhile"
"""One more kind: something else happens before the message is passed on."""
LATE_S = 0.15
_CANCEL = 80877102
_BLOWS = {"killed": "SELECT pg_terminate_backend(%s, 5000)", "cancelled": "SELECT pg_cancel_backend(%s)"}


@dataclass(frozen=True)
class Fault:
    """What happens to the message of this number."""

    way: Way
    number: int
    kind: str

    def __str__(self) -> str:
        return f"{self.kind} at message {self.number} of the {self.way}"


class Wire:
    """Listens as long as it is open. A context; `url` leads through it, `counted` is how many messages went by, and
    `pids` are the server's processes that were reached."""

    def __init__(self, url: str, fault: Fault | None = None, meanwhile: Callable[[Wire], None] | None = None) -> None:
        self._meanwhile = meanwhile
        self._url = url
        self._to = conninfo_to_dict(url)
        self._fault = fault
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._silent = Event()
        self._pids: dict[socket.socket, int] = {}
        self.counted: dict[Way, int] = {"server": 0, "client": 0}
        self.struck = False

    def __enter__(self) -> Wire:
        self._listening = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listening, *tuple(self._open)):
            _shut(one)

    @property
    def pids(self) -> set[int]:
        return set(self._pids.values())

    @property
    def url(self) -> str:
        port = self._listening.getsockname()[1]
        return f"postgresql://{self._to['user']}@127.0.0.1:{port}/{self._to['dbname']}?sslmode=disable"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._open.add(client)
        server = self._reached()
        self._open.add(server)
        for one in (client, server):
            if one.family != socket.AF_UNIX:
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            start = exactly(client, 4)
            start += exactly(client, struct.unpack("!I", start)[0] - 4)
            if struct.unpack("!I", start[4:8])[0] == _CANCEL:
                if not self._silent.is_set():
                    server.sendall(start)
                _shut_all(client, server)
                return
            Thread(target=self._pump, args=(server, client, "server"), daemon=True).start()
            if self._passes(start, client, server, "client"):
                self._pump(client, server, "client")
        self._part(client, server)

    def _pump(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        with suppress(OSError):
            while True:
                head = exactly(source, 5)
                message = head + exactly(source, struct.unpack("!I", head[1:])[0] - 4)
                if way == "server" and head[:1] == b"K":
                    self._pids[source] = self._pids[target] = struct.unpack("!I", message[5:9])[0]
                if not self._passes(message, source, target, way):
                    break
        self._part(source, target)

    def _passes(self, message: bytes, source: socket.socket, target: socket.socket, way: Way) -> bool:
        """Sends the message on, or what the fault leaves of it; whether the connection goes on."""
        with self._lock:
            number = self.counted[way]
            self.counted[way] += 1
        if self._fault is None or (self._fault.way, self._fault.number) != (way, number):
            return self._silenced() or self._sent(message, target)
        self.struck = True
        match self._fault.kind:
            case "lost":
                return True
            case "silent":
                self._silent.set()
                return self._silenced()
            case "delayed":
                time.sleep(LATE_S)
                return self._sent(message, target)
            case "killed" | "cancelled" as kind:
                self._strike(kind, source)
                return self._sent(message, target)
            case "meanwhile":
                if self._meanwhile is not None:
                    self._meanwhile(self)
                return self._sent(message, target)
            case "truncated":
                target.sendall(message[: max(1, len(message) // 2)])
            case "reset":
                for one in (source, target):
                    _reset(one)
        return False

    def _strike(self, kind: str, end: socket.socket) -> None:
        if (pid := self._pids.get(end)) is not None:
            with psycopg.connect(self._url, autocommit=True) as admin:
                admin.execute(_BLOWS[kind], (pid,))

    def _silenced(self) -> bool:
        return self._silent.is_set()

    def _sent(self, message: bytes, target: socket.socket) -> bool:
        target.sendall(message)
        return True

    def _part(self, *both: socket.socket) -> None:
        _shut_all(*both)
        self._open.difference_update(both)

    def _reached(self) -> socket.socket:
        host = self._to.get("host", "localhost")
        if not str(host).startswith("/"):
            return socket.create_connection((str(host), int(self._to.get("port", 5432))))
        found = socket.socket(socket.AF_UNIX)
        found.connect(f"{host}/.s.PGSQL.{self._to.get('port', 5432)}")
        return found


def _reset(one: socket.socket) -> None:
    """Closes it without a farewell; who is just listening to it would keep it open, and is woken."""
    with suppress(OSError):
        if one.family != socket.AF_UNIX:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.shutdown(socket.SHUT_RD)
        one.close()


def _shut_all(*sockets: socket.socket) -> None:
    for one in sockets:
        _shut(one)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        one.close()
