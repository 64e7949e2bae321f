"""Scripts that a server accepts and scripts that it refuses, each with a name, put to the server and to the text."""

import re
from pathlib import Path

import psycopg
from folds import statements

from conformance.fold.folding import Folded, fold
from conformance.fold.schema import Schema

HERE = Path(__file__).parent
TABLES = ("agents", "goals", "t")
BASE = (
    "CREATE TABLE agents (id int PRIMARY KEY, name text UNIQUE, n int DEFAULT 0 CHECK (n >= 0), meta jsonb);"
    "CREATE TABLE goals (id int PRIMARY KEY, agent_id int REFERENCES agents ON DELETE CASCADE, body text);\n"
)
WIDE = (
    "CREATE TABLE wide (i int, b bigint, s smallint, t text, v varchar(10), c char(3), j jsonb, js json, u uuid,"
    " f boolean, d date, ts timestamptz, tz timestamp, nu numeric, fl float8, iv interval, by bytea, arr text[],"
    " ia int[], o oid, tm time, ip inet);\n"
)
"""A column of many types, for the scripts that speak of it."""


def scenes(file: str) -> dict[str, str]:
    """The scripts of a file by their names, which stand behind `##`."""
    found = (part.partition("\n") for part in re.split(r"(?m)^## ", (HERE / file).read_text(encoding="utf-8"))[1:])
    return {name: text for name, _, text in found}


def whole(text: str) -> str:
    """A script with the tables that it stands behind."""
    return f"{BASE}{WIDE if 'wide' in text else ''}{text}"


def read(text: str) -> Folded:
    """What is read of a script behind its tables."""
    return fold(statements(whole(text)), TABLES, Schema())


def run(connection: psycopg.Connection, text: str) -> str:
    """Run a script behind its tables in an empty schema; why it was refused, or ""."""
    connection.execute(
        "RESET ALL; SET client_min_messages = error; DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public"
    )
    try:
        for statement in statements(whole(text)):
            connection.execute(statement.text.encode())
    except psycopg.Error as error:
        return str(error)
    finally:
        connection.execute("ROLLBACK; RESET ALL")
    return ""
