"""A server of ours that pretends to be another engine, where the engine itself cannot be had."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress


@contextmanager
def pretending(version: str, told: Mapping[str, str]) -> Iterator[str]:
    """The URL of one that tells these parameters, answers what asks for its version, and knows nothing else."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=_serve, args=(client, version, told), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"postgresql://u@127.0.0.1:{server.getsockname()[1]}/astra?sslmode=disable&gssencmode=disable"


def _serve(client: socket.socket, version: str, told: Mapping[str, str]) -> None:
    with closing(client), suppress(OSError, struct.error):
        client.settimeout(10)
        client.recv(struct.unpack("!i", client.recv(4))[0] - 4)
        parameters = b"".join(_message(b"S", f"{name}\0{value}\0".encode()) for name, value in told.items())
        client.sendall(_message(b"R", struct.pack("!i", 0)) + parameters + _ready())
        while kind := client.recv(1):
            text = client.recv(struct.unpack("!i", client.recv(4))[0] - 4).decode()
            if kind == b"X":
                return
            client.sendall((_row(version) if text == "SELECT pg_catalog.version()\0" else _refused()) + _ready())


def _row(value: str) -> bytes:
    head = struct.pack("!h", 1) + b"version\0" + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0)
    data = struct.pack("!hi", 1, len(value.encode())) + value.encode()
    return _message(b"T", head) + _message(b"D", data) + _message(b"C", b"SELECT 1\0")


def _refused() -> bytes:
    return _message(b"E", b'SERROR\0VERROR\0C42601\0Mat or near "isolation": syntax error\0\0')


def _ready() -> bytes:
    return _message(b"Z", b"I")


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body
