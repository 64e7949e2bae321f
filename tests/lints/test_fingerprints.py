"""What a place is known by in another run: it survives what moves it, and nothing that makes another statement of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.linting import lint

LATER = "0002_x.sql"
SCENES = {
    "an index": "CREATE INDEX idx ON tasks (status) WHERE status <> 'a  b';",
    "an action": "ALTER TABLE tasks ALTER COLUMN cost SET NOT NULL, DROP COLUMN owner;",
    "a column": "CREATE TABLE notes (id int, body varchar(10), at timestamp);",
    "a function": "CREATE FUNCTION f() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1';",
    "a block": "DO $$ BEGIN CREATE INDEX idx ON tasks (status); DROP TABLE notes; END $$;",
    "rows": "UPDATE tasks SET status = 'a';",
}
SAME = {
    "lines before it": lambda sql: f"SELECT 1;\n\n-- why\n{sql}",
    "blanks": lambda sql: sql.replace(" ", "\n  ", 2).replace("(", " ( ", 1),
    "comments": lambda sql: sql.replace(" ", " /* a /* b */ */ -- c\n", 1),
    "another case": lambda sql: sql.replace("CREATE", "create").replace("TABLE", "table"),
    "windows": lambda sql: f"SELECT 1;\n{sql}\n".replace("\n", "\r\n"),
}
OTHERS = [
    ("CREATE INDEX idx ON tasks (status);", "CREATE INDEX idx ON tasks (owner);"),
    ("CREATE INDEX idx ON tasks (status) WHERE a = 'x y';", "CREATE INDEX idx ON tasks (status) WHERE a = 'x  y';"),
    ('DROP TABLE "notes";', 'DROP TABLE "Notes";'),
    ("UPDATE tasks SET status = 'a -- b';", "UPDATE tasks SET status = 'a -- c';"),
    ("ALTER TABLE tasks ALTER a SET NOT NULL;", "ALTER TABLE goals ALTER a SET NOT NULL;"),
    ("CREATE TABLE a (b varchar(10));", "CREATE TABLE c (b varchar(10));"),
    ("-- conformance: ignore A001 here\nSELECT 1;", "-- conformance: ignore A002 here\nSELECT 1;"),
]


def found(folder: Path, sql: str, *more: str) -> dict[str, str]:
    """The codes of what is found, by fingerprint."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LATER).write_bytes(sql.encode())
    outcomes = lint([folder, *more], select=("A*",)).outcomes
    return {one.fingerprint: outcome.requirement.id for outcome in outcomes for one in outcome.findings}


@pytest.mark.parametrize("change", SAME)
@pytest.mark.parametrize("scene", SCENES)
def test_it_survives_what_moves_it(scene: str, change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = found(Path("db"), SCENES[scene])
    assert before
    assert found(Path("db"), SAME[change](SCENES[scene])) == before


@pytest.mark.parametrize(("before", "after"), OTHERS)
def test_it_does_not_survive_another_statement(before: str, after: str, tmp_path: Path) -> None:
    first, second = found(tmp_path, before), found(tmp_path, after)
    assert first
    assert second
    assert not [own for own in first.keys() & second.keys() if first[own] not in ("A009", "A303")]


def test_another_part_of_the_same_table_changes_nothing(tmp_path: Path) -> None:
    before = found(tmp_path, "CREATE TABLE a (id int, b varchar(10));")
    after = found(tmp_path, "CREATE TABLE a (id int, c text, b varchar(10));")
    assert [own for own in before.keys() & after.keys() if before[own] == "A403"]


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """Or what a baseline has of one would hide what is new in the other."""
    sql = "CREATE INDEX idx ON tasks (status);"
    assert not found(tmp_path / "a", sql).keys() & found(tmp_path / "b", sql).keys()


def test_it_hangs_on_no_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = "CREATE INDEX idx ON tasks (status);"
    (tmp_path / ".git").mkdir()
    (tmp_path / "db" / "sql").mkdir(parents=True)
    far = found(tmp_path / "db" / "sql", sql)
    seen = []
    for here in (tmp_path, tmp_path / "db", tmp_path / "db" / "sql"):
        monkeypatch.chdir(here)
        seen.append(found(Path((tmp_path / "db" / "sql").relative_to(here)), sql))
    assert seen == [far, far, far]
    moved = tmp_path / "clone"
    (moved / ".git").mkdir(parents=True)
    assert found(moved / "db" / "sql", sql) == far
