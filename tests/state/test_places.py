"""What may stand in a table's place, and columns of other types: read where it can be, else said by name."""

import psycopg
import pytest
from filled import ids, living, looked, needing, own_world, rows_of, run

from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.sandbox import Server

THOROUGH = Looking(distrust_indexes=True)
TRUSTING = Looking(distrust_indexes=True, trust_views=True)

# A relation of another kind under the table's name; what refers to it follows the table.
SWAP = "ALTER TABLE {0} RENAME TO {0}_before; "
AS = {
    "a view": SWAP + "CREATE VIEW {0} AS TABLE {0}_before",
    "a materialized view": SWAP + "CREATE MATERIALIZED VIEW {0} AS TABLE {0}_before",
    "a foreign table": SWAP + "CREATE FOREIGN DATA WRAPPER dummy; CREATE SERVER nowhere FOREIGN DATA WRAPPER dummy;"
    " DO $$ BEGIN EXECUTE (SELECT format('CREATE FOREIGN TABLE {0} (%s) SERVER nowhere', string_agg(format('%I %s', attname,"
    " format_type(atttypid, atttypmod)), ', ')) FROM pg_attribute WHERE attrelid = '{0}_before'::regclass AND attnum > 0 AND NOT attisdropped); END $$",
}  # fmt: skip
EDGE = "SET session_replication_role = replica; INSERT INTO {0} (task_id, depends_on) SELECT id, id FROM tasks ORDER BY id LIMIT 1"


def undecided(rows: dict[str, Outcome], *because: str) -> set[str]:
    return {id_ for id_, o in rows.items() if o.verdict == "indeterminate" and any(word in o.note for word in because)}


@pytest.mark.parametrize("kind", AS)
@pytest.mark.parametrize("table", ["goals", "task_dependencies", "events", "approval_requests"])
def test_another_kind_of_relation(world: str, kind: str, table: str) -> None:
    run(world, AS[kind].format(table))
    rows = rows_of(looked(world, THOROUGH))
    assert ids(rows, "fail") == set()
    assert ids(rows, "indeterminate") == needing([table], living())
    words = f"{table} is a {kind.removeprefix('a ')}"
    assert all(words in rows[id_].note for id_ in ids(rows, "indeterminate"))
    assert all(("--trust-views" in rows[id_].note) == ("view" in kind) for id_ in ids(rows, "indeterminate"))


@pytest.mark.parametrize("kind", ["a view", "a materialized view"])
def test_a_view_that_is_trusted(world: str, kind: str) -> None:
    """Its rows are read, and what departs is found; a key of a view is no key, so that some claims stay undecided."""
    run(world, EDGE.format("task_dependencies"))
    run(world, "UPDATE goals SET completed_at = now() WHERE status = 'active'")
    run(world, AS[kind].format("task_dependencies"))
    run(world, AS[kind].format("goals"))
    rows = rows_of(looked(world, TRUSTING))
    assert ids(rows, "fail") >= {
        "0002/task_dependencies/acyclic", "0002/task_dependencies/no-self-dependency", "0026/goals.completed_at/iff-completed",
    }  # fmt: skip
    assert all("several parents" in rows[id_].note or "privilege" in rows[id_].note or "view" in rows[id_].note
               for id_ in ids(rows, "indeterminate"))  # fmt: skip
    whole = rows["0002/task_dependencies/acyclic"]
    assert whole.findings[0].witnesses


def test_a_repair_is_of_the_table_that_was_looked_at(world: str) -> None:
    """Statements are pasted by people whose search_path leads elsewhere."""
    run(world, EDGE.format("task_dependencies"))
    run(world, 'ALTER SCHEMA public RENAME TO "a b"; CREATE SCHEMA public; CREATE TABLE public.task_dependencies ()')
    id_ = "0002/task_dependencies/no-self-dependency"
    repair = rows_of(looked(world, schema="a b"))[id_].repair or ""
    assert repair.count('"a b".task_dependencies') == 2
    run(world, repair)
    assert rows_of(looked(world, schema="a b"))[id_].verdict == "pass"


def test_a_foreign_table_is_never_read_even_where_views_are_trusted(world: str) -> None:
    run(world, AS["a foreign table"].format("workers"))
    rows = rows_of(looked(world, TRUSTING))
    assert ids(rows, "indeterminate") == needing(["workers"], living())
    assert ids(rows, "fail") == set()


PARTED = """
ALTER TABLE {0} RENAME TO {0}_before;
CREATE TABLE {0} (LIKE {0}_before INCLUDING DEFAULTS) PARTITION BY HASH ({1});
CREATE TABLE {0}_0 PARTITION OF {0} FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE {0}_1 PARTITION OF {0} FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO {0} SELECT * FROM {0}_before;
"""


