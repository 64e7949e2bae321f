"""Graphs in tables of a real server: keys of all types, arrays, partitions, own changes, faults."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from conformance.errors import OutOfTime
from conformance.graph import decide
from conformance.model.cycle import Acyclicity, EdgeSource
from conformance.sandbox import Server
from conformance.sources import edge_companion, edge_layout, edge_reader, edges
from conformance.sources.edges import acyclic

PLAIN = EdgeSource(schema="public", table="e", source="a", target="b")
CHAIN = "INSERT INTO e SELECT md5(i::text)::uuid, md5((i + 1)::text)::uuid FROM generate_series({}, {}) AS i"


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    yield server.create_database("edges")
    server.drop_database("edges")


@pytest.fixture
def own(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection, after which nothing is left of what was made."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.execute('DROP SCHEMA IF EXISTS "Sch ""e%s" CASCADE')
        connection.execute("CREATE TABLE e (a uuid, b uuid)")
        yield connection


@contextmanager
def looking(connection: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL search_path = ''")
    yield connection
    assert connection.info.transaction_status == TransactionStatus.INTRANS
    connection.execute("ROLLBACK")


def asked(connection: psycopg.Connection[Any], source: EdgeSource = PLAIN, **how: Any) -> Acyclicity:
    with looking(connection) as inside:
        return acyclic(inside, source, **how)


def uuid(connection: psycopg.Connection[Any], number: int) -> str:
    row = connection.execute("SELECT md5(%s::text)::uuid::text", (number,)).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("numpy", [True, False])
@pytest.mark.parametrize("low_memory", [True, False])
@pytest.mark.parametrize("companion", [True, False])
def test_a_chain_and_a_way_back(
    own: psycopg.Connection[Any],
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    numpy: bool,
    low_memory: bool,
    companion: bool,
) -> None:
    monkeypatch.setattr(decide, "vectorised", lambda: numpy)
    monkeypatch.setattr(edge_layout, "BLOCKS", 16)
    own.execute(CHAIN.format(1, 30_000))
    how = {"second": (lambda: psycopg.connect(url)) if companion else None, "low_memory": low_memory}
    clean = asked(own, **how)
    assert (clean.edges, clean.cycle, clean.shortest, clean.cyclic_edges) == (30_000, None, True, 0)
    assert ("two connections" if companion else "one connection") in clean.way
    assert ("in plain Python" in clean.way) is not numpy
    own.execute("INSERT INTO e SELECT md5('1007')::uuid, md5('1000')::uuid")
    bad = asked(own, **how)
    ids = [uuid(own, number) for number in range(1000, 1008)]
    first = ids.index(min(ids))
    assert bad.cycle == tuple(ids[first:] + ids[:first])
    assert (bad.edges, bad.shortest, bad.cyclic_edges) == (30_001, True, 8)


def test_an_empty_table_and_null_ends(own: psycopg.Connection[Any]) -> None:
    assert asked(own).edges == 0
    own.execute(CHAIN.format(1, 3))
    own.execute("INSERT INTO e VALUES (NULL, md5('1')::uuid), (md5('4')::uuid, NULL), (NULL, NULL)")
    found = asked(own)
    assert (found.edges, found.cycle, found.shortest, found.cyclic_edges) == (3, None, True, 0)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    ("key", "values", "cycle"),
    [
        ("int2", "(9, 10), (10, 9), (9, -3), (-3, 9), (1, 2)", ("-3", "9")),
        ("int4", "(2, 10), (10, 2), (5, 2)", ("2", "10")),
        ("int8", "(9223372036854775807, -9223372036854775808), (-9223372036854775808, 9223372036854775807)",
         ("-9223372036854775808", "9223372036854775807")),
        ("text", "('ä', ''), ('', 'ä'), ('z', 'y')", ("", "ä")),
        ("varchar", "('b', 'c'), ('c', 'd'), ('d', 'b'), ('x', NULL)", ("b", "c", "d")),
        ("int4", "(1, 2), (2, 3)", None),
        ("text", "('a', 'A'), ('A', 'b'), ('b', 'a ')", None),
    ],
)  # fmt: skip
def test_keys_of_other_types(
    own: psycopg.Connection[Any], key: Any, values: str, cycle: tuple[str, ...] | None, whole: bool
) -> None:
    own.execute(f"CREATE TABLE k (a {key}, b {key}); INSERT INTO k VALUES {values}")
    found = asked(own, EdgeSource(schema="public", table="k", source="a", target="b", key=key, whole=whole))
    assert found.cycle == cycle
    assert ("as a whole" in found.way) is whole


@pytest.mark.parametrize("whole", [True, False])
def test_an_array_of_targets_under_odd_names(own: psycopg.Connection[Any], whole: bool) -> None:
    own.execute('CREATE SCHEMA "Sch ""e%s"; CREATE TABLE "Sch ""e%s"."table" (id int, "De%ps" int[])')
    own.execute("""INSERT INTO "Sch ""e%s"."table" VALUES (1, '{2,3}'), (2, '{4,NULL}'), (3, NULL), (5, '{}')""")
    source = EdgeSource(
        schema='Sch "e%s', table="table", source="id", target="De%ps", key="int4", array=True, whole=whole
    )
    assert (asked(own, source).edges, asked(own, source).cycle) == (3, None)
    own.execute("""INSERT INTO "Sch ""e%s"."table" VALUES (4, '{7,1}')""")
    assert asked(own, source).cycle == ("1", "2", "4")


PARTED = """
CREATE TABLE p (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 (b int, x text, a int); ALTER TABLE p2 DROP COLUMN x;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20);
CREATE TABLE p3 PARTITION OF p DEFAULT PARTITION BY LIST (b);
CREATE TABLE p4 PARTITION OF p3 DEFAULT;
INSERT INTO p VALUES (1, 11), (11, 21), (21, 1), (2, 3)
"""


def test_partitions_and_heirs_are_read(own: psycopg.Connection[Any], url: str) -> None:
    own.execute(PARTED)
    own.execute("CREATE TABLE parent (a int, b int); CREATE TABLE child (c text) INHERITS (parent)")
    own.execute("INSERT INTO parent VALUES (1, 2); INSERT INTO child VALUES (2, 1)")
    for table, cycle in (("p", ("1", "11", "21")), ("parent", ("1", "2"))):
        found = asked(
            own,
            EdgeSource(schema="public", table=table, source="a", target="b", key="int4"),
            second=lambda: psycopg.connect(url),
        )
        assert found.cycle == cycle
        assert "two connections" in found.way


@pytest.mark.parametrize(
    "hinder",
    ["REVOKE ALL ON p4 FROM half", "ALTER TABLE p2 ENABLE ROW LEVEL SECURITY", "REVOKE ALL ON p, p1, p2, p4 FROM half; GRANT SELECT (a, b) ON p TO half"],
)  # fmt: skip
def test_partitions_that_the_role_sees_only_through_their_parent(own: psycopg.Connection[Any], hinder: str) -> None:
    own.execute(PARTED)
    own.execute("DROP ROLE IF EXISTS half; CREATE ROLE half; GRANT USAGE ON SCHEMA public TO half")
    own.execute(f"GRANT SELECT ON p, p1, p2, p4 TO half; {hinder}")
    with looking(own) as inside:
        inside.execute("SET LOCAL ROLE half; SET LOCAL row_security = off")
        found = acyclic(inside, EdgeSource(schema="public", table="p", source="a", target="b", key="int4"))
    assert found.cycle == ("1", "11", "21")
    assert "as a whole" in found.way
    own.execute("DROP OWNED BY half; DROP ROLE half")


def test_a_view_is_read_as_a_whole(own: psycopg.Connection[Any]) -> None:
    own.execute("CREATE VIEW v AS SELECT a, b FROM e")
    own.execute(CHAIN.format(1, 5))
    found = asked(own, EdgeSource(schema="public", table="v", source="a", target="b"))
    assert (found.edges, found.cycle) == (5, None)
    assert "as a whole" in found.way


def test_changes_of_the_transaction_itself_are_seen(own: psycopg.Connection[Any], url: str) -> None:
    """Another connection would not see them, so it isn't used."""
    own.execute(CHAIN.format(1, 100))
    own.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    own.execute("INSERT INTO e SELECT md5('9')::uuid, md5('8')::uuid")
    found = acyclic(own, PLAIN, second=lambda: psycopg.connect(url))
    assert found.cycle == tuple(sorted((uuid(own, 8), uuid(own, 9))))
    own.execute("ROLLBACK")
    assert asked(own, second=lambda: psycopg.connect(url)).cycle is None


