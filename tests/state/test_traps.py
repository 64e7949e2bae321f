"""Code of an owner's that lies in wait for a superuser who audits: none of it ever runs, and what would need it is said.

Each trap belongs to a role without rights. If it runs at all, it runs with the rights of whoever looks, and a superuser
may write files: so the file is there, or nothing has run.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from filled import ids, living, looked, needing, rows_of, run

from conformance.model.looking import Looking
from conformance.sandbox import Server

THOROUGH = Looking(show_values=True, distrust_indexes=True)

BAIT = """
GRANT CREATE ON SCHEMA public TO mallory;
SET ROLE mallory;
CREATE FUNCTION public.leave() RETURNS void LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO '{file}';
    EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;
CREATE FUNCTION public.evil(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN $1; END $$;
CREATE FUNCTION public.evil(uuid, uuid) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave(); RETURN pg_catalog.uuid_cmp($1, $2); END $$;
CREATE FUNCTION public.evil_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN NEW; END $$;
CREATE FUNCTION public.evil_event() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); END $$;
RESET ROLE;
"""
FREED = """
DO $$ DECLARE line text; BEGIN
    FOR line IN SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
        FROM pg_constraint WHERE conrelid = 'goals'::regclass AND contype = 'c' LOOP EXECUTE line; END LOOP;
END $$;
ALTER TABLE goals ALTER status DROP DEFAULT;
CREATE TYPE public.state AS ENUM ('pending', 'active', 'blocked', 'completed', 'failed');
"""
ENUM = (
    FREED
    + """
