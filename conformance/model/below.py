"""What partitions have for themselves and the table has not: keys that refuse rows, and in words the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conformance.model.catalog import Index, Part, Table
from conformance.model.outcome import Judgement, failed, undecided
from conformance.model.placement import parts_below
from conformance.model.surplus import surplus
from conformance.model.uniqueness import key_columns, shown


def may_refuse(index: Index) -> bool:
    """Whether an index may keep a row out, for another row's sake or because it cannot be computed."""
    return index.unique or bool(index.excludes) or index.computing is not None


def own_keys(table: Table) -> Iterator[tuple[Part, Index]]:
    """What keeps rows apart in one partition alone."""
    for part in parts_below(table):
        if part.partition:
            for index in part.indexes:
                if index.unique or index.excludes:
                    yield part, index


def narrower_below(table: Table, columns: Sequence[str], asked: Iterable[frozenset[str]]) -> tuple[Part, Index] | None:
    """A partition's unique index on fewer of these columns that nobody asked for."""
    keys = tuple(asked)
    for part, index in own_keys(table):
        own = key_columns(index)
        if own and own < set(columns) and own not in keys:
            return part, index
    return None


def refusing_more(
    table: Table, columns: Sequence[str], keys: Sequence[frozenset[str]], asked: str, found: Index
) -> Judgement | None:
    """The judgement of a key `found` where something beside it, or in a partition, refuses rows that are allowed."""
    other, why, sure = surplus(table, columns, keys)
    if other is not None:
        return (failed if sure else undecided)(asked, f"{shown(found)}; {shown(other)}", why, object=other.name)
    if (below := narrower_below(table, columns, keys)) is not None:
        part, own = below
        note = f"{own.name}, on the partition {part.name}, is on fewer columns: it refuses rows that are allowed"
        return failed(asked, f"{shown(found)}; {shown(own)}", note, object=own.name)
    return None


def strange_keys(table: Table, keys: Sequence[frozenset[str]]) -> Iterator[tuple[Part, Index]]:
    """The partitions' own keys that refuse rows which none of the table's does."""
    for part, index in own_keys(table):
        kept = index.unique and any(key <= key_columns(index) for key in keys)
        if not kept:
            yield part, index


def in_words(table: Table) -> Iterator[str]:
    """What each partition has for itself, in one clause a partition."""
    for part in parts_below(table):
        if not part.partition:
            continue
        checks = ", ".join(check.name for check in part.checks)
        triggers = ", ".join(trigger.name for trigger in part.triggers if trigger.enabled in "OA")
        found = [
            f"its own CHECKs {checks}" if checks else "",
            f"NOT NULL on {', '.join(part.required)}" if part.required else "",
            f"its own foreign keys {', '.join(key.name for key in part.foreign_keys)}" if part.foreign_keys else "",
            f"its own triggers {triggers}" if triggers else "",
        ]
        if told := ", ".join(filter(None, found)):
            yield f"the partition {part.name} has {told}"
