"""The revisions of an agent's configuration rise with time (`rising`), and none is missing between the first and the
last that are kept (`without-gaps`).

Why: `agent_config_revisions` is the history of an agent's configuration. Where a later row has a lower number, going
back one revision brings what nobody meant.

Example: `0024/agent_config_revisions.revision/rising`: revision 3, made a day after revision 4.

Repair: number them anew in the order of `created_at`, in one transaction.

Limits: rows of one moment may stand in any order. History may be pruned at its old end; a
hole in its middle is only `may`. That an (agent, revision) is there once is an invariant of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Groups, Join, Rows, Shown
from conformance.model.reading import Reading

TABLE = "agent_config_revisions"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        columns=("revision",),
        name="rising",
        level="should",
        expected="a later revision of an agent has a higher number than every earlier one",
        needs={TABLE: ("id", "agent_id", "revision", "created_at")},
        look=_rising,
        repair="-- number the revisions of the agent anew, in the order of created_at",
    )
    yield Invariant(
        table=TABLE,
        columns=("revision",),
        name="without-gaps",
        level="may",
        expected="no revision is missing between an agent's first and last",
        needs={TABLE: ("id", "agent_id", "revision")},
        look=_gaps,
    )


def _rising(reading: Reading) -> Rows:
    agent, at = reading.value(TABLE, "agent_id", "key", "r"), reading.value(TABLE, "created_at", "time", "r")
    revision = reading.value(TABLE, "revision", "number", "r")
    # a group is the rows of one moment
    earlier = (
        f"pg_catalog.max({revision}) OVER (PARTITION BY {agent} ORDER BY {at}"
        " GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    place, of_t = reading.place(TABLE, "r"), reading.place(TABLE)
    every = (
        f"SELECT {place[0]} AS part, {place[1]} AS place, {revision} AS revision, {earlier} AS highest"
        f" FROM {reading.source(TABLE)} AS r"
    )
    relation = f"(SELECT * FROM ({every}) AS e WHERE e.revision <= e.highest)"  # few are joined
    condition = f"earlier.part = {of_t[0]} AND earlier.place = {of_t[1]}"
    join = Join(alias="earlier", relation=relation, condition=condition)
    also = (Shown(name="highest before", sql="earlier.highest"),)
    timed = f"{reading.value(TABLE, 'created_at', 'time')} IS NOT NULL"  # the others are sorted last
    owned = f"{reading.value(TABLE, 'agent_id', 'key')} IS NOT NULL"  # rows of nobody are no history of anybody's
    violates = f"{reading.value(TABLE, 'revision', 'number')} <= earlier.highest AND {timed} AND {owned}"
    return reading.rows(TABLE, violates, about=("agent_id", "revision"), joins=(join,), also=also)


def _gaps(reading: Reading) -> Groups:
    key = Shown(name="agent_id", sql=reading.value(TABLE, "agent_id", "key"))
    revision = reading.value(TABLE, "revision", "number")
    highest, lowest = (f"pg_catalog.{end}({revision})::pg_catalog.numeric" for end in ("max", "min"))
    spread = f"{highest} - {lowest} + 1"
    having = f"pg_catalog.count(DISTINCT {revision}) < {spread}"
    return Groups(table=reading.relation(TABLE), keys=(key,), having=having, member=reading.member(TABLE))
