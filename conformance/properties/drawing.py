"""Examples drawn and shrunk by Hypothesis: the only module that imports it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from conformance.errors import ConformanceError
from conformance.model.experiment import Item

Departure = TypeVar("Departure")

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


class _Departed(Exception):
    """An example departs from its law."""


class _Drawn:
    def __init__(self, data: Any) -> None:
        self._data = data

    def pick(self, options: list[Item]) -> Item:
        chosen: Item = self._data.draw(st.sampled_from(options)) if len(options) > 1 else options[0]
        return chosen

    def text(self) -> str:
        text: str = self._data.draw(_TEXTS)
        return text


def smallest(
    look: Callable[[_Drawn], Departure | None], examples: int, number: int, stop: Callable[[], bool]
) -> Departure | None:
    """What the smallest of the drawn examples that departs gives, or None if none does. The same number, the same
    examples; nothing is kept for another run. No more are drawn once it has to `stop`."""
    found: list[Departure] = []
    ended: list[BaseException] = []

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    @given(st.data())
    def tried(data: Any) -> None:
        if stop():
            raise KeyboardInterrupt
        try:
            departure = look(_Drawn(data))
        except ConformanceError as error:
            ended.append(error)  # anything but an interrupt Hypothesis would take for a departure, and try again
            raise KeyboardInterrupt from error
        if departure is not None:
            found.append(departure)
            raise _Departed

    try:
        tried()
    except _Departed:
        return found[-1]
    except KeyboardInterrupt:
        if ended:
            raise ended[0] from None
        if not stop():
            raise
    return None
