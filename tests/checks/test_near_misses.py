"""More of what is spelled otherwise and holds, and of what is spelled alike and does not; as `test_meaning.py`."""

from collections.abc import Callable

import pytest
from judged import Bench
from test_meaning import NAME, NO_NAME_KEY, NO_TRIGGER, OPEN_REQUEST, REQUEST, TOUCHED, Case, _cases, touching

SETS = "BEGIN NEW.updated_at := now(); RETURN NEW; END"
OWN_NOW = "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS $$SELECT timestamptz '2000-01-01'$$;"


def when(condition: str) -> str:
    """Our trigger with a WHEN."""
    return (
        f"{NO_TRIGGER} CREATE TRIGGER t BEFORE UPDATE ON agent_documents FOR EACH ROW WHEN ({condition})"
        " EXECUTE FUNCTION update_updated_at()"
    )


def running(setting: str, body: str = SETS) -> str:
    """A trigger whose function runs under a setting of its own."""
    return f"{touching(body)} ALTER FUNCTION touch() SET {setting};"


TRIGGERS = [
    *_cases(
        "trigger/passes", "pass", TOUCHED,
        *(
            (f"with {setting}", running(setting), "")
            for setting in ("search_path = ''", "search_path = pg_catalog, public", "search_path = public, pg_temp",
                            "search_path = public, pg_catalog", "search_path = pg_temp, pg_catalog",
                            "statement_timeout = '5s'", "work_mem = '8MB'")
        ),
        ("a keyword, which no path leads elsewhere", OWN_NOW + running(
            "search_path = public, pg_catalog", "BEGIN NEW.updated_at := CURRENT_TIMESTAMP; RETURN NEW; END"), ""),
        ("qualified, beside a namesake", OWN_NOW + running(
            "search_path = public, pg_catalog", "BEGIN NEW.updated_at := pg_catalog.now(); RETURN NEW; END"), ""),
        ("beside a namesake that comes later", OWN_NOW + running("search_path = public"), ""),
        ("a namesake that takes an argument",
         "CREATE FUNCTION now(int) RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz';"
         + running("search_path = public, pg_catalog"), ""),
        *((f"WHEN {text}", when(text), "") for text in (
            "1 = 1", "NEW.id IS NOT NULL", "OLD.id IS NOT NULL AND true", "true OR OLD.name <> NEW.name",
            "NEW.name IS NULL OR NEW.id IS NOT NULL",
        )),
    ),
    *_cases(
        "trigger/undecided", "indeterminate", TOUCHED,
        ("a namesake that comes first", OWN_NOW + running("search_path = public, pg_catalog"), "that of public"),
        ("a namesake of the role's own schema", OWN_NOW + running("search_path = \"$user\", pg_catalog"), "that of public"),
        ("a namesake whose arguments have defaults",
         "CREATE FUNCTION now(int DEFAULT 1) RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz';"
         + running("search_path = public, pg_catalog"), "that of public"),
        ("with another time zone", running("timezone = 'UTC'"), "TimeZone of its own"),
        *((f"WHEN {text}", when(text), "not plain to see") for text in (
            "pg_trigger_depth() = 0", "NEW.updated_at = OLD.updated_at", "NEW.name <> 'x'", "NEW.goal_id IS NULL",
            "OLD.name <> NEW.name OR NEW.name <> 'x'",
        )),
    ),
    *_cases(
        "trigger/fails", "fail", TOUCHED,
        *((f"WHEN {text}", when(text), "leaves updates out") for text in (
            "false", "OLD.* IS DISTINCT FROM NEW.*", "NEW.goal_id IS NOT NULL", "NEW.id IS NULL",
            "OLD.name <> NEW.name OR OLD.goal_id IS DISTINCT FROM NEW.goal_id",
            "NEW.name <> 'x' AND OLD.content IS DISTINCT FROM NEW.content",
        )),
    ),
]  # fmt: skip

