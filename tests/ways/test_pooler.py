"""Through pgbouncer: the same verdicts as without it, nothing left behind in it, and in words what it refuses."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pooler import Pooled, Pooler, poolers
from running import READER, SECRET, conformance, said, told_of

pytestmark = pytest.mark.pgbouncer

COMMANDS = ("check", "audit", "snapshot")


@pytest.fixture(scope="module")
def pooled(socket_folder: str, astra: str) -> Iterator[Pooled]:
    with poolers(socket_folder) as start:
        yield start


@pytest.fixture(scope="module")
def transactions(pooled: Pooled) -> Pooler:
    """In transaction mode, with one connection to the server, which all clients share."""
    return pooled(pool_mode="transaction", default_pool_size=1)


@pytest.mark.parametrize("command", ["check", "audit"])
@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_the_outcomes_are_those_of_the_server_itself(pooled: Pooled, direct: str, command: str, mode: str) -> None:
    through, plain = (
        conformance(command, url, "--format", "json")
        for url in (pooled(pool_mode=mode, default_pool_size=1).url, direct)
    )
    assert (through.returncode, through.stderr) == (0, "")
    assert told_of(through) == told_of(plain)


def test_a_departure_is_one_through_it_too(transactions: Pooler, astra: str) -> None:
    with psycopg.connect(astra, autocommit=True) as owner:
        owner.execute("ALTER TABLE agents RENAME COLUMN name TO title")
        try:
            ran = conformance("check", transactions.url)
        finally:
            owner.execute("ALTER TABLE agents RENAME COLUMN title TO name")
    assert ran.returncode == 1
    assert "agents.name/column" in ran.stdout
    assert "exit 1: 3 `must` requirements departed from" in ran.stdout


def test_a_snapshot_through_it_is_judged_alike(transactions: Pooler, direct: str, tmp_path: Path) -> None:
    file = tmp_path / "astra.json"
    assert conformance("snapshot", transactions.url, "-o", str(file)).returncode == 0
    taken, plain = (conformance("check", source, "--format", "json") for source in (str(file), direct))
    assert told_of(taken) == told_of(plain)


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_left_behind_for_other_clients(transactions: Pooler, command: str) -> None:
    """Neither settings nor statements, and the pooler keeps its connection to the server, which it throws away where a
    client goes in the middle of a transaction."""
    with psycopg.connect(transactions.url, autocommit=True) as other:
        before = state_of(other)
        backend = transactions.backend()
        assert conformance(command, transactions.url).returncode == 0
        assert transactions.backend() == backend
        assert state_of(other) == before
    assert "client disconnect" not in transactions.log.read_text()


def state_of(session: psycopg.Connection[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What the connection that clients share is set to, and what is prepared on it. Settings of a library, such as
    pgvector's, come with the first value that is read."""
    ours = "name NOT IN ('application_name', 'client_encoding') AND name !~ '[.]'"
    settings = f"SELECT name, setting FROM pg_catalog.pg_settings WHERE {ours}"
    prepared = "SELECT name, statement FROM pg_catalog.pg_prepared_statements"
    return [*session.execute(settings.encode()).fetchall(), *session.execute(prepared).fetchall()]


@pytest.mark.parametrize("setting", ["statement_timeout = 1", "default_transaction_isolation = serializable",
                                     "standard_conforming_strings = off", "row_security = on", "DateStyle = German"])  # fmt: skip
