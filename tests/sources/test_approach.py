"""The way to a server is the one that psycopg would take."""

import socket

import psycopg
import pytest
from psycopg import pq

from conformance.sources import opening
from conformance.sources.approach import conninfo
from conformance.sources.url import DatabaseUrl

TEXTS = [
    "host='' port=5433 dbname=astra",
    "host=127.0.0.1 user=u password=''",
    "hostaddr=127.0.0.1 host=somewhere dbname=astra",
    "postgresql://u:a%27b%5Cc%20d@127.0.0.1/astra?options=-c%20geqo%3Doff",
    "postgresql:///astra?host=%2Fa%20folder",
    "service=nowhere",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_given_stays(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty value too: libpq takes it for its default, and not for the environment's."""
    monkeypatch.setenv("PGHOST", "elsewhere.invalid" if "host" in text else "")
    monkeypatch.setenv("PGPASSWORD", "another")
    ours = conninfo(pq, DatabaseUrl(text=text))
    assert ours is not None
    given, asked = psycopg.conninfo.conninfo_to_dict(ours.decode()), psycopg.conninfo.conninfo_to_dict(text)
    assert given | asked == given
    added = {name: value for name, value in given.items() if name not in asked}
    assert added.pop("hostaddr", "127.0.0.1") == "127.0.0.1"
    assert set(added) == set(opening.CONNECTING)


def test_a_name_is_resolved_to_all_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET6, 1, 6, "", ("::1", 0, 0, 0)), (socket.AF_INET, 1, 6, "", ("127.0.0.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: found if host == "db.example" else [])
    monkeypatch.setenv("PGHOST", "db.example")
    ours = conninfo(pq, DatabaseUrl(text="dbname=astra"))
    assert ours is not None
    given = psycopg.conninfo.conninfo_to_dict(ours.decode())
    assert (given["host"], given["hostaddr"]) == ("db.example,db.example", "::1,127.0.0.1")


@pytest.mark.parametrize(("variable", "value"), [("PGHOST", "a,b"), ("PGPORT", "1,2"), ("PGHOSTADDR", "::1,::2")])
def test_several_hosts_of_the_environment(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    assert conninfo(pq, DatabaseUrl(text="dbname=astra")) is None