STRANGE = """
CREATE FUNCTION never(text, text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE OPERATOR CLASS never_ops FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=,
    OPERATOR 5 >, FUNCTION 1 never(text, text);
CREATE FUNCTION never(uuid, uuid) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE OPERATOR CLASS never_uuid FOR TYPE uuid USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=,
    OPERATOR 5 >, FUNCTION 1 never(uuid, uuid);
"""
NO_DOCUMENT_KEY = (
    "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_pkey; ALTER TABLE agent_documents ALTER id"
    " DROP NOT NULL; CREATE UNIQUE INDEX ON agent_documents (id);"
)
REVISION = "0024/agent_config_revisions.agent_id+revision/unique"
OWNER = "0013/agent_documents.agent_id/foreign-key"
NO_REVISION_KEY = "ALTER TABLE agent_config_revisions DROP CONSTRAINT agent_config_revisions_agent_id_revision_key;"

KEYS = [
    *_cases(
        "unique/undecided", "indeterminate", NAME,
        ("a stranger's operator class", NO_NAME_KEY + STRANGE + "CREATE UNIQUE INDEX ON agents (name never_ops)",
         "name goes by the operator class never_ops"),
        ("an expression beside it", "CREATE UNIQUE INDEX i ON agents (lower(name))", "i may refuse rows"),
        ("a part of it beside it", "CREATE UNIQUE INDEX i ON agents (substr(name, 9))", "i may refuse rows"),
        ("an exclusion by another operator", "ALTER TABLE agents ADD CONSTRAINT x EXCLUDE USING hash"
         " (lower(name) WITH =)", "x may refuse rows"),
    ),
    *_cases(
        "unique/passes", "pass", NAME,
        ("a stranger's beside a plain one", STRANGE + "CREATE UNIQUE INDEX ON agents (name never_ops, id)", ""),
        ("an exclusion of the same beside it", "ALTER TABLE agents ADD EXCLUDE USING btree (name WITH =)", ""),
        ("an expression beside the column", "CREATE UNIQUE INDEX ON agents (name, lower(name))", ""),
        ("an expression over others", "CREATE UNIQUE INDEX ON agents (lower(name), id)", ""),
    ),
    *_cases(
        "unique/fails", "fail", NAME,
        ("a constant beside it", "CREATE UNIQUE INDEX i ON agents ((true))", "i is on a constant"),
        ("an exclusion alone", NO_NAME_KEY + "ALTER TABLE agents ADD EXCLUDE USING btree (name WITH =)", "no unique"),
    ),
    *_cases(
        "unique/fails", "fail", REVISION,
        ("an exclusion on fewer", "ALTER TABLE agent_config_revisions ADD CONSTRAINT x EXCLUDE USING btree"
         " (agent_id WITH =)", "x is on fewer columns"),
        ("a cast of fewer", "CREATE UNIQUE INDEX i ON agent_config_revisions ((agent_id::text))",
         "i is on fewer columns"),
        ("fewer of them, late", "ALTER TABLE agent_config_revisions ADD CONSTRAINT x UNIQUE (agent_id) DEFERRABLE",
         "x is on fewer columns"),
    ),
    *_cases(
        "unique/undecided", "indeterminate", REVISION,
        ("an expression over fewer", "CREATE UNIQUE INDEX i ON agent_config_revisions ((revision % 10), agent_id)",
         "i may refuse rows"),
    ),
    *_cases(
        "unique/passes", "pass", REVISION,
        ("on others too", "CREATE UNIQUE INDEX i ON agent_config_revisions (agent_id, revision, created_at)", ""),
    ),
    *_cases(
        "primary-key/undecided", "indeterminate", "0013/agent_documents.id/primary-key",
        ("a stranger's operator class", "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_pkey;" + STRANGE
         + "CREATE UNIQUE INDEX ON agent_documents (id never_uuid)", "id goes by the operator class never_uuid"),
    ),
    *_cases(
        "index/undecided", "indeterminate", "0013/agent_documents.agent_id+doc_type/index",
        ("a stranger's operator class", "DROP INDEX idx_agent_documents_type;" + STRANGE
         + "CREATE INDEX ON agent_documents (agent_id, doc_type, name never_ops)",
         "name goes by the operator class never_ops"),
    ),
    *_cases(
        "foreign-key/undecided", "indeterminate", OWNER,
        ("a stranger's operator class over the key", STRANGE + "CREATE INDEX i ON agents (id never_uuid)",
         "i may answer what agents is asked"),
        ("a stranger's operator class over the column", STRANGE + "CREATE INDEX i ON agent_documents"
         " (agent_id never_uuid)", "i may answer what agent_documents is asked"),
        ("unique by an expression", "CREATE UNIQUE INDEX i ON agent_documents (substr(agent_id::text, 2))",
         "i may refuse rows"),
    ),
    *_cases(
        "foreign-key/fails", "fail", OWNER,
        ("one row alone", "ALTER TABLE agent_documents ADD CONSTRAINT x UNIQUE (agent_id)", "x is on agent_id alone"),
        ("one row alone, by an exclusion", "ALTER TABLE agent_documents ADD CONSTRAINT x EXCLUDE USING btree"
         " (agent_id WITH =)", "x is on agent_id alone"),
    ),
    *_cases(
        "foreign-key/passes", "pass", OWNER,
        ("unique with another column", "CREATE UNIQUE INDEX ON agent_documents (agent_id, name)", ""),
    ),
    *_cases(
        "foreign-key/passes", "pass", "0002/task_dependencies.task_id/foreign-key",
        ("part of a key that is asked for", "CREATE UNIQUE INDEX ON task_dependencies (depends_on, task_id)", ""),
    ),
]  # fmt: skip

