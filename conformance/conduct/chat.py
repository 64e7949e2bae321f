"""Chat: sessions with an agent, and the messages in them."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model import ground
from conformance.model.conduct import Call, Law, Put, Query, Scene
from conformance.model.ground import call, refs
from conformance.oracles.chat import Chat

AREA = "chat"
GIVEN = "organization o1 with its agent a1 and user u1, organization o2 with a2 and u2, and u3, a member of both"
GROUND = ground.together(
    ground.orgs("o1", "o2"),
    ground.users("u1", org="o1"),
    ground.users("u2", org="o2"),
    ground.users("u3", org="o1"),
    ground.members("u3", org="o2"),
    ground.agents("a1", org="o1"),
    ground.agents("a2", org="o2"),
)
OPERATIONS = ("open_session", "send_message")
TABLES = frozenset({"chat_sessions", "chat_messages"})
STEPS = 7
QUERIES = (
    Query(
        noun="session",
        sql="""
SELECT s.id, s.agent_id AS agent, s.user_id AS user, s.org_id AS organization, s.retention_days::text AS retention_days,
       (SELECT coalesce(string_agg(m.role || ':' || m.content, ', ' ORDER BY m.created_at), '')
        FROM chat_messages AS m WHERE m.session_id = s.id) AS messages
FROM chat_sessions AS s""",
    ),
)

_OPEN = frozenset({"open_session"})
OWN_ORG = Law(
    id="chat/own-org",
    level="should",
    since="0018",
    expected="a session is of its agent's organization, and opened for its members alone",
    needs=_OPEN,
    papers="""A session belongs to the organization of its agent, and a user of another does not open one.

Why: what belongs to one organization is never visible to another, and an agent tells what it knows.

Example: u2 of o2 opens no session with a1 of o1.

Repair: look for the membership in the statement that adds the session, and take `org_id` from the agent.""",
)
RETENTION = Law(
    id="chat/retention",
    level="should",
    since="0024",
    expected="less than a day is refused",
    needs=_OPEN,
    papers="""`retention_days`, where it is set, is positive.

Why: a session of 0 days is deleted under the hands of who is in it.

Example: 0 and -1 are refused, 1 and none are not.

Repair: a condition before the row is added, and a CHECK.""",
)
ROLES = Law(
    id="chat/roles",
    level="should",
    since="0016",
    expected="a role that is none of user, assistant and system is refused",
    needs=_OPEN | {"send_message"},
    papers="""A message has one of three roles. Another is refused, and does not end in an error.

Why: what reads the messages does not know what to make of it.

Example: `tool` is refused.

Repair: take the check violation for the refusal that it is.""",
)
MESSAGES = Law(
    id="chat/messages",
    level="should",
    since="0016",
    expected="each message is in its session, in the order in which they were sent",
    needs=_OPEN | {"send_message"},
    papers="""Messages keep their session: each that was sent is there, once, in its session and in its place.

Why: an agent answers what it reads.

Example: hello by u1, then the answer.

Repair: one row a message, with the time at which it was sent.""",
)
ACCEPTS = Law(
    id="chat/accepts",
    level="must",
    since="0016",
    expected="what is documented is accepted",
    needs=_OPEN,
    papers="""Sessions and messages that the documentation allows are accepted, and no call ends in an error.

Why: an implementation that refuses everything breaks no other law.

Example: a message without content.

Repair: as the message says.""",
)
INVARIANTS = Law(
    id="chat/invariants",
    level="must",
    since="0016",
    expected="every invariant of the rows holds after every call",
    needs=_OPEN,
    way="invariants",
    papers="""The invariants of `conformance audit` that are about sessions and messages hold after every call.

Why: what one version writes, all later ones read.

Example: `0018/chat_sessions.agent_id/same-org`.

Repair: as that of the invariant, which `conformance explain` prints.""",
)
KILLED = Law(
    id="chat/killed",
    level="should",
    since="0016",
    expected="a session that ends between two statements leaves nothing half done",
    needs=_OPEN | {"send_message"},
    way="crash",
    papers="""The session is ended before each of the statements of a call: every invariant holds, and the call,
repeated, ends as if nothing had been.

Why: connections break, and processes are killed in the middle of a deployment.

Example: killed before the commit of a message.

Repair: one transaction a call.""",
)


def model() -> Chat:
    """No session yet."""
    return Chat()


def put(call: Call) -> Put:
    """Nothing is put beside the ground."""
    return Put()


def scenes() -> Sequence[Scene]:
    """Sessions and messages that are interrupted."""
    a1, u1, s1 = refs("a1", "u1", "s1")
    opened = call("open_session", agent=a1, user=u1, retention_days=30, gives="s1")
    return (
        Scene(law=KILLED, given=(), first=opened),
        Scene(
            law=KILLED,
            given=(opened,),
            first=call("send_message", session=s1, role="user", content="hello", gives="m1"),
        ),
    )
