"""A migration may be run again right behind itself: the same catalog and the same rows.

Why: a runner that dies between the migration and the note that it has run, runs it again.

How: behind the migration, on a database with rows, it is run a second time, and the catalog and all rows are compared
with those from before.

Example: `history/0013/runs-again`.

Passes: a second run that is refused with an error that the user declares (`--may-refuse 'already exists'`), and leaves
everything as it was.

Fails: a second run that the server refuses, that changes the catalog (an index more under another name, say), or rows.

Repair: IF NOT EXISTS, IF EXISTS, OR REPLACE; a look into `pg_constraint` before a constraint is added.

Limits: what changes only outside of the database is not seen.
"""

from __future__ import annotations

from conformance.model.contract import Level
from conformance.model.history import Seen, Shot, Told, kept, unseen
from conformance.model.history_compare import differences, losses, some

LAW = "runs-again"
LEVEL: Level = "must"
EXPECTED = "the same catalog and rows, when it is run twice, or the error that is declared"
ASKS = frozenset({"rows"})


def judge(seen: Seen) -> Told:
    """The second run against the first."""
    if seen.piecemeal is None or seen.piecemeal.shot is None or seen.again is None:
        return unseen(seen.unseen or "it did not run through on a database with rows")
    once = seen.piecemeal.shot
    steps = (f"run everything up to {seen.migration.file}", f"run {seen.migration.file} again")
    refused, twice = seen.again.broken, seen.again.shot
    declared = refused is not None and any(part in refused.message for part in seen.may_refuse)
    if refused is not None and not declared:
        return Told(
            verdict="fail",
            observed=f"the second run stops: {refused.message}",
            statement=seen.migration.up.statements[refused.statement],
            steps=steps,
        )
    if twice is None and refused is None:
        return unseen("the second run was not looked at")
    if twice is not None and (found := _changes(once, twice, seen)):
        return Told(verdict="fail", observed=some(found), note="after the second run", steps=steps)
    said = "changes nothing" if refused is None else f"is refused, as was declared: {refused.message}"
    return kept(f"the second run {said}", examined=len(once.structure))


def _changes(once: Shot, twice: Shot, seen: Seen) -> list[str]:
    found = [*differences(once.structure, twice.structure)]
    if not found:
        found = [loss.said for loss in losses(once.rows, twice.rows, seen.words)]
        found += [
            f"{len(twice.rows[table]) - len(rows)} rows more in {table}"
            for table, rows in once.rows.items()
            if len(twice.rows.get(table, {})) > len(rows)
        ]
    return found
