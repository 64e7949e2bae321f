"""Ways to break what a law asks for, and ways to keep it: (requirement, in words, SQL)."""

STATUS = "0008/agents.status"
NAME = "0015/agents.name"
DOCUMENT = "0013/agent_documents"

KEY = "ALTER TABLE agents DROP CONSTRAINT agents_name_key; "
FOUR = "('active', 'stopped', 'error', 'archived')"
AT_INSERT = "CREATE TRIGGER late BEFORE INSERT ON agents FOR EACH ROW EXECUTE FUNCTION late()"
DROPPING = f"CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; {AT_INSERT}"
LOWERING = f"""
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := lower(NEW.name); RETURN NEW; END'; {AT_INSERT}
"""
REFUSING_SOME = f"""
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN IF NEW.status <> $$active$$ OR NEW.config::text = $$[]$$ OR NEW.max_concurrent_goals = 2 THEN RAISE EXCEPTION $$no$$; END IF; RETURN NEW; END'; {AT_INSERT}
"""
REVERTING = """
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.status := OLD.status; RETURN NEW; END';
CREATE TRIGGER late BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION late()
"""
SECOND_TRIGGER = """
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := OLD.updated_at; RETURN NEW; END';
CREATE TRIGGER zz BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION late()
"""
ONLY_ON_STATUS = """
DO $$ DECLARE name text; BEGIN
    SELECT tgname INTO name FROM pg_trigger WHERE tgrelid = 'agents'::regclass AND NOT tgisinternal;
    EXECUTE format('DROP TRIGGER %I ON agents', name);
END $$;
CREATE FUNCTION moved() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END';
CREATE TRIGGER moved BEFORE UPDATE OF status ON agents FOR EACH ROW EXECUTE FUNCTION moved()
"""
REFUSING = """
CREATE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN IF NEW.name IS NULL THEN RAISE EXCEPTION 'no name'; END IF; RETURN NEW; END$$;
CREATE TRIGGER refusing BEFORE INSERT OR UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION refusing();
ALTER TABLE agents ALTER COLUMN name DROP NOT NULL
"""


def unchecked(table: str, column: str) -> str:
    """Drops the CHECKs of a column."""
    return f"""DO $$ DECLARE line text; BEGIN
        FOR line IN SELECT format('ALTER TABLE {table} DROP CONSTRAINT %I', conname) FROM pg_constraint
            WHERE conrelid = '{table}'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%{column}%'
        LOOP EXECUTE line; END LOOP; END $$"""


def rekeyed(table: str, column: str, action: str) -> str:
    """Another foreign key in place of the one of a column, or none."""
    drop = f"""DO $$ DECLARE line text; BEGIN
        FOR line IN SELECT format('ALTER TABLE {table} DROP CONSTRAINT %I', conname) FROM pg_constraint
            WHERE conrelid = '{table}'::regclass AND contype = 'f' AND pg_get_constraintdef(oid) LIKE '%({column})%'
        LOOP EXECUTE line; END LOOP; END $$"""
    return f"{drop}; ALTER TABLE {table} ADD FOREIGN KEY ({column}) {action}" if action else drop


