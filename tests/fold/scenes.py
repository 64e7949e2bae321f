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


def scenes(file: str) -> dict[str, str]:
    """The scripts of a file by their names, which stand behind `##`."""
    found = (part.partition("\n") for part in re.split(r"(?m)^## ", (HERE / file).read_text(encoding="utf-8"))[1:])
    return {name: text for name, _, text in found}


def read(text: str) -> Folded:
    """What is read of a script behind two tables."""
    return fold(statements(BASE + text), TABLES, Schema())


def run(connection: psycopg.Connection, text: str) -> str:
    """Run a script behind two tables in an empty schema; why it was refused, or ""."""
    connection.execute(
        "RESET ALL; SET client_min_messages = error; DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public"
    )
    try:
        for statement in statements(BASE + text):
            connection.execute(statement.text.encode())
    except psycopg.Error as error:
        return str(error)
    finally:
        connection.execute("ROLLBACK; RESET ALL")
    return ""