def test_a_temporary_table_is_seen(own: psycopg.Connection[Any], url: str) -> None:
    own.execute("CREATE TEMPORARY TABLE mine AS SELECT i AS a, i % 900 + 1 AS b FROM generate_series(1, 900) AS i")
    row = own.execute("SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()").fetchone()
    assert row is not None
    source = EdgeSource(schema=row[0], table="mine", source="a", target="b", key="int4")
    found = asked(own, source, second=lambda: psycopg.connect(url))
    assert found.cycle == tuple(str(number) for number in range(1, 901))


def test_both_connections_see_one_snapshot(
    own: psycopg.Connection[Any], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of others that come after the snapshot are not seen by the second connection either."""
    monkeypatch.setattr(edge_layout, "BLOCKS", 1)
    own.execute(CHAIN.format(1, 20_000))

    def late() -> psycopg.Connection[Any]:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("INSERT INTO e SELECT b, a FROM e")
        return psycopg.connect(url)

    found = asked(own, second=late)
    assert (found.edges, found.cycle) == (20_000, None)
    assert "two connections" in found.way


def test_the_table_is_held_from_the_first_look_on(
    own: psycopg.Connection[Any], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who would rewrite it between the two connections' first looks has to wait, and neither of us waits behind them."""
    monkeypatch.setattr(edge_layout, "BLOCKS", 1)
    own.execute(CHAIN.format(1, 1000))
    waiting: list[threading.Thread] = []

    def rewrite() -> None:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("TRUNCATE e")

    def late() -> psycopg.Connection[Any]:
        waiting.append(threading.Thread(target=rewrite))
        waiting[0].start()
        time.sleep(0.3)
        return psycopg.connect(url)

    own.execute("SET lock_timeout = '500ms'")
    found = asked(own, second=late)
    waiting[0].join()
    assert (found.edges, found.cycle) == (1000, None)
    assert "one connection" in found.way
    assert asked(own).edges == 0


def refuse() -> psycopg.Connection[Any]:
    raise psycopg.OperationalError("too many clients already")


def test_without_a_second_connection_one_does_it(
    own: psycopg.Connection[Any], url: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_layout, "BLOCKS", 1)
    own.execute(CHAIN.format(1, 1000))
    for second in (refuse, lambda: psycopg.connect(server.url)):  # the other database knows no such snapshot
        found = asked(own, second=second)
        assert (found.edges, found.cycle) == (1000, None)
        assert "one connection" in found.way


def test_a_second_connection_that_does_not_answer_is_not_waited_for(
    own: psycopg.Connection[Any], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a pooler that has lent its only server to the first."""
    monkeypatch.setattr(edge_layout, "BLOCKS", 1)
    monkeypatch.setattr(edge_companion, "ANSWER_S", 0.2)
    own.execute(CHAIN.format(1, 1000))
    stopped: list[int] = []

    def silent() -> psycopg.Connection[Any]:
        other = psycopg.connect(url)
        try:
            os.kill(other.info.backend_pid, signal.SIGSTOP)
        except OSError as error:
            pytest.skip(f"a server process cannot be stopped here: {error}")
        stopped.append(other.info.backend_pid)
        return other

    try:
        found = asked(own, second=silent)
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    assert stopped
    assert (found.edges, found.cycle) == (1000, None)
    assert "one connection" in found.way


class Opened:
    """Opens connections and remembers them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.all: list[psycopg.Connection[Any]] = []

    def __call__(self) -> psycopg.Connection[Any]:
        self.all.append(psycopg.connect(self.url))
        return self.all[-1]


@pytest.fixture
def slow(own: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> psycopg.Connection[Any]:
    """Two pieces of a table, of which each takes half a minute to read."""
    monkeypatch.setattr(edge_layout, "BLOCKS", 1)
    own.execute(CHAIN.format(1, 200))
    sound = edges.keys
    monkeypatch.setattr(
        edges, "keys", lambda *of: sound(*of).replace("WHERE", "WHERE pg_catalog.pg_sleep(0.3) IS NOT NULL AND", 1)
    )
    return own


def test_a_deadline_ends_it_at_once(slow: psycopg.Connection[Any], url: str) -> None:
    opened = Opened(url)
    with looking(slow) as inside:
        began = time.monotonic()
        with pytest.raises(TimeoutError) as caught:
            acyclic(inside, PLAIN, second=opened, deadline=time.monotonic() + 0.5)
        assert time.monotonic() - began < 3
        assert isinstance(caught.value, OutOfTime)
        assert [connection.closed for connection in opened.all] == [True]
        assert inside.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(OutOfTime):
            acyclic(inside, PLAIN, deadline=time.monotonic() - 1)


def test_a_deadline_ends_a_stream_too(own: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    own.execute("CREATE VIEW v AS SELECT a, b FROM e WHERE pg_sleep(0.3) IS NOT NULL")
    own.execute(CHAIN.format(1, 200))
    with looking(own) as inside:
        began = time.monotonic()
        with pytest.raises(OutOfTime):
            acyclic(inside, EdgeSource(schema="public", table="v", source="a", target="b"), deadline=began + 0.5)
        assert time.monotonic() - began < 3


def test_an_interrupt_ends_it_and_closes_the_second(
    slow: psycopg.Connection[Any], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Opened(url)

    def interrupted(self: edge_reader.Clock) -> None:
        if opened.all:
            raise KeyboardInterrupt

    monkeypatch.setattr(edge_reader.Clock, "check", interrupted)
    before = threading.active_count()
    with looking(slow) as inside, pytest.raises(KeyboardInterrupt):
        acyclic(inside, PLAIN, second=opened)
    assert [connection.closed for connection in opened.all] == [True]
    assert threading.active_count() == before


def test_an_error_of_the_server_is_raised_and_leaves_the_transaction(own: psycopg.Connection[Any], url: str) -> None:
    with looking(own) as inside:
        for source in (
            EdgeSource(schema="public", table="absent", source="a", target="b"),
            EdgeSource(schema="public", table="e", source="absent", target="b"),
        ):
            with pytest.raises(psycopg.ProgrammingError):
                acyclic(inside, source, second=Opened(url))
        assert acyclic(inside, PLAIN).cycle is None


def test_an_error_of_the_algorithm_ends_the_reading(
    own: psycopg.Connection[Any], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_layout, "BLOCKS", 1)
    own.execute(CHAIN.format(1, 20_000))
    opened = Opened(url)

    def broken(read: Any, check: Any, *, low_memory: bool) -> None:
        next(iter(read(None)))
        raise MemoryError

    monkeypatch.setattr(edges, "suspects", broken)
    before = threading.active_count()
    with looking(own) as inside, pytest.raises(MemoryError):
        acyclic(inside, PLAIN, second=opened)
    assert [connection.closed for connection in opened.all] == [True]
    assert threading.active_count() == before


def test_progress_counts_edges(own: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge_layout, "BLOCKS", 4)
    own.execute(CHAIN.format(1, 5000))
    told: list[int] = []
    asked(own, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 5000


def test_many_suspects_are_read_by_whole_pieces(own: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edges, "CHOSEN", 2)
    own.execute("CREATE TABLE k AS SELECT i AS a, i % 50 + 1 AS b FROM generate_series(1, 50) AS i")
    for whole in (True, False):
        found = asked(own, EdgeSource(schema="public", table="k", source="a", target="b", key="int4", whole=whole))
        assert found.cycle == tuple(str(number) for number in range(1, 51))
        assert found.cyclic_edges == 50
