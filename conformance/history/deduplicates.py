"""0015 de-duplicates as documented: of agents that share a name the oldest is kept, and what refers to the others
moves.

Why: the page says that 0015 "de-duplicates existing agents by name, then adds UNIQUE(agents.name)". A migration that
only deletes the younger ones takes their goals, tasks and memories along, or leaves them on nobody.

How: at 0014, worlds of agents are made: duplicates whose oldest is first, last or in the middle, ties in
`created_at`, names that only look alike, with a row on each agent in every table that refers to agents (by a foreign
key, or by a column `agent_id` or `actor_id`). 0015 runs, and every agent and every row is accounted for.

Example: `history/0015/deduplicates`.

Fails: another than the oldest kept; a reference that was not moved, was lost or points to the wrong one; a duplicate
left; a name lost; a row or a value lost. At the level `should`: of several oldest, another than that of the smallest
id, which is how the documentation breaks ties.

Repair: UPDATE every table that refers to agents, then DELETE, then ADD CONSTRAINT, in one statement (a DO block).

Limits: ids inside of JSON are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from conformance.model.contract import Level
from conformance.model.history import Agent, Namesakes, Rows, Seen, Statement, Told, idle, kept, unseen
from conformance.model.history_compare import same, some

LAW = "deduplicates"
LEVEL: Level = "must"
EXPECTED = "the oldest agent of each name kept, all references moved to it, nothing else lost"
ASKS = frozenset({"namesakes"})
MIGRATION = "0015"


def judge(seen: Seen) -> Told:
    """Every world, the smallest that comes out wrong told."""
    if seen.migration.key != MIGRATION:
        return idle(f"only {MIGRATION} de-duplicates")
    if (found := seen.namesakes) is None:
        return unseen(seen.unseen or "no worlds of namesakes were made")
    agents = sum(map(len, found.worlds.values()))
    if found.run.broken is not None:
        return Told(
            verdict="fail",
            observed=f"it stops on agents that share names: {found.run.broken.message}",
            statement=seen.migration.up.statements[found.run.broken.statement],
            steps=_steps(next(iter(found.worlds.values())), seen),
            examined=agents,
        )
    if found.run.shot is None:
        return unseen("what became of the worlds was not looked at")
    after = found.run.shot.rows
    wrong = {name: lines for name, world in found.worlds.items() if (lines := [*_world(world, found, after)])}
    if wrong:
        name = min(wrong, key=lambda name: (len(found.worlds[name]), list(found.worlds).index(name)))
        return Told(
            verdict="fail",
            observed=some(wrong[name]),
            note=f"in the world “{name}”" + (f", and in {len(wrong) - 1} more" if len(wrong) > 1 else ""),
            statement=_blamed(seen),
            object="agents",
            steps=_steps(found.worlds[name], seen),
            examined=agents,
            evidence={"worlds": sorted(wrong)},
        )
    tied = {name: lines for name, world in found.worlds.items() if (lines := [*_ties(world, after)])}
    if tied:
        first = next(iter(tied))
        return Told(
            verdict="fail",
            observed=some([line for lines in tied.values() for line in lines]),
            note="which of them is kept is not left to chance: the order is created_at, then id",
            level="should",
            statement=_blamed(seen),
            object="agents",
            steps=_steps(found.worlds[first], seen),
            examined=agents,
        )
    said = f"{len(found.worlds)} worlds, {agents} agents, references in {', '.join(found.references)}"
    note = f"no row could be made for {', '.join(found.unplanted)}" if found.unplanted else ""
    return kept(said, note, examined=agents)


def _world(world: Sequence[Agent], found: Namesakes, after: Rows) -> Iterator[str]:
    """What came out wrong in one world."""
    there = after.get("agents", {})
    keepers: dict[str, str] = {}
    for name in dict.fromkeys(agent.name for agent in world):
        alike = [agent for agent in world if agent.name == name]
        left = [agent.id for agent in alike if agent.id in there]
        oldest = min(agent.created_at for agent in alike)
        right = [agent.id for agent in alike if agent.created_at == oldest]
        if len(left) > 1:
            yield f"{len(left)} agents are still called {name!r}"
        elif not left:
            yield f"no agent is called {name!r} any more"
        elif left[0] not in right:
            kept_one = next(agent for agent in alike if agent.id == left[0])
            yield f"of {name!r} the agent of {kept_one.created_at} was kept, not the oldest, of {oldest}"
        keepers.update((agent.id, left[0] if left else right[0]) for agent in alike)
    for place in found.references:
        yield from _references(place, keepers, found.before.rows, after)


def _ties(world: Sequence[Agent], after: Rows) -> Iterator[str]:
    """The names of which another of several oldest is left than the one of the smallest id."""
    there = after.get("agents", {})
    for name in dict.fromkeys(agent.name for agent in world):
        alike = [agent for agent in world if agent.name == name]
        oldest = min(agent.created_at for agent in alike)
        smallest = min(agent.id for agent in alike if agent.created_at == oldest)
        if left := [agent.id for agent in alike if agent.id in there and agent.id != smallest]:
            yield f"of {name!r}, all as old, {_end(left[0])} was kept, not {_end(smallest)}"


def _references(place: str, keepers: dict[str, str], before: Rows, after: Rows) -> Iterator[str]:
    """What became of the rows that refer to these agents by one column."""
    table, column = place.split(".")
    for key, row in before.get(table, {}).items():
        agent = row.get(column)
        if agent not in keepers:
            continue
        now = after.get(table, {}).get(key)
        if now is None:
            yield f"a row of {table} on the agent {_end(agent)} is lost"
        elif now.get(column) != keepers[agent]:
            yield f"{place} is {_end(now.get(column))}, and should be {_end(keepers[agent])}"
        else:
            other = [name for name in row if name not in (column, "updated_at") and not same(row[name], now.get(name))]
            if other:
                yield f"{table}.{other[0]} of a row on the agent {_end(agent)} has changed"


def _end(id_: Any) -> str:
    return "NULL" if id_ is None else f"…{str(id_)[-4:]}"


def _steps(world: Sequence[Agent], seen: Seen) -> tuple[str, ...]:
    listed = ", ".join(f"{agent.name!r} …{agent.id[-4:]} of {agent.created_at}" for agent in world)
    return (
        "run everything up to 0014",
        f"insert the agents {listed}, and rows that refer to each",
        f"run {seen.migration.file}",
    )


def _blamed(seen: Seen) -> Statement | None:
    """The first statement that deletes or merges."""
    for statement in seen.migration.up.statements:
        if "delete" in statement.text.lower():
            return statement
    return None
