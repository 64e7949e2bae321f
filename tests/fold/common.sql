CREATE TABLE agents (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, slug text, tags text[], meta jsonb NOT NULL DEFAULT '{}'::jsonb, n int, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE goals (id uuid PRIMARY KEY, agent_id uuid REFERENCES agents(id), body text, status text);
CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END; $$;
CREATE OR REPLACE FUNCTION audit() RETURNS trigger AS $$
DECLARE v_old jsonb; v_count integer := 0;
BEGIN
  IF TG_OP = 'DELETE' THEN v_old := to_jsonb(OLD); INSERT INTO audit_log (row_data, op) VALUES (v_old, TG_OP); RETURN OLD;
  ELSIF TG_OP = 'UPDATE' THEN INSERT INTO audit_log(row_data, op) VALUES (row_to_json(NEW)::jsonb, TG_OP); 
  ELSE SELECT count(*) INTO v_count FROM audit_log WHERE op = CASE WHEN TG_OP = 'INSERT' THEN 'i' ELSE 'x' END; END IF;
  PERFORM pg_notify('changes', json_build_object('id', NEW.id)::text);
  FOR v_count IN 1..3 LOOP NULL; END LOOP;
  IF NOT FOUND THEN RAISE EXCEPTION 'no % here', TG_TABLE_NAME USING ERRCODE = 'P0001'; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = public;
CREATE TABLE audit_log (id bigserial PRIMARY KEY, row_data jsonb, op text);
CREATE TRIGGER a AFTER INSERT OR UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION audit();
INSERT INTO agents (name, slug) VALUES ('x', lower('Y')) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name;
INSERT INTO agents (name, meta) SELECT name, jsonb_build_object('a', coalesce(n, 0)::numeric(10,2)) FROM (VALUES ('a', 1), ('b', 2)) AS v(name, n);
INSERT INTO agents AS a (name) SELECT v.name FROM (VALUES ('q')) v(name) WHERE NOT EXISTS (SELECT 1 FROM agents WHERE name = v.name);
WITH moved AS (DELETE FROM goals WHERE status = 'x' RETURNING *) INSERT INTO goals SELECT * FROM moved;
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM t WHERE n < 10) UPDATE agents SET n = (SELECT sum(n) FROM t);
WITH a AS (SELECT id, row_number() OVER (PARTITION BY name ORDER BY created_at DESC NULLS LAST) AS rn FROM agents) DELETE FROM agents USING a WHERE a.id = agents.id AND a.rn > 1;
UPDATE agents SET slug = regexp_replace(lower(name), '[^a-z]+', '-', 'g') || '-' || substr(md5(id::text), 1, 6) WHERE slug IS NULL;
UPDATE goals g SET status = 'done' FROM agents a WHERE g.agent_id = a.id AND extract(epoch FROM a.created_at) > 3;
DELETE FROM goals WHERE agent_id IN (SELECT id FROM agents WHERE n IS DISTINCT FROM 3);
SELECT setval('audit_log_id_seq', (SELECT coalesce(max(id), 1) FROM audit_log));
SELECT setval(pg_get_serial_sequence('audit_log', 'id'), 10, false);
DO $$ DECLARE r record; n int; BEGIN
  FOR r IN SELECT id, name FROM agents WHERE slug IS NULL LOOP
    UPDATE agents SET slug = format('%s-%s', r.name, substring(r.id::text from 1 for 3)) WHERE id = r.id;
  END LOOP;
  SELECT count(*) INTO n FROM agents; GET DIAGNOSTICS n = ROW_COUNT;
  IF n > 10 THEN RAISE EXCEPTION 'too many: %', n; END IF;
  IF (SELECT count(*) FROM goals WHERE agent_id IS NULL) > 0 THEN RAISE WARNING 'orphans'; END IF;
END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'agents_n_check') THEN
    ALTER TABLE agents ADD CONSTRAINT agents_n_check CHECK (n >= 0) NOT VALID;
  END IF;
  BEGIN CREATE TYPE mood AS ENUM ('a','b'); EXCEPTION WHEN duplicate_object THEN RAISE NOTICE 'there'; END;
