"""Histories drawn and shrunk by Hypothesis: a `RuleBasedStateMachine` an area, with one rule an operation.

The oracle says which calls may be tried, and after each of them what is in the database is compared with what it says.
The invariants, which cost twenty times as much, are looked at when a history ends: since every history is shrunk, the
smallest one that is found ends where an invariant stops to hold.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from conformance.driving import Driver
from conformance.errors import ConformanceError
from conformance.model.conduct import Departure
from conformance.model.record import Record


class Histories(Record):
    """What was found: the smallest departure, whether it came back when it was repeated, and how many histories and
    calls there were."""

    departure: Departure | None
    again: bool
    histories: int
    calls: int


class _Departed(Exception):
    """A history departs."""


class _Run:
    """What the machine and whoever runs it share."""

    def __init__(self, driver: Driver, adapter: Callable[[], Any], muted: frozenset[str]) -> None:
        self.driver = driver
        self.adapter = adapter
        self.muted = muted
        self.found: list[Departure] = []
        self.ended: list[BaseException] = []
        self.histories = 0
        self.calls = 0

    def guarded(self, look: Callable[[], Departure | None]) -> bool:
        """Whether the history goes on. Raises where it departs."""
        try:
            departure = look()
        except ConformanceError as error:
            self.ended.append(error)  # anything but an interrupt Hypothesis would take for a departure, and try again
            raise KeyboardInterrupt from error
        if departure is None:
            return True
        if departure.law.id in self.muted:
            return False
        self.found.append(departure)
        raise _Departed


def histories(
    driver: Driver,
    adapter: Callable[[], Any],
    operations: Sequence[str],
    *,
    examples: int,
    number: int,
    muted: frozenset[str] = frozenset(),
    stop: Callable[[], bool] = lambda: False,
) -> Histories:
    """Histories of these operations, until one departs from a law that is not muted: the smallest that does.

    The same number, the same histories; nothing is kept for another run."""
    run = _Run(driver, adapter, muted)
    machine = seed(number)(_machine(run, operations, stop))
    chosen = settings(
        max_examples=examples,
        stateful_step_count=driver.area.STEPS,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    again = True
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except _Departed:
        pass
    except Flaky:
        again = False
    except KeyboardInterrupt:
        if run.ended:
            raise run.ended[0] from None
        raise
    return Histories(
        departure=run.found[-1] if run.found else None, again=again, histories=run.histories, calls=run.calls
    )


def _machine(run: _Run, operations: Sequence[str], stop: Callable[[], bool]) -> type[RuleBasedStateMachine]:
    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            if stop():
                raise KeyboardInterrupt
            self.alive = run.guarded(_begin)
            run.histories += 1

        def teardown(self) -> None:
            if self.alive and sys.exc_info()[0] is None:
                run.guarded(run.driver.broken)

    def _begin() -> None:
        run.driver.begin()

    def _rule(op: str) -> Any:
        def call(self: Any, data: Any) -> None:
            chosen = data.draw(st.sampled_from(list(run.driver.model.offers(op))))
            if self.alive:
                run.calls += op != "put"
                self.alive = run.guarded(lambda: run.driver.step(run.adapter(), chosen))

        call.__name__ = op
        return precondition(lambda self: bool(run.driver.model.offers(op)))(rule(data=st.data())(call))

    def rest(self: Any) -> None:
        """Nothing more may be tried."""

    for op in operations:
        setattr(Machine, op, _rule(op))
    idle = precondition(lambda self: not any(run.driver.model.offers(op) for op in operations))
    Machine.rest = idle(rule()(rest))
    return Machine
