"""However a run ends, its server and its files end with it, at the latest in the next run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from conformance.sandbox import SandboxKind, sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")

Look = Callable[[], list[str]]
CHILD = """
import sys, time
from conformance.sandbox import sandbox
with sandbox(sys.argv[1]) as server:
    print(server.url, flush=True)
    time.sleep(600)
"""


@contextmanager
def start(kind: SandboxKind, program: str = CHILD) -> Iterator[subprocess.Popen[str]]:
    """A program in a process group of its own, as a shell starts it; killed where the test does not end it."""
    command = [sys.executable, "-c", program, kind]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a child inherits that a signal is ignored
    try:
        started = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with started as child:
        try:
            yield child
        except BaseException:
            child.kill()
            raise


def url_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    url = child.stdout.readline().strip()
    assert url, child.communicate()
    return url


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_ctrl_c_reaches_the_whole_group_and_leaves_nothing(kind: SandboxKind, left: Look) -> None:
    with start(kind) as child:
        url_of(child)
        os.killpg(child.pid, signal.SIGINT)
        _, errors = child.communicate(timeout=30)
    assert child.returncode == -signal.SIGINT
    assert errors.splitlines()[-1] == "KeyboardInterrupt"
    assert left() == []


def test_impatient_ctrl_c_leaves_nothing(kind: SandboxKind, left: Look) -> None:
    with start(kind) as child:
        url_of(child)
        for _ in range(3):
            os.killpg(child.pid, signal.SIGINT)
            time.sleep(0.015)
        child.communicate(timeout=30)
    wait_until(lambda: left() == [])


@pytest.mark.parametrize("delay", [0.15, 0.4, 0.8])
def test_ctrl_c_while_starting_leaves_nothing(kind: SandboxKind, delay: float, left: Look) -> None:
    with start(kind) as child:
        time.sleep(delay)
        os.killpg(child.pid, signal.SIGINT)
        child.communicate(timeout=60)
    if kind == "docker":  # the daemon may have been making a container that nobody knew of yet
        with sandbox(kind):
            pass
    assert left() == []


def test_termination_is_an_orderly_exit(kind: SandboxKind, left: Look) -> None:
    with start(kind) as child:
        url_of(child)
        child.terminate()
        _, errors = child.communicate(timeout=30)
    assert child.returncode == 128 + signal.SIGTERM
    assert errors == ""
    assert left() == []


def test_the_programs_own_handler_of_termination_is_left_alone(kind: SandboxKind, base: Path) -> None:
    def own(_number: int, _frame: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)  # perhaps that of a server which lives for the session
    try:
        with sandbox(kind):
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        signal.signal(signal.SIGTERM, own)
        with sandbox(kind):
            assert signal.getsignal(signal.SIGTERM) is own
        assert signal.getsignal(signal.SIGTERM) is own
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_killed_run_is_swept_by_the_next(kind: SandboxKind, processes: Look, left: Look) -> None:
    with start(kind) as child:
        url_of(child)
        child.kill()
    if kind != "docker":
        wait_until(lambda: processes() == [])  # the watchdog stops the server
    abandoned = set(left())
    assert abandoned
    with sandbox(kind):
        assert not abandoned & set(left())
    assert left() == []


@pytest.mark.parametrize("kind", ["embedded", "local"], indirect=True)
def test_a_server_whose_watchdog_was_killed_too_is_stopped_by_the_next_run(
    kind: SandboxKind, processes: Look, left: Look
) -> None:
    with start(kind) as child:
        url = url_of(child)
        (watchdog,) = (line for line in processes() if "watchdog" in line)
        os.kill(int(watchdog.split()[0]), signal.SIGKILL)
        child.kill()
    with psycopg.connect(url):
        assert processes()
    with sandbox(kind), pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    assert left() == []


def test_a_living_run_is_not_swept(kind: SandboxKind, left: Look) -> None:
    with start(kind) as child:
        url = url_of(child)
        with sandbox(kind):
            pass
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        child.terminate()
        child.communicate(timeout=30)
    assert left() == []
