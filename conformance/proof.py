"""One area of an implementation, put to all of its laws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from conformance.adapter_outcomes import PLANE
from conformance.driving import Claims, Driver
from conformance.errors import CannotEvaluate
from conformance.machines import histories
from conformance.meetings import Ring, Session
from conformance.model.conduct import Area, Call, Departure, Law, Told
from conformance.playing import Stage, script
from conformance.properties.adapter import OPERATIONS, offers
from conformance.reducing import Reducer, encoded, offered, recalled
from conformance.regressions import Kept
from conformance.sandbox.interrupts import interrupts_deferred
from conformance.sources.gated import Harness
from conformance.sources.stand import Stand
from conformance.walks import walks

if TYPE_CHECKING:
    from conformance.sources.adapters import Made

_HISTORIES = 4
_NAMED = 100
"""So much of an implementation's name is in the name of a file."""


class Proof:
    """An implementation on its database. `examples` is a measure of how much is tried; what departs is kept in the
    folder `memory`, if there is one."""

    def __init__(self, *, made: Made, url: str, examples: int, seed: int, memory: Path | None = None) -> None:
        self.made = made
        self.memory = memory
        self.url = url
        self.examples = examples
        self.seed = seed
        session = self._opened()
        self.offered = offers(session.adapter)
        if not self.offered:
            raise CannotEvaluate(f"{made.words} offers none of the operations: {', '.join(OPERATIONS)}")
        Ring.over(session)
        self.accepted: Counter[str] = Counter()
        self.called: Counter[str] = Counter()

    def _opened(self) -> Session:
        harness = Harness(self.url)
        return Session(adapter=self.made.session(harness), harness=harness)

    def area(self, area: Area, asked: Mapping[str, Law], claims: Claims) -> Iterator[Told]:
        """What becomes of each law of the area that is asked for."""
        idle = {id_: self._idle(law) for id_, law in asked.items()}
        yield from (Told(law=asked[id_], idle=why) for id_, why in idle.items() if why)
        live = {id_: law for id_, law in asked.items() if not idle[id_]}
        if not live:
            return
        laws = {law.id: law for law in vars(area).values() if isinstance(law, Law)}
        with Stand(self.url) as stand:
            driver = Driver(area, laws, stand, claims)
            ring = Ring(driver, self._opened)
            driver.renew = ring.renew
            try:
                yield from _Area(self, driver, ring, live).told()
            finally:
                ring.renew()
            self.accepted.update(driver.accepted)
            self.called.update(driver.called)

    def _idle(self, law: Law) -> str:
        missing = sorted(law.needs - self.offered)
        return f"not offered: {', '.join(missing)}" if missing else ""

    def kept(self, law: Law) -> Kept:
        """What departed from a law in an earlier run of this implementation."""
        return Kept(self.memory, f"{PLANE}/{law.id} of {self.made.words.rpartition('/')[2][-_NAMED:]}")

    def number(self, words: str) -> int:
        """What is drawn from: one number a law, the same in every run of a seed."""
        return crc32(f"{self.seed}\n{words}".encode())

    def remarks(self) -> Sequence[str]:
        """What is to be said of the run."""
        found = [
            f"{len(self.offered)} of {len(OPERATIONS)} operations offered, at most"
            f" {_HISTORIES * self.examples} histories an area, seed {self.seed}"
        ]
        absent = [name for name in OPERATIONS if name not in self.offered and name not in _OF_OURS]
        if absent:
            found.append(f"not offered, and so not examined: {', '.join(absent)}")
        if never := sorted(name for name in self.called if self.called[name] and not self.accepted[name]):
            found.append(f"called, and never accepted: {', '.join(never)}")
        if idle := sorted(name for name in self.offered - _OF_OURS if not self.called[name]):
            found.append(f"offered, and not called: {', '.join(idle)}")
        if left := sorted(self.offered & _OF_OURS):
            found.append(f"offered, and no law is about it: {', '.join(left)}; such rows are put in by the tool itself")
        return found


_OF_OURS = frozenset({"create_org", "create_user"})


