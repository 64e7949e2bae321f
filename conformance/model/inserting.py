"""What a table's triggers may do to a new row: refuse it, drop it, or change what it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.model.cascades import fires_before
from conformance.model.catalog import Table, Trigger
from conformance.model.placement import parts_below
from conformance.model.trigger_body import effect, is_noop, may_raise, normal, returned

_RETURN = re.compile(r"\breturn\b(?! new ?;)")
_ANOTHER_ROW = re.compile(r"\bnew ?:?= |\binto new\b(?! ?\.)")
_SHIPPED = frozenset(
    {"tsvector_update_trigger", "tsvector_update_trigger_column", "suppress_redundant_updates_trigger"}
)


def doubts(table: Table, columns: Sequence[str]) -> Iterator[str]:
    """The triggers of which it cannot be seen that a row gets past them with these columns as they were given."""
    if not table.triggers and not table.parts:
        return
    own = [("", trigger) for trigger in table.triggers]
    parts = [part for part in parts_below(table) if part.partition]
    below = [(f" of the partition {part.name}", trigger) for part in parts for trigger in part.triggers]
    for where, trigger in [*own, *below]:
        awake = "insert" in trigger.events and trigger.enabled in "OA" and trigger.when != "false"
        if awake and not _lets_be(trigger, columns):
            may = "refuse or change" if trigger.timing == "before" else "refuse"
            told = f"may {may} the row: what its body does is not plain to see"
            yield f"the trigger {trigger.name}{where}, {trigger.timing} each INSERT, {told}"


def changing(table: Table) -> Iterator[str]:
    """The triggers that may change a new row before it is written, though they let it in."""
    for trigger in table.triggers:
        if fires_before(trigger, "insert") and not is_noop(trigger.body):
            yield trigger.name


def filled(table: Table, name: str) -> bool:
    """Whether a trigger may give the column a value where a new row has none."""
    before = [trigger for trigger in table.triggers if fires_before(trigger, "insert")]
    return any(not is_noop(trigger.body) and _names(trigger.body, name) for trigger in before)


def _names(body: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name.lower())}\b", body.lower()) is not None


def _lets_be(trigger: Trigger, columns: Sequence[str]) -> bool:
    """Whether it plainly has nothing to do with these columns and, before a row, gives that row back."""
    if trigger.language == "internal" and trigger.function.rpartition(".")[2] in _SHIPPED:
        return True
    if trigger.language != "plpgsql":
        return False
    before_row = trigger.timing == "before" and trigger.row
    if is_noop(trigger.body):
        return not before_row or returned(trigger.body) == "new"
    body = normal(trigger.body).lower()
    if before_row and (_RETURN.search(body) or _ANOTHER_ROW.search(body)):
        return False
    # with its comments, in which code may only seem to stand
    whole = " ".join(f"{trigger.body} {trigger.when or ''}".lower().split())
    concerned = [name for name in columns if effect(trigger.body, name)[0] != "sets"]
    if may_raise(whole):
        return not any(_names(whole, name) for name in concerned)
    return not before_row or not any(_assigns(whole, name.lower()) for name in concerned)


def _assigns(body: str, name: str) -> bool:
    column = rf'\bnew ?\. ?"?{re.escape(name)}\b"?'
    return re.search(rf"{column} ?:?=|\binto\b[^;]*{column}", body) is not None
