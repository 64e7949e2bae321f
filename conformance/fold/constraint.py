"""A constraint as it is written, of a column or of a table: read, not yet made."""

from __future__ import annotations

from typing import Literal

from conformance.fold.condition import Clause
from conformance.fold.schema import Key
from conformance.model.record import Record

ConstraintKind = Literal["check", "unique", "primary", "foreign", "not null", "exclude"]


class Constraint(Record):
    """A constraint as it is written. `columns` are those of a key, `keys` those of an exclusion, whose condition is the
    `clause`; `index` names the index that it takes over."""

    kind: ConstraintKind
    name: str = ""
    columns: tuple[str, ...] = ()
    clause: Clause | None = None
    include: tuple[str, ...] = ()
    index: str = ""
    method: str = "btree"
    keys: tuple[Key, ...] = ()
    excludes: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    on_delete: str = "no action"
    on_update: str = "no action"
    match: str = "simple"
    delete_columns: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    validated: bool = True
    enforced: bool = True
    deferrable: bool = False
    no_inherit: bool = False
