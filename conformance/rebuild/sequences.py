"""The sequences that a table's columns draw from, written down; or why one of them cannot be."""

from __future__ import annotations

from conformance.model.catalog import Catalog, Column, Table
from conformance.model.particulars import Sequence
from conformance.model.sql import identifier, qualified
from conformance.rebuild.trust import sequence_of
from conformance.rebuild.types import Unbuildable

_TYPES = frozenset({"smallint", "integer", "bigint"})


def drawn(column: Column) -> bool:
    """Whether it draws from a sequence that is rebuilt."""
    return bool(column.identity) or (column.default is not None and sequence_of(column.default.text) is not None)


def found(table: Table, column: Column, catalog: Catalog) -> Sequence | None:
    """What is known of the sequence of a column that draws from one."""
    return catalog.sequences.get(f"{table.name}.{column.name}") if drawn(column) else None


def name_of(column: Column) -> tuple[str, str]:
    """The schema and the name of the sequence that a default plainly draws from, or twice ""."""
    return (sequence_of(column.default.text) if column.default is not None else None) or ("", "")


def create(column: Column, sequence: Sequence | None) -> str:
    """`CREATE SEQUENCE …` for a default that is a plain `nextval()`; "" for any other. Raises `Unbuildable`."""
    name = name_of(column)
    if not name[1]:
        return ""
    if sequence is None or (sequence.schema, sequence.name) != name:
        return f"CREATE SEQUENCE {qualified(*name)}"
    if sequence.type not in _TYPES:
        raise Unbuildable(f"its sequence {sequence.name} is of no known type")
    return f"CREATE SEQUENCE {qualified(*name)} AS {sequence.type} {_options(sequence)}"


def of_identity(sequence: Sequence | None) -> str:
    """What stands behind `AS IDENTITY`."""
    if sequence is None:
        return ""
    return f" (SEQUENCE NAME {qualified(sequence.schema, sequence.name)} {_options(sequence)})"


def own(sequence: Sequence, catalog: Catalog) -> str:
    """`ALTER SEQUENCE … OWNED BY …`, or "" where nobody owns it. Raises `Unbuildable`."""
    if not sequence.owner:
        return ""
    schema, name, column = sequence.owner if len(sequence.owner) == 3 else ("", "", "")
    owner = catalog.tables.get(name)
    if owner is None or owner.schema != schema or column not in owner.columns:
        raise Unbuildable(f"{'.'.join(sequence.owner)}, with which it goes, is not rebuilt")
    owned = f"{qualified(schema, name)}.{identifier(column)}"
    return f"ALTER SEQUENCE {qualified(sequence.schema, sequence.name)} OWNED BY {owned}"


def _options(sequence: Sequence) -> str:
    return (
        f"INCREMENT BY {sequence.increment} MINVALUE {sequence.least} MAXVALUE {sequence.greatest}"
        f" START WITH {sequence.start} CACHE {sequence.cache}{' CYCLE' * sequence.cycle}"
    )
