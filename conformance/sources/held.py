"""A connection to a database of ours that lives as long as a context."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import psycopg

from conformance.errors import CannotEvaluate


class Held:
    """The base of what opens a connection on entering, and closes it on leaving; `what` it is stands in its errors."""

    what = "the sandbox"
    _connection: psycopg.Connection[Any] | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The connection. Raises `CannotEvaluate` where it is not open."""
        if self._connection is None:
            raise CannotEvaluate(f"{self.what} is not open")
        return self._connection
