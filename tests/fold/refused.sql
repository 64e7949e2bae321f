## view missing column
CREATE VIEW v AS SELECT nope FROM agents;
## view missing table
CREATE VIEW v AS SELECT 1 FROM nowhere;
## view missing qualified column
CREATE VIEW v AS SELECT a.nope FROM agents a;
## view missing column in where
CREATE VIEW v AS SELECT id FROM agents WHERE nope > 1;
## view missing column in join
CREATE VIEW v AS SELECT a.id FROM agents a JOIN goals g ON g.agents_id = a.id;
## view missing comma table
CREATE VIEW v AS SELECT a.id FROM agents a, nowhere n;
## view wrong alias
CREATE VIEW v AS SELECT agents.id FROM agents a;
## view dup columns
CREATE VIEW v AS SELECT a.id, g.id FROM agents a JOIN goals g ON g.agent_id = a.id;
## view star dup
CREATE VIEW v AS SELECT * FROM agents a JOIN goals g ON g.agent_id = a.id;
## view ambiguous
CREATE VIEW v AS SELECT id FROM agents a JOIN goals g ON g.agent_id = a.id;
## or replace fewer
CREATE VIEW v AS SELECT id, name FROM agents; CREATE OR REPLACE VIEW v AS SELECT id FROM agents;
## or replace other name
CREATE VIEW v AS SELECT id, name FROM agents; CREATE OR REPLACE VIEW v AS SELECT id, n FROM agents;
## or replace other order
CREATE VIEW v AS SELECT id, name FROM agents; CREATE OR REPLACE VIEW v AS SELECT name, id FROM agents;
## or replace other type
CREATE VIEW v AS SELECT id FROM agents; CREATE OR REPLACE VIEW v AS SELECT id::text AS id FROM agents;
## or replace star after add in mid
CREATE VIEW v AS SELECT a.*, 1 AS x FROM agents a; ALTER TABLE agents ADD extra int; CREATE OR REPLACE VIEW v AS SELECT a.*, 1 AS x FROM agents a;
## create view twice
CREATE VIEW v AS SELECT id FROM agents; CREATE VIEW v AS SELECT id FROM agents;
## view group by missing
CREATE VIEW v AS SELECT id, count(*) FROM agents GROUP BY nme;
## view column list too long
CREATE VIEW v (a, b, c) AS SELECT id, name FROM agents;
## view on view missing column
CREATE VIEW v AS SELECT id FROM agents; CREATE VIEW w AS SELECT name FROM v;
## view missing function
CREATE VIEW v AS SELECT no_such_fn(id) FROM agents;
## view missing cast type
CREATE VIEW v AS SELECT id::no_such_type FROM agents;
## matview missing
CREATE MATERIALIZED VIEW v AS SELECT nope FROM agents;
## sql function missing table
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM nowhere';
## sql function missing column
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT nope FROM agents';
## sql function missing return type
CREATE FUNCTION f() RETURNS no_such_type LANGUAGE sql AS 'SELECT 1';
## sql function missing arg type
CREATE FUNCTION f(x no_such_type) RETURNS int LANGUAGE sql AS 'SELECT 1';
## plpgsql function missing return type
CREATE FUNCTION f() RETURNS no_such_type LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
## plpgsql missing arg type
CREATE FUNCTION f(x no_such_type) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
## sql function missing setof table
CREATE FUNCTION f() RETURNS SETOF nowhere LANGUAGE sql AS 'SELECT 1';
## sql function too many columns
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1, 2$$;
## sql function insert missing
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$INSERT INTO nowhere VALUES (1)$$;
## sql function syntax
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELEC 1$$;
## plpgsql syntax
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN 1$$;
## plpgsql syntax 2
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN IF true THEN RETURN 1; END; $$;
## no language
CREATE FUNCTION f() RETURNS int AS 'SELECT 1';
## missing language
CREATE FUNCTION f() RETURNS int LANGUAGE nolang AS 'SELECT 1';
## grant missing table
GRANT SELECT ON nowhere TO PUBLIC;
## grant missing column
GRANT SELECT (nope) ON agents TO PUBLIC;
## grant missing function
GRANT EXECUTE ON FUNCTION nope() TO PUBLIC;
## grant missing sequence
GRANT USAGE ON SEQUENCE nope TO PUBLIC;
## grant missing type
GRANT USAGE ON TYPE nope TO PUBLIC;
## grant missing all in schema
GRANT SELECT ON ALL TABLES IN SCHEMA nope TO PUBLIC;
## grant bad privilege
GRANT EXECUTE ON agents TO PUBLIC;
## revoke missing function
REVOKE EXECUTE ON FUNCTION nope(int) FROM PUBLIC;
## revoke function wrong sig
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f() FROM PUBLIC;
## default privileges missing schema
ALTER DEFAULT PRIVILEGES IN SCHEMA nope GRANT SELECT ON TABLES TO PUBLIC;
## comment missing index
COMMENT ON INDEX nope IS 'x';
## comment missing function
COMMENT ON FUNCTION nope() IS 'x';
## comment missing type
COMMENT ON TYPE nope IS 'x';
## comment missing extension
COMMENT ON EXTENSION nope IS 'x';
## comment missing domain
COMMENT ON DOMAIN nope IS 'x';
## comment table on view
CREATE VIEW v AS SELECT 1 AS x; COMMENT ON TABLE v IS 'x';
## comment view on table
COMMENT ON VIEW agents IS 'x';
## comment view column missing
CREATE VIEW v AS SELECT 1 AS x; COMMENT ON COLUMN v.y IS 'x';
## comment column of nothing
COMMENT ON COLUMN agents.nope IS 'x';
## comment constraint missing
COMMENT ON CONSTRAINT nope ON agents IS 'x';
## comment rule missing
COMMENT ON RULE nope ON agents IS 'x';
## statistics missing table
CREATE STATISTICS s ON a, b FROM nowhere;
## statistics missing column
CREATE STATISTICS s ON id, nope FROM agents;
## statistics twice
CREATE STATISTICS s ON id, name FROM agents; CREATE STATISTICS s ON id, name FROM agents;
## statistics one column
CREATE STATISTICS s ON id FROM agents;
## statistics drop missing
DROP STATISTICS nope;
## statistics alter missing
ALTER STATISTICS nope RENAME TO x;
## reindex missing table
REINDEX TABLE nowhere;
## reindex missing index
REINDEX INDEX nope;
## reindex concurrently in tx
BEGIN; REINDEX INDEX CONCURRENTLY agents_pkey; COMMIT;
## cluster missing
CLUSTER nowhere USING nope;
## cluster missing index
CLUSTER agents USING nope;
## cluster unset
CLUSTER agents;
## merge missing target
MERGE INTO nowhere t USING agents a ON a.id = t.id WHEN MATCHED THEN DELETE;
## merge missing source
MERGE INTO agents t USING nowhere a ON a.id = t.id WHEN MATCHED THEN DELETE;
## merge missing column set
MERGE INTO agents t USING goals g ON g.agent_id = t.id WHEN MATCHED THEN UPDATE SET nope = 1;
## merge missing column insert
MERGE INTO agents t USING goals g ON g.agent_id = t.id WHEN NOT MATCHED THEN INSERT (id, nope) VALUES (1, 2);
## on conflict no key
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (n) DO NOTHING;
## on conflict missing col
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (nope) DO NOTHING;
## on conflict constraint missing
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT ON CONSTRAINT nope DO NOTHING;
## on conflict two cols
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (id, name) DO NOTHING;
## on conflict partial index
CREATE UNIQUE INDEX i ON agents (n) WHERE n > 0; INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (n) DO NOTHING;
## on conflict expression none
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (lower(name)) DO NOTHING;
## on conflict set missing
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET nope = 1;
## on conflict do update without target
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT DO UPDATE SET n = 1;
## on conflict deferrable
ALTER TABLE goals ADD CONSTRAINT q UNIQUE (body) DEFERRABLE; INSERT INTO goals (id) VALUES (1) ON CONFLICT (body) DO NOTHING;
## insert where missing col
INSERT INTO goals (id) SELECT nope FROM agents;
## update where missing col
UPDATE agents SET n = 1 WHERE nope = 2;
## update set value missing col
UPDATE agents SET n = nope;
## delete where missing col
DELETE FROM agents WHERE nope IS NULL;
## select missing
SELECT nope FROM agents;
## insert too many values
INSERT INTO agents (id) VALUES (1, 2);
## insert too few
INSERT INTO agents (id, n) VALUES (1);
## insert more than columns
INSERT INTO goals VALUES (1, NULL, 'x', 2);
## insert identity always
CREATE TABLE c (id int GENERATED ALWAYS AS IDENTITY, x int); INSERT INTO c (id, x) VALUES (1, 1);
## insert dup column
INSERT INTO agents (id, id) VALUES (1, 2);
## update from missing
UPDATE agents SET n = 1 FROM nowhere w WHERE w.id = agents.id;
## delete using missing
DELETE FROM agents USING nowhere w WHERE w.id = agents.id;
## copy column missing
COPY agents (id, nope) TO '/dev/null';
## update missing returning
UPDATE agents SET n = 1 RETURNING nope;
## alter policy / rls columns
ALTER TABLE agents ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON agents USING (tenant = 1);
## policy subquery missing
CREATE POLICY p ON agents USING (EXISTS (SELECT 1 FROM nowhere));
## set setting missing
SET no_such_setting = 1;
## set bad value
SET statement_timeout = 'abc';
## drop rule missing
DROP RULE nope ON agents;
## drop trigger missing
DROP TRIGGER nope ON agents;
## create operator class missing
CREATE OPERATOR === (leftarg = int, rightarg = int, function = nope);
## alter schema missing
ALTER SCHEMA nope OWNER TO CURRENT_USER;
## alter extension missing
ALTER EXTENSION nope UPDATE;
## alter extension not installed
ALTER EXTENSION hstore UPDATE TO '1.8';
## perform top level
PERFORM 1;
## begin typos
COMIT;
## release none
RELEASE SAVEPOINT x;
## savepoint outside
SAVEPOINT x;
## vacuum in tx
BEGIN; VACUUM agents; COMMIT;
## truncate fk
TRUNCATE agents;
## values differing
INSERT INTO agents (id, n) VALUES (1, 2), (3);
## syntax insert
INSERT agents VALUES (1);
## syntax where twice
DELETE FROM agents WHERE id = 1 WHERE n = 2;
## trailing comma in insert
INSERT INTO agents (id, n) VALUES (1, 2),;
## trailing comma select
SELECT id, FROM agents;
## missing paren
INSERT INTO agents (id, n VALUES (1, 2);
## delete without from
DELETE agents;
## update no set
UPDATE agents n = 1;
## mysql backtick
SELECT `id` FROM agents;
## grant syntax
GRANT SELECT agents TO PUBLIC;
## comment syntax
COMMENT ON TABLE agents 'x';
## rule missing table
CREATE RULE r AS ON DELETE TO nowhere DO INSTEAD NOTHING;
## matview index missing column
CREATE MATERIALIZED VIEW mv AS SELECT n FROM agents; CREATE INDEX i ON mv (nope);
## view drop column dependent
CREATE VIEW v AS SELECT id, name FROM agents; ALTER TABLE agents DROP COLUMN name;
## view type change
CREATE VIEW v AS SELECT id, name FROM agents; ALTER TABLE agents ALTER COLUMN name TYPE varchar(20);
## view renamed col 2
ALTER TABLE agents RENAME COLUMN name TO label; CREATE VIEW w AS SELECT name FROM agents;
## reassign
REASSIGN OWNED BY CURRENT_USER TO CURRENT_USER;
## import foreign
CREATE EXTENSION postgres_fdw;
## foreign server
CREATE SERVER s FOREIGN DATA WRAPPER nope;
## do strict
DO $$ DECLARE v int; BEGIN SELECT 1 INTO STRICT v FROM pg_class WHERE relname = 'nope'; IF v IS NULL THEN ALTER TABLE agents ADD cc int; END IF; END $$;
## e bad bytes
ALTER TABLE agents ADD c text DEFAULT E'\xff';
## e zero
ALTER TABLE agents ADD c text DEFAULT E'\000';
## e short u
ALTER TABLE agents ADD c text DEFAULT E'\u00';
## u& bad
ALTER TABLE agents ADD c text DEFAULT U&'\zz';
## rule select missing
CREATE RULE r AS ON UPDTE TO goals DO INSTEAD NOTHING;
## alter missing table somehow
ALTER TABLE nowhere SOMEHOW;
## index missing only
CREATE INDEX i ON ONLY nowhere (id);
## trigger missing function
CREATE TRIGGER t BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION nope();
## trigger missing column
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER t BEFORE UPDATE OF nope ON agents FOR EACH ROW EXECUTE FUNCTION f();
## trigger when missing column
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER t BEFORE UPDATE ON agents FOR EACH ROW WHEN (OLD.nope IS DISTINCT FROM NEW.nope) EXECUTE FUNCTION f();
## trigger twice
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER t BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER t BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION f();
## alter column missing
ALTER TABLE agents ALTER COLUMN nope SET NOT NULL;
## add column twice
ALTER TABLE agents ADD COLUMN name text;
## drop column missing
ALTER TABLE agents DROP COLUMN nope;
## rename missing
ALTER TABLE agents RENAME COLUMN nope TO x;
## rename to taken
ALTER TABLE agents RENAME COLUMN name TO n;
## add fk missing column
ALTER TABLE goals ADD CONSTRAINT fk FOREIGN KEY (nope) REFERENCES agents (id);
## fk missing ref column
ALTER TABLE goals ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES agents (nope);
## fk not unique
ALTER TABLE goals ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES agents (n);
## fk type mismatch
ALTER TABLE goals ADD CONSTRAINT fk FOREIGN KEY (body) REFERENCES agents (id);
## check missing col
ALTER TABLE agents ADD CONSTRAINT c CHECK (nope > 0);
## constraint twice
ALTER TABLE agents ADD CONSTRAINT c CHECK (n > 0); ALTER TABLE agents ADD CONSTRAINT c CHECK (n > 0);
## two pks
ALTER TABLE agents ADD PRIMARY KEY (name);
## default wrong type
ALTER TABLE agents ALTER COLUMN n SET DEFAULT 'abc';
## type change no cast
ALTER TABLE agents ALTER COLUMN name TYPE int;
## type change using missing
ALTER TABLE agents ALTER COLUMN name TYPE int USING nope::int;
## index missing col
CREATE INDEX i ON agents (nope);
## index twice
CREATE INDEX i ON agents (n); CREATE INDEX i ON agents (n);
## index concurrently in tx
BEGIN; CREATE INDEX CONCURRENTLY i ON agents (n); COMMIT;
## index expr volatile
CREATE INDEX i ON agents ((now()));
## unique using missing index
ALTER TABLE agents ADD CONSTRAINT u UNIQUE USING INDEX nope;
## drop table in use by fk
DROP TABLE agents;
## drop table missing
DROP TABLE nope;
## drop type in use
CREATE TYPE mood AS ENUM ('a'); ALTER TABLE agents ADD m mood; DROP TYPE mood;
## enum value twice
CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'a';
## enum value used in tx
CREATE TYPE mood AS ENUM ('a'); BEGIN; ALTER TYPE mood ADD VALUE 'b'; ALTER TABLE agents ADD m mood DEFAULT 'b'; COMMIT;
## drop view missing
DROP VIEW nope;
## drop view is table
DROP VIEW agents;
## drop table is view
CREATE VIEW v AS SELECT 1 AS x; DROP TABLE v;
## drop view in use
CREATE VIEW v AS SELECT id FROM agents; CREATE VIEW w AS SELECT id FROM v; DROP VIEW v;
## drop table in use by view
CREATE VIEW v AS SELECT id FROM goals; DROP TABLE goals;
## drop table cascade view then use
CREATE VIEW v AS SELECT id FROM goals; DROP TABLE goals CASCADE; CREATE VIEW w AS SELECT id FROM v;
## drop function in use by trigger
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER t BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION f(); DROP FUNCTION f();
## drop function in use by view
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE VIEW v AS SELECT f(id) AS x FROM agents; DROP FUNCTION f(int);
## drop function in use by default
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER TABLE agents ALTER n SET DEFAULT f(); DROP FUNCTION f();
## drop function in use by policy
CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'; CREATE POLICY p ON agents USING (id = f()); DROP FUNCTION f();
## drop function missing
DROP FUNCTION nope(int);
## drop sequence in use
CREATE TABLE s (id serial); DROP SEQUENCE s_id_seq;
## drop schema nonempty
CREATE SCHEMA app; CREATE TABLE app.t (id int); DROP SCHEMA app;
## create table in missing schema
CREATE TABLE nope.t (id int);
## create table missing type
CREATE TABLE t (id nope);
## create table dup col
CREATE TABLE t (id int, id int);
## create table like missing
CREATE TABLE t (LIKE nope);
## create table fk missing table
CREATE TABLE t (id int REFERENCES nope);
## partition of missing
CREATE TABLE t PARTITION OF nope DEFAULT;
## inherits missing
CREATE TABLE t (x int) INHERITS (nope);
## CTAS missing table
CREATE TABLE t AS SELECT * FROM nope;
## CTAS missing col
CREATE TABLE t AS SELECT nope FROM agents;
## domain missing base
CREATE DOMAIN d AS nope;
## domain check bad
CREATE DOMAIN d AS int CHECK (nope > 0);
## alter domain missing
ALTER DOMAIN nope SET NOT NULL;
## alter type missing
ALTER TYPE nope ADD VALUE 'x';
## alter sequence missing
ALTER SEQUENCE nope RESTART;
## alter sequence owned missing col
CREATE SEQUENCE s; ALTER SEQUENCE s OWNED BY agents.nope;
## nextval default missing
ALTER TABLE agents ALTER n SET DEFAULT nextval('nope');
## setval missing
SELECT setval('nope', 1);
## regclass missing
SELECT 'nope'::regclass;
## pg_get_serial_sequence missing
SELECT pg_get_serial_sequence('nope', 'id');
## alter view missing
ALTER VIEW nope RENAME TO x;
## alter index missing
ALTER INDEX nope RENAME TO x;
## alter function missing
ALTER FUNCTION nope() OWNER TO CURRENT_USER;
## validate missing
ALTER TABLE agents VALIDATE CONSTRAINT nope;
## enable trigger missing
ALTER TABLE agents ENABLE TRIGGER nope;
## cluster on missing
ALTER TABLE agents CLUSTER ON nope;
## replica identity missing
ALTER TABLE agents REPLICA IDENTITY USING INDEX nope;
## owner on missing
ALTER TABLE nope OWNER TO CURRENT_USER;
## set statistics missing col
ALTER TABLE agents ALTER COLUMN nope SET STATISTICS 10;
## set storage missing col
ALTER TABLE agents ALTER COLUMN nope SET STORAGE PLAIN;
## attach generated to missing col
ALTER TABLE agents ADD g int GENERATED ALWAYS AS (nope + 1) STORED;
## generated volatile
ALTER TABLE agents ADD g timestamptz GENERATED ALWAYS AS (now()) STORED;
## identity on nullable
ALTER TABLE agents ALTER n ADD GENERATED ALWAYS AS IDENTITY;
## drop not null on pk
ALTER TABLE agents ALTER id DROP NOT NULL;
## drop identity missing
ALTER TABLE agents ALTER n DROP IDENTITY;
## drop expression missing
ALTER TABLE agents ALTER n DROP EXPRESSION;
## exclude
ALTER TABLE agents ADD CONSTRAINT e EXCLUDE USING gist (n WITH =);
## policy on view
CREATE VIEW v AS SELECT 1 AS x; CREATE POLICY p ON v USING (true);
## typo drop
DROP TABEL agents;
## typo alter
ALTER TABLE agents ADD COLUM x int;
## typo add colon
ALTER TABLE agents ADD COLUMN x it;
## semicolon missing
ALTER TABLE agents ADD COLUMN x int ALTER TABLE goals ADD COLUMN y int;
## mysql auto_increment
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY);
## datetime
CREATE TABLE t (at datetime);
## unsigned
CREATE TABLE t (id int unsigned);
## modify column
ALTER TABLE agents MODIFY COLUMN name varchar(3);
## drop index on
DROP INDEX agents_name_key;
## drop index table
DROP INDEX idx ON agents;
## describe
DESCRIBE agents;
## use db
USE astra;
## insert string bad int
INSERT INTO agents (id) VALUES ('abc');
## update type mismatch
UPDATE agents SET n = 'abc';
## order by missing
SELECT id FROM agents ORDER BY nope;
## group by missing
SELECT count(*) FROM agents GROUP BY nope;
## having missing
SELECT count(*) FROM agents HAVING nope > 1;
## join on missing
SELECT 1 FROM agents a JOIN goals g ON a.nope = g.id;
## using missing
SELECT 1 FROM agents JOIN goals USING (agent_id);
## cte col missing
WITH x AS (SELECT id FROM agents) SELECT name FROM x;
## cte missing
WITH x AS (SELECT id FROM agents) SELECT id FROM y;
## lateral without keyword
SELECT 1 FROM agents a, (SELECT g.id FROM goals g WHERE g.agent_id = a.id) s;
## comma join scope error
SELECT 1 FROM agents a, goals g JOIN agents b ON b.id = a.id;
## alias in where
SELECT id AS x FROM agents WHERE x > 1;
## update alias in set
UPDATE agents a SET a.n = 1;
## update with join mysql
UPDATE agents JOIN goals ON goals.agent_id = agents.id SET n = 1;
## delete join mysql
DELETE a FROM agents a JOIN goals g ON g.agent_id = a.id;
## limit in delete
DELETE FROM agents LIMIT 5;
## delete alias original name
DELETE FROM agents a WHERE agents.id = 1;
## on duplicate key
INSERT INTO agents (id) VALUES (1) ON DUPLICATE KEY UPDATE n = 1;
## insert ignore
INSERT IGNORE INTO agents (id) VALUES (1);
## replace into
REPLACE INTO agents (id) VALUES (1);
## double quotes as string
INSERT INTO agents (id, name) VALUES (1, "bob");
## double quotes default
ALTER TABLE agents ADD COLUMN kind text DEFAULT "x";
## double quotes where
UPDATE agents SET n = 1 WHERE name = "bob";
## ifnull
UPDATE agents SET n = ifnull(n, 0);
## returning missing from cte
WITH x AS (INSERT INTO agents (id) VALUES (5) RETURNING id) INSERT INTO goals (id, agent_id) SELECT x.id, x.nope FROM x;
## case-sensitive
CREATE TABLE "User" (id int); INSERT INTO User (id) VALUES (1);
## case-sensitive 2
CREATE TABLE "Orders" (id int); SELECT * FROM Orders;
## camel column
CREATE TABLE o ("createdAt" int); UPDATE o SET createdAt = 1;
## camel column where
CREATE TABLE o ("createdAt" int); DELETE FROM o WHERE createdAt = 1;
## camel index
CREATE TABLE o ("createdAt" int); CREATE INDEX ON o (createdAt);
## enum label in insert
CREATE TYPE mood AS ENUM ('a'); CREATE TABLE l (m mood); INSERT INTO l VALUES ('b');
## enum label in update
CREATE TYPE mood AS ENUM ('a'); ALTER TABLE agents ADD m mood; UPDATE agents SET m = 'z' WHERE id = 1;
## json in insert
INSERT INTO agents (id, meta) VALUES (1, '{a: 1}');
## uuid in insert
CREATE TABLE u (id uuid); INSERT INTO u VALUES ('not-a-uuid');
## unread check missing col
ALTER TABLE agents ADD CHECK (CASE WHEN nope > 1 THEN true ELSE false END);
## unread default column
ALTER TABLE agents ADD x text DEFAULT CASE WHEN name = 'x' THEN 'y' END;
## unread generated missing col
ALTER TABLE agents ADD x text GENERATED ALWAYS AS (CASE WHEN nope > 3 THEN 'big' ELSE 'small' END) STORED;
## typo
SET lock_timout = '5s';
## local typo
BEGIN; SET LOCAL statment_timeout = '5s'; COMMIT;
## bad time
SET lock_timeout = '5 sec';
## bad time 2
SET lock_timeout = '1m';
## bad time 3
SET statement_timeout TO '5 seconds';
## reset typo
RESET lock_timout;
## mysql names
SET FOREIGN_KEY_CHECKS = 0;
## mysql autocommit
SET autocommit = 0;
## mssql
SET NOCOUNT ON;
## view inserting
CREATE VIEW v AS SELECT id FROM agents; INSERT INTO v (id, nope) VALUES (1, 2);
## a key without what it is partitioned by
CREATE TABLE own (id int PRIMARY KEY, at date) PARTITION BY RANGE (at);
## a later key without what it is partitioned by
CREATE TABLE own (id int, at date) PARTITION BY RANGE (at); ALTER TABLE own ADD UNIQUE (id);
## an index without what it is partitioned by
CREATE TABLE own (id int, at date) PARTITION BY RANGE (at); CREATE UNIQUE INDEX ON own (id);
## an index beside the work of partitions
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE INDEX CONCURRENTLY ON own (id);
## ranges that overlap
CREATE TABLE own (id int) PARTITION BY RANGE (id); CREATE TABLE a PARTITION OF own FOR VALUES FROM (0) TO (10); CREATE TABLE b PARTITION OF own FOR VALUES FROM (9) TO (20);
## days that overlap
CREATE TABLE own (at timestamptz) PARTITION BY RANGE (at); CREATE TABLE a PARTITION OF own FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); CREATE TABLE b PARTITION OF own FOR VALUES FROM ('2024-01-31 12:00') TO ('2024-03-01');
## an empty range
CREATE TABLE own (id int) PARTITION BY RANGE (id); CREATE TABLE a PARTITION OF own FOR VALUES FROM (10) TO (10);
## a value in two lists
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own FOR VALUES IN (1, NULL); CREATE TABLE b PARTITION OF own FOR VALUES IN (NULL);
## two default partitions
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; CREATE TABLE b PARTITION OF own DEFAULT;
## remainders that meet
CREATE TABLE own (id int) PARTITION BY HASH (id); CREATE TABLE a PARTITION OF own FOR VALUES WITH (MODULUS 2, REMAINDER 1); CREATE TABLE b PARTITION OF own FOR VALUES WITH (MODULUS 4, REMAINDER 3);
## moduli that do not divide
CREATE TABLE own (id int) PARTITION BY HASH (id); CREATE TABLE a PARTITION OF own FOR VALUES WITH (MODULUS 2, REMAINDER 1); CREATE TABLE b PARTITION OF own FOR VALUES WITH (MODULUS 3, REMAINDER 0);
## a bound of another strategy
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own FOR VALUES FROM (1) TO (2);
## a bound that is no label
CREATE TYPE mood AS ENUM ('good'); CREATE TABLE own (m mood) PARTITION BY LIST (m); CREATE TABLE a PARTITION OF own FOR VALUES IN ('bad');
## a partition of what is none
CREATE TABLE a PARTITION OF agents DEFAULT;
## partitioned by no column
CREATE TABLE own (id int) PARTITION BY LIST (nope);
## a column that it is partitioned by goes
CREATE TABLE own (id int, n int) PARTITION BY LIST (id); ALTER TABLE own DROP COLUMN id;
## a column that comes to a partition
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; ALTER TABLE a ADD COLUMN n int;
## a column that goes from a partition
CREATE TABLE own (id int, n int) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; ALTER TABLE a DROP COLUMN n;
## a column that comes to the partitioned table alone
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; ALTER TABLE ONLY own ADD COLUMN n int;
## a condition that goes from a partition
CREATE TABLE own (id int CONSTRAINT c CHECK (id > 0)) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; ALTER TABLE a DROP CONSTRAINT c;
## an index that goes from a partition
CREATE TABLE own (id int UNIQUE) PARTITION BY LIST (id); CREATE INDEX i ON own (id); CREATE TABLE a PARTITION OF own DEFAULT; DROP INDEX a_id_idx;
## a key that goes from a partition
CREATE TABLE own (id int UNIQUE) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; ALTER TABLE a DROP CONSTRAINT a_id_key;
## a foreign key that goes from a partition
CREATE TABLE own (id int REFERENCES agents) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; ALTER TABLE a DROP CONSTRAINT own_id_fkey;
## NOT NULL that goes from a partition
CREATE TABLE own (id int, n int NOT NULL) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; ALTER TABLE a ALTER n DROP NOT NULL;
## attached without a column
CREATE TABLE own (id int, n int) PARTITION BY LIST (id); CREATE TABLE a (id int); ALTER TABLE own ATTACH PARTITION a DEFAULT;
## attached with a column more
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a (id int, n int); ALTER TABLE own ATTACH PARTITION a DEFAULT;
## attached with another type
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a (id bigint); ALTER TABLE own ATTACH PARTITION a DEFAULT;
## attached without a condition
CREATE TABLE own (id int CHECK (id > 0)) PARTITION BY LIST (id); CREATE TABLE a (id int); ALTER TABLE own ATTACH PARTITION a DEFAULT;
## attached without NOT NULL
CREATE TABLE own (id int NOT NULL) PARTITION BY LIST (id); CREATE TABLE a (id int); ALTER TABLE own ATTACH PARTITION a DEFAULT;
## attached twice
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a PARTITION OF own DEFAULT; ALTER TABLE own ATTACH PARTITION a FOR VALUES IN (1);
## detached from what it is no part of
CREATE TABLE own (id int) PARTITION BY LIST (id); ALTER TABLE own DETACH PARTITION goals;
## an heir of a partitioned table
CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE a () INHERITS (own);
## a partitioned heir
CREATE TABLE own (id int) INHERITS (agents) PARTITION BY LIST (id);
## a table that goes without its heirs
CREATE TABLE own () INHERITS (agents); DROP TABLE goals; DROP TABLE agents;
## a column that goes from an heir
CREATE TABLE own () INHERITS (agents); ALTER TABLE own DROP COLUMN n;
## a column that comes to the table above alone
CREATE TABLE own () INHERITS (agents); ALTER TABLE ONLY agents ADD COLUMN x int;
## a condition that comes to the table above alone
CREATE TABLE own () INHERITS (agents); ALTER TABLE ONLY agents ADD CHECK (id > 0);
## a condition that goes from an heir
CREATE TABLE own () INHERITS (agents); ALTER TABLE own DROP CONSTRAINT agents_n_check;
## a column that is renamed in an heir
CREATE TABLE own () INHERITS (agents); ALTER TABLE own RENAME COLUMN n TO m;
## an heir with a column of another type
CREATE TABLE own (n text) INHERITS (agents);
## an heir without a column
CREATE TABLE own (id int NOT NULL); ALTER TABLE own INHERIT agents;
## an heir of itself
CREATE TABLE own () INHERITS (agents); ALTER TABLE agents INHERIT own;
## no heir
ALTER TABLE goals NO INHERIT agents;
## a key that is validated
ALTER TABLE agents VALIDATE CONSTRAINT agents_pkey;
## a foreign key of the partitioned table alone
CREATE TABLE own (id int) PARTITION BY LIST (id); ALTER TABLE ONLY own ADD FOREIGN KEY (id) REFERENCES agents;
## of a query 31
CREATE TABLE t AS SELECT id, id FROM agents;
## of a query 32
CREATE TABLE t AS SELECT * FROM agents a JOIN goals g ON g.agent_id = a.id;
## of a query 43
CREATE TABLE t AS SELECT ctid FROM agents;
## of a query 44
CREATE TABLE t AS SELECT id AS ctid FROM agents;
## of a query 45
CREATE TABLE t AS SELECT nope(id) FROM agents;
## of a query 51
CREATE TABLE t AS SELECT id FROM agents; CREATE TABLE t AS SELECT id FROM agents;
## of a query 52
CREATE TABLE app.t AS SELECT id FROM agents;
## of a query 56
CREATE TABLE t AS SELECT id INTO x FROM agents;
## of a query 61
CREATE TABLE t AS SELECT id FROM agents; INSERT INTO t VALUES (1); INSERT INTO t (nope) VALUES (1);
## of a query 62
CREATE TABLE t AS SELECT id FROM agents; ALTER TABLE t DROP COLUMN nope;
## of a query 63
CREATE TABLE t AS SELECT id FROM agents; ALTER TABLE goals ADD FOREIGN KEY (agent_id) REFERENCES t;
## where it may stand 34
ALTER TABLE agents ADD CHECK (n > sum(1));
## where it may stand 35
ALTER TABLE agents ALTER n TYPE bigint USING max(n);
## where it may stand 36
ALTER TABLE agents ALTER n SET DEFAULT max(1);
## where it may stand 37
CREATE POLICY p ON agents USING (count(*) > 1);
## where it may stand 39
SELECT id FROM agents WHERE id IN (SELECT id FROM goals WHERE sum(id) > 1);
## where it may stand 40
CREATE TABLE t (a int CHECK (max(a) > 1));
## where it may stand 41
CREATE TABLE t (a int DEFAULT max(1));
## where it may stand 42
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (sum(a)) STORED);
## where it may stand 43
CREATE INDEX ON agents (n) WHERE count(*) > 1;
## where it may stand 51
ALTER TABLE agents ALTER COLUMN name SET (n_distnct = 5);
## where it may stand 57
ALTER INDEX agents_pkey SET (filfactor = 80);
## where it may stand 63
CREATE TABLE t (a int UNIQUE WITH (filfactor = 70));
## where it may stand 65
CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2) WITH (filfactor = 70);
## where it may stand 68
SHOW statment_timeout;
## where it may stand 72
BEGIN; LOCK TABLE nowhere; COMMIT;
## where it may stand 74
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, n int); UPDATE t SET n = 5; UPDATE t SET (n, id) = (1, 2);
## where it may stand 76
CREATE TABLE t (id int, g int GENERATED ALWAYS AS (id * 2) STORED); UPDATE t SET g = 1;
## grouped 1
SELECT id, count(*) FROM agents;
## grouped 2
SELECT a.name, g.body, count(*) FROM agents a JOIN goals g ON g.agent_id = a.id GROUP BY a.name;
## grouped 6
SELECT a.*, g.body, count(g.id) FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id;
## grouped 9
SELECT name FROM agents GROUP BY name ORDER BY n;
## grouped 10
SELECT count(*) FROM agents ORDER BY n;
## grouped 13
SELECT id FROM agents GROUP BY name;
## grouped 15
SELECT name AS n FROM agents GROUP BY n;
## grouped 17
SELECT n, name FROM agents GROUP BY 1;
## grouped 26
SELECT coalesce(name, body), count(*) FROM agents a JOIN goals g ON g.agent_id = a.id GROUP BY name;
## grouped 29
SELECT CASE WHEN n > 1 THEN 'a' ELSE 'b' END AS k, count(*) FROM agents GROUP BY name;
## grouped 31
SELECT n > 1, bool_and(n > 1) FROM agents;
## grouped 35
SELECT meta->>'a' AS k, count(*) FROM agents GROUP BY n;
## grouped 38
SELECT name, row_number() OVER (ORDER BY n) FROM agents GROUP BY name;
## grouped 39
SELECT name, sum(n) OVER () FROM agents GROUP BY name;
## grouped 46
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n), name FROM agents;
## grouped 54
SELECT x.n, x.name, count(*) FROM (SELECT n, name FROM agents) x GROUP BY x.n;
## grouped 55
WITH c AS (SELECT id, n FROM agents) SELECT id, n, count(*) FROM c GROUP BY id;
## grouped 57
CREATE VIEW v AS SELECT id, name FROM agents; SELECT id, name, count(*) FROM v GROUP BY id;
## grouped 59
CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a, b)); SELECT a, b, c, count(*) FROM t GROUP BY a;
## grouped 60
CREATE TABLE t (a int UNIQUE NOT NULL, b int); SELECT a, b, count(*) FROM t GROUP BY a;
## grouped 61
CREATE TABLE t (a int PRIMARY KEY DEFERRABLE, b int); SELECT a, b, count(*) FROM t GROUP BY a;
## grouped 65
SELECT a.id, g.id FROM agents a JOIN goals g ON a.id = g.id GROUP BY a.id;
## grouped 68
SELECT name || '-' || n, count(*) FROM agents GROUP BY name;
## grouped 75
SELECT n FROM agents HAVING true;
## grouped 77
SELECT count(*) FROM agents HAVING n > 1;
## grouped 79
SELECT n FROM agents GROUP BY n HAVING name = 'x';
## grouped 90
INSERT INTO goals (id, body) SELECT id, max(name) FROM agents;
## grouped 92
UPDATE agents SET n = s.c FROM (SELECT agent_id, body, count(*) AS c FROM goals GROUP BY agent_id) s WHERE s.agent_id = agents.id;
## grouped 93
CREATE MATERIALIZED VIEW m AS SELECT n, name, avg(n) FROM agents GROUP BY n;
## grouped 95
CREATE FUNCTION f(k int) RETURNS TABLE (a int, b bigint) LANGUAGE sql AS 'SELECT id, count(*) FROM agents GROUP BY n';
## grouped 111
SELECT max(n) - min(n) + n FROM agents;
## grouped 113
SELECT n, sum(id) FROM agents UNION ALL SELECT 0, sum(id) FROM agents;
## variables 1
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN x := 1; RETURN NEW; END $$;
## variables 3
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SELECT 1 INTO x; END $$;
## variables 5
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN SELECT 1, 'a' INTO x, y; END $$;
## variables 13
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1' INTO x; END $$;
## variables 15
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO agents (id) VALUES (1) RETURNING id INTO x; END $$;
## variables 18
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN IF x > 1 THEN z := 3; END IF; END $$;
## variables 20
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int := 1; BEGIN NULL; EXCEPTION WHEN OTHERS THEN q := 2; END $$;
## variables 25
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ #variable_conflict use_column
## variables 26
DECLARE x int; BEGIN x := 1; END $$;
## variables 28
DO $$ BEGIN x := 1; END $$;
## variables 30
DO $$ BEGIN SELECT count(*) INTO x FROM agents; END $$;
## variables 37
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE "Big" int; BEGIN Big := 1; END $$;
## roles 1
BEGIN; CREATE ROLE qqq; CREATE ROLE qqq;
## roles 2
BEGIN; CREATE ROLE qqq LOGIN; CREATE USER qqq;
## roles 8
CREATE TEXT SEARCH CONFIGURATION c (COPY = no_such);
## roles 9
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = no_such);
## roles 10
CREATE TEXT SEARCH CONFIGURATION c (PARSER = no_such);
## roles 12
CREATE TEXT SEARCH CONFIGURATION public.c (COPY = public.no_such);
## no such operator 1
SELECT 1 FROM wide WHERE i = 'x'::text;
## no such operator 2
SELECT 1 FROM wide WHERE i = 'abc';
## no such operator 3
SELECT 1 FROM wide WHERE t = i;
## no such operator 4
SELECT 1 FROM wide WHERE t = 1;
## no such operator 5
SELECT 1 FROM wide WHERE t > 5;
## no such operator 6
SELECT 1 FROM wide WHERE j + 1 = 5;
## no such operator 7
SELECT 1 FROM wide WHERE j = 'nope';
## no such operator 8
SELECT 1 FROM wide WHERE j = t;
## no such operator 9
SELECT 1 FROM wide WHERE j = js;
## no such operator 10
SELECT 1 FROM wide WHERE js = js;
## no such operator 11
SELECT 1 FROM wide WHERE js = '{}';
## no such operator 12
SELECT 1 FROM wide WHERE u = t;
## no such operator 13
SELECT 1 FROM wide WHERE u = 'not-a-uuid';
## no such operator 14
SELECT 1 FROM wide WHERE u = i;
## no such operator 15
SELECT 1 FROM wide WHERE f = 1;
## no such operator 16
SELECT 1 FROM wide WHERE f = 't'::text;
## no such operator 17
SELECT 1 FROM wide WHERE d = t;
## no such operator 18
SELECT 1 FROM wide WHERE ts > iv;
## no such operator 19
SELECT 1 FROM wide WHERE d = 5;
## no such operator 20
SELECT 1 FROM wide WHERE iv = t;
## no such operator 21
SELECT 1 FROM wide WHERE by = t;
## no such operator 22
SELECT 1 FROM wide WHERE i LIKE '1%';
## no such operator 23
SELECT 1 FROM wide WHERE i NOT LIKE '1%';
## no such operator 24
SELECT 1 FROM wide WHERE u LIKE 'a%';
## no such operator 25
SELECT 1 FROM wide WHERE ts ILIKE '2020%';
## no such operator 26
SELECT 1 FROM wide WHERE i ~ '1';
## no such operator 27
SELECT 1 FROM wide WHERE j LIKE 'x%';
## no such operator 28
SELECT 1 FROM wide WHERE t + 1 = 'x';
## no such operator 29
SELECT 1 FROM wide WHERE t + t = 'x';
## no such operator 30
SELECT 1 FROM wide WHERE CASE WHEN t = 1 THEN true END;
## no such operator 31
SELECT 1 FROM wide WHERE i = '1'::varchar;
## no such operator 32
SELECT 1 FROM wide WHERE v = 1.5;
## no such operator 33
SELECT 1 FROM wide WHERE c = 'ab' AND c = 5;
## no such operator 34
SELECT 1 FROM wide WHERE iv > 5;
## no such operator 35
SELECT 1 FROM wide WHERE ts::date = t;
## no such operator 36
SELECT 1 FROM wide WHERE b = '99999999999999999999';
## no such operator 37
SELECT 1 FROM wide WHERE i = '99999999999';
## no such operator 38
SELECT 1 FROM wide WHERE s = '100000';
## no such operator 39
SELECT 1 FROM wide WHERE i * t > 5;
## no such operator 40
SELECT 1 FROM wide WHERE u + 1 = u;
## no such operator 41
SELECT 1 FROM wide WHERE f + 1 = 2;
## no such operator 42
SELECT 1 FROM wide WHERE 'a' = 1;
## no such operator 43
SELECT 1 FROM wide WHERE 'a'::text = 1;
## no such operator 44
ALTER TABLE wide ADD CHECK (t > 1);
## no such operator 45
ALTER TABLE wide ADD CHECK (i = 'a'::text);
## no such operator 46
ALTER TABLE agents ADD CHECK (name = 5);
## no such operator 47
ALTER TABLE agents ADD CHECK (name > n);
## no such operator 48
CREATE VIEW x AS SELECT a.id FROM agents a JOIN goals g ON g.body = a.id;
## no such operator 49
UPDATE agents SET n = 1 WHERE name = 5;
## no such operator 50
DELETE FROM goals USING agents WHERE goals.body = agents.n;
## no such operator 51
CREATE INDEX ON agents (n) WHERE name = 5;
## no such operator 52
CREATE INDEX ON agents ((n = 'x'::text));
## no such operator 53
CREATE FUNCTION f(name int) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE id = name';
## no such operator 54
CREATE TABLE k (g text, h text GENERATED ALWAYS AS (g + 1) STORED);
## no such operator 55
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = 2 WHERE agents.name = excluded.n;
## no such operator 56
ALTER TABLE agents ALTER n TYPE text USING n + 'x';
## no such operator 57
ALTER TABLE agents ALTER n TYPE text USING n::text;
## no such operator 58
ALTER TABLE agents ALTER n TYPE boolean USING n = 1;
## no such operator 59
ALTER TABLE agents ALTER n TYPE boolean USING n <> 0;
## no such operator 60
ALTER TABLE agents ALTER name TYPE boolean USING name = 1;
## comment on a column without its table
COMMENT ON COLUMN name IS 'x';
## sequence of a column without its table
CREATE SEQUENCE s OWNED BY id;
## alias with an empty column
SELECT k.a FROM agents AS k (a, , b);
## compiled: plpgsql loop undeclared
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN FOR r IN SELECT id FROM agents LOOP NULL; END LOOP; END $$;
## compiled: do loop undeclared
DO $$ BEGIN FOR r IN SELECT id FROM agents LOOP NULL; END LOOP; END $$;
## compiled: loop execute undeclared
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN FOR r IN EXECUTE 'SELECT 1' LOOP NULL; END LOOP; END $$;
## compiled: foreach undeclared
CREATE FUNCTION f(a int[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN FOREACH x IN ARRAY a LOOP NULL; END LOOP; END $$;
## compiled: return in void
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
## compiled: return null in void
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
## compiled: return in do
DO $$ BEGIN RETURN 1; END $$;
## compiled: return in procedure
CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
## compiled: return missing expr
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;
## compiled: trigger return missing
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF true THEN RETURN; END IF; RETURN NEW; END $$;
## compiled: event trigger return value
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
## compiled: setof return value
CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
## compiled: table return value
CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
## compiled: out return value
CREATE FUNCTION f(OUT a int) LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
## compiled: return query non set
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT 1; END $$;
## compiled: exit outside loop
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXIT; END $$;
## compiled: continue after loop
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN LOOP EXIT; END LOOP; CONTINUE; END $$;
## compiled: exit when outside
DO $$ BEGIN IF true THEN EXIT WHEN false; END IF; END $$;
## compiled: exit unknown label
DO $$ BEGIN <<a>> LOOP EXIT b; END LOOP; END $$;
## compiled: raise too few
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% %', 1; END $$;
## compiled: raise too many
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'x', 1; END $$;
## compiled: raise percent in name
DO $$ BEGIN IF false THEN RAISE EXCEPTION 'is 100%'; END IF; END $$;
## compiled: raise unknown condition
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE nosuch_condition; END $$;
## compiled: declare twice
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int; x text; BEGIN NULL; END $$;
## compiled: unknown type var
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x nosuch; BEGIN NULL; END $$;
## compiled: unknown type var default
DO $$ DECLARE x nosuch := 1; BEGIN NULL; END $$;
## compiled: unknown exception name
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN NULL; EXCEPTION WHEN nosuch THEN NULL; END $$;
## compiled: unknown second exception name
DO $$ BEGIN NULL; EXCEPTION WHEN unique_violation THEN NULL; WHEN nosuch THEN NULL; END $$;
## compiled: unknown or exception name
DO $$ BEGIN NULL; EXCEPTION WHEN unique_violation OR nosuch THEN NULL; END $$;
## compiled: return next non-set
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT 1; END $$;
## compiled: other code
DO $$ BEGIN CREATE TABLE agents (x int); EXCEPTION WHEN SQLSTATE '42701' THEN NULL; END $$;
## retyped text to int check refused
CREATE TABLE t (a text CHECK (a <> '')); ALTER TABLE t ALTER a TYPE int USING a::int;
## retyped text to enum check
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a text CHECK (a IN ('a', 'b'))); ALTER TABLE t ALTER a TYPE e USING a::e;
## retyped text to enum predicate
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a text); CREATE INDEX i ON t (a) WHERE a = 'a'; ALTER TABLE t ALTER a TYPE e USING a::e;
## retyped default refused
CREATE TABLE t (a text DEFAULT now()); ALTER TABLE t ALTER a TYPE int USING 1;
## retyped predicate bool
CREATE TABLE t (a boolean, b int); CREATE INDEX i ON t (b) WHERE a; ALTER TABLE t ALTER a TYPE int USING a::int;
## retyped bool to int check
CREATE TABLE t (a boolean CHECK (a)); ALTER TABLE t ALTER a TYPE int USING a::int;
## retyped lower index
CREATE TABLE t (a text); CREATE UNIQUE INDEX i ON t (lower(a)); ALTER TABLE t ALTER a TYPE int USING a::int;
## retyped int to text check length
CREATE TABLE t (a int CHECK (a > 10)); ALTER TABLE t ALTER a TYPE text;
## trigger: sets before
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t BEFORE UPDATE ON agents REFERENCING OLD TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets two events
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER INSERT OR UPDATE ON agents REFERENCING NEW TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets columns
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER UPDATE OF name ON agents REFERENCING NEW TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets old of insert
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER INSERT ON agents REFERENCING OLD TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets new of delete
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER DELETE ON agents REFERENCING NEW TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets truncate
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER TRUNCATE ON agents REFERENCING OLD TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets same name
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER UPDATE ON agents REFERENCING OLD TABLE AS o NEW TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets twice
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER UPDATE ON agents REFERENCING OLD TABLE AS o OLD TABLE AS p FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets row partitioned
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TABLE own (a int) PARTITION BY RANGE (a); CREATE TRIGGER t AFTER INSERT ON own REFERENCING NEW TABLE AS w FOR EACH ROW EXECUTE FUNCTION f();
## trigger: sets row of a partition
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TABLE own (a int) PARTITION BY RANGE (a); CREATE TABLE o1 PARTITION OF own FOR VALUES FROM (1) TO (10); CREATE TRIGGER t AFTER INSERT ON o1 REFERENCING NEW TABLE AS w FOR EACH ROW EXECUTE FUNCTION f();
## trigger: sets view
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE VIEW v AS SELECT id FROM agents; CREATE TRIGGER t AFTER UPDATE ON v REFERENCING OLD TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: instead of on table
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t INSTEAD OF UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION f();
## trigger: instead of statement
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE VIEW v AS SELECT id FROM agents; CREATE TRIGGER t INSTEAD OF UPDATE ON v FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: instead of when
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE VIEW v AS SELECT id FROM agents; CREATE TRIGGER t INSTEAD OF UPDATE ON v FOR EACH ROW WHEN (true) EXECUTE FUNCTION f();
## trigger: instead of columns
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE VIEW v AS SELECT id FROM agents; CREATE TRIGGER t INSTEAD OF UPDATE OF id ON v FOR EACH ROW EXECUTE FUNCTION f();
## trigger: row before on view
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE VIEW v AS SELECT id FROM agents; CREATE TRIGGER t BEFORE UPDATE ON v FOR EACH ROW EXECUTE FUNCTION f();
## trigger: truncate on view
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE VIEW v AS SELECT id FROM agents; CREATE TRIGGER t BEFORE TRUNCATE ON v FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: truncate row
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t BEFORE TRUNCATE ON agents FOR EACH ROW EXECUTE FUNCTION f();
## trigger: constraint before
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE CONSTRAINT TRIGGER t BEFORE INSERT ON agents FOR EACH ROW EXECUTE FUNCTION f();
## trigger: constraint statement
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE CONSTRAINT TRIGGER t AFTER INSERT ON agents FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: event twice
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t BEFORE UPDATE OR UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION f();
## trigger: column twice
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t BEFORE UPDATE OF name, name ON agents FOR EACH ROW EXECUTE FUNCTION f();
## trigger: or replace constraint
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE OR REPLACE CONSTRAINT TRIGGER t AFTER INSERT ON agents FOR EACH ROW EXECUTE FUNCTION f();
## v two unnamed numbers
CREATE VIEW v AS SELECT 1, 2;
## v two unnamed strings
CREATE VIEW v AS SELECT 'a', 'b';
## v two unnamed expr
CREATE VIEW v AS SELECT n + 1, n + 2 FROM agents;
## v two concat
CREATE VIEW v AS SELECT name || 'x', name || 'y' FROM agents;
## v two counts
CREATE VIEW v AS SELECT count(*), count(n) FROM agents;
## v two lower
CREATE VIEW v AS SELECT lower(name), lower(name) FROM agents;
## v lower qualified
CREATE VIEW v AS SELECT lower(name), pg_catalog.lower(name) FROM agents;
## v two case
CREATE VIEW v AS SELECT CASE WHEN n > 0 THEN 1 END, CASE WHEN n > 1 THEN 2 END FROM agents;
## v two coalesce
CREATE VIEW v AS SELECT coalesce(n, 0), coalesce(n, 1) FROM agents;
## v two casts of constants
CREATE VIEW v AS SELECT '1'::int, '2'::int;
## v two casts of expr
CREATE VIEW v AS SELECT (n + 1)::text, (n + 2)::text FROM agents;
## v cast syntax
CREATE VIEW v AS SELECT CAST('1' AS int), CAST('2' AS integer);
## v cast col and function
CREATE VIEW v AS SELECT n::text, n FROM agents;
## v cast name col
CREATE VIEW v AS SELECT name, name::varchar FROM agents;
## v cast vs type name
CREATE VIEW v AS SELECT 1::bigint, 2::int8;
## v array
CREATE VIEW v AS SELECT ARRAY[1], ARRAY[2];
## v exists
CREATE VIEW v AS SELECT EXISTS (SELECT 1), EXISTS (SELECT 2);
## v subquery
CREATE VIEW v AS SELECT (SELECT name FROM agents LIMIT 1), name FROM agents;
## v subqueries unnamed
CREATE VIEW v AS SELECT (SELECT 1), (SELECT 2);
## v row
CREATE VIEW v AS SELECT ROW(1,2), ROW(1,3);
## v true true
CREATE VIEW v AS SELECT true, false;
## v nulls
CREATE VIEW v AS SELECT NULL, NULL;
## v now twice
CREATE VIEW v AS SELECT now(), now();
## v extract twice
CREATE VIEW v AS SELECT extract(year FROM d), extract(month FROM d) FROM wide;
## v current_date
CREATE VIEW v AS SELECT current_date, current_date;
## v window
CREATE VIEW v AS SELECT row_number() OVER (), row_number() OVER (ORDER BY id) FROM agents;
## v filter
CREATE VIEW v AS SELECT count(*) FILTER (WHERE n > 0), count(*) FROM agents;
## v negative
CREATE VIEW v AS SELECT -1, -2;
## v comparisons
CREATE VIEW v AS SELECT n > 1, n < 1 FROM agents;
## v is null
CREATE VIEW v AS SELECT n IS NULL, name IS NULL FROM agents;
## v paren
CREATE VIEW v AS SELECT (n), n FROM agents;
## v subscripted
CREATE VIEW v AS SELECT arr[1], arr[2] FROM wide;
## v json arrows
CREATE VIEW v AS SELECT meta->>'a', meta->>'b' FROM agents;
## v typed consts
CREATE VIEW v AS SELECT date '2020-01-01', date '2021-01-01';
## v interval
CREATE VIEW v AS SELECT interval '1 day', interval '2 day';
## v greatest
CREATE VIEW v AS SELECT greatest(n, 1), greatest(n, 2) FROM agents;
## v values alias
CREATE VIEW v AS SELECT x.column1, y.column1 FROM (VALUES (1)) x, (VALUES (2)) y;
## v current_user
CREATE VIEW v AS SELECT current_user, current_user;
## v trim
CREATE VIEW v AS SELECT trim(name), trim(name) FROM agents;
## v substring
CREATE VIEW v AS SELECT substring(name from 1), substring(name from 2) FROM agents;
## v collate
CREATE VIEW v AS SELECT name COLLATE "C", name FROM agents;
## v at time zone
CREATE VIEW v AS SELECT ts AT TIME ZONE 'UTC', tz AT TIME ZONE 'UTC' FROM wide;
## ctas two unnamed
CREATE TABLE t AS SELECT 1, 2;
## ctas counts
CREATE TABLE t AS SELECT count(*), count(*) FROM agents;
## matview unnamed
CREATE MATERIALIZED VIEW m AS SELECT 1, 2;
## into unnamed
SELECT 1, 2 INTO t;
## ctas max max
CREATE TABLE t AS SELECT max(n), max(id) FROM agents;
## v union unnamed
CREATE VIEW v AS SELECT 1, 2 UNION SELECT 3, 4;
## v with
CREATE VIEW v AS WITH q AS (SELECT 1 AS a) SELECT a + 1, a + 2 FROM q;
## where number
DELETE FROM agents WHERE n;
## where text column
DELETE FROM agents WHERE name;
## where constant number
DELETE FROM agents WHERE 1;
## where date
DELETE FROM wide WHERE d;
## where not number
DELETE FROM agents WHERE NOT n;
## where and number
DELETE FROM agents WHERE n > 0 AND n;
## where or text
DELETE FROM agents WHERE name OR n > 0;
## where json
DELETE FROM agents WHERE meta;
## where array
DELETE FROM wide WHERE arr;
## where sum
DELETE FROM agents WHERE n + 1;
## where function text
DELETE FROM agents WHERE lower(name);
## where count text cast
DELETE FROM agents WHERE n::text;
## where string bad
DELETE FROM agents WHERE 'maybe';
## where arrow
DELETE FROM agents WHERE meta->>'a';
## where coalesce number
DELETE FROM agents WHERE coalesce(n, 0);
## having number
CREATE VIEW v AS SELECT count(*) FROM agents HAVING count(*);
## having text
CREATE VIEW v AS SELECT name FROM agents GROUP BY name HAVING name;
## case when number
CREATE VIEW v AS SELECT CASE WHEN n THEN 1 ELSE 2 END FROM agents;
## case when text
UPDATE agents SET n = CASE WHEN name THEN 1 ELSE 2 END;
## on number
CREATE VIEW v AS SELECT a.id FROM agents a JOIN goals g ON g.agent_id;
## update where number
UPDATE agents SET n = 1 WHERE n;
## select where number
SELECT id FROM agents WHERE n;
## filter number
CREATE VIEW v AS SELECT count(*) FILTER (WHERE n) FROM agents;
## check number
ALTER TABLE agents ADD CHECK (n);
## check text
CREATE TABLE t (a text CHECK (a));
## check and
CREATE TABLE t (a int, b int, CHECK (a > 0 AND b));
## index predicate number
CREATE INDEX ON agents (name) WHERE n;
## policy using number
CREATE POLICY p ON agents USING (n);
## policy check text
CREATE POLICY p ON agents WITH CHECK (name);
## trigger when number
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER tr BEFORE INSERT ON agents FOR EACH ROW WHEN (NEW.n) EXECUTE FUNCTION f();
## domain check number
CREATE DOMAIN d AS int CHECK (VALUE);
## exclude where
ALTER TABLE agents ADD EXCLUDE USING btree (n WITH =) WHERE (n);
## conflict where
INSERT INTO agents (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 1 WHERE agents.n;
## merge when and
MERGE INTO agents a USING goals g ON a.id = g.agent_id WHEN MATCHED AND a.n THEN DELETE;
## is true number
DELETE FROM agents WHERE n IS TRUE;
## is not false text
DELETE FROM agents WHERE name IS NOT FALSE;
## sql function body where
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE n';
## generated stored bool
ALTER TABLE agents ADD g boolean GENERATED ALWAYS AS (NOT n) STORED;
## window where
SELECT id FROM agents WHERE row_number() OVER () > 1;
## window delete
DELETE FROM agents WHERE row_number() OVER (PARTITION BY name ORDER BY id) > 1;
## window group
CREATE VIEW v AS SELECT 1 AS x FROM agents GROUP BY rank() OVER ();
## window having
CREATE VIEW v AS SELECT count(*) FROM agents HAVING row_number() OVER () > 1;
## window check
ALTER TABLE agents ADD CHECK (row_number() OVER () > 0);
## window index
CREATE INDEX ON agents ((row_number() OVER ()));
## window index predicate
CREATE INDEX ON agents (n) WHERE rank() OVER () > 1;
## window set
UPDATE agents SET n = row_number() OVER (ORDER BY id);
## window count over where
SELECT id FROM agents WHERE count(*) OVER () > 1;
## window without over
SELECT row_number() FROM agents;
## window on
CREATE VIEW v AS SELECT a.id FROM agents a JOIN goals g ON row_number() OVER () = 1;
## window default
ALTER TABLE agents ADD x bigint DEFAULT row_number() OVER ();
## window generated
ALTER TABLE agents ADD x bigint GENERATED ALWAYS AS (row_number() OVER ()) STORED;
## window returning
DELETE FROM agents RETURNING row_number() OVER ();
## window nested
CREATE VIEW v AS SELECT sum(row_number() OVER ()) FROM agents;
## window values
INSERT INTO agents (id) VALUES (row_number() OVER ());
## window missing
CREATE VIEW v AS SELECT row_number() OVER w FROM agents;
## window policy
CREATE POLICY p ON agents USING (row_number() OVER () = 1);
## window limit
SELECT id FROM agents LIMIT row_number() OVER ();
## window twice defined
CREATE VIEW v AS SELECT rank() OVER w FROM agents WINDOW w AS (ORDER BY id), w AS (ORDER BY n);
## do loop execute undeclared
DO $$BEGIN FOR r IN EXECUTE 'SELECT 1' LOOP NULL; END LOOP; END$$;
## do into undeclared
DO $$BEGIN SELECT count(*) INTO c FROM agents; END$$;
## do missing semicolon
DO $$BEGIN NULL END$$;
## do if no end
DO $$BEGIN IF true THEN NULL; END; END$$;
## do call missing function
DO $$BEGIN PERFORM nosuchfn(); END$$;
## do missing table
DO $$BEGIN UPDATE nosuch SET a = 1; END$$;
## do missing column
DO $$BEGIN UPDATE agents SET nosuch = 1; END$$;
## sql function not query
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$UPDATE agents SET n = 1$$;
## grant fn missing
GRANT EXECUTE ON FUNCTION nosuch() TO public;
## array ops
SELECT 1 FROM wide WHERE arr = ia;
## array any mismatch
DELETE FROM wide WHERE i = ANY(arr);
## array any text
DELETE FROM wide WHERE t = ANY(ia);
## array any scalar
DELETE FROM wide WHERE i = ANY(i);
## array in
DELETE FROM wide WHERE i IN (ia);
## array eq scalar
DELETE FROM wide WHERE arr = t;
## array literal mixed
SELECT ARRAY[1, 'a'];
## array malformed
DELETE FROM wide WHERE arr = 'x';
## in mismatched
DELETE FROM wide WHERE i IN ('a', 'b');
## in text numbers
DELETE FROM wide WHERE t IN (1, 2);
## in subquery mismatched
DELETE FROM agents WHERE id IN (SELECT body FROM goals);
## in subquery two cols
DELETE FROM agents WHERE id IN (SELECT id, agent_id FROM goals);
## between mismatched
DELETE FROM wide WHERE t BETWEEN 1 AND 2;
## row compare widths
DELETE FROM agents WHERE (id, n) = (1, 2, 3);
## scalar subquery two columns
UPDATE agents SET n = (SELECT id, agent_id FROM goals);
## subquery eq two
DELETE FROM agents WHERE id = (SELECT id, body FROM goals);
## order by 5
CREATE VIEW v AS SELECT id, name FROM agents ORDER BY 5;
## order by 0
CREATE VIEW v AS SELECT id, name FROM agents ORDER BY 0;
## order by string
CREATE VIEW v AS SELECT id FROM agents ORDER BY 'x';
## group by 5
CREATE VIEW v AS SELECT id, name FROM agents GROUP BY 5;
## group by aggregate position
CREATE VIEW v AS SELECT count(*) FROM agents GROUP BY 1;
## group by expression miss
CREATE VIEW v AS SELECT n + 1 FROM agents GROUP BY n + 2;
## group by lower, name
CREATE VIEW v AS SELECT name FROM agents GROUP BY lower(name);
## group by lower other
CREATE VIEW v AS SELECT upper(name) FROM agents GROUP BY lower(name);
## group by date_trunc differs
CREATE VIEW v AS SELECT date_trunc('day', ts) FROM wide GROUP BY date_trunc('hour', ts);
## union order by expr
CREATE VIEW v AS SELECT id FROM agents UNION SELECT id FROM goals ORDER BY id + 1;
## union order by unknown
CREATE VIEW v AS SELECT id FROM agents UNION SELECT id FROM goals ORDER BY name;
## union types
CREATE VIEW v AS SELECT id FROM agents UNION SELECT body FROM goals;
## union order 2
CREATE VIEW v AS SELECT id FROM agents UNION SELECT id FROM goals ORDER BY 2;
## insert more expr
INSERT INTO agents (id, name) VALUES (1, 'a', 2);
## insert fewer expr
INSERT INTO agents (id, name, n) VALUES (1, 'a');
## insert select more
INSERT INTO agents (id) SELECT id, n FROM agents;
## insert select fewer
INSERT INTO agents (id, n) SELECT id FROM agents;
## insert too many no columns
INSERT INTO goals VALUES (1, 2, 'a', 4);
## insert star more
INSERT INTO goals SELECT * FROM agents;
## insert type mismatch select
INSERT INTO agents (id) SELECT body FROM goals;
## insert type mismatch value
INSERT INTO agents (id) VALUES ('a');
## insert bool into int
INSERT INTO agents (id) VALUES (true);
## insert now into int
INSERT INTO agents (id) VALUES (now());
## update type mismatch again
UPDATE agents SET n = name;
## update date to int
UPDATE wide SET i = d;
## update text into json
UPDATE agents SET meta = name;
## update bad json
UPDATE agents SET meta = '{a}';
## update jsonb arr
UPDATE wide SET arr = t;
## conflict target no unique
INSERT INTO agents (id) VALUES (1) ON CONFLICT (n) DO NOTHING;
## conflict two
INSERT INTO agents (id) VALUES (1) ON CONFLICT (id, name) DO NOTHING;
## conflict expr
INSERT INTO agents (id) VALUES (1) ON CONFLICT (lower(name)) DO NOTHING;
## conflict expr other
CREATE UNIQUE INDEX ON agents (upper(name)); INSERT INTO agents (id) VALUES (1) ON CONFLICT (lower(name)) DO NOTHING;
## conflict partial missing where
CREATE UNIQUE INDEX ON agents (n) WHERE n > 0; INSERT INTO agents (id) VALUES (1) ON CONFLICT (n) DO NOTHING;
## conflict constraint missing
INSERT INTO agents (id) VALUES (1) ON CONFLICT ON CONSTRAINT nosuch DO NOTHING;
## conflict partitioned no unique
CREATE TABLE t (a int, b int) PARTITION BY RANGE (a); INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING;
## conflict mixed expr
CREATE UNIQUE INDEX ON agents (n, lower(name)); INSERT INTO agents (id) VALUES (1) ON CONFLICT (lower(name)) DO NOTHING;
## conflict collate
INSERT INTO agents (id) VALUES (1) ON CONFLICT (name COLLATE "C") DO NOTHING;
## returning unknown
INSERT INTO agents (id) VALUES (1) RETURNING nosuch;
## returning unknown update
UPDATE agents SET n = 1 RETURNING agents.nosuch;
## returning unknown delete
DELETE FROM agents RETURNING lower(nosuch);
## returning aggregate
DELETE FROM agents RETURNING count(*);
## default column ref
CREATE TABLE t (a int, b int DEFAULT a);
## default column ref alter
ALTER TABLE agents ALTER n SET DEFAULT id;
## default column expr
CREATE TABLE t (a int, b int DEFAULT a + 1);
## default func col
ALTER TABLE agents ADD x text DEFAULT lower(name);
## default subquery
CREATE TABLE t (a int DEFAULT (SELECT 1));
## default aggregate
CREATE TABLE t (a bigint DEFAULT count(*));
## default mismatch
CREATE TABLE t (a int DEFAULT now());
## default mismatch bool
CREATE TABLE t (a boolean DEFAULT 0);
## default mismatch text col
CREATE TABLE t (a int DEFAULT 'abc');
## default uuid
CREATE TABLE t (a uuid DEFAULT 'abc');
## default jsonb from arr
CREATE TABLE t (a jsonb DEFAULT ARRAY['a']);
## default array from scalar
CREATE TABLE t (a text[] DEFAULT 'abc');
## default set returning
CREATE TABLE t (a int DEFAULT generate_series(1,2));
## default enum label
CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e DEFAULT 'b');
## check subquery
ALTER TABLE agents ADD CHECK (id IN (SELECT id FROM goals));
## check exists
ALTER TABLE agents ADD CHECK (EXISTS (SELECT 1));
## check subquery scalar
CREATE TABLE t (a int CHECK (a > (SELECT 1)));
## check set returning
CREATE TABLE t (a int CHECK (generate_series(1,2) > a));
## check other table
CREATE TABLE t (a int CHECK (agents.id > a));
## check system column
CREATE TABLE t (a int CHECK (xmin IS NOT NULL));
## domain check subquery
CREATE DOMAIN d AS int CHECK (VALUE IN (SELECT id FROM agents));
## generated of generated
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED, c int GENERATED ALWAYS AS (b + 1) STORED);
## generated of generated alter
ALTER TABLE agents ADD g int GENERATED ALWAYS AS (n + 1) STORED; ALTER TABLE agents ADD h int GENERATED ALWAYS AS (g + 1) STORED;
## generated of itself
CREATE TABLE t (a int GENERATED ALWAYS AS (a + 1) STORED);
## generated volatile again
CREATE TABLE t (a int, b float GENERATED ALWAYS AS (random()) STORED);
## generated stable cast
CREATE TABLE t (a timestamptz, b text GENERATED ALWAYS AS (a::text) STORED);
## generated to_char
CREATE TABLE t (a timestamptz, b text GENERATED ALWAYS AS (to_char(a, 'YYYY')) STORED);
## generated date_trunc tz
CREATE TABLE t (a timestamptz, b timestamptz GENERATED ALWAYS AS (date_trunc('day', a)) STORED);
## generated tz to date
CREATE TABLE t (a timestamptz, b date GENERATED ALWAYS AS (a::date) STORED);
## generated subquery
CREATE TABLE t (a int, b int GENERATED ALWAYS AS ((SELECT 1)) STORED);
## generated mismatch
CREATE TABLE t (a text, b int GENERATED ALWAYS AS (a || 'x') STORED);
## generated to_tsvector
CREATE TABLE t (a text, b tsvector GENERATED ALWAYS AS (to_tsvector(a)) STORED);
## generated concat
CREATE TABLE t (a text, b text GENERATED ALWAYS AS (concat(a, 'x')) STORED);
## generated aggregate
CREATE TABLE t (a int, b bigint GENERATED ALWAYS AS (count(a)) STORED);
## generated virtual unique
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL UNIQUE);
## generated virtual index
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL); CREATE INDEX ON t (b);
## generated set default
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED); ALTER TABLE t ALTER b SET DEFAULT 1;
## insert into generated
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED); INSERT INTO t (a, b) VALUES (1, 2);
## generated drop column used
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED); ALTER TABLE t DROP a;
## index pred now
CREATE INDEX ON agents (n) WHERE now() > '2020-01-01';
## index pred current_date
CREATE INDEX ON wide (i) WHERE d > current_date;
## index pred tz
CREATE INDEX ON wide (i) WHERE ts > '2020-01-01'::timestamp;
## index expr tz date
CREATE INDEX ON wide ((ts::date));
## index expr to_char
CREATE INDEX ON wide (to_char(ts, 'YYYY'));
## index expr date_trunc
CREATE INDEX ON wide (date_trunc('day', ts));
## index expr random
CREATE INDEX ON agents (random());
## index expr concat
CREATE INDEX ON agents (concat(name, 'x'));
## index expr concat_ws
CREATE INDEX ON agents (concat_ws(' ', name, 'x'));
## index expr date_part
CREATE INDEX ON wide (date_part('year', ts));
## index expr to_tsvector
CREATE INDEX ON agents USING gin (to_tsvector(name));
## index expr own volatile
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN a; END'; CREATE INDEX ON agents (f(n));
## index expr own stable
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN a; END'; CREATE INDEX ON agents (f(n));
## index pred own stable
CREATE FUNCTION f(a int) RETURNS bool LANGUAGE plpgsql STABLE AS 'BEGIN RETURN true; END'; CREATE INDEX ON agents (n) WHERE f(n);
## index pred subquery
CREATE INDEX ON agents (n) WHERE id IN (SELECT id FROM goals);
## index expr aggregate
CREATE INDEX ON agents (count(n));
## index expr srf
CREATE INDEX ON agents (generate_series(1, n));
## index expr text of ts
CREATE INDEX ON wide ((tz::text));
## index expr text of date
CREATE INDEX ON wide ((d::text));
## index expr text to ts
CREATE INDEX ON wide ((t::timestamp));
## index expr text to date
CREATE INDEX ON agents (((meta->>'at')::timestamptz));
## index expr json date
CREATE INDEX ON agents (((meta->>'at')::date));
## index expr current_user
CREATE INDEX ON agents ((current_user));
## index expr to_timestamp
CREATE INDEX ON wide (to_timestamp(t, 'YYYY'));
## index expr to_date
CREATE INDEX ON wide (to_date(t, 'YYYY'));
## index expr format
CREATE INDEX ON agents (format('%s', name));
## index expr jsonb_build
CREATE INDEX ON agents (jsonb_build_object('a', name));
## index expr to_jsonb
CREATE INDEX ON agents (to_jsonb(n));
## index expr age
CREATE INDEX ON wide (age(tz));
## index expr row_to
CREATE INDEX ON agents (array_to_string(ARRAY[name], ','));
## index expr json no opclass
CREATE INDEX ON wide (js);
## index gin text
CREATE INDEX ON agents USING gin (name);
## fk types
CREATE TABLE t (a text REFERENCES agents (id));
## fk types uuid
CREATE TABLE t (a uuid REFERENCES agents);
## fk types alter
ALTER TABLE goals ADD FOREIGN KEY (body) REFERENCES agents (id);
## fk bool
CREATE TABLE t (a boolean REFERENCES agents);
## fk count
CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES agents (id));
## fk count 2
CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES agents (id, name));
## fk count pk
CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES agents);
## fk no unique
CREATE TABLE t (a int REFERENCES agents (n));
## fk date to timestamptz
CREATE TABLE p (a timestamptz PRIMARY KEY); CREATE TABLE t (a text REFERENCES p);
## fk enum
CREATE TYPE e AS ENUM ('a'); CREATE TABLE p (a e PRIMARY KEY); CREATE TABLE t (a text REFERENCES p);
## fk array
CREATE TABLE t (a int[] REFERENCES agents);
## fk domain mismatch
CREATE DOMAIN dd AS text; CREATE TABLE t (a dd REFERENCES agents);
## fk text to varchar ok but int
CREATE TABLE t (a numeric, FOREIGN KEY (a) REFERENCES agents (name));
## fk set null col not in
CREATE TABLE t (a int, b int, FOREIGN KEY (a) REFERENCES agents ON DELETE SET NULL (b));
## fk to view
CREATE VIEW v AS SELECT id FROM agents; CREATE TABLE t (a int REFERENCES v);
## fk partial unique
CREATE UNIQUE INDEX ON agents (n) WHERE n > 0; CREATE TABLE t (a int REFERENCES agents (n));
## fk temp to perm
CREATE TEMP TABLE tt (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES tt);
## fk alter type breaks
CREATE TABLE t (a int REFERENCES agents); ALTER TABLE t ALTER a TYPE text;
## fk alter type target breaks
CREATE TABLE t (a int REFERENCES agents); ALTER TABLE agents ALTER id TYPE text;
## fk dup col
CREATE TABLE p (a int, b int, UNIQUE (a, b)); CREATE TABLE t (a int, FOREIGN KEY (a, a) REFERENCES p (a, a));
## identity text
CREATE TABLE t (a text GENERATED ALWAYS AS IDENTITY);
## identity numeric
CREATE TABLE t (a numeric GENERATED ALWAYS AS IDENTITY);
## identity uuid
CREATE TABLE t (a uuid GENERATED BY DEFAULT AS IDENTITY);
## identity null
CREATE TABLE t (a int NULL GENERATED ALWAYS AS IDENTITY);
## identity alter default
CREATE TABLE t (a int NOT NULL DEFAULT 1); ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY;
## identity twice
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY); ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY;
## identity drop not null
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY); ALTER TABLE t ALTER a DROP NOT NULL;
## identity set default
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY); ALTER TABLE t ALTER a SET DEFAULT 1;
## identity insert
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY); INSERT INTO t (a) VALUES (1);
## serial alter
ALTER TABLE agents ALTER n TYPE serial;
## serial array
CREATE TABLE t (a serial[]);
## serial default
CREATE TABLE t (a serial DEFAULT 1);
## part overlap range
CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (5) TO (15);
## part overlap list
CREATE TABLE t (a text) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a'); CREATE TABLE t2 PARTITION OF t FOR VALUES IN ('b', 'a');
## part overlap date
CREATE TABLE t (a date) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2020-06-01') TO ('2022-01-01');
## part overlap timestamptz
CREATE TABLE t (a timestamptz) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2020-06-01') TO ('2022-01-01');
## part overlap multi
CREATE TABLE t (a int, b int) PARTITION BY RANGE (a, b); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0, 0) TO (10, 0); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (5, 0) TO (15, 0);
## part overlap hash
CREATE TABLE t (a int) PARTITION BY HASH (a); CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE t2 PARTITION OF t FOR VALUES WITH (MODULUS 4, REMAINDER 2);
## part hash factor
CREATE TABLE t (a int) PARTITION BY HASH (a); CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE t2 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 1);
## part hash remainder
CREATE TABLE t (a int) PARTITION BY HASH (a); CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 2);
## part default twice
CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE TABLE t2 PARTITION OF t DEFAULT;
## part hash default
CREATE TABLE t (a int) PARTITION BY HASH (a); CREATE TABLE t1 PARTITION OF t DEFAULT;
## part empty range
CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (10) TO (10);
## part reversed date
CREATE TABLE t (a date) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2021-01-01') TO ('2020-01-01');
## part count
CREATE TABLE t (a int, b int) PARTITION BY RANGE (a, b); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
## part count more
CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0, 1) TO (10, 1);
## part type bad date
CREATE TABLE t (a date) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-13-01') TO ('2021-01-01');
## part wrong kind
CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
## part wrong kind 2
CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (2);
## part minvalue after
CREATE TABLE t (a int, b int) PARTITION BY RANGE (a, b); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (MINVALUE, 0) TO (10, 0);
## part pk missing
CREATE TABLE t (a int, b int PRIMARY KEY) PARTITION BY RANGE (a);
## part list two
CREATE TABLE t (a int, b int) PARTITION BY LIST (a, b);
## part not partitioned
CREATE TABLE t1 PARTITION OF agents FOR VALUES FROM (1) TO (2);
## part enum label
CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('b');
## part dup list overlap null
CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1, NULL); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (NULL);
## part int overflow
CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (3000000000);
## part missing col
CREATE TABLE t (a int) PARTITION BY RANGE (b);
## function call wrong type
CREATE VIEW v AS SELECT lower(n) FROM agents;
## length of int
DELETE FROM agents WHERE length(n) > 1;
## sum of text
CREATE VIEW v AS SELECT sum(name) FROM agents;
## avg of text
CREATE VIEW v AS SELECT avg(name) FROM agents;
## max of jsonb
CREATE VIEW v AS SELECT max(meta) FROM agents;
## coalesce mismatch
CREATE VIEW v AS SELECT coalesce(n, name) FROM agents;
## case mismatch
CREATE VIEW v AS SELECT CASE WHEN n > 0 THEN n ELSE name END FROM agents;
## case mismatch const
CREATE VIEW v AS SELECT CASE WHEN n > 0 THEN n ELSE 'x' END AS q FROM agents;
## cast impossible
CREATE VIEW v AS SELECT n::uuid FROM agents;
## cast impossible date
UPDATE wide SET d = i::date;
## cast bool to date
CREATE VIEW v AS SELECT f::date AS x FROM wide;
## cast json to int[]
CREATE VIEW v AS SELECT ia::jsonb FROM wide;
## alter type no cast
ALTER TABLE agents ALTER name TYPE int;
## alter type using impossible
ALTER TABLE agents ALTER n TYPE uuid USING n::uuid;
## alter type default
CREATE TABLE t (a text DEFAULT 'x'); ALTER TABLE t ALTER a TYPE int USING a::int;
## alter type json
ALTER TABLE agents ALTER name TYPE jsonb;
## type mod
CREATE TABLE t (a varchar(0));
## numeric precision
CREATE TABLE t (a numeric(2000, 1));
## text mod
CREATE TABLE t (a text(5));
## int mod
CREATE TABLE t (a int(11));
## call procedure missing
CALL nosuch();
## call function
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CALL f();
## interval plus int
UPDATE wide SET ts = ts + 1;
## date plus ts
UPDATE wide SET ts = ts + ts;
## array index on int
CREATE VIEW v AS SELECT n[1] FROM agents;
## arrow on text
CREATE VIEW v AS SELECT name->>'a' AS x FROM agents;
## arrow number
UPDATE agents SET n = n->>'a';
## concat ints
CREATE VIEW v AS SELECT n || n AS x FROM agents;
## minus text
CREATE VIEW v AS SELECT - name AS x FROM agents;
## using nothing
CREATE VIEW v AS SELECT 1 AS a FROM agents JOIN goals USING (name);
## natural self alias
CREATE VIEW v AS SELECT count(*) AS c FROM agents, agents;
## aggregate missing sfunc
CREATE AGGREGATE mysum (int) (SFUNC = nosuch, STYPE = int);
## aggregate missing stype
CREATE AGGREGATE mysum (int) (SFUNC = int4pl);
## aggregate no sfunc
CREATE AGGREGATE mysum (int) (STYPE = int);
## aggregate missing finalfunc
CREATE AGGREGATE mysum (int) (SFUNC = int4pl, STYPE = int, FINALFUNC = nosuch);
## aggregate unknown stype
CREATE AGGREGATE mysum (int) (SFUNC = int4pl, STYPE = nosuchtype);
## aggregate twice
CREATE AGGREGATE mysum (int) (SFUNC = int4pl, STYPE = int); CREATE AGGREGATE mysum (int) (SFUNC = int4pl, STYPE = int);
## aggregate old syntax missing
CREATE AGGREGATE mysum (BASETYPE = int, SFUNC = nosuch, STYPE = int);
## plpgsql loop undeclared
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$BEGIN FOR r IN SELECT id FROM agents LOOP NULL; END LOOP; END$$;
## do loop undeclared
DO $$BEGIN FOR r IN SELECT id FROM agents LOOP NULL; END LOOP; END$$;
## do loop undeclared two
DO $$DECLARE a int; BEGIN FOR a, b IN SELECT id, n FROM agents LOOP NULL; END LOOP; END$$;
## do foreach undeclared
DO $$BEGIN FOREACH x IN ARRAY ARRAY[1,2] LOOP NULL; END LOOP; END$$;
## do raise count
DO $$BEGIN RAISE NOTICE '% %', 1; END$$;
## do raise too many
DO $$BEGIN RAISE NOTICE 'x', 1; END$$;
## do declare twice
DO $$DECLARE a int; a text; BEGIN NULL; END$$;
## do declare unknown type
DO $$DECLARE a nosuch; BEGIN NULL; END$$;
## do declare unknown rowtype
DO $$DECLARE a nosuch%ROWTYPE; BEGIN NULL; END$$;
## do declare unknown col type
DO $$DECLARE a agents.nosuch%TYPE; BEGIN NULL; END$$;
## function declare unknown type
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$DECLARE a nosuch; BEGIN NULL; END$$;
## function declare unknown rowtype
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$DECLARE a nosuch%ROWTYPE; BEGIN NULL; END$$;
## do exit outside
DO $$BEGIN EXIT; END$$;
## do continue outside
DO $$BEGIN CONTINUE; END$$;
## function return value void
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$BEGIN RETURN 1; END$$;
## function return without
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN; END$$;
## function return next
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN NEXT 1; END$$;
## do return value
DO $$BEGIN RETURN 1; END$$;
## do not null no default
DO $$DECLARE a int NOT NULL; BEGIN NULL; END$$;
## operator class of no extension
CREATE INDEX ON agents USING gin (name gin_trgm_ops);
## operator class of no extension, with a schema
CREATE INDEX ON agents USING gin (name public.gin_trgm_ops) WHERE n > 0;
## operator class of an expression
CREATE INDEX ON agents USING gin (lower(name) gin_trgm_ops);
## operator class of nobody
CREATE INDEX ON agents (name my_ops);
## alter constraint of a key
ALTER TABLE agents ALTER CONSTRAINT agents_pkey DEFERRABLE;
## alter constraint that is not there
ALTER TABLE goals ALTER CONSTRAINT nowhere DEFERRABLE;
## alter constraint both ways
ALTER TABLE goals ALTER CONSTRAINT goals_agent_id_fkey NOT DEFERRABLE INITIALLY DEFERRED;
## default set behind a new type
CREATE TABLE t (a text DEFAULT 'x'); ALTER TABLE t ALTER a TYPE int USING a::int, ALTER a SET DEFAULT 0;
## explain of what is not there
EXPLAIN SELECT * FROM nowhere;
## explain timing alone
EXPLAIN (TIMING) SELECT 1;
## explain of another statement
EXPLAIN ALTER TABLE agents ADD z int;
## event trigger without a function
CREATE EVENT TRIGGER own ON ddl_command_end EXECUTE FUNCTION nowhere();
## event trigger of another function
CREATE FUNCTION et() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE EVENT TRIGGER own ON ddl_command_end EXECUTE FUNCTION et();
## event trigger that is not there
DROP EVENT TRIGGER nowhere;
## event that is none
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$; CREATE EVENT TRIGGER own ON ddl_command EXECUTE FUNCTION et();
## event trigger that forbids
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; CREATE EVENT TRIGGER own ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION et(); ALTER TABLE agents ADD z int;
## event trigger whose function comes to forbid
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$; CREATE EVENT TRIGGER own ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION et(); CREATE OR REPLACE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$; ALTER TABLE agents ADD z int;
## function of an event trigger
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$; CREATE EVENT TRIGGER own ON ddl_command_end EXECUTE FUNCTION et(); DROP FUNCTION et();
## detach concurrently in a transaction
CREATE TABLE ev (id bigint) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (10); BEGIN; ALTER TABLE ev DETACH PARTITION ev1 CONCURRENTLY; COMMIT;
## detach concurrently beside a default
CREATE TABLE ev (id bigint) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (10); CREATE TABLE evd PARTITION OF ev DEFAULT; ALTER TABLE ev DETACH PARTITION ev1 CONCURRENTLY;
## more columns than a query gives
CREATE VIEW v AS SELECT 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100,101,102,103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,123,124,125,126,127,128,129,130,131,132,133,134,135,136,137,138,139,140,141,142,143,144,145,146,147,148,149,150,151,152,153,154,155,156,157,158,159,160,161,162,163,164,165,166,167,168,169,170,171,172,173,174,175,176,177,178,179,180,181,182,183,184,185,186,187,188,189,190,191,192,193,194,195,196,197,198,199,200,201,202,203,204,205,206,207,208,209,210,211,212,213,214,215,216,217,218,219,220,221,222,223,224,225,226,227,228,229,230,231,232,233,234,235,236,237,238,239,240,241,242,243,244,245,246,247,248,249,250,251,252,253,254,255,256,257,258,259,260,261,262,263,264,265,266,267,268,269,270,271,272,273,274,275,276,277,278,279,280,281,282,283,284,285,286,287,288,289,290,291,292,293,294,295,296,297,298,299,300,301,302,303,304,305,306,307,308,309,310,311,312,313,314,315,316,317,318,319,320,321,322,323,324,325,326,327,328,329,330,331,332,333,334,335,336,337,338,339,340,341,342,343,344,345,346,347,348,349,350,351,352,353,354,355,356,357,358,359,360,361,362,363,364,365,366,367,368,369,370,371,372,373,374,375,376,377,378,379,380,381,382,383,384,385,386,387,388,389,390,391,392,393,394,395,396,397,398,399,400,401,402,403,404,405,406,407,408,409,410,411,412,413,414,415,416,417,418,419,420,421,422,423,424,425,426,427,428,429,430,431,432,433,434,435,436,437,438,439,440,441,442,443,444,445,446,447,448,449,450,451,452,453,454,455,456,457,458,459,460,461,462,463,464,465,466,467,468,469,470,471,472,473,474,475,476,477,478,479,480,481,482,483,484,485,486,487,488,489,490,491,492,493,494,495,496,497,498,499,500,501,502,503,504,505,506,507,508,509,510,511,512,513,514,515,516,517,518,519,520,521,522,523,524,525,526,527,528,529,530,531,532,533,534,535,536,537,538,539,540,541,542,543,544,545,546,547,548,549,550,551,552,553,554,555,556,557,558,559,560,561,562,563,564,565,566,567,568,569,570,571,572,573,574,575,576,577,578,579,580,581,582,583,584,585,586,587,588,589,590,591,592,593,594,595,596,597,598,599,600,601,602,603,604,605,606,607,608,609,610,611,612,613,614,615,616,617,618,619,620,621,622,623,624,625,626,627,628,629,630,631,632,633,634,635,636,637,638,639,640,641,642,643,644,645,646,647,648,649,650,651,652,653,654,655,656,657,658,659,660,661,662,663,664,665,666,667,668,669,670,671,672,673,674,675,676,677,678,679,680,681,682,683,684,685,686,687,688,689,690,691,692,693,694,695,696,697,698,699,700,701,702,703,704,705,706,707,708,709,710,711,712,713,714,715,716,717,718,719,720,721,722,723,724,725,726,727,728,729,730,731,732,733,734,735,736,737,738,739,740,741,742,743,744,745,746,747,748,749,750,751,752,753,754,755,756,757,758,759,760,761,762,763,764,765,766,767,768,769,770,771,772,773,774,775,776,777,778,779,780,781,782,783,784,785,786,787,788,789,790,791,792,793,794,795,796,797,798,799,800,801,802,803,804,805,806,807,808,809,810,811,812,813,814,815,816,817,818,819,820,821,822,823,824,825,826,827,828,829,830,831,832,833,834,835,836,837,838,839,840,841,842,843,844,845,846,847,848,849,850,851,852,853,854,855,856,857,858,859,860,861,862,863,864,865,866,867,868,869,870,871,872,873,874,875,876,877,878,879,880,881,882,883,884,885,886,887,888,889,890,891,892,893,894,895,896,897,898,899,900,901,902,903,904,905,906,907,908,909,910,911,912,913,914,915,916,917,918,919,920,921,922,923,924,925,926,927,928,929,930,931,932,933,934,935,936,937,938,939,940,941,942,943,944,945,946,947,948,949,950,951,952,953,954,955,956,957,958,959,960,961,962,963,964,965,966,967,968,969,970,971,972,973,974,975,976,977,978,979,980,981,982,983,984,985,986,987,988,989,990,991,992,993,994,995,996,997,998,999,1000,1001,1002,1003,1004,1005,1006,1007,1008,1009,1010,1011,1012,1013,1014,1015,1016,1017,1018,1019,1020,1021,1022,1023,1024,1025,1026,1027,1028,1029,1030,1031,1032,1033,1034,1035,1036,1037,1038,1039,1040,1041,1042,1043,1044,1045,1046,1047,1048,1049,1050,1051,1052,1053,1054,1055,1056,1057,1058,1059,1060,1061,1062,1063,1064,1065,1066,1067,1068,1069,1070,1071,1072,1073,1074,1075,1076,1077,1078,1079,1080,1081,1082,1083,1084,1085,1086,1087,1088,1089,1090,1091,1092,1093,1094,1095,1096,1097,1098,1099,1100,1101,1102,1103,1104,1105,1106,1107,1108,1109,1110,1111,1112,1113,1114,1115,1116,1117,1118,1119,1120,1121,1122,1123,1124,1125,1126,1127,1128,1129,1130,1131,1132,1133,1134,1135,1136,1137,1138,1139,1140,1141,1142,1143,1144,1145,1146,1147,1148,1149,1150,1151,1152,1153,1154,1155,1156,1157,1158,1159,1160,1161,1162,1163,1164,1165,1166,1167,1168,1169,1170,1171,1172,1173,1174,1175,1176,1177,1178,1179,1180,1181,1182,1183,1184,1185,1186,1187,1188,1189,1190,1191,1192,1193,1194,1195,1196,1197,1198,1199,1200,1201,1202,1203,1204,1205,1206,1207,1208,1209,1210,1211,1212,1213,1214,1215,1216,1217,1218,1219,1220,1221,1222,1223,1224,1225,1226,1227,1228,1229,1230,1231,1232,1233,1234,1235,1236,1237,1238,1239,1240,1241,1242,1243,1244,1245,1246,1247,1248,1249,1250,1251,1252,1253,1254,1255,1256,1257,1258,1259,1260,1261,1262,1263,1264,1265,1266,1267,1268,1269,1270,1271,1272,1273,1274,1275,1276,1277,1278,1279,1280,1281,1282,1283,1284,1285,1286,1287,1288,1289,1290,1291,1292,1293,1294,1295,1296,1297,1298,1299,1300,1301,1302,1303,1304,1305,1306,1307,1308,1309,1310,1311,1312,1313,1314,1315,1316,1317,1318,1319,1320,1321,1322,1323,1324,1325,1326,1327,1328,1329,1330,1331,1332,1333,1334,1335,1336,1337,1338,1339,1340,1341,1342,1343,1344,1345,1346,1347,1348,1349,1350,1351,1352,1353,1354,1355,1356,1357,1358,1359,1360,1361,1362,1363,1364,1365,1366,1367,1368,1369,1370,1371,1372,1373,1374,1375,1376,1377,1378,1379,1380,1381,1382,1383,1384,1385,1386,1387,1388,1389,1390,1391,1392,1393,1394,1395,1396,1397,1398,1399,1400,1401,1402,1403,1404,1405,1406,1407,1408,1409,1410,1411,1412,1413,1414,1415,1416,1417,1418,1419,1420,1421,1422,1423,1424,1425,1426,1427,1428,1429,1430,1431,1432,1433,1434,1435,1436,1437,1438,1439,1440,1441,1442,1443,1444,1445,1446,1447,1448,1449,1450,1451,1452,1453,1454,1455,1456,1457,1458,1459,1460,1461,1462,1463,1464,1465,1466,1467,1468,1469,1470,1471,1472,1473,1474,1475,1476,1477,1478,1479,1480,1481,1482,1483,1484,1485,1486,1487,1488,1489,1490,1491,1492,1493,1494,1495,1496,1497,1498,1499,1500,1501,1502,1503,1504,1505,1506,1507,1508,1509,1510,1511,1512,1513,1514,1515,1516,1517,1518,1519,1520,1521,1522,1523,1524,1525,1526,1527,1528,1529,1530,1531,1532,1533,1534,1535,1536,1537,1538,1539,1540,1541,1542,1543,1544,1545,1546,1547,1548,1549,1550,1551,1552,1553,1554,1555,1556,1557,1558,1559,1560,1561,1562,1563,1564,1565,1566,1567,1568,1569,1570,1571,1572,1573,1574,1575,1576,1577,1578,1579,1580,1581,1582,1583,1584,1585,1586,1587,1588,1589,1590,1591,1592,1593,1594,1595,1596,1597,1598,1599,1600,1601,1602,1603,1604,1605,1606,1607,1608,1609,1610,1611,1612,1613,1614,1615,1616,1617,1618,1619,1620,1621,1622,1623,1624,1625,1626,1627,1628,1629,1630,1631,1632,1633,1634,1635,1636,1637,1638,1639,1640,1641,1642,1643,1644,1645,1646,1647,1648,1649,1650,1651,1652,1653,1654,1655,1656,1657,1658,1659,1660,1661,1662,1663,1664,1665;
