"""Looks that are not one row's: groups of rows, names that look alike, who may do what, and graphs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from conformance.errors import OutOfTime
from conformance.model.look import Graph, Groups, Names, Privileges, Seen, Shown, Tally, Unseen, Witness
from conformance.model.looking import MOST_WITNESSES, Looking
from conformance.sources import rows_sql
from conformance.sources.connection import patience
from conformance.sources.fold import folded
from conformance.sources.rows_statements import (
    NOT_REACHED,
    SHORTEST_MS,
    TIMES,
    TORN,
    Blocked,
    Spoilt,
    Statements,
    ended,
    unseen,
)


def groups(statements: Statements, look: Groups, looking: Looking) -> Seen:
    """Which groups of rows violate the look."""
    found = statements.fetched(rows_sql.group_counts(look))
    if isinstance(found, Unseen):
        return found
    examined, violations = found[0]
    if not violations:
        return Tally(examined=examined, violations=0)
    shown = statements.fetched(rows_sql.group_witnesses(look))
    if isinstance(shown, Unseen):
        return Tally(examined=examined, violations=violations, way=f"no witness: {shown.reason}")
    witnesses = tuple(
        Witness(ids=tuple(map(printed, members)), values=valued(look.keys, keys) if looking.show_values else ())
        for members, *keys in shown
    )
    return Tally(examined=examined, violations=violations, witnesses=witnesses)


def names(statements: Statements, look: Names, looking: Looking) -> Seen:
    """Twice through the names: first for folded ones that occur more than once, then for who has them."""
    hashes: list[int] = []
    try:
        for (name,) in statements.streamed(rows_sql.names(look)):
            hashes.append(hash(folded(name)))
        examined = len(hashes)
        hashes.sort()
        several = {one for one, other in pairwise(hashes) if one == other}
        found: dict[str, dict[str, list[str]]] = {}
        for name, id_ in statements.streamed(rows_sql.named(look)) if several else ():
            if hash(same := folded(name)) in several:
                found.setdefault(same, {}).setdefault(name, []).append(printed(id_))
    except Blocked as error:
        return error.unseen
    alike = {same: names for same, names in sorted(found.items()) if len(names) > 1}
    return Tally(
        examined=examined,
        violations=len(alike),
        witnesses=tuple(_alike(names, looking) for names in list(alike.values())[:MOST_WITNESSES]),
    )


def _alike(names: Mapping[str, Sequence[str]], looking: Looking) -> Witness:
    first = [min(ids) for _, ids in sorted(names.items())]
    values = tuple(("name", ascii(name)) for name in sorted(names)) if looking.show_values else ()
    return Witness(ids=tuple(sorted(first)[:MOST_WITNESSES]), values=values[:MOST_WITNESSES])


def privileges(statements: Statements, look: Privileges) -> Seen:
    """Which roles may do what the look is about."""
    statement, parameters = rows_sql.privileged(look)
    found = statements.fetched(statement, parameters)
    if isinstance(found, Unseen):
        return found
    holders = [(role, may) for role, may in found if may]
    if holders and look.unsure:
        roles = ", ".join(role for role, _ in holders[:MOST_WITNESSES])
        triggers = ", ".join(look.unsure)
        return Unseen(reason=f"{roles} may do it, unless a trigger refuses: {triggers}, whose functions are not run")
    return Tally(
        examined=len(found),
        violations=len(holders),
        unit="role",
        among="role",
        witnesses=tuple(Witness(ids=(role,), remark=f" may {may}") for role, may in holders[:MOST_WITNESSES]),
    )


def graph(
    statements: Statements, look: Graph, looking: Looking, second: Callable[[], psycopg.Connection[Any]] | None
) -> Seen:
    """The engine keeps savepoints of its own: an exported snapshot can't come out of one."""
    from conformance.sources.edges import acyclic

    seconds = statements.seconds()
    if seconds * 1000 < SHORTEST_MS:
        return NOT_REACHED
    if statements.connection.closed:
        return ended(statements.connection)
    patience(statements.connection, seconds)
    try:
        found = acyclic(
            statements.connection,
            look.edges,
            second=second,
            low_memory=looking.low_memory,
            deadline=time.monotonic() + seconds,
        )
    except OutOfTime:
        return Unseen(reason=f"it took longer than {seconds:.3g} s", help=TIMES)
    except TORN:
        raise
    except psycopg.Error as error:
        if statements.connection.info.transaction_status is TransactionStatus.INERROR:
            raise Spoilt(str(error)) from error
        return unseen(error, seconds)
    among = "edge" if look.edges.array else "row"  # a row of a table may have many edges, or none
    if found.cycle is None:
        return Tally(examined=found.edges, violations=0, among=among, way=found.way)
    path = (*found.cycle, found.cycle[0])
    shortest = f"a cycle of {len(found.cycle)}" + ("" if found.shortest else "; a shorter one may exist")
    return Tally(
        examined=found.edges,
        violations=found.cyclic_edges,
        witnesses=(Witness(ids=path, joint=" → "),),
        unit="edge",
        among=among,
        telling=f"these edges lie on cycles; the witness is {shortest}",
    )


def printed(value: Any) -> str:
    """A value as the server printed it, or NULL; of a long one the beginning."""
    if value is None:
        return "NULL"
    text = str(value)
    return text if len(text) <= rows_sql.LONGEST else f"{text[: rows_sql.LONGEST]}… (cut)"


def entries(number: int) -> str:
    """How many entries of a list, in words."""
    return "1 entry" if number == 1 else f"{number:,} entries"


def valued(shown: Sequence[Shown], row: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """Values with the names of their columns."""
    return tuple((column.name, printed(value)) for column, value in zip(shown, row, strict=False))
