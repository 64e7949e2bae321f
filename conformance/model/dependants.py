"""What in a database uses a column, so that PostgreSQL refuses to make it of another type."""

from __future__ import annotations

from conformance.model.catalog import Table
from conformance.model.look import OWN, Relation, Rows, Shown
from conformance.model.sql import literal, qualified

_REFUSING = ("pg_rewrite", "pg_policy", "pg_trigger", "pg_proc", "pg_publication_rel")
"""The catalogs of views and rules, policies, triggers, functions and publications."""


def using(table: Table, column: str) -> Rows:
    """The look for what uses the column; each has its description as its id."""
    there = f"{literal(qualified(table.schema, table.name))}::pg_catalog.regclass"
    kinds = ", ".join(f"'pg_catalog.{one}'::pg_catalog.regclass" for one in _REFUSING)
    number = (
        "(SELECT a.attnum FROM pg_catalog.pg_attribute AS a"
        f" WHERE a.attrelid = {there} AND a.attname = {literal(column)})"
    )
    uses = (
        f"{OWN}.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND {OWN}.refobjid = {there}"
        f" AND {OWN}.refobjsubid = {number} AND {OWN}.classid IN ({kinds})"
    )
    described = f"pg_catalog.pg_describe_object({OWN}.classid, {OWN}.objid, {OWN}.objsubid)"
    return Rows(
        table=Relation(schema="pg_catalog", name="pg_depend"),
        violates=uses,
        ids=(Shown(name="user", sql=described),),
    )
