"""What the documentation says of goals after a history of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.model.conduct import Call, Expected, Ref, View
from conformance.model.ground import call

MOST = 4
NOWHERE = "g0"
"""No goal has this id."""


class Goals:
    """The goals by their symbols, what each waits for, and whether its task is completed."""

    def __init__(self) -> None:
        self.status: dict[str, str] = {}
        self.agent: dict[str, str] = {}
        self.waits: dict[str, set[str]] = {}
        self.tasks: dict[str, str] = {}
        self.drains = False

    def offers(self, op: str) -> Sequence[Call]:
        names = list(self.status)
        match op:
            case "create_goal":
                new = f"g{len(names) + 1}"
                wanted = [(), *[(name,) for name in names], *[tuple(names[-2:])][: len(names) > 1], (NOWHERE,)]
                made = [
                    call(op, agent=Ref(name=agent), text=new, depends_on=tuple(Ref(name=n) for n in some), gives=new)
                    for agent, some in [*(("a1", some) for some in wanted), ("a2", ())]
                ]
                return made if len(names) < MOST else ()
            case "depend_on_goal":
                others = [*names, NOWHERE]
                return [call(op, goal=Ref(name=name), depends_on=Ref(name=other)) for name in names for other in others]
            case "complete_goal":
                return [call(op, goal=Ref(name=name)) for name in names]
            case "drain_agent":
                return [call(op, agent=Ref(name="a1"))] if names and not self.drains else ()
        return [
            call("put", goal=Ref(name=name), task=Ref(name=f"t{name[1:]}"), status=status)
            for name in names
            if f"t{name[1:]}" not in self.tasks and self.status[name] != "completed"
            for status in ("pending", "completed", "failed", "dead_letter")
        ]

    def _left(self, name: str) -> list[str]:
        return sorted(other for other in self.waits[name] if self.status[other] != "completed")

    def _reaches(self, start: str, end: str) -> bool:
        seen, todo = {start}, [start]
        while todo:
            for other in self.waits[todo.pop()] - seen:
                seen.add(other)
                todo.append(other)
        return end in seen

    def expected(self, call: Call) -> Expected:
        if call.op == "create_goal":
            if self.drains and call.arg("agent") == "a1":
                return Expected(fate="refused", law="drained", why="a1 is draining")
            wanted = [ref.name for ref in dict(call.args)["depends_on"]]
            if NOWHERE in wanted:
                return Expected(fate="refused", law="blocked", why=f"there is no goal {NOWHERE}")
            left = [name for name in wanted if self.status[name] != "completed"]
            why = f"{', '.join(left)} is not completed" if left else "nothing that it depends on is open"
            if self.drains:
                why = f"a1 is draining, and {call.arg('agent')} is not"
                return Expected(fate="accepted", law="drained", why=why)
            return Expected(fate="accepted", law="blocked", why=why, sort=f"{len(left)} open")
        if call.op == "drain_agent":
            return Expected(fate="accepted", law="drained", why="an agent may be drained")
        name = call.arg("goal")
        if call.op == "complete_goal":
            return self._completion(name)
        other = call.arg("depends_on")
        if self.status[name] == "completed":
            return Expected(fate="refused", law="completes", why=f"{name} is completed")
        if other == NOWHERE:
            return Expected(fate="refused", law="blocked", why=f"there is no goal {NOWHERE}")
        if other != name and self._reaches(other, name):
            far = "at once" if name in self.waits[other] else "far"
            return Expected(fate="refused", law="acyclic", why=f"{other} waits for {name} already", sort=far)
        if other == name:
            return Expected(fate="refused", law="acyclic", why=f"{name} would wait for itself")
        if other in self.waits[name]:
            return Expected(fate="either", law="blocked", why=f"{name} waits for {other} already")
        why = f"{other} is {self.status[other]}, and it closes no cycle"
        return Expected(fate="accepted", law="blocked", why=why, sort=f"{self.status[name]} on {self.status[other]}")

    def _completion(self, name: str) -> Expected:
        if self.status[name] == "completed":
            return Expected(fate="either", law="completes", why=f"{name} is completed already")
        if left := self._left(name):
            why = f"{', '.join(left)}, which {name} depends on, is not completed"
            return Expected(fate="refused", law="blocked", why=why)
        if (task := self.tasks.get(f"t{name[1:]}", "completed")) != "completed":
            return Expected(fate="refused", law="tasks-first", why=f"a task of {name} is not completed", sort=task)
        law = "blocked" if any(name in others for others in self.waits.values()) else "completes"
        why = f"nothing of {name} is left, and it may complete"
        return Expected(fate="accepted", law=law, why=why, sort=self._waiting(name))

    def _waiting(self, name: str) -> str:
        """What waits for a goal: for it alone, or for later or earlier ones too; of its own agent, or another; whether
        that drains."""
        found = {
            f"{'alone' if self._left(other) == [name] else self._left(other)[-1] == name}"
            f" {self.agent[other] == self.agent[name]}"
            for other, wanted in self.waits.items()
            if name in wanted
        }
        return ", ".join([*sorted(found), *["draining"] * (self.drains and self.agent[name] == "a1")])

    def objection(self, call: Call, value: Any) -> str:
        return ""

    def plausible(self, call: Call) -> Any:
        return None

    def apply(self, call: Call, value: Any) -> None:
        match call.op:
            case "create_goal":
                new = call.gives[0]
                self.agent[new] = call.arg("agent")
                self.status[new], self.waits[new] = "active", {ref.name for ref in dict(call.args)["depends_on"]}
                self.status[new] = "blocked" if self._left(new) else "active"
            case "drain_agent":
                self.drains = True
            case "depend_on_goal":
                name = call.arg("goal")
                self.waits[name].add(call.arg("depends_on"))
                if self._left(name):
                    self.status[name] = "blocked"
            case "complete_goal":
                self.status[call.arg("goal")] = "completed"
                for name, status in self.status.items():
                    if status == "blocked" and not self._left(name):
                        self.status[name] = "active"
            case "put":
                self.tasks[call.arg("task")] = call.arg("status")

    def view(self) -> View:
        goals = {
            f"goal {name}": {
                "status": status,
                "waits for": tuple(sorted(self.waits[name])),
                "completed_at": "set" if status == "completed" else None,
            }
            for name, status in self.status.items()
        }
        return {**goals, **{f"task {name}": {"status": status} for name, status in self.tasks.items()}}
