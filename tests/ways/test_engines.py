"""Other engines on PostgreSQL's protocol: judged, or refused by name, and what was not examined is said."""

from collections.abc import Iterator

import psycopg
import pytest
from judged import named
from pglite import pglite_server
from pretending import pretending
from running import conformance, said, told_of

from conformance.run import check
from conformance.sandbox import Server

REDSHIFT = "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.66954"
COCKROACH = "CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.10)"
YUGABYTE = "PostgreSQL 11.2-YB-2.13.1.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 12.0.1, 64-bit"
PRETENDERS = {
    "Redshift": (REDSHIFT, {"server_version": "8.0.2"}, "the server is Redshift: it declares keys and enforces none of them"),
    "CockroachDB": (COCKROACH, {"server_version": "13.0.0", "crdb_version": COCKROACH},
                    "the server is CockroachDB: its catalogs imitate PostgreSQL's in part"),
    "YugabyteDB of PostgreSQL 11": (YUGABYTE, {"server_version": "11.2-YB-2.13.1.0-b0"},
                                    "PostgreSQL 11.2-YB-2.13.1.0-b0 is older than 12"),
}  # fmt: skip


@pytest.mark.parametrize("command", ["check", "audit", "snapshot"])
@pytest.mark.parametrize("name", PRETENDERS)
def test_one_that_cannot_be_judged_is_named(name: str, command: str) -> None:
    """What pretends to be one says what one says; the engine itself cannot be had here."""
    version, told, words = PRETENDERS[name]
    with pretending(version, told) as url:
        text = said(conformance(command, url))
    assert text.startswith(words)
    assert "examined" in text


def test_one_that_nobody_knows_is_not_judged() -> None:
    with pretending("SomethingElse 1.0", {"server_version": "14.0"}) as url:
        text = said(conformance("check", url))
    assert text == 'the catalog could not be read: at or near "isolation": syntax error'


def test_citus_is_said(server: Server, database: str) -> None:
    """A database that pretends to have its extension."""
    url = named(server, database)
    assert not any("Citus" in remark for remark in check(url).remarks)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SET allow_system_table_mods = on")
        admin.execute("INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
                      " SELECT 99999, 'citus', 10, oid, false, '12.1' FROM pg_namespace WHERE nspname = 'pg_catalog'")  # fmt: skip
    report = check(url)
    assert report.exit_code == 0
    assert [remark for remark in report.remarks if "Citus" in remark] == [
        "the server is Citus: its coordinator's catalog was judged; that the shards of distributed tables on its workers"
        " are of the same structure was not examined"
    ]


# --- PGlite


@pytest.fixture(scope="module")
def pglite() -> Iterator[str]:
    with pglite_server() as url:
        yield url


@pytest.mark.npm
@pytest.mark.parametrize("command", ["check", "audit"])
def test_pglite_is_judged(pglite: str, direct: str, command: str) -> None:
    there, plain = (conformance(command, url, "--format", "json") for url in (pglite, direct))
    assert (there.returncode, there.stderr) == (0, "")
    differing = {one[0] for one, other in zip(told_of(there), told_of(plain), strict=True) if one != other}
    assert differing <= {"0006/events/immutable"}, "which says how many roles there are"
    assert "the server is PGlite: its catalogs are PostgreSQL's and were judged as such" in there.stdout


@pytest.mark.npm
def test_a_departure_in_pglite_is_one(pglite: str) -> None:
    with psycopg.connect(pglite, autocommit=True) as owner:
        owner.execute("ALTER TABLE agents DROP COLUMN name CASCADE")
    ran = conformance("check", pglite)
    assert ran.returncode == 1
    assert "agents.name/column" in ran.stdout


@pytest.mark.npm
def test_what_another_client_of_pglite_set_is_not_judged_by(pglite: str) -> None:
    """All its clients share one session."""
    with psycopg.connect(pglite, autocommit=True) as other:
        other.execute("SET search_path = pg_catalog")
        try:
            text = said(conformance("check", pglite))
        finally:
            other.execute("RESET search_path")
    assert "the session came with the search_path pg_catalog, and a new one begins with public" in text
