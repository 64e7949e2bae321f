"""A table that is missing is made, with its columns, where nothing else has its name."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.catalog import Table
from conformance.model.claimed import of_type_name
from conformance.model.contract import Requirement
from conformance.model.planned import extended, extension_of, in_a_new_table, let_in, planned
from conformance.model.repair import Left, Mend, Site, Stage, Step
from conformance.model.sql import qualified

KIND = "table"

_CLAIMS = ("table", "column", "type", "default", "not-null", "nullable")


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    name, own = requirement.table, (requirement.id,)
    if site.table is not None:
        if not site.table.is_table:
            reason = f"a {site.table.described} stands there: it has to give way, renamed or dropped"
            return Left(leaves=own, why="elsewhere", reason=reason)
        reason = "what keeps rows from being written has to go: a rule, a trigger, a CHECK, a column or a partition"
        return Left(leaves=own, why="decision", reason=reason)
    if taken := site.catalog.taken.get(name):
        return Left(leaves=own, why="elsewhere", reason=f"the name means the {taken}, which has to give way")
    if schemas := site.catalog.elsewhere.get(name):
        reason = f"there is one in {', '.join(schemas)}: move it, or look there with --schema {schemas[0]}"
        return Left(leaves=own, why="decision", reason=reason)
    columns = {r.columns[0]: planned(site, name, r.columns[0]) for r in site.asked(name, ("column",))}
    table = Table(schema=site.schema, name=name, kind="r", owner="", columns=columns)
    return Mend(
        mends=(*site.failing_on(name, _CLAIMS), *let_in(site, name)), steps=tuple(_steps(site, table)), table=table
    )


def _steps(site: Site, table: Table) -> Iterator[Step]:
    for extension in dict.fromkeys(extension_of(column.type) for column in table.columns.values()):
        if extension:
            yield extended(extension, site.catalog.path)
    lines = ",\n    ".join(in_a_new_table(site, table.name, name) for name in table.columns)
    yield Step(
        stage=Stage.TABLES,
        does=f"makes the table {table.name}; its keys, CHECKs and indexes follow",
        lock="none on any other table",
        sql=f"CREATE TABLE IF NOT EXISTS {qualified(table.schema, table.name)} (\n    {lines}\n);",
        users=(of_type_name(table.schema, table.name),),
    )
