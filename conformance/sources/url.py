"""A database URL, judged before libpq sees it, and put into libpq's words where it is a driver's.

libpq takes every string that it does not know as a URL for the *name of a database* on the local socket, and its
errors repeat pieces of passwords. So the scheme and the authority are judged here, and no text of libpq's about a
connection string is ever shown.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

from conformance.errors import UsageError
from conformance.model.record import Record

_SCHEMES = ("postgresql://", "postgres://")
_STRANGERS = frozenset(
    "jdbc postgresql postgres mysql mariadb sqlite mongodb redis mssql sqlserver oracle clickhouse http file".split()
)
"""Schemes that may be shown: another may be a piece of a password."""
_KEYWORDS = r"\s*[a-z_]+\s*="
_DRIVER = r"(?i)^(jdbc:)?(postgresql|postgres)(\+\w+)?:"
_AUTHORITY = re.compile(r"^(?:(?P<user>[^@/?]*)@)?(?P<hosts>[^@/?]*)(?P<rest>[/?].*)?$", re.DOTALL)
_HOST = re.compile(r"^(?:\[[0-9A-Fa-f:.]+(?:%[\w.~-]+)?\]|[^\[\]:]*)(?::(?P<port>[0-9]*))?$")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
ADVICE = "write postgresql://HOST:PORT/DBNAME, with USER@ before the host"
_ENCODE = "percent-encode @ as %40, / as %2F, : as %3A, ? as %3F and & as %26 in the user name and the password"


class DatabaseUrl(Record):
    """A connection string that libpq will read as we do. `text` may hold a password: it is never printed. `schemas` are
    those that it names, in the place of the search path; `said` is what has to be told of how it was read."""

    text: str
    schemas: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

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
    """Take a URL of libpq's or of a driver's, or a libpq keyword string.

    Raises `UsageError` with one line that says what is wrong and how it should look, without any part that may be
    secret.
    """
    if not text.strip():
        raise UsageError(f"the database URL is empty; {ADVICE}")
    if text != text.strip():
        raise UsageError("the database URL begins or ends with a blank or a line feed; remove it")
    if text[0] in "'\"" or (text[-1] in "'\"" and not re.match(_KEYWORDS, text)):
        raise UsageError("the database URL has quotes around it; remove them")
    if text != text.encode("utf-8", "replace").decode():
        raise UsageError("the database URL is no UTF-8; percent-encode what is not")
    if "\x00" in text:
        raise UsageError("the database URL holds a NUL character")
    if text.startswith(_SCHEMES):
        return _libpq_url(text)
    if re.match(_KEYWORDS, text):
        _judge_keywords(text)
        return DatabaseUrl(text=text)
    return _foreign(text)


def _libpq_url(text: str) -> DatabaseUrl:
    _judge_authority(text)
    address, mark, query = text.partition("?")
    if not mark:
        return _placed(address, "", (), ())
    from conformance.sources import url_keys

    pairs = []
    for pair in query.split("&"):
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"the database URL's parameters are not all KEY=VALUE; {_ENCODE}")
        pairs.append((unquote(key), unquote(value)))
    found = url_keys.read(pairs, "libpq")
    kept = query if found.pairs == tuple(pairs) else found.text()
    return _placed(address, kept, found.schemas, found.said)


def _foreign(text: str) -> DatabaseUrl:
    from conformance.sources import url_forms

    whose = url_forms.family(text)
    if whose is None:
        if "://" in text or re.match(_DRIVER, text):
            raise UsageError(_wrong_scheme(text))
        raise UsageError(f"this is neither a database URL nor a libpq keyword string; {ADVICE}")
    address, found = url_forms.translated(text, whose)
    _judge_authority(address)
    return _placed(address, found.text(), found.schemas, found.said)


def _placed(address: str, query: str, schemas: tuple[str, ...], said: tuple[str, ...]) -> DatabaseUrl:
    """The URL with its parameters. One that names a database and no host means the local socket, whatever $PGHOST
    says; `postgresql://` alone asks for what the PG* variables say."""
    authority, _, path = address.split("://", 1)[1].partition("/")
    named = authority.rpartition("@")[2] or re.search(r"(?:^|&)(?:host|hostaddr)=", query)
    if not named and (authority or path or query):
        if os.environ.get("PGSERVICE"):
            raise UsageError(f"the database URL names no host, and $PGSERVICE is set; {ADVICE}, or unset it")
        unused = [name for name in ("PGHOST", "PGHOSTADDR") if os.environ.get(name)]
        if unused:
            query = "&".join([*filter(None, [query]), *(f"{name[2:].lower()}=" for name in unused)])
            said = (*said, f"the URL names no host: the local socket was taken, and ${' and $'.join(unused)} was not")
    return DatabaseUrl(text=f"{address}?{query}" if query else address, schemas=schemas, said=said)


def _judge_keywords(text: str) -> None:
    keys = re.findall(r"([a-z_]+)\s*=\s*(?:'(?:[^'\\]|\\.)*'|(?:[^\s\\]|\\.)*)", text)
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise UsageError(f"the connection string gives {twice[0]} twice; leave one out")


def _wrong_scheme(text: str) -> str:
    scheme = re.split(r"[:/@]", text, maxsplit=1)[0]
    shown = repr(scheme) if scheme.lower().partition("+")[0] in _STRANGERS else "what stands before the :"
    if "://" not in text:
        return f"{shown} is followed by no //; {ADVICE}"
    if scheme.lower() in ("postgresql", "postgres"):
        return f"the scheme {shown} must be in lower case; {ADVICE}"
    if scheme.lower().startswith(("jdbc", "postgresql+", "postgres+")):
        return f"{shown} is a driver's spelling that is not known, or not in lower case; {ADVICE}"
    return f"{shown} is not a scheme of PostgreSQL; {ADVICE}"


def _judge_authority(text: str) -> None:
    """Refuse what libpq and a person would read differently: unencoded @ / # % in a password, a port that is none."""
    rest = text.split("://", 1)[1]
    if re.search(r"\s", rest):
        raise UsageError("the database URL has a blank in it; write %20 for a blank itself")
    if _BAD_PERCENT.search(rest):
        raise UsageError("the database URL has a % that starts no percent-encoding; write %25 for a % itself")
    try:
        decoded = unquote(rest, errors="strict")
    except UnicodeDecodeError:
        raise UsageError("the database URL has a percent-encoding that is no UTF-8") from None
    if "\x00" in decoded:
        raise UsageError("the database URL holds a NUL character, as %00")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    tail = rest[len(authority) :].split("?", 1)[0]
    if authority.count("@") > 1 or "@" in tail:
        raise UsageError(f"the database URL has more than one @ before its path; {_ENCODE}")
    if "%2f" in authority.rpartition("@")[2].lower() and authority.rpartition("@")[2].count(":") > 1:
        raise UsageError("a socket's folder with a : in it goes behind the path: …/DBNAME?host=/FOLDER")
    match = _AUTHORITY.match(authority)
    if match is None:
        raise UsageError(f"the user, password or host of the database URL cannot be told apart; {_ENCODE}")
    for host in match["hosts"].split(","):
        found = _HOST.match(host)
        if found is None:
            raise UsageError(f"a host or a port of the database URL is malformed; {_ENCODE}; {ADVICE}")
        if found["port"] and not 0 < int(found["port"]) < 65536:
            raise UsageError("a port of the database URL is outside 1…65535")
