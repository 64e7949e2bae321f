"""Tables divided between two connections: the answers are those of one, of one moment, and nothing stays behind."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from filled import ids, living, looked, needing, rows_of, run
from test_snapshots import big, meanwhile, moving

from conformance.model.looking import Looking
from conformance.sources import opening, rows_lanes, rows_sql
from conformance.sources.database import Session
from conformance.sources.rows_lane import Lane
from conformance.sources.rows_statements import Guard

BROKEN = """
SET session_replication_role = replica;
UPDATE agents SET daily_token_budget = -1;
UPDATE goals SET completed_at = now() WHERE status = 'active';
INSERT INTO task_dependencies (task_id, depends_on) SELECT t.id, gen_random_uuid() FROM tasks AS t;
UPDATE approval_requests SET approvals = '[1]';
UPDATE agent_documents SET agent_id = gen_random_uuid();
"""


@pytest.fixture(autouse=True)
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few rows there are, they are worth another connection."""
    monkeypatch.setattr(rows_lanes, "MANY", 0)


class Watched:
    """What each lane took: the process that served it, and the table."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, then: Callable[[Lane, int], None] = lambda lane, turn: None):
        self.taken: list[tuple[int, str]] = []
        self.looks: list[str] = []
        real = Lane.table
        lock = threading.Lock()

        def watching(lane: Lane, group: Any) -> Any:
            with lock:
                self.taken.append((lane.connection.info.backend_pid, group[0].look.table.name))
                self.looks += [one.id for one in group]
                turn = len(self.taken)
            then(lane, turn)
            return real(lane, group)

        monkeypatch.setattr(Lane, "table", watching)

    @property
    def processes(self) -> set[int]:
        return {process for process, _ in self.taken}


def aside() -> bool:
    """Whether this is not the lane of the first connection."""
    return threading.current_thread() is not threading.main_thread()


def meeting() -> Callable[[Lane, int], None]:
    """Lets neither lane go on before both have begun."""
    begun = threading.Barrier(2, timeout=20)

    def wait(lane: Lane, turn: int) -> None:
        if turn <= 2:
            begun.wait()

    return wait


@pytest.mark.parametrize("script", ["SELECT", BROKEN])
@pytest.mark.parametrize("options", [{}, {"show_values": True}, {"distrust_indexes": True}])
def test_the_outcomes_are_those_of_one(
    world: str, monkeypatch: pytest.MonkeyPatch, script: str, options: dict[str, bool]
) -> None:
    run(world, script)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_lanes, "MANY", 10**12)
        alone = looked(world, Looking(**options))  # type: ignore[arg-type]
    watched = Watched(monkeypatch, meeting())
    beside = looked(world, Looking(**options))  # type: ignore[arg-type]
    assert len(watched.processes) == 2
    assert rows_of(beside) == rows_of(alone)
    assert len({table for _, table in watched.taken}) > 15


def test_a_look_is_taken_once_and_a_table_told_once(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch, meeting())
    told: list[str] = []
    looked(world, tell=lambda table, rows: told.append(table))
    assert len(watched.looks) == len(set(watched.looks)) > 100
    between = [table for table in told if table not in ("goals", "task_dependencies")]  # whose graphs come apart
    assert sorted(between) == sorted(set(between))
    assert {table for _, table in watched.taken} == set(told)


def test_a_defect_that_moves_is_seen_once(world: str) -> None:
    """Lanes of two moments would see none, or both."""
    with moving(world) as done:
        for _ in range(6):
            rows = rows_of(looked(world))
            assert len(ids(rows, "fail")) == 1
            assert ids(rows, "indeterminate") == set()
    assert done[0] > 20


def test_both_sessions_stand_alike(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever anybody imposed on sessions of this database."""
    with psycopg.connect(world, autocommit=True) as admin:
        name = admin.info.dbname
        for setting, value in {
            "timezone": "Asia/Kathmandu",
            "datestyle": "SQL, DMY",
            "extra_float_digits": "-5",
            "enable_seqscan": "off",
            "default_transaction_read_only": "off",
            "lock_timeout": "7s",
            "search_path": "pg_temp, public",
        }.items():
            admin.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'".encode())
    stood: dict[int, list[Any]] = {}
    names = [*opening.SETTINGS, "transaction_read_only", "transaction_isolation", "lock_timeout", "work_mem"]
    asked = ", ".join(f"pg_catalog.current_setting('{name}')" for name in names)

    def look(lane: Lane, turn: int) -> None:
        row = lane.connection.execute(f"SELECT {asked}".encode()).fetchone() or ()
        stood[lane.connection.info.backend_pid] = list(row)

    wait = meeting()
    Watched(monkeypatch, lambda lane, turn: (look(lane, turn), wait(lane, turn))[1])
    assert looked(world).exit_code == 0
    one, other = stood.values()
    assert dict(zip(names, one, strict=True)) == dict(zip(names, other, strict=True))


