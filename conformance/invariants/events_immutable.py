"""Nobody but its owner may change or remove an event.

Why: events are the record of what happened. A record that an application can rewrite proves nothing to those who audit
it, or who have to rebuild a state from it.

Example: `0006/events/immutable`: the application's role has UPDATE.

How: each role that is neither the owner nor a superuser is asked for UPDATE, DELETE and TRUNCATE, on the table, its
partitions and its columns, with what it inherits and what PUBLIC has; the owner of a partition counts as any role. An
event that an enabled trigger plainly refuses is held by that, or by a rule that does nothing instead, whatever the row;
on partitions by a row's trigger alone.

Repair: `REVOKE UPDATE, DELETE, TRUNCATE ON events FROM …`.

Limits: owners and superusers can do everything, and so can a role that may become the owner by SET ROLE. What is done
through a view of the owner's, by a function that runs as the owner, or by a foreign key that cascades is not looked at.
A trigger counts where its body does nothing but raise an exception; any other body is not run, and leaves the claim
undecided.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.catalog import Table, Trigger
from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Privileges, Proof
from conformance.model.reading import Reading, Unreadable
from conformance.model.record import replace
from conformance.model.trigger_body import raises

TABLE = "events"
_EVENTS = ("update", "delete", "truncate")


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        name="immutable",
        level="must",
        source="the page, line 17; the documentation of the fields",
        expected="no role but the owner may UPDATE, DELETE or TRUNCATE",
        needs={TABLE: ()},
        look=_look,
        enforcer=_enforcer,
        repair="-- REVOKE UPDATE, DELETE, TRUNCATE ON events FROM the roles of the witness, and from PUBLIC;",
    )


def _look(reading: Reading) -> Privileges | Proof:
    table = reading.table(TABLE)
    if not table.is_table:
        raise Unreadable("what may be done to the table behind a view is not seen")
    if reading.catalog.replica:  # in which none but those that are enabled ALWAYS fire
        awake = tuple(t for t in table.triggers if t.enabled == "A")
        table = replace(table, triggers=awake, voided=frozenset())
    open_ = tuple(event for event in _EVENTS if not _refusers(table, event))
    below = tuple(event for event in _EVENTS if not _refused_below(table, event))
    if not open_ and not below:
        return Proof(by=f"refused by {', '.join(_all(table))}", object=_all(table)[0])
    unsure = tuple(
        t.name
        for t in table.triggers
        if t.enabled in "OA" and (set(open_) & t.events or (t.row and not _refuses(t) and set(below) & t.events))
    )
    return Privileges(table=reading.relation(TABLE), events=open_, below=below, unsure=unsure)


def _enforcer(reading: Reading) -> str:
    """Privileges bind neither the owner nor superusers."""
    table = reading.table(TABLE)
    found = [] if reading.catalog.replica else _all(table)
    if found and all(_refusers(table, event) and _refused_below(table, event) for event in _EVENTS):
        return ", ".join(found)
    return f"in part {', '.join([*found, 'privileges'])}"


def _all(table: Table) -> list[str]:
    return list(dict.fromkeys(name for event in _EVENTS for name in _refusers(table, event)))


def _refusers(table: Table, event: str) -> list[str]:
    """What plainly refuses the event: rules that do something else instead, triggers that only raise."""
    found = ["a rule"] if event in table.voided else []
    return found + [f"trigger {t.name}" for t in table.triggers if event in t.events and _refuses(t)]


def _refused_below(table: Table, event: str) -> bool:
    """Whether nothing is below the table, or all of it has a copy of a row's trigger that refuses the event."""
    if table.kind != "p":
        return not table.children
    return any(t.row and event in t.events and _refuses(t) for t in table.triggers)


def _refuses(trigger: Trigger) -> bool:
    whole = trigger.when is None and not trigger.update_columns and trigger.enabled in "OA" and not trigger.asleep_in
    return whole and trigger.language == "plpgsql" and raises(trigger.body)
