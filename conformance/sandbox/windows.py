"""Running a cluster on Windows: a local TCP port, a password, and pg_ctl, which drops privileges."""

import secrets
import socket
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from conformance.sandbox.binaries import Binaries
from conformance.sandbox.home import Home, make_home
from conformance.sandbox.programs import SETTINGS, START_TIME, Process, failure, make_cluster, spawn
from conformance.sandbox.sweep import sweep

if sys.platform != "win32":
    raise ImportError("this is for Windows")


def start(stack: ExitStack, binaries: Binaries) -> str:
    """The URL of a running server of a fresh cluster; closing the stack stops it at once and removes all.

    Raises CannotEvaluate or OSError if the server can't be started.
    """
    base = Path(tempfile.gettempdir()).resolve()
    sweep([base])
    home = make_home(stack, base, None)
    password, port = secrets.token_hex(16), _free_port()
    password_file = home.socket / "password"
    password_file.write_text(password, encoding="ascii")
    make_cluster(stack, binaries, home, None, "--auth=scram-sha-256", f"--pwfile={password_file}")
    stack.callback(_control, binaries, home, "stop", "-m", "immediate")
    settings = (*SETTINGS, "listen_addresses=127.0.0.1", f"port={port}")
    options = " ".join(f"--{setting}" for setting in settings)
    home.log.touch()
    if _control(binaries, home, "start", "-l", str(home.log), "-t", str(START_TIME), "-o", options) != 0:
        raise failure(binaries, "the server did not start", home.log.read_bytes())
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def _control(binaries: Binaries, home: Home, *arguments: str) -> int:
    """pg_ctl's exit code. Its output goes nowhere: the server would inherit a pipe and hold it open."""
    command = [str(binaries.program("pg_ctl")), "-D", str(home.data), "-w", *arguments]
    with ExitStack() as stack:
        return spawn(stack, command, home, None, Process.wait).wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
