"""What is rebuilt comes out equal, what is a stranger's is left out and said, and all that hangs on it is not judged."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from judged import conforming, named
from majors import TRIED
from rebuilds import catalog_of, rebuilt, rebuilt_from, run

from conformance import prove
from conformance.model.contract import Requirement
from conformance.model.leftover import Leftover
from conformance.model.record import replace
from conformance.model.report import Report
from conformance.rebuild import differences, plan, tables
from conformance.rebuild.trust import plain_condition
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
    ADD COLUMN b bit varying(5), ADD COLUMN c "char", ADD COLUMN p bpchar, ADD COLUMN i interval(3), ADD COLUMN i2 interval day to second(3), ADD COLUMN i3 interval year[], ADD COLUMN ts tsvector, ADD COLUMN spans datemultirange[],
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
CREATE TRIGGER changed BEFORE UPDATE ON workers FOR EACH ROW
    WHEN (OLD."odd "" name" IS DISTINCT FROM NEW."odd "" name" OR NOT (NEW.p <> 'a' AND OLD.n IS NOT NULL) OR NEW.n = -5)
    EXECUTE FUNCTION app.touch();
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
        assert {t.name for t in again.triggers} == {"it's", "nope", "changed"}


DRAWING = """
CREATE SCHEMA app;
CREATE SEQUENCE app."down; hill" AS smallint INCREMENT -3 MINVALUE -30 MAXVALUE 12 START 9 CACHE 4 CYCLE;
CREATE SEQUENCE ours START 1000000;
CREATE DOMAIN tag AS text COLLATE "C" CHECK (VALUE < 'b');
CREATE DOMAIN wide AS tag COLLATE "POSIX" CHECK (VALUE > 'A');
CREATE DOMAIN plain AS text;
CREATE DOMAIN usual AS wide COLLATE "default";
ALTER TABLE workers
    ADD COLUMN a int DEFAULT nextval('app."down; hill"'), ADD COLUMN b int DEFAULT nextval('ours'),
    ADD COLUMN c bigint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME "It" START 7 INCREMENT 2 MAXVALUE 99 CYCLE),
    ADD COLUMN d smallserial, ADD COLUMN w wide COLLATE "C", ADD COLUMN p plain,
    ADD COLUMN wd wide COLLATE "default", ADD COLUMN us usual, ADD COLUMN up usual COLLATE "POSIX",
    ADD UNIQUE (wd), ADD UNIQUE (us), ADD UNIQUE (up);
ALTER TABLE agents ADD COLUMN b int DEFAULT nextval('ours');
ALTER SEQUENCE ours OWNED BY agents.b;
"""


@pytest.mark.parametrize("major", ["server", "older_server"])
def test_sequences_and_collations_of_domains_come_out_equal(request: pytest.FixtureRequest, major: str) -> None:
    server: Server = request.getfixturevalue(major)
    name = conforming(server)
    server.create_database("drawing", template=name)
    try:
        source = run(server, "drawing", DRAWING)
        with rebuilt(server, source) as (url, left):
            assert [part.said for part in left] == []
            known, again = catalog_of(source), catalog_of(url)
            assert again.sequences == known.sequences
            assert again.domain_collations == known.domain_collations
            starts = {key: sequence.start for key, sequence in again.sequences.items()}
            assert starts == {"agents.b": 1000000, "events.id": 1, "workers.a": 9, "workers.b": 1000000} | {
                "workers.c": 7,
                "workers.d": 1,
            }
            assert again.sequences["workers.d"].owner == ("public", "workers", "d")
            collations = {name: collation.name for name, collation in again.domain_collations.items()}
            assert collations == {"public.tag": "C", "public.wide": "POSIX", "public.plain": "", "public.usual": ""}
    finally:
        server.drop_database("drawing")


def test_a_sequence_that_comes_out_otherwise_is_said(server: Server, database: str) -> None:
    catalog = catalog_of(run(server, database, DRAWING))
    other = {**catalog.sequences, "workers.d": replace(catalog.sequences["workers.d"], greatest=5, owner=())}
    said = [part.said for part in differences(replace(catalog, sequences=other), catalog, ())]
    assert said == [
        "sequence of workers.d: greatest is 5, and came out as 32767",
        "owner of the sequence of workers.d: it is none, and came out as public.workers.d",
    ]


def test_what_comes_out_otherwise_is_said_by_its_smallest_part(server: Server, database: str) -> None:
    indexes = (
        'CREATE INDEX one ON agents (name, (lower(status)) COLLATE "C" DESC);CREATE INDEX two ON agents (name, status)'
    )
    original = catalog_of(run(server, database, indexes))
    otherwise = (
        'DROP INDEX one, two; CREATE INDEX one ON agents (name DESC, (lower(status)) COLLATE "POSIX" DESC);'
        "CREATE INDEX two ON agents (name) INCLUDE (status)"
    )
    said = [part.said for part in differences(original, catalog_of(run(server, database, otherwise)), ())]
    assert said == [
        "index one of agents: descending of key 1 is false, and came out as true; nulls first of key 1 is false, and"
        " came out as true; collation of key 2 is C, and came out as POSIX",
        "index two of agents: keys is name, status, and came out as name; include is none, and came out as status",
    ]


def test_a_sequence_that_goes_with_a_strangers_table_is_said_and_nothing_hangs_on_it(
    server: Server, database: str
) -> None:
    source = run(server, database, f"{DRAWING}; CREATE TABLE zoo (n int); ALTER SEQUENCE ours OWNED BY zoo.n")
    with rebuilt(server, source) as (_, left):
        assert {part.said for part in left} == {
            f"owner of the sequence of {name}: public.zoo.n, with which it goes, is not rebuilt"
            for name in ("agents.b", "workers.b")
        }
        assert not any(part.bears_on(asked("default", "b")) for part in left)


def test_what_a_catalog_does_not_tell_of_sequences_and_domains_is_left_out(server: Server, database: str) -> None:
    source = run(server, database, DRAWING)
    bare = replace(catalog_of(source), sequences={}, domain_collations={})
    with rebuilt_from(server, bare, source) as (_, left):
        said = {part.said for part in left}
    unknown = "is not known; take the snapshot anew"
    assert f"collation of the domain public.wide: it {unknown}" in said
    assert "sequence of workers.c: its options are not known; take the snapshot anew" in said
    assert {part.columns for part in left} >= {("a",), ("b",), ("c",), ("d",), ("w",), ("p",)}


PARTED = """
CREATE TYPE mood AS ENUM ('a', 'it''s');
CREATE TABLE llm (LIKE llm_usage INCLUDING DEFAULTS INCLUDING CONSTRAINTS, mood mood, score int) PARTITION BY RANGE (created_at, score);
DROP TABLE llm_usage CASCADE;
ALTER TABLE llm RENAME TO llm_usage;
CREATE TABLE "old; ones" PARTITION OF llm_usage FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2020-01-01 00:00:00+00', -5);
CREATE TABLE new_ones PARTITION OF llm_usage FOR VALUES FROM ('2020-01-01 00:00:00+00', -5) TO (MAXVALUE, MAXVALUE)
    PARTITION BY LIST (mood);
