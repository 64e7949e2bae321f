"""A service that is started for a run, with the processes that it starts itself, and ended with the run, also with one
that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO

from conformance.errors import CannotEvaluate

_PATIENCE_S = 5.0
_MOST_BYTES = 4000
_WATCH = "import os, sys; os.read(0, 1); os.killpg(int(sys.argv[1]), 9)"
"""Waits for the end of who holds the other side of its input, and ends the group of the service then."""


class Service:
    """The process, as long as the context lives. What it says is kept for when it ends."""

    def __init__(self, command: list[str], database_url: str) -> None:
        self._command = command
        self._environment = {**os.environ, "DATABASE_URL": database_url}
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None

    def __enter__(self) -> Service:
        self._said = TemporaryFile()
        try:
            self._process = subprocess.Popen(  # noqa: S603  it is the user's own
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                start_new_session=True,  # a group of its own, so that its workers end with it
            )
        except OSError as error:
            self._said.close()
            raise CannotEvaluate(f"the service cannot be started: {error}") from None
        if hasattr(os, "killpg"):
            self._watch = subprocess.Popen(  # noqa: S603  this Python
                [sys.executable, "-I", "-S", "-c", _WATCH, str(self._process.pid)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._signal(self._process, terminate=True)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE_S)
            self._signal(self._process, terminate=False)
            if self._watch is not None:
                self._watch.kill()  # before the number of the service is free for another
                self._watch.communicate()
            self._process.wait()
        if self._said is not None:
            self._said.close()

    @staticmethod
    def _signal(process: subprocess.Popen[bytes], *, terminate: bool) -> None:
        """To the process and all that it started, of which some may live on without it."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGTERM if terminate else signal.SIGKILL)
            elif terminate:
                process.terminate()
            else:
                process.kill()

    def alive(self) -> None:
        """Raises `CannotEvaluate` where it has ended, with the last that it said."""
        if self._process is None or self._process.poll() is None:
            return
        words = f": {last}" if (last := self._last()) else ""
        raise CannotEvaluate(f"the service ended with {self._process.returncode} as it was started{words}")

    def _last(self) -> str:
        if self._said is None:
            return ""
        self._said.seek(max(self._said.seek(0, os.SEEK_END) - _MOST_BYTES, 0))
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return " ".join(lines[-1].split()) if lines else ""
