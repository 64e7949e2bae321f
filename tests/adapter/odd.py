"""Implementations that are odd rather than wrong, and some that do not keep to the protocol."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Lock
from typing import Any

from conformance.properties.adapter import Adapter, Conflict, Sandbox

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "fixtures" / "implementations"))

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
        import psycopg

        self.connection = psycopg.connect(sandbox.url, options="")


def unopenable(sandbox: Sandbox) -> Any:
    """Cannot be opened."""
    raise RuntimeError("no configuration\nsecond line")


value = 3
