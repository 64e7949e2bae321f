"""The audit is cut short: what was seen keeps its verdict, the rest is indeterminate, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from filled import ids, living, looked, rows_of, run

from conformance.model.looking import Looking
from conformance.model.record import replace
from conformance.sandbox import Server
from conformance.sources import rows_lane as looks
from conformance.sources.rows import Looker

THOROUGH = Looking(distrust_indexes=True)
DEPARTING = "0024/agents.daily_token_budget/not-negative"


def sessions(server: Server) -> int:
    """How many sessions of ours there are, ours alone aside."""
    with psycopg.connect(server.url, autocommit=True) as admin:
        row = admin.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'conformance' AND pid <> pg_backend_pid()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def none_left(server: Server, within: float = 5) -> bool:
    until = time.monotonic() + within
    while sessions(server) and time.monotonic() < until:
        time.sleep(0.02)
    return not sessions(server)


@pytest.fixture
def killing(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], list[str]]]:
    """From the n-th statement on rows on, the server has ended the connection; gives the statements."""
    said: list[str] = []
    at = -1
    execute = psycopg.Connection.execute
    cursor_execute = psycopg.Cursor.execute
    active = False

    def strike(connection: Any, query: Any) -> None:
        if not active:
            return
        if len(said) == at:
            with psycopg.connect(server.url, autocommit=True) as admin:
                cursor_execute(admin.cursor(), b"SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))
        said.append(str(query))

    def by_cursor(self: Any, query: Any, *given: Any, **named: Any) -> Any:
        if not self.connection.info.dbname.startswith("postgres"):
            strike(self.connection, query)
        return cursor_execute(self, query, *given, **named)

    take = Looker.take

    def taking(self: Looker, *given: Any) -> Any:
        nonlocal active
        active = True
        try:
            return take(self, *given)
        finally:
            active = False

    monkeypatch.setattr(psycopg.Cursor, "execute", by_cursor)
    monkeypatch.setattr(Looker, "take", taking)

    def after(number: int) -> list[str]:
        nonlocal at
        at = number
        said.clear()
        return said

    yield after
    assert psycopg.Connection.execute is execute


def test_killed_at_any_statement(server: Server, world: str, killing: Callable[[int], list[str]]) -> None:
    """Each verdict is the one that it has when nothing happens, or indeterminate; the longer it lived, the more are."""
    run(world, "UPDATE agents SET daily_token_budget = -1")
    said = killing(-1)
    whole = rows_of(looked(world, THOROUGH))
    count = len(said)
    assert count > 60
    decided_before = 0
    for number in [*range(0, 9, 2), *range(9, count, 71), count - 2, count - 1]:
        killing(number)
        report = looked(world, THOROUGH)
        rows = rows_of(report)
        decided = {id_ for id_ in living() if rows[id_].verdict != "indeterminate"}
        assert all(rows[id_].verdict == whole[id_].verdict for id_ in decided), number
        lost = set(living()) - decided
        assert {rows[id_].note for id_ in lost} <= {"the server ended the connection"}, number
        assert report.exit_code == (3 if any(rows[id_].requirement.level == "must" for id_ in lost) else 0), number
        assert len(decided) >= decided_before, number
        decided_before = len(decided)
        assert none_left(server)
    assert decided_before > len(living()) / 2


def test_a_departure_that_was_seen_is_told(server: Server, world: str, killing: Callable[[int], list[str]]) -> None:
    """The tables come by name: agents before approvals."""
    run(world, "UPDATE agents SET daily_token_budget = -1")
    said = killing(-1)
    looked(world)
    at = next(i for i, text in enumerate(said) if "approval_requests AS t" in text)
    killing(at)
    rows = rows_of(looked(world))
    assert rows[DEPARTING].verdict == "fail"
    assert rows[DEPARTING].findings[0].total
    assert rows["0028/approval_requests.approvals/enough-approvers"].verdict == "indeterminate"


# --- the graph engine and its second connection


def big_graph(world: str, edges: int = 400_000) -> None:
    """Enough pieces for two connections."""
    run(
        world,
        "SET session_replication_role = replica; ALTER TABLE task_dependencies DROP CONSTRAINT IF EXISTS task_dependencies_pkey;"
        "INSERT INTO task_dependencies (task_id, depends_on) SELECT md5(i::text)::uuid, md5((i / 2)::text)::uuid"
        f" FROM generate_series(2, {edges}) AS i",
    )


@pytest.mark.parametrize("which", [0, 1])
def test_either_connection_of_the_graph_is_killed(server: Server, world: str, which: int) -> None:
    big_graph(world)
    ended = threading.Event()
    over = threading.Event()
    seen = 0

    def watch() -> None:
        nonlocal seen
        with psycopg.connect(server.url, autocommit=True) as admin:
            while not over.is_set():
                found = admin.execute(
                    "SELECT pid FROM pg_stat_activity WHERE application_name = 'conformance' AND query LIKE '%string_agg%int8send%'"
                    " AND state = 'active' AND pid <> pg_backend_pid() ORDER BY backend_start"
                ).fetchall()
                seen = max(seen, len(found))
                if len(found) > which:
                    admin.execute("SELECT pg_terminate_backend(%s)", found[which])
                    ended.set()
                    return
                time.sleep(0.001)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        rows = rows_of(looked(world, select=("*acyclic", "*no-self-dependency", "0002/*/table")))
    finally:
        over.set()
        thread.join()
    if not ended.is_set():
        pytest.skip(f"the graph was decided before the connection was found ({seen} seen)")
    assert rows["0002/task_dependencies/acyclic"].verdict == "indeterminate"
    assert "ended the connection" in rows["0002/task_dependencies/acyclic"].note
    assert none_left(server)


def test_interrupted(server: Server, world: str, tmp_path: Any) -> None:
    """Ctrl-C ends it at once, without a traceback, and no session goes on."""
    big_graph(world)
    run(world, "CREATE TABLE filler AS SELECT i FROM generate_series(1, 100) AS i")
    script = textwrap.dedent("""
        import sys
        from conformance.cli import entry
        sys.exit(entry())
    """)
    with psycopg.connect(world) as holder:  # the audit waits for this lock
        holder.execute("LOCK TABLE workers IN ACCESS EXCLUSIVE MODE")
        command = [sys.executable, "-c", script, "audit", world, "--schema", "public"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        until = time.monotonic() + 20
        with psycopg.connect(server.url, autocommit=True) as admin:
            while time.monotonic() < until:
                row = admin.execute(
                    "SELECT FROM pg_stat_activity WHERE application_name = 'conformance' AND wait_event_type = 'Lock'"
                ).fetchone()
                if row is not None:
                    break
                time.sleep(0.02)
        began = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert time.monotonic() - began < 4, "it did not wait for the lock's timeout"
    assert "Traceback" not in errors
    assert process.returncode in (130, -signal.SIGINT)
    assert none_left(server)


# --- time


def test_a_statement_that_takes_too_long(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement on approvals sleeps: these alone are indeterminate."""
    real = looks.rows_sql.counts

    def slow(given: Any, *rest: Any) -> str:
        text = real(given, *rest)
        return (
            f"{text} WHERE pg_catalog.pg_sleep(10) IS NOT NULL" if given[0].table.name == "approval_requests" else text
        )

    monkeypatch.setattr(looks.rows_sql, "counts", slow)
    rows = rows_of(looked(world, Looking(statement_timeout=0.05)))
    slept = {o for o in ids(rows, "indeterminate") if rows[o].requirement.table == "approval_requests"}
    assert len(slept) > 10
    assert all("it took longer than 0.05 s" in rows[id_].note for id_ in slept)
    assert all("--statement-timeout" in rows[id_].note for id_ in slept)
    others = ids(rows, "indeterminate") - slept
    assert all("it took longer than 0.05 s" in rows[id_].note for id_ in others), "on a busy machine, perhaps"
    assert ids(rows, "fail") == set()


