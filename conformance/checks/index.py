"""A lookup by these columns is served by an index.

Why: without it the platform works in the test and stands still in production: every lookup reads the whole table, and
every deletion in a referenced table does too.

Example: `0016/chat_messages.session_id+created_at/index`: the messages of a session, in order.

Passes: any valid index of the method whose leading keys are these columns in this order, under any name, also one that
backs a constraint or goes on with more columns; with a note, a full one where a partial one is asked, ascending keys
where descending are asked and a backward scan does it, `hnsw` for `ivfflat`; a partial one if the rows that are asked
for are implied to lie in it.

Fails: no such index; not valid or not ready; another method (`hash` cannot serve a range); the keys in another order or
behind others (a skip scan does not count); an operator class or a collation that the lookup cannot use; a partial index
where a full one is asked.

Indeterminate: an operator class that neither PostgreSQL nor an extension brought, which may answer as it likes.

Repair: `CREATE INDEX CONCURRENTLY`.

Limits: whether the planner chooses it, and how bloated it is, are matters of statistics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from conformance.model.admission import cast_of
from conformance.model.catalog import Expression, Index, Table
from conformance.model.contract import Requirement, Shapes, about_columns
from conformance.model.guards import why_not_evaluable
from conformance.model.mending import by_children, comment, relation, script
from conformance.model.outcome import Judgement, failed, passed, undecided
from conformance.model.question import Accepted, Probe, Question, Row
from conformance.model.samples import SAMPLES
from conformance.model.scene import Scene
from conformance.model.sql import identifier, mentions
from conformance.model.uniqueness import shown, why_in_doubt

KIND = "index"
CLAIMS: Shapes = {
    "index": {
        "method": (str,),
        "descending": (list, None),
        "opclass": (str, None),
        "where": (str, None),
    }
}

# Methods that answer the same question as the one asked for.
_SERVES = {"ivfflat": ("hnsw",)}
_DECIDED_BY_PROBES = frozenset({"NULLTEST", "BOOLEXPR", "VAR", "CONST"})
_EXTREMES = {
    "bool": ("false",),
    "timestamptz": ("-infinity", "infinity"),
    "timestamp": ("-infinity", "infinity"),
    "date": ("-infinity", "infinity"),
}
_MOST_ROWS = 4096
_IS_NOT_NULL = re.compile(r"(\w+) IS NOT NULL\Z")


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_columns(columns)
    for name in spec.get("descending", ()):
        if name not in columns:
            yield f"{name!r} is descending, but not among the columns"


def expected(requirement: Requirement) -> str:
    spec = requirement.spec
    keys = ", ".join(name + (" desc" if name in spec.get("descending", ()) else "") for name in requirement.columns)
    where = f" where {spec['where']}" if "where" in spec else ""
    opclass = f" {spec['opclass']}" if "opclass" in spec else ""
    return f"index {spec['method']} ({keys}{opclass}){where}"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    for index in table.indexes:
        if _leads(requirement, index) and (probe := _implication(requirement, table, index)):
            yield probe


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    asked = expected(requirement)
    best: Judgement | None = None
    for index in sorted(table.indexes, key=lambda i: (i.predicate is not None, i.name)):
        judgement = _judge_index(requirement, table, index, scene)
        if judgement is None:
            continue
        if judgement.verdict == "pass" and not judgement.note:
            return judgement
        if best is None or _rank(judgement) < _rank(best):
            best = judgement
    return best or failed(asked, f"no index on {', '.join(requirement.columns)}")


def repair(requirement: Requirement, table: Table | None) -> str:
    spec, name = requirement.spec, relation(requirement, table)
    if stuck := by_children(table):
        return stuck
    opclass = f" {spec['opclass']}" if "opclass" in spec else ""
    keys = ", ".join(
        identifier(column) + opclass + (" DESC" if column in spec.get("descending", ()) else "")
        for column in requirement.columns
    )
    where = f" WHERE {spec['where']}" if "where" in spec else ""
    concurrently = "" if table is not None and table.kind == "p" else "CONCURRENTLY "
    create = f"CREATE INDEX {concurrently}ON {name} USING {spec['method']} ({keys}){where};"
    if table is None:
        return create
    for column in requirement.columns:
        if column in table.columns and not _indexable(table, column, spec["method"]):
            declared = table.columns[column].type.declared
            return script(
                comment(f"{spec['method']} has nothing for {column} as long as it is {declared}; once it has:"),
                comment(create),
            )
    remarks = [
        comment(f"{index.name}, which departs, can be dropped afterwards")
        for index in table.indexes
        if _leads(requirement, index) and index.constraint is None and not index.unique
    ]
    return script(create, *remarks)


def _indexable(table: Table, column: str, method: str) -> bool:
    """Whether the method has an operator class for the type, as far as is known here."""
    type_ = table.columns[column].type
    if method in ("ivfflat", "hnsw"):
        return type_.name in ("vector", "halfvec", "sparsevec") and not type_.array
    if method == "gin":
        return type_.array or type_.name in ("jsonb", "tsvector")
    return type_.name not in ("json", "xml", "point")


def _rank(judgement: Judgement) -> int:
    return {"pass": 0, "indeterminate": 1}.get(judgement.verdict, 2)


def _leads(requirement: Requirement, index: Index) -> bool:
    keys = tuple(key.column for key in index.keys)
    return keys[: len(requirement.columns)] == requirement.columns


def _judge_index(requirement: Requirement, table: Table, index: Index, scene: Scene) -> Judgement | None:
    """What one index is worth for the claim; None for one that has nothing to do with it."""
    asked, seen = expected(requirement), shown(index)
    keys = tuple(key.column for key in index.keys)
    if not _leads(requirement, index):
        if set(requirement.columns) <= set(keys):
            return failed(asked, seen, "its keys stand in another order, or behind others", object=index.name)
        return None
    notes = []
    if why := _why_not_usable(requirement, table, index):
        return failed(asked, seen, why, object=index.name)
    if why := why_in_doubt(index):
        return undecided(asked, seen, why, object=index.name)
    if index.method != requirement.spec["method"]:
        notes.append(f"{index.method} answers the same question")
    wanted = [name in requirement.spec.get("descending", ()) for name in requirement.columns]
    if why := _why_other_order(index, wanted):
        return failed(asked, seen, why, object=index.name)
    if index.keys[len(wanted) - 1].descending != wanted[-1]:
        notes.append("a backward scan gives the order that is asked")
    if index.predicate is None:
        if "where" in requirement.spec:
            notes.append("a full index, where a partial one would do")
        return passed(asked, seen, "; ".join(notes), object=index.name)
    return _judge_partial(requirement, table, index, index.predicate, scene, notes)


def _why_other_order(index: Index, wanted: list[bool]) -> str:
    """Why neither a forward nor a backward scan gives the order that is asked, or "".

    The keys before the last are compared for equality, or run as asked, or all the other way round.
    """
    found = [(key.descending, key.nulls_first) for key in index.keys[: len(wanted)]]
    ordered = index.method == "btree"
    if ordered and any(descending != nulls_first for descending, nulls_first in found):
        return "NULLs stand at the other end than the order that is asked has them"
    turned = [descending != asked for (descending, _), asked in zip(found, wanted, strict=True)]
    return "its keys run in other directions" if any(turned[:-1]) and not all(turned) else ""


def _why_not_usable(requirement: Requirement, table: Table, index: Index) -> str:
    spec = requirement.spec
    if not index.valid:
        return "the index is not valid: the planner does not use it"
    if not index.ready:
        return "the index is not ready"
    if table.children:
        return f"it does not reach the rows of the inheriting tables {', '.join(table.children)}"
    if index.method != spec["method"] and index.method not in _SERVES.get(spec["method"], ()):
        return f"it is {index.method}, not {spec['method']}"
    for key in index.keys[: len(requirement.columns)]:
        column = table.columns[key.column or ""]
        if "opclass" in spec:
            if key.opclass != spec["opclass"]:
                return f"its operator class is {key.opclass}"
        elif not key.default_opclass:
            return f"its operator class {key.opclass} does not serve the default comparison"
        if key.collation != column.collation:
            return f"its collation {key.collation or 'default'} is not the column's"
    return ""


def _judge_partial(
    requirement: Requirement,
    table: Table,
    index: Index,
    predicate: Expression,
    scene: Scene,
    notes: list[str],
) -> Judgement:
    asked, seen = expected(requirement), shown(index)
    where = requirement.spec.get("where")
    if where is None:
        return failed(asked, seen, "it is partial, where a full one is asked", object=index.name)
    if _normal(predicate.text) == _normal(where):
        return passed(asked, seen, "; ".join(notes), object=index.name)
    probe = _implication(requirement, table, index)
    answer = scene.catalog.answers.get(probe) if probe else None
    if probe is None or not isinstance(answer, Accepted):
        why = why_not_evaluable(predicate) or "it could not be evaluated"
        return undecided(asked, seen, f"whether {predicate.text} lets in every row with {where} is not known: {why}")
    for row, holds in zip(probe.rows, answer.rows, strict=True):
        if not holds:
            given = ", ".join(
                f"{name} = {'NULL' if value is None else value}"
                for (name, _), value in zip(probe.columns, row, strict=True)
            )
            return failed(
                asked,
                seen,
                f"a row with {given} is asked for and is not in it",
                object=index.name,
                witness=given,
            )
    if predicate.nodes is not None and predicate.nodes <= _DECIDED_BY_PROBES:
        return passed(asked, seen, "; ".join([*notes, f"its predicate is implied by {where}"]), object=index.name)
    return undecided(asked, seen, f"whether every row with {where} satisfies {predicate.text} is not known")


def _implication(requirement: Requirement, table: Table, index: Index) -> Probe | None:
    """Rows that satisfy what is asked, put to the index's predicate: every one should satisfy that too.

    A predicate is true only when it is not NULL, so the expression is wrapped to say that.
    """
    where = requirement.spec.get("where")
    match = _IS_NOT_NULL.match(where or "")
    if index.predicate is None or match is None or why_not_evaluable(index.predicate):
        return None
    if _normal(index.predicate.text) == _normal(match.string):  # it is what is asked: nothing to try
        return None
    columns: list[tuple[str, str]] = []
    values: list[tuple[str | None, ...]] = []
    for name, column in table.columns.items():
        if name != match[1] and not mentions(index.predicate.text, name):
            continue
        cast, sample = cast_of(column), SAMPLES.get(column.type.name)
        if cast is None or sample is None:
            return None
        columns.append((name, cast))
        extremes = _EXTREMES.get(column.type.name, ())
        empty = () if name == match[1] or column.not_null else (None,)
        values.append((*empty, sample, *extremes))
    if prod(map(len, values)) > _MOST_ROWS:
        return None
    rows: list[Row] = list(product(*values))
    return Probe(columns=tuple(columns), expressions=(f"({index.predicate.text}) IS TRUE",), rows=tuple(rows))


def _normal(text: str) -> str:
    """A predicate without blanks that mean nothing and, where it has no inner ones, without parentheses."""
    flat = re.sub(r"\s+", " ", text).strip()
    inner = flat.removeprefix("(").removesuffix(")")
    return inner if flat.startswith("(") and not set("()") & set(inner) else flat
