"""The first look, taken while psycopg is imported: the same as the session's own, or none."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread

import psycopg
import pytest
from judged import contract, named

from conformance import run
from conformance.errors import CannotEvaluate, UsageError
from conformance.options import Options
from conformance.sandbox import Server
from conformance.sources import ahead as ahead_source
from conformance.sources import opening, startup
from conformance.sources.ahead import Ahead
from conformance.sources.connection import Connection
from conformance.sources.database import Session
from conformance.sources.url import DatabaseUrl, parse


def tables() -> tuple[str, ...]:
    return tuple(contract().tables())


@contextmanager
def looking_ahead(url: DatabaseUrl, *names: str) -> Iterator[Session]:
    with Ahead(url, names or tables()) as ahead, Session(url, origin="a test", ahead=ahead) as session:
        yield session


def sessions(server: Server, database: str) -> int:
    """How many sessions of ours the database has."""
    with psycopg.connect(server.url, autocommit=True) as admin:
        counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        [(count,)] = admin.execute(counted, [database])
    return int(count)


def gone(server: Server, database: str) -> bool:
    """Whether no session is left, within two seconds."""
    until = time.monotonic() + 2
    while sessions(server, database) and time.monotonic() < until:
        time.sleep(0.02)
    return sessions(server, database) == 0


def test_it_gives_the_catalog_that_the_session_would_read(server: Server, database: str) -> None:
    url = parse(named(server, database))
    with Session(url, origin="a test") as session:
        own, target = session.catalog(tables()), session.target()
    with looking_ahead(url) as session:
        assert session.connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
        assert (session.catalog(tables()), session.target()) == (own, target)
    assert own.tables
    assert gone(server, database)


def test_a_check_asks_for_the_catalog_once(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Session) -> None:
        raise AssertionError("the session looked again")

    monkeypatch.setattr(Session, "_open", refused)
    assert run.check(named(server, database)).verdict == "pass"


def test_another_session_setting_stays_set(server: Server, database: str) -> None:
    """What was set ahead holds for what the session asks afterwards, in the same snapshot."""
    url = parse(named(server, database))
    with looking_ahead(url) as session:
        session.catalog(tables())
        settings = "SELECT current_setting('transaction_read_only'), current_setting('search_path')"
        assert session.connection.execute(settings).fetchone() == ("on", '""')


def test_other_names_are_looked_up_by_the_session(server: Server, database: str) -> None:
    url = parse(named(server, database))
    with looking_ahead(url, "goals") as session:
        assert set(session.catalog(["agents"]).tables) == {"agents"}


@pytest.mark.parametrize("text", ["postgresql://h1,h2/astra", "host=a,b dbname=astra", "postgresql://h:1,h:2/astra"])
def test_several_hosts_are_left_to_the_session(text: str) -> None:
    with Ahead(DatabaseUrl(text=text), tables()) as looking:
        assert looking.first() is None


def test_what_the_server_refuses_is_raised_by_the_session(
    server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once: waiting for a lock or a time-out takes no longer than it did."""
    asked: list[str] = []

    def wrong() -> str:
        asked.append("")
        return "SELECT no_such_column, %(names)s::text, %(path)s::text"

    monkeypatch.setattr(opening, "catalog_statement", wrong)
    url = parse(named(server, database))
    with looking_ahead(url) as session, pytest.raises(CannotEvaluate) as caught:
        session.catalog(tables())
    assert "the catalog could not be read: column" in str(caught.value)
    assert len(asked) == 1


