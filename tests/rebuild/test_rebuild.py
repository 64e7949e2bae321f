"""What is rebuilt comes out equal, what is a stranger's is left out and said, and all that hangs on it is not judged."""

from __future__ import annotations

import psycopg
import pytest
from judged import conforming, named
from rebuilds import catalog_of, rebuilt, run

from conformance.model.contract import Requirement
from conformance.model.leftover import Leftover
from conformance.model.record import replace
from conformance.rebuild import tables
from conformance.rebuild.types import Unbuildable
from conformance.sandbox import Server

EVERYTHING = """
CREATE SCHEMA app;
CREATE TYPE app."a ""type" AS ENUM ('x', 'it''s', E'a\\nline', '); DROP TABLE agents; --');
CREATE DOMAIN app.short AS varchar(10) COLLATE "C" DEFAULT 'x' NOT NULL CHECK (VALUE <> 'é' AND length(VALUE) > 0);
CREATE DOMAIN "Odd.Domain" AS app.short CHECK (VALUE ~ '^[a-z;]+$');
CREATE SEQUENCE app."my seq's";
ALTER TABLE workers
    ADD COLUMN "odd "" name" app."a ""type" DEFAULT 'x', ADD COLUMN "); DROP TABLE agents; --" text COLLATE "C",
    ADD COLUMN d "Odd.Domain", ADD COLUMN many app."a ""type"[], ADD COLUMN big bigint[] DEFAULT '{1,2}',
    ADD COLUMN n numeric(7, 2) DEFAULT 1.50, ADD COLUMN v varchar(3)[], ADD COLUMN t timestamptz(3) DEFAULT now(),
    ADD COLUMN b bit varying(5), ADD COLUMN c "char", ADD COLUMN p bpchar,
    ADD COLUMN serial_one bigint DEFAULT nextval('app."my seq''s"'), ADD COLUMN ident int GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN gen int GENERATED ALWAYS AS (n * 2 + 1) STORED, ADD COLUMN j jsonb DEFAULT jsonb_build_object('a', 1),
    ADD COLUMN other_id uuid, ADD COLUMN day date DEFAULT CURRENT_DATE, ADD COLUMN r float8 DEFAULT random(),
    ADD CHECK (n > 0 OR n IS NULL), ADD CONSTRAINT "a;b" CHECK (day > '2000-01-01') NOT VALID,
    ADD CONSTRAINT u1 UNIQUE (n, c) INCLUDE (p) DEFERRABLE, ADD UNIQUE NULLS NOT DISTINCT (b),
    ADD FOREIGN KEY (other_id) REFERENCES workers (id) MATCH FULL ON DELETE SET NULL (other_id) ON UPDATE CASCADE
        DEFERRABLE NOT VALID;
ALTER TABLE workers ADD CONSTRAINT "no; two" EXCLUDE USING btree (day WITH =, lower(c::text) COLLATE "C" WITH =) INCLUDE (p)
    WHERE (n > 5) DEFERRABLE, ADD EXCLUDE USING hash (t WITH =);
ALTER TABLE workers ADD COLUMN at tstzrange, ADD EXCLUDE USING gist (at WITH &&);
CREATE UNIQUE INDEX "part;ial" ON workers (lower(v[1]) text_pattern_ops DESC NULLS LAST, t) WHERE (n > 5 AND v IS NOT NULL);
CREATE INDEX ON workers USING gin (j jsonb_path_ops);
CREATE INDEX ON workers USING hash (c);
CREATE INDEX ON workers (p COLLATE "POSIX" NULLS FIRST, day DESC);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW."t" = CURRENT_TIMESTAMP; RETURN NEW; END';
CREATE FUNCTION app.never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN /* no */ RETURN NULL; END';
CREATE TRIGGER "it's" BEFORE UPDATE OF n, "odd "" name" OR INSERT ON workers FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER nope BEFORE DELETE ON workers FOR EACH ROW EXECUTE FUNCTION app.never();
CREATE TRIGGER late AFTER INSERT ON workers FOR EACH ROW EXECUTE FUNCTION app.never();
CREATE TRIGGER off BEFORE INSERT ON workers FOR EACH ROW EXECUTE FUNCTION app.never();
ALTER TABLE workers DISABLE TRIGGER off;
"""


@pytest.mark.parametrize("major", ["server", "older_server"])
@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_our_own_schema_comes_out_equal(request: pytest.FixtureRequest, profile: str, major: str) -> None:
    server: Server = request.getfixturevalue(major)
    with rebuilt(server, named(server, conforming(server, profile))) as (url, left):
        assert left == ()
        assert len(catalog_of(url).tables) > 20


