"""What a new row meets that no claim speaks of: CHECKs that refuse a default, triggers, keys that set NULL where none is
allowed, names that mean something else. As `test_near_misses.py`."""

from collections.abc import Callable

import pytest
from judged import Bench
from test_meaning import COUNT, REQUEST, Case, _cases

BIG = "0024/agents.daily_token_budget/type"
SCORE = "0027/agents.trust_score/type"
VOTES = "0028/approval_requests.approvals/type"
CASCADE = "0026/goals.cascade_id/type"
SOURCE = "0026/goals.source_agent_id/on-delete"
STATUS = f"{REQUEST}/accepts"


def requests(condition: str) -> str:
    return f"ALTER TABLE approval_requests ADD CONSTRAINT c CHECK ({condition})"


def agents(condition: str) -> str:
    return f"ALTER TABLE agents ADD CONSTRAINT c CHECK ({condition})"


def goals(condition: str) -> str:
    return f"ALTER TABLE goals ADD CONSTRAINT c CHECK ({condition})"


def at_insert(body: str, timing: str = "BEFORE INSERT", each: str = "ROW", language: str = "plpgsql") -> str:
    return (
        f"CREATE FUNCTION meets() RETURNS trigger LANGUAGE {language} AS $body${body}$body$;"
        f"CREATE TRIGGER t {timing} ON approval_requests FOR EACH {each} EXECUTE FUNCTION meets()"
    )


REFUSES = "BEGIN IF NEW.request_type = 'plan' THEN RAISE EXCEPTION 'no plans'; END IF; RETURN NEW; END"
SETS = "BEGIN NEW.required_approvals := 7; RETURN NEW; END"
LOGS = "BEGIN RAISE NOTICE 'a request'; PERFORM pg_notify('requests', NEW.id::text); RETURN NULL; END"

