"""Databases for mutants: a copy of a conforming one, changed for good, and laws put to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from judged import LAST, conforming, contract, named

from conformance.model.contract import Contract
from conformance.model.outcome import Outcome
from conformance.provocation import Proving, Stage, prove
from conformance.sandbox import Server
from conformance.sources.database import Session
from conformance.sources.proving import Rig, raced
from conformance.sources.url import parse


@contextmanager
def changed(server: Server, sql: str, profile: str = "documented", through: str = LAST) -> Iterator[str]:
    """The URL of a copy of our database, in which the script has run."""
    name = f"mutant_{uuid4().hex}"
    template = conforming(server, profile, through)
    server.create_database(name, template=template)
    url = named(server, name)
    if sql:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.encode())
    try:
        yield url
    finally:
        server.drop_database(name)


def proved(
    url: str,
    ids: Sequence[str] | None,
    profile: str = "documented",
    through: str = LAST,
    examples: int = 25,
    over: Contract | None = None,
) -> tuple[Outcome, ...]:
    """What becomes of the requirements when the database is provoked."""
    over = over or contract(profile)
    chosen = [r for r in over.requirements if ids is None or r.id in ids]
    with Session(parse(url), origin="a test") as session:
        catalog = session.catalog(over.tables())
    with Rig(url) as rig:
        stage = Stage(catalog=catalog, tried=rig.tried, raced=lambda race: raced(url, race))
        return prove(over.requirements, chosen, stage, Proving(examples=examples), through, lambda id_, left: None)


def shown(url: str, script: str) -> str:
    """What a person sees who pastes the script: `refused`, `accepted`, whether that is as documented, or that a
    statement did nothing."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET timezone = 'UTC'")
        try:
            cursor = connection.execute(script.encode())
        except psycopg.Error:
            return "refused"
        told = "accepted"
        while True:
            if cursor.rowcount == 0:
                told = "nothing came of it"
            if cursor.description and cursor.description[-1].name == "as_documented":
                row = cursor.fetchone()
                told = "as documented" if row is not None and row[-1] else "not as documented"
            if not cursor.nextset():
                return told
