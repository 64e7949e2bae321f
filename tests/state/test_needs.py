"""What is said to be needed is all that is needed: a column that is missing, unreadable or of another type leaves every
other claim decided."""

import psycopg
import pytest
from audited import catalog_of
from filled import filled, living, looked, own_world, rows_of, run
from judged import contract, named

from conformance.model.catalog import Catalog
from conformance.model.reading import Reading, Unreadable
from conformance.model.record import replace
from conformance.sandbox import Server


def without(catalog: Catalog, table: str, column: str) -> Catalog:
    """The catalog as it would be if that column were not there."""
    found = catalog.tables[table]
    left = replace(
        found,
        columns={name: kept for name, kept in found.columns.items() if name != column},
        indexes=tuple(index for index in found.indexes if all(key.column != column for key in index.keys)),
    )
    return replace(catalog, tables={**catalog.tables, table: left})


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_no_look_reads_a_column_that_its_claim_does_not_need(server: Server, profile: str) -> None:
    with psycopg.connect(named(server, filled(server, profile))) as connection:
        connection.execute("SET LOCAL search_path = ''")
        catalog = catalog_of(connection, contract(profile))
    odd, alive = [], living(profile)
    for table, found in catalog.tables.items():
        for column in found.columns:
            reading = Reading(catalog=without(catalog, table, column))
            for id_, claim in alive.items():
                if table not in claim.invariant.needs or column in claim.invariant.needs[table]:
                    continue
                try:
                    claim.invariant.look(reading)
                except Unreadable as error:
                    odd.append((id_, table, column, str(error)))
    assert odd == []


def test_what_hangs_on_a_status_alone_is_undecided_without_it(server: Server) -> None:
    id_ = "0026/goals.depends_on_goal_ids/no-dangling"
    with own_world(server) as url:
        run(
            url,
            "ALTER TABLE goals DROP COLUMN status; DELETE FROM goals WHERE id = '0000000a-0000-4000-8000-000000000001'",
        )
        outcome = rows_of(looked(url))[id_]
    assert (outcome.verdict, outcome.evidence["violations"]) == ("fail", 2)
