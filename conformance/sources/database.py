"""A live PostgreSQL database as a source: the only module that talks to one.

A session is read-only, short, polite and keeps secrets: one transaction `REPEATABLE READ, READ ONLY`, everything that
the session's owner or the database may have imposed on it set back first with `SET LOCAL` (which a transaction
pooler keeps apart), an empty search_path, timeouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from conformance.errors import CannotEvaluate, ConformanceError, UsageError
from conformance.model.question import Answer, Question
from conformance.model.record import replace
from conformance.model.search_path import USER, before_own, split_path
from conformance.model.target import Target
from conformance.sources.asking import ask, first_line
from conformance.sources.url import ADVICE, DatabaseUrl

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.look import Seen
    from conformance.model.looking import Asked, Looking
    from conformance.sources.rows import Tell

STATEMENT_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 10
_RETRIES = 3

_CONNECTING: Mapping[str, Any] = {
    "autocommit": True,
    "connect_timeout": CONNECT_TIMEOUT_S,
    "prepare_threshold": None,
    "client_encoding": "utf8",
    "fallback_application_name": "conformance",
}

# Before anything else, so that what an owner imposed on our session (ALTER DATABASE … SET) does not reach what we run.
# Planning is a third of what the catalog costs: ways that never win on rows this few are not weighed, and joins are
# made as they are written.
_OPEN = f"""
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SELECT pg_catalog.set_config('transaction_timeout', '0', true)
WHERE pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 170000;
SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_S}s';
SET LOCAL lock_timeout = '5s';
SET LOCAL idle_in_transaction_session_timeout = '60s';
SET LOCAL standard_conforming_strings = on;
SELECT pg_catalog.current_setting('search_path'), pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
       pg_catalog.current_setting('server_version'), pg_catalog.current_database(), session_user, current_user,
       pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('is_superuser') OPERATOR(pg_catalog.=) 'on',
       pg_catalog.current_setting('session_replication_role') OPERATOR(pg_catalog.=) 'replica';
