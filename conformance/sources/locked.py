"""Which tables somebody else holds for himself."""

from __future__ import annotations

from typing import Any

import psycopg

_HELD = """
SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
FROM pg_catalog.pg_locks AS l
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) l.relation
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
JOIN pg_catalog.pg_database AS d ON d.oid OPERATOR(pg_catalog.=) l.database
WHERE l.mode OPERATOR(pg_catalog.=) 'AccessExclusiveLock' AND l.granted
  AND d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
  AND c.relkind OPERATOR(pg_catalog.<>) 'i' AND c.relkind OPERATOR(pg_catalog.<>) 't'
ORDER BY name LIMIT 5
"""


def locked(connection: psycopg.Connection[Any]) -> str:
    """Which tables are locked, as a clause; the transaction is rolled back."""
    try:
        connection.execute("ROLLBACK")
        names = [name for (name,) in connection.execute(_HELD)]
    except psycopg.Error:
        names = []
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} locked" if names else "a table is locked"
