"""A function or a procedure, and what is known of its body."""

from __future__ import annotations

from conformance.fold.nodes import TypeName
from conformance.model.catalog import Volatility
from conformance.model.record import Record


class Function(Record):
    """A function or a procedure. `parameters` are the names of what it takes, "" where there is none. `settings` are
    those that it brings along; `acts` says that its body changes the structure by itself, `calls` has the functions in
    it, and `names` all of its names. `gives` is the type that it returns, where that is a plain one."""

    number: int
    schema: str
    name: str
    signature: str
    language: str
    body: str
    parameters: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    extension: str | None = None
    returns: str = ""
    gives: TypeName | None = None
    volatility: Volatility = "v"
    acts: bool = False
    calls: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
