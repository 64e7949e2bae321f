"""A hot standby is looked at as its primary is; a conflict with recovery is tried again, then said."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from filled import ids, looked, rows_of, run

from conformance.errors import CannotEvaluate
from conformance.sandbox import Server
from conformance.sandbox.account import server_account
from conformance.sandbox.binaries import embedded_binaries
from conformance.sandbox.programs import SETTINGS
from conformance.sources.database import Session
from conformance.sources.rows_lane import Lane

DEPARTING = "0024/agents.daily_token_budget/not-negative"


@pytest.fixture(scope="module")
def standby(server: Server) -> Iterator[str]:
    """The folder of the socket of a standby of the server."""
    programs = embedded_binaries(int(server.version.partition(".")[0]))
    account = server_account()
    as_account: dict[str, Any] = (
        {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    )
    host = parse_qs(urlsplit(server.url).query)["host"][0]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="standby-")))
        folder.chmod(0o711)
        for part in ("data", "s"):
            (folder / part).mkdir(mode=0o700)
            if account is not None:
                account.take(folder / part)
        backup = [programs.program("pg_basebackup"), "-h", host, "-p", "5432", "-U", "postgres", "-D", folder / "data", "-R",
                  "-X", "stream", "-c", "fast"]  # fmt: skip
        try:
            made = subprocess.run(backup, capture_output=True, text=True, cwd="/", check=False, **as_account)
        except OSError as error:
            pytest.skip(f"pg_basebackup cannot be run here: {error}")
        if made.returncode:
            pytest.skip(f"a standby cannot be had here: {made.stderr.strip()}")
        settings = (*SETTINGS, "listen_addresses=", "port=5432", "dynamic_shared_memory_type=mmap", "hot_standby=on",
                    "max_standby_streaming_delay=0", "hot_standby_feedback=off", "wal_receiver_status_interval=1s")  # fmt: skip
        command = [
            programs.program("postgres"),
            "-D",
            folder / "data",
            "-k",
            folder / "s",
            *(f"--{one}" for one in settings),
        ]
        log = stack.enter_context((folder / "log").open("wb"))
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd="/", **as_account
        )
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        ready(f"postgresql://postgres@/postgres?host={folder / 's'}&port=5432", folder / "log")
        yield str(folder / "s")


def ready(url: str, log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.skip(f"the standby did not start: {log.read_text(errors='replace')[-300:]}")


@pytest.fixture
def copy(server: Server, standby: str, world: str) -> str:
    """The world on the standby, as far as it is on the primary."""
    url = urlsplit(world)._replace(query=f"host={standby}&port=5432").geturl()
    caught_up(world, url)
    return url


def caught_up(primary: str, copy: str) -> None:
    with psycopg.connect(primary, autocommit=True) as admin:
        (reached,) = admin.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ()
        admin.execute("CHECKPOINT")  # what is in the buffers of an asynchronous commit goes out
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with psycopg.connect(copy.replace(urlsplit(copy).path, "/postgres"), autocommit=True) as admin:
                row = admin.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (reached,)).fetchone()
        except psycopg.OperationalError:
            row = None
        if row == (True,):
            return
        time.sleep(0.05)
    pytest.fail("the standby does not follow")


def test_a_standby_is_judged_as_its_primary(world: str, copy: str) -> None:
    run(world, "UPDATE agents SET daily_token_budget = -1")
    caught_up(world, copy)
    here, there = looked(world), looked(copy)
    assert there.target.in_recovery
    assert ids(rows_of(there), "indeterminate") == set()
    told = [[(o.requirement.id, o.verdict, o.observed, o.findings) for o in rows_of(r).values()] for r in (here, there)]
    assert told[0] == told[1]
    assert ids(rows_of(there), "fail") == {DEPARTING}


def conflicting(
    world: str, copy: str, monkeypatch: pytest.MonkeyPatch, times: int, script: Callable[[int], str]
) -> list[int]:
    """In the middle of an audit the primary takes away what the snapshot needs, and the standby follows at once."""
    done = [0]
    real = Lane._moved

    def moved(self: Lane, *given: Any) -> Any:
        if done[0] < times and any(read[1] == "agents" for one in given[0] for read in one.reads):
            done[0] += 1
            for statement in script(done[0]).split("; "):
                run(world, statement)
            caught_up(world, copy)
        return real(self, *given)

    monkeypatch.setattr(Lane, "_moved", moved)
    return done


SCRIPTS = {
    "rows that are frozen": lambda turn: "UPDATE goals SET priority = priority + 1; UPDATE agents SET name = name; VACUUM (FREEZE) goals; VACUUM (FREEZE) agents",
    "a table that is dropped": lambda turn: "DROP TABLE IF EXISTS agent_documents",
    "a lock on a table that was read": lambda turn: f"ALTER TABLE agents ADD IF NOT EXISTS extra_{turn} int",
}  # fmt: skip


@pytest.mark.parametrize("what", SCRIPTS)
@pytest.mark.parametrize("times", [1, 9])
def test_a_conflict_with_recovery(
    world: str, copy: str, monkeypatch: pytest.MonkeyPatch, what: str, times: int
) -> None:
    """Whatever the standby cancels, the verdicts are the clean world's, or it is said that there is none."""
    again: list[int] = []
    real = Session._begin_again

    def counted(self: Session) -> None:
        again.append(1)
        real(self)

    monkeypatch.setattr(Session, "_begin_again", counted)
    done = conflicting(world, copy, monkeypatch, times, SCRIPTS[what])
    report = looked(copy)
    rows = rows_of(report)
    assert done[0]
    assert 1 <= len(again) <= 2, "the standby took the snapshot away"
    if times == 1 and "frozen" in what:
        assert ids(rows, "indeterminate", "fail") == set()
    assert {id_ for id_ in ids(rows, "fail") if "agent_documents" not in id_} == set()
    for id_ in ids(rows, "indeterminate"):
        words = (
            "taking the snapshot away",
            "ended the connection",
            "written anew",
            "the server said",
            "locked",
            "is gone",
        )
        assert any(word in rows[id_].note for word in words), rows[id_].note
    assert report.exit_code in (0, 1, 3)


@pytest.mark.parametrize("times", [1, 9])
def test_a_conflict_with_recovery_before_the_structure_is_read(
    world: str, copy: str, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """The standby ends a session that has a snapshot and waits: once, and it is looked again; each time, and it is said."""
    done = [0]
    real = Session._open

    def opened(self: Session) -> tuple[str, ...]:
        path = real(self)
        if done[0] < times:
            done[0] += 1
            for statement in (
                f"CREATE TABLE extra_{done[0]} (id int)",
                f"DROP TABLE extra_{done[0]}",
                "VACUUM (FREEZE) pg_class",
            ):
                run(world, statement)
            caught_up(world, copy)
        return path

    monkeypatch.setattr(Session, "_open", opened)
    if times == 1:
        assert ids(rows_of(looked(copy)), "indeterminate", "fail") == set()
        return
    with pytest.raises(CannotEvaluate, match=r"standby.*run again, or look at the primary") as caught:
        looked(copy)
    assert caught.value.exit_code == 3
    assert done[0] > 1
