"""What in a catalog keeps new rows from breaking an invariant: "no violation today" and "none possible" differ."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.admission import Admission
from conformance.model.catalog import Catalog, Table, Trigger
from conformance.model.invariant import Invariant
from conformance.model.reading import Reading
from conformance.model.trigger_body import effect

NOTHING = "nothing in the catalog"
IN_PART = "in part "
TRIED = "as far as was tried "
"""What begins the name of something that refuses the rows that were put to it; others may get past it."""


def breaking(invariant: Invariant, catalog: Catalog) -> Iterator[Admission]:
    """The rows that break the invariant, to be put to the table's guards."""
    table = catalog.tables.get(invariant.table)
    if table is None or not table.is_table:
        return
    for row in invariant.breaking:
        if all(name in table.columns for name in row):
            yield Admission(table=table, columns=tuple(row), rows=(tuple(row.values()),))


def enforced_by(invariant: Invariant, reading: Reading) -> str:
    """What in the catalog keeps new rows from breaking the invariant."""
    table = reading.catalog.tables.get(invariant.table)
    if table is None:
        return NOTHING
    kept = invariant.enforcer(reading) if invariant.enforcer is not None else _guards_of(invariant, reading.catalog)
    if kept:
        return kept
    unsure = sorted(t.name for t in table.triggers if t.events & {"insert", "update"} and not _harmless(t, table))
    return f"{NOTHING}, unless a trigger does: {', '.join(unsure)}" if unsure else NOTHING


def _harmless(trigger: Trigger, table: Table) -> bool:
    """Whether the trigger sleeps, or plainly does nothing but set the time of the last change."""
    return trigger.enabled not in "OA" or any(effect(trigger.body, name)[0] != "unknown" for name in table.columns)


def in_words(kept: str) -> str:
    """What keeps it, as the end of a sentence."""
    for how, words in ((IN_PART, "enforced in part by {}"), (TRIED, "enforced by {}, as far as was tried")):
        if kept.startswith(how):
            return words.format(kept.removeprefix(how))
    return f"enforced by {kept}"


def _guards_of(invariant: Invariant, catalog: Catalog) -> str:
    fates = [fate for admission in breaking(invariant, catalog) for fate in admission.fates(catalog)]
    refusing = list(dict.fromkeys(by for fate, by in fates if fate == "refused"))
    if fates and all(fate == "refused" for fate, _ in fates):
        return f"{TRIED}{', '.join(refusing)}"
    return f"{IN_PART}{', '.join(refusing)}" if refusing else ""
