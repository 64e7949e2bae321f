"""What is understood, irrelevant or not understood, and what the last could touch."""

from pathlib import Path

import pytest
from folds import folded

from conformance.fold.named import Relations
from conformance.linting import lint

TABLES = ("agents", "goals")
BASE = "CREATE TABLE agents (id int PRIMARY KEY, name text); CREATE TABLE goals (id int PRIMARY KEY);\n"


def _doubts(sql: str) -> list[tuple[str, frozenset[str | int] | None]]:
    return [(doubt.why, doubt.touches) for doubt in folded(BASE + sql, TABLES).doubts]


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE agents OF others;",
        "CREATE TABLE child (name text GENERATED ALWAYS AS ('x') STORED) INHERITS (agents);",
        "CREATE RULE r AS ON INSERT TO agents DO INSTEAD NOTHING;",
        "CREATE TRIGGER t AFTER UPDATE ON agents REFERENCING NEW ROW AS x EXECUTE FUNCTION f();",
    ],
)
def test_what_names_its_table_touches_that(sql: str) -> None:
    result = folded(BASE + sql, TABLES)
    (doubt,) = result.doubts
    assert doubt.touches is not None
    names = {one if isinstance(one, str) else result.schema.numbered(one).name for one in doubt.touches}
    assert "agents" in names
    assert "goals" not in names


@pytest.mark.parametrize(
    "sql",
    [
        "DROP SCHEMA public CASCADE;",
        "ALTER TABLE agents DROP CONSTRAINT agents_pkey SOMEHOW CASCADE;",
        "ALTER TABLE ALL IN TABLESPACE x SET TABLESPACE y;",
        "CREATE CAST (text AS int) WITH FUNCTION f(text);",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE c AS 'x', 'y';",
        "CREATE TEMP VIEW agents AS SELECT 1;",
        "CREATE TEMP TABLE own (id int) ON COMMIT DROP;",
        "SET standard_conforming_strings = off;",
        "WITH x AS (SELECT 1) SELECT change_it();",
        "DO $$ BEGIN IF random() > 0.5 THEN ALTER TABLE agents ADD COLUMN x int; END IF; END $$;",
        "DO $$ BEGIN ALTER TABLE agents ADD UNIQUE (name); EXCEPTION WHEN others THEN NULL; END $$;",
        "DO $$ BEGIN FOR i IN 1..3 LOOP EXECUTE 'x'; END LOOP; END $$;",
        "DO LANGUAGE plpython3u $$ x $$;",
        "ALTER ROLE me SET search_path = other;",
        "ALTER TABLE agents ADD COLUMN x int REFERENCES nowhere;",
        "CREATE INDEX ON agents (no_such_column);",
        "ALTER TABLE :which DROP COLUMN name;",
        "ALTER TABLE ${which} DROP COLUMN name;",
        'ALTER TABLE IF EXISTS "${which}" DROP COLUMN name;',
    ],
)
def test_what_may_be_about_anything_touches_all(sql: str) -> None:
    ((_, touches),) = _doubts(sql)
    assert touches is None


def test_a_search_path_that_is_left_behind_is_a_doubt() -> None:
    from folds import statements

    from conformance.fold.folding import fold
    from conformance.fold.schema import Schema

    first = statements("CREATE SCHEMA other; SET search_path = other;", "1.sql")
    (doubt,) = fold([*first, *statements("SELECT 1;", "2.sql")], TABLES, Schema()).doubts
    assert (doubt.statement.file, doubt.touches) == ("1.sql", None)
    assert fold(first, TABLES, Schema()).doubts == ()


