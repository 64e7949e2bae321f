"""Servers, poolers and certificates that a way to a database is made of, each in a folder of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from judged import conforming, named

from conformance.fixtures_of import fill
from conformance.sandbox import Server
from conformance.sandbox.account import server_account

Ran = subprocess.CompletedProcess[str]
READER = "way_reader"
SECRET = "c4n4ry-of-ways"


@contextmanager
def astra_on(server: Server) -> Iterator[str]:
    """The URL, for a superuser, of a database with our migrations and the small clean world; `READER` may read it."""
    with psycopg.connect(server.url, autocommit=True) as admin:
        there = admin.execute("SELECT FROM pg_database WHERE datname = 'astra'").fetchone()
    if there is not None:  # somebody else's, who drops it
        yield named(server, "astra")
        return
    url = server.create_database("astra", template=conforming(server))
    fill(url, "0028")
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {READER} LOGIN PASSWORD '{SECRET}'".encode())
        admin.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}".encode())
    yield url
    server.drop_database("astra")
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"DROP ROLE {READER}".encode())


def as_account() -> dict[str, Any]:
    """How a server is started: PostgreSQL and pgbouncer refuse to run as root."""
    account = server_account()
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """A folder that any account may pass."""
    with tempfile.TemporaryDirectory(prefix="way-", dir="/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def handed_over(path: Path, mode: int = 0o600) -> Path:
    """A file or a tree that belongs to the account that servers run as."""
    path.chmod(mode)
    if (account := server_account()) is not None:
        account.take(path)
    return path


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def started(stack: ExitStack, command: Sequence[str | Path], log: Path) -> subprocess.Popen[bytes]:
    """A process of the servers' account, ended with the stack."""
    said = stack.enter_context(log.open("wb"))
    process = subprocess.Popen(
        command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd="/", **as_account()
    )
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    return process


def answering(url: str, log: Path, **given: Any) -> None:
    """Wait until a session can be had; skip the test where none comes."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            psycopg.connect(url, **given).close()
        except psycopg.OperationalError as error:
            last = error
            time.sleep(0.05)
        else:
            return
    pytest.skip(f"what was started does not answer: {last}: {log.read_text(errors='replace')[-300:]}")


def conformance(*arguments: str, **environment: str) -> Ran:
    """The command as a person runs it, in an environment with the variables given."""
    return subprocess.run(
        [sys.executable, "-m", "conformance", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
    )


def told_of(ran: Ran) -> list[tuple[str, str, str, str, str]]:
    """What a JSON report on standard output says of each outcome."""
    keys = ("id", "verdict", "expected", "observed", "note")
    return [tuple(outcome[key] for key in keys) for outcome in json.loads(ran.stdout)["outcomes"]]


def said(ran: Ran) -> str:
    """The one line of a run that could not look, which shows no secret and no traceback."""
    assert (ran.returncode, ran.stdout) == (3, ""), ran.stdout + ran.stderr
    assert ran.stderr.count("\n") == 1, ran.stderr
    assert SECRET not in ran.stderr
    assert ran.stderr.startswith("conformance: ")
    return ran.stderr.removeprefix("conformance: ").strip()
