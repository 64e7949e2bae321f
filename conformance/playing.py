"""The laws of calls that meet and of sessions that end: their scenes, played in every schedule and cut at every
statement, first as they departed in an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conformance.meetings import Ring, Tried
from conformance.model.conduct import Departure, Law, Scene, Told
from conformance.model.record import replace
from conformance.properties.drawing import smallest
from conformance.sandbox.interrupts import interrupts_deferred

if TYPE_CHECKING:
    from conformance.driving import Driver
    from conformance.proof import Proof
    from conformance.regressions import Kept

_SCHEDULES = 2
_TURNS = 10
"""How long a drawn schedule is; behind its end the session that went last goes on."""


class Stage:
    """Where the scenes of one area are played."""

    def __init__(self, proof: Proof, driver: Driver, ring: Ring) -> None:
        self.proof = proof
        self.driver = driver
        self.ring = ring

    def told(self, law: Law, kept: Kept) -> Told:
        """What becomes of one law; `kept` is what departed from it before."""
        scenes = self._scenes(law)
        playable = [scene for scene in scenes if self._offered(scene)]
        if not playable:
            return Told(law=law, idle="the operations that it takes are not offered")
        found = self._again(scenes, kept.choices)
        if found.departure is None:
            found = self._played(law, scenes, playable)
        unit = ("schedule" if law.way == "race" else "end") if found.held else "storm"
        evidence = {"seed": self.proof.seed}
        if found.departure is not None:
            kept.departed(script(found.departure), found.at)
            own = replace(found.departure, law=law)  # where an invariant broke, it says which
            return Told(law=law, departure=own, tried=found.tried, unit=unit, evidence=evidence)
        if not found.tried or (law.way == "crash" and not found.held):
            return Told(law=law, unseen=self._why_not(law, held=found.held))
        kept.passed()
        note = "" if found.held else "its statements are not held: calls were made at once, and no schedule was chosen"
        return Told(law=law, tried=found.tried, unit=unit, note=note, evidence=evidence)

    def _again(self, scenes: Sequence[Scene], choices: Sequence[object]) -> Tried:
        """The scene, and the schedule or the statement of it, that departed in an earlier run."""
        number, *rest = [one for one in choices if isinstance(one, int) and one >= 0] or [len(scenes)]
        if number >= len(scenes) or not self._offered(scenes[number]):
            return Tried()
        scene, at = scenes[number], (number, *rest)
        if scene.second is not None:
            found, _ = self.ring.race(scene, [turn % 2 for turn in rest])
            held = all(session.harness.held for session in self.ring.sessions(2))
            return Tried(departure=found, tried=1, held=held, at=at)
        found, _ = self.ring.end(scene, *rest[:1]) if rest else (None, False)
        return Tried(departure=found, tried=1, at=at)

    def _played(self, law: Law, scenes: Sequence[Scene], playable: Sequence[Scene]) -> Tried:
        """What comes of all scenes; `at` of one that departs begins with its number."""
        tried, held = 0, True
        for scene in playable:
            one = self.ring.races(scene, _SCHEDULES * self.proof.examples) if scene.second else self.ring.ends(scene)
            tried, held = tried + one.tried, held and one.held
            if one.departure is not None:
                return replace(one, tried=tried, held=held, at=(scenes.index(scene), *one.at))
        if not tried or law.way == "crash" or not held:
            return Tried(tried=tried, held=held)
        drawn = self._drawn(law, scenes, playable)
        return replace(drawn, tried=tried + drawn.tried)

    def _drawn(self, law: Law, scenes: Sequence[Scene], playable: Sequence[Scene]) -> Tried:
        """Schedules of any shape, drawn and shrunk."""
        tried = 0

        def look(choice: object) -> Tried | None:
            nonlocal tried
            tried += 1
            scene = choice.pick(list(playable))  # type: ignore[attr-defined]
            turns = tuple(choice.pick([0, 1]) for _ in range(_TURNS))  # type: ignore[attr-defined]
            found, _ = self.ring.race(scene, turns)
            return None if found is None else Tried(departure=found, at=(scenes.index(scene), *turns))

        with interrupts_deferred() as come:
            found = smallest(look, self.proof.examples, self.proof.number(law.id), lambda: bool(come))
        return replace(found or Tried(), tried=tried)

    def _scenes(self, law: Law) -> list[Scene]:
        return [scene for scene in self.driver.area.scenes() if scene.law.id == law.id]

    def _why_not(self, law: Law, *, held: bool) -> str:
        if not held and law.way == "crash":
            return (
                "its statements go neither over the URL that it was given nor over `Sandbox.connect`: none of its"
                " sessions can be ended between two of them"
            )
        return f"no scene of it is reached: {self.driver.history[-1]}"

    def _offered(self, scene: Scene) -> bool:
        calls = [*scene.given, scene.first, *([scene.second] if scene.second else [])]
        return all(call.op in self.proof.offered or call.op == "put" for call in calls)


def script(found: Departure) -> str:
    """The calls that lead to a departure and what they come to, as comments of SQL, and the statements of its sessions,
    where they were held."""
    told = [*found.history, f"departs: {found.observed}"]
    return "\n".join([*(f"-- {' '.join(line.split())}" for line in told), *([found.script] if found.script else [])])