@pytest.mark.parametrize("made", ["", "CREATE SCHEMA app;\n"])
def test_the_schema_that_is_looked_into_is_there_whoever_made_it(made: str, tmp_path: Path) -> None:
    file = tmp_path / "0001_goals.sql"
    file.write_text(f"{made}CREATE TABLE goals (id int); CREATE TABLE app.agents (id int);", encoding="utf-8")
    report = lint([file], schema="app")
    assert "not understood" not in report.target.origin
    assert not report.remarks


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE own (id int) PARTITION BY LIST (id); DROP TABLE goals; CREATE TABLE goals PARTITION OF own DEFAULT;"
        "CREATE RULE r AS ON INSERT TO own DO INSTEAD NOTHING;",
        "DROP TABLE goals; CREATE TABLE goals (id int) PARTITION BY LIST (id); CREATE TABLE own PARTITION OF goals DEFAULT;"
        "CREATE RULE r AS ON INSERT TO own DO INSTEAD NOTHING;",
        "DROP TABLE goals; CREATE TABLE goals (id int) PARTITION BY LIST ((id % 2));",
        "DROP TABLE goals; CREATE TABLE goals (id int) PARTITION BY LIST (id); CREATE TABLE own (id int);"
        "CREATE RULE r AS ON INSERT TO own DO INSTEAD NOTHING; ALTER TABLE goals ATTACH PARTITION own DEFAULT;",
        "CREATE TABLE own (id int); ALTER TABLE own OF x; DROP TABLE goals; CREATE TABLE goals () INHERITS (own);",
        "CREATE TABLE own () INHERITS (goals); CREATE RULE r AS ON INSERT TO own DO INSTEAD NOTHING;",
    ],
)
def test_a_doubt_is_about_what_is_above_and_below_too(sql: str) -> None:
    result = folded(BASE + sql, TABLES)
    number = result.schema.relations["public", "goals"].number
    assert any(doubt.touches is not None and number in doubt.touches for doubt in result.doubts)
    assert result.schema.relations["public", "agents"].number not in (result.doubts[-1].touches or ())


def test_a_doubt_follows_a_table_that_is_renamed() -> None:
    sql = "CREATE TABLE fresh (id int); ALTER TABLE fresh OF others; DROP TABLE agents; ALTER TABLE fresh RENAME TO agents;"
    result = folded(BASE + sql, TABLES)
    (doubt,) = result.doubts
    assert doubt.touches is not None
    assert result.schema.relations["public", "agents"].number in doubt.touches


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        (
            "IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'x') THEN ALTER TABLE agents ADD c int; END IF;",
            "c",
        ),
        ("IF EXISTS (SELECT FROM pg_type WHERE typname = 'agents') THEN ALTER TABLE agents ADD c int; END IF;", "c"),
        ("IF EXISTS (SELECT FROM pg_type WHERE typname = 'x') THEN RETURN; END IF; ALTER TABLE agents ADD c int;", "c"),
        (
            "IF EXISTS (SELECT FROM pg_class WHERE relname = 'goals') THEN RETURN; END IF; ALTER TABLE agents ADD c int;",
            "",
        ),
        (
            "IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'agents'"
            " AND column_name = 'name') THEN ALTER TABLE agents ADD c int; ELSE ALTER TABLE agents ADD d int; END IF;",
            "d",
        ),
        (
            "ALTER TABLE agents ADD c int; ALTER TABLE agents ADD name int; EXCEPTION WHEN duplicate_column THEN NULL;",
            "",
        ),
        ("BEGIN ALTER TABLE agents ADD c int; END; IF now() > '2020-01-01' THEN RAISE NOTICE 'x'; END IF;", "c"),
        ("FOR i IN 1..3 LOOP UPDATE agents SET name = 'x'; END LOOP; ALTER TABLE agents ADD c int;", "c"),
    ],
)
def test_blocks_are_followed(sql: str, columns: str) -> None:
    result = folded(f"{BASE}DO $$ BEGIN {sql} END $$;", TABLES)
    assert [doubt.why for doubt in result.doubts] == []
    assert [c.name for c in result.schema.relations["public", "agents"].columns] == ["id", "name", *columns]


