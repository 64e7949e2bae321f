"""Agents: their names, the revisions of their configuration, and what goes with them."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model import ground
from conformance.model.conduct import Call, Law, Put, Query, Scene
from conformance.model.ground import call, refs
from conformance.oracles.agents import Agents

AREA = "agents"
GIVEN = "organizations o1 and o2"
GROUND = ground.orgs("o1", "o2")
OPERATIONS = ("create_agent", "rename_agent", "configure_agent", "delete_agent", "put")
TABLES = frozenset({"agents", "agent_config_revisions"})
STEPS = 9
QUERIES = (
    Query(
        noun="agent",
        sql="""
SELECT a.id, a.name, a.org_id AS organization,
       ARRAY(SELECT r.revision::text FROM agent_config_revisions AS r WHERE r.agent_id = a.id) AS revisions,
       ARRAY(SELECT DISTINCT m.found[1] FROM agent_config_revisions AS r,
                    regexp_matches(r.payload::text, 'model-[sm]', 'g') AS m (found)
             WHERE r.agent_id = a.id) AS "models ever configured",
       a.active_config_revision::text AS "active revision"
FROM agents AS a""",
    ),
    Query(noun="goal", sql="SELECT g.id, g.agent_id AS agent FROM goals AS g"),
    Query(noun="task", sql="SELECT t.id, t.agent_id AS agent FROM tasks AS t"),
)

_CREATE = frozenset({"create_agent"})
NAME_ONCE = Law(
    id="agents/name-once",
    level="must",
    since="0015",
    expected="a name that another agent has is refused, of whichever organization",
    needs=_CREATE,
    papers="""An agent's name is unique over the whole platform: a second agent of a name is refused, and so is a
new name that another has. Refused, and not an error.

Why: two agents of one name are one agent to whoever calls it by name.

Example: o1 has an agent Ann; o2 may not have one.

Repair: take the unique violation of `agents.name` for the refusal that it is.""",
)
REVISIONS = Law(
    id="agents/revisions-rise",
    level="should",
    since="0024",
    expected="each configuration is a new revision, higher than all before, and the active one",
    needs=frozenset({"create_agent", "configure_agent"}),
    papers="""Each configuration is kept as a revision of its own; revisions rise, and the last is the active one.

Why: the history of an agent is read from them, and what is active is looked up by the number.

Example: the second configuration of an agent is revision 2; revision 1 is still there.

Repair: `max(revision) + 1` with the agent locked, and `active_config_revision` in the same transaction.""",
)
DELETED = Law(
    id="agents/deleted-whole",
    level="should",
    since="0001",
    expected="goals and tasks of an agent go with it, and nothing else does",
    needs=frozenset({"create_agent", "delete_agent"}),
    papers="""With an agent go its goals and its tasks, and nothing of another.

Why: `tasks.agent_id` has no foreign key; a task whose agent is gone is run by nobody, and shown for ever.

Example: a1 has a goal with a task; with a1 both go.

Repair: delete the tasks in the transaction that deletes the agent.""",
)
ACCEPTS = Law(
    id="agents/accepts",
    level="must",
    since="0015",
    expected="what is documented is accepted",
    needs=_CREATE,
    papers="""Agents, names and configurations that the documentation allows are accepted, and no call ends in an
error.

Why: an implementation that refuses everything breaks no other law.

Example: a name that was given up by a renaming may be given again.

Repair: as the message says.""",
)
INVARIANTS = Law(
    id="agents/invariants",
    level="must",
    since="0015",
    expected="every invariant of the rows holds after every call",
    needs=_CREATE,
    way="invariants",
    papers="""The invariants of `conformance audit` that are about agents and their revisions hold after every call.

Why: what one version writes, all later ones read.

Example: `0001/tasks.agent_id/no-orphan`.

Repair: as that of the invariant, which `conformance explain` prints.""",
)
NAME_AT_ONCE = Law(
    id="agents/names-at-once",
    level="must",
    since="0015",
    expected="two names at once end as one after the other would",
    needs=_CREATE,
    way="race",
    papers="""One name is not given twice, whatever two sessions do between each other's statements.

Why: each looks for the name before the other has written it, and both give it.

Example: two sessions create an agent Ann at once: one of them is refused.

Repair: UNIQUE (name), and no look before that stands in for it.""",
)
REVISIONS_AT_ONCE = Law(
    id="agents/revisions-at-once",
    level="should",
    since="0024",
    expected="two configurations at once end as one after the other would",
    needs=frozenset({"create_agent", "configure_agent"}),
    way="race",
    papers="""Two configurations of one agent at once become two revisions, the later of which is active.

Why: both take the same number; one is lost, or ends in an error that nobody expects.

Example: two sessions configure a1 at once: revisions 1 and 2, and 2 is active.

Repair: lock the agent before the number is taken.""",
)
KILLED = Law(
    id="agents/killed",
    level="should",
    since="0015",
    expected="a session that ends between two statements leaves nothing half done",
    needs=_CREATE,
    way="crash",
    papers="""The session is ended before each of the statements of a call: every invariant holds, and the call,
repeated, ends as if nothing had been.

Why: connections break, and processes are killed in the middle of a deployment.

Example: killed between a revision and its activation.

Repair: one transaction a call.""",
)


def model() -> Agents:
    """No agent yet."""
    return Agents()


def put(call: Call) -> Put:
    """A goal of an agent, with a task; the organization is left out."""
    args = dict(call.args)
    goal = {"id": args["goal"], "agent_id": args["agent"], "goal_text": "work", "status": "active"}
    rows = ground.task(args["task"].name, args["goal"].name, args["agent"].name, "o1")
    task = {name: value for name, value in rows["tasks"][0].items() if name != "org_id"}
    return Put(rows={"goals": [goal], "tasks": [task]})


def scenes() -> Sequence[Scene]:
    """Names and revisions at once, and calls that are interrupted."""
    o1, o2, a1, a2 = refs("o1", "o2", "a1", "a2")

    def agent(name: str, gives: str, org: str = "o1") -> Call:
        return call("create_agent", org=o1 if org == "o1" else o2, name=name, gives=gives)

    def rename(who: str, name: str) -> Call:
        return call("rename_agent", agent=a1 if who == "a1" else a2, name=name)

    def configure(text: str) -> Call:
        return call("configure_agent", agent=a1, config={"model": text})

    hang = call("put", agent=a1, goal=refs("g1")[0], task=refs("t1")[0])
    phantom = "a phantom: each session looks for the name before the other's row is there"
    lost = "a lost update: both sessions take the number that follows the one that both have read"
    return (
        Scene(law=NAME_AT_ONCE, given=(), first=agent("Ann", "a1"), second=agent("Ann", "a2", "o2"), anomaly=phantom),
        Scene(
            law=NAME_AT_ONCE,
            given=(agent("Ann", "a1"), agent("Bob", "a2")),
            first=rename("a1", "Cleo"),
            second=rename("a2", "Cleo"),
            anomaly=phantom,
        ),
        Scene(
            law=REVISIONS_AT_ONCE,
            given=(agent("Ann", "a1"),),
            first=configure("model-s"),
            second=configure("model-m"),
            anomaly=lost,
        ),
        Scene(law=KILLED, given=(), first=agent("Ann", "a1")),
        Scene(law=KILLED, given=(agent("Ann", "a1"),), first=configure("model-s")),
        Scene(law=KILLED, given=(agent("Ann", "a1"), hang), first=call("delete_agent", agent=a1)),
    )
