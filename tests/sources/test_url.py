"""A URL is judged before libpq sees it, and no part of it that may be secret is ever told."""

import pytest

from conformance.errors import ConformanceError, UsageError
from conformance.run import check
from conformance.sources.url import parse

CANARY = "c4n4ry"

GOOD = [
    "postgresql://db",
    "postgres://db",
    "postgresql:///astra",
    "postgresql://u@db:5432/astra",
    f"postgresql://u:{CANARY}@db/astra",
    f"postgresql://u:{CANARY}%40%2F%3A%3F%23%25@db/astra",
    f"postgresql://u:{CANARY}#hash@db/astra",
    "postgresql://u@[::1]:5432/astra",
    "postgresql://u@[fe80::1%25eth0]/astra",
    "postgresql://u@one:5432,two:5433/astra?target_session_attrs=any",
    "postgresql:///astra?host=/var/run/postgresql&port=5433",
    f"postgresql://db/astra?user=u&password={CANARY}",
    "postgresql://u@db/as%20tra",
    f"host=db dbname=astra user=u password={CANARY}",
    f"host = db password = '{CANARY} with blanks and \\' quotes'",
    f"host=db password={CANARY}://x",
    "service=astra",
]
WRONG = {
    "": "is empty",
    "   ": "is empty",
    " postgresql://u@db/astra": "begins or ends with a blank",
    "postgresql://u@db/astra\n": "begins or ends with a blank",
    "'postgresql://u@db/astra'": "quotes around it",
    '"postgresql://u@db/astra"': "quotes around it",
    "postgresql://u@db/astra\x00": "NUL",
    f"jdbc:postgresql://db/astra?password={CANARY}": "'jdbc' is a driver's spelling",
    f"postgresql+psycopg://u:{CANARY}@db/astra": "'postgresql+psycopg' is a driver's spelling",
    f"postgresql+asyncpg://u:{CANARY}@db/astra": "'postgresql+asyncpg' is a driver's spelling",
    f"POSTGRESQL://u:{CANARY}@db/astra": "lower case",
    f"postgresql:/u:{CANARY}@db/astra": "followed by no //",
    f"postgresql:u:{CANARY}@db/astra": "followed by no //",
    f"mysql://u:{CANARY}@db/astra": "'mysql' is not a scheme of PostgreSQL",
    f"sqlite:///{CANARY}": "'sqlite' is not a scheme",
    f"http://u:{CANARY}@db/astra": "'http' is not a scheme",
    f"u:{CANARY}@db://astra": "is not a scheme",
    f"postgresql://u:{CANARY}@{CANARY}@db/astra": "more than one @",
    f"postgresql://u:{CANARY}/{CANARY}@db/astra": "more than one @|cannot be told apart|malformed",
    f"postgresql://u:{CANARY}?{CANARY}@db/astra": "malformed|more than one @|cannot be told apart",
    f"postgresql://u:{CANARY}%zz@db/astra": "% that starts no percent-encoding",
    f"postgresql://u:{CANARY}%@db/astra": "% that starts no percent-encoding",
    "postgresql://u@db:port/astra": "malformed",
    "postgresql://u@db:65536/astra": "outside 1…65535",
    "postgresql://u@db:0/astra": "outside 1…65535",
    "postgresql://u@::1/astra": "malformed",
    "astra": "neither a database URL nor a libpq keyword string",
    f"db/{CANARY}": "neither a database URL nor a libpq keyword string",
}


@pytest.mark.parametrize("text", GOOD)
def test_libpqs_own_are_taken(text: str) -> None:
    assert parse(text).text == text


@pytest.mark.parametrize("text", GOOD)
def test_what_is_taken_is_never_shown(text: str) -> None:
    assert CANARY not in f"{parse(text)!r} {parse(text)}"


@pytest.mark.parametrize(("text", "says"), WRONG.items())
def test_what_libpq_would_take_for_something_else_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert any(words in str(caught.value) for words in says.split("|")), str(caught.value)
    assert caught.value.exit_code == 2
    assert CANARY not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", [text for text in WRONG if text])
def test_it_is_refused_before_anything_is_opened(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        check(text)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://u:{CANARY}@127.0.0.1:1/astra?sslmode={CANARY}",
        f"postgresql://u:{CANARY}@127.0.0.1:1/astra?{CANARY}=x",
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
