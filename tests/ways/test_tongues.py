"""Databases of other encodings, names, styles and languages: the outcomes are the plain server's, to the byte."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from judged import contract, looked, told
from owning import Cluster
from psycopg import sql
from running import READER, conformance, said, told_of

from conformance.errors import CannotEvaluate
from conformance.fixtures_of import fill, migrations
from conformance.run import audit
from conformance.sandbox import Server
from conformance.sandbox.binaries import local_binaries
from conformance.sources.database import Session
from conformance.sources.throwaway import apply
from conformance.sources.url import parse

# An encoding, the name of a database, the name of a schema that this encoding can write.
PLACES = [
    ("UTF8", "a \"b' %c \U0001f4a9", "s \"t' \U0001f4a9.u"),
    ("UTF8", "Ä/ö?#&=", "Groß, klein"),
    ("SQL_ASCII", "bytes \U0001f4a9", "bytes \U0001f4a9"),
    ("LATIN1", "latin", 'sché "ma'),
    ("EUC_JP", "japan", "日本 '語"),
]
STYLES = (
    "standard_conforming_strings = off", "backslash_quote = on", "datestyle = 'SQL, DMY'", "bytea_output = 'escape'",
    "extra_float_digits = -15", "intervalstyle = 'sql_standard'", "timezone = 'Asia/Kathmandu'", "xmlbinary = hex",
    "quote_all_identifiers = on", "client_encoding = 'SQL_ASCII'", "escape_string_warning = on", "array_nulls = off",
)  # fmt: skip


@pytest.fixture(params=PLACES, ids=lambda place: f"{place[0]}-{place[1].encode('ascii', 'replace').decode()}")
def elsewhere(server: Server, astra: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The filled database once more, in another encoding, name, schema and styles: its URL for the reader, the schema."""
    encoding, name, schema = request.param
    own, path = sql.Identifier(name), sql.Identifier(schema)
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} ENCODING {} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'").format(
                own, encoding
            )
        )
    url = server.url.replace("/postgres?", f"/{quote(name, safe='')}?") + "&client_encoding=utf8"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(path))
        owner.execute(sql.SQL("ALTER DATABASE {} SET search_path = {}, public").format(own, path))
    apply(url, migrations("documented", "0028"))
    fill(url, "0028", schema)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(path, sql.Identifier(READER)))
        owner.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(path, sql.Identifier(READER)))
        for style in STYLES:
            owner.execute(sql.SQL(f"ALTER DATABASE {{}} SET {style}").format(own))
    yield url.removesuffix("&client_encoding=utf8").replace("//postgres@", f"//{READER}@"), schema
    server.drop_database(name)


def moved(outcomes: list[tuple[str, ...]], schema: str) -> list[tuple[str, ...]]:
    """The same of tables in public."""
    quoted = '"' + schema.replace('"', '""') + '"'
    forms = (quoted.replace("'", "''"), quoted, schema)
    for form in forms:
        outcomes = [tuple(text.replace(f"{form}.", "public.") for text in outcome) for outcome in outcomes]
    return outcomes


@pytest.mark.parametrize("command", ["check", "audit"])
def test_the_outcomes_are_those_of_the_plain_database(elsewhere: tuple[str, str], direct: str, command: str) -> None:
    url, schema = elsewhere
    there, plain = (conformance(command, one, "--format", "json") for one in (url, direct))
    assert (there.returncode, there.stderr) == (0, "")
    assert moved(told_of(there), schema) == told_of(plain)
    assert schema in json.loads(there.stdout)["target"]["schemas"]


def test_a_name_that_the_encoding_cannot_write(server: Server) -> None:
    """The name of a database is kept as bytes, in the encoding of whoever made it: from within it is no text."""
    name = "日本\U0001f4a9"
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'EUC_JP' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'").format(
                sql.Identifier(name)
            )
        )
    ran = conformance("check", server.url.replace("/postgres?", f"/{quote(name)}?"))
    server.drop_database(name)
    assert said(ran) == 'the catalog could not be read: invalid byte sequence for encoding "EUC_JP": 0xe6 0x97'


