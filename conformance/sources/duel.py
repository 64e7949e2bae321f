"""Two sessions of one implementation, one statement at a time, in the order that a schedule says.

A session that waits for a lock of the other is seen on the server, and the other goes on: a schedule never hangs. Where
neither can go on, PostgreSQL ends the deadlock."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Any

from conformance.errors import CannotEvaluate
from conformance.model.record import Record, field
from conformance.sources.gated import Harness
from conformance.sources.stand import Stand

_BLINK_S = 0.002
_OUTSIDE_S = 0.15
"""After this long a session that the server does not know to wait is taken to wait for something outside of it."""
_PATIENCE_S = 10.0


class Met(Record):
    """What two sessions did: each statement with the session that ran it, what each call gave, and how many statements
    each had."""

    script: tuple[tuple[int, str], ...]
    results: tuple[Any, Any]
    counts: tuple[int, int]
    waited: frozenset[int] = field(default_factory=frozenset)


class _Side:
    """One session: `state` is running, held (before `next`), or done."""

    def __init__(self, number: int, harness: Harness, work: Callable[[], Any], changed: Condition) -> None:
        self.number = number
        self._harness = harness
        self.state = "running"
        self.next = ""
        self.pid = 0
        self.since = time.monotonic()
        self.waits = False
        self.result: Any = None
        self.error: BaseException | None = None
        self._granted = False
        self._changed = changed
        self.thread = Thread(target=self._run, args=(work,), daemon=True)

    def _run(self, work: Callable[[], Any]) -> None:
        try:
            with self._harness.calling():
                self.result = work()
        except BaseException as error:  # noqa: BLE001  told to whoever waits for this thread
            self.error = error
        with self._changed:
            self.state = "done"
            self._changed.notify_all()

    def arrive(self, statement: str, pid: int) -> None:
        """Called in the session's own thread: returns when the statement may be run."""
        with self._changed:
            if self.state == "done":  # a connection that goes on when the call has been answered
                return
            self.state, self.next, self.pid, self.waits = "held", statement, pid, False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._granted or self.state == "done")
            self._granted = False

    def grant(self) -> None:
        """The statement may be run."""
        self._granted = True
        self.state, self.since = "running", time.monotonic()
        self._changed.notify_all()


def meet(
    stand: Stand,
    harnesses: Sequence[Harness],
    works: Sequence[Callable[[], Any]],
    schedule: Sequence[int],
) -> Met:
    """The two works, in turns: the schedule says whose statement is next wherever both may go on, and behind its end
    the one that went last goes on. What a work raises is raised here, once both have ended."""
    changed = Condition()
    sides = [_Side(n, harness, work, changed) for n, (harness, work) in enumerate(zip(harnesses, works, strict=True))]
    for harness, side in zip(harnesses, sides, strict=True):
        harness.gate = side.arrive
    script: list[tuple[int, str]] = []
    waited: set[int] = set()
    turns = list(schedule)
    last = turns[0] if turns else 0
    try:
        for number, side in enumerate(
            sides
        ):  # one behind the other, so that it is known whose first statement is whose
            harnesses[number].go()
            side.thread.start()
            _settled(stand, sides[: number + 1], changed, waited)
        while (held := _settled(stand, sides, changed, waited)) is not None:
            if len(held) == 2 and turns:
                last = turns.pop(0)
            side = held[last] if len(held) == 2 else next(iter(held.values()))
            last = side.number if len(held) == 2 else last
            harnesses[side.number].go()
            with changed:
                script.append((side.number, side.next))
                side.grant()
    finally:
        for harness, side in zip(harnesses, sides, strict=True):
            harness.gate = None
            with changed:
                side.grant()
    for side in sides:
        side.thread.join(_PATIENCE_S)
        if side.error is not None:
            raise side.error
    counts = [sum(number == side.number for number, _ in script) for side in sides]
    return Met(
        script=tuple(script),
        results=(sides[0].result, sides[1].result),
        counts=(counts[0], counts[1]),
        waited=frozenset(waited),
    )


def _settled(stand: Stand, sides: Sequence[_Side], changed: Condition, waited: set[int]) -> dict[int, _Side] | None:
    """The sessions that are before a statement, once every other is done or waits; None once both are done."""
    began = time.monotonic()
    while True:
        with changed:
            changed.wait_for(lambda: all(side.state != "running" for side in sides), _BLINK_S)
            running = [side for side in sides if side.state == "running"]
            held = {side.number: side for side in sides if side.state == "held"}
        for side in running:
            if not side.waits and (_blocked(stand, side) or time.monotonic() - side.since > _OUTSIDE_S):
                side.waits = True
                waited.add(side.number)
        if held and all(side.waits for side in running):
            return held
        if all(side.state == "done" for side in sides):
            return None
        if time.monotonic() - began > _PATIENCE_S:
            raise CannotEvaluate("two sessions of the implementation wait for each other, and nothing ends it")


def _blocked(stand: Stand, side: _Side) -> bool:
    return bool(side.pid) and time.monotonic() - side.since > _BLINK_S and stand.waits(side.pid)
