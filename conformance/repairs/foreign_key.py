"""A foreign key is added for new rows, proven for those that are there, and takes the place of what departs."""

from __future__ import annotations

from conformance.model.cascades import hindrance
from conformance.model.catalog import ForeignKey
from conformance.model.claimed import of_persistence
from conformance.model.contract import Requirement
from conformance.model.look import Look
from conformance.model.mending import names
from conformance.model.mends import MOMENT, added, dropped, scanning, taken_away
from conformance.model.reading import Unreadable
from conformance.model.record import replace
from conformance.model.references import why_not_kept
from conformance.model.repair import Left, Mend, Site, Stage, Step
from conformance.model.sql import identifier, qualified
from conformance.model.surplus import surplus

KIND = "foreign-key"

_ALIKE = {"no action", "restrict"}


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    table, columns = site.there, requirement.columns
    own = site.failing_on(table.name, ("foreign-key", "on-delete"), columns)
    asked = next(iter(site.asked(table.name, ("foreign-key",), columns)), None)
    if asked is None:
        return Left(leaves=own, why="decision", reason="which table it leads to is not asked for")
    if why := _hindered(site):
        return Left(leaves=own, why="partitions", reason=why)
    target, _, keys = asked.spec["references"].partition(".")
    wanted = next((r.spec["is"] for r in site.asked(table.name, ("on-delete",), columns)), None)
    action = str(wanted or asked.spec.get("on-delete", "no action"))
    if site.catalog.replica:
        return Left(leaves=own, why="decision", reason="sessions here begin as replicas, in which no key is enforced")
    if held := next(
        (h for k in table.foreign_keys if (h := hindrance(k, table)) and set(columns) & set(k.columns)), None
    ):
        return Left(leaves=own, why="decision", reason=held.why)
    if action == "set null" and any(table.columns[name].not_null for name in columns):
        nullable = site.failing_on(table.name, ("nullable",), columns)
        if not nullable:
            return Left(
                leaves=own, why="decision", reason=f"{', '.join(columns)} cannot be NULL, which a deletion sets"
            )
    return Mend(
        mends=own,
        steps=_steps(site, asked, target, tuple(keys.split("+")), action),
        rows=_orphans(site, columns, target, keys),
        stops=f"rows whose {', '.join(columns)} is no {keys} of {target}",
        blind=f"{target} is made anew, and whether rows refer to what it has no row for was not looked at"
        if target in site.makes and not site.created
        else "",
        needs=(
            *site.failing_on(target, ("unique", "primary-key"), keys.split("+")),
            *site.failing_on(target, ("type",), keys.split("+")),
            *site.failing_on(table.name, ("type", "nullable"), columns),
        ),
    )


def _hindered(site: Site) -> str:
    table = site.there
    if table.kind == "p":
        return "a partitioned table takes no key that is NOT VALID before PostgreSQL 18: its rows are read under a lock"
    return f"no key reaches the inheriting tables {', '.join(table.children)}" if table.children else ""


def _steps(site: Site, requirement: Requirement, target: str, keys: tuple[str, ...], action: str) -> tuple[Step, ...]:
    table, columns = site.there, requirement.columns
    relation, leads = qualified(table.schema, table.name), site.name(target)
    schema = leads.rpartition(".")[0]
    over = [key for key in table.foreign_keys if set(columns) & set(key.columns)]
    right = [
        key
        for key in over
        if key.columns == columns and (key.target, key.target_columns) == (target, keys)
        and identifier(key.target_schema) == schema and _acts(key, action)
    ]  # fmt: skip
    whole = [key for key in right if not why_not_kept(key, table)]
    late = [key for key in right if not key.validated and key.enforced and key.triggers and not key.asleep]
    kept = next(iter([*whole, *late]), None)
    name = kept.name if kept else site.constraint_name(f"{table.name}_{'_'.join(columns)}_fkey")
    both = f"SHARE ROW EXCLUSIVE on {relation} and {leads}, {MOMENT}; everybody reads"
    clause = "" if action == "no action" else f" ON DELETE {action.upper()}"
    definition = f"FOREIGN KEY ({names(columns)}) REFERENCES {leads} ({names(keys)}){clause} NOT VALID"
    steps = []
    if kept is None:
        add = added(relation, name, definition, f"adds {name}, which is asked of new rows", both, Stage.REFERENCES)
        steps.append(replace(add, users=(*add.users, of_persistence(table, leads))))
    if kept not in whole:
        steps.append(
            Step(
                stage=Stage.REFERENCES_PROVEN,
                does=f"proves {name} for the rows that are there",
                lock=f"{scanning(relation)}, also of {leads}",
                sql=f"ALTER TABLE {relation} VALIDATE CONSTRAINT {identifier(name)};",
            )
        )
    steps += [
        dropped(relation, key.name, f"{name} is as documented", target=qualified(key.target_schema, key.target))
        for key in over
        if _departs(key, kept, columns, target, action)
    ]
    return (*steps, *_surplus(site, columns))


def _departs(key: ForeignKey, kept: ForeignKey | None, columns: tuple[str, ...], target: str, action: str) -> bool:
    """Whether a key gives way: one over exactly these columns, or one that acts otherwise where it leads."""
    if kept is not None and key.name == kept.name:
        return False
    return set(key.columns) == set(columns) or (key.target == target and not _acts(key, action))


def _acts(key: ForeignKey, action: str) -> bool:
    alike = key.on_delete == action or {key.on_delete, action} == _ALIKE
    return (
        alike
        and key.on_update in _ALIKE
        and not key.delete_columns
        and not (len(key.columns) > 1 and key.on_delete.startswith("set"))
    )


def _surplus(site: Site, columns: tuple[str, ...]) -> tuple[Step, ...]:
    """The end of what makes of the many rows that refer to one at most one."""
    table = site.there
    keys = site.scene.keys_asked(table.name)
    if any(frozenset(columns) <= key for key in keys):
        return ()
    other, _, sure = surplus(table, frozenset(columns), keys)
    if other is None or not sure or other.primary:
        return ()
    return (taken_away(table, other, "it refuses rows that are documented"),)


def _orphans(site: Site, columns: tuple[str, ...], target: str, keys: str) -> tuple[Look | None, ...]:
    table, reading = site.there.name, site.reading
    if site.created or set(columns) & site.added:
        return ()
    try:
        if len(columns) > 1:
            return (None,)
        filled = f"{reading.bare(table, columns[0])} IS NOT NULL"
        if target in site.makes or (target, keys) in site.anew or keys not in reading.table(target).columns:
            return (reading.rows(table, filled),)
        join, found = reading.existing(table, columns[0], target, keys)
        return (reading.rows(table, f"{filled} AND {found} IS NULL", joins=(join,)),)
    except Unreadable:
        return (None,)
