"""One database, one report: two looks say the same, and so do two databases that were made in another order."""

import re

import psycopg
from deviating import script
from judged import conforming, contract, looked, named, told

from conformance.fixtures_of import migrations
from conformance.run import check
from conformance.sandbox import Server


def shuffled(text: str) -> str:
    """The same changes, those that do not depend on each other the other way round."""
    functions = re.findall(r"CREATE FUNCTION (?:zeta|alpha).*?;", text)
    types = re.findall(r"CREATE TYPE .*?;", text)
    for group in (functions, types):
        for statement in group:
            text = text.replace(statement, "")
    tables = re.findall(r"CREATE TABLE (?:bots|aliens) \(\) INHERITS \(teams\);", text)
    for statement in tables:
        text = text.replace(statement, "")
    return "".join([*types[::-1], *functions[::-1]]) + text + "".join(tables[::-1])


def test_two_looks_say_the_same(server: Server, database: str) -> None:
    url = named(server, database)
    with psycopg.connect(url) as owner:
        owner.execute(script().encode())
    first, second = looked(url, contract()), looked(url, contract())
    assert first == second
    assert len({o.verdict for o in first}) == 4


def test_oids_do_not_show(server: Server, database: str) -> None:
    """Other OIDs, another order of creation, another order of rows in the catalogs: the same words."""
    other = f"{database}_other"
    url = server.create_database(other)
    with psycopg.connect(url, autocommit=True) as owner:
        for number in range(50):
            owner.execute(f"CREATE TABLE filler_{number} (id serial PRIMARY KEY)".encode())
            owner.execute(f"CREATE TYPE filling_{number} AS ENUM ('x')".encode())
        for path in migrations("documented", "0028"):
            owner.execute(path.read_bytes())
        owner.execute(shuffled(script()).encode())
        owner.execute("VACUUM FULL pg_catalog.pg_constraint; ")
        owner.execute("REINDEX TABLE pg_catalog.pg_class")
    with psycopg.connect(named(server, database)) as owner:
        owner.execute(script().encode())
    assert told(looked(named(server, database), contract())) == told(looked(url, contract()))
    server.drop_database(other)


def test_no_oid_is_told(server: Server, database: str) -> None:
    url = named(server, database)
    with psycopg.connect(url) as owner:
        owner.execute(script().encode())
        rows = owner.execute(
            "SELECT oid FROM pg_class WHERE oid >= 16384 UNION SELECT oid FROM pg_type WHERE oid >= 16384"
        )
        oids = {str(oid) for (oid,) in rows}
    words = {
        word for line in told(looked(url, contract())) for part in line for word in re.findall(r"\b\d{5,6}\b", part)
    }
    assert words & oids == set()


def test_reports_are_the_same_but_for_the_time(server: Server, database: str) -> None:
    first, second = (check(named(server, database)) for _ in range(2))
    assert first.outcomes == second.outcomes
    assert (first.target, first.remarks, first.exit_code) == (second.target, second.remarks, second.exit_code)


def test_a_copy_gives_the_same_outcomes(server: Server) -> None:
    names = ("copy_one", "copy_two")
    for name in names:
        server.create_database(name, template=conforming(server))
    one, two = (told(looked(named(server, name), contract())) for name in names)
    assert one == two
