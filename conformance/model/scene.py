"""What a check sees beside its requirement: the catalog, and what else is asked of the same table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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

    def columns_asked(self, table: str) -> frozenset[str]:
        """The columns of the table that a claim is made on."""
        return frozenset(name for r in self.asked.get(table, ()) for name in r.columns)

    def keys_asked(self, table: str) -> tuple[frozenset[str], ...]:
        """The sets of columns of the table that are asked to tell its rows apart."""
        return tuple(frozenset(r.columns) for r in self.asked.get(table, ()) if r.claim in ("unique", "primary-key"))
