"""Why a statement is not folded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class NotUnderstood(Exception):
    """The statement, or a part of it, is none of those that are known here; or what it names is not known here, so
    that what the server would do cannot be told. `str(error)` is a clause."""


class Refused(NotUnderstood):
    """The server would refuse the statement. `condition` is PostgreSQL's name for the error, such as
    `duplicate_table`."""

    def __init__(self, condition: str, why: str) -> None:
        self.condition = condition
        super().__init__(why)


class Acting(NotUnderstood):
    """The statement runs what may change anything, or may well be refused, and end the file."""


@contextmanager
def as_far_as_understood() -> Iterator[None]:
    """Leaves what is not understood to whoever makes something of it; what is refused, or may be, is raised."""
    try:
        yield
    except (Refused, Acting):
        raise
    except NotUnderstood:
        return