def test_a_statement_timeout_of_next_to_nothing_is_not_the_end_of_the_whole(world: str) -> None:
    rows = rows_of(looked(world, Looking(statement_timeout=0.001)))
    assert not any("not reached" in outcome.note for outcome in rows.values())


@pytest.mark.parametrize("seconds", [0, 1e-9])
def test_no_time_at_all(world: str, seconds: float) -> None:
    report = looked(world, Looking(max_duration=seconds))
    rows = rows_of(report)
    proven = {id_ for id_ in living() if "no row was read" in rows[id_].observed}
    assert ids(rows, "indeterminate") >= set(living()) - proven - {"0006/events/immutable"}
    assert ids(rows, "fail") == set()
    assert all("--max-duration" in rows[id_].note for id_ in ids(rows, "indeterminate"))
    assert report.exit_code == 3


@pytest.mark.parametrize("timeout", [1e7, float("inf")])
def test_a_timeout_longer_than_the_server_knows(world: str, timeout: float) -> None:
    assert looked(world, Looking(statement_timeout=timeout)).exit_code == 0


MANY = (
    "SET session_replication_role = replica; INSERT INTO agents (id, name, trust_score, daily_token_budget)"
    " SELECT gen_random_uuid(), 'agent ' || i, 0.5, CASE WHEN i % {0} = 0 THEN -1 END"
    " FROM generate_series(1, 60000) AS i; ANALYZE agents"
)


