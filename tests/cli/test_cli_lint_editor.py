"""`lint --stdin-filename`: what an editor has, before it is saved."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from conformance.cli import main

TABLE = "CREATE TABLE IF NOT EXISTS notes (id int);\n"
INDEX = "CREATE INDEX idx ON notes (id);\n"


@pytest.fixture(autouse=True)
def _folder() -> None:
    Path("db").mkdir()
    Path("db/0001_notes.sql").write_text(TABLE + INDEX.replace("notes", "tasks"), encoding="utf-8")


def edited(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, text: str | bytes, *arguments: str
) -> tuple[int, str]:
    content = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    code = main(["lint", "--select", "A001", "--stdin-filename", name, *arguments])
    return code, "".join(capsys.readouterr())


def test_a_new_file_is_read_behind_the_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, told = edited(capsys, monkeypatch, "db/0002_idx.sql", INDEX)
    assert code == 1
    assert "db/0002_idx.sql:1:1: A001 error nobody can write to notes" in told
    assert "db (2 files, 3 statements" in told
    assert "0001_notes.sql:2:1" not in told
    assert not Path("db/0002_idx.sql").exists()


def test_the_text_stands_in_place_of_what_is_saved(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("db/0002_idx.sql").write_text(INDEX, encoding="utf-8")
    code, told = edited(capsys, monkeypatch, "db/0002_idx.sql", b"\xef\xbb\xbf" + (TABLE + INDEX).encode())
    assert code == 1, "the table is that of 0001"
    assert "db/0002_idx.sql:2:1: A001" in told
    assert edited(capsys, monkeypatch, "db/0002_idx.sql", INDEX.replace("idx", "CONCURRENTLY idx"))[0] == 0


def test_a_file_after_through_is_read_if_it_is_the_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, told = edited(capsys, monkeypatch, "db/0029_idx.sql", INDEX, "--through", "0018")
    assert (code, "db/0029_idx.sql:1:1: A001" in told) == (1, True)


@pytest.mark.parametrize("name", ["db/draft.sql", "nowhere/0002_idx.sql", "db/0001_notes.down.sql"])
def test_a_file_that_has_no_place_among_others_is_read_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    code, told = edited(capsys, monkeypatch, name, INDEX)
    assert code == 1
    assert f"{name}:1:1: A001" in told
    assert "(1 file, 1 statements" in told


def test_an_editor_reads_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = edited(capsys, monkeypatch, "db/0002_idx.sql", "\n" + INDEX, "--format", "json")
    assert code == 1
    (finding,) = json.loads(told)["outcomes"][0]["findings"]
    assert finding["location"]["object"] == "db/0002_idx.sql:2:1"


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        (INDEX, ["db"], "leave PATH out"),
        (INDEX, ["--fix"], "--fix changes files"),
        (b"\xff\xfe", [], "db/0002_idx.sql is not UTF-8"),
        (b"SELECT \0", [], "db/0002_idx.sql is no text"),
    ],
)
def test_what_makes_no_sense(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    content: str | bytes,
    arguments: list[str],
    said: str,
) -> None:
    code, told = edited(capsys, monkeypatch, "db/0002_idx.sql", content, *arguments)
    assert (code, said in told) == (2, True)


def test_without_a_path_it_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint"]) == 2
    assert "name the migrations" in capsys.readouterr().err
