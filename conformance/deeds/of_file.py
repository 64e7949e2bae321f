"""What the statements of one file make, all of them: known while they are read one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from conformance.model.deed import Deed
from conformance.model.lint import Statement

_SECURED = "enable row level security"


class OfFile:
    """The indexes, names, policies and switched triggers of a file."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self.indexes: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self.made: set[str] = set()
        self.policed: set[str] = set()
        self.secured: set[str] = set()
        self._enabled: dict[tuple[str, str], int] = {}
        for number, statement in enumerate(statements):
            for deed in statement.deeds:
                self._read(deed, number)

    def enabled_behind(self, table: str, trigger: str, number: int) -> bool:
        """Whether a statement behind that of this number enables the trigger, or all of the table."""
        return any(self._enabled.get((table, name), -1) > number for name in (trigger, "all"))

    def _read(self, deed: Deed, number: int) -> None:
        if deed.verb.startswith("create "):
            self.made.add(deed.name)
        if deed.verb == "create index":
            self.indexes[deed.table].append(deed.columns)
        if deed.verb == "create policy":
            self.policed.add(deed.table)
        for action in deed.actions:
            if action.verb == _SECURED:
                self.secured.add(deed.table)
            elif action.verb == "enable trigger":
                self._enabled[deed.table, action.name.lower()] = number