def test_a_function_of_the_same_name_may_be_the_one_that_is_meant() -> None:
    from conformance.fold.catalog import catalog
    from conformance.model.catalog import UNREAD

    own = "CREATE FUNCTION lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;"
    check = "CREATE TABLE t (v varchar CHECK (lower(v) = v));"
    for sql, strange in ((check, False), (own + check, True)):
        (found,) = catalog(folded(sql).schema, ["t"]).tables["t"].checks
        assert (UNREAD in (found.expression.nodes or ())) == strange


@pytest.mark.parametrize("leaves", ["ALTER TABLE whole DETACH PARTITION agents;", "DROP TABLE whole;"])
def test_what_was_of_the_family_then_is_touched_whatever_leaves_it(leaves: str) -> None:
    sql = """
        CREATE TABLE whole (id int, name text) PARTITION BY LIST (id);
        ALTER TABLE whole ATTACH PARTITION agents FOR VALUES IN (1);
        CREATE TABLE odd PARTITION OF whole FOR VALUES IN (1 + 1);
    """
    base = "CREATE TABLE agents (id int, name text); CREATE TABLE goals (id int);\n"
    result = folded(base + sql + leaves, TABLES)
    touched = [doubt.touches for doubt in result.doubts if doubt.why.startswith("nothing more is expected")]
    assert touched
    agents = folded(base, TABLES).schema.relation(("agents",)).number
    assert all(touches is None or agents in touches for touches in touched)
    assert all(touches is not None and len(touches) == 3 for touches in touched)


def test_what_a_doubt_is_about_is_found_in_every_schema_and_by_its_indexes() -> None:
    sql = (
        "CREATE SCHEMA other; CREATE TABLE other.agents (id int); CREATE TEMP TABLE brief (id int);\n"
        "CREATE INDEX of_goals ON goals (id); ALTER TABLE agents RENAME TO people;\n"
        "ALTER TABLE brief OF agents, of_goals;"
    )
    result = folded(BASE + sql, TABLES)
    touches = result.doubts[-1].touches
    assert touches is not None
    held = {result.schema.relations[name].number for name in (("other", "agents"), ("public", "goals"))}
    assert held < touches
    assert result.schema.relations["public", "people"].number not in touches


def test_a_doubt_costs_no_look_at_every_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the time of as many doubts as tables would go with the square of their number."""
    looks: list[int] = []
    values = Relations.values
    monkeypatch.setattr(Relations, "values", lambda self: looks.append(1) or values(self))
    counts = []
    for number in (20, 200):
        looks.clear()
        made = "".join(f"CREATE TABLE t{n} (id int);\n" for n in range(number))
        result = folded(made + "".join(f"ALTER TABLE t{n} OF others;\n" for n in range(number)), TABLES)
        assert [len(doubt.touches or ()) for doubt in result.doubts] == [1] * number
        counts.append(len(looks))
    assert counts[0] == counts[1]


DETACHED = (
    "CREATE TABLE ev (id bigint PRIMARY KEY) PARTITION BY RANGE (id);"
    "CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM (1) TO (9);"
    "CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM (9) TO (20);"
    "ALTER TABLE ev DETACH PARTITION ev_1 CONCURRENTLY;"
)


def test_a_partition_that_leaves_beside_the_work_is_in_doubt_alone() -> None:
    result = folded(DETACHED, ("ev", "ev_1", "ev_2"))
    (doubt,) = result.doubts
    assert doubt.touches is not None
    assert {result.schema.numbered(one).name for one in doubt.touches if isinstance(one, int)} == {"ev_1"}
    assert not result.schema.relation(("ev_1",)).parents
    assert result.schema.relation(("ev_2",)).parents


def test_no_partition_leaves_beside_the_work_before_postgresql_14() -> None:
    (doubt,) = folded(DETACHED, ("ev", "ev_1", "ev_2"), 13).doubts
    assert doubt.touches is None