def slow_at(monkeypatch: pytest.MonkeyPatch, wanted: float | None) -> None:
    """The statement that draws this share of the agents (or looks at all of them) sleeps."""
    real = looks.rows_sql.counts

    def slow(given: Any, sample: float | None) -> str:
        text = real(given, sample)
        asleep = sample == wanted and given[0].table.name == "agents"
        return f"{text} WHERE pg_catalog.pg_sleep(1) IS NOT NULL" if asleep else text

    monkeypatch.setattr(looks.rows_sql, "counts", slow)


SHORT = Looking(max_duration=60, statement_timeout=0.4)


@pytest.mark.parametrize("sample", [None, 90.0])
@pytest.mark.parametrize(("every", "verdict"), [(10, "fail"), (1_000_000, "indeterminate")])
def test_what_a_glimpse_showed_counts_when_time_runs_out(
    world: str, monkeypatch: pytest.MonkeyPatch, every: int, verdict: str, sample: float | None
) -> None:
    """With some 60,000 rows a sample is drawn first; then the whole scan, or a larger sample, takes too long."""
    run(world, MANY.format(every))
    slow_at(monkeypatch, sample)
    looking = replace(SHORT, sample=sample)
    outcome = rows_of(looked(world, looking, select=(DEPARTING, "0001/agents/*")))[DEPARTING]
    assert outcome.verdict == verdict
    examined = outcome.evidence["examined"]
    assert 10_000 < examined < 40_000
    if verdict == "indeterminate":
        assert f"{1 - 0.05 ** (1 / examined):.2%}" in outcome.note
        assert f"{examined:,} rows drawn at random" in outcome.note
    else:
        assert outcome.findings[0].total == outcome.evidence["violations"] > 0
        assert "sample" in outcome.note


def test_a_sample_for_which_there_was_no_time(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is no larger than a glimpse is all that is drawn."""
    run(world, MANY.format(1_000_000))
    slow_at(monkeypatch, 10.0)
    outcome = rows_of(looked(world, replace(SHORT, sample=10.0), select=(DEPARTING, "0001/agents/*")))[DEPARTING]
    assert outcome.verdict == "indeterminate"
    assert "it took longer than 0.4 s; no row was seen" in outcome.note
    assert outcome.evidence["examined"] == 0


@pytest.mark.parametrize(("every", "verdict"), [(3, "fail"), (1_000_000, "indeterminate")])
def test_a_sample(world: str, every: int, verdict: str) -> None:
    run(world, MANY.format(every))
    report = looked(world, Looking(sample=50.0))
    rows = rows_of(report)
    outcome = rows[DEPARTING]
    examined = outcome.evidence["examined"]
    assert outcome.verdict == verdict
    assert 25_000 < examined < 35_000
    if verdict == "fail":
        assert 0 < outcome.findings[0].total < examined
        assert outcome.findings[0].witnesses
    else:
        assert f"none in a sample of {examined:,} rows" in outcome.observed
        assert f"at most {1 - 0.05 ** (1 / examined):.2%} of the rows" in outcome.note
    decided = {id_ for id_ in ids(rows, "pass") if "no row was read" not in rows[id_].observed}
    assert decided == {"0006/events/immutable"}, "a sample never passes"
    assert not ids(rows, "fail") - {DEPARTING}


def test_two_samples_are_one(world: str) -> None:
    """Drawn with one seed: two runs on the same rows report the same."""
    run(world, MANY.format(3))
    first, second = (rows_of(looked(world, Looking(sample=10.0))) for _ in range(2))
    assert [(o.observed, o.note) for o in first.values()] == [(o.observed, o.note) for o in second.values()]
