"""A planned schema built in a database of ours: every statement is run alone, by a role that may do nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.pq import ExecStatus

from conformance.errors import CannotEvaluate
from conformance.model.leftover import Leftover
from conformance.model.record import replace
from conformance.model.sql import identifier, literal
from conformance.sources.asking import first_line

GUEST = "conformance_guest"
_SESSION = """
SET client_min_messages = error; SET standard_conforming_strings = on; SET check_function_bodies = off;
SET statement_timeout = '30s'; SET lock_timeout = '5s'; SET application_name = 'conformance prove'
"""

Step = tuple[str, Leftover, bool]
"""A statement, what is left out where it is refused, and whether the schema's owner runs it."""


def settle(url: str, path: Sequence[str], *, guest: bool) -> None:
    """Make the sessions of a database look for names along the path, and, on a server of ours, act for a role that owns
    the database and has no other right."""
    with psycopg.connect(url, autocommit=True, options="") as connection:
        database = identifier(connection.info.dbname)
        if guest:
            there = connection.execute("SELECT FROM pg_catalog.pg_roles WHERE rolname = %s", [GUEST]).rowcount
            if not there:
                connection.execute(f"CREATE ROLE {GUEST}".encode())
                connection.execute(f"GRANT pg_read_all_stats TO {GUEST}".encode())
            connection.execute(f"ALTER DATABASE {database} OWNER TO {GUEST}".encode())
            connection.execute(f"ALTER DATABASE {database} SET role = {literal(GUEST)}".encode())
        schemas = ", ".join(literal(schema) for schema in path) or "''"
        connection.execute(f"ALTER DATABASE {database} SET search_path = {schemas}".encode())


def build(url: str, steps: Sequence[Step], extension_schemas: Sequence[str]) -> tuple[Leftover, ...]:
    """Run the steps; what could not be built. Raises `CannotEvaluate` where the server itself fails."""
    lost: list[Leftover] = []
    searched = ", ".join(literal(schema) for schema in ("pg_catalog", *extension_schemas))
    try:
        with psycopg.connect(url, autocommit=True, options="") as connection:
            connection.execute(f"{_SESSION}; SET search_path = {searched}".encode())
            for statement, part, as_owner in steps:
                if any(other.table == part.table and other.what == f"table {part.table}" for other in lost):
                    continue
                if why := _run(connection, statement, as_owner=as_owner):
                    lost.append(replace(part, why=f"the sandbox refused it: {why}"))
    except psycopg.Error as error:
        raise CannotEvaluate(f"the schema could not be rebuilt: {first_line(error)}") from None
    return tuple(lost)


def _run(connection: psycopg.Connection[Any], statement: str, *, as_owner: bool) -> str:
    """Run one statement, and no more than one, as the protocol's own rule has it; why it was refused, or ""."""
    if not as_owner:
        connection.execute(b"SET ROLE NONE")
    try:
        result = connection.pgconn.exec_params(statement.encode("utf-8"), None)
        if result.status != ExecStatus.FATAL_ERROR:
            return ""
        return " ".join(result.error_message.decode("utf-8", "replace").partition("\n")[0].split())
    finally:
        if not as_owner:
            connection.execute(b"RESET ROLE")
