"""A migration may be run again behind later ones, as long as nothing that it brought has been taken away.

Why: a database whose list of migrations was lost is mended by running all of them; a runner that sorts by name may
run an early one late.

How: each migration is run again, with rows, where the last one has run before something that it brought is taken
away, which is seen from the catalogs. The catalog has to stay the same and no row may be lost; or the server refuses,
and then the outcome says with which message.

Example: `history/0008/runs-again-later`.

Passes with a note: a run that is refused, which changes nothing.

Fails: a later run that changes the catalog (brings back what a later step made otherwise), or rows.

Repair: look before you make: IF NOT EXISTS, a look into `pg_constraint`.

Limits: behind the migration that takes away what this one brought, running it again brings it back; that is in the
nature of it, and only told as a note.
"""

from __future__ import annotations

from conformance.model.contract import Level
from conformance.model.history import Later, Seen, Told, idle, kept, unseen
from conformance.model.history_compare import differences, losses, some

LAW = "runs-again-later"
LEVEL: Level = "should"
EXPECTED = "the same catalog and rows, when it is run behind later ones, or the error that the server gives"
ASKS = frozenset({"later"})


def judge(seen: Seen) -> Told:
    """The run behind the last migration that leaves alive what this one brought."""
    if seen.unseen:
        return unseen(seen.unseen)
    notes = []
    judged = 0
    for later in seen.later:
        wrong = _wrong(later, seen)
        refused = later.run.broken
        if seen.undone_by is not None and later.at >= seen.undone_by:
            what = (
                f"is refused ({refused.message})" if refused else f"changes {len(wrong)} things back" if wrong else ""
            )
            if what:
                notes.append(f"{seen.undone_by} takes away what it brings; behind {later.at} it {what}")
            continue
        judged += 1
        if refused is not None:
            notes.append(f"behind {later.at} it is refused: {refused.message}")
        elif wrong:
            return Told(
                verdict="fail",
                observed=some(wrong),
                note=f"behind {later.at}",
                steps=(f"run everything up to {later.at}", f"run {seen.migration.file} again"),
            )
    if not judged:
        return idle(f"{seen.undone_by} takes away what it brings" if seen.undone_by else "no later migration was run")
    behind = [later.at for later in seen.later if seen.undone_by is None or later.at < seen.undone_by]
    return kept(f"nothing changes behind {', '.join(behind)}", "; ".join(notes), examined=judged)


def _wrong(later: Later, seen: Seen) -> list[str]:
    if later.run.shot is None:
        return []
    found = [*differences(later.before.structure, later.run.shot.structure)]
    return found or [loss.said for loss in losses(later.before.rows, later.run.shot.rows, seen.words)]
