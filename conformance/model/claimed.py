"""What else in a database has a name that a repair gives, or keeps a type or a table from being used by it."""

from __future__ import annotations

from conformance.model.catalog import Table
from conformance.model.look import OWN
from conformance.model.look_at_catalogs import described, heirs, look, named, records
from conformance.model.record import replace
from conformance.model.repair import Users
from conformance.model.sql import literal

_MOST_COLUMNS = 1600


def of_relation(schema: str, name: str, table: Table) -> Users:
    """What has the name of an index that is to be built on the table, and is none of its own."""
    own = f"SELECT i.indexrelid FROM pg_catalog.pg_index AS i WHERE i.indrelid = {named(table.schema, table.name)}"
    taken = f"{_called('rel', schema, name)} AND {OWN}.oid NOT IN ({own})"
    return _another_does("pg_class", taken, name)


def of_sequence(schema: str, name: str, table: Table) -> Users:
    """What has the name of a sequence, and is none of the table's own or nobody's."""
    owners = (
        "SELECT d.objid FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
        f" AND d.deptype IN ('a', 'i') AND d.refobjid <> {named(table.schema, table.name)}"
    )
    taken = f"{_called('rel', schema, name)} AND ({OWN}.relkind <> 'S' OR {OWN}.oid IN ({owners}))"
    return _another_does("pg_class", taken, name)


def of_constraint_name(relation: str, name: str) -> Users:
    """What has the name of a constraint and is not looked at otherwise: NOT NULL, a trigger, whatever an heir has."""
    there = f"pg_catalog.to_regclass({literal(relation)})"
    below = f"{OWN}.conrelid <> {there} AND {OWN}.conrelid IN ({heirs(there)})"
    own = f"{OWN}.conrelid = {there} AND {OWN}.contype IN ('n', 't')"
    taken = f"{OWN}.conname = {literal(name)} AND ({own} OR {below})"
    return _another_does("pg_constraint", taken, name)


def of_type_name(schema: str, name: str) -> Users:
    """What has the name of a table that is to be made: a type stands in its way as well. Arrays step aside."""
    array = f"EXISTS (SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray = {OWN}.oid)"
    taken = f"{_called('typ', schema, name)} AND {OWN}.typisdefined AND NOT {array}"
    no_relation = f"{OWN}.typrelid = 0"
    return _named_too("pg_type", f"{taken} AND {no_relation}", name)


def of_column_name(table: Table, column: str, type_: str) -> tuple[Users, ...]:
    """What keeps a table from getting a column: an heir that has one of another type, too many of them."""
    there = named(table.schema, table.name)
    other = f"pg_catalog.format_type({OWN}.atttypid, {OWN}.atttypmod) <> {literal(type_)}"
    below = f"{OWN}.attrelid IN ({heirs(there)}) AND {OWN}.attname = {literal(column)} AND {other}"
    last = f"{OWN}.attrelid IN ({heirs(there)}) AND {OWN}.attnum = {_MOST_COLUMNS}"
    found = described("'pg_catalog.pg_class'::pg_catalog.regclass", f"{OWN}.attrelid", f"{OWN}.attnum")
    return (
        Users(look=look("pg_attribute", below, found), words=f"inherits and has a {column} of another type"),
        Users(look=look("pg_attribute", last, found), words="is the last column that a table can have"),
    )


def of_extension(name: str, path: tuple[str, ...]) -> tuple[Users, ...]:
    """What keeps an extension's types from being found by their bare names: it is not on the search path, or no files
    of it are on the server."""
    on_path = ", ".join(map(literal, path)) or "NULL"
    off = (
        f"EXISTS (SELECT FROM pg_catalog.pg_extension AS e WHERE e.extname = {literal(name)}"
        f" AND e.extnamespace = {OWN}.oid) AND ({OWN}.nspname IN ({on_path})) IS NOT TRUE"
    )
    lacking = (
        f"NOT EXISTS (SELECT FROM pg_catalog.pg_extension AS e WHERE e.extname = {literal(name)}) AND NOT EXISTS"
        f" (SELECT FROM pg_catalog.pg_available_extensions() AS a WHERE a.name = {literal(name)})"
        f" AND {OWN}.nspname = 'pg_catalog'"
    )
    return (
        Users(
            look=records("pg_namespace", off),
            words=f"has the extension {name} and is off the search path",
        ),
        Users(look=look("pg_namespace", lacking, "'this server'"), words=f"has no files of the extension {name}"),
    )


def of_persistence(table: Table, target: str) -> Users:
    """A table that is lost in a crash, where one that is not would refer to it; `target` is SQL."""
    there, leads = named(table.schema, table.name), f"pg_catalog.to_regclass({literal(target)})"
    kept = f"EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid = {there} AND c.relpersistence = 'p')"
    unlogged = f"{OWN}.oid = {leads} AND {OWN}.relpersistence <> 'p' AND {kept}"
    return Users(look=records("pg_class", unlogged), words="is unlogged and referred to by what is not")


def _named_too(catalog: str, taken: str, name: str) -> Users:
    return Users(look=records(catalog, taken), words=f"has the name {name} too")


def _another_does(catalog: str, taken: str, name: str) -> Users:
    """The same of a name that nothing is asked of."""
    return replace(_named_too(catalog, taken, name), name=name)


def _called(prefix: str, schema: str, name: str) -> str:
    space = f"(SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname = {literal(schema)})"
    return f"{OWN}.{prefix}name = {literal(name)} AND {OWN}.{prefix}namespace = {space}"
