"""Every collaborator of an agent is a user or a team that exists.

Why: `agent_collaborators.collaborator_id` leads to a user or to a team, as `collaborator_type` says, so that no foreign
key can guard it. A permission that is left behind by whoever was deleted is shown to nobody, and taken away by nobody.

Example: `0018/agent_collaborators.collaborator_id/no-orphan`: a team was deleted, and may still use the agent.

Repair: `DELETE FROM agent_collaborators …`: whom it was meant for is gone.

Limits: a collaborator of another type than user and team is reported as such, and not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading

TABLE, COLUMN, TYPE = "agent_collaborators", "collaborator_id", "collaborator_type"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="no-orphan",
        level="should",
        expected="each collaborator_id is the id of a row of users or of teams, as collaborator_type says",
        needs={TABLE: (COLUMN, TYPE), "users": ("id",), "teams": ("id",)},
        look=_look,
        repair="-- delete these rows: whom they were meant for is gone",
    )


def _look(reading: Reading) -> Rows:
    (user, is_user), (team, is_team) = (reading.existing(TABLE, COLUMN, parent) for parent in ("users", "teams"))
    kind = reading.value(TABLE, TYPE, "text")
    gone = f"CASE {kind} WHEN 'user' THEN {is_user} IS NULL WHEN 'team' THEN {is_team} IS NULL END"
    violates = f"{reading.bare(TABLE, COLUMN)} IS NOT NULL AND {gone}"
    return reading.rows(TABLE, violates, about=(TYPE, COLUMN), joins=(user, team))
