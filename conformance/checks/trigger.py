"""Before each row is updated, a trigger sets the column.

Why: `updated_at` is what caches, sync and people trust; an UPDATE that does not move it is a change that nobody sees.

Example: `0013/agent_documents.updated_at/trigger`: before each update, `updated_at` becomes `now()`.

Passes: any name, any function whose body is plainly that assignment (`NEW.updated_at := now();`, `=` or `:=`,
`CURRENT_TIMESTAMP`, `transaction_timestamp()`, `pg_catalog.now()`; `clock_timestamp()` and `statement_timestamp()`
with a note); more events, with a note; a WHEN that is true for every update; a function with a search_path of its own,
and with settings that do not touch the value (timeouts, memory, messages); with a note, one on each partition or
inheriting table instead.

Fails: no trigger before update for each row; disabled, or firing only on a replica; limited to some columns; a WHEN
that leaves updates out (also those that change nothing); a body that plainly does nothing, or gives the old row back.

Indeterminate: any other body, which is shown; any other WHEN; `now()` where a schema with a function of that name comes
before `pg_catalog`, in the function's own search_path or else in that of a session here; a function with other settings
of its own, another such trigger that runs later, also one of a partition, a rule that does something else instead. The
function is never run here; the behaviour plane decides.

Repair: `CREATE TRIGGER … BEFORE UPDATE … FOR EACH ROW EXECUTE FUNCTION …`.

Limits: what an AFTER trigger does to the row later is not looked at; only provoking the database shows that. A role
with a search_path of its own may see another `now()` than the role that looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.cascades import fires_before
from conformance.model.catalog import Table, Trigger
from conformance.model.contract import Requirement, Shapes, about_one_column
from conformance.model.holders import in_each
from conformance.model.mending import beside, by_children, comment, free, relation, script
from conformance.model.outcome import Judgement, failed, passed, undecided
from conformance.model.placement import parts_below
from conformance.model.question import Homonyms, Question
from conformance.model.record import replace
from conformance.model.scene import Scene
from conformance.model.sql import identifier
from conformance.model.trigger_body import effect, is_noop, looked_up, normal
from conformance.model.trigger_plain import fires_for, odd_settings, why_another

KIND = "trigger"
CLAIMS: Shapes = {"trigger": {"before": (str,), "sets": (str,)}}

_MOMENTS = ("now()", "current_timestamp", "transaction_timestamp()", "clock_timestamp()", "statement_timestamp()")
_MOVING = ("clock_timestamp()", "statement_timestamp()")


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_one_column(columns)
    if spec["before"] not in ("insert", "update", "delete"):
        yield f"before must be insert, update or delete, not {spec['before']!r}"
    if spec["sets"] not in _MOMENTS:
        yield f"sets must be one of {', '.join(_MOMENTS)}, not {spec['sets']!r}"


def expected(requirement: Requirement) -> str:
    return f"before each {requirement.spec['before']}, {requirement.columns[0]} becomes {requirement.spec['sets']}"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    for trigger in (*table.triggers, *(trigger for part in parts_below(table) for trigger in part.triggers)):
        name = looked_up(trigger.body, requirement.columns[0]) if trigger.looks_in else ""
        if name and requirement.spec["before"] in trigger.events:
            yield Homonyms(name=name)


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    found = _judge(requirement, table, scene)
    if found.verdict == "pass" or not table.parts:
        return found
    return in_each(table, lambda one: _judge(requirement, one, scene)) or found


def _judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    asked = expected(requirement)
    near: Judgement | None = None
    for trigger in table.triggers:
        if not (trigger.events & {requirement.spec["before"]}):
            continue
        judgement = _judge_trigger(requirement, trigger, table, scene)
        if judgement.verdict == "pass":
            return judgement
        if near is None or (judgement.verdict == "indeterminate" and near.verdict == "fail"):
            near = judgement
    others = ", ".join(f"{t.name} ({t.timing} {' or '.join(sorted(t.events))})" for t in table.triggers)
    return near or failed(asked, others or "no trigger")


def repair(requirement: Requirement, table: Table | None) -> str:
    if stuck := by_children(table):
        return stuck
    column, event, name = requirement.columns[0], requirement.spec["before"], relation(requirement, table)
    if table is not None and event in table.replaced:
        return comment(f"a rule does something else instead of the {event}: {', '.join(table.rules)}; it has to go")
    there = [t for t in table.triggers if event in t.events] if table is not None else []
    for trigger in there:
        awake = replace(trigger, enabled="O", asleep_in=())
        sets = effect(trigger.body, column)[0] == "sets" and trigger.language == "plpgsql"
        if table is not None and sets and not _why_not_fired(awake) and fires_for(awake, table) == "always":
            return f"ALTER TABLE {name} ENABLE TRIGGER {identifier(trigger.name)};"
    idle = [t for t in there if is_noop(t.body) and t.timing == "before" and t.row]
    names = {trigger.name for trigger in table.triggers} - {t.name for t in idle} if table is not None else set[str]()
    last = max((t.name for t in there if t.timing == "before" and t.row and t not in idle), default="")
    own = f"{requirement.table}_{column}"
    own = own if own > last else f"{last}_{column}"  # those of one event fire in the order of their names
    functions = {t.function.rpartition(".")[2] for t in table.triggers} if table is not None else set[str]()
    function = beside(table, free(f"{requirement.table}_set_{column}", functions))
    return script(
        *(f"DROP TRIGGER {identifier(trigger.name)} ON {name};" for trigger in idle),
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS",
        f"  $$ BEGIN NEW.{identifier(column)} := {requirement.spec['sets']}; RETURN NEW; END $$;",
        f"CREATE TRIGGER {identifier(free(own, names))} BEFORE {event.upper()} ON {name}",
        f"  FOR EACH ROW EXECUTE FUNCTION {function}();",
    )


def _shown(trigger: Trigger) -> str:
    level = "for each row" if trigger.row else "for each statement"
    columns = f" of {', '.join(trigger.update_columns)}" if trigger.update_columns else ""
    when = f" when ({trigger.when})" if trigger.when else ""
    events = " or ".join(sorted(trigger.events))
    return f"{trigger.name}: {trigger.timing} {events}{columns} {level}{when} execute {trigger.function}()"


def _judge_trigger(requirement: Requirement, trigger: Trigger, table: Table, scene: Scene) -> Judgement:
    asked, seen = expected(requirement), _shown(trigger)
    if why := _why_not_fired(trigger):
        return failed(asked, seen, why, object=trigger.name)
    if (on := fires_for(trigger, table)) == "not always":
        return failed(asked, seen, f"its WHEN leaves updates out: {trigger.when}", object=trigger.name)
    if scene.catalog.replica:
        return failed(asked, seen, "sessions here begin as replicas, in which it does not fire", object=trigger.name)
    if table.children:
        note = f"it does not fire for the inheriting tables {', '.join(table.children)}"
        return failed(asked, seen, note, object=trigger.name)
    doubt = f"whether its WHEN leaves updates out is not plain to see: {trigger.when}" if on == "unknown" else ""
    if (
        why := doubt
        or _why_in_doubt(requirement, trigger, table)
        or why_another(trigger, requirement.columns[0], scene.catalog)
    ):
        return undecided(asked, seen, f"{why}; the behaviour plane decides", object=trigger.name)
    if trigger.language != "plpgsql":
        note = f"its function is in {trigger.language}; the behaviour plane decides"
        return undecided(asked, seen, note, object=trigger.name)
    does, call = effect(trigger.body, requirement.columns[0])
    if does == "nothing":
        return failed(asked, seen, f"its body sets nothing: {normal(trigger.body)}", object=trigger.name)
    if does == "unknown":
        note = f"what its body does is not plain to see; the behaviour plane decides: {normal(trigger.body)}"
        return undecided(asked, seen, note, object=trigger.name)
    notes = []
    if call in _MOVING and requirement.spec["sets"] not in _MOVING:
        notes.append(f"by {call}, which moves within a transaction")
    elif call not in _MOVING and requirement.spec["sets"] in _MOVING:
        notes.append(f"by {call}, which stands still within a transaction")
    if len(trigger.events) > 1:
        notes.append(f"it also fires on {', '.join(sorted(trigger.events - {requirement.spec['before']}))}")
    return passed(asked, seen, "; ".join(notes), object=trigger.name)


def _why_in_doubt(requirement: Requirement, trigger: Trigger, table: Table) -> str:
    """What else has a say in what the row becomes, or ""."""
    event = requirement.spec["before"]
    if event in table.replaced:
        return f"a rule does something else instead of the {event}"
    if odd := odd_settings(trigger):
        return f"its function runs with {', '.join(odd)} of its own, which may change what it does"
    for other in table.triggers:
        fires = other.timing == "before" and other.row and event in other.events and other.enabled in "OA"
        if fires and other.name > trigger.name:
            return f"{other.name} runs after it and may undo it"
    for part in parts_below(table):
        for other in part.triggers:
            later = fires_before(other, event) and other.name > trigger.name and part.partition
            if later and not (other.language == "plpgsql" and effect(other.body, requirement.columns[0])[0] == "sets"):
                return f"{other.name} of the partition {part.name} runs after it and may undo it"
    return ""


def _why_not_fired(trigger: Trigger) -> str:
    """Why the trigger does not fire before each updated row, or ""."""
    if trigger.enabled == "D":
        return "it is disabled"
    if trigger.enabled == "N":
        return "the table's own record (pg_class) says that it has no triggers, so that none fires"
    if trigger.enabled == "R":
        return "it fires only on a replica"
    if trigger.timing != "before":
        return f"it fires {trigger.timing} the event, when the row is already written"
    if not trigger.row:
        return "it fires for each statement, and sees no row"
    if trigger.update_columns:
        return f"it fires only when {', '.join(trigger.update_columns)} are named in the UPDATE"
    if trigger.asleep_in:
        return f"it is disabled on the partitions {', '.join(trigger.asleep_in)}"
    return ""
