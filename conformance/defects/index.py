"""An index that is gone, not valid, or that does not serve the lookup."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, marked, mutant, other_column, table_of, without_index
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier

KIND = "index"


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    serving = _serving(requirement, table)
    drop = [without_index(table, name) for name in serving]
    on = f"INDEX an_index ON {table_of(requirement)}"
    keys, method, where = _keys(requirement), requirement.spec["method"], _where(requirement)
    yield mutant("dropped", *drop)
    yield mutant("not valid", *(marked(table, name, "indisvalid") for name in serving))
    yield mutant("not ready", *(marked(table, name, "indisready") for name in serving))
    partial = "WHERE false" if where else f"WHERE {identifier(requirement.columns[0])} IS NULL"
    yield mutant("partial", *drop, f"CREATE {on} USING {method} ({keys}) {partial}")
    if method == "btree":
        first = identifier(requirement.columns[0])
        if len(requirement.columns) == 1:
            yield mutant("hash", *drop, f"CREATE {on} USING hash ({first})")
        yield mutant("brin", *drop, f"CREATE {on} USING brin ({', '.join(map(identifier, requirement.columns))})")
        yield mutant("on an expression", *drop, f"CREATE {on} (({first} IS NULL))")
        if more := other_column(table, requirement.columns):
            yield mutant("behind another column", *drop, f"CREATE {on} ({identifier(more.name)}, {keys}){where}")
        if len(requirement.columns) > 1:
            backwards = ", ".join(identifier(name) for name in requirement.columns[::-1])
            yield mutant("in another order", *drop, f"CREATE {on} ({backwards})")
            yield mutant("on fewer columns", *drop, f"CREATE {on} ({first})")
        if table.columns[requirement.columns[0]].type.name == "text":
            yield mutant("another operator class", *drop, f"CREATE {on} ({first} text_pattern_ops)")
            yield mutant("another collation", *drop, f'CREATE {on} ({first} COLLATE "POSIX")')
    elif method == "ivfflat":
        yield mutant(
            "another operator class",
            *drop,
            f"CREATE {on} USING ivfflat ({identifier(requirement.columns[0])} vector_l2_ops)",
        )
    else:
        yield mutant("btree", *drop, f"CREATE {on} ({identifier(requirement.columns[0])})")


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    drop = [without_index(table, name) for name in _serving(requirement, table)]
    on = f"INDEX an_index ON {table_of(requirement)} USING"
    keys, method, where = _keys(requirement), requirement.spec["method"], _where(requirement)
    yield mutant("of another name", *drop, f"CREATE {on} {method} ({keys}){where}")
    if method == "btree":
        if more := other_column(table, requirement.columns):
            yield mutant("with more keys", *drop, f"CREATE {on} btree ({keys}, {identifier(more.name)}){where}")
            yield mutant(
                "with a column included",
                *drop,
                f"CREATE {on} btree ({keys}) INCLUDE ({identifier(more.name)}){where}",
            )
        last = identifier(requirement.columns[-1])
        rest = "".join(f"{identifier(name)}, " for name in requirement.columns[:-1])
        turned = "" if requirement.columns[-1] in requirement.spec.get("descending", ()) else " DESC"
        yield mutant("the other way round", *drop, f"CREATE {on} btree ({rest}{last}{turned}){where}")
    if where:
        yield mutant("a full one", *drop, f"CREATE {on} {method} ({keys})")
        yield mutant("a predicate that is implied", *drop, f"CREATE {on} {method} ({keys}){where} OR false IS NULL")
    if method == "ivfflat":
        yield mutant("hnsw", *drop, f"CREATE {on} hnsw ({keys})")
    if method == "gin":
        yield mutant("without fast update", *drop, f"CREATE {on} gin ({keys}) WITH (fastupdate = off)")


def _serving(requirement: Requirement, table: Table) -> list[str]:
    """Every index that leads with the columns: all of them serve the lookup."""
    width = len(requirement.columns)
    return [
        index.name for index in table.indexes if tuple(key.column for key in index.keys)[:width] == requirement.columns
    ]


def _keys(requirement: Requirement) -> str:
    opclass = f" {requirement.spec['opclass']}" if "opclass" in requirement.spec else ""
    descending = requirement.spec.get("descending", ())
    return ", ".join(
        identifier(name) + opclass + (" DESC" if name in descending else "") for name in requirement.columns
    )


def _where(requirement: Requirement) -> str:
    return f" WHERE {requirement.spec['where']}" if "where" in requirement.spec else ""
