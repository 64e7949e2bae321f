"""Approval requests: votes, the users who give them, and what decides."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model import ground
from conformance.model.conduct import Call, Law, Put, Query, Ref, Scene
from conformance.model.ground import call
from conformance.oracles.approvals import Requests

AREA = "approvals"
GIVEN = "organization o1 with users u1 to u5, its agent a1, and a goal g1 of it"
GROUND = ground.together(
    ground.orgs("o1"),
    ground.users("u1", "u2", "u3", "u4", "u5", org="o1"),
    ground.agents("a1", org="o1"),
    ground.goals("g1", agent="a1", org="o1"),
)
OPERATIONS = ("request_approval", "vote", "legacy_decide")
TABLES = frozenset({"approval_requests"})
STEPS = 9
QUERIES = (
    Query(
        noun="request",
        sql="""
SELECT r.id, r.status, r.required_approvals::text AS required,
       (SELECT coalesce(array_agg(v.vote ORDER BY v.vote), '{}') FROM (
            SELECT (e ->> 'user_id') || ' ' || (e ->> 'decision')
            FROM jsonb_array_elements(CASE jsonb_typeof(r.approvals) WHEN 'array' THEN r.approvals ELSE '[]' END) AS e
            UNION ALL
            SELECT r.decided_by || ' ' || r.status
            WHERE r.status <> 'pending' AND r.decided_by IS NOT NULL
              AND NOT r.approvals @> jsonb_build_array(jsonb_build_object('user_id', r.decided_by))
       ) AS v (vote)) AS votes
FROM approval_requests AS r""",
    ),
)

_VOTING = frozenset({"request_approval", "vote"})
VOTES_COUNTED = Law(
    id="approvals/votes-counted",
    level="must",
    since="0028",
    expected="each vote that was accepted is there, and the request is approved by the last that is required",
    needs=_VOTING,
    papers="""Every vote that was accepted is kept and counts: the request is approved as soon as the number of
distinct users who approved reaches `required_approvals`, and is pending until then.

Why: a vote that is lost holds work up for good, and one too few lets through what two people should have seen.

Example: of a request that requires 2, the first approval leaves it pending, the second approves it.

Repair: lock the row (`SELECT … FOR UPDATE`), count what is in `approvals` after the vote, and write both at once.""",
)
ONE_VOTE = Law(
    id="approvals/one-vote-a-user",
    level="should",
    since="0028",
    expected="a second vote of the same user changes nothing",
    needs=_VOTING,
    papers="""A user votes once: a second vote may be refused or passed over, and changes neither the votes nor the
state.

Why: two votes of one person are the one vote that dual approval is there to double.

Example: u1 approves twice a request that requires 2: it stays pending.

Repair: look for the user among the votes before one is added, and count distinct users.""",
)
DENIAL = Law(
    id="approvals/denial-decides",
    level="should",
    since="0028",
    expected="one denial decides: denied",
    needs=_VOTING,
    papers="""One denial decides, whatever is required and whoever has approved before.

Why: who says no would otherwise be outvoted by who did not look.

Example: u1 approves, u2 denies a request that requires 3: it is denied.

Repair: set the state to denied in the statement that adds the vote.""",
)
DECIDED = Law(
    id="approvals/decided-stays",
    level="should",
    since="0028",
    expected="once decided, no vote counts",
    needs=_VOTING,
    papers="""A request that is approved or denied stays so: later votes may be refused or passed over, and are not
kept.

Why: a plan that runs cannot be denied any more, and one that was denied must not come back.

Example: u1 denies, u2 approves: it stays denied, with one vote.

Repair: look at the state in the transaction that adds the vote, with the row locked.""",
)
LEGACY = Law(
    id="approvals/one-decider-one-vote",
    level="must",
    since="0028",
    expected="the decider of the old way counts as one vote, and no more",
    needs=frozenset({"request_approval", "legacy_decide"}),
    papers="""The way of before 0028, with one decider in `decided_by`, goes by the same count: where two have to
