"""What a run that was killed leaves on a server that somebody lent, and who takes it away."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from conformance.sandbox import Server
from conformance.sandbox.lent import MARK, PREFIX, lent, sweep


def there(server: Server) -> set[str]:
    with psycopg.connect(server.url) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'conformance\\_prove%'"
        ).fetchall()
    return {str(row[0]) for row in rows}


def made(server: Server, name: str, *, mark: str | None = MARK, owner: str | None = None) -> str:
    server.create_database(name)
    with psycopg.connect(server.url, autocommit=True) as connection:
        if mark is not None:
            connection.execute(f"COMMENT ON DATABASE {name} IS '{mark}'".encode())
        if owner is not None:
            connection.execute(f"ALTER DATABASE {name} OWNER TO {owner}".encode())
    return name


@pytest.fixture
def clean(server: Server) -> Iterator[Server]:
    yield server
    for name in there(server):
        server.drop_database(name)


def test_only_what_was_left_by_a_killed_run_is_swept(clean: Server) -> None:
    with psycopg.connect(clean.url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS another")
        connection.execute("CREATE ROLE another")
    runs = [uuid4().hex for _ in range(5)]
    left = {made(clean, f"{PREFIX}{runs[0]}"), made(clean, f"{PREFIX}{runs[0]}_world")}
    kept = {
        made(clean, f"{PREFIX}{runs[1]}", mark=None),
        made(clean, f"{PREFIX}{runs[2]}", mark="of somebody else"),
        made(clean, f"{PREFIX}{runs[3]}", owner="another"),
        made(clean, f"{PREFIX}mine"),
    }
    used = made(clean, f"{PREFIX}{runs[4]}")
    with psycopg.connect(clean.url.replace("/postgres?", f"/{used}?")):
        assert set(sweep(clean.url)) == left
    assert there(clean) == kept | {used}
    assert sweep(clean.url) == (used,)


def test_the_databases_of_a_living_run_are_let_be(clean: Server) -> None:
    run = uuid4().hex
    name = f"{PREFIX}{run}_races"
    with lent(clean.url, run, (name,)) as running:
        running.create_database(name)
        assert sweep(clean.url) == ()
        with lent(clean.url, uuid4().hex, ()):
            assert there(clean) == {name}
    assert there(clean) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_killed_run_is_cleaned_up_after_by_the_next(clean: Server) -> None:
    command = [sys.executable, "-m", "conformance", "prove", "--server", clean.url]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:
        until = time.monotonic() + 60
        while not any(name.endswith("_world") for name in there(clean)) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)
        running.send_signal(signal.SIGKILL)
    assert there(clean)
    busy = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'conformance\\_prove%'"
    with psycopg.connect(clean.url, autocommit=True) as watch:
        while watch.execute(busy).fetchone() != (0,) and time.monotonic() < until:
            time.sleep(0.05)
    command += ["--select", "0015/agents.name/unique", "--examples", "1"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert there(clean) == set()
