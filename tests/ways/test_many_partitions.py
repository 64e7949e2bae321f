"""A tree of partitions as pg_partman keeps it: what is of a partition alone is left alone, and it is one table."""

from collections.abc import Iterator

import psycopg
import pytest
from running import READER, conformance, told_of

COUNT = 60


def parted(url: str, count: int) -> None:
    """`events` by hours, with a default partition, a template beside it and objects of single partitions' own."""
    hours = [f"'2020-01-01'::timestamptz + interval '{number} hours'" for number in range(count + 1)]
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(
            "DROP TABLE events CASCADE; CREATE SEQUENCE events_id_seq; CREATE SCHEMA partman;"
            "CREATE TABLE events (id bigint NOT NULL DEFAULT nextval('events_id_seq'), event_type text NOT NULL,"
            " actor_id uuid, payload jsonb DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT now(), org_id uuid,"
            " PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);"
            "CREATE TABLE events_default PARTITION OF events DEFAULT;"
            "CREATE TABLE partman.template_public_events (LIKE events);"
            "CREATE INDEX ON events (event_type); CREATE INDEX ON events (actor_id); CREATE INDEX ON events (org_id);"
            "CREATE INDEX ON events (created_at DESC)"
        )
        for start in range(0, count, 50):
            owner.execute(
                ";".join(
                    f"CREATE TABLE events_p{number} PARTITION OF events"
                    f" FOR VALUES FROM ({hours[number]}) TO ({hours[number + 1]})"
                    for number in range(start, min(start + 50, count))
                ).encode()
            )
        owner.execute(
            "CREATE INDEX of_one ON events_p1 (payload); CREATE UNIQUE INDEX of_one_too ON events_p1 (event_type, id);"
            "ALTER TABLE events_p2 SET (autovacuum_enabled = false, fillfactor = 70); COMMENT ON TABLE events_p2 IS 'old'"
        )
        owner.execute(f"GRANT SELECT ON events TO {READER}".encode())  # and on no partition: who may read it reads them


@pytest.fixture(scope="module")
def trees(astra: str) -> Iterator[tuple[str, str]]:
    """The filled database, for the reader, with few partitions and with many."""
    names = {"few_partitions": 3, "many_partitions": COUNT}
    urls = []
    with psycopg.connect(astra.replace("/astra?", "/postgres?"), autocommit=True) as admin:
        for name, count in names.items():
            admin.execute(f"CREATE DATABASE {name} TEMPLATE astra".encode())
            url = astra.replace("/astra?", f"/{name}?")
            parted(url, count)
            urls.append(url.replace("//postgres@", f"//{READER}@"))
        yield urls[0], urls[1]
        for name in names:
            admin.execute(f"DROP DATABASE {name}".encode())


@pytest.mark.parametrize("command", ["check", "audit"])
def test_many_are_judged_as_few_are(trees: tuple[str, str], command: str) -> None:
    few, many = (conformance(command, url, "--format", "json") for url in trees)
    assert told_of(few) == told_of(many)
    assert {id_ for id_, verdict, *_ in told_of(many) if verdict not in ("pass", "not-applicable")} == {
        "0006/events.id/primary-key"
    }
    assert many.returncode == 0  # it is a `should`
    assert "of_one" not in many.stdout
    assert "template_public_events" not in many.stdout