def test_all_that_is_postgresqls_own_comes_out_equal(server: Server, database: str) -> None:
    source = run(server, database, EVERYTHING)
    with rebuilt(server, source) as (url, left):
        assert [part.said for part in left] == []
        original, again = catalog_of(source).tables["workers"], catalog_of(url).tables["workers"]
        assert list(original.columns) == list(again.columns)
        assert original.checks == again.checks
        assert original.indexes == again.indexes
        assert original.foreign_keys == again.foreign_keys
        assert {t.name for t in again.triggers} == {"it's", "nope"}


NEWEST = """
ALTER TABLE workers ADD COLUMN n int, ADD COLUMN virt int GENERATED ALWAYS AS (n * 2) VIRTUAL,
    ADD COLUMN other uuid, ADD CONSTRAINT lax CHECK (n > 5) NOT ENFORCED,
    ADD CONSTRAINT lax_key FOREIGN KEY (other) REFERENCES agents (id) NOT ENFORCED,
    ADD CONSTRAINT unproven NOT NULL n NOT VALID
"""


def test_what_only_the_newest_major_has_comes_out_equal(server: Server, database: str) -> None:
    if int(server.version.partition(".")[0]) < 18:
        pytest.skip("needs PostgreSQL 18")
    source = run(server, database, NEWEST)
    with rebuilt(server, source) as (url, left):
        assert [part.said for part in left] == []
        again = catalog_of(url).tables["workers"]
        assert again.columns["virt"].generated == "virtual"
        assert [check.enforced for check in again.checks if check.name == "lax"] == [False]
        assert again.columns["n"].not_null


def test_names_are_looked_for_where_the_original_looks(server: Server, database: str) -> None:
    moved = 'ALTER SCHEMA public RENAME TO "the app"; CREATE SCHEMA public; CREATE TABLE public.agents (x int)'
    source = run(server, database, moved)
    with rebuilt(server, source, schema="the app") as (url, left):
        assert left == ()
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT current_schema(), 'agents'::regclass::text").fetchone()
            assert found == ("the app", "agents")
        assert "name" in catalog_of(url).tables["agents"].columns


def test_its_sessions_may_do_nothing_to_the_server(server: Server) -> None:
    with rebuilt(server, named(server, conforming(server))) as (url, _), psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_setting('is_superuser'), current_user").fetchone() == (
            "off",
            "conformance_guest",
        )


FUNCTION = "CREATE FUNCTION f(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';"
BODY = "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS"
ON_AGENTS = "ON agents FOR EACH ROW EXECUTE FUNCTION g()"
STRANGERS: dict[str, tuple[str, str]] = {
    "a CHECK that calls a function": (
        f"{FUNCTION} ALTER TABLE agents ADD CONSTRAINT k CHECK (f(name))",
        "CHECK k of agents: it uses public.f()",
    ),
    "an index that calls a function": (
        f"{FUNCTION} CREATE INDEX k ON agents (f(name))",
        "index k of agents: it uses public.f()",
    ),
    "an index of a stranger's operator class": (
        "CREATE OPERATOR CLASS mine FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 bttextcmp(text, text);"
        "CREATE UNIQUE INDEX k ON agents (name mine)",
        "index k of agents: its operator class mine",
    ),
    "a default that calls a function": (
        "CREATE FUNCTION h() RETURNS text LANGUAGE sql AS $$SELECT 'x'$$; ALTER TABLE agents ALTER name SET DEFAULT h()",
        "default of agents.name: it uses public.h()",
    ),
    "a default that reads a file": (
        "ALTER TABLE agents ALTER name SET DEFAULT pg_read_file('/etc/passwd')",
        "default of agents.name: it does more than look",
    ),
    "a default that reads other tables": (
        "ALTER TABLE agents ALTER name SET DEFAULT schema_to_xml('public', true, true, '')::text",
        "default of agents.name: it does more than look",
    ),
    "a composite type": (
        "CREATE TYPE pair AS (a int, b int); ALTER TABLE agents ADD COLUMN p pair",
        "table agents: its type public.pair is a stranger's",
    ),
    "a range type": (
        "CREATE TYPE days AS RANGE (subtype = date); ALTER TABLE agents ADD COLUMN p days",
        "table agents: its type public.days is a stranger's",
    ),
    "a domain that calls a function": (
        f"{FUNCTION} CREATE DOMAIN good AS text CHECK (f(VALUE)); ALTER TABLE agents ADD COLUMN p good",
        "table agents: the CHECK good_check of its domain public.good: it uses public.f()",
    ),
    "an array of a domain": (
        "CREATE DOMAIN good AS text; ALTER TABLE agents ADD COLUMN p good[]",
        "table agents: its type public.good[] is an array of a domain",
    ),
    "a stranger's collation": (
        "CREATE COLLATION mine (provider = libc, locale = 'C'); ALTER TABLE agents ALTER name TYPE text COLLATE mine",
        "table agents: the collation public.mine",
    ),
    "a trigger whose body is not plain": (
        f"{BODY} 'BEGIN NEW.name := lower(NEW.name); RETURN NEW; END'; CREATE TRIGGER k BEFORE INSERT {ON_AGENTS}",
        "trigger k of agents: what its function does is not plain",
    ),
    "a trigger with a WHEN": (
        f"{BODY} 'BEGIN NEW.updated_at := now(); RETURN NEW; END';"
        f"CREATE TRIGGER k BEFORE UPDATE ON agents FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION g()",
        "trigger k of agents: it has a WHEN",
    ),
    "a trigger whose function has a search_path": (
        f"CREATE SCHEMA z; {BODY} 'BEGIN NEW.updated_at := now(); RETURN NEW; END' SET search_path = z, pg_catalog;"
        f"CREATE TRIGGER k BEFORE UPDATE {ON_AGENTS}",
        "trigger k of agents: now() is looked for in z",
    ),
    "a rule": ("CREATE RULE k AS ON DELETE TO agents DO INSTEAD NOTHING", "rule k of agents: rules are not copied"),
    "row security": ("ALTER TABLE agents ENABLE ROW LEVEL SECURITY", "row security of agents: policies"),
    "a foreign key to another table": (
        "CREATE TABLE zoo (id uuid PRIMARY KEY); ALTER TABLE agents ADD COLUMN z uuid CONSTRAINT k REFERENCES zoo",
        "foreign key k of agents: it leads to public.zoo, which the contract does not know",
    ),
    "a foreign key whose triggers are off": (
        "ALTER TABLE task_dependencies DISABLE TRIGGER ALL",
        "of task_dependencies: some of the triggers that keep it are off",
    ),
    "a view": (
        "ALTER TABLE prompts RENAME TO p; CREATE VIEW prompts AS SELECT * FROM p",
        "table prompts: it is a view public.prompts",
    ),
    "partitions": (
        "DROP TABLE prompts CASCADE; CREATE TABLE prompts (id uuid) PARTITION BY HASH (id)",
        "table prompts: it is partitioned",
    ),
    "heirs": ("CREATE TABLE heir () INHERITS (prompts)", "table prompts: other tables inherit from it"),
    "an interval of some fields": (
        "ALTER TABLE agents ADD COLUMN p interval day to second(3)",
        "table agents: how interval day to second(3) is limited",
    ),
}