LOOKED_UP = (
    f"{OPEN_REQUEST} CREATE TABLE lk (v text PRIMARY KEY); INSERT INTO lk VALUES ('plan'), ('risky_task');"
    "ALTER TABLE approval_requests ADD CONSTRAINT fk FOREIGN KEY (request_type) REFERENCES lk;"
)

LOOKUPS = [
    *_cases(
        "one-of/passes", "pass", f"{REQUEST}/one-of",
        ("a lookup table", LOOKED_UP, "tomorrow's row"),
    ),
    *_cases(
        "one-of/fails", "fail", f"{REQUEST}/one-of",
        ("a lookup table, and a child that it does not reach",
         LOOKED_UP + "CREATE TABLE ch () INHERITS (approval_requests)", "fk leads to lk, and rows of the inheriting"),
    ),
    *_cases(
        "one-of/undecided", "indeterminate", f"{REQUEST}/one-of",
        ("a lookup table by a stranger's operator class",
         f"{OPEN_REQUEST} {STRANGE} CREATE TABLE lk (v text); INSERT INTO lk VALUES ('plan'), ('risky_task');"
         "CREATE UNIQUE INDEX ON lk (v never_ops); ALTER TABLE lk ADD UNIQUE (v);"
         "ALTER TABLE approval_requests ADD CONSTRAINT fk FOREIGN KEY (request_type) REFERENCES lk (v)", "never"),
    ),
    *_cases(
        "accepts/passes", "pass", f"{REQUEST}/accepts",
        ("a lookup table, and a child that it does not reach",
         LOOKED_UP + "CREATE TABLE ch () INHERITS (approval_requests)", ""),
    ),
]  # fmt: skip


def checked(condition: str) -> str:
    """Another CHECK in the place of ours."""
    return f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK ({condition});"


BOTH = "request_type IN ('plan', 'risky_task')"