END $$;
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'app') THEN GRANT SELECT ON agents TO app; END IF; END $$;
DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
BEGIN; LOCK TABLE agents IN SHARE MODE; SET LOCAL lock_timeout = '2s'; SET LOCAL search_path = public; ALTER TABLE agents ADD COLUMN IF NOT EXISTS x text; COMMIT;
SET search_path TO public; RESET search_path; SET ROLE app; RESET ROLE; SET TIME ZONE 'UTC'; SET statement_timeout = 0; RESET ALL;
CREATE VIEW active AS SELECT a.id, count(g.id) FROM agents a LEFT JOIN goals g ON g.agent_id = a.id GROUP BY a.id;
CREATE OR REPLACE VIEW later AS WITH q AS (SELECT 1 AS x), z (y) AS (SELECT 2) SELECT * FROM q JOIN z ON q.x = z.y JOIN LATERAL (SELECT 1) l ON true;
CREATE POLICY p ON agents USING (id = current_setting('app.id')::uuid);
COMMENT ON TABLE agents IS 'x'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO app; ALTER TABLE agents OWNER TO app;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app; ANALYZE agents; TRUNCATE goals, audit_log RESTART IDENTITY CASCADE;
CREATE TEMP TABLE staging (id int, name text); INSERT INTO staging VALUES (1, 'x'); INSERT INTO agents (name) SELECT name FROM staging; DROP TABLE staging;
INSERT INTO agents (name, tags, meta) VALUES ('k', ARRAY['a'], jsonb_set('{}', '{a}', '1')), (initcap('z'), string_to_array('a,b', ','), to_jsonb(now()));
SELECT pg_advisory_lock(1);
CREATE TEMP TABLE picked AS SELECT id FROM agents; CREATE INDEX ON picked (id); DELETE FROM goals WHERE agent_id IN (SELECT id FROM picked); DROP TABLE picked;
CREATE FUNCTION next_id() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE FUNCTION short(n int DEFAULT 8) RETURNS text STABLE LANGUAGE sql AS $$SELECT 'x'$$;
CREATE TABLE tickets (g boolean GENERATED ALWAYS AS (n > 0) STORED, n bigint PRIMARY KEY DEFAULT next_id(), during tstzrange, j jsonb);
CREATE INDEX ON tickets USING gist (during); COMMENT ON COLUMN tickets.n IS 'x'; GRANT SELECT (n), UPDATE (n) ON tickets, agents TO app; REVOKE ALL ON FUNCTION short(int) FROM PUBLIC; GRANT app TO CURRENT_USER; VACUUM; ANALYZE;
CREATE OR REPLACE FUNCTION short(n integer DEFAULT 9) RETURNS text LANGUAGE sql AS $$SELECT 'y'$$; DROP FUNCTION short(int);
CREATE POLICY q ON tickets FOR SELECT TO app USING (n > 0 AND EXISTS (SELECT 1 FROM agents a WHERE a.n = tickets.n)); DROP POLICY IF EXISTS q ON tickets; DROP POLICY IF EXISTS q ON nowhere;
BEGIN; CREATE TYPE level AS ENUM ('low'); ALTER TYPE level RENAME VALUE 'low' TO 'lowest'; ALTER TABLE tickets ADD COLUMN l level DEFAULT 'lowest'; COMMIT; TRUNCATE agents, goals;
CREATE TYPE address AS (street text, zip int); CREATE TYPE span AS RANGE (subtype = int4);
CREATE TABLE bookings (id serial PRIMARY KEY, at address, s span, b text, room int, EXCLUDE USING gist (s WITH &&), CONSTRAINT one_each EXCLUDE (room WITH =) WHERE (room > 0), CHECK (CASE WHEN room > 3 THEN b IS NOT NULL ELSE true END), t tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(b, '') || ' x')) STORED);
CREATE INDEX ON bookings USING gin (t); CREATE INDEX ON tickets ((j->>'kind')); CREATE INDEX ON tickets ((j->'a'->>'b')) WHERE j->>'c' IS NOT NULL; CREATE INDEX ON agents (lower(slug::text)); CREATE INDEX ON bookings USING gin (to_tsvector('english', b));
ALTER TABLE bookings RENAME TO reservations; ALTER SEQUENCE bookings_id_seq RENAME TO reservations_id_seq; ALTER INDEX bookings_pkey RENAME TO reservations_pkey; ALTER SEQUENCE reservations_id_seq OWNER TO CURRENT_USER; ALTER TABLE reservations_id_seq OWNER TO CURRENT_USER;
CREATE TABLE counted (id bigint GENERATED ALWAYS AS IDENTITY, n int); CREATE TABLE counted_too (LIKE counted INCLUDING ALL);
CREATE VIEW rooms AS SELECT room AS r FROM reservations; ALTER VIEW rooms RENAME TO suites; ALTER TABLE suites OWNER TO CURRENT_USER; ALTER VIEW suites SET (security_barrier = true); ALTER VIEW suites RENAME COLUMN r TO s; DROP VIEW suites;
CREATE MATERIALIZED VIEW totals AS SELECT room, count(*) FROM reservations GROUP BY room; CREATE UNIQUE INDEX ON totals (room); REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'mood' AND e.enumlabel = 'c') THEN ALTER TYPE mood ADD VALUE 'c'; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'd' AND enumtypid = (SELECT oid FROM pg_type WHERE typname = 'mood')) THEN ALTER TYPE mood ADD VALUE 'd'; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 'counted' AND n.nspname = 'public') THEN DROP TABLE counted; END IF;
  IF EXISTS (SELECT 1 FROM pg_constraint c INNER JOIN pg_class t ON c.conrelid = t.oid WHERE c.conname = 'one_each' AND t.relname = 'reservations') THEN ALTER TABLE reservations ADD COLUMN more int; END IF;
  IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'reservations'::regclass AND attname = 'more' AND NOT attisdropped) THEN ALTER TABLE reservations ALTER more SET DEFAULT 1; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agents' AND policyname = 'p') THEN CREATE POLICY p ON agents USING (true); END IF;
  IF to_regclass('public.counted') IS NOT NULL THEN EXECUTE 'ALTER TABLE counted ADD COLUMN m int'; END IF;
