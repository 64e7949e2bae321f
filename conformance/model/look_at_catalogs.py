"""Looks at the server's own catalogs, in which what might stop a repair is found."""

from __future__ import annotations

from conformance.model.look import OWN, Relation, Rows, Shown
from conformance.model.sql import literal, qualified


def named(schema: str, name: str) -> str:
    """The object of that name, or NULL where there is none."""
    return f"pg_catalog.to_regclass({literal(qualified(schema, name))})"


def number_of(there: str, column: str) -> str:
    """The number of a column."""
    return (
        "(SELECT a.attnum FROM pg_catalog.pg_attribute AS a"
        f" WHERE a.attrelid = {there} AND a.attname = {literal(column)})"
    )


def heirs(there: str) -> str:
    """The table and all that inherit from it."""
    return (
        f"WITH RECURSIVE below (own) AS (SELECT {there}::pg_catalog.oid UNION SELECT i.inhrelid"
        " FROM below JOIN pg_catalog.pg_inherits AS i ON i.inhparent = below.own) SELECT below.own FROM below"
    )


def row_types(there: str) -> str:
    """The row types of the table and of all that inherit from it, and the types that are made of these."""
    return (
        "WITH RECURSIVE made (type) AS ("
        f"SELECT c.reltype FROM pg_catalog.pg_class AS c WHERE c.oid IN ({heirs(there)})"
        " UNION SELECT o.type FROM made CROSS JOIN LATERAL ("
        "SELECT p.oid FROM pg_catalog.pg_type AS p WHERE p.typbasetype = made.type OR p.typelem = made.type"
        " UNION ALL SELECT c.reltype FROM pg_catalog.pg_attribute AS a"
        " JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'c' WHERE a.atttypid = made.type"
        " UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range AS r WHERE r.rngsubtype = made.type"
        ") AS o (type)) SELECT made.type FROM made"
    )


def on(catalog: str, there: str) -> str:
    """That a record of dependence is on this object."""
    return f"({OWN}.refclassid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND {OWN}.refobjid = {there})"


def depending(uses: str) -> Rows:
    """The records of dependence, each shown as what depends."""
    return look("pg_depend", uses, described(f"{OWN}.classid", f"{OWN}.objid", f"{OWN}.objsubid"))


def parent_rows(above: str) -> Rows:
    """The records of inheritance, each shown as the relation above."""
    return look("pg_inherits", above, described("'pg_catalog.pg_class'::pg_catalog.regclass", f"{OWN}.inhparent"))


def index_rows(which: str) -> Rows:
    """The records of indexes."""
    return look("pg_index", which, described("'pg_catalog.pg_class'::pg_catalog.regclass", f"{OWN}.indexrelid"))


def records(catalog: str, which: str) -> Rows:
    """The records of a catalog, each shown as the object that it is of."""
    return look(catalog, which, described(f"'pg_catalog.{catalog}'::pg_catalog.regclass", f"{OWN}.oid"))


def described(catalog: str, object_: str, part: str = "0") -> str:
    """An object in the server's words."""
    return f"pg_catalog.pg_describe_object({catalog}, {object_}, {part})"


def look(catalog: str, which: str, described: str) -> Rows:
    """The records of a catalog."""
    return Rows(
        table=Relation(schema="pg_catalog", name=catalog), violates=which, ids=(Shown(name="user", sql=described),)
    )
