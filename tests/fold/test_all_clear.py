"""What tries to get a false all-clear: a text of which the reader is sure builds on a server what the reader says."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from folds import comparable, introspected, statements

from conformance.fold.catalog import catalog
from conformance.fold.folding import fold
from conformance.fold.schema import Schema
from conformance.sandbox import Server

TABLES = ("agents", "goals")
BASE = (
    "CREATE TABLE agents (id int PRIMARY KEY, name text UNIQUE, n int DEFAULT 0 CHECK (n >= 0));"
    "CREATE TABLE goals (id int PRIMARY KEY, agent_id int REFERENCES agents ON DELETE CASCADE, body text);\n"
)
ACTS = (
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE agents DROP COLUMN n; RETURN 1; END $$;"
)
ON_ROWS = (
    "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER TABLE agents DROP COLUMN n';"
    " RETURN NEW; END $$; CREATE TABLE own (id int); CREATE TRIGGER t AFTER INSERT ON own EXECUTE FUNCTION g();"
)

SCENES = {
    "a function in INSERT … SELECT": f"{ACTS} CREATE TABLE own (id int); INSERT INTO own SELECT f();",
    "a function in VALUES": f"{ACTS} CREATE TABLE own (id int); INSERT INTO own VALUES (f());",
    "a function in UPDATE": f"{ACTS} CREATE TABLE own (id int); INSERT INTO own VALUES (1); UPDATE own SET id = f();",
    "a function in DELETE": f"{ACTS} CREATE TABLE own (id int); INSERT INTO own VALUES (1); DELETE FROM own WHERE id = f();",
    "a function in COPY": f"{ACTS} COPY (SELECT f()) TO '/dev/null';",
    "a function in an assignment": f"{ACTS} DO $$ DECLARE x int; BEGIN x := f(); END $$;",
    "a function in a declaration": f"{ACTS} DO $$ DECLARE x int := f(); BEGIN NULL; END $$;",
    "a function in a condition": f"{ACTS} DO $$ BEGIN IF f() = 1 THEN NULL; END IF; END $$;",
    "a function in a RAISE": f"{ACTS} DO $$ BEGIN RAISE NOTICE '%', f(); END $$;",
    "a function in an ASSERT": f"{ACTS} DO $$ BEGIN ASSERT f() = 1; END $$;",
    "a function in a loop": f"{ACTS} DO $$ DECLARE r int; BEGIN FOR r IN SELECT f() LOOP NULL; END LOOP; END $$;",
    "a function in a branch": f"{ACTS} DO $$ DECLARE x int; BEGIN IF true THEN SELECT f() INTO x; END IF; END $$;",
    "a function in SELECT INTO of a block": f"{ACTS} DO $$ DECLARE x int; BEGIN SELECT f() INTO x; END $$;",
    "a function called as an attribute": (
        "CREATE TABLE own (id int); INSERT INTO own VALUES (1);"
        "CREATE FUNCTION f(own) RETURNS int LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE agents DROP COLUMN n; RETURN 1; END $$;"
        "DELETE FROM own AS o WHERE o.f = 1;"
    ),
    "a function in quotes": f'{ACTS} CREATE TABLE own (id int); INSERT INTO own SELECT "f"();',
    "a function behind a comment": f"{ACTS} CREATE TABLE own (id int); INSERT INTO own SELECT f/*x*/\n();",
    "a function by another": (
        f"{ACTS} CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT f()'; CREATE TABLE own (id int);"
        "INSERT INTO own SELECT h();"
    ),
    "a function by one made before it": (
        "CREATE FUNCTION h() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN f(); END';"
        f"{ACTS} CREATE TABLE own (id int); INSERT INTO own SELECT h();"
    ),
    "a function whose body has no blanks": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE'ALTER TABLE agents DROP COLUMN n';RETURN 1;END$$;"
        "SELECT f();"
    ),
    "a function that writes into the catalog": (
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ UPDATE pg_class SET relname = 'x' WHERE relname = 'goals' $$;"
        "SELECT f();"
    ),
    "a function that sets the path": (
        "CREATE SCHEMA other; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM set_config('search_path', 'other, public', false); END $$;"
        "SELECT f(); CREATE TABLE agents (id int); ALTER TABLE agents ADD c int; ALTER TABLE goals ADD c int;"
    ),
    "a procedure": (
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE agents DROP COLUMN n; END $$; CALL p();"
    ),
    "a trigger's function": f"{ON_ROWS} INSERT INTO own VALUES (1);",
    "a trigger's function, through COPY": f"{ON_ROWS} COPY own FROM '/dev/null';",
    "a trigger's function, through a cascade": (
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE TABLE x(); ALTER TABLE x ADD c int;';"
        " ALTER FUNCTION g() RENAME TO g2; ALTER TABLE agents ALTER name SET DEFAULT 'x'; RETURN NULL; END $$;"
        "CREATE TABLE own (id int PRIMARY KEY); CREATE TABLE mine (id int REFERENCES own ON DELETE CASCADE);"
        "CREATE TRIGGER t AFTER DELETE ON mine FOR EACH ROW EXECUTE FUNCTION g();"
        "INSERT INTO own VALUES (1); INSERT INTO mine VALUES (1); DELETE FROM own;"
    ),
    "a default": f"{ACTS} CREATE TABLE own (id int DEFAULT f(), x int); INSERT INTO own (x) VALUES (1);",
    "a default of a domain": (
        f"{ACTS} CREATE DOMAIN d AS int DEFAULT f(); CREATE TABLE own (id d, x int); INSERT INTO own (x) VALUES (1);"
    ),
    "a CHECK": f"{ACTS} CREATE TABLE own (id int CHECK (f() = id)); INSERT INTO own VALUES (1);",
    "a CHECK of a domain, tried by ALTER TABLE": (
        f"{ACTS} CREATE DOMAIN d AS int CHECK (f() > 0); CREATE TABLE own (id int); INSERT INTO own VALUES (1);"
        "ALTER TABLE own ADD COLUMN c d DEFAULT 1;"
    ),
    "a view": f"{ACTS} CREATE VIEW v AS SELECT f() AS x; CREATE TABLE own (id int); INSERT INTO own SELECT x FROM v;",
    "a materialized view": f"{ACTS} CREATE MATERIALIZED VIEW v AS SELECT f() AS x;",
    "a rule": (
        f"{ACTS} CREATE TABLE own (id int); CREATE RULE r AS ON INSERT TO own DO ALSO SELECT f(); INSERT INTO own VALUES (1);"
    ),
    "an aggregate": (
        "CREATE FUNCTION f(int, int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE agents DROP COLUMN n; RETURN 1; END $$;"
        "CREATE AGGREGATE sum_up(int) (sfunc = f, stype = int, initcond = '1'); CREATE TABLE own (id int);"
        "INSERT INTO own SELECT sum_up(1);"
    ),
    "an operator": (
        "CREATE FUNCTION f(int, int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE agents DROP COLUMN n; RETURN 1; END $$;"
        "CREATE OPERATOR === (leftarg = int, rightarg = int, function = f); SELECT 1 === 2;"
    ),
    "a policy": (
        f"{ACTS} CREATE TABLE own (id int); ALTER TABLE own ENABLE ROW LEVEL SECURITY;"
        "ALTER TABLE own FORCE ROW LEVEL SECURITY; CREATE POLICY p ON own USING (f() = 1); INSERT INTO own VALUES (1); DELETE FROM own;"
    ),
    "USING of a change of a type": (
        f"{ACTS} CREATE TABLE own (id int); INSERT INTO own VALUES (1); ALTER TABLE own ALTER id TYPE bigint USING f();"
    ),
    "a table made of a query": f"{ACTS} CREATE TABLE own AS SELECT f();",
    "SELECT INTO": "SELECT 1 AS id INTO more; DROP TABLE goals; ALTER TABLE more RENAME TO goals;",
    "SELECT INTO behind an INSERT": (
        "CREATE TABLE own (id int); DROP TABLE goals;"
        "WITH x AS (INSERT INTO own VALUES (1) RETURNING id) SELECT id INTO goals FROM x;"
        "CREATE TABLE IF NOT EXISTS goals (id int PRIMARY KEY);"
    ),
    "query_to_xml": f"{ACTS} CREATE TABLE own (x xml); INSERT INTO own SELECT query_to_xml('SELECT f()', true, true, '');",
    "set_config of the path": (
        "CREATE SCHEMA other; SELECT set_config('search_path', 'other', false); CREATE TABLE agents (id int);"
        "ALTER TABLE agents ADD c int;"
    ),
    "set_config of the path in an INSERT": (
        "CREATE SCHEMA other; CREATE TABLE own (x text); CREATE TABLE other.agents (id int, name text);"
        "INSERT INTO own SELECT set_config('search_path', 'other', false); ALTER TABLE agents DROP COLUMN name;"
    ),
    "set_config in an assignment": (
        "CREATE SCHEMA other; CREATE TABLE other.agents (id int, name text);"
        "DO $$ DECLARE x text; BEGIN x := set_config('search_path', 'other', false); END $$; ALTER TABLE agents DROP COLUMN name;"
    ),
    "set_config of the way strings are read": (
        "SELECT set_config('standard_conforming_strings', 'off', false); ALTER TABLE agents ALTER name SET DEFAULT 'a\\nb';"
    ),
    "the path in quotes": (
        "CREATE SCHEMA other; CREATE TABLE other.agents (id int, name text);"
        'SET "search_path" = other; ALTER TABLE agents DROP COLUMN name;'
    ),
    "the path as a schema": (
        "CREATE SCHEMA other; CREATE TABLE other.agents (id int, name text); SET SCHEMA 'other'; ALTER TABLE agents DROP COLUMN name;"
    ),
    "the path in capitals": (
        'CREATE SCHEMA "Other"; CREATE TABLE "Other".agents (id int, name text); SET search_path = "Other", public;'
        "ALTER TABLE agents DROP COLUMN name; SET search_path TO DEFAULT; ALTER TABLE agents DROP COLUMN n;"
    ),
    "the path set back": (
        "CREATE SCHEMA other; CREATE TABLE other.agents (id int, name text); SET search_path = other;"
        "ALTER TABLE agents DROP COLUMN name; RESET search_path; ALTER TABLE agents DROP COLUMN n;"
    ),
    "the path for a transaction": (
        "CREATE SCHEMA other; CREATE TABLE other.agents (id int, name text); BEGIN; SET LOCAL search_path = other;"
        "ALTER TABLE agents DROP COLUMN name; COMMIT; ALTER TABLE agents DROP COLUMN n;"
    ),
    "the path in a loop": (
        "CREATE SCHEMA other; CREATE TABLE other.agents (id int, name text);"
        'DO $$ BEGIN FOR i IN 1..1 LOOP SET "search_path" = other; END LOOP; END $$; ALTER TABLE agents DROP COLUMN name;'
    ),
    "the path of a role": (
        "CREATE SCHEMA postgres; CREATE TABLE postgres.agents (id int, name text); SET ROLE postgres;"
        "ALTER TABLE agents DROP COLUMN name;"
    ),
    "pg_catalog behind": (
        "SET search_path = public, pg_catalog; CREATE DOMAIN text AS varchar(3); ALTER TABLE agents ADD c text;"
    ),
    "a collation by the name of another": (
        "CREATE COLLATION public.\"C\" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
        'ALTER TABLE agents ADD c text COLLATE public."C";'
    ),
    "a transaction that is rolled back": "BEGIN; ALTER TABLE agents ADD c int; ROLLBACK; ALTER TABLE agents ADD d int;",
    "a transaction that is aborted": "BEGIN; ALTER TABLE agents ADD c int; ABORT; ALTER TABLE agents ADD d int;",
    "a savepoint that is rolled back to": (
        "BEGIN; ALTER TABLE agents ADD c int; SAVEPOINT a; ALTER TABLE agents ADD d int; ROLLBACK TO SAVEPOINT a;"
        "ALTER TABLE agents ADD e int; COMMIT;"
    ),
    "a savepoint of the name of another": (
        "BEGIN; SAVEPOINT a; ALTER TABLE agents ADD c int; SAVEPOINT a; ALTER TABLE agents ADD d int; RELEASE a;"
        "ROLLBACK TO a; COMMIT;"
    ),
    "a transaction without an end": "BEGIN; ALTER TABLE agents ADD c int;",
    "a transaction that only reads": "BEGIN READ ONLY; SELECT 1; COMMIT; ALTER TABLE agents ADD c int;",
    "a transaction that is set to only read": "SET default_transaction_read_only = on; ALTER TABLE agents ADD c int;",
    "what is refused ends the file": "CREATE INDEX ON own (no_such); ALTER TABLE goals ADD c int;",
    "what is refused of an own table ends the file": (
        "CREATE TABLE own (id int); ALTER TABLE own ADD id int; ALTER TABLE goals ADD c int;"
    ),
    "rows of a table that is not there end the file": "INSERT INTO nowhere VALUES (1); ALTER TABLE goals ADD c int;",
    "rows of a column that is not there end the file": (
        "INSERT INTO agents (id, nothing) VALUES (1, 2); ALTER TABLE goals ADD c int;"
    ),
    "an index made concurrently in a transaction": (
        "BEGIN; CREATE INDEX CONCURRENTLY x ON agents (n); COMMIT; ALTER TABLE goals ADD c int;"
    ),
    "an index made concurrently in a block": (
        "DO $$ BEGIN CREATE INDEX CONCURRENTLY x ON agents (n); END $$; ALTER TABLE goals ADD c int;"
    ),
    "a view of what is not there": "CREATE VIEW v AS SELECT * FROM nowhere; ALTER TABLE goals ADD c int;",
    "a block whose rows fail": (
        "DO $$ BEGIN ALTER TABLE agents ADD c int; INSERT INTO nowhere VALUES (1);"
        " EXCEPTION WHEN undefined_table THEN NULL; END $$;"
    ),
    "a block whose arithmetic fails": (
        "DO $$ DECLARE x int; BEGIN ALTER TABLE agents ADD c int; x := 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END $$;"
    ),
    "a block in a branch": "DO $$ BEGIN IF true THEN DO $x$ BEGIN ALTER TABLE agents ADD c int; END $x$; END IF; END $$;",
    "a temporary table": "CREATE TEMP TABLE agents (id int, name text, n int); ALTER TABLE agents DROP COLUMN n;",
    "a temporary view": "CREATE TEMP VIEW agents AS SELECT 1; DROP VIEW agents;",
    "a temporary table by SELECT INTO": "SELECT 1 AS n INTO TEMP agents; ALTER TABLE agents DROP COLUMN n;",
    "a temporary table in its schema": "CREATE TABLE pg_temp.agents (n int, m int); ALTER TABLE agents DROP COLUMN n;",
    "a temporary table and one of its name": (
        "CREATE TEMP TABLE own (id int, x int); CREATE TABLE own (id int); ALTER TABLE own DROP COLUMN x;"
        "DROP TABLE own; DROP TABLE goals; ALTER TABLE own RENAME TO goals;"
    ),
    "names in Unicode escapes": 'ALTER TABLE U&"\\0061gents" DROP COLUMN name;',
    "names in Unicode escapes of a DROP": 'DROP TABLE IF EXISTS U&"\\0067oals";',
    "names in capitals": 'CREATE TABLE "Agents" (id int); ALTER TABLE "Agents" ADD c int; ALTER TABLE AGENTS ADD d int;',
    "a long name": f"CREATE TABLE {'x' * 70} (id int); DROP TABLE goals; ALTER TABLE {'x' * 64} RENAME TO goals;",
    "a long name of more bytes than letters": (
        f"CREATE TABLE {'ä' * 40} (id int); DROP TABLE goals; ALTER TABLE {'ä' * 31} RENAME TO goals;"
    ),
    "an index called as a table": "ALTER TABLE agents_name_key RENAME TO x;",
    "a constraint by its index": "CREATE INDEX x ON agents (n); ALTER TABLE x RENAME TO y; DROP INDEX y;",
    "a schema with what is in it": "CREATE SCHEMA other CREATE TABLE agents (id int);",
    "a schema that is dropped": "DROP SCHEMA public CASCADE; CREATE SCHEMA public;",
    "a schema that is renamed": "ALTER SCHEMA public RENAME TO other; CREATE SCHEMA public;",
    "everything of an owner": "DROP OWNED BY postgres CASCADE;",
    "a rename of everything": (
        "ALTER TABLE agents RENAME TO x; ALTER TABLE goals RENAME TO agents; ALTER TABLE x RENAME TO goals;"
    ),
    "an event trigger": (
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF tg_tag = 'CREATE TABLE' THEN"
        " EXECUTE 'ALTER TABLE agents DROP COLUMN IF EXISTS n'; END IF; END $$;"
        "CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION e(); CREATE TABLE own (id int);"
    ),
    "the catalog's own rows": "UPDATE pg_class SET relname = 'x' WHERE relname = 'goals';",
    "the catalog's own rows through a view": (
        "CREATE VIEW v AS SELECT * FROM pg_class; UPDATE v SET relname = 'x' WHERE relname = 'goals';"
    ),
    "a table that inherits": "CREATE TABLE child () INHERITS (agents); ALTER TABLE agents ADD c int; DROP TABLE child;",
    "a parent that changes": "CREATE TABLE p (x int); ALTER TABLE agents INHERIT p;",
    "a parent that is own": (
        "CREATE TABLE p (x int); DROP TABLE goals; CREATE TABLE goals (id int) INHERITS (p); ALTER TABLE p ADD y int;"
    ),
    "if it is there, which is not known": (
        "CREATE TABLE own (id int) PARTITION BY RANGE (id); DROP TABLE goals; ALTER TABLE IF EXISTS own RENAME TO goals;"
        "CREATE TABLE IF NOT EXISTS goals (id int PRIMARY KEY);"
    ),
    "if it is there, made by a query": (
        "CREATE TABLE own AS SELECT 1 AS id; DROP TABLE goals; ALTER TABLE IF EXISTS own RENAME TO goals;"
        "CREATE TABLE IF NOT EXISTS goals (id int PRIMARY KEY);"
    ),
    "a column that a view may hold": (
        "CREATE TABLE own (id int, x int); CREATE VIEW v AS SELECT x FROM own; ALTER TABLE own DROP COLUMN x;"
        "ALTER TABLE goals ADD c int;"
    ),
    "a type that a view may hold": (
        "CREATE TABLE own (id int, x int); CREATE VIEW v AS SELECT x FROM own; ALTER TABLE own ALTER x TYPE bigint;"
        "ALTER TABLE goals ADD c int;"
    ),
    "a view that holds every column": (
        "CREATE TABLE own (id int, x int); CREATE VIEW v AS SELECT * FROM own; ALTER TABLE own DROP COLUMN x;"
        "ALTER TABLE goals ADD c int;"
    ),
    "a default that does not become another": (
        "CREATE TABLE own (x text DEFAULT 'a'); ALTER TABLE own ALTER x TYPE int USING 1; ALTER TABLE goals ADD c int;"
    ),
    "a table that a view may hold": (
        "CREATE TABLE own (id int); CREATE VIEW v AS SELECT * FROM own; DROP TABLE own; ALTER TABLE goals ADD c int;"
    ),
    "a partition that goes with its table": (
        "DROP TABLE goals; CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE goals PARTITION OF own DEFAULT;"
        "DROP TABLE own;"
    ),
    "a table that is attached": (
        "CREATE TABLE own (id int, agent_id int, body text) PARTITION BY LIST (id);"
        "ALTER TABLE own ATTACH PARTITION goals DEFAULT; ALTER TABLE own ADD COLUMN c int;"
    ),
    "a label that stands in a bound": (
        "CREATE TYPE mood AS ENUM ('a'); DROP TABLE goals; CREATE TABLE goals (m mood) PARTITION BY LIST (m);"
        "CREATE TABLE own PARTITION OF goals FOR VALUES IN ('a'); ALTER TYPE mood RENAME VALUE 'a' TO 'b';"
    ),
    "a sequence that a detached partition draws from": (
        "CREATE TABLE own (id serial) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF own DEFAULT;"
        "ALTER TABLE own DETACH PARTITION part; DROP TABLE own; ALTER TABLE goals ADD c int;"
    ),
    "a trigger of a partition": (
        f"{ON_ROWS} CREATE TABLE whole (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF whole DEFAULT;"
        "CREATE TRIGGER t AFTER INSERT ON part FOR EACH ROW EXECUTE FUNCTION g(); INSERT INTO whole VALUES (1);"
    ),
    "a trigger that is disabled before there are partitions": (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; DROP TABLE goals;"
        "CREATE TABLE own (id int) PARTITION BY LIST (id);"
        "CREATE TRIGGER t AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE own DISABLE TRIGGER t;"
        "CREATE TABLE goals PARTITION OF own DEFAULT;"
    ),
    "a partition under the name of another": (
        "CREATE TABLE own (id int, CHECK (id > 0)) PARTITION BY RANGE (id);"
        "CREATE TABLE part PARTITION OF own FOR VALUES FROM (0) TO (9); DROP TABLE goals; ALTER TABLE part RENAME TO goals;"
        "ALTER TABLE own ADD c int DEFAULT 1 CHECK (c > 0); ALTER TABLE own RENAME CONSTRAINT own_id_check TO other;"
        "CREATE INDEX ON own (c); ALTER TABLE own RENAME c TO d; ALTER TABLE goals ADD e int;"
    ),
    "a key that points to partitions": (
        "DROP TABLE goals; DROP TABLE agents; CREATE TABLE agents (id int PRIMARY KEY) PARTITION BY LIST (id);"
        "CREATE TABLE part PARTITION OF agents DEFAULT; CREATE TABLE goals (id int REFERENCES agents);"
    ),
    "an heir of an heir that is let go": (
        "CREATE TABLE own (x int CHECK (x > 0)) INHERITS (agents); CREATE TABLE more () INHERITS (own);"
        "ALTER TABLE own NO INHERIT agents; ALTER TABLE agents ADD c int; ALTER TABLE own DROP COLUMN n; DROP TABLE goals;"
        "ALTER TABLE more RENAME TO goals;"
    ),
    "what was ONLY above": (
        "CREATE TABLE own () INHERITS (agents); DROP TABLE goals; ALTER TABLE own RENAME TO goals;"
        "ALTER TABLE ONLY agents DROP COLUMN name; ALTER TABLE ONLY agents DROP CONSTRAINT agents_n_check;"
        "ALTER TABLE ONLY agents ALTER n SET DEFAULT 4; ALTER TABLE goals DROP CONSTRAINT agents_n_check;"
    ),
    "a partition that is one of two tables": (
        "DROP TABLE goals; CREATE TABLE goals (id int PRIMARY KEY) PARTITION BY RANGE (id);"
        "CREATE TABLE own (id int PRIMARY KEY) PARTITION BY RANGE (id);"
        "CREATE TABLE part PARTITION OF own FOR VALUES FROM (1) TO (2); ALTER TABLE own DETACH PARTITION part;"
        "ALTER TABLE goals ATTACH PARTITION part FOR VALUES FROM (1) TO (3);"
        "ALTER TABLE goals ATTACH PARTITION own FOR VALUES FROM (5) TO (9); ALTER TABLE goals DROP CONSTRAINT goals_pkey;"
    ),
    "a table of a query by the name of another": (
        "CREATE TABLE own AS SELECT 1 AS id; DROP TABLE goals; ALTER TABLE own RENAME TO goals;"
    ),
    "an heir by the name of another": (
        "CREATE TABLE own (id int, x int); CREATE TABLE more (y int) INHERITS (own); DROP TABLE goals;"
        "ALTER TABLE more RENAME TO goals; ALTER TABLE own DROP COLUMN x;"
    ),
    "a table made in what is rolled back": (
        "BEGIN; CREATE TABLE own (id int) PARTITION BY LIST (id); ROLLBACK; CREATE TABLE own (id int);"
        "DROP TABLE goals; ALTER TABLE own RENAME TO goals;"
    ),
    "a type in quotes": 'ALTER TABLE agents ADD c "char"; ALTER TABLE agents ADD d char;',
    "a type in quotes that is none": 'ALTER TABLE agents ADD c "integer"; ALTER TABLE goals ADD c int;',
    "NULL compared as equal": "SET transform_null_equals = on; ALTER TABLE agents ADD CHECK (name = NULL);",
    "a session that pretends": "SET SESSION AUTHORIZATION postgres; ALTER TABLE agents ADD c int;",
    "a prepared statement": "PREPARE p AS SELECT 1; EXECUTE p; ALTER TABLE agents ADD c int;",
    "an explained statement": f"{ACTS} EXPLAIN ANALYZE SELECT f();",
    "rows of a variable": "DO $$ DECLARE r agents; BEGIN SELECT * INTO r FROM agents LIMIT 1; END $$; ALTER TABLE agents ADD c int;",
    "a cursor": f"{ACTS} BEGIN; DECLARE c CURSOR FOR SELECT f(); FETCH ALL FROM c; COMMIT;",
    "a loop over a query that acts": (
        f"{ACTS} DO $$ DECLARE r record; BEGIN FOR r IN (SELECT f()) LOOP NULL; END LOOP; END $$;"
    ),
    "a return that is not reached": "DO $$ BEGIN IF false THEN RETURN; END IF; ALTER TABLE agents ADD c int; END $$;",
    "a return in a loop": "DO $$ BEGIN FOR i IN 1..2 LOOP RETURN; END LOOP; ALTER TABLE agents ADD c int; END $$;",
    "an exit by CASE": "DO $$ BEGIN CASE WHEN true THEN RETURN; ELSE NULL; END CASE; ALTER TABLE agents ADD c int; END $$;",
    "a RAISE without a level": "DO $$ BEGIN RAISE NOTICE 'x'; ALTER TABLE agents ADD c int; RAISE 'x'; END $$; ALTER TABLE goals ADD c int;",
    "an ASSERT that fails": "DO $$ BEGIN ALTER TABLE agents ADD c int; ASSERT false; END $$; ALTER TABLE goals ADD c int;",
    "a column that a policy is about": (
        "CREATE POLICY p ON agents USING (name = current_user); ALTER TABLE agents DROP COLUMN name;"
        "ALTER TABLE goals ADD c int;"
    ),
    "a column that a policy is about, under another name": (
        "CREATE POLICY p ON agents USING (name = current_user); ALTER TABLE agents RENAME name TO other;"
        "ALTER TABLE agents DROP COLUMN other; ALTER TABLE goals ADD c int;"
    ),
    "the type of a column that a policy is about": (
        "CREATE POLICY p ON agents USING (name = current_user); ALTER TABLE agents ALTER name TYPE varchar(9);"
        "ALTER TABLE goals ADD c int;"
    ),
    "a table that a policy is about": (
        "CREATE TABLE own (id int); CREATE POLICY p ON agents USING (id IN (SELECT id FROM own)); DROP TABLE own;"
        "ALTER TABLE goals ADD c int;"
    ),
    "a function that a policy calls": (
        "CREATE FUNCTION f() RETURNS bool LANGUAGE sql AS 'SELECT true'; CREATE POLICY p ON agents USING (f());"
        "DROP FUNCTION f(); ALTER TABLE goals ADD c int;"
    ),
    "a policy of the name of another": (
        "CREATE POLICY p ON agents USING (true); CREATE POLICY p ON agents USING (false); ALTER TABLE goals ADD c int;"
    ),
    "a policy of no table": "CREATE POLICY p ON agnts USING (true); ALTER TABLE goals ADD c int;",
    "a policy of no column": "CREATE POLICY p ON agents USING (owner = 1); ALTER TABLE goals ADD c int;",
    "a policy that is not there": "DROP POLICY p ON agents; ALTER TABLE goals ADD c int;",
    "a policy that is there no more": (
        "CREATE POLICY p ON agents USING (name = 'x'); ALTER POLICY p ON agents RENAME TO q; DROP POLICY q ON agents;"
        "DROP POLICY IF EXISTS p ON agents; ALTER TABLE agents DROP COLUMN name; ALTER POLICY q ON agents USING (true);"
        "ALTER TABLE goals ADD c int;"
    ),
    "the type of a column that a trigger is about": (
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TRIGGER t BEFORE UPDATE OF name ON agents FOR EACH ROW EXECUTE FUNCTION g();"
        "ALTER TABLE agents ALTER name TYPE varchar(9); ALTER TABLE goals ADD c int;"
    ),
    "a comment on no column": "COMMENT ON COLUMN agents.nme IS 'x'; ALTER TABLE goals ADD c int;",
    "a comment on no table": "COMMENT ON TABLE agnts IS 'x'; ALTER TABLE goals ADD c int;",
    "a comment on no constraint": "COMMENT ON CONSTRAINT x ON agents IS 'x'; ALTER TABLE goals ADD c int;",
    "privileges on no table": "GRANT SELECT ON agents, nowhere TO PUBLIC; ALTER TABLE goals ADD c int;",
    "privileges on the columns of no table": "GRANT UPDATE (a, b) ON TABLE nowhere TO PUBLIC; ALTER TABLE goals ADD c int;",
    "upkeep of no table": "ANALYZE nowhere; ALTER TABLE goals ADD c int;",
    "upkeep in a transaction": "BEGIN; VACUUM agents; COMMIT; ALTER TABLE goals ADD c int;",
    "a refresh of no view": "REFRESH MATERIALIZED VIEW nowhere; ALTER TABLE goals ADD c int;",
    "a truncated table that another refers to": "TRUNCATE agents; ALTER TABLE goals ADD c int;",
    "a label that is used too soon": (
        "CREATE TYPE mood AS ENUM ('a'); ALTER TABLE goals ADD m mood; BEGIN; ALTER TYPE mood ADD VALUE 'b';"
        "ALTER TABLE goals ALTER m SET DEFAULT 'b'; COMMIT; ALTER TABLE goals ADD c int;"
    ),
    "a reserved word for a column": "ALTER TABLE agents ADD COLUMN order int; ALTER TABLE goals ADD c int;",
    "a reserved word for a table": "CREATE TABLE user (id int); ALTER TABLE goals ADD c int;",
    "a reserved word in an index": 'ALTER TABLE agents ADD "group" int; CREATE INDEX ON agents (group); ALTER TABLE goals ADD c int;',
    "a reserved word in a condition": 'ALTER TABLE agents ADD "end" int; ALTER TABLE agents ADD CHECK (end > 0); ALTER TABLE goals ADD c int;',
    "a column of the system's": "ALTER TABLE agents ADD COLUMN xmin int; ALTER TABLE goals ADD c int;",
    "an index without an order": "CREATE INDEX ON agents USING gin (name); ALTER TABLE goals ADD c int;",
    "an index of a json": "ALTER TABLE agents ADD j json; CREATE INDEX ON agents (j); ALTER TABLE goals ADD c int;",
    "a key of a json": "CREATE TABLE own (id json UNIQUE); ALTER TABLE goals ADD c int;",
    "a predicate that changes with time": (
        "ALTER TABLE agents ADD at timestamptz; CREATE INDEX ON agents (id) WHERE at > now(); ALTER TABLE goals ADD c int;"
    ),
    "a column computed of the time": (
        "CREATE TABLE own (at timestamptz GENERATED ALWAYS AS (now()) STORED); ALTER TABLE goals ADD c int;"
    ),
    "a column computed of one that is": (
        "CREATE TABLE own (a boolean GENERATED ALWAYS AS (b IS NULL) STORED, b boolean GENERATED ALWAYS AS (true) STORED);"
        "ALTER TABLE goals ADD c int;"
    ),
    "a default of a column": "CREATE TABLE own (id int, n int DEFAULT id); ALTER TABLE goals ADD c int;",
    "a default with a query": "CREATE TABLE own (id int DEFAULT (SELECT 1)); ALTER TABLE goals ADD c int;",
    "a condition with a query": (
        "ALTER TABLE agents ADD CONSTRAINT q CHECK (id IN (SELECT id FROM goals)); ALTER TABLE goals ADD c int;"
    ),
    "a column that is not there is set": "UPDATE agents AS a SET name = 'x', nme = (SELECT 1 FROM goals) WHERE id = 1; ALTER TABLE goals ADD c int;",
    "columns that are not there are set": "UPDATE agents SET (name, nme) = ('x', 'y'); ALTER TABLE goals ADD c int;",
    "a column that is computed is set": (
        "ALTER TABLE agents ADD g int GENERATED ALWAYS AS (n + 1) STORED; UPDATE agents SET g = 2; ALTER TABLE goals ADD c int;"
    ),
    "a comment on no trigger": "COMMENT ON TRIGGER t ON agents IS 'x'; ALTER TABLE goals ADD c int;",
    "a comment on no policy": "COMMENT ON POLICY t ON agents IS 'x'; ALTER TABLE goals ADD c int;",
    "a comment on no schema": "COMMENT ON SCHEMA nowhere IS 'x'; ALTER TABLE goals ADD c int;",
    "a comment that is no string": 'COMMENT ON TABLE agents IS "x"; ALTER TABLE goals ADD c int;',
    "privileges on no schema": "GRANT USAGE ON SCHEMA public, nowhere TO PUBLIC; ALTER TABLE goals ADD c int;",
    "one string behind another": "ALTER TABLE agents ADD c text DEFAULT 'a' 'b'; ALTER TABLE goals ADD c int;",
    "one string behind another in a condition": (
        "ALTER TABLE agents ADD CHECK (name <> $$a$$ 'b'); ALTER TABLE goals ADD c int;"
    ),
    "a column that LIKE brings a second time": ("CREATE TABLE own (id int, LIKE agents); ALTER TABLE goals ADD c int;"),
    "a function that takes what is called otherwise": (
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE FUNCTION f(b int) RETURNS int"
        " LANGUAGE sql AS 'SELECT 1'; ALTER TABLE goals ADD c int;"
    ),
    "a column that counts nothing": "ALTER TABLE agents ALTER n RESTART; ALTER TABLE goals ADD c int;",
    "a default that is no uuid": "CREATE TABLE own (id uuid DEFAULT 'x'); ALTER TABLE goals ADD c int;",
    "a type that a function takes": (
        "CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION f(m mood) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP TYPE mood;"
        "ALTER TABLE goals ADD c int;"
    ),
    "a type that a condition casts to": (
        "CREATE TYPE mood AS ENUM ('a'); ALTER TABLE agents ADD CHECK (name::mood = 'a'); DROP TYPE mood;"
        "ALTER TABLE goals ADD c int;"
    ),
    "a table that a function takes": (
        "CREATE TABLE own (id int); CREATE FUNCTION f(own) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP TABLE own;"
        "ALTER TABLE goals ADD c int;"
    ),
    "a table that a function returns": (
        "CREATE TABLE own (id int); CREATE FUNCTION f() RETURNS SETOF own LANGUAGE sql AS 'SELECT * FROM own';"
        "DROP TABLE own; ALTER TABLE goals ADD c int;"
    ),
    "a trigger's function that returns something else": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';"
        "CREATE TRIGGER t BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE goals ADD c int;"
    ),
    "a table called as a type": "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE mood (id int); ALTER TABLE goals ADD c int;",
    "a function in a VACUUM's index": (
        "CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;"
        "CREATE TABLE own (id int); INSERT INTO own VALUES (1); CREATE INDEX i ON own (f(id));"
        "CREATE OR REPLACE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
        " $$ BEGIN CREATE TABLE IF NOT EXISTS public.more (id int); ALTER TABLE public.agents ALTER name SET DEFAULT 'x'; RETURN 1; END $$;"
        "REINDEX TABLE own;"
    ),
}


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    yield server.create_database("clear")
    server.drop_database("clear")


@pytest.fixture
def connection(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as found:
        found.execute(
            "SET client_min_messages = error; DROP EVENT TRIGGER IF EXISTS et; DROP SCHEMA IF EXISTS public, other,"
            ' "Other", postgres CASCADE; CREATE SCHEMA public; SET client_min_messages = warning'
        )
        yield found


@pytest.mark.parametrize("name", SCENES)
def test_what_is_not_doubted_is_what_the_server_has(name: str, url: str, connection: psycopg.Connection) -> None:
    written = statements(BASE + SCENES[name])
    result = fold(written, TABLES, Schema())
    for statement in written:
        try:
            connection.execute(statement.text.encode())
        except psycopg.Error:
            break
    connection.close()
    doubted = _doubted(result.schema, [doubt.touches for doubt in result.doubts])
    if doubted is None:
        return
    ours, theirs = catalog(result.schema, TABLES).tables, introspected(url, TABLES).tables
    for table in sorted(set(TABLES) - doubted):
        assert (table in ours) == (table in theirs), table
        if table in ours:
            assert comparable(ours[table]) == comparable(theirs[table])


def test_the_index_of_a_view_in_a_tables_place_is_told_by_the_names_of_columns() -> None:
    text = "CREATE MATERIALIZED VIEW goals AS SELECT 1 AS id; CREATE UNIQUE INDEX goals_id ON goals (id);"
    goals = catalog(fold(statements(text), TABLES, Schema()).schema, TABLES).tables["goals"]
    assert (goals.kind, goals.columns) == ("m", {})
    assert [key.column for index in goals.indexes for key in index.keys] == ["id"]


def _doubted(schema: Schema, touched: list[frozenset[str | int] | None]) -> set[str] | None:
    names = {relation.number: relation.name for relation in schema.relations.values()}
    found: set[str] = set()
    for one in touched:
        if one is None:
            return None
        found |= {each if isinstance(each, str) else names.get(each, "") for each in one}
    return found
