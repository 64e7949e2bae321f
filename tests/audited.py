"""The state plane over a connection of a test's own: what is seen of rows that may not even be committed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import psycopg

from conformance import state
from conformance.judge import judge, questions_for
from conformance.model.catalog import Catalog
from conformance.model.contract import Contract
from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.model.reading import Reading
from conformance.sources.asking import ask
from conformance.sources.decode import decode
from conformance.sources.opening import catalog_statement
from conformance.sources.rows import Looker

_GUARDS = """
SET LOCAL search_path = '';
SET LOCAL row_security = off;
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL timezone = 'UTC'
"""
_PATH = ("public",)


def catalog_of(connection: psycopg.Connection[Any], over: Contract) -> Catalog:
    """The catalog as it stands in the connection's transaction, which has an empty search_path."""
    values = {"names": list(over.tables()), "path": list(_PATH)}
    row = connection.execute(catalog_statement(), values, prepare=False).fetchone()
    assert row is not None
    return decode(row[0], _PATH)


class Auditor:
    """The claims of a profile on the rows, and the looks of a catalog; made once where only rows change."""

    def __init__(self, over: Contract, catalog: Catalog, through: str = "0028", looking: Looking | None = None) -> None:
        self.over, self.through = over, through
        self.looking = looking or Looking()
        self.claims = state.claims(over)
        self.reading = Reading(catalog=catalog, distrust_indexes=self.looking.distrust_indexes)
        structure = {o.requirement.id: o for o in judge(over.requirements, catalog, through)}
        self.plan = state.plan(self.claims, self.reading, structure, self.looking, through)

    def outcomes(self, connection: psycopg.Connection[Any], *ids: str) -> Mapping[str, Outcome]:
        """What becomes of the claims (of these ids, or all) on the rows that the connection's transaction sees."""
        connection.execute(_GUARDS)
        asked = [one for one in self.plan.asked if not ids or one.id in ids]
        seen = Looker(connection, self.looking).take(asked)
        chosen = [claim for claim in self.claims if not ids or claim.requirement.id in ids]
        return {o.requirement.id: o for o in state.judge(chosen, self.plan, seen, self.reading, self.looking)}


def audited(
    connection: psycopg.Connection[Any],
    over: Contract,
    ids: Sequence[str] = (),
    through: str = "0028",
    looking: Looking | None = None,
) -> Mapping[str, Outcome]:
    """The catalog and the rows of one transaction, judged together, as `conformance audit` does."""
    connection.execute(_GUARDS)
    catalog = catalog_of(connection, over)
    auditor = Auditor(over, catalog, through, looking)
    asked = {
        **dict.fromkeys(questions_for(over.requirements, catalog, through)),
        **dict.fromkeys(state.questions(auditor.claims, auditor.reading, through)),
    }
    auditor.reading = replace(auditor.reading, catalog=replace(catalog, answers=ask(connection, tuple(asked))))
    return auditor.outcomes(connection, *ids)
