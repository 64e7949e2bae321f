"""What a migration does to tables in use: each sort of lock is told, and with many rows how long it takes."""

import re
from pathlib import Path

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
    pair = "LOCK TABLE task_dependencies;"
    folder = written(tmp_path / "history", Edit("0003", few), Edit("0004", pair), through="0004")
    found = by_id(replayed(server, folder, rows=2000, select=("history/000[34]/live-traffic",)))
    assert "with many rows it stops, and no time was taken: too many" in found["0003/live-traffic"].note
    assert "task_dependencies could not be made large (duplicate key" in found["0004/live-traffic"].note
