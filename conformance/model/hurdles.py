"""What may refuse a row that every guard of the table lets in: a partition's own CHECKs, a value that is computed from
the row and cannot be, a foreign key that looks at other columns too, a trigger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.model import inserting
from conformance.model.catalog import Column, Expression, ForeignKey, Table
from conformance.model.guards import Guard, keys_read, parts_of
from conformance.model.placement import Place, parts_below, places
from conformance.model.record import replace
from conformance.model.sql import mentions


def hurdles(table: Table, columns: Sequence[str]) -> Iterator[Guard]:
    """Those that are expressions; a row gets over one if it is not false, and its evaluation does not raise."""
    for place in places(table, lambda part: bool(part.checks)):
        yield from _of_part(table, place, columns)
    yield from computing(table, columns)


def computing(table: Table, columns: Sequence[str]) -> Iterator[Guard]:
    """What is computed from these columns when a row is written, for another column or for an index."""
    for column in _computed(table, columns):
        if column.default is not None and not _narrow(column):
            yield _computing(f"the generated column {column.name}", _filled(column, column.default), table)
    for owner, indexes in [("", table.indexes), *((f" of {p.name}", p.indexes) for p in parts_below(table))]:
        for index in indexes:
            if index.computing is not None and index.ready and _touches(index.computing, columns):
                yield _computing(f"the index {index.name}{owner}", index.computing, table)


def doubts(table: Table, columns: Sequence[str], void: set[str]) -> Iterator[str]:
    """Those that cannot be tried on a row of which these columns are NULL, each in one clause."""
    yield from narrow_results(table, columns)
    for key in table.foreign_keys:
        if len(key.columns) > 1 and _looks_at(key, columns, void):
            yield f"{key.name} looks at {', '.join(key.columns)} together, in {key.target_schema}.{key.target}"
        elif (
            key.columns == tuple(columns) and _looks_at(key, columns, void) and not keys_read(table.columns[columns[0]])
        ):
            yield f"{key.name} wants the value in {key.target_schema}.{key.target}, whose keys are not read"
    for part in parts_below(table):
        for key in part.foreign_keys:
            if part.partition and _looks_at(key, columns, void):
                yield f"{key.name} of the partition {part.name} references {key.target_schema}.{key.target}"
    yield from inserting.doubts(table, columns)


def narrow_results(table: Table, columns: Sequence[str]) -> Iterator[str]:
    """The generated columns whose type, or whose foreign key, may refuse what is computed from these, each in one
    clause."""
    for column in _computed(table, columns):
        if _narrow(column):
            told = f"{column.type.declared}, computed from {' and '.join(columns)}"
            yield f"the generated column {column.name} is {told}: which values it refuses is not known"
    computed = {column.name for column in _computed(table, columns)}
    for key in table.foreign_keys:
        if computed & set(key.columns) and refuses(key):
            told = f"{', '.join(key.columns)}, computed from {' and '.join(columns)}"
            yield f"{key.name} looks for {told}, in {key.target_schema}.{key.target}"


def _looks_at(key: ForeignKey, columns: Sequence[str], void: set[str]) -> bool:
    """Whether a foreign key has a say in the row; one NULL switches it off, unless it is MATCH FULL."""
    own = set(key.columns)
    passes = own <= void if key.match == "full" else bool(own & void)
    return bool(own & set(columns)) and refuses(key) and not passes


def refuses(key: ForeignKey) -> bool:
    """Whether a foreign key refuses new rows, valid for the old ones or not."""
    return key.enforced and bool(key.triggers) and not key.asleep


def _of_part(table: Table, place: Place, columns: Sequence[str]) -> Iterator[Guard]:
    for check in place.part.checks:
        if not check.enforced or (check.columns and not set(check.columns) & set(columns)):
            continue
        for guard in parts_of(check, columns, proven=False):
            if set(guard.columns) <= table.columns.keys():  # an heir has columns of its own
                only = place.listed if place.decided_by == frozenset(guard.columns) else None
                sure = place.open_to_all(guard.columns) or only is not None
                yield replace(guard, name=f"{check.name} of {place.part.name}", sure=sure, only=only)


def _computed(table: Table, columns: Sequence[str]) -> Iterator[Column]:
    """The generated columns that are computed from one of these when a row is written."""
    for column in table.columns.values():
        if column.generated == "virtual" and not column.not_null:
            continue
        if column.generated and column.default is not None and _touches(column.default, columns):
            yield column


def _narrow(column: Column) -> bool:
    """Whether the type may refuse what is computed."""
    return bool(column.type.domains) or column.type.typmod >= 0


def _filled(column: Column, default: Expression) -> Expression:
    test = "IS NOT NULL" if column.not_null else "IS NULL IS NOT NULL"
    return replace(default, text=f"(({default.text}) {test})")


def _computing(name: str, expression: Expression, table: Table) -> Guard:
    columns = tuple(column for column in table.columns if mentions(expression.text, column))
    return Guard(name=name, expression=expression, columns=columns, proven=False)


def _touches(expression: Expression, columns: Sequence[str]) -> bool:
    return any(mentions(expression.text, name) for name in columns)
