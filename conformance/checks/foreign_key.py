"""A column's values are keys of another table (`foreign-key`), and a deletion there does here what is documented
(`on-delete`).

Why: an orphan row belongs to nobody, is never cleaned up and breaks what joins on it; a cascade where a set null is
documented deletes what should have stayed.

Example: `0013/agent_documents.agent_id/foreign-key` references `agents.id`, and
`0013/agent_documents.agent_id/on-delete` is `cascade`.

Passes: any name, any order of columns; a composite key that implies it (with a note); `restrict` where `no action` is
asked and the other way about (with a note); beside it, a second key that is NOT ENFORCED, which does nothing; tables
that inherit, where each has a key like it; with a note, a key of each partition's own instead.

Fails: no foreign key; `NOT VALID`; `NOT ENFORCED`; system triggers disabled or left to replicas; another target, also a
table of the same name in another schema; a composite key that a NULL in its other columns switches off; another action
on delete or on update, also by a second or a composite foreign key over the column, or by one of a partition alone; an
inheriting table without a key like it, whose rows are not checked; a rule that does something else instead of the
DELETE or UPDATE by which the key acts here, or a BEFORE trigger that plainly drops it; a unique index or an exclusion
on the column that nobody asked for, which makes of the many rows that refer to one at most one; a column that cannot be
NULL, where `set null` is asked, also in one partition alone.

Indeterminate: any other BEFORE trigger for each row that meets that DELETE or UPDATE, also on a partition, unless its
body plainly does nothing or sets the time of the change; a second key that wants the value in another table too; an
index on the column or on the key by an operator class that neither PostgreSQL nor an extension brought, through which
the key's own queries may go; a CHECK that refuses the NULL which it sets in some of the rows that there may be; a
unique index on an expression over the column.

Repair: `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY … NOT VALID`, then `VALIDATE CONSTRAINT`, once no orphan is left.

Limits: `session_replication_role = replica` switches foreign keys off for a session, and no catalog shows that it was
used; the state plane looks for the orphans that it leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.model import nulling
from conformance.model.cascades import hindrance
from conformance.model.catalog import Catalog, ForeignKey, Table
from conformance.model.contract import Requirement, Shapes, about_columns
from conformance.model.holders import in_each
from conformance.model.hurdles import refuses
from conformance.model.mending import beside, by_children, comment, constraint_names, free, names, relation, script
from conformance.model.outcome import Judgement, failed, passed, undecided
from conformance.model.placement import parts_below
from conformance.model.question import Question
from conformance.model.references import why_not_kept
from conformance.model.scene import Scene
from conformance.model.sql import identifier, mentions, qualified
from conformance.model.surplus import computed_by, copied_from, surplus, without
from conformance.model.uniqueness import by_strangers
from conformance.model.uniqueness import shown as index_shown

KIND = "foreign-key"
CLAIMS: Shapes = {"foreign-key": {"references": (str,)}, "on-delete": {"is": (str,)}}
AFTER = {"on-delete": "foreign-key"}

ACTIONS = ("no action", "restrict", "cascade", "set null", "set default")
_ALIKE = {frozenset({"no action", "restrict"})}


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_columns(columns)
    if "is" in spec and spec["is"] not in ACTIONS:
        yield f"{spec['is']!r} is no action; the actions are {', '.join(ACTIONS)}"
    keys = spec.get("references", "").partition(".")[2]
    if keys and len(keys.split("+")) != len(columns):
        yield f"it has {len(columns)} columns and references {len(keys.split('+'))}"


def expected(requirement: Requirement) -> str:
    if requirement.claim == "on-delete":
        return f"on delete {requirement.spec['is']}"
    return f"references {requirement.spec['references']}"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    if requirement.spec.get("is") == "set null" and table.is_table:
        yield from nulling.questions(table, requirement.columns)


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    if requirement.claim == "on-delete":
        return _judge_action(requirement, table, scene)
    found = _judge_reference(requirement, table, scene)
    if found.verdict == "pass" or table.key is None:
        return found
    return in_each(table, lambda one: _judge_reference(requirement, one, scene)) or found


def repair(requirement: Requirement, table: Table | None) -> str:
    if stuck := by_children(table):
        return stuck
    if requirement.claim == "on-delete":
        return _repair_action(requirement, table)
    name, columns = relation(requirement, table), set(requirement.columns)
    target, _, target_columns = requirement.spec["references"].partition(".")
    keys = tuple(target_columns.split("+"))
    own = [key for key in table.foreign_keys if set(key.columns) == columns] if table is not None else []
    action = requirement.spec.get("on-delete", own[0].on_delete if own else "no action")
    before = comment(f"once each value is among {target} ({', '.join(keys)}), where no two rows have the same:")
    sound = [key for key in own if not key.validated and key.enforced and key.triggers and not key.asleep]
    if len(own) == 1 and sound and (own[0].target, own[0].target_columns) == (target, keys):
        return script(before, f"ALTER TABLE {name} VALIDATE CONSTRAINT {identifier(own[0].name)};")
    kept = [k for k in own if (k.target, k.target_columns) == (target, keys) and table and not why_not_kept(k, table)]
    if table is not None and kept and (drop := without(table, name, requirement.columns, ())):
        return drop
    taken = constraint_names(table) - {key.name for key in own}
    new = free(f"{requirement.table}_{'_'.join(requirement.columns)}_fkey", taken)
    add = (
        f"FOREIGN KEY ({names(requirement.columns)}) REFERENCES {beside(table, target)} ({names(keys)})"
        f"{_on_delete(action)}"
    )
    return script(before, _replaced(table, name, [key.name for key in own], new, add))


def _repair_action(requirement: Requirement, table: Table | None) -> str:
    """Each key that acts otherwise, dropped and added again as it was, save for what it does."""
    name, columns, wanted = relation(requirement, table), set(requirement.columns), requirement.spec["is"]
    target = requirement.spec.get("references", "").partition(".")[0]
    keys = table.foreign_keys if table is not None else ()
    acting = [key for key in keys if columns <= set(key.columns) and key.enforced and target in ("", key.target)]
    statements = []
    for key in acting:
        partly = columns < set(key.columns) and wanted.startswith("set")
        alike = key.on_delete == wanted or {key.on_delete, wanted} in _ALIKE
        if alike and key.on_update in ("no action", "restrict") and not partly and not key.delete_columns:
            continue
        only = f" ({names(requirement.columns)})" if partly else ""
        add = (
            f"FOREIGN KEY ({names(key.columns)}) REFERENCES {qualified(key.target_schema, key.target)}"
            f" ({names(key.target_columns)}){' MATCH FULL' if key.match == 'full' else ''}{_on_delete(wanted)}{only}"
            f"{' DEFERRABLE' if key.deferrable else ''}"
        )
        statements.append(_replaced(table, name, [key.name], key.name, add))
    return script(*statements) or comment(
        f"its foreign key comes first, with ON DELETE {wanted.upper()}: see the repair of its /foreign-key"
    )


def _on_delete(action: str) -> str:
    return "" if action == "no action" else f" ON DELETE {action.upper()}"


def _replaced(table: Table | None, name: str, old: Sequence[str], new: str, definition: str) -> str:
    """One statement that puts the key in place of the old ones, then one that proves the rows that are there.

    A partitioned table takes no key that is NOT VALID."""
    drops = "".join(f"DROP CONSTRAINT {identifier(key)}, " for key in old)
    add = f"ALTER TABLE {name} {drops}ADD CONSTRAINT {identifier(new)} {definition}"
    if table is not None and table.kind == "p":
        return f"{add};"
    return f"{add} NOT VALID;\nALTER TABLE {name} VALIDATE CONSTRAINT {identifier(new)};"


def shown(key: ForeignKey) -> str:
    """`goals_agent_id_fkey: (agent_id) references public.agents (id) on delete cascade`."""
    actions = f" on delete {key.on_delete}" + (f" on update {key.on_update}" if key.on_update != "no action" else "")
    return (
        f"{key.name}: ({', '.join(key.columns)}) references {key.target_schema}.{key.target}"
        f" ({', '.join(key.target_columns)}){actions}"
    )


def _judge_reference(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    asked, catalog = expected(requirement), scene.catalog
    target, _, names = requirement.spec["references"].partition(".")
    doubts = list(_narrowed(table, requirement.columns, catalog, target))
    pairs = set(zip(requirement.columns, names.split("+"), strict=True))
    near = ""
    shown_near = f"no foreign key on {', '.join(requirement.columns)}"
    for key in sorted(table.foreign_keys, key=lambda k: (len(k.columns), k.name)):
        if not set(requirement.columns) & set(key.columns):
            continue
        why = _why_not(key, table, catalog, target, pairs)
        if not why:
            if (held := hindrance(key, table)) is not None:
                doubts.insert(0, held.why)
                if held.certain:
                    return failed(asked, shown(key), held.why, object=key.name)
            if spoilt := _spoilt(requirement, key, table, scene):
                return spoilt
            if doubts:
                return undecided(asked, shown(key), doubts[0], object=key.name)
            implied = "a composite key that implies it" if set(key.columns) != set(requirement.columns) else ""
            late = "checked at the end of the transaction" if key.deferrable else ""
            return passed(asked, shown(key), "; ".join(filter(None, (implied, late))), object=key.name)
        near, shown_near = near or why, shown(key) if not near else shown_near
    return failed(asked, shown_near, near)


def _narrowed(table: Table, columns: tuple[str, ...], catalog: Catalog, target: str) -> Iterator[str]:
    """The other keys that a value has to be among, each in one clause."""
    own = [("", key) for key in table.foreign_keys]
    below = [(f" of {part.name}", key) for part in parts_below(table) for key in part.foreign_keys]
    for where, key in [*own, *below]:
        found = catalog.tables.get(key.target)
        same = key.target == target and (found is None or found.schema == key.target_schema)
        if {copied_from(table, name) for name in key.columns} <= set(columns) and refuses(key) and not same:
            there = f"{key.target_schema}.{key.target}"
            yield f"{key.name}{where} wants the value in {there} too: whether that has all of them is not looked at"


def _spoilt(requirement: Requirement, key: ForeignKey, table: Table, scene: Scene) -> Judgement | None:
    """The judgement of a key that is kept, where an index beside it has a say: one that makes of many rows that refer
    to one at most one, or one that may not find the rows that the key asks for."""
    asked, columns = expected(requirement), frozenset(requirement.columns)
    keys = scene.keys_asked(table.name)
    if not any(columns <= one for one in keys):  # else the claim on that key says it
        other, why, sure = surplus(table, columns, keys)
        by = [computed_by(table, k.column) or k.column or k.expression or "" for k in other.keys] if other else []
        if other is not None and any(mentions(text, name) for text in by for name in columns):
            both = f"{shown(key)}; {index_shown(other)}"
            return (failed if sure else undecided)(asked, both, why, object=other.name)
    target = scene.catalog.tables.get(key.target)
    doubt = by_strangers(table, key.columns) or (by_strangers(target, key.target_columns) if target else "")
    return undecided(asked, shown(key), doubt, object=key.name) if doubt else None


def _why_not(key: ForeignKey, table: Table, catalog: Catalog, target: str, pairs: set[tuple[str, str]]) -> str:
    """Why this foreign key does not keep the claim, or ""."""
    found = catalog.tables.get(target)
    if key.target != target:
        return f"it references {key.target_schema}.{key.target}"
    if found is not None and found.schema != key.target_schema:
        return f"it references {key.target_schema}.{key.target}, but the platform's {target} is in {found.schema}"
    if not pairs <= set(zip(key.columns, key.target_columns, strict=True)):
        return f"it references {key.target} by {', '.join(key.target_columns)}"
    if catalog.replica:
        return "sessions here begin as replicas, in which nothing enforces it"
    if why := why_not_kept(key, table):
        return why
    loose = [n for n in key.columns if n not in {c for c, _ in pairs} and not table.columns[n].not_null]
    if loose and key.match != "full":
        return f"a NULL in {', '.join(loose)} switches the composite key off"
    return ""


def _judge_action(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    """Every key over the column that leads to the target acts when a row is deleted there."""
    asked, wanted, own = expected(requirement), requirement.spec["is"], set(requirement.columns)
    targets = {r.spec["references"].partition(".")[0] for r in scene.asked.get(table.name, ()) if _is_its_key(r, own)}
    acting = [key for key in table.foreign_keys if _acts(key, own, targets)]
    below = [(part, key) for part in parts_below(table) for key in part.foreign_keys if _acts(key, own, targets)]
    notes = []
    for part, key in [*((None, key) for key in acting), *below]:
        seen = shown(key) if part is None else f"{shown(key)}, of {part.name} alone"
        if key.on_delete != wanted:
            if {key.on_delete, wanted} not in _ALIKE:
                return failed(asked, seen, f"it does {key.on_delete}", object=key.name)
            notes.append(f"{key.on_delete} refuses the deletion as {wanted} does")
        if key.on_update not in ("no action", "restrict"):
            return failed(asked, seen, f"on update it does {key.on_update}", object=key.name)
        if key.delete_columns and not own <= set(key.delete_columns):
            return failed(asked, seen, f"it sets only {', '.join(key.delete_columns)}", object=key.name)
        if own < set(key.columns) and key.on_delete.startswith("set") and not key.delete_columns:
            return failed(asked, seen, "it sets its other columns too", object=key.name)
        if own < set(key.columns):
            notes.append(f"{key.name} is a composite key")
    acting = acting or [key for _, key in below]
    if not acting:
        return _no_action(asked, table, own)
    if wanted == "set null" and (found := nulling.obstacle(table, requirement.columns, scene.catalog)) is not None:
        how, why = found
        judged, told = (failed, "the deletion is refused") if how == "surely" else (undecided, "it may be refused")
        return judged(asked, "; ".join(map(shown, acting)), f"{told}: {why}")
    held = [(key, one) for key in acting if (one := hindrance(key, table)) is not None]
    for key, one in sorted(held, key=lambda pair: not pair[1].certain):
        return (failed if one.certain else undecided)(asked, shown(key), one.why, object=key.name)
    return passed(asked, "; ".join(dict.fromkeys(map(shown, acting))), "; ".join(dict.fromkeys(notes)))


def _acts(key: ForeignKey, own: set[str], targets: set[str]) -> bool:
    """Whether a key over these columns leads to one of the targets, or where there is none, anywhere."""
    return own <= set(key.columns) and key.enforced and (not targets or key.target in targets)


def _no_action(asked: str, table: Table, columns: set[str]) -> Judgement:
    for key in table.foreign_keys:
        if columns <= set(key.columns) and not key.enforced:
            return failed(asked, shown(key), "it is NOT ENFORCED: nothing is done", object=key.name)
    return failed(asked, "no foreign key")


def _is_its_key(requirement: Requirement, columns: set[str]) -> bool:
    return requirement.claim == "foreign-key" and set(requirement.columns) == columns
