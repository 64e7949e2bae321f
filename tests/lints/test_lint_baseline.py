"""`lint --baseline`: what is told of a part of the files, of two folders with files of one name, and what `--fix` does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from conformance.cli import main

INDEX = "CREATE INDEX idx{0} ON tasks (status);\n"
CHOSEN = ("lint", "--select", "A001")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number in (1, 2):
        write(f"db/000{number}_x.sql", INDEX.format(number))
    main([*CHOSEN, "db", "--format", "json", "-o", "base.json", "--quiet"])


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def compared(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], list[str]]:
    """The exit code, what is mended, and what was not looked at."""
    capsys.readouterr()
    code = main([*CHOSEN, "--baseline", "base.json", "--format", "json", *arguments])
    told = json.loads(capsys.readouterr().out)["baseline"]
    return code, told["mended"], told["unseen"]


def test_what_was_not_read_is_not_mended(capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(capsys, "db") == (0, [], [])
    assert compared(capsys, "db/0002_x.sql") == (0, [], ["A001 at db/0001_x.sql:1:1"])
    write("db/0002_x.sql", "SELECT 1;\n")
    assert compared(capsys, "./db/0002_x.sql") == (0, ["A001 at db/0002_x.sql:1:1"], ["A001 at db/0001_x.sql:1:1"])
    assert compared(capsys, "db") == (0, ["A001 at db/0002_x.sql:1:1"], [])


def test_what_is_gone_from_a_folder_that_is_read_is_mended(capsys: pytest.CaptureFixture[str]) -> None:
    Path("db/0001_x.sql").unlink()
    assert compared(capsys, "db") == (0, ["A001 at db/0001_x.sql:1:1"], [])
    assert compared(capsys, "db/0002_x.sql") == (0, [], ["A001 at db/0001_x.sql:1:1"])


def test_what_has_not_changed_since_is_not_mended(capsys: pytest.CaptureFixture[str]) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "-m", "m"]):
        subprocess.run(["git", *words], check=True, capture_output=True)
    main([*CHOSEN, "db", "--format", "json", "-o", "base.json", "--quiet"])
    write("db/0002_x.sql", "SELECT 1;\n")
    told = compared(capsys, "db", "--since", "HEAD")
    assert told == (0, ["A001 at db/0002_x.sql:1:1"], ["A001 at db/0001_x.sql:1:1"])


def test_what_other_files_build_mends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for number in (1, 2):
        write(f"db/000{number}_x.sql", "SELECT 1;\n")
    write("db/0003_agents.sql", "CREATE TABLE goals (id uuid PRIMARY KEY);\nDROP TABLE goals;\n")
    main(["lint", "--select", "0001/goals/table", "db", "--format", "json", "-o", "base.json", "--quiet"])
    write("other/0001_goals.sql", "CREATE TABLE goals (id uuid PRIMARY KEY);\n")
    capsys.readouterr()
    asked = ["lint", "--select", "0001/goals/table", "--baseline", "base.json", "--format", "json"]
    main([*asked, "other"])
    told = json.loads(capsys.readouterr().out)["baseline"]
    assert (told["mended"], told["unseen"]) == ([], ["0001/goals/table"])
    write("db/0003_agents.sql", "CREATE TABLE goals (id uuid PRIMARY KEY);\n")
    main([*asked, "./db/"])
    told = json.loads(capsys.readouterr().out)["baseline"]
    assert (told["mended"], told["unseen"]) == (["0001/goals/table"], [])


def test_what_another_file_of_the_same_name_has_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    write("other/0001_x.sql", INDEX.format(1))
    code, mended, unseen = compared(capsys, "db", "other")
    assert (code, mended, unseen) == (1, [], [])
    write("db/0001_x.sql", "SELECT 1;\n")
    assert compared(capsys, "db", "other")[0] == 1


def test_fix_leaves_what_the_baseline_tolerates(capsys: pytest.CaptureFixture[str]) -> None:
    write("db/0003_x.sql", INDEX.format(3))
    code, mended, _ = compared(capsys, "db", "--fix")
    assert (code, mended) == (0, [])
    texts = [Path(f"db/000{number}_x.sql").read_text(encoding="utf-8") for number in (1, 2, 3)]
    assert texts == [INDEX.format(1), INDEX.format(2), INDEX.format(3).replace("INDEX", "INDEX CONCURRENTLY")]
    main([*CHOSEN, "db", "--fix", "--quiet"])
    assert "CONCURRENTLY" in Path("db/0001_x.sql").read_text(encoding="utf-8")
