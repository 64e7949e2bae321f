"""Implementations as strangers write them: three that are wrong in ways that are easily thought right, and three that are
right in unusual ways."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "fixtures" / "implementations"))

import psycopg
from psycopg.types.json import Jsonb
from reference import Reference

from conformance.properties.adapter import Conflict, Refused, Sandbox

_TRIES = 20


class Votes(Reference):
    """What of a vote is common to those here."""

    def votes_with(self, request: str, user: str, decision: str, *, lock: str = "") -> tuple[int, list[Any], list[Any]]:
        """How many are required, the votes, and the votes with this one. Refused where it may not be given."""
        status, required, votes = self.one(
            f"SELECT status, required_approvals, approvals FROM approval_requests WHERE id = %s {lock}", request
        )
        if status != "pending" or any(vote["user_id"] == user for vote in votes):
            raise Refused("it is decided, or the user has voted")
        (now,) = self.one("SELECT clock_timestamp()")
        return required, votes, [*votes, {"user_id": user, "decision": decision, "decided_at": now.isoformat()}]


class DecidesLater(Votes):
    """Adds the vote under a lock, and decides in a transaction of its own."""

    def vote(self, *, request: str, user: str, decision: str) -> None:
        with self.call():
            required, _, votes = self.votes_with(request, user, decision, lock="FOR UPDATE")
            statement = "UPDATE approval_requests SET approvals = %s::jsonb WHERE id = %s"
            self.run(statement, json.dumps(votes), request)
        with self.call():
            if (status := self.decision(required, votes)) != "pending":
                self.decide(request, status, votes, user)


class TriesTheLock(Reference):
    """Takes the lock of a graph where it is free, and goes on without it where it is not."""

    def lock_graph(self, graph: Any) -> None:
        self.run("SELECT pg_try_advisory_xact_lock(hashtext(%s))", f"tasks of {graph}")


class CountsRevisions(Reference):
    """Numbers a revision by how many there are, and takes a clash for done."""

    def configure_agent(self, *, agent: str, config: Mapping[str, Any]) -> int:
        with self.call():
            (number,) = self.one("SELECT count(*) + 1 FROM agent_config_revisions WHERE agent_id = %s", agent)
            self.run(
                "INSERT INTO agent_config_revisions (agent_id, revision, payload, created_at)"
                " VALUES (%s, %s, %s, clock_timestamp()) ON CONFLICT DO NOTHING",
                agent,
                number,
                Jsonb(dict(config)),
            )
            self.run("UPDATE agents SET active_config_revision = %s WHERE id = %s", number, agent)
        return int(number)


class ComparesAndSwaps(Votes):
    """No lock: the UPDATE names what was read, and what finds no row is tried again."""

    def vote(self, *, request: str, user: str, decision: str) -> None:
        for _ in range(_TRIES):
            with self.call():
                required, before, votes = self.votes_with(request, user, decision)
                done = self.run(
                    "UPDATE approval_requests SET approvals = %s::jsonb, status = %s"
                    " WHERE id = %s AND approvals = %s::jsonb AND status = 'pending'",
                    json.dumps(votes),
                    self.decision(required, votes),
                    request,
                    json.dumps(before),
                ).rowcount
            if done:
                return
        raise Conflict("others vote all the time")

    def take(self, *, worker: str) -> str | None:
        for _ in range(_TRIES):
            with self.call():
                row = self.run("SELECT id FROM tasks WHERE status = 'queued' ORDER BY id LIMIT 1").fetchone()
                if row is None:
                    return None
                done = self.run(
                    "UPDATE tasks SET status = 'scheduled', worker_id = %s WHERE id = %s AND status = 'queued'",
                    worker,
                    row[0],
                ).rowcount
            if done:
                return str(row[0])
        raise Conflict("others take all the time")


class Serializable(Reference):
    """No lock: transactions that are serializable, tried again where they are not."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE

    def run(self, statement: str, *values: Any) -> psycopg.Cursor[Any]:
        if "pg_advisory" in statement:
            return super().run("SELECT 1")
        return super().run(statement.replace(" FOR UPDATE SKIP LOCKED", "").replace(" FOR UPDATE", ""), *values)


class OneAtATimeByLock(Reference):
    """One lock of the session around each call; that it is gone with its session is no error."""


def _again(call: Callable[..., Any]) -> Callable[..., Any]:
    def tried(self: Serializable, **given: Any) -> Any:
        for _ in range(_TRIES):
            try:
                return call(self, **given)
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                continue
        raise Conflict("others are in the way")

    return tried


def _locked(call: Callable[..., Any]) -> Callable[..., Any]:
    def alone(self: OneAtATimeByLock, **given: Any) -> Any:
        self.connection.execute("SELECT pg_advisory_lock(4711)")
        self.connection.commit()
        try:
            return call(self, **given)
        finally:
            try:
                self.connection.execute("SELECT pg_advisory_unlock(4711)")
                self.connection.commit()
            except psycopg.OperationalError:
                self.connection.close()

    return alone


for _name in ("vote", "add_dependency", "transition", "retry", "take", "plan"):
    setattr(Serializable, _name, _again(getattr(Reference, _name)))
    setattr(OneAtATimeByLock, _name, _locked(getattr(Reference, _name)))
