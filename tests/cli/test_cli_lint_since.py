"""`lint --since`: what has changed in a repository of git, and what was released and is no longer what it was."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from conformance.cli import main

HAZARD = "CREATE INDEX idx ON tasks (status);\n"
TABLE = "CREATE TABLE notes (id int);\n"
_WHO = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


def git(*arguments: str) -> None:
    subprocess.run(["git", *_WHO, *arguments], check=True, capture_output=True)


def write(**files: str) -> None:
    Path("db").mkdir(exist_ok=True)
    for name, text in files.items():
        Path("db", f"{name[1:]}.sql").write_text(text, encoding="utf-8")


def commit(*tags: str, **files: str) -> None:
    write(**files)
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "-m", "m")
    for tag in tags:
        git("tag", tag)


@pytest.fixture(autouse=True)
def _released() -> None:
    git("init", "--quiet", "--initial-branch", "main")
    commit("v1", _0001_notes=TABLE, _0002_idx=HAZARD)


def since(capsys: pytest.CaptureFixture[str], ref: str = "v1", *arguments: str) -> tuple[int, str]:
    code = main(["lint", "--select", "A001", "--select", "A305", "--since", ref, *(arguments or ["db"])])
    return code, "".join(capsys.readouterr())


def test_only_what_has_changed_is_reported_on(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = since(capsys)
    assert code == 0
    assert "hazards are those of 0 of 2 files: what has changed since v1" in told
    write(_0003_new="CREATE INDEX later ON notes (id);\n")  # not even committed; that notes is older is known
    code, told = since(capsys)
    assert code == 1
    assert "db/0003_new.sql:1:1: A001 error nobody can write to notes" in told
    assert "0002_idx.sql:1:1" not in told


@pytest.mark.parametrize("path", [["db"], ["db/0001_notes.sql"]])
def test_what_was_edited_after_its_release(capsys: pytest.CaptureFixture[str], path: list[str]) -> None:
    write(_0001_notes="-- notes\r\nCREATE TABLE notes (id int, body text);\r\n")
    code, told = since(capsys, "v1", *path)
    assert code == 1
    assert "db/0001_notes.sql:2:1: A305 error here it is no longer what was released" in told


@pytest.mark.parametrize("text", ["-- a word more\n" + TABLE, TABLE.replace("\n", "\r\n"), "\ufeff" + TABLE])
def test_comments_and_line_ends_are_no_edit(capsys: pytest.CaptureFixture[str], text: str) -> None:
    write(_0001_notes=text)
    assert since(capsys)[0] == 0


def test_what_was_renamed(capsys: pytest.CaptureFixture[str]) -> None:
    git("mv", "db/0001_notes.sql", "db/0001_note.sql")
    git("mv", "db/0002_idx.sql", "db/0012_idx.sql")
    code, told = since(capsys)
    assert code == 1
    assert "db/0001_note.sql:1:1: A305 error it was released as db/0001_notes.sql" in told
    assert "db/0012_idx.sql:1:1: A305 error it was released as db/0002_idx.sql" in told


def test_what_was_removed_or_emptied(capsys: pytest.CaptureFixture[str]) -> None:
    Path("db/0002_idx.sql").unlink()
    code, told = since(capsys)
    assert code == 1
    assert "db/0002_idx.sql:1:1: A305 error it was released and is no longer there" in told
    write(_0002_idx="-- nothing any more\n")
    code, told = since(capsys)
    assert code == 1
    assert "db/0002_idx.sql:1:1: A305 error what was in it was released and is no longer there" in told


def test_what_only_the_other_branch_has_changed_is_not_ours(capsys: pytest.CaptureFixture[str]) -> None:
    git("checkout", "--quiet", "-b", "ours")
    git("checkout", "--quiet", "main")
    commit(_0001_notes="CREATE TABLE notes (id bigint);\n", _0003_theirs=HAZARD)
    git("checkout", "--quiet", "ours")
    write(_0004_ours=TABLE)
    code, told = since(capsys, "main")
    assert code == 0
    assert "main has gone on since the fork: 2 files of db not compared, from 0001_notes.sql on" in " ".join(
        told.split()
    )
    write(_0001_notes="CREATE TABLE notes (id smallint);\n")
    assert since(capsys, "main")[0] == 1


def test_what_is_meant_to_be_edited(capsys: pytest.CaptureFixture[str]) -> None:
    commit("v2", _R__views="CREATE VIEW v AS SELECT 1;\n", _schema=TABLE)
    write(_R__views="CREATE VIEW v AS SELECT 2;\n", _schema=TABLE * 2)
    assert since(capsys, "v2", "db", "db/schema.sql")[0] == 0


def test_what_goes_down_may_be_edited(capsys: pytest.CaptureFixture[str]) -> None:
    text = "-- migrate:up\nCREATE TABLE a (i int);\n-- migrate:down\nDROP TABLE a;\n"
    commit("v2", _0003_a=text)
    write(_0003_a=text.replace("DROP TABLE a", "DROP TABLE IF EXISTS a"))
    assert since(capsys, "v2")[0] == 0


def test_a_suppression_excuses_an_edit(capsys: pytest.CaptureFixture[str]) -> None:
    write(_0001_notes="-- conformance: ignore A305 it never ran anywhere\nCREATE TABLE notes (id bigint);\n")
    code, told = since(capsys)
    assert code == 0
    assert "1 waived" in told


def test_fix_leaves_older_files_alone(capsys: pytest.CaptureFixture[str]) -> None:
    write(_0003_new=HAZARD.replace("idx", "later"))
    main(["lint", "--select", "A*", "--since", "v1", "--fix", "db"])
    capsys.readouterr()
    assert Path("db/0002_idx.sql").read_text(encoding="utf-8") == HAZARD
    assert "CONCURRENTLY" in Path("db/0003_new.sql").read_text(encoding="utf-8")


def test_a_hook_of_git_names_another_repository(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert since(capsys)[0] == 0


@pytest.mark.parametrize("ref", ["v9", "", "v1:db", "main..v1", "\n"])
def test_no_such_point(capsys: pytest.CaptureFixture[str], ref: str) -> None:
    code, told = since(capsys, ref)
    assert code == 2
    assert "has no commit, branch or tag" in told
    assert "fetch-depth: 0" in told


def test_a_shallow_clone_says_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    commit(_0003_new=HAZARD)
    git("clone", "--quiet", "--depth", "1", f"file://{Path.cwd()}", "shallow")
    monkeypatch.chdir("shallow")
    code, told = since(capsys, "v1")
    assert (code, "a shallow clone lacks it" in told) == (2, True)


def test_no_repository(capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bare")
    (folder / "0001_notes.sql").write_text(TABLE, encoding="utf-8")
    code, told = since(capsys, "v1", str(folder))
    assert code == 2
    assert "is in no repository of git" in told


def test_no_git(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    code, told = since(capsys)
    assert (code, "there is no git on the path" in told) == (2, True)
