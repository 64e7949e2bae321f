"""Which statement brings which object: for findings of a catalog that shall lie in somebody's migrations."""

from __future__ import annotations

import pytest

from conformance.fold.introduced import Introduced, Spot, introduced
from conformance.fold.schema import Schema
from conformance.model.contract import Requirement
from conformance.model.written import Written

FIRST = """\
-- the first
CREATE TABLE t (
    id uuid PRIMARY KEY,
    name text,
    "Odd name" int
);"""
LATER = [
    "ALTER TABLE t\n    ADD COLUMN other uuid,\n    ADD COLUMN third int;",
    "CREATE TABLE u (id uuid PRIMARY KEY);",
    "ALTER TABLE t ADD CONSTRAINT t_other_fkey\n  FOREIGN KEY (other) REFERENCES u (id);",
    "CREATE UNIQUE INDEX t_name_key ON t (name);",
    "CREATE INDEX t_both ON t (name, other);",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.third := 1; RETURN NEW; END $$;",
    "CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();",
]


def of(*texts: str) -> Introduced:
    """The first statement begins at line 2 of its file, behind a comment; each other one has a file of its own."""
    written = [Written(file=f"{n}.sql", line=2 if text == FIRST else 1, text=text) for n, text in enumerate(texts)]
    return introduced(written, ["t", "u"], Schema())


def asked(kind: str, *columns: str, table: str = "t") -> Requirement:
    return Requirement(
        id=f"0013/{table}/{kind}", claim=kind, kind=kind, level="must", source="", since="0013", until=None,
        table=table, columns=columns,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("requirement", "place"),
    [
        (asked("table"), "0.sql:2"),
        (asked("column", "id"), "0.sql:3"),
        (asked("not-null", "name"), "0.sql:4"),
        (asked("type", "Odd name"), "0.sql:5"),
        (asked("primary-key", "id"), "0.sql:2"),
        (asked("default", "other"), "1.sql:2"),
        (asked("type", "third"), "1.sql:3"),
        (asked("table", table="u"), "2.sql:1"),
        (asked("foreign-key", "other"), "3.sql:1"),
        (asked("unique", "name"), "4.sql:1"),
        (asked("index", "other", "name"), "5.sql:1"),
        (asked("trigger", "third"), "7.sql:1"),
        (asked("unique", "third"), "1.sql:3"),
        (asked("check", "nowhere", "third"), "1.sql:3"),
        (asked("column", "nowhere"), "0.sql:2"),
    ],
)
def test_an_object_comes_from_the_statement_that_makes_it(requirement: Requirement, place: str) -> None:
    file, _, line = place.partition(":")
    assert of(FIRST, *LATER).of(requirement) == Spot(file=file, line=int(line))


def test_what_is_nowhere_comes_from_nowhere() -> None:
    assert of(FIRST, *LATER).of(asked("table", table="v")) is None
    assert of().of(asked("column", "id")) is None


def test_what_is_made_again_comes_from_the_last_and_what_was_dropped_from_where_it_was() -> None:
    again = of(FIRST, "DROP TABLE t;", "CREATE TABLE t (id uuid);")
    assert again.of(asked("column", "id")) == Spot(file="2.sql", line=1)
    assert of(FIRST, "DROP TABLE t;").of(asked("table")) == Spot(file="0.sql", line=2)
    assert of(FIRST, *LATER, "DROP INDEX t_name_key;").of(asked("unique", "name")) == Spot(file="4.sql", line=1)


def test_what_is_renamed_comes_from_where_it_was_made() -> None:
    found = of("CREATE TABLE old (\n  id int PRIMARY KEY);", "ALTER TABLE old RENAME TO t;")
    assert found.of(asked("table")) == Spot(file="0.sql", line=1)
    assert found.of(asked("type", "id")) == Spot(file="0.sql", line=2)
    assert found.of(asked("primary-key", "id")) == Spot(file="0.sql", line=1)


def test_what_is_not_understood_brings_nothing() -> None:
    found = of(
        "CREATE TABLE t AS SELECT 1 AS id;", "CREATE TABLE u (id int);", "DO $$ BEGIN EXECUTE 'x'; END $$;", "E'"
    )
    assert found.of(asked("table", table="u")) == Spot(file="1.sql", line=1)
    assert found.of(asked("column", "id")) in (None, Spot(file="0.sql", line=1))