MUTANTS: list[tuple[str, str, str]] = [
    ("0013/agent_documents/table", "one column more", "ALTER TABLE agent_documents ADD COLUMN mood text NOT NULL"),
    ("0013/agent_documents/table", "an extra CHECK", "ALTER TABLE agent_documents ADD CHECK (length(name) > 9)"),
    (
        "0001/agents/table",
        "a trigger that refuses",
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION $$no$$; END'; CREATE TRIGGER no BEFORE INSERT ON agents FOR EACH ROW EXECUTE FUNCTION no()",
    ),
    (
        "0024/agents.priority/column",
        "generated",
        "ALTER TABLE agents DROP COLUMN priority; ALTER TABLE agents ADD COLUMN priority integer GENERATED ALWAYS AS (5) STORED",
    ),
    (
        "0024/agents.priority/column",
        "identity",
        "ALTER TABLE agents ALTER COLUMN priority DROP DEFAULT; ALTER TABLE agents ALTER COLUMN priority ADD GENERATED ALWAYS AS IDENTITY",
    ),
    (
        f"{STATUS}/accepts",
        "one value less",
        unchecked("agents", "status") + "; ALTER TABLE agents ADD CHECK (status IN ('active', 'stopped'))",
    ),
    (f"{STATUS}/accepts", "a second CHECK", "ALTER TABLE agents ADD CHECK (status <> 'error')"),
    (
        f"{STATUS}/accepts",
        "upper case alone",
        unchecked("agents", "status")
        + "; ALTER TABLE agents ADD CHECK (status IN ('ACTIVE', 'STOPPED', 'ERROR')), ALTER COLUMN status SET DEFAULT 'ACTIVE'",
    ),
    (
        f"{STATUS}/accepts",
        "a CHECK that looks at another column",
        "ALTER TABLE agents ADD CHECK (status <> 'stopped' OR config IS NULL)",
    ),
    (f"{STATUS}/one-of", "no CHECK", unchecked("agents", "status")),
    (
        f"{STATUS}/one-of",
        "any case",
        unchecked("agents", "status")
        + "; ALTER TABLE agents ADD CHECK (lower(status) IN ('active', 'stopped', 'error'))",
    ),
    (
        f"{STATUS}/one-of",
        "NULL in the list",
        unchecked("agents", "status")
        + "; ALTER TABLE agents ADD CHECK (status IN ('active', 'stopped', 'error', NULL))",
    ),
    (
        f"{STATUS}/one-of",
        "one value more",
        unchecked("agents", "status")
        + "; ALTER TABLE agents ADD CHECK (status IN ('active', 'stopped', 'error', 'x'))",
    ),
    (
        f"{STATUS}/one-of",
        "one value more that is no neighbour",
        unchecked("agents", "status") + f"; ALTER TABLE agents ADD CHECK (status IN {FOUR})",
    ),
    (
        f"{STATUS}/one-of",
        "an enum of one label more",
        unchecked("agents", "status")
        + f"; CREATE TYPE state AS ENUM {FOUR}; ALTER TABLE agents ALTER status DROP DEFAULT, ALTER status TYPE state USING status::state",
    ),
    (
        f"{STATUS}/one-of",
        "a domain of one value more",
        unchecked("agents", "status")
        + f"; CREATE DOMAIN state AS text CHECK (VALUE IN {FOUR}); ALTER TABLE agents ALTER status TYPE state",
    ),
    (
        f"{STATUS}/one-of",
        "a pattern of one value more",
        unchecked("agents", "status")
        + "; ALTER TABLE agents ADD CHECK (status ~ '^(active|stopped|error|archived)[0-9]?$')",
    ),
    (
        f"{STATUS}/one-of",
        "unless another column says otherwise",
        unchecked("agents", "status")
        + "; ALTER TABLE agents ADD CHECK (status IN ('active', 'stopped', 'error') OR priority > 7)",
    ),
    (f"{STATUS}/accepts", "a trigger that drops rows", DROPPING),
    (f"{STATUS}/accepts", "a trigger that keeps the old value", REVERTING),
    (f"{STATUS}/accepts", "a rule", "CREATE RULE k AS ON UPDATE TO agents DO INSTEAD NOTHING"),
    ("0001/agents/table", "a trigger that drops rows", DROPPING),
    ("0001/agents/table", "a trigger that refuses some rows", REFUSING_SOME),
    ("0001/agents/table", "a rule", "CREATE RULE k AS ON INSERT TO agents DO INSTEAD NOTHING"),
    ("0001/agents.name/column", "a trigger that drops rows", DROPPING),
    (
        f"{NAME.replace('0015', '0001')}/not-null",
        "unless another column says otherwise",
        "ALTER TABLE agents ALTER name DROP NOT NULL, ADD CHECK (name IS NOT NULL OR drain_mode)",
    ),
    (
        "0001/agents.config/nullable",
        "unless another column says otherwise",
        "ALTER TABLE agents ADD CHECK (config IS NOT NULL OR priority < 3)",
    ),
    ("0001/agents.name/type", "varchar(20000)", "ALTER TABLE agents ALTER COLUMN name TYPE varchar(20000)"),
    ("0001/agents.name/type", "a trigger that folds case", LOWERING),
    (f"{NAME}/unique", "partial, by a number", KEY + "CREATE UNIQUE INDEX ON agents (name) WHERE priority >= 0"),
    (
        f"{NAME}/unique",
        "partial, by a time",
        KEY + "CREATE UNIQUE INDEX ON agents (name) WHERE created_at > '1980-01-01'",
    ),
    (f"{NAME}/unique", "partial, by a length", KEY + "CREATE UNIQUE INDEX ON agents (name) WHERE length(name) < 50"),
    (f"{NAME}/unique", "partial, by a reference", KEY + "CREATE UNIQUE INDEX ON agents (name) WHERE org_id IS NULL"),
    (f"{NAME}/unique", "with a reference beside", KEY + "CREATE UNIQUE INDEX ON agents (name, coalesce(org_id, id))"),
    (f"{NAME}/unique", "by its beginning", KEY + "CREATE UNIQUE INDEX ON agents (left(name, 63))"),
    (f"{NAME}/unique", "without blanks", KEY + "CREATE UNIQUE INDEX ON agents (trim(name))"),
    (f"{NAME.replace('0015', '0001')}/not-null", "nullable", "ALTER TABLE agents ALTER COLUMN name DROP NOT NULL"),
    (f"{DOCUMENT}.doc_type/not-null", "nullable", "ALTER TABLE agent_documents ALTER COLUMN doc_type DROP NOT NULL"),
    ("0001/agents.config/nullable", "not null", "ALTER TABLE agents ALTER COLUMN config SET NOT NULL"),
    ("0001/agents.config/nullable", "a CHECK", "ALTER TABLE agents ADD CHECK (config IS NOT NULL)"),
    (
        "0014/approval_requests.request_type/default",
        "another",
        "ALTER TABLE approval_requests ALTER COLUMN request_type SET DEFAULT 'plan'",
    ),
    (
        "0014/approval_requests.request_type/default",
        "none",
        "ALTER TABLE approval_requests ALTER COLUMN request_type DROP DEFAULT",
    ),
    (
        "0001/agents.created_at/default",
        "a constant",
        "ALTER TABLE agents ALTER COLUMN created_at SET DEFAULT '2020-01-01'",
    ),
    (
        "0001/agents.created_at/default",
        "a time without its zone",
        "ALTER TABLE agents ALTER COLUMN created_at SET DEFAULT timezone('utc', now())",
    ),
    (
        "0008/agents.updated_at/trigger",
        "a time without its zone",
        ONLY_ON_STATUS.replace("OF status ", "").replace(":= now()", ":= timezone(''utc'', now())"),
    ),
    (
        "0001/agents.id/default",
        "a constant",
        "ALTER TABLE agents ALTER COLUMN id SET DEFAULT '00000000-0000-4000-8000-0000000000ff'",
    ),
    ("0001/agents.config/default", "another", "ALTER TABLE agents ALTER COLUMN config SET DEFAULT '[]'"),
    (f"{NAME}/unique", "none", "ALTER TABLE agents DROP CONSTRAINT agents_name_key"),
    (
        f"{NAME}/unique",
        "partial",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE UNIQUE INDEX ON agents (name) WHERE status = 'stopped'",
    ),
    (
        f"{NAME}/unique",
        "partial, as it is by default",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE UNIQUE INDEX ON agents (name) WHERE status = 'active'",
    ),
    (
        f"{NAME}/unique",
        "partial, by the name itself",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE UNIQUE INDEX ON agents (name) WHERE name ~ '^[a-z]'",
    ),
    (
        f"{NAME}/unique",
        "in lower case",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE UNIQUE INDEX ON agents (lower(name))",
    ),
    ("0011/prompts.name+version/unique", "on fewer columns", "CREATE UNIQUE INDEX ON prompts (name)"),
    (
        "0011/prompts.name+version/unique",
        "on more columns",
        "ALTER TABLE prompts DROP CONSTRAINT prompts_name_version_key; CREATE UNIQUE INDEX ON prompts (name, version, body)",
    ),
    ("0013/agent_documents.id/primary-key", "none", "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_pkey"),
    (
        "0002/task_dependencies.task_id+depends_on/primary-key",
        "on one column",
        "ALTER TABLE task_dependencies DROP CONSTRAINT task_dependencies_pkey; ALTER TABLE task_dependencies ADD PRIMARY KEY (task_id)",
    ),
    (
        "0013/agent_documents.id/primary-key",
        "unique, and NULLs",
        "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_pkey; ALTER TABLE agent_documents ALTER COLUMN id DROP NOT NULL, ADD UNIQUE (id)",
    ),
    (f"{DOCUMENT}.agent_id/foreign-key", "none", rekeyed("agent_documents", "agent_id", "")),
    (
        f"{DOCUMENT}.agent_id/foreign-key",
        "deletion comes to nothing",
        "CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        "CREATE TRIGGER stays BEFORE DELETE ON agent_documents FOR EACH ROW EXECUTE FUNCTION stays()",
    ),
    (
        f"{DOCUMENT}.agent_id/foreign-key",
        "a trigger in its place, which sees no parent go",
        rekeyed("agent_documents", "agent_id", "")
        + "; CREATE FUNCTION looks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NOT EXISTS (SELECT FROM agents WHERE id = NEW.agent_id) THEN RAISE 'no such agent'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER looks BEFORE INSERT OR UPDATE ON agent_documents FOR EACH ROW EXECUTE FUNCTION looks()",
    ),
    (f"{DOCUMENT}.agent_id/foreign-key", "disabled", "ALTER TABLE agent_documents DISABLE TRIGGER ALL"),
    (
        f"{DOCUMENT}.agent_id/foreign-key",
        "another target",
        rekeyed("agent_documents", "agent_id", "REFERENCES goals (id) ON DELETE CASCADE"),
    ),
    (f"{DOCUMENT}.agent_id/on-delete", "no action", rekeyed("agent_documents", "agent_id", "REFERENCES agents (id)")),
    (f"{DOCUMENT}.agent_id/on-delete", "none", rekeyed("agent_documents", "agent_id", "")),
    ("0001/tasks.goal_id/on-delete", "cascade", rekeyed("tasks", "goal_id", "REFERENCES goals (id) ON DELETE CASCADE")),
    (
        "0001/tasks.goal_id/on-delete",
        "restrict",
        rekeyed("tasks", "goal_id", "REFERENCES goals (id) ON DELETE RESTRICT"),
    ),
    ("0024/agents.priority/type", "smallint", "ALTER TABLE agents ALTER COLUMN priority TYPE smallint"),
    ("0001/agents.name/type", "varchar(20)", "ALTER TABLE agents ALTER COLUMN name TYPE varchar(20)"),
    (
        "0001/agents.created_at/type",
        "timestamp",
        "ALTER TABLE agents ALTER COLUMN created_at TYPE timestamp USING created_at AT TIME ZONE 'UTC'",
    ),
    ("0001/agents.config/type", "json", "ALTER TABLE agents ALTER COLUMN config TYPE json"),
    ("0013/agent_documents.id/type", "text", "ALTER TABLE agent_documents ALTER COLUMN id TYPE text"),
    (f"{DOCUMENT}.content+uri/check", "none", unchecked("agent_documents", "uri")),
    (f"{DOCUMENT}.content+uri/check", "content alone", "ALTER TABLE agent_documents ADD CHECK (content IS NOT NULL)"),
    (
        f"{DOCUMENT}.content+uri/check",
        "not both",
        "ALTER TABLE agent_documents ADD CHECK (content IS NULL OR uri IS NULL)",
    ),
    ("0008/agents.updated_at/trigger", "disabled", "ALTER TABLE agents DISABLE TRIGGER USER"),
    ("0008/agents.updated_at/trigger", "undone by another", SECOND_TRIGGER),
    ("0008/agents.updated_at/trigger", "on one column", ONLY_ON_STATUS),
]

