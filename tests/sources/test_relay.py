"""What goes over a relay comes through as it is, and is told before."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from conformance.sandbox import Server
from conformance.sources.relay import Relay, Wire, relay_of


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def relay(server: Server, told: list[str]) -> Iterator[Relay]:
    def passes(wire: Wire, statement: str) -> None:
        assert wire.pid
        told.append(statement)

    found = Relay(server.url, passes)
    yield found
    found.close()


def test_every_way_to_run_a_statement_is_told_once(relay: Relay, told: list[str]) -> None:
    with psycopg.connect(relay.url, prepare_threshold=1, options="") as connection:
        connection.execute("SELECT 1")
        for number in (1, 2, 3):
            row = connection.execute("SELECT %s::int", (number,)).fetchone()
            assert row == (number,)
        with connection.pipeline():
            connection.execute("SELECT 4")
        connection.execute("SELECT repeat('x', 300000)").fetchall()
    assert [text for text in told if "pg_" not in text] == [
        "SELECT 1",
        *["SELECT $1::int"] * 3,
        "SELECT 4",
        "SELECT repeat('x', 300000)",
        "COMMIT",
    ]


def test_rows_can_be_copied_and_statements_cancelled(relay: Relay) -> None:
    with psycopg.connect(relay.url, autocommit=True, options="") as connection:
        connection.execute("CREATE TEMP TABLE one (x int)")
        with connection.cursor().copy("COPY one FROM STDIN") as copy:
            copy.write_row((7,))
        assert connection.execute("SELECT x FROM one").fetchall() == [(7,)]
        connection.cancel_safe()
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_session_that_is_ended_and_a_relay_that_is_closed_end_the_client(server: Server, relay: Relay) -> None:
    with psycopg.connect(relay.url, autocommit=True, options="") as connection:
        with psycopg.connect(server.url, autocommit=True, options="") as beside:
            beside.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with psycopg.connect(relay.url, autocommit=True, options="") as connection:
        relay.close()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_what_has_to_be_encrypted_is_not_relayed() -> None:
    assert relay_of("postgresql://h/d?sslmode=require", lambda wire, statement: None) is None
