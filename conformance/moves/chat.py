"""Chat sessions and messages, as plain statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.conduct import Call
from conformance.model.ground import id_of
from conformance.model.move import Insert, Move, Rows
from conformance.oracles.chat import ORG_OF

AREA = "chat"
_LONG_AGO = "2020-01-01T00:00:00+00:00"
STRAYS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "chat_sessions": {
        "retention_days": (None, 1, 0, -1),
        "created_at": (_LONG_AGO,),
        "agent_id": (id_of("a1"), id_of("a2"), id_of("no agent")),
        "org_id": (id_of("o1"), id_of("o2")),
        "status": ("active", "closed", "lost"),
    },
    "chat_messages": {
        "role": ("user", "tool"),
        "created_at": (_LONG_AGO,),
        "session_id": (id_of("s1"), id_of("no session")),
    },
}
"""What a careless statement may set a column to."""


def moves(call: Call, value: Any, rows: Rows) -> Iterator[Move]:
    """What a call does to the rows; `value` is what it gives."""
    if call.op == "open_session":
        agent = call.arg("agent")
        row = {
            "id": id_of(call.gives[0]),
            "agent_id": id_of(agent),
            "user_id": id_of(call.arg("user")),
            "org_id": id_of(ORG_OF[agent]),
            "retention_days": call.arg("retention_days"),
        }
        yield Insert(table="chat_sessions", row=row)
        return
    row = {
        "id": id_of(call.gives[0]),
        "session_id": id_of(call.arg("session")),
        "role": call.arg("role"),
        "content": call.arg("content"),
    }
    yield Insert(table="chat_messages", row=row)
