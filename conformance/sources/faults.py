"""Why a database could not be looked at, in one line, without a secret.

libpq's own messages are read for what they mean; of their text only what the *server* said (after `FATAL:`) is shown,
with everything that stands in the connection string's password taken out.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from conformance.errors import CannotEvaluate, ConformanceError, PasswordMissing, UsageError
from conformance.sources.url import DatabaseUrl

_FATAL = re.compile(r"(?:(?:FATAL|ERROR|PANIC):\s+|failed: [^\W\d_]+:  )(.*)")
"""What a server said, which may say FATAL in its own language."""
_PASSWORD_IN_URL = re.compile(r"^[a-z]+://[^@/?#]*?:([^@]*)@")
_PASSWORD_AS_KEYWORD = re.compile(r"(?:^|[\s?&])password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s&]*))")

# Patterns of libpq's and the server's messages, and what to say and to do; the first that matches is taken.
_FAULTS: tuple[tuple[str, str], ...] = (
    (r"(password|SASL) authentication failed",
     "the server refused the password; check the user and the password, or $PGPASSWORD and ~/.pgpass"),
    (r'database "[^"]*" does not exist', "the server has no such database; check the name behind the last /"),
    (r'role "[^"]*" does not exist', "the server has no such role; check the user"),
    (r"no pg_hba\.conf entry.*no encryption",
     "the server does not admit this user from here without TLS; see sslmode, and its pg_hba.conf"),
    (r"no pg_hba\.conf entry", "the server does not admit this user from here; see its pg_hba.conf"),
    (r"Connection refused", "nothing listens there; check host and port, and that the server runs"),
    (r"No such file or directory", "there is no server on that socket; check the folder and the port"),
    (r"could not translate host name|Name or service not known|nodename nor servname|failed to resolve host",
     "the host name is not known; check its spelling"),
    (r"has stopped answering",
     "the server, or a pooler in front of it, has stopped answering; try again when it is less busy"),
    (r"timeout expired|connection timeout|timed out",
     "the server did not answer in time; check host, port and firewall"),
    (r"Network is unreachable|No route to host", "the network does not lead there"),
    (r"too many clients", "the server has no connection left; try again later"),
    (r"remaining connection slots",
     "the connections that the server has left are reserved for other roles; try again later"),
    (r"too many connections for role",
     "this role has no connection left; try again later, or see its CONNECTION LIMIT"),
    (r"too many connections for database",
     "this database has no connection left; try again later, or see its CONNECTION LIMIT"),
    (r"system is starting up", "the server is starting up; try again later"),
    (r"system is shutting down", "the server is shutting down; try again when it is back"),
    (r"system is in recovery mode", "the server is recovering from a crash; try again later"),
    (r"system is not yet accepting connections",
     "the server is recovering, and not far enough to be read; try again later, or look at the primary of a standby"),
    (r"system is not accepting connections",
     "the server is a standby that takes no sessions, or being restored; look at the primary"),
    (r"not currently accepting connections", "the database takes no sessions (ALLOW_CONNECTIONS is off)"),
    (r"not permitted to log in", "the role may not log in; look with one that may"),
    (r"permission denied for database", "the role may not connect to this database; it needs CONNECT on it"),
    (r"certificate verify failed",
     "the server's TLS certificate could not be verified: it has expired, or no authority of sslrootcert has signed"
     " it"),
    (r"does not match host name",
     "the server's TLS certificate could not be verified: it is for a host of another name"),
    (r"root certificate file",
     "the server's TLS certificate could not be verified: the file of authorities is missing or no such file;"
     " see sslrootcert"),
    (r"requires a valid client certificate", "the server asks for a client certificate; see sslcert and sslkey"),
    (r"certificate authentication failed", "the client certificate is for another user; see sslcert"),
    (r"alert (unknown ca|bad certificate|certificate \w+|\w+ certificate)",
     "the server does not accept the client certificate: it has expired, or another authority has signed it"),
    (r"private key file|certificate file|could not (read|load) certificate",
     "the client certificate cannot be used: see that sslcert and sslkey are there, belong together, and that nobody"
     " else may read the key"),
    (r"SSL protocol version|alert protocol version|unsupported protocol|no protocols available",
     "client and server have no version of TLS in common; see ssl_min_protocol_version and ssl_max_protocol_version"),
    (r"session is (not )?read-only|server is (not )?in hot standby mode",
     "the server is not of the kind that target_session_attrs asks for"),
    (r"authentication method requirement|channel binding required",
     "the server does not authenticate in the way that require_auth or channel_binding asks for"),
    (r"query_wait_timeout|no more connections allowed",
     "the pooler in front of the server has no connection free; try again later"),
    (r"transaction blocks not allowed",
     "the pooler in front of the server allows no transactions; ask for a pool in transaction or session mode"),
    (r"unsupported startup parameter",
     "the pooler in front of the server takes no such setting; leave it out (--schema says where to look)"),
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
    ended = str(getattr(error, "sqlstate", None) or "").startswith("57P")
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
    unknown = "the server ended the connection" if ended else unknown
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