UNDECIDED: list[tuple[str, str, str]] = [
    (
        "0028/approval_requests.required_approvals/default",
        "for now",
        "ALTER TABLE approval_requests ALTER required_approvals SET DEFAULT CASE WHEN now() < '2999-01-01' THEN 1 ELSE 2 END",
    ),
    (
        "0001/agents.created_at/default",
        "for now",
        "ALTER TABLE agents ALTER created_at SET DEFAULT CASE WHEN now() < '2999-01-01' THEN now() END",
    ),
    (f"{NAME}/unique", "by a digest", KEY + "CREATE UNIQUE INDEX ON agents (md5(name))"),
    (
        f"{STATUS}/one-of",
        "a lookup table",
        unchecked("agents", "status")
        + "; CREATE TABLE states (state text PRIMARY KEY); INSERT INTO states VALUES ('active'), ('stopped'), ('error'), ('gone');"
        "ALTER TABLE agents ADD FOREIGN KEY (status) REFERENCES states",
    ),
]
"""What no number of examples shows to be kept."""

EQUIVALENTS: list[tuple[str, str, str]] = [
    (
        "0013/agent_documents/table",
        "one column more, which has a default",
        "ALTER TABLE agent_documents ADD COLUMN mood text NOT NULL DEFAULT ''",
    ),
    (
        "0013/agent_documents/table",
        "a CHECK that documented rows keep",
        "ALTER TABLE agent_documents ADD CHECK (length(name) < 100000)",
    ),
    (
        "0024/agents.priority/column",
        "identity by default",
        "ALTER TABLE agents ALTER COLUMN priority DROP DEFAULT; ALTER TABLE agents ALTER COLUMN priority ADD GENERATED BY DEFAULT AS IDENTITY",
    ),
    (f"{STATUS}/accepts", "one value more", unchecked("agents", "status")),
    (f"{STATUS}/accepts", "a CHECK on another column", "ALTER TABLE agents ADD CHECK (name <> 'no such name')"),
    (
        f"{STATUS}/one-of",
        "NOT VALID",
        unchecked("agents", "status")
        + "; ALTER TABLE agents ADD CHECK (status IN ('active', 'stopped', 'error')) NOT VALID",
    ),
    (
        f"{STATUS}/one-of",
        "an enum",
        unchecked("agents", "status")
        + "; CREATE TYPE state AS ENUM ('active', 'stopped', 'error'); ALTER TABLE agents ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE state USING status::state, ALTER COLUMN status SET DEFAULT 'active'",
    ),
    (
        f"{NAME.replace('0015', '0001')}/not-null",
        "a CHECK",
        "ALTER TABLE agents ALTER COLUMN name DROP NOT NULL, ADD CHECK (name IS NOT NULL)",
    ),
    (f"{NAME.replace('0015', '0001')}/not-null", "a trigger that refuses", REFUSING),
    ("0001/agents.updated_at/not-null", "a trigger that fills it in", ""),
    (
        "0001/agents.created_at/default",
        "in other words",
        "ALTER TABLE agents ALTER COLUMN created_at SET DEFAULT clock_timestamp()",
    ),
    (
        f"{NAME}/unique",
        "an index",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE UNIQUE INDEX ON agents (name)",
    ),
    (
        f"{NAME}/unique",
        "deferred",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; ALTER TABLE agents ADD UNIQUE (name) DEFERRABLE INITIALLY DEFERRED",
    ),
    (
        f"{DOCUMENT}.agent_id/foreign-key",
        "NOT VALID",
        rekeyed("agent_documents", "agent_id", "REFERENCES agents (id) ON DELETE CASCADE NOT VALID"),
    ),
    (
        f"{DOCUMENT}.agent_id/foreign-key",
        "deferred",
        rekeyed(
            "agent_documents", "agent_id", "REFERENCES agents (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
        ),
    ),
    (
        "0003/memories.embedding/type",
        "in a schema beside the path",
        "CREATE SCHEMA beside; ALTER EXTENSION vector SET SCHEMA beside",
    ),
    (
        f"{NAME}/unique",
        "beside another key that has the name too",
        "ALTER TABLE agents ADD UNIQUE (name, id), ADD UNIQUE (id, config)",
    ),
    (f"{NAME}/unique", "where it is not NULL", f"{KEY} CREATE UNIQUE INDEX ON agents (name) WHERE name IS NOT NULL"),
    (
        f"{STATUS}/one-of",
        "a pattern",
        unchecked("agents", "status") + "; ALTER TABLE agents ADD CHECK (status ~ '^(active|stopped|error)$')",
    ),
    (
        "0001/agents.config/default",
        "built",
        "ALTER TABLE agents ALTER COLUMN config SET DEFAULT jsonb_build_object()",
    ),
    (
        "0001/agents.created_at/default",
        "in the zone of the session",
        "ALTER TABLE agents ALTER COLUMN created_at SET DEFAULT LOCALTIMESTAMP",
    ),
    ("0024/agents.priority/type", "bigint", "ALTER TABLE agents ALTER COLUMN priority TYPE bigint"),
    ("0001/agents.name/type", "varchar", "ALTER TABLE agents ALTER COLUMN name TYPE varchar"),
    (
        f"{DOCUMENT}.content+uri/check",
        "in other words",
        unchecked("agent_documents", "uri")
        + "; ALTER TABLE agent_documents ADD CHECK (num_nonnulls(content, uri) > 0)",
    ),
    (
        "0008/agents.updated_at/trigger",
        "at the clock's time",
        ONLY_ON_STATUS.replace("OF status ", "").replace("now()", "clock_timestamp()"),
    ),
]
