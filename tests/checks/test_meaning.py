"""Meaning, not spelling: what satisfies a requirement in another way passes, what only looks the same fails.

`CASES` holds a script for each; they run on a conforming database of both majors. The cells are those of the project's
table of near misses and look-alikes; `test_cells.py` says where each of them is tested.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from judged import Bench

NAME = "0015/agents.name/unique"
TASK_KEY = "0002/task_dependencies.task_id+depends_on/primary-key"
REQUEST = "0014/approval_requests.request_type"
DOCUMENT = "0013/agent_documents"
COUNT = "0028/approval_requests.required_approvals"
TAGS = "0027/agents.tags"
MESSAGES = "0016/chat_messages.session_id+created_at/index"
EXPIRING = "0024/memories.agent_id/index"
TOUCHED = "0013/agent_documents.updated_at/trigger"

NO_NAME_KEY = "ALTER TABLE agents DROP CONSTRAINT agents_name_key;"
OPEN_REQUEST = "ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type;"
NO_AGENT_KEY = "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_agent_id_fkey;"
NO_GOAL_KEY = "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_goal_id_fkey;"
NO_MESSAGE_INDEX = "DROP INDEX idx_chat_messages_session_created;"
NO_TRIGGER = "DROP TRIGGER agent_documents_updated_at ON agent_documents;"
NO_MEMORY_INDEX = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'memories'::regclass AND NOT indisprimary
    LOOP EXECUTE 'DROP INDEX ' || name; END LOOP;
END $$;"""


def typed(table: str, column: str, declaration: str) -> str:
    """The column with another declaration, and nothing that hung on the old one."""
    return f"ALTER TABLE {table} DROP COLUMN {column} CASCADE; ALTER TABLE {table} ADD COLUMN {column} {declaration};"


def touching(body: str, event: str = "BEFORE UPDATE", level: str = "ROW", language: str = "plpgsql") -> str:
    """A trigger of another body in the place of ours."""
    return (
        f"{NO_TRIGGER} CREATE FUNCTION touch() RETURNS trigger LANGUAGE {language} AS $body${body}$body$;"
        f"CREATE TRIGGER touch {event} ON agent_documents FOR EACH {level} EXECUTE FUNCTION touch();"
    )


def parted(table: str, key: str, more: str = "") -> str:
    """A partitioned table of two partitions in the place of a table that nothing references."""
    return (
        f"ALTER TABLE {table} RENAME TO {table}_before;"
        f"CREATE TABLE {table} (LIKE {table}_before INCLUDING DEFAULTS) PARTITION BY HASH ({key});"
        f"CREATE TABLE {table}_0 PARTITION OF {table} FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
        f"CREATE TABLE {table}_1 PARTITION OF {table} FOR VALUES WITH (MODULUS 2, REMAINDER 1);{more}"
    )


@dataclass(frozen=True, kw_only=True)
class Case:
    """A script, and what it makes of a requirement. `says` must be among what is observed and noted."""

    cell: str
    name: str
    requirement: str
    sql: str
    verdict: str
    says: str = ""
    oldest: int = 12


def _cases(cell: str, verdict: str, requirement: str, *scripts: tuple[str, str, str], oldest: int = 12) -> list[Case]:
    return [
        Case(cell=cell, name=name, requirement=requirement, sql=sql, verdict=verdict, says=says, oldest=oldest)
        for name, sql, says in scripts
    ]


TYPES = [
    *_cases(
        "type/passes", "pass", f"{COUNT}/type",
        ("bigint for int", typed("approval_requests", "required_approvals", "bigint"), "int8 holds all"),
        ("serial", typed("approval_requests", "required_approvals", "serial"), ""),
        ("a domain", "CREATE DOMAIN d AS int CHECK (VALUE > 0);"
         + typed("approval_requests", "required_approvals", "d"), "is a domain over int4"),
        ("a domain over a wider type", "CREATE DOMAIN d AS int8;"
         + typed("approval_requests", "required_approvals", "d"), "domain over int8; int8 holds all"),
    ),
    *_cases(
        "type/passes", "pass", f"{REQUEST}/type",
        ("varchar for text", typed("approval_requests", "request_type", "varchar"), "varchar holds all"),
        ("an enum over the values", "CREATE TYPE e AS ENUM ('plan', 'risky_task');"
         + typed("approval_requests", "request_type", "e"), "its labels are judged"),
        ("a domain over an enum", "CREATE TYPE e AS ENUM ('plan', 'risky_task'); CREATE DOMAIN d AS e;"
         + typed("approval_requests", "request_type", "d"), "its labels are judged"),
    ),
    *_cases(
        "type/passes", "pass", "0027/agents.trust_score/type",
        ("numeric for FLOAT", typed("agents", "trust_score", "numeric"), "numeric holds all that double precision"),
        ("FLOAT(53)", typed("agents", "trust_score", "float(53)"), ""),
    ),
    *_cases(
        "type/passes", "pass", f"{TAGS}/type",
        ("varchar[] for text[]", typed("agents", "tags", "varchar[]"), "varchar[] holds all"),
        ("text[3][3], whose sizes PostgreSQL ignores", typed("agents", "tags", "text[3][3]"), ""),
        ("a domain over text[]", "CREATE DOMAIN d AS text[];" + typed("agents", "tags", "d"), "a domain over text[]"),
        ("an array of a domain over text", "CREATE DOMAIN d AS text;" + typed("agents", "tags", "d[]"), ""),
    ),
    *_cases(
        "type/fails", "fail", f"{COUNT}/type",
        ("smallint for int", typed("approval_requests", "required_approvals", "smallint"),
         "int2 is narrower than int4"),
        ("a domain over smallint", "CREATE DOMAIN d AS int2;"
         + typed("approval_requests", "required_approvals", "d"), "domain over int2"),
        ("a type of the same name in another schema", "CREATE TYPE int4 AS (value pg_catalog.int4);"
         + typed("approval_requests", "required_approvals", "public.int4"), "not PostgreSQL's own"),
        ("a range of the same name", "CREATE TYPE int4 AS RANGE (subtype = pg_catalog.int4);"
         + typed("approval_requests", "required_approvals", "public.int4"), "not PostgreSQL's own"),
    ),
    *_cases(
        "type/fails", "fail", "0027/agents.trust_score/type",
        ("real for FLOAT", typed("agents", "trust_score", "real"), "float4 is narrower than float8"),
        ("numeric with limits", typed("agents", "trust_score", "numeric(4,3)"), "numeric(4,3)"),
    ),
    *_cases(
        "type/fails", "fail", f"{TAGS}/type",
        ("text for text[]", typed("agents", "tags", "text"), "it is no array"),
        ("jsonb for text[]", typed("agents", "tags", "jsonb"), "it is no array"),
        ("an array of another type", typed("agents", "tags", "int[]"), "int4 is another type"),
        ("an array of a shorter type", typed("agents", "tags", "varchar(20)[]"), "character varying(20)[]"),
    ),
    *_cases(
        "type/fails", "fail", "0027/agents.metadata/type",
        ("json for jsonb", typed("agents", "metadata", "json"), "json is another type"),
        ("text for jsonb", typed("agents", "metadata", "text"), "text is another type"),
        ("a composite called jsonb", "CREATE TYPE jsonb AS (document pg_catalog.jsonb);"
         + typed("agents", "metadata", "public.jsonb"), "not PostgreSQL's own"),
    ),
    *_cases(
        "type/fails", "fail", "0024/memories.expires_at/type",
        ("timestamp for timestamptz", typed("memories", "expires_at", "timestamp"), "timestamp is another type"),
        ("seconds only", typed("memories", "expires_at", "timestamptz(0)"), "timestamp(0) with time zone"),
    ),
    *_cases(
        "type/fails", "fail", "0013/agents.system_prompt/type",
        ("varchar(40) for text", typed("agents", "system_prompt", "varchar(40)"), "character varying(40)"),
        ("a domain over varchar(40)", "CREATE DOMAIN d AS varchar(40);"
         + typed("agents", "system_prompt", "d"), "domain over varchar"),
        ("char", typed("agents", "system_prompt", "char(40)"), "bpchar is another type"),
        ("an enum where any text is allowed", "CREATE TYPE e AS ENUM ('x');"
         + typed("agents", "system_prompt", "e"), "any text is allowed"),
    ),
]  # fmt: skip

