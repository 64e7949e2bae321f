"""Objects of a live database with names that mean something elsewhere: inert in every format, exact in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest
from judged import conforming, named

from conformance.cli import main
from conformance.render import renderers
from conformance.sandbox import Server

NAMES = (
    "\x1b[31mred\x1b]0;title\x07",
    "two\nlines\r\nthree",
    "\u202egnirts\u2066",
    "<script>alert(1)</script>",
    "'; DROP TABLE agents; --",
    "::error::x",
    "nаme_with_а_cyrillic_letter",
    "é" * 31 + "x",  # 63 bytes
    "`|*[x](javascript:x)",
)
CUT = "x" + "é" * 31 + "é"
"""64 bytes, the last of which would be half of a letter."""
OF_VALUES = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), quote_ident(a.attname)
FROM pg_constraint AS c JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
WHERE c.contype = 'c' AND pg_get_constraintdef(c.oid) LIKE '%= ANY (ARRAY[%' ORDER BY 1, 2
"""
CONTROLS = ("\x1b", "\x07", "\r", "\u202e", "\u2066")


@pytest.fixture(scope="module")
def wily(server: Server) -> Iterator[str]:
    name = "wily_names"
    server.create_database(name, template=conforming(server))
    url = named(server, name)
    with psycopg.connect(url, autocommit=True) as owner:
        there = owner.execute(OF_VALUES).fetchall()
        assert len(there) >= len((*NAMES, CUT))
        for wile, (table, constraint, column) in zip((*NAMES, CUT), there, strict=False):
            quoted = wile.replace('"', '""')
            owner.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT {constraint},"
                f""" ADD CONSTRAINT "{quoted}" CHECK ({column} <> '~') NOT VALID""".encode()
            )
    yield url
    server.drop_database(name)


@pytest.mark.parametrize("format_", sorted(renderers()))
def test_names_are_inert(wily: str, format_: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", wily, "--format", format_.replace("_", "-"), "--no-color"]) in (0, 1)
    said = capfd.readouterr()
    for control in CONTROLS:
        assert control not in said.out + said.err
    assert "<script>alert(1)" not in said.out or format_ not in ("html", "junit")  # elsewhere it is no markup, or code
    assert "\n::error::x" not in said.out


def test_names_are_exact_in_json(wily: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that the server had to cut is whole letters."""
    main(["check", wily, "--format", "json"])
    observed = "".join(o["observed"] for o in json.loads(capsys.readouterr().out)["outcomes"])
    assert [name for name in NAMES if name not in observed] == []
    assert "x" + "é" * 31 in observed
    assert CUT not in observed
