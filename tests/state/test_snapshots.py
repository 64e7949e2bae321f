"""The audit beside others who write, lock and change tables: one moment is judged, or it is said which could not be."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from filled import ids, living, looked, needing, rows_of, run

from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.sources import edge_companion, opening
from conformance.sources.database import Session
from conformance.sources.rows import Looker
from conformance.sources.rows_lane import Lane

ORPHAN = "0001/goals.agent_id/no-orphan"


@contextmanager
def storming(url: str, write: Callable[[psycopg.Connection[Any], int], None]) -> Iterator[list[int]]:
    """Runs `write` in transaction after transaction while the context lasts."""
    over, done = threading.Event(), [0]

    def storm() -> None:
        with psycopg.connect(url) as writer:
            writer.execute("SET session_replication_role = replica")
            writer.commit()
            while not over.is_set():
                write(writer, done[0])
                writer.commit()
                done[0] += 1

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()


MOVING = {"0024/agents.daily_token_budget/not-negative", "0026/goals.completed_at/iff-completed"}


@contextmanager
def moving(world: str) -> Iterator[list[int]]:
    """At each moment exactly one of the two claims `MOVING` is departed from, in one row of one table."""
    run(world, "UPDATE agents SET daily_token_budget = NULL")
    with psycopg.connect(world) as admin:
        (agent,) = admin.execute("SELECT id FROM agents ORDER BY id LIMIT 1").fetchone() or ()
        (goal,) = admin.execute("SELECT id FROM goals WHERE status = 'active' ORDER BY id LIMIT 1").fetchone() or ()

    def write(writer: psycopg.Connection[Any], turn: int) -> None:
        here, there = (-1, None) if turn % 2 else (None, "2024-01-01")
        writer.execute("UPDATE agents SET daily_token_budget = %s WHERE id = %s", (here, agent))
        writer.execute("UPDATE goals SET completed_at = %s WHERE id = %s", (there, goal))

    with psycopg.connect(world) as writer:
        write(writer, 0)
    with storming(world, write) as done:
        yield done


def test_a_defect_that_moves_is_seen_once(world: str) -> None:
    """An audit of one moment sees exactly one."""
    with moving(world) as done:
        for _ in range(6):
            rows = rows_of(looked(world))
            assert {rows[id_].note for id_ in ids(rows, "indeterminate")} == set()
            assert len(ids(rows, "fail")) == 1
            assert ids(rows, "fail") < MOVING
            assert ids(rows, "indeterminate") == set()
    assert done[0] > 20


def test_edges_that_turn_round_are_no_cycle(world: str) -> None:
    """a → b and b → a take turns; read at two moments they would be a cycle."""
    run(world, "SET session_replication_role = replica; DELETE FROM task_dependencies")
    with psycopg.connect(world) as admin:
        tasks = [row[0] for row in admin.execute("SELECT id FROM tasks ORDER BY id LIMIT 2").fetchall()]

    def write(writer: psycopg.Connection[Any], turn: int) -> None:
        ends = tasks if turn % 2 else tasks[::-1]
        writer.execute("DELETE FROM task_dependencies")
        writer.execute("INSERT INTO task_dependencies (task_id, depends_on) VALUES (%s, %s)", ends)

    with storming(world, write):
        for _ in range(4):
            rows = rows_of(looked(world))
            assert rows["0002/task_dependencies/acyclic"].verdict == "pass"


# --- locks


@pytest.mark.parametrize("table", ["users", "agent_documents"])
def test_a_locked_table(world: str, monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    """Exactly what needs it is indeterminate, and it is waited for a few times only."""
    monkeypatch.setattr(opening, "OPEN", opening.OPEN.replace("lock_timeout = '5s'", "lock_timeout = '300ms'"))
    looked(world)
    lock = f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode()
    with psycopg.connect(world) as migration, meanwhile(world, lambda: migration.execute(lock)):
        began = time.monotonic()
        report = looked(world)
        took = time.monotonic() - began
    rows = rows_of(report)
    proven = {id_ for id_ in living() if "no row was read" in rows[id_].observed}
    assert ids(rows, "indeterminate") == needing([table], living()) - proven
    assert {rows[id_].note for id_ in ids(rows, "indeterminate")} == {
        "a table is locked, perhaps by a migration; run again when it has ended"
    }
    assert ids(rows, "fail") == set()
    musts = {id_ for id_ in ids(rows, "indeterminate") if rows[id_].requirement.level == "must"}
    assert report.exit_code == (3 if musts else 0)
    assert took < 10


# --- tables that change under our feet


@contextmanager
def meanwhile(url: str, script: str | Callable[[], Any]) -> Iterator[None]:
    """Something happens when the catalog has been read and no row yet."""
    take = Looker.take

    def taking(self: Looker, *given: Any) -> Any:
        if callable(script):
            script()
        else:
            run(url, script)
        return take(self, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Looker, "take", taking)
        yield


def seen_beside(world: str, script: str, **options: Any) -> dict[str, Outcome]:
    with meanwhile(world, script):
        return rows_of(looked(world, **options))


CHANGED = {
    "truncated": ("TRUNCATE agents CASCADE", {"agents", "goals"}),
    "truncated alone": ("SET session_replication_role = replica; TRUNCATE agent_documents, memories", {"memories"}),
    "written anew": ("ALTER TABLE agents ALTER name TYPE varchar(400)", {"agents"}),
    "another in its place": (
        "ALTER TABLE memories RENAME TO memories_before; CREATE TABLE memories (LIKE memories_before INCLUDING ALL)",
        {"memories"},
    ),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_table_that_looks_empty_to_the_snapshot(world: str, what: str) -> None:
    """It is not taken for empty: nothing in it passes, and nothing that points at it is an orphan."""
    script, tables = CHANGED[what]
    before = rows_of(looked(world))
    proven = {id_ for id_ in living() if "no row was read" in before[id_].observed} | {"0006/events/immutable"}
    rows = seen_beside(world, script)
    assert ids(rows, "fail") == set()
    assert needing(tables, living()) - proven <= ids(rows, "indeterminate")
    for id_ in ids(rows, "indeterminate"):
        assert any(words in rows[id_].note for words in ("written anew or replaced", "the server said")), id_


def test_the_rewriting_of_another_table_is_nobodys_business(world: str) -> None:
    rows = seen_beside(
        world, "CREATE TABLE other AS SELECT 1 AS x; ALTER TABLE other ALTER x TYPE text; TRUNCATE other"
    )
    assert ids(rows, "fail", "indeterminate") == set()


PARTITIONS = """
ALTER TABLE events RENAME TO events_before;
CREATE TABLE events (LIKE events_before INCLUDING DEFAULTS) PARTITION BY HASH (id);
CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE events_1 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO events SELECT * FROM events_before;
"""


@pytest.mark.parametrize(
    "script", ["ALTER TABLE events DETACH PARTITION events_0", "TRUNCATE events_1", "DROP TABLE events_0"]
)
def test_a_partition_that_goes(world: str, script: str) -> None:
    run(world, PARTITIONS)
    rows = seen_beside(world, script)
    assert {o.verdict for id_, o in rows.items() if id_ in needing(["events"], living())} <= {
        "indeterminate", "pass", "not-applicable",
    }  # fmt: skip
    assert rows["0018/events.org_id/no-orphan"].verdict == "indeterminate"
    assert ids(rows, "fail") == set()


@pytest.mark.parametrize(
    "script",
    ["DROP TABLE agent_documents", "ALTER TABLE agent_documents DROP doc_type", "ALTER TABLE agent_documents RENAME doc_type TO kind",
     "ALTER TABLE agent_documents RENAME TO documents", "REVOKE ALL ON agent_documents FROM PUBLIC",
     "ALTER TABLE agent_documents ALTER doc_type TYPE jsonb USING to_jsonb(doc_type)"],
)  # fmt: skip
def test_what_goes_away_is_no_traceback(world: str, script: str) -> None:
    run(world, "ALTER TABLE agent_documents DROP CONSTRAINT IF EXISTS agent_documents_valid_doc_type")
    rows = seen_beside(world, script)
    others = ids(rows, "indeterminate") - needing(["agent_documents"], living())
    assert ids(rows, "fail") == set()
    assert others == set()


def test_an_index_that_goes_is_no_longer_needed(world: str) -> None:
    rows = seen_beside(world, "DROP INDEX IF EXISTS idx_approval_requests_request_type")
    assert ids(rows, "fail", "indeterminate") == set()


# --- conflicts that cost the snapshot


@pytest.mark.parametrize("torn", [1, 2, 3])
def test_a_conflict_is_tried_again(world: str, monkeypatch: pytest.MonkeyPatch, torn: int) -> None:
    """Twice a new snapshot is taken; the third conflict leaves all of it undecided."""
    run(world, "UPDATE agents SET daily_token_budget = -1")
    left = [torn]
    real = Lane._rows

    def conflicting(self: Lane, *given: Any) -> Any:
        if left[0]:
            left[0] -= 1
            self.connection.execute(
                b"DO $$ BEGIN RAISE 'canceling statement due to conflict with recovery' USING ERRCODE = '40001'; END $$"
            )
        return real(self, *given)

    monkeypatch.setattr(Lane, "_rows", conflicting)
    report = looked(world)
    rows = rows_of(report)
    if torn < 3:
        assert ids(rows, "indeterminate") == set()
        assert ids(rows, "fail") == {"0024/agents.daily_token_budget/not-negative"}
    else:
        assert {"taking the snapshot away" in rows[id_].note for id_ in ids(rows, "indeterminate")} == {True}
        assert report.exit_code == 3


def test_a_conflict_that_ends_the_connection_is_tried_again_too(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [1]
    real = Lane._rows

    def conflicting(self: Lane, *given: Any) -> Any:
        if left[0]:
            left[0] -= 1
            self.connection.close()
            raise psycopg.errors.SerializationFailure("terminating connection due to conflict with recovery")
        return real(self, *given)

    monkeypatch.setattr(Lane, "_rows", conflicting)
    assert looked(world).exit_code == 0


def big(world: str) -> None:
    """Goals on more blocks than one piece of a graph has."""
    run(
        world,
        "SET session_replication_role = replica; INSERT INTO goals (id, agent_id, goal_text, status, depends_on_goal_ids)"
        " SELECT md5(i::text)::uuid, a.id, repeat('x', 400), 'blocked', ARRAY[md5((i + 1)::text)::uuid]"
        " FROM generate_series(1, 5000) AS i, (SELECT id FROM agents ORDER BY id LIMIT 1) AS a",
    )


def test_a_large_graph_is_read_over_two_connections(world: str) -> None:
    """In the transaction in which the catalog was read and questions were asked, of whatever answer."""
    run(world, "ALTER TABLE goals ADD CHECK (goal_text <> '' OR priority / (priority - priority) = 1)")
    big(world)
    outcome = rows_of(looked(world))["0026/goals.depends_on_goal_ids/acyclic"]
    assert outcome.verdict == "pass"
    assert "two connections" in outcome.note


def test_a_snapshot_that_cannot_be_shared(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error spoils the transaction: it begins again, and one connection does it alone."""
    big(world)
    real = edge_companion._companion

    def refused(connection: Any, *given: Any) -> Any:
        connection.execute(b"SELECT pg_catalog.pg_stat_file('no such file')")
        return real(connection, *given)

    monkeypatch.setattr(edge_companion, "_companion", refused)
    rows = rows_of(looked(world))
    assert ids(rows, "indeterminate") == set()
    assert "one connection" in rows["0026/goals.depends_on_goal_ids/acyclic"].note


