"""A live PostgreSQL database as a source: the only module that talks to one.

A session is read-only, short, polite and keeps secrets: one transaction `REPEATABLE READ, READ ONLY`, everything that
the session's owner or the database may have imposed on it set back first with `SET LOCAL` (which a transaction
pooler keeps apart), an empty search_path, timeouts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from conformance.errors import CannotEvaluate, UsageError
from conformance.model.question import Answer, Question
from conformance.model.record import replace
from conformance.model.search_path import USER, before_own, split_path
from conformance.model.target import Target
from conformance.sources import opening
from conformance.sources.ahead import Ahead, First
from conformance.sources.asking import ask, first_line
from conformance.sources.connecting import connected, fault, redacted
from conformance.sources.connection import Connection, connect
from conformance.sources.url import DatabaseUrl

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.look import Seen
    from conformance.model.looking import Asked, Looking
    from conformance.sources.rows import Tell

_RETRIES = 3

_OLDEST = 120000
_MISSING_BEFORE = (
    "is older than 12, the oldest that is judged: its catalogs do not say which columns are generated"
    " (pg_attribute.attgenerated) and which collations fold (pg_collation.collisdeterministic), so that nothing was"
    " examined; restore its schema on a newer server, and check that"
)

_GONE = (errors.InternalError_, errors.UndefinedObject, errors.UndefinedTable)
"""What the server says where DDL runs between the statement and the deparse."""

_CONFLICT = (
    "the server took the snapshot away, as a standby does that replays changes of what is being read;"
    " run again, or look at the primary"
)


class Session:
    """One read-only look at a database. Raises `CannotEvaluate` for everything that keeps it from looking, and where
    the structure was not read by the deadline (of `time.monotonic()`)."""

    def __init__(
        self,
        url: DatabaseUrl,
        *,
        origin: str,
        schema: str | None = None,
        ahead: Ahead | None = None,
        deadline: float = math.inf,
    ) -> None:
        self._url = url
        self._origin = origin
        self._schemas = url.schemas if schema is None else (schema,)
        self._ahead = ahead
        self._deadline = deadline
        self._first: First | None = None
        self._connection: Connection | None = None
        self._opened: tuple[Any, ...] = ()

    def __enter__(self) -> Session:
        self._connection, self._first = connected(self._url, self._ahead, self._deadline)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            raise CannotEvaluate("the session is not open")
        return self._connection

    def catalog(self, names: Sequence[str]) -> Catalog:
        """The structure of the tables of these names. DDL that runs between statement and deparse is retried."""
        last: Exception | None = None
        for _ in range(_RETRIES):
            with self.faults():
                try:
                    path, document = self._looked_ahead(names) or self._look(names)
                except (*_GONE, errors.SerializationFailure) as error:  # an object was dropped under our feet
                    last = error
                    self._roll_back()
                    continue
                from conformance.sources.decode import decode
                from conformance.sources.decode_types import Torn

                try:
                    ahead = before_own(split_path(self._opened[0], current_user=USER))
                    return replace(decode(document, path, ahead), replica=self._opened[8])
                except Torn as error:
                    last = error
                    self.connection.execute("ROLLBACK")
        if isinstance(last, errors.SerializationFailure):
            raise CannotEvaluate(_CONFLICT)
        raise CannotEvaluate(
            f"the schema kept changing while it was read ({first_line(last)}); run again when its migration has ended"
        )

    def _looked_ahead(self, names: Sequence[str]) -> tuple[tuple[str, ...], Mapping[str, Any]] | None:
        first, self._first = self._first, None
        if first is None:
            return None
        if first.names != tuple(names):
            self.connection.execute("ROLLBACK")
            return None
        self._opened = first.opened
        self._expect_version(*first.opened[1:3])
        if isinstance(first.answer, psycopg.Error):
            raise first.answer  # nothing can be asked in its transaction any more
        self._expect_schema()
        return first.path, first.answer

    def _look(self, names: Sequence[str]) -> tuple[tuple[str, ...], Mapping[str, Any]]:
        path = self._open()
        asked = {"names": list(names), "path": list(path)}
        row = self.connection.execute(opening.catalog_statement(), asked).fetchone()
        if row is None:
            raise CannotEvaluate("the server gave no answer to the catalog query")
        return path, row[0]

    def answers(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """What the server says of the database's own expressions: one statement, or one a question if that raises."""
        with self.faults():
            return ask(self.connection, questions)

    def rows(self, asked: Sequence[Asked], looking: Looking, tell: Tell, began: float) -> Mapping[str, Seen]:
        """What is seen of the rows, in the snapshot in which the catalog was read.

        A conflict that costs the snapshot (with recovery on a standby, say) begins again with a new one; what is still
        torn after some tries is not seen."""
        from conformance.model.look import Unseen
        from conformance.sources.rows import Looker
        from conformance.sources.rows_statements import TORN, unseen

        if looking.max_duration is not None:
            self._deadline = self.connection.deadline = began + looking.max_duration + opening.GRACE_S
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
                reason = unseen(error, opening.STATEMENT_TIMEOUT_S).reason
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

    def _beside(self) -> Connection:
        """One more connection to the same server, which may be silent for as long as the first."""
        connection = connect(self._url, self._deadline)
        connection.silence_s = self.connection.silence_s
        return connection

    def target(self) -> Target:
        """What was looked at."""
        _, _, version, database, session_user, current_user, in_recovery, superuser, _, outside, logins = self._opened
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
            said=(*self._url.said, *_dangers(session_user, superuser=superuser, outside=outside, logins=logins)),
        )

    def _open(self) -> tuple[str, ...]:
        info = self.connection.info
        if info.server_version:  # what does not say which it is may say it when asked
            self._expect_version(info.server_version, info.parameter_status("server_version") or "")
        cursor = self.connection.cursor(row_factory=tuple_row)
        cursor.execute(opening.OPEN)
        while (cursor.description is None or len(cursor.description) == 1) and cursor.nextset():
            continue
        row = cursor.fetchone()
        if row is None:
            raise CannotEvaluate("the server gave no answer about itself")
        self._opened = row
        self._expect_version(*row[1:3])  # behind a pooler, another server may have answered
        self._expect_schema()
        return self._path()

    @staticmethod
    def _expect_version(number: int, version: str) -> None:
        if number < _OLDEST:
            raise CannotEvaluate(f"PostgreSQL {version} {_MISSING_BEFORE}")

    def _expect_schema(self) -> None:
        """That a schema which was asked for by name is there: without it, every table would be called missing."""
        if not self._schemas:
            return
        asked = (
            "SELECT pg_catalog.count(*) FROM pg_catalog.pg_namespace"
            " WHERE nspname OPERATOR(pg_catalog.=) ANY (%s::pg_catalog.text[])"
        )
        row = self.connection.execute(asked, [list(self._schemas)]).fetchone()
        if row is None:
            raise CannotEvaluate("the server gave no answer about its schemas")
        if not row[0]:
            shown = " or ".join(self._schemas)
            raise UsageError(
                f"{'the URL asks for' if self._url.schemas == self._schemas else '--schema'} {shown}:"
                f" the database {self._opened[3]} has no schema of this name"
                " (names are taken as they are, without folding their case)"
            )

    def _path(self) -> tuple[str, ...]:
        return self._schemas or split_path(self._opened[0], current_user=self._opened[5])

    @contextmanager
    def faults(self) -> Iterator[None]:
        """What the driver raises meanwhile is raised as our own errors."""
        try:
            yield
        except errors.QueryCanceled:
            raise CannotEvaluate(
                f"the catalog could not be read within {opening.STATEMENT_TIMEOUT_S} s;"
                " try again when the server is less busy"
            ) from None
        except errors.LockNotAvailable:
            raise CannotEvaluate(
                f"{_locked(self.connection)}, perhaps by a migration; run again when it has ended"
            ) from None
        except errors.SerializationFailure:
            raise CannotEvaluate(_CONFLICT) from None
        except psycopg.OperationalError as error:
            raise fault(error, self._url) from None
        except psycopg.Error as error:
            raise CannotEvaluate(f"the catalog could not be read: {redacted(first_line(error), self._url)}") from None


def _dangers(user: str, *, superuser: bool, outside: bool, logins: int) -> Iterator[str]:
    """What an owner's code can do, or has done, with the rights of whoever looks."""
    if outside and not superuser:
        yield (
            f"{user} may run programs or use files on the server, which is more than a look needs:"
            " look as a role that may not"
        )
    if logins:
        ran = "a login trigger, which ran its" if logins == 1 else f"{logins} login triggers, which ran their"
        yield f"the database has {ran} owner's code as {user} before anything was looked at"


def _locked(connection: psycopg.Connection[Any]) -> str:
    from conformance.sources.locked import locked

    return locked(connection)
