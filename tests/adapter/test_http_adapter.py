"""A service behind HTTP, put to the same laws."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from implementations import ROOT, Bench

from conformance.errors import CannotEvaluate, UsageError
from conformance.model.outcome import Outcome
from conformance.registry import conduct_laws
from conformance.sources.adapters import load
from conformance.sources.http_adapter import Requests
from conformance.sources.service import Service

SERVICE = ROOT / "fixtures" / "implementations" / "service.json"


def described(folder: Path, **changes: Any) -> Path:
    """The service, started with this Python."""
    found = json.loads(SERVICE.read_text(encoding="utf-8"))
    found["command"] = [sys.executable, str(SERVICE.with_suffix(".py")), "{port}"]
    found |= changes
    path = folder / "service.json"
    path.write_text(json.dumps({key: value for key, value in found.items() if value is not None}), encoding="utf-8")
    return path


def outcomes(stand: Bench, path: Path, *laws: str) -> dict[str, Outcome]:
    found = stand.outcomes(str(path), {id_: conduct_laws()[id_] for id_ in laws}, 2)
    return {outcome.requirement.id.removeprefix("adapter/"): outcome for outcome in found}


def test_a_right_service_departs_from_nothing(stand: Bench, tmp_path: Path) -> None:
    laws = ("approvals/accepts", "approvals/votes-at-once", "tenants/no-leak", "chat/killed")
    found = outcomes(stand, described(tmp_path), *laws)
    assert {id_: outcome.verdict for id_, outcome in found.items()} == {
        "approvals/accepts": "pass",
        "approvals/votes-at-once": "pass",
        "tenants/no-leak": "pass",
        "chat/killed": "pass",
    }
    assert not any(outcome.note for outcome in found.values())


def test_a_wrong_service_is_found(stand: Bench, tmp_path: Path) -> None:
    command = [sys.executable, str(SERVICE.with_suffix(".py")), "{port}", "--wrong", "LeaksBetweenOrganizations"]
    found = outcomes(stand, described(tmp_path, command=command), "tenants/no-leak")
    assert found["tenants/no-leak"].verdict == "fail"


@pytest.mark.parametrize(
    ("wrong", "law", "script"),
    [
        ("VotesReadThenWritten", "approvals/votes-at-once", "| SELECT status"),
        ("VoteAndDecisionApart", "approvals/killed", "-- here the session was ended"),
        ("TakesWithoutLock", "tasks/taken-once", "| SELECT id FROM tasks"),
    ],
)
def test_the_statements_of_a_service_are_held(stand: Bench, tmp_path: Path, wrong: str, law: str, script: str) -> None:
    command = [sys.executable, str(SERVICE.with_suffix(".py")), "{port}", "--wrong", wrong]
    found = outcomes(stand, described(tmp_path, command=command), law)[law]
    assert found.verdict == "fail"
    assert script in (found.findings[0].script or "")


@pytest.mark.parametrize("size", ["1", "2"])
def test_a_pool_of_connections_is_no_departure(stand: Bench, tmp_path: Path, size: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name("pooled_service.py")), "{port}", size]
    found = outcomes(stand, described(tmp_path, command=command), "approvals/votes-at-once", "approvals/killed")
    assert {outcome.verdict for outcome in found.values()} == {"pass"}, found


def test_an_answer_without_the_id_is_an_error_of_the_service(stand: Bench, tmp_path: Path) -> None:
    operations = json.loads(SERVICE.read_text(encoding="utf-8"))["operations"]
    operations["request_approval"]["gives"] = "data.id"
    found = outcomes(stand, described(tmp_path, operations=operations), "approvals/accepts")["approvals/accepts"]
    assert found.verdict == "fail"
    assert "the answer has no data.id" in found.observed


def test_a_service_that_ends_at_once_is_told(stand: Bench, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; print('no port is free', file=sys.stderr); sys.exit(3)"]
    with pytest.raises(CannotEvaluate, match="the service ended with 3 as it was started: no port is free"):
        outcomes(stand, described(tmp_path, command=command), "chat/own-org")


def test_a_service_without_a_place_to_ask_is_waited_for(stand: Bench, tmp_path: Path) -> None:
    late = (
        f"import time, sys, runpy; time.sleep(1); runpy.run_path({str(SERVICE.with_suffix('.py'))!r}, None, '__main__')"
    )
    found = outcomes(
        stand, described(tmp_path, command=[sys.executable, "-c", late, "{port}"], ready=None), "chat/roles"
    )
    assert found["chat/roles"].verdict == "pass"


def test_what_a_service_started_ends_with_it(stand: Bench, tmp_path: Path) -> None:
    left = tmp_path / "worker"
    worker = f"{sys.executable} -c 'import time; time.sleep(60)' & echo $! > {left}"
    command = ["sh", "-c", f"{worker}; exec {sys.executable} {SERVICE.with_suffix('.py')} {{port}}"]
    outcomes(stand, described(tmp_path, command=command), "chat/roles")
    pid = int(left.read_text(encoding="utf-8"))
    state = Path(f"/proc/{pid}/stat")
    assert not state.exists() or state.read_text(encoding="utf-8").split()[2] == "Z"


def test_the_proxy_of_the_environment_is_not_for_a_service(
    stand: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert outcomes(stand, described(tmp_path), "tenants/no-leak")["tenants/no-leak"].verdict == "pass"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"base_url": None}, "base_url: where the service is"),
        ({"command": None}, "command or connect: how the service comes to stand on"),
        ({"operations": {}}, "operations: an object with at least one"),
        ({"operations": {"vot": {"path": "/"}}}, "operations.vot: there is no such operation"),
        ({"operations": {"vote": {"body": {}}}}, "operations.vote: an object with a path"),
        ({"operations": {"vote": {"path": "/", "verb": "GET"}}}, "operations.vote.verb: there is no such key"),
        ({"timeout": "long"}, "timeout: it is to be int or float"),
        ({"tiemout": 3}, "tiemout: there is no such key"),
    ],
)
def test_a_description_that_is_wrong_says_where(changes: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(str(described(tmp_path, **changes)))
    assert words in str(caught.value)


def test_a_file_that_is_no_json_is_told(tmp_path: Path) -> None:
    path = tmp_path / "service.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="is no JSON"):
        load(str(path))


WITHOUT_END = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "part", "parts", "words"),
    [
        (WITHOUT_END, b" " * 65_536, 1000, "its answer is longer than 4,000,000 bytes"),
        (WITHOUT_END, b" ", 20, "its answer does not end in time"),
        (b"HTTP/1.1 500 No\r\n\r\n", b" ", 20, "its answer does not end in time"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b"{", 1, "its answer is cut off"),
        (b"\x00 nonsense\r\n\r\n", b"", 1, "nonsense"),
        (b"", b"", 1, "closed connection without response"),
    ],
    ids=["endless", "slow", "slow error", "cut off", "no HTTP", "nothing"],
)
def test_an_answer_that_is_none_is_told(head: bytes, part: bytes, parts: int, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        served = Thread(target=_serve, args=(listening, head, part, parts), daemon=True)
        served.start()
        described = {"base_url": f"http://127.0.0.1:{listening.getsockname()[1]}", "timeout": 0.5}
        with pytest.raises(Exception, match=words) as caught:
            Requests(described, "").call({"path": "/vote", "body": {}}, {})
        assert str(caught.value).startswith("POST /vote")
        served.join(5)


def _serve(listening: socket.socket, head: bytes, part: bytes, parts: int) -> None:
    with listening.accept()[0] as connection, suppress(OSError):
        connection.recv(65_536)
        connection.sendall(head)
        for _ in range(parts):
            connection.sendall(part)
            if len(part) == 1 < parts:
                time.sleep(0.1)


def test_a_service_ends_with_a_run_that_is_killed() -> None:
    run = (
        "import time; from conformance.sources.service import Service\n"
        "with Service(['sleep', '60'], '') as it: print(it._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", run], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        os.kill(pid, 0)
        process.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while _lives(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text(encoding="utf-8").split()[2] != "Z"


def test_nothing_watches_a_service_that_has_ended() -> None:
    with Service(["sleep", "60"], "") as it:
        assert it._watch is not None
        watch = it._watch
        assert watch.poll() is None
    assert watch.poll() is not None
