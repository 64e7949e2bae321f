"""Histories with realistic mistakes, each caught by the law that is there for it, and near misses that pass."""

from pathlib import Path

import pytest
from history.histories import Edit, by_id, failing, replayed, written

from conformance.model.report import Report
from conformance.sandbox import Server

MISTAKES = (
    # a surplus: no migration of the contract knows the column
    Edit("0013", "ALTER TABLE agents ADD COLUMN IF NOT EXISTS nickname text;"),
    # stops when it is run twice
    Edit("0014", "CREATE INDEX idx_approval", old="CREATE INDEX IF NOT EXISTS idx_approval"),
    # a column that the page states is forgotten
    Edit("0016", "", old="    metadata     jsonb       DEFAULT '{}',\n"),
    # the column is made anew, and its values are lost
    Edit("0017", "ALTER TABLE agents DROP COLUMN config; ALTER TABLE agents ADD COLUMN config jsonb DEFAULT '{}';"),
    # what should go stays
    Edit("0023", "", old="    DROP COLUMN IF EXISTS owner_id,\n"),
    # a column comes too early
    Edit("0024", "ALTER TABLE agents ADD COLUMN IF NOT EXISTS trust_score double precision NOT NULL DEFAULT 0.5;"),
    # a constraint without a name is added once more by each run
    Edit("0025", "ALTER TABLE tasks ADD CHECK (retries >= 0);"),
    # cannot go on where it was stopped
    Edit("0026", "    ADD COLUMN cascade_id ", old="    ADD COLUMN IF NOT EXISTS cascade_id "),
    # what it builds depends on the rows that it finds
    Edit(
        "0028",
        "DO $$ BEGIN IF EXISTS (SELECT FROM agents) THEN CREATE INDEX IF NOT EXISTS few ON agents (status); END IF; END $$;",
    ),
)  # fmt: skip

# Near misses: spelled otherwise, and right.
NEAR_MISSES = (
    Edit("0010", "-- psql's way: \\d agents; it's a comment, and /* nested /* too */ */ this"),
    Edit("0012", "SELECT 'a; b', $x$ ; $x$, E'\\'; ' ;"),
    Edit("0018", "UPDATE tasks SET priority = priority;"),
    Edit("0022", "DROP TRIGGER IF EXISTS agents_updated_at ON agents; CREATE TRIGGER agents_updated_at BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION update_updated_at();"),
)  # fmt: skip

DOWN_THAT_LEAVES = "ALTER TABLE agents DROP COLUMN trust_score, DROP COLUMN tags;"
DOWN_THAT_IS_RIGHT = "ALTER TABLE slack_workspaces DROP COLUMN IF EXISTS refresh_token_ref;"