@pytest.mark.parametrize("words", STRANGERS)
def test_what_is_a_strangers_is_left_out_and_said(server: Server, database: str, words: str) -> None:
    sql, said = STRANGERS[words]
    with rebuilt(server, run(server, database, sql)) as (url, left):
        assert any(part.said.startswith(said) or said in part.said for part in left), [part.said for part in left]
        with psycopg.connect(url) as connection:
            code = connection.execute(
                "SELECT count(*) FROM pg_proc WHERE oid >= 16384 AND proname NOT LIKE 'conformance_does_%'"
                " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
            ).fetchone()
            assert code == (0,), "code of a stranger"
            assert connection.execute("SELECT count(*) FROM pg_rewrite WHERE oid >= 16384").fetchone() == (0,)


@pytest.mark.parametrize("operator", ["public.===", "=) WITH", "--", "/*", "= ", ""])
def test_an_operator_of_a_strangers_is_not_taken_over(server: Server, database: str, operator: str) -> None:
    source = run(server, database, "ALTER TABLE agents ADD CONSTRAINT k EXCLUDE USING btree (name WITH =)")
    table = catalog_of(source).tables["agents"]
    found = next(index for index in table.indexes if index.name == "k")
    assert "OPERATOR(pg_catalog.=)" in tables.index(table, found)
    with pytest.raises(Unbuildable, match="operator"):
        tables.index(table, replace(found, excludes=(operator,)))


def asked(claim: str, *columns: str, table: str = "agents", **spec: object) -> Requirement:
    """A requirement, as far as a leftover looks at it."""
    return Requirement(
        id=f"0001/{table}/{claim}",
        claim=claim,
        kind=claim,
        level="must",
        source="",
        since="0001",
        until=None,
        table=table,
        columns=columns,
        spec=spec,
    )


def test_what_hangs_on_a_leftover() -> None:
    whole = Leftover(table="agents", what="trigger k of agents", why="")
    assert whole.bears_on(asked("not-null", "name"))
    assert whole.bears_on(asked("foreign-key", "agent_id", table="tasks", references="agents.id"))
    assert not whole.bears_on(asked("not-null", "name", table="tasks"))
    of_column = Leftover(table="agents", what="default of agents.name", why="", columns=("name",))
    assert of_column.bears_on(asked("default", "name"))
    assert of_column.bears_on(asked("table"))
    assert not of_column.bears_on(asked("not-null", "config"))
    of_lookups = Leftover(table="agents", what="index k of agents", why="", claims=("index",))
    assert of_lookups.bears_on(asked("index", "name"))
    assert not of_lookups.bears_on(asked("unique", "name"))
