"""What in a catalog keeps new rows from breaking an invariant: "no violation today" and "none possible" differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.model.admission import Admission
from conformance.model.catalog import Catalog, Table, Trigger
from conformance.model.guards import guards, why_not_evaluable
from conformance.model.hurdles import refuses
from conformance.model.invariant import Invariant
from conformance.model.placement import parts_below
from conformance.model.question import Keys, Text
from conformance.model.reading import Reading
from conformance.model.strings import constants
from conformance.model.trigger_body import effect

NOTHING = "nothing in the catalog"
IN_PART = "in part "
TRIED = "as far as was tried "
"""What begins the name of something that refuses the rows that were put to it; others may get past it."""
_MOST = 100


def breaking(invariant: Invariant, catalog: Catalog) -> Iterator[Admission]:
    """The rows that break the invariant, to be put to the table's guards."""
    table = catalog.tables.get(invariant.table)
    if table is None or not table.is_table:
        return
    for row in invariant.breaking:
        if all(name in table.columns for name in row):
            yield Admission(table=table, columns=tuple(row), rows=(tuple(row.values()),))
    for name in invariant.columns if invariant.allowed else ():
        found = sorted(_spelled_out(table, name, catalog) - set(invariant.allowed))[:_MOST]
        if found:
            yield Admission(table=table, columns=(name,), rows=tuple((value,) for value in found))


def _spelled_out(table: Table, name: str, catalog: Catalog) -> set[str]:
    """The values of a column that its enum, its CHECKs and the tables it points at know: what they are there for."""
    if name not in table.columns:
        return set()
    found = set(table.columns[name].type.labels or ())
    for guard in guards(table, (name,)):
        found.update(constants(guard.expression).strings)
    for question in Admission(table=table, columns=(name,), rows=(("",),)).questions():
        answer = catalog.answers.get(question)
        if isinstance(question, Keys) and isinstance(answer, Text):
            found.update(value for value in answer.values if value is not None)
    return found


def enforced_by(invariant: Invariant, reading: Reading) -> str:
    """What in the catalog keeps new rows from breaking the invariant."""
    table = reading.catalog.tables.get(invariant.table)
    if table is None:
        return NOTHING
    kept = invariant.enforcer(reading) if invariant.enforcer is not None else _guards_of(invariant, reading.catalog)
    if kept:
        return kept
    unsure = list(dict.fromkeys(_unsure(invariant, reading.catalog)))
    return f"{NOTHING}, unless by {', '.join(unsure)}" if unsure else NOTHING


def _unsure(invariant: Invariant, catalog: Catalog) -> Iterator[str]:
    """What may keep the claim, and is not run or not understood, on any table that the claim is about."""
    open_ = any(fate == "unknown" for row in breaking(invariant, catalog) for fate, _ in row.fates(catalog))
    for name, needed in sorted(invariant.needs.items(), key=lambda need: need[0] != invariant.table):
        table = catalog.tables.get(name)
        if table is None:
            continue
        of = "" if name == invariant.table else f" of {name}"
        columns = [column for column in needed if column in table.columns]
        for trigger in sorted(table.triggers, key=lambda t: t.name):
            if trigger.events & {"insert", "update"} and not _harmless(trigger, table):
                yield f"trigger {trigger.name}{of}"
        for guard in guards(table, columns):
            varies = open_ and not of and bool(set(guard.columns) - set(columns))
            if varies or why_not_evaluable(guard.expression):
                yield f"CHECK {guard.name}{of}"
        for key in table.foreign_keys:
            if len(key.columns) > 1 and set(key.columns) & set(columns) and refuses(key) and not catalog.replica:
                yield f"foreign key {key.name}{of}"
        for index in table.indexes:
            if index.excludes and not index.unique and any(key.column in columns for key in index.keys):
                yield f"exclusion constraint {index.name}{of}"


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
    rows = [(admission, _void(admission)) for admission in breaking(invariant, catalog)]
    if rows and all(void for _, void in rows):
        return f"{TRIED}{', '.join(dict.fromkeys(void for _, void in rows))}"
    # a row that NOT NULL keeps out anyway says nothing of what keeps the others out
    fates = [fate for admission, void in rows if not void for fate in admission.fates(catalog)]
    refusing = list(dict.fromkeys(by for fate, by in fates if fate == "refused"))
    escaped = any(admission.table.children and _left_behind(admission.table, refusing) for admission, _ in rows)
    if fates and not escaped and all(fate == "refused" for fate, _ in fates):
        return f"{TRIED}{', '.join(refusing)}"
    return f"{IN_PART}{', '.join(refusing)}" if refusing else ""


def _left_behind(table: Table, names: Sequence[str]) -> bool:
    """Whether one of these CHECKs does not hold for the tables that inherit."""
    return any(check.no_inherit and check.name in names for check in table.checks)


def _void(admission: Admission) -> str:
    """The NOT NULL that refuses the row, also one that is not validated yet; or ""."""
    table = admission.table
    for name, value in zip(admission.columns, admission.rows[0], strict=True):
        lax = any(name in part.lax for part in parts_below(table))
        if value is None and table.columns[name].not_null and not lax:
            return f"NOT NULL of {name}"
    return ""
