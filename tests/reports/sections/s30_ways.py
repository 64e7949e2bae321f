"""What comes of one database by every way to it, looked at anew: in front, encrypted, copied, and in no state to answer."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
from compatibility import table
from encrypting import HOLDER, Encrypting, encrypting
from judged import told
from owning import Cluster, connection_when_free, embedded_programs
from pglite import pglite_server
from pooler import poolers
from pretending import pretending
from running import READER, SECRET, astra_on
from test_engines import PRETENDERS

from conformance.errors import ConformanceError
from conformance.model.report import Report
from conformance.run import audit, check
from conformance.sandbox import Server

TITLE = "Ways to a server, and its states"
Row = tuple[str, ...]
_TEXT = """\
One database, which conforms and has rows, by each way to it. *Judged* is: exit code 0, and every outcome of `check` and of
`audit` is the one that the server itself gives on its socket, to the letter (but for how many roles it has). What is refused ends
in exit code 3.

"""
_NOT_TRIED = """
Not tried, because they cannot be had where the tests run: CockroachDB, Redshift and YugabyteDB themselves (those above
are a server of ours that says of itself what they say), Citus with workers, the poolers of hosted services.
"""


def text(fixture: Callable[[str], Any]) -> str:
    """The table, and what is not in it."""
    server: Server = fixture("server")
    with ExitStack() as stack:
        astra = stack.enter_context(astra_on(server))
        direct = astra.replace("//postgres@", f"//{READER}@")
        plain = looks(direct)
        ways = (pooled, standing_by, encrypted, not_ready, others)
        rows = [(what, result(url, plain)) for way in ways for what, url in way(stack, server)]
    return _TEXT + table(("way", "result"), *rows) + _NOT_TRIED


def looks(url: str) -> list[Report]:
    return [check(url), audit(url)]


def outcomes(report: Report) -> list[Row]:
    """All of them; how many roles a server has is left out."""
    return [row if row[0] != "0006/events/immutable" else row[:2] for row in told(report.outcomes)]


def result(url: str, plain: list[Report]) -> str:
    """What a person is told, without what differs from run to run."""
    try:
        found = looks(url)
    except ConformanceError as error:
        _, _, after = str(error).partition("cannot look at the database ")
        words = after.partition(": ")[2].partition(" (the server said")[0] or str(error)
        return f"refused ({error.exit_code}): {words}".replace("|", "\\|")
    same = all(outcomes(one) == outcomes(other) for one, other in zip(found, plain, strict=True))
    notes = [f"; {note}" for note in found[0].remarks if "the server is" in note]
    return ("judged" if same and not any(report.exit_code for report in found) else "judged otherwise") + "".join(notes)


def pooled(stack: ExitStack, server: Server) -> Iterator[Row]:
    start = stack.enter_context(poolers(folder_of(server)))
    for mode in ("session", "transaction", "statement"):
        yield f"pgbouncer, {mode} mode", start(pool_mode=mode).url
    one = start(pool_mode="transaction", default_pool_size=1, query_wait_timeout=1)
    yield "pgbouncer, one connection for all", one.url
    holder = psycopg.connect(one.url)
    holder.execute("SELECT 1")
    yield "pgbouncer, no connection free", one.url
    holder.close()
    options = "?options=-c%20search_path%3Dapp"
    yield "pgbouncer, `options` in the URL", start(pool_mode="transaction").url + options
    dropping = start(pool_mode="transaction", ignore_startup_parameters="options")
    yield "pgbouncer, which drops `options` in silence", dropping.url + options
    with psycopg.connect(one.url, autocommit=True) as other:
        other.execute("SET search_path = pg_catalog")
        yield "pgbouncer, after another client's `SET search_path`", one.url
        other.execute("RESET search_path")


def standing_by(stack: ExitStack, server: Server) -> Iterator[Row]:
    cluster = Cluster(stack, embedded_programs(stack)).copied_from(folder_of(server))
    cluster.start()
    url = cluster.url.replace("//postgres@/postgres?", f"//{READER}@/astra?")
    yield "a hot standby", url
    yield "a hot standby, `target_session_attrs=primary`", url + "&target_session_attrs=primary"


def encrypted(stack: ExitStack, server: Server) -> Iterator[Row]:
    tls = stack.enter_context(encrypting())
    ours, theirs = tls.root(), tls.root(tls.other)
    for mode in ("disable", "require"):
        yield f"TLS, `sslmode={mode}`", tls.url(f"sslmode={mode}")
    for mode in ("verify-ca", "verify-full"):
        yield f"TLS, `sslmode={mode}`", tls.url(f"sslmode={mode}&{ours}")
    yield "TLS, `channel_binding=require`", tls.url("sslmode=require&channel_binding=require")
    yield "TLS, another authority", tls.url(f"sslmode=verify-full&{theirs}")
    yield "TLS, no file of authorities", tls.url("sslmode=verify-full&sslrootcert=/nowhere/root.crt")
    yield "TLS, another host, `verify-full`", tls.url(f"sslmode=verify-full&{ours}", host="127.0.0.1")
    with tls.showing(*tls.own.sign("old", "localhost", host="localhost", dates="expired")):
        yield "TLS, expired", tls.url(f"sslmode=verify-full&{ours}")
    with tls.set_to(ssl="off"):
        yield "no TLS, `sslmode=require`", tls.url("sslmode=require")
    jdbc = f"jdbc:postgresql://localhost:{tls.port}/astra?user={READER}&password={SECRET}&ssl=true&{ours}"
    yield "TLS, JDBC's `ssl=true`", jdbc
    yield from certified(tls)


def certified(tls: Encrypting) -> Iterator[Row]:
    right, wrong = tls.own.sign("holder", HOLDER), tls.own.sign("someone", "someone")
    shown = {"right": right, "another user's": wrong, "another authority's": tls.other.sign("holder", HOLDER)}
    yield "client certificate, none", tls.url("sslmode=require", user=HOLDER)
    for words, (certificate, key) in shown.items():
        query = f"sslmode=require&sslcert={certificate}&sslkey={key}"
        yield f"client certificate, {words}", tls.url(query, user=HOLDER)


def not_ready(stack: ExitStack, server: Server) -> Iterator[Row]:
    programs = embedded_programs(stack)
    narrow = Cluster(stack, programs).filled()
    process = narrow.start(
        max_connections=2, superuser_reserved_connections=1, reserved_connections=0, max_wal_senders=0
    )
    with psycopg.connect(narrow.url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {READER} LOGIN".encode())
        reader = narrow.url.replace("//postgres@", f"//{READER}@")
        _until(reader, "are reserved")
        yield "the last connections are reserved", reader
        with connection_when_free(narrow.url):
            yield "no connection left", narrow.url
        process.send_signal(signal.SIGTERM)
        _until(narrow.url, "shutting down")
        yield "shutting down", narrow.url
    process.wait(20)
    yield "stopped", narrow.url
    closed = Cluster(stack, programs).filled()
    Path(closed.data, "standby.signal").touch()
    closed.start(wait=False, hot_standby="off")
    _until(closed.url, "not accepting connections")
    yield "a standby, `hot_standby=off`", closed.url


def _until(url: str, words: str) -> None:
    """Tries until the server says so."""
    said = ""
    while words not in said:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as error:
            said = str(error)


def others(stack: ExitStack, server: Server) -> Iterator[Row]:
    yield "PGlite's socket server", stack.enter_context(pglite_server())
    for name, (version, parameters, _) in PRETENDERS.items():
        yield f"{name}, pretended", stack.enter_context(pretending(version, parameters))


def folder_of(server: Server) -> str:
    return parse_qs(urlsplit(server.url).query)["host"][0]