def test_what_another_client_left_behind_changes_nothing(transactions: Pooler, direct: str, setting: str) -> None:
    name = setting.partition(" ")[0]
    with psycopg.connect(transactions.url, autocommit=True, prepare_threshold=None) as other:
        other.execute(f"SET {setting}".encode())
        try:
            ran = conformance("check", transactions.url, "--format", "json")
        finally:
            other.execute(f"RESET {name}".encode())
    assert told_of(ran) == told_of(conformance("check", direct, "--format", "json"))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_search_path_that_another_client_left_behind_is_not_judged_by(transactions: Pooler, command: str) -> None:
    """Whose tables would be meant is a matter of chance; with a schema it is not."""
    with psycopg.connect(transactions.url, autocommit=True) as other:
        other.execute("SET search_path = pg_catalog")
        try:
            text = said(conformance(command, transactions.url))
            named = conformance(command, transactions.url, "--schema", "public")
        finally:
            other.execute("RESET search_path")
    assert text == (
        'the session came with the search_path pg_catalog, and a new one begins with "$user", public: another client of a'
        " pooler left it behind, or a login trigger set it; say which schema is meant with --schema"
    )
    assert (named.returncode, named.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_statement_mode_is_refused(pooled: Pooled, command: str) -> None:
    text = said(conformance(command, pooled(pool_mode="statement").url))
    assert (
        "the pooler in front of the server allows no transactions; ask for a pool in transaction or session mode"
        in text
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pool_that_is_full(pooled: Pooled, command: str) -> None:
    full = pooled(pool_mode="transaction", default_pool_size=1, query_wait_timeout=1)
    with psycopg.connect(full.url) as holder:
        holder.execute("SELECT 1")
        text = said(conformance(command, full.url))
    assert text.endswith("the pooler in front of the server has no connection free; try again later")
    assert conformance("check", full.url).returncode == 0


def test_a_pooler_that_takes_no_more_clients(pooled: Pooled) -> None:
    full = pooled(pool_mode="transaction", max_client_conn=1)
    with psycopg.connect(full.url):
        text = said(conformance("check", full.url))
    assert "the pooler in front of the server has no connection free; try again later" in text
    assert "no more connections allowed (max_client_conn)" in text


OPTIONS = "?options=-c%20search_path%3Dnowhere"


def test_options_that_it_refuses(transactions: Pooler) -> None:
    text = said(conformance("check", transactions.url + OPTIONS))
    assert "the pooler in front of the server takes no such setting; leave it out (--schema says where to look)" in text
    assert "unsupported startup parameter: options" in text


@pytest.fixture(scope="module")
def dropping(pooled: Pooled) -> Pooler:
    """What drops startup options in silence."""
    return pooled(pool_mode="transaction", ignore_startup_parameters="options")


@pytest.mark.parametrize("command", COMMANDS)
def test_options_that_it_drops_in_silence(dropping: Pooler, command: str) -> None:
    """What was asked for is not there: another schema would be judged."""
    text = said(conformance(command, dropping.url + OPTIONS))
    assert text == (
        'the URL\'s options ask for the search_path nowhere, and the session has "$user", public: a pooler in front of the'
        " server drops startup options; say which schema is meant with --schema"
    )


def test_options_of_the_environment_that_it_drops(dropping: Pooler) -> None:
    assert "ask for the search_path nowhere" in said(
        conformance("check", dropping.url, PGOPTIONS="-c search_path=nowhere")
    )
    assert "ask for the role postgres" in said(conformance("check", dropping.url, PGOPTIONS="-c role=postgres"))


def test_options_that_change_no_verdict_may_be_dropped(dropping: Pooler) -> None:
    """A guard such as this one is not needed: the transaction reads only, whatever the default is."""
    guard = {"PGOPTIONS": "-c default_transaction_read_only=on"}
    assert conformance("check", dropping.url, **guard).returncode == 0
    named = conformance("check", dropping.url + OPTIONS, "--schema", "public")
    assert (named.returncode, named.stderr) == (0, "")


@pytest.mark.parametrize("auth", ["scram-sha-256", "md5"])
def test_whom_its_list_of_users_does_not_let_in(pooled: Pooled, auth: str) -> None:
    url = pooled(pool_mode="transaction", auth_type=auth).url
    assert conformance("check", url).returncode == 0
    for user, password in ((READER, "wrong-one"), ("stranger", SECRET)):
        ran = conformance("check", url.replace(f"//{READER}:{SECRET}@", f"//{user}:{password}@"))
        text = said(ran)
        assert "the server refused the password; check the user and the password" in text
        assert "wrong-one" not in text


def test_a_database_that_it_cannot_reach(pooled: Pooled) -> None:
    url = pooled(pool_mode="transaction").url.replace("/astra", "/nowhere_at_all")
    assert "the server has no such database; check the name behind the last /" in said(conformance("check", url))
