"""A database at one moment, as text that can be compared: what is in it, and its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg

from conformance.model.history import Rows, Shot, Structure
from conformance.model.sql import identifier, literal

_HOME = "nspname <> 'information_schema' AND NOT starts_with(nspname, 'pg_')"


def _granted(acl: str, owner: str) -> str:
    """What others than the owner may do, as SQL that gives a text."""
    return f"""coalesce((
        SELECT ' granted ' || string_agg(concat(CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END, ' ',
                                                privilege_type, CASE WHEN is_grantable THEN ' to give on' END),
                                         ', ' ORDER BY grantee::regrole::text, privilege_type)
        FROM pg_catalog.aclexplode({acl}) WHERE grantee <> {owner}), '')"""


# Names of the schema `public` are left bare. What an extension brought is the extension's.
_STRUCTURE = f"""
WITH home AS (
    SELECT oid AS home, CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END AS place
    FROM pg_catalog.pg_namespace WHERE {_HOME}
), relation AS (
    SELECT c.*, c.oid AS id, place || relname AS said
    FROM pg_catalog.pg_class AS c JOIN home ON home = relnamespace
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
)
SELECT CASE relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table '
                    WHEN 'S' THEN 'sequence ' WHEN 'c' THEN 'type ' ELSE 'table ' END || said,
       CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(id) ELSE '' END
       || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END
       || CASE WHEN relforcerowsecurity THEN ' forced' ELSE '' END
       || coalesce(' partitioned by ' || pg_get_partkeydef(id), '')
       || coalesce(' ' || pg_get_expr(relpartbound, id), '')
       || coalesce((SELECT ' of ' || string_agg(above.said, ', ' ORDER BY inhseqno)
                    FROM pg_catalog.pg_inherits JOIN relation AS above ON above.id = inhparent
                    WHERE inhrelid = relation.id), '')
       || coalesce((SELECT format(' as %s from %s by %s between %s and %s cycle %s', format_type(seqtypid, NULL),
                                  seqstart, seqincrement, seqmin, seqmax, seqcycle)
                    FROM pg_catalog.pg_sequence WHERE seqrelid = id), '')
       || {_granted("relacl", "relowner")}
       || CASE WHEN relpersistence = 'u' THEN ' unlogged' ELSE '' END || coalesce(' with ' || reloptions::text, '')
FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
UNION ALL
SELECT 'column ' || said || '.' || attname,
       format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END
       || coalesce(CASE attgenerated WHEN '' THEN ' default ' ELSE ' generated ' END || pg_get_expr(adbin, adrelid), '')
       || CASE attidentity WHEN '' THEN '' ELSE ' identity ' || attidentity::text END
       || coalesce((SELECT ' collate ' || collname FROM pg_catalog.pg_collation AS o JOIN pg_catalog.pg_type AS y
                    ON y.oid = atttypid AND y.typcollation <> o.oid WHERE o.oid = attcollation), '')
       || {_granted("attacl", "relowner")}
FROM relation
JOIN pg_catalog.pg_attribute ON attrelid = id AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_catalog.pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relkind IN ('r', 'p', 'f', 'c')
UNION ALL
SELECT 'constraint ' || said || '.' || conname, pg_get_constraintdef(k.oid)
FROM relation JOIN pg_catalog.pg_constraint AS k ON conrelid = id AND contype NOT IN ('n', 't')
UNION ALL
SELECT 'index ' || said || '.' || i.relname,
       CASE WHEN indisvalid THEN '' ELSE 'INVALID ' END || pg_get_indexdef(indexrelid)
FROM relation
JOIN pg_catalog.pg_index ON indrelid = id
JOIN pg_catalog.pg_class AS i ON i.oid = indexrelid
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'trigger ' || said || '.' || tgname,
       pg_get_triggerdef(t.oid) || CASE tgenabled WHEN 'O' THEN '' ELSE ' enabled ' || tgenabled::text END
FROM relation JOIN pg_catalog.pg_trigger AS t ON tgrelid = id AND NOT tgisinternal
UNION ALL
SELECT 'rule ' || said || '.' || rulename, pg_get_ruledef(r.oid)
FROM relation JOIN pg_catalog.pg_rewrite AS r ON ev_class = id WHERE rulename <> '_RETURN'
UNION ALL
SELECT 'policy ' || said || '.' || polname,
       concat(CASE WHEN polpermissive THEN '' ELSE 'restrictive ' END, 'for ', polcmd, ' to ',
              (SELECT string_agg(CASE one WHEN 0 THEN 'public' ELSE one::regrole::text END, ', ' ORDER BY one)
               FROM unnest(polroles) AS r (one)),
              ' using ' || pg_get_expr(polqual, polrelid), ' check ' || pg_get_expr(polwithcheck, polrelid))
