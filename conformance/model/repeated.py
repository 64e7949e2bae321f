"""Whether a value may stand in more than one row."""

from __future__ import annotations

from conformance.model.catalog import Index, Table
from conformance.model.contract import Requirement
from conformance.model.outcome import Judgement, failed, undecided
from conformance.model.scene import Scene
from conformance.model.sql import mentions
from conformance.model.surplus import computed_by, surplus
from conformance.model.uniqueness import shown


def repeated(judgement: Judgement, requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    """The judgement of a column that accepts values, where an index that nobody asked for accepts each only once."""
    columns, keys = frozenset(requirement.columns), scene.keys_asked(table.name)
    if judgement.verdict != "pass" or any(columns <= key for key in keys):  # else the claim on that key says it
        return judgement
    index, why, sure = surplus(table, columns, keys)
    if index is None or not any(mentions(text, name) for text in _by(table, index) for name in columns):
        return judgement
    return (failed if sure else undecided)(judgement.expected, shown(index), why, object=index.name)


def _by(table: Table, index: Index) -> list[str]:
    return [computed_by(table, key.column) or key.column or key.expression or "" for key in index.keys]