VALUES = [
    *_cases(
        "one-of/passes", "pass", f"{REQUEST}/one-of",
        *((text, checked(text), "") for text in (
            f"{BOTH} AND length(request_type) > 0", f"lower(request_type) = request_type AND {BOTH}",
            "request_type ~ '^(plan|risky_task)$' AND request_type = btrim(request_type)",
            f"{BOTH} AND request_type !~ '\\s'", "request_type COLLATE \"C\" IN ('plan', 'risky_task')",
            "request_type SIMILAR TO '(plan|risky\\_task)'", "request_type ~ '^(plan|risky_task){1}$'",
            "request_type IN ('plan'::varchar(10), 'risky_task'::varchar(10))",
            "request_type IN ('plan'::varchar(10), 'risky_task and more'::varchar(10))",
            f"{BOTH} AND (request_type <> 'x' OR length(request_type) = 1)",
        )),
        ("a domain with AND", f"{OPEN_REQUEST} CREATE DOMAIN d AS text CHECK (VALUE IN ('plan', 'risky_task') AND"
         " length(VALUE) > 0); ALTER TABLE approval_requests ALTER request_type TYPE d", ""),
    ),
    *_cases(
        "one-of/fails", "fail", f"{REQUEST}/one-of",
        *((text, checked(text), says) for text, says in (
            ("request_type IN ('plan', 'risky_task', 'x') AND length(request_type) > 0", "'x' is accepted"),
            (f"{BOTH} AND length(request_type) > 4", "'plan' is refused"),
            ("request_type IN ('plan', 'risky_task', 'abcdefghijk'::varchar(10))", "'abcdefghij' is accepted"),
            ("request_type SIMILAR TO '(plan|risky_task)'", "is accepted"),
            ("request_type ~ '^(plan|risky_task){1,2}$'", "'planplan' is accepted"),
            ("(request_type IN ('plan', NULL) AND true) AND length(request_type) > 0", "is accepted"),
        )),
    ),
    *_cases(
        "one-of/undecided", "indeterminate", f"{REQUEST}/one-of",
        *((text, checked(text), "cannot be listed") for text in (
            "length(request_type) IN (4, 10) AND upper(request_type) IN ('PLAN', 'RISKY_TASK')"
            " AND request_type = lower(request_type)",
        )),
    ),
    *_cases(
        "primary-key/passes", "pass", "0013/agent_documents.id/primary-key",
        ("by a CHECK", NO_DOCUMENT_KEY + "ALTER TABLE agent_documents ADD CHECK (id IS NOT NULL)", "keeps NULL out"),
        ("by a domain", NO_DOCUMENT_KEY + "CREATE DOMAIN d AS uuid NOT NULL;"
         "ALTER TABLE agent_documents ALTER id TYPE d", "as good as one"),
    ),
    *_cases(
        "primary-key/fails", "fail", "0013/agent_documents.id/primary-key",
        ("nullable", NO_DOCUMENT_KEY, "id may be NULL"),
        ("by a CHECK that is not valid", NO_DOCUMENT_KEY + "ALTER TABLE agent_documents ADD CHECK (id IS NOT NULL)"
         " NOT VALID", "id may be NULL"),
    ),
    *_cases(
        "primary-key/undecided", "indeterminate", "0013/agent_documents.id/primary-key",
        ("by a stranger's CHECK", NO_DOCUMENT_KEY + "CREATE FUNCTION f(uuid) RETURNS boolean IMMUTABLE LANGUAGE sql AS"
         " 'SELECT true'; ALTER TABLE agent_documents ADD CHECK (f(id))", "whether id may be NULL is not known"),
    ),
]  # fmt: skip

PROMPT = "0013/agents.system_prompt/type"
AS_DOMAIN = "CREATE DOMAIN d AS text CHECK ({}); ALTER TABLE agents ALTER system_prompt TYPE d;"
ON_PROMPT = "ALTER TABLE agents ADD CONSTRAINT c CHECK ({});"
TAGS = "0027/agents.tags/type"
AS_TAGS = (
    "CREATE DOMAIN d AS text CHECK ({}); ALTER TABLE agents DROP COLUMN tags CASCADE; ALTER TABLE agents ADD tags d[];"
)

NARROWED = [
    *_cases(
        "type/passes", "pass", PROMPT,
        *((text, ON_PROMPT.format(text), "c refuses none") for text in (
            "system_prompt <> ''", "length(system_prompt) <= 100000", "system_prompt = btrim(system_prompt)",
            "system_prompt IS NOT NULL", "system_prompt !~ E'\\n'",
        )),
        ("another column's too", ON_PROMPT.format("length(system_prompt) > 4 OR name = 'x'"), ""),
        ("a domain that takes what is not empty", AS_DOMAIN.format("VALUE <> ''"), "refuses none"),
    ),
    *_cases(
        "type/fails", "fail", PROMPT,
        ("a short domain", AS_DOMAIN.format("length(VALUE) <= 40"), "it is limited"),
        ("very short", ON_PROMPT.format("length(system_prompt) <= 4"), "c refuses a text of 10000"),
        ("a domain of nothing", AS_DOMAIN.format("VALUE IS NULL"), "refuses 'x', and whatever"),
        ("a domain of one", AS_DOMAIN.format("VALUE = 'a'"), "refuses 'x', and whatever"),
        ("a CHECK on its length", ON_PROMPT.format("length(system_prompt) <= 40"), "c refuses a text of 10000"),
        ("a list", ON_PROMPT.format("system_prompt IN ('a', 'b')"), "c refuses 'x', and whatever"),
    ),
    *_cases(
        "type/undecided", "indeterminate", PROMPT,
        ("a form", ON_PROMPT.format("system_prompt ~ '^[a-z]+$'"), "it may be narrower"),
        ("a form that none has", ON_PROMPT.format("system_prompt LIKE '%@%'"), "it may be narrower"),
        ("a stranger's", "CREATE FUNCTION f(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';"
         + ON_PROMPT.format("f(system_prompt)"), "whether c narrows it is not known"),
    ),
    *_cases("type/passes", "pass", TAGS, ("elements that are not empty", AS_TAGS.format("VALUE <> ''"), "refuses none"),
            ("few of them", "ALTER TABLE agents ADD CONSTRAINT c CHECK (cardinality(tags) < 9)", "c refuses none")),
    *_cases("type/fails", "fail", TAGS, ("elements of one value", AS_TAGS.format("VALUE = 'a'"), "whatever else")),
    *_cases(
        "type/passes", "pass", "0028/approval_requests.required_approvals/type",
        ("positive", "ALTER TABLE approval_requests ADD CHECK (required_approvals > 0)", "refuses none"),
        ("a range", "ALTER TABLE approval_requests ADD CHECK (required_approvals BETWEEN 1 AND 5)", "refuses '7'"),
    ),
    *_cases(
        "type/fails", "fail", "0028/approval_requests.required_approvals/type",
        ("nothing", "ALTER TABLE approval_requests ADD CHECK (required_approvals < -7)", "whatever else"),
    ),
]  # fmt: skip

