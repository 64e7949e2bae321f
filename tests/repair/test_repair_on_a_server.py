"""The script run as a user runs it: statement by statement on a database with rows, interrupted, again, beside others;
who waits meanwhile, what is read and what is written anew."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
import pytest
from psycopg import errors

import conformance
from conformance.fixtures_of import fill
from conformance.model.repair import ALONE, PATIENT
from conformance.planning import Doing
from conformance.sandbox import Server
from conformance.sources.migrations import Text, statements

BROKEN = """
ALTER TABLE agents DROP CONSTRAINT agents_name_key CASCADE;
CREATE UNIQUE INDEX agents_name_key ON agents (lower(name));
ALTER TABLE approval_requests DROP CONSTRAINT IF EXISTS approval_requests_valid_request_type;
ALTER TABLE agent_documents ALTER priority DROP NOT NULL, ALTER priority DROP DEFAULT;
ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_agent_id_fkey;
ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_valid_doc_type;
ALTER TABLE agent_documents ADD CHECK (lower(doc_type) <> '');
ALTER TABLE chat_messages DISABLE TRIGGER ALL;
ALTER TABLE goals DROP CONSTRAINT goals_pkey CASCADE;
DROP TABLE agent_admins CASCADE;
ALTER TABLE users ALTER name TYPE varchar(200);
DROP INDEX idx_goals_agent;
CREATE INDEX idx_goals_agent ON goals (agent_id) WHERE agent_id IS NULL;
"""
"""Departures of every kind that is mended, in a database with rows that keep what is documented."""


@pytest.fixture
def broken(server: Server, database: str) -> str:
    """The URL of a database with rows, and the departures."""
    url = server.url.replace("/postgres?", f"/{database}?")
    fill(url, "0028")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BROKEN.encode())
    return url


def ran(connection: psycopg.Connection[object], script: str) -> None:
    """Each statement of a script by itself."""
    for statement in split(script):
        connection.execute(statement.encode())


def split(script: str) -> list[str]:
    return [one.text for one in statements(Text(name="repair.sql", number=None, text=script))]


def rows(url: str, of: Mapping[str, list[str]] | None = None) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        columns = of or _columns(connection)
        return {
            table: sorted(
                connection.execute(f"SELECT {', '.join(f'{n}::text' for n in names)} FROM {table}".encode()).fetchall(),
                key=repr,
            )
            for table, names in columns.items()
        }


def _columns(connection: psycopg.Connection[object]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    for table, name in connection.execute(query).fetchall():  # type: ignore[misc]
        found.setdefault(f'"{table}"', []).append(f'"{name}"')
    return found


def test_it_mends_keeps_every_row_and_may_be_run_again(broken: str) -> None:
    found = conformance.repair(broken)
    assert (found.exit_code, found.plan.left, found.plan.blind) == (0, (), ())
    with psycopg.connect(broken, autocommit=True) as connection:
        columns = _columns(connection)
        before = rows(broken, columns)
        for _ in range(2):
            ran(connection, found.script)
    assert rows(broken, columns) == before
    assert sum(map(len, before.values())) > 50
    assert conformance.check(broken, strict=True).exit_code == 0
    again = conformance.repair(broken)
    assert (again.exit_code, again.plan.doing) == (0, ())


def test_stopped_behind_any_statement_it_is_finished_by_the_next_run(broken: str) -> None:
    script = split(conformance.repair(broken).script)
    for stop in range(0, len(script), 3):
        with psycopg.connect(broken, autocommit=True) as connection:
            for statement in script[:stop]:
                connection.execute(statement.encode())
    with psycopg.connect(broken, autocommit=True) as connection:
        ran(connection, "\n".join(script))
    assert conformance.check(broken, strict=True).exit_code == 0


def test_an_index_that_was_left_unfinished_is_dropped_first(broken: str) -> None:
    script = conformance.repair(broken, select="0015/agents.name/unique").script
    with psycopg.connect(broken, autocommit=True) as connection:
        connection.execute("DROP INDEX agents_name_key")
        connection.execute("INSERT INTO agents (name) SELECT name FROM agents ORDER BY id LIMIT 1")
        with pytest.raises(errors.UniqueViolation):
            ran(connection, script)
        left = "SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indrelid = 'agents'::regclass"
        assert connection.execute(left).fetchone() == (1,)
        connection.execute(
            "DELETE FROM agents AS a USING agents AS b WHERE a.name = b.name AND a.created_at > b.created_at"
        )
        ran(connection, script)
        assert connection.execute(left).fetchone() == (0,)
    assert conformance.check(broken, select="0015/agents.name/unique").exit_code == 0


def test_a_sound_index_of_somebody_elses_is_never_taken_for_an_unfinished_one(broken: str) -> None:
    strangers = ["agents_name_key_unfinished", "agents_name_key_ccnew"]
    with psycopg.connect(broken, autocommit=True) as connection:
        connection.execute("DROP INDEX agents_name_key")
        connection.execute("CREATE UNIQUE INDEX agents_name_key ON agents (name)")
        connection.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'agents_name_key'::regclass")
        for name in strangers:
            connection.execute(f"CREATE INDEX {name} ON agents (trust_score)".encode())
        ran(connection, conformance.repair(broken, select="0015/agents.name/unique").script)
        there = "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid = ANY (%s::regclass[])"
        assert connection.execute(there, [strangers]).fetchone() == (2,)
    assert conformance.check(broken, select="0015/agents.name/unique").exit_code == 0


def test_rows_that_depart_are_left_out_and_counted(broken: str) -> None:
    with psycopg.connect(broken, autocommit=True) as connection:
        connection.execute("DROP INDEX agents_name_key")
        connection.execute("INSERT INTO agents (name) SELECT name FROM agents ORDER BY id LIMIT 1")
        connection.execute("UPDATE agent_documents SET priority = NULL")
        connection.execute("INSERT INTO goals SELECT * FROM goals ORDER BY id LIMIT 1")
    found = conformance.repair(broken)
    left = {one.leaves[0]: (one.why, one.reason) for one in found.plan.left}
    assert left["0015/agents.name/unique"] == ("rows", "1 × rows that agree in name")
    assert left["0013/agent_documents.priority/not-null"][0] == "rows"
    assert left["0001/goals.id/primary-key"][0] == "rows"
    assert left["0001/tasks.goal_id/foreign-key"] == ("waits", "it waits for 0001/goals.id/primary-key")
    assert found.exit_code == 1
    assert "--   0015/agents.name/unique: rows that are there depart: 1 × rows" in found.script
    assert "agents_name_key_1" not in found.script
    with psycopg.connect(broken, autocommit=True) as connection:
        ran(connection, found.script)
    departs = {
        o.requirement.id
        for o in conformance.check(broken).outcomes
        if o.verdict == "fail" and o.requirement.level != "may"
    }
    assert departs <= {id_ for one in found.plan.left for id_ in one.leaves}


def test_what_is_not_selected_is_not_mended_and_waited_for(broken: str) -> None:
    found = conformance.repair(broken, select="0001/tasks.goal_id/*")
    assert [(one.leaves[0], one.why) for one in found.plan.left] == [("0001/tasks.goal_id/foreign-key", "waits")]
    assert (found.exit_code, found.plan.doing) == (1, ())
    found = conformance.repair(broken, select="0015/agents.name/unique")
    assert (found.exit_code, found.plan.mends) == (0, ("0015/agents.name/unique",))


# --- who waits ---


def test_no_lock_is_held_while_rows_are_read_or_written(broken: str) -> None:
    """Each statement in a transaction that stays open: what it locks against others, what it has read and rewritten."""
    found = conformance.repair(broken)
    seen = 0
    with psycopg.connect(broken) as ours:
        ours.execute("ANALYZE")
        ours.commit()
        for doing in found.plan.doing:
            if doing.step.stage in ALONE:
                _beside_an_older_transaction(broken, doing)
                continue
            files, read = _files(ours), _read(ours)
            ours.execute(doing.step.sql.encode())
            strong = _locked(ours)
            scanned = {table for table, count in _read(ours).items() if count > read.get(table, 0)}
            rewritten = {table for table, file in _files(ours).items() if files.get(table, file) != file}
            assert rewritten == set(), doing.step.sql
            assert strong & scanned == set(), doing.step.sql
            if doing.step.stage in PATIENT:
                assert strong == set(), doing.step.sql
                seen += bool(scanned)
            ours.commit()
    assert seen
    assert conformance.check(broken, strict=True).exit_code == 0


def _locked(connection: psycopg.Connection[object]) -> set[str]:
    """The tables that nobody else could write to, or read."""
    query = """
        SELECT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid() AND relation > 16383
        AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    """
    return {str(table) for (table,) in connection.execute(query).fetchall()}  # type: ignore[misc]


def _read(connection: psycopg.Connection[object]) -> dict[str, int]:
    query = "SELECT relid::regclass::text, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
    return {str(table): int(count) for table, count in connection.execute(query).fetchall()}  # type: ignore[misc]


def _files(connection: psycopg.Connection[object]) -> dict[str, object]:
    query = "SELECT oid::regclass::text, relfilenode FROM pg_class WHERE relkind = 'r' AND oid > 16383"
    return {str(table): file for table, file in connection.execute(query).fetchall()}  # type: ignore[misc]


def _beside_an_older_transaction(url: str, doing: Doing) -> None:
    """The statement while an older transaction keeps it waiting: rows still get in."""
    with (
        psycopg.connect(url) as older,
        psycopg.connect(url, autocommit=True) as ours,
        psycopg.connect(url, autocommit=True) as other,
    ):
        older.execute("UPDATE agents SET name = name")
        ours.pgconn.send_query(doing.step.sql.encode())
        other.execute("SET lock_timeout = '1s'")
        other.execute("SELECT pg_sleep(0.05)")
        with other.transaction(force_rollback=True):
            other.execute("INSERT INTO agents (name) VALUES ('beside')")
            other.execute("UPDATE goals SET agent_id = agent_id")
        older.rollback()
        while (result := ours.pgconn.get_result()) is not None:
            assert result.status == psycopg.pq.ExecStatus.COMMAND_OK, result.error_message
