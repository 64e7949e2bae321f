"""The hazards of many files, found in a process of their own while the files are folded in this one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from conformance import hazards
from conformance.model.record import replace
from conformance.sources.lint_files import script
from conformance.sources.migrations import Text

WORTH = 400_000
"""From how many characters on another process is worth its start."""

_SERVE = "import sys; sys.path[:] = {path!r}; from conformance.beside import serve; serve()"


def hazards_of(files: Sequence[Text], *, assume_transaction: bool) -> list[hazards.Found]:
    """The hazards of the statements in these files."""
    return hazards.hazards([script(file) for file in files], assume_transaction=assume_transaction)


@contextmanager
def begun(files: Sequence[Text], *, assume_transaction: bool) -> Iterator[Callable[[], list[hazards.Found]]]:
    """Gives what waits for the hazards of these files, which are looked for meanwhile where that is worth it."""
    if sum(len(file.text) for file in files) < WORTH or _cores() < 2 or not sys.executable:
        yield lambda: hazards_of(files, assume_transaction=assume_transaction)
        return
    command = [sys.executable, "-I", "-c", _SERVE.format(path=sys.path)]
    process = subprocess.Popen(  # noqa: S603  our own code in our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        _tell(process, pickle.dumps((tuple(files), assume_transaction)))

        def wait() -> list[hazards.Found]:
            answer, _ = process.communicate()
            if process.returncode != 0:  # whatever it was, it happens here too, or did not have to
                return hazards_of(files, assume_transaction=assume_transaction)
            found: list[hazards.Found] = pickle.loads(answer)  # noqa: S301  written by `serve` below
            return found

        yield wait
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _tell(process: subprocess.Popen[bytes], question: bytes) -> None:
    if process.stdin is None:
        return
    try:
        process.stdin.write(question)
        process.stdin.close()
    except BrokenPipeError:  # it has ended, which is seen when it is waited for
        pass
    process.stdin = None


def serve() -> None:
    """What the other process does: files come in, hazards go out."""
    files, assume_transaction = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  written by `begun` above
    found = hazards_of(files, assume_transaction=assume_transaction)
    bare = {id(one.script): replace(one.script, statements=()) for one in found}
    sys.stdout.buffer.write(pickle.dumps([replace(one, script=bare[id(one.script)]) for one in found]))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
