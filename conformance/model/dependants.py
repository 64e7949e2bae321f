"""What else in a database uses a column or an index, so that PostgreSQL refuses a statement about it."""

from __future__ import annotations

from conformance.model.catalog import Index, Table
from conformance.model.look import OWN, Relation, Rows, Shown
from conformance.model.repair import Users
from conformance.model.sql import literal, qualified

_REFUSING = ("pg_rewrite", "pg_policy", "pg_trigger", "pg_proc", "pg_publication_rel")
"""The catalogs of views and rules, policies, triggers, functions and publications."""


def of_column(table: Table, column: str) -> Users:
    """What keeps the column's type as it is."""
    there = _class(table.schema, table.name)
    kinds = ", ".join(f"'pg_catalog.{one}'::pg_catalog.regclass" for one in _REFUSING)
    number = (
        "(SELECT a.attnum FROM pg_catalog.pg_attribute AS a"
        f" WHERE a.attrelid = {there} AND a.attname = {literal(column)})"
    )
    uses = f"{_on('pg_class', there)} AND {OWN}.refobjsubid = {number} AND {OWN}.classid IN ({kinds})"
    return Users(look=_look(uses), words=f"uses the column {column}")


def of_index(table: Table, index: Index) -> Users:
    """What keeps an index, or the constraint that it backs, from being dropped: a foreign key from anywhere, a view
    that groups by the primary key."""
    there = _class(table.schema, index.name)
    constraint = f"(SELECT c.oid FROM pg_catalog.pg_constraint AS c WHERE c.conindid = {there} AND c.contype <> 'f')"
    uses = f"{OWN}.deptype = 'n' AND ({_on('pg_class', there)} OR {_on('pg_constraint', constraint)})"
    return Users(look=_look(uses), words=f"rests on {index.name}")


def _class(schema: str, name: str) -> str:
    return f"{literal(qualified(schema, name))}::pg_catalog.regclass"


def _on(catalog: str, there: str) -> str:
    return f"({OWN}.refclassid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND {OWN}.refobjid = {there})"


def _look(uses: str) -> Rows:
    described = f"pg_catalog.pg_describe_object({OWN}.classid, {OWN}.objid, {OWN}.objsubid)"
    return Rows(
        table=Relation(schema="pg_catalog", name="pg_depend"),
        violates=uses,
        ids=(Shown(name="user", sql=described),),
    )
