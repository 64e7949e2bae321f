"""Where no index says that a row has but one parent, the parents' own rows are looked at: unique by luck is enough."""

import pytest
from filled import ids, living, looked, needing, rows_of, run

from conformance.model.looking import Looking

UNKEYED = """
SET session_replication_role = replica;
ALTER TABLE tasks DROP CONSTRAINT tasks_pkey CASCADE; ALTER TABLE goals DROP CONSTRAINT goals_pkey CASCADE;
ALTER TABLE agents DROP CONSTRAINT agents_pkey CASCADE; ALTER TABLE teams DROP CONSTRAINT teams_pkey CASCADE;
"""
TWICE = "INSERT INTO tasks SELECT * FROM tasks ORDER BY id LIMIT 1;"
NOBODY = """
ALTER TABLE tasks ALTER id DROP NOT NULL;
INSERT INTO tasks SELECT (jsonb_populate_record(t, '{"id": null}')).* FROM tasks AS t LIMIT 2;
"""
ASTRAY = "UPDATE tasks SET graph_id = '99999999-0000-4000-8000-000000000009' WHERE id = (SELECT min(task_id::text)::uuid FROM task_dependencies);"
OF_TASKS = {
    "0002/task_dependencies/dependencies-completed", "0002/task_dependencies/one-graph",
    "0018/task_dependencies/one-org", "0018/approval_requests.task_id/same-org", "0018/llm_usage.task_id/same-org",
}  # fmt: skip
ONE_GRAPH = "0002/task_dependencies/one-graph"


@pytest.mark.parametrize("more", ["", NOBODY], ids=["unique", "NULLs"])
def test_ids_that_are_unique_decide(world: str, more: str) -> None:
    run(world, UNKEYED + more)
    rows = rows_of(looked(world))
    assert ids(rows, "indeterminate", "fail") == set()
    run(world, "SET session_replication_role = replica;" + ASTRAY)
    assert rows_of(looked(world))[ONE_GRAPH].verdict == "fail"


def test_ids_that_are_there_twice_decide_nothing(world: str) -> None:
    run(world, UNKEYED + TWICE + ASTRAY)
    rows = rows_of(looked(world))
    assert ids(rows, "indeterminate") >= OF_TASKS
    assert all("1 value of tasks.id is there more than once" in rows[id_].note for id_ in OF_TASKS)
    others = ids(rows, "indeterminate") - OF_TASKS
    assert others <= needing(["tasks"], living())
    assert ids(rows, "fail") >= {"0001/tasks.id/no-duplicates"}


@pytest.mark.parametrize("looking", [Looking(sample=50), Looking(sample=50, max_duration=60)], ids=["sample", "time"])
def test_a_sample_of_children_is_not_joined_with_unproven_parents(world: str, looking: Looking) -> None:
    run(world, UNKEYED)
    outcome = rows_of(looked(world, looking))[ONE_GRAPH]
    assert outcome.verdict == "indeterminate"
    assert "no index tells rows of tasks apart by id" in outcome.note
    assert "look without --sample" in outcome.note


def test_an_index_that_is_distrusted_proves_no_parent(world: str) -> None:
    """A damaged index is valid: two rows of one id are behind it, which only the rows show."""
    damage = "UPDATE pg_index SET indisunique = true, indisprimary = true WHERE indexrelid = 'tasks_id'::regclass"
    run(world, UNKEYED + TWICE + f"CREATE INDEX tasks_id ON tasks (id); {damage};")
    trusted, distrusted = (rows_of(looked(world, Looking(distrust_indexes=distrust))) for distrust in (False, True))
    assert ids(trusted, "indeterminate") == set()
    assert ids(distrusted, "indeterminate") >= OF_TASKS


def test_a_parent_that_is_a_trusted_view(world: str) -> None:
    run(world, "ALTER TABLE tasks RENAME TO tasks_of_old; CREATE VIEW tasks AS SELECT * FROM tasks_of_old;")
    rows = rows_of(looked(world, Looking(trust_views=True)))
    assert {rows[id_].verdict for id_ in OF_TASKS} == {"pass"}
    run(world, "CREATE OR REPLACE VIEW tasks AS SELECT * FROM tasks_of_old UNION ALL SELECT * FROM tasks_of_old;")
    rows = rows_of(looked(world, Looking(trust_views=True)))
    assert {rows[id_].verdict for id_ in OF_TASKS} == {"indeterminate"}
    assert rows["0001/tasks.id/no-duplicates"].verdict == "fail"
