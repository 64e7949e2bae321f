"""Down and up: a down script takes away what its migration brought, and the migration brings it back.

Why: a down script is run in the worst hour. What it leaves behind stops the next attempt, or lives on unseen.

How: where there is a down script, it is run behind the migration; the catalog has to be the one from before, and of the
rows all that does not go with the catalog has to be there. Then the migration is run once more; the catalog has to be
the one from behind it.

Example: `history/0013/down-up`.

Fails: a down script that the server refuses, or that leaves something, or takes away too much, rows and values of what
was there before the migration among it; a migration that does not come back.

Repair: undo statement by statement, from the last to the first.

Limits: what is in the tables and columns that the migration brought cannot outlive it, and is not counted.
"""

from __future__ import annotations

from conformance.model.contract import Level
from conformance.model.history import Rows, Seen, Told, idle, kept, unseen
from conformance.model.history_compare import differences, losses, some

LAW = "down-up"
LEVEL: Level = "must"
EXPECTED = "the catalog from before it behind its down script, and its own again behind the next run"
ASKS = frozenset({"rows"})


def judge(seen: Seen) -> Told:
    """Down against before, up against after."""
    down = seen.migration.down
    if down is None:
        return idle("there is no down script")
    if (there := seen.returned) is None:
        return unseen(seen.unseen or "it did not run through")
    up_file, down_file = seen.migration.file, seen.migration.down_file
    steps: tuple[str, ...] = (f"run everything up to {up_file}", f"run down {down_file}")
    if there.down.broken is not None:
        return Told(
            verdict="fail",
            observed=f"the way down stops: {there.down.broken.message}",
            statement=down.statements[there.down.broken.statement],
            down=True,
            steps=steps,
        )
    if there.down.shot is not None and (found := differences(there.before, there.down.shot.structure)):
        return Told(verdict="fail", observed=some(found), note="behind the way down", down=True, steps=steps)
    if there.down.shot is not None and (
        lost := list(losses(_held(seen, there.rows), there.down.shot.rows, seen.words))
    ):
        told = some([loss.said for loss in lost])
        return Told(
            verdict="fail", observed=told, note="behind the way down", down=True, object=lost[0].table, steps=steps
        )
    steps = (*steps, f"run up {up_file}")
    if there.up is None:
        return unseen("the way back up was not tried")
    if there.up.broken is not None:
        return Told(
            verdict="fail",
            observed=f"the way back up stops: {there.up.broken.message}",
            statement=seen.migration.up.statements[there.up.broken.statement],
            steps=steps,
        )
    if there.up.shot is not None and (found := differences(there.after, there.up.shot.structure)):
        return Told(verdict="fail", observed=some(found), note="behind down and up", steps=steps)
    return kept("down leaves what was before, and up what was behind it", examined=2)


def _held(seen: Seen, rows: Rows) -> Rows:
    """The rows before the way down, without the tables and columns that the migration brought."""
    before = seen.filled.rows if seen.filled is not None else {}
    known = {table: {name for row in own.values() for name in row} for table, own in before.items()}
    return {
        table: {key: {name: row[name] for name in row if name in known[table]} for key, row in of.items()}
        for table, of in rows.items()
        if known.get(table)
    }
