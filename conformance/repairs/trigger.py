"""A trigger that sets the time of a change is woken, or made."""

from __future__ import annotations

from hashlib import sha256

from conformance.model.contract import Requirement
from conformance.model.dependants import of_trigger
from conformance.model.mending import free
from conformance.model.mends import MOMENT, guarded
from conformance.model.planned import in_catalog
from conformance.model.record import replace
from conformance.model.repair import Left, Mend, Site, Stage, Step
from conformance.model.sql import identifier, literal, qualified
from conformance.model.trigger_body import effect, is_noop
from conformance.model.trigger_plain import fires_for

KIND = "trigger"


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    table, own = site.there, (requirement.id,)
    column, event = requirement.columns[0], requirement.spec["before"]
    relation = qualified(table.schema, table.name)
    if table.children and table.kind != "p":
        reason = f"no trigger reaches the inheriting tables {', '.join(table.children)}"
        return Left(leaves=own, why="partitions", reason=reason)
    if event in table.replaced or site.catalog.replica:
        reason = "a rule does something else instead" if event in table.replaced else "sessions here begin as replicas"
        return Left(leaves=own, why="decision", reason=reason)
    there = [t for t in table.triggers if event in t.events and t.timing == "before" and t.row]
    for trigger in there:
        awake = replace(trigger, enabled="O", asleep_in=())
        sets = effect(trigger.body, column)[0] == "sets" and trigger.language == "plpgsql"
        if sets and not trigger.update_columns and trigger.enabled in "DR" and fires_for(awake, table) == "always":
            sql = f"ALTER TABLE {relation} ENABLE TRIGGER {identifier(trigger.name)};"
            return Mend(mends=own, steps=(_step(f"lets {trigger.name} fire", relation, sql),))
    stays = [t for t in there if not is_noop(t.body) and effect(t.body, column)[0] != "sets"]
    if stays:
        reason = f"{stays[0].name} has a say in each {event.upper()}, and does not plainly do nothing"
        return Left(leaves=own, why="decision", reason=reason)
    return Mend(mends=own, steps=_made(requirement, site, relation))


def _made(requirement: Requirement, site: Site, relation: str) -> tuple[Step, ...]:
    """A function of a name that nobody has, and a trigger that fires behind those that are there."""
    table, column, event = site.there, requirement.columns[0], requirement.spec["before"]
    mark = sha256(requirement.id.encode()).hexdigest()[:8]
    function = qualified(table.schema, free(f"{requirement.table}_set_{column}_{mark}", ()))
    before = [t for t in table.triggers if event in t.events and t.timing == "before" and t.row]
    idle = [t for t in before if is_noop(t.body)]
    last = max((t.name for t in before if t not in idle), default="")
    own = f"{requirement.table}_{column}"
    name = free(own if own > last else f"{last}_{column}", {t.name for t in table.triggers})
    there = (
        f"EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = {literal(relation)}::pg_catalog.regclass"
        f" AND tgname = {literal(name)})"
    )
    create = (
        f"CREATE TRIGGER {identifier(name)} BEFORE {event.upper()} ON {relation} FOR EACH ROW"
        f" EXECUTE FUNCTION {function}()"
    )
    return (
        Step(
            stage=Stage.TRIGGERS,
            does=f"makes the function that sets {column}",
            lock="none on a table",
            sql=f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS\n"
            f"  $$ BEGIN NEW.{identifier(column)} := {in_catalog(requirement.spec['sets'])}; RETURN NEW; END $$;",
        ),
        _step(f"lets it set {column} before each {event.upper()}", relation, guarded(f"NOT {there}", create)),
        *(
            Step(
                stage=Stage.RULES,
                does=f"drops the trigger {one.name}, which does nothing",
                lock=f"ACCESS EXCLUSIVE on {relation}, {MOMENT}",
                sql=f"DROP TRIGGER IF EXISTS {identifier(one.name)} ON {relation};",
                users=of_trigger(table, one.name),
            )
            for one in idle
        ),
    )


def _step(does: str, relation: str, sql: str) -> Step:
    lock = f"SHARE ROW EXCLUSIVE on {relation}, {MOMENT}; everybody reads"
    return Step(stage=Stage.TRIGGERS, does=does, lock=lock, sql=sql)
