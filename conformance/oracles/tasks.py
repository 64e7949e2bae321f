"""What the documentation says of tasks after a history of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from conformance.model.conduct import Call, Expected, Ref, View
from conformance.model.ground import call

MOVES = {
    "created": ("pending",),
    "pending": ("queued",),
    "queued": ("scheduled",),
    "scheduled": ("running",),
    "running": ("completed", "failed"),
}
STATES = ("created", "pending", "queued", "scheduled", "running", "completed", "failed", "dead_letter")
MAX_RETRIES = 2

_PUT = (("pending", 0), ("failed", MAX_RETRIES), ("failed", 1), ("queued", 0), ("completed", 0), ("running", 0))
_EDGES: Sequence[tuple[int, tuple[tuple[int, int], ...]]] = (
    (3, ((1, 0), (2, 1))),
    (2, ((1, 0),)),
    (1, ()),
    (4, ((1, 0), (2, 1), (3, 2))),
    (2, ((1, 0), (0, 1))),
)


class Tasks:
    """The tasks by their symbols; of those that are `limited` we know how many retries they may have. Whether a task
    that is queued `again` still has the worker of before is left open."""

    def __init__(self) -> None:
        self.goal: dict[str, str] = {}
        self.status: dict[str, str] = {}
        self.retries: dict[str, int] = {}
        self.worker: dict[str, str] = {}
        self.again: set[str] = set()
        self.waits: dict[str, set[str]] = {}
        self.limited: set[str] = set()

    def offers(self, op: str) -> Sequence[Call]:
        names = list(self.status)
        match op:
            case "plan":
                goals = [goal for goal in ("g1", "g2") if goal not in self.goal.values()]
                first = len(names) + 1
                return [
                    call(op, goal=Ref(name=g), tasks=n, edges=edges, gives=[f"t{first + place}" for place in range(n)])
                    for g in goals
                    for n, edges in _EDGES[: None if names else -1]
                ]
            case "add_dependency":
                waiting = [name for name in names if self.status[name] in ("created", "pending")]
                return [call(op, task=Ref(name=a), depends_on=Ref(name=b)) for a in waiting for b in names]
            case "transition":
                return [self._move(name, to) for name in names for to in self._targets(name)]
            case "retry":
                known = [name for name in names if self.status[name] != "failed" or name in self.limited]
                order = sorted(known, key=lambda name: self.status[name] != "failed")
                failed = [name for name in order if self.status[name] == "failed"]
                return [call(op, task=Ref(name=name)) for name in [*failed * 3, *order]]
            case "take":
                return [call(op, worker=Ref(name=worker)) for worker in ("w1", "w2") if names]
        return [
            self._put(name, status, retries)
            for name in names
            if self.status[name] in ("created", "pending")
            for status, retries in _PUT[: None if self._startable(name) else 1]
        ]

    def _put(self, name: str, status: str, retries: int) -> Call:
        args: dict[str, Any] = {"task": Ref(name=name), "status": status, "retries": retries}
        if status in ("failed", "running"):
            args["worker"] = Ref(name="w1")
        return call("put", **args)

    def _move(self, name: str, to: str) -> Call:
        return call("transition", task=Ref(name=name), to=to)

    def _targets(self, name: str) -> list[str]:
        """Valid moves first, and what a retry does not do."""
        good = MOVES.get(self.status[name], ())
        own = {"failed": ("queued", "dead_letter")}.get(self.status[name], ())
        rest = [state for state in STATES if state not in (*good, *own, self.status[name])]
        return [*(() if name in self.again else good) * 3, *rest]

    def _startable(self, name: str) -> bool:
        return all(self.status[other] == "completed" for other in self.waits[name])

    def _distance(self, start: str, end: str) -> int | None:
        """By how many edges the one waits for the other. None where it does not."""
        seen, now, steps = {start}, {start}, 0
        while now and end not in now:
            now = {other for name in now for other in self.waits[name]} - seen
            seen |= now
            steps += 1
        return steps if now else None

    def expected(self, call: Call) -> Expected:
        match call.op:
            case "plan":
                cyclic = (0, 1) in call.arg("edges")
                why = "the plan has a cycle" if cyclic else "the plan has no cycle"
                return Expected(
                    fate="refused" if cyclic else "accepted", law="acyclic" if cyclic else "one-graph", why=why
                )
            case "add_dependency":
                return self._edge(call.arg("task"), call.arg("depends_on"))
            case "transition":
                return self._transition(call.arg("task"), call.arg("to"))
            case "retry":
                name = call.arg("task")
                if (status := self.status[name]) != "failed":
                    why = f"{name} is {status}, not failed"
                    return Expected(fate="refused", law="state-table", why=why, sort=status)
                why = f"{name} has failed, with {self.retries[name]} of {MAX_RETRIES} retries"
                sort = "spent" if self.retries[name] >= MAX_RETRIES else ""
                return Expected(fate="accepted", law="retries", why=why, sort=sort)
        queued = [name for name, status in self.status.items() if status == "queued"]
        why = f"{', '.join(queued)} {'is' if len(queued) == 1 else 'are'} queued" if queued else "no task is queued"
        before = "worked on before" if self.again.intersection(queued) else ""
        fate: Literal["accepted", "either"] = "accepted" if queued else "either"
        return Expected(fate=fate, law="taken", why=why, sort=f"{min(len(queued), 2)} {before}")

    def _edge(self, task: str, other: str) -> Expected:
        if task == other:
            return Expected(fate="refused", law="acyclic", why=f"{task} would wait for itself")
        if self.goal[task] != self.goal[other]:
            return Expected(fate="refused", law="one-graph", why=f"{task} and {other} are of two graphs")
        if self.status[task] not in ("created", "pending"):
            fate: Literal["refused", "either"] = "either" if self.status[other] == "completed" else "refused"
            return Expected(fate=fate, law="waits", why=f"{task} is {self.status[task]} already")
        if (far := self._distance(other, task)) is not None:
            return Expected(fate="refused", law="acyclic", why=f"{other} waits for {task} already", sort=str(far))
        if other in self.waits[task]:
            return Expected(fate="either", law="acyclic", why=f"{task} waits for {other} already")
        return Expected(fate="accepted", law="acyclic", why="it closes no cycle")

    def _transition(self, name: str, to: str) -> Expected:
        move = f"{self.status[name]} → {to}"
        if to not in MOVES.get(self.status[name], ()):
            return Expected(fate="refused", law="state-table", why=f"{move} is no move", sort=move)
        if to == "queued" and not self._startable(name):
            left = sorted(other for other in self.waits[name] if self.status[other] != "completed")
            why = f"{', '.join(left)}, which it waits for, is not completed"
            states = sorted({self.status[other] for other in self.waits[name]})
            return Expected(fate="refused", law="waits", why=why, sort=", ".join(states))
        return Expected(fate="accepted", law="state-table", why=f"{move} is a move", sort=to)

    def objection(self, call: Call, value: Any) -> str:
        if call.op != "take":
            return ""
        queued = [name for name, status in self.status.items() if status == "queued"]
        if value in queued or (value is None and not queued):
            return ""
        return f"it gives {value or 'none'}; queued {'is ' + ', '.join(queued) if queued else 'is none'}"

    def plausible(self, call: Call) -> Any:
        queued = [name for name, status in self.status.items() if status == "queued"]
        return queued[0] if call.op == "take" and queued else None

    def apply(self, call: Call, value: Any) -> None:
        match call.op:
            case "plan":
                for name in call.gives:
                    self.goal[name], self.status[name], self.retries[name] = call.arg("goal"), "created", 0
                    self.waits[name] = set()
                for later, earlier in call.arg("edges"):
                    self.waits[call.gives[later]].add(call.gives[earlier])
            case "add_dependency":
                self.waits[call.arg("task")].add(call.arg("depends_on"))
            case "transition":
                self.status[call.arg("task")] = call.arg("to")
            case "retry":
                name = call.arg("task")
                left = self.retries[name] < MAX_RETRIES
                self.status[name] = "queued" if left else "dead_letter"
                self.retries[name] += left
                self.worker.pop(name, None)
                self.again |= {name} if left else set()
            case "take" if value is not None:
                self.status[value], self.worker[value] = "scheduled", call.arg("worker")
                self.again.discard(value)
            case "put":
                name = call.arg("task")
                self.limited.add(name)
                self.status[name], self.retries[name] = call.arg("status"), call.arg("retries")
                if "worker" in dict(call.args):
                    self.worker[name] = call.arg("worker")

    def view(self) -> View:
        return {
            f"task {name}": {
                "status": status,
                "retries": str(self.retries[name]),
                "worker": self.worker.get(name) if status in ("scheduled", "running") else None,
                "goal": self.goal[name],
                "waits for": tuple(sorted(self.waits[name])),
                "graph": tuple(sorted(other for other in self.goal if self.goal[other] == self.goal[name])),
            }
            for name, status in self.status.items()
        }
