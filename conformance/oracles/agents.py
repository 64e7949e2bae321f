"""What the documentation says of agents after a history of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.model.conduct import Call, Expected, Ref, View
from conformance.model.ground import call

NAMES = ("Ann", "Bob", "Cleo")
MODELS = ("model-s", "model-m")


class Agents:
    """The agents by their symbols: the name, the revisions, and what hangs on each."""

    def __init__(self) -> None:
        self.name: dict[str, str] = {}
        self.org: dict[str, str] = {}
        self.revisions: dict[str, list[int]] = {}
        self.configured: dict[str, set[str]] = {}
        self.hanging: dict[str, str] = {}
        self.made = 0

    def offers(self, op: str) -> Sequence[Call]:
        names = list(self.name)
        match op:
            case "create_agent":
                new = f"a{self.made + 1}"
                some = [call(op, org=Ref(name=org), name=name, gives=new) for org in ("o1", "o2") for name in NAMES]
                return some if len(names) < 3 else ()
            case "rename_agent":
                return [call(op, agent=Ref(name=agent), name=name) for agent in names for name in NAMES]
            case "configure_agent":
                return [
                    call(op, agent=Ref(name=a), config={"model": text})
                    for a in names
                    for text in ("model-s", "model-m")
                ]
            case "delete_agent":
                return [call(op, agent=Ref(name=agent)) for agent in names]
        free = [agent for agent in names if agent not in self.hanging.values()]
        return [call("put", agent=Ref(name=a), goal=Ref(name=f"g{a[1:]}"), task=Ref(name=f"t{a[1:]}")) for a in free]

    def expected(self, call: Call) -> Expected:
        if call.op in ("create_agent", "rename_agent"):
            own = call.arg("agent") if call.op == "rename_agent" else ""
            name = call.arg("name")
            other = next((agent for agent, taken in self.name.items() if taken == name and agent != own), None)
            if other is not None:
                return Expected(fate="refused", law="name-once", why=f"{other} of {self.org[other]} is called {name}")
            if own and self.name[own] == name:
                return Expected(fate="either", law="name-once", why=f"{own} is called {name} already")
            return Expected(fate="accepted", law="name-once", why=f"no agent is called {name}")
        if call.op == "configure_agent":
            agent = call.arg("agent")
            last = self.revisions[agent][-1] if self.revisions[agent] else "none"
            before = "again" if call.arg("config")["model"] in self.configured[agent] else "anew"
            others = "others" if any(some for one, some in self.revisions.items() if one != agent) else ""
            why = f"the last revision of {agent} is {last}"
            return Expected(fate="accepted", law="revisions-rise", why=why, sort=f"{before} {others}")
        agent = call.arg("agent")
        whose = {"own" if of == agent else self.org[of] == self.org[agent] for of in self.hanging.values()}
        return Expected(
            fate="accepted", law="deleted-whole", why=f"{agent} is deleted", sort=f"{sorted(map(str, whose))}"
        )

    def objection(self, call: Call, value: Any) -> str:
        if call.op != "configure_agent":
            return ""
        known = self.revisions[call.arg("agent")]
        if isinstance(value, int) and not isinstance(value, bool) and value > max(known, default=0):
            return "" if known or value == 1 else f"the first revision is {value}, and should be 1"
        return f"it gives {value!r}, behind {known}"

    def plausible(self, call: Call) -> Any:
        return len(self.revisions[call.arg("agent")]) + 1 if call.op == "configure_agent" else None

    def apply(self, call: Call, value: Any) -> None:
        match call.op:
            case "create_agent":
                new = call.gives[0]
                self.name[new], self.org[new] = call.arg("name"), call.arg("org")
                self.revisions[new], self.configured[new] = [], set()
                self.made += 1
            case "rename_agent":
                self.name[call.arg("agent")] = call.arg("name")
            case "configure_agent":
                self.revisions[call.arg("agent")].append(value)
                self.configured[call.arg("agent")].add(call.arg("config")["model"])
            case "delete_agent":
                gone = call.arg("agent")
                for of in (self.name, self.org, self.revisions, self.configured):
                    of.pop(gone)
                self.hanging = {thing: agent for thing, agent in self.hanging.items() if agent != gone}
            case "put":
                self.hanging[f"goal {call.arg('goal')}"] = call.arg("agent")
                self.hanging[f"task {call.arg('task')}"] = call.arg("agent")

    def view(self) -> View:
        agents = {
            f"agent {agent}": {
                "name": name,
                "organization": self.org[agent],
                "revisions": tuple(sorted(map(str, self.revisions[agent]))),
                "models ever configured": tuple(sorted(self.configured[agent])),
                "active revision": str(self.revisions[agent][-1]) if self.revisions[agent] else None,
            }
            for agent, name in self.name.items()
        }
        return {**agents, **{thing: {"agent": agent} for thing, agent in self.hanging.items()}}
