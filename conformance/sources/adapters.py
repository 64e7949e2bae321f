"""Implementations, found where a user says they are: a class or a function of a module or a file, or a description of
requests over HTTP."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from conformance.errors import CannotEvaluate, UsageError
from conformance.sources.gated import Harness

_HOW = "--adapter takes module:attribute, path/to/file.py:attribute, or a JSON file of requests"


class Made(Protocol):
    """An implementation that can be stood on a database."""

    @property
    def words(self) -> str:
        """What a user calls it."""

    def standing(self, url: str) -> AbstractContextManager[Made]:
        """The implementation on this database, as long as the context lives."""

    def session(self, harness: Harness) -> Any:
        """An adapter: one session of it. Raises `CannotEvaluate` where there is none."""


class Python:
    """A factory of adapters in this process."""

    def __init__(self, words: str, factory: Callable[[Harness], Any]) -> None:
        self._words = words
        self._factory = factory

    @property
    def words(self) -> str:
        """What a user calls it."""
        return self._words

    @contextmanager
    def standing(self, url: str) -> Iterator[Made]:
        """Itself: it is told the database by what it is called with."""
        yield self

    def session(self, harness: Harness) -> Any:
        """What the factory gives."""
        try:
            return self._factory(harness)
        except (CannotEvaluate, KeyboardInterrupt):
            raise
        except BaseException as error:
            raise CannotEvaluate(
                f"{self._words} could not be opened: {type(error).__name__}: {_line(error)}"
            ) from error


def load(spec: str) -> Made:
    """The implementation that a user names; its code is run. Raises `UsageError`."""
    if spec.endswith(".json"):
        from conformance.sources.http_adapter import read

        return read(Path(spec))
    place, colon, name = spec.rpartition(":")
    if not colon or not place or not name.isidentifier():
        raise UsageError(f"{spec!r} names no implementation: {_HOW}")
    module = _from_file(Path(place)) if place.endswith(".py") else _from_path(place)
    factory = getattr(module, name, None)
    if not callable(factory):
        known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        hint = f"; it has {', '.join(sorted(known)[:8])}" if known else ""
        what = "nothing to call" if factory is None else "no class and no function"
        raise UsageError(f"{place} has {what} named {name}{hint}")
    return Python(spec, factory)


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"{path} is {'no file' if path.exists() else 'not there'}; {_HOW}")
    name = f"conformance_adapter_{path.stem}"
    found = importlib.util.spec_from_file_location(name, path)
    if found is None or found.loader is None:
        raise UsageError(f"{path} cannot be read as Python; {_HOW}")
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    _importable(path.resolve().parent)  # as `python file.py` has it
    loader = found.loader
    _run(str(path), lambda: loader.exec_module(module))
    return module


def _from_path(name: str) -> ModuleType:
    _importable(Path.cwd())  # as `python -m` has it
    found: list[ModuleType] = []
    _run(name, lambda: found.append(importlib.import_module(name)))
    return found[0]


def _importable(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _run(place: str, work: Callable[[], None]) -> None:
    try:
        work()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # an exit of Python too, which would be ours
        raise UsageError(f"{place} cannot be imported: {type(error).__name__}: {_line(error)}") from error


def _line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else ""