@pytest.fixture(scope="module")
def report(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = written(tmp_path_factory.mktemp("mistakes") / "history", *MISTAKES, *NEAR_MISSES)
    (folder / "0027_agent_trust_and_tags.down.sql").write_text(DOWN_THAT_LEAVES)
    (folder / "0020_slack_refresh_token.down.sql").write_text(DOWN_THAT_IS_RIGHT)
    return replayed(server, folder)


# What has to fail, and a part of what is said.
EXPECTED = {
    "0013/steps": "agents.nickname is in no migration of the contract",
    "0014/runs-again": "already exists",
    "0014/resumes": "already exists",
    "0016/steps": "chat_messages.metadata",
    "0017/keeps-rows": "agents.config of row",
    "0017/runs-again-later": "agents.config of row",
    "0017/resumes": "agents.config of row",
    "0023/steps": "agents.owner_id is still there, and 0023 should take it away",
    "0024/steps": "agents.trust_score comes with 0027, and not yet",
    "0025/steps": "tasks_retries_check",
    "0025/runs-again": "constraint tasks.tasks_retries_check1 is too much",
    "0025/runs-again-later": "constraint tasks.tasks_retries_check1 is too much",
    "0025/resumes": "constraint tasks.tasks_retries_check1 is too much",
    "0026/runs-again": "already exists",
    "0026/resumes": "already exists",
    "0027/down-up": "column agents.metadata is too much",
    "0028/one-catalog": "index agents.few is too much",
    "0028/resumes": "index agents.few is too much",
    "0028/runs-again-later": "",
}


@pytest.mark.parametrize("id_", [id_ for id_ in EXPECTED if EXPECTED[id_]])
def test_a_mistake_is_caught_by_its_law_with_evidence(report: Report, id_: str) -> None:
    outcome = by_id(report)[id_]
    assert outcome.verdict == "fail", (outcome.observed, outcome.note)
    assert EXPECTED[id_] in outcome.observed
    (finding,) = outcome.findings
    assert finding.message.startswith(f"{outcome.requirement.file}:{outcome.requirement.line}: ")
    assert finding.witnesses


def test_nothing_else_is_said(report: Report) -> None:
    assert set(failing(report)) <= set(EXPECTED)
    assert report.exit_code == 1


def test_what_is_surplus_is_asked_for_less_than_what_the_page_states(report: Report) -> None:
    levels = failing(report)
    assert levels["0013/steps"] == "should"
    assert levels["0016/steps"] == "must"


def test_a_finding_names_the_statement(report: Report) -> None:
    outcome = by_id(report)["0017/keeps-rows"]
    assert "0017_agent_actor_type.sql:6: ALTER TABLE agents DROP COLUMN config;" in outcome.requirement.source
    assert by_id(report)["0027/down-up"].requirement.file == "0027_agent_trust_and_tags.down.sql"


def test_a_down_script_that_is_right_passes(report: Report) -> None:
    assert by_id(report)["0020/down-up"].verdict == "pass"


DROPS = "ALTER TABLE approval_requests DROP COLUMN request_type, DROP COLUMN goal_id, DROP COLUMN graph_id, DROP COLUMN plan_payload;"


def test_a_down_script_that_loses_what_was_there_before_is_caught(server: Server, tmp_path: Path) -> None:
    folder = written(tmp_path / "history", through="0014")
    (folder / "0014_approval_types.down.sql").write_text(f"{DROPS} UPDATE approval_requests SET tool_name = 'x';")
    (folder / "0013_agent_profile.down.sql").write_text(
        "DROP TABLE agent_documents; ALTER TABLE agents DROP COLUMN system_prompt; DELETE FROM llm_usage;"
    )
    report = replayed(server, folder, select=("down-up",))
    assert failing(report) == {"0013/down-up": "must", "0014/down-up": "must"}
    assert "approval_requests.tool_name of row" in by_id(report)["0014/down-up"].observed
    assert "llm_usage" in by_id(report)["0013/down-up"].observed
    (folder / "0014_approval_types.down.sql").write_text(DROPS)
    (kept,) = replayed(server, folder, select=("history/0014/down-up",)).outcomes
    assert kept.verdict == "pass"


# --- 0015 ---

DEDUPLICATING = "0015"
ORDER = "PARTITION BY name ORDER BY created_at, id"
MOVED = "    UPDATE tasks\n    SET agent_id = pair.keeper\n    FROM unnest(duplicates, keepers) AS pair (duplicate, keeper)\n    WHERE agent_id = pair.duplicate;\n"
DELETED = "    DELETE FROM agents WHERE id = ANY (duplicates);\n"

BROKEN_0015 = {
    "keeps the youngest": (
        [Edit("0015", "PARTITION BY name ORDER BY created_at DESC, id", old=ORDER)],
        "was kept, not the oldest",
    ),
    "deletes before it moves": (
        [
            Edit("0015", "", old=DELETED),
            Edit("0015", DELETED + "\n    UPDATE goals\n", old="    UPDATE goals\n"),
        ],
        "is lost",
    ),
    "forgets a table": ([Edit("0015", "", old=MOVED)], "tasks.agent_id is "),
    "folds names": (
        [Edit("0015", "PARTITION BY lower(trim(name)) ORDER BY created_at, id", old=ORDER)],
        "no agent is called",
    ),
    "deletes nothing": ([Edit("0015", "", old=DELETED)], "could not create unique index"),
    "forgets who acted": (
        [Edit("0015", "", old="    UPDATE events\n    SET actor_id = pair.keeper\n    FROM unnest(duplicates, keepers) AS pair (duplicate, keeper)\n    WHERE actor_id = pair.duplicate;\n")],
        "events.actor_id is ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_0015)
def test_a_wrong_0015_is_caught(server: Server, tmp_path: Path, name: str) -> None:
    edits, words = BROKEN_0015[name]
    folder = written(tmp_path / "history", *edits, through="0015")
    report = replayed(server, folder, select=("history/0015/deduplicates",))
    (outcome,) = report.outcomes
    assert outcome.verdict == "fail"
    assert words in outcome.observed
    assert outcome.findings[0].witnesses[0] == "run everything up to 0014"
    assert outcome.requirement.source.startswith("0015_unique_agent_names.sql")


def test_another_way_to_break_ties_is_told_and_no_more(server: Server, tmp_path: Path) -> None:
    edit = Edit("0015", "PARTITION BY name ORDER BY created_at, id DESC", old=ORDER)
    report = replayed(server, written(tmp_path / "history", edit, through="0015"), select=("0015",))
    assert failing(report) == {"0015/deduplicates": "should"}
    assert report.exit_code == 0
    assert by_id(report)["0015/deduplicates"].observed.startswith("of 'ann 5', all as old, …0003 was kept, not …0001")


# --- what does not run ---


def test_a_statement_that_the_server_refuses(server: Server, tmp_path: Path) -> None:
    edit = Edit("0007", "\nSELECT 1;\nCREATE INDEX broken ON nowhere (a);")
    report = replayed(server, written(tmp_path / "history", edit, through="0009"), select=("steps", "0008"))
    found = by_id(report)
    assert found["0006/steps"].verdict == "pass"
    assert found["0007/steps"].verdict == "fail"
    assert found["0007/steps"].observed == 'the server refuses it: relation "nowhere" does not exist'
    assert found["0007/steps"].requirement.source.endswith(": CREATE INDEX broken ON nowhere (a);")
    assert {found[id_].verdict for id_ in ("0008/steps", "0008/resumes", "0009/steps")} == {"indeterminate"}
    assert found["0009/steps"].because == "history/0007/steps"
    assert report.exit_code == 1


def test_an_extension_that_the_server_lacks_is_said_and_is_no_pass(server: Server, tmp_path: Path) -> None:
    edit = Edit("0003", "CREATE EXTENSION postgis;")
    report = replayed(server, written(tmp_path / "history", edit, through="0004"), select=("steps",))
    found = by_id(report)
    assert found["0003/steps"].verdict == "indeterminate"
    assert "lacks the extension postgis" in found["0003/steps"].note
    assert report.exit_code == 3


INDEX = "CREATE INDEX IF NOT EXISTS idx_tasks_graph "
BESIDE = "CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_tasks_graph "


def test_what_refuses_to_run_in_a_transaction_is_run_without_one(server: Server, tmp_path: Path) -> None:
    edit = Edit("0007", f"DROP INDEX CONCURRENTLY IF EXISTS idx_tasks_graph;\n{BESIDE}", old=INDEX)
    report = replayed(server, written(tmp_path / "history", edit, through="0008"), select=("0007",))
    found = by_id(report)
    assert failing(report) == {}
    assert found["0007/resumes"].verdict == "pass"
    assert "within a statement" in found["0007/resumes"].observed
    assert found["0007/live-traffic"].verdict == "indeterminate"


def test_an_index_that_an_ended_session_left_invalid_is_found(server: Server, tmp_path: Path) -> None:
    edit = Edit("0007", BESIDE, old=INDEX)
    report = replayed(server, written(tmp_path / "history", edit, through="0008"), select=("0007",))
    assert failing(report) == {"0007/resumes": "must"}
    found = by_id(report)["0007/resumes"]
    assert "is INVALID CREATE INDEX" in found.observed
    assert "waits for somebody who writes" in found.note


def test_an_index_that_is_rebuilt_beside_others_is_stopped_while_it_waits(server: Server, tmp_path: Path) -> None:
    edit = Edit("0007", "REINDEX INDEX CONCURRENTLY idx_tasks_graph;")
    report = replayed(server, written(tmp_path / "history", edit, through="0007"), select=("history/0007/resumes",))
    found = by_id(report)["0007/resumes"]
    assert found.verdict == "fail"
    assert "idx_tasks_graph_ccnew" in found.observed
    assert "waits for somebody who writes to the table" in found.note


def test_a_refusal_that_is_declared_is_none(server: Server, tmp_path: Path) -> None:
    folder = written(tmp_path / "history", through="0008")
    next(folder.glob("0007_*")).write_text("CREATE TABLE once ();", encoding="utf-8")
    next(folder.glob("0008_*")).write_text(
        "CREATE INDEX CONCURRENTLY ON agents (name); CREATE TABLE twice ();", encoding="utf-8"
    )
    asked = ("history/000[78]/runs-again",)
    declared = replayed(server, folder, select=asked, may_refuse=("does not exist", "already exists"))
    assert failing(declared) == {"0008/runs-again": "must"}
    assert by_id(declared)["0007/runs-again"].observed.startswith(
        "the second run is refused, as was declared: relation"
    )
    assert "is too much" in by_id(declared)["0008/runs-again"].observed
    other = replayed(server, folder, select=asked, may_refuse=("does not exist",))
    assert failing(other) == {"0007/runs-again": "must", "0008/runs-again": "must"}


IN_PIECES = """
DO $$ BEGIN
    IF to_regclass('done') IS NULL THEN
        CREATE TABLE begun ();
        COMMIT;
        UPDATE agents SET name = name;
        ALTER TABLE begun RENAME TO done;
        COMMIT;
    END IF;
END $$;
"""


@pytest.mark.parametrize("repeatable", [False, True], ids=["as it is", "repeatable"])
def test_a_block_that_commits_as_it_goes_is_stopped_in_the_middle(
    server: Server, tmp_path: Path, repeatable: bool
) -> None:
    text = IN_PIECES.replace("TABLE begun ()", "TABLE IF NOT EXISTS begun ()") if repeatable else IN_PIECES
    folder = written(tmp_path / "history", through="0008")
    next(folder.glob("0008_*")).write_text(text, encoding="utf-8")
    report = replayed(server, folder, select=("0008",), ignore=("steps",))
    found = by_id(report)["0008/resumes"]
    if repeatable:
        assert failing(report) == {}
        assert "within a statement" in found.observed
    else:
        assert failing(report) == {"0008/resumes": "must"}
        assert 'relation "begun" already exists' in found.observed
        assert "waits for somebody who is at work on the tables" in found.note


def test_a_transaction_of_the_scripts_own_is_stopped_too(server: Server, tmp_path: Path) -> None:
    text = "BEGIN; LOCK TABLE agents; CREATE INDEX IF NOT EXISTS k ON agents (name); UPDATE tasks SET status = status; COMMIT;"
    folder = written(tmp_path / "history", through="0008")
    next(folder.glob("0008_*")).write_text(text, encoding="utf-8")
    found = by_id(replayed(server, folder, select=("history/0008/resumes",)))["0008/resumes"]
    assert found.verdict == "pass"


def test_statements_are_stopped_while_they_wait_and_leave_nothing(server: Server, tmp_path: Path) -> None:
    folder = written(tmp_path / "history", through="0008")
    text = "UPDATE tasks SET status = status; CREATE INDEX IF NOT EXISTS k ON tasks (status); CREATE TABLE IF NOT EXISTS n ();"
    next(folder.glob("0008_*")).write_text(text, encoding="utf-8")
    found = by_id(replayed(server, folder, select=("history/0008/resumes",)))["0008/resumes"]
    assert found.verdict == "pass"
    assert found.observed.startswith("8 stops, one transaction and statement by statement and within a statement")


_TABLES = ("goals", "tasks", "memories", "artifacts", "phase_runs", "llm_usage", "agent_documents")
BY_TEMPORARY_TABLE = "\n".join(
    (
        "CREATE TEMP TABLE alike AS SELECT id, first_value(id) OVER (PARTITION BY name ORDER BY created_at, id) AS kept"
        " FROM agents;",
        "DELETE FROM alike WHERE id = kept;",
        *(f"UPDATE {one} AS t SET agent_id = a.kept FROM alike AS a WHERE t.agent_id = a.id;" for one in _TABLES),
        "UPDATE events AS t SET actor_id = a.kept FROM alike AS a WHERE t.actor_id = a.id;",
        "DELETE FROM agents AS t USING alike AS a WHERE t.id = a.id;",
        "DROP TABLE alike;",
        "ALTER TABLE agents DROP CONSTRAINT IF EXISTS agents_name_key, ADD CONSTRAINT agents_name_key UNIQUE (name);",
    )
)


@pytest.mark.parametrize(
    "text",
    [
        BY_TEMPORARY_TABLE,
        BY_TEMPORARY_TABLE.replace(" AS SELECT", " ON COMMIT DROP AS SELECT", 1).replace("DROP TABLE alike;", ""),
        f"LOCK TABLE agents IN SHARE ROW EXCLUSIVE MODE;\n{BY_TEMPORARY_TABLE}",
    ],
    ids=["temporary", "on commit drop", "lock"],
)
def test_what_needs_its_session_or_its_transaction_gets_it(server: Server, tmp_path: Path, text: str) -> None:
    folder = written(tmp_path / "history", through="0015")
    next(folder.glob("0015_*")).write_text(text, encoding="utf-8")
    report = replayed(server, folder, select=("0015",))
    assert failing(report) == {}
    assert report.exit_code == 0


def test_what_has_no_statement_and_what_has_no_number(server: Server, tmp_path: Path) -> None:
    folder = written(tmp_path / "history", through="0002")
    (folder / "0003_nothing.sql").write_text("-- left blank\n", encoding="utf-8")
    (folder / "names.sql").write_text("SELECT 1 / 0;\n", encoding="utf-8")
    report = replayed(server, folder, select=("resumes",))
    assert by_id(report)["0003/resumes"].verdict == "not-applicable"
    assert "not run, since no number is in the name: names.sql" in report.remarks


def test_a_number_that_is_none_of_the_contract_is_no_pass(server: Server, tmp_path: Path) -> None:
    (tmp_path / "20260101000013_profile.sql").write_text("SELECT 1;\n", encoding="utf-8")
    report = replayed(server, tmp_path, select=("steps",))
    assert by_id(report)["20260101000013/steps"].verdict == "indeterminate"
    assert report.exit_code == 3
