"""Where a table's rows lie: which heaps, of how many blocks, so that they can be read by ranges of ctid."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import tuple_row

from conformance.model.cycle import EdgeSource
from conformance.sources.edge_sql import Piece, hold

BLOCKS = 512
BLOCKS_OF_ARRAYS = 64
"""A row with an array may be many edges."""
_RANGE_SCANS = 140000
"""The first server that reads a range of ctid without reading all."""

# Every relation under the table, with what hinders reading it by itself: storage of another kind, or rights and
# policies of its own, which do not count when it is read through its parent.
_HEAPS = """
WITH RECURSIVE below(oid) AS (
  SELECT c.oid FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE n.nspname OPERATOR(pg_catalog.=) %(schema)s AND c.relname OPERATOR(pg_catalog.=) %(table)s
  UNION
  SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
  JOIN below AS b ON b.oid OPERATOR(pg_catalog.=) i.inhparent)
SELECT n.nspname, c.relname, c.relkind OPERATOR(pg_catalog.=) 'p' AS empty,
       c.relkind OPERATOR(pg_catalog.=) ANY ('{r,m}') AND a.amname OPERATOR(pg_catalog.=) 'heap'
         AND NOT EXISTS (
           SELECT FROM pg_catalog.pg_inherits AS i
           WHERE i.inhrelid OPERATOR(pg_catalog.=) c.oid
             AND i.inhdetachpending)
         AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
         AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS divisible,
       c.relrowsecurity, c.relpersistence OPERATOR(pg_catalog.=) 't' AS temporary,
       CASE WHEN c.relkind OPERATOR(pg_catalog.=) ANY ('{r,m}') THEN pg_catalog.pg_relation_size(c.oid)
         OPERATOR(pg_catalog./) pg_catalog.current_setting('block_size')::pg_catalog.int8 ELSE 0 END AS blocks
FROM below AS b
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) b.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
LEFT JOIN pg_catalog.pg_am AS a ON a.oid OPERATOR(pg_catalog.=) c.relam
ORDER BY n.nspname, c.relname
"""


def pieces(connection: psycopg.Connection[Any], edges: EdgeSource) -> tuple[list[Piece], bool]:
    """The ranges to read, or none where the relation must be read in one stream; and whether others can see it.

    From here on the relation is held: blocks that are counted stay where they are.
    """
    connection.execute(hold(edges).encode(), ())
    if edges.whole or connection.info.server_version < _RANGE_SCANS:
        return [], True
    named = {"schema": edges.schema, "table": edges.table}
    with connection.cursor(row_factory=tuple_row) as cursor:
        heaps = cursor.execute(_HEAPS, named).fetchall()
    shared = not any(temporary for *_, temporary, _ in heaps)
    guarded = len(heaps) > 1 and any(policies for _, _, _, _, policies, _, _ in heaps)
    if guarded or not all(empty or divisible for _, _, empty, divisible, *_ in heaps):
        return [], shared
    step = BLOCKS_OF_ARRAYS if edges.array else BLOCKS
    found = [
        Piece(schema=schema, table=table, first=first, last=min(first + step, blocks))
        for schema, table, *_, blocks in heaps
        for first in range(0, blocks, step)
    ]
    return found, shared
