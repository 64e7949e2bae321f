"""Everything that ends a run early, each with the one line that a person reads and the exit code that a gate reads."""

from __future__ import annotations

from typing import ClassVar


class ConformanceError(Exception):
    """A run that cannot go on; `str(error)` is one message fit for a terminal, and holds no secret."""

    exit_code: ClassVar[int] = 3


class UsageError(ConformanceError):
    """The call, the configuration or the contract is wrong; nothing was examined."""

    exit_code: ClassVar[int] = 2


class ContractError(UsageError):
    """The contract has errors; `problems` holds all of them, each `FILE:LINE: what and what to do`."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        count = len(problems)
        super().__init__(f"the contract has {count} error{'s' * (count != 1)}:\n  " + "\n  ".join(problems))


class CannotEvaluate(ConformanceError):
    """The target could not be looked at; no verdict was reached."""

    exit_code: ClassVar[int] = 3


class PasswordMissing(CannotEvaluate):
    """The server at `where` asks for a password, and none was given."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"cannot look at the database {where}: the server asks for a password;"
            " give it by --password-file, $PGPASSWORD or ~/.pgpass"
        )
        self.where = where


class OutOfTime(CannotEvaluate, TimeoutError):
    """The time that the caller gave is over; no verdict was reached."""
