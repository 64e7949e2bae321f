"""A migration may be run again right behind itself: the same catalog and the same rows.

Why: a runner that dies between the migration and the note that it has run, runs it again.

How: behind the migration, on a database with rows, it is run a second time, and the catalog and all rows are compared
with those from before.

Example: `history/0013/runs-again`.

Fails: a second run that the server refuses, that changes the catalog (an index more under another name, say), or rows.

Repair: IF NOT EXISTS, IF EXISTS, OR REPLACE; a look into `pg_constraint` before a constraint is added.

Limits: what changes only outside of the database is not seen.
"""

from __future__ import annotations

from conformance.model.contract import Level
from conformance.model.history import Seen, Told, kept, unseen
from conformance.model.history_compare import differences, losses, some

LAW = "runs-again"
LEVEL: Level = "must"
EXPECTED = "the same catalog and rows, when it is run twice"
ASKS = frozenset({"rows"})


def judge(seen: Seen) -> Told:
    """The second run against the first."""
    if seen.piecemeal is None or seen.piecemeal.shot is None or seen.again is None:
        return unseen(seen.unseen or "it did not run through on a database with rows")
    once = seen.piecemeal.shot
    steps = (f"run everything up to {seen.migration.file}", f"run {seen.migration.file} again")
    if seen.again.broken is not None:
        return Told(
            verdict="fail",
            observed=f"the second run stops: {seen.again.broken.message}",
            statement=seen.migration.up.statements[seen.again.broken.statement],
            steps=steps,
        )
    twice = seen.again.shot
    if twice is None:
        return unseen("the second run was not looked at")
    found = [*differences(once.structure, twice.structure)]
    if not found:
        found = [loss.said for loss in losses(once.rows, twice.rows, seen.words)]
        found += [
            f"{len(twice.rows[table]) - len(rows)} rows more in {table}"
            for table, rows in once.rows.items()
            if len(twice.rows.get(table, {})) > len(rows)
        ]
    if found:
        return Told(verdict="fail", observed=some(found), note="after the second run", steps=steps)
    return kept("the second run changes nothing", examined=len(once.structure))
