"""What a check sees beside its requirement: the catalog, and what else is asked of the same table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from conformance.model.catalog import Catalog
from conformance.model.contract import Requirement
from conformance.model.record import Record


class Scene(Record):
    """`asked` holds the living requirements of each table."""

    catalog: Catalog
    asked: Mapping[str, Sequence[Requirement]]

    def claims_on(self, table: str, columns: tuple[str, ...]) -> frozenset[str]:
        """The claims that are made on exactly these columns, in any order."""
        wanted = set(columns)
        return frozenset(r.claim for r in self.asked.get(table, ()) if set(r.columns) == wanted)

    def keys_of(self, table: str) -> tuple[tuple[str, ...], ...]:
        """What the table's rows are asked to be told apart by."""
        return tuple(r.columns for r in self.asked.get(table, ()) if r.claim in ("unique", "primary-key"))

    def asks_unique(self, table: str) -> Callable[[tuple[str, ...]], bool]:
        """Whether exactly these columns of the table are asked to tell its rows apart."""
        return lambda columns: bool(self.claims_on(table, columns) & {"unique", "primary-key"})
