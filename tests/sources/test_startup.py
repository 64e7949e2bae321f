"""A session that came otherwise than it was asked for is not judged by what came."""

import psycopg
import pytest
from judged import named

from conformance.errors import CannotEvaluate
from conformance.run import check
from conformance.sandbox import Server
from conformance.sources.startup import changed, options
from conformance.sources.url import DatabaseUrl


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", {}),
        ("-c search_path=app", {"search_path": "app"}),
        ("-csearch_path=app --role=r -c geqo=off", {"search_path": "app", "role": "r", "geqo": "off"}),
        (r"-c search_path=app,\ public", {"search_path": "app, public"}),
        (r"-c x=a\\b --Search-Path=a", {"x": r"a\b", "search_path": "a"}),
        ("endpoint=ep-x", {}),
        ("-c search_path=a -c search_path=b", {"search_path": "b"}),
    ],
)
def test_options_are_read_as_the_server_reads_them(text: str, meant: dict[str, str], server: Server) -> None:
    """In the URL and in the environment; the server that takes them says the same."""
    url = psycopg.conninfo.make_conninfo(dbname="astra", options=text)
    assert options(DatabaseUrl(text=url)) == meant
    path = meant.get("search_path")
    if path is not None and set(meant) == {"search_path"}:
        with psycopg.connect(server.url, options=text) as session:
            assert session.execute("SHOW search_path").fetchone() == (path,)


def test_the_environment_asks_where_the_url_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c search_path=app")
    assert options(DatabaseUrl(text="dbname=astra")) == {"search_path": "app"}
    assert options(DatabaseUrl(text="dbname=astra options=''")) == {}


@pytest.mark.parametrize(
    ("asked", "path", "role", "said"),
    [
        ({}, '"$user", public', "r", None),
        ({"search_path": "app,public"}, "app, public", "r", None),
        ({"search_path": "app"}, "public", "r", "ask for the search_path app, and the session has public"),
        ({"role": "owner"}, "public", "r", "ask for the role owner, and the session acts as r"),
        ({"role": "none"}, "public", "r", None),
        ({"geqo": "off"}, "public", "r", None),
    ],
)
def test_what_was_asked_for_has_to_be_there(asked: dict[str, str], path: str, role: str, said: str | None) -> None:
    found = changed(asked, path, path, role, schema_is_said=False)
    assert found is None if said is None else said in str(found)


def test_a_path_that_somebody_left_behind_is_not_judged_by() -> None:
    found = changed({}, "theirs", "public", "r", schema_is_said=False)
    assert found is not None
    assert "came with the search_path theirs, and a new one begins with public" in found
    assert found.endswith("say which schema is meant with --schema")
    assert changed({}, "theirs", "public", "r", schema_is_said=True) is None


def test_options_that_a_server_takes_are_looked_along(server: Server, database: str) -> None:
    with psycopg.connect(named(server, database), autocommit=True) as owner:
        owner.execute("CREATE SCHEMA app")
    url = named(server, database) + "&options=-c%20search_path%3D"
    assert check(url + "public").target.schemas == ("public",)
    assert check(url + "app,public").target.schemas == ("app", "public")
    with pytest.raises(CannotEvaluate, match='role "nobody_at_all" does not exist'):
        check(named(server, database) + "&options=-c%20role%3Dnobody_at_all")
