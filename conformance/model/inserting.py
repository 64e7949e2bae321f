"""What a table's triggers may do to a new row: refuse it, drop it, or change what it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.model.catalog import Table, Trigger
from conformance.model.placement import places
from conformance.model.trigger_body import effect, is_noop, normal, returned

_REFUSES = re.compile(r"\b(?:raise\b(?! (?:debug|log|info|notice|warning)\b)|assert\b|execute\b)")
_SHIPPED = frozenset(
    {"tsvector_update_trigger", "tsvector_update_trigger_column", "suppress_redundant_updates_trigger"}
)
_RETURN = re.compile(r"\breturn\b(?! new ?;)")
_WHOLE_ROW = re.compile(r"\bnew\b(?! ?\.)")


def doubts(table: Table, columns: Sequence[str]) -> Iterator[str]:
    """The triggers of which it cannot be seen that a row gets past them with these columns as they were given."""
    if not table.triggers and not table.parts:
        return
    own = [("", trigger) for trigger in table.triggers]
    parts = [place.part for place in places(table) if place.part.partition]
    below = [(f" of the partition {part.name}", trigger) for part in parts for trigger in part.triggers]
    for where, trigger in [*own, *below]:
        if "insert" in trigger.events and trigger.enabled in "OA" and not _lets_be(trigger, columns):
            told = "may refuse or change the row: what its body does is not plain to see"
            yield f"the trigger {trigger.name}{where}, {trigger.timing} each INSERT, {told}"


def changing(table: Table) -> Iterator[str]:
    """The triggers that may change a new row before it is written, though they let it in."""
    for trigger in table.triggers:
        before_row = trigger.timing == "before" and trigger.row and "insert" in trigger.events
        if before_row and trigger.enabled in "OA" and not is_noop(trigger.body):
            yield trigger.name


def _lets_be(trigger: Trigger, columns: Sequence[str]) -> bool:
    """Whether its body raises nothing and, before a row, gives that back with these columns untouched."""
    if trigger.language == "internal" and trigger.function.rpartition(".")[2] in _SHIPPED:
        return True
    if trigger.language != "plpgsql":
        return False
    before_row = trigger.timing == "before" and trigger.row
    if is_noop(trigger.body):
        return not before_row or returned(trigger.body) == "new"
    if _REFUSES.search(" ".join(trigger.body.lower().split())):  # with its comments, in which it may only seem to stand
        return False
    body = normal(trigger.body).lower()
    if not before_row:
        return True
    if any(name.lower() in body and effect(trigger.body, name)[0] != "sets" for name in columns):
        return False
    return not _RETURN.search(body) and not _WHOLE_ROW.search(re.sub(r"\breturn new ?;", "", body))
