"""What a report says whatever the server's major version is, and the databases that are compared on several majors."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg
from deviating import script
from judged import conforming, named

from conformance.fixtures_of import fill
from conformance.model.report import Report
from conformance.render.json import document
from conformance.sandbox import Server

ROWS = Path(__file__).with_name("planted.sql")

# What an older server says where the newest says the other: before 13 random UUIDs are pgcrypto's, before 14 the pages
# of a table cannot be read part by part. Nothing else may differ.
SAID_OF_OLD_ONES = {
    "public.gen_random_uuid()": "gen_random_uuid()",
    "gen_random_uuid of an extension": "",
    "streamed as a whole, sifted": "streamed over one connection, sifted",
}

COUNTS_ROLES = "0006/events/immutable"  # and a server has the roles that others made on it


def outcomes(report: Report) -> Mapping[str, Any]:
    """What the report says of each requirement, as JSON; what only an old server says, in the words of the newest."""
    found = {}
    for outcome in document(report)["outcomes"]:
        for key in ("observed", "note"):
            for old, new in SAID_OF_OLD_ONES.items():
                outcome[key] = outcome[key].replace(old, new)
        found[outcome["id"]] = {"verdict": outcome["verdict"]} if outcome["id"] == COUNTS_ROLES else outcome
    return found


def differences(one: Report, other: Report) -> list[Any]:
    """The outcomes that two reports do not have alike."""
    ours, theirs = outcomes(one), outcomes(other)
    return [(ours.get(id_), theirs.get(id_)) for id_ in {**ours, **theirs} if ours.get(id_) != theirs.get(id_)]


def filled(server: Server, profile: str = "documented", through: str = "0028") -> str:
    """The URL of a database with our migrations and the small clean world; made once a server."""

    def make(name: str) -> None:
        fill(server.create_database(name, template=conforming(server, profile, through)), through)

    return _once(server, f"filled_{profile}_{through}", make)


def departing(server: Server) -> str:
    """The URL of a database, empty but for that, which departs in many ways; made once a server."""

    def make(name: str) -> None:
        with psycopg.connect(server.create_database(name, template=conforming(server))) as owner:
            owner.execute(script().encode())

    return _once(server, "departing", make)


def planted(server: Server) -> str:
    """The URL of a database whose rows depart; made once a server."""

    def make(name: str) -> None:
        filled(server)
        with psycopg.connect(server.create_database(name, template="filled_documented_0028")) as owner:
            owner.execute(ROWS.read_bytes())

    return _once(server, "planted", make)


def _once(server: Server, name: str, make: Callable[[str], None]) -> str:
    with psycopg.connect(server.url) as admin:
        there = admin.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if there is None:
        make(name)
    return named(server, name)