# --- another language

_RUSSIAN = "ru_RU.UTF-8"


@pytest.fixture(scope="module")
def russian() -> Iterator[str]:
    """The URL of a local server that says everything in Russian, and of a database that departs in many ways."""
    try:
        programs = local_binaries(None).program("postgres").parent
    except CannotEvaluate as error:
        pytest.skip(f"no local server, which would know other languages: {error}")
    if shutil.which("localedef") is None or not Path("/usr/share/i18n/locales/ru_RU").exists():
        pytest.skip("no locale of another language can be made (Debian: apt-get install locales)")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        cluster = Cluster(stack, programs).filled()
        subprocess.run(["localedef", "-i", "ru_RU", "-f", "UTF-8", cluster.folder / _RUSSIAN], check=True)
        patch.setenv("LOCPATH", str(cluster.folder))
        cluster.start()
        with psycopg.connect(cluster.url, autocommit=True) as admin:
            for file in migrations("documented", "0028"):
                admin.execute(without_vectors(file.read_text()).encode())
            admin.execute(f"CREATE ROLE {READER} LOGIN".encode())
            admin.execute("ALTER TABLE agents ADD bad int CHECK (bad / 0 > 1)")
        yield cluster.url


def without_vectors(text: str) -> str:
    """Migrations for a server that has no pgvector."""
    text = re.sub(r"CREATE EXTENSION IF NOT EXISTS vector;", "", text)
    text = re.sub(r"CREATE INDEX[^;]*ivfflat[^;]*;", "", text)
    return re.sub(r"vector\(1536\)", "text", text)


@pytest.fixture
def in_russian(russian: str) -> Iterator[str]:
    with psycopg.connect(russian, autocommit=True) as admin:
        admin.execute(f"ALTER SYSTEM SET lc_messages = '{_RUSSIAN}'".encode())
        admin.execute("SELECT pg_reload_conf()")
        until = time.monotonic() + 5
        while (language(russian) != _RUSSIAN) and time.monotonic() < until:
            time.sleep(0.02)
        yield russian
        admin.execute("ALTER SYSTEM RESET lc_messages")
        admin.execute("SELECT pg_reload_conf()")


def language(url: str) -> str:
    with psycopg.connect(url) as session:
        return str((session.execute("SHOW lc_messages").fetchone() or ("",))[0])


def test_a_server_that_speaks_another_language_is_judged_alike(in_russian: str, russian: str) -> None:
    assert language(in_russian) == _RUSSIAN
    there = [told(looked(in_russian, contract(profile))) for profile in ("documented", "reference")]
    with psycopg.connect(russian, autocommit=True) as admin:
        admin.execute("ALTER DATABASE postgres SET lc_messages = 'C'")
        try:
            plain = [told(looked(russian, contract(profile))) for profile in ("documented", "reference")]
            rows = audit(russian)
        finally:
            admin.execute("ALTER DATABASE postgres RESET lc_messages")
    assert there == plain
    again = audit(in_russian)
    assert told(again.outcomes) == told(rows.outcomes)
    assert {outcome.verdict for outcome in again.outcomes} >= {"pass", "fail"}


def test_what_it_refuses_a_session_with_is_shown(in_russian: str) -> None:
    """Its words are not understood, and so they are handed on."""
    text = said(conformance("check", in_russian.replace("/postgres?", "/nowhere?")))
    assert text.endswith('the connection failed (the server said: база данных "nowhere" не существует)')


def test_a_session_that_it_ends_is_said(in_russian: str) -> None:
    with (
        Session(parse(in_russian), origin="a test") as session,
        psycopg.connect(in_russian, autocommit=True) as admin,
    ):
        admin.execute("SELECT pg_terminate_backend(%s)", (session.connection.info.backend_pid,))
        with pytest.raises(CannotEvaluate, match="the server ended the connection"):
            session.catalog(contract().tables())
