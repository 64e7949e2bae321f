"""Live traffic: which statements lock out everybody from a table with rows, rewrite it, or scan it.

Why: a migration that is right may still stop a platform for as long as its largest table takes.

How: within the transaction that runs the migration, `pg_locks` is looked at for ACCESS EXCLUSIVE,
`pg_class.relfilenode` for a rewrite, and the transaction's own statistics for a scan, before and after each
statement. Only tables that had rows count. Nothing is guessed from the text.

Example: `history/0025/live-traffic`.

Passes: always, with a note of what was seen; the note is for those who plan a window.

Repair: add constraints NOT VALID and validate them later; create indexes CONCURRENTLY; set `lock_timeout`.

Limits: tables hold a few rows, so it is not said how long it takes. A lock is told at the statement that takes it, and
held to the end of the transaction. Scripts that do not run in one transaction are not looked at.
"""

from __future__ import annotations

from conformance.model.contract import Level
from conformance.model.history import Effect, Seen, Told, kept, unseen

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
    lines: dict[int, dict[str, list[str]]] = {}
    for effect in seen.effects:
        line = seen.migration.up.statements[effect.statement].line
        lines.setdefault(line, {}).setdefault(_WORDS[effect.kind], []).append(effect.table)
    note = "; ".join(
        f"line {line}: " + ", ".join(f"{kind} {' '.join(tables)}" for kind, tables in kinds.items())
        for line, kinds in lines.items()
    )
    tables = sorted({effect.table for effect in seen.effects})
    said = f"{len(seen.effects)} effects on {len(tables)} tables" if tables else "no table with rows is locked or read"
    return kept(
        said, note, examined=len(seen.migration.up.statements), effects=[_as_data(e, seen) for e in seen.effects]
    )


_WORDS = {"ACCESS EXCLUSIVE": "locks", "rewrite": "rewrites", "scan": "scans"}


def _as_data(effect: Effect, seen: Seen) -> dict[str, object]:
    return {
        "line": seen.migration.up.statements[effect.statement].line,
        "kind": effect.kind,
        "table": effect.table,
        "rows": effect.rows,
    }
