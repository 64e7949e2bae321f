"""Two calls at once, and calls whose session is ended: what an implementation makes of each schedule and each end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

from conformance.driving import Driver, named
from conformance.model.conduct import Answer, Call, Departure, Scene, differences, lasting
from conformance.model.record import Record
from conformance.sources.duel import Met, meet
from conformance.sources.gated import Harness

NAMES = ("A", "B")
STORMS = 20
"""How often two calls are made at once where their statements cannot be held."""
_WIDEST = 58


class Session(Record):
    """One session of an implementation, and what it stands on."""

    adapter: Any
    harness: Harness


Opened = Callable[[], Session]


class Tried(Record):
    """What came of a law: the departure, or how many schedules or ends were tried; whether any statement was held.
    `at` is the schedule, or the statement, at which it departs."""

    departure: Departure | None = None
    tried: int = 0
    held: bool = True
    at: tuple[int, ...] = ()


class Ring:
    """Where the scenes of one area are played. `opened` gives a session; sessions are kept while they live."""

    def __init__(self, driver: Driver, opened: Opened) -> None:
        self.driver = driver
        self._opened = opened
        self._sessions: list[Session] = []

    def sessions(self, count: int) -> list[Session]:
        """Sessions, opened where they are not there yet."""
        while len(self._sessions) < count:
            self._sessions.append(self._opened())
        return self._sessions[:count]

    def renew(self) -> None:
        """All sessions are over."""
        for session in self._sessions:
            self.over(session)
        self._sessions.clear()

    @staticmethod
    def over(session: Session) -> None:
        """The session is over, whatever it makes of that."""
        try:
            if callable(close := getattr(session.adapter, "close", None)):
                close()
        except Exception:  # noqa: BLE001  its connection may be gone, which is why it is closed
            session.harness.gate = None
        finally:
            session.harness.close()

    def set_up(self, scene: Scene) -> Departure | str | None:
        """The scene stands. Words where the implementation does not get there: its histories say why."""
        self.driver.begin()
        for call in scene.given:
            (session,) = self.sessions(1)
            if self.driver.step(session.adapter, call) is not None:
                return f"it is not reached: {self.driver.history[-1]}"
        return None

    # --- two at once

    def race(self, scene: Scene, schedule: Sequence[int]) -> tuple[Departure | None, Met | None]:
        """One schedule, once more where a call was not waited for to its end. No `Met` where the scene is not
        reached."""
        found = self._race(scene, schedule)
        return self._race(scene, schedule) if found[0] is not None and self.driver.hung else found

    def _race(self, scene: Scene, schedule: Sequence[int]) -> tuple[Departure | None, Met | None]:
        if self.set_up(scene) is not None or scene.second is None:
            return None, None
        driver, before = self.driver, deepcopy(self.driver.model)
        calls = (scene.first, scene.second)
        two = self.sessions(2)
        works = [_work(driver, session, call) for session, call in zip(two, calls, strict=True)]
        met = meet(driver.stand, [session.harness for session in two], works, schedule)
        made = list(zip(calls, met.results, strict=True))
        for name, (call, answer) in zip(NAMES, made, strict=True):
            driver.history.append(f"at once, {name}: {call.words}: {answer.said}")
        for order in (made, made[::-1]):
            if driver.explained(before, order):
                return self._broken(met), met
        return self._departure(scene, made, before, met), met

    def _broken(self, met: Met) -> Departure | None:
        found = self.driver.broken()
        return found and Departure(
            law=found.law,
            observed=found.observed,
            level=found.level,
            history=found.history,
            script=columns(met, self.driver),
            note=found.note,
        )

    def _departure(self, scene: Scene, made: Sequence[tuple[Call, Answer]], before: Any, met: Met) -> Departure:
        model = deepcopy(before)
        for call, answer in made:
            if answer.fate == "accepted":
                model.apply(call, answer.value)
        both = " and ".join(f"{call.op} in {name} {_fate(one)}" for name, (call, one) in zip(NAMES, made, strict=True))
        wrong = differences(model.view(), self.driver.view())
        observed = f"{both}: no order of the two gives that"
        if wrong:
            observed += f"; {'; '.join(wrong)}"
        return Departure(
            law=scene.law,
            observed=observed,
            history=tuple(self.driver.history),
            script=columns(met, self.driver),
            note=scene.anomaly,
        )

    def races(self, scene: Scene, most: int) -> Tried:
        """The schedules with few changes of turns, fewest first, at most so many."""
        found, met = self.race(scene, ())
        if met is None or found is not None:
            return Tried(departure=found, tried=int(met is not None))
        if not all(session.harness.held for session in self.sessions(2)):
            return self.storm(scene)
        tried = 1
        for schedule in schedules(met.counts):
            found, _ = self.race(scene, schedule)
            tried += 1
            if found is not None or tried >= most:
                return Tried(departure=found, tried=tried, at=schedule)
        return Tried(tried=tried)

    def storm(self, scene: Scene) -> Tried:
        """The calls made at once, again and again."""
        for number in range(STORMS):
            found, _ = self.race(scene, ())
            if found is not None:
                return Tried(departure=found, tried=number + 1, held=False)
        return Tried(tried=STORMS, held=False)

    # --- the end

    def ends(self, scene: Scene) -> Tried:
        """The session ended before each of the statements of the call."""
        place = 0
        while True:
            found, reached = self.end(scene, place)
            if found is not None or not reached:
                held = all(session.harness.held for session in self._sessions)
                return Tried(departure=found, tried=place, held=held or place > 0, at=(place,))
            place += 1

    def end(self, scene: Scene, place: int) -> tuple[Departure | None, bool]:
        """The session ended before one statement of the call, and the call repeated; all of that once more where a call
        was not waited for to its end. False where there is no such statement."""
        found = self._end(scene, place)
        return self._end(scene, place) if found[0] is not None and self.driver.hung else found

    def _end(self, scene: Scene, place: int) -> tuple[Departure | None, bool]:
        if self.set_up(scene) is not None:
            return None, False
        driver = self.driver
        (session,) = self.sessions(1)
        seen: list[str] = []

        def gate(statement: str, pid: int) -> None:
            seen.append(statement)
            if len(seen) == place + 1:
                driver.stand.end(pid)

        session.harness.gate = gate
        first = driver.answer(session.adapter, scene.first)
        session.harness.gate = None
        if len(seen) <= place:
            return None, False
        killed = named(seen[place], driver.names)
        self.renew()
        driver.history.append(f"{scene.first.words}, its session ended before: {killed}: {first.said}")
        if (broken := driver.broken()) is not None:
            return Departure(
                law=scene.law,
                observed=f"once the session has ended, {broken.observed}",
                history=broken.history,
                script=_ended(seen[:place], driver),
            ), True
        return self._finished(scene, first, seen[:place]), True

    def _finished(self, scene: Scene, first: Answer, ran: Sequence[str]) -> Departure | None:
        driver = self.driver
        (session,) = self.sessions(1)
        value = driver.model.expected(scene.first)
        again = first
        if first.fate != "accepted":  # one that connects anew and goes on by itself need not be repeated
            again = driver.answer(session.adapter, scene.first)
            driver.history.append(f"{scene.first.words}, repeated: {again.said}")
        after = deepcopy(driver.model)
        after.apply(scene.first, again.value)
        wrong = differences(after.view(), driver.view())
        if value.fate == "accepted" and wrong:
            return Departure(
                law=scene.law,
                observed=f"the call is not finished{'' if again is first else ' by repeating it'}: {'; '.join(wrong)}",
                history=tuple(driver.history),
                script=_ended(ran, driver),
            )
        return None


def _work(driver: Driver, session: Session, call: Call) -> Callable[[], Answer]:
    return lambda: driver.answer(session.adapter, call)


def _fate(answer: Answer) -> str:
    if answer.fate == "error":
        return f"ends in an error ({answer.words})"
    return f"is {answer.fate}" if answer.value is None else answer.said


def schedules(counts: tuple[int, int]) -> Iterator[tuple[int, ...]]:
    """The turns of two sessions with so many statements: first those in which one goes on to its end within the other,
    whichever it is, then those in which it goes some way. The one that began goes on behind the end of a schedule."""
    seen: set[tuple[int, ...]] = set()
    for some in (False, True):
        for one in range(1, max(counts) + 1):
            for first in (0, 1):
                own, theirs = counts[first] + 1, counts[1 - first] + 1
                for two in range(1, theirs) if some else (theirs,):
                    turns = (first,) * one + (1 - first,) * two + (first,) * own
                    if one < own and turns not in seen:
                        seen.add(turns)
                        yield turns


def columns(met: Met, driver: Driver) -> str | None:
    """The statements, each session in a column of its own, and comments that psql passes over. None where no
    statement was held."""
    if not met.script:
        return None
    rows = [(number, lasting(named(statement, driver.names))) for number, statement in met.script]
    width = min(max((len(text) for number, text in rows if number == 0), default=0), _WIDEST)
    lines = [f"-- {NAMES[0].ljust(width)} | {NAMES[1]}"]
    for number, text in rows:
        for part, piece in enumerate(_broken_up(text)):
            left = ("  " * bool(part) + piece).ljust(width) if number == 0 else " " * width
            lines.append(f"-- {left} | {'  ' * bool(part) + piece if number else ''}".rstrip())
    if _changes(met.script) == 1:
        lines.append("-- one behind the other")
    return "\n".join(lines)


def _changes(script: Sequence[tuple[int, str]]) -> int:
    return sum(one[0] != other[0] for one, other in pairwise(script))


def _broken_up(text: str) -> list[str]:
    """A long statement in pieces."""
    pieces = [""]
    for word in text.split(" "):
        if pieces[-1] and len(pieces[-1]) + len(word) + 3 > _WIDEST:
            pieces.append(word)
        else:
            pieces[-1] = f"{pieces[-1]} {word}".strip()
    return pieces


def _ended(ran: Sequence[str], driver: Driver) -> str:
    return "\n".join([*(f"-- {named(text, driver.names)}" for text in ran), "-- here the session was ended"])
