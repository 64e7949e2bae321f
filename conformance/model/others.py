"""What has a say in a row beside what a repair takes away: as long as it stays, nobody knows that the repair helps."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from conformance.model.catalog import Table
from conformance.model.guards import Guard, guards
from conformance.model.hurdles import hurdles

_STRICT = frozenset({"VAR", "CONST", "OPEXPR", "SCALARARRAYOPEXPR", "RELABELTYPE", "ARRAY", "ARRAYEXPR"})
"""The nodes of expressions that are NULL where the column is, so that a CHECK of them lets NULL in."""


def others(table: Table, columns: Sequence[str], gone: Collection[str]) -> str:
    """The names of what else may refuse a value in these columns, or ""."""
    return _named(_rest(table, columns, gone))


def others_of_null(table: Table, column: str, gone: Collection[str]) -> str:
    """The names of what else may refuse a NULL in the column, or ""."""
    return _named(
        [one for one in _rest(table, (column,), gone) if one.expression.nodes is None or one.expression.nodes - _STRICT]
    )


def _rest(table: Table, columns: Sequence[str], gone: Collection[str]) -> list[Guard]:
    return [one for one in (*guards(table, columns), *hurdles(table, columns)) if one.name not in gone]


def _named(found: Sequence[Guard]) -> str:
    return ", ".join(dict.fromkeys(one.name for one in found))