CREATE TABLE new_a PARTITION OF new_ones FOR VALUES IN ('a', NULL) PARTITION BY HASH (id);
CREATE TABLE new_rest PARTITION OF new_ones DEFAULT;
CREATE TABLE new_a0 PARTITION OF new_a FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE new_a1 PARTITION OF new_a FOR VALUES WITH (MODULUS 2, REMAINDER 1);
ALTER TABLE llm_usage ADD PRIMARY KEY (id, created_at, score, mood), ADD CHECK (score < 1000);
ALTER TABLE llm_usage ADD FOREIGN KEY (agent_id) REFERENCES agents (id) ON DELETE CASCADE;
ALTER TABLE new_rest ADD CONSTRAINT own CHECK (score > 0), ALTER task_id SET NOT NULL;
ALTER TABLE new_a1 ADD FOREIGN KEY (task_id) REFERENCES tasks (id), ADD UNIQUE (score);
CREATE UNIQUE INDEX "one a day" ON "old; ones" (created_at) WHERE score > 1;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.created_at := now(); RETURN NEW; END';
CREATE TRIGGER all_of_it BEFORE UPDATE ON llm_usage FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER of_one BEFORE INSERT ON new_a0 FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE heir (more int CHECK (more > 0)) INHERITS (prompts);
CREATE TABLE heirs_heir () INHERITS (heir);
ALTER TABLE llm_usage ADD CHECK (created_at > '1970-01-01 00:00:00+00');
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Tokyo'); END $$;
"""


def test_partitions_and_heirs_come_out_equal(server: Server, database: str) -> None:
    source = run(server, database, PARTED)
    with rebuilt(server, source) as (url, left):
        assert [part.said for part in left] == []
        again = catalog_of(url).tables
        assert [part.name for part in again["llm_usage"].parts] == ["new_ones", "old; ones"]
        assert again["prompts"].parts[0].parts[0].name == "heirs_heir"


UNPARTED = {
    "a foreign table": (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
        "CREATE FOREIGN TABLE far PARTITION OF prompts FOR VALUES IN ('x') SERVER s",
        "table prompts: far, which is below it, is a foreign table",
    ),
    "what is computed": ("", "table prompts: what it is partitioned by is computed"),
    "a comparison of its own": ("", "table prompts: what it is partitioned by is computed, or compared"),
    "a CHECK of a partition's that calls a function": (
        "CREATE FUNCTION f(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';"
        "CREATE TABLE p1 PARTITION OF prompts (CONSTRAINT k CHECK (f(name))) DEFAULT",
        "CHECK k of p1: it uses public.f()",
    ),
    "a trigger that is off in a partition": (
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END';"
        "CREATE TRIGGER k BEFORE INSERT ON prompts FOR EACH ROW EXECUTE FUNCTION g();"
        "CREATE TABLE p1 PARTITION OF prompts DEFAULT; ALTER TABLE p1 DISABLE TRIGGER k",
        "trigger k of prompts: it is off in p1",
    ),
}
KEYS = {"what is computed": "lower(name)", "a comparison of its own": "name text_pattern_ops"}


@pytest.mark.parametrize("words", UNPARTED)
def test_partitions_that_are_a_strangers_are_left_out_and_said(server: Server, database: str, words: str) -> None:
    sql, said = UNPARTED[words]
    parted = f"CREATE TABLE other (LIKE prompts) PARTITION BY LIST ({KEYS.get(words, 'name')})"
    moved = "DROP TABLE prompts CASCADE; ALTER TABLE other RENAME TO prompts"
    with rebuilt(server, run(server, database, f"{parted}; {moved}; {sql}")) as (_, left):
        assert any(part.said.startswith(said) and part.table == "prompts" for part in left), [p.said for p in left]


@pytest.mark.parametrize(
    "bound", ["FOR VALUES IN (pg_read_file('/etc/passwd'))", "DEFAULT; DROP TABLE x", "FOR VALUES IN ('a' || 'b')", ""]
)
def test_a_bound_is_values_and_no_more(server: Server, database: str, bound: str) -> None:
    catalog = catalog_of(run(server, database, PARTED))
    table = catalog.tables["llm_usage"]
    false = replace(table, parts=tuple(replace(part, bound=bound) for part in table.parts))
    made = plan(replace(catalog, tables={**catalog.tables, "llm_usage": false}))
    assert any(part.what == "table llm_usage" and "cannot be read" in part.why for part in made.left)
    assert not any("llm_usage" in step.statement for step in made.steps)


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


@pytest.mark.majors
def test_a_random_uuid_of_an_extension_is_rebuilt_as_postgresqls_own(
    server: Server, of_major: Callable[[int], Server]
) -> None:
    """Before PostgreSQL 13 there is none but pgcrypto's, and that of uuid-ossp."""
    older = of_major(TRIED[0])
    name = f"random_{uuid4().hex}"
    older.create_database(name, template=conforming(older))
    more = 'CREATE EXTENSION "uuid-ossp"; ALTER TABLE agents ALTER id SET DEFAULT uuid_generate_v4()'
    source = run(older, name, more)
    with rebuilt(server, source) as (url, left):
        assert [part.said for part in left] == []
        tables = catalog_of(url).tables
        defaults = {tables[name].columns["id"].default for name in ("agents", "goals")}
    assert {default and default.text for default in defaults} == {"gen_random_uuid()"}
    report = prove(source=source, select="0001/agents.id/default", examples=2)
    assert report.outcomes[0].verdict == "pass", report.outcomes[0].note
    assert {call for call in ("public.gen_random_uuid()", "public.uuid_generate_v4()") if _said(report, call)} == {
        "public.gen_random_uuid()",
        "public.uuid_generate_v4()",
    }
    older.drop_database(name)