CASES = [
    *_cases(
        "default/fails", "fail", f"{COUNT}/default",
        ("a CHECK refuses it", requests("required_approvals >= 2"), "c refuses that value"),
        ("a CHECK of its domain refuses it", "CREATE DOMAIN d AS int CONSTRAINT own CHECK (VALUE > 1);"
         "ALTER TABLE approval_requests ALTER required_approvals TYPE d", "own refuses that value"),
    ),
    *_cases(
        "default/passes", "pass", f"{COUNT}/default",
        ("a CHECK lets it in", requests("required_approvals >= 1"), ""),
        ("a trigger after it", at_insert(LOGS, "AFTER INSERT"), ""),
        ("a trigger that sets something else", at_insert("BEGIN NEW.org_id := NULL; RETURN NEW; END"), ""),
        ("a trigger that names another that holds its name", at_insert(
            "BEGIN IF NEW.required_approvals_before > 9 THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END"), ""),
        ("a trigger that reads it", at_insert("BEGIN RAISE NOTICE '%', NEW.required_approvals; RETURN NEW; END"), ""),
        ("a trigger that goes on", at_insert("BEGIN RETURN NEW; END"), ""),
        ("a trigger at updates", at_insert(SETS, "BEFORE UPDATE"), ""),
        ("a trigger that is off", at_insert(SETS) + "; ALTER TABLE approval_requests DISABLE TRIGGER t", ""),
    ),
    *_cases(
        "default/undecided", "indeterminate", f"{COUNT}/default",
        ("a trigger sets it", at_insert(SETS), "the trigger t, before each INSERT, may refuse or change the row"),
        ("a trigger gives another row", at_insert("DECLARE r record; BEGIN RETURN r; END"), "before each INSERT"),
        ("a trigger fills the row", at_insert(
            "BEGIN NEW := jsonb_populate_record(NEW, '{}'); RETURN NEW; END"), "before each INSERT"),
    ),
    *_cases(
        "accepts/undecided", "indeterminate", STATUS,
        ("a trigger may refuse", at_insert(REFUSES), "the trigger t, before each INSERT"),
        ("a trigger behind it may refuse", at_insert(REFUSES, "AFTER INSERT"), "the trigger t, after each INSERT"),
        ("a constraint trigger may refuse",
         at_insert(REFUSES).replace("CREATE TRIGGER", "CREATE CONSTRAINT TRIGGER").replace("BEFORE", "AFTER"),
         "the trigger t, after each INSERT"),
    ),
    *_cases(
        "accepts/passes", "pass", STATUS,
        ("a trigger that only tells", at_insert(LOGS, "AFTER INSERT"), ""),
        ("a trigger that refuses something else", at_insert(
            "BEGIN IF NEW.required_approvals > 9 THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END"), ""),
        ("a trigger that keeps a copy", at_insert(
            "BEGIN IF TG_OP = 'INSERT' THEN EXECUTE 'INSERT INTO log SELECT $1' USING row_to_json(NEW); RETURN NULL;"
            " ELSE RAISE EXCEPTION 'unexpected %', TG_OP; END IF; END", "AFTER INSERT"), ""),
        ("a trigger before the statement", at_insert("BEGIN RETURN NULL; END", each="STATEMENT"), ""),
    ),
    *_cases(
        "table/fails", "fail", "0012/approval_requests/table",
        ("a statement's trigger raises", at_insert("BEGIN RAISE EXCEPTION 'closed'; END", each="STATEMENT"),
         "the trigger t refuses each INSERT"),
        ("a row's trigger raises", at_insert("BEGIN RAISE 'closed' USING ERRCODE = '23000'; RETURN NULL; END"),
         "the trigger t refuses each INSERT"),
        ("it raises at deletions", at_insert("BEGIN RAISE 'closed'; END", "AFTER DELETE"),
         "the trigger t refuses each DELETE"),
    ),
    *_cases(
        "table/undecided", "indeterminate", "0012/approval_requests/table",
        ("it drops some", at_insert("DECLARE x int; BEGIN RETURN NULL; END"), "before each INSERT"),
        ("it raises behind a variable", at_insert("DECLARE x int; BEGIN RAISE EXCEPTION 'no'; END"), "may refuse each INSERT"),
        ("it raises behind a statement", at_insert("BEGIN PERFORM 1; RAISE EXCEPTION 'no'; END"), "may refuse each INSERT"),
        ("it raises a long message", at_insert("BEGIN RAISE USING MESSAGE = 'no; new'; END"), "may refuse each INSERT"),
        ("it raises when it likes", at_insert(
            "BEGIN IF current_user <> 'me' THEN RAISE 'no new rows'; END IF; RETURN NEW; END"), "may refuse each INSERT"),
        ("it raises at what is done", at_insert(
            "BEGIN IF TG_OP = 'INSERT' THEN RAISE 'no'; END IF; RETURN NEW; END", "BEFORE INSERT OR UPDATE"),
         "may refuse each INSERT: what its body does is not plain to see"),
        ("it raises at updates", at_insert("DECLARE x int; BEGIN RAISE 'no'; END", "AFTER UPDATE"), "may refuse each UPDATE"),
        ("it raises at some time", at_insert("BEGIN ASSERT now() < '2000-01-01', 'late'; RETURN NEW; END").replace(
            "FOR EACH ROW", "FOR EACH ROW WHEN (pg_trigger_depth() < 1)"), "may refuse each INSERT"),
    ),
    *_cases(
        "table/fails", "fail", "0012/approval_requests/table",
        ("a column that has to be given", "ALTER TABLE approval_requests ADD extra text NOT NULL",
         "no row can leave extra out, which nobody asked for: it has no default"),
        ("a CHECK wants it", "ALTER TABLE approval_requests ADD extra text CONSTRAINT own CHECK (extra IS NOT NULL)",
         "and own refuses that"),
        ("a domain wants it", "CREATE DOMAIN d AS text NOT NULL; ALTER TABLE approval_requests ADD extra d", "domain public.d is"),
        ("its default is refused", "ALTER TABLE approval_requests ADD extra int DEFAULT 1 CONSTRAINT own CHECK (extra <> 1)",
         "its default is 1, and own refuses that"),
        ("its default is no key", "CREATE TABLE kinds (k int PRIMARY KEY);"
         "ALTER TABLE approval_requests ADD extra int DEFAULT 5 REFERENCES kinds", "lookup table public.kinds refuses"),
    ),
    *_cases(
        "table/passes", "pass", "0012/approval_requests/table",
        ("it raises on a condition", at_insert("BEGIN RAISE EXCEPTION 'closed'; END").replace(
            "FOR EACH ROW", "FOR EACH ROW WHEN (NEW.required_approvals < 0)"), "passes through t"),
        ("it refuses some", at_insert(REFUSES), "passes through t"),
        ("a column with a default", "ALTER TABLE approval_requests ADD extra text NOT NULL DEFAULT ''", ""),
        ("a column that a trigger fills", "ALTER TABLE approval_requests ADD extra text NOT NULL;" + at_insert(
            "BEGIN NEW.extra := lower(NEW.request_type); RETURN NEW; END"), "passes through t"),
        ("a column that may be NULL", "ALTER TABLE approval_requests ADD extra text CHECK (extra <> '')", ""),
        ("a column that counts", "ALTER TABLE approval_requests ADD extra bigint GENERATED ALWAYS AS IDENTITY", ""),
        ("a column with a moment", "ALTER TABLE approval_requests ADD extra timestamptz NOT NULL DEFAULT now()", ""),
        ("a rule for replicas", "CREATE RULE r AS ON INSERT TO approval_requests DO INSTEAD NOTHING;"
         "ALTER TABLE approval_requests ENABLE REPLICA RULE r", ""),
        ("it never raises", at_insert("BEGIN PERFORM 1; RAISE 'no'; END").replace(
            "FOR EACH ROW", "FOR EACH ROW WHEN (false)"), ""),
        ("it never drops", at_insert("DECLARE x int; BEGIN RETURN NULL; END").replace(
            "FOR EACH ROW", "FOR EACH ROW WHEN (false)"), ""),
        ("it raises at updates of a column", at_insert(
            "BEGIN PERFORM 1; RAISE 'no'; END", "BEFORE UPDATE OF tool_name"), ""),
        ("it only warns", at_insert("BEGIN RAISE WARNING 'closed'; RETURN NEW; END"), ""),
    ),
    *_cases(
        "type/fails", "fail", BIG,
        ("no more than an integer holds", agents("daily_token_budget < 2147483648"), "which a bigint holds"),
        ("one value", agents("daily_token_budget = 1000"), "but '1000'"),
    ),
    *_cases("type/passes", "pass", BIG, ("a large limit", agents("daily_token_budget < 1000000000000"), "refuses none")),
    *_cases(
        "type/undecided", "indeterminate", SCORE,
        ("whole numbers and a half", agents("trust_score = floor(trust_score) OR trust_score = 0.5"),
         "c refuses '0.25', and not '1000'"),
    ),
    *_cases("type/passes", "pass", SCORE, ("from 0 to 1", agents("trust_score >= 0 AND trust_score <= 1"), "")),
    *_cases(
        "type/fails", "fail", VOTES,
        ("nothing but the empty list", requests("approvals = '[]'"), "but '[]'"),
    ),
    *_cases("type/passes", "pass", VOTES, ("an array", requests("jsonb_typeof(approvals) = 'array'"), "")),
    *_cases(
        "type/fails", "fail", CASCADE,
        ("one uuid", goals("cascade_id = '00000000-0000-4000-8000-000000000001'"), "but '00000000"),
    ),
    *_cases(
        "on-delete/fails", "fail", SOURCE,
        ("it cannot be NULL", "ALTER TABLE goals ALTER source_agent_id SET NOT NULL", "the deletion is refused"),
        ("a CHECK refuses NULL", goals("source_agent_id IS NOT NULL"), "c refuses NULL"),
    ),
    *_cases(
        "on-delete/undecided", "indeterminate", SOURCE,
        ("not beside another column", goals("cascade_id IS NULL OR source_agent_id IS NOT NULL"),
         "it may be refused: c refuses NULL in some rows"),
    ),
    *_cases(
        "on-delete/undecided", "indeterminate", "0014/approval_requests.goal_id/on-delete",
        ("not for one kind", requests("request_type <> 'plan' OR goal_id IS NOT NULL"), "c refuses NULL in some rows"),
    ),
    *_cases(
        "on-delete/passes", "pass", SOURCE,
        ("a value that is never there", goals("source_agent_id IS NOT NULL OR cascade_id IS NULL OR true"), ""),
        ("another has to be there", goals("cascade_id IS NOT NULL OR source_agent_id IS NULL"), ""),
        ("what is refused, NULL is not", goals("source_agent_id <> '00000000-0000-4000-8000-000000000001'"), ""),
    ),
    *_cases(
        "unique/undecided", "indeterminate", "0015/agents.name/unique",
        ("by a generated column too", "ALTER TABLE agents ADD g text GENERATED ALWAYS AS (lower(name)) STORED UNIQUE",
         "it goes by lower(name)"),
    ),
    *_cases(
        "unique/fails", "fail", "0015/agents.name/unique",
        ("by a generated constant too", "ALTER TABLE agents ADD g int GENERATED ALWAYS AS (1) STORED UNIQUE",
         "is on a constant"),
    ),
    *_cases(
        "foreign-key/fails", "fail", "0001/goals.agent_id/foreign-key",
        ("by a copy of it", "ALTER TABLE goals ADD g uuid GENERATED ALWAYS AS (agent_id) STORED UNIQUE", "agent_id alone"),
    ),
    *_cases(
        "accepts/undecided", "indeterminate", STATUS,
        ("a copy of it leads elsewhere", "CREATE TABLE kinds (k text PRIMARY KEY); ALTER TABLE approval_requests"
         " ADD g text GENERATED ALWAYS AS (request_type) STORED REFERENCES kinds", "looks for g, computed from"),
        ("an enum that leads elsewhere", "CREATE TYPE rt AS ENUM ('plan', 'risky_task'); CREATE TABLE kinds (k rt PRIMARY KEY);"
         "ALTER TABLE approval_requests DROP request_type CASCADE, ADD request_type rt REFERENCES kinds",
         "whose keys are not read"),
    ),
    *_cases(
        "type/undecided", "indeterminate", "0001/agents.name/type",
        ("a short copy", "ALTER TABLE agents ADD g varchar(5) GENERATED ALWAYS AS (name) STORED", "computed from name"),
        ("a number made of it", "ALTER TABLE agents ADD g int GENERATED ALWAYS AS (name::int) STORED", "refuses 'x'"),
    ),
    *_cases(
        "type/passes", "pass", "0001/agents.name/type",
        ("a copy in small letters", "ALTER TABLE agents ADD g text GENERATED ALWAYS AS (lower(name)) STORED", ""),
        ("an index in small letters", "CREATE INDEX ON agents (lower(name))", ""),
    ),
    *_cases(
        "default/undecided", "indeterminate", "0013/agent_documents.created_at/default",
        *((text, f"ALTER TABLE agent_documents ALTER created_at SET DEFAULT {text}", "it was the same moment")
          for text in ("now() AT TIME ZONE 'UTC' AT TIME ZONE 'UTC'", "date_trunc('microseconds', now())")),
    ),
    *_cases(
        "default/fails", "fail", "0013/agent_documents.created_at/default",
        *((text, f"ALTER TABLE agent_documents ALTER created_at SET DEFAULT {text}", "")
          for text in ("now() AT TIME ZONE 'UTC'", "date_trunc('second', now())", "now() + interval '1 second'")),
    ),
    *_cases(
        "type/undecided", "indeterminate", "0001/agents.name/type",
        ("a copy that leads elsewhere", "CREATE TABLE kinds (k text PRIMARY KEY); ALTER TABLE agents"
         " ADD g text GENERATED ALWAYS AS (lower(name)) STORED REFERENCES kinds", "looks for g, computed from name"),
    ),
    *_cases(
        "foreign-key/undecided", "indeterminate", "0001/goals.agent_id/foreign-key",
        ("a copy that leads elsewhere", "ALTER TABLE goals ADD g uuid GENERATED ALWAYS AS (agent_id) STORED"
         " REFERENCES users", "wants the value in public.users too"),
    ),
    *_cases(
        "table/passes", "pass", "0003/memories/table",
        ("a shipped trigger", "ALTER TABLE memories ADD words tsvector; CREATE TRIGGER t BEFORE INSERT OR UPDATE ON memories"
         " FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(words, 'pg_catalog.english', content)",
         "passes through t"),
        ("a trigger that writes small letters", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
         " 'BEGIN NEW.content := lower(NEW.content); RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON memories"
         " FOR EACH ROW EXECUTE FUNCTION f()", "passes through t"),
    ),
    *_cases(
        "type/undecided", "indeterminate", "0001/agents.name/type",
        ("a lookup table that nobody asked for", "CREATE TABLE kinds (k text PRIMARY KEY);"
         "ALTER TABLE agents ADD FOREIGN KEY (name) REFERENCES kinds", "which nobody asked for"),
    ),
    *_cases(
        "default/undecided", "indeterminate", "0012/approval_requests.created_at/default",
        ("a trigger sets another time", at_insert("BEGIN NEW.created_at := '2000-01-01'; RETURN NEW; END"), "before each"),
    ),
    *_cases(
        "default/passes", "pass", "0012/approval_requests.created_at/default",
        ("a trigger sets the same", at_insert("BEGIN NEW.created_at := now(); RETURN NEW; END"), ""),
    ),
]  # fmt: skip


