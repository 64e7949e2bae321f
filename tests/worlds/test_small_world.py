"""The small clean world goes into every history that it is made for, with all constraints on."""

from pathlib import Path

import psycopg
import pytest
from judged import conforming, named

from conformance.sandbox import Server
from conformance.world import column_types, insert, load

DATASETS = Path(__file__).parents[2] / "fixtures" / "datasets"
CASES = [("documented", "0028"), ("reference", "0028"), ("reference", "0022")]


@pytest.mark.parametrize(("profile", "through"), CASES)
def test_the_small_world_is_taken_as_it_is(server: Server, profile: str, through: str) -> None:
    worlds = [load(DATASETS / "small.json")]
    if through >= "0025":
        worlds.append(load(DATASETS / "small-0025.json"))
    with psycopg.connect(named(server, conforming(server, profile, through))) as connection:
        types = column_types(connection)
        for world in worlds:
            insert(connection, world)
        for table in types:
            expected = sum(len(world.get(table, ())) for world in worlds)
            assert connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (expected,), table
        connection.rollback()


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_every_table_has_rows(server: Server, profile: str) -> None:
    with psycopg.connect(named(server, conforming(server, profile))) as connection:
        assert set(column_types(connection)) <= set(load(DATASETS / "small.json"))


def test_values_arrive_as_they_were_written(server: Server) -> None:
    """Arrays in both of their types; JSON null is not SQL's NULL; what is not mentioned keeps its default."""
    world = {
        "agents": [{"id": "00000000-0000-0000-0000-000000000001", "name": "a", "allowed_tools": ["x", None]}],
        "approval_requests": [{"plan_payload": None, "task_id": None}, {"approvals": []}],
        "no_such_table": [{"id": 1}],
    }
    for profile, tools in (("documented", "{x,NULL}"), ("reference", '["x", null]')):
        with psycopg.connect(named(server, conforming(server, profile))) as connection:
            connection.execute("ALTER TABLE approval_requests ALTER approvals DROP NOT NULL")
            insert(connection, world)
            rows = connection.execute("SELECT plan_payload::text, approvals::text, status FROM approval_requests")
            assert rows.fetchall() == [("null", None, "pending"), (None, "[]", "pending")]
            agent = connection.execute("SELECT allowed_tools::text, status, trust_score FROM agents")
            assert agent.fetchall() == [(tools, "active", 0.5)]
            connection.rollback()
