"""Whether a session came as it was asked for, and from a server that can be judged.

What stands between us and the server may have changed it in silence: some poolers drop what a URL's `options` ask for,
and a pooled session brings what another client SET. Of all settings two decide what is judged and cannot be set back:
the search_path, which says whose tables are meant, and the role.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import psycopg

from conformance.errors import CannotEvaluate
from conformance.model.engine import engine
from conformance.model.search_path import split_path
from conformance.sources.url import DatabaseUrl

_SETTING = re.compile(r"(?:^|(?<=\s))(?:-c\s*|--)([A-Za-z_][\w.-]*)=((?:\\.|[^\s\\])*)", re.DOTALL)
_POOLER = "a pooler in front of the server drops startup options"
_SCHEMA = "say which schema is meant with --schema"

OLDEST = 120000
_MISSING_BEFORE = (
    "is older than 12, the oldest that is judged: its catalogs do not say which columns are generated"
    " (pg_attribute.attgenerated) and which collations fold (pg_collation.collisdeterministic), so that nothing was"
    " examined; restore its schema on a newer server, and check that"
)


def expect_engine(version: str) -> None:
    """Raises `CannotEvaluate` where the engine of this `version()` is known not to be judged."""
    found = engine(version)
    if found is not None and not found.judged:
        raise CannotEvaluate(f"the server is {found.name}: {found.words}")


def expect_version(number: int, version: str) -> None:
    """Raises `CannotEvaluate` where this version of PostgreSQL is too old."""
    if 0 < number < OLDEST:  # none where the server did not say it
        raise CannotEvaluate(f"PostgreSQL {version} {_MISSING_BEFORE}")


def options(url: DatabaseUrl) -> Mapping[str, str]:
    """The settings that libpq sends with the session's first message, as the server would read them."""
    given = psycopg.conninfo.conninfo_to_dict(url.text)
    text = str(given["options"]) if "options" in given else os.environ.get("PGOPTIONS", "")
    return {
        name.lower().replace("-", "_"): re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
        for name, value in _SETTING.findall(text)
    }


def changed(asked: Mapping[str, str], path: str, new_path: str, role: str, *, schema_is_said: bool) -> str | None:
    """Why this session would judge something else than was asked for; `new_path` is what a new session begins with."""
    wanted = asked.get("role", "none")
    if wanted.lower() != "none" and wanted != role:
        return f"the URL's options ask for the role {wanted}, and the session acts as {role}: {_POOLER}"
    if schema_is_said:
        return None
    wanted = asked.get("search_path", path)
    if _schemas(wanted) != _schemas(path):
        return f"the URL's options ask for the search_path {wanted}, and the session has {path}: {_POOLER}; {_SCHEMA}"
    if path != new_path:
        return (
            f"the session came with the search_path {path}, and a new one begins with {new_path}: another client of a"
            f" pooler left it behind, or a login trigger set it; {_SCHEMA}"
        )
    return None


def _schemas(path: str) -> tuple[str, ...]:
    return split_path(path, current_user="$user")
