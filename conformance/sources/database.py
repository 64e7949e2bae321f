"""A live PostgreSQL database as a source: the only module that talks to one.

A session is read-only, short, polite and keeps secrets: one transaction `REPEATABLE READ, READ ONLY`, everything that
the session's owner or the database may have imposed on it set back first with `SET LOCAL` (which a transaction
pooler keeps apart), an empty search_path, timeouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from conformance.errors import CannotEvaluate, ConformanceError, UsageError
from conformance.model.question import Accepted, Answer, Keys, Probe, Question, Unanswered
from conformance.model.target import Target
from conformance.sources import answer
from conformance.sources.url import ADVICE, DatabaseUrl
from conformance.world import World, insert

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
_OPEN = f"""
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
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

_GONE = (errors.InternalError_, errors.UndefinedObject, errors.UndefinedTable)
"""What the server says where DDL runs between the statement and the deparse."""

# Errors of a question, after which the session goes on: by what it says, and by what it would take to answer it.
_WRONG = (psycopg.DataError, psycopg.ProgrammingError, psycopg.NotSupportedError, psycopg.InternalError)
_COSTLY = (errors.QueryCanceled, errors.LockNotAvailable, errors.OutOfMemory, errors.ProgramLimitExceeded)


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
            psycopg.conninfo.conninfo_to_dict(self._url.text)
        except psycopg.ProgrammingError:
            raise UsageError(f"libpq cannot read the connection string; {ADVICE}") from None
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
                except _GONE as error:  # an object was dropped under our feet
                    last = error
                    self.connection.execute("ROLLBACK")
                    continue
                if row is None:
                    raise CannotEvaluate("the server gave no answer to the catalog query")
                from conformance.sources.decode import decode
                from conformance.sources.decode_types import Torn

                try:
                    return replace(decode(row[0], path), replica=self._opened[8])
                except Torn as error:
                    last = error
                    self.connection.execute("ROLLBACK")
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
        from conformance.sources.rows import TORN, Looker

        reason = "other transactions kept taking the snapshot away"
        for attempt in range(_RETRIES):
            try:
                if attempt:
                    self._begin_again()
                second = None if attempt else self._beside
                return Looker(self.connection, looking, second=second, tell=tell, began=began).take(asked)
            except TORN:
                continue
            except psycopg.Error:
                reason = "the server ended the connection"
                break
        return {one.id: Unseen(reason=reason, help="look at the primary, or when it is less busy") for one in asked}

    def _begin_again(self) -> None:
        """A new transaction, on a new connection where a standby has ended the old one."""
        if self.connection.closed:
            self._connection = self._beside()
        else:
            self.connection.execute("ROLLBACK")
        self._open()

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
        while cursor.description is None and cursor.nextset():
            continue
        row = cursor.fetchone()
        if row is None:
            raise CannotEvaluate("the server gave no answer about itself")
        self._opened = row
        if row[1] < _OLDEST:
            raise CannotEvaluate(f"PostgreSQL {row[2]} is older than 12, the oldest that is judged")
        return self._path()

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
            raise CannotEvaluate("a table is locked, perhaps by a migration; run again when it has ended") from None
        except psycopg.OperationalError as error:
            raise _fault(error, self._url) from None
        except psycopg.Error as error:
            raise CannotEvaluate(f"the catalog could not be read: {_redacted(first_line(error), self._url)}") from None


_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(?:,|$)')


def split_path(setting: str, *, current_user: str) -> tuple[str, ...]:
    """The schemas of a `search_path` setting, in order, as PostgreSQL reads it (`"$user"` is the current user).

    Schemas that do not exist stay in the list: nothing is found in them. The role's privileges play no part, so a role
    that may only connect looks where the platform looks.
    """
    names = []
    for quoted, bare in _ITEM.findall(setting):
        name = quoted.replace('""', '"') if quoted else bare.lower()
        names.append(current_user if name == "$user" else name)
    return tuple(dict.fromkeys(name for name in names if name))


def _fault(error: BaseException, url: DatabaseUrl) -> ConformanceError:
    from conformance.sources.faults import connection_fault

    return connection_fault(error, url, _where(url))


def _where(url: DatabaseUrl) -> str:
    """`host:port/dbname` of a connection string, as libpq reads it, without anything that may be secret."""
    given = psycopg.conninfo.conninfo_to_dict(url.text)
    host = given.get("host") or given.get("hostaddr") or "on the local socket"
    return f"{host}{':' if given.get('port') else ''}{given.get('port') or ''}/{given.get('dbname') or ''}"


