"""What only a rebuilding has to know of a catalog: the sequences that columns draw from, and the collations of domains.

It costs a statement of its own, which is left out where a catalog has neither."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.catalog import Catalog, Domain
from conformance.model.particulars import Collation, Sequence
from conformance.model.record import replace
from conformance.sources.database import Session

STATEMENT = """
WITH wanted AS MATERIALIZED (
    SELECT c.oid, c.relname
    FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::pg_catalog.name[]),
                    pg_catalog.unnest(%(tables)s::pg_catalog.name[])) AS asked (schema, name)
    JOIN pg_catalog.pg_namespace AS n ON n.nspname = asked.schema
    JOIN pg_catalog.pg_class AS c ON c.relname = asked.name AND c.relnamespace = n.oid
),
link AS (
    SELECT w.oid, w.relname, d.refobjsubid AS attnum, d.objid AS sequence
    FROM wanted AS w
    JOIN pg_catalog.pg_depend AS d
      ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = w.oid AND d.refobjsubid > 0
     AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'i'
    UNION
    SELECT w.oid, w.relname, f.adnum, d.refobjid
    FROM wanted AS w
    JOIN pg_catalog.pg_attrdef AS f ON f.adrelid = w.oid
    JOIN pg_catalog.pg_depend AS d
      ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid
     AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid = 0
)
SELECT (
    SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        link.relname, a.attname, sn.nspname, s.relname, pg_catalog.format_type(q.seqtypid, NULL),
        q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle,
        (SELECT pg_catalog.json_build_array(n.nspname, c.relname, own.attname)
         FROM pg_catalog.pg_depend AS d
         JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid
         JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
         JOIN pg_catalog.pg_attribute AS own ON own.attrelid = c.oid AND own.attnum = d.refobjsubid
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = s.oid AND d.objsubid = 0
           AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'a')
    ) ORDER BY link.relname, link.attnum, sn.nspname, s.relname)
    FROM link
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = link.oid AND a.attnum = link.attnum
    JOIN pg_catalog.pg_class AS s ON s.oid = link.sequence
    JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
    JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = s.oid
), (
    SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
        pg_catalog.format_type(t.oid, NULL), n.nspname, c.collname, c.oid < 16384))
    FROM pg_catalog.pg_type AS t
    LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = t.typcollation AND c.oid NOT IN (0, 100)
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
    WHERE t.typtype = 'd' AND pg_catalog.format_type(t.oid, NULL) = ANY (%(domains)s::pg_catalog.text[])
)
"""


def particulars(session: Session, catalog: Catalog) -> Catalog:
    """The catalog with them, in the transaction in which it was read. Raises `CannotEvaluate`."""
    domains = sorted({domain.name for domain in _domains(catalog)})
    drawing = [table for table in catalog.tables.values() if any(c.draws for c in table.columns.values())]
    if not domains and not drawing:
        return catalog
    asked = {"schemas": [t.schema for t in drawing], "tables": [t.name for t in drawing], "domains": domains}
    with session.faults():
        row = session.connection.execute(STATEMENT, asked).fetchone() or (None, None)
    sequences = {f"{table}.{column}": _sequence(*record) for table, column, *record in row[0] or ()}
    collations = {
        name: Collation(name=(called if schema == "pg_catalog" else f"{schema}.{called}") or "", shipped=shipped)
        if called is not None
        else Collation()
        for name, schema, called, shipped in row[1] or ()
    }
    return replace(catalog, sequences=sequences, domain_collations=collations)


def _domains(catalog: Catalog) -> Iterator[Domain]:
    for table in catalog.tables.values():
        for column in table.columns.values():
            yield from column.type.domains
            yield from column.type.elements


def _sequence(
    schema: str,
    name: str,
    type_: str,
    start: int,
    increment: int,
    least: int,
    greatest: int,
    cache: int,
    cycle: bool,
    owner: list[str] | None,
) -> Sequence:
    return Sequence(
        schema=schema,
        name=name,
        type=type_,
        start=start,
        increment=increment,
        least=least,
        greatest=greatest,
        cache=cache,
        cycle=cycle,
        owner=tuple(owner or ()),
    )
