"""An agent's `tags` are a set of labels: none is there twice.

Why: a label that is there twice counts twice wherever agents are counted by their labels, and taking it away once
leaves it where it was.

Example: `0027/agents.tags/no-repetition`: `{night, night}`.

Repair: write the array with each label once; what order they have says nothing.

Limits: labels that differ in case or blanks are two. A NULL among them is no label, and said too.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading

COLUMN = "tags"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="agents",
        columns=(COLUMN,),
        name="no-repetition",
        level="should",
        expected="each label once",
        needs={"agents": (COLUMN,)},
        look=_look,
        breaking=({COLUMN: "{night,night}"}, {COLUMN: "{night,day,night}"}, {COLUMN: "{NULL}"}),
        repair="UPDATE agents SET tags = ARRAY(SELECT DISTINCT t FROM unnest(tags) AS t WHERE t IS NOT NULL)\n"
        "WHERE cardinality(tags) <> (SELECT count(DISTINCT t) FROM unnest(tags) AS t);",
    )


def _look(reading: Reading) -> Rows:
    tags = reading.array("agents", COLUMN, of="text")
    number = f"pg_catalog.cardinality({tags})"
    labels = (
        f'(SELECT pg_catalog.count(DISTINCT e.tag COLLATE pg_catalog."C") FROM pg_catalog.unnest({tags}) AS e (tag))'
    )
    several = f"({number} > 1 OR {number} = 1 AND ({tags})[1] IS NULL)"  # most have few, which costs next to nothing
    return reading.rows("agents", f"{several} AND {number} <> {labels}", about=(COLUMN,))
