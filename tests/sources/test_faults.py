"""What keeps us from looking is told in one line that says what and what to do, without a secret, with code 3."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from judged import contract, named

from conformance.errors import CannotEvaluate, ConformanceError, UsageError
from conformance.run import check
from conformance.sandbox import Server
from conformance.sources import opening, startup
from conformance.sources.database import Session
from conformance.sources.faults import connection_fault
from conformance.sources.url import DatabaseUrl, parse

CANARY = "c4n4ry p@ss/w:rd"
QUOTED = quote(CANARY, safe="")

Answer = Callable[[socket.socket], None]


@pytest.fixture
def listening() -> Iterator[Callable[[Answer], str]]:
    """Starts what answers on a port, and gives a URL that leads there."""
    with ExitStack() as stack:

        def start(answer: Answer) -> str:
            server = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
            held = stack.enter_context(ExitStack())

            def serve() -> None:
                while True:
                    try:
                        client, _ = server.accept()
                    except OSError:
                        return
                    held.callback(client.close)
                    client.settimeout(5)
                    try:
                        answer(client)
                    except OSError:
                        continue

            threading.Thread(target=serve, daemon=True).start()
            return f"postgresql://u:{QUOTED}@127.0.0.1:{server.getsockname()[1]}/astra"

        yield start


def saying(message: str, code: str = "28000") -> Answer:
    """A server that refuses a session with a message of its own."""

    def answer(client: socket.socket) -> None:
        while True:
            length = struct.unpack("!i", client.recv(4))[0]
            request = client.recv(length - 4)
            if struct.unpack("!i", request[:4])[0] not in (80877103, 80877104):  # not for TLS nor for GSSAPI
                break
            client.sendall(b"N")
        fields = b"SFATAL\0VFATAL\0C" + code.encode() + b"\0M" + message.encode() + b"\0\0"
        client.sendall(b"E" + struct.pack("!i", len(fields) + 4) + fields)
        client.close()

    return answer


def fault(url: str) -> str:
    """The one line, and that it is one, holds no secret and ends in 3."""
    with pytest.raises(CannotEvaluate) as caught:
        check(url)
    text = str(caught.value)
    assert caught.value.exit_code == 3
    assert "\n" not in text
    for secret in (CANARY, QUOTED, "c4n4ry"):
        assert secret not in text
    assert caught.value.__cause__ is None, "a chained error would be printed, and it is libpq's"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return text


# --- what answers is no server of ours ---


def test_something_else_answers(listening: Callable[[Answer], str]) -> None:
    url = listening(lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    text = fault(url)
    assert "does not speak PostgreSQL's protocol; check the port" in text
    assert url.rpartition("@")[2] in text


def test_something_hangs_up(listening: Callable[[Answer], str]) -> None:
    assert "the server ended the connection" in fault(listening(lambda client: client.close()))


def test_nothing_is_ever_said(listening: Callable[[Answer], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "CONNECTING", {**opening.CONNECTING, "connect_timeout": 2})
    url = listening(lambda client: None)
    assert "the server did not answer in time; check host, port and firewall" in fault(url)


def test_nothing_listens() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    text = fault(f"postgresql://u:{QUOTED}@127.0.0.1:{port}/astra")
    assert f"127.0.0.1:{port}/astra: nothing listens there; check host and port" in text


def test_no_socket_is_there(tmp_path: Path) -> None:
    assert "there is no server on that socket" in fault(f"postgresql://u:{QUOTED}@/astra?host={tmp_path}")


# --- what a server says ---

SAID = {
    'password authentication failed for user "u"': "the server refused the password",
    'database "astra" does not exist': "the server has no such database; check the name behind the last /",
    'role "u" does not exist': "the server has no such role; check the user",
    'no pg_hba.conf entry for host "127.0.0.1", user "u", database "astra", no encryption': "does not admit this user",
    "sorry, too many clients already": "the server has no connection left",
    "remaining connection slots are reserved for roles with the SUPERUSER attribute": "the connections that the server has left are reserved",
    "the database system is starting up": "the server is starting up; try again later",
    "the database system is shutting down": "the server is shutting down; try again when it is back",
    "terminating connection due to administrator command": "the server ended the connection",
    "unsupported startup parameter: options": "the pooler in front of the server takes no such setting; leave it out",
    "query_wait_timeout": "the pooler in front of the server has no connection free",
    "permission denied for database astra": "the role may not connect to this database; it needs CONNECT on it",
    "something that nobody here knows": "the connection failed (the server said: something",
}


@pytest.mark.parametrize(("message", "advice"), SAID.items())
def test_a_servers_words_are_understood_and_shown(
    listening: Callable[[Answer], str], message: str, advice: str
) -> None:
    text = fault(listening(saying(message)))
    assert advice in text
    assert f"(the server said: {message})" in text


@pytest.mark.parametrize("echo", [CANARY, QUOTED])
def test_a_server_that_echoes_the_password_is_not_quoted(listening: Callable[[Answer], str], echo: str) -> None:
    text = fault(listening(saying(f'password authentication failed for user "u" with password "{echo}"')))
    assert 'with password "…"' in text


def test_a_real_server_knows_no_such_database(server: Server) -> None:
    text = fault(named(server, "nowhere"))
    assert "the server has no such database" in text
    assert 'the server said: database "nowhere" does not exist' in text


def test_a_real_server_knows_no_such_role(server: Server) -> None:
    url = server.url.replace("postgresql://postgres@", f"postgresql://nobody_known:{QUOTED}@")
    assert "the server has no such role" in fault(url)


def test_a_session_that_is_ended_meanwhile(server: Server, database: str) -> None:
    with (
        Session(parse(named(server, database)), origin="a test") as session,
        psycopg.connect(server.url, autocommit=True) as admin,
    ):
        admin.execute("SELECT pg_terminate_backend(%s)", (session.connection.info.backend_pid,))
        with pytest.raises(CannotEvaluate, match="the server ended the connection"):
            session.catalog(contract().tables())


def test_a_catalog_that_takes_too_long(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "OPEN", opening.OPEN.replace("'30s'", "'50ms'"))
    monkeypatch.setattr(
        opening, "catalog_statement", lambda: "SELECT pg_catalog.pg_sleep(5), %(names)s::text, %(path)s::text"
    )
    with (
        Session(parse(named(server, database)), origin="a test") as session,
        pytest.raises(CannotEvaluate, match="could not be read within 30 s; try again when the server is less busy"),
    ):
        session.catalog(contract().tables())


def test_a_server_that_is_too_old(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "OLDEST", 990000)
    assert "is older than 12, the oldest that is judged" in fault(named(server, database))


def test_a_failed_catalog_query_is_no_empty_set(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "catalog_statement", lambda: "SELECT no_such_column, %(names)s::text, %(path)s::text")
    assert "the catalog could not be read: column" in fault(named(server, database))


def test_no_answer_is_no_empty_set(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = "SELECT 1 WHERE %(names)s::text IS NULL AND %(path)s::text IS NULL"
    monkeypatch.setattr(opening, "catalog_statement", lambda: nothing)
    assert "the server gave no answer to the catalog query" in fault(named(server, database))


def test_a_table_that_is_locked_is_said(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some majors lock a table to print what it says; a migration may hold it."""
    monkeypatch.setattr(opening, "OPEN", opening.OPEN.replace("lock_timeout = '5s'", "lock_timeout = '100ms'"))
    url = named(server, database)
    with psycopg.connect(url) as migration:
        migration.execute("LOCK TABLE agents, goals IN ACCESS EXCLUSIVE MODE")
        found = "it could be read beside the lock"
        try:
            check(url)
        except CannotEvaluate as error:
            found = str(error)
    assert found.startswith(("it could be read", "public.agents, public.goals are locked, perhaps by a migration"))


