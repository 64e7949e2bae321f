"""`conformance completion`: what a real shell offers when somebody presses the tab key."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.commands import COMMANDS
from conformance.completion import SHELLS
from conformance.registry import lints

_BASH = r"""
source "$1"; shift
COMP_WORDS=(conformance "$@"); COMP_CWORD=$#; COMP_LINE="conformance $*"; COMP_POINT=${#COMP_LINE}
"$(complete -p conformance | sed 's/.*-F \([^ ]*\).*/\1/')"
printf '%s\n' "${COMPREPLY[@]}"
"""
_FISH = 'source $argv[1]; complete -C "conformance $argv[2..]" | string split -f1 \\t'
_ZSH = 'autoload -Uz compinit; compinit -u -D; eval "$(cat $1)"; whence -w ${_comps[conformance]}'


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("completion")
    for shell in SHELLS:
        with pytest.MonkeyPatch.context() as patch:
            out = (folder / shell).open("w", encoding="utf-8")
            patch.setattr("sys.stdout", out)
            assert main(["completion", shell]) == 0
            out.close()
    return folder


def ask(shell: str, scripts: Path, *words: str) -> set[str]:
    """What the shell offers for the last of the words."""
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    command = {"bash": ["bash", "-c", _BASH, "bash"], "fish": ["fish", "--no-config", "-c", _FISH]}[shell]
    done = subprocess.run([*command, str(scripts / shell), *words], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_shell_completes(shell: str, scripts: Path) -> None:
    assert ask(shell, scripts, "li") == {"lint", "list"}
    assert set(COMMANDS) <= ask(shell, scripts, "")
    assert {"--since", "--stdin-filename", "--select"} <= ask(shell, scripts, "lint", "--s")
    assert ask(shell, scripts, "explain", "A00") == {code for code in lints() if code.startswith("A00")}
    assert "0015/agents.name/unique" in ask(shell, scripts, "explain", "0015/agents.na")
    assert ask(shell, scripts, "explain", "C0") >= {"C01", "C09"}
    assert ask(shell, scripts, "check", "--format", "sar") == {"sarif"}
    assert ask(shell, scripts, "check", "--through", "001") >= {"0012", "0018"}
    assert ask(shell, scripts, "lint", "--select", "A90") == {"A901", "A902"}
    assert ask(shell, scripts, "completion", "") >= set(SHELLS)


def test_a_shell_completes_files(scripts: Path) -> None:
    Path("db").mkdir()
    Path("db/0001_a.sql").touch()
    assert ask("bash", scripts, "lint", "db/0") == {"db/0001_a.sql"}


def test_zsh_knows_the_command(scripts: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("there is no zsh here")
    command = ["zsh", "-f", "-c", _ZSH, "zsh", str(scripts / "zsh")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("_shtab_conformance: function", "")


def test_another_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "cmd"]) == 2
    assert "there is no completion for 'cmd'; there is one for bash, zsh, fish" in capsys.readouterr().err
