"""What a migration does to tables in use: each sort of lock is told, and with many rows how long it takes."""

import re
from pathlib import Path

import pytest
from history.histories import Edit, by_id, replayed, written

from conformance.sandbox import Server

SLOW = """
CREATE INDEX IF NOT EXISTS slow ON goals (goal_text);
ALTER TABLE agents ALTER COLUMN name TYPE varchar(300);
DO $$ BEGIN PERFORM pg_sleep(0.2); UPDATE tasks SET retries = retries; END $$;
SELECT count(*) FROM tasks;
"""


def test_locks_are_told_by_whom_they_keep_out(server: Server, tmp_path: Path) -> None:
    folder = written(tmp_path / "history", Edit("0003", SLOW), through="0003")
    found = by_id(replayed(server, folder, select=("history/0003/live-traffic",)))["0003/live-traffic"]
    assert "keeps writers out of goals, scans goals" in found.note
    assert "rewrites agents" in found.note
    assert " s)" not in found.note
    assert "seconds" not in found.evidence["effects"][0]


def test_on_many_rows_it_is_told_how_long_each_statement_takes(server: Server, tmp_path: Path) -> None:
    folder = written(tmp_path / "history", Edit("0003", SLOW), through="0003")
    report = replayed(server, folder, rows=2000, select=("history/0003/live-traffic",))
    found = by_id(report)["0003/live-traffic"]
    assert re.search(r"line \d+ \(0\.\d\d s\): .*keeps writers out of goals", found.note)
    assert "; rows: agents 2,00" in found.note
    effects = found.evidence["effects"]
    assert {effect["rows"] >= 2000 for effect in effects} == {True}
    assert max(effect["seconds"] for effect in effects) >= 0.2


def test_a_table_that_cannot_be_made_large_and_a_migration_that_stops_are_told(server: Server, tmp_path: Path) -> None:
    few = (
        "DO $$ BEGIN IF (SELECT count(*) FROM agents) > 1000 THEN RAISE 'too many'; END IF; END $$; LOCK TABLE agents;"
    )
    pair = "LOCK TABLE task_dependencies, flags;"
    flags = "CREATE TABLE flags (flag boolean PRIMARY KEY); INSERT INTO flags VALUES (true);"
    folder = written(tmp_path / "history", Edit("0002", flags), Edit("0003", few), Edit("0004", pair), through="0004")
    found = by_id(replayed(server, folder, rows=2000, select=("history/000[34]/live-traffic",)))
    assert "with many rows it stops, and no time was taken: too many" in found["0003/live-traffic"].note
    assert "flags could not be made large (duplicate key" in found["0004/live-traffic"].note
    assert re.search(r"rows: flags 1, task_dependencies 2,0\d\d", found["0004/live-traffic"].note)


PARTED = """
CREATE TABLE parted (LIKE memories INCLUDING ALL) PARTITION BY HASH (id);
CREATE TABLE memories_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE memories_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
DROP TABLE memories;
ALTER TABLE parted RENAME TO memories;
CREATE TABLE heir (more text) INHERITS (agents);
CREATE TABLE heirs_heir () INHERITS (heir);
"""


def test_partitions_and_heirs_have_rows_too(server: Server, tmp_path: Path) -> None:
    locks = "LOCK TABLE memories, agents IN SHARE MODE;"
    folder = written(tmp_path / "history", Edit("0003", PARTED), Edit("0004", locks), through="0004")
    report = replayed(server, folder, rows=500, select=("history/0004/live-traffic", "history/0004/keeps-rows"))
    found = by_id(report)
    effects = found["0004/live-traffic"].evidence["effects"]
    rows = {effect["table"]: effect["rows"] for effect in effects if effect["kind"] == "SHARE"}
    assert {"agents", "heir", "heirs_heir"} < rows.keys()
    assert any(name.startswith("memories_") for name in rows)
    assert min(rows.values()) >= 300  # by chance more go to one partition than to the other
    assert "could not be made large" not in found["0004/live-traffic"].note
    assert "heir" not in found["0004/keeps-rows"].note


@pytest.mark.parametrize(
    ("loses", "said"),
    [("DELETE FROM memories", "of memories is gone"), ("DELETE FROM ONLY heirs_heir", "of heirs_heir")],
)
def test_what_partitions_and_heirs_lose_is_lost(server: Server, tmp_path: Path, loses: str, said: str) -> None:
    folder = written(tmp_path / "history", Edit("0003", PARTED), Edit("0004", f"{loses};"), through="0004")
    found = by_id(replayed(server, folder, select=("history/0004/keeps-rows",)))["0004/keeps-rows"]
    assert found.verdict == "fail"
    assert said in found.observed
