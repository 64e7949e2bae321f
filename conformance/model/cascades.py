"""What may keep a foreign key from doing what it says, once the row that its rows lead to goes or changes.

PostgreSQL deletes and updates them by statements of its own, and these meet the table's rules and its BEFORE triggers
like anybody's: what one of those holds back leaves an orphan in a constraint that is valid.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.catalog import ForeignKey, Table, Trigger
from conformance.model.placement import parts_below
from conformance.model.record import Record
from conformance.model.trigger_body import effect, looks_at_row, may_raise, normal, raises, returned


class Hindrance(Record):
    """`certain` if it surely holds rows back, not where that cannot be seen; `why` in one clause."""

    certain: bool
    why: str


def hindrance(key: ForeignKey, table: Table) -> Hindrance | None:
    """What keeps the key from acting on the table's rows: the worst there is."""
    found = list(_hindrances(key, table))
    return next((one for one in found if one.certain), found[0] if found else None)


def _hindrances(key: ForeignKey, table: Table) -> Iterator[Hindrance]:
    for event in _events(key):
        if event in table.replaced:
            why = f"a rule does something else instead of the {event} by which {key.name} acts"
            yield Hindrance(certain=True, why=f"{why}: {', '.join(table.rules)}")
        own = [("", trigger) for trigger in table.triggers]
        below = [(f" of {p.name}", trigger) for p in parts_below(table) for trigger in p.triggers]
        for where, trigger in [*own, *below]:
            if fires_before(trigger, event) and not _misses(trigger, key, event):
                yield from _by(trigger, where, key, table, event)


def _events(key: ForeignKey) -> Iterator[str]:
    """What the key does to the referencing rows."""
    if key.on_delete == "cascade":
        yield "delete"
    if key.on_delete.startswith("set") or key.on_update not in ("no action", "restrict"):
        yield "update"


def fires_before(trigger: Trigger, event: str) -> bool:
    """Whether it is awake and sees each row before the event."""
    return trigger.timing == "before" and trigger.row and event in trigger.events and trigger.enabled in "OA"


def drops(trigger: Trigger, event: str) -> bool:
    """Whether its body plainly gives back no row to go on with, or the old one, so that the event does nothing."""
    nothing = {"delete": ("null", "new"), "update": ("null", "old"), "insert": ("null", "old")}[event]
    return trigger.language == "plpgsql" and trigger.when is None and returned(trigger.body) in nothing


def refuses_each(trigger: Trigger, event: str) -> bool:
    """Whether it is awake and plainly raises an error at every such event, whatever the row."""
    return _sees_each(trigger, event) and trigger.when is None and raises(trigger.body)


def may_refuse_each(trigger: Trigger, event: str) -> bool:
    """Whether it is awake and may raise an error on a condition that nothing in the row has a say in."""
    if not _sees_each(trigger, event) or trigger.when == "false":
        return False
    body = normal(trigger.body)
    return may_raise(body) and not looks_at_row(f"{body} {trigger.when or ''}")


def _sees_each(trigger: Trigger, event: str) -> bool:
    awake = event in trigger.events and trigger.enabled in "OA" and not (event == "update" and trigger.update_columns)
    return awake and trigger.language == "plpgsql"


def _misses(trigger: Trigger, key: ForeignKey, event: str) -> bool:
    """Whether it only fires for columns that the key does not set."""
    return event == "update" and bool(trigger.update_columns) and not set(trigger.update_columns) & set(key.columns)


def _by(trigger: Trigger, where: str, key: ForeignKey, table: Table, event: str) -> Iterator[Hindrance]:
    name = f"{trigger.name}{where}"
    if drops(trigger, event):
        why = f"{name} drops the {event} by which {key.name} acts, which leaves the row behind as an orphan"
        yield Hindrance(certain=True, why=why)
    elif not _lets_through(trigger, key, table, event):
        why = f"{name}, before each {event}, may hold back what {key.name} does; what its body does is not plain to see"
        yield Hindrance(certain=False, why=why)


def _lets_through(trigger: Trigger, key: ForeignKey, table: Table, event: str) -> bool:
    """Whether its body plainly goes on with the row, having set nothing or another column."""
    if trigger.language != "plpgsql":
        return False
    if returned(trigger.body):
        return returned(trigger.body) == ("old" if event == "delete" else "new")
    others = table.columns.keys() - set(key.columns)
    return event == "update" and any(effect(trigger.body, name)[0] == "sets" for name in others)
