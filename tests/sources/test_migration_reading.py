"""Files of migrations: which of them are read, in which order, and which of psql's commands change nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conformance.errors import UsageError
from conformance.model.contract import LAST_MIGRATION
from conformance.sources import migrations
from conformance.sources.migrations import Text, read, statements


def _read(folder: Path, *names: str) -> tuple[list[str], tuple[str, ...]]:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("SELECT 1;\n", encoding="utf-8")
    reading = read([folder], LAST_MIGRATION)
    return [Path(file.name).name for file in reading.files], reading.passed_over


def test_numbers_are_numbers_and_what_is_repeated_comes_last(tmp_path: Path) -> None:
    names = ["V1_10__x.sql", "V1_9__x.sql", "V2__x.sql", "V10__x.sql", "R__b.sql", "R__a.sql", "V1.9.1__x.sql"]
    ordered = ["V1_9__x.sql", "V1.9.1__x.sql", "V1_10__x.sql", "V2__x.sql", "V10__x.sql", "R__a.sql", "R__b.sql"]
    assert _read(tmp_path, *names) == (ordered, ())


def test_a_version_with_a_zero_behind_is_the_same(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="have the same number"):
        _read(tmp_path, "V1__x.sql", "V1.0__y.sql")


def test_a_name_of_several_lines_is_a_name(tmp_path: Path) -> None:
    names = ["0001_x.sql", "0002_a\nb.sql", "V3__a\nb.sql"]
    assert _read(tmp_path, *names) == (names, ())


def test_what_is_called_a_migration_and_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_x.sql").write_text("SELECT 1;\n", encoding="utf-8")
    os.mkfifo(tmp_path / "0002_pipe.sql")
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        read([tmp_path], LAST_MIGRATION)
    (tmp_path / "0002_pipe.sql").unlink()
    (tmp_path / "0002_gone.sql").symlink_to("nowhere.sql")
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read([tmp_path], LAST_MIGRATION)


def test_what_lies_deeper_is_told(tmp_path: Path) -> None:
    names, told = _read(tmp_path, "0001_x.sql", "more/0002_y.sql")
    assert names == ["0001_x.sql"]
    assert told == (f"{tmp_path / 'more'} was not read: of a folder only the files that lie in it are",)


def test_a_mark_in_front_is_no_letter(tmp_path: Path) -> None:
    (tmp_path / "0001_x.sql").write_bytes("\ufeffCREATE TABLE t (id int);\r\nSELECT 1;\r\n".encode())
    (file,) = read([tmp_path], LAST_MIGRATION).files
    assert [statement.text.strip() for statement in statements(file)] == ["CREATE TABLE t (id int);", "SELECT 1;"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"SELECT 'caf\xe9';", "is not UTF-8: byte 11 is 0xe9"), (b"SELECT 1;\0", "is no text: character 9 is 0")],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "0001_x.sql").write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read([tmp_path], LAST_MIGRATION)


@pytest.mark.parametrize(
    "text",
    [
        "\\echo done\n",
        "\\timing on\n\\pset pager off\n",
        "\\encoding UTF8\n",
        "COPY t FROM stdin;\n1\n2\n\\.\n",
        "COPY t (a) FROM stdin WITH (FORMAT csv);\n1;2\n\\.\n",
    ],
)
def test_what_changes_nothing_is_left_out(text: str) -> None:
    found = list(statements(Text(name="x.sql", text=f"SELECT 1;\n{text}SELECT 2;\n")))
    assert [statement.fault for statement in found] == ["", ""]


@pytest.mark.parametrize(
    "text",
    [
        "\\echo done \\i more.sql\n",
        "\\echo done \\\\ DROP TABLE agents;\n",
        "\\echo `psql -f more.sql`\n",
        "\\encoding LATIN1\n",
        "\\i more.sql\n",
        "\\ir more.sql\n",
        "\\c other\n",
        "\\set name agents\n",
        "\\if true\n",
        "SELECT 'DROP TABLE agents' \\gexec\n",
        "COPY t FROM stdin; DROP TABLE agents;\n1\n\\.\n",
        "COPY t FROM stdin;\n1\n",
    ],
)
def test_what_may_change_something_is_told(text: str) -> None:
    found = list(statements(Text(name="x.sql", text=f"SELECT 1;\n{text}SELECT 2;\n")))
    assert any(statement.fault for statement in found)


@pytest.mark.parametrize("before", ["", "\\echo x\n"])
def test_of_too_many_statements_the_rest_is_one_that_is_not_read(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MOST_STATEMENTS", 3)
    *read, rest = statements(Text(name="x.sql", text=before + "SELECT 1;\n" * 4 + "-- two\n\nSELECT 2;\n"))
    assert [(one.text.strip()[-9:], one.fault) for one in read] == [("SELECT 1;", "")] * 3
    assert rest.fault.startswith("the file has more than 3 statements")
    assert (rest.line, rest.text) == (4 + before.count("\n"), "\nSELECT 1;\n-- two\n\nSELECT 2;\n")
    as_many = list(statements(Text(name="x.sql", text=before + "SELECT 1;\n" * 3 + "-- and no more\n")))
    assert [one.fault for one in as_many] == ["", "", ""]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    for name in ("0001_a.sql", "0002_b.sql"):
        (tmp_path / name).write_text("SELECT 1;\n", encoding="utf-8")
    file = tmp_path / "0002_b.sql"
    found = read([file, tmp_path, tmp_path / "." / "0002_b.sql", file], "0028").files
    assert [Path(one.name).name for one in found] == ["0001_a.sql", "0002_b.sql"]
    assert [one.number for one in found] == [1, 2]
    assert len(read([file, file], "0028").files) == 1
