"""What points at a table that is known to have few rows is looked up in them, and not joined: the answers are the same."""

from typing import Any

import psycopg
import pytest
from filled import ids, looked, rows_of, run

from conformance.sources import rows_lane, rows_sql

STRAY = "99999999-0000-4000-8000-000000000009"
PLANTED = f"""
SET session_replication_role = replica;
UPDATE agents SET org_id = '{STRAY}' WHERE id = (SELECT min(id::text)::uuid FROM agents);
UPDATE chat_sessions SET agent_id = '{STRAY}';
"""


@pytest.fixture
def joins(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many joins each statement was spared."""
    spared: list[int] = []
    real = rows_sql.apart

    def apart(looks: Any, small: Any) -> Any:
        found = real(looks, small)
        spared.append(sum(len(look.joins) for look in looks) - sum(len(look.joins) for look in found))
        return found

    monkeypatch.setattr(rows_sql, "apart", apart)
    return spared


def test_what_is_known_to_be_small_is_not_joined(world: str, joins: list[int]) -> None:
    run(world, PLANTED)
    before = rows_of(looked(world))
    assert sum(joins) == 0, "nothing is known of tables that were never analyzed"
    run(world, "ANALYZE")
    assert rows_of(looked(world)) == before
    assert sum(joins) > 10
    assert {"0018/agents.org_id/no-orphan", "0016/chat_sessions.agent_id/no-orphan"} <= ids(before, "fail")


def test_what_was_small_and_is_empty(world: str, joins: list[int]) -> None:
    """`NOT IN` nothing is true, of a NULL too: only what points somewhere is an orphan."""
    run(
        world,
        "ANALYZE; SET session_replication_role = replica; DELETE FROM organizations; UPDATE goals SET org_id = NULL",
    )
    found = rows_of(looked(world))
    assert sum(joins) > 10
    assert found["0018/goals.org_id/no-orphan"].verdict == "pass"
    with psycopg.connect(world) as admin:
        there = admin.execute("SELECT count(*) FROM agents WHERE org_id IS NOT NULL").fetchone()
    assert there == (found["0018/agents.org_id/no-orphan"].evidence["violations"],)


def test_what_has_heirs_is_joined(world: str, joins: list[int]) -> None:
    """How many rows there are is known of the table alone."""
    run(world, "ANALYZE; CREATE TABLE more () INHERITS (organizations)")
    looked(world)
    with_heirs = sum(joins)
    joins.clear()
    run(world, "DROP TABLE more")
    looked(world)
    assert with_heirs < sum(joins)


def test_many_rows_are_joined(world: str, joins: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_lane, "_FEW", 0)
    run(world, "ANALYZE")
    looked(world)
    assert sum(joins) == 0
