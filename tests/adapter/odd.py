"""Implementations that are odd rather than wrong, and some that do not keep to the protocol."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from threading import Lock
from typing import Any

from conformance.properties.adapter import Adapter, Conflict, Sandbox
from conformance.sandbox.interrupts import Terminated

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "fixtures" / "implementations"))

import psycopg
from reference import Reference

_LOCK = Lock()


class VotesOnly(Adapter):
    """Offers so little that no law is about it."""

    def vote(self, *, request: str, user: str, decision: str) -> None:
        """Nothing."""


class Nothing(Adapter):
    """Offers nothing."""


class Silent(Reference):
    """Answers a request with None, which is no id."""

    def request_approval(self, *, goal: str, required: int) -> Any:
        super().request_approval(goal=goal, required=required)


class LeavesItOpen(Reference):
    """Never commits a vote."""

    def vote(self, *, request: str, user: str, decision: str) -> None:
        self.run("UPDATE approval_requests SET tool_name = 'x' WHERE id = %s", request)


class OneAtATime(Reference):
    """Votes under a lock of the process: a session waits for something that the server does not know."""

    def vote(self, *, request: str, user: str, decision: str) -> None:
        with _LOCK:
            super().vote(request=request, user=user, decision=decision)


class Impatient(Reference):
    """Declines a vote for now where the request is locked: the caller repeats it."""

    def run(self, statement: str, *values: Any) -> Any:
        statement = statement.replace(
            "approval_requests WHERE id = %s FOR UPDATE", "approval_requests WHERE id = %s FOR UPDATE NOWAIT"
        )
        try:
            return super().run(statement, *values)
        except Exception as error:
            if getattr(error, "sqlstate", "") == "55P03":
                raise Conflict("somebody votes just now") from error
            raise


class ByUrl(Reference):
    """Opens its connections itself."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.connection = psycopg.connect(sandbox.url, options="")


class ByAnotherWay(Reference):
    """Opens its connections itself, and not by the URL that it was given."""

    def __init__(self, sandbox: Sandbox) -> None:
        known = sandbox.connect()
        self.connection = psycopg.connect(known.info.dsn, options="")
        known.close()


class ByUrlUnlocked(ByUrl):
    """Opens its connections itself, and votes without a lock."""

    def run(self, statement: str, *values: Any) -> Any:
        return super().run(statement.replace("id = %s FOR UPDATE", "id = %s"), *values)


class Talks(Reference):
    """Prints what it does, as services in development do."""

    def list_agents(self, *, org: str) -> Any:
        print("listing agents")  # noqa: T201
        return super().list_agents(org=org)


class Exits(Reference):
    """Ends the process on a vote, as if all were well."""

    def vote(self, *, request: str, user: str, decision: str) -> None:
        sys.exit(0)


class AskedToEnd(Reference):
    """While it votes, the process is asked to end."""

    def vote(self, *, request: str, user: str, decision: str) -> None:
        raise Terminated(143)


class Cancelled(Reference):
    """What it does asynchronously is cancelled, which is no `Exception`."""

    def vote(self, *, request: str, user: str, decision: str) -> None:
        raise asyncio.CancelledError


class Asynchronous(Reference):
    """Gives back what was to be waited for."""

    async def vote(self, *, request: str, user: str, decision: str) -> None:  # type: ignore[override]
        super().vote(request=request, user=user, decision=decision)


class ListsNothing(Reference):
    """Answers with None where a list is asked for."""

    def list_agents(self, *, org: str) -> Any:
        return None


class Blank(Reference):
    """Answers with an empty id."""

    def request_approval(self, *, goal: str, required: int) -> str:
        super().request_approval(goal=goal, required=required)
        return ""


class LocksItselfOut(Reference):
    """Writes to one row over two connections: the server knows of no deadlock."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.other = sandbox.connect(autocommit=True)

    def vote(self, *, request: str, user: str, decision: str) -> None:
        with self.call():
            self.run("SELECT FROM approval_requests WHERE id = %s FOR UPDATE", request)
            self.other.execute("UPDATE approval_requests SET tool_name = 'x' WHERE id = %s", (request,))


class StandsStillOnce(Reference):
    """One of its votes takes long, as where the machine stands still for a while."""

    stood = False

    def vote(self, *, request: str, user: str, decision: str) -> None:
        if not StandsStillOnce.stood:
            StandsStillOnce.stood = True
            self.run("SELECT pg_sleep(3)")
        super().vote(request=request, user=user, decision=decision)


class ConnectsAnew(Reference):
    """Repeats a call by itself, on a new connection, when its session has ended."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.sandbox = sandbox

    def request_approval(self, *, goal: str, required: int) -> str:
        try:
            return super().request_approval(goal=goal, required=required)
        except psycopg.OperationalError:
            self.connection = self.sandbox.connect()
            return super().request_approval(goal=goal, required=required)


class WaitsForNoLock(Reference):
    """Asks for locks with NOWAIT, and lets the server's word out as it is."""

    def run(self, statement: str, *values: Any) -> Any:
        return super().run(statement.replace("id = %s FOR UPDATE", "id = %s FOR UPDATE NOWAIT"), *values)


def unopenable(sandbox: Sandbox) -> Any:
    """Cannot be opened."""
    raise RuntimeError("no configuration\nsecond line")


def leaves(sandbox: Sandbox) -> Any:
    """Ends the process instead of being opened."""
    sys.exit(0)


value = 3


class BreaksAndMends(Reference):
    """Trusts an agent too much with each name that it is given, and as it should with each configuration."""

    def rename_agent(self, *, agent: str, name: str) -> None:
        super().rename_agent(agent=agent, name=name)
        self.trust(agent, 2)

    def configure_agent(self, *, agent: str, config: Any) -> int:
        self.trust(agent, 1)
        return super().configure_agent(agent=agent, config=config)

    def trust(self, agent: str, score: int) -> None:
        """A score, of which no answer tells."""
        with self.call():
            self.run("UPDATE agents SET trust_score = %s WHERE id = %s", score, agent)
