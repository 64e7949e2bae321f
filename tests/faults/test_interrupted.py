"""Ctrl-C at any phase: 130, one line, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from faulty import EVERY, none_left
from wire import MEANWHILE, Fault, Wire

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")

SOON_S = 20


def started(*arguments: str, home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "TMPDIR": str(home)}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a child inherits that a signal is ignored
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "conformance", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=home,
        )
    finally:
        signal.signal(signal.SIGINT, before)


def end_of(running: subprocess.Popen[str]) -> tuple[int, str, str]:
    try:
        out, said = running.communicate(timeout=SOON_S)
    finally:
        running.kill()
    return running.returncode, out, said


@pytest.mark.parametrize(("command", "count"), [("check", 3), ("audit", 4), ("snapshot", 2)])
def test_at_any_message(ruined: str, command: str, count: int, tmp_path: Path) -> None:
    with Wire(ruined) as wire:
        whole = started(command, wire.url, "--schema", "public", home=tmp_path)
        assert end_of(whole)[0] in (0, 1, 3)
    messages = wire.counted["client"]
    running: list[subprocess.Popen[str]] = []

    def interrupt(_: Wire) -> None:
        running[-1].send_signal(signal.SIGINT)

    for number in range(1, messages) if EVERY else range(1, messages - 1, max(1, messages // count)):
        with Wire(ruined, Fault("client", number, MEANWHILE), interrupt) as wire:
            running.append(started(command, wire.url, "--schema", "public", home=tmp_path))
            ending = end_of(running[-1])
            assert wire.struck
        assert ending == (130, "", "conformance: interrupted\n"), number
    assert none_left(ruined)


@pytest.mark.parametrize("when", ["first", "late"])
def test_while_nothing_answers(ruined: str, when: str, tmp_path: Path) -> None:
    """The server could not be told to stop: it is left."""
    number = 2 if when == "first" else 60
    with Wire(ruined, Fault("client", number, "silent")) as wire:
        running = started("audit", wire.url, "--schema", "public", home=tmp_path)
        until = time.monotonic() + SOON_S
        while not wire.struck and time.monotonic() < until:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        code, out, said = end_of(running)
    assert (code, out) == (130, "")
    assert said.splitlines()[-1] == "conformance: interrupted"
    assert "Traceback" not in said
    assert none_left(ruined)


@pytest.mark.parametrize("command", ["check", "audit", "prove", "selftest"])
def test_at_any_time_on_a_throw_away_server(command: str, tmp_path: Path) -> None:
    """Its server, its databases and its folders go as well; what `prove` remembers of its examples may stay."""
    delays = [0.4, 0.7, 1.1, 1.6, 2.3, 3.2] if EVERY else [0.5, 1.8]

    sandboxed = ["--sandbox", "embedded"] if command != "selftest" else []
    found = []
    for delay in delays:
        running = started(command, *sandboxed, home=tmp_path)
        with suppress(subprocess.TimeoutExpired):
            running.wait(timeout=delay)
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
        found.append(end_of(running))
    for code, _, said in found:
        assert code == 130 or (code == 0 and command in ("check", "audit")), said  # it was quicker
        assert "Traceback" not in said
        assert code == 0 or said.splitlines()[-1] == "conformance: interrupted"
    assert found[0][0] == 130
    until = time.monotonic() + SOON_S
    while (left := {path.name for path in tmp_path.iterdir()} - {".hypothesis"}) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == set()
