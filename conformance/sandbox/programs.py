"""What running PostgreSQL's programs takes on every system: processes, settings, initdb, the log."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import IO, TypeAlias

from conformance.errors import CannotEvaluate
from conformance.sandbox.account import Account
from conformance.sandbox.binaries import Binaries
from conformance.sandbox.home import Home
from conformance.sandbox.interrupts import interrupts_deferred

Process: TypeAlias = subprocess.Popen[bytes]

SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "max_connections=64",
)
START_TIME = 60  # seconds that a server gets to become ready
_INITDB_TIME = 120  # seconds
_LOG_LINES = 5
if sys.platform == "win32":
    _OWN_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _OWN_GROUP = 0


def spawn(
    stack: ExitStack,
    command: Sequence[str],
    home: Home,
    account: Account | None,
    end: Callable[[Process], object],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
) -> Process:
    """A process that Ctrl-C at the terminal doesn't reach; closing the stack calls `end` to end it."""
    with interrupts_deferred():
        process = subprocess.Popen(  # noqa: S603  PostgreSQL's own programs, and the watchdog
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            cwd=home.path,
            env=_environment(),
            start_new_session=True,
            creationflags=_OWN_GROUP,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
        )
        stack.callback(end, process)
    return process


def make_cluster(
    stack: ExitStack, binaries: Binaries, home: Home, account: Account | None, *authentication: str
) -> None:
    """Run initdb: superuser postgres, UTF8, locale C. Raises CannotEvaluate with what it said if it fails."""
    command = [str(binaries.program("initdb")), "-D", str(home.data), "-U", "postgres", *authentication]
    command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    process = spawn(stack, command, home, account, _kill_with_children, stdout=subprocess.PIPE)
    try:
        output, _ = process.communicate(timeout=_INITDB_TIME)
    except subprocess.TimeoutExpired as error:
        said = error.output or b""
        raise failure(binaries, f"initdb took longer than {_INITDB_TIME} s", said) from error
    if process.returncode != 0:
        raise failure(binaries, f"initdb ended with code {process.returncode}", output)


def failure(binaries: Binaries, what: str, log: bytes) -> CannotEvaluate:
    """The error that says what failed, and the last lines of the log on one line."""
    lines = [line.strip() for line in log.decode(errors="replace").splitlines() if line.strip()]
    said = " | ".join(lines[-_LOG_LINES:]) or "nothing was logged"
    return CannotEvaluate(f"PostgreSQL {binaries.version} in {binaries.root / binaries.bin}: {what}: {said}")


def _environment() -> dict[str, str]:
    """This process's, without the PG* variables meant for the database that is checked, and in English."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _kill_with_children(process: Process) -> None:
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
