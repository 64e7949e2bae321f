"""The way does not matter: from empty, with rows, whole or statement by statement, all end in one canonical catalog.

Why: two databases of one version that differ by how they came there are two versions.

How: the catalogs that the ways leave are compared, object by object, as the server prints them. By induction over the
steps, whoever starts anywhere ends where all others do.

Example: `history/0028/one-catalog`.

Fails: a migration that makes something else where there are rows, or where it does not run in one transaction.

Repair: let no statement depend on what the rows are, or on where a transaction begins.

Limits: the order of columns does not count. Interrupted runs have a law of their own, `resumes`.
"""

from __future__ import annotations

from conformance.model.contract import Level
from conformance.model.history import Seen, Told, kept, unseen
from conformance.model.history_compare import differences, some

LAW = "one-catalog"
LEVEL: Level = "must"
EXPECTED = "one catalog, whichever way it was run"
ASKS = frozenset({"rows"})


def judge(seen: Seen) -> Told:
    """The ways against the first, which begins from empty."""
    if seen.first is None or seen.first.shot is None:
        return unseen(seen.unseen or "it did not run through")
    wanted = seen.first.shot.structure
    ways = (("with rows, in one transaction", seen.whole), ("with rows, statement by statement", seen.piecemeal))
    ran = 0
    for way, run in ways:
        if run is None or (run is seen.piecemeal and seen.migration.up.bound):
            continue
        if run.broken is not None:
            return unseen(f"{way}, it stops, which keeps-rows tells of")
        if run.shot is None:
            continue
        ran += 1
        if found := differences(wanted, run.shot.structure):
            return Told(
                verdict="fail",
                observed=some(found),
                note=f"{way}, against a run without rows",
                steps=("run what comes before it", f"run {seen.migration.file}, {way}, and compare the catalogs"),
            )
    if not ran:
        return unseen("it was run in no other way")
    return kept(f"{ran + 1} ways end in one catalog of {len(wanted)} objects", examined=ran + 1)
