"""A request needs one approval at least (`at-least-one`), and one for a plan names its goal and graph and carries the
plan (`plan-is-whole`).

Why: with nothing required, a request approves itself. A plan request gates a plan: without its goal, its graph or its
payload nobody can see what is approved.

Example: `0028/approval_requests.required_approvals/at-least-one`: 0.

Repair: `UPDATE approval_requests SET required_approvals = 1`, and a CHECK; a plan request without its parts has to be
made anew.

Limits: a goal that was deleted takes its id out of the request (ON DELETE SET NULL): such a request is reported too.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading
from conformance.model.vote import TABLE

_PARTS = ("goal_id", "graph_id", "plan_payload")
_ID = "00000000-0000-4000-8000-000000000001"
_PLAN = {"request_type": "plan", "goal_id": _ID, "graph_id": _ID, "plan_payload": "{}"}


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        columns=("required_approvals",),
        name="at-least-one",
        level="should",
        expected="required_approvals ≥ 1",
        needs={TABLE: ("required_approvals",)},
        look=_one,
        breaking=({"required_approvals": "0"}, {"required_approvals": "-1"}),
        repair="UPDATE approval_requests SET required_approvals = 1 WHERE required_approvals < 1;\n"
        "ALTER TABLE approval_requests ADD CHECK (required_approvals >= 1) NOT VALID;",
    )
    yield Invariant(
        table=TABLE,
        columns=("request_type",),
        name="plan-is-whole",
        level="should",
        expected="a plan request has goal_id, graph_id and plan_payload",
        needs={TABLE: ("request_type", *_PARTS)},
        look=_whole,
        breaking=(*({**_PLAN, name: None} for name in _PARTS), {**_PLAN, "plan_payload": "null"}),
        repair="-- make the request anew, with its goal, its graph and its plan",
    )


def _one(reading: Reading) -> Rows:
    required = reading.value(TABLE, "required_approvals", "number")
    return reading.rows(TABLE, f"{required} < 1", about=("required_approvals",))


def _whole(reading: Reading) -> Rows:
    kind = reading.value(TABLE, "request_type", "text")
    payload = reading.value(TABLE, "plan_payload", "json")
    absent = " OR ".join(f"{reading.bare(TABLE, name)} IS NULL" for name in _PARTS)
    violates = f"{kind} = 'plan' AND ({absent} OR pg_catalog.jsonb_typeof({payload}) = 'null')"
    return reading.rows(TABLE, violates, about=("request_type", "goal_id", "graph_id"))
