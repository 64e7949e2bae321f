"""Running a cluster where there are unix sockets and signals."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from conformance.errors import CannotEvaluate
from conformance.sandbox.account import Account, server_account
from conformance.sandbox.binaries import Binaries
from conformance.sandbox.home import PREFIX, Home, make_home
from conformance.sandbox.programs import SETTINGS, START_TIME, Process, failure, make_cluster, spawn
from conformance.sandbox.sweep import sweep

if sys.platform == "win32":
    raise ImportError("unix sockets and signals are missing here")

_STOP_TIME = 10  # seconds that the server gets to stop
_LONGEST_SOCKET_PATH = 103  # bytes; Linux would allow 107
_SOCKET_IN_BASE = f"/{PREFIX}12345678/s/.s.PGSQL.5432"
# dynamic shared memory as files of the cluster, so that not even a killed server leaves any in /dev/shm
_SETTINGS = (*SETTINGS, "listen_addresses=", "port=5432", "dynamic_shared_memory_type=mmap")
_WATCHDOG = 'read -r _ || { read -r pid <"$1/postmaster.pid" && kill -QUIT "$pid"; }'


def start(stack: ExitStack, binaries: Binaries) -> str:
    """The URL of a running server of a fresh cluster; closing the stack stops it at once and removes all.

    Raises CannotEvaluate or OSError if the server can't be started.
    """
    account = server_account()
    bases = _temporary_folders()
    sweep(bases)
    home = make_home(stack, _base(bases, account), account)
    programs = _reachable(binaries, home, account)
    make_cluster(stack, programs, home, account, "--auth=trust")
    # A shell that stops the server if this process is killed, which closes the shell's empty input.
    watchdog = ["/bin/sh", "-c", _WATCHDOG, "conformance-sandbox-watchdog", str(home.data)]
    spawn(stack, watchdog, home, account, _dismiss, stdin=subprocess.PIPE)
    command = [str(programs.program("postgres")), "-D", str(home.data), "-k", str(home.socket)]
    command += [f"--{setting}" for setting in _SETTINGS]
    with home.log.open("wb") as log:
        server = spawn(stack, command, home, account, _stop, stdout=log)
    _wait_until_ready(server, programs, home)
    return f"postgresql://postgres@/postgres?host={quote(str(home.socket))}&port=5432"


def _dismiss(watchdog: Process) -> None:
    watchdog.communicate(b"the server is stopped\n")


def _stop(server: Process) -> None:
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(_STOP_TIME)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _temporary_folders() -> list[Path]:
    candidates = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108  for mkdtemp
    return list(dict.fromkeys(folder.resolve() for folder in candidates if folder.is_dir()))


def _base(bases: list[Path], account: Account | None) -> Path:
    for base in bases:
        short = len(os.fsencode(base)) + len(_SOCKET_IN_BASE) <= _LONGEST_SOCKET_PATH
        if short and os.access(base, os.W_OK | os.X_OK) and (account is None or account.enters(base)):
            return base
    tried = ", ".join(map(str, bases))
    raise CannotEvaluate(f"no temporary folder has a short path and serves the server's user (tried {tried})")


def _reachable(binaries: Binaries, home: Home, account: Account | None) -> Binaries:
    """The binaries, or a copy in the sandbox if they lie where the server's user can't execute them."""
    needed = [str(binaries.program(name)) for name in ("initdb", "postgres")]
    if account is None or all(account.runs([program, "--version"]) for program in needed):
        return binaries
    copy = binaries.copied_to(home.programs)
    account.take(home.programs)
    return copy


def _wait_until_ready(server: Process, binaries: Binaries, home: Home) -> None:
    deadline = time.monotonic() + START_TIME
    while not _is_ready(home):
        if server.poll() is not None:
            raise failure(binaries, f"the server ended with code {server.returncode}", home.log.read_bytes())
        if time.monotonic() > deadline:
            raise failure(binaries, f"the server was not ready within {START_TIME} s", home.log.read_bytes())
        time.sleep(0.01)


def _is_ready(home: Home) -> bool:
    try:
        lines = (home.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"
