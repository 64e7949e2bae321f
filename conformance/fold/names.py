"""What an expression asks of the schema that it stands in."""

from __future__ import annotations

from typing import Protocol

from conformance.fold.function import Function
from conformance.fold.made import Kind
from conformance.fold.nodes import TypeName


class Names(Protocol):
    """What the names in an expression mean."""

    def kind(self, name: TypeName) -> Kind:
        """The type of that name."""

    def function(self, schema: str | None, name: str) -> Function | None:
        """A function without arguments that is not PostgreSQL's own."""

    def shadowed(self, name: str) -> bool:
        """Whether there is a function of that name that is not PostgreSQL's own."""

    def relation(self, name: str) -> str:
        """The relation of that name, as an empty search_path has it printed."""

    @property
    def major(self) -> int:
        """The major of the server."""
