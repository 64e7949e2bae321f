"""The reference behind HTTP with a pool of connections: `pooled_service.py PORT SIZE`."""

from __future__ import annotations

import json
import os
import queue
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg

from conformance.properties.adapter import Refused

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "fixtures" / "implementations"))

from reference import Reference

POOL: queue.Queue[psycopg.Connection[Any] | None] = queue.Queue()


class Pooled(Reference):
    """On a connection of the pool, which it leaves open."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection


class Handler(BaseHTTPRequestHandler):
    """POST /operation with the arguments as JSON; waits while all connections are in use."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer(200, None)

    def do_POST(self) -> None:
        arguments = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        connection = POOL.get()
        try:
            if connection is None or connection.closed:
                connection = psycopg.connect(os.environ["DATABASE_URL"], prepare_threshold=2, options="")
            self.answer(200, getattr(Pooled(connection), self.path.strip("/"))(**arguments))
        except Refused as error:
            self.answer(409, str(error))
        except Exception as error:  # noqa: BLE001  a service answers, whatever it is
            self.answer(500, str(error))
        finally:
            POOL.put(connection)

    def answer(self, status: int, result: Any) -> None:
        text = json.dumps({"result": result}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is logged."""


if __name__ == "__main__":
    for _ in range(int(sys.argv[2])):
        POOL.put(None)
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
