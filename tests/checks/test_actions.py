"""What a foreign key does when the row that it leads to goes, and what may hold that back."""

from collections.abc import Callable

import pytest
from judged import Bench
from test_meaning import DOCUMENT, Case, _cases
from test_partitions import KEEPS_GOAL, PARTED, function

AGENT_KEY, AGENT_ACTION = f"{DOCUMENT}.agent_id/foreign-key", f"{DOCUMENT}.agent_id/on-delete"
GOAL_KEY, GOAL_ACTION = f"{DOCUMENT}.goal_id/foreign-key", f"{DOCUMENT}.goal_id/on-delete"
DROPS = function("f", "RETURN NULL;")


def one_trigger_less(on: str, of: str) -> str:
    """One of the triggers of a table's key to the agents is taken away."""
    return (
        "DELETE FROM pg_trigger WHERE oid = (SELECT min(t.oid) FROM pg_trigger AS t JOIN pg_constraint AS c ON c.oid ="
        f" t.tgconstraint WHERE t.tgrelid = '{on}'::regclass AND c.conrelid = '{of}'::regclass"
        " AND c.confrelid = 'agents'::regclass);"
    )


def made(event: str, of: str = "", call: str = "f", more: str = "") -> str:
    """A trigger of the documents, or of one of their partitions."""
    return f"CREATE TRIGGER own {event} ON agent_documents{of} {more} EXECUTE FUNCTION {call}();"


ROW = "FOR EACH ROW"

