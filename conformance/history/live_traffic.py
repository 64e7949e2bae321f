"""Live traffic: which statements lock out everybody from a table with rows, or all who write, rewrite or scan it.

Why: a migration that is right may still stop a platform for as long as its largest table takes.

How: within the transaction that runs the migration, `pg_locks` is looked at for ACCESS EXCLUSIVE and for what keeps
writers out (SHARE and stronger), `pg_class.relfilenode` for a rewrite, and the transaction's own statistics for a scan,
before and after each statement. Only tables that had rows count. Nothing is guessed from the text.

Example: `history/0025/live-traffic`.

Passes: always, with a note of what was seen; the note is for those who plan a window.

Repair: add constraints NOT VALID and validate them later; create indexes CONCURRENTLY; set `lock_timeout`.

Limits: tables hold a few rows, so it is not said how long it takes; `--rows 1000000` makes those that are affected as
large as that, and says so for each statement, of one row again and again, on this machine; where a key is made of
references alone, they lead nowhere then. A lock is told at the statement that takes it, and held to the end of the
transaction. Scripts that do not run in one transaction are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.model.contract import Level
from conformance.model.history import Effect, Large, Seen, Told, kept, unseen

LAW = "live-traffic"
LEVEL: Level = "should"
EXPECTED = "what it locks, rewrites and scans is known"
ASKS = frozenset({"rows"})


def judge(seen: Seen) -> Told:
    """The effects, in the order of the statements."""
    if seen.whole is None:
        return unseen(seen.unseen or "it does not run in one transaction")
    if seen.whole.broken is not None:
        return unseen(f"it stops with rows: {seen.whole.broken.message}")
    large = seen.large
    effects = seen.effects if large is None or large.broken else large.effects
    note = "; ".join(_lines(effects, seen, timed=large is not None and not large.broken))
    if large is not None:
        note = f"{note}{_of_large(large)}"
    tables = sorted({effect.table for effect in effects})
    said = f"{len(effects)} effects on {len(tables)} tables" if tables else "no table with rows is locked or read"
    count = len(seen.migration.up.statements)
    return kept(said, note, examined=count, effects=[_as_data(e, seen, timed=large is not None) for e in effects])


def _lines(effects: Sequence[Effect], seen: Seen, *, timed: bool) -> Iterator[str]:
    """`line 5 (2.31 s): rewrites agents`."""
    kinds: dict[int, dict[str, list[str]]] = {}
    for effect in effects:
        kinds.setdefault(effect.statement, {}).setdefault(_WORDS[effect.kind], []).append(effect.table)
    seconds = {effect.statement: effect.seconds for effect in effects}
    for number, of in kinds.items():
        took = f" ({seconds[number]:.2f} s)" if timed else ""
        said = ", ".join(f"{kind} {' '.join(tables)}" for kind, tables in of.items())
        yield f"line {seen.migration.up.statements[number].line}{took}: {said}"


def _of_large(large: Large) -> str:
    if large.broken:
        return f"; with many rows it stops, and no time was taken: {large.broken}"
    counts = {effect.table: effect.rows for effect in large.effects}
    rows = ", ".join(f"{table} {count:,}" for table, count in sorted(counts.items()))
    refused = "".join(f"; {table} could not be made large ({why})" for table, why in large.refused.items())
    return f"; rows: {rows}{refused}"


_WORDS = {"ACCESS EXCLUSIVE": "locks", "SHARE": "keeps writers out of", "rewrite": "rewrites", "scan": "scans"}


def _as_data(effect: Effect, seen: Seen, *, timed: bool) -> dict[str, object]:
    data: dict[str, object] = {
        "line": seen.migration.up.statements[effect.statement].line,
        "kind": effect.kind,
        "table": effect.table,
        "rows": effect.rows,
    }
    return {**data, "seconds": round(effect.seconds, 3)} if timed else data
