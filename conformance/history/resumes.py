"""A migration may be interrupted anywhere: run again from there, it ends in the same catalog, and no row is lost.

Why: deployments are killed, servers fail over, a timeout ends a session. What is left then must be a state from which
the same migration goes on.

How: the migration is stopped behind each of its statements by ending its session (`pg_terminate_backend`), once run
statement by statement, once in one transaction, and within each statement that comes to wait for another session at
work on the tables: an index that is built CONCURRENTLY is then invalid and there, and a block that commits as it goes
has done a part of its work. Then it is run from its beginning. The catalog has to be the one that
an uninterrupted run leaves, and the rows have to be there.

Example: `history/0018/resumes`.

Fails: a re-run that the server refuses, that ends in another catalog, or that has lost rows.

Repair: make each statement one that may be run again (DROP INDEX IF EXISTS before CREATE INDEX CONCURRENTLY); put what
belongs together into one statement (a DO block).

Limits: within a statement the session is ended at one place, where it waits for a lock; one that never waits is
stopped before and behind it. The server itself is not stopped: what an ended session leaves is what a crash leaves. A
script that takes locks for its transaction (`LOCK TABLE`, a temporary table ON COMMIT DROP) is stopped in one
transaction only.
"""

from __future__ import annotations

from conformance.model.contract import Level
from conformance.model.history import Seen, Statement, Stop, Told, idle, kept, unseen
from conformance.model.history_compare import differences, losses, some

LAW = "resumes"
LEVEL: Level = "must"
EXPECTED = "the same catalog, and no row lost, wherever it was stopped and run again"
ASKS = frozenset({"rows", "stops"})


def judge(seen: Seen) -> Told:
    """Each stop, the first that does not come right told."""
    if not seen.migration.up.statements:
        return idle("there is no statement in it")
    if seen.filled is None or seen.first is None or seen.first.shot is None or not seen.stops:
        return unseen(seen.unseen or "it was not stopped anywhere")
    for stop in seen.stops:
        wrong = _wrong(stop, seen)
        if wrong:
            within = stop.way == "within a statement"
            statement = seen.migration.up.statements[stop.done if within else stop.done - 1]
            return Told(
                verdict="fail",
                observed=wrong,
                note=f"stopped {_place(statement, stop)}, and run again",
                statement=statement,
                steps=(
                    "run what comes before it",
                    f"run {seen.migration.file}, and end the session {_place(statement, stop)}",
                    f"run {seen.migration.file}",
                ),
                examined=len(seen.stops),
            )
    ways = sorted({stop.way for stop in seen.stops})
    return kept(f"{len(seen.stops)} stops, {' and '.join(ways)}, end in one catalog", examined=len(seen.stops))


def _place(statement: Statement, stop: Stop) -> str:
    if stop.way == "within a statement":
        whom = "writes to the table" if "concurrently" in statement.words else "is at work on the tables"
        return f"while the statement on line {statement.line} waits for somebody who {whom}"
    return f"behind line {statement.line} ({stop.way})"


def _wrong(stop: Stop, seen: Seen) -> str:
    """What is wrong behind the re-run; empty where nothing is."""
    if stop.way == "one transaction" and seen.filled is not None:
        left = differences(seen.filled.structure, stop.left)
        if left:
            return f"the ended transaction leaves something: {some(left)}"
    if stop.run.broken is not None:
        return f"the re-run stops at line {_line(stop, seen)}: {stop.run.broken.message}"
    if stop.run.shot is None or seen.first is None or seen.first.shot is None or seen.filled is None:
        return ""
    found = differences(seen.first.shot.structure, stop.run.shot.structure)
    return some(found or [loss.said for loss in losses(seen.filled.rows, stop.run.shot.rows, seen.words)])


def _line(stop: Stop, seen: Seen) -> int:
    number = stop.run.broken.statement if stop.run.broken else 0
    return seen.migration.up.statements[number].line
