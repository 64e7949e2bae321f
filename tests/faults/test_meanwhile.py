"""Something happens between any two statements of a run: DDL, rows that change, a server that crashes and comes back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from faulty import EVERY, Look, code_of, none_left, verdicts
from filled import own_world
from wire import MEANWHILE, Fault, Wire

from conformance.errors import CannotEvaluate, UsageError
from conformance.model.report import Report
from conformance.run import audit, check
from conformance.sandbox import Server, sandbox

ROWS = ("0001/*", "0002/*", "0015/*")

# A change, and what takes it back.
CHANGES = {
    "a CHECK is dropped": (
        "ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type",
        "ALTER TABLE approval_requests ADD CONSTRAINT approval_requests_valid_request_type"
        " CHECK (request_type IN ('plan', 'risky_task'))",
    ),
    "a CHECK lets all in": (
        "ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type,"
        " ADD CONSTRAINT approval_requests_valid_request_type CHECK (true)",
        "ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type,"
        " ADD CONSTRAINT approval_requests_valid_request_type CHECK (request_type IN ('plan', 'risky_task'))",
    ),
    "a column is renamed": (
        "ALTER TABLE approval_requests RENAME request_type TO kind",
        "ALTER TABLE approval_requests RENAME kind TO request_type",
    ),
    "a default is another": (
        "ALTER TABLE tasks ALTER max_retries SET DEFAULT 99",
        "ALTER TABLE tasks ALTER max_retries SET DEFAULT 5",
    ),
    "two tables change places": (
        "ALTER TABLE goals RENAME TO x; ALTER TABLE tasks RENAME TO goals; ALTER TABLE x RENAME TO tasks",
        "ALTER TABLE goals RENAME TO x; ALTER TABLE tasks RENAME TO goals; ALTER TABLE x RENAME TO tasks",
    ),
    "the schema is another": (
        "ALTER SCHEMA public RENAME TO old; CREATE SCHEMA public",
        "DROP SCHEMA public; ALTER SCHEMA old RENAME TO public",
    ),
    "a table is away": ("ALTER TABLE llm_usage RENAME TO away", "ALTER TABLE away RENAME TO llm_usage"),
    "a table is written anew": (
        "ALTER TABLE tasks DROP CONSTRAINT tasks_goal_id_fkey,"
        " ALTER goal_id TYPE uuid USING md5(goal_id::text)::uuid",
        "UPDATE tasks SET goal_id = (SELECT min(id::text)::uuid FROM goals);"
        "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE tasks ADD CONSTRAINT tasks_goal_id_fkey"
        " FOREIGN KEY (goal_id) REFERENCES goals (id) ON DELETE SET NULL",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def changing(server: Server) -> Iterator[str]:
    with own_world(server) as url:
        yield url


def checked(url: str) -> Report:
    return check(url, schema="public")


def audited(url: str) -> Report:
    return audit(url, schema="public", select=ROWS)


def run(url: str, script: str, within: str = "20s") -> bool:
    """Whether the script ran in time."""
    with psycopg.connect(url) as owner:
        owner.execute("SELECT set_config('lock_timeout', %s, true)", (within,))
        try:
            owner.execute(script.encode())
        except psycopg.errors.LockNotAvailable:
            return False
    return True


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("look", "count"), [(checked, 3), (audited, 2)])
def test_a_change_between_any_two_statements(changing: str, look: Look, count: int, change: str) -> None:
    """Each verdict is that of before or of after, or indeterminate."""
    there, back = CHANGES[change]
    before = verdicts(look(changing))
    with Wire(changing) as wire:
        look(wire.url)
    messages = wire.counted["client"] - 1  # the last is the farewell, whose passing nobody waits for
    assert run(changing, there)
    after = verdicts(look(changing))
    assert run(changing, back)
    refused: list[str] = []
    for number in range(1, messages) if EVERY else range(1, messages, max(1, messages // count)):
        changed: list[bool] = []
        fault = Fault("client", number, MEANWHILE)
        try:
            with Wire(changing, fault, lambda _: changed.append(run(changing, there, "300ms"))) as wire:  # noqa: B023
                report = look(wire.url)
        except UsageError as error:
            refused.append(str(error))
        except CannotEvaluate:
            pass
        else:
            found = verdicts(report)
            wrong = {key for key, it in found.items() if it not in (before[key], after[key], "indeterminate")}
            assert wrong == set(), number
            assert report.exit_code == code_of(report)
        finally:
            if changed == [True]:
                assert run(changing, back)
    assert all("has no schema of this name" in words for words in refused)
    assert verdicts(look(changing)) == before
    assert none_left(changing)


@pytest.fixture(scope="module")
def fragile() -> Iterator[str]:
    """A world on a server of its own, which crashes."""
    with sandbox() as server, own_world(server) as url:
        yield url


def back_again(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(psycopg.OperationalError), psycopg.connect(url) as session:
            session.execute("SELECT pg_sleep(0.5)")  # a crash that it has yet to notice would end this
            return
        time.sleep(0.1)


@pytest.mark.parametrize(("look", "count"), [(checked, 2), (audited, 3)])
def test_the_server_crashes_and_comes_back(fragile: str, look: Look, count: int) -> None:
    """As it does when a process of it is killed: all sessions end, and none is let in until it has recovered."""

    def crash(wire: Wire) -> None:
        for pid in wire.pids:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)

    true = verdicts(look(fragile))
    with Wire(fragile) as wire:
        look(wire.url)
    messages = wire.counted["client"] - 1
    said: list[str] = []
    for number in range(2, messages, max(1, messages // count)):
        try:
            with Wire(fragile, Fault("client", number, MEANWHILE), crash) as wire:
                report = look(wire.url)
        except CannotEvaluate as error:
            said.append(str(error))
        else:
            found = verdicts(report)
            assert {found[key] for key in found if found[key] != true[key]} <= {"indeterminate"}
            assert report.exit_code == code_of(report) == 3
        back_again(fragile)
    known = ("the server ended the connection", "the server is recovering", "is starting up", "is not ready")
    assert [words for words in said if not any(one in words for one in known)] == []
    assert verdicts(look(fragile)) == true