def test_partitions(world: str) -> None:
    for table, key in (("tasks", "id"), ("task_dependencies", "task_id"), ("events", "id")):
        run(world, PARTED.format(table, key))
    run(world, "ALTER TABLE tasks ADD PRIMARY KEY (id)")
    rows = rows_of(looked(world, THOROUGH))
    assert ids(rows, "fail", "indeterminate") == set()
    run(world, EDGE.format("task_dependencies"))
    rows = rows_of(looked(world, THOROUGH))
    assert ids(rows, "fail") == {"0002/task_dependencies/acyclic", "0002/task_dependencies/no-self-dependency"}


def test_a_partition_elsewhere(world: str) -> None:
    run(world, PARTED.format("events", "id"))
    run(world, "DROP TABLE events_1; CREATE FOREIGN DATA WRAPPER dummy; CREATE SERVER nowhere FOREIGN DATA WRAPPER dummy;"
               "CREATE FOREIGN TABLE events_1 PARTITION OF events FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER nowhere")  # fmt: skip
    rows = rows_of(looked(world, THOROUGH))
    assert ids(rows, "indeterminate") == needing(["events"], living()) - {"0006/events/immutable"}
    assert all("events_1 under events is a foreign table" in rows[id_].note for id_ in ids(rows, "indeterminate"))


@pytest.mark.parametrize(
    "grant",
    ["GRANT UPDATE ON events_1 TO PUBLIC", "GRANT DELETE ON events_0 TO scribbler", "GRANT UPDATE (payload) ON events_0 TO scribbler",
     "GRANT TRUNCATE ON events_1 TO scribbler"],
)  # fmt: skip
@pytest.mark.parametrize("heirs", [False, True])
def test_the_record_may_be_rewritten_through_a_partition(world: str, server: Server, grant: str, heirs: bool) -> None:
    """A partition has privileges of its own."""
    if heirs:
        run(world, "CREATE TABLE events_0 () INHERITS (events); CREATE TABLE events_1 () INHERITS (events)")
    else:
        run(world, PARTED.format("events", "id"))
    run(world, "CREATE ROLE scribbler")
    try:
        assert rows_of(looked(world))["0006/events/immutable"].verdict == "pass"
        run(world, grant)
        outcome = rows_of(looked(world))["0006/events/immutable"]
        assert outcome.verdict == "fail"
        assert grant.split()[-1] in str(outcome.findings[0].witness)
    finally:
        run(world, "DROP OWNED BY scribbler; DROP ROLE scribbler")


REFUSE = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'immutable'; END $$; "


@pytest.mark.parametrize(("each", "verdict"), [("ROW", "pass"), ("STATEMENT", "fail")])
def test_what_refuses_on_the_table_may_not_on_its_partitions(world: str, each: str, verdict: str) -> None:
    """A row's trigger is copied to the partitions, a statement's is not."""
    run(world, PARTED.format("events", "id"))
    run(world, REFUSE + f"CREATE TRIGGER r BEFORE UPDATE OR DELETE ON events FOR EACH {each} EXECUTE FUNCTION refuse();"
               "CREATE TRIGGER s BEFORE TRUNCATE ON events EXECUTE FUNCTION refuse(); GRANT UPDATE ON events, events_1 TO PUBLIC")  # fmt: skip
    assert rows_of(looked(world))["0006/events/immutable"].verdict == verdict


def test_heirs(world: str) -> None:
    """Rows of an inheriting table are rows of the table: a second one with the same key is found."""
    run(
        world,
        "CREATE TABLE agents_more () INHERITS (agents); INSERT INTO agents_more SELECT * FROM agents ORDER BY id LIMIT 1",
    )
    rows = rows_of(looked(world))
    assert {"0001/agents.id/no-duplicates", "0015/agents.name/no-duplicates"} <= ids(rows, "fail")
    assert ids(rows, "fail") <= {id_ for id_ in living() if id_.endswith("/no-duplicates")}
    assert rows["0001/goals.agent_id/no-orphan"].verdict == "pass"


# --- columns of another type

