"""Organizations, teams and their members, as plain statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.conduct import Call
from conformance.model.ground import id_of
from conformance.model.move import Delete, Insert, Move, Rows

AREA = "tenants"
STRAYS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "org_memberships": {
        "user_id": (id_of("u1"), id_of("u2"), id_of("nobody")),
        "org_id": (id_of("o1"), id_of("o2")),
        "role": ("admin", "owner"),
    },
    "teams": {"org_id": (id_of("o1"), id_of("o2"), id_of("no organization")), "slug": ("blue", "red")},
    "team_memberships": {"user_id": (id_of("u1"), id_of("u2")), "team_id": (id_of("t1"), id_of("no team"))},
    "users": {"email": ("u1@example.org",)},
    "organizations": {"name": ("o1",), "status": ("active", "asleep")},
}
"""What a careless statement may set a column to."""


def moves(call: Call, value: Any, rows: Rows) -> Iterator[Move]:
    """What a call does to the rows; `value` is what it gives."""
    match call.op:
        case "join_org":
            yield Insert(table="org_memberships", row=_of(call, "user", "org"))
        case "leave_org":
            own = [row.get("id") for row in rows.get("teams", ()) if row.get("org_id") == id_of(call.arg("org"))]
            for row in rows.get("team_memberships", ()):
                if row.get("user_id") == id_of(call.arg("user")) and row.get("team_id") in own:
                    yield Delete(table="team_memberships", key={"team_id": row["team_id"], "user_id": row["user_id"]})
            yield Delete(table="org_memberships", key=_of(call, "user", "org"))
        case "create_team":
            name = call.arg("name")
            row = {"id": id_of(call.gives[0]), "org_id": id_of(call.arg("org")), "name": name, "slug": name}
            yield Insert(table="teams", row=row)
        case "add_team_member":
            yield Insert(table="team_memberships", row=_of(call, "team", "user"))


def _of(call: Call, *names: str) -> dict[str, Any]:
    return {f"{name}_id": id_of(call.arg(name)) for name in names}
