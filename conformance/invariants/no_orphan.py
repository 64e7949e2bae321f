"""Every row that points at another one points at one that exists.

Why: a foreign key that is missing, NOT VALID, not enforced, or whose triggers were off for a while
(`session_replication_role`, `DISABLE TRIGGER`, a restore) lets rows outlive what they hang on. They are never shown,
never deleted, and break whoever joins.

Example: `0001/goals.agent_id/no-orphan`: a goal whose agent was deleted.

How: each relationship that the contract states is joined with its target, also where a valid foreign key stands: the
key says what is refused now, the rows say what got in.

Repair: delete the rows, or give them a host; then `VALIDATE CONSTRAINT`.

Limits: NULL points at nothing. Where the target's key tells no rows apart, it is still seen whether one is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.model.contract import Contract
from conformance.model.invariant import MEANING, Invariant
from conformance.model.kept_rows import keeper
from conformance.model.look import Absent, Rows
from conformance.model.reading import Reading
from conformance.model.record import replace
from conformance.model.relationships import Relationship, relationships


def invariants(contract: Contract) -> Iterator[Invariant]:
    for link in relationships(contract):
        stated = link.requirement is not None and "the page" in link.requirement.source
        yield Invariant(
            table=link.table,
            columns=(link.column,),
            name="no-orphan",
            level="must" if stated else "should",
            source=link.requirement.source if link.requirement is not None else MEANING,
            expected=f"each {link.column} is the {link.key} of a row of {link.parent}",
            needs={link.table: (link.column,), link.parent: (link.key,)},
            look=partial(_look, link=link),
            enforcer=partial(_enforcer, link=link),
            since=link.requirement.since if link.requirement is not None else None,
            until=link.requirement.until if link.requirement is not None else None,
            repair=f"-- give these rows a {link.parent} row, or delete them; then a foreign key keeps it",
        )


def _look(reading: Reading, *, link: Relationship) -> Rows:
    join, found = reading.existing(link.table, link.column, link.parent, link.key)
    violates = f"{reading.bare(link.table, link.column)} IS NOT NULL AND {found} IS NULL"
    look = reading.rows(link.table, violates, about=(link.column,), joins=(join,))
    if reading.table(link.parent).children or not reading.table(link.parent).is_table:
        return look  # how many rows there are is known of the table alone, and not of what is below it
    own, key = reading.value(link.table, link.column, "key"), reading.value(link.parent, link.key, "key", "p")
    known = f"(SELECT {key} FROM {reading.source(link.parent)} AS p WHERE {key} IS NOT NULL)"
    # not even a NULL is in no rows at all
    unknown = f"{reading.bare(link.table, link.column)} IS NOT NULL AND {own} NOT IN {known}"
    return replace(look, absent=Absent(parent=reading.relation(link.parent), violates=unknown))


def _enforcer(reading: Reading, *, link: Relationship) -> str:
    return keeper(reading, link.table, link.parent, {link.column: link.key})
