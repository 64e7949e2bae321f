"""What is said of a table that is asked for beside the one above it, and of what inherits."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from judged import conforming

import conformance
from conformance.model.catalog import Catalog
from conformance.sandbox import Server
from conformance.sources.database import Session
from conformance.sources.url import parse

KIN = """
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE t (id int UNIQUE, a int REFERENCES a, CHECK (a <> 0)) PARTITION BY RANGE (id);
CREATE TABLE t0 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE t10 PARTITION OF t1 FOR VALUES FROM (10) TO (20);
CREATE INDEX i ON t0 (a);
CREATE TABLE above (a int REFERENCES a);
CREATE TABLE heir (FOREIGN KEY (a) REFERENCES a ON DELETE CASCADE) INHERITS (above);
"""
ALL = ("a", "above", "heir", "t", "t0", "t1", "t10")


@pytest.fixture(params=["server", "older_server", 12])
def kin(request: pytest.FixtureRequest, of_major: Callable[[int], Server]) -> Iterator[str]:
    """The URL of a database of each of these majors with the tables."""
    server = of_major(12) if request.param == 12 else request.getfixturevalue(request.param)
    url = server.create_database("kin")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(KIN)
    yield url
    server.drop_database("kin")


def asked_for(url: str, *names: str) -> Catalog:
    with Session(parse(url), origin="a test", schema="public") as session:
        return session.catalog(names)


def keys(catalog: Catalog) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """The triggers of each table's foreign keys, and what lacks one."""
    return {
        name: [(k.triggers, k.bare) for k in table.foreign_keys]
        for name, table in catalog.tables.items()
        if table.foreign_keys
    }


def test_a_partition_asked_for_beside_its_table(kin: str) -> None:
    """Its keys are told once, and with the triggers at the other end, which are the table's."""
    catalog = asked_for(kin, *ALL)
    found = keys(catalog)
    assert {name: [bare for _, bare in of] for name, of in found.items()} == {
        name: [()] for name in ("above", "heir", "t", "t0", "t1", "t10")
    }
    assert found["t0"] == keys(asked_for(kin, "t0"))["t0"] == [(4, ())]
    (t0, t1) = catalog.tables["t"].parts
    for part in (t0, t1, *t1.parts):
        assert (part.checks, part.indexes, part.foreign_keys) == ((), (), ())


@pytest.mark.parametrize("left_off", ["t", "t0"])
def test_a_missing_trigger_is_not_hidden_by_how_often_a_table_was_asked_for(kin: str, left_off: str) -> None:
    with psycopg.connect(kin, autocommit=True) as owner:
        owner.execute(
            "DELETE FROM pg_trigger WHERE tgisinternal AND tgrelid = 't0'::regclass AND tgconstraint IN"
            " (SELECT oid FROM pg_constraint WHERE contype = 'f') AND tgtype & 4 = 4"
        )
    found = keys(asked_for(kin, *(name for name in ALL if name != left_off)))
    lacking = {name for name, of in found.items() if of[0][1]}
    assert lacking == {"t", "t0"} - {left_off}
    assert all(of[0][1] == ("t0",) for name, of in found.items() if name in lacking)


def test_the_other_end_of_a_partitions_key(kin: str) -> None:
    """The trigger that acts where the row goes that was referred to."""
    with psycopg.connect(kin, autocommit=True) as owner:
        owner.execute(
            "DELETE FROM pg_trigger WHERE tgisinternal AND tgrelid = 'a'::regclass AND tgtype & 8 = 8"
            " AND tgconstrrelid = 't'::regclass"
        )
    for names in (("a", "t"), ("a", "t0"), ("a", "t10"), ALL):
        found = keys(asked_for(kin, *names))
        assert all(of[0][1] == ("a",) for name, of in found.items() if name.startswith("t")), names


def test_an_heirs_own_key(kin: str) -> None:
    (heir,) = asked_for(kin, "a", "above").tables["above"].parts
    assert [(key.on_delete, key.triggers) for key in heir.foreign_keys] == [("cascade", 4)]


BY_HASH = (
    "ALTER TABLE agent_documents RENAME TO before; CREATE TABLE agent_documents (LIKE before INCLUDING DEFAULTS)"
    " PARTITION BY HASH (id);"
    + "".join(
        f"CREATE TABLE d{n} PARTITION OF agent_documents FOR VALUES WITH (MODULUS 2, REMAINDER {n});" for n in (0, 1)
    )
)


@pytest.mark.parametrize("major", ["server", "older_server"])
def test_a_partition_whose_detaching_was_broken_off(request: pytest.FixtureRequest, major: str) -> None:
    """It is in the catalog, takes no row, and its rows are not seen."""
    server: Server = request.getfixturevalue(major)
    url = server.create_database("detaching", template=conforming(server))
    with psycopg.connect(url) as reader, psycopg.connect(url, autocommit=True) as owner:
        owner.execute(BY_HASH.encode())
        reader.execute("SELECT FROM agent_documents")
        owner.execute("SET statement_timeout = '100ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            owner.execute("ALTER TABLE agent_documents DETACH PARTITION d1 CONCURRENTLY")
    (only,) = asked_for(url, "agent_documents").tables["agent_documents"].parts
    report = conformance.audit(url)
    told = {o.requirement.id: (o.verdict, o.note) for o in report.outcomes if o.requirement.table == "agent_documents"}
    server.drop_database("detaching")
    assert only.name == "d0"
    why = "agent_documents lacks a partition for some remainders of id"
    assert told["0013/agent_documents/table"] == ("indeterminate", why)
    assert told["0013/agent_documents.doc_type/in-values"][0] == "pass"