def test_a_second_connection_that_cannot_be_had(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    big(world)

    def refused(self: Any) -> Any:
        raise psycopg.OperationalError("FATAL:  sorry, too many clients already")

    monkeypatch.setattr(Session, "_beside", refused)
    outcome = rows_of(looked(world))["0026/goals.depends_on_goal_ids/acyclic"]
    assert outcome.verdict == "pass"
    assert "one connection" in outcome.note


# --- nothing is written


def test_nothing_is_written_and_nothing_locked(world: str) -> None:
    held: set[str] = set()
    over = threading.Event()
    counters = "SELECT sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del) FROM pg_stat_user_tables"

    def watch() -> None:
        with psycopg.connect(world, autocommit=True) as admin:
            while not over.is_set():
                held.update(
                    row[0]
                    for row in admin.execute(
                        "SELECT DISTINCT mode FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)"
                        " WHERE a.application_name = 'conformance' AND locktype IN ('relation', 'tuple', 'page')"
                    ).fetchall()
                )

    run(world, "VACUUM ANALYZE")
    files = "SELECT count(*), sum(relfilenode::bigint) FROM pg_class"
    with psycopg.connect(world, autocommit=True) as admin:
        admin.execute("SELECT pg_stat_force_next_flush()") if admin.info.server_version >= 150000 else None
        before = (admin.execute(counters).fetchone(), admin.execute(files).fetchone())
        (assigned,) = admin.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())").fetchone() or ()
    thread = threading.Thread(target=watch)
    thread.start()
    for looking in (Looking(), Looking(distrust_indexes=True, show_values=True), Looking(sample=10.0)):
        looked(world, looking)
    over.set()
    thread.join()
    with psycopg.connect(world, autocommit=True) as admin:
        after = (admin.execute(counters).fetchone(), admin.execute(files).fetchone())
        (now,) = admin.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())").fetchone() or ()
    assert before == after
    assert held == {"AccessShareLock"}
    assert now == assigned, "no transaction has been given a number"


def test_the_transaction_reads_only(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[Any, ...]] = []
    real = Lane._moved

    def watched(self: Lane, *given: Any) -> Any:
        row = self.connection.execute(
            b"SELECT current_setting('transaction_read_only'), current_setting('transaction_isolation'),"
            b" current_setting('search_path'), current_setting('row_security'), current_setting('constraint_exclusion')"
        ).fetchone()
        told.append(tuple(row or ()))
        return real(self, *given)

    monkeypatch.setattr(Lane, "_moved", watched)
    looked(world)
    assert set(told) == {("on", "repeatable read", '""', "off", "off")}