FROM relation JOIN pg_catalog.pg_policy ON polrelid = id
UNION ALL
SELECT 'function ' || place || proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       CASE prokind WHEN 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END
       || {_granted("coalesce(proacl, acldefault('f', proowner))", "proowner")}
FROM pg_catalog.pg_proc AS p JOIN home ON home = pronamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'type ' || place || typname,
       CASE typtype WHEN 'd' THEN format_type(typbasetype, typtypmod) || coalesce(' default ' || typdefault, '')
                         || CASE WHEN typnotnull THEN ' not null' ELSE '' END
                         || (SELECT coalesce(string_agg(' ' || pg_get_constraintdef(k.oid), '' ORDER BY conname), '')
                             FROM pg_catalog.pg_constraint AS k WHERE contypid = t.oid)
            ELSE (SELECT coalesce(string_agg(enumlabel, ', ' ORDER BY enumsortorder), '')
                  FROM pg_catalog.pg_enum WHERE enumtypid = t.oid) END
FROM pg_catalog.pg_type AS t JOIN home ON home = typnamespace
WHERE typtype IN ('d', 'e')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL
SELECT 'schema ' || nspname, {_granted("nspacl", "nspowner")} FROM pg_catalog.pg_namespace WHERE {_HOME}
UNION ALL
SELECT 'statistics ' || place || stxname, pg_get_statisticsobjdef(s.oid)
FROM pg_catalog.pg_statistic_ext AS s JOIN home ON home = stxnamespace
UNION ALL
SELECT 'event trigger ' || evtname, concat(evtevent, ' ', proname, ' enabled ', evtenabled, ' ', evttags)
FROM pg_catalog.pg_event_trigger JOIN pg_catalog.pg_proc AS p ON p.oid = evtfoid
UNION ALL
SELECT 'extension ' || extname, '' FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'
ORDER BY 1, 2
"""

_KEYS = f"""
SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname, nspname, relname, relkind,
       (SELECT array_agg(attname::text ORDER BY attnum)
        FROM pg_catalog.pg_index JOIN pg_catalog.pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
        WHERE indrelid = c.oid AND indisprimary)
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND {_HOME}
ORDER BY 1
"""


def structure(connection: psycopg.Connection[Any]) -> Structure:
    """Everything that there is, by kind and name, as the server prints it; the order of columns does not count."""
    with _usual_path(connection):
        return dict(connection.execute(_STRUCTURE.encode()).fetchall())


@contextmanager
def _usual_path(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Names are printed by where they are looked for, which a migration may have set for its session."""
    local = connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE
    put = "SELECT pg_catalog.set_config('search_path', %s, %s)"
    (own,) = connection.execute("SELECT pg_catalog.current_setting('search_path')").fetchone() or ("",)
    connection.execute(put, ("public", local))
    yield
    connection.execute(put, (own, local))


def rows(connection: psycopg.Connection[Any]) -> Rows:
    """All rows of all tables, each by its primary key, or by all that it holds where there is none; those of partitions
    in the table that they are of."""
    tables = connection.execute(_KEYS.encode()).fetchall()
    if not tables:
        return {}
    parts = [
        f"SELECT {literal(said)}, pg_catalog.to_jsonb(t)::text FROM"
        f" {'ONLY ' * (kind == 'r')}{identifier(schema)}.{identifier(name)} AS t"
        for said, schema, name, kind, _ in tables
    ]
    keys = {said: key for said, *_, key in tables}
    found: dict[str, dict[str, Mapping[str, Any]]] = {said: {} for said in keys}
    for said, text in connection.execute(" UNION ALL ".join(parts).encode()):
        row = json.loads(text)
        key = ", ".join(str(row[column]) for column in keys[said]) if keys[said] else text
        while key in found[said]:
            key += " again"
        found[said][key] = row
    return {table: dict(sorted(of.items())) for table, of in found.items()}


def shot(connection: psycopg.Connection[Any], *, with_rows: bool = True) -> Shot:
    """The database as this session sees it now."""
    return Shot(structure=structure(connection), rows=rows(connection) if with_rows else {})