UNIQUES = [
    *_cases(
        "unique/passes", "pass", NAME,
        ("a constraint of another name", "ALTER TABLE agents RENAME CONSTRAINT agents_name_key TO k", ""),
        ("a unique index", f"{NO_NAME_KEY} CREATE UNIQUE INDEX ON agents (name)", "a unique index, not declared"),
        ("INCLUDE", f"{NO_NAME_KEY} ALTER TABLE agents ADD UNIQUE (name) INCLUDE (id)", "with id included"),
        ("NULLS NOT DISTINCT", f"{NO_NAME_KEY} ALTER TABLE agents ADD UNIQUE NULLS NOT DISTINCT (name)",
         "NULLS NOT DISTINCT"),
        ("through a primary key", f"{NO_NAME_KEY} ALTER TABLE agents DROP CONSTRAINT agents_pkey CASCADE;"
         "ALTER TABLE agents ADD PRIMARY KEY (name)", "through the primary key"),
        ("a partial one beside it", "CREATE UNIQUE INDEX ON agents (name) WHERE status = 'active'", ""),
        ("an invalid one beside it", "CREATE UNIQUE INDEX late ON agents (name);"
         "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'late'::regclass", ""),
        ("another operator class", f"{NO_NAME_KEY} CREATE UNIQUE INDEX ON agents (name text_pattern_ops)",
         "name by operator class text_pattern_ops"),
        ("backwards", f"{NO_NAME_KEY} CREATE UNIQUE INDEX ON agents (name DESC NULLS FIRST)", ""),
    ),
    *_cases(
        "unique/passes", "pass", "0019/slack_workspaces.slack_workspace_id/unique",
        ("partitioned, with a valid parent", parted("slack_workspaces", "slack_workspace_id",
         "ALTER TABLE slack_workspaces ADD UNIQUE (slack_workspace_id);"), ""),
    ),
    *_cases(
        "unique/fails", "fail", NAME,
        ("partial", f"{NO_NAME_KEY} CREATE UNIQUE INDEX ON agents (name) WHERE status <> 'stopped'", "it is partial"),
        ("lower(name)", f"{NO_NAME_KEY} CREATE UNIQUE INDEX ON agents (lower(name))", "on an expression"),
        ("not valid", "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'agents_name_key'::regclass",
         "the index is not valid"),
        ("not ready", "UPDATE pg_index SET indisready = false WHERE indexrelid = 'agents_name_key'::regclass",
         "the index is not ready"),
        ("being dropped", "UPDATE pg_index SET indislive = false WHERE indexrelid = 'agents_name_key'::regclass",
         "the index is not ready"),
        ("deferrable", f"{NO_NAME_KEY} ALTER TABLE agents ADD UNIQUE (name) DEFERRABLE", "it is deferrable"),
        ("on more columns", f"{NO_NAME_KEY} ALTER TABLE agents ADD UNIQUE (name, org_id)", "on more columns"),
        ("an exclusion constraint", f"{NO_NAME_KEY} ALTER TABLE agents ADD EXCLUDE USING btree (name WITH =)",
         "no unique"),
        ("an index that is not unique", f"{NO_NAME_KEY} CREATE INDEX ON agents (name)", "no unique"),
        ("with rows in an inheriting table", "CREATE TABLE bots () INHERITS (agents)", "the inheriting tables bots"),
    ),
    *_cases(
        "unique/fails", "fail", "0024/agent_config_revisions.agent_id+revision/unique",
        ("on fewer columns besides", "CREATE UNIQUE INDEX ON agent_config_revisions (agent_id)", "on fewer columns"),
    ),
    *_cases(
        "unique/fails", "fail", "0019/slack_workspaces.slack_workspace_id/unique",
        ("on one partition only", parted("slack_workspaces", "slack_workspace_id",
         "CREATE UNIQUE INDEX ON slack_workspaces_0 (slack_workspace_id);"), "on slack_workspaces_0 alone"),
        ("a parent that lacks a partition's", parted("slack_workspaces", "slack_workspace_id",
         "CREATE UNIQUE INDEX ON ONLY slack_workspaces (slack_workspace_id);"
         "CREATE UNIQUE INDEX ON slack_workspaces_0 (slack_workspace_id);"), "may lack a partition"),
    ),
    *_cases(
        "unique/fails", "fail", TASK_KEY,
        ("a nullable column in a unique index", "ALTER TABLE task_dependencies DROP CONSTRAINT task_dependencies_pkey;"
         "ALTER TABLE task_dependencies ALTER task_id DROP NOT NULL;"
         "CREATE UNIQUE INDEX ON task_dependencies (task_id, depends_on)", "task_id may be NULL"),
    ),
]  # fmt: skip

