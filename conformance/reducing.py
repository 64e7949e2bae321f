"""A history that departs, made as small as it gets: fewer calls first, then plainer ones.

A call may be left out with those that use what it makes; the others are numbered anew. A generic shrinker knows nothing
of that, and needs ten times as many histories, each of which costs the implementation's time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from conformance.model.conduct import Call, Departure, Law, Model, Ref

_MOST = 150
"""How many histories are tried at most."""
_NUMBERED = re.compile(r"([a-z]+)(\d+)")


class Driven(Protocol):
    """What histories are made on: an implementation, or a schema that is driven by plain statements."""

    @property
    def area(self) -> Walked: ...

    @property
    def model(self) -> Model: ...

    audited: bool
    """Whether the invariants are looked at after each step."""

    hung: bool
    """Whether a call of the history was not waited for to its end."""

    def begin(self) -> None: ...

    def step(self, adapter: Any, call: Call) -> Departure | None: ...


class Walked(Protocol):
    """What of an area is asked for by who makes histories."""

    STEPS: int
    INVARIANTS: Law


class Reducer:
    """Repeats histories of one area, and keeps the smallest that departs from the same law. `hung` says whether the
    first of them did."""

    def __init__(self, driver: Driven, adapter: Callable[[], Any], found: Departure, calls: Sequence[Call]) -> None:
        self.driver = driver
        self.adapter = adapter
        self.departure = found
        self.calls = list(calls)
        self.again = False
        self.hung = driver.hung
        self.left = _MOST

    def smallest(self) -> Departure:
        """The departure of the smallest history. `again` says whether it came back at all."""
        self.driver.audited = self.departure.law.id == self.driver.area.INVARIANTS.id
        if not self._departs(self.calls):
            return self.departure
        self.again = True
        while self._fewer() or self._plainer():
            pass
        return self.departure

    def _fewer(self) -> bool:
        return any(self._departs(without(self.calls, place)) for place in reversed(range(len(self.calls))))

    def _plainer(self) -> bool:
        for place in range(len(self.calls)):
            for option in self._before(place):
                if self._departs([*self.calls[:place], option, *self.calls[place + 1 :]]):
                    return True
        return False

    def _before(self, place: int) -> list[Call]:
        """The calls of the same operation that are offered in the place of one, and are plainer than it."""
        if self._replayed(self.calls[:place]) is not None:
            return []
        known = list(self.driver.model.offers(self.calls[place].op))
        own = offered(self.driver.model, self.calls[place])
        return known[: known.index(own)][:6] if own is not None else []

    def _departs(self, calls: Sequence[Call]) -> bool:
        """Whether this history departs from the same law; it is kept then."""
        if self.left <= 0:
            return False
        found = self._replayed(calls)
        if found is None or found.law.id != self.departure.law.id:
            return False
        self.departure, self.calls = found, list(calls)
        return True

    def _replayed(self, calls: Sequence[Call]) -> Departure | None:
        self.left -= 1
        self.driver.begin()
        for call in calls:
            if (own := offered(self.driver.model, call)) is None:
                return None
            if (departure := self.driver.step(self.adapter(), own)) is not None:
                return departure
        return None


def offered(model: Model, call: Call) -> Call | None:
    """The call as it is offered now, its new things numbered as they are now."""
    return next((one for one in model.offers(call.op) if one.args == call.args), None)


def encoded(call: Call) -> object:
    """The call, as it is written down."""
    return json.loads(json.dumps([call.op, call.args], default=lambda symbol: {"symbol": symbol.name}))


def recalled(model: Model, operations: Sequence[str], written: object) -> Call | None:
    """The call that was written down, if it is offered now."""
    return next((call for op in operations for call in model.offers(op) if encoded(call) == written), None)


def without(calls: Sequence[Call], place: int) -> list[Call]:
    """The calls without one of them and those that use what it makes; what later ones make is numbered anew."""
    gone = set(calls[place].gives)
    made = [_NUMBERED.fullmatch(symbol) for symbol in calls[place].gives]
    numbers = [(found[1], int(found[2])) for found in made if found is not None]
    rest = [call for call in calls[place + 1 :] if not gone & _used(call)]

    def anew(symbol: str) -> str:
        found = _NUMBERED.fullmatch(symbol)
        if found is None:
            return symbol
        return f"{found[1]}{int(found[2]) - sum(p == found[1] and n < int(found[2]) for p, n in numbers)}"

    def value(item: Any) -> Any:
        if isinstance(item, Ref):
            return Ref(name=anew(item.name))
        return tuple(map(value, item)) if isinstance(item, tuple) else item

    renamed = [
        Call(op=call.op, args=tuple((name, value(it)) for name, it in call.args), gives=tuple(map(anew, call.gives)))
        for call in rest
    ]
    return [*calls[:place], *(renamed if numbers else rest)]


def _used(call: Call) -> set[str]:
    def names(item: Any) -> set[str]:
        if isinstance(item, Ref):
            return {item.name}
        return {name for part in item for name in names(part)} if isinstance(item, tuple) else set()

    return {name for _, item in call.args for name in names(item)}
