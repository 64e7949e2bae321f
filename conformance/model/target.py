"""What was looked at, in words that hold no secret."""

from __future__ import annotations

import re

from conformance.model.record import Record, replace

_OLDEST_MAJOR = 12


class Target(Record):
    """A database as it presented itself. `address` is `user@host:port/dbname` without a password; `throwaway` says that
    it is a server of ours; `said` is what has to be told of how its URL was read. Where files were read instead,
    `session_user` is "" and `address` names them."""

    address: str
    origin: str
    database: str
    server_version: str
    session_user: str
    current_user: str
    schemas: tuple[str, ...]
    in_recovery: bool
    superuser: bool
    throwaway: bool = False
    said: tuple[str, ...] = ()

    @property
    def major(self) -> int:
        """The major version of its server; the oldest that is known here, where it does not say."""
        found = re.match(r"\d+", self.server_version)
        return int(found[0]) if found else _OLDEST_MAJOR

    def thrown_away(self) -> Target:
        """The same, called a server of ours, where nobody else could look."""
        return replace(self, throwaway=True, address=f"{self.current_user}@throw-away/{self.database}")
