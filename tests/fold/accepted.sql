## or replace more ok
CREATE VIEW v AS SELECT id FROM agents; CREATE OR REPLACE VIEW v AS SELECT id, name FROM agents;
## view on view ok
CREATE VIEW v AS SELECT id, name AS label FROM agents; CREATE VIEW w AS SELECT label FROM v;
## sql function bodies off
SET check_function_bodies = false; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM nowhere';
## comment type of enum ok
CREATE TYPE mood AS ENUM ('a'); COMMENT ON TYPE mood IS 'x'; COMMENT ON INDEX agents_pkey IS 'x'; COMMENT ON CONSTRAINT agents_pkey ON agents IS 'x';
## statistics ok
CREATE STATISTICS IF NOT EXISTS s (ndistinct) ON id, name FROM agents; ALTER STATISTICS s SET STATISTICS 100; DROP STATISTICS s; DROP STATISTICS IF EXISTS s;
## reindex ok
REINDEX INDEX agents_pkey; REINDEX TABLE agents; REINDEX (VERBOSE) TABLE public.goals;
## cluster ok
CLUSTER agents USING agents_pkey;
## merge ok
MERGE INTO agents AS t USING (SELECT 1 AS id, 'x' AS name) s ON s.id = t.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name);
## on conflict partial index where
CREATE UNIQUE INDEX i ON agents (n) WHERE n > 0; INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (n) WHERE n > 0 DO NOTHING;
## on conflict expression
CREATE UNIQUE INDEX i ON agents (lower(name)); INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (lower(name)) DO NOTHING;
## on conflict ok
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n; INSERT INTO agents (id) VALUES (1) ON CONFLICT DO NOTHING; INSERT INTO agents (id) VALUES (2) ON CONFLICT ON CONSTRAINT agents_pkey DO NOTHING; INSERT INTO agents (id,name) SELECT 3, 'x' ON CONFLICT (name) DO NOTHING;
## set local prefix ok
SET app.thing = 'x'; SET LOCAL lock_timeout = '5s'; SELECT set_config('app.x', 'y', false);
## text search ok
CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.english);
## notify listen
LISTEN x; NOTIFY x, 'y'; UNLISTEN *;
## begin in block
BEGIN; BEGIN; COMMIT; COMMIT;
## discard
DISCARD ALL;
## values bare
VALUES (1), (2);
## table bare
TABLE agents;
## common valid 1
CREATE VIEW v AS SELECT a.id, count(g.id) AS goals FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id;
## more of it
CREATE VIEW v AS WITH q AS (SELECT 1 AS x), z (y) AS (SELECT 2) SELECT * FROM q JOIN z ON q.x = z.y JOIN LATERAL (SELECT 1 AS one) l ON true;
## recursive
CREATE VIEW v AS WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM t WHERE n < 10) SELECT sum(n) AS s FROM t;
## recursive tree
CREATE TABLE nodes (id int PRIMARY KEY, parent_id int REFERENCES nodes, name text); CREATE VIEW v AS WITH RECURSIVE tree AS (SELECT id, parent_id, name, 1 AS depth, ARRAY[id] AS path FROM nodes WHERE parent_id IS NULL UNION ALL SELECT n.id, n.parent_id, n.name, t.depth + 1, t.path || n.id FROM nodes n JOIN tree t ON t.id = n.parent_id WHERE NOT n.id = ANY(t.path)) SELECT * FROM tree ORDER BY path;
## window
CREATE VIEW v AS SELECT id, row_number() OVER (PARTITION BY n ORDER BY name DESC NULLS LAST) AS rn, sum(n) OVER w AS s, lag(n, 1) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS l FROM agents WINDOW w AS (PARTITION BY n ORDER BY id);
## case
CREATE VIEW v AS SELECT id, CASE WHEN n > 3 THEN 'big' WHEN n IS NULL THEN NULL ELSE 'small' END AS size, CASE n WHEN 1 THEN 'a' END kind FROM agents;
## json
CREATE VIEW v AS SELECT a.meta->>'x' AS x, (a.meta->'y'->>'z')::int AS z, a.meta #>> '{a,b}' AS ab, a.meta ? 'k' AS has, jsonb_array_length(meta->'l') len FROM agents a WHERE meta @> '{"a":1}'::jsonb;
## lateral fn
CREATE VIEW v AS SELECT a.id, e.key, e.value FROM agents a, jsonb_each(a.meta) AS e WHERE e.key <> 'x';
## lateral fn col
CREATE VIEW v AS SELECT a.id, t.tag, t.ord FROM agents a CROSS JOIN LATERAL jsonb_array_elements_text(a.meta->'tags') WITH ORDINALITY AS t(tag, ord);
## generate_series
CREATE VIEW v AS SELECT d::date AS day, count(a.id) FROM generate_series('2024-01-01'::timestamptz, now(), interval '1 day') d LEFT JOIN agents a ON a.n = extract(doy FROM d) GROUP BY d;
## using
CREATE VIEW v AS SELECT id, name, body FROM agents JOIN goals USING (id);
## natural
CREATE VIEW v AS SELECT id, name, body FROM agents NATURAL JOIN goals;
## full join using
CREATE VIEW v AS SELECT * FROM agents FULL OUTER JOIN goals USING (id);
## subquery
CREATE VIEW v AS SELECT s.id, s.c FROM (SELECT agent_id AS id, count(*) AS c FROM goals GROUP BY agent_id HAVING count(*) > 1) s WHERE s.c > (SELECT avg(n) FROM agents);
## correlated
CREATE VIEW v AS SELECT a.id, (SELECT max(g.id) FROM goals g WHERE g.agent_id = a.id) AS last FROM agents a WHERE EXISTS (SELECT 1 FROM goals WHERE agent_id = a.id AND body IS NOT NULL);
## union
CREATE VIEW v AS SELECT id, name FROM agents UNION ALL SELECT id, body FROM goals ORDER BY name LIMIT 5;
## union paren
CREATE VIEW v AS (SELECT id FROM agents ORDER BY n LIMIT 1) UNION (SELECT id FROM goals) EXCEPT SELECT 3;
## distinct on
CREATE VIEW v AS SELECT DISTINCT ON (agent_id) agent_id, id, body FROM goals ORDER BY agent_id, id DESC;
## filter within
CREATE VIEW v AS SELECT count(*) FILTER (WHERE n > 1) AS c, percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS med, string_agg(name, ',' ORDER BY name) AS names, array_agg(DISTINCT name) AS d FROM agents;
## values from
CREATE VIEW v AS SELECT t.a, t.b FROM (VALUES (1, 'x'), (2, 'y')) AS t (a, b);
## column list
CREATE VIEW v (a, b) AS SELECT id, name FROM agents; CREATE VIEW w AS SELECT a, b FROM v;
## with options
CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM agents WHERE n > 0 WITH LOCAL CHECK OPTION;
## quoted
CREATE TABLE "Users" ("Id" int PRIMARY KEY, "createdAt" timestamptz, "user" text); CREATE VIEW "V" AS SELECT "Users"."Id", u."createdAt" AS "At" FROM "Users" JOIN "Users" u ON u."Id" = "Users"."Id" WHERE "Users"."user" = 'x';
## whole row
CREATE VIEW v AS SELECT row_to_json(a) AS j, to_jsonb(a.*) AS k, a.id FROM agents a;
## system columns
CREATE VIEW v AS SELECT id, ctid::text AS c, a.xmin::text AS x, tableoid::regclass AS t FROM agents a;
## at time zone etc
CREATE TABLE ev (id int, at timestamptz, d date, name text); CREATE VIEW v AS SELECT date_trunc('day', at AT TIME ZONE 'UTC') AS day, at::date AS dd, date '2024-01-01' AS lit, timestamp with time zone '2024-01-01' AS tz, interval '1' day AS i, name COLLATE "C" AS nm, d + interval '1 month' AS nx, cast(id AS numeric(10,2)) AS num, id::double precision AS dp, extract(year FROM at) AS y, substring(name FROM 1 FOR 3) AS sub, trim(both 'x' FROM name) AS tr, position('a' IN name) AS pos, overlay(name placing 'x' from 1) AS ov, name LIKE 'a%' ESCAPE '!' AS lk, (d, d) OVERLAPS (d, d) AS o, id BETWEEN 1 AND 3 AS b, name IS DISTINCT FROM 'x' AS isd FROM ev;
## nonreserved names
CREATE TABLE w (key text, value text, type text, date date, time time, status text, year int, zone text, position int, "order" int, data text, level int, range int, rows int, first int, last int, name text, text text, action text, day int, current int); CREATE VIEW v AS SELECT key, value, type, date, time, status, year, zone, position, "order", data, level, range, rows, first, last, name, text, action, day FROM w WHERE type = 'x' AND date > '2024-01-01' AND year = 1 AND value IS NOT NULL ORDER BY "order", first, last NULLS FIRST, rows;
## implicit aliases
CREATE VIEW v AS SELECT a.id agent, n "N", n + 1 plus, lower(name) low, 'x' lit, NULL nothing, a.n::text tx FROM agents AS a;
## nested join
CREATE VIEW v AS SELECT a.id, g.body FROM agents a LEFT JOIN (goals g INNER JOIN agents b ON b.id = g.agent_id) ON g.agent_id = a.id;
## subquery in join
CREATE VIEW v AS SELECT a.id, x.c FROM agents a LEFT JOIN (SELECT agent_id, count(*) AS c FROM goals GROUP BY 1) x ON x.agent_id = a.id LEFT JOIN LATERAL (SELECT g.body FROM goals g WHERE g.agent_id = a.id ORDER BY g.id DESC LIMIT 1) y ON TRUE;
## for update
SELECT a.id FROM agents a JOIN goals g ON g.agent_id = a.id WHERE a.n > 1 ORDER BY a.id FOR UPDATE OF a SKIP LOCKED;
## insert select with
WITH moved AS (DELETE FROM goals WHERE body = 'x' RETURNING *) INSERT INTO goals SELECT * FROM moved;
## with update
WITH a AS (SELECT id, row_number() OVER (PARTITION BY name ORDER BY n DESC NULLS LAST) AS rn FROM agents) DELETE FROM agents USING a WHERE a.id = agents.id AND a.rn > 1;
## update from
UPDATE goals g SET body = 'done' FROM agents a JOIN goals g2 ON g2.agent_id = a.id WHERE g.agent_id = a.id AND extract(epoch FROM now()) > 3;
## update multi
UPDATE agents SET (n, name) = (SELECT 1, 'z' FROM goals LIMIT 1), meta = jsonb_set(coalesce(meta, '{}'), '{a,b}', to_jsonb(n)) WHERE id IN (SELECT agent_id FROM goals) RETURNING id, agents.n;
## update sub correlate
UPDATE agents SET n = (SELECT count(*) FROM goals WHERE goals.agent_id = agents.id), meta['a'] = '1';
## insert where not exists
INSERT INTO agents (id, name) SELECT 1, 'x' WHERE NOT EXISTS (SELECT 1 FROM agents WHERE name = 'x');
## insert conflict where
INSERT INTO agents AS a (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, n = a.n + 1 WHERE a.name IS DISTINCT FROM excluded.name RETURNING *;
## insert default
INSERT INTO agents (id, n) VALUES (1, DEFAULT), (2, 3); INSERT INTO goals VALUES (1), (2);
## insert union
INSERT INTO agents (id, name) SELECT 10, 'a' UNION ALL SELECT 11, 'b';
## merge full
MERGE INTO agents USING (VALUES (1, 'x'), (2, 'y')) AS s (id, name) ON s.id = agents.id WHEN MATCHED AND s.name <> agents.name THEN UPDATE SET name = s.name, n = agents.n + 1 WHEN NOT MATCHED THEN INSERT (id, name, n) VALUES (s.id, s.name, DEFAULT) WHEN MATCHED THEN DO NOTHING;
## copy
COPY agents (id, name) TO '/dev/null';
## select fns
SELECT setval(pg_get_serial_sequence('agents', 'id'), 1) WHERE false;
## tablesample
SELECT a.id FROM agents a TABLESAMPLE SYSTEM (10) REPEATABLE (1), LATERAL (SELECT a.n AS m) x WHERE x.m > 0;
## grouping sets
CREATE VIEW v AS SELECT name, n, count(*) FROM agents GROUP BY GROUPING SETS ((name), (n), ()) ;
## rollup
CREATE VIEW v AS SELECT name, n, count(*), grouping(name) AS g FROM agents GROUP BY ROLLUP (name, n) HAVING count(*) > 0;
## order by alias
CREATE VIEW v AS SELECT id AS x, n + 1 AS y FROM agents ORDER BY x, y DESC;
## group by alias
CREATE VIEW v AS SELECT lower(name) AS low, count(*) AS c FROM agents GROUP BY low ORDER BY c;
## star with alias
CREATE VIEW v AS SELECT a.*, g.body FROM agents a, goals g WHERE g.agent_id = a.id;
## view * + or replace
CREATE VIEW v AS SELECT * FROM agents; CREATE OR REPLACE VIEW v AS SELECT *, 1 AS extra FROM agents; CREATE VIEW w AS SELECT extra, name FROM v;
## view drop recreate
CREATE VIEW v AS SELECT id FROM agents; DROP VIEW v; ALTER TABLE agents ADD x int; CREATE VIEW v AS SELECT x FROM agents;
## matview with no data
CREATE MATERIALIZED VIEW v AS SELECT id, name FROM agents WITH NO DATA; CREATE UNIQUE INDEX ON v (id);
## exists in select
CREATE VIEW v AS SELECT EXISTS (SELECT FROM goals g WHERE g.agent_id = a.id) AS has, ARRAY(SELECT g.id FROM goals g WHERE g.agent_id = a.id) AS ids, a.id = ANY (SELECT agent_id FROM goals) AS q FROM agents a;
## array ops
CREATE TABLE arr (id int, tags text[], m int[][]); CREATE VIEW v AS SELECT tags[1] AS t1, tags[1:2] AS sl, m[1][2] AS mm, cardinality(tags) AS c, 'x' = ANY(tags) AS h, ARRAY[id, 2]::int[] AS ar, tags || ARRAY['z']::text[] AS tt FROM arr;
## composite
CREATE TYPE addr AS (street text, zip int); CREATE TABLE ppl (id int, a addr); CREATE VIEW v AS SELECT (a).street AS s, (p.a).zip AS z, ((p.a)).zip + 1 AS z1 FROM ppl p;
## schema-qualified
CREATE SCHEMA app; CREATE TABLE app.t (id int, x text); CREATE VIEW app.v AS SELECT app.t.id, t.x FROM app.t; CREATE VIEW v2 AS SELECT v.id FROM app.v;
## more of it, 2
CREATE VIEW v AS SELECT id FROM agents a WHERE (n > 0) IS NOT TRUE OR (n > 1) IS UNKNOWN OR name ISNULL OR name NOTNULL;
## sql function
CREATE FUNCTION f(p_id int, p_name text DEFAULT 'x') RETURNS TABLE (id int, label text) LANGUAGE sql STABLE AS $$ SELECT a.id, a.name FROM agents a WHERE a.id = p_id AND a.name = f.p_name OR a.n = $1 $$;
## sql function insert
CREATE FUNCTION f(x int) RETURNS void LANGUAGE sql AS $$ INSERT INTO agents (id) VALUES (x) ON CONFLICT (id) DO NOTHING; UPDATE agents SET n = x WHERE id = x; DELETE FROM goals WHERE id = $1; $$;
## sql function self
CREATE FUNCTION f(a agents) RETURNS text LANGUAGE sql AS $$ SELECT a.name || (a).n::text $$;
## sql setof
CREATE FUNCTION f() RETURNS SETOF agents LANGUAGE sql STABLE AS $$ SELECT * FROM agents WHERE n > 0 $$; CREATE VIEW v AS SELECT x.id, x.name FROM f() x;
## sql fn trigger types
CREATE DOMAIN email AS text; CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION f(e email, m mood, a agents, r record) RETURNS mood LANGUAGE plpgsql AS $$ BEGIN RETURN m; END $$;
## fn pg types
CREATE FUNCTION f(a anyelement, b anyarray, VARIADIC c text[]) RETURNS anyelement LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
## fn event trigger, void, refcursor, regclass
CREATE FUNCTION f(r regclass, o oid, c refcursor, t timestamp with time zone, i interval, m int4multirange, b bit varying(3), x xml, u uuid[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
## comma join on scope
CREATE VIEW v AS SELECT a.id FROM agents a, goals g LEFT JOIN agents b ON b.id = g.agent_id WHERE a.id = g.agent_id;
## statistics
CREATE STATISTICS s (ndistinct, dependencies) ON id, name FROM agents; CREATE STATISTICS s2 ON (lower(name)) FROM agents; CREATE STATISTICS ON id, n FROM agents; ALTER STATISTICS s RENAME TO s3; COMMENT ON STATISTICS s3 IS 'x'; DROP STATISTICS s3, s2; DROP STATISTICS agents_id_n_stat;
## on conflict multi
CREATE TABLE m (a int, b int, c int, UNIQUE (a, b)); INSERT INTO m (a, b) VALUES (1, 2) ON CONFLICT (b, a) DO UPDATE SET c = m.c + excluded.c; CREATE UNIQUE INDEX ON m (c) WHERE c IS NOT NULL; INSERT INTO m (c) VALUES (1) ON CONFLICT (c) WHERE c IS NOT NULL DO NOTHING;
## on conflict after add
ALTER TABLE goals ADD CONSTRAINT q UNIQUE (agent_id, body); INSERT INTO goals (id, agent_id, body) SELECT id, id, name FROM agents ON CONFLICT ON CONSTRAINT q DO NOTHING; INSERT INTO goals (id) VALUES (99) ON CONFLICT (agent_id, body) DO NOTHING;
## returning old new
UPDATE agents SET n = 2 RETURNING old.n, new.n AS x, id;
## cte mat
WITH x AS MATERIALIZED (SELECT id FROM agents), y AS NOT MATERIALIZED (SELECT id FROM x) INSERT INTO goals (id) SELECT id FROM y;
## temp + insert
CREATE TEMP TABLE st (id int, name text); INSERT INTO st VALUES (1, 'x'); INSERT INTO agents (id, name) SELECT id, name FROM st; DROP TABLE st;
## ctas temp
CREATE TEMP TABLE st AS SELECT id FROM agents; DELETE FROM goals WHERE agent_id IN (SELECT id FROM st); DROP TABLE st;
## policy
CREATE TABLE members (agent_id int, user_id int); CREATE POLICY p ON agents USING (EXISTS (SELECT 1 FROM members m WHERE m.agent_id = agents.id AND m.user_id = current_setting('app.user')::int)); CREATE POLICY p2 ON agents FOR INSERT WITH CHECK (id IN (SELECT agent_id FROM members));
## explain style and lock
BEGIN; LOCK TABLE agents, goals IN ACCESS EXCLUSIVE MODE; SELECT count(*) FROM agents; COMMIT;
## fetch first, offset
SELECT id FROM agents ORDER BY id OFFSET 1 ROWS FETCH FIRST 3 ROWS ONLY;
## parenthesised from subquery union
CREATE VIEW v AS SELECT u.id FROM ((SELECT id FROM agents) UNION (SELECT id FROM goals)) u;
## join without alias repeated
CREATE VIEW v AS SELECT agents.id, goals.body, agents.name FROM agents INNER JOIN goals ON goals.agent_id = agents.id AND goals.id IN (SELECT id FROM goals) ORDER BY agents.name, body;
## string concat operators
UPDATE agents SET name = regexp_replace(lower(name), '[^a-z]+', '-', 'g') || '-' || substr(md5(id::text), 1, 6) WHERE name IS NULL;
## values with exprs
INSERT INTO agents (id, name, meta) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM agents), 'x', jsonb_build_object('a', array[1,2]));
## null typed
INSERT INTO goals SELECT a.id, NULL::int, a.name FROM agents AS a WHERE a.meta IS NULL;
## unnest
INSERT INTO agents (id, name) SELECT * FROM unnest(ARRAY[1,2], ARRAY['a','b']) AS t(id, name); INSERT INTO agents (id) SELECT x FROM unnest(ARRAY[3]) AS x; INSERT INTO agents (id) SELECT g FROM generate_series(10, 12) g; INSERT INTO agents(id) SELECT generate_series FROM generate_series(20,21);
## json_to_recordset
SELECT x.a FROM json_to_recordset('[{"a":1}]') AS x(a int, b text); SELECT a FROM jsonb_to_record('{"a":1}') AS (a int);
## delete using alias
DELETE FROM goals g USING goals g2 WHERE g.body = g2.body AND g.id > g2.id AND g.ctid <> g2.ctid;
## named args
CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a + b'; SELECT f(b => 2, a => 1); SELECT make_interval(days => 3);
## case star
SELECT count(*), sum(CASE WHEN n > 1 THEN 1 ELSE 0 END) AS s, max(n) - min(n) d FROM agents;
## interval forms
SELECT interval '1-2' year to month, interval '3' hour, time '10:00', timestamp '2024-01-01 00:00', now() - interval '1 day' * n FROM agents;
## is json, etc
SELECT meta::text IS JSON FROM agents;
## xml/json constructors
SELECT json_object('a': n), json_array(n, 1), json_arrayagg(n) FROM agents GROUP BY n;
## select star only
SELECT *, a.* FROM agents AS a LIMIT 10;
## cross lateral
SELECT a.id, l.x FROM agents a LEFT JOIN LATERAL jsonb_to_recordset(a.meta) AS l(x int, y text) ON l.x = a.n;
## group by ordinal; having alias
SELECT name, count(*) FROM agents GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC;
## operator()
SELECT n OPERATOR(pg_catalog.+) 1 FROM agents;
## updating view
CREATE VIEW v AS SELECT id, name FROM agents; UPDATE v SET name = 'x' WHERE id = 1; INSERT INTO v (id, name) VALUES (1, 'x'); DELETE FROM v WHERE id = 3;
## literals
CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE lits (m mood, u uuid, j jsonb, b boolean, n numeric, i bigint, t text, v varchar(3), d date, ar text[], ia int[], f float8, e mood[]); INSERT INTO lits VALUES ('a', '11111111-1111-1111-1111-111111111111', '{"a": 1}', 'yes', '1.5', ' 12 ', 'x', 'abc', '2024-01-01', '{a,b}', '{1,2}', '1e5', '{a}'), ('b', NULL, '[]', 't', 'NaN', '0', '', '', 'today', '{}', '{}', 'inf', '{}'); UPDATE lits SET m = 'b', j = 'null', b = 'off', i = '5', u = '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'; UPDATE lits SET u = 'A0EEBC999C0B4EF8BB6D6BB9BD380A11', i = '0x1F', n = '1_000';
## pg_dump header
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE TYPE public.status AS ENUM ('active', 'inactive');
ALTER TYPE public.status OWNER TO CURRENT_USER;
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END; $$;
CREATE FUNCTION public.later() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM public.users $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.users (id bigint NOT NULL, email character varying(255) DEFAULT ''::character varying NOT NULL, status public.status DEFAULT 'active'::public.status, created_at timestamp(6) without time zone NOT NULL, updated_at timestamp without time zone);
CREATE SEQUENCE public.users_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
CREATE VIEW public.active_users AS SELECT users.id, users.email FROM public.users WHERE (users.status = 'active'::public.status);
CREATE VIEW public.v2 AS
 SELECT id,
    email
   FROM public.users
  WHERE (((email)::text ~~ 'x%'::text) AND (id = ANY (ARRAY[(1)::bigint, (2)::bigint])));
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX index_users_on_email ON public.users USING btree (email);
CREATE TRIGGER t BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.touch();
COMMENT ON TABLE public.users IS 'x';
COMMENT ON COLUMN public.users.email IS 'y';
COMMENT ON FUNCTION public.touch() IS 'z';
GRANT SELECT ON TABLE public.users TO PUBLIC;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;
## rails structure
CREATE TABLE public.schema_migrations (version character varying NOT NULL);
CREATE TABLE public.ar_internal_metadata (key character varying NOT NULL, value character varying, created_at timestamp(6) without time zone NOT NULL, updated_at timestamp(6) without time zone NOT NULL);
ALTER TABLE ONLY public.ar_internal_metadata ADD CONSTRAINT ar_internal_metadata_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.schema_migrations ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
SET search_path TO "$user", public;
INSERT INTO "schema_migrations" (version) VALUES
('20240101000000'),
('20240102000000');
## rails fk
CREATE TABLE "posts" ("id" bigserial primary key, "user_id" bigint NOT NULL, "title" character varying, "body" text, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL, CONSTRAINT "fk_rails_1" FOREIGN KEY ("user_id") REFERENCES "agents" ("id")); CREATE INDEX "index_posts_on_user_id" ON "posts" ("user_id");
## django
BEGIN;
CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "password" varchar(128) NOT NULL, "last_login" timestamp with time zone NULL, "is_superuser" boolean NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "date_joined" timestamp with time zone NOT NULL);
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "auth_user_groups" ("id" bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "user_id" integer NOT NULL, "group_id" integer NOT NULL);
CREATE INDEX "auth_user_username_like" ON "auth_user" ("username" varchar_pattern_ops);
ALTER TABLE "auth_user_groups" ADD CONSTRAINT "uq" UNIQUE ("user_id", "group_id");
ALTER TABLE "auth_user_groups" ADD CONSTRAINT "fk" FOREIGN KEY ("user_id") REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED;
SET CONSTRAINTS "fk" IMMEDIATE; ALTER TABLE "auth_user_groups" DROP CONSTRAINT "fk";
ALTER TABLE "auth_user" ADD COLUMN "x" integer DEFAULT 0 NOT NULL CHECK ("x" >= 0); ALTER TABLE "auth_user" ALTER COLUMN "x" DROP DEFAULT;
COMMIT;
## alembic
BEGIN;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version (version_num) VALUES ('abc') RETURNING alembic_version.version_num;
UPDATE alembic_version SET version_num='def' WHERE alembic_version.version_num = 'abc';
CREATE TYPE color AS ENUM ('RED', 'BLUE');
CREATE TABLE thing (id SERIAL NOT NULL, c color, data JSON, at TIMESTAMP WITHOUT TIME ZONE DEFAULT now(), price NUMERIC(10, 2), PRIMARY KEY (id), UNIQUE (c));
CREATE INDEX ix_thing_c ON thing (c);
COMMIT;
## flyway-ish
CREATE TABLE IF NOT EXISTS flyway_schema_history (installed_rank INT NOT NULL, version VARCHAR(50), description VARCHAR(200) NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT now(), success BOOLEAN NOT NULL);
ALTER TABLE flyway_schema_history ADD CONSTRAINT flyway_pk PRIMARY KEY (installed_rank); CREATE INDEX flyway_s_idx ON flyway_schema_history (success);
SELECT COUNT(*) FROM flyway_schema_history WHERE success = true;
## knex
create table "users" ("id" serial primary key, "name" varchar(255), "kind" text check ("kind" in ('a', 'b')) not null default 'a', "created_at" timestamptz not null default CURRENT_TIMESTAMP); alter table "users" add constraint "users_name_unique" unique ("name"); create index "users_kind_index" on "users" ("kind"); comment on column "users"."name" is 'it''s';
## drizzle
CREATE TABLE IF NOT EXISTS "acct" ("id" serial PRIMARY KEY NOT NULL, "userId" integer NOT NULL, "meta" jsonb DEFAULT '{}'::jsonb NOT NULL); --> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "acct" ADD CONSTRAINT "acct_fk" FOREIGN KEY ("userId") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
## goose function
CREATE OR REPLACE FUNCTION notify_change() RETURNS TRIGGER AS $$
DECLARE
  payload JSON;
  i INT := 0;