SET LOCAL search_path = '';
SET LOCAL jit = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_material = off;
SET LOCAL join_collapse_limit = 1;
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL array_nulls = on;
SET LOCAL row_security = off;
SET LOCAL constraint_exclusion = off;
SET LOCAL quote_all_identifiers = off;
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL timezone = 'UTC';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL application_name = 'conformance'
"""

_OLDEST = 120000
_NUMBER = re.compile(r"\s*-?\d+\s*\Z")

_GONE = (errors.InternalError_, errors.UndefinedObject, errors.UndefinedTable)
"""What the server says where DDL runs between the statement and the deparse."""

_CONFLICT = (
    "the server took the snapshot away, as a standby does that replays changes of what is being read;"
    " run again, or look at the primary"
)


class Session:
    """One read-only look at a database. Raises `CannotEvaluate` for everything that keeps it from looking."""

    def __init__(self, url: DatabaseUrl, *, origin: str, schema: str | None = None) -> None:
        self._url = url
        self._origin = origin
        self._schema = schema
        self._connection: psycopg.Connection[Any] | None = None
        self._opened: tuple[Any, ...] = ()

    def __enter__(self) -> Session:
        try:
            given = psycopg.conninfo.conninfo_to_dict(self._url.text)
        except psycopg.ProgrammingError:
            raise UsageError(f"libpq cannot read the connection string; {ADVICE}") from None
        if not _NUMBER.match(str(given.get("connect_timeout", "0"))):  # ours takes its place, and libpq never sees it
            raise UsageError("the connection string gives connect_timeout a value that is no number")
        try:
            self._connection = psycopg.connect(self._url.text, **_CONNECTING)
        except psycopg.Error as error:
            raise _fault(error, self._url) from None
        except ValueError as error:
            raise CannotEvaluate(f"cannot connect to the database: {_redacted(str(error), self._url)}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    @property
    def connection(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            raise CannotEvaluate("the session is not open")
        return self._connection

    def catalog(self, names: Sequence[str]) -> Catalog:
        """The structure of the tables of these names. DDL that runs between statement and deparse is retried."""
        last: Exception | None = None
        for _ in range(_RETRIES):
            with self._faults():
                path = self._open()
                try:
                    row = self.connection.execute(
                        catalog_statement(), {"names": list(names), "path": list(path)}
                    ).fetchone()
                except (*_GONE, errors.SerializationFailure) as error:  # an object was dropped under our feet
                    last = error
                    self._roll_back()
                    continue
                if row is None:
                    raise CannotEvaluate("the server gave no answer to the catalog query")
                from conformance.sources.decode import decode
                from conformance.sources.decode_types import Torn

                try:
                    ahead = before_own(split_path(self._opened[0], current_user=USER))
                    return replace(decode(row[0], path, ahead), replica=self._opened[8])
                except Torn as error:
                    last = error
                    self.connection.execute("ROLLBACK")
        if isinstance(last, errors.SerializationFailure):
            raise CannotEvaluate(_CONFLICT)
        raise CannotEvaluate(
            f"the schema kept changing while it was read ({first_line(last)}); run again when its migration has ended"
        )

    def answers(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """What the server says of the database's own expressions: one statement, or one a question if that raises."""
        with self._faults():
            return ask(self.connection, questions)

    def rows(self, asked: Sequence[Asked], looking: Looking, tell: Tell, began: float) -> Mapping[str, Seen]:
        """What is seen of the rows, in the snapshot in which the catalog was read.

        A conflict that costs the snapshot (with recovery on a standby, say) begins again with a new one; what is still
        torn after some tries is not seen."""
        from conformance.model.look import Unseen
        from conformance.sources.rows import Looker
        from conformance.sources.rows_statements import TORN, unseen

        reason = "other transactions kept taking the snapshot away"
        for attempt in range(_RETRIES):
            try:
                if attempt:
                    self._begin_again()
                second = None if attempt else self._beside
                return Looker(self.connection, looking, second=second, tell=tell, began=began).take(asked)
            except TORN:
                continue
            except psycopg.Error as error:
                reason = unseen(error, STATEMENT_TIMEOUT_S).reason
                break
        return {one.id: Unseen(reason=reason, help="look at the primary, or when it is less busy") for one in asked}

    def _begin_again(self) -> None:
        """A new transaction, on a new connection where a standby has ended the old one."""
        self._roll_back()
        self._open()

    def _roll_back(self) -> None:
        if self.connection.closed:
            self._connection = self._beside()
        else:
            self.connection.execute("ROLLBACK")

    def _beside(self) -> psycopg.Connection[Any]:
        """One more connection to the same server."""
        return psycopg.connect(self._url.text, **_CONNECTING)

    def target(self) -> Target:
        """What was looked at."""
        _, _, version, database, session_user, current_user, in_recovery, superuser, _ = self._opened
        info = self.connection.info
        host = info.host or "localhost"
        shown = f"[{host}]" if ":" in host else host
        return Target(
            address=f"{info.user}@{shown}:{info.port}/{info.dbname}",
            origin=self._origin,
            database=database,
            server_version=version,
            session_user=session_user,
            current_user=current_user,
            schemas=self._path(),
            in_recovery=in_recovery,
            superuser=superuser,
        )

    def _open(self) -> tuple[str, ...]:
        cursor = self.connection.cursor(row_factory=tuple_row)
        cursor.execute(_OPEN)
        while (cursor.description is None or len(cursor.description) == 1) and cursor.nextset():
            continue
        row = cursor.fetchone()
        if row is None:
            raise CannotEvaluate("the server gave no answer about itself")
        self._opened = row
        if row[1] < _OLDEST:
            raise CannotEvaluate(f"PostgreSQL {row[2]} is older than 12, the oldest that is judged")
        self._expect_schema()
        return self._path()

    def _expect_schema(self) -> None:
        """That a schema which was asked for by name is there: without it, every table would be called missing."""
        if self._schema is None:
            return
        asked = "SELECT FROM pg_catalog.pg_namespace WHERE nspname OPERATOR(pg_catalog.=) %s::pg_catalog.text"
        if not self.connection.execute(asked, [self._schema]).rowcount:
            raise UsageError(
                f"--schema {self._schema}: the database {self._opened[3]} has no schema of this name"
                " (names are taken as they are, without folding their case)"
            )

    def _path(self) -> tuple[str, ...]:
        if self._schema is not None:
            return (self._schema,)
        return split_path(self._opened[0], current_user=self._opened[5])

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except errors.QueryCanceled:
            raise CannotEvaluate(
                f"the catalog could not be read within {STATEMENT_TIMEOUT_S} s; try again when the server is less busy"
            ) from None
        except errors.LockNotAvailable:
            raise CannotEvaluate(
                f"{_locked(self.connection)}, perhaps by a migration; run again when it has ended"
            ) from None
        except errors.SerializationFailure:
            raise CannotEvaluate(_CONFLICT) from None
        except psycopg.OperationalError as error:
            raise _fault(error, self._url) from None
        except psycopg.Error as error:
            raise CannotEvaluate(f"the catalog could not be read: {_redacted(first_line(error), self._url)}") from None


def _fault(error: BaseException, url: DatabaseUrl) -> ConformanceError:
    from conformance.sources.faults import connection_fault

    return connection_fault(error, url, _where(url))


def _where(url: DatabaseUrl) -> str:
    """`host:port/dbname` of a connection string, as libpq reads it, without anything that may be secret."""
    given = psycopg.conninfo.conninfo_to_dict(url.text)
    host = given.get("host") or given.get("hostaddr") or "on the local socket"
    text = f"{host}{':' if given.get('port') else ''}{given.get('port') or ''}/{given.get('dbname') or ''}"
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _locked(connection: psycopg.Connection[Any]) -> str:
    from conformance.sources.locked import locked

    return locked(connection)


def _redacted(text: str, url: DatabaseUrl) -> str:
    from conformance.sources.faults import redacted

    return redacted(text, url)


def catalog_statement() -> str:
    """The text of `catalog.sql`."""
    return Path(__file__).with_name("catalog.sql").read_text(encoding="utf-8")
