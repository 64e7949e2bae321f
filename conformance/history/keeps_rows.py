"""No data is lost: every row and value that was there before a migration is there after it, or changed as documented.

Why: a migration that drops a column and makes it anew, or that swaps two, leaves a catalog that is right in every
point. Only the rows show what it did.

How: before each migration a small world of rows is put into every table of a copy of the database, with a value in each
column that takes one; the migration runs; the rows are compared by primary key, value by value.

Example: `history/0024/keeps-rows`.

Passes: what the contract takes away by this migration; a value that is the same in another type; a column that a
documented trigger keeps, as `updated_at`.

Fails: a row or a value that is gone or another; rows that make the migration stop.

Repair: move the values before the column or table that has them goes, in the same migration.

Limits: tables that the small world does not know stay empty; the outcome says which.
"""

from __future__ import annotations

from conformance.model.contract import Level
from conformance.model.history import Seen, Statement, Told, kept, unseen
from conformance.model.history_compare import Loss, losses, some

LAW = "keeps-rows"
LEVEL: Level = "must"
EXPECTED = "every row and value from before it, or what is documented of them"
ASKS = frozenset({"rows"})


def judge(seen: Seen) -> Told:
    """The rows before and after, whichever way the migration ran."""
    if seen.filled is None or seen.piecemeal is None:
        return unseen(seen.unseen or "no rows were there")
    rows = seen.filled.rows
    count = sum(len(of) for of in rows.values())
    full = sum(bool(of) for of in rows.values())
    for run in (seen.whole, seen.piecemeal):
        if run is None:
            continue
        if run.broken is not None:
            statement = seen.migration.up.statements[run.broken.statement]
            return Told(
                verdict="fail",
                observed=f"it stops: {run.broken.message}",
                note="with rows in the tables; on empty ones it runs" if seen.first and seen.first.shot else "",
                statement=statement,
                steps=_steps(seen),
                examined=count,
            )
        if run.shot is not None and (found := list(losses(rows, run.shot.rows, seen.words))):
            said = [loss.said for loss in found]
            return Told(
                verdict="fail",
                observed=some(said),
                statement=_blamed(seen, found[0]),
                object=found[0].table,
                steps=_steps(seen),
                examined=count,
                evidence={"losses": len(found)},
            )
    note = ""
    if empty := sorted(seen.unfilled):
        note = f"without rows: {', '.join(f'{name} ({seen.unfilled[name]})' for name in empty)}"
    if not count and rows:
        return unseen(f"no table could be given a row: {note}")
    return kept(f"all of {count} rows in {full} of {len(rows)} tables", note, examined=count)


def _steps(seen: Seen) -> tuple[str, ...]:
    return (
        "run what comes before it, and load the small world (fixtures/datasets/small.json)",
        f"run {seen.migration.file}, and compare the rows",
    )


def _blamed(seen: Seen, loss: Loss) -> Statement | None:
    """The first statement that names the column, or else the table."""
    for word in (loss.column, loss.table):
        for statement in seen.migration.up.statements:
            if word is not None and word in statement.text and loss.table in statement.text:
                return statement
    return None
