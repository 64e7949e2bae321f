"""The way to a server: a connection opened ahead is taken over, or one is made; what keeps us from it is told."""

from __future__ import annotations

import math
import re

import psycopg

from conformance.errors import CannotEvaluate, ConformanceError, UsageError
from conformance.sources.ahead import Ahead, First
from conformance.sources.connection import Connection, connect, taken_over
from conformance.sources.url import ADVICE, DatabaseUrl

_NUMBER = re.compile(r"\s*-?\d+\s*\Z")


def connected(url: DatabaseUrl, ahead: Ahead | None, deadline: float = math.inf) -> tuple[Connection, First | None]:
    """A connection, and what was seen through it ahead. Raises `ConformanceError`."""
    try:
        given = psycopg.conninfo.conninfo_to_dict(url.text)
    except psycopg.ProgrammingError:
        raise UsageError(f"libpq cannot read the connection string; {ADVICE}") from None
    if not _NUMBER.match(str(given.get("connect_timeout", "0"))):  # ours takes its place, and libpq never sees it
        raise UsageError("the connection string gives connect_timeout a value that is no number")
    try:
        first = ahead.first() if ahead is not None else None
        return (connect(url, deadline) if first is None else taken_over(first.pgconn)), first
    except psycopg.Error as error:
        raise fault(error, url) from None
    except ValueError as error:
        raise CannotEvaluate(f"cannot connect to the database: {redacted(str(error), url)}") from None


def fault(error: BaseException, url: DatabaseUrl) -> ConformanceError:
    """What to raise for what libpq or the server said of a connection."""
    from conformance.sources.faults import connection_fault

    return connection_fault(error, url, _where(url))


def _where(url: DatabaseUrl) -> str:
    """`host:port/dbname` of a connection string, as libpq reads it, without anything that may be secret."""
    given = psycopg.conninfo.conninfo_to_dict(url.text)
    host = given.get("host") or given.get("hostaddr") or "on the local socket"
    text = f"{host}{':' if given.get('port') else ''}{given.get('port') or ''}/{given.get('dbname') or ''}"
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def redacted(text: str, url: DatabaseUrl) -> str:
    """`text` without any password of the URL."""
    from conformance.sources.faults import redacted

    return redacted(text, url)
