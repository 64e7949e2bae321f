"""What an owner imposes on our session (ALTER DATABASE … SET) changes no verdict on rows, and no witness."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from filled import looked, own_world, rows_of, run

from conformance.model.looking import Looking
from conformance.sandbox import Server

THOROUGH = Looking(show_values=True, distrust_indexes=True)

# Defects whose verdicts hang on times, numbers, text and JSON.
BROKEN = """
SET session_replication_role = replica;
UPDATE goals SET completed_at = '2024-03-01 00:30:00+00' WHERE status <> 'completed';
UPDATE agents SET trust_score = 1.5, daily_token_budget = -1;
UPDATE tasks SET retries = 7, max_retries = 5;
UPDATE chat_sessions SET retention_days = 3, created_at = '2024-01-02 00:00:00+00';
UPDATE approval_requests SET approvals = '[{"user_id": "a", "decision": "approved", "decided_at": "2024-01-02T03:04:05"}]',
    requested_at = '2024-01-02 03:04:06+00';
INSERT INTO task_dependencies (task_id, depends_on) SELECT id, id FROM tasks LIMIT 1
"""
SETTINGS = (
    "search_path = public, pg_catalog", "search_path = nowhere", "role = 'imposed'", "statement_timeout = '1ms'",
    "lock_timeout = '1ms'", "default_transaction_read_only = on", "default_transaction_isolation = 'serializable'",
    "default_transaction_deferrable = on", "timezone = 'Asia/Kathmandu'", "datestyle = 'German'",
    "intervalstyle = 'sql_standard'", "work_mem = '64kB'", "session_replication_role = replica", "row_security = on",
    "standard_conforming_strings = off", "transform_null_equals = on", "extra_float_digits = -15",
    "client_encoding = 'LATIN1'", "bytea_output = 'escape'", "enable_hashjoin = off", "enable_seqscan = off",
    "jit_above_cost = 0", "constraint_exclusion = on", "plan_cache_mode = force_generic_plan", "max_stack_depth = '100kB'",
    "client_min_messages = 'debug5'", "idle_in_transaction_session_timeout = '1ms'", "temp_file_limit = 0",
)  # fmt: skip


def told(url: str) -> list[tuple[object, ...]]:
    found = rows_of(looked(url, THOROUGH)).values()
    return [(o.requirement.id, o.verdict, o.observed.partition(";")[0], o.note, o.findings) for o in found]


def shorn(lines: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Without the findings, whose message says what enforces a claim: nothing does in a session of a replica."""
    return [line[:-1] for line in lines]


@pytest.fixture(scope="module")
def broken(server: Server) -> Iterator[str]:
    with own_world(server) as url:
        run(url, BROKEN)
        run(url, "CREATE ROLE imposed; GRANT pg_read_all_data TO imposed")
        yield url
        run(url, "DROP ROLE imposed")


@pytest.fixture(scope="module")
def undisturbed(broken: str) -> list[tuple[object, ...]]:
    found = told(broken)
    assert len([line for line in found if line[1] == "fail"]) >= 7
    return found


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_is_imposed_changes_nothing(
    server: Server, broken: str, undisturbed: list[tuple[object, ...]], setting: str
) -> None:
    database = urlsplit(broken).path.lstrip("/")
    run(server.url, f"ALTER DATABASE {database} SET {setting}")
    try:
        found = told(broken)
    finally:
        run(server.url, f"ALTER DATABASE {database} RESET ALL")
    if "replica" in setting:
        found, undisturbed = shorn(found), shorn(undisturbed)
    assert found == undisturbed
