"""A booby trap in every place where a look could run an owner's code. Each says its name in the server's log when it is
sprung: that outlives a rollback, and anybody may do it, in a read-only transaction too."""

from __future__ import annotations

from dataclasses import dataclass

BAIT = """
CREATE ROLE mallory;
GRANT CREATE ON SCHEMA public TO mallory;
SET ROLE mallory;
CREATE FUNCTION public.spring(trap text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN RAISE LOG 'sprung: %!', trap; RETURN trap; END $$;
CREATE FUNCTION public.trigger_of_theirs() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.spring('a trigger'); RETURN NEW; END $$;
CREATE FUNCTION public.event_of_theirs() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.spring('an event trigger'); END $$;
CREATE FUNCTION public.sorting(uuid, uuid) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.spring('an operator class'); RETURN pg_catalog.uuid_cmp($1, $2); END $$;
CREATE FUNCTION public.sorting(text, text) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.spring('the input of a range type'); RETURN pg_catalog.bttextcmp($1, $2); END $$;
RESET ROLE;
"""

_SHADOWS = "".join(
    f"""
    CREATE FUNCTION public.{name}({takes}) RETURNS {gives} IMMUTABLE LANGUAGE plpgsql AS
        $$ BEGIN PERFORM public.spring('a function of pg_catalog''s name'); RETURN {value}; END $$;
    """
    for name, takes, gives, value in [
        ("now", "", "timestamptz", "'2000-01-01'"),
        ("lower", "text", "text", "''"),
        ("btrim", "text, text", "text", "''"),
        ("length", "text", "int", "0"),
        ("jsonb_typeof", "jsonb", "text", "'x'"),
        ("array_length", "text[], int", "int", "0"),
        ("format_type", "oid, int", "text", "'text'"),
        ("pg_get_expr", "pg_node_tree, oid", "text", "'true'"),
        ("pg_get_constraintdef", "oid", "text", "'CHECK (true)'"),
        ("current_setting", "text", "text", "''"),
        ("version", "", "text", "''"),
        ("unnest", "text[]", "text", "''"),
        ("set_config", "text, text, boolean", "text", "''"),
    ]
)
_OPERATORS = "".join(
    f"""
    CREATE FUNCTION public.compared({left}, {right}) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
        $$ BEGIN PERFORM public.spring('an operator of pg_catalog''s name'); RETURN true; END $$;
    """
    + "".join(
        f"CREATE OPERATOR public.{name} (LEFTARG = {left}, RIGHTARG = {right}, FUNCTION = public.compared);"
        for name in ("=", "<>", "<", ">", "<=", ">=", "~", "~~", "@>")
    )
    for left, right in [
        ("text", "text"), ("uuid", "uuid"), ("oid", "oid"), ("name", "text"), ("int", "int"), ("jsonb", "jsonb"),
        ("timestamptz", "timestamptz"), ("numeric", "numeric"), ('"char"', '"char"'), ("text", "text[]"),
    ]
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Trap:
    """`lay` puts it there, and `wake` springs it by hand."""

    lay: str
    wake: str


TRAPS = {
    "a function of pg_catalog's name": Trap(lay=_SHADOWS, wake="SET search_path = public, pg_catalog; SELECT now()"),
    "an operator of pg_catalog's name": Trap(
        lay=_OPERATORS, wake="SET search_path = public, pg_catalog; SELECT 'a'::pg_catalog.text = 'b'::pg_catalog.text"
    ),
    "an aggregate of pg_catalog's name": Trap(
        lay="""
        CREATE FUNCTION public.step(bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS
            $$ BEGIN PERFORM public.spring('an aggregate of pg_catalog''s name'); RETURN 0; END $$;
        CREATE AGGREGATE public.count(*) (SFUNC = public.step, STYPE = bigint, INITCOND = '0');
        """,
        wake="SET search_path = public, pg_catalog; SELECT count(*) FROM pg_catalog.pg_class",
    ),
    "a cast of an enum": Trap(
        lay="""
        CREATE TYPE public.kind AS ENUM ('plan', 'risky_task');
        CREATE FUNCTION public.said(public.kind) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
            $$ BEGIN PERFORM public.spring('a cast of an enum'); RETURN 'plan'; END $$;
        CREATE CAST (public.kind AS text) WITH FUNCTION public.said(public.kind) AS IMPLICIT;
        ALTER TABLE public.events ALTER COLUMN event_type DROP DEFAULT, ALTER COLUMN event_type TYPE public.kind USING 'plan';
        """,
        wake="SELECT event_type::text FROM public.events",
    ),
    "the input of a range type": Trap(
        lay="""
        CREATE OPERATOR CLASS public.their_texts FOR TYPE text USING btree AS
            OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=, OPERATOR 4 pg_catalog.>=,
            OPERATOR 5 pg_catalog.>, FUNCTION 1 public.sorting(text, text);
        CREATE TYPE public.span AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = public.their_texts);
        ALTER TABLE public.agents ADD their_span public.span DEFAULT NULL;
        """,
        wake="SELECT '[a,b]'::public.span",
    ),
    "a domain's CHECK": Trap(
        lay="""
        CREATE DOMAIN public.titled AS text CHECK (public.spring('a domain''s CHECK') <> VALUE);
        ALTER TABLE public.prompts ALTER name TYPE public.titled;
        """,
        wake="SELECT 'a'::public.titled",
    ),
    "a domain's default": Trap(
        lay="""
        CREATE DOMAIN public.described AS text DEFAULT public.spring('a domain''s default');
        ALTER TABLE public.prompts ALTER body TYPE public.described;
        """,
        wake="CREATE TEMP TABLE t (x public.described, y int); INSERT INTO t (y) VALUES (1)",
    ),
    "a CHECK": Trap(
        lay="ALTER TABLE public.agents ADD CHECK (public.spring('a CHECK') <> name)",
        wake="SET constraint_exclusion = on; SELECT FROM public.agents WHERE name = 'a'",
    ),
    "a CHECK that is not validated": Trap(
        lay="ALTER TABLE public.goals ADD CHECK (public.spring('a CHECK that is not validated') <> status) NOT VALID",
        wake="UPDATE public.goals SET status = status",
    ),
    "a default": Trap(
        lay="ALTER TABLE public.agents ALTER system_prompt SET DEFAULT public.spring('a default')",
        wake="INSERT INTO public.agents (id, name) VALUES (gen_random_uuid(), 'x')",
    ),
    "a generated column": Trap(
        lay="ALTER TABLE public.goals ADD theirs text GENERATED ALWAYS AS (public.spring('a generated column') || status) STORED",
        wake="UPDATE public.goals SET status = status",
    ),
    "an index's expression": Trap(
        lay="CREATE INDEX ON public.workers ((public.spring('an index''s expression') || hostname))",
        wake="TABLE public.workers",
    ),
    "an index's predicate": Trap(
        lay="CREATE INDEX ON public.artifacts (id) WHERE public.spring('an index''s predicate') = 'x'",
        wake="SELECT FROM public.artifacts WHERE id IS NULL",
    ),
    "an operator class": Trap(
        lay="""
        CREATE OPERATOR CLASS public.their_ids FOR TYPE uuid USING btree AS
            OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=, OPERATOR 4 pg_catalog.>=,
            OPERATOR 5 pg_catalog.>, FUNCTION 1 public.sorting(uuid, uuid);
        CREATE INDEX ON public.tasks (agent_id public.their_ids);
        """,
        wake="REINDEX TABLE public.tasks",
    ),
    "statistics": Trap(
        lay="CREATE STATISTICS public.s ON (public.spring('statistics') || name), id FROM public.teams",
        wake="TABLE public.teams",
    ),
    "a view in a table's place": Trap(
        lay="""
        ALTER TABLE public.llm_usage RENAME TO usage_before;
        CREATE VIEW public.llm_usage AS SELECT * FROM public.usage_before
            WHERE public.spring('a view in a table''s place') <> '';
        """,
        wake="TABLE public.llm_usage",
    ),
    "a materialized view in a table's place": Trap(
        lay="""
        ALTER TABLE public.phase_summaries RENAME TO summaries_before;
        CREATE MATERIALIZED VIEW public.phase_summaries AS SELECT * FROM public.summaries_before
            WHERE public.spring('a materialized view in a table''s place') <> '';
        """,
        wake="REFRESH MATERIALIZED VIEW public.phase_summaries",
    ),
    "a rule": Trap(
        lay="CREATE RULE r AS ON UPDATE TO public.goals DO ALSO SELECT public.spring('a rule')",
        wake="UPDATE public.goals SET status = status",
    ),
    "a policy": Trap(
        lay="""
        ALTER TABLE public.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY p ON public.users USING (public.spring('a policy') <> '');
        """,
        wake="SET ROLE visitor; TABLE public.users",
    ),
    "a trigger": Trap(
        lay="CREATE TRIGGER t BEFORE UPDATE ON public.goals FOR EACH ROW EXECUTE FUNCTION public.trigger_of_theirs()",
        wake="UPDATE public.goals SET status = status",
    ),
    "an event trigger": Trap(
        lay="CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION public.event_of_theirs()",
        wake="CREATE TABLE public.x ()",
    ),
    "a partition key": Trap(
        lay="""
        ALTER TABLE public.phase_runs RENAME TO runs_before;
        CREATE TABLE public.phase_runs (LIKE public.runs_before)
            PARTITION BY LIST ((COALESCE(id::text, public.spring('a partition key'))));
        CREATE TABLE public.runs_rest PARTITION OF public.phase_runs DEFAULT;
        """,
        wake="TABLE public.phase_runs",
    ),
    "a ledger that is a view": Trap(
        lay="CREATE VIEW public.schema_migrations AS SELECT 28 AS version, public.spring('a ledger that is a view') = '' AS dirty",
        wake="TABLE public.schema_migrations",
    ),
    "a ledger's index": Trap(
        lay="""
        CREATE TABLE public.alembic_version (version_num varchar(32) NOT NULL);
        CREATE INDEX ON public.alembic_version ((public.spring('a ledger''s index') || version_num));
        """,
        wake="TABLE public.alembic_version",
    ),
    "a ledger's cast": Trap(
        lay="""
        CREATE TYPE public.stamp AS ENUM ('0028');
        CREATE FUNCTION public.stamped(public.stamp) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
            $$ BEGIN PERFORM public.spring('a ledger''s cast'); RETURN '0028'; END $$;
        CREATE CAST (public.stamp AS text) WITH FUNCTION public.stamped(public.stamp) AS IMPLICIT;
        CREATE TABLE public.goose_db_version (id int, version_id public.stamp, is_applied boolean, tstamp timestamp);
        INSERT INTO public.goose_db_version VALUES (1, '0028', true, now());
        """,
        wake="SELECT version_id::text FROM public.goose_db_version",
    ),
    "a table of values' index": Trap(
        lay="""
        ALTER TABLE public.agent_collaborators DROP CONSTRAINT IF EXISTS agent_collaborators_valid_permission;
        CREATE TABLE public.permissions (name text PRIMARY KEY);
        INSERT INTO public.permissions VALUES ('use'), ('edit'), ('admin');
        ALTER TABLE public.agent_collaborators ADD FOREIGN KEY (permission) REFERENCES public.permissions (name);
        CREATE INDEX ON public.permissions ((public.spring('a table of values'' index') || name));
        """,
        wake="TABLE public.permissions",
    ),
}  # fmt: skip
