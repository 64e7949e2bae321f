"""The hazards of many files, found in a process of their own while the files are folded in this one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from conformance import hazards
from conformance.lint_scope import Scope
from conformance.model.lint import Documented
from conformance.model.record import Record, replace
from conformance.sources.migrations import Text

WORTH = 400_000
"""From how many characters on another process is worth its start."""

_SERVE = "import sys; sys.path[:] = {path!r}; from conformance.beside import serve; serve()"


class Search(Record):
    """What is looked for, and how the files are run."""

    scope: Scope
    documented: Documented
    assume_transaction: bool
    major: int
    rows: Mapping[str, int]

    def hazards_of(self, files: Sequence[Text]) -> list[hazards.Found]:
        """The hazards of the statements in these files."""
        scripts = [self.scope.script(file) for file in files]
        found = hazards.hazards(
            scripts,
            assume_transaction=self.assume_transaction,
            major=self.major,
            rows=self.rows,
            documented=self.documented,
        )
        return self.scope.reported(found, scripts)


@contextmanager
def begun(search: Search, files: Sequence[Text]) -> Iterator[Callable[[], list[hazards.Found]]]:
    """Gives what waits for the hazards of these files, which are looked for meanwhile where that is worth it."""
    if sum(len(file.text) for file in files) < WORTH or _cores() < 2 or not sys.executable:
        yield lambda: search.hazards_of(files)
        return
    command = [sys.executable, "-I", "-c", _SERVE.format(path=sys.path)]
    process = subprocess.Popen(  # noqa: S603  our own code in our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        _tell(process, pickle.dumps((search, tuple(files))))

        def wait() -> list[hazards.Found]:
            answer, _ = process.communicate()
            if process.returncode != 0:  # whatever it was, it happens here too, or did not have to
                return search.hazards_of(files)
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
    search, files = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  written by `begun` above
    found = search.hazards_of(files)
    bare = {id(one.script): replace(one.script, statements=(), released=None) for one in found}
    sys.stdout.buffer.write(pickle.dumps([replace(one, script=bare[id(one.script)]) for one in found]))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