CREATE FUNCTION public.to_text(public.state) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave(); RETURN 'failed'; END $$;
CREATE FUNCTION public.to_state(text) RETURNS public.state IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave(); RETURN 'failed'::public.state; END $$;
ALTER TABLE goals ALTER status TYPE public.state USING status::public.state;
CREATE CAST (public.state AS text) WITH FUNCTION public.to_text(public.state) AS IMPLICIT;
CREATE CAST (text AS public.state) WITH FUNCTION public.to_state(text) AS IMPLICIT;
"""
)
SHADOWS = """
CREATE FUNCTION public.now() RETURNS timestamptz STABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN '2000-01-01'; END $$;
CREATE FUNCTION public.lower(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN ''; END $$;
CREATE FUNCTION public.btrim(text, text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN ''; END $$;
CREATE FUNCTION public.jsonb_typeof(jsonb) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN 'x'; END $$;
CREATE FUNCTION public.step(bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN 0; END $$;
CREATE AGGREGATE public.count(*) (SFUNC = public.step, STYPE = bigint, INITCOND = '0');
CREATE FUNCTION public.same(uuid, uuid) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN true; END $$;
CREATE FUNCTION public.same(text, text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN true; END $$;
CREATE FUNCTION public.same(int, int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.leave(); RETURN true; END $$;
CREATE OPERATOR public.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = public.same);
CREATE OPERATOR public.<> (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = public.same);
CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same);
CREATE OPERATOR public.~ (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same);
CREATE OPERATOR public.< (LEFTARG = int, RIGHTARG = int, FUNCTION = public.same);
CREATE TYPE public.timestamptz AS ENUM ('x');
CREATE DOMAIN public.text AS pg_catalog.text CHECK (public.evil(VALUE) IS NULL);
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$;
"""
PARTITIONED = """
ALTER TABLE events RENAME TO events_before;
CREATE TABLE events (LIKE events_before) PARTITION BY LIST ((COALESCE(id::text, public.evil('x'))));
CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events SELECT * FROM events_before;
"""
SORTED = """
CREATE OPERATOR CLASS public.evil_ops FOR TYPE uuid USING btree AS
    OPERATOR 1 <(uuid, uuid), OPERATOR 2 <=(uuid, uuid), OPERATOR 3 =(uuid, uuid), OPERATOR 4 >=(uuid, uuid),
    OPERATOR 5 >(uuid, uuid), FUNCTION 1 public.evil(uuid, uuid);
"""
VIEW = "ALTER TABLE goals RENAME TO goals_before; CREATE {0} goals AS SELECT * FROM goals_before WHERE public.evil('x') = 'x'"
LOOKUP = """
ALTER TABLE agent_collaborators DROP CONSTRAINT IF EXISTS agent_collaborators_valid_permission;
CREATE TABLE permissions (name text PRIMARY KEY);
INSERT INTO permissions VALUES ('use'), ('edit'), ('admin');
ALTER TABLE agent_collaborators ADD FOREIGN KEY (permission) REFERENCES permissions (name);
CREATE INDEX ON permissions ((public.evil('x') || name));
"""


@dataclass(frozen=True, kw_only=True)
class Trap:
    """`wake` is what springs it; `keeps` are the tables whose rows are then not read."""

    script: str
    wake: str
    keeps: tuple[str, ...] = ()


TRAPS = {
    "an index on an expression": Trap(
        script="CREATE INDEX ON agents ((public.evil('x') || name))", wake="TABLE agents", keeps=("agents",)
    ),
    "an index on some rows": Trap(
        script="CREATE INDEX ON agents (name) WHERE name <> public.evil('x')",
        wake="SELECT FROM agents WHERE name = 'a'",
        keeps=("agents",),
    ),
    "an index of an heir": Trap(
        script="CREATE TABLE goals_more () INHERITS (goals); CREATE INDEX ON goals_more ((public.evil('x') || status))",
        wake="TABLE goals",
        keeps=("goals",),
    ),
    "a function in an extension of theirs": Trap(
        script="ALTER EXTENSION vector ADD FUNCTION public.evil(text);"
        "CREATE INDEX ON agents ((public.evil('x') || name))",
        wake="TABLE agents",
        keeps=("agents",),
    ),
    "an operator class": Trap(
        script=SORTED + "CREATE INDEX ON tasks (agent_id public.evil_ops)",
        wake="SET enable_seqscan = off; SELECT FROM tasks WHERE agent_id = '00000000-0000-4000-8000-000000000001'",
        keeps=("tasks",),
    ),
    "statistics": Trap(
        script="CREATE STATISTICS public.s ON (public.evil('x') || name), (name || 'y') FROM agents; ANALYZE agents",
        wake="TABLE agents",
        keeps=("agents",),
    ),
    "a partition key": Trap(script=PARTITIONED, wake="TABLE events", keeps=("events",)),
    "a view": Trap(script=VIEW.format("VIEW"), wake="TABLE goals", keeps=("goals",)),
    "a materialized view": Trap(
        script=VIEW.format("MATERIALIZED VIEW"), wake="REFRESH MATERIALIZED VIEW goals", keeps=("goals",)
    ),
    "a CHECK": Trap(
        script="ALTER TABLE agents ADD CHECK (public.evil('x') <> name);"
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET constraint_exclusion = on', current_database()); END $$",
        wake="SELECT FROM agents WHERE name = 'a'",
    ),
    "a domain": Trap(
        script="CREATE DOMAIN public.named AS text CHECK (public.evil(VALUE) = VALUE AND public.evil('x') = 'x');"
        "ALTER TABLE agents ALTER name TYPE public.named",
        wake="SELECT 'a'::public.named",
    ),
    "casts of an enum": Trap(script=ENUM, wake="SELECT status::text || '' FROM goals"),
    "shadows": Trap(script=SHADOWS, wake="SELECT now()"),
    "a policy": Trap(
        script="ALTER TABLE goals ENABLE ROW LEVEL SECURITY; ALTER TABLE goals FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY p ON goals USING (public.evil('x') = 'x')",
        wake="SELECT public.evil('x')",
    ),
    "a rule": Trap(
        script="CREATE RULE r AS ON UPDATE TO goals DO ALSO SELECT public.evil('x')",
        wake="UPDATE goals SET status = status",
    ),
    "a generated column": Trap(
        script="ALTER TABLE agents ADD extra text GENERATED ALWAYS AS (public.evil('x') || name) STORED",
        wake="UPDATE agents SET name = name",
    ),
    "a default": Trap(
        script="ALTER TABLE agents ALTER system_prompt SET DEFAULT public.evil('x')",
        wake="SELECT public.evil('x')",
    ),
    "a trigger": Trap(
        script="CREATE TRIGGER t BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION public.evil_trigger()",
        wake="UPDATE agents SET name = name",
    ),
    "an event trigger": Trap(
        script="CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION public.evil_event()",
        wake="CREATE TABLE x ()",
    ),
    "an index of a table of values": Trap(script=LOOKUP, wake="TABLE permissions"),
}  # fmt: skip


@pytest.fixture(scope="module")
def mallory(server: Server) -> Iterator[None]:
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute("CREATE ROLE mallory")
        yield
        admin.execute("DROP ROLE mallory")


@pytest.fixture
def trace(world: str, mallory: None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="spy-") as folder:
        Path(folder).chmod(0o777)
        path = Path(folder, "trace")
        run(world, BAIT.format(file=path))
        yield path
        run(
            world,
            "DROP EVENT TRIGGER IF EXISTS e; DROP EXTENSION vector CASCADE; SET client_min_messages = error; DROP OWNED BY mallory CASCADE",
        )


@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_is_sprung(world: str, trace: Path, trap: str) -> None:
    laid = TRAPS[trap]
    run(world, laid.script)
    trace.unlink(missing_ok=True)
    run(world, laid.wake)
    assert trace.exists(), "the trap is awake"
    trace.unlink()
    rows = rows_of(looked(world, THOROUGH))
    assert not trace.exists(), "the trap was sprung"
    kept = needing(laid.keeps, living()) - {"0006/events/immutable"}
    if "events" in laid.keeps or "view" in trap:
        kept |= needing(laid.keeps, living()) & ids(rows, "indeterminate")
    assert ids(rows, "indeterminate") == kept
    assert ids(rows, "fail") == set()
    because = ("code", "view", "several parents")  # rows of an heir may have a key that a row of the table has
    assert all(any(word in rows[id_].note for word in because) for id_ in kept)
