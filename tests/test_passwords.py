"""A password comes from a file or from a person at a terminal, and is shown by nothing."""

import os
import pty
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

CANARY = "c4n4ry"


class Asking:
    """What asks for a password on a port, keeps it, and refuses it."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://u@127.0.0.1:{self.server.getsockname()[1]}/astra?sslmode=disable&gssencmode=disable"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            with client:
                try:
                    self._answer(client)
                except OSError:
                    continue

    def _answer(self, client: socket.socket) -> None:
        client.settimeout(5)
        client.recv(4096)
        client.sendall(b"R" + struct.pack("!ii", 8, 3))  # AuthenticationCleartextPassword
        answer = client.recv(4096)
        if answer[:1] != b"p":
            return
        self.given.append(answer[5:].rstrip(b"\0").decode())
        said = b'SFATAL\0C28P01\0Mpassword authentication failed for user "u"\0\0'
        client.sendall(b"E" + struct.pack("!i", len(said) + 4) + said)


@pytest.fixture
def asking() -> Iterator[Asking]:
    running = Asking()
    with closing(running.server):
        yield running


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return subprocess.run(
        [sys.executable, "-m", "conformance", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("command", ["check", "audit", "snapshot"])
def test_a_file_gives_it(asking: Asking, tmp_path: Path, command: str) -> None:
    file = tmp_path / "password"
    file.write_text(f"{CANARY} x\nno more\n", encoding="utf-8")
    file.chmod(0o600)
    ran = run(command, asking.url, "--password-file", str(file))
    assert ran.returncode == 3
    assert set(asking.given) == {f"{CANARY} x"}
    assert "the server refused the password" in ran.stderr
    assert CANARY not in ran.stdout + ran.stderr


def test_without_one_it_is_said_how_to_give_it(asking: Asking) -> None:
    ran = run("check", asking.url)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.count("\n") == 1
    assert "the server asks for a password; give it by --password-file, $PGPASSWORD or ~/.pgpass" in ran.stderr
    assert asking.given == []


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        (None, 0o600, "cannot be read: No such file or directory"),
        ("", 0o600, "its first line is empty"),
        ("\nx\n", 0o600, "its first line is empty"),
        (f"{CANARY}\n", 0o644, "others may read it; chmod 600"),
    ],
)
def test_a_file_that_cannot_serve(tmp_path: Path, text: str | None, mode: int, says: str) -> None:
    file = tmp_path / "password"
    if text is not None:
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
    ran = run("check", "postgresql://u@127.0.0.1:1/astra", "--password-file", str(file))
    assert ran.returncode == 2
    assert says in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert CANARY not in ran.stderr


def test_a_person_at_a_terminal_is_asked_once(asking: Asking) -> None:
    command = [sys.executable, "-m", "conformance", "check", asking.url]
    terminal, its_end = pty.openpty()
    running = subprocess.Popen(command, stdin=its_end, stdout=its_end, stderr=its_end, start_new_session=True)
    os.close(its_end)
    shown = b""
    while b"Password for 127.0.0.1" not in shown:
        shown += os.read(terminal, 4096)
    os.write(terminal, f"{CANARY}\n".encode())
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:  # the terminal is gone with its last user
        pass
    os.close(terminal)
    assert running.wait(60) == 3
    assert set(asking.given) == {CANARY}
    assert b"the server refused the password" in shown
    assert CANARY.encode() not in shown
