"""Forms of database URLs that are not libpq's own: drivers' and hosts' spellings, put into libpq's.

The user, the password, the host and the path are taken over as they are written; what stands behind the `?` is read as
the driver reads it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote

from conformance.errors import UsageError
from conformance.sources import url_keys

_SQLALCHEMY = re.compile(r"(?:postgresql|postgres|postgis|timescaledb|timescale|pgsql|cockroachdb|cockroach|redshift)"
                         r"(?:\+[a-z0-9_]+)?\Z")  # fmt: skip
_JDBC = "jdbc:postgresql:"


def family(text: str) -> str | None:
    """Whose form a text is in, where it is a driver's: `SQLAlchemy` or `JDBC`."""
    if text.startswith(_JDBC):
        return "JDBC"
    scheme, found, _ = text.partition("://")
    return "SQLAlchemy" if found and _SQLALCHEMY.match(scheme) else None


def translated(text: str, whose: str) -> tuple[str, url_keys.Query]:
    """A URL of libpq's for a driver's, without its parameters, and those. Raises `UsageError`."""
    address, _, query = text.partition("?")
    rest = address.removeprefix(_JDBC) if whose == "JDBC" else address.partition("://")[2]
    pairs = parse_qsl(query, keep_blank_values=True)
    found = url_keys.read(pairs, whose)
    return (_of_jdbc(rest) if whose == "JDBC" else f"postgresql://{rest}"), found


def _of_jdbc(rest: str) -> str:
    """`//host:port/db`, `/db` or `db`: pgJDBC takes localhost where no host is named, and no user before it."""
    if not rest.startswith("//"):
        return f"postgresql://localhost/{quote(unquote(rest.removeprefix('/')), safe='')}"
    authority, slash, path = rest[2:].partition("/")
    if "@" in authority:
        raise UsageError("a JDBC URL has no user before its host; write …?user=USER&password=…, percent-encoded")
    return f"postgresql://{authority or 'localhost'}{slash}{path}"
