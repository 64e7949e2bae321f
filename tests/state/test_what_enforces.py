"""What is said to enforce an invariant does: and what only seems to, or does so for the rows that were tried, is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from audited import audited
from filled import filled
from judged import contract

from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.sandbox import Server

EVENTS = "0006/events/immutable"
TASKS = "0002/task_dependencies/acyclic"
GOALS = "0001/goals.agent_id/no-orphan"
RAISES = "CREATE FUNCTION r() RETURNS trigger LANGUAGE plpgsql AS $$ {} $$; CREATE TRIGGER t BEFORE UPDATE OR DELETE ON"
MAY = "GRANT SELECT, UPDATE, DELETE ON events TO enforced_app;"
Audit = Callable[[str, str], Outcome]


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    """A database with the small clean world, and a role of an application."""
    made = server.create_database("what_enforces", template=filled(server, "documented", "0028"))
    with psycopg.connect(made, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS enforced_app")
        owner.execute("CREATE ROLE enforced_app")
    yield made
    server.drop_database("what_enforces")
    with psycopg.connect(server.url, autocommit=True) as owner:
        owner.execute("DROP ROLE enforced_app")


@pytest.fixture
def audit(url: str) -> Audit:
    """What becomes of a claim once a script has run."""

    def look(script: str, id_: str) -> Outcome:
        with psycopg.connect(url, prepare_threshold=None) as connection:
            connection.execute(script.encode())
            found = audited(connection, contract(), [id_])[id_]
            connection.rollback()
        return found

    return look


def kept(outcome: Outcome) -> str:
    return str(outcome.evidence["enforced_by"])


@pytest.mark.parametrize(
    "rule",
    [
        "ON DELETE TO events WHERE old.id IS NOT NULL DO INSTEAD NOTHING",
        "ON DELETE TO events DO INSTEAD UPDATE events SET event_type = 'x' WHERE id = old.id",
        "ON UPDATE TO events DO INSTEAD DELETE FROM events WHERE id = old.id",
    ],
)
def test_a_rule_that_does_something_refuses_nothing(audit: Audit, rule: str) -> None:
    outcome = audit(f"CREATE RULE r AS {rule}; {MAY}", EVENTS)
    assert (outcome.verdict, outcome.findings[0].witnesses) == ("fail", ("enforced_app may DELETE, UPDATE",))


def test_a_rule_that_does_nothing_instead_refuses(audit: Audit) -> None:
    rules = "".join(f"CREATE RULE r{e} AS ON {e} TO events DO INSTEAD NOTHING;" for e in ("UPDATE", "DELETE"))
    assert audit(rules + MAY, EVENTS).verdict == "pass"
    asleep = f"{rules} ALTER TABLE events ENABLE REPLICA RULE rDELETE; {MAY}".replace("rDELETE", '"rdelete"')
    assert audit(asleep, EVENTS).findings[0].witnesses == ("enforced_app may DELETE",)


def test_a_trigger_that_seems_to_raise_is_not_believed(audit: Audit) -> None:
    plain = RAISES.format("BEGIN RAISE EXCEPTION 'no'; END")
    row = "events FOR EACH ROW EXECUTE FUNCTION r();"
    assert audit(f"{plain} {row} {MAY}", EVENTS).verdict == "pass"
    nested = RAISES.format("/* /* */ BEGIN RAISE EXCEPTION 'no'; END; -- */ BEGIN RETURN OLD; END").replace(
        "-- */", "-- */\n"
    )
    assert audit(f"{nested} {row} {MAY}", EVENTS).verdict == "indeterminate"


def test_the_owner_of_a_partition_may_change_it(audit: Audit) -> None:
    parted = """
    ALTER TABLE events RENAME TO old_events;
    CREATE TABLE events (LIKE old_events) PARTITION BY HASH (id);
    CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 1, REMAINDER 0);
    """
    assert audit(parted, EVENTS).verdict == "pass"
    outcome = audit(f"{parted} ALTER TABLE events_0 OWNER TO enforced_app", EVENTS)
    assert outcome.verdict == "fail"
    assert "enforced_app may DELETE on events_0" in outcome.findings[0].witnesses[0]


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("", "foreign key goals_agent_id_fkey"),
        (
            "CREATE SCHEMA other; CREATE TABLE other.agents (id uuid PRIMARY KEY); INSERT INTO other.agents SELECT id"
            " FROM agents; ALTER TABLE goals DROP CONSTRAINT goals_agent_id_fkey, ADD FOREIGN KEY (agent_id) REFERENCES"
            " other.agents ON DELETE CASCADE",
            "nothing in the catalog",
        ),
        (
            RAISES.format("BEGIN RETURN NULL; END").replace("UPDATE OR ", "")
            + " goals FOR EACH ROW EXECUTE FUNCTION r()",
            "in part foreign key goals_agent_id_fkey (but t drops the delete",
        ),
        ("CREATE TABLE heirs () INHERITS (goals)", "in part foreign key goals_agent_id_fkey (but not in heirs)"),
    ],
)
def test_a_foreign_key_keeps_what_it_can(audit: Audit, script: str, says: str) -> None:
    assert kept(audit(script, GOALS)).startswith(says)


@pytest.mark.parametrize(
    ("id_", "check", "row"),
    [
        (
            "0028/approval_requests.required_approvals/at-least-one",
            "required_approvals NOT IN (0, -1)",
            "required_approvals = -2",
        ),
        (
            "0028/approval_requests.approvals/enough-approvers",
            "status <> 'approved' OR jsonb_array_length(approvals) > required_approvals",
            "status = 'approved', required_approvals = 2, approvals = '[1, 2, 3]'",
        ),
    ],
)
def test_a_check_is_said_to_keep_what_was_tried(audit: Audit, id_: str, check: str, row: str) -> None:
    guard = f"ALTER TABLE approval_requests ADD CONSTRAINT q CHECK ({check}) NOT VALID;"
    passed = audit(guard, id_)
    assert passed.observed.endswith("enforced by q, as far as was tried")
    broken = audit(
        f"{guard} UPDATE approval_requests SET {row} WHERE id = (SELECT min(id::text)::uuid FROM approval_requests)",
        id_,
    )
    assert (broken.verdict, broken.evidence["violations"]) == ("fail", 1)


GUARDED = """
CREATE FUNCTION ok(uuid) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
CREATE FUNCTION r() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN NEW; END $$;
"""
COMPLETED = "0002/task_dependencies/dependencies-completed"


@pytest.mark.parametrize(
    ("id_", "script", "says"),
    [
        (COMPLETED, "CREATE TRIGGER t BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION r()", "trigger t of tasks"),
        (
            COMPLETED,
            "CREATE TRIGGER t BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION r(); ALTER TABLE tasks DISABLE TRIGGER t",
            "",
        ),
        (TASKS, "ALTER TABLE task_dependencies ADD CONSTRAINT c CHECK (ok(task_id)) NOT VALID", "CHECK c"),
        (
            "0026/goals.depends_on_goal_ids/no-self-dependency",
            "ALTER TABLE goals ADD CONSTRAINT c CHECK (ok(id) AND depends_on_goal_ids IS NULL) NOT VALID",
            "CHECK c",
        ),
        (
            "0001/tasks.retries+max_retries/within",
            "ALTER TABLE tasks ADD CONSTRAINT c CHECK (retries <= max_retries OR type = 'free') NOT VALID",
            "CHECK c",
        ),
        (
            GOALS,
            "ALTER TABLE agents ADD UNIQUE (id, org_id); ALTER TABLE goals DROP CONSTRAINT goals_agent_id_fkey,"
            " ADD CONSTRAINT k FOREIGN KEY (agent_id, org_id) REFERENCES agents (id, org_id)",
            "foreign key k",
        ),
        (
            "0015/agents.name/no-near-duplicates",
            "ALTER TABLE agents ADD CONSTRAINT x EXCLUDE USING btree (name WITH =)",
            "exclusion constraint x",
        ),
    ],
)
def test_nothing_is_said_to_keep_it_where_nothing_could(audit: Audit, id_: str, script: str, says: str) -> None:
    nothing = "nothing in the catalog"
    assert kept(audit(f"{GUARDED} {script}", id_)) == (f"{nothing}, unless by {says}" if says else nothing)


@pytest.mark.parametrize(
    ("id_", "script", "says"),
    [
        (
            "0018/goals.agent_id/same-org",
            "ALTER TABLE agents ADD UNIQUE (id, org_id); ALTER TABLE goals ADD CONSTRAINT k FOREIGN KEY (org_id, agent_id)"
            " REFERENCES agents (org_id, id)",
            "foreign key k",
        ),
        (
            "0013/agent_documents.goal_id/goals-agent",
            "ALTER TABLE goals ADD UNIQUE (id, agent_id); ALTER TABLE agent_documents ADD CONSTRAINT k"
            " FOREIGN KEY (goal_id, agent_id) REFERENCES goals (id, agent_id)",
            "foreign key k",
        ),
        (
            "0018/goals.agent_id/same-org",
            "ALTER TABLE agents ADD UNIQUE (id, org_id); ALTER TABLE goals ADD CONSTRAINT k FOREIGN KEY (agent_id, org_id)"
            " REFERENCES agents (id, org_id) NOT VALID; ALTER TABLE goals DISABLE TRIGGER ALL",
            "nothing in the catalog",
        ),
    ],
)
def test_a_foreign_key_of_both_columns_keeps_rows_together(audit: Audit, id_: str, script: str, says: str) -> None:
    assert kept(audit(script, id_)) == says


@pytest.mark.parametrize(
    ("index", "says"),
    [
        ("ADD CONSTRAINT x EXCLUDE USING btree (name WITH =)", "exclusion constraint x"),
        ("ADD CONSTRAINT x UNIQUE (name, visibility)", "nothing in the catalog"),
        ("ALTER name SET NOT NULL; CREATE UNIQUE INDEX x ON agents (lower(name))", "in part unique index x"),
        (
            "ALTER name SET NOT NULL; CREATE UNIQUE INDEX x ON agents (name) WHERE chat_capable",
            "in part unique index x",
        ),
        ("ALTER name SET NOT NULL; CREATE UNIQUE INDEX x ON agents (name text_pattern_ops)", "unique index x"),
    ],
)
def test_what_keeps_names_apart_without_standing_for_the_claim(audit: Audit, index: str, says: str) -> None:
    script = f"ALTER TABLE agents DROP CONSTRAINT agents_name_key, {index}"
    assert kept(audit(script, "0015/agents.name/no-duplicates")) == says


def test_an_index_that_is_not_believed_is_still_there(url: str) -> None:
    with psycopg.connect(url) as connection:
        id_ = "0015/agents.name/no-duplicates"
        outcome = audited(connection, contract(), [id_], looking=Looking(distrust_indexes=True))[id_]
        connection.rollback()
    assert outcome.observed == "none in 5 rows; enforced by unique index agents_name_key"


def test_privileges_keep_events_from_some(audit: Audit) -> None:
    kept, open_ = audit("", EVENTS).observed, audit(MAY, EVENTS).observed
    assert re.fullmatch(r"none of [0-9]+ roles; enforced in part by privileges", kept)
    assert re.fullmatch(r"1 of [0-9]+ roles; enforced in part by privileges", open_)
    refused = RAISES.format("BEGIN RAISE EXCEPTION 'no'; END").replace("UPDATE OR ", "")
    outcome = audit(f"{refused} events FOR EACH ROW EXECUTE FUNCTION r(); {MAY}", EVENTS)
    assert outcome.observed.endswith("; enforced in part by trigger t, privileges")


def test_a_unique_constraint_that_is_checked_late_is_named(audit: Audit) -> None:
    late = "ALTER TABLE agents DROP CONSTRAINT agents_name_key, ADD CONSTRAINT late UNIQUE (name) DEFERRABLE"
    assert kept(audit(late, "0015/agents.name/no-duplicates")) == "unique constraint late, at the end of a transaction"


def test_ids_of_two_types_are_no_graph(audit: Audit) -> None:
    texts = "; ".join(
        f"ALTER TABLE task_dependencies DROP CONSTRAINT IF EXISTS task_dependencies_{name}_fkey, ALTER {name} TYPE text"
        for name in ("task_id", "depends_on")
    )
    assert audit("", TASKS).verdict == "pass"
    outcome = audit(texts, TASKS)
    assert (outcome.verdict, "keys of different types" in outcome.note) == ("indeterminate", True)


def test_a_witness_without_a_key_is_where_the_row_lies(audit: Audit) -> None:
    bare = "ALTER TABLE approval_requests DROP COLUMN id CASCADE; UPDATE approval_requests SET approvals = '[\"ann@secret\"]'"
    uuids = "SELECT column_name FROM information_schema.columns WHERE table_name = 'approval_requests' AND udt_name = 'uuid'"
    drops = f"DO $$ DECLARE n text; BEGIN FOR n IN {uuids} LOOP EXECUTE 'ALTER TABLE approval_requests DROP ' || n || ' CASCADE'; END LOOP; END $$"
    outcome = audit(f"{bare}; {drops}", "0028/approval_requests.approvals/well-formed")
    assert outcome.verdict == "fail"
    assert "secret" not in str(outcome)
    assert outcome.findings[0].witness is not None
    assert outcome.findings[0].witness.startswith("(0,")


def test_rows_of_heirs_lie_in_a_table_of_their_own(audit: Audit) -> None:
    heir = "CREATE TABLE heir () INHERITS (goals); INSERT INTO heir SELECT * FROM goals ORDER BY id LIMIT 1"
    outcome = audit(heir, "0001/goals.id/no-duplicates")
    (witness,) = outcome.findings[0].witnesses
    assert re.fullmatch(r"public\.goals \(0,\d+\), public\.heir \(0,1\)", witness)


def test_keys_that_are_no_words_are_not_shown(audit: Audit) -> None:
    odd = """UPDATE approval_requests SET approvals = '[{"ann@secret": 1, "user": 2}]'"""
    outcome = audit(odd, "0028/approval_requests.approvals/well-formed")
    assert "secret" not in str(outcome)
    assert "but a key that is no word, user" in outcome.note


@pytest.mark.parametrize(
    ("stamp", "verdict"),
    [
        *(
            (good, "pass")
            for good in ("2016-12-31t23:59:59z", "2016-12-31T23:59:60Z", "2016-12-31T24:00:00Z", "20161231T235959Z")
        ),
        *(
            (bad, "fail")
            for bad in ("2016-12-31T24:00:01Z", "20161331T235959Z", "20161231 235959Z", "2016-12-31T23:59:61Z")
        ),
    ],
)
def test_times_of_iso_8601(audit: Audit, stamp: str, verdict: str) -> None:
    votes = f'[{{"user_id": "ann", "decision": "approved", "decided_at": "{stamp}"}}]'
    script = f"UPDATE approval_requests SET approvals = '{votes}'"
    assert audit(script, "0028/approval_requests.approvals/well-formed").verdict == verdict


def test_revisions_at_infinity_are_in_any_order(audit: Audit) -> None:
    rows = "UPDATE agent_config_revisions SET created_at = 'infinity'"
    assert audit(rows, "0024/agent_config_revisions.revision/rising").verdict == "pass"


def test_the_witness_of_two_sources_has_one_goal_of_each(audit: Audit) -> None:
    sources = """
    UPDATE goals SET cascade_id = 'ffffffff-0000-4000-8000-000000000001',
        source_agent_id = (SELECT min(id::text)::uuid FROM agents);
    UPDATE goals SET source_agent_id = (SELECT max(id::text)::uuid FROM agents)
    WHERE id = (SELECT max(id::text)::uuid FROM goals)
    """
    (witness,) = audit(sources, "0026/goals.cascade_id/one-source").findings[0].witnesses
    assert witness.count("0000000a-") == 2


TYPES, COMPLETED = "0013/agent_documents.doc_type/in-values", "0026/goals.completed_at/iff-completed"
HELD, VOTES = "0013/agent_documents.content+uri/content-or-uri", "0028/approval_requests.approvals"
UNCHECKED = """
DO $$ DECLARE name text; BEGIN FOR name IN SELECT conname FROM pg_constraint
    WHERE conrelid = 'agent_documents'::regclass AND contype = 'c'
    LOOP EXECUTE format('ALTER TABLE agent_documents DROP CONSTRAINT %I', name); END LOOP; END $$;
