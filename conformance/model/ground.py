"""What stands in the database before a history begins: rows of ours, so that an implementation need not offer what its
laws only presuppose. Ids are `Ref`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from conformance.model.conduct import Call, Ref

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def id_of(symbol: str) -> str:
    """The id of a row of ours: the same in every run."""
    return str(uuid5(NAMESPACE_OID, symbol))


def orgs(*names: str) -> Rows:
    """Organizations."""
    return {"organizations": [{"id": Ref(name=name), "name": name, "slug": name} for name in names]}


def users(*names: str, org: str | None = None) -> Rows:
    """Users, who are members of the organization where one is given. They share a name, which is nobody's key."""
    rows = [
        {"id": Ref(name=name), "email": f"{name}@example.org", "name": "Sam", "password_hash": "-"} for name in names
    ]
    return {"users": rows, **(members(*names, org=org) if org is not None else {})}


def members(*names: str, org: str, role: str = "member") -> Rows:
    """Memberships of users who are there."""
    return {"org_memberships": [{"user_id": Ref(name=n), "org_id": Ref(name=org), "role": role} for n in names]}


def agents(*names: str, org: str) -> Rows:
    """Agents that may be talked to."""
    rows = [{"id": Ref(name=n), "name": f"agent {n}", "org_id": Ref(name=org), "chat_capable": True} for n in names]
    return {"agents": rows}


def goals(*names: str, agent: str, org: str) -> Rows:
    """Active goals."""
    rows = [
        {"id": Ref(name=n), "agent_id": Ref(name=agent), "goal_text": n, "status": "active", "org_id": Ref(name=org)}
        for n in names
    ]
    return {"goals": rows}


def workers(*names: str, org: str) -> Rows:
    """Workers."""
    return {"workers": [{"id": Ref(name=n), "hostname": n, "org_id": Ref(name=org)} for n in names]}


def task(name: str, goal: str, agent: str, org: str, **columns: Any) -> Rows:
    """A task in a graph of its own."""
    row = {"id": Ref(name=name), "graph_id": Ref(name=f"graph of {name}"), "goal_id": Ref(name=goal)}
    return {"tasks": [{**row, "agent_id": Ref(name=agent), "org_id": Ref(name=org), "type": "work", **columns}]}


def together(*some: Rows) -> Rows:
    """All of them, in the order in which they can be put in."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in some:
        for table, rows in one.items():
            found.setdefault(table, []).extend(rows)
    return found


def call(op: str, *, gives: str | Sequence[str] = (), **args: Any) -> Call:
    """A call; an argument that is a symbol in a `Ref`."""
    return Call(op=op, args=tuple(args.items()), gives=(gives,) if isinstance(gives, str) else tuple(gives))


def refs(*names: str) -> tuple[Ref, ...]:
    """What the symbols stand for."""
    return tuple(Ref(name=name) for name in names)
