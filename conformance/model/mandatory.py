"""Columns that nobody asked for and that no row can leave out, which clients that write what is documented do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from conformance.model.admission import Admission
from conformance.model.catalog import Catalog, Column, Table
from conformance.model.defaults import constant_of, default_of
from conformance.model.guards import refuses_null
from conformance.model.inserting import filled
from conformance.model.question import Question


def questions(table: Table, asked: Collection[str]) -> Iterator[Question]:
    """What has to be asked of the server for `found`."""
    for column in _besides(table, asked):
        if (admission := _left_out(table, column)) is not None:
            yield from admission.questions()


def found(table: Table, asked: Collection[str], catalog: Catalog) -> Iterator[str]:
    """Each such column with what refuses the row, in one clause."""
    for column in _besides(table, asked):
        if (admission := _left_out(table, column)) is None:
            continue
        given = admission.rows[0][0]
        by = refuses_null(column) if given is None else ""
        fate, why = admission.fates(catalog)[0]
        what = "it has no default" if given is None else f"its default is {given}"
        if by or fate == "refused":
            yield f"no row can leave {column.name} out, which nobody asked for: {what}, and {by or why} refuses that"


def _besides(table: Table, asked: Collection[str]) -> Iterator[Column]:
    for column in table.columns.values():
        if column.name in asked or column.generated or column.identity:
            continue
        if not filled(table, column.name):
            yield column


def _left_out(table: Table, column: Column) -> Admission | None:
    """What the column holds where it is left out; None where that has to be computed."""
    default = default_of(column)
    value = None if default is None else constant_of(default)
    if default is not None and value is None and not default.text.startswith("NULL"):
        return None
    return Admission(table=table, columns=(column.name,), rows=((value,),))
