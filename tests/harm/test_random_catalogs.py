"""Catalogs with random legal names and definitions: a look never fails, and two say the same."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judged import LAST, Bench, told

from conformance.judge import judge, questions_for
from conformance.model.outcome import Outcome
from conformance.model.record import replace
from conformance.sources.workbench import Refused

EXAMPLES = int(os.environ.get("CONFORMANCE_CATALOG_EXAMPLES", "25"))
TABLES = ("agents", "goals", "tasks", "task_dependencies", "approval_requests", "events", "llm_usage", "teams")
COLUMNS = ("id", "name", "status", "goal_id", "request_type", "created_at", "approvals", "org_id", "priority")
WILES = (
    '"',
    "--",
    ";",
    "\n",
    "\r",
    "\t",
    "\x1b[31m",
    "\u202e",
    "<b>",
    "|",
    "`",
    "é",
    "аgents",
    "%s",
    "$1",
    "\\",
    "'",
    "/*",
)

names = st.one_of(
    st.sampled_from([*TABLES, *COLUMNS]),
    st.lists(st.one_of(st.sampled_from(WILES), st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1)
    .map("".join)
    .map(lambda text: text.encode()[:63].decode("utf-8", "ignore"))
    .filter(bool),
)  # fmt: skip
quoted = names.map(lambda name: '"' + name.replace('"', '""') + '"')
texts = st.one_of(names, st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)).map(
    lambda text: "'" + text.replace("'", "''") + "'"
)
tables = st.sampled_from(TABLES)
columns = st.one_of(st.sampled_from(COLUMNS), quoted)
types = st.sampled_from(
    "text,uuid,integer,bigint,numeric(10,2),boolean,jsonb,timestamptz,timestamp,date,text[],varchar(7),char(3),bytea,"
    "interval,double precision,int4range,json,name,xml,point,inet,tsvector,bit(3),money,oid,regclass".split(",")
)
values = st.one_of(
    texts,
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["NULL", "true", "now()", "gen_random_uuid()", "'{}'"]),
)


def _operations(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["=", "<>", "<", "~", "IS DISTINCT FROM", "||", "AND", "OR", "LIKE"]), inner)
        .map(" ".join)
        .map("({})".format),
        inner.map("(NOT {})".format),
        inner.map("({} IS NULL)".format),
        st.lists(inner, min_size=1, max_size=4).map(", ".join).map("coalesce({})".format),
        st.tuples(inner, st.lists(values, min_size=1, max_size=4).map(", ".join)).map("({0[0]} IN ({0[1]}))".format),
        st.tuples(inner, types).map("({0[0]})::{0[1]}".format),
    )


expressions = st.recursive(st.one_of(columns, values), _operations, max_leaves=8)
statements = st.one_of(
    st.builds("ALTER TABLE {} RENAME COLUMN {} TO {}".format, tables, columns, quoted),
    st.builds("ALTER TABLE {} RENAME TO {}".format, tables, quoted),
    st.builds("ALTER TABLE {} ADD COLUMN {} {} DEFAULT {}".format, tables, quoted, types, values),
    st.builds("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}) NOT VALID".format, tables, quoted, expressions),
    st.builds("ALTER TABLE {} ADD CONSTRAINT {} UNIQUE ({})".format, tables, quoted, columns),
    st.builds("ALTER TABLE {} ALTER {} SET DEFAULT {}".format, tables, columns, expressions),
    st.builds("ALTER TABLE {} ALTER {} TYPE {} USING NULL".format, tables, columns, types),
    st.builds("ALTER TABLE {} DROP COLUMN {} CASCADE".format, tables, columns),
    st.builds("ALTER TABLE {} ALTER {} DROP NOT NULL".format, tables, columns),
    st.builds("CREATE INDEX {} ON {} (({})) WHERE {}".format, quoted, tables, expressions, expressions),
    st.builds("CREATE UNIQUE INDEX {} ON {} ({})".format, quoted, tables, columns),
    st.builds("CREATE DOMAIN {0} AS {1} CHECK (VALUE IS NOT NULL); ALTER TABLE {2} ALTER {3} TYPE {0} USING NULL".format,
              quoted, types, tables, columns),
    st.builds("CREATE TYPE {0} AS ENUM ({1}); ALTER TABLE {2} ADD {3} {0}".format, quoted, texts, tables, quoted),
    st.builds("CREATE TABLE {} () INHERITS ({})".format, quoted, tables),
    st.builds("CREATE STATISTICS {} ON {}, {} FROM {}".format, quoted, columns, columns, tables),
    st.builds("ALTER TABLE {} ADD {} {} GENERATED ALWAYS AS ({}) STORED".format, tables, quoted, types, expressions),
    st.builds("CREATE POLICY {} ON {} USING ({})".format, quoted, tables, expressions),
    st.builds("COMMENT ON TABLE {} IS {}".format, tables, texts),
    st.builds("ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) NOT VALID".format,
              tables, quoted, columns, tables, columns),
)  # fmt: skip


def _looked(bench: Bench, script: str) -> tuple[Outcome, ...] | None:
    with bench.workbench.changed(script, bench.over.tables()) as look:
        if isinstance(look, Refused):
            return None
        catalog = look.answered(questions_for(bench.over.requirements, look.catalog, LAST))
        return judge(bench.over.requirements, replace(catalog), LAST)


@pytest.mark.parametrize("profile", ["documented"])
def test_a_look_never_fails_and_is_the_same_again(benches: Callable[..., Bench], profile: str) -> None:
    bench = benches(profile)
    seen = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(statements, min_size=4, max_size=10))
    def looks(written: list[str]) -> None:
        nonlocal seen
        kept = [one for one in written if not isinstance(_one(bench, one), Refused)]
        first = _looked(bench, ";\n".join(kept))
        again = _looked(bench, ";\n".join(kept))
        assert told(first or ()) == told(again or ())
        seen += bool(first and kept)

    looks()
    assert seen > EXAMPLES / 3


def _one(bench: Bench, statement: str) -> object:
    """Whether the server takes the statement by itself."""
    with bench.workbench.changed(statement, ["agents"]) as look:
        return look
