"""What else in a database uses a column, an index, a constraint, a trigger or a table's row type, so that PostgreSQL
refuses a statement about it, or what others write behind it."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model.catalog import Index, Table
from conformance.model.look import OWN
from conformance.model.look_at_catalogs import (
    depending,
    described,
    heirs,
    index_rows,
    look,
    named,
    number_of,
    on,
    parent_rows,
    records,
    row_types,
)
from conformance.model.repair import Users
from conformance.model.sql import literal

_REFUSING = ("pg_rewrite", "pg_policy", "pg_trigger", "pg_proc", "pg_publication_rel")
"""The catalogs of views and rules, policies, triggers, functions and publications."""

_STORING = "'r', 'm', 'p', 'i', 'I'"
"""The kinds of relations that hold rows of their own."""

_WRITES = ": UPDATE and DELETE are refused behind the script"
_FILTERS_ROWS = 15
_INHERITS_NOT_NULL = 18


def of_column(table: Table, column: str) -> tuple[Users, ...]:
    """What keeps the column's type as it is."""
    there = named(table.schema, table.name)
    kinds = ", ".join(f"'pg_catalog.{one}'::pg_catalog.regclass" for one in _REFUSING)
    uses = f"{on('pg_class', there)} AND {OWN}.refobjsubid = {number_of(there, column)} AND {OWN}.classid IN ({kinds})"
    return (Users(look=depending(uses), words=f"uses the column {column}"), *of_row_type(table))


def of_row_type(table: Table) -> tuple[Users, ...]:
    """What keeps the columns of a table as they are: rows of it that are stored elsewhere, and a type that it is of."""
    there = named(table.schema, table.name)
    hosts = f"SELECT c.oid FROM pg_catalog.pg_class AS c WHERE c.relkind IN ({_STORING})"
    stores = f"{OWN}.attnum > 0 AND {OWN}.atttypid IN ({row_types(there)}) AND {OWN}.attrelid IN ({hosts})"
    of_type = f"{OWN}.oid = {there} AND {OWN}.reloftype <> 0"
    type_ = described("'pg_catalog.pg_type'::pg_catalog.regclass", f"{OWN}.reloftype")
    column = described("'pg_catalog.pg_class'::pg_catalog.regclass", f"{OWN}.attrelid", f"{OWN}.attnum")
    return (
        Users(look=look("pg_attribute", stores, column), words=f"stores rows of {table.name}"),
        Users(look=look("pg_class", of_type, type_), words=f"says of which type {table.name} is"),
    )


def of_null(table: Table, column: str, major: int) -> tuple[Users, ...]:
    """What keeps a column NOT NULL, there or in a table that inherits: the index by which subscribers know a row, a
    primary key, a sequence that it draws from; a table above."""
    there = named(table.schema, table.name)
    all_ = heirs(there)
    key = f"({OWN}.indisreplident OR {OWN}.indisprimary) AND {OWN}.indrelid IN ({all_})"
    key += f" AND {number_of(f'{OWN}.indrelid', column)} = ANY ({OWN}.indkey::pg_catalog.int2[])"
    drawing = f"{OWN}.attidentity <> '' AND {OWN}.attname = {literal(column)}"
    drawing += f" AND {OWN}.attrelid <> {there} AND {OWN}.attrelid IN ({all_})"
    strict = f"a.attrelid = {OWN}.inhparent AND a.attname = {literal(column)} AND a.attnotnull"
    above = f"{OWN}.inhrelid = {there} AND EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE {strict})"
    heir = described("'pg_catalog.pg_class'::pg_catalog.regclass", f"{OWN}.attrelid")
    found = (
        Users(look=index_rows(key), words=f"has {column} in a replica identity or a primary key"),
        Users(look=look("pg_attribute", drawing, heir), words=f"inherits {column} and draws it from a sequence"),
    )
    if major < _INHERITS_NOT_NULL and not table.bound:
        return found
    return (*found, Users(look=parent_rows(above), words=f"hands its NOT NULL down to {column}"))


def of_index(table: Table, index: Index) -> tuple[Users, ...]:
    """What keeps an index, or the constraint that it backs, from being dropped: a foreign key from anywhere, a view
    that groups by the primary key, an index above; and what others write rests on it where it is the replica
    identity."""
    there = named(table.schema, index.name)
    constraint = f"(SELECT c.oid FROM pg_catalog.pg_constraint AS c WHERE c.conindid = {there} AND c.contype <> 'f')"
    uses = f"{OWN}.deptype = 'n' AND ({on('pg_class', there)} OR {on('pg_constraint', constraint)})"
    return (
        Users(look=depending(uses), words=f"rests on {index.name}"),
        Users(look=parent_rows(f"{OWN}.inhrelid = {there}"), words=f"hands {index.name} down"),
        Users(
            look=index_rows(f"{OWN}.indexrelid = {there} AND {OWN}.indisreplident"),
            words="is what subscribers know a row by",
            behind=_WRITES,
        ),
    )


def of_constraint(relation: str, name: str) -> tuple[Users, ...]:
    """What keeps a constraint of a table, which is named in SQL, from being dropped: a table above has it too."""
    there = f"pg_catalog.to_regclass({literal(relation)})"
    own = f"c.conrelid = {there} AND c.conname = {literal(name)} AND c.coninhcount > 0"
    above = f"{OWN}.inhrelid = {there} AND EXISTS (SELECT FROM pg_catalog.pg_constraint AS c WHERE {own})"
    return (Users(look=parent_rows(above), words=f"hands {name} down"),)


def of_trigger(table: Table, name: str) -> tuple[Users, ...]:
    """What keeps a trigger from being dropped: the table above has it too."""
    there = named(table.schema, table.name)
    own = f"(SELECT g.oid FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid = {there} AND g.tgname = {literal(name)})"
    uses = (
        f"{OWN}.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND {OWN}.objid = {own}"
        f" AND {OWN}.refclassid = {OWN}.classid"
    )
    return (
        Users(
            look=look("pg_depend", uses, described(f"{OWN}.refclassid", f"{OWN}.refobjid")),
            words=f"hands {name} down",
        ),
    )


def of_key(table: Table, columns: Sequence[str], major: int) -> tuple[Users, ...]:
    """What refuses a primary key of these columns, or what is written behind it: publications of some rows or columns
    want them in the replica identity, which it becomes."""
    there = named(table.schema, table.name)
    names = ", ".join(map(literal, columns))
    numbers = f"SELECT a.attnum FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = {there} AND a.attname IN ({names})"
    alone = (
        f"{OWN}.conrelid = {there} AND {OWN}.contype = 'n' AND {OWN}.connoinherit AND {OWN}.conkey[1] IN ({numbers})"
    )
    found = (Users(look=records("pg_constraint", alone), words="says NOT NULL of its columns with NO INHERIT"),)
    if major < _FILTERS_ROWS:
        return found
    some = f"{OWN}.prrelid = {there} AND ({OWN}.prqual IS NOT NULL OR {OWN}.prattrs IS NOT NULL)"
    return (
        *found,
        Users(
            look=records("pg_publication_rel", some),
            words=f"publishes some rows or columns of {table.name}, which another key need not suit",
            behind=_WRITES,
        ),
    )
