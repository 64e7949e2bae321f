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
from conformance.model.dangers import dangers
from conformance.model.engine import CITUS, engine
from conformance.model.question import Answer, Question
from conformance.model.search_path import USER, before_own, split_path
from conformance.model.target import Target
from conformance.sources import opening, startup
from conformance.sources.ahead import Ahead, First
from conformance.sources.asking import ask, first_line
from conformance.sources.connecting import connected, fault, redacted
from conformance.sources.connection import Connection, connect, part
from conformance.sources.url import DatabaseUrl

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.look import Seen
    from conformance.model.looking import Asked, Looking
    from conformance.sources.rows_lanes import Tell

_RETRIES = 3

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
        self._said: opening.Itself | None = None

    def __enter__(self) -> Session:
        self._connection, self._first = connected(self._url, self._ahead, self._deadline)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            part(self._connection)

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            raise CannotEvaluate("the session is not open")
        return self._connection

    @property
    def _itself(self) -> opening.Itself:
        if self._said is None:
            raise CannotEvaluate("the server has not been asked about itself yet")
        return self._said

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
                from conformance.sources.document import Torn

                try:
                    ahead = before_own(split_path(self._itself.path, current_user=USER))
                    itself = self._itself
                    return decode(document, path, ahead).seen_by(itself.session_user, replica=itself.replica)
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
        self._said = first.itself
        self._expect()
        if isinstance(first.answer, psycopg.Error):
            raise first.answer  # nothing can be asked in its transaction any more
        self._expect_schema()
        return first.path, first.answer

    def _look(self, names: Sequence[str]) -> tuple[tuple[str, ...], Mapping[str, Any]]:
        path = self._open()
        [document] = self._one("to the catalog query", opening.catalog_query(names, path))
        return path, document

    def _one(self, what: str, query: str, *given: object) -> tuple[Any, ...]:
        """The one row that a query gives; of a network that loses it, no exception of Python's own comes."""
        row = self.connection.execute(query.encode(), given or None).fetchone()
        if row is None:
            raise CannotEvaluate(f"the server gave no answer {what}")
        return tuple(row)

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
        itself = self._itself
        info = self.connection.info
        host = info.host or "localhost"
        shown = f"[{host}]" if ":" in host else host
        return Target(
            address=f"{info.user}@{shown}:{info.port}/{info.dbname}",
            origin=self._origin,
            database=itself.database,
            server_version=itself.version,
            session_user=itself.session_user,
            current_user=itself.current_user,
            schemas=self._path(),
            in_recovery=itself.in_recovery,
            superuser=itself.superuser,
            said=(
                *self._url.said,
                *self._engine(),
                *dangers(itself.session_user, superuser=itself.superuser, outside=itself.outside, logins=itself.logins),
            ),
        )

    def _engine(self) -> tuple[str, ...]:
        """What has to be said of a server that is not PostgreSQL as it comes."""
        found = engine(self._itself.engine, (CITUS,) if self._itself.citus else ())
        return () if found is None else (f"the server is {found.name}: {found.words}",)

    def _open(self) -> tuple[str, ...]:
        info = self.connection.info
        startup.expect_engine(info.parameter_status("crdb_version") or "")
        if 0 < info.server_version < startup.OLDEST:
            startup.expect_engine(*self._one("about its version", "SELECT pg_catalog.version()"))
        startup.expect_version(info.server_version, info.parameter_status("server_version") or "")
        cursor = self.connection.cursor(row_factory=tuple_row)
        cursor.execute(opening.OPEN)
        while (cursor.description is None or len(cursor.description) == 1) and cursor.nextset():
            continue
        row = cursor.fetchone()
        if row is None:
            raise CannotEvaluate("the server gave no answer about itself")
        self._said = opening.Itself(*row)
        self._expect()
        self._expect_schema()
        return self._path()

    def _expect(self) -> None:
        itself = self._itself
        startup.expect_engine(itself.engine)
        startup.expect_version(itself.number, itself.version)  # behind a pooler, another server may have answered
        asked = startup.options(self._url)
        role, said = itself.current_user, bool(self._schemas)
        if why := startup.changed(asked, itself.path, itself.new_path, role, schema_is_said=said):
            raise CannotEvaluate(why)

    def _expect_schema(self) -> None:
        """That a schema which was asked for by name is there: without it, every table would be called missing."""
        if not self._schemas:
            return
        asked = (
            "SELECT pg_catalog.count(*) FROM pg_catalog.pg_namespace"
            " WHERE nspname OPERATOR(pg_catalog.=) ANY (%s::pg_catalog.text[])"
        )
        try:
            [found] = self._one("about its schemas", asked, list(self._schemas))
        except UnicodeEncodeError:  # no name has such bytes
            found = 0
        if not found:
            shown = " or ".join(self._schemas)
            raise UsageError(
                f"{'the URL asks for' if self._url.schemas == self._schemas else '--schema'} {shown}:"
                f" the database {self._itself.database} has no schema of this name"
                " (names are taken as they are, without folding their case)"
            )

    def _path(self) -> tuple[str, ...]:
        return self._schemas or split_path(self._itself.path, current_user=self._itself.current_user)

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
            from conformance.sources.locked import locked

            raise CannotEvaluate(
                f"{locked(self.connection)}, perhaps by a migration; run again when it has ended"
            ) from None
        except errors.SerializationFailure:
            raise CannotEvaluate(_CONFLICT) from None
        except psycopg.OperationalError as error:
            raise fault(error, self._url) from None
        except psycopg.Error as error:
            raise CannotEvaluate(f"the catalog could not be read: {redacted(first_line(error), self._url)}") from None