CASES = [
    *_cases(
        "cascade/passes", "pass", AGENT_ACTION,
        ("a trigger that goes on", function("f", "RETURN OLD;") + made("BEFORE DELETE", more=ROW), ""),
        ("a trigger afterwards", function("f", "PERFORM 1; RETURN NULL;") + made("AFTER DELETE OR UPDATE", more=ROW),
         ""),
        ("a trigger for each statement", DROPS + made("BEFORE DELETE"), ""),
        ("a trigger that sleeps", DROPS + made("BEFORE DELETE", more=ROW)
         + "ALTER TABLE agent_documents DISABLE TRIGGER own", ""),
        ("a trigger of another event", KEEPS_GOAL + made("BEFORE UPDATE", call="keeps", more=ROW), ""),
        ("a rule besides", "CREATE RULE r AS ON DELETE TO agent_documents DO ALSO NOTHING", ""),
        ("partitioned", PARTED, ""),
    ),
    *_cases(
        "cascade/fails", "fail", AGENT_KEY,
        ("a trigger that drops the deletion", DROPS + made("BEFORE DELETE", more=ROW), "as an orphan"),
        ("a trigger that gives NEW, which is none", function("f", "RETURN NEW;") + made("BEFORE DELETE", more=ROW),
         "as an orphan"),
        ("a partition's trigger that drops it", PARTED + DROPS + made("BEFORE DELETE", "_0", more=ROW),
         "own of agent_documents_0 drops the delete"),
        ("a rule instead", "CREATE RULE r AS ON DELETE TO agent_documents DO INSTEAD NOTHING", "a rule does something"),
    ),
    *_cases(
        "cascade/undecided", "indeterminate", AGENT_ACTION,
        ("a trigger that may hold it back", function("f", "IF OLD.name = 'x' THEN RETURN NULL; END IF; RETURN OLD;")
         + made("BEFORE DELETE", more=ROW), "may hold back"),
        ("a trigger that drops some", DROPS + made("BEFORE DELETE", more=f"{ROW} WHEN (OLD.name = 'x')"),
         "may hold back"),
    ),
    *_cases(
        "cascade/undecided", "indeterminate", AGENT_KEY,
        ("a trigger that may hold it back", function("f", "PERFORM 1; RETURN OLD;") + made("BEFORE DELETE", more=ROW),
         "may hold back"),
        ("a second key to another table", "CREATE TABLE few (id uuid PRIMARY KEY); ALTER TABLE agent_documents"
         " ADD FOREIGN KEY (agent_id) REFERENCES few ON DELETE CASCADE", "wants the value in public.few too"),
        ("a partition's key to another table", PARTED + "CREATE TABLE few (id uuid PRIMARY KEY);"
         "ALTER TABLE agent_documents_0 ADD FOREIGN KEY (agent_id) REFERENCES few", "of agent_documents_0 wants"),
    ),
    *_cases(
        "cascade/passes", "pass", AGENT_KEY,
        ("a second key to the same table", "ALTER TABLE agents ADD UNIQUE (id, name); ALTER TABLE agent_documents"
         " ADD FOREIGN KEY (agent_id, name) REFERENCES agents (id, name) ON DELETE CASCADE", ""),
        ("of partitions to partitions", PARTED, ""),
    ),
    *_cases(
        "cascade/passes", "pass", AGENT_KEY,
        ("a second key that is not enforced", "CREATE TABLE few (id uuid PRIMARY KEY); ALTER TABLE agent_documents"
         " ADD FOREIGN KEY (agent_id) REFERENCES few NOT ENFORCED", ""),
        oldest=18,
    ),
    *_cases(
        "set null/passes", "pass", GOAL_ACTION,
        ("a trigger that sets the time", made("BEFORE UPDATE", call="update_updated_at", more=ROW), ""),
        ("a trigger that does nothing", function("f", "RETURN NEW;") + made("BEFORE UPDATE", more=ROW), ""),
        ("a trigger of other columns", KEEPS_GOAL + made("BEFORE UPDATE OF name", call="keeps", more=ROW), ""),
        ("a rule instead of the deletion", "CREATE RULE r AS ON DELETE TO agent_documents DO INSTEAD NOTHING", ""),
    ),
    *_cases(
        "set null/undecided", "indeterminate", GOAL_ACTION,
        ("a trigger that keeps the value", KEEPS_GOAL + made("BEFORE UPDATE", call="keeps", more=ROW), "may hold back"),
        ("a trigger of the column that keeps it", KEEPS_GOAL
         + made("BEFORE UPDATE OF goal_id", call="keeps", more=ROW), "may hold back"),
        ("a partition's trigger", PARTED + KEEPS_GOAL + made("BEFORE UPDATE", "_1", "keeps", ROW),
         "own of agent_documents_1, before each update, may hold back"),
        ("a function of C", made("BEFORE UPDATE", call="suppress_redundant_updates_trigger", more=ROW),
         "may hold back"),
    ),
    *_cases(
        "set null/fails", "fail", GOAL_KEY,
        ("a trigger that gives the old row", function("f", "RETURN OLD;") + made("BEFORE UPDATE", more=ROW),
         "as an orphan"),
        ("a rule instead of the update", "CREATE RULE r AS ON UPDATE TO agent_documents DO INSTEAD NOTHING",
         "a rule does something"),
    ),
    *_cases(
        "triggers/fails", "fail", AGENT_KEY,
        ("half of them here", one_trigger_less("agent_documents", "agent_documents"), "missing on agent_documents"),
        ("half of them there", one_trigger_less("agents", "agent_documents"), "is missing on agents"),
        ("half of them on a partition", PARTED + one_trigger_less("agent_documents_1", "agent_documents_1"),
         "is missing on agent_documents_1"),
        ("a table that is said to have none", "UPDATE pg_class SET relhastriggers = false"
         " WHERE oid = 'agent_documents'::regclass", "is missing on agent_documents"),
        ("a partition that is said to have none", PARTED + "UPDATE pg_class SET relhastriggers = false"
         " WHERE oid = 'agent_documents_1'::regclass;", "is missing on agent_documents_1"),
    ),
]  # fmt: skip


@pytest.fixture(params=["server", "older_server"])
def stage(request: pytest.FixtureRequest, benches: Callable[..., Bench]) -> Bench:
    """A conforming database on each of the two majors."""
    return benches(server=request.param)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.cell}: {case.name}" for case in CASES])
def test_actions(stage: Bench, case: Case) -> None:
    if stage.major < case.oldest:
        pytest.skip(f"PostgreSQL {stage.major} cannot do this")
    outcome = stage.outcome(case.sql, case.requirement)
    seen = f"{outcome.observed}; {outcome.note}"
    assert (outcome.verdict, case.says in seen) == (case.verdict, True), seen
