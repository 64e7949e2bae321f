"""The small clean world in databases of a test's own, and what an audit makes of it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from judged import LAST, conforming, contract, named

from conformance import state
from conformance.fixtures_of import fill
from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.run import audit
from conformance.sandbox import Server
from conformance.state import Claim


def filled(server: Server, profile: str = "documented", through: str = LAST) -> str:
    """The name of a database with our migrations and the small clean world; made once a server."""
    name = f"filled_{profile}_{through}"
    with psycopg.connect(server.url, autocommit=True) as admin:
        there = admin.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if there is None:
        fill(server.create_database(name, template=conforming(server, profile, through)), through)
    return name


@contextmanager
def own_world(server: Server, profile: str = "documented") -> Iterator[str]:
    """The URL of a filled database that lives as long as the context."""
    name = f"world_{uuid4().hex}"
    server.create_database(name, template=filled(server, profile))
    try:
        yield named(server, name)
    finally:
        server.drop_database(name)


def run(url: str, script: str) -> None:
    """Runs a script as a superuser, on each connection's own."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(script.encode())


def as_role(url: str, role: str) -> str:
    """The same database, for another role."""
    return url.replace("//postgres@", f"//{role}@")


def looked(url: str, looking: Looking | None = None, **options: object) -> Report:
    """What `conformance audit` reports; the schema is public unless it says otherwise."""
    return audit(url, looking=looking, **{"schema": "public", **options})


def rows_of(report: Report) -> dict[str, Outcome]:
    """The outcomes of the state plane by id."""
    return {o.requirement.id: o for o in report.outcomes if o.plane == state.PLANE}


def structure_of(report: Report) -> dict[str, str]:
    """The verdicts of the structure plane by id."""
    return {o.requirement.id: o.verdict for o in report.outcomes if o.plane != state.PLANE}


def ids(outcomes: Mapping[str, Outcome], *verdicts: str) -> set[str]:
    """The ids that have one of these verdicts."""
    return {id_ for id_, outcome in outcomes.items() if outcome.verdict in verdicts}


def living(profile: str = "documented", through: str = LAST) -> dict[str, Claim]:
    """The claims of a profile that are alive."""
    return {c.requirement.id: c for c in state.claims(contract(profile)) if c.requirement.alive(through)}


def needing(tables: Iterable[str], among: Mapping[str, Claim]) -> set[str]:
    """The ids of the claims that need one of these tables."""
    wanted = set(tables)
    return {id_ for id_, claim in among.items() if wanted & set(claim.invariant.needs)}
