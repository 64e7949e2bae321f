"""Why a database could not be looked at, in one line, without a secret.

libpq's own messages are read for what they mean; of their text only what the *server* said (after `FATAL:`) is shown,
with everything that stands in the connection string's password taken out.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from conformance.errors import CannotEvaluate, ConformanceError, PasswordMissing, UsageError
from conformance.sources.url import DatabaseUrl

_FATAL = re.compile(r"(?:FATAL|ERROR|PANIC):\s+(.*)")
_PASSWORD_IN_URL = re.compile(r"^[a-z]+://[^@/?#]*?:([^@]*)@")
_PASSWORD_AS_KEYWORD = re.compile(r"(?:^|[\s?&])password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s&]*))")

# Patterns of libpq's and the server's messages, and what to say and to do; the first that matches is taken.
_FAULTS: tuple[tuple[str, str], ...] = (
    (r"password authentication failed",
     "the server refused the password; check the user and the password, or $PGPASSWORD and ~/.pgpass"),
    (r'database "[^"]*" does not exist', "the server has no such database; check the name behind the last /"),
    (r'role "[^"]*" does not exist', "the server has no such role; check the user"),
    (r"no pg_hba\.conf entry", "the server does not admit this user from here; see its pg_hba.conf"),
    (r"Connection refused", "nothing listens there; check host and port, and that the server runs"),
    (r"No such file or directory", "there is no server on that socket; check the folder and the port"),
    (r"could not translate host name|Name or service not known|nodename nor servname|failed to resolve host",
     "the host name is not known; check its spelling"),
    (r"timeout expired|connection timeout|timed out",
     "the server did not answer in time; check host, port and firewall"),
    (r"Network is unreachable|No route to host", "the network does not lead there"),
    (r"too many clients|remaining connection slots", "the server has no connection left; try again later"),
    (r"the database system is (starting up|shutting down|in recovery)", "the server is not ready; try again later"),
    (r"certificate verify failed|does not match host name|root certificate file",
     "the server's TLS certificate could not be verified; see sslmode and sslrootcert"),
    (r"session is (not )?read-only|server is (not )?in hot standby mode",
     "the server is not of the kind that target_session_attrs asks for"),
    (r"authentication method requirement|channel binding required",
     "the server does not authenticate in the way that require_auth or channel_binding asks for"),
    (r"query_wait_timeout|no more connections allowed",
     "the pooler in front of the server has no connection free; try again later"),
    (r"transaction blocks not allowed",
     "the pooler in front of the server allows no transactions; ask for a pool in transaction or session mode"),
    (r"unsupported startup parameter",
     "the pooler in front of the server takes no such setting; leave it out, or name it in ignore_startup_parameters"),
    (r"server does not support SSL", "the server has no TLS, which sslmode asks for"),
    (r"received invalid response to (SSL|GSSAPI|encryption)|expected authentication request|invalid response",
     "what answers there does not speak PostgreSQL's protocol; check the port"),
    (r"stack depth limit exceeded",
     "an expression in it is nested too deeply for the server to print; max_stack_depth allows for more"),
    (r"conflict with recovery",
     "the server is a standby, which replayed changes of what was being read; run again, or look at the primary"),
    (r"terminating connection|server closed the connection|connection .*(closed|lost|reset)|Connection reset",
     "the server ended the connection"),
)  # fmt: skip


def connection_fault(error: BaseException, url: DatabaseUrl, where: str) -> ConformanceError:
    """The error to raise for what libpq or the server said when the session could not be opened or was lost.

    `where` is `host:port/dbname`, without user and password.
    """
    text = str(error)
    if wrong := re.search(r'invalid integer value .* for connection option "(\w+)"', text):
        return UsageError(f"the connection string gives {wrong[1]} a value that is no number")
    if re.search(r"definition of service .* not found|service file .* not found", text):
        return UsageError("the connection string names a service that no service file defines; see pg_service.conf")
    if wrong := re.search(r"invalid (\w+) value", text):
        return UsageError(f"the connection string gives {wrong[1]} a value that libpq does not know")
    if "no password supplied" in text:
        return PasswordMissing(where)
    said = _FATAL.search(text)
    unknown = "the connection failed" if said else "the connection failed for a reason that libpq does not name"
    advice = next((words for pattern, words in _FAULTS if re.search(pattern, text)), unknown)
    quoted = f" (the server said: {redacted(said[1].strip(), url)})" if said else ""
    return CannotEvaluate(f"cannot look at the database {where}: {advice}{quoted}")


def redacted(text: str, url: DatabaseUrl) -> str:
    """`text` without any password of the connection string."""
    for secret in _secrets(url.text):
        text = text.replace(secret, "…")
    return text


def _secrets(text: str) -> set[str]:
    found = [m[1] for m in [_PASSWORD_IN_URL.search(text)] if m]
    found += [m[1] or m[2] for m in _PASSWORD_AS_KEYWORD.finditer(text) if m[1] or m[2]]
    return {form for secret in found if secret for form in (secret, unquote(secret))}