def _redacted(text: str, url: DatabaseUrl) -> str:
    from conformance.sources.faults import redacted

    return redacted(text, url)


def catalog_statement() -> str:
    """The text of `catalog.sql`."""
    return Path(__file__).with_name("catalog.sql").read_text(encoding="utf-8")


def ask(connection: psycopg.Connection[Any], questions: Sequence[Question]) -> Mapping[Question, Answer]:
    """What the server says of the database's own expressions: one statement, or one a question if that raises.

    The connection must be in a transaction with an empty search_path.
    """
    barred = _barred(connection, [question for question in questions if isinstance(question, Keys)])
    questions = [question for question in questions if question not in barred]
    return {**barred, **_ask(connection, questions)} if questions else barred


def _barred(connection: psycopg.Connection[Any], asked: Sequence[Keys]) -> dict[Question, Answer]:
    """The lookup tables that are not read, because planning to read them may run somebody's code."""
    if not asked:
        return {}
    from conformance.sources import rows_guard

    tables = [(keys.schema, keys.table) for keys in asked]
    parameters = {**rows_guard.naming(tables), "column_tables": [], "columns": []}
    with connection.cursor(row_factory=tuple_row) as cursor:
        code = {row[0] - 1: row[7] for row in cursor.execute(rows_guard.guard().encode(), parameters)}
    return {
        keys: Unanswered(reason=f"planning to read {keys.table} may run code that is not PostgreSQL's own: {found[0]}")
        for place, keys in enumerate(asked)
        if (found := code.get(place))
    }


def _ask(connection: psycopg.Connection[Any], questions: Sequence[Question]) -> Mapping[Question, Answer]:
    values = _select(connection, questions)
    if not isinstance(values, psycopg.Error):
        return {q: answer.read(q, value) for q, value in zip(questions, values, strict=True)}
    return {question: _ask_one(connection, question) for question in questions}


def _select(connection: psycopg.Connection[Any], questions: Sequence[Question]) -> Sequence[Any] | psycopg.Error:
    """The values, or the error that the statement raised; the transaction goes on either way."""
    asked = answer.statement(questions)
    connection.execute("SAVEPOINT question")
    try:
        row = connection.execute(asked.text, asked.parameters).fetchone()
    except (*_WRONG, *_COSTLY) as error:
        connection.execute("ROLLBACK TO SAVEPOINT question; RELEASE SAVEPOINT question", prepare=False)
        return error
    connection.execute("RELEASE SAVEPOINT question")
    if row is None:
        raise CannotEvaluate("the server gave no answer to what the checks asked")
    return list(asked.values(row))


def _ask_one(connection: psycopg.Connection[Any], question: Question) -> Answer:
    values = _select(connection, [question])
    if not isinstance(values, psycopg.Error):
        return answer.read(question, values[0])
    if isinstance(question, Probe) and isinstance(values, psycopg.DataError):
        if len(question.rows) == 1:
            return Accepted(rows=(False,))
        return _joined([_ask_one(connection, half) for half in answer.halves(question)])
    return Unanswered(reason=f"the server said: {first_line(values)}")


def _joined(parts: Sequence[Answer]) -> Answer:
    """The answers to a probe's single rows, as one; not answered if one of them is not."""
    rows: list[bool] = []
    for part in parts:
        if not isinstance(part, Accepted):
            return part
        rows += part.rows
    return Accepted(rows=tuple(rows))


def first_line(error: BaseException | None) -> str:
    """The first line of an error's message."""
    return str(error).splitlines()[0] if error is not None and str(error) else "no reason given"


def apply(url: str, scripts: Sequence[Path]) -> None:
    """Run SQL scripts, each in a transaction of its own, on a throw-away database of ours."""
    with psycopg.connect(url, autocommit=True) as connection:
        for script in scripts:
            try:
                with connection.transaction():
                    connection.execute(script.read_text(encoding="utf-8").encode())
            except psycopg.Error as error:
                raise CannotEvaluate(f"{script.name} could not be applied: {first_line(error)}") from None


def populate(url: str, rows: World) -> None:
    """Put the rows of a world into a throw-away database of ours."""
    with psycopg.connect(url) as connection:
        insert(connection, rows)
