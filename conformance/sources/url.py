"""Judging a database URL before libpq sees it.

libpq takes every string that it does not know as a URL for the *name of a database* on the local socket, and its
errors repeat pieces of passwords. So the scheme and the authority are judged here, and no text of libpq's about a
connection string is ever shown.
"""

from __future__ import annotations

import re
from pathlib import Path

from conformance.errors import UsageError
from conformance.model.record import Record

_SCHEMES = ("postgresql://", "postgres://")
_KEYWORDS = r"\s*[a-z_]+\s*="
_DRIVER = r"(?i)^(jdbc:)?(postgresql|postgres)(\+\w+)?:"
_AUTHORITY = re.compile(r"^(?:(?P<user>[^@/?]*)@)?(?P<hosts>[^@/?]*)(?P<rest>[/?].*)?$", re.DOTALL)
_HOST = re.compile(r"^(?:\[[0-9A-Fa-f:.]+(?:%[\w.~-]+)?\]|[^\[\]:]*)(?::(?P<port>[0-9]*))?$")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
ADVICE = "write postgresql://HOST:PORT/DBNAME, with USER@ before the host"


class DatabaseUrl(Record):
    """A connection string that libpq will read as we do. `text` may hold a password: it is never printed."""

    text: str

    def __repr__(self) -> str:
        return "DatabaseUrl(…)"


def names_file(text: str) -> bool:
    """Whether the text names a file that is there, and is no URL and no keyword string."""
    if "://" in text or "\x00" in text or re.match(_KEYWORDS, text):
        return False
    try:
        return Path(text).is_file()
    except OSError:  # a name that no file can have
        return False


def parse(text: str) -> DatabaseUrl:
    """Take a libpq URL or a libpq keyword string.

    Raises `UsageError` with one line that says what is wrong and how it should look, without any part that may be
    secret.
    """
    if not text.strip():
        raise UsageError(f"the database URL is empty; {ADVICE}")
    if text != text.strip():
        raise UsageError("the database URL begins or ends with a blank or a line feed; remove it")
    if text[0] in "'\"" or (text[-1] in "'\"" and not re.match(_KEYWORDS, text)):
        raise UsageError("the database URL has quotes around it; remove them")
    if "\x00" in text:
        raise UsageError("the database URL holds a NUL character")
    if text.startswith(_SCHEMES):
        _judge_authority(text)
        return DatabaseUrl(text=text)
    if re.match(_KEYWORDS, text):
        return DatabaseUrl(text=text)
    if "://" in text or re.match(_DRIVER, text):
        raise UsageError(_wrong_scheme(text))
    raise UsageError(f"this is neither a database URL nor a libpq keyword string; {ADVICE}")


def _wrong_scheme(text: str) -> str:
    scheme = re.split(r"[:/@]", text, maxsplit=1)[0]
    shown = scheme if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]{0,30}", scheme) else "this"
    if "://" not in text:
        return f"{shown!r} is followed by no //; {ADVICE}"
    if scheme.lower() in ("postgresql", "postgres"):
        return f"the scheme {shown!r} must be in lower case; {ADVICE}"
    if re.match(_DRIVER, text):
        return f"{shown!r} is a driver's spelling, which libpq takes for the name of a database; {ADVICE}"
    return f"{shown!r} is not a scheme of PostgreSQL; {ADVICE}"


def _judge_authority(text: str) -> None:
    """Refuse what libpq and a person would read differently: unencoded @ / # % in a password, a port that is none."""
    rest = text.split("://", 1)[1]
    if _BAD_PERCENT.search(rest):
        raise UsageError("the database URL has a % that starts no percent-encoding; write %25 for a % itself")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    tail = rest[len(authority) :].split("?", 1)[0]
    encode = "percent-encode @ as %40, / as %2F, : as %3A and ? as %3F in the user name and the password"
    if authority.count("@") > 1 or "@" in tail:
        raise UsageError(f"the database URL has more than one @ before its path; {encode}")
    match = _AUTHORITY.match(authority)
    if match is None:
        raise UsageError(f"the user, password or host of the database URL cannot be told apart; {encode}")
    for host in match["hosts"].split(","):
        found = _HOST.match(host)
        if found is None:
            raise UsageError(f"a host or a port of the database URL is malformed; {encode}; {ADVICE}")
        if found["port"] and not 0 < int(found["port"]) < 65536:
            raise UsageError("a port of the database URL is outside 1…65535")