FOREIGN_KEYS = [
    *_cases(
        "foreign key/passes", "pass", f"{DOCUMENT}.agent_id/foreign-key",
        ("any name", f'{NO_AGENT_KEY} ALTER TABLE agent_documents ADD CONSTRAINT "€" FOREIGN KEY (agent_id)'
         " REFERENCES agents ON DELETE CASCADE", "€"),
        ("a composite key that implies it", "ALTER TABLE agents ADD UNIQUE (name, id);" + NO_AGENT_KEY +
         "ALTER TABLE agent_documents ADD owner text NOT NULL,"
         "ADD FOREIGN KEY (owner, agent_id) REFERENCES agents (name, id) ON DELETE CASCADE", "a composite key"),
        ("a composite key that no NULL switches off", "ALTER TABLE agents ADD UNIQUE (name, id);" + NO_AGENT_KEY +
         "ALTER TABLE agent_documents ADD owner text,"
         "ADD FOREIGN KEY (owner, agent_id) REFERENCES agents (name, id) MATCH FULL ON DELETE CASCADE",
          "a composite key"),
        ("a second one that is not valid", "ALTER TABLE agent_documents ADD FOREIGN KEY (agent_id) REFERENCES agents"
         " ON DELETE CASCADE NOT VALID", ""),
    ),
    *_cases(
        "foreign key/passes", "pass", "0016/chat_messages.session_id/foreign-key",
        ("to a partitioned table", "DROP TABLE slack_sessions; ALTER TABLE chat_messages DROP CONSTRAINT"
         " chat_messages_session_id_fkey;" + parted("chat_sessions", "id",
          "ALTER TABLE chat_sessions ADD PRIMARY KEY (id);"
         "ALTER TABLE chat_messages ADD FOREIGN KEY (session_id) REFERENCES chat_sessions ON DELETE CASCADE;"), ""),
        ("from a partitioned table", parted("chat_messages", "id", "ALTER TABLE chat_messages ADD FOREIGN KEY"
         " (session_id) REFERENCES chat_sessions ON DELETE CASCADE;"), ""),
    ),
    *_cases(
        "foreign key/fails", "fail", f"{DOCUMENT}.agent_id/foreign-key",
        ("NOT VALID", f"{NO_AGENT_KEY} ALTER TABLE agent_documents ADD FOREIGN KEY (agent_id) REFERENCES agents"
         " ON DELETE CASCADE NOT VALID", "it is NOT VALID"),
        ("triggers disabled here", "ALTER TABLE agent_documents DISABLE TRIGGER ALL", "triggers are disabled"),
        ("triggers disabled there", "ALTER TABLE agents DISABLE TRIGGER ALL", "triggers are disabled"),
        ("triggers left to replicas", "UPDATE pg_trigger SET tgenabled = 'R' WHERE tgconstraint IN (SELECT oid FROM"
         " pg_constraint WHERE conname = 'agent_documents_agent_id_fkey')", "fire only on a replica"),
        ("another target", f"{NO_AGENT_KEY} ALTER TABLE agent_documents ADD FOREIGN KEY (agent_id) REFERENCES goals",
         "it references public.goals"),
        ("a table of the same name in another schema", f"{NO_AGENT_KEY} CREATE SCHEMA old; CREATE TABLE old.agents"
         " (id uuid PRIMARY KEY); ALTER TABLE agent_documents ADD FOREIGN KEY (agent_id) REFERENCES old.agents"
         " ON DELETE CASCADE", "it references old.agents, but the platform's agents is in public"),
        ("a composite key that a NULL switches off", "ALTER TABLE agents ADD UNIQUE (name, id);" + NO_AGENT_KEY +
         "ALTER TABLE agent_documents ADD owner text,"
         "ADD FOREIGN KEY (owner, agent_id) REFERENCES agents (name, id) ON DELETE CASCADE", "a NULL in owner"),
        ("rows in an inheriting table", "CREATE TABLE notes () INHERITS (agent_documents)", "inheriting tables notes"),
    ),
    *_cases(
        "foreign key/fails", "fail", f"{DOCUMENT}.agent_id/foreign-key",
        ("NOT ENFORCED", f"{NO_AGENT_KEY} ALTER TABLE agent_documents ADD FOREIGN KEY (agent_id) REFERENCES agents"
         " ON DELETE CASCADE NOT ENFORCED", "it is NOT ENFORCED"), oldest=18,
    ),
    *_cases(
        "foreign key/fails", "fail", "0016/chat_messages.session_id/foreign-key",
        ("triggers disabled on a partition that references", parted("chat_messages", "id", "ALTER TABLE chat_messages"
         " ADD FOREIGN KEY (session_id) REFERENCES chat_sessions ON DELETE CASCADE;"
         "ALTER TABLE chat_messages_1 DISABLE TRIGGER ALL;"), "triggers are disabled"),
        ("triggers disabled on a partition that is referenced", "DROP TABLE slack_sessions; ALTER TABLE chat_messages"
         " DROP CONSTRAINT chat_messages_session_id_fkey;" + parted("chat_sessions", "id", "ALTER TABLE chat_sessions"
         " ADD PRIMARY KEY (id); ALTER TABLE chat_messages ADD FOREIGN KEY (session_id) REFERENCES chat_sessions"
         " ON DELETE CASCADE; ALTER TABLE chat_sessions_1 DISABLE TRIGGER ALL;"), "triggers are disabled"),
    ),
    *_cases(
        "foreign key/fails", "fail", f"{DOCUMENT}.goal_id/on-delete",
        ("another action", f"{NO_GOAL_KEY} ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id) REFERENCES goals"
         " ON DELETE CASCADE", "it does cascade"),
        ("another action on update", f"{NO_GOAL_KEY} ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id) REFERENCES"
         " goals ON DELETE SET NULL ON UPDATE CASCADE", "on update it does cascade"),
        ("a second key with another action", "ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id) REFERENCES goals",
         "it does no action"),
        ("a composite key with another action", "ALTER TABLE goals ADD UNIQUE (id, agent_id); ALTER TABLE"
         " agent_documents ADD FOREIGN KEY (goal_id, agent_id) REFERENCES goals (id, agent_id) ON DELETE CASCADE",
         "it does cascade"),
        ("a composite key that sets another column", f"{NO_GOAL_KEY} ALTER TABLE goals ADD UNIQUE (id, priority);"
         "ALTER TABLE agent_documents ADD weight int, ADD FOREIGN KEY (goal_id, weight)"
         " REFERENCES goals (id, priority) MATCH FULL ON DELETE SET NULL (weight)", "it sets only weight"),
    ),
    *_cases(
        "foreign key/passes", "pass", f"{DOCUMENT}.goal_id/on-delete",
        ("a second key that does nothing", "ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id) REFERENCES goals"
         " NOT ENFORCED", ""), oldest=18,
    ),
    *_cases(
        "foreign key/fails", "fail", f"{DOCUMENT}.agent_id/on-delete",
        ("an action that is NOT ENFORCED", f"{NO_AGENT_KEY} ALTER TABLE agent_documents ADD FOREIGN KEY (agent_id)"
         " REFERENCES agents ON DELETE CASCADE NOT ENFORCED", "nothing is done"), oldest=18,
    ),
    *_cases(
        "foreign key/passes", "pass", f"{DOCUMENT}.goal_id/on-delete",
        ("a composite key to another table", "CREATE TABLE pairs (goal uuid, agent uuid, PRIMARY KEY (goal, agent));"
         "ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id, agent_id) REFERENCES pairs (goal, agent)", ""),
        ("the column alone is set", f"{NO_GOAL_KEY} ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id) REFERENCES"
         " goals ON DELETE SET NULL (goal_id)", ""),
    ),
]  # fmt: skip