@pytest.fixture(params=["server", "older_server"])
def stage(request: pytest.FixtureRequest, benches: Callable[..., Bench]) -> Bench:
    """A conforming database on each of the two majors."""
    return benches(server=request.param)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.cell}: {case.requirement}: {case.name}" for case in CASES])
def test_new_row(stage: Bench, case: Case) -> None:
    outcome = stage.outcome(case.sql, case.requirement)
    seen = f"{outcome.observed}; {outcome.note}"
    assert (outcome.verdict, case.says in seen) == (case.verdict, True), seen
    assert bool(outcome.findings) == (outcome.verdict == "fail" and outcome.because is None)


def test_a_key_to_a_documented_table_is_sensible(stage: Bench) -> None:
    outcomes = stage.outcomes("ALTER TABLE artifacts ADD FOREIGN KEY (agent_id) REFERENCES agents")
    assert {id_: o.verdict for id_, o in outcomes.items() if o.verdict not in ("pass", "not-applicable")} == {}


def test_what_refers_to_a_missing_table_fails_because_of_it(stage: Bench) -> None:
    outcomes = stage.outcomes("DROP TABLE goals CASCADE")
    roots = {o.requirement.id for o in outcomes.values() if o.findings}
    assert roots == {"0001/goals/table"}
    assert outcomes["0001/tasks.goal_id/foreign-key"].because == "0001/goals/table"