END $$;
CREATE TABLE audited (made_by text NOT NULL DEFAULT CURRENT_USER, changed_by varchar(63) DEFAULT session_user, by_name name, t tsvector, net cidr, letter "char", span tstzrange); CREATE INDEX ON audited (by_name); CREATE INDEX ON audited (t); CREATE INDEX ON audited (net); CREATE INDEX ON audited (letter); CREATE INDEX ON audited USING gist (t); CREATE INDEX ON audited USING spgist (span);
CREATE DOMAIN level_of AS int DEFAULT 3 CONSTRAINT more CHECK (VALUE > 0); ALTER DOMAIN level_of RENAME CONSTRAINT more TO plenty;;
CREATE TABLE pairs (a int, b int, UNIQUE (a, b)); CREATE TABLE priced (a numeric(5,2) DEFAULT 0.00, b varchar(255) DEFAULT NULL, c character varying(255) DEFAULT NULL::character varying, d text DEFAULT NULL::text, e timestamp(0) without time zone DEFAULT NULL::timestamp without time zone, f varchar(20) DEFAULT lower('X'), g level_of DEFAULT NULL, h varchar(9)[] DEFAULT '{}', i text DEFAULT 'a'
  'b', j bigint GENERATED BY DEFAULT AS IDENTITY, k int, l int, FOREIGN KEY (k, l) REFERENCES pairs (a, b) MATCH FULL ON DELETE SET NULL (k), m char(3) DEFAULT NULL, n numeric(12,6) DEFAULT '1.5', o varchar(9)[] DEFAULT NULL, p timestamptz(3) DEFAULT clock_timestamp());
ALTER TABLE priced ALTER j SET INCREMENT BY 5 SET START WITH 3 RESTART, ALTER a SET DEFAULT NULL, ALTER d SET DEFAULT NULL;; -- one more
;
UPDATE agents SET meta['a'] = '1', tags[1] = 'x', name = CASE WHEN n IS DISTINCT FROM 3 THEN substring(name from 1 for 3) ELSE 'y' END, (n, slug) = (SELECT 1, 'z' FROM goals LIMIT 1) FROM goals g WHERE g.agent_id = agents.id; UPDATE ONLY public.agents AS a SET "name" = DEFAULT, n = n + 1 RETURNING a.id; UPDATE tickets SET g = DEFAULT;
COMMENT ON SCHEMA public IS 'x'; COMMENT ON TRIGGER a ON agents IS NULL; COMMENT ON POLICY p ON agents IS E'it\'s'; COMMENT ON SEQUENCE audit_log_id_seq IS 'x'; GRANT USAGE ON SCHEMA public TO app; COMMENT ON FUNCTION audit() IS 'x';
