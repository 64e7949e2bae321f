"""Examples drawn and shrunk by Hypothesis: the only module that imports it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase
from hypothesis.statistics import collector, describe_statistics

from conformance.errors import ConformanceError
from conformance.model.experiment import Item

Departure = TypeVar("Departure")

_PASSES = 3
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


class _Departed(Exception):
    """An example departs from its law."""


class _Kept(ExampleDatabase):
    """The examples of one requirement in a folder that all share. One that departs no longer is forgotten when it was
    tried three times: what happens to pass once is not mended."""

    def __init__(self, folder: Path, about: str) -> None:
        super().__init__()
        self._inner = DirectoryBasedExampleDatabase(folder)
        self._about = about.encode()

    def fetch(self, key: bytes) -> Iterable[bytes]:
        yield from self._inner.fetch(self._own(key))

    def save(self, key: bytes, value: bytes) -> None:
        with suppress(OSError):  # a folder that cannot be written keeps nothing
            self._inner.save(self._own(key), value)

    def delete(self, key: bytes, value: bytes) -> None:
        passes = self._own(key, b"passes", value)
        with suppress(OSError):
            before = list(self._inner.fetch(passes))
            if len(before) + 1 < _PASSES:
                self._inner.save(passes, bytes([len(before)]))
                return
            for one in before:
                self._inner.delete(passes, one)
            self._inner.delete(self._own(key), value)

    def _own(self, *parts: bytes) -> bytes:
        return sha256(b"\0".join((self._about, *parts))).digest()


def examples_of_profile(name: str) -> int:
    """How many examples one of Hypothesis' own profiles asks for."""
    return settings.get_profile(name).max_examples


@contextmanager
def statistics(tell: Callable[[str], None]) -> Iterator[None]:
    """Tell what Hypothesis has to say of each thing that is drawn for meanwhile."""
    with collector.with_value(lambda found: tell(describe_statistics(found))):  # type: ignore[arg-type]
        yield


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
    look: Callable[[_Drawn], Departure | None],
    examples: int,
    number: int,
    stop: Callable[[], bool],
    memory: tuple[Path, str] | None = None,
) -> Departure | None:
    """What the smallest of the drawn examples that departs gives, or None if none does. The same number, the same
    examples. No more are drawn once it has to `stop`. Where there is a `memory`, a folder and what this is about, an
    example that departs is kept there, and tried before all others in the next run."""
    found: list[Departure] = []
    ended: list[BaseException] = []

    @settings(  # above the seed, which would take the memory away
        max_examples=examples,
        database=None if memory is None else _Kept(*memory),
        deadline=None,
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    @seed(number)
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
