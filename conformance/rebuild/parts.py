"""A table's partitions, and the tables that inherit from it, written down; or why one of them cannot be.

A partition keeps rows of the table, so that it is rebuilt with all that it has for itself. A table that inherits holds
none of the rows that are put into the table above: of it there is no more than that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.catalog import RELATION_KINDS, Part, PartitionKey, Table
from conformance.model.record import replace
from conformance.model.sql import identifier, qualified
from conformance.rebuild.types import Unbuildable

_VALUE = r"(?:'(?:[^'\\]|'')*'|E'(?:[^'\\]|''|\\\\)*'|-?[0-9]+(?:\.[0-9]+)?|true|false|NULL|MINVALUE|MAXVALUE)"
_VALUES = rf"\({_VALUE}(?:, {_VALUE})*\)"
_BOUND = re.compile(
    rf"(?:DEFAULT|FOR VALUES (?:WITH \(modulus [0-9]+, remainder [0-9]+\)|IN {_VALUES}|FROM {_VALUES} TO {_VALUES}))\Z"
)
_STRATEGIES = frozenset({"hash", "list", "range"})


def below(table: Table) -> Iterator[tuple[Part, Table, Table]]:
    """All that is below a table, at any depth: the part, the table above it, and what it has for itself as a table."""
    for part in table.parts:
        if part.partition:
            own = replace(
                table,
                name=part.name,
                kind=part.kind,
                key=part.key,
                bound=part.bound,
                checks=part.checks,
                indexes=part.indexes,
                foreign_keys=part.foreign_keys,
                triggers=part.triggers,
                parts=part.parts,
            )
        else:
            own = replace(table, name=part.name, checks=(), indexes=(), foreign_keys=(), triggers=(), parts=part.parts)
        yield part, table, own
        yield from below(own)


def partitioned(key: PartitionKey | None) -> str:
    """` PARTITION BY …`, or "" without a key. Raises `Unbuildable`."""
    if key is None:
        return ""
    if key.computed or key.strategy not in _STRATEGIES:
        raise Unbuildable("what it is partitioned by is computed, or compared in a way of its own")
    return f" PARTITION BY {key.strategy.upper()} ({', '.join(map(identifier, key.columns))})"


def create(part: Part, above: Table) -> str:
    """`CREATE TABLE …` of a partition or an heir. Raises `Unbuildable`."""
    if part.kind not in ("r", "p"):
        raise Unbuildable(f"{part.name}, which is below it, is a {RELATION_KINDS.get(part.kind, 'stranger')}")
    name, parent = qualified(above.schema, part.name), qualified(above.schema, above.name)
    if not part.partition:
        return f"CREATE TABLE {name} () INHERITS ({parent})"
    if not _BOUND.match(part.bound):
        raise Unbuildable(f"the bound of its partition {part.name} cannot be read")
    if part.lax:
        raise Unbuildable(f"its partition {part.name} lets NULL in where it does not")
    return f"CREATE TABLE {name} PARTITION OF {parent} {part.bound}{partitioned(part.key)}"


def not_nulls(part: Part, above: Table) -> Iterator[str]:
    """What else a partition asks of its rows."""
    for column in part.required if part.partition else ():
        yield f"ALTER TABLE {qualified(above.schema, part.name)} ALTER COLUMN {identifier(column)} SET NOT NULL"
