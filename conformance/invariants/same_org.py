"""A row belongs to the organization of what it hangs on.

Why: what belongs to one organization is never visible to another. Every reader filters by `org_id`: a task whose
`org_id` is not its agent's is shown to the wrong tenant, or to none.

Example: `0018/goals.agent_id/same-org`: a goal of one organization, planned by an agent of another.

Repair: a decision: which of the two is right; then set the other. A foreign key of both columns keeps it.

Limits: where one of the two has no organization, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.kept_rows import keeper
from conformance.model.look import Rows, Shown
from conformance.model.reading import Reading
from conformance.model.relationships import ORG, Relationship, of_one_organization, relationships


def invariants(contract: Contract) -> Iterator[Invariant]:
    scoped = of_one_organization(contract)
    for link in relationships(contract):
        if link.table in scoped and link.parent in scoped and link.column != ORG:
            yield Invariant(
                table=link.table,
                columns=(link.column,),
                name="same-org",
                level="should",
                expected=f"the row and its {link.parent.removesuffix('s')} are of one organization",
                needs={link.table: (link.column, ORG), link.parent: (link.key, ORG)},
                look=partial(_look, link=link),
                enforcer=partial(_enforcer, link=link),
                repair="-- set the org_id that is wrong: which of the two is a decision",
            )


def _look(reading: Reading, *, link: Relationship) -> Rows:
    parent = reading.parent(link.table, link.column, link.parent, link.key)
    reading.alike((link.table, ORG), (link.parent, ORG))
    own, other = reading.value(link.table, ORG, "key"), reading.value(link.parent, ORG, "key", parent.alias)
    also = (Shown(name=f"org_id of {link.parent}", sql=reading.bare(link.parent, ORG, parent.alias)),)
    return reading.rows(link.table, f"{own} <> {other}", about=(link.column, ORG), joins=(parent,), also=also)


def _enforcer(reading: Reading, *, link: Relationship) -> str:
    return keeper(reading, link.table, link.parent, {link.column: link.key, ORG: ORG})
