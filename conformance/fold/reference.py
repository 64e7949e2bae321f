"""A foreign key as it is known here."""

from __future__ import annotations

from conformance.model.record import Record


class Reference(Record):
    """A foreign key; `above` is the name of the one of the partitioned table that it is a part of."""

    name: str
    columns: tuple[str, ...]
    target: int
    target_columns: tuple[str, ...]
    on_delete: str = "no action"
    on_update: str = "no action"
    match: str = "simple"
    delete_columns: tuple[str, ...] = ()
    validated: bool = True
    enforced: bool = True
    deferrable: bool = False
    asleep: int = 0
    above: str = ""
