"""pgbouncer in front of a server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from running import READER, SECRET, answering, folder_of_its_own, free_port, handed_over, started


@dataclass(frozen=True)
class Pooler:
    """One that runs, and where it says what it does."""

    url: str
    log: Path

    def backend(self) -> int:
        """Which of the server's processes a session through it is led to."""
        with psycopg.connect(self.url) as session:
            row = session.execute("SELECT pg_catalog.pg_backend_pid()").fetchone()
        assert row is not None
        return int(row[0])


Pooled = Callable[..., Pooler]


@contextmanager
def poolers(server_folder: str) -> Iterator[Pooled]:
    """Starts pgbouncer in front of the server whose socket is in a folder; what is given are settings of pgbouncer."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed (Debian: apt-get install pgbouncer)")
    with ExitStack() as stack:

        def start(**settings: object) -> Pooler:
            folder, port = stack.enter_context(folder_of_its_own()), free_port()
            users = folder / "users"
            users.write_text(f'"{READER}" "{SECRET}"\n')
            given = {
                "listen_addr": "127.0.0.1",
                "listen_port": port,
                "unix_socket_dir": "",
                "auth_type": "scram-sha-256",
                "auth_file": handed_over(users),
                **settings,
            }
            ini = folder / "ini"
            lines = [f"{key} = {value}" for key, value in given.items()]
            ini.write_text("\n".join(["[databases]", f"* = host={server_folder} port=5432", "[pgbouncer]", *lines, ""]))
            started(stack, [program, handed_over(ini)], folder / "log")
            url = f"postgresql://{READER}:{SECRET}@127.0.0.1:{port}/astra"
            answering(url, folder / "log")
            return Pooler(url, folder / "log")

        yield start
