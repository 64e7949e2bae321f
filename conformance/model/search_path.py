"""A `search_path`, as PostgreSQL reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable

USER = "$user"
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(?:,|$)')


def split_path(setting: str, *, current_user: str) -> tuple[str, ...]:
    """The schemas of a `search_path` setting, in order, as PostgreSQL reads it (`"$user"` is the current user).

    Schemas that do not exist stay in the list: nothing is found in them. The role's privileges play no part, so a role
    that may only connect looks where the platform looks.
    """
    names = []
    for quoted, bare in _ITEM.findall(setting):
        name = quoted.replace('""', '"') if quoted else bare.lower()
        names.append(current_user if name == USER else name)
    return tuple(dict.fromkeys(name for name in names if name))


def before_own(path: Iterable[str]) -> tuple[str, ...]:
    """The schemas in which a function is looked for before `pg_catalog`, which comes first where a path does not list
    it. `pg_temp` is never asked for a function."""
    names = tuple(path)
    own = names.index("pg_catalog") if "pg_catalog" in names else 0
    return tuple(name for name in names[:own] if name != "pg_temp")
