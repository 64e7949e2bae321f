"""Throw-away PostgreSQL servers: from a wheel, from this machine, or in a container, behind one interface.

    with sandbox() as server:
        url = server.create_database("candidate")

Importing this package is cheap: what a kind of server needs is imported when it is started.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from conformance.errors import CannotEvaluate
from conformance.sandbox.binaries import embedded_binaries, local_binaries
from conformance.sandbox.cluster import start_cluster
from conformance.sandbox.container import start_container
from conformance.sandbox.interrupts import close_uninterrupted, termination_as_exit
from conformance.sandbox.server import KINDS, SandboxKind, Server

__all__ = ["KINDS", "SandboxKind", "Server", "sandbox"]


@contextmanager
def sandbox(kind: SandboxKind | None = None, major: int | None = None, image: str | None = None) -> Iterator[Server]:
    """A server that lives as long as the context, of the kind asked for or of the first that can be had.

    `major` is PostgreSQL's major version; without it, the newest at hand. `image` is what Docker runs. In the
    main thread, SIGTERM ends the context as SystemExit does, unless the program handles it. Raises
    CannotEvaluate, saying how to get a server, when none can be had.
    """
    stack = ExitStack()
    kinds: tuple[SandboxKind, ...] = KINDS if image is None else ("docker",)
    with termination_as_exit():
        try:
            yield _first_to_be_had(stack, (kind,) if kind is not None else kinds, major, image)
        finally:
            close_uninterrupted(stack)


def _first_to_be_had(stack: ExitStack, kinds: tuple[SandboxKind, ...], major: int | None, image: str | None) -> Server:
    reasons = []
    for kind in kinds:
        try:
            return _STARTERS[kind](stack, major, image)
        except CannotEvaluate as error:
            reasons.append(f"{kind}: {error}")
        close_uninterrupted(stack)
    raise CannotEvaluate(f"no throw-away PostgreSQL server can be had: {'; '.join(reasons)}")


_STARTERS: dict[SandboxKind, Callable[[ExitStack, int | None, str | None], Server]] = {
    "embedded": lambda stack, major, _: start_cluster(stack, embedded_binaries(major)),
    "local": lambda stack, major, _: start_cluster(stack, local_binaries(major)),
    "docker": start_container,
}
