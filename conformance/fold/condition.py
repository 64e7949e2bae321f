"""What has to be true of a row, and how it was written."""

from __future__ import annotations

from conformance.fold.nodes import Node
from conformance.model.record import Record


class Clause(Record):
    """An expression as it was written; `node` is None where it is not understood."""

    text: str
    node: Node | None


class Condition(Record):
    """A CHECK; `inherited` counts the tables above that it comes from, `local` says that it is its own too."""

    name: str
    clause: Clause
    validated: bool = True
    enforced: bool = True
    no_inherit: bool = False
    inherited: int = 0
    local: bool = True