# --- libpq's words ---

LIBPQS = {
    "terminating connection due to conflict with recovery\nDETAIL:  …\nserver closed the connection unexpectedly": "is a standby",
    "transaction blocks not allowed in statement pooling mode\nserver closed the connection unexpectedly": "allows no transactions",
    "query_wait_timeout\nserver closed the connection unexpectedly": "has no connection free",
    'connection to server at "db" (10.0.0.1), port 5432 failed: Connection refused\n\tIs it?': "nothing listens there",
    'could not translate host name "db" to address: Name or service not known': "the host name is not known",
    "failed to resolve host 'db': [Errno -2] Name or service not known": "the host name is not known",
    "connection timeout expired": "the server did not answer in time",
    'connection to server at "db", port 5432 failed: Network is unreachable': "the network does not lead there",
    'connection to server at "db", port 5432 failed: No route to host': "the network does not lead there",
    "SSL error: certificate verify failed": "TLS certificate could not be verified",
    'server certificate for "x" does not match host name "db"': "TLS certificate could not be verified",
    'root certificate file "/root/.postgresql/root.crt" does not exist': "TLS certificate could not be verified",
    "server does not support SSL, but SSL was required": "the server has no TLS, which sslmode asks for",
    "fe_sendauth: no password supplied": "the server asks for a password",
    "received invalid response to SSL negotiation: H": "does not speak PostgreSQL's protocol",
    'connection to server at "db", port 5432 failed: session is not read-only': "target_session_attrs asks for",
    'connection to server at "db", port 5432 failed: server is not in hot standby mode': "target_session_attrs asks for",
    'authentication method requirement "none" failed: server requested SASL authentication': "require_auth",
    "channel binding required, but SSL not in use": "channel_binding asks for",
    "query_wait_timeout": "the pooler in front of the server has no connection free",
    "transaction blocks not allowed in statement pooling mode": "allows no transactions",
    f"something of libpq's that echoes {CANARY}": "for a reason that libpq does not name",
}


@pytest.mark.parametrize(("message", "advice"), LIBPQS.items())
def test_libpqs_words_are_understood_and_never_shown(message: str, advice: str) -> None:
    url = DatabaseUrl(text=f"postgresql://u:{QUOTED}@db/astra")
    error = connection_fault(psycopg.OperationalError(message), url, "db/astra")
    assert isinstance(error, CannotEvaluate)
    assert advice in str(error)
    assert message.splitlines()[0] not in str(error)
    assert CANARY not in str(error)


def test_a_value_that_libpq_does_not_know_is_a_wrong_call() -> None:
    url = DatabaseUrl(text="postgresql://db/astra?sslmode=maybe")
    error: ConformanceError = connection_fault(psycopg.OperationalError('invalid sslmode value: "maybe"'), url, "db")
    assert isinstance(error, UsageError)
    assert (error.exit_code, "sslmode" in str(error), "maybe" in str(error)) == (2, True, False)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("port=5432#frag", "gives port a value that is no number"),
        ("connect_timeout=abc", "gives connect_timeout a value that is no number"),
        ("service=nosuch", "names a service that no service file defines"),
    ],
)
def test_a_value_that_libpq_cannot_use_is_named(more: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check(f"host=127.0.0.1 dbname=db user=me {more}")
