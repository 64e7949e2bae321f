"""What `--fix` does: the hazard is gone, no other has come, and what the migrations build is the same."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from io import BufferedRandom
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conformance import fixing
from conformance.errors import UsageError
from conformance.fixing import applied, edits, mended
from conformance.hazards import Found, hazards
from conformance.linting import lint
from conformance.sandbox import Server
from conformance.sources.lint_files import script
from conformance.sources.migrations import Text

FIXABLE = {
    "an index": ("CREATE INDEX idx ON tasks (status);\n", "A001"),
    "an index with comments in it": ("CREATE /* why */ UNIQUE -- so\n INDEX idx ON tasks (status);\n", "A001"),
    "a drop": ("DROP INDEX IF EXISTS idx_tasks_status;\n", "A012"),
    "no timeout": ("-- head\nALTER TABLE tasks ADD COLUMN IF NOT EXISTS note text;\n", "A009"),
    "a table": ("CREATE UNLOGGED TABLE notes (id int);\n", "A301"),
    "columns": ("ALTER TABLE tasks ADD COLUMN a int, ADD b int, DROP COLUMN c, DROP d;\n", "A301"),
    "a function": ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n", "A301"),
    "a drop of a table": ("DROP TABLE notes;\n", "A301"),
}
ALONE = {
    "in a transaction": "BEGIN;\nCREATE INDEX IF NOT EXISTS idx ON tasks (status);\nCOMMIT;\n",
    "in a DO block": "DO $$ BEGIN IF true THEN CREATE INDEX idx ON tasks (status); END IF; END $$;\n",
    "suppressed": "-- conformance: ignore A001 the table is small\nCREATE INDEX IF NOT EXISTS idx ON tasks (status);\n",
    "of no mechanical repair": "ALTER TABLE tasks ALTER COLUMN cost TYPE numeric(12, 6);\n",
}


def look(files: Sequence[Text]) -> list[Found]:
    return hazards([script(file) for file in files])


def codes(found: Sequence[Found]) -> Counter[str]:
    return Counter(one.code for one in found if one.excused is None)


@pytest.mark.parametrize("name", FIXABLE)
def test_what_is_mechanical_is_done(name: str, tmp_path: Path) -> None:
    text, code = FIXABLE[name]
    file = tmp_path / "0001_scene.sql"
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    before = look([Text(name=str(file), text=text.replace("\n", "\r\n"), number=1)])
    assert codes(before)[code]
    (after,), told = mended([Text(name=str(file), text=text.replace("\n", "\r\n"), number=1)], look)
    assert told[0].startswith(f"{file}: ")
    assert file.read_bytes() == b"\xef\xbb\xbf" + after.text.encode()
    assert after.text.count("\n") == after.text.count("\r\n"), "its lines end as they did"
    again = codes(look([after]))
    assert not again[code], after.text
    assert not again - codes(before), after.text


@pytest.mark.parametrize("name", ALONE)
def test_the_rest_is_left_alone(name: str) -> None:
    found = look([Text(name="0001_scene.sql", text=ALONE[name], number=1)])
    assert not edits([one for one in found if one.code != "A009"])


def test_our_own_migrations_build_the_same_when_they_are_fixed(tmp_path: Path, server: Server) -> None:
    """On a server: the columns, the constraints and the indexes that they leave are those of before."""
    from conformance.fixtures_of import migrations

    files = [
        Text(name=str(tmp_path / path.name), text=path.read_text(encoding="utf-8"), number=n)
        for n, path in enumerate(migrations("reference", "0028"), 1)
    ]
    for file in files:
        Path(file.name).write_text(file.text, encoding="utf-8")
    fixed, told = mended(files, look)
    assert told
    assert not codes(look(fixed))["A001"]
    kept = []
    for name, texts in (("before_fix", files), ("after_fix", fixed)):
        url = server.create_database(name)
        with psycopg.connect(url, autocommit=True) as connection:
            for file in texts:
                for statement in script(file).statements:
                    connection.execute(statement.text.encode())
            kept.append(connection.execute(_SHAPE).fetchall())
        server.drop_database(name)
    assert kept[0] == kept[1]


_SHAPE = """
SELECT attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod) FROM pg_attribute
JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1, 2, 3
"""


def test_fix_judges_what_it_leaves(tmp_path: Path) -> None:
    file = tmp_path / "0001_tasks.sql"
    file.write_text("SET lock_timeout = '5s';\nCREATE INDEX idx ON tasks (status);\n", encoding="utf-8")
    report = lint([tmp_path], fix=True, select=("A0*", "A301"))
    assert file.read_text(encoding="utf-8").endswith("CREATE INDEX CONCURRENTLY IF NOT EXISTS idx ON tasks (status);\n")
    assert report.exit_code == 0
    assert f"{file}: 2 places fixed" in report.remarks


def test_what_is_not_selected_is_not_fixed(tmp_path: Path) -> None:
    file = tmp_path / "0001_tasks.sql"
    file.write_text("SET lock_timeout = '5s';\nCREATE INDEX idx ON tasks (status);\n", encoding="utf-8")
    lint([tmp_path], fix=True, select=("A*",), ignore=("A001",))
    assert file.read_text(encoding="utf-8").endswith("CREATE INDEX IF NOT EXISTS idx ON tasks (status);\n")


def test_a_file_that_was_changed_meanwhile_is_left(tmp_path: Path) -> None:
    file = tmp_path / "0001_tasks.sql"
    file.write_text("SELECT 1;\n", encoding="utf-8")
    with pytest.raises(UsageError, match="has changed while it was looked at"):
        mended([Text(name=str(file), text="DROP TABLE notes;\n", number=1)], look)
    assert file.read_text(encoding="utf-8") == "SELECT 1;\n"


def indexes(folder: Path, *names: str) -> list[Text]:
    """Files with a hazard that can be mended."""
    sql = "SET lock_timeout = '5s';\nCREATE INDEX IF NOT EXISTS idx ON tasks (status);"  # and no line end
    for name in names:
        (folder / name).write_bytes(sql.encode())
    return [Text(name=str(folder / name), text=sql, number=number) for number, name in enumerate(names, 1)]


def test_where_one_file_cannot_be_written_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = indexes(tmp_path, "0001_a.sql", "0002_b.sql")
    before = [Path(file.name).read_bytes() for file in files]
    opened = Path.open

    def refused(self: Path, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if self.name == "0002_b.sql" and mode != "r":
            raise PermissionError(13, "Permission denied")
        return opened(self, mode, *arguments, **named)

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(UsageError, match=r"0002_b\.sql cannot be written: Permission denied; no file was changed"):
        mended(files, look)
    monkeypatch.undo()
    assert [Path(file.name).read_bytes() for file in files] == before


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_is_as_it_was_where_it_was_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    files = indexes(tmp_path, "0001_a.sql")
    before = Path(files[0].name).read_bytes()
    put, calls = fixing._put, []

    def half(stream: BufferedRandom, content: bytes) -> None:
        calls.append(content)
        put(stream, content if len(calls) > 1 else content + content)
        if len(calls) == 1:
            raise error

    monkeypatch.setattr(fixing, "_put", half)
    with pytest.raises((UsageError, KeyboardInterrupt)):
        mended(files, look)
    assert Path(files[0].name).read_bytes() == before
    assert len(calls) == 2


def test_a_link_stays_a_link_and_rights_stay(tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (file,) = indexes(tmp_path, "0001_a.sql")
    kept = tmp_path / "away" / "kept.sql"
    Path(file.name).rename(kept)
    Path(file.name).symlink_to(kept)
    kept.chmod(0o640)
    mended([file], look)
    assert Path(file.name).is_symlink()
    assert kept.stat().st_mode & 0o777 == 0o640
    assert kept.read_bytes().endswith(b"CREATE INDEX CONCURRENTLY IF NOT EXISTS idx ON tasks (status);")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root may become another user")
def test_a_file_that_may_not_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    (file,) = indexes(tmp_path, "0001_a.sql")
    before = Path(file.name).read_bytes()
    Path(file.name).chmod(0o444)
    look([file])  # what is imported for it is another user's
    os.seteuid(65534)
    try:
        with pytest.raises(UsageError, match=r"0001_a\.sql cannot be written: Permission denied; no file was changed"):
            mended([file], look)
    finally:
        os.seteuid(0)
    assert Path(file.name).read_bytes() == before


def test_edits_are_applied_from_the_end() -> None:
    text = "CREATE TABLE a (i int);\nCREATE TABLE b (i int);\n"
    changed = applied(text, edits(look([Text(name="a.sql", text=text, number=1)])))
    assert changed == text.replace("TABLE", "TABLE IF NOT EXISTS")
