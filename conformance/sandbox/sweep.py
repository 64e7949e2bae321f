"""Clearing away what killed runs left: their servers and folders, never those of a run that still lives."""

import os
import stat
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from signal import SIGTERM

from conformance.sandbox import processes
from conformance.sandbox.home import PREFIX, Home, remove_tree
from conformance.sandbox.owner import owner_from_json

if sys.platform == "win32":
    _STOP = _KILL = SIGTERM  # ends the process at once there, and PostgreSQL's others follow it
else:
    from signal import SIGKILL as _KILL
    from signal import SIGQUIT as _STOP

_OWNERLESS_AGE = 60.0  # seconds in which a sandbox being made surely has got its owner file
_STOP_TIME = 10.0  # seconds that a server gets to stop


def sweep(bases: Iterable[Path]) -> None:
    """Remove the abandoned sandboxes below the folders, as far as they are this user's (for root: anyone's).

    Never raises for what it meets there: another run may be sweeping the same.
    """
    for base in bases:
        for path in base.glob(f"{PREFIX}*"):
            with suppress(OSError):
                _sweep(Home(path=path))


def _sweep(home: Home) -> None:
    status = home.path.lstat()
    if not stat.S_ISDIR(status.st_mode) or not _is_ours(status) or not _is_abandoned(home, status):
        return
    _stop(home.data)
    # Only one of several sweepers can rename it, and that one removes it.
    claimed = home.path.with_name(f"{PREFIX}swept-{os.getpid()}-{time.monotonic_ns()}")
    home.path.rename(claimed)
    remove_tree(claimed)


def _is_ours(status: os.stat_result) -> bool:
    return sys.platform == "win32" or os.geteuid() in (0, status.st_uid)


def _is_abandoned(home: Home, status: os.stat_result) -> bool:
    owner = owner_from_json(_read(home.owner))
    return time.time() - status.st_mtime > _OWNERLESS_AGE if owner is None else owner.is_gone()


def _stop(data: Path) -> None:
    first = (_read(data / "postmaster.pid").split() or [""])[0]
    if not first.isdecimal():
        return
    pid = int(first)
    for number in (_STOP, _KILL):
        deadline = time.monotonic() + _STOP_TIME
        if _is_postmaster(pid, data):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        while _is_postmaster(pid, data) and time.monotonic() < deadline:
            time.sleep(0.02)


def _is_postmaster(pid: int, data: Path) -> bool:
    """Whether the process is a postgres started on that data directory, by the directory's user."""
    found = processes.owner_and_command(pid)
    return found is not None and found[0] == data.stat().st_uid and f"-D {data} " in f"{found[1]} "


def _read(path: Path) -> str:
    """The text of a small file, or nothing if there is none; no stranger's pipe may hold root up."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return ""
    try:
        return os.read(file, 4096).decode("utf-8", errors="replace")
    finally:
        os.close(file)
