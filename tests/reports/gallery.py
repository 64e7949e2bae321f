"""Real reports of real databases, in every format: `python tests/reports/gallery.py` writes them to `reports/gallery/`.

What differs from run to run, the time and the address of the throw-away server, is set to fixed words.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg

from conformance.fixtures_of import fill, migrations
from conformance.model.report import Report
from conformance.render import renderers
from conformance.render.layout import Look
from conformance.run import audit, check
from conformance.sandbox import Server, sandbox
from conformance.sources.throwaway import apply

FOLDER = Path(__file__).parent.parent.parent / "reports" / "gallery"
ROWS = Path(__file__).parent.parent / "planted.sql"

# For each case the profile, the migration that the database has reached, and what was done to it since.
CASES: dict[str, tuple[str, str, str]] = {
    "conforming": ("documented", "0028", ""),
    "one-deviation": (
        "documented",
        "0028",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key;"
        "CREATE UNIQUE INDEX agents_name_key ON agents (lower(name));",
    ),
    "half-migrated": ("reference", "0026", ""),
    "hostile": (
        "documented",
        "0028",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key;"
        "CREATE UNIQUE INDEX \"]]><script>\x1b[31m\u202e\" ON agents (name) WHERE name <> '';"
        "CREATE FUNCTION spring() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION $$sprung$$; END';"
        "ALTER TABLE chat_messages DROP CONSTRAINT chat_messages_valid_role;"
        "ALTER TABLE chat_messages ADD CONSTRAINT trapped CHECK (spring()) ;"
        "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_valid_doc_type;"
        'ALTER TABLE agent_documents ADD CONSTRAINT "::error::x\n::error::%0A##[error]`|@octocat #1"'
        " CHECK (doc_type IN ('rule', 'skill', 'context_doc', 'reference', '![x](https://evil.example) {0} </code>$(x)'));",
    ),
}


def reports(server: Server) -> Iterator[tuple[str, str]]:
    """File names and their texts."""
    for case, (profile, reached, change) in CASES.items():
        url = server.create_database(case)
        apply(url, migrations(profile, reached))
        if change:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(change.encode())
        yield from _rendered(check(url, profile=profile), case)
    yield from _rendered(audit(_audited(server)), "audit")


def _audited(server: Server) -> str:
    """A database whose rows depart."""
    url = server.create_database("audit")
    apply(url, migrations("documented", "0028"))
    fill(url, "0028")
    apply(url, [ROWS])
    return url


def _rendered(report: Report, case: str) -> Iterator[tuple[str, str]]:
    report = _settled(report, case)
    for renderer in renderers().values():
        yield f"{case}{renderer.SUFFIX}", renderer.render(report, Look())


def _settled(report: Report, case: str) -> Report:
    target = replace(report.target, address=f"auditor@db.example:5432/{case}", database=case)
    return replace(report, target=target, started="2026-01-01T00:00:00Z", seconds=0.0, tool="conformance")


def main() -> None:
    with sandbox(kind="embedded") as server:
        for name, text in reports(server):
            (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
