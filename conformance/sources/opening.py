"""How a session begins: what libpq is asked for, the settings, and the statement that reads the structure.

Nothing here needs psycopg: the first look is sent while psycopg is still being imported (`conformance.sources.ahead`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conformance.model.sql import text_array

STATEMENT_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 10
SILENCE_S = 2 * STATEMENT_TIMEOUT_S
"""How long a server may be silent that keeps its own time-outs: one that stands still keeps none."""
GRACE_S = 2.0
"""How much longer than its own time-out says a server may take to tell of it."""

PARTING_S = 2
"""How long the end of a transaction is waited for, which gives a pooler its connection back."""

SILENT = "timeout expired: the server has stopped answering"
CONNECTING: Mapping[str, Any] = {
    "connect_timeout": CONNECT_TIMEOUT_S,
    "client_encoding": "utf8",
    "fallback_application_name": "conformance",
}

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

# Before anything else, so that what an owner imposed on our session (ALTER DATABASE … SET) does not reach what we run.
# The search_path is asked for twice: as the session came, and as a new one begins.
SET = ";\n".join(f"SET LOCAL {name} = '{value}'" for name, value in SETTINGS.items())
# A server that is at work sees that we are gone only if it looks for us, which not every system allows.
OPEN = f"""
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SELECT pg_catalog.set_config('transaction_timeout', '0', true)
WHERE pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 170000;
SELECT pg_catalog.set_config('client_connection_check_interval', '5s', true)
WHERE pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 140000
  AND pg_catalog.version() OPERATOR(pg_catalog.~~) '%linux%';
SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_S}s';
SET LOCAL lock_timeout = '5s';
SET LOCAL idle_in_transaction_session_timeout = '60s';
SET LOCAL standard_conforming_strings = on;
SELECT pg_catalog.current_setting('search_path'), pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
       pg_catalog.current_setting('server_version'), pg_catalog.current_database(), session_user, current_user,
       pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('is_superuser') OPERATOR(pg_catalog.=) 'on',
       pg_catalog.current_setting('session_replication_role') OPERATOR(pg_catalog.=) 'replica',
       pg_catalog.set_config('search_path', NULL, true), pg_catalog.version(),
       EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) 'citus'),
       EXISTS (SELECT FROM pg_catalog.pg_roles AS r
               WHERE r.rolname OPERATOR(pg_catalog.=) ANY (
                         '{{pg_execute_server_program,pg_read_server_files,pg_write_server_files}}'::pg_catalog.name[])
                 AND pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')),
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_event_trigger
        WHERE evtevent OPERATOR(pg_catalog.=) 'login' AND evtenabled OPERATOR(pg_catalog.<>) 'D');
{SET};
SET LOCAL application_name = 'conformance'
"""

_FLAGS = ("in_recovery", "superuser", "replica", "citus", "outside")


class Itself(NamedTuple):
    """What a server says of itself and of our session there, in the order in which `OPEN` asks for it."""

    path: str
    number: int
    """Of its version: 160004 is 16.4."""
    version: str
    database: str
    session_user: str
    current_user: str
    in_recovery: bool
    superuser: bool
    replica: bool
    new_path: str
    """The search_path that a new session of this role would begin with."""
    engine: str
    citus: bool
    outside: bool
    """Whether the role may run programs or touch files."""
    logins: int
    """Triggers that run when anybody logs in."""

    @classmethod
    def of_text(cls, answer: Sequence[str]) -> Itself:
        """The same of the answer as text."""
        said = dict(zip(cls._fields, answer, strict=True))
        kinds: Mapping[str, Any] = {"number": int, "logins": int} | dict.fromkeys(_FLAGS, "t".__eq__)
        return cls(**{name: kinds.get(name, str)(text) for name, text in said.items()})


def catalog_statement() -> str:
    """The text of `catalog.sql`, without the lines that are comments: they name what is written into it, which may be
    anyone's, and a line feed in it would end a comment."""
    text = Path(__file__).with_name("catalog.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))


def catalog_query(names: Sequence[str], path: Sequence[str]) -> str:
    """`catalog.sql` with what it is asked with written into it, for a session in which `OPEN` was run.

    A statement with parameters is copied by the server before it is planned and once more after it: one that is run
    once is cheaper without.
    """
    return catalog_statement() % {"names": text_array(names), "path": text_array(path)}
