"""A catalog may be anyone's, and a snapshot may lie: nothing but the tables that it tells of comes into the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from judged import conforming, named
from rebuilds import catalog_of, rebuilt_from

from conformance.errors import CannotEvaluate
from conformance.model.catalog import Catalog, Check, Column, Domain, Expression, Index, IndexKey, Table, Type
from conformance.rebuild.trust import name_in, one_expression
from conformance.sandbox import Server

HONEST = {"nodes": frozenset({"OPEXPR"}), "volatility": "i"}
OUT = ["true); CREATE TABLE pwned (x int); --", "true), ADD COLUMN pwned int CHECK (true", "true) --", "true /* x"]
READS = "pg_catalog.pg_read_file('/etc/passwd') IS NOT NULL"


def lie(text: str) -> Expression:
    """An expression that is said to be harmless."""
    return Expression(text=text, **HONEST)  # type: ignore[arg-type]


def with_column(table: Table, name: str, **changes: Any) -> Table:
    """The table with one column changed."""
    return replace(table, columns={**table.columns, name: replace(table.columns[name], **changes)})


def _check(text: str) -> Callable[[Table], Table]:
    return lambda t: replace(t, checks=(*t.checks, Check(name="k", expression=lie(text), columns=("name",))))


def _default(text: str) -> Callable[[Table], Table]:
    return lambda t: with_column(t, "name", default=lie(text))


def _domain(**changes: Any) -> Callable[[Table], Table]:
    domain = Domain(name="public.d", not_null=False, default=None, checks=())
    return lambda t: with_column(t, "name", type=replace(t.columns["name"].type, domains=(replace(domain, **changes),)))


def _index(**changes: Any) -> Callable[[Table], Table]:
    index = Index(name="k", method="btree", keys=(IndexKey(column="name", expression=None, opclass="text_ops"),))
    return lambda t: replace(t, indexes=(*t.indexes, replace(index, **changes)))


def _foreign_key(**changes: Any) -> Callable[[Table], Table]:
    return lambda t: replace(t, foreign_keys=tuple(replace(key, **changes) for key in t.foreign_keys))


def _type(**changes: Any) -> Callable[[Table], Table]:
    return lambda t: with_column(t, "name", type=replace(t.columns["name"].type, **changes))


LEFT: dict[str, Callable[[Table], Table]] = {
    **{f"a CHECK {text}": _check(text) for text in OUT},
    **{f"a default {text}": _default(text) for text in ["1, pwned int", *OUT]},
    **{f"a domain's CHECK {text}": _domain(checks=(Check(name="k", expression=lie(text)),)) for text in OUT},
    "a CHECK that reads a file": _check(READS),
    "a domain's default that reads": _domain(default=lie("pg_catalog.pg_read_file('/etc/passwd'::text)) CHECK (true")),
    "a domain's default that is said to be harmless": _domain(default=lie("set_config('a.b', 'c', false)")),
    "a domain's name": _domain(name="public.d; CREATE TABLE pwned (x int)"),
    "a predicate": _index(predicate=lie(OUT[0])),
    "a key": _index(keys=(IndexKey(column=None, expression="name)); CREATE TABLE pwned (x int", opclass="text_ops"),)),
    "an action": _foreign_key(on_delete="cascade; CREATE TABLE pwned (x int)"),
    "a match": _foreign_key(match="simple; CREATE TABLE pwned (x int)"),
    "a generated column": lambda t: with_column(t, "name", generated="stored, pwned int", default=lie("1")),
    "an identity": lambda t: with_column(t, "name", identity="always as identity, pwned int"),
    "a type": _type(name="text, pwned int", schema="pg_catalog"),
    "a stranger's type": _type(name="pwned", shipped=False),
    "a sequence": _default("nextval('x''); CREATE TABLE pwned (x int); --'::regclass)"),
    "a collation": lambda t: with_column(t, "name", collation='C", pwned int, x text COLLATE "C'),
    "an access method": _index(method="btree (name); CREATE TABLE pwned (x int); --"),
}


def changed(server: Server, change: Callable[[Table], Table]) -> Catalog:
    """Our catalog with another table of agents."""
    catalog = catalog_of(named(server, conforming(server)))
    agents = catalog.tables["agents"]
    beside = {key.target: catalog.tables[key.target] for key in agents.foreign_keys}
    return replace(catalog, tables={**beside, "agents": change(agents)})


@pytest.mark.parametrize("words", LEFT)
def test_what_leads_out_of_its_place_is_left_out(server: Server, words: str) -> None:
    source = named(server, conforming(server))
    with rebuilt_from(server, changed(server, LEFT[words]), source) as (url, left):
        assert any(part.table == "agents" for part in left), words
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT relname FROM pg_class WHERE relname = 'pwned'"
                " UNION ALL SELECT attname FROM pg_attribute WHERE attname = 'pwned'"
            ).fetchall()
        assert found == []


@pytest.mark.parametrize(
    "change",
    [_check("set_config('a.b', 'c', false) = 'c'"), _default("pg_catalog.pg_read_file('/etc/passwd'::text)")],
    ids=["check", "default"],
)
def test_an_expression_is_judged_by_the_server_that_has_it(server: Server, change: Callable[[Table], Table]) -> None:
    source, catalog = named(server, conforming(server)), changed(server, change)
    with pytest.raises(CannotEvaluate, match="not what it says it is"), rebuilt_from(server, catalog, source):
        pass


def test_a_column_that_is_called_another_is_seen(server: Server) -> None:
    """What is said of the column and what stands there differ: said, and not taken for the same."""

    def renamed(table: Table) -> Table:
        odd = Column(name="é", type=Type(declared="text", name="text"), not_null=True, collation="nonesuch")
        return replace(table, columns={**table.columns, "é": odd})

    with rebuilt_from(server, changed(server, renamed), named(server, conforming(server))) as (_, left):
        assert any(part.what == "table agents" and "sandbox refused it" in part.why for part in left)


@pytest.mark.parametrize(
    "text",
    [
        "(a = 1)",
        "a IN ('x', 'y;')",
        "f(a, b)[1]",
        "'it''s; --'",
        "E'a\\'b'",
        '"odd;name" > 0',
        "a OPERATOR(pg_catalog.+) b",
    ],
)
def test_one_expression_is_one(text: str) -> None:
    assert one_expression(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a)", "(a", "a, b", "a;", "a --", "a /* b", "'a", '"a', "$$a$$", "(a]", "E'a\\'", "a) OR (b", "')'; '("],
)
def test_more_than_one_expression_is_none(text: str) -> None:
    assert not one_expression(text)


def test_names_are_read_as_postgresql_prints_them() -> None:
    assert name_in("public.agents") == ("public", "agents")
    assert name_in('"a ""b".c') == ('a "b', "c")
    assert name_in("agents") == ("pg_catalog", "agents")
    for text in ("a.b.c", "a b", 'a."b', "", "a.", "A.b", "a.b; --"):
        assert name_in(text) is None, text