BEGIN
  IF (TG_OP = 'DELETE') THEN
    payload = row_to_json(OLD);
  ELSE
    payload = row_to_json(NEW);
  END IF;
  CASE TG_OP WHEN 'INSERT' THEN i := 1; WHEN 'UPDATE' THEN i := 2; ELSE NULL; END CASE;
  <<outer>>
  FOR i IN 1..10 LOOP
    EXIT outer WHEN i > 5;
    CONTINUE WHEN i = 2;
  END LOOP outer;
  WHILE i < 3 LOOP i := i + 1; END LOOP;
  BEGIN
    PERFORM pg_notify('x', payload::text);
  EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'failed: %', SQLERRM;
  END;
  SELECT CASE WHEN i > 1 THEN 1 ELSE 2 END INTO i;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER agents_notify AFTER INSERT OR UPDATE OR DELETE ON agents FOR EACH ROW EXECUTE PROCEDURE notify_change();
## function with if exists ddl-like text and return query
CREATE FUNCTION search(q text) RETURNS TABLE (id int, name text, rank real) AS $fn$ BEGIN RETURN QUERY SELECT a.id, a.name, ts_rank(to_tsvector('english', a.name), plainto_tsquery(q)) FROM agents a WHERE a.name ILIKE '%' || q || '%' ORDER BY 3 DESC; IF NOT FOUND THEN RETURN; END IF; RETURN QUERY EXECUTE 'SELECT 1, ''x'', 1.0::real'; FOREACH q IN ARRAY ARRAY['a'] LOOP NULL; END LOOP; FOR id, name IN SELECT 1, 'x' LOOP RETURN NEXT; END LOOP; LOOP EXIT; END LOOP; END $fn$ LANGUAGE plpgsql STABLE;
## escapes
ALTER TABLE agents ADD c text DEFAULT E'a\x41b'; ALTER TABLE agents ADD d text DEFAULT U&'d\0061t';
## unicode E
ALTER TABLE agents ADD c text DEFAULT E'\u0041\n\101';
## insert with bytes
INSERT INTO agents (id, name) VALUES (1, E'\x41\u00e9'), (2, U&'\00e9');
## bytea default
CREATE TABLE blobs (id int, data bytea DEFAULT '\x00', b2 bytea DEFAULT E'\\x01');
## bit types
CREATE TABLE bits (a bit(3), b bit varying(5), c bit, d varbit, e varbit[], f bit(2)[]); CREATE INDEX ON bits (a); CREATE INDEX ON bits (b);
## multirange
CREATE TABLE mr (a int4multirange, b tstzmultirange, c datemultirange, d nummultirange[]); CREATE INDEX ON mr (a); CREATE INDEX ON mr USING gist (b);
## bit default
CREATE TABLE bd (d varbit DEFAULT B'101', e bit(3) DEFAULT B'101');
## bit default 2
CREATE TABLE bd (d int, e bit(3) DEFAULT '101');
## case default
ALTER TABLE agents ADD c text DEFAULT CASE WHEN current_user = 'x' THEN 'a' ELSE 'b' END;
## case check
ALTER TABLE agents ADD CONSTRAINT q CHECK (CASE WHEN n > 3 THEN name IS NOT NULL ELSE true END);
## case generated
ALTER TABLE agents ADD c text GENERATED ALWAYS AS (CASE WHEN n > 3 THEN 'big' ELSE 'small' END) STORED;
## do found
DO $$ BEGIN PERFORM 1 FROM pg_constraint WHERE conname = 'x'; IF NOT FOUND THEN ALTER TABLE agents ADD CONSTRAINT x CHECK (n < 100); END IF; END $$;
## do count
DO $$ DECLARE c int; BEGIN SELECT count(*) INTO c FROM information_schema.columns WHERE table_name = 'agents' AND column_name = 'extra'; IF c = 0 THEN ALTER TABLE agents ADD COLUMN extra int; END IF; END $$;
## do count inline
DO $$ BEGIN IF (SELECT count(*) FROM pg_class WHERE relname = 'nope') = 0 THEN ALTER TABLE agents ADD COLUMN extra int; END IF; END $$;
## do exists into
DO $$ DECLARE found_it boolean; BEGIN SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') INTO found_it; IF NOT found_it THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
## do assign exists
DO $$ DECLARE x boolean := EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood'); BEGIN IF NOT x THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
## do or
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname='nope') OR NOT EXISTS (SELECT 1 FROM pg_class WHERE relname='nope2') THEN ALTER TABLE agents ADD x int; END IF; END $$;
## matview index concurrently refresh
CREATE MATERIALIZED VIEW mv AS SELECT n, count(*) AS c FROM agents GROUP BY n WITH DATA; CREATE UNIQUE INDEX mv_n ON mv (n); REFRESH MATERIALIZED VIEW CONCURRENTLY mv;
## view drop column not dependent
CREATE VIEW v AS SELECT id FROM agents; ALTER TABLE agents DROP COLUMN meta;
## instead of trigger
CREATE VIEW v AS SELECT id FROM agents; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER t INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
## temp function sql
CREATE FUNCTION add_one(int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + 1'; ALTER TABLE agents ADD CHECK (add_one(n) > 0);
## set constraints
SET CONSTRAINTS ALL DEFERRED;
## unlogged
CREATE UNLOGGED TABLE u (id int); ALTER TABLE u SET LOGGED; ALTER TABLE u SET (fillfactor = 70, autovacuum_enabled = false); ALTER TABLE u ALTER id SET STATISTICS 100; ALTER TABLE u REPLICA IDENTITY FULL; ALTER TABLE u ALTER id SET STORAGE PLAIN;
## do found not there twice
ALTER TABLE agents ADD CONSTRAINT x CHECK (n < 100); DO $$ BEGIN PERFORM 1 FROM pg_constraint WHERE conname = 'x'; IF NOT FOUND THEN ALTER TABLE agents ADD CONSTRAINT y CHECK (n < 100); END IF; END $$;
## do select 1 into
DO $$ DECLARE v int; BEGIN SELECT 1 INTO v FROM pg_class WHERE relname = 'agents'; IF v IS NULL THEN CREATE TABLE other_agents (id int); END IF; IF v = 1 THEN ALTER TABLE agents ADD cc int; END IF; END $$;
## do count elsif
DO $$ DECLARE c integer := 0; BEGIN SELECT count(*) INTO c FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'agents'; IF c > 1 THEN DROP TABLE agents; ELSIF c >= 1 THEN ALTER TABLE agents ADD cc int; ELSE CREATE TABLE agents (id int); END IF; END $$;
## do and or not paren
DO $$ BEGIN IF (EXISTS (SELECT 1 FROM pg_class WHERE relname = 'nope') OR EXISTS (SELECT 1 FROM pg_class WHERE relname = 'agents')) AND NOT (EXISTS (SELECT 1 FROM pg_class WHERE relname = 'x')) THEN ALTER TABLE agents ADD cc int; END IF; END $$;
## do count and
DO $$ BEGIN IF (SELECT count(*) FROM pg_class WHERE relname = 'agents') = 1 AND (SELECT count(*) FROM information_schema.columns WHERE table_name = 'agents' AND column_name = 'zzz') = 0 THEN ALTER TABLE agents ADD zzz int; END IF; END $$;
## do into first
DO $$ DECLARE v int; BEGIN SELECT INTO v count(*) FROM pg_class WHERE relname = 'agents'; IF v = 1 THEN ALTER TABLE agents ADD zzz int; END IF; END $$;
## do same column name in count
DO $$ DECLARE c int; BEGIN SELECT count(conname) INTO c FROM pg_constraint WHERE conname = 'agents_pkey'; IF c = 1 THEN ALTER TABLE agents ADD zzz int; END IF; END $$;
## e escapes
ALTER TABLE agents ADD c text DEFAULT E'a\x41b\101\u00e9\U0001F600\'x\\y\n\t''z', ADD CONSTRAINT q CHECK (name <> E'\xc3\xa9'); UPDATE agents SET name = E'\x';
## u& string
ALTER TABLE agents ADD c text DEFAULT U&'d\0061t\+000061 \\ ''q''';
## u& name
CREATE TABLE U&"d\0061ta" (id int); ALTER TABLE data ADD U&"\0061b" int; ALTER TABLE agents ADD COLUMN U&"\0063c" int;
## bits in rows
CREATE TABLE bits (a int); INSERT INTO bits SELECT B'101'::int WHERE X'1F'::int > 3;
## bit default, 2
CREATE TABLE own (id int, b int DEFAULT B'1'::int);
## odd u escape alone
SELECT E'\q\8';
## drop rule if exists
DROP RULE IF EXISTS r ON agents; DROP RULE IF EXISTS r ON nowhere;
## mssql go
SELECT 1
GO
;
## subquery no alias old
SELECT x FROM (SELECT 1 AS x) WHERE x = 1;
## lateral in update
UPDATE agents a SET n = s.c FROM (SELECT agent_id, count(*) AS c FROM goals GROUP BY agent_id) s WHERE s.agent_id = a.id;
## exists in update
UPDATE goals SET body = agents.name FROM agents WHERE agents.id = goals.agent_id AND goals.body IS NULL;
## backfill batch
WITH batch AS (SELECT id FROM agents WHERE n IS NULL ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED) UPDATE agents SET n = 0 FROM batch WHERE agents.id = batch.id;
## dedupe
DELETE FROM goals a USING (SELECT min(ctid) AS ctid, body FROM goals GROUP BY body HAVING count(*) > 1) b WHERE a.body = b.body AND a.ctid <> b.ctid;
## seed
INSERT INTO agents (id, name, n, meta) VALUES (1, 'a', 1, '{}'), (2, 'b', DEFAULT, NULL) ON CONFLICT (name) DO UPDATE SET n = EXCLUDED.n, meta = agents.meta || EXCLUDED.meta, name = coalesce(EXCLUDED.name, agents.name) RETURNING id, (xmax = 0) AS inserted;
## jsonb path
UPDATE agents SET meta = jsonb_set(meta, ARRAY['a', 'b'], '1'::jsonb, true) WHERE meta @? '$.a' OR meta->'x' IS NOT NULL OR meta #> '{a,0}' = '1' OR NOT meta ?| array['b', 'c'];
## string agg
CREATE VIEW v AS SELECT g.agent_id, string_agg(DISTINCT g.body, ', ' ORDER BY g.body) AS bodies, array_agg(g.id ORDER BY g.id DESC) FILTER (WHERE g.id > 1) AS ids, bool_or(g.body IS NULL) AS any_null, jsonb_object_agg(g.id, g.body) AS o, jsonb_agg(jsonb_build_object('id', g.id, 'b', g.body) ORDER BY g.id) AS list FROM goals g GROUP BY g.agent_id;
## cte union rec
CREATE VIEW v AS WITH RECURSIVE r (id, lvl) AS (SELECT id, 1 FROM agents WHERE n = 0 UNION SELECT g.id, r.lvl + 1 FROM goals g JOIN r ON r.id = g.agent_id WHERE r.lvl < 5), f AS (SELECT DISTINCT id FROM r) SELECT f.id, (SELECT max(lvl) FROM r WHERE r.id = f.id) AS m FROM f;
## nested select alias same
CREATE VIEW v AS SELECT t.id, t.total FROM (SELECT a.id, (SELECT count(*) FROM goals g WHERE g.agent_id = a.id) AS total FROM agents a) t WHERE t.total > 0 ORDER BY t.total DESC NULLS LAST;
## crosstab-ish
CREATE VIEW v AS SELECT a.id, sum(CASE WHEN g.body = 'x' THEN 1 ELSE 0 END) AS x, count(g.*) AS c, max(g.id) OVER () AS mx FROM agents a LEFT JOIN goals g ON a.id = g.agent_id GROUP BY a.id, g.id;
## exists not exists intersect
CREATE VIEW v AS SELECT id FROM agents INTERSECT SELECT agent_id FROM goals EXCEPT ALL (SELECT id FROM agents WHERE n > 3 LIMIT 1);
## quoted alias
CREATE VIEW v AS SELECT a."name" AS "Agent Name", a.n "N" FROM "agents" a WHERE a."n" > 0 ORDER BY "Agent Name";
## dollar param function
CREATE FUNCTION up(uid int, nm text) RETURNS agents LANGUAGE sql AS $$ UPDATE agents SET name = nm WHERE id = uid RETURNING * $$;
## function out params
CREATE FUNCTION o(OUT a int, OUT b text) LANGUAGE sql AS $$ SELECT id, name FROM agents LIMIT 1 $$;
## function setof record
CREATE FUNCTION rr() RETURNS SETOF record LANGUAGE sql AS $$ SELECT id, name FROM agents $$; SELECT x.a FROM rr() AS x(a int, b text);
## function array ret
CREATE FUNCTION ids() RETURNS int[] LANGUAGE sql STABLE AS $$ SELECT array_agg(id) FROM agents $$;
## function void two statements
CREATE FUNCTION clean() RETURNS void LANGUAGE sql AS $$ DELETE FROM goals WHERE body IS NULL; TRUNCATE goals; $$;
## function domain return
CREATE DOMAIN em AS text; CREATE FUNCTION e() RETURNS em LANGUAGE sql AS $$ SELECT 'x'::em $$;
## plpgsql label and case
CREATE FUNCTION p() RETURNS int LANGUAGE plpgsql AS $$ #variable_conflict use_column
<<main>> DECLARE a int; c CURSOR (k int) FOR SELECT id FROM agents WHERE id = k; BEGIN a := CASE WHEN true THEN 1 ELSE 2 END; IF a > 1 THEN RETURN 1; ELSIF a = 0 THEN BEGIN RETURN 2; EXCEPTION WHEN others THEN RETURN 3; END; ELSE NULL; END IF; FOR r IN c(1) LOOP NULL; END LOOP; DROP TABLE IF EXISTS tmp_x; CREATE TEMP TABLE IF NOT EXISTS tmp_x (id int) ON COMMIT DROP; RETURN CASE a WHEN 1 THEN 5 END; END main $$;
## generated col in view
ALTER TABLE agents ADD g int GENERATED ALWAYS AS (n * 2) STORED; CREATE VIEW v AS SELECT g, id FROM agents; INSERT INTO agents (id, n) VALUES (7, 1);
## values in cte
WITH v (id, name) AS (VALUES (1, 'a'), (2, 'b')) INSERT INTO agents (id, name) SELECT v.id, v.name FROM v LEFT JOIN agents a ON a.id = v.id WHERE a.id IS NULL;
## insert overriding
CREATE TABLE c (id int GENERATED ALWAYS AS IDENTITY, x int); INSERT INTO c (id, x) OVERRIDING SYSTEM VALUE VALUES (1, 1); INSERT INTO c DEFAULT VALUES; INSERT INTO c (x) SELECT x FROM c; INSERT INTO c VALUES (DEFAULT, 3);
## identity select
CREATE TABLE c (id int GENERATED BY DEFAULT AS IDENTITY, x int); INSERT INTO c (id, x) SELECT 1, 2;
## update generated default
ALTER TABLE agents ADD g int GENERATED ALWAYS AS (n * 2) STORED; UPDATE agents SET g = DEFAULT, n = 3;
## user defined agg & operator use
CREATE AGGREGATE my_sum(int) (sfunc = int4pl, stype = int, initcond = '0'); CREATE VIEW v AS SELECT my_sum(n) AS s FROM agents;
## coll for
SELECT collation for (name), name COLLATE "C" FROM agents ORDER BY name COLLATE "C" DESC;
## any all
SELECT id FROM agents WHERE id = ALL (SELECT agent_id FROM goals) OR name LIKE ANY (ARRAY['a%', 'b%']) OR n > SOME (ARRAY[1, 2]);
## row compare
SELECT id FROM agents WHERE (id, n) > (1, 2) AND (id, name) = (SELECT g.id, g.body FROM goals g LIMIT 1) AND ROW(id) IS NOT NULL;
## overlaps, between symmetric
SELECT 1 WHERE (now(), now()) OVERLAPS (now(), interval '1 day') AND 3 BETWEEN SYMMETRIC 5 AND 1;
## zone
SELECT now() AT TIME ZONE 'UTC' AT LOCAL, (now() AT TIME ZONE 'UTC')::date, extract(epoch FROM now() - interval '1 day') FROM agents a;
## partitions by range, with all that they have from above
DROP TABLE goals; CREATE TABLE goals (id bigint NOT NULL, agent_id int REFERENCES agents ON DELETE CASCADE, at timestamptz NOT NULL DEFAULT now(), kind text CHECK (kind IN ('a', 'b')), PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE INDEX goals_kind ON goals (kind, at DESC); CREATE TABLE goals_1 PARTITION OF goals FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); CREATE TABLE goals_2 PARTITION OF public.goals FOR VALUES FROM ('2024-02-01') TO (MAXVALUE) WITH (fillfactor = 70); CREATE TABLE goals_rest PARTITION OF goals DEFAULT; ALTER TABLE goals ADD COLUMN more text NOT NULL DEFAULT 'x', ADD CONSTRAINT goals_more CHECK (more <> ''); CREATE UNIQUE INDEX ON goals (agent_id, at); ALTER TABLE goals RENAME COLUMN kind TO sort; ALTER TABLE goals DROP COLUMN agent_id; DROP TABLE goals_2;
## a partition that is asked for
DROP TABLE goals; CREATE TABLE own (id int NOT NULL, name text DEFAULT 'x', agent_id int REFERENCES agents, CHECK (id > 0), UNIQUE (id)) PARTITION BY LIST (id); CREATE INDEX ON own (name); CREATE TABLE goals PARTITION OF own FOR VALUES IN (1, 2, NULL); CREATE TABLE rest PARTITION OF own DEFAULT; ALTER TABLE own ALTER name SET NOT NULL, ALTER name SET DEFAULT 'y'; ALTER TABLE goals ADD CHECK (name <> ''); CREATE INDEX ON goals (agent_id);
## partitions of enums, by hash, of days, of numbers below zero
CREATE TYPE mood AS ENUM ('good', 'it''s'); DROP TABLE goals; DROP TABLE agents; CREATE TABLE agents (id uuid, m mood, d date, n bigint, s smallint, b boolean) PARTITION BY LIST (m); CREATE TABLE a1 PARTITION OF agents FOR VALUES IN ('good') PARTITION BY HASH (id); CREATE TABLE a11 PARTITION OF a1 FOR VALUES WITH (MODULUS 2, REMAINDER 1); CREATE TABLE a2 PARTITION OF agents FOR VALUES IN ('it''s', NULL) PARTITION BY RANGE (d, n); CREATE TABLE a21 PARTITION OF a2 FOR VALUES FROM ('2024-01-01', MINVALUE) TO ('2024-01-01', -5); CREATE TABLE a3 PARTITION OF agents DEFAULT PARTITION BY LIST (s); CREATE TABLE a31 PARTITION OF a3 FOR VALUES IN (-1, 2) PARTITION BY LIST (b); CREATE TABLE a311 PARTITION OF a31 FOR VALUES IN (true); CREATE TABLE a312 PARTITION OF a31 DEFAULT PARTITION BY RANGE (n); CREATE TABLE a3121 PARTITION OF a312 FOR VALUES FROM (5) TO (10);
## as a dump has it
DROP TABLE goals; CREATE TABLE goals (id integer NOT NULL, at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE goals_1 (id integer NOT NULL, at date NOT NULL); ALTER TABLE ONLY public.goals ATTACH PARTITION public.goals_1 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); ALTER TABLE ONLY goals ADD CONSTRAINT goals_pkey PRIMARY KEY (id, at); ALTER TABLE ONLY goals_1 ADD CONSTRAINT goals_1_pkey PRIMARY KEY (id, at); CREATE INDEX goals_at ON ONLY goals USING btree (at); CREATE INDEX goals_1_at_idx ON goals_1 USING btree (at); ALTER INDEX goals_at ATTACH PARTITION goals_1_at_idx; ALTER INDEX goals_pkey ATTACH PARTITION goals_1_pkey;
## an index that not all partitions have
DROP TABLE goals; CREATE TABLE goals (id int) PARTITION BY LIST (id); CREATE TABLE g1 PARTITION OF goals DEFAULT; CREATE INDEX i ON ONLY goals (id);
## attached with what it has, and detached with all that it had
DROP TABLE goals; CREATE TABLE goals (id int PRIMARY KEY, n int CONSTRAINT c CHECK (n > 0), agent_id int REFERENCES agents) PARTITION BY RANGE (id); CREATE TABLE own (n int CONSTRAINT c CHECK (n > 0), agent_id int REFERENCES agents, id int UNIQUE PRIMARY KEY); ALTER TABLE goals ATTACH PARTITION own FOR VALUES FROM (MINVALUE) TO (100); CREATE TABLE more PARTITION OF goals FOR VALUES FROM (100) TO (200); ALTER TABLE goals DETACH PARTITION more; ALTER TABLE more ADD x int, DROP CONSTRAINT c; ALTER TABLE more RENAME COLUMN n TO m;
## a trigger on a partitioned table
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; DROP TABLE goals; CREATE TABLE own (id int, at date) PARTITION BY RANGE (at); CREATE TRIGGER t BEFORE UPDATE ON own FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER u AFTER UPDATE ON own EXECUTE FUNCTION f(); CREATE TABLE goals PARTITION OF own DEFAULT; CREATE TRIGGER v BEFORE INSERT ON own FOR EACH ROW EXECUTE FUNCTION f(); DROP TRIGGER t ON own;
## a partitioned table that goes
DROP TABLE goals; CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE goals PARTITION OF own DEFAULT; CREATE TABLE more PARTITION OF own FOR VALUES IN (1); DROP TABLE own; CREATE TABLE goals (id int); CREATE TABLE more (id int);
## heirs
CREATE TABLE own (x int DEFAULT 1, CHECK (n < 9)) INHERITS (agents); CREATE TABLE more () INHERITS (own, agents); ALTER TABLE agents ADD COLUMN y int DEFAULT 2; ALTER TABLE agents ADD CONSTRAINT c CHECK (y > 0); ALTER TABLE agents ADD CHECK (n <> 7) NO INHERIT; ALTER TABLE agents ALTER n SET DEFAULT 5; ALTER TABLE ONLY agents ALTER y SET DEFAULT 3; CREATE UNIQUE INDEX ON own (id);
## heirs that come and go
CREATE TABLE own (body text, id int PRIMARY KEY, agent_id int REFERENCES agents, more int); ALTER TABLE own INHERIT goals; ALTER TABLE goals RENAME COLUMN body TO content; ALTER TABLE goals ADD CONSTRAINT c CHECK (content <> ''); ALTER TABLE own NO INHERIT goals; ALTER TABLE own DROP CONSTRAINT c, DROP COLUMN content; CREATE TABLE last () INHERITS (goals); ALTER TABLE ONLY goals DROP COLUMN agent_id; ALTER TABLE last DROP COLUMN agent_id; DROP TABLE goals CASCADE;
## an heir that is asked for
CREATE TABLE own (id int NOT NULL, name text DEFAULT 'x', CONSTRAINT c CHECK (id > 0)); DROP TABLE goals; CREATE TABLE goals (name text DEFAULT 'y', extra int CHECK (extra > id), UNIQUE (name)) INHERITS (own); ALTER TABLE own DROP CONSTRAINT c; ALTER TABLE own DROP COLUMN name;
## of a query 1
CREATE TABLE t AS SELECT id, name FROM agents;
## of a query 2
CREATE TABLE t AS SELECT * FROM agents;
## of a query 3
CREATE TABLE t AS TABLE agents;
## of a query 4
CREATE TABLE t AS SELECT id::bigint AS big, name::varchar(20) FROM agents;
## of a query 5
CREATE TABLE t AS SELECT 'x' AS a, 1 AS b, 2.5 AS c, true AS d, NULL AS e, 5000000000 AS f, now() AS g FROM agents;
## of a query 6
CREATE TABLE t AS SELECT count(*) FROM agents;
## of a query 7
CREATE TABLE t AS SELECT n, count(*) AS many FROM agents GROUP BY n;
## of a query 8
CREATE TABLE t (a, b) AS SELECT id, name FROM agents;
## of a query 9
CREATE TABLE t (a) AS SELECT id, name FROM agents;
## of a query 10
CREATE TABLE t AS SELECT a.id, g.body FROM agents a JOIN goals g ON g.agent_id = a.id;
## of a query 11
CREATE TABLE t AS SELECT a.*, g.body FROM agents a LEFT JOIN goals g ON g.agent_id = a.id WITH NO DATA;
## of a query 12
CREATE TABLE t AS SELECT s.x FROM (SELECT id AS x FROM agents) s;
## of a query 13
CREATE TABLE t AS WITH w AS (SELECT id, 'z' AS k FROM agents) SELECT * FROM w;
## of a query 14
CREATE TEMP TABLE t AS SELECT id FROM agents; ALTER TABLE t ADD PRIMARY KEY (id); DROP TABLE t;
## of a query 15
CREATE TABLE t AS SELECT id, name FROM agents WITH DATA; ALTER TABLE t ADD PRIMARY KEY (id); CREATE INDEX ON t (name); ALTER TABLE t ALTER name SET NOT NULL;
## of a query 16
SELECT id, name INTO t FROM agents; ALTER TABLE t ADD CHECK (id > 0);
## of a query 17
SELECT * INTO TEMP TABLE t FROM agents; DROP TABLE t;
## of a query 18
SELECT id AS x, name INTO TABLE t FROM agents WHERE n > 1;
## of a query 20
CREATE TABLE t AS SELECT id FROM agents UNION ALL SELECT id FROM goals;
## of a query 21
CREATE UNLOGGED TABLE t AS SELECT meta FROM agents;
## of a query 22
CREATE TABLE IF NOT EXISTS agents AS SELECT 1 AS x;
## of a query 23
CREATE TABLE t WITH (fillfactor=70) AS SELECT id FROM agents;
## of a query 24
CREATE TABLE agents2 AS SELECT * FROM agents; DROP TABLE goals; DROP TABLE agents; ALTER TABLE agents2 RENAME TO agents; ALTER TABLE agents ADD PRIMARY KEY (id);
## of a query 25
CREATE TABLE t AS SELECT n::text FROM agents;
## of a query 26
CREATE TABLE t AS SELECT n::text, 'x'::text AS y, current_date, current_timestamp FROM agents;
## of a query 27
CREATE TABLE t AS SELECT 1;
## of a query 28
CREATE TABLE t AS SELECT 'x', 1 AS b;
## of a query 34
CREATE TABLE c (a text COLLATE "C", b varchar(5), c char(3), d numeric(10,2), e timestamptz(3), f int[], g uuid DEFAULT gen_random_uuid() NOT NULL); CREATE TABLE t AS SELECT b, c, d, e, f, g FROM c;
## of a query 36
CREATE TYPE mood AS ENUM ('a'); CREATE TABLE c (m mood, ms mood[]); CREATE TABLE t AS SELECT m, ms, 'a'::mood AS k FROM c;
## of a query 37
CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE c (m d NOT NULL); CREATE TABLE t AS SELECT m FROM c;
## of a query 38
CREATE TABLE c (id serial, k bigint GENERATED ALWAYS AS IDENTITY, g int GENERATED ALWAYS AS (1) STORED); CREATE TABLE t AS SELECT * FROM c;
## of a query 39
CREATE VIEW v AS SELECT id, 'x' AS y, count(*) AS c FROM agents GROUP BY id; CREATE TABLE t AS SELECT * FROM v;
## of a query 40
CREATE VIEW v AS SELECT id, name FROM agents; CREATE OR REPLACE VIEW v AS SELECT id, name, 1 AS one FROM agents; CREATE TABLE t AS SELECT * FROM v;
## of a query 41
CREATE MATERIALIZED VIEW m AS SELECT id, count(*) AS c FROM agents GROUP BY id; CREATE TABLE t AS SELECT * FROM m; CREATE UNIQUE INDEX ON m (id);
## of a query 47
CREATE TABLE agents_copy AS SELECT * FROM agents ORDER BY id LIMIT 5;
## of a query 48
CREATE TABLE t AS SELECT DISTINCT n FROM agents;
## of a query 49
CREATE TABLE t AS SELECT DISTINCT ON (n) n, id FROM agents ORDER BY n, id;
## of a query 50
BEGIN; CREATE TEMP TABLE t ON COMMIT DROP AS SELECT id FROM agents; UPDATE agents SET n = 1 FROM t WHERE t.id = agents.id; COMMIT;
## of a query 53
CREATE SCHEMA app; CREATE TABLE app.t AS SELECT id FROM agents; ALTER TABLE app.t SET SCHEMA public;
## of a query 54
SELECT 1 INTO t;
## of a query 55
INSERT INTO goals (id) SELECT id FROM agents;
## of a query 64
CREATE TABLE t AS SELECT id FROM agents; ALTER TABLE t ADD PRIMARY KEY (id); ALTER TABLE goals ADD FOREIGN KEY (agent_id) REFERENCES t;
## of a query 67
CREATE TABLE t AS (SELECT id FROM agents);
## of a query 68
CREATE TABLE t AS SELECT id "Id", name "Name" FROM agents;
## of a query 70
CREATE TABLE t AS SELECT a.id AS id, b.n AS n FROM agents AS a, agents AS b;
## of a query 72
CREATE TABLE t AS SELECT id AS a_name_that_is_longer_than_sixty_three_bytes_and_is_cut_by_postgres_itself FROM agents;
## where it may stand 1
SELECT count(*) FROM agents;
## where it may stand 2
SELECT n, count(*) FROM agents GROUP BY n HAVING count(*) > 1;
## where it may stand 3
SELECT id FROM agents WHERE n > (SELECT avg(n) FROM agents);
## where it may stand 4
UPDATE agents SET n = (SELECT count(*) FROM goals WHERE goals.agent_id = agents.id);
## where it may stand 5
UPDATE agents SET n = s.c FROM (SELECT agent_id, count(*) AS c FROM goals GROUP BY agent_id) s WHERE s.agent_id = agents.id;
## where it may stand 6
DELETE FROM agents WHERE id NOT IN (SELECT min(id) FROM agents GROUP BY name);
## where it may stand 7
DELETE FROM agents WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY name ORDER BY id) AS r FROM agents) x WHERE r > 1);
## where it may stand 10
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = greatest(agents.n, excluded.n);
## where it may stand 11
INSERT INTO agents (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = (SELECT count(*) FROM goals);
## where it may stand 12
SELECT sum(n) OVER (ORDER BY id) FROM agents;
## where it may stand 13
SELECT sum(sum(n)) OVER (), name FROM agents GROUP BY name;
## where it may stand 14
SELECT max(count(*)) OVER () FROM agents GROUP BY n;
## where it may stand 15
SELECT avg(count) FROM (SELECT count(*) AS count FROM agents GROUP BY n) s;
## where it may stand 16
SELECT a.id FROM agents a JOIN LATERAL (SELECT max(g.id) AS m FROM goals g WHERE g.agent_id = a.id) x ON x.m > 1;
## where it may stand 17
SELECT a.id FROM agents a JOIN goals g ON g.id = (SELECT max(id) FROM goals WHERE agent_id = a.id);
## where it may stand 19
SELECT (SELECT count(*) FROM goals WHERE agent_id = agents.id) AS c FROM agents WHERE n > 1 GROUP BY id;
## where it may stand 20
CREATE FUNCTION max(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a > b'; SELECT id FROM agents WHERE max(name, 'x');
## where it may stand 21
SELECT name FROM agents GROUP BY name ORDER BY max(n);
## where it may stand 22
SELECT string_agg(name, ',' ORDER BY n) FROM agents;
## where it may stand 23
SELECT array_agg(DISTINCT n) FROM agents;
## where it may stand 24
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM agents;
## where it may stand 25
SELECT count(*) FILTER (WHERE n > 1) FROM agents;
## where it may stand 26
SELECT coalesce(sum(n), 0) FROM agents;
## where it may stand 27
SELECT jsonb_agg(jsonb_build_object('a', n)) FROM agents;
## where it may stand 28
SELECT json_agg(x) FROM (SELECT count(*) AS c FROM agents) x;
## where it may stand 29
WITH c AS (SELECT max(n) AS m FROM agents) DELETE FROM agents USING c WHERE n < c.m;
## where it may stand 30
SELECT max FROM (SELECT max(n) FROM agents) s WHERE max > 1;
## where it may stand 31
SELECT id FROM agents WHERE n = ANY (SELECT max(n) FROM agents);
## where it may stand 32
SELECT id FROM agents WHERE n = ANY (ARRAY(SELECT max(n) FROM agents));
## where it may stand 33
MERGE INTO agents a USING (SELECT agent_id, count(*) AS c FROM goals GROUP BY agent_id) s ON s.agent_id = a.id WHEN MATCHED THEN UPDATE SET n = s.c;
## where it may stand 45
CREATE INDEX ON agents USING gin ((meta->'a')); CREATE INDEX ON agents USING gin ((meta->'a') jsonb_path_ops); CREATE INDEX ON agents ((meta->>'a') DESC NULLS LAST);
## where it may stand 46
ALTER TABLE agents SET (fillfactor = 90);
## where it may stand 47
ALTER TABLE agents SET (autovacuum_enabled = off, toast.autovacuum_enabled = off);
## where it may stand 49
CREATE TABLE t (a int) WITH (oids = false);
## where it may stand 50
ALTER TABLE agents ALTER COLUMN name SET (n_distinct = -0.5); ALTER TABLE agents ALTER COLUMN name RESET (n_distinct); ALTER TABLE agents ALTER COLUMN name SET STATISTICS 500;
## where it may stand 52
ALTER TABLE agents SET LOGGED; ALTER TABLE agents SET WITHOUT CLUSTER;
## where it may stand 53
ALTER TABLE agents SET ("fillfactor" = 80);
## where it may stand 54
ALTER TABLE agents SET (FILLFACTOR = 80);
## where it may stand 55
ALTER TABLE agents SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
## where it may stand 56
ALTER INDEX agents_pkey SET (fillfactor = 80); ALTER INDEX agents_pkey RESET (fillfactor);
## where it may stand 58
CREATE VIEW v WITH (security_barrier) AS SELECT id FROM agents; ALTER VIEW v SET (security_barrier = false, check_option = local); ALTER VIEW v RESET (security_barrier);
## where it may stand 59
CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM agents;
## where it may stand 61
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT id FROM agents; ALTER MATERIALIZED VIEW m SET (fillfactor = 80);
## where it may stand 62
CREATE TABLE t (a int, UNIQUE (a) WITH (fillfactor = 70), b int PRIMARY KEY WITH (fillfactor = 80));
## where it may stand 64
CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2) WITH (fillfactor = 70);
## where it may stand 67
SHOW TRANSACTION ISOLATION LEVEL; SHOW SESSION AUTHORIZATION; SHOW TIME ZONE;
## where it may stand 69
SHOW server_encoding; SHOW data_checksums; SHOW wal_level; SHOW ssl; SHOW config_file; SHOW max_connections;
## where it may stand 70
SET app.tenant = 'x'; SHOW app.tenant; RESET app.tenant;
## where it may stand 71
BEGIN; LOCK TABLE agents; LOCK TABLE ONLY agents, goals IN SHARE ROW EXCLUSIVE MODE NOWAIT; LOCK agents IN SHARE MODE; COMMIT;
## where it may stand 73
CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY, n int); UPDATE t SET id = 5;
## where it may stand 75
CREATE TABLE t (id int, g int GENERATED ALWAYS AS (id * 2) STORED); UPDATE t SET g = DEFAULT, id = 1;
## grouped 3
SELECT * FROM agents GROUP BY id;
## grouped 4
SELECT a.* FROM agents a GROUP BY a.id;
## grouped 5
SELECT a.*, count(g.id) FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id;
## grouped 7
SELECT a.*, g.body, count(g.id) FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id, g.id;
## grouped 8
SELECT name FROM agents GROUP BY name ORDER BY count(*) DESC;
## grouped 11
SELECT count(*) AS n FROM agents ORDER BY n;
## grouped 12
SELECT max(n) AS id FROM agents ORDER BY id;
## grouped 14
SELECT name AS x FROM agents GROUP BY x;
## grouped 16
SELECT date_trunc('day', now()), n FROM agents GROUP BY 1, 2;
## grouped 18
SELECT n, name, count(*) FROM agents GROUP BY (n, name);
## grouped 19
SELECT n, name, count(*) FROM agents GROUP BY (n), name;
## grouped 20
SELECT n, name, count(*) FROM agents GROUP BY ROLLUP (n, name);
## grouped 21
SELECT n, name, count(*) FROM agents GROUP BY GROUPING SETS ((n), (name));
## grouped 22
SELECT n, name, count(*) FROM agents GROUP BY CUBE (n, name);
## grouped 23
SELECT n, count(*) FROM agents GROUP BY DISTINCT n;
## grouped 24
SELECT coalesce(name, 'x'), count(*) FROM agents GROUP BY coalesce(name, 'x');
## grouped 25
SELECT coalesce(name, 'x'), count(*) FROM agents GROUP BY name;
## grouped 27
SELECT CASE WHEN n > 1 THEN 'a' ELSE 'b' END AS k, count(*) FROM agents GROUP BY k;
## grouped 28
SELECT CASE WHEN n > 1 THEN 'a' ELSE 'b' END AS k, count(*) FROM agents GROUP BY CASE WHEN n > 1 THEN 'a' ELSE 'b' END;
## grouped 30
SELECT count(*) > 1, bool_and(n > 1) FROM agents;
## grouped 32
SELECT meta->>'a' AS k, count(*) FROM agents GROUP BY meta->>'a';
## grouped 33
SELECT meta->>'a' AS k, count(*) FROM agents GROUP BY k;
## grouped 34
SELECT meta->>'a' AS k, count(*) FROM agents GROUP BY meta;
## grouped 36
SELECT id, row_number() OVER (PARTITION BY name ORDER BY n) FROM agents;
## grouped 37
SELECT name, row_number() OVER (ORDER BY count(*)) FROM agents GROUP BY name;
## grouped 40
SELECT name, sum(n) OVER (), count(*) FROM agents GROUP BY name, n;
## grouped 41
SELECT name, rank() OVER w FROM agents WINDOW w AS (ORDER BY n);
## grouped 42
SELECT string_agg(name, ',' ORDER BY id) FROM agents;
## grouped 43
SELECT string_agg(name, ',' ORDER BY id), n FROM agents GROUP BY n;
## grouped 44
SELECT array_agg(name) FILTER (WHERE n > 1), array_agg(id) FROM agents;
## grouped 45
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n), mode() WITHIN GROUP (ORDER BY name) FROM agents;
## grouped 47
SELECT (SELECT count(*) FROM goals g WHERE g.agent_id = a.id), a.name FROM agents a;
## grouped 48
SELECT a.name, (SELECT max(g.id) FROM goals g WHERE g.agent_id = a.id) FROM agents a ORDER BY a.n;
## grouped 49
SELECT a.id, (SELECT a.n + max(g.id) FROM goals g) FROM agents a;
## grouped 50
SELECT a.n, (SELECT count(a.id)) FROM agents a GROUP BY a.n;
## grouped 52
SELECT EXISTS (SELECT count(*) FROM goals), name FROM agents;
## grouped 53
SELECT x.n, count(*) FROM (SELECT n, name FROM agents) x GROUP BY x.n;
## grouped 56
WITH c AS (SELECT n, count(*) AS k FROM agents GROUP BY n) SELECT n, k FROM c;
## grouped 58
CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a, b)); SELECT a, b, c, count(*) FROM t GROUP BY a, b; SELECT a, b, c FROM t GROUP BY b, a;
## grouped 62
SELECT a.id, a.name FROM agents a JOIN goals g USING (id) GROUP BY a.id;
## grouped 63
SELECT id, name FROM agents JOIN goals USING (id) GROUP BY id;
## grouped 64
SELECT id, name FROM agents LEFT JOIN goals USING (id) GROUP BY id, name;
## grouped 66
SELECT name || '-' || n, count(*) FROM agents GROUP BY name, n;
## grouped 67
SELECT name || '-' || n, count(*) FROM agents GROUP BY name || '-' || n;
## grouped 69
SELECT n::text, count(*) FROM agents GROUP BY n::text;
## grouped 70
SELECT cast(n AS text), count(*) FROM agents GROUP BY n::text;
## grouped 71
SELECT n::text, count(*) FROM agents GROUP BY n;
## grouped 72
SELECT extract(epoch FROM now()), count(*) FROM agents;
## grouped 73
SELECT DISTINCT name, count(*) FROM agents GROUP BY name;
## grouped 74
SELECT DISTINCT ON (name) name, n FROM agents ORDER BY name, n;
## grouped 76
SELECT 1 FROM agents HAVING true;
## grouped 78
SELECT n FROM agents GROUP BY n HAVING n > 1 AND max(id) > 2;
## grouped 80
SELECT a.n FROM agents a GROUP BY n;
## grouped 81
SELECT agents.n FROM agents GROUP BY agents.n, n;
## grouped 82
SELECT public.agents.n, count(*) FROM agents GROUP BY n;
## grouped 83
SELECT public.agents.n, count(*) FROM public.agents GROUP BY n;
## grouped 84
SELECT count(a) FROM agents a;
## grouped 85
SELECT a FROM agents a GROUP BY a.id;
## grouped 86
SELECT to_jsonb(a), count(*) FROM agents a GROUP BY a.id;
## grouped 87
SELECT row_to_json(a.*), count(*) FROM agents a GROUP BY a.id;
## grouped 88
SELECT count(a.*), count(DISTINCT a.name) FROM agents a;
## grouped 89
INSERT INTO goals (id, body) SELECT max(id), name FROM agents GROUP BY name;
## grouped 91
INSERT INTO goals (id, body) SELECT id, string_agg(name, ',') FROM agents GROUP BY id ON CONFLICT DO NOTHING;
## grouped 94
CREATE FUNCTION f(k int) RETURNS TABLE (a int, b bigint) LANGUAGE sql AS 'SELECT n, count(*) FROM agents GROUP BY n';
## grouped 96
CREATE FUNCTION f(n int) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) + n FROM goals';
## grouped 97
CREATE FUNCTION f(k int) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) + k FROM agents';
## grouped 98
SELECT k.n, count(*) FROM agents AS k (id, name, n) GROUP BY k.n;
## grouped 99
SELECT k.aa, k.bb FROM agents AS k (aa, bb) GROUP BY k.aa;
## grouped 100
SELECT g, count(*) FROM generate_series(1, 3) g GROUP BY g;
## grouped 101
SELECT g FROM generate_series(1, 3) g, agents GROUP BY g;
## grouped 102
SELECT e.key, count(*) FROM agents, jsonb_each(meta) e GROUP BY e.key;
## grouped 104
SELECT n, count(*), grouping(n) FROM agents GROUP BY n;
## grouped 105
SELECT current_date, current_user, count(*) FROM agents;
## grouped 106
SELECT 'a' || 'b', NULL, count(*) FROM agents;
## grouped 107
SELECT count(*) FROM agents GROUP BY ();
## grouped 108
SELECT n, count(*) FROM agents GROUP BY n, ();
## grouped 109
SELECT count(*) FROM agents, goals WHERE agents.id = goals.agent_id GROUP BY agents.id ORDER BY agents.name;
## grouped 110
SELECT a.id FROM agents a, goals b GROUP BY a.id HAVING count(b.id) > a.n;
## grouped 112
SELECT n, sum(id) FROM agents GROUP BY n UNION ALL SELECT 0, sum(id) FROM agents ORDER BY n;
## grouped 114
SELECT tableoid, count(*) FROM agents GROUP BY tableoid;
## grouped 116
SELECT lower(name) AS name, count(*) FROM agents GROUP BY lower(name) ORDER BY name;
## grouped 117
SELECT upper(name) AS name, count(*) FROM agents GROUP BY name;
## grouped 118
SELECT name AS label, count(*) AS c FROM agents GROUP BY label ORDER BY c DESC, label;
## grouped 119
SELECT name AS label FROM agents GROUP BY name ORDER BY lower(name);
## grouped 120
SELECT name AS label FROM agents GROUP BY name ORDER BY 1, max(id);
## grouped 121
SELECT a.name FROM agents a GROUP BY a.name LIMIT 5 OFFSET (SELECT count(*) FROM goals);
## variables 2
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN x := 1; NEW.n := x; NEW.name = 'a'; RETURN NEW; END $$;
## variables 4
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int; y text; BEGIN SELECT 1, 'a' INTO x, y; SELECT 2 INTO STRICT x; SELECT id INTO x FROM agents; END $$;
## variables 6
CREATE FUNCTION f(x int, OUT y int) LANGUAGE plpgsql AS $$ BEGIN x := 1; y := x; SELECT 1 INTO y; END $$;
## variables 7
CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE a ALIAS FOR $1; BEGIN a := 2; RETURN $1; END $$;
## variables 8
CREATE FUNCTION f() RETURNS TABLE (a int, b text) LANGUAGE plpgsql AS $$ BEGIN a := 1; b := 'x'; RETURN NEXT; END $$;
## variables 9
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..3 LOOP i := 2; END LOOP; END $$;
## variables 10
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM agents LOOP r.n := 2; END LOOP; END $$;
## variables 12
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int[]; BEGIN x[1] := 2; EXECUTE 'SELECT 1' INTO x; END $$;
## variables 14
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN INSERT INTO agents (id) VALUES (1) RETURNING id INTO x; UPDATE agents SET n = 1 RETURNING id INTO x; INSERT INTO goals SELECT 1; END $$;
## variables 16
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE c CURSOR FOR SELECT id FROM agents; x int; BEGIN OPEN c; FETCH c INTO x; CLOSE c; END $$;
## variables 17
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN x = 1; IF x > 1 THEN x := 3; ELSE x := 4; END IF; CASE x WHEN 1 THEN x := 2; ELSE NULL; END CASE; END $$;
## variables 19
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x int := 1; BEGIN BEGIN x := 1; EXCEPTION WHEN OTHERS THEN x := 2; RAISE NOTICE '%', SQLERRM; END; END $$;
## variables 21
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE _n bigint; BEGIN GET DIAGNOSTICS _n = ROW_COUNT; PERFORM format('x', a := 1); END $$;
## variables 22
CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN x := f(a := 1, b := 2); RETURN x; END $$;
## variables 23
CREATE PROCEDURE p(INOUT x int) LANGUAGE plpgsql AS $$ BEGIN x := 1; END $$;
## variables 24
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN MERGE INTO agents a USING goals g ON g.id = a.id WHEN MATCHED THEN UPDATE SET n = 1; END $$;
## variables 27
SET check_function_bodies = off; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN x := 1; END $$;
## variables 29
DO $$ DECLARE x int; BEGIN x := 1; SELECT count(*) INTO x FROM agents; END $$;
## variables 31
DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM agents LOOP UPDATE agents SET n = 1 WHERE id = r.id; END LOOP; END $$;
## variables 32
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a int; b int; BEGIN SELECT id, n INTO a, b FROM agents; SELECT id, n FROM agents INTO a, b; END $$;
## variables 33
CREATE FUNCTION f() RETURNS agents LANGUAGE plpgsql AS $$ DECLARE a agents; BEGIN SELECT * INTO a FROM agents LIMIT 1; a.n := 5; RETURN a; END $$;
## variables 34
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a agents%ROWTYPE; x agents.n%TYPE; BEGIN SELECT * INTO a FROM agents; x := a.n; END $$;
## variables 35
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN OLD.n := 1; new := old; RETURN new; END $$;
## variables 36
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE "Big" int; BEGIN "Big" := 1; END $$;
## roles 3
DROP ROLE IF EXISTS qqq; CREATE ROLE qqq; DROP ROLE qqq; CREATE ROLE qqq; DROP ROLE qqq;
## roles 5
DROP ROLE IF EXISTS qqq; BEGIN; CREATE ROLE qqq; ROLLBACK; CREATE ROLE qqq; DROP ROLE qqq;
## roles 6
DROP ROLE IF EXISTS qqq; DO $$ BEGIN CREATE ROLE qqq; EXCEPTION WHEN duplicate_object THEN NULL; END $$; DO $$ BEGIN CREATE ROLE qqq; EXCEPTION WHEN duplicate_object THEN NULL; END $$; DROP ROLE qqq;
## roles 11
CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.english); CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = english); CREATE TEXT SEARCH CONFIGURATION e (COPY = c);
## roles 13
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple); CREATE TEXT SEARCH CONFIGURATION e (PARSER = "default"); CREATE TEXT SEARCH DICTIONARY s (TEMPLATE = snowball, Language = german, StopWords = german);
## operators between types that have them
CREATE TABLE w (i int, b bigint, s smallint, t text, v varchar(10), c char(3), j jsonb, js json, u uuid, f boolean, d date, ts timestamptz, tz timestamp, nu numeric, fl float8, iv interval, by bytea, arr text[], ia int[], o oid, tm time, ip inet);
SELECT 1 FROM w WHERE i = '5';
SELECT 1 FROM w WHERE i = 5.5;
SELECT 1 FROM w WHERE i = b;
SELECT 1 FROM w WHERE s = b AND i < fl;
SELECT 1 FROM w WHERE i = nu;
SELECT 1 FROM w WHERE t = v AND v = c AND c = t;
SELECT 1 FROM w WHERE t = 1::text;
SELECT 1 FROM w WHERE t = '1';
SELECT 1 FROM w WHERE j = '{}';
SELECT 1 FROM w WHERE j = '{}'::jsonb;
SELECT 1 FROM w WHERE js::text = '{}';
SELECT 1 FROM w WHERE u = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
SELECT 1 FROM w WHERE u::text = t;
SELECT 1 FROM w WHERE f = true;
SELECT 1 FROM w WHERE f = 'yes';
SELECT 1 FROM w WHERE f AND NOT f;
SELECT 1 FROM w WHERE NOT f = true;
SELECT 1 FROM w WHERE d = ts AND ts > tz;
SELECT 1 FROM w WHERE d > '2020-01-01';
SELECT 1 FROM w WHERE ts - iv > tz;
SELECT 1 FROM w WHERE d + 5 > d;
SELECT 1 FROM w WHERE d - d > 5;
SELECT 1 FROM w WHERE iv > '1 day';
SELECT 1 FROM w WHERE iv * 2 > iv;
SELECT 1 FROM w WHERE t LIKE 'x%' AND v NOT ILIKE '%y';
SELECT 1 FROM w WHERE i::text LIKE '1%';
SELECT 1 FROM w WHERE c LIKE v;
SELECT 1 FROM w WHERE t ~ 'x' AND v ~* 'y';
SELECT 1 FROM w WHERE by LIKE 'x';
SELECT 1 FROM w WHERE t || 1 = 'x';
SELECT 1 FROM w WHERE i || t = 'x';
SELECT 1 FROM w WHERE j - 'a' = '{}';
SELECT 1 FROM w WHERE j - 1 = '[]';
SELECT 1 FROM w WHERE j -> 'a' = '1';
SELECT 1 FROM w WHERE j ->> 'a' = 'x';
SELECT 1 FROM w WHERE (j ->> 'a')::int = 5;
SELECT 1 FROM w WHERE (j ->> 'a') = 5::text;
SELECT 1 FROM w WHERE j ->> 'a' = t;
SELECT 1 FROM w WHERE arr = '{a}';
SELECT 1 FROM w WHERE t = ANY (arr);
SELECT 1 FROM w WHERE i = ANY (ia);
SELECT 1 FROM w WHERE i IN (1, 2);
SELECT 1 FROM w WHERE i IN ('1', '2');
SELECT 1 FROM w WHERE t IN ('a');
SELECT 1 FROM w WHERE o = i;
SELECT 1 FROM w WHERE o = 5;
SELECT 1 FROM w WHERE o = 5::bigint;
SELECT 1 FROM w WHERE tm = '10:00';
SELECT 1 FROM w WHERE ip = '10.0.0.1';
SELECT 1 FROM w WHERE i BETWEEN 1 AND b;
SELECT 1 FROM w WHERE i BETWEEN 1 AND 5 AND t = 'x';
SELECT 1 FROM w WHERE t BETWEEN 'a' AND 'b';
SELECT 1 FROM w WHERE CASE WHEN i = 1 THEN t ELSE v END = 'x';
SELECT 1 FROM w WHERE CASE i WHEN 1 THEN true ELSE f END;
SELECT 1 FROM w WHERE coalesce(i, 0) = 5;
SELECT 1 FROM w WHERE coalesce(t, 'x') = 5::text;
SELECT 1 FROM w WHERE lower(t) = 'x';
SELECT 1 FROM w WHERE i = length(t);
SELECT 1 FROM w WHERE i + 1 = b - 2;
SELECT 1 FROM w WHERE i % 2 = 0;
SELECT 1 FROM w WHERE -i = 5;
SELECT 1 FROM w WHERE i = -1;
SELECT 1 FROM w WHERE i <> '-1';
SELECT 1 FROM w WHERE f IS TRUE;
SELECT 1 FROM w WHERE i IS DISTINCT FROM b;
SELECT 1 FROM w WHERE i IS NOT DISTINCT FROM 1;
SELECT 1 FROM w WHERE i IS NULL OR i = 5;
SELECT 1 FROM w WHERE (i, t) = (1, 'x');
SELECT 1 FROM w WHERE (i, t) IN ((1, 'x'));
SELECT 1 FROM w WHERE (i = 1) = f;
SELECT 1 FROM w WHERE ts > now() - interval '7 days';
SELECT 1 FROM w WHERE ts = current_timestamp;
SELECT 1 FROM w WHERE d = current_date;
SELECT 1 FROM w WHERE ts > current_date;
SELECT 1 FROM w WHERE t = current_user;
SELECT 1 FROM w WHERE d = date '2020-01-01';
SELECT 1 FROM w WHERE ts > timestamp '2020-01-01';
SELECT 1 FROM w WHERE i = (SELECT max(i) FROM w);
SELECT 1 FROM w WHERE i IN (SELECT i FROM w x WHERE x.t = w.t);
SELECT 1 FROM w WHERE EXISTS (SELECT 1 FROM goals g WHERE g.body = w.t);
SELECT 1 FROM w WHERE EXISTS (SELECT 1 FROM goals g WHERE g.id = w.i);
SELECT 1 FROM w WHERE t = 'x' COLLATE "C";
SELECT 1 FROM w WHERE t COLLATE "C" = 'x';
SELECT 1 FROM w WHERE w.i = w.b;
SELECT 1 FROM w WHERE public.w.i = 1;
SELECT 1 FROM w WHERE i = '1'::int;
SELECT 1 FROM w WHERE t = 5::varchar;
SELECT 1 FROM w WHERE nu = '1.5';
SELECT 1 FROM w WHERE fl > 1e3 AND nu > 1;
SELECT 1 FROM w WHERE f = (i = 1);
SELECT 1 FROM w WHERE f <> f;
SELECT 1 FROM w WHERE i::boolean = true;
SELECT 1 FROM w WHERE i::bool;
SELECT 1 FROM w WHERE t::uuid = u;
SELECT 1 FROM w WHERE t::int = i;
SELECT 1 FROM w WHERE t = u::varchar;
SELECT 1 FROM w WHERE tz - tz > iv;
SELECT 1 FROM w WHERE tz + '1 day' > ts;
SELECT 1 FROM w WHERE extract(epoch FROM ts) > i;
SELECT 1 FROM w WHERE i = i::text::int;
SELECT 1 FROM w WHERE ts::date = d;
SELECT 1 FROM w WHERE f OR i = 1;
SELECT 1 FROM w WHERE s = 100000;
SELECT 1 FROM w WHERE position('a' in t) > 1;
SELECT 1 FROM w WHERE substring(t from 1 for 2) = 'ab';
SELECT 1 FROM w WHERE num_nonnulls(i, t) = 1;
SELECT 1 FROM w WHERE t SIMILAR TO 'x%';
SELECT 1 FROM w WHERE t ^@ 'x';
SELECT 1 FROM w WHERE i & 1 = 1;
SELECT 1 FROM w WHERE j ? 'a' AND j @> '{}';
SELECT 1 FROM w WHERE j @> '{}' AND j <@ '{}'::jsonb;
SELECT 1 FROM w WHERE i = 1 AND (t = 'a' OR (v = 'b' AND f));
SELECT 1 FROM w WHERE true;
SELECT 1 FROM w WHERE f = false AND true = f;
SELECT 1 FROM w WHERE 1 = 1;
SELECT 1 FROM w WHERE 'a' = 'b';
SELECT 1 FROM w WHERE 1 = '1';
## operators elsewhere 1
ALTER TABLE agents ADD CHECK (n > 0);
## operators elsewhere 2
ALTER TABLE agents ADD CHECK (name <> '');
## operators elsewhere 3
ALTER TABLE agents ADD CHECK (meta ? 'a');
## operators elsewhere 4
ALTER TABLE agents ADD CHECK (meta->>'a' = 'x');
## operators elsewhere 5
ALTER TABLE agents ADD CHECK (n = 1.5);
## operators elsewhere 6
ALTER TABLE agents ADD CHECK (id = n);
## operators elsewhere 7
CREATE VIEW x AS SELECT a.id FROM agents a JOIN goals g ON g.agent_id = a.id AND g.body = a.name;
## operators elsewhere 8
UPDATE agents SET n = n + 1 WHERE name = '5';
## operators elsewhere 9
CREATE INDEX ON agents (n) WHERE name = 'x';
## operators elsewhere 10
CREATE POLICY p ON agents USING (id = current_setting('app.id')::int);
## operators elsewhere 11
CREATE FUNCTION f(p int) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE id = p';
## operators elsewhere 12
CREATE FUNCTION f(p text) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE name = p AND n = 1';
## operators elsewhere 13
DO $$ DECLARE k int; BEGIN UPDATE agents SET n = 1 WHERE id = k; END $$;
## operators elsewhere 14
CREATE DOMAIN dd AS int; CREATE TABLE k (e dd); SELECT 1 FROM k WHERE e = 1;
## operators elsewhere 15
CREATE TYPE mood AS ENUM ('a'); CREATE TABLE k (e mood); SELECT 1 FROM k WHERE e = 'a';
## operators elsewhere 16
CREATE TYPE mood AS ENUM ('a'); CREATE TABLE k (e mood, t text); SELECT 1 FROM k WHERE e::text = t;
## operators elsewhere 17
CREATE TABLE k (g int, h int GENERATED ALWAYS AS (g + 1) STORED);
## as teams write them, each undone
BEGIN; ALTER TABLE agents ADD COLUMN IF NOT EXISTS label text NOT NULL DEFAULT ''; ROLLBACK;
BEGIN; ALTER TABLE "agents" ADD "nickname" character varying DEFAULT 'x' NOT NULL; ROLLBACK;
BEGIN; ALTER TABLE "agents" ALTER COLUMN "name" SET NOT NULL; ROLLBACK;
BEGIN; CREATE INDEX "index_agents_on_name" ON "agents" ("name"); ROLLBACK;
BEGIN; ALTER TABLE "goals" ADD CONSTRAINT "fk_rails_1" FOREIGN KEY ("agent_id") REFERENCES "agents" ("id"); ROLLBACK;
BEGIN; CREATE TABLE "widgets" ("id" bigserial primary key, "name" character varying, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL); ROLLBACK;
BEGIN; CREATE TABLE "app_widget" ("id" bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "name" varchar(100) NOT NULL, "agent_id" integer NOT NULL); ALTER TABLE "app_widget" ADD CONSTRAINT "app_widget_agent_id_fk" FOREIGN KEY ("agent_id") REFERENCES "agents" ("id") DEFERRABLE INITIALLY DEFERRED; CREATE INDEX "app_widget_name_like" ON "app_widget" ("name" varchar_pattern_ops); ROLLBACK;
BEGIN; UPDATE agents SET meta = jsonb_set(coalesce(meta, '{}'), '{a}', to_jsonb(n), true) WHERE NOT meta ? 'a'; ROLLBACK;
BEGIN; UPDATE agents SET meta = meta - 'a' || '{"b": 1}'::jsonb WHERE meta->>'a' IS NOT NULL; ROLLBACK;
BEGIN; UPDATE agents a SET n = g.c FROM (SELECT agent_id, count(*)::int AS c FROM goals GROUP BY agent_id) g WHERE g.agent_id = a.id; ROLLBACK;
BEGIN; INSERT INTO agents (id, name) SELECT 1, 'root' WHERE NOT EXISTS (SELECT 1 FROM agents WHERE name = 'root'); ROLLBACK;
BEGIN; INSERT INTO agents (id, name, n) VALUES (1, 'a', 2) ON CONFLICT (name) DO UPDATE SET n = EXCLUDED.n + agents.n RETURNING id, (xmax = 0) AS inserted; ROLLBACK;
BEGIN; DELETE FROM goals g USING agents a WHERE a.id = g.agent_id AND a.name = 'x'; ROLLBACK;
BEGIN; WITH d AS (DELETE FROM goals WHERE id IN (SELECT max(id) FROM goals GROUP BY agent_id HAVING count(*) > 1) RETURNING *) SELECT count(*) FROM d; ROLLBACK;
BEGIN; WITH ranked AS (SELECT id, row_number() OVER (PARTITION BY name ORDER BY id DESC) AS rn FROM agents) DELETE FROM agents WHERE id IN (SELECT id FROM ranked WHERE rn > 1); ROLLBACK;
BEGIN; WITH ranked AS (SELECT id, row_number() OVER w AS rn FROM agents WINDOW w AS (PARTITION BY name ORDER BY id)) UPDATE agents SET n = r.rn FROM ranked r WHERE r.id = agents.id; ROLLBACK;
BEGIN; DO $$ DECLARE r record; BEGIN FOR r IN SELECT id, name FROM agents WHERE n IS NULL ORDER BY id LOOP UPDATE agents SET n = 0 WHERE id = r.id; RAISE NOTICE 'fixed %', r.name; END LOOP; END $$; ROLLBACK;
BEGIN; DO $$ DECLARE total bigint; BEGIN SELECT count(*) INTO total FROM agents WHERE n < 0; IF total > 0 THEN UPDATE agents SET n = 0 WHERE n < 0; END IF; END $$; ROLLBACK;
BEGIN; CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := coalesce(NEW.n, 0) + 1; IF TG_OP = 'UPDATE' AND OLD.name IS DISTINCT FROM NEW.name THEN NEW.meta := jsonb_build_object('was', OLD.name); END IF; RETURN NEW; END $$; CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION touch(); ROLLBACK;
BEGIN; CREATE OR REPLACE FUNCTION next_n(p_name text) RETURNS int LANGUAGE plpgsql AS $$ DECLARE v_n int; v_row agents%ROWTYPE; BEGIN SELECT * INTO v_row FROM agents WHERE name = p_name FOR UPDATE; IF NOT FOUND THEN RETURN 0; END IF; v_n := v_row.n + 1; UPDATE agents SET n = v_n WHERE id = v_row.id RETURNING n INTO v_n; RETURN v_n; END $$; ROLLBACK;
BEGIN; CREATE OR REPLACE VIEW agent_stats AS SELECT a.id, a.name, count(g.id) AS goals, max(g.body) AS last FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id, a.name ORDER BY count(g.id) DESC; ROLLBACK;
BEGIN; CREATE OR REPLACE VIEW agent_stats AS SELECT date_trunc('day', now()) AS day, count(*) FILTER (WHERE n > 0) AS pos, round(avg(n), 2) AS mean FROM agents; ROLLBACK;
BEGIN; CREATE MATERIALIZED VIEW top AS SELECT a.id, a.name, rank() OVER (ORDER BY a.n DESC) AS r FROM agents a WHERE a.n IS NOT NULL WITH NO DATA; CREATE UNIQUE INDEX ON top (id); ROLLBACK;
BEGIN; CREATE TABLE agents_backup AS SELECT * FROM agents; CREATE TABLE agents_empty AS TABLE agents WITH NO DATA; ROLLBACK;
BEGIN; CREATE TEMPORARY TABLE moved AS SELECT id, n FROM agents WHERE n > 5; UPDATE agents SET n = 0 FROM moved WHERE moved.id = agents.id; DROP TABLE moved; ROLLBACK;
BEGIN; CREATE TABLE new_agents (LIKE agents INCLUDING ALL); INSERT INTO new_agents SELECT * FROM agents; ALTER TABLE agents RENAME TO old_agents; ALTER TABLE new_agents RENAME TO agents; ROLLBACK;
BEGIN; ALTER TABLE agents ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(name, ''))) STORED; CREATE INDEX agents_search ON agents USING gin (search); ROLLBACK;
BEGIN; ALTER TABLE agents ALTER COLUMN name TYPE varchar(64) USING substring(name from 1 for 64); ROLLBACK;
BEGIN; CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN'); ALTER TABLE "agents" ADD COLUMN "role" "Role" NOT NULL DEFAULT 'USER'; UPDATE agents SET role = 'ADMIN' WHERE name = 'root'; ROLLBACK;
BEGIN; CREATE TABLE "Post" ("id" SERIAL NOT NULL, "title" TEXT NOT NULL, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "authorId" INTEGER, CONSTRAINT "Post_pkey" PRIMARY KEY ("id")); ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "agents"("id") ON DELETE SET NULL ON UPDATE CASCADE; ROLLBACK;
BEGIN; INSERT INTO goals (id, agent_id, body) SELECT row_number() OVER () + 1000, a.id, 'seed ' || a.name FROM agents a CROSS JOIN generate_series(1, 2) AS s(i); ROLLBACK;
BEGIN; INSERT INTO goals (id, body) SELECT g, 'g' || g FROM generate_series(1, 10) g ON CONFLICT DO NOTHING; ROLLBACK;
BEGIN; UPDATE agents SET name = name || '-' || id WHERE name IN (SELECT name FROM agents GROUP BY name HAVING count(*) > 1); ROLLBACK;
BEGIN; UPDATE goals SET body = concat_ws(' ', body, to_char(now(), 'YYYY-MM-DD')) WHERE body NOT LIKE '%20%'; ROLLBACK;
BEGIN; UPDATE agents SET n = CASE WHEN n IS NULL THEN 0 WHEN n > 100 THEN 100 ELSE n END; ROLLBACK;
BEGIN; UPDATE agents SET (name, n) = (SELECT body, id FROM goals WHERE goals.agent_id = agents.id LIMIT 1) WHERE EXISTS (SELECT FROM goals WHERE agent_id = agents.id); ROLLBACK;
BEGIN; UPDATE agents SET meta = '{"tier": "gold"}' WHERE (meta->>'score')::int > 5 AND meta @> '{"active": true}'; ROLLBACK;
BEGIN; CREATE SEQUENCE s; SELECT setval('s', coalesce((SELECT max(id) FROM agents), 1)); ALTER TABLE agents ALTER id SET DEFAULT nextval('s'); ALTER SEQUENCE s OWNED BY agents.id; ROLLBACK;
BEGIN; SET lock_timeout = '5s'; SET statement_timeout = '60s'; ALTER TABLE agents ADD COLUMN z int; RESET lock_timeout; ROLLBACK;
BEGIN; SET LOCAL lock_timeout TO '5s'; ROLLBACK;
BEGIN; ALTER TABLE agents SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 90); ROLLBACK;
BEGIN; COMMENT ON COLUMN agents.n IS 'how many'; COMMENT ON TABLE agents IS 'all of them'; ROLLBACK;
BEGIN; CREATE POLICY tenant ON agents FOR ALL USING (id = current_setting('app.agent_id', true)::int) WITH CHECK (n >= 0); ALTER TABLE agents ENABLE ROW LEVEL SECURITY; ROLLBACK;
BEGIN; CREATE INDEX ON agents (lower(name), n DESC NULLS LAST) INCLUDE (meta) WITH (fillfactor = 80); ROLLBACK;
BEGIN; CREATE UNIQUE INDEX ON agents (coalesce(name, ''), n); ROLLBACK;
BEGIN; INSERT INTO agents (id, name) VALUES (1, 'a'), (2, 'b') ON CONFLICT ON CONSTRAINT agents_name_key DO NOTHING; ROLLBACK;
BEGIN; MERGE INTO agents a USING goals g ON g.agent_id = a.id WHEN MATCHED AND a.n > 5 THEN DELETE WHEN MATCHED THEN UPDATE SET n = a.n + 1 WHEN NOT MATCHED THEN INSERT (id, name) VALUES (g.id, g.body); ROLLBACK;
BEGIN; SELECT string_agg(DISTINCT a.name, ', ' ORDER BY a.name) FROM agents a JOIN goals g ON a.id = g.agent_id WHERE g.body ILIKE '%x%'; ROLLBACK;
BEGIN; SELECT a.name, g.body, count(*) OVER (PARTITION BY a.id) FROM agents a JOIN LATERAL (SELECT body FROM goals WHERE agent_id = a.id ORDER BY id LIMIT 1) g ON true; ROLLBACK;
BEGIN; SELECT a.n / nullif(count(g.id), 0) FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id; ROLLBACK;
BEGIN; SELECT extract(year FROM now())::int AS y, count(*) FROM agents GROUP BY 1; ROLLBACK;
BEGIN; SELECT n % 10 AS bucket, count(*) FROM agents GROUP BY bucket ORDER BY bucket; ROLLBACK;
BEGIN; SELECT name FROM agents WHERE n = (SELECT max(n) FROM agents) ORDER BY name LIMIT 1; ROLLBACK;
BEGIN; SELECT jsonb_object_agg(a.name, a.n) FROM (SELECT name, n FROM agents) a; ROLLBACK;
BEGIN; SELECT id, (SELECT jsonb_agg(jsonb_build_object('id', g.id) ORDER BY g.id) FROM goals g WHERE g.agent_id = a.id) FROM agents a; ROLLBACK;
BEGIN; WITH RECURSIVE t AS (SELECT id, agent_id, 1 AS depth FROM goals WHERE agent_id IS NULL UNION ALL SELECT g.id, g.agent_id, t.depth + 1 FROM goals g JOIN t ON t.id = g.agent_id) SELECT max(depth) FROM t; ROLLBACK;
BEGIN; WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t; ROLLBACK;
BEGIN; CREATE FUNCTION stats() RETURNS TABLE (who text, many bigint) LANGUAGE sql STABLE AS $$ SELECT a.name, count(g.id) FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.name $$; ROLLBACK;
BEGIN; CREATE FUNCTION stats(lim int DEFAULT 5) RETURNS SETOF agents LANGUAGE sql STABLE AS $$ SELECT * FROM agents ORDER BY n DESC LIMIT lim $$; ROLLBACK;
BEGIN; CREATE FUNCTION agents_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE name IS NOT NULL;'; ROLLBACK;
BEGIN; CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE payload jsonb; BEGIN IF TG_OP = 'DELETE' THEN payload := to_jsonb(OLD); ELSE payload = to_jsonb(NEW); END IF; INSERT INTO goals (id, body) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM goals), payload::text); PERFORM pg_notify('x', payload::text); RETURN coalesce(NEW, OLD); EXCEPTION WHEN unique_violation THEN RETURN NULL; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION loopy() RETURNS int LANGUAGE plpgsql AS $$ DECLARE i int := 0; ids int[]; x int; BEGIN SELECT array_agg(id) INTO ids FROM agents; FOREACH x IN ARRAY ids LOOP i := i + x; END LOOP; WHILE i > 10 LOOP i := i - 1; END LOOP; <<again>> LOOP EXIT again WHEN i > 3; i := i + 1; END LOOP; RETURN i; END $$; ROLLBACK;
BEGIN; DO $$ DECLARE c int; t text; BEGIN SELECT count(*), max(name) INTO c, t FROM agents; RAISE NOTICE '% %', c, t; END $$; ROLLBACK;
BEGIN; DO $body$ BEGIN PERFORM 1 FROM agents WHERE n > 5; IF FOUND THEN UPDATE agents SET n = 5 WHERE n > 5; END IF; END $body$; ROLLBACK;
BEGIN; DO $$ BEGIN INSERT INTO agents (id, name) VALUES (7, 'x'); EXCEPTION WHEN unique_violation THEN UPDATE agents SET n = 1 WHERE name = 'x'; END $$; ROLLBACK;
BEGIN; SELECT count(*) AS total, count(DISTINCT name) AS names, min(n), max(n) FROM agents WHERE n BETWEEN 1 AND 10 AND name ~ '^[a-z]+$'; ROLLBACK;
BEGIN; SELECT 1 FROM agents WHERE id::text = ANY (string_to_array('1,2', ',')); ROLLBACK;
BEGIN; SELECT a.id FROM agents a WHERE NOT EXISTS (SELECT 1 FROM goals g WHERE g.agent_id = a.id AND g.body = a.name) AND a.n::numeric / 2 > 1.5; ROLLBACK;
BEGIN; SELECT coalesce(n, 0) AS n, count(*) FROM agents GROUP BY coalesce(n, 0) HAVING coalesce(n, 0) > 0 ORDER BY coalesce(n, 0); ROLLBACK;
## what groups, declares and makes tables, each undone
BEGIN; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.n = 5 AND OLD.name = 'x' THEN NEW.n := NEW.n + 1; END IF; RETURN NEW; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE k CONSTANT int := 5; c CURSOR (lim int) FOR SELECT id FROM agents WHERE n > lim; r record; BEGIN FOR r IN c(5) LOOP NULL; END LOOP; FOR q IN c(3) LOOP NULL; END LOOP; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a int; BEGIN DECLARE b int; BEGIN b := 1; a := b; END; FOR i IN REVERSE 5..1 BY 2 LOOP a := i; END LOOP; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a int; BEGIN a := CASE WHEN a > 1 THEN 2 ELSE 3 END; a := (SELECT max(n) FROM agents); IF (SELECT count(*) FROM agents) > 0 THEN a := 1; END IF; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a int; b text; BEGIN EXECUTE format('SELECT %s', 1) INTO STRICT a USING b; EXECUTE 'SELECT 1, 2' INTO a, b; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE tt AS SELECT 1 AS x; INSERT INTO tt SELECT 2; DROP TABLE tt; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f(p_a int, INOUT p_b int DEFAULT 2, VARIADIC p_c int[] DEFAULT '{}') LANGUAGE plpgsql AS $$ BEGIN p_b := p_a; p_c[1] := 2; SELECT 3 INTO p_b; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ <<blk>> DECLARE a int; BEGIN blk.a := 1; SELECT 1 INTO blk.a; END blk $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE a agents; BEGIN SELECT 1 INTO a.n; a.name := 'x'; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x text; s text; BEGIN NULL; EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS x = MESSAGE_TEXT, s = PG_EXCEPTION_DETAIL; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ DECLARE o record; BEGIN FOR o IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP RAISE NOTICE '%', o.command_tag; END LOOP; END $$; ROLLBACK;
BEGIN; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN UPDATE agents SET n = 1 WHERE id = 1 RETURNING agents.n INTO n; WITH x AS (SELECT 1 AS k) SELECT k INTO n FROM x; END $$; ROLLBACK;
BEGIN; CREATE VIEW v AS SELECT n, count(*) AS c FROM agents GROUP BY n; CREATE VIEW w AS SELECT v.n, v.c, (SELECT max(c) FROM v) AS m FROM v; CREATE VIEW x AS SELECT sum(c) FROM w; ROLLBACK;
BEGIN; SELECT v.* FROM (SELECT a.id, max(g.id) AS m FROM agents a JOIN goals g ON g.agent_id = a.id GROUP BY a.id) v WHERE v.m > 1; ROLLBACK;
BEGIN; SELECT a.name, x.c FROM agents a CROSS JOIN LATERAL (SELECT count(*) AS c FROM goals g WHERE g.agent_id = a.id) x; ROLLBACK;
BEGIN; SELECT a.name, x.c FROM agents a CROSS JOIN LATERAL (SELECT count(*) + a.n AS c FROM goals g WHERE g.agent_id = a.id) x; ROLLBACK;
BEGIN; SELECT a.name, (SELECT count(*) + a.n FROM goals g WHERE g.agent_id = a.id) FROM agents a; ROLLBACK;
BEGIN; SELECT a.name, (SELECT a.n FROM goals g WHERE g.agent_id = a.id GROUP BY a.n) FROM agents a; ROLLBACK;
BEGIN; SELECT a.name, (SELECT g.body || a.name FROM goals g WHERE g.agent_id = a.id GROUP BY g.body) FROM agents a; ROLLBACK;
BEGIN; SELECT a.id FROM agents a WHERE a.n > (SELECT avg(b.n) FROM agents b WHERE b.name = a.name GROUP BY b.name); ROLLBACK;
BEGIN; SELECT name, n FROM agents a GROUP BY name, n HAVING count(*) = (SELECT max(c) FROM (SELECT count(*) AS c FROM agents GROUP BY name) x); ROLLBACK;
BEGIN; SELECT DISTINCT count(*) FROM agents GROUP BY n ORDER BY count(*); ROLLBACK;
BEGIN; SELECT count(*), max(a.n) FROM agents a, agents b WHERE a.id = b.id; ROLLBACK;
BEGIN; SELECT a.id AS aid, b.id FROM agents a JOIN agents b ON b.name = a.name GROUP BY aid, b.id; ROLLBACK;
BEGIN; SELECT n AS name, count(*) FROM agents GROUP BY n, name; ROLLBACK;
BEGIN; SELECT to_char(now(), 'YYYY') AS y, n, count(*) FROM agents GROUP BY y, n; ROLLBACK;
BEGIN; SELECT (meta->>'a')::int AS k, sum(n) FROM agents GROUP BY (meta->>'a')::int; ROLLBACK;
BEGIN; SELECT (meta->>'a')::int + 1 AS k, sum(n) FROM agents GROUP BY (meta->>'a')::int; ROLLBACK;
BEGIN; SELECT name, n, count(*) FROM agents GROUP BY name, 2; ROLLBACK;
BEGIN; SELECT array_length(array_agg(id), 1), name FROM agents GROUP BY name; ROLLBACK;
BEGIN; SELECT name, count(*) FILTER (WHERE n > 1) * 100.0 / count(*) AS pct FROM agents GROUP BY name; ROLLBACK;
BEGIN; SELECT name, lag(count(*)) OVER (ORDER BY name) FROM agents GROUP BY name; ROLLBACK;
BEGIN; SELECT first_value(name) OVER (PARTITION BY n ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM agents; ROLLBACK;
BEGIN; SELECT sum(n) OVER w, avg(n) OVER w FROM agents WINDOW w AS (PARTITION BY name ORDER BY id); ROLLBACK;
BEGIN; SELECT grouping(n), n, count(*) FROM agents GROUP BY ROLLUP (n); ROLLBACK;
BEGIN; SELECT x.a, sum(x.b) FROM (VALUES (1, 2), (3, 4)) AS x (a, b) GROUP BY x.a; ROLLBACK;
BEGIN; SELECT x.a, x.b, sum(x.b) FROM (VALUES (1, 2), (3, 4)) AS x (a, b) GROUP BY x.a, x.b; ROLLBACK;
BEGIN; SELECT unnest(array_agg(id)) FROM agents; ROLLBACK;
BEGIN; SELECT json_build_object('n', n, 'c', count(*)) FROM agents GROUP BY n; ROLLBACK;
BEGIN; SELECT count(*) FROM agents GROUP BY n, name HAVING n IS NOT NULL AND name <> '' ORDER BY name, n; ROLLBACK;
BEGIN; SELECT every(n > 1), bool_or(name = 'x') FROM agents; ROLLBACK;
BEGIN; SELECT a.n, count(*) FROM agents a NATURAL JOIN goals GROUP BY a.n; ROLLBACK;
BEGIN; SELECT max(greatest(a.n, g.id)), a.id FROM agents a FULL JOIN goals g ON g.agent_id = a.id GROUP BY a.id; ROLLBACK;
BEGIN; INSERT INTO goals (id, agent_id, body) SELECT max(g.id) + 1, a.id, a.name FROM agents a JOIN goals g ON g.agent_id = a.id GROUP BY a.id; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT a.id, a.name, count(g.id) AS c FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT id, name FROM agents; INSERT INTO t SELECT id, name FROM agents; UPDATE t SET name = 'x' WHERE id = 1; CREATE VIEW v AS SELECT id FROM t; DROP VIEW v; ALTER TABLE t RENAME name TO label; ALTER TABLE t ADD CONSTRAINT k UNIQUE (label); ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT id FROM agents; DROP TABLE agents CASCADE; ALTER TABLE t RENAME TO agents; ROLLBACK;
BEGIN; CREATE TABLE t (a) AS SELECT id FROM agents UNION SELECT agent_id FROM goals; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT id, 'x' AS k FROM agents UNION ALL SELECT id, body FROM goals; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT 'x' AS k UNION ALL SELECT 'y'; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT NULL AS k UNION ALL SELECT NULL; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT x.k FROM (SELECT 'z' AS k) x; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT count(*) AS c, now() AS at FROM agents HAVING count(*) > 0; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT a.name AS n1, b.name AS n2 FROM agents a LEFT JOIN agents b ON a.id = b.id; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT id::int8 AS a, id::text::varchar AS b, '5'::int AS c, '2020-01-01'::date AS d, '{}'::jsonb AS e, '{1}'::int[] AS f, 'x'::char(3) AS g, '1'::bit(3) AS h, 'now'::timestamptz(3) AS i, '1 day'::interval AS j, 1.5::numeric(5,2) AS k FROM agents; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT id FROM agents FOR UPDATE; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT id FROM ONLY agents; ROLLBACK;
BEGIN; CREATE TABLE t AS SELECT id FROM agents TABLESAMPLE bernoulli (10); ROLLBACK;
BEGIN; SELECT id INTO t FROM agents; SELECT id FROM t; ALTER TABLE t ALTER id SET NOT NULL; CREATE INDEX ON t (id); ROLLBACK;
BEGIN; SELECT id INTO public.t FROM agents GROUP BY id; ROLLBACK;
BEGIN; SELECT count(*) INTO t FROM agents; ROLLBACK;
BEGIN; SELECT * INTO UNLOGGED t FROM agents; ROLLBACK;
BEGIN; WITH x AS (SELECT id FROM agents) SELECT * INTO t FROM x; ROLLBACK;
## compiled: loops
CREATE FUNCTION f(a int[]) RETURNS int LANGUAGE plpgsql AS $$ DECLARE r record; x int; c CURSOR FOR SELECT id FROM agents; BEGIN FOR i IN 1..3 LOOP CONTINUE WHEN i = 2; END LOOP; FOR i IN REVERSE 3..1 BY 2 LOOP EXIT; END LOOP; FOR r IN SELECT id FROM agents LOOP NULL; END LOOP; FOR y IN c LOOP NULL; END LOOP; FOREACH x IN ARRAY a LOOP NULL; END LOOP; FOR x IN (SELECT 1) LOOP EXIT; END LOOP; FOR q IN (1)..(2) LOOP NULL; END LOOP; FOR w IN (SELECT 1)..(SELECT 3) LOOP NULL; END LOOP; RETURN x; END $$;
## compiled: labels
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ <<outer>> DECLARE x int; BEGIN <<a>> WHILE true LOOP <<b>> BEGIN EXIT b; EXIT a WHEN x > 1; CONTINUE a; END; END LOOP a; EXIT outer; EXIT f; END outer $$;
## compiled: exit in handler in loop
DO $$ BEGIN LOOP BEGIN PERFORM 1; EXIT; EXCEPTION WHEN others THEN EXIT; END; END LOOP; END $$;
## compiled: case statement
DO $$ DECLARE x int := 1; BEGIN CASE x WHEN 1 THEN NULL; WHEN x THEN NULL; ELSE NULL; END CASE; CASE WHEN x = 1 OR x = 2 THEN NULL; WHEN true OR false THEN NULL; END CASE; END $$;
## compiled: case expression in loop head
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT CASE WHEN true THEN 1 ELSE 2 END AS x LOOP EXIT WHEN r.x = CASE WHEN true THEN 1 END; END LOOP; END $$;
## compiled: raise
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'x'; RAISE 'y % %%', concat('a', 'b', 'c'); RAISE EXCEPTION USING MESSAGE = 'x', ERRCODE = '23505'; RAISE EXCEPTION '% and %', (1), ARRAY[1, 2] USING HINT = 'x', DETAIL = 'y'; RAISE unique_violation USING MESSAGE = 'x'; RAISE SQLSTATE '22012'; RAISE division_by_zero; RAISE WARNING E'%\n', 1; RAISE; END $$;
## compiled: returns
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$; CREATE FUNCTION g() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT 1; RETURN QUERY SELECT 1; RETURN QUERY EXECUTE 'SELECT 1'; RETURN; END $$; CREATE FUNCTION h(OUT a int, OUT b int) LANGUAGE plpgsql AS $$ BEGIN a := 1; RETURN; END $$; CREATE FUNCTION k(a int, OUT b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN b := 1; RETURN; END $$; CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$; CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$; CREATE FUNCTION t() RETURNS TABLE (a int) LANGUAGE plpgsql AS $$ BEGIN a := 1; RETURN NEXT; RETURN; END $$; CREATE FUNCTION ag() RETURNS SETOF agents LANGUAGE plpgsql AS $$ DECLARE r agents; BEGIN FOR r IN SELECT * FROM agents LOOP RETURN NEXT r; END LOOP; END $$;
## compiled: declarations
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE a text; x CONSTANT int := 1; y agents%ROWTYPE; z agents.id%TYPE; w agents; v numeric(10,2) NOT NULL DEFAULT 1; u text COLLATE "C" := 'x'; t timestamp with time zone; s character varying(10)[]; q double precision = 1; b alias FOR $1; c refcursor; d CURSOR (n int) FOR SELECT id FROM agents; e NO SCROLL CURSOR FOR SELECT 1; DECLARE g int; BEGIN DECLARE x int; BEGIN NULL; END; RETURN 1; END $$;
## compiled: conditions
DO $$ BEGIN PERFORM 1; EXCEPTION WHEN unique_violation OR foreign_key_violation OR SQLSTATE '40001' THEN NULL; WHEN raise_exception THEN NULL; WHEN no_data_found OR too_many_rows THEN NULL; WHEN OTHERS THEN NULL; END $$;
## compiled: trigger
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; RETURN NULL; RETURN (NEW); END $$;
## compiled: next var
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE next_id int; BEGIN SELECT max(id) INTO next_id FROM agents; RETURN next_id; END $$;
## compiled: inner function of loop word
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE i int := 0; BEGIN LOOP i := i + 1; IF i > 3 THEN EXIT; ELSIF i = 2 THEN CONTINUE; END IF; END LOOP; RETURN i; END $$;
## compiled: handler by code
DO $$ BEGIN CREATE TABLE agents (x int); EXCEPTION WHEN SQLSTATE '42P07' THEN NULL; END $$;
## compiled: handler by code or
DO $$ BEGIN ALTER TABLE agents ADD name text; EXCEPTION WHEN SQLSTATE '42P07' OR SQLSTATE '42701' THEN NULL; END $$;
## compiled: case of raises
DO $$ DECLARE v int := 2; BEGIN CASE WHEN v > 1 THEN RAISE NOTICE 'x'; PERFORM 1; ELSE UPDATE agents SET n = 1; END CASE; CREATE TABLE own (a int); END $$;
## retyped check
ALTER TABLE agents ADD CONSTRAINT k CHECK (n < 100); ALTER TABLE agents ALTER n TYPE bigint;
## retyped check in
ALTER TABLE agents ADD CONSTRAINT k CHECK (n IN (1, 2, 3) AND n <> id); ALTER TABLE agents ALTER n TYPE bigint;
## retyped check in small
ALTER TABLE agents ADD CONSTRAINT k CHECK (n = ANY (ARRAY[1, 2]) OR n BETWEEN 1 AND 3); ALTER TABLE agents ALTER n TYPE smallint;
## retyped back
ALTER TABLE agents ADD CONSTRAINT k CHECK (n IN (1, 2, 3)); ALTER TABLE agents ALTER n TYPE bigint; ALTER TABLE agents ALTER n TYPE int;
## retyped back and again
ALTER TABLE agents ADD CONSTRAINT k CHECK (n IN (1, -2)); ALTER TABLE agents ALTER n TYPE bigint; ALTER TABLE agents ALTER n TYPE int; ALTER TABLE agents ALTER n TYPE bigint;
## retyped default
ALTER TABLE agents ALTER n SET DEFAULT -1; ALTER TABLE agents ALTER n TYPE bigint;
## retyped default expr
ALTER TABLE agents ALTER n SET DEFAULT 1 + 2; ALTER TABLE agents ALTER n TYPE smallint;
## retyped serial
CREATE TABLE t (id serial PRIMARY KEY, a int); ALTER TABLE t ALTER id TYPE bigint;
## retyped identity
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY); ALTER TABLE t ALTER id TYPE bigint;
## retyped index
CREATE INDEX i ON agents (n) WHERE n > 3; CREATE INDEX i2 ON agents (id DESC); ALTER TABLE agents ALTER n TYPE bigint;
## retyped index in
CREATE INDEX i ON agents (n) WHERE n IN (3, 4); ALTER TABLE agents ALTER COLUMN n SET DATA TYPE bigint USING n::bigint;
## retyped fk
ALTER TABLE goals ALTER agent_id TYPE bigint;
## retyped pk
ALTER TABLE agents ALTER id TYPE bigint;
## retyped both
ALTER TABLE agents ALTER id TYPE bigint, ALTER n TYPE bigint; ALTER TABLE goals ALTER agent_id TYPE bigint, ALTER id TYPE bigint;
## retyped string check
ALTER TABLE agents ADD CONSTRAINT k CHECK (n > '3' AND n IS NOT NULL); ALTER TABLE agents ALTER n TYPE bigint;
## retyped not null unique
ALTER TABLE agents ALTER n SET NOT NULL, ADD UNIQUE (n); ALTER TABLE agents ALTER n TYPE bigint;
## retyped time
CREATE TABLE t (id int, a timestamp NOT NULL DEFAULT now(), b timestamp DEFAULT CURRENT_TIMESTAMP, c date DEFAULT CURRENT_DATE); ALTER TABLE t ALTER a TYPE timestamptz USING a AT TIME ZONE 'UTC', ALTER b TYPE timestamptz, ALTER c TYPE timestamp;
## retyped time back
CREATE TABLE t (id int, a timestamptz NOT NULL DEFAULT now()); ALTER TABLE t ALTER a TYPE timestamp USING a AT TIME ZONE 'UTC';
## retyped text check to varchar
ALTER TABLE agents ADD CONSTRAINT k CHECK (name <> '' AND name IN ('a', 'b')); ALTER TABLE agents ALTER name TYPE varchar(20);
## retyped varchar check to text
CREATE TABLE t (a varchar(20) DEFAULT 'x' CHECK (a IN ('x', 'y'))); ALTER TABLE t ALTER a TYPE text;
## retyped to numeric
CREATE TABLE t (a int CHECK (a > 0)); ALTER TABLE t ALTER a TYPE numeric(10,2);
## retyped float to numeric
CREATE TABLE t (a float8 CHECK (a >= 0 AND a <= 1)); ALTER TABLE t ALTER a TYPE numeric(5,4);
## retyped text to uuid
CREATE TABLE t (a text DEFAULT gen_random_uuid()); ALTER TABLE t ALTER a TYPE uuid USING a::uuid;
## retyped uuid to text default
CREATE TABLE t (a uuid DEFAULT gen_random_uuid()); ALTER TABLE t ALTER a TYPE text;
## retyped json
CREATE TABLE t (a json CHECK (a IS NOT NULL)); ALTER TABLE t ALTER a TYPE jsonb USING a::jsonb;
## retyped predicate null
CREATE TABLE t (a text, b int); CREATE INDEX i ON t (b) WHERE a IS NOT NULL; ALTER TABLE t ALTER a TYPE int USING a::int;
## retyped varchar length
CREATE TABLE t (a varchar(10) CHECK (length(a) > 2)); ALTER TABLE t ALTER a TYPE varchar(50);
## retyped default text
ALTER TABLE agents ALTER name SET DEFAULT 'a'; ALTER TABLE agents ALTER name TYPE varchar(30);
## retyped default text and back
ALTER TABLE agents ALTER name SET DEFAULT 'a'; ALTER TABLE agents ALTER name TYPE varchar(30); ALTER TABLE agents ALTER name TYPE text;
## retyped text opclass
CREATE INDEX i ON agents (name text_pattern_ops); ALTER TABLE agents ALTER name TYPE varchar(30);
## retyped text index predicate
CREATE INDEX i ON agents (n) WHERE name = 'a'; CREATE INDEX i2 ON agents (lower(name)); ALTER TABLE agents ALTER name TYPE varchar(30);
## retyped varchar index predicate
CREATE TABLE t (a varchar(9)); CREATE INDEX i ON t (a) WHERE a = 'a' OR a LIKE 'b%'; CREATE INDEX i2 ON t (lower(a)); ALTER TABLE t ALTER a TYPE text;
## trigger: sets statement
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER UPDATE ON agents REFERENCING OLD TABLE AS o NEW TABLE w FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: sets row
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t AFTER INSERT ON agents REFERENCING NEW TABLE AS w FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER u AFTER DELETE ON agents REFERENCING OLD TABLE AS w EXECUTE FUNCTION f();
## trigger: sets with partitions
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TABLE own (a int) PARTITION BY RANGE (a); CREATE TABLE o1 PARTITION OF own FOR VALUES FROM (1) TO (10); CREATE TRIGGER t AFTER INSERT ON own REFERENCING NEW TABLE AS w FOR EACH STATEMENT EXECUTE FUNCTION f(); CREATE TRIGGER t AFTER INSERT ON o1 REFERENCING NEW TABLE AS w FOR EACH STATEMENT EXECUTE FUNCTION f();
## trigger: instead of ok
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE VIEW v AS SELECT id FROM agents; CREATE TRIGGER t INSTEAD OF INSERT OR UPDATE OR DELETE ON v FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER u AFTER UPDATE ON v FOR EACH STATEMENT EXECUTE FUNCTION f();
## names differ
CREATE VIEW v AS SELECT count(*), sum(n), max(n), min(n), avg(n) FROM agents;
## case else names
CREATE VIEW v AS SELECT CASE WHEN n > 0 THEN 1 ELSE n END, CASE WHEN n > 0 THEN 1 END FROM agents;
## cast names
CREATE VIEW v AS SELECT '1'::int, '2'::text, '3'::numeric, '4'::varchar(3), 5::bigint, 1 + 2, true::text AS q;
## column list names
CREATE VIEW v (a, b) AS SELECT 1, 2;
## bool literal where
DELETE FROM agents WHERE 'true';
## bool literal y
DELETE FROM agents WHERE 'yes' AND NOT 'off';
## null where
DELETE FROM agents WHERE NULL;
## case bool
DELETE FROM agents WHERE CASE WHEN n > 0 THEN true ELSE false END;
## coalesce bool
DELETE FROM agents WHERE coalesce(n > 0, false);
## bool col
DELETE FROM wide WHERE f AND NOT f OR f IS NOT TRUE;
## jsonb bool cast
DELETE FROM agents WHERE (meta->>'a')::boolean;
## jsonb to bool
DELETE FROM agents WHERE (meta->'a')::boolean;
## int to bool cast
DELETE FROM agents WHERE n::boolean;
## bool to int
UPDATE agents SET n = (n > 0)::int;
## exists
DELETE FROM agents WHERE EXISTS (SELECT FROM goals WHERE agent_id = agents.id) AND NOT EXISTS (SELECT 1, 2);
## in rows
DELETE FROM agents WHERE (id, n) IN ((1, 2), (3, 4));
## in row query
DELETE FROM agents WHERE (id, n) IN (SELECT id, agent_id FROM goals);
## row eq query
DELETE FROM agents WHERE (id, n) = (SELECT id, agent_id FROM goals LIMIT 1);
## row compare again
DELETE FROM agents WHERE (id, name) > (1, 'x');
## any array
DELETE FROM agents WHERE id = ANY (ARRAY[1,2]) OR id = ANY ('{1,2}') OR name = ANY (ARRAY['a', 'b']::text[]) OR id <> ALL (ARRAY(SELECT id FROM goals));
## any bigints
DELETE FROM agents WHERE id = ANY (ARRAY[1,2]::bigint[]);
## name any varchar
DELETE FROM wide WHERE t = ANY (ARRAY['a']::varchar[]);
## varchar any text
DELETE FROM wide WHERE v = ANY (arr);
## between
DELETE FROM wide WHERE d BETWEEN '2020-01-01' AND now() AND i NOT BETWEEN 1 AND 2.5 AND ts BETWEEN SYMMETRIC d AND tz;
## number mix
DELETE FROM wide WHERE i > fl - nu * 2 / s + b % 3 AND i < 1.5e3;
## date arithmetic
DELETE FROM wide WHERE d + 1 > d - 7 AND d - d > 3 AND ts - ts > iv AND ts - interval '1 day' < now() AND d + iv > tz AND d - interval '1 month' < ts;
## date minus days col
UPDATE wide SET d = d + i, ts = ts + i * interval '1 day', iv = ts - tz, tm = ts::time;
## time plus date
UPDATE wide SET tz = d + tm;
## extract
DELETE FROM wide WHERE extract(epoch FROM ts) > 5 AND extract(year FROM d) = 2020;
## at time zone
UPDATE wide SET tz = ts AT TIME ZONE 'UTC', ts = tz AT TIME ZONE 'UTC';
## at time zone cast
UPDATE wide SET d = (ts AT TIME ZONE 'UTC')::date;
## concat
UPDATE wide SET t = t || 1 || d || f || nu || v || 'x';
## concat int first
UPDATE wide SET t = 1 || 'x' || i::text;
## jsonb ops
UPDATE agents SET meta = meta || '{"a": 1}'  || jsonb_build_object('a', n) WHERE meta ? 'a' AND meta @> '{}' AND meta ?| ARRAY['a'] AND meta #>> '{a,b}' = 'x' AND meta->'a'->>'b' LIKE 'x%' AND NOT meta @? '$.a';
## jsonb casts
UPDATE wide SET i = (j->>'a')::int, nu = (j->'a')::numeric, b = (j->'b')::int8, js = j, j = js;
## json text
UPDATE wide SET t = js->>'a', j = to_jsonb(t), js = to_json(arr);
## array ops again
UPDATE wide SET arr = arr || t WHERE false; UPDATE wide SET ia = ia || i WHERE false; UPDATE wide SET arr = '{}' WHERE false;
## array ops 2
UPDATE wide SET arr = array_append(arr, t), ia = ARRAY[]::int[];
## array prepend
UPDATE wide SET arr = t || arr;
## array sub
DELETE FROM wide WHERE arr[1] = 'a' AND ia[1] > 2 AND arr[1:2] = ARRAY['a', 'b'] AND (ARRAY[1,2])[1] = 1 AND (string_to_array(t, ','))[1] = 'x';
## array contains
DELETE FROM wide WHERE arr @> ARRAY['a'] AND ia && ARRAY[1,2] AND arr <@ '{a,b}' AND array_length(arr, 1) > 1;
## jsonb subscript
UPDATE agents SET meta['a'] = '1' WHERE meta['a'] = '1';
## coalesce mixes
CREATE VIEW v AS SELECT coalesce(i, 0), coalesce(nu, i, 1.5) AS a, coalesce(t, v, c, 'x') AS b, coalesce(ts, d, 'now') AS e FROM wide;
## case mixes
CREATE VIEW v AS SELECT CASE i WHEN 1 THEN 'a' WHEN 2 THEN t ELSE v END, CASE WHEN f THEN i ELSE nu END AS q, CASE WHEN f THEN NULL ELSE d END AS w, CASE WHEN i = 1 THEN '5' ELSE 7 END AS z FROM wide;
## case text to int literal
UPDATE wide SET i = CASE WHEN f THEN '1' ELSE '2' END::int;
## greatest
UPDATE wide SET nu = greatest(i, nu, 0), ts = least(ts, d, now(), '2020-01-01'), t = nullif(t, '');
## nullif
UPDATE wide SET i = nullif(i, 0), t = nullif(v, t);
## assign numbers
UPDATE wide SET i = nu; UPDATE wide SET s = fl; UPDATE wide SET b = i; UPDATE wide SET fl = nu; UPDATE wide SET nu = b; UPDATE wide SET i = b;
## assign text
UPDATE wide SET t = i; UPDATE wide SET v = d; UPDATE wide SET c = f; UPDATE wide SET t = u; UPDATE wide SET t = j; UPDATE wide SET t = arr; UPDATE wide SET t = now(); UPDATE wide SET t = ip;
## assign moments
UPDATE wide SET d = ts; UPDATE wide SET ts = d; UPDATE wide SET tz = d; UPDATE wide SET tm = ts; UPDATE wide SET d = tz;
## insert select literals
INSERT INTO wide (i, d, u, f, j, arr) SELECT '1', '2020-01-01', '00000000-0000-0000-0000-000000000000', 'f', '{}', '{}';
## insert values mix
INSERT INTO wide (i, d, t, ts, f) VALUES ('1', '2020-01-01', 5, '2020-01-01', 'true'), (2, NULL, 'x', now(), false);
## insert multi mixed
INSERT INTO wide (nu, t) VALUES (1, 'a'), (2.5, NULL), (NULL, 'x');
## insert default again
INSERT INTO agents (id, n) VALUES (1, DEFAULT);
## insert select union
INSERT INTO agents (id, name) SELECT 1, 'a' UNION ALL SELECT 2, 'b';
## insert conflict excluded
INSERT INTO agents AS x (id, n) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = excluded.n + x.n, name = excluded.name WHERE x.n < excluded.n RETURNING id, n + 1;
## insert select casts
INSERT INTO wide (t, v) SELECT i, d FROM wide;
## update row
UPDATE agents SET (n, name) = (SELECT id, body FROM goals WHERE goals.id = agents.id), meta = DEFAULT;
## update row values
UPDATE agents SET (n, name) = (1, 'x');
## update row ROW
UPDATE agents SET (n, name) = ROW(1, DEFAULT);
## lateral
CREATE VIEW v AS SELECT a.id, l.c FROM agents a LEFT JOIN LATERAL (SELECT count(*) AS c FROM goals g WHERE g.agent_id = a.id) l ON true;
## on true parens
CREATE VIEW v AS SELECT a.id FROM agents a JOIN goals g ON (a.id = g.agent_id AND (a.n > 0 OR a.name IS NULL));
## cross join srf
CREATE VIEW v AS SELECT a.id, x FROM agents a CROSS JOIN generate_series(1, 3) x;
## unnest again
CREATE VIEW v AS SELECT i, u2 FROM wide, unnest(arr) AS u2 WHERE u2 <> 'a';
## unnest where bool
CREATE VIEW v AS SELECT i FROM wide, unnest(ARRAY[true]) AS b2 WHERE b2;
## jsonb_array_elements
CREATE VIEW v AS SELECT id, e->>'x' AS x FROM agents, jsonb_array_elements(meta) e WHERE (e->>'y')::int > 3;
## window again
CREATE VIEW v AS SELECT id, row_number() OVER (PARTITION BY name ORDER BY id), sum(n) OVER w, lag(n) OVER w, first_value(name) OVER (w ROWS UNBOUNDED PRECEDING) FROM agents WINDOW w AS (ORDER BY id);
## filter
CREATE VIEW v AS SELECT count(*) FILTER (WHERE n > 0 AND name IS NOT NULL) AS a, array_agg(name ORDER BY id) FILTER (WHERE name <> '') AS b FROM agents;
## within group
CREATE VIEW v AS SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM agents;
## string_agg distinct
CREATE VIEW v AS SELECT string_agg(DISTINCT name, ',' ORDER BY name) FROM agents;
## is checks
DELETE FROM wide WHERE (i = 1) IS TRUE AND f IS NOT FALSE AND (i > NULL) IS UNKNOWN AND t IS DISTINCT FROM 'x' AND i IS NOT DISTINCT FROM NULL AND (i, b) IS NOT NULL;
## isnull
DELETE FROM wide WHERE i ISNULL OR t NOTNULL;
## like
DELETE FROM wide WHERE t LIKE 'a%' AND v NOT ILIKE '%b' ESCAPE '!' AND c SIMILAR TO 'x' AND t ~ '^a' AND v !~* 'b' AND u::text LIKE 'a%' AND t ^@ 'x';
## similar
DELETE FROM wide WHERE t LIKE ANY (ARRAY['a%', 'b%']);
## ops unusual
DELETE FROM wide WHERE ip << inet '10.0.0.0/8' AND o = 5 AND by = '\x00' AND u = '00000000-0000-0000-0000-000000000000';
## oid regclass
DELETE FROM wide WHERE o = 'agents'::regclass AND 'agents'::regclass = o;
## name text
DELETE FROM wide WHERE t = current_user AND current_schema = 'x' AND t = current_database();
## bit ops
UPDATE wide SET i = i & 3 | 1 # 2; UPDATE wide SET b = ~b; UPDATE wide SET i = i << 1;
## power
UPDATE wide SET fl = fl ^ 2; UPDATE wide SET nu = -nu; UPDATE wide SET i = - i + + i; UPDATE wide SET nu = @ nu; UPDATE wide SET fl = |/ fl;
## interval mult
UPDATE wide SET iv = iv * 2; UPDATE wide SET iv = 2 * iv; UPDATE wide SET iv = iv / 3; UPDATE wide SET iv = -iv; UPDATE wide SET iv = '1 day'::interval * i;
## typed consts
DELETE FROM wide WHERE ts > timestamp '2020-01-01' AND d > date '2020-01-01' AND iv > interval '1' day AND ts > timestamp with time zone '2020-01-01 00:00+00' AND tm > time '12:00';
## substring forms
UPDATE wide SET t = substring(t from 1 for 2), v = trim(both 'x' from t), c = overlay(t placing 'x' from 1), i = position('a' in t);
## substring bytea
UPDATE wide SET by = substring(by from 1 for 2); UPDATE wide SET i = length(by); UPDATE wide SET by = by || '\x00'; UPDATE wide SET by = substr(by, 1);
## lower range
CREATE TABLE t (r int4range, d daterange, tr tstzrange); DELETE FROM t WHERE lower(r) > 1 AND upper(d) > current_date AND lower(tr) < now() AND r && '[1,2)' AND isempty(r) AND upper_inf(r);
## lower bool range arg
CREATE TABLE t (r int4range); CREATE VIEW v AS SELECT lower(r) + 1 AS x FROM t;
## own function overload
CREATE FUNCTION lower(n int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > 0'; DELETE FROM agents WHERE lower(n);
## own function bool
CREATE FUNCTION ok(n int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > 0'; DELETE FROM agents WHERE ok(n) AND NOT ok(1);
## own composite
CREATE TYPE pair AS (a int, b boolean); CREATE TABLE t (p pair); DELETE FROM t WHERE (p).b AND (t.p).a > 1;
## enum
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e, y e[]); DELETE FROM t WHERE x = 'a' AND x IN ('a', 'b') AND x = ANY (y) AND x < 'b' AND y @> '{a}' AND x::text LIKE 'a' AND x IN ('a'::e); UPDATE t SET x = CASE WHEN x = 'a' THEN 'b' ELSE x END; UPDATE t SET x = 'b'::e;
## enum to text
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e); UPDATE agents SET name = t.x FROM t;
## domain text
CREATE DOMAIN dt AS text; CREATE TABLE t (a dt, b dt); DELETE FROM t WHERE a = 'x' AND a LIKE b AND a || b = lower(a); UPDATE t SET a = 5, b = now();
## domain over int
CREATE DOMAIN di AS int CHECK (VALUE > 0); CREATE TABLE t (a di); UPDATE t SET a = a + 1; UPDATE t SET a = '5'; CREATE VIEW v AS SELECT sum(a), a + 1 AS q FROM t GROUP BY a;
## array any domain
CREATE DOMAIN di AS int; CREATE TABLE t (a di, b di[]); DELETE FROM t WHERE a = ANY (b) AND b[1] = 2 AND a = ANY (ARRAY[1,2]);
## union types
CREATE VIEW v AS SELECT i AS a, t AS b FROM wide UNION SELECT nu, v FROM wide UNION ALL SELECT 1, 'x' UNION SELECT NULL, NULL;
## union literal then date
CREATE VIEW v AS SELECT d FROM wide UNION ALL SELECT '2020-01-01' UNION ALL SELECT ts FROM wide;
## values view
CREATE VIEW v AS SELECT * FROM (VALUES (1, 'a'), (2.5, NULL)) AS x (p, q) WHERE p > 1 AND q <> 'x';
## values where bool
CREATE VIEW v AS SELECT * FROM (VALUES (true), (false)) AS x (p) WHERE p;
## cte
CREATE VIEW v AS WITH q (a, b) AS (SELECT id, n > 0 FROM agents), r AS (SELECT a FROM q WHERE b) SELECT a FROM r WHERE a IN (SELECT a FROM q WHERE NOT b);
## recursive again
CREATE VIEW v AS WITH RECURSIVE r (x, p) AS (SELECT 1, ARRAY[1] UNION ALL SELECT x + 1, p || x FROM r WHERE x < 5 AND NOT x = ANY (p)) SELECT * FROM r;
## ctas types
CREATE TABLE t AS SELECT id, n + 1 AS a, lower(name) AS b, count(*) AS c, sum(n) AS d, avg(n) AS e, now() AS f, n > 1 AS g, CASE WHEN n > 0 THEN 'x' ELSE 'y' END AS h, coalesce(n, 0) AS i, meta->>'a' AS j, max(name) AS k FROM agents GROUP BY id, n, name, meta;
## ctas types 3
CREATE TABLE t AS SELECT current_user AS a, current_date AS b, localtimestamp AS c, extract(year FROM d) AS e, 1 AS f, 1.5 AS g, 'x' AS h, NULL AS i, true AS k, 3000000000 AS l, date_trunc('day', ts) AS m, greatest(i, b) AS n, least(nu, i) AS o, md5(t) AS p, length(t) AS q, (SELECT 1) AS r, EXISTS (SELECT 1) AS s, i IN (1, 2) AS u, max(v) OVER () AS w, max(c) OVER () AS x, ts AT TIME ZONE 'UTC' AS y FROM wide;
## check bool func
CREATE TABLE t (a text CHECK (starts_with(a, 'x')), b jsonb CHECK (jsonb_typeof(b) = 'object'), c int CHECK (c IN (1, 2) IS NOT FALSE), d boolean CHECK (d));
## check regexp
ALTER TABLE agents ADD CHECK (name ~ '^[a-z]+$' AND char_length(name) BETWEEN 1 AND 10), ADD CHECK (meta IS JSON OBJECT OR meta IS NULL);
## index pred
CREATE INDEX ON wide (i) WHERE f; CREATE INDEX ON wide (i) WHERE NOT f AND t IS NOT NULL; CREATE INDEX ON wide (i) WHERE (f IS TRUE);
## policy again
CREATE POLICY p ON agents USING (n = current_setting('app.n')::int) WITH CHECK (name = current_user);
## policy bool const
CREATE POLICY p ON agents USING (true) WITH CHECK (coalesce(current_setting('x', true), '') <> '');
## merge
MERGE INTO agents a USING (SELECT 1 AS id, 'x' AS name) s ON a.id = s.id WHEN MATCHED AND a.n > 0 THEN UPDATE SET name = s.name, n = a.n + 1 WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name);
## order by
CREATE VIEW v AS SELECT id, name AS nm FROM agents ORDER BY 2, nm DESC NULLS LAST, n + 1, lower(name);
## group by
CREATE VIEW v AS SELECT lower(name), count(*) FROM agents GROUP BY lower(name) HAVING count(*) > 1 ORDER BY count(*) DESC, 1;
## group by alias again
CREATE VIEW v AS SELECT date_trunc('day', ts) AS day, count(*) FROM wide GROUP BY day ORDER BY day;
## group by 1
CREATE VIEW v AS SELECT lower(name), n + 1 AS x, count(*) FROM agents GROUP BY 1, 2;
## group expr in expr
CREATE VIEW v AS SELECT lower(name) || 'x' AS a, (n + 1) * 2 AS b, max(id) FROM agents GROUP BY lower(name), n + 1;
## group pk
CREATE VIEW v AS SELECT a.*, count(g.id) AS c FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id;
## rollup again
CREATE VIEW v AS SELECT name, n, count(*), grouping(name) FROM agents GROUP BY ROLLUP (name, n);
## grouping sets again
CREATE VIEW v AS SELECT name, n, count(*) FROM agents GROUP BY GROUPING SETS ((name), (n), ());
## distinct on again
CREATE VIEW v AS SELECT DISTINCT ON (name) name, id FROM agents ORDER BY name, id DESC;
## operator syntax
DELETE FROM agents WHERE n OPERATOR(pg_catalog.=) 1 AND name OPERATOR(pg_catalog.~) 'x';
## overlaps
DELETE FROM wide WHERE (d, d + 1) OVERLAPS (d, interval '1 day');
## collate
DELETE FROM agents WHERE name COLLATE "C" > 'a' AND name < 'b' COLLATE "C";
## multiline string
DELETE FROM agents WHERE name = 'a'
  'b';
