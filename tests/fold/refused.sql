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
## matview missing
CREATE MATERIALIZED VIEW v AS SELECT nope FROM agents;
## no language
CREATE FUNCTION f() RETURNS int AS 'SELECT 1';
## grant missing table
GRANT SELECT ON nowhere TO PUBLIC;
## comment column of nothing
COMMENT ON COLUMN agents.nope IS 'x';
## comment constraint missing
COMMENT ON CONSTRAINT nope ON agents IS 'x';
## reindex concurrently in tx
BEGIN; REINDEX INDEX CONCURRENTLY agents_pkey; COMMIT;
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
## insert dup column
INSERT INTO agents (id, id) VALUES (1, 2);
## update from missing
UPDATE agents SET n = 1 FROM nowhere w WHERE w.id = agents.id;
## delete using missing
DELETE FROM agents USING nowhere w WHERE w.id = agents.id;
## update missing returning
UPDATE agents SET n = 1 RETURNING nope;
## alter policy / rls columns
ALTER TABLE agents ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON agents USING (tenant = 1);
## drop rule missing
DROP RULE nope ON agents;
## drop trigger missing
DROP TRIGGER nope ON agents;
## create operator class missing
CREATE OPERATOR === (leftarg = int, rightarg = int, function = nope);
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
