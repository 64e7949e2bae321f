"""A server that takes no session says why, and each reason has its own words; one that takes any is judged."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from judged import named
from owning import Cluster, connection_when_free, embedded_programs
from running import READER, conformance, folder_of_its_own, handed_over, said, told_of

from conformance.run import check
from conformance.sandbox import Server

COMMANDS = ("check", "audit", "snapshot")


@pytest.fixture(scope="module")
def programs() -> Iterator[Path]:
    with ExitStack() as stack:
        yield embedded_programs(stack)


@pytest.fixture
def cluster(programs: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(stack, programs).filled()


def until_said(url: str, words: str, command: str = "check") -> str:
    """What is said of the server as soon as the words are in it: it takes a moment to get into its state."""
    for _ in range(40):
        ran = conformance(command, url)
        if words in ran.stderr:
            return said(ran)
        time.sleep(0.2)
    pytest.fail(f"{words!r} was never said, but: {ran.stdout}{ran.stderr}")


# --- not ready


def test_starting_up(cluster: Cluster) -> None:
    """It waits for what it is restored from."""
    cluster.set_to({"restore_command": "sleep 60"})
    handed_over(touched(cluster.data / "recovery.signal"))
    process = cluster.start(wait=False)
    text = until_said(cluster.url, "the server is starting up; try again later")
    assert "(the server said: the database system is starting up)" in text
    ended_at_once(process)


def test_shutting_down_and_gone(cluster: Cluster) -> None:
    process = cluster.start()
    with psycopg.connect(cluster.url):  # as long as it lasts, the server waits for it
        process.send_signal(signal.SIGTERM)
        text = until_said(cluster.url, "the server is shutting down; try again when it is back")
        assert "the database system is shutting down" in text
    process.wait(20)
    assert "there is no server on that socket; check the folder and the port" in said(conformance("check", cluster.url))


def test_recovering_from_a_crash(cluster: Cluster) -> None:
    """A session has crashed, and another does not end for the moment."""
    cluster.start()
    with psycopg.connect(cluster.url) as crashing, psycopg.connect(cluster.url) as frozen:
        pids = [session.info.backend_pid for session in (frozen, crashing)]
        os.kill(pids[0], signal.SIGSTOP)
        os.kill(pids[1], signal.SIGKILL)
        text = until_said(cluster.url, "the server is recovering from a crash; try again later")
        assert "the database system is in recovery mode" in text


def test_a_standby_that_takes_no_sessions(cluster: Cluster) -> None:
    handed_over(touched(cluster.data / "standby.signal"))
    process = cluster.start(wait=False, hot_standby="off")
    text = until_said(cluster.url, "the server is a standby that takes no sessions")
    assert "the database system is not accepting connections" in text
    ended_at_once(process)


def test_a_standby_that_has_not_caught_up(programs: Path) -> None:
    """It was copied while its primary ran, and lacks what happened until the copy was whole."""
    with ExitStack() as stack:
        primary, standby = Cluster(stack, programs).filled(), Cluster(stack, programs)
        primary.start()
        with psycopg.connect(primary.url, autocommit=True) as session:
            session.execute("SELECT pg_backup_start('a test', true)")
            shutil.copytree(primary.data, standby.data, dirs_exist_ok=True)
            session.execute("SELECT pg_switch_wal()")
            session.execute("CREATE TABLE later (id int)")
            label = session.execute("SELECT labelfile FROM pg_backup_stop()").fetchone()
        assert label is not None
        (standby.data / "backup_label").write_text(label[0])
        (standby.data / "standby.signal").touch()
        (standby.data / "postmaster.pid").unlink()
        handed_over(standby.data, 0o700)
        process = standby.start(wait=False)
        text = until_said(standby.url, "the server is recovering, and not far enough to be read")
        assert "the database system is not yet accepting connections" in text
        ended_at_once(process)


def touched(path: Path) -> Path:
    path.touch()
    return path


def ended_at_once(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGQUIT)
    process.wait(20)


# --- out of connections


@pytest.fixture(scope="module")
def narrow(programs: Path) -> Iterator[str]:
    """A server with one connection for anybody, one reserved for who may use it, and one for superusers."""
    with ExitStack() as stack:
        cluster = Cluster(stack, programs).filled()
        cluster.start(max_connections=3, superuser_reserved_connections=1, reserved_connections=1, max_wal_senders=0)
        with psycopg.connect(cluster.url, autocommit=True) as admin:
            admin.execute(f"CREATE ROLE {READER} LOGIN".encode())
            admin.execute("CREATE DATABASE astra")
        yield cluster.url.replace("/postgres?", "/astra?")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_last_connections_are_reserved(narrow: str, command: str) -> None:
    reader = narrow.replace("//postgres@", f"//{READER}@")
    with connection_when_free(reader):
        text = until_said(reader, "are reserved for other roles; try again later", command)
        assert "remaining connection slots are reserved for roles with privileges of" in text


def test_no_connection_is_left(narrow: str) -> None:
    with connection_when_free(narrow), connection_when_free(narrow), connection_when_free(narrow):
        text = until_said(narrow, "the server has no connection left; try again later")
        assert "sorry, too many clients already" in text


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("ALTER ROLE {role} CONNECTION LIMIT 0", "this role has no connection left; try again later"),
        ("ALTER DATABASE {name} CONNECTION LIMIT 0", "this database has no connection left; try again later"),
        ("ALTER DATABASE {name} ALLOW_CONNECTIONS false", "the database takes no sessions (ALLOW_CONNECTIONS is off)"),
        ("ALTER ROLE {role} NOLOGIN", "the role may not log in; look with one that may"),
        ("REVOKE CONNECT ON DATABASE {name} FROM PUBLIC", "the role may not connect to this database; it needs CONNECT on it"),
    ],
)  # fmt: skip
def test_who_is_kept_out(server: Server, script: str, words: str) -> None:
    server.create_database("kept")
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute("CREATE ROLE kept LOGIN")
        try:
            admin.execute(script.format(role="kept", name="kept").encode())
            assert words in said(conformance("check", named(server, "kept").replace("//postgres@", "//kept@")))
        finally:
            admin.execute("ALTER DATABASE kept ALLOW_CONNECTIONS true")
            server.drop_database("kept")
            admin.execute("DROP ROLE kept")


# --- ready, and of a kind of its own


@pytest.fixture(scope="module")
def standby(programs: Path, socket_folder: str, direct: str) -> Iterator[str]:
    """The URL of the filled database on a standby, for a role that may read it."""
    with ExitStack() as stack:
        cluster = Cluster(stack, programs)
        try:
            cluster.copied_from(socket_folder)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"a standby cannot be had here: {error}")
        cluster.start()
        yield cluster.url.replace("//postgres@/postgres?", f"//{READER}@/astra?")


@pytest.mark.parametrize("command", ["check", "audit"])
def test_a_standby_is_judged_as_its_primary_is(standby: str, direct: str, command: str) -> None:
    here, there = (conformance(command, url, "--format", "json") for url in (direct, standby))
    assert (there.returncode, there.stderr) == (0, "")
    assert told_of(there) == told_of(here)
    assert '"in_recovery": true' in there.stdout


def test_a_standby_is_called_one(standby: str) -> None:
    ran = conformance("check", standby)
    assert ran.returncode == 0
    assert f"schemas {READER}, public, a standby" in " ".join(ran.stdout.split())


def test_a_snapshot_of_a_standby(standby: str, direct: str) -> None:
    with folder_of_its_own() as folder:
        assert conformance("snapshot", standby, "-o", str(folder / "s")).returncode == 0
        assert told_of(conformance("check", str(folder / "s"), "--format", "json")) == told_of(
            conformance("check", direct, "--format", "json")
        )


@pytest.mark.parametrize(("wanted", "there"), [("any", True), ("standby", True), ("read-only", True), ("prefer-standby", True),
                                               ("primary", False), ("read-write", False)])  # fmt: skip
def test_which_of_several_is_asked_for(standby: str, direct: str, wanted: str, there: bool) -> None:
    standbys, primarys = (f"{url}&target_session_attrs={wanted}" for url in (standby, direct))
    if there:
        assert check(standbys).target.in_recovery
    else:
        assert said(conformance("check", standbys)).endswith(
            "the server is not of the kind that target_session_attrs asks for"
        )
        assert check(primarys).exit_code == 0


@pytest.mark.parametrize("command", ["check", "audit"])
def test_a_default_of_reading_only(direct: str, astra: str, command: str) -> None:
    with psycopg.connect(astra, autocommit=True) as admin:
        admin.execute("ALTER DATABASE astra SET default_transaction_read_only = on")
        try:
            ran = conformance(command, direct)
        finally:
            admin.execute("ALTER DATABASE astra RESET default_transaction_read_only")
    assert (ran.returncode, ran.stderr) == (0, "")