def test_a_lane_whose_connection_is_ended(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had begun is looked at over the first."""
    run(world, BROKEN)
    before = rows_of(looked(world))
    wait = meeting()

    def kill(lane: Lane, turn: int) -> None:
        wait(lane, turn)
        if aside():
            run(world, f"SELECT pg_terminate_backend({lane.connection.info.backend_pid}, 5000)")

    watched = Watched(monkeypatch, kill)
    after = rows_of(looked(world))
    assert len(watched.processes) == 2
    assert after == before


def test_a_first_lane_whose_connection_is_ended(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had to look at is undecided, and nothing passes that was not seen."""
    wait = meeting()

    def kill(lane: Lane, turn: int) -> None:
        wait(lane, turn)
        if not aside() and not lane.connection.closed:
            run(world, f"SELECT pg_terminate_backend({lane.connection.info.backend_pid}, 5000)")

    run(world, BROKEN)
    failed = ids(rows_of(looked(world)), "fail")
    Watched(monkeypatch, kill)
    report = looked(world)
    rows = rows_of(report)
    assert ids(rows, "indeterminate")
    assert failed <= ids(rows, "fail") | ids(rows, "indeterminate")
    assert report.exit_code in (1, 3)


@pytest.mark.parametrize("times", [1, 2])
def test_a_conflict_of_the_other_lane(world: str, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The snapshot is lost to both: all is looked at again, over one connection."""
    left = [times]
    wait = meeting()

    def conflict(lane: Lane, turn: int) -> None:
        wait(lane, turn)
        if left[0] and (aside() or times == 2):
            left[0] -= 1
            raise psycopg.errors.SerializationFailure("canceling statement due to conflict with recovery")

    watched = Watched(monkeypatch, conflict)
    report = looked(world)
    assert report.exit_code == 0
    assert ids(rows_of(report), "indeterminate") == set()
    assert len({process for process, _ in watched.taken[-10:]}) == 1


@pytest.mark.parametrize("where", ["the first", "the other"])
def test_an_interrupt_leaves_nothing_behind(world: str, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Neither a thread nor a statement, even if the other lane is in the midst of a long one."""
    wait = meeting()

    def interrupt(lane: Lane, turn: int) -> None:
        wait(lane, turn)
        if aside() == (where == "the other"):
            raise KeyboardInterrupt
        if turn <= 2:
            lane.connection.execute(b"SELECT pg_catalog.pg_sleep(30) IS NULL" if aside() else b"SELECT")

    Watched(monkeypatch, interrupt)
    threads = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        looked(world)
    assert threading.active_count() == threads
    with psycopg.connect(world) as admin:
        busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30) IS NULL' AND state = 'active'"
        assert admin.execute(busy).fetchone() == (0,)


def test_what_an_interrupt_cancels_is_not_tried_again(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement of many looks that is refused is tried look by look; one that we cancel is not."""
    wait = meeting()
    slowed, asleep = threading.Event(), threading.Event()
    begun: list[int] = []
    real, enter = rows_sql.counts, Guard.__enter__

    def slow(looks: Any, sample: float | None) -> str:
        if not aside():
            return real(looks, sample)
        slowed.set()
        return f"{real(looks, sample)} WHERE pg_catalog.pg_sleep(30) IS NOT NULL"

    def interrupt(lane: Lane, turn: int) -> None:
        wait(lane, turn)
        if not aside() and asleep.wait(20):
            raise KeyboardInterrupt

    def entering(guard: Guard) -> None:
        enter(guard)
        if aside() and slowed.is_set():
            begun.append(1)
            asleep.set()

    monkeypatch.setattr(rows_sql, "counts", slow)
    monkeypatch.setattr(Guard, "__enter__", entering)
    Watched(monkeypatch, interrupt)
    with pytest.raises(KeyboardInterrupt):
        looked(world)
    assert len(begun) == 1


def test_a_second_connection_that_cannot_be_had(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for once, for graphs too."""
    asked: list[int] = []

    def refused(self: Any) -> Any:
        asked.append(1)
        raise psycopg.OperationalError("FATAL:  sorry, too many clients already")

    run(world, BROKEN)
    big(world)
    way = "0026/goals.depends_on_goal_ids/acyclic"
    before = rows_of(looked(world))
    monkeypatch.setattr(Session, "_beside", refused)
    watched = Watched(monkeypatch)
    after = rows_of(looked(world))
    assert "one connection" in after.pop(way).note
    assert "two connections" in before.pop(way).note
    assert after == before
    assert len(watched.processes) == len(asked) == 1


def test_a_locked_table(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly what needs it is indeterminate: where not all can be held, one lane looks."""
    monkeypatch.setattr(opening, "OPEN", opening.OPEN.replace("lock_timeout = '5s'", "lock_timeout = '300ms'"))
    looked(world)
    watched = Watched(monkeypatch)
    lock = b"LOCK TABLE agent_documents IN ACCESS EXCLUSIVE MODE"
    with psycopg.connect(world) as migration, meanwhile(world, lambda: migration.execute(lock)):
        rows = rows_of(looked(world))
    proven = {id_ for id_ in living() if "no row was read" in rows[id_].observed}
    assert ids(rows, "indeterminate") == needing(["agent_documents"], living()) - proven
    assert len(watched.processes) == 1


def test_who_waits_for_a_lock_meanwhile_keeps_no_lane_waiting(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that queues for a table which the one lane reads would be in the way of the other, if that came
    later."""
    wait = meeting()
    queued: list[threading.Thread] = []

    def queue() -> None:
        with psycopg.connect(world) as migration:
            migration.execute("LOCK TABLE tasks, agents, goals IN ACCESS EXCLUSIVE MODE")

    def migrate(lane: Lane, turn: int) -> None:
        if turn == 1:
            queued.append(threading.Thread(target=queue))
            queued[0].start()
            with psycopg.connect(world, autocommit=True) as admin:
                waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
                while admin.execute(waiting).fetchone() == (0,):
                    pass
        wait(lane, turn)

    Watched(monkeypatch, migrate)
    report = looked(world)
    queued[0].join(timeout=20)
    assert not queued[0].is_alive()
    assert report.exit_code == 0
    assert ids(rows_of(report), "indeterminate") == set()


def test_small_tables_come_first_where_time_may_run_out(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_lanes, "MANY", 10**12)
    run(world, "ANALYZE")
    told: list[str] = []
    looked(world, tell=lambda table, rows: told.append(table))
    largest_first, told = told[:-2], []  # graphs come behind all tables
    looked(world, Looking(max_duration=60), tell=lambda table, rows: told.append(table))
    assert sorted(told[:-2]) == sorted(largest_first)
    assert largest_first[0] in told[-7:]
    assert told[0] in largest_first[-5:]
