"""What an implementation offers so that it can be proven: `conformance prove --adapter module:factory`.

    from conformance.properties.adapter import Adapter, Refused, Sandbox

    class Mine(Adapter):
        def __init__(self, sandbox: Sandbox) -> None:
            self.connection = sandbox.connect()

        def vote(self, *, request: str, user: str, decision: str) -> None:
            ...

`module:Mine` is called with a `Sandbox`, once for each session that is wanted, and gives an adapter. What an adapter
does not define is not applicable, and the report says so. What it declines it answers with `Refused`; any other
exception is an error of the implementation. Ids are strings. What a call has done is looked up in the database, so that
nobody has to be believed.

The laws are those of the platform's documentation. Where a call may be answered in two ways (a second vote of the same
user may be refused, or taken and not counted), both are right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Refused(Exception):
    """The implementation declines the call, and nothing has changed."""


class Conflict(Refused):
    """It declines the call for now, because of another session: the call may be repeated."""


class Sandbox(Protocol):
    """Where an implementation stands: a database of its own, which it may fill as it likes.

    Two sessions are interleaved, or one is ended, between the statements that go over connections of `connect`, or
    over `url`; what goes another way is not held, and can only be called at once and often.
    """

    @property
    def url(self) -> str:
        """A URL of the database, for pools and processes of the implementation's own."""

    def connect(self, *, autocommit: bool = False, **options: Any) -> Any:
        """A new `psycopg.Connection` to the database; `options` are those of `psycopg.connect`."""


class Adapter(Protocol):
    """The operations, each of which may be left out. `-> str` gives the id of what was made."""

    def __init__(self, sandbox: Sandbox) -> None:
        """One session."""

    def close(self) -> None:
        """The session is over: connections may be closed."""

    # people and tenants

    def create_org(self, *, name: str) -> str:
        """An organization. Names are unique."""
        raise NotImplementedError

    def create_user(self, *, name: str) -> str:
        """A user, who is in no organization yet."""
        raise NotImplementedError

    def join_org(self, *, user: str, org: str) -> None:
        """The user becomes a member; one who is already may be refused, or stays what he is."""
        raise NotImplementedError

    def leave_org(self, *, user: str, org: str) -> None:
        """The user is no member any more, and no member of its teams either."""
        raise NotImplementedError

    def create_team(self, *, org: str, name: str) -> str:
        """A team of the organization. Names are unique within it."""
        raise NotImplementedError

    def add_team_member(self, *, team: str, user: str) -> None:
        """Refused for a user who is no member of the team's organization."""
        raise NotImplementedError

    def list_agents(self, *, org: str) -> Sequence[str]:
        """The agents that this organization has: all of them, and none of another."""
        raise NotImplementedError

    # agents

    def create_agent(self, *, org: str, name: str) -> str:
        """Refused where an agent has this name, of whichever organization. Its configuration has no revision yet."""
        raise NotImplementedError

    def rename_agent(self, *, agent: str, name: str) -> None:
        """Refused where another agent has this name."""
        raise NotImplementedError

    def configure_agent(self, *, agent: str, config: Mapping[str, Any]) -> int:
        """A new revision of the configuration, which becomes the active one: its number. The first is 1."""
        raise NotImplementedError

    def drain_agent(self, *, agent: str) -> None:
        """The agent accepts no new goal from now on."""
        raise NotImplementedError

    def delete_agent(self, *, agent: str) -> None:
        """The agent goes, and all goals and tasks of its own with it."""
        raise NotImplementedError

    # goals

    def create_goal(self, *, agent: str, text: str, depends_on: Sequence[str] = ()) -> str:
        """A goal: active, or blocked while one that it depends on is not completed. Refused for what is no goal."""
        raise NotImplementedError

    def depend_on_goal(self, *, goal: str, depends_on: str) -> None:
        """Refused where a goal would wait for itself, by any way, for what is no goal, and where it is completed."""
        raise NotImplementedError

    def complete_goal(self, *, goal: str) -> None:
        """Refused where the goal is blocked, or one of its tasks is not completed. What it blocked becomes active."""
        raise NotImplementedError

    # tasks

    def plan(self, *, goal: str, tasks: int, edges: Sequence[tuple[int, int]]) -> Sequence[str]:
        """A graph of new tasks in the state `created`, and their ids; `(1, 0)`: the second waits for the first.

        Refused where the edges have a cycle; then there is no task."""
        raise NotImplementedError

    def add_dependency(self, *, task: str, depends_on: str) -> None:
        """`task` waits for `depends_on`. Refused where a task would wait for itself, by any way, and across graphs.

        Asked for where the task is not queued yet."""
        raise NotImplementedError

    def transition(self, *, task: str, to: str) -> None:
        """created → pending → queued → scheduled → running → completed or failed. Refused for every other move, and
        for `queued` while one that it depends on is not completed."""
        raise NotImplementedError

    def retry(self, *, task: str) -> None:
        """A failed task is queued again, and its `retries` counted, or becomes a `dead_letter` where none is left."""
        raise NotImplementedError

    def take(self, *, worker: str) -> str | None:
        """A worker takes one queued task, which is `scheduled` and his from then on; None where there is none."""
        raise NotImplementedError

    # approvals

    def request_approval(self, *, goal: str, required: int) -> str:
        """A pending request for a risky tool call of the goal, which `required` users (at least 1) have to approve."""
        raise NotImplementedError

    def vote(self, *, request: str, user: str, decision: str) -> None:
        """`approved` or `denied`. A second vote of a user, and one after the decision, change nothing."""
        raise NotImplementedError

    def legacy_decide(self, *, request: str, user: str, decision: str) -> None:
        """The way of before 0028: one decider, in `decided_by`. He counts as one vote, and no more.

        Where two or more have to approve, one approval is refused, or counted as a vote."""
        raise NotImplementedError

    # chat

    def open_session(self, *, agent: str, user: str, retention_days: int | None = None) -> str:
        """A chat session of the agent's organization. Refused for a user of another, and for less than a day."""
        raise NotImplementedError

    def send_message(self, *, session: str, role: str, content: str) -> str:
        """Role `user`, `assistant` or `system`; any other is refused."""
        raise NotImplementedError


OPERATIONS: tuple[str, ...] = tuple(name for name in vars(Adapter) if not name.startswith("_") and name != "close")
"""The names of all operations."""


def offers(adapter: object) -> frozenset[str]:
    """The operations that an adapter has: those that are there and are not those of `Adapter` itself."""
    found = {name: getattr(type(adapter), name, None) or getattr(adapter, name, None) for name in OPERATIONS}
    return frozenset(name for name, it in found.items() if callable(it) and it is not getattr(Adapter, name))