def _said(report: Report, call: str) -> bool:
    return f"{call}, which an extension brought, was rebuilt as PostgreSQL's own gen_random_uuid()" in report.remarks


def test_a_random_uuid_of_a_strangers_is_left_out(server: Server, database: str) -> None:
    mine = "CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';"
    source = run(server, database, f"{mine} ALTER TABLE agents ALTER id SET DEFAULT uuid_generate_v4()")
    with rebuilt(server, source) as (_, left):
        (said,) = (part.said for part in left)
    assert said.startswith("default of agents.id: it uses public.uuid_generate_v4()")


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
    "a domain of a stranger's collation": (
        "CREATE COLLATION mine (provider = libc, locale = 'C'); CREATE DOMAIN d AS text COLLATE mine;"
        'ALTER TABLE agents ADD COLUMN p d COLLATE "C"',
        "table agents: the collation public.mine of its domain public.d is a stranger's",
    ),
    "a trigger whose body is not plain": (
        f"{BODY} 'BEGIN NEW.name := lower(NEW.name); RETURN NEW; END'; CREATE TRIGGER k BEFORE INSERT {ON_AGENTS}",
        "trigger k of agents: what its function does is not plain",
    ),
    "a trigger with a WHEN": (
        f"{BODY} 'BEGIN NEW.updated_at := now(); RETURN NEW; END';"
        f"CREATE TRIGGER k BEFORE UPDATE ON agents FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION g()",
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


@pytest.mark.parametrize(
    "text",
    [
        "true) EXECUTE FUNCTION f(); --",
        "(f(new.name))",
        "(old.name OPERATOR(public.=) new.name)",
        "(old.a <>= new.a)",
        "(new.name = 'a'::public.mood)",
        "(new.name = E'a')",
        "(old.a = ANY (ARRAY[1]))",
        "(SELECT true)",
    ],
)
def test_a_condition_of_more_than_comparisons_is_not_taken_over(text: str) -> None:
    assert plain_condition("((old.* IS DISTINCT FROM new.*) OR (new.a = 'x'::text))")
    assert not plain_condition(text)


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