approve, it does not approve alone.

Why: an old endpoint that is left as it was is the hole in dual approval.

Example: `legacy_decide(approved)` on a request that requires 2 is refused, or counts as one vote: it stays pending.

Repair: let the old endpoint add a vote as the new one does.""",
)
ACCEPTS = Law(
    id="approvals/accepts",
    level="must",
    since="0028",
    expected="what is documented is accepted",
    needs=frozenset({"request_approval"}),
    papers="""Requests and votes that the documentation allows are accepted, and no call ends in an error.

Why: an implementation that refuses everything breaks no other law.

Example: a request that requires 5, and the fifth vote on it.

Repair: as the message says.""",
)
INVARIANTS = Law(
    id="approvals/invariants",
    level="must",
    since="0028",
    expected="every invariant of the rows holds after every call",
    needs=frozenset({"request_approval"}),
    way="invariants",
    papers="""The invariants of `conformance audit` that are about approval requests hold after every call.

Why: what one version writes, all later ones read.

Example: a vote without a timestamp breaks `0028/approval_requests.approvals/well-formed`.

Repair: as that of the invariant, which `conformance explain` prints.""",
)
AT_ONCE = Law(
    id="approvals/votes-at-once",
    level="must",
    since="0028",
    expected="two votes at once end as one after the other would",
    needs=_VOTING,
    way="race",
    papers="""Two votes at once are both counted: whatever the sessions do between each other's statements, the end
is one that the two votes have one after the other, in one of the two orders.

Why: who reads the votes, adds one and writes them back, loses the other: the request waits for a vote that was
given.

Example: u1 and u2 approve at once a request that requires 2: it is approved, with both votes.

Repair: `SELECT … FOR UPDATE` before the votes are read, or one UPDATE that appends to what is there.""",
)
KILLED = Law(
    id="approvals/killed",
    level="should",
    since="0028",
    expected="a session that ends between two statements leaves nothing half done",
    needs=_VOTING,
    way="crash",
    papers="""The session is ended before each of the statements of a call: every invariant holds, and the call,
repeated, ends as if nothing had been.

Why: connections break, and processes are killed in the middle of a deployment.

Example: killed between the vote and the decision that follows from it.

Repair: one transaction a call.""",
)


def model() -> Requests:
    """No request yet."""
    return Requests()


def put(call: Call) -> Put:
    """Nothing is put beside the ground."""
    return Put()


def scenes() -> Sequence[Scene]:
    """Two votes at once, and votes that are interrupted."""

    def vote(user: str, decision: str = "approved", op: str = "vote") -> Call:
        return call(op, request=Ref(name="r1"), user=Ref(name=user), decision=decision)

    def asked(required: int) -> Call:
        return call("request_approval", goal=Ref(name="g1"), required=required, gives="r1")

    lost = "a lost update: each session writes the votes that it read, and one of them is not among them"
    races: Sequence[tuple[int, Sequence[Call], Call, Call]] = (
        (2, (), vote("u1"), vote("u2")),
        (3, (vote("u3"),), vote("u1"), vote("u2")),
        (1, (), vote("u1"), vote("u2", "denied")),
        (2, (), vote("u1"), vote("u1")),
        (2, (), vote("u1"), vote("u2", op="legacy_decide")),
        (1, (), vote("u1", "denied"), vote("u2", op="legacy_decide")),
    )
    ends: Sequence[tuple[Sequence[Call], Call]] = (
        ((asked(1),), vote("u1")),
        ((asked(2), vote("u1")), vote("u2")),
        ((asked(3), vote("u1")), vote("u2", "denied")),
        ((asked(1),), vote("u1", op="legacy_decide")),
        ((), asked(2)),
    )
    return (
        *(
            Scene(law=AT_ONCE, given=(asked(required), *before), first=first, second=second, anomaly=lost)
            for required, before, first, second in races
        ),
        *(Scene(law=KILLED, given=tuple(before), first=last) for before, last in ends),
    )