## not chain
DELETE FROM agents WHERE NOT NOT NOT n > 0;
## not eq
DELETE FROM agents WHERE NOT n = 1 AND n != 2 AND NOT (n <> 3);
## eq bool chain
DELETE FROM wide WHERE f = (i > 1) AND (i = 1) = f AND f <> (t IS NULL) AND f > false;
## minus json key int
UPDATE agents SET meta = meta - 1 - ARRAY['a', 'b'];
## date eq literal text
DELETE FROM wide WHERE d = '2020-01-01'::text::date AND ts::text LIKE '2020%' AND ts::date = d AND d::timestamp = tz;
## char
DELETE FROM wide WHERE c = 'abc' AND c = v AND c || 'x' = t AND 'a'::"char" = 'a';
## money
CREATE TABLE t (m money); UPDATE t SET m = 5 WHERE m > 1::money AND m = 5::numeric::money; UPDATE t SET m = m * 2 WHERE m > 1::money AND m = 5::numeric::money; UPDATE t SET m = '1'::money WHERE m > 1::money AND m = 5::numeric::money;
## count compare bigints
CREATE VIEW v AS SELECT name FROM agents GROUP BY name HAVING count(*) > 1 AND max(n) < 3 AND bool_or(n > 1) AND every(id > 0);
## subquery compare
DELETE FROM agents WHERE n > (SELECT avg(id) FROM goals) AND name = (SELECT max(body) FROM goals) AND n = (SELECT count(*) FROM goals);
## literal subquery column
CREATE VIEW v AS SELECT x.a, x.a || 'y' AS b FROM (SELECT 'x' AS a) x WHERE x.a = 'x';
## NULL column where
CREATE VIEW v AS SELECT 1 AS q FROM (SELECT NULL AS a, true AS b) x WHERE x.b;
## whole row again
CREATE VIEW v AS SELECT a AS whole, (a).name, a.id FROM agents a WHERE a IS NOT NULL;
## row to json
CREATE VIEW v AS SELECT row_to_json(a) AS j, to_jsonb(a) AS k, jsonb_agg(a) OVER () AS l FROM agents a;
## sum cast
CREATE VIEW v AS SELECT sum(n)::int AS a, round(avg(n), 2) AS b, sum(n) / count(*) AS c, sum(n) * 1.0 AS d, count(*)::text || 'x' AS e FROM agents;
## json constructors
CREATE VIEW v AS SELECT json_object('a': n) AS x, json_array(1, 2) AS y, json_objectagg(name: n) AS z FROM agents GROUP BY n, name;
## vector of ops
DELETE FROM wide WHERE to_tsvector('english', t) @@ to_tsquery('x') AND to_tsvector('simple', t) @@ plainto_tsquery('simple', 'a') AND ts_rank(to_tsvector('simple', t), to_tsquery('x')) > 0.1;
## position params
CREATE FUNCTION f(a int, b text) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE id = $1 AND name = b AND ($2 IS NULL OR n = a)';
## bool parameter
CREATE FUNCTION f(flag boolean) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE flag AND n > 0';
## parameter named as column type
CREATE FUNCTION f(n boolean) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE $1 AND f.n';
## sql parameter shadow
CREATE FUNCTION f(body boolean) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM agents WHERE body';
## outer column bool
DELETE FROM wide w WHERE EXISTS (SELECT 1 FROM agents a WHERE w.f AND f AND a.n = w.i);
## outer shadows
DELETE FROM wide WHERE EXISTS (SELECT 1 FROM agents WHERE f);
## using merged
CREATE VIEW v AS SELECT id FROM agents JOIN goals USING (id) WHERE id > 1 AND id IS NOT NULL;
## natural again
CREATE VIEW v AS SELECT a.n FROM agents a NATURAL JOIN goals WHERE n > 1;
## values default
INSERT INTO agents VALUES (1, 'a', DEFAULT, NULL);
## tablesample again
CREATE VIEW v AS SELECT id FROM agents TABLESAMPLE system (10) WHERE n > 1;
## limit
CREATE VIEW v AS SELECT id FROM agents ORDER BY id LIMIT 5 + 1 OFFSET (SELECT 1);
## fetch
CREATE VIEW v AS SELECT id FROM agents ORDER BY id FETCH FIRST 3 ROWS WITH TIES;
## ctas 4
CREATE TABLE t AS SELECT i::bigint + 1 AS a, nu * 2 AS b, v || 'x' AS c, v, nullif(i, 1) AS h, d + 1 AS k, d - d AS l, ts - ts AS m, ts + iv AS n, arr[1] AS o, ARRAY[1, 2] AS p, -i AS r, NOT f AS s, j -> 'a' AS u FROM wide;
## ctas 5
CREATE TABLE t AS SELECT sum(1::real) AS d, avg(1::real) AS e, 5 / 2 AS f, 5 % 2 AS g, s + s AS i, s + i AS k, s * b AS l, sum(s) AS m, sum(b) AS n, sum(iv) AS o, avg(iv) AS p, 1::real + 1::real AS q FROM wide GROUP BY s, i, b;
## ctas 6
CREATE TABLE t AS SELECT 1::real + 1 AS b, 1::real + 1.5 AS c, fl + i AS d, nu % 2 AS e, i / 2.0 AS f, max(d) AS g, min(ts) AS h, coalesce(i, b) AS k, CASE WHEN f THEN 1 ELSE 2.5 END AS l, CASE WHEN f THEN NULL ELSE i END AS m, abs(i) AS n, 1 + '2' AS o, lower('X') AS p, concat(i, t) AS q, format('%s', i) AS r, to_char(ts, 'YYYY') AS s, count(DISTINCT i) AS u, jsonb_agg(t) AS w, bool_and(f) AS x, string_agg(t, ',') AS y, repeat(t, 2) AS z FROM wide GROUP BY fl, i, nu, f, t, b, ts;
## ctas values
CREATE TABLE t AS SELECT * FROM (VALUES (1, 'a', now(), NULL), (2, 'b', NULL, 'x')) x (a, b, c, d);
## conflict expr
CREATE UNIQUE INDEX ON agents (lower(name), n); INSERT INTO agents (id) VALUES (1) ON CONFLICT (n, lower(name)) DO NOTHING;
## conflict expr cast
ALTER TABLE agents ADD vv varchar(5); CREATE UNIQUE INDEX ON agents (lower(vv)); INSERT INTO agents (id) VALUES (1) ON CONFLICT (lower(vv::text)) DO NOTHING;
## conflict expr parens
CREATE UNIQUE INDEX ON agents ((n + 1)); INSERT INTO agents (id) VALUES (1) ON CONFLICT ((n + 1)) DO NOTHING;
## conflict partitioned
CREATE TABLE t (a int, b int, PRIMARY KEY (a)) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT; INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING;
## conflict partial
CREATE UNIQUE INDEX ON agents (n) WHERE n > 0; INSERT INTO agents (id) VALUES (1) ON CONFLICT (n) WHERE n > 0 DO NOTHING;
## conflict opclass collate
CREATE UNIQUE INDEX ON agents (name COLLATE "C"); INSERT INTO agents (id) VALUES (1) ON CONFLICT (name COLLATE "C") DO NOTHING;
## group sub expr
CREATE VIEW v AS SELECT lower(a.name), lower(name) || 'x' AS q, count(*) FROM agents a GROUP BY lower(name) ORDER BY lower(a.name);
## group cast
CREATE VIEW v AS SELECT ts::date AS d, count(*) FROM wide GROUP BY CAST(ts AS date);
## group having expr
CREATE VIEW v AS SELECT count(*) FROM agents GROUP BY lower(name), n HAVING lower(name) <> 'x' AND n > 1 ORDER BY lower(name) DESC, n;
## group coalesce
CREATE VIEW v AS SELECT coalesce(name, 'x') AS name, sum(n) FROM agents GROUP BY coalesce(name, 'x');
## group alias shadow
CREATE VIEW v AS SELECT coalesce(name, 'x') AS nm, sum(n) FROM agents GROUP BY nm ORDER BY nm;
## group mixed key and expr
CREATE VIEW v AS SELECT name, lower(name), n + 1 AS q FROM agents GROUP BY name, n + 1;
## group pk expr
CREATE VIEW v AS SELECT id, name, lower(name) AS l FROM agents GROUP BY id, lower(name);
## group two exprs
CREATE VIEW v AS SELECT n % 2 AS a, n / 2 AS b, (n % 2) + (n / 2) AS c FROM agents GROUP BY n % 2, n / 2;
## group constants
CREATE VIEW v AS SELECT 'x' AS a, lower(name) AS b FROM agents GROUP BY 1, 2;
## union order
CREATE VIEW v AS SELECT id AS a, name AS b FROM agents UNION ALL SELECT id, body FROM goals ORDER BY a DESC NULLS LAST, 2, b LIMIT 3;
## union parens
CREATE VIEW v AS (SELECT id FROM agents ORDER BY n + 1 LIMIT 1) UNION ALL (SELECT id FROM goals ORDER BY id + 1 LIMIT 1) ORDER BY id;
## union case name
CREATE VIEW v AS SELECT count(*) FROM agents UNION ALL SELECT 1 ORDER BY count;
## union unnamed order
CREATE VIEW v AS SELECT 1, 'x' AS b UNION ALL SELECT 2, 'y' ORDER BY 1;
## insert union order
INSERT INTO agents (id, name) SELECT id, body FROM goals UNION SELECT 5, 'x' ORDER BY id;
## windows legal
CREATE VIEW v AS SELECT rank() OVER (ORDER BY count(*)) AS r, sum(count(*)) OVER () AS s, name FROM agents GROUP BY name ORDER BY row_number() OVER (ORDER BY name);
## window distinct on
CREATE VIEW v AS SELECT DISTINCT ON (rank() OVER w) id FROM agents WINDOW w AS (ORDER BY n), w2 AS (w);
## window in subquery where
DELETE FROM agents WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY name ORDER BY id) AS rn FROM agents) s WHERE rn > 1);
## window in exists
UPDATE agents SET n = s.rn FROM (SELECT id, row_number() OVER (ORDER BY id) AS rn FROM agents) s WHERE s.id = agents.id;
## hypothetical rank
CREATE VIEW v AS SELECT rank(5) WITHIN GROUP (ORDER BY n) FROM agents;
## window insert select
INSERT INTO goals (id) SELECT row_number() OVER () + 100 FROM agents;
## window filter
CREATE VIEW v AS SELECT count(*) FILTER (WHERE n > 1) OVER (PARTITION BY name) FROM agents;
## check cast
ALTER TABLE agents ADD CHECK ((meta->>'x')::int > 5), ADD CHECK (name::date > now());
## gen cols
CREATE TABLE t (a text, b text GENERATED ALWAYS AS (lower(a) || 'x') STORED, c tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(a, ''))) STORED, d timestamp, e date GENERATED ALWAYS AS (d::date) STORED, f int GENERATED ALWAYS AS (length(a)) VIRTUAL, g text GENERATED ALWAYS AS (CASE WHEN a IS NULL THEN 'x' ELSE a END) STORED, h timestamp GENERATED ALWAYS AS (date_trunc('day', d)) STORED, i jsonb, j text GENERATED ALWAYS AS (i->>'a') STORED, k int GENERATED ALWAYS AS ((i->>'n')::int) STORED, l timestamptz, m timestamp GENERATED ALWAYS AS (l AT TIME ZONE 'UTC') STORED, n numeric GENERATED ALWAYS AS (extract(epoch FROM d)) STORED, o text GENERATED ALWAYS AS (k2::text || '-' || a) STORED, k2 int);
## index exprs in preds
CREATE INDEX ON wide (i) WHERE tz > '2020-01-01' AND d >= '2020-01-01'::date AND lower(t) <> 'x' AND ts > '2020-01-01' AND ts > '2020-01-01 00:00+00'::timestamptz AND (j->>'a')::int > 1 AND i::text <> 'x' AND date_trunc('day', tz) > '2020-01-01' AND f;
## pred sql fn inlined
CREATE FUNCTION sqlf(a int) RETURNS boolean LANGUAGE sql AS 'SELECT a > 0'; CREATE INDEX ON agents (id) WHERE sqlf(n);
## pred immutable own
CREATE FUNCTION im(a int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN a > 0; END'; CREATE INDEX ON agents (id) WHERE im(n);
## policy subquery
CREATE POLICY p ON agents USING (id IN (SELECT agent_id FROM goals) AND EXISTS (SELECT 1 FROM goals g WHERE g.agent_id = agents.id)) WITH CHECK (n = (SELECT max(id) FROM goals));
## policy srf in subquery
CREATE POLICY p ON agents USING (id IN (SELECT unnest(string_to_array(current_setting('x', true), ',')::int[])));
## domain checks
CREATE DOMAIN d1 AS text CHECK (VALUE ~ '^[a-z]+$' AND length(VALUE) < 10); CREATE DOMAIN d2 AS int CHECK (VALUE BETWEEN 1 AND 5) CHECK (VALUE IS NOT NULL); CREATE DOMAIN d3 AS d2 CHECK (VALUE > 2); CREATE DOMAIN d4 AS text[] CHECK (array_length(VALUE, 1) < 3 AND 'x' <> ALL (VALUE)); CREATE DOMAIN d5 AS jsonb CHECK (jsonb_typeof(VALUE) = 'object' AND VALUE ? 'a' AND (VALUE->>'n')::int > 0);
## alter using
ALTER TABLE agents ALTER name TYPE int USING length(name); ALTER TABLE goals ALTER body TYPE jsonb USING CASE WHEN body IS NULL THEN NULL ELSE to_jsonb(body) END;
## alter using bool
ALTER TABLE goals ALTER body TYPE boolean USING body = 'yes'; ALTER TABLE agents ALTER meta TYPE text USING (meta #>> '{}');
## modifiers
CREATE TABLE t (a varchar(255), b char(1), c numeric(10), d numeric(10,2), e timestamp(3), f timestamptz(0), g bit(3), h varbit(5), i time(2), j char, k varchar, l numeric(3,-2), m numeric(2,5), n float(24), o varchar(10)[], p double precision, q numeric(1000));
## insert more
INSERT INTO wide (t, v, c, u, j, js, f, d, ts, iv, by, arr, ia, o, tm, ip) VALUES (1, 2.5, 'a', NULL, '{}', '[]', 't', 'today', 'now', '1 day', 'x', ARRAY['a'], ARRAY[1], 5, '12:00', '10.0.0.1');
## insert from views
CREATE VIEW v AS SELECT 'x' AS a, 1 AS b; INSERT INTO agents (name, id) SELECT a, b FROM v;
## insert arrays
INSERT INTO wide (arr, ia) SELECT array_agg(name), array_agg(id) FROM agents; INSERT INTO wide (arr) SELECT ARRAY['1', i::text] FROM wide; INSERT INTO wide (arr) VALUES (ARRAY[1,2]); INSERT INTO wide (ia) SELECT ARRAY[]::bigint[];
## update arrays
UPDATE wide SET arr[1] = 'x', ia[2] = 5; UPDATE wide SET arr = ia; UPDATE wide SET ia = ARRAY[1.5];
## update composite
CREATE TYPE pair AS (a int, b text); CREATE TABLE t (p pair); UPDATE t SET p.a = 1; UPDATE t SET p = ROW(1, 'x'); INSERT INTO t (p.a, p.b) VALUES (1, 'x'); INSERT INTO t VALUES ((1, 'x'));
## update jsonb col
UPDATE agents SET meta = to_jsonb(name), n = (meta->>'a')::int; UPDATE agents SET meta = jsonb_set(meta, '{a}', '1'); UPDATE agents SET meta = '{"a": 1}'::json; UPDATE agents SET meta = row_to_json(agents);
## do with rows
DO $$ DECLARE r record; n int; BEGIN FOR r IN SELECT id, name FROM agents LOOP UPDATE agents SET n = r.id WHERE id = r.id AND name = r.name; INSERT INTO goals (id, body) VALUES (r.id, r.name); END LOOP; SELECT count(*) INTO n FROM agents; IF n > 0 THEN UPDATE agents SET n = n; END IF; END $$;
## agg sum
CREATE AGGREGATE mysum (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0'); CREATE AGGREGATE mysum (bigint) (SFUNC = int8pl, STYPE = bigint);
## agg own
CREATE FUNCTION addx(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a || b'; CREATE AGGREGATE cat (text) (SFUNC = addx, STYPE = text, INITCOND = ''); CREATE OR REPLACE AGGREGATE cat (text) (SFUNC = addx, STYPE = text);
## agg array
CREATE AGGREGATE array_accum (anycompatible) (SFUNC = array_append, STYPE = anycompatiblearray, INITCOND = '{}');
## agg old
CREATE AGGREGATE oldsum (BASETYPE = int, SFUNC = int4pl, STYPE = int);
## agg two args
CREATE FUNCTION wadd(s numeric, v numeric, w numeric) RETURNS numeric LANGUAGE sql AS 'SELECT s + v * w'; CREATE AGGREGATE wsum (v numeric, w numeric) (SFUNC = wadd, STYPE = numeric, INITCOND = '0');
## plpgsql loops
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$DECLARE r record; a int; b text; c CURSOR FOR SELECT id FROM agents; cc refcursor; arr int[]; row agents%ROWTYPE; BEGIN FOR r IN SELECT id FROM agents LOOP NULL; END LOOP; FOR a, b IN SELECT id, name FROM agents LOOP NULL; END LOOP; FOR i IN 1..10 LOOP FOR j IN REVERSE 10 .. i BY 2 LOOP NULL; END LOOP; END LOOP; FOR q IN c LOOP NULL; END LOOP; FOREACH a IN ARRAY arr LOOP NULL; END LOOP; FOREACH arr SLICE 1 IN ARRAY ARRAY[[1],[2]] LOOP NULL; END LOOP; FOR row IN SELECT * FROM agents FOR UPDATE LOOP NULL; END LOOP; FOR r IN EXECUTE 'SELECT 1' USING 1 LOOP NULL; END LOOP; FOR r IN (SELECT id FROM agents) LOOP NULL; END LOOP; FOR i IN (1)..(2) LOOP NULL; END LOOP; FOR i IN array_lower(arr, 1) .. array_upper(arr, 1) LOOP NULL; END LOOP; OPEN cc FOR SELECT 1; CLOSE cc; END$$;
## plpgsql loop nested
CREATE FUNCTION f(p int, OUT o text) LANGUAGE plpgsql AS $$<<outer>> DECLARE r record; BEGIN FOR r IN SELECT 1 AS x LOOP DECLARE k int := 1; s record; BEGIN FOR s IN SELECT k LOOP CONTINUE WHEN k > 1; EXIT outer; END LOOP; END; END LOOP; o := 'x'; RETURN; END$$;
## plpgsql loop into parameter
CREATE FUNCTION f(p int, OUT o text) LANGUAGE plpgsql AS $$BEGIN FOR o IN SELECT name FROM agents LOOP NULL; END LOOP; FOR p, o IN SELECT id, name FROM agents LOOP EXIT; END LOOP; END$$;
## plpgsql returns table loop
CREATE FUNCTION f() RETURNS TABLE (a int, b text) LANGUAGE plpgsql AS $$BEGIN FOR a, b IN SELECT id, name FROM agents LOOP RETURN NEXT; END LOOP; RETURN QUERY SELECT 1, 'x'; RETURN; END$$;
## plpgsql setof
CREATE FUNCTION f() RETURNS SETOF agents LANGUAGE plpgsql AS $$DECLARE r agents; BEGIN FOR r IN SELECT * FROM agents LOOP RETURN NEXT r; END LOOP; RETURN QUERY EXECUTE 'SELECT * FROM agents'; RETURN; END$$;
## plpgsql new loop
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$DECLARE x int; BEGIN FOR x IN SELECT 1 LOOP NULL; END LOOP; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NULL; END$$;
## raise
DO $$DECLARE a int := 1; BEGIN RAISE NOTICE 'x % y %% z %', a, (SELECT max(id) FROM agents); RAISE NOTICE '100%%'; RAISE INFO '%', concat('a', ',', 'b'); RAISE NOTICE 'no args'; RAISE LOG '%', a USING HINT = 'x', DETAIL = 'a, b'; RAISE WARNING '% %', ARRAY[1, 2], (1, 2); RAISE NOTICE '%', 'a%'; END$$;
## raise others
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'x %', 1 USING ERRCODE = 'P0001'; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '% %', SQLERRM, SQLSTATE; RAISE; RETURN 1; END$$;
## raise forms
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN RAISE division_by_zero; RAISE SQLSTATE '22012'; RAISE unique_violation USING MESSAGE = 'a % b'; RAISE EXCEPTION USING MESSAGE = 'x', ERRCODE = 'unique_violation'; RETURN 1; END$$;
## exits
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$<<b>> BEGIN LOOP EXIT WHEN true; CONTINUE; END LOOP; WHILE true LOOP EXIT; END LOOP; FOR i IN 1..2 LOOP BEGIN EXIT; EXCEPTION WHEN OTHERS THEN CONTINUE; END; END LOOP; <<l>> LOOP LOOP EXIT l; CONTINUE l WHEN false; END LOOP; END LOOP; EXIT b; RETURN 1; END$$;
## returns
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$BEGIN IF true THEN RETURN; END IF; PERFORM 1; RETURN; END$$; CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN (SELECT 1); END$$; CREATE PROCEDURE p() LANGUAGE plpgsql AS $$BEGIN RETURN; END$$; CREATE FUNCTION h(INOUT a int) LANGUAGE plpgsql AS $$BEGIN a := 1; RETURN; END$$; CREATE FUNCTION k() RETURNS record LANGUAGE plpgsql AS $$BEGIN RETURN ROW(1, 2); END$$; CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'x'; END$$;
## do return
DO $$BEGIN RETURN; END$$;
## declares
CREATE FUNCTION f(p int) RETURNS void LANGUAGE plpgsql AS $$DECLARE a CONSTANT int := 1; b int NOT NULL := 2; c text NOT NULL DEFAULT 'x'; d agents.name%TYPE; e agents%ROWTYPE; g p%TYPE; h numeric(10,2) = 1.5; i timestamp with time zone; j text[] := '{}'; k ALIAS FOR p; l CURSOR (q int) FOR SELECT id FROM agents WHERE id = q; m agents; n public.agents%ROWTYPE; o varchar(5) COLLATE "C"; q double precision; r record; s refcursor; u int := (SELECT max(id) FROM agents WHERE name IS NOT NULL); v NO SCROLL CURSOR FOR SELECT 1; w pg_class%ROWTYPE; x pg_class.relname%TYPE; y interval; z a%TYPE; BEGIN DECLARE a text; BEGIN NULL; END; END$$;
## declares lacking path
CREATE SCHEMA app; CREATE TABLE app.own (id int); CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SET search_path = app AS $$DECLARE a own%ROWTYPE; b own.id%TYPE; BEGIN NULL; END$$;
## unchecked bodies
SET check_function_bodies = off; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$DECLARE a nosuch; BEGIN FOR r IN SELECT 1 LOOP NULL; END LOOP; END$$;
## two declare blocks
DO $$DECLARE a int; BEGIN DECLARE a text; b int; BEGIN NULL; END; DECLARE b text; BEGIN NULL; END; END$$;
## do record
DO $$DECLARE r record; c int; BEGIN FOR r IN SELECT table_name FROM information_schema.tables LOOP c := c + 1; END LOOP; FOR i IN 1..3 LOOP PERFORM i; END LOOP; END$$;
## case statements
CREATE FUNCTION f(x int) RETURNS text LANGUAGE plpgsql AS $$BEGIN CASE x WHEN 1 THEN RETURN 'a'; WHEN 2, 3 THEN RETURN 'b'; ELSE RETURN CASE WHEN x > 5 THEN 'c' ELSE 'd' END; END CASE; END$$;
## for in sql
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$DECLARE x text; BEGIN SELECT substring(name FROM 1 FOR 3) INTO x FROM agents FOR UPDATE; x := overlay(x placing 'y' from 1 for 2); END$$;
## compiled: ok type of an argument's column
CREATE FUNCTION f(r agents) RETURNS int LANGUAGE plpgsql AS $$ DECLARE x agents.id%TYPE; z r%TYPE; y agents.name%TYPE NOT NULL := 'a'; BEGIN RETURN r.id; END $$;
## compiled: ok types of another schema
CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('a'); CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SET search_path = app AS $$ DECLARE x mood; BEGIN NULL; END $$;
## number defaults of another type
ALTER TABLE agents ALTER n TYPE numeric(10,2); ALTER TABLE agents ADD g numeric DEFAULT 1.5, ADD h bigint DEFAULT 7, ADD r real DEFAULT 2; ALTER TABLE agents ALTER g TYPE double precision, ALTER h TYPE numeric, ALTER r TYPE float8;
## negative default of another type
CREATE TABLE t (a int DEFAULT -1, b numeric DEFAULT -1.5); ALTER TABLE t ALTER a TYPE numeric, ALTER b TYPE float8;
## json default becomes jsonb
CREATE TABLE t (a json DEFAULT '{}' NOT NULL, b json DEFAULT '[]'::json, c jsonb DEFAULT '{"a": 1}'); ALTER TABLE t ALTER a TYPE jsonb USING a::jsonb, ALTER b TYPE jsonb, ALTER c TYPE json;
## default dropped, typed and set in one
CREATE TABLE t (id text DEFAULT gen_random_uuid()::text PRIMARY KEY, f text DEFAULT '0'); ALTER TABLE t ALTER id SET DEFAULT gen_random_uuid(), ALTER id TYPE uuid USING id::uuid, ALTER id DROP DEFAULT; ALTER TABLE t ALTER f DROP DEFAULT, ALTER f TYPE int USING f::int;
## floats beside other numbers
CREATE TABLE t (r real, d float8, n numeric, i int, b bigint, s smallint, CHECK (r > 0), CHECK (r < 1.5), CHECK (r BETWEEN 0 AND 1), CHECK (i < r), CHECK (s < r), CHECK (b <> r), CHECK (n >= r), CHECK (r < d), CHECK (d > r), CHECK (d > i), CHECK (n = d), CHECK (r = 1), CHECK (d IN (1, 2.5))); ALTER TABLE t ALTER r TYPE float8;
## alter constraint deferrable
ALTER TABLE goals ALTER CONSTRAINT goals_agent_id_fkey DEFERRABLE INITIALLY DEFERRED; CREATE TABLE t (a int REFERENCES agents DEFERRABLE, b int REFERENCES agents); ALTER TABLE t ALTER CONSTRAINT t_a_fkey NOT DEFERRABLE, ALTER CONSTRAINT t_b_fkey INITIALLY DEFERRED;
## explain
EXPLAIN SELECT * FROM agents; EXPLAIN (COSTS off, FORMAT json) SELECT 1; EXPLAIN ANALYZE VERBOSE UPDATE agents SET n = 1; EXPLAIN (ANALYZE, BUFFERS, TIMING off) DELETE FROM goals; EXPLAIN WITH a AS (SELECT 1 AS x) SELECT x FROM a;
## event trigger that tells
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', tg_tag; NOTIFY pgrst, 'reload schema'; END $$; CREATE EVENT TRIGGER own ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION et(); ALTER TABLE agents ADD z int; ALTER EVENT TRIGGER own DISABLE; ALTER EVENT TRIGGER own RENAME TO mine; DROP EVENT TRIGGER IF EXISTS nowhere; DROP EVENT TRIGGER mine; DROP FUNCTION et();
## roles called otherwise
CREATE ROLE scene_one; ALTER ROLE scene_one RENAME TO scene_two; CREATE ROLE scene_one; ALTER GROUP scene_one ADD USER scene_two; ALTER GROUP scene_one DROP USER scene_two; DROP ROLE scene_one; DROP ROLE scene_two;
## as many columns as a query gives
DELETE FROM agents WHERE EXISTS (SELECT 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100,101,102,103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,123,124,125,126,127,128,129,130,131,132,133,134,135,136,137,138,139,140,141,142,143,144,145,146,147,148,149,150,151,152,153,154,155,156,157,158,159,160,161,162,163,164,165,166,167,168,169,170,171,172,173,174,175,176,177,178,179,180,181,182,183,184,185,186,187,188,189,190,191,192,193,194,195,196,197,198,199,200,201,202,203,204,205,206,207,208,209,210,211,212,213,214,215,216,217,218,219,220,221,222,223,224,225,226,227,228,229,230,231,232,233,234,235,236,237,238,239,240,241,242,243,244,245,246,247,248,249,250,251,252,253,254,255,256,257,258,259,260,261,262,263,264,265,266,267,268,269,270,271,272,273,274,275,276,277,278,279,280,281,282,283,284,285,286,287,288,289,290,291,292,293,294,295,296,297,298,299,300,301,302,303,304,305,306,307,308,309,310,311,312,313,314,315,316,317,318,319,320,321,322,323,324,325,326,327,328,329,330,331,332,333,334,335,336,337,338,339,340,341,342,343,344,345,346,347,348,349,350,351,352,353,354,355,356,357,358,359,360,361,362,363,364,365,366,367,368,369,370,371,372,373,374,375,376,377,378,379,380,381,382,383,384,385,386,387,388,389,390,391,392,393,394,395,396,397,398,399,400,401,402,403,404,405,406,407,408,409,410,411,412,413,414,415,416,417,418,419,420,421,422,423,424,425,426,427,428,429,430,431,432,433,434,435,436,437,438,439,440,441,442,443,444,445,446,447,448,449,450,451,452,453,454,455,456,457,458,459,460,461,462,463,464,465,466,467,468,469,470,471,472,473,474,475,476,477,478,479,480,481,482,483,484,485,486,487,488,489,490,491,492,493,494,495,496,497,498,499,500,501,502,503,504,505,506,507,508,509,510,511,512,513,514,515,516,517,518,519,520,521,522,523,524,525,526,527,528,529,530,531,532,533,534,535,536,537,538,539,540,541,542,543,544,545,546,547,548,549,550,551,552,553,554,555,556,557,558,559,560,561,562,563,564,565,566,567,568,569,570,571,572,573,574,575,576,577,578,579,580,581,582,583,584,585,586,587,588,589,590,591,592,593,594,595,596,597,598,599,600,601,602,603,604,605,606,607,608,609,610,611,612,613,614,615,616,617,618,619,620,621,622,623,624,625,626,627,628,629,630,631,632,633,634,635,636,637,638,639,640,641,642,643,644,645,646,647,648,649,650,651,652,653,654,655,656,657,658,659,660,661,662,663,664,665,666,667,668,669,670,671,672,673,674,675,676,677,678,679,680,681,682,683,684,685,686,687,688,689,690,691,692,693,694,695,696,697,698,699,700,701,702,703,704,705,706,707,708,709,710,711,712,713,714,715,716,717,718,719,720,721,722,723,724,725,726,727,728,729,730,731,732,733,734,735,736,737,738,739,740,741,742,743,744,745,746,747,748,749,750,751,752,753,754,755,756,757,758,759,760,761,762,763,764,765,766,767,768,769,770,771,772,773,774,775,776,777,778,779,780,781,782,783,784,785,786,787,788,789,790,791,792,793,794,795,796,797,798,799,800,801,802,803,804,805,806,807,808,809,810,811,812,813,814,815,816,817,818,819,820,821,822,823,824,825,826,827,828,829,830,831,832,833,834,835,836,837,838,839,840,841,842,843,844,845,846,847,848,849,850,851,852,853,854,855,856,857,858,859,860,861,862,863,864,865,866,867,868,869,870,871,872,873,874,875,876,877,878,879,880,881,882,883,884,885,886,887,888,889,890,891,892,893,894,895,896,897,898,899,900,901,902,903,904,905,906,907,908,909,910,911,912,913,914,915,916,917,918,919,920,921,922,923,924,925,926,927,928,929,930,931,932,933,934,935,936,937,938,939,940,941,942,943,944,945,946,947,948,949,950,951,952,953,954,955,956,957,958,959,960,961,962,963,964,965,966,967,968,969,970,971,972,973,974,975,976,977,978,979,980,981,982,983,984,985,986,987,988,989,990,991,992,993,994,995,996,997,998,999,1000,1001,1002,1003,1004,1005,1006,1007,1008,1009,1010,1011,1012,1013,1014,1015,1016,1017,1018,1019,1020,1021,1022,1023,1024,1025,1026,1027,1028,1029,1030,1031,1032,1033,1034,1035,1036,1037,1038,1039,1040,1041,1042,1043,1044,1045,1046,1047,1048,1049,1050,1051,1052,1053,1054,1055,1056,1057,1058,1059,1060,1061,1062,1063,1064,1065,1066,1067,1068,1069,1070,1071,1072,1073,1074,1075,1076,1077,1078,1079,1080,1081,1082,1083,1084,1085,1086,1087,1088,1089,1090,1091,1092,1093,1094,1095,1096,1097,1098,1099,1100,1101,1102,1103,1104,1105,1106,1107,1108,1109,1110,1111,1112,1113,1114,1115,1116,1117,1118,1119,1120,1121,1122,1123,1124,1125,1126,1127,1128,1129,1130,1131,1132,1133,1134,1135,1136,1137,1138,1139,1140,1141,1142,1143,1144,1145,1146,1147,1148,1149,1150,1151,1152,1153,1154,1155,1156,1157,1158,1159,1160,1161,1162,1163,1164,1165,1166,1167,1168,1169,1170,1171,1172,1173,1174,1175,1176,1177,1178,1179,1180,1181,1182,1183,1184,1185,1186,1187,1188,1189,1190,1191,1192,1193,1194,1195,1196,1197,1198,1199,1200,1201,1202,1203,1204,1205,1206,1207,1208,1209,1210,1211,1212,1213,1214,1215,1216,1217,1218,1219,1220,1221,1222,1223,1224,1225,1226,1227,1228,1229,1230,1231,1232,1233,1234,1235,1236,1237,1238,1239,1240,1241,1242,1243,1244,1245,1246,1247,1248,1249,1250,1251,1252,1253,1254,1255,1256,1257,1258,1259,1260,1261,1262,1263,1264,1265,1266,1267,1268,1269,1270,1271,1272,1273,1274,1275,1276,1277,1278,1279,1280,1281,1282,1283,1284,1285,1286,1287,1288,1289,1290,1291,1292,1293,1294,1295,1296,1297,1298,1299,1300,1301,1302,1303,1304,1305,1306,1307,1308,1309,1310,1311,1312,1313,1314,1315,1316,1317,1318,1319,1320,1321,1322,1323,1324,1325,1326,1327,1328,1329,1330,1331,1332,1333,1334,1335,1336,1337,1338,1339,1340,1341,1342,1343,1344,1345,1346,1347,1348,1349,1350,1351,1352,1353,1354,1355,1356,1357,1358,1359,1360,1361,1362,1363,1364,1365,1366,1367,1368,1369,1370,1371,1372,1373,1374,1375,1376,1377,1378,1379,1380,1381,1382,1383,1384,1385,1386,1387,1388,1389,1390,1391,1392,1393,1394,1395,1396,1397,1398,1399,1400,1401,1402,1403,1404,1405,1406,1407,1408,1409,1410,1411,1412,1413,1414,1415,1416,1417,1418,1419,1420,1421,1422,1423,1424,1425,1426,1427,1428,1429,1430,1431,1432,1433,1434,1435,1436,1437,1438,1439,1440,1441,1442,1443,1444,1445,1446,1447,1448,1449,1450,1451,1452,1453,1454,1455,1456,1457,1458,1459,1460,1461,1462,1463,1464,1465,1466,1467,1468,1469,1470,1471,1472,1473,1474,1475,1476,1477,1478,1479,1480,1481,1482,1483,1484,1485,1486,1487,1488,1489,1490,1491,1492,1493,1494,1495,1496,1497,1498,1499,1500,1501,1502,1503,1504,1505,1506,1507,1508,1509,1510,1511,1512,1513,1514,1515,1516,1517,1518,1519,1520,1521,1522,1523,1524,1525,1526,1527,1528,1529,1530,1531,1532,1533,1534,1535,1536,1537,1538,1539,1540,1541,1542,1543,1544,1545,1546,1547,1548,1549,1550,1551,1552,1553,1554,1555,1556,1557,1558,1559,1560,1561,1562,1563,1564,1565,1566,1567,1568,1569,1570,1571,1572,1573,1574,1575,1576,1577,1578,1579,1580,1581,1582,1583,1584,1585,1586,1587,1588,1589,1590,1591,1592,1593,1594,1595,1596,1597,1598,1599,1600,1601,1602,1603,1604,1605,1606,1607,1608,1609,1610,1611,1612,1613,1614,1615,1616,1617,1618,1619,1620,1621,1622,1623,1624,1625,1626,1627,1628,1629,1630,1631,1632,1633,1634,1635,1636,1637,1638,1639,1640,1641,1642,1643,1644,1645,1646,1647,1648,1649,1650,1651,1652,1653,1654,1655,1656,1657,1658,1659,1660,1661,1662,1663,1664);
