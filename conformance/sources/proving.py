"""A sandbox's database, provoked: every example in a transaction that is rolled back, races on a copy of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import psycopg

from conformance.errors import CannotEvaluate
from conformance.model.experiment import Experiment, Race, Result
from conformance.sources.asking import first_line
from conformance.sources.held import Held

SETTINGS = {
    "client_min_messages": "error",
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "application_name": "conformance prove",
}
_SESSION = "; ".join(f"SET {name} = '{value}'" for name, value in SETTINGS.items())
_SPEAK = "SET CONSTRAINTS ALL IMMEDIATE"
_BY_DATA = ("23", "22", "44", "P0")
"""The classes of errors with which a database refuses rows; the rest is about statements, or about the server."""
_BLINK_S = 0.002
_BROKEN = ("08", "53", "57", "58", "XX")
_BACK = "ROLLBACK TO SAVEPOINT control"
_KEYS_OWN = "ri_PerformCheck"
_OF_STATEMENTS = ("exec_stmt_raise", _KEYS_OWN)
"""Where an error is of the schema's making, whatever its class: what a trigger raises, and what a foreign key says
where a rule takes its statement away."""
ACCIDENTS = ("25006", "40001", "40P01", "55P03", "57014")
"""What has nothing to do with the rows: a server that only reads, transactions of others, a statement too slow."""


class Rig(Held):
    """One connection to a throw-away database of ours, on which examples are tried."""

    opening = "BEGIN"
    session = _SESSION

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> Rig:
        self._connection = connected(self._url, self.session)
        return self

    def tried(self, experiment: Experiment) -> Result:
        """What becomes of an example. Raises `CannotEvaluate` where the server itself fails."""
        try:
            if (result := self._prepared(experiment)) is not None:
                return result
            return self._provoked(experiment)
        finally:
            if not self.connection.closed:
                self.connection.execute(b"ROLLBACK")

    def _prepared(self, experiment: Experiment) -> Result | None:
        """Why the example tells nothing, or None."""
        parts = [self.opening, *experiment.given, _SPEAK]
        if experiment.control:
            parts += ["SAVEPOINT control", *experiment.control, _SPEAK, _BACK]
        try:
            self.connection.execute(";\n".join(parts).encode("utf-8"))
        except psycopg.Error as error:
            judge_server(error)
            if error.diag.source_function == _KEYS_OWN and experiment.control:
                self.connection.execute(_BACK.encode())  # what is tried ends there too, and is to say so
                return None
            return Result(fate="lost" if error.sqlstate in ACCIDENTS else "void", observed=_said(error))
        return None

    def _provoked(self, experiment: Experiment) -> Result:
        answer: Any = None
        try:
            cursor = self.connection.execute(f"{experiment.tried};\n{_SPEAK}".encode())
            come = cursor.rowcount
            if experiment.answers:
                answer = cursor.fetchone()
            if experiment.asked:
                answer = self.connection.execute(experiment.asked.encode()).fetchone()
        except psycopg.Error as error:
            judge_server(error)
            if experiment.expects == "accepted" and (why := self.unlike(error)):
                return Result(fate="void", observed=why)
            return _refused(error, experiment)
        if not (experiment.answers or experiment.asked):
            if experiment.expects == "accepted" and _nothing_came(come):
                return Result(fate="departs", observed="accepted, but no row came of it")
            return Result(fate="departs" if experiment.expects == "refused" else "as documented", observed="accepted")
        observed, good = (None, False) if answer is None else answer
        text = "no row" if answer is None else "NULL" if observed is None else str(observed)
        return Result(fate="as documented" if good else "departs", observed=text)

    def unlike(self, error: psycopg.Error) -> str:
        """Why a refusal is due to something that no example has brought, or "": there is none in a database of ours."""
        return ""


def _nothing_came(rows: int) -> bool:
    """Whether a statement that got through did nothing: a trigger or a rule may let a row fall without a word."""
    return rows == 0


def raced(url: str, race: Race) -> Result:
    """Two sessions do the same at once on a database that may keep what they leave."""
    with connected(url) as first, connected(url) as second, ThreadPoolExecutor(1) as pool:
        try:
            if race.given:
                first.execute(";\n".join(race.given).encode())
            first.execute(f"BEGIN;\n{race.first}".encode())
        except psycopg.Error as error:
            judge_server(error)
            return Result(fate="void", observed=_said(error))
        waiting = pool.submit(_second, second, race.second)
        _until_it_waits(url, second.info.backend_pid, waiting)
        try:
            first.execute(b"COMMIT")
        except psycopg.Error as error:
            judge_server(error)
            return Result(fate="void", observed=_said(error))
        error_ = waiting.result()
    if error_ is None:
        return Result(fate="departs", observed="both sessions get through")
    judge_server(error_)
    if not by_data(error_):
        return Result(fate="void", observed=_said(error_))
    return Result(fate="as documented", observed=_said(error_))


def _second(connection: psycopg.Connection[Any], statement: str) -> psycopg.Error | None:
    try:
        connection.execute(f"BEGIN;\n{statement};\nCOMMIT".encode())
    except psycopg.Error as error:
        return error
    return None


def _until_it_waits(url: str, pid: int, waiting: Any) -> None:
    """Returns when the second session waits for the first, or is through."""
    with connected(url) as watch:
        while not waiting.done():
            row = watch.execute(
                "SELECT wait_event_type = 'Lock' FROM pg_catalog.pg_stat_activity WHERE pid = %s", (pid,)
            ).fetchone()
            if row is not None and row[0]:
                return
            sleep(_BLINK_S)


def _refused(error: psycopg.Error, experiment: Experiment) -> Result:
    if error.sqlstate in ACCIDENTS:
        return Result(fate="lost", observed=_said(error))
    if experiment.expects == "accepted":
        return Result(fate="departs", observed=f"refused: {_said(error)}")
    if by_data(error):
        return Result(fate="as documented", observed=_said(error))
    return Result(fate="void", observed=_said(error))


def _said(error: psycopg.Error) -> str:
    return first_line(error)


def judge_server(error: psycopg.Error) -> None:
    """Raises `CannotEvaluate` where it is the server that failed, and not a row that was refused."""
    broken = error.sqlstate is None or error.sqlstate[:2] in _BROKEN
    if broken and error.sqlstate not in ACCIDENTS and error.diag.source_function not in _OF_STATEMENTS:
        raise CannotEvaluate(f"the server failed: {first_line(error)}") from None


def by_data(error: psycopg.Error) -> bool:
    """Whether it is rows that the database refuses, and not a statement."""
    return (error.sqlstate or "")[:2] in _BY_DATA


def connected(url: str, session: str = _SESSION) -> psycopg.Connection[Any]:
    """A session with settings in which two runs see the same."""
    try:
        connection = psycopg.connect(url, autocommit=True, prepare_threshold=None, options="")
        if session:
            connection.execute(session.encode())
    except psycopg.Error as error:
        raise CannotEvaluate(f"the sandbox cannot be connected to: {first_line(error)}") from None
    return connection
