"""What a command does not need it does not import."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"psycopg", "sqlglot", "hypothesis", "pytest", "testcontainers", "sqlalchemy", "asyncio", "xml", "numpy"}


def imported(*arguments: str) -> set[str]:
    script = (
        "import sys, io\n"
        "from conformance.cli import main\n"
        "sys.stdout = io.StringIO()\n"
        "try:\n"
        f"    code = main({list(arguments)!r})\n"
        "except SystemExit as done:\n"
        "    code = done.code\n"
        "assert not code, code\n"
        "sys.__stdout__.write(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "--version",
        "check --help",
        "audit --help",
        "prove --help",
        "explain no-orphan",
        "explain unique",
        "list",
        "list --conflicts",
        "explain 0015/agents.name/unique",
        "ddl",
    ],
)
def test_no_command_but_those_that_look_imports_what_is_heavy(arguments: str) -> None:
    assert imported(*arguments.split()) & HEAVY == set()


def test_help_imports_next_to_nothing() -> None:
    assert imported("--help") & {"argparse", "json", "tomllib", "conformance.run", "conformance.registry"} == set()


def test_explaining_imports_one_check() -> None:
    checks = {name for name in imported("explain", "0015/agents.name/unique") if name.startswith("conformance.checks.")}
    assert checks == {"conformance.checks.unique"}


def test_a_list_imports_no_check_and_no_invariant() -> None:
    imported("list")  # which keeps what it worked out
    parts = ("conformance.checks.", "conformance.invariants.", "conformance.state")
    assert not [name for name in imported("list") if name.startswith(parts)]


@pytest.mark.parametrize("arguments", ["explain 0015/agents.name/unique", "explain C07"])
def test_what_is_not_about_rows_imports_no_invariant(arguments: str) -> None:
    found = imported(*arguments.split())
    assert not [name for name in found if name.startswith(("conformance.invariants.", "conformance.state"))]


def test_toml_is_parsed_only_where_there_is_some() -> None:
    code = "import sys, conformance.config as c; c.settings(); sys.exit('tomllib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
