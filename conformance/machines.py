"""Histories drawn by Hypothesis: a `RuleBasedStateMachine` an area, with one rule an operation.

The oracle says which calls may be tried, and after each of them what is in the database is compared with what it says,
and the invariants are looked at whose rows have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from conformance.errors import ConformanceError
from conformance.model.conduct import Call, Departure, Model, Ref
from conformance.model.record import Record
from conformance.reducing import Driven, Reducer

_CHANCE = st.randoms(use_true_random=True)
"""Drawn whole: what it gives is reduced by what knows of calls, and not by what knows of numbers."""


class Histories(Record):
    """What was found: the smallest departure and the calls that lead to it, whether it came back when it was repeated,
    whether it `hung`, and how many histories and calls there were."""

    departure: Departure | None
    path: tuple[Call, ...] = ()
    again: bool
    hung: bool = False
    histories: int
    calls: int


class _Departed(Exception):
    """A history departs."""


class _Run:
    """What the machine and whoever runs it share."""

    def __init__(self, driver: Driven, adapter: Callable[[], Any], muted: frozenset[str]) -> None:
        self.driver = driver
        self.adapter = adapter
        self.muted = muted
        self.found: list[tuple[Departure, tuple[Call, ...]]] = []
        self.ended: list[BaseException] = []
        self.made: list[Call] = []
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
        self.found.append((departure, tuple(self.made)))
        raise _Departed


def histories(
    driver: Driven,
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
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except (_Departed, Flaky):
        reducer = Reducer(driver, adapter, *run.found[0])
        found, again = reducer.smallest(), reducer.again
        path = tuple(reducer.calls)
        return Histories(
            departure=found,
            path=path,
            again=again,
            hung=reducer.hung,
            histories=run.histories,
            calls=run.calls,
        )
    except KeyboardInterrupt:
        if run.ended:
            raise run.ended[0] from None
        raise
    return Histories(departure=None, again=True, histories=run.histories, calls=run.calls)


def _sorts(model: Model, op: str) -> list[list[Call]]:
    """The calls that may be tried, those together of which the same is expected: what is rare is drawn as often, and
    what goes on twice as often as what is refused."""
    found: dict[str, list[Call]] = {}
    for call in model.offers(op):
        if op == "put":
            refused, sort = False, repr([value for _, value in call.args if not isinstance(value, Ref)])
        else:
            expected = model.expected(call)
            refused = expected.fate == "refused"
            sort = f"{expected.law} {expected.fate} {'' if refused and op == 'transition' else expected.sort}"
        found.setdefault(sort, []).append(call)
        if not refused:
            found.setdefault(f"{sort} again", []).append(call)
    return list(found.values())


def _machine(run: _Run, operations: Sequence[str], stop: Callable[[], bool]) -> type[RuleBasedStateMachine]:
    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            if stop():
                raise KeyboardInterrupt
            self.alive = run.guarded(_begin)
            run.histories += 1

    def _begin() -> None:
        run.made.clear()
        run.driver.audited = run.driver.area.INVARIANTS.id not in run.muted
        run.driver.begin()

    def _rule(op: str) -> Any:
        def call(self: Any, chance: Any) -> None:
            chosen = chance.choice(chance.choice(_sorts(run.driver.model, op)))
            if self.alive:
                run.made.append(chosen)
                run.calls += op != "put"
                self.alive = run.guarded(lambda: run.driver.step(run.adapter(), chosen))

        call.__name__ = op
        return precondition(lambda self: bool(run.driver.model.offers(op)))(rule(chance=_CHANCE)(call))

    def rest(self: Any) -> None:
        """Nothing more may be tried."""

    for op in operations:
        setattr(Machine, op, _rule(op))
    idle = precondition(lambda self: not any(run.driver.model.offers(op) for op in operations))
    Machine.rest = idle(rule()(rest))
    return Machine