def test_an_object_that_was_dropped_is_looked_for_again(
    server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = opening.catalog_statement()
    texts = ["SELECT pg_catalog.pg_get_viewdef(x'7ffffff0'::int::oid), 'nothing'::regclass, %(names)s, %(path)s"]
    monkeypatch.setattr(opening, "catalog_statement", lambda: texts.pop() if texts else statement)
    url = parse(named(server, database))
    with looking_ahead(url) as session:
        assert session.catalog(tables()).tables
    assert texts == []


def test_a_server_that_is_too_old(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "OLDEST", 990000)
    with pytest.raises(CannotEvaluate, match="is older than 12, the oldest that is judged"):
        run.check(named(server, database))


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead_source, "_PATIENCE_S", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        began = time.monotonic()
        with Ahead(parse(f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/astra"), tables()) as looking:
            assert looking.first() is None
    assert time.monotonic() - began < 5


SAYS_WELCOME = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I"
_REASON = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "u"\0\0'
SAYS_NO = b"E" + (len(_REASON) + 4).to_bytes(4, "big") + _REASON


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[str, list[str]]]:
    """What answers each new client with these bytes and then stands still: its URL, and who came."""
    came: list[str] = []
    clients: list[socket.socket] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            with suppress(OSError):  # closed
                while True:
                    client, (address, _) = listening.accept()
                    came.append(address)
                    clients.append(client)
                    client.recv(4096)
                    client.sendall(answer)

        Thread(target=serve, daemon=True).start()
        yield f"postgresql://u:p@127.0.0.1:{listening.getsockname()[1]}/astra?sslmode=disable&gssencmode=disable", came
    for client in clients:
        client.close()


def test_a_password_that_is_refused_is_tried_once() -> None:
    """Some servers lock a user out for a few wrong ones."""
    with answering(SAYS_NO) as (url, came), pytest.raises(CannotEvaluate, match="the server refused the password"):
        run.check(url)
    assert len(came) == 1


@pytest.mark.parametrize("way", ["ahead", "the session's own"])
def test_a_server_that_stands_still_is_given_up(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps no time-outs of ours."""
    monkeypatch.setattr(opening, "SILENCE_S", 0.2)
    monkeypatch.setattr(Connection, "silence_s", 0.2)
    if way != "ahead":
        monkeypatch.setattr(Ahead, "first", lambda self: None)
    with answering(SAYS_WELCOME) as (url, came), pytest.raises(CannotEvaluate, match="has stopped answering"):
        run.check(url)
    assert len(came) == (1 if way == "ahead" else 2)


def test_a_silence_is_waited_for_as_long_as_a_statement_may_take(server: Server, database: str) -> None:
    with Session(parse(named(server, database)), origin="a test") as session:
        session.connection.silence_s = 0.2
        with pytest.raises(psycopg.OperationalError, match="timeout expired"):
            session.connection.execute("SELECT pg_sleep(1)")
        beside = session._beside()
        assert beside.silence_s == session.connection.silence_s
        beside.close()
        assert session.connection.closed, "what it may still say would be taken for the next answer"
        assert session.connection.given_up


def test_a_name_that_nobody_knows_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def unknown(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CannotEvaluate, match="the host name is not known"):
        run.check("postgresql://u@db.example/astra")
    assert asked == ["db.example"]


def test_settings_that_the_server_refuses_are_told_by_the_session(
    server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "OPEN", opening.OPEN + "; SET LOCAL no_such_setting = 1")
    with pytest.raises(CannotEvaluate, match="no_such_setting"):
        run.check(named(server, database))


def test_it_ends_with_a_look_that_is_broken_off(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while psycopg is being imported, say: the server is left by who was looking."""
    monkeypatch.setattr(opening, "catalog_statement", lambda: "SELECT pg_sleep(20), %(names)s::text, %(path)s::text")
    with Ahead(parse(named(server, database)), tables()) as looking:
        until = time.monotonic() + 5
        while not sessions(server, database) and time.monotonic() < until:
            time.sleep(0.01)
    assert not looking.is_alive()
    assert looking.first() is None


def test_one_that_nobody_takes_over_is_closed(server: Server, database: str) -> None:
    with Ahead(parse(named(server, database)), tables()) as looking:
        looking.join()
        assert sessions(server, database) == 1
    assert gone(server, database)


def test_a_schema_that_is_named_is_looked_up(server: Server, database: str) -> None:
    url = named(server, database)
    assert run.check(url, Options(schema="public")).verdict == "pass"
    with pytest.raises(UsageError, match=r"the database own_.* has no schema of this name"):
        run.check(url, Options(schema="Public"))


def test_it_begins_before_psycopg_is_whole(server: Server, database: str) -> None:
    """Why it is there: in a process that is new, the wrapper is used before `psycopg` itself can be."""
    script = """
import sys
from conformance.sources import ahead
whole = []
real = ahead.Ahead._look
ahead.Ahead._look = lambda self, pq: (whole.append(hasattr(sys.modules["psycopg"], "connect")), real(self, pq))[1]
from conformance import check
print(check(sys.argv[1]).verdict, whole)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, named(server, database)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.stdout, ran.stderr) == ("pass [False]\n", "")