class _Area:
    """The laws of one area that can be looked at."""

    def __init__(self, proof: Proof, driver: Driver, ring: Ring, laws: Mapping[str, Law]) -> None:
        self.proof = proof
        self.driver = driver
        self.ring = ring
        self.laws = laws
        self.operations = [op for op in driver.area.OPERATIONS if op in proof.offered or op == "put"]
        self.found: dict[str, Departure] = {}
        self.paths: dict[str, Sequence[Call]] = {}
        self.stalled: set[str] = set()
        self.kept = {id_: proof.kept(law) for id_, law in laws.items()}
        self.calls = 0
        self.ended = 0

    def told(self) -> Iterator[Told]:
        """One a law."""
        if any(law.way in ("history", "invariants") for law in self.laws.values()):
            yield from self._histories()
        self.driver.audited = False  # what calls that meet, or are cut off, lead to is looked at in the end
        stage = Stage(self.proof, self.driver, self.ring)
        for law in self.laws.values():
            if law.way in ("race", "crash"):
                yield stage.told(law, self.kept[law.id])

    # --- histories

    def _histories(self) -> Iterator[Told]:
        every = self.driver.laws
        muted = {id_ for id_ in every if id_ not in self.laws}
        shaky: set[str] = set()
        wanted = {law.id for law in self.laws.values() if law.way in ("history", "invariants")}
        self.driver.begin()
        if not any(self.driver.model.offers(op) for op in self.operations):
            why = f"nothing can be tried with {', '.join(self.operations)} alone"
            yield from (Told(law=law, idle=why) for law in self.laws.values() if law.way in ("history", "invariants"))
            return
        for id_ in sorted(wanted):
            self._again(self.kept[id_].choices, wanted, muted, shaky)
        self._walked(wanted, muted, shaky)
        while wanted - self.found.keys():
            with interrupts_deferred() as come:
                run = histories(
                    self.driver,
                    self._adapter,
                    self.operations,
                    examples=_HISTORIES * self.proof.examples,
                    number=self.proof.number(self.driver.area.AREA),
                    muted=frozenset(muted),
                    stop=lambda: bool(come),
                )
            if run.departure is not None and self._an_accident(run.departure, again=run.again, hung=run.hung):
                continue
            if run.departure is not None:
                self.found[run.departure.law.id], self.paths[run.departure.law.id] = run.departure, run.path
                shaky |= set() if run.again else {run.departure.law.id}
            self.calls, self.ended = self.calls + run.calls, self.ended + run.histories
            if run.departure is None:
                break
            muted.add(run.departure.law.id)
        for id_, law in self.laws.items():
            if law.way in ("history", "invariants"):
                yield self._of_histories(law, shaky=id_ in shaky)

    def _again(self, choices: Sequence[object], wanted: set[str], muted: set[str], shaky: set[str]) -> None:
        """The calls that departed in an earlier run, as far as they are offered now."""
        if not choices:
            return
        self.driver.audited = self.driver.area.INVARIANTS.id in wanted - muted
        self.driver.begin()
        made: list[Call] = []
        for one in choices:
            if (own := recalled(self.driver.model, self.operations, one)) is None:
                return
            made.append(own)
            if (found := self.driver.step(self._adapter(), own)) is not None:
                self._keep(found, made, wanted, muted, shaky)
                return

    def _walked(self, wanted: set[str], muted: set[str], shaky: set[str]) -> None:
        """The shortest histories to everything that may be expected. What departs is muted."""
        for path in walks(self.driver.area.model, tuple(self.operations), self.driver.area.STEPS):
            if not wanted - self.found.keys():
                return
            self.driver.audited = self.driver.area.INVARIANTS.id in wanted - muted
            found, made = self._walk(path)
            self.ended += 1
            if found is not None:
                self._keep(found, made, wanted, muted, shaky)

    def _keep(self, found: Departure, made: Sequence[Call], wanted: set[str], muted: set[str], shaky: set[str]) -> None:
        """The smallest history that departs as this one does, if that is still asked for."""
        id_ = found.law.id
        if id_ in muted or id_ not in wanted:
            return
        reducer = Reducer(self.driver, self._adapter, found, made)
        smallest = reducer.smallest()
        if self._an_accident(smallest, again=reducer.again, hung=reducer.hung):
            return
        self.found[id_], self.paths[id_] = smallest, tuple(reducer.calls)
        muted.add(id_)
        shaky |= set() if reducer.again else {id_}

    def _an_accident(self, found: Departure, *, again: bool, hung: bool) -> bool:
        """Whether a call that was not waited for to its end went well when it was repeated: the machine may have stood
        still. It is taken for that once a law."""
        once = hung and not again and found.law.id not in self.stalled
        self.stalled |= {found.law.id} if once else set()
        return once

    def _walk(self, path: Sequence[Call]) -> tuple[Departure | None, Sequence[Call]]:
        """One history, as far as it goes: an implementation may give something else than was thought of."""
        self.driver.begin()
        for place, call in enumerate(path):
            own = offered(self.driver.model, call)
            if own is None:
                break
            self.calls += own.op != "put"
            if (found := self.driver.step(self._adapter(), own)) is not None:
                return found, path[: place + 1]
        return None, path

    def _adapter(self) -> Any:
        return self.ring.sessions(1)[0].adapter

    def _of_histories(self, law: Law, *, shaky: bool) -> Told:
        area = self.driver.area
        own = {area.ACCEPTS.id: self.calls, area.INVARIANTS.id: self.calls}
        count = own.get(law.id, self.driver.judged[law.id.partition("/")[2]])
        unit = "call"
        if (departure := self.found.get(law.id)) is not None:
            self.kept[law.id].departed(script(departure), list(map(encoded, self.paths[law.id])))
            note = "not every time: the same calls went well when they were repeated" if shaky else ""
            return Told(law=law, departure=departure, tried=count, unit=unit, note=note, evidence=self._seed())
        if law is area.INVARIANTS and self.driver.claims.unseen:
            return Told(law=law, unseen=f"not looked at: {', '.join(self.driver.claims.unseen)}")
        others = f"; they end at {', '.join(sorted(self.found))}" if self.found else ""
        if not count:
            return Told(law=law, unseen=f"no history came to it{others}")
        if never := sorted(op for op in law.needs if self.driver.called[op] and not self.driver.accepted[op]):
            return Told(law=law, unseen=f"called, and never accepted: {', '.join(never)}{others}")
        if not sum(self.driver.accepted.values()):
            return Told(law=law, unseen="no call was accepted")
        self.kept[law.id].passed()
        return Told(law=law, tried=count, unit=unit, evidence=self._seed())

    def _seed(self) -> Mapping[str, int]:
        return {"histories": self.ended, "seed": self.proof.seed}