LONG = [
    *_cases(
        "default/undecided", "indeterminate", "0028/approval_requests.required_approvals/default",
        ("a long expression", "ALTER TABLE approval_requests ALTER required_approvals SET DEFAULT length('"
         + "x" * 150_000 + "')", "longer than 100,000 characters"),
    ),
    *_cases(
        "one-of/undecided", "indeterminate", f"{REQUEST}/one-of",
        ("a long CHECK", checked(f"{BOTH} OR request_type = '{'x' * 150_000}'"), "longer than 100,000 characters"),
    ),
    *_cases(
        "trigger/undecided", "indeterminate", TOUCHED,
        ("a long body", touching(f"BEGIN PERFORM '{'x' * 150_000}'; RETURN NEW; END"), "more characters"),
    ),
]  # fmt: skip

ONCE = [
    *_cases(
        "accepts/passes", "pass", f"{REQUEST}/accepts",
        ("many a row, in an index of two", "CREATE UNIQUE INDEX u ON approval_requests (request_type, id)", ""),
        ("many a row, by a plain index", "CREATE INDEX u ON approval_requests (request_type)", ""),
    ),
    *_cases(
        "accepts/fails", "fail", f"{REQUEST}/accepts",
        ("each once", "CREATE UNIQUE INDEX u ON approval_requests (request_type)", "u is on request_type alone"),
        ("each once, checked late", "ALTER TABLE approval_requests ADD UNIQUE (request_type) DEFERRABLE", "type alone"),
        ("one of them once", "CREATE UNIQUE INDEX u ON approval_requests (request_type) WHERE request_type = 'plan'",
         "u is on request_type alone"),
        ("each once, by exclusion", "ALTER TABLE approval_requests ADD EXCLUDE USING btree (request_type WITH =)",
         "it refuses rows that the documentation allows"),
    ),
    *_cases(
        "accepts/undecided", "indeterminate", f"{REQUEST}/accepts",
        ("what is made of it once", "CREATE UNIQUE INDEX u ON approval_requests (lower(request_type))", "it goes by lower"),
    ),
]  # fmt: skip

CASES = [*TRIGGERS, *KEYS, *LOOKUPS, *VALUES, *NARROWED, *LONG, *ONCE]


@pytest.fixture(params=["server", "older_server"])
def stage(request: pytest.FixtureRequest, benches: Callable[..., Bench]) -> Bench:
    """A conforming database on each of the two majors."""
    return benches(server=request.param)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.cell}: {case.requirement}: {case.name}" for case in CASES])
def test_near_miss(stage: Bench, case: Case) -> None:
    if stage.major < case.oldest:
        pytest.skip(f"PostgreSQL {stage.major} cannot do this")
    outcome = stage.outcome(case.sql, case.requirement)
    seen = f"{outcome.observed}; {outcome.note}"
    assert (outcome.verdict, case.says in seen) == (case.verdict, True), seen
    assert bool(outcome.findings) == (outcome.verdict == "fail" and outcome.because is None)
