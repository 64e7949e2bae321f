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