KEYS = "ALTER TABLE {0} DROP CONSTRAINT IF EXISTS {0}_{1}_fkey; ALTER TABLE {0} ALTER {1} TYPE text USING {1}::text; "
TYPES = {
    "json for jsonb": (
        "ALTER TABLE approval_requests ALTER approvals DROP DEFAULT, ALTER approvals TYPE json",
        "approval_requests.approvals is json, which is not read as jsonb",
        ["well-formed", "enough-approvers", "one-vote-a-user"],
    ),
    "text for an array": (
        "ALTER TABLE goals ALTER depends_on_goal_ids DROP DEFAULT, ALTER depends_on_goal_ids TYPE text USING depends_on_goal_ids::text",
        "goals.depends_on_goal_ids is text",
        ["acyclic", "no-dangling"],
    ),
    "an array of others": (
        "ALTER TABLE agents ALTER allowed_tools DROP DEFAULT, ALTER allowed_tools TYPE uuid[] USING NULL",
        "agents.allowed_tools is uuid[], which is not read as an array of texts",
        ["in-catalogue"],
    ),
    "a composite type": (
        "CREATE TYPE state AS (a text); ALTER TABLE workers ADD held state; ALTER TABLE workers DROP status; ALTER TABLE workers RENAME held TO status",
        "workers.status is",
        ["in-values"],
    ),
    "one end as text": (
        KEYS.format("goals", "agent_id"),
        "keys of different types: ",
        ["no-orphan", "same-org"],
    ),
}  # fmt: skip
READ = {
    "numeric for float": "ALTER TABLE agents ALTER trust_score TYPE numeric",
    "varchar for text": "ALTER TABLE goals ALTER status TYPE varchar(40)",
    "a domain": "CREATE DOMAIN word AS text CHECK (VALUE <> ''); CREATE DOMAIN state AS word; ALTER TABLE goals ALTER status TYPE state",
    "a domain of uuid": "CREATE DOMAIN key AS uuid; ALTER TABLE goals ALTER agent_id TYPE key",
    "a domain of an array": "CREATE DOMAIN keys AS uuid[]; ALTER TABLE goals ALTER depends_on_goal_ids TYPE keys",
    "an enum": """DO $$ DECLARE line text; BEGIN FOR line IN SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
        FROM pg_constraint WHERE conrelid = 'goals'::regclass AND contype = 'c' LOOP EXECUTE line; END LOOP; END $$;
        CREATE TYPE state AS ENUM ('pending', 'active', 'blocked', 'completed', 'failed');
        ALTER TABLE goals ALTER status DROP DEFAULT, ALTER status TYPE state USING status::state""",
    "a domain of an enum": """DO $$ DECLARE line text; BEGIN FOR line IN SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
        FROM pg_constraint WHERE conrelid = 'goals'::regclass AND contype = 'c' LOOP EXECUTE line; END LOOP; END $$;
        CREATE TYPE state0 AS ENUM ('pending', 'active', 'blocked', 'completed', 'failed'); CREATE DOMAIN state AS state0;
        ALTER TABLE goals ALTER status DROP DEFAULT, ALTER status TYPE state USING status::state0""",
    "keys of text at both ends": "ALTER TABLE task_dependencies DROP CONSTRAINT IF EXISTS task_dependencies_task_id_fkey,"
        " DROP CONSTRAINT IF EXISTS task_dependencies_depends_on_fkey; ALTER TABLE artifacts DROP CONSTRAINT IF EXISTS artifacts_task_id_fkey;"
        " ALTER TABLE approval_requests DROP CONSTRAINT IF EXISTS approval_requests_task_id_fkey; ALTER TABLE llm_usage DROP CONSTRAINT IF EXISTS llm_usage_task_id_fkey;"
        " ALTER TABLE tasks ALTER id DROP DEFAULT, ALTER id TYPE text; ALTER TABLE task_dependencies ALTER task_id TYPE text, ALTER depends_on TYPE text;"
        " ALTER TABLE artifacts ALTER task_id TYPE text; ALTER TABLE approval_requests ALTER task_id TYPE text; ALTER TABLE llm_usage ALTER task_id TYPE text",
    "a time without a zone": "ALTER TABLE memories ALTER expires_at TYPE timestamp USING expires_at AT TIME ZONE 'UTC'",
}  # fmt: skip
NAMED = {
    "agents": ("0015/agents.name/no-near-duplicates", "ALTER TABLE agents DROP CONSTRAINT agents_name_key; UPDATE agents SET name = upper(name) WHERE visibility = 'private';"
        " UPDATE agents SET name = 'Planner' WHERE name <> 'PLANNER'"),
    "goals": ("0026/goals.cascade_id/one-source", "UPDATE goals SET cascade_id = 'ffffffff-0000-4000-8000-000000000001', source_agent_id = gen_random_uuid()"),
    "agent_config_revisions": ("0024/agent_config_revisions.revision/without-gaps", "UPDATE agent_config_revisions SET revision = revision * 2 + 100"),
}  # fmt: skip
BROKEN = "UPDATE goals SET completed_at = now() WHERE status::text = 'active'"


@pytest.mark.parametrize("what", TYPES)
def test_types_that_are_not_read(world: str, what: str) -> None:
    script, words, names = TYPES[what]
    run(world, script)
    rows = rows_of(looked(world))
    assert ids(rows, "fail") == set()
    found = ids(rows, "indeterminate")
    assert found == undecided(rows, words)
    assert {rows[id_].requirement.claim for id_ in found} >= set(names)
    assert all("of the documented type" in rows[id_].note for id_ in found), "what would help"


