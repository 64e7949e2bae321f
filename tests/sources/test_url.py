"""A URL is judged before libpq sees it and put into its words, and no part of it that may be secret is ever told."""

import string

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict
from url_table import CANARY, FORMS, REFUSALS, Form, Refusal

from conformance.errors import ConformanceError, UsageError
from conformance.run import check
from conformance.sandbox import Server
from conformance.sources.url import parse


@pytest.mark.parametrize("form", FORMS, ids=[form.text for form in FORMS])
def test_a_form_is_understood(form: Form) -> None:
    url = parse(form.text)
    told = {key: str(value) for key, value in conninfo_to_dict(url.text).items() if value is not None}
    assert (told, url.schemas, url.said) == (form.told, form.schemas, form.said)


@pytest.mark.parametrize("form", FORMS, ids=[form.text for form in FORMS])
def test_what_is_taken_is_never_shown(form: Form) -> None:
    url = parse(form.text)
    assert CANARY not in f"{url!r} {url} {url.said} {url.schemas}"


@pytest.mark.parametrize("form", [form for form in FORMS if form.family == "libpq" and not form.said])
def test_libpqs_own_are_passed_on_as_they_are(form: Form) -> None:
    assert parse(form.text).text == form.text


@pytest.mark.parametrize("form", REFUSALS, ids=[ascii(form.text) for form in REFUSALS])
def test_what_would_be_taken_for_something_else_is_refused(form: Refusal) -> None:
    with pytest.raises(UsageError) as caught:
        parse(form.text)
    assert form.words in str(caught.value)
    assert caught.value.exit_code == 2
    assert CANARY not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("form", [form for form in REFUSALS if form.text], ids=ascii)
def test_it_is_refused_before_anything_is_opened(form: Refusal) -> None:
    with pytest.raises(UsageError) as caught:
        check(form.text)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"host=127.0.0.1 port=1 sslmode={CANARY}",
        f"host=127.0.0.1 port=1 password='{CANARY}",
        f"host=127.0.0.1 port=1 {CANARY} password=x",
        f"host=127.0.0.1 port={CANARY}",
        f"postgresql://u:{CANARY}@127.0.0.1:1/astra?connect_timeout={CANARY}",
    ],
)
def test_what_libpq_cannot_read_is_our_fault_too(text: str) -> None:
    """The scheme is right and the rest is not: that is a wrong call, in one line, without a word of libpq's."""
    with pytest.raises(ConformanceError) as caught:
        check(text)
    assert CANARY not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_url_without_a_host_is_the_local_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """libpq would go where $PGHOST says: another database, perhaps a green one."""
    monkeypatch.setenv("PGHOST", "elsewhere")
    for text in ("postgresql:///astra", "postgresql+psycopg:///astra", "postgresql://u@/astra?sslmode=disable"):
        url = parse(text)
        assert conninfo_to_dict(url.text).get("host") == ""
        assert url.said == ("the URL names no host: the local socket was taken, and $PGHOST was not",)
    named = "postgresql://db/astra", "postgresql:///astra?host=/run", "jdbc:postgresql:astra", "dbname=astra"
    assert [parse(text).said for text in named] == [()] * 4
    monkeypatch.setenv("PGSERVICE", "astra")
    with pytest.raises(UsageError, match="names no host, and \\$PGSERVICE is set"):
        parse("postgresql:///astra")


def test_all_may_be_left_to_the_variables(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(server.url) as connection:
        info = connection.info
        variables = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user, "PGDATABASE": database}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    report = check("postgresql://")
    assert (report.verdict, report.target.database) == ("pass", database)


def test_what_is_said_of_a_url_stands_in_the_report(server: Server, database: str) -> None:
    query = server.url.partition("?")[2]
    text = f"postgresql+psycopg://postgres@/{database}?{query}&currentSchema=public&max=3"
    report = check(text)
    assert report.verdict == "pass"
    assert report.target.schemas == ("public",)
    assert report.remarks[0] == "left out of the URL, being of a driver and not of the database: max"
    with pytest.raises(UsageError, match=r"the URL asks for nowhere: the database .* has no schema of this name"):
        check(text.replace("currentSchema=public", "currentSchema=nowhere"))


_PIECE = st.one_of(
    st.sampled_from(
        ["u", "db", "astra", "%40", "%", "[::1]", "5432", "/run", "localhost", CANARY, "é", "🐘", " ", "\t"]
    ),
    st.text(alphabet=string.ascii_letters + string.digits + "@:/?#%&=+[],'\"\\ -._~$;|", max_size=6),
)
_KEY = st.sampled_from(
    ["sslmode", "user", "password", "host", "port", "dbname", "options", "schema", "ssl", "pool", "passfile", "x", ""]
)
_QUERY = st.lists(st.tuples(_KEY, st.sampled_from(["=", "", "=="]), _PIECE), max_size=3).map(
    lambda pairs: "&".join("".join(pair) for pair in pairs)
)
_SCHEME = st.sampled_from(
    ["postgresql://", "postgres://", "postgresql+psycopg://", "jdbc:postgresql://", "jdbc:postgresql:", "mysql://", ""]
)
_URLS = st.builds(
    lambda scheme, pieces, query: f"{scheme}{pieces[0]}:{CANARY}{pieces[1]}@{pieces[2]}:{pieces[3]}/{pieces[4]}{query}",
    _SCHEME,
    st.tuples(_PIECE, _PIECE, _PIECE, st.sampled_from(["1", "5432", "", "x", "99999", CANARY]), _PIECE),
    st.one_of(st.just(""), _QUERY.map(lambda query: f"?{query}")),
)
_MUTATED = st.builds(
    lambda text, at, piece, cut: text[: at % (len(text) + 1)] + piece + text[at % (len(text) + 1) + cut :],
    st.one_of(_URLS, st.sampled_from([form.text for form in FORMS])),
    st.integers(0, 200),
    _PIECE,
    st.integers(0, 3),
)


def _read(text: str) -> dict[str, str] | None:
    """As libpq does, or not at all."""
    try:
        return {key: str(value) for key, value in conninfo_to_dict(text).items()}
    except (psycopg.ProgrammingError, UnicodeError):
        return None


@settings(max_examples=10_000, deadline=None)
@given(st.one_of(_URLS, _MUTATED, st.text(max_size=40)))
def test_drawn_urls_are_read_as_libpq_does_or_refused(text: str) -> None:
    refused = url = None
    try:
        url = parse(text)
    except UsageError as error:
        refused = str(error)
    if url is None:
        assert refused
        assert CANARY not in refused
        assert "\n" not in refused
        return
    assert CANARY not in f"{url!r}{url.said}"
    original, becomes = _read(text), _read(url.text)
    if original is not None and not url.said and not url.schemas:
        assert becomes == original
    elif url.text != text:
        assert becomes is not None, f"libpq cannot read what became of it: {url.text!r}"