"""
LISTED = "'rule', 'skill', 'context_doc', 'reference'"
IFF = "ALTER TABLE goals ADD CONSTRAINT c CHECK ((status = 'completed') = (completed_at IS NOT NULL));"


@pytest.mark.parametrize(
    ("script", "id_", "words"),
    [
        (f"{UNCHECKED} ALTER TABLE agent_documents ALTER doc_type TYPE varchar(16)", TYPES, "in part type character varying(16)"),
        (f"{UNCHECKED} ALTER TABLE agent_documents ADD CONSTRAINT c CHECK (doc_type <> '')", TYPES, "in part c"),
        (
            f"{UNCHECKED} ALTER TABLE agent_documents ADD CONSTRAINT c CHECK"
            " (lower(doc_type) IN ('rule', 'skill', 'context_doc', 'reference'))", TYPES, "in part c",
        ),
        (f"{UNCHECKED} ALTER TABLE agent_documents ADD CONSTRAINT c CHECK (doc_type IN ({LISTED}, 'policy'))", TYPES, "in part c"),
        (f"{UNCHECKED} ALTER TABLE agent_documents ADD CONSTRAINT c CHECK (doc_type IN ({LISTED}))", TYPES, "as far as was tried c"),
        (
            f"{UNCHECKED} ALTER TABLE agent_documents ADD CONSTRAINT c CHECK (doc_type IN ({LISTED})) NO INHERIT;"
            " CREATE TABLE notes () INHERITS (agent_documents)", TYPES, "in part c",
        ),
        (
            f"{UNCHECKED} CREATE TYPE kind AS ENUM ({LISTED}, 'policy'); ALTER TABLE agent_documents ALTER doc_type TYPE kind"
            " USING doc_type::kind", TYPES, "in part enum public.kind",
        ),
        (
            f"{UNCHECKED} CREATE TABLE kinds AS SELECT unnest(ARRAY[{LISTED}, 'policy']) AS kind; ALTER TABLE kinds ADD PRIMARY KEY"
            " (kind); ALTER TABLE agent_documents ADD FOREIGN KEY (doc_type) REFERENCES kinds", TYPES, "in part lookup table public.kinds",
        ),
        ("ALTER TABLE tasks ADD CONSTRAINT c CHECK (retries BETWEEN 0 AND 5)", "0001/tasks.retries+max_retries/within", "in part c"),
        ("ALTER TABLE memories ADD CONSTRAINT c CHECK (expires_at > '2021-01-01')", "0024/memories.expires_at/after-creation", "in part c"),
        (
            "ALTER TABLE approval_requests ADD CONSTRAINT c CHECK"
            " (status <> 'approved' OR jsonb_array_length(approvals) >= required_approvals) NOT VALID",
            f"{VOTES}/enough-approvers", "in part c",
        ),
        ("ALTER TABLE approval_requests ALTER decided_by TYPE uuid USING NULL", f"{VOTES}/enough-approvers", "nothing in the catalog"),
        (IFF, COMPLETED, "as far as was tried c"),
        (f"ALTER TABLE goals ALTER status DROP NOT NULL; {IFF}", COMPLETED, "in part c"),
        (f"{UNCHECKED} UPDATE agent_documents SET content = ''; ALTER TABLE agent_documents ALTER content SET NOT NULL", HELD,
         "as far as was tried NOT NULL of content"),
    ],
)  # fmt: skip
def test_what_refuses_some_of_what_breaks_a_claim(audit: Audit, script: str, id_: str, words: str) -> None:
    assert kept(audit(script, id_)) == words