VALUES = [
    *_cases(
        "one-of/passes", "pass", f"{REQUEST}/one-of",
        *(
            (name, f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK ({condition})", "")
            for name, condition in {
                "IN": "request_type IN ('plan', 'risky_task')",
                "= ANY": "request_type = ANY ('{plan,risky_task}')",
                "a chain of OR": "request_type = 'plan' OR request_type = 'risky_task'",
                "a regular expression": "request_type ~ '^(plan|risky_task)$'",
                "a regular expression that anchors to the ends": r"request_type ~ '\A(?:plan|risky_task)\Z'",
                "CASE": "CASE request_type WHEN 'plan' THEN true WHEN 'risky_task' THEN true ELSE false END",
                "a key of an object": """'{"plan": 1, "risky_task": 1}'::jsonb ? request_type""",
                "NULL is allowed too": "request_type IS NULL OR request_type IN ('plan', 'risky_task')",
                "one that refuses NULL": "request_type IS NOT NULL AND request_type IN ('plan', 'risky_task')",
                "NOT of what is not": "NOT (request_type <> 'plan' AND request_type <> 'risky_task')",
                "IS TRUE": "(request_type IN ('plan', 'risky_task', NULL)) IS TRUE",
            }.items()
        ),
        ("a domain", "CREATE DOMAIN d AS text CHECK (VALUE IN ('plan', 'risky_task'));"
         + typed("approval_requests", "request_type", "d"), "held by the column's type"),
        ("a domain over a domain", "CREATE DOMAIN c AS text CHECK (VALUE <> 'surplus');"
         "CREATE DOMAIN d AS c CHECK (VALUE IN ('plan', 'risky_task', 'surplus'));"
         + typed("approval_requests", "request_type", "d"), "held by the column's type"),
        ("an enum", "CREATE TYPE e AS ENUM ('risky_task', 'plan');"
         + typed("approval_requests", "request_type", "e"), "an enum's labels"),
        ("a lookup table", f"{OPEN_REQUEST} CREATE TABLE kinds (kind text PRIMARY KEY);"
         "INSERT INTO kinds VALUES ('plan'), ('risky_task');"
         "ALTER TABLE approval_requests ADD FOREIGN KEY (request_type) REFERENCES kinds",
          "tomorrow's row would widen it"),
        ("a partitioned lookup table", f"{OPEN_REQUEST} CREATE TABLE kinds (kind text PRIMARY KEY)"
         " PARTITION BY LIST (kind); CREATE TABLE kinds_all PARTITION OF kinds DEFAULT;"
         "INSERT INTO kinds VALUES ('plan'), ('risky_task');"
         "ALTER TABLE approval_requests ADD FOREIGN KEY (request_type) REFERENCES kinds", "lookup table public.kinds"),
        ("a lookup table with more, narrowed by a check", "CREATE TABLE kinds (kind text PRIMARY KEY);"
         "INSERT INTO kinds VALUES ('plan'), ('risky_task'); ALTER TABLE approval_requests ADD FOREIGN KEY"
         " (request_type) REFERENCES kinds", ""),
        ("a second check that narrows the first", f"{OPEN_REQUEST} ALTER TABLE approval_requests"
         " ADD CHECK (request_type IN ('plan', 'risky_task', 'surplus')), ADD CHECK (request_type <> 'surplus')", ""),
        ("varchar with a length", typed("approval_requests", "request_type",
         "varchar(10) CHECK (request_type IN ('plan', 'risky_task'))"), ""),
        ("char with a length", typed("approval_requests", "request_type",
         "char(12) CHECK (request_type IN ('plan', 'risky_task'))"), ""),
        ("a check over two columns beside it", "ALTER TABLE approval_requests ADD CHECK"
         " ((request_type = 'plan') = (plan_payload IS NOT NULL))", ""),
        ("a check NO INHERIT, with no table that inherits", f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK"
         " (request_type IN ('plan', 'risky_task')) NO INHERIT", ""),
        ("a check that inheriting tables have too", "CREATE TABLE urgent () INHERITS (approval_requests)", ""),
        ("the collation C", 'ALTER TABLE approval_requests ALTER request_type TYPE text COLLATE "C"', ""),
    ),
    *_cases(
        "one-of/fails", "fail", f"{REQUEST}/one-of",
        *(
            (name, f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK ({condition}){suffix}", says)
            for name, (condition, suffix, says) in {
                "one value more": ("request_type IN ('plan', 'risky_task', 'other')", "", "'other' is accepted"),
                "one value fewer": ("request_type IN ('plan')", "", "'risky_task' is refused"),
                "NOT VALID": ("request_type IN ('plan', 'risky_task')", " NOT VALID", "is NOT VALID"),
                "case folding": ("lower(request_type) IN ('plan', 'risky_task')", "", "is accepted"),
                "case folding of a pattern": ("request_type ~* '^(plan|risky_task)$'", "", "is accepted"),
                "the NULL trap": ("request_type IN ('plan', 'risky_task', NULL)", "", "compares with NULL"),
                "the NULL trap in ALL": ("NOT request_type <> ALL (ARRAY['plan', 'risky_task', NULL])", "",
                 "is accepted"),
                "blanks": ("btrim(request_type) IN ('plan', 'risky_task')", "", "is accepted"),
                "one prefix": ("starts_with(request_type, 'plan') OR request_type = 'risky_task'", "", "is accepted"),
                "no anchor": ("request_type ~ 'plan|risky_task'", "", "is accepted"),
                "anchors of one branch": ("request_type ~ '^plan|risky_task$'", "", "is accepted"),
                "an underscore that is a wildcard": (
                    "request_type LIKE 'plan' OR request_type LIKE 'risky_task'", "", "is accepted"),
                "a line feed at the end": (r"request_type ~ '^(plan|risky_task)\n?$'", "", "is accepted"),
                "the length alone": ("length(request_type) IN (4, 10)", "", "is accepted"),
                "true": ("true OR request_type = 'plan'", "", "is accepted"),
                "excused by another column": (
                    "request_type IN ('plan', 'risky_task') OR tool_name IS NULL", "", "is accepted"),
            }.items()
        ),
        ("no check", OPEN_REQUEST, "no check on request_type"),
        ("an enum with one more", "CREATE TYPE e AS ENUM ('plan', 'risky_task', 'other');"
         + typed("approval_requests", "request_type", "e"), "'other' is accepted"),
        ("an enum with a label that begins with a blank", "CREATE TYPE e AS ENUM ('plan', 'risky_task', ' plan');"
         + typed("approval_requests", "request_type", "e"), "' plan' is accepted"),
        ("a domain with one more", "CREATE DOMAIN d AS text CHECK (VALUE IN ('plan', 'risky_task', 'other'));"
         + typed("approval_requests", "request_type", "d"), "'other' is accepted"),
        ("a domain not valid", "CREATE DOMAIN d AS text; ALTER DOMAIN d ADD CHECK (VALUE IN ('plan', 'risky_task'))"
         " NOT VALID;" + typed("approval_requests", "request_type", "d"), "is accepted"),
        ("a lookup table with one more", f"{OPEN_REQUEST} CREATE TABLE kinds (kind text PRIMARY KEY);"
         "INSERT INTO kinds VALUES ('plan'), ('risky_task'), ('tomorrow');"
         "ALTER TABLE approval_requests ADD FOREIGN KEY (request_type) REFERENCES kinds", "'tomorrow' is accepted"),
        ("a lookup table without one", "CREATE TABLE kinds (kind text PRIMARY KEY); INSERT INTO kinds VALUES ('plan');"
         "ALTER TABLE approval_requests ADD FOREIGN KEY (request_type) REFERENCES kinds", "'risky_task' is refused"),
        ("a lookup table whose key sleeps", f"{OPEN_REQUEST} CREATE TABLE kinds (kind text PRIMARY KEY);"
         "INSERT INTO kinds VALUES ('plan'), ('risky_task'); ALTER TABLE approval_requests ADD FOREIGN KEY"
         " (request_type) REFERENCES kinds; ALTER TABLE approval_requests DISABLE TRIGGER ALL", "is accepted"),
        ("a lookup table behind a key not valid", f"{OPEN_REQUEST} CREATE TABLE kinds (kind text PRIMARY KEY);"
         "INSERT INTO kinds VALUES ('plan'), ('risky_task'); ALTER TABLE approval_requests ADD FOREIGN KEY"
         " (request_type) REFERENCES kinds NOT VALID", "is accepted"),
        ("a check that an inheriting table does not have", f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK"
         " (request_type IN ('plan', 'risky_task')) NO INHERIT; CREATE TABLE urgent () INHERITS (approval_requests)",
         "urgent inherits"),
        ("a length that is too short", typed("approval_requests", "request_type",
         "varchar(9) CHECK (request_type IN ('plan', 'risky_task'))"), "'risky_task' is refused"),
    ),
    *_cases(
        "one-of/fails", "fail", f"{REQUEST}/one-of",
        ("NOT ENFORCED", f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK"
         " (request_type IN ('plan', 'risky_task')) NOT ENFORCED", "is NOT ENFORCED"), oldest=18,
    ),
    *_cases(
        "one-of/undecided", "indeterminate", f"{REQUEST}/one-of",
        ("a pattern that is not taken apart", f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK"
         " (request_type = ANY (string_to_array('plan,risky_task', ',')))", "cannot be listed"),
        ("a length and a first letter", f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK"
         " (request_type IN ('plan', 'risky_task') OR (length(request_type) = 31 AND left(request_type, 1) = '@'))",
         "cannot be listed"),
        ("which table it is", "ALTER TABLE approval_requests ADD CHECK (tableoid > 0 OR request_type = '@')", "TABLEOID"),
        ("the row as a whole", "ALTER TABLE approval_requests ADD CHECK (approval_requests::text <> request_type)",
         "type public.approval_requests, which is not PostgreSQL's own"),
        ("a collation of the owner's", "CREATE COLLATION mine FROM \"C\"; ALTER TABLE approval_requests"
         " ALTER request_type TYPE text COLLATE mine", "collation public.mine"),
    ),
    *_cases(
        "one-of/fails", "fail", f"{REQUEST}/accepts",
        ("a second check that narrows", "ALTER TABLE approval_requests ADD CHECK (request_type <> 'plan')",
         "'plan' is refused by approval_requests_request_type_check"),
        ("a second check not valid: it still refuses new rows", "ALTER TABLE approval_requests ADD CHECK"
         " (request_type <> 'plan') NOT VALID", "'plan' is refused"),
        ("a check NO INHERIT refuses here",
         "ALTER TABLE approval_requests ADD CHECK (request_type <> 'plan') NO INHERIT",
         "'plan' is refused"),
    ),
    *_cases(
        "check/passes", "pass", f"{DOCUMENT}.content+uri/check",
        *(
            (name, "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_content_or_uri;"
             f"ALTER TABLE agent_documents ADD CHECK ({condition})", "")
            for name, condition in {
                "COALESCE": "COALESCE(content, uri) IS NOT NULL",
                "counted": "num_nonnulls(content, uri) BETWEEN 1 AND 2",
                "NOT both": "NOT (content IS NULL AND uri IS NULL)",
                "CASE": "CASE WHEN content IS NULL THEN uri IS NOT NULL ELSE true END",
            }.items()
        ),
    ),
    *_cases(
        "check/fails", "fail", f"{DOCUMENT}.content+uri/check",
        *(
            (name, "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_content_or_uri;"
             f"ALTER TABLE agent_documents ADD CHECK ({condition}){suffix}", says)
            for name, (condition, suffix, says) in {
                "exactly one": ("num_nonnulls(content, uri) = 1", "", "a row with content and uri is refused"),
                "both": ("content IS NOT NULL AND uri IS NOT NULL", "", "is refused"),
                "one of them": ("content IS NOT NULL", "", "a row with uri is refused"),
                "NOT VALID": ("content IS NOT NULL OR uri IS NOT NULL", " NOT VALID", "is NOT VALID"),
                "the NULL trap": ("content <> '' OR uri <> ''", "", "a row with none of them is accepted"),
                "excused by another column": (
                    "content IS NOT NULL OR uri IS NOT NULL OR goal_id IS NULL", "", "none of them is accepted"),
            }.items()
        ),
    ),
]  # fmt: skip

NULLS = [
    *_cases(
        "not-null/passes", "pass", f"{DOCUMENT}.name/not-null",
        ("a domain not null", "CREATE DOMAIN d AS text NOT NULL;" + typed("agent_documents", "name", "d"), "domain"),
        ("a domain over a domain not null", "CREATE DOMAIN c AS text NOT NULL; CREATE DOMAIN d AS c;"
         + typed("agent_documents", "name", "d"), "domain"),
        ("a domain whose check refuses NULL", "CREATE DOMAIN d AS text CHECK (VALUE IS NOT NULL);"
         + typed("agent_documents", "name", "d"), "refuses NULL"),
        ("a validated check", "ALTER TABLE agent_documents ALTER name DROP NOT NULL, ADD CHECK (name IS NOT NULL)",
         "a validated CHECK refuses NULL"),
        ("a validated check by another spelling", "ALTER TABLE agent_documents ALTER name DROP NOT NULL,"
         "ADD CHECK (COALESCE(length(name), 0) > 0)", "a validated CHECK refuses NULL"),
        ("a validated check over two columns", "ALTER TABLE agent_documents ALTER name DROP NOT NULL,"
         "ADD CHECK (name IS NOT NULL AND (goal_id IS NULL OR agent_id IS NOT NULL))", "refuses NULL"),
        ("a primary key", "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_pkey,"
         "ALTER name DROP NOT NULL; ALTER TABLE agent_documents ADD PRIMARY KEY (name)", ""),
    ),
    *_cases(
        "not-null/passes", "pass", "0006/events.id/not-null",
        ("an identity", typed("events", "id", "bigint GENERATED BY DEFAULT AS IDENTITY"), ""),
    ),
    *_cases(
        "not-null/passes", "pass", f"{DOCUMENT}.name/not-null",
        ("a NOT NULL constraint with a name", "ALTER TABLE agent_documents ALTER name DROP NOT NULL,"
         "ADD CONSTRAINT named NOT NULL name", ""),
        ("a NOT NULL constraint that was validated later", "ALTER TABLE agent_documents ALTER name DROP NOT NULL;"
         "ALTER TABLE agent_documents ADD CONSTRAINT named NOT NULL name NOT VALID;"
         "ALTER TABLE agent_documents VALIDATE CONSTRAINT named", ""), oldest=18,
    ),
    *_cases(
        "not-null/fails", "fail", f"{DOCUMENT}.name/not-null",
        ("nullable", "ALTER TABLE agent_documents ALTER name DROP NOT NULL", "nullable"),
        ("a check not valid", "ALTER TABLE agent_documents ALTER name DROP NOT NULL,"
         "ADD CHECK (name IS NOT NULL) NOT VALID", "is NOT VALID"),
        ("the NULL trap", "ALTER TABLE agent_documents ALTER name DROP NOT NULL, ADD CHECK (name <> '')", "nullable"),
        ("a check that another column excuses", "ALTER TABLE agent_documents ALTER name DROP NOT NULL,"
         "ADD CHECK (name IS NOT NULL OR uri IS NULL)", "nullable"),
        ("a unique constraint", "ALTER TABLE agent_documents ALTER name DROP NOT NULL, ADD UNIQUE (name)", "nullable"),
        ("a check that an inheriting table does not have", "ALTER TABLE agent_documents ALTER name DROP NOT NULL,"
         "ADD CHECK (name IS NOT NULL) NO INHERIT; CREATE TABLE notes () INHERITS (agent_documents)", "NO INHERIT"),
    ),
    *_cases(
        "not-null/fails", "fail", f"{DOCUMENT}.name/not-null",
        ("NOT NULL NOT VALID", "ALTER TABLE agent_documents ALTER name DROP NOT NULL;"
         "ALTER TABLE agent_documents ADD CONSTRAINT named NOT NULL name NOT VALID", "not valid"),
        ("a check not enforced", "ALTER TABLE agent_documents ALTER name DROP NOT NULL,"
         "ADD CHECK (name IS NOT NULL) NOT ENFORCED", "nullable"), oldest=18,
    ),
    *_cases(
        "nullable/passes", "pass", f"{DOCUMENT}.goal_id/nullable",
        ("a check that says nothing of it", "ALTER TABLE agent_documents ADD CHECK (name <> '')", ""),
        ("a check that only asks for another column then", "ALTER TABLE agent_documents ADD CHECK"
         " (goal_id IS NOT NULL OR uri IS NOT NULL)", ""),
        ("a check that NULL satisfies", "ALTER TABLE agent_documents ADD CHECK (goal_id <> agent_id)", ""),
    ),
    *_cases(
        "nullable/fails", "fail", f"{DOCUMENT}.goal_id/nullable",
        ("NOT NULL", "ALTER TABLE agent_documents ALTER goal_id SET NOT NULL", "documented, and refused"),
        ("a check over two columns", "ALTER TABLE agent_documents ADD CHECK (goal_id IS NOT NULL AND name IS NOT NULL)",
         "refuses NULL"),
        ("a check not valid: it still refuses new rows", "ALTER TABLE agent_documents ADD CHECK (goal_id IS NOT NULL)"
         " NOT VALID", "refuses NULL"),
    ),
    *_cases(
        "nullable/undecided", "indeterminate", f"{DOCUMENT}.goal_id/nullable",
        ("a check of the row as a whole", "ALTER TABLE agent_documents ADD CHECK (agent_documents IS NOT NULL)",
         "agent_documents"),
    ),
]  # fmt: skip

DEFAULTS = [
    *_cases(
        "default/passes", "pass", f"{DOCUMENT}.created_at/default",
        *(
            (value, f"ALTER TABLE agent_documents ALTER created_at SET DEFAULT {value}", says)
            for value, says in {
                "now()": "", "CURRENT_TIMESTAMP": "the same moment", "transaction_timestamp()": "the same moment",
                "pg_catalog.now()": "", "CURRENT_TIMESTAMP(6)": "the same moment",
                "('now'::text)::timestamptz": "the same moment",
                "clock_timestamp()": "moves within a transaction",
                 "statement_timestamp()": "moves within a transaction",
            }.items()
        ),
        ("the default of a domain", "CREATE DOMAIN d AS timestamptz DEFAULT now();"
         + typed("agent_documents", "created_at", "d"), ""),
    ),
    *_cases(
        "default/passes", "pass", "0027/agents.metadata/default",
        *(
            (value, f"ALTER TABLE agents ALTER metadata SET DEFAULT {value}", "")
            for value in ("'{}'", "'{}'::jsonb", "jsonb_build_object()", "' { } '", "'{}'::json::jsonb",
                          "jsonb_object('{}'::text[])", "'{\"a\": 1}'::jsonb - 'a'")
        ),
    ),
    *_cases(
        "default/passes", "pass", f"{TAGS}/default",
        *(
            (value, f"ALTER TABLE agents ALTER tags SET DEFAULT {value}", "")
            for value in ("'{}'", "ARRAY[]::text[]", "'{}'::varchar[]", "array_remove(ARRAY['a'], 'a')",
                          "string_to_array('', ',')")
        ),
    ),
    *_cases(
        "default/passes", "pass", f"{COUNT}/default",
        *(
            (value, f"ALTER TABLE approval_requests ALTER required_approvals SET DEFAULT {value}", "")
            for value in ("'1'", "1::smallint", "1.0", "abs(-1)", "length('x')", "-(-1)", "CASE WHEN true THEN 1 END")
        ),
        ("the default of a domain over a domain", "CREATE DOMAIN c AS int DEFAULT 1; CREATE DOMAIN d AS c;"
         + typed("approval_requests", "required_approvals", "d"), "the default of its domain"),
        ("the outer domain's default counts", "CREATE DOMAIN c AS int DEFAULT 7; CREATE DOMAIN d AS c DEFAULT 1;"
         + typed("approval_requests", "required_approvals", "d"), "the default of its domain"),
        ("the column's default counts", "CREATE DOMAIN d AS int DEFAULT 7;"
         + typed("approval_requests", "required_approvals", "d DEFAULT 1"), ""),
    ),
    *_cases(
        "default/fails", "fail", f"{COUNT}/default",
        ("none", "ALTER TABLE approval_requests ALTER required_approvals DROP DEFAULT", "no default"),
        ("another value", "ALTER TABLE approval_requests ALTER required_approvals SET DEFAULT 2", "its value is '2'"),
        ("a computed other value", "ALTER TABLE approval_requests ALTER required_approvals SET DEFAULT length('xx')",
         "its value is '2'"),
        ("GENERATED ALWAYS", typed("approval_requests", "required_approvals", "int GENERATED ALWAYS AS (1) STORED"),
         "clients may not give it a value"),
        ("an identity always", typed("approval_requests", "required_approvals", "int GENERATED ALWAYS AS IDENTITY"),
         "clients may not give it a value"),
        ("an identity", typed("approval_requests", "required_approvals", "int GENERATED BY DEFAULT AS IDENTITY"),
         "no default"),
        ("a volatile one", "ALTER TABLE approval_requests ALTER required_approvals SET DEFAULT (random() * 0 + 1)::int",
         "not the same every time"),
        ("NULL over the domain's", "CREATE DOMAIN d AS int DEFAULT 1;"
         + typed("approval_requests", "required_approvals", "d DEFAULT NULL"), "NULL"),
        ("a sequence", "CREATE SEQUENCE s; ALTER TABLE approval_requests ALTER required_approvals"
         " SET DEFAULT nextval('s')", "not the same every time"),
    ),
    *_cases(
        "default/fails", "fail", f"{DOCUMENT}.created_at/default",
        ("the moment of the migration", "ALTER TABLE agent_documents ALTER created_at SET DEFAULT 'now'",
         "the moment of the migration"),
        ("a day", "ALTER TABLE agent_documents ALTER created_at SET DEFAULT CURRENT_DATE", "CURRENT_DATE"),
        ("a cut second", "ALTER TABLE agent_documents ALTER created_at SET DEFAULT CURRENT_TIMESTAMP(0)", "(0)"),
        ("another zone", "ALTER TABLE agent_documents ALTER created_at SET DEFAULT timezone('UTC', now())", "timezone"),
        ("an hour later", "ALTER TABLE agent_documents ALTER created_at SET DEFAULT now() + interval '1 hour'", "1"),
    ),
    *_cases(
        "default/fails", "fail", "0028/approval_requests.approvals/default",
        ("an object for an array", "ALTER TABLE approval_requests ALTER approvals SET DEFAULT '{}'",
         "its value is '{}'"),
        ("null of JSON", "ALTER TABLE approval_requests ALTER approvals SET DEFAULT 'null'", "its value is 'null'"),
        ("an array that holds one", "ALTER TABLE approval_requests ALTER approvals SET DEFAULT '[[]]'", "'[[]]'"),
    ),
]  # fmt: skip

INDEXES = [
    *_cases(
        "index/passes", "pass", MESSAGES,
        ("another name", "ALTER INDEX idx_chat_messages_session_created RENAME TO i", ""),
        ("one that backs a constraint",
         NO_MESSAGE_INDEX + "ALTER TABLE chat_messages ADD UNIQUE (session_id, created_at)",
         ""),
        ("more keys behind", NO_MESSAGE_INDEX + "CREATE INDEX ON chat_messages (session_id, created_at, role)", ""),
        ("the last key backwards", NO_MESSAGE_INDEX + "CREATE INDEX ON chat_messages (session_id, created_at DESC)",
         "a backward scan"),
        ("a partitioned table's", parted("chat_messages", "id",
         "CREATE INDEX ON chat_messages (session_id, created_at);"),
         ""),
    ),
    *_cases(
        "index/passes", "pass", EXPIRING,
        ("a full one", NO_MEMORY_INDEX + "CREATE INDEX ON memories (agent_id)", "a full index"),
        *(
            (f"WHERE {where}", f"{NO_MEMORY_INDEX} CREATE INDEX ON memories (agent_id) WHERE {where}", says)
            for where, says in {
                "expires_at IS NOT NULL": "",
                "NOT (expires_at IS NULL)": "its predicate is implied",
                "expires_at IS NOT NULL OR content IS NULL": "its predicate is implied",
                "expires_at IS NOT NULL AND agent_id IS NOT NULL": "its predicate is implied",  # which is NOT NULL
                "NOT (expires_at IS NULL AND true)": "its predicate is implied",
            }.items()
        ),
    ),
    *_cases(
        "index/fails", "fail", EXPIRING,
        *(
            (f"WHERE {where}", f"{NO_MEMORY_INDEX} CREATE INDEX ON memories (agent_id) WHERE {where}", says)
            for where, says in {
                "expires_at > '2020-01-01'": "is asked for and is not in it",
                "expires_at IS NULL": "is asked for and is not in it",
                "expires_at IS NOT NULL AND org_id IS NULL": "org_id = ",
                "expires_at IS NOT NULL AND memory_type = 'episodic'": "is asked for and is not in it",
                "expires_at IS NOT NULL AND (id IS NULL OR agent_id IS NULL OR memory_type IS NULL OR content IS NULL"
                " OR created_at IS NULL OR org_id IS NULL)": "is asked for and is not in it",
            }.items()
        ),
    ),
    *_cases(
        "index/fails", "fail", MESSAGES,
        ("invalid",
         "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_chat_messages_session_created'::regclass",
         "not valid"),
        ("keys in another order", NO_MESSAGE_INDEX + "CREATE INDEX ON chat_messages (created_at, session_id)",
         "another order"),
        ("behind another key", NO_MESSAGE_INDEX + "CREATE INDEX ON chat_messages (role, session_id, created_at)",
         "behind others"),
        ("partial where a full one is asked",
         NO_MESSAGE_INDEX + "CREATE INDEX ON chat_messages (session_id, created_at)"
         " WHERE role = 'user'", "it is partial"),
        ("a key that is only included",
         NO_MESSAGE_INDEX + "CREATE INDEX ON chat_messages (session_id) INCLUDE (created_at)",
         "no index"),
        ("on one partition only", parted("chat_messages", "id",
         "CREATE INDEX ON chat_messages_0 (session_id, created_at);"),
         "no index"),
        ("a parent that lacks a partition's", parted("chat_messages", "id",
         "CREATE INDEX ON ONLY chat_messages (session_id, created_at);"), "not valid"),
    ),
    *_cases(
        "index/fails", "fail", "0016/chat_sessions.agent_id/index",
        ("hash for btree", "DROP INDEX idx_chat_sessions_agent; CREATE INDEX ON chat_sessions USING hash (agent_id)",
         "it is hash, not btree"),
    ),
    *_cases(
        "index/fails", "fail", "0016/chat_sessions.user_id/index",
        ("another collation", "DROP INDEX idx_chat_sessions_user; DROP INDEX idx_chat_sessions_user_updated;"
         'CREATE INDEX ON chat_sessions (user_id COLLATE "POSIX")', "its collation POSIX"),
        ("another operator class", "DROP INDEX idx_chat_sessions_user; DROP INDEX idx_chat_sessions_user_updated;"
         "CREATE INDEX ON chat_sessions (user_id text_pattern_ops)", "text_pattern_ops"),
    ),
]  # fmt: skip

TRIGGERS = [
    *_cases(
        "trigger/passes", "pass", TOUCHED,
        ("any name", "ALTER TRIGGER agent_documents_updated_at ON agent_documents RENAME TO zz", ""),
        ("always", "ALTER TABLE agent_documents ENABLE ALWAYS TRIGGER agent_documents_updated_at", ""),
        ("on insert too", touching("BEGIN NEW.updated_at := now(); RETURN NEW; END", "BEFORE INSERT OR UPDATE"),
         "also fires on insert"),
        *(
            (body, touching(body), "")
            for body in (
                "BEGIN NEW.updated_at := now(); RETURN NEW; END",
                "begin\n\tnew.updated_at = CURRENT_TIMESTAMP;\n\treturn new;\nend;",
                'BEGIN NEW."updated_at" := pg_catalog.now(); RETURN NEW; END;',
                "BEGIN /* moves */ New . Updated_At := transaction_timestamp() ; -- on\n RETURN New ; END",
                "BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END",
            )
        ),
        ("WHEN (true)", f"{NO_TRIGGER} CREATE TRIGGER t BEFORE UPDATE ON agent_documents FOR EACH ROW WHEN (true)"
         " EXECUTE FUNCTION update_updated_at()", ""),
        ("a security definer", touching("BEGIN NEW.updated_at := now(); RETURN NEW; END")
         + "ALTER FUNCTION touch() SECURITY DEFINER;", ""),
        ("one that does nothing beside it", "CREATE FUNCTION idle() RETURNS trigger LANGUAGE plpgsql AS"
         " 'BEGIN RETURN NEW; END'; CREATE TRIGGER a BEFORE UPDATE ON agent_documents FOR EACH ROW"
         " EXECUTE FUNCTION idle()", ""),
        ("a partitioned table's", parted("agent_documents", "id", "CREATE TRIGGER t BEFORE UPDATE ON agent_documents"
         " FOR EACH ROW EXECUTE FUNCTION update_updated_at();"), ""),
    ),
    *_cases(
        "trigger/undecided", "indeterminate", TOUCHED,
        *(
            (name, touching(body), says)
            for name, (body, says) in {
                "a condition": ("BEGIN IF NEW.name <> OLD.name THEN NEW.updated_at := now(); END IF; RETURN NEW; END",
                                "IF NEW.name"),
                "another call": ("BEGIN NEW.updated_at := my_clock(); RETURN NEW; END", "my_clock()"),
                "another function": ("BEGIN RETURN jsonb_populate_record(NEW, '{}'); END", "jsonb_populate_record"),
                "a comment within a comment": (
                    "BEGIN /* /* */ NEW.updated_at := now(); RETURN NEW; END -- */ RETURN NEW; END\n", "/*"),
                "a string that looks like a comment": (
                    "BEGIN PERFORM '/*'; NEW.updated_at := now(); PERFORM '*/'; RETURN NEW; END", "PERFORM"),
            }.items()
        ),
        ("another language", f"{NO_TRIGGER} CREATE TRIGGER t BEFORE UPDATE ON agent_documents FOR EACH ROW"
         " EXECUTE FUNCTION suppress_redundant_updates_trigger()", "in internal"),
    ),
    *_cases(
        "trigger/fails", "fail", TOUCHED,
        ("none", NO_TRIGGER, "no trigger"),
        ("disabled", "ALTER TABLE agent_documents DISABLE TRIGGER agent_documents_updated_at", "it is disabled"),
        ("with all others", "ALTER TABLE agent_documents DISABLE TRIGGER USER", "it is disabled"),
        ("replica only", "ALTER TABLE agent_documents ENABLE REPLICA TRIGGER agent_documents_updated_at",
         "only on a replica"),
        ("other events", touching("BEGIN NEW.updated_at := now(); RETURN NEW; END", "BEFORE INSERT"),
         "touch (before insert)"),
        ("afterwards", touching("BEGIN NEW.updated_at := now(); RETURN NEW; END", "AFTER UPDATE"), "already written"),
        ("for each statement", touching("BEGIN RETURN NULL; END", level="STATEMENT"), "sees no row"),
        ("of one column", touching("BEGIN NEW.updated_at := now(); RETURN NEW; END", "BEFORE UPDATE OF name"),
         "only when name"),
        ("a body that does nothing", touching("BEGIN RETURN NEW; END"), "sets nothing"),
        ("a body that gives the old row", touching("BEGIN RETURN OLD; END"), "sets nothing"),
        ("a commented assignment", touching("BEGIN -- NEW.updated_at := now();\n RETURN NEW; END"), "sets nothing"),
        ("a WHEN", f"{NO_TRIGGER} CREATE TRIGGER t BEFORE UPDATE ON agent_documents FOR EACH ROW"
         " WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION update_updated_at()", "leaves updates out"),
        ("asleep on a partition", parted("agent_documents", "id", "CREATE TRIGGER t BEFORE UPDATE ON agent_documents"
         " FOR EACH ROW EXECUTE FUNCTION update_updated_at(); ALTER TABLE agent_documents_1 DISABLE TRIGGER t;"),
         "agent_documents_1"),
    ),
]  # fmt: skip

TABLES = [
    *_cases(
        "table/passes", "pass", f"{DOCUMENT}/table",
        ("row security", "ALTER TABLE agent_documents ENABLE ROW LEVEL SECURITY", "row security is on"),
        ("unlogged", "ALTER TABLE agent_documents SET UNLOGGED", ""),
        ("a view that takes rows", "ALTER TABLE agent_documents RENAME TO d;"
         "CREATE VIEW agent_documents AS SELECT * FROM d", "cannot be seen from here"),
        ("a view whose trigger takes rows", "ALTER TABLE agent_documents RENAME TO d;"
         "CREATE VIEW agent_documents AS SELECT DISTINCT * FROM d;"
         "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
         "CREATE TRIGGER t INSTEAD OF INSERT ON agent_documents FOR EACH ROW EXECUTE FUNCTION f()", "cannot be seen"),
        ("a child of another table",
         "CREATE TABLE things (id uuid NOT NULL); ALTER TABLE agent_documents INHERIT things", ""),
    ),
    *_cases(
        "table/undecided", "indeterminate", f"{DOCUMENT}/table",
        ("a view that checks its own condition", "ALTER TABLE agent_documents RENAME TO d;"
         "CREATE VIEW agent_documents AS SELECT * FROM d WHERE false WITH CHECK OPTION", "the view's check option"),
    ),
    *_cases(
        "table/fails", "fail", f"{DOCUMENT}/table",
        ("a view that takes none", "ALTER TABLE agent_documents RENAME TO d;"
         "CREATE VIEW agent_documents AS SELECT DISTINCT * FROM d", "cannot be inserted through this view"),
        ("a materialized view", "ALTER TABLE agent_documents RENAME TO d;"
         "CREATE MATERIALIZED VIEW agent_documents AS SELECT * FROM d", "materialized view"),
        ("a sequence of that name", "DROP TABLE agent_documents; CREATE SEQUENCE agent_documents",
         "means the sequence"),
        ("a temporary one", "ALTER TABLE agent_documents RENAME TO d; CREATE TEMP TABLE agent_documents (LIKE d)",
         "no relation"),
        ("a type of that name", "DROP TABLE agent_documents; CREATE TYPE agent_documents AS (id uuid)",
         "means the composite type"),
    ),
    *_cases(
        "column/fails", "fail", f"{DOCUMENT}.name/column",
        ("computed by a view", "ALTER TABLE agent_documents RENAME TO d; CREATE VIEW agent_documents AS"
         " SELECT id, agent_id, upper(name) AS name FROM d", "the view computes it"),
        ("in capitals", 'ALTER TABLE agent_documents RENAME name TO "Name"', "there is one called 'Name'"),
    ),
    *_cases(
        "column/fails", "fail", "0013/agents.system_prompt/column",
        ("generated, virtual", typed("agents", "system_prompt", "text GENERATED ALWAYS AS (name) VIRTUAL"),
         "generated always"),
        oldest=18,
    ),
    *_cases(
        "column/passes", "pass", f"{DOCUMENT}.name/column",
        ("through a view", "ALTER TABLE agent_documents RENAME TO d; CREATE VIEW agent_documents AS SELECT * FROM d",
         "text"),
    ),
    *_cases(
        "view/undecided", "indeterminate", f"{DOCUMENT}.doc_type/one-of",
        ("behind a view", "ALTER TABLE agent_documents RENAME TO d; CREATE VIEW agent_documents AS SELECT * FROM d",
         "lies behind the view"),
    ),
    *_cases(
        "view/undecided", "indeterminate", f"{DOCUMENT}.agent_id/foreign-key",
        ("behind a view", "ALTER TABLE agent_documents RENAME TO d; CREATE VIEW agent_documents AS SELECT * FROM d",
         "lies behind the view"),
    ),
]  # fmt: skip

CASES = [*TYPES, *UNIQUES, *FOREIGN_KEYS, *VALUES, *NULLS, *DEFAULTS, *INDEXES, *TRIGGERS, *TABLES]


@pytest.fixture(params=["server", "older_server"])
def stage(request: pytest.FixtureRequest, benches: Callable[..., Bench]) -> Bench:
    """A conforming database on each of the two majors."""
    return benches(server=request.param)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.cell}: {case.name}" for case in CASES])
def test_meaning(stage: Bench, case: Case) -> None:
    if stage.major < case.oldest:
        pytest.skip(f"PostgreSQL {stage.major} cannot do this")
    outcome = stage.outcome(case.sql, case.requirement)
    seen = f"{outcome.observed}; {outcome.note}"
    assert (outcome.verdict, case.says in seen) == (case.verdict, True), seen
    assert bool(outcome.findings) == (outcome.verdict == "fail" and outcome.because is None)


def test_no_case_is_there_twice() -> None:
    keys = [(case.cell, case.requirement, case.name) for case in CASES]
    assert len(keys) == len(set(keys))
