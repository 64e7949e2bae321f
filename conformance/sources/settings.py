"""How the catalog is read: the statement, and what a session has to be set to for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# Planning is a third of what the catalog costs: ways that never win on rows this few are not weighed, and joins are
# made as they are written.
SETTINGS: Mapping[str, str] = {
    "search_path": "",
    "jit": "off",
    "enable_mergejoin": "off",
    "enable_material": "off",
    "join_collapse_limit": "1",
    "max_parallel_workers_per_gather": "0",
    "array_nulls": "on",
    "row_security": "off",
    "constraint_exclusion": "off",
    "quote_all_identifiers": "off",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}
"""What is set before the statement is run, so that what anybody imposed on the session does not reach it."""


def catalog_statement() -> str:
    """The text of `catalog.sql`."""
    return Path(__file__).with_name("catalog.sql").read_text(encoding="utf-8")
