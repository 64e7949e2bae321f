"""The door: what is said when there is no report, and that no secret is in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from looking import Conformance, Looked, outcome

from conformance import __version__, commands
from conformance.cli import HELP, main
from conformance.commands import COMMANDS
from conformance.errors import CannotEvaluate, ContractError
from conformance.fixtures_of import build
from conformance.run import Options

CANARY = "c4n4ry-S3cret"
URL = f"postgresql://reader:{CANARY}@127.0.0.1:1/astra"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["--version"], *([command, "--help"] for command in COMMANDS)]
)
def test_help_is_on_standard_output(arguments: list[str], conformance: Conformance) -> None:
    done = conformance(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_each_command_is_a_module_and_stands_in_the_help() -> None:
    modules = {file.stem for file in Path(commands.__file__).parent.glob("*.py")} - {"__init__"}
    assert modules == set(COMMANDS)
    assert len(COMMANDS) == len(modules)
    for command in COMMANDS:
        assert f"\n  {command} " in HELP


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"conformance {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            [],
            "which command? There are check, snapshot, audit, prove, replay, lint, level, diff, waive, repair, render",
        ),
        (["chekc"], "there is no command 'chekc'; did you mean check?"),
        (["--verbose"], "there is no command '--verbose'"),
        ([URL], "this is no command; conformance check SOURCE judges a database"),
        ([f"password={CANARY}"], "this is no command"),
    ],
)
def test_what_is_no_command(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert CANARY not in err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    assert f"\n  {command} " in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", URL],
        ["check", f"host=127.0.0.1 port=1 user=reader password={CANARY}"],
        ["check", f"host=127.0.0.1 port=1 password = '{CANARY}'"],
        ["check", f"postgresql://reader:{CANARY}@x@127.0.0.1:1/astra"],
        ["check", f"postgresql://reader:{CANARY}/x@127.0.0.1:1/astra"],
        ["check", f"jdbc:postgresql://reader:{CANARY}@127.0.0.1:1/astra"],
        ["check", f"'{URL}'"],
        ["check", "--quiet", URL, URL],
        ["check", URL, f"--url={URL}"],
        ["check", "--profile", URL],
        ["check", "--through", URL],
        ["check", "--format", URL],
        ["check", "-o", URL],
        ["check", f"--quiet={URL}"],
        ["check", "--sandbox", URL],
        ["check", "--select", URL, URL],
        ["check", "--waivers", URL, URL],
        ["check", "--contract", URL, URL],
        ["list", "--profile", URL],
        ["list", URL],
        ["explain", URL],
        ["ddl", URL],
        [URL],
    ],
)
def test_no_password_is_ever_printed(arguments: list[str], conformance: Conformance) -> None:
    for environment in ({}, {"CONFORMANCE_DEBUG": "1"}):
        done = conformance(*arguments, **environment)
        assert done.returncode in (2, 3)
        assert CANARY not in done.stdout + done.stderr
        assert done.stderr.startswith("conformance: ")
        assert "Traceback" not in done.stderr


def test_a_refused_connection_is_one_line(conformance: Conformance) -> None:
    done = conformance("check", DATABASE_URL=URL)
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
    assert "nothing listens there" in done.stderr
    assert CANARY not in done.stderr


def test_errors_of_ours_are_told_with_their_code(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    looked.error = CannotEvaluate("no such \x1b[31mthing")
    assert main(["check", URL]) == 3
    assert capsys.readouterr().err == "conformance: no such \\x1b[31mthing\n"
    looked.error = ContractError(("a.toml:1: one", "b.toml:2: other"))
    assert main(["check", URL]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == ["  a.toml:1: one", "  b.toml:2: other"]


def test_an_error_of_nobody_s_is_told_without_traceback(
    looked: Looked, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked.error = TypeError(f"cannot add {CANARY} to {URL}")
    assert main(["check", URL]) == 3
    err = capsys.readouterr().err
    assert err.startswith("conformance: internal error: TypeError: cannot add … to postgresql://")
    assert "CONFORMANCE_DEBUG=1" in err
    assert "Traceback" not in err
    assert CANARY not in err
    monkeypatch.setenv("CONFORMANCE_DEBUG", "1")
    assert main(["check", URL]) == 3
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert CANARY not in err


def test_a_missing_package_is_named(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    looked.error = ImportError("no pq wrapper available.\nAttempts made:\n- many")
    assert main(["check", URL]) == 3
    assert "no pq wrapper available.; pip install 'astra-conformance[all]'" in capsys.readouterr().err


def test_an_interrupt_is_130(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    looked.error = KeyboardInterrupt()
    assert main(["check", URL]) == 130
    assert capsys.readouterr().err == "conformance: interrupted\n"


def test_a_real_interrupt_is_130_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conformance", "check", "--sandbox", "embedded"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a child inherits that a signal is ignored
    try:
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        process.wait(timeout=0.5)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out) == (130, "")
    assert err == "conformance: interrupted\n"


@pytest.mark.parametrize("arguments", ["list", "--help", "explain unique", "check --help"])
def test_a_reader_that_goes_away_is_no_error(arguments: str) -> None:
    script = f'"{sys.executable}" -m conformance {arguments} 2>errors | true; cat errors'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == ""


@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error(closing: str) -> None:
    script = f'"{sys.executable}" -m conformance list {closing}; echo "code $?" >code'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert Path("code").read_text() == "code 0\n"
    assert "Error" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told() -> None:
    script = f'"{sys.executable}" -m conformance list >/dev/full'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr == "conformance: the report could not be written: No space left on device\n"


def test_output_survives_an_old_encoding(conformance: Conformance) -> None:
    done = conformance("explain", "unique", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "\\u2026" in done.stdout


def test_standard_error_holds_what_goes_wrong_in_an_old_encoding(looked: Looked, conformance: Conformance) -> None:
    done = conformance("check", "ünknown…", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert done.stderr.startswith("conformance: ")


def test_the_exit_code_survives_a_closed_reader(looked: Looked, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def isatty(self) -> bool:
            return False

        def write(self, _text: str) -> int:
            raise BrokenPipeError

        def fileno(self) -> int:
            raise OSError

    looked.outcomes = (outcome("fail"),)
    monkeypatch.setattr(sys, "stdout", Gone())
    assert main(["check", URL]) == 1


@pytest.mark.parametrize(("out", "said"), [("none", "is not there"), ("file", "is no folder")])
def test_a_self_test_that_could_not_be_written_is_not_begun(
    out: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("conformance.selftest.matrix.run", None)
    assert main(["selftest", "-o", str(tmp_path / out)]) == 2
    assert said in capsys.readouterr().err


def test_an_unknown_profile_is_said_before_a_server_is_started(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conformance.sandbox.sandbox", None)
    assert main(["check", "--profile", "nope"]) == 2
    assert "there is no profile 'nope'; there are: documented, reference" in capsys.readouterr().err


def test_one_pattern_needs_no_tuple_in_python() -> None:
    assert Options(select="0024/*", ignore=["0024/a", "0024/b"], contract="acme.toml") == Options(  # type: ignore[arg-type]
        select=("0024/*",), ignore=("0024/a", "0024/b"), contract=(Path("acme.toml"),)
    )


@pytest.mark.parametrize(
    "reason", ['extension "vector" is not available', 'could not open "/usr/share/extension/vector.control"']
)
def test_a_server_without_pgvector_is_told_with_the_way_out(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def apply(_url: str, _scripts: object) -> None:
        raise CannotEvaluate(f"0003_memories.sql could not be applied: {reason}")

    monkeypatch.setattr("conformance.sources.throwaway.apply", apply)
    monkeypatch.setattr("conformance.sources.throwaway.lend_random_uuids", lambda _url: None)
    server = SimpleNamespace(describe="PostgreSQL 15 in a temporary folder", create_database=lambda _name: "")
    with pytest.raises(CannotEvaluate) as caught:
        build(server, "astra", "documented", "0028")  # type: ignore[arg-type]
    assert "pip install 'astra-conformance[embedded]'" in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