@pytest.mark.parametrize("table", NAMED)
def test_rows_whose_ids_are_not_shown_are_named_by_their_places(world: str, table: str) -> None:
    """An id of a type that an extension brought."""
    id_, script = NAMED[table]
    run(world, f"SET session_replication_role = replica; {script}; CREATE EXTENSION IF NOT EXISTS vector;"
               f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey CASCADE; ALTER TABLE {table} ALTER id DROP DEFAULT,"
               " ALTER id DROP NOT NULL, ALTER id TYPE vector USING NULL")  # fmt: skip
    outcome = rows_of(looked(world))[id_]
    assert outcome.verdict == "fail"
    assert str(outcome.findings[0].witness).startswith("(0,")


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_rows_of_one_id_are_told_in_one_order(world: str, order: str) -> None:
    run(world, "SET session_replication_role = replica; CREATE TEMPORARY TABLE one AS SELECT * FROM goals LIMIT 1; DELETE FROM goals;"
               "ALTER TABLE goals DROP CONSTRAINT goals_pkey CASCADE; UPDATE one SET completed_at = '2026-01-06', depends_on_goal_ids = NULL;"
               "INSERT INTO goals SELECT (jsonb_populate_record(NULL::goals, to_jsonb(one) || jsonb_build_object('status', s))).*"
               f" FROM one, unnest(ARRAY['active', 'failed']) AS s ORDER BY s {order}")  # fmt: skip
    found = rows_of(looked(world, Looking(show_values=True)))["0026/goals.completed_at/iff-completed"].findings[0]
    assert [word in witness for witness, word in zip(found.witnesses, ("active", "failed"), strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize("what", READ)
def test_types_that_are_read(world: str, what: str) -> None:
    run(world, READ[what])
    rows = rows_of(looked(world, THOROUGH))
    assert {rows[id_].note for id_ in ids(rows, "indeterminate")} == set()
    assert ids(rows, "fail") == set()
    run(world, BROKEN)
    assert ids(rows_of(looked(world, THOROUGH)), "fail") == {"0026/goals.completed_at/iff-completed"}


@pytest.mark.parametrize("name", ['odd "name"', "per%cent", "a space", "UPPER", "quote's", "select", "naïve"])
def test_a_schema_of_any_name(world: str, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    run(world, f"ALTER SCHEMA public RENAME TO {quoted}")
    assert ids(rows_of(looked(world, THOROUGH, schema=name)), "fail", "indeterminate") == set()
    with psycopg.connect(world, autocommit=True) as admin:
        admin.execute(f"SET search_path = {quoted}".encode())
        admin.execute(EDGE.format("task_dependencies").encode())
        admin.execute(BROKEN.encode())
    found = ids(rows_of(looked(world, THOROUGH, schema=name)), "fail")
    assert found == {
        "0002/task_dependencies/acyclic", "0002/task_dependencies/no-self-dependency", "0026/goals.completed_at/iff-completed",
    }  # fmt: skip


# --- rows without a key, and bytes that are no text


def test_rows_that_nothing_tells_apart(world: str) -> None:
    """A departure without ids is still one, with a count."""
    run(world, "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_pkey CASCADE, DROP id;"
               "ALTER TABLE agent_documents DROP CONSTRAINT IF EXISTS agent_documents_content_or_uri;"
               "DO $$ DECLARE line text; BEGIN FOR line IN SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)"
               " FROM pg_constraint WHERE conrelid = 'agent_documents'::regclass AND contype = 'c' LOOP EXECUTE line; END LOOP; END $$;"
               "UPDATE agent_documents SET content = NULL, uri = NULL")  # fmt: skip
    outcome = rows_of(looked(world))["0013/agent_documents.content+uri/content-or-uri"]
    assert outcome.verdict == "fail"
    assert outcome.findings[0].total
    assert "the server said" not in outcome.note


def test_bytes_that_are_no_text(server: Server) -> None:
    """In a database without an encoding a name may be anything; it cannot be folded, and that is said."""
    with own_world(server) as world, psycopg.connect(server.url, autocommit=True) as admin:
        name = world.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(world, autocommit=True) as own:
            own.execute("UPDATE agents SET name = name || 'é'")
        admin.execute("UPDATE pg_database SET encoding = 0 WHERE datname = %s", (name,))
        run(world, "SET client_encoding = 'SQL_ASCII'; UPDATE agents SET name = name || E'\\xe9'")
        rows = rows_of(looked(world, Looking(show_values=True, distrust_indexes=True)))
    assert rows["0015/agents.name/no-near-duplicates"].verdict == "indeterminate"
    assert "cannot be evaluated" in rows["0015/agents.name/no-near-duplicates"].note
    assert ids(rows, "indeterminate") == {"0015/agents.name/no-near-duplicates"}
