"""Throw-away PostgreSQL servers: from a wheel, from this machine, or in a container, behind one interface.

    with sandbox() as server:
        url = server.create_database("candidate")

Importing this package is cheap: what a kind of server needs is imported when it is started.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from conformance.errors import CannotEvaluate
from conformance.sandbox.binaries import embedded_binaries, local_binaries
from conformance.sandbox.cluster import cluster
from conformance.sandbox.container import container
from conformance.sandbox.interrupts import termination_as_exit
from conformance.sandbox.server import KINDS, SandboxKind, Server

__all__ = ["KINDS", "SandboxKind", "Server", "sandbox"]


@contextmanager
def sandbox(kind: SandboxKind | None = None, major: int | None = None) -> Iterator[Server]:
    """A server that lives as long as the context, of the kind asked for or of the first that can be had.

    `major` is PostgreSQL's major version; without it, the newest at hand. In the main thread, SIGTERM ends
    the context as SystemExit does, unless the program handles it. Raises CannotEvaluate, saying how to get
    a server, when none can be had.
    """
    with ExitStack() as stack:
        stack.enter_context(termination_as_exit())
        yield _first_to_be_had(stack, KINDS if kind is None else (kind,), major)


def _first_to_be_had(stack: ExitStack, kinds: tuple[SandboxKind, ...], major: int | None) -> Server:
    reasons = []
    for kind in kinds:
        try:
            return stack.enter_context(_OPENERS[kind](major))
        except CannotEvaluate as error:
            reasons.append(f"{kind}: {error}")
    raise CannotEvaluate(f"no throw-away PostgreSQL server can be had: {'; '.join(reasons)}")


_OPENERS: dict[SandboxKind, Callable[[int | None], AbstractContextManager[Server]]] = {
    "embedded": lambda major: cluster(embedded_binaries(major)),
    "local": lambda major: cluster(local_binaries(major)),
    "docker": container,
}
