"""Tenants: members of organizations and teams, and what an organization sees."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model import ground
from conformance.model.conduct import Call, Law, Put, Query, Scene
from conformance.model.ground import call, refs
from conformance.oracles.tenants import Tenants

AREA = "tenants"
GIVEN = (
    "organization o1 with agents a1 and a3, o2 with a2, users u1 and u2 without an organization, and u3, an admin of o1"
)
GROUND = ground.together(
    ground.orgs("o1", "o2"),
    ground.users("u1", "u2", "u3"),
    ground.members("u3", org="o1", role="admin"),
    ground.agents("a1", "a3", org="o1"),
    ground.agents("a2", org="o2"),
)
OPERATIONS = ("join_org", "leave_org", "create_team", "add_team_member", "list_agents")
TABLES = frozenset({"org_memberships", "team_memberships", "teams"})
STEPS = 9
QUERIES = (
    Query(
        noun="organization",
        sql=f"""
SELECT o.id, ARRAY(SELECT m.user_id FROM org_memberships AS m WHERE m.org_id = o.id) AS members,
       (SELECT m.role FROM org_memberships AS m WHERE m.org_id = o.id AND m.user_id = '{ground.id_of("u3")}')
           AS "role of u3"
FROM organizations AS o""",
    ),
    Query(
        noun="team",
        sql="""
SELECT t.id, t.org_id AS organization, t.name,
       ARRAY(SELECT m.user_id FROM team_memberships AS m WHERE m.team_id = t.id) AS members
FROM teams AS t""",
    ),
)

_TEAMS = frozenset({"join_org", "create_team", "add_team_member"})
MEMBERS = Law(
    id="tenants/members",
    level="should",
    since="0018",
    expected="one membership a user and organization, and a team's members are members of its organization",
    needs=frozenset({"join_org"}),
    papers="""A user has one membership of an organization, a team takes members of its organization alone, and who
leaves the organization leaves its teams.

Why: a team has rights on agents; who was let go would keep them.

Example: u1, who is no member of o1, is not added to a team of it; u3, who is an admin and joins once more, stays one.

Repair: lock the membership while the team's is added; delete both together.""",
)
TEAMS_ONCE = Law(
    id="tenants/teams-once",
    level="should",
    since="0018",
    expected="a name that another team of the organization has is refused",
    needs=frozenset({"create_team"}),
    papers="""Names of teams are unique within an organization, and only there. Refused, and not an error.

Why: a team is called by its name, or its slug.

Example: o1 has a team blue; o2 may have one too, o1 may not.

Repair: take the unique violation for the refusal that it is.""",
)
NO_LEAK = Law(
    id="tenants/no-leak",
    level="should",
    since="0018",
    expected="an organization is shown its own agents, all of them and no others",
    needs=frozenset({"list_agents"}),
    papers="""What belongs to one organization is never visible to another.

Why: it is another customer's.

Example: a1 and a3 are of o1, a2 of o2: o1 is shown a1 and a3.

Repair: a condition on `org_id` in every statement that reads, or row level security.""",
)
ACCEPTS = Law(
    id="tenants/accepts",
    level="must",
    since="0018",
    expected="what is documented is accepted",
    needs=frozenset(),
    papers="""Memberships and teams that the documentation allows are accepted, and no call ends in an error.

Why: an implementation that refuses everything breaks no other law.

Example: a user may be a member of two organizations.

Repair: as the message says.""",
)
INVARIANTS = Law(
    id="tenants/invariants",
    level="must",
    since="0018",
    expected="every invariant of the rows holds after every call",
    needs=frozenset(),
    way="invariants",
    papers="""The invariants of `conformance audit` that are about organizations, teams and members hold
after every call.

Why: what one version writes, all later ones read.

Example: `0018/team_memberships.user_id/members-of-org`.

Repair: as that of the invariant, which `conformance explain` prints.""",
)
AT_ONCE = Law(
    id="tenants/at-once",
    level="should",
    since="0018",
    expected="two calls at once end as one after the other would",
    needs=_TEAMS | {"leave_org"},
    way="race",
    papers="""Who is added to a team while he leaves the organization is in the end in both or in neither, whatever
the sessions do between each other's statements.

Why: the team's membership would be all that is left, and nobody looks for it.

Example: u1 leaves o1 in one session, and is added to a team of o1 in another.

Repair: lock the membership (`FOR UPDATE`) before the team's is added.""",
)
KILLED = Law(
    id="tenants/killed",
    level="should",
    since="0018",
    expected="a session that ends between two statements leaves nothing half done",
    needs=_TEAMS | {"leave_org"},
    way="crash",
    papers="""The session is ended before each of the statements of a call: every invariant holds, and the call,
repeated, ends as if nothing had been.

Why: connections break, and processes are killed in the middle of a deployment.

Example: killed between leaving the organization and leaving its teams.

Repair: one transaction a call.""",
)


def model() -> Tenants:
    """Nobody is a member of anything."""
    return Tenants()


def put(call: Call) -> Put:
    """Nothing is put beside the ground."""
    return Put()


def scenes() -> Sequence[Scene]:
    """Leaving while being added, and leaving that is interrupted."""
    u1, o1, t1 = refs("u1", "o1", "t1")
    join, leave = call("join_org", user=u1, org=o1), call("leave_org", user=u1, org=o1)
    team, add = call("create_team", org=o1, name="blue", gives="t1"), call("add_team_member", team=t1, user=u1)
    skew = "write skew: one session has seen the membership that the other takes away"
    return (
        Scene(law=AT_ONCE, given=(join, team), first=leave, second=add, anomaly=skew),
        Scene(law=KILLED, given=(join, team, add), first=leave),
        Scene(law=KILLED, given=(join, team), first=add),
    )
