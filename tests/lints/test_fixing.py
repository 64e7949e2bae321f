"""What `--fix` does: the hazard is gone, no other has come, and what the migrations build is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

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


def test_edits_are_applied_from_the_end() -> None:
    text = "CREATE TABLE a (i int);\nCREATE TABLE b (i int);\n"
    changed = applied(text, edits(look([Text(name="a.sql", text=text, number=1)])))
    assert changed == text.replace("TABLE", "TABLE IF NOT EXISTS")
