"""The password of a database, from a file or from a person: never from the command line, where others read it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from conformance.errors import PasswordMissing, UsageError

_VARIABLE = "PGPASSWORD"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def take_from(file: Path) -> None:
    """What stands in the file's first line is the password of every URL that has none. Raises `UsageError`."""
    try:
        mode = file.stat().st_mode
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise UsageError(f"--password-file {file}: cannot be read: {why}") from None
    if os.name == "posix" and stat.S_ISREG(mode) and mode & _OTHERS:
        raise UsageError(f"--password-file {file}: others may read it; chmod 600 {file}")
    if not lines or not lines[0]:
        raise UsageError(f"--password-file {file}: its first line is empty")
    os.environ[_VARIABLE] = lines[0]


def asking(run: Callable[[], int]) -> int:
    """What `run` gives; where the server asks for a password that nobody gave, a person at a terminal is asked once."""
    try:
        return run()
    except PasswordMissing as error:
        if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        from getpass import getpass

        os.environ[_VARIABLE] = getpass(f"Password for {error.where}: ", sys.stderr)
    return run()
