"""The sieve of the votes calls no request sound that violates a claim, and takes no text for a time that is none."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

import psycopg
import pytest
from audited import catalog_of
from filled import filled, own_world
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from judged import contract, named
from psycopg.types.json import Jsonb
from worlds.strategies import approvals

from conformance import state
from conformance.judge import judge
from conformance.model.look import Rows, Sieve
from conformance.model.looking import Looking
from conformance.model.reading import Reading
from conformance.model.record import replace
from conformance.model.timestamp import TIMESTAMP, usual
from conformance.model.vote import TABLE
from conformance.sandbox import Server
from conformance.sources import rows_sql

MANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[*HealthCheck],
    database=None,
    derandomize=True,
    phases=[Phase.generate],
)
NOW = "timestamptz '2026-01-06 12:00+00'"


@pytest.fixture(scope="module")
def connection(server: Server) -> Iterator[psycopg.Connection[Any]]:
    """A superuser in a database of the small world, with nothing that would refuse a request."""
    with own_world(server) as url, psycopg.connect(url, autocommit=True) as admin:
        admin.execute("ALTER TABLE approval_requests DISABLE TRIGGER ALL; SET timezone = 'UTC'")
        for table, name in admin.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE conrelid = 'approval_requests'::regclass AND contype IN ('c', 'f')"
        ).fetchall():
            admin.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
        admin.execute(
            "DO $$ DECLARE name text; BEGIN FOR name IN SELECT attname FROM pg_attribute"
            " WHERE attrelid = 'approval_requests'::regclass AND attnotnull AND attnum > 0 AND attname <> 'id'"
            " LOOP EXECUTE format('ALTER TABLE approval_requests ALTER %I DROP NOT NULL', name); END LOOP; END $$"
        )
        yield admin


@pytest.fixture(scope="module")
def looks(connection: psycopg.Connection[Any]) -> list[Rows]:
    """All looks at requests that share the sieve."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL search_path = ''")
        catalog = catalog_of(connection, contract())
    structure = {o.requirement.id: o for o in judge(contract().requirements, catalog, "0028")}
    plan = state.plan(state.claims(contract()), Reading(catalog=catalog), structure, Looking(), "0028")
    found = [one.look for one in plan.asked if isinstance(one.look, Rows)]
    return [look for look in found if look.table.name == TABLE and any(join.sieve for join in look.joins)]


def sieve_of(looks: list[Rows]) -> Sieve:
    (found,) = {join.sieve for look in looks for join in look.joins if join.sieve}
    return found


def test_seven_claims_share_the_sieve(looks: list[Rows]) -> None:
    assert len(looks) == 7
    assert len({join for look in looks for join in look.joins}) == 1
    assert sieve_of(looks)


def request() -> st.SearchStrategy[tuple[Any, ...]]:
    """A request's status, how many approvals it needs, when it was made, who decided it, and its votes."""
    moments = st.sampled_from([NOW, "timestamptz '2020-01-01 00:00+00'", "timestamptz '2024-02-29 12:00+00'", "NULL"])
    return st.tuples(
        st.sampled_from(["approved", "approved", "pending", "denied", "other", None]),
        st.sampled_from([None, 0, 1, 1, 2, 3, 4]),
        moments,
        st.sampled_from([None, "", " ", "ann"]),
        st.one_of(approvals(), approvals(), sound_votes()),
    )


def sound_votes() -> st.SearchStrategy[Any]:
    """Votes as services write them."""
    users = st.sampled_from(
        [
            "ann",
            "bob",
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
            "17",
            "é",
            "ann\u2060",
        ]
    )
    times = st.sampled_from(
        [
            "2026-01-06T12:00:00.031007+00:00",
            "2026-01-07T12:00:00.123Z",
            "2026-01-06 13:00:00+02:00",
            "2999-01-01T00:00:00Z",
        ]
    )
    vote = st.fixed_dictionaries(
        {"user_id": users, "decision": st.sampled_from(["approved", "approved", "denied"]), "decided_at": times}
    )
    return st.lists(vote, max_size=4)


def put(connection: psycopg.Connection[Any], requests: list[tuple[Any, ...]]) -> None:
    connection.execute("DELETE FROM approval_requests")
    for status, needed, moment, decider, cast in requests:
        written = Jsonb(cast) if isinstance(cast, list | dict | str | int | None) else None
        connection.execute(
            "INSERT INTO approval_requests (id, status, required_approvals, requested_at, decided_by, approvals)"
            f" VALUES (gen_random_uuid(), %s, %s, {moment}, %s, %s)".encode(),
            (status, needed, decider, written),
        )


def wrongly_clean(connection: psycopg.Connection[Any], looks: list[Rows], sieve: Sieve) -> tuple[int, int]:
    """How many requests the sieve calls clean, and how many of these violate a claim."""
    left = f"WHERE ({sieve.clean}) IS NOT TRUE"
    counted = rows_sql.left_counts(looks, sieve)
    assert counted.endswith(left)
    row = connection.execute(f"{counted.removesuffix(left)}WHERE {sieve.clean}".encode()).fetchone()
    assert row is not None
    return row[0], sum(row[1:])


def test_what_the_sieve_calls_clean_violates_nothing(connection: psycopg.Connection[Any], looks: list[Rows]) -> None:
    found: list[int] = []

    @MANY
    @given(requests=st.lists(request(), min_size=60, max_size=60))
    def holds(requests: list[tuple[Any, ...]]) -> None:
        with connection.transaction(force_rollback=True):
            put(connection, requests)
            clean, wrong = wrongly_clean(connection, looks, sieve_of(looks))
            left = connection.execute(rows_sql.sieved(looks[0], sieve_of(looks)).encode()).fetchone()
        assert wrong == 0
        assert left == (60, 60 - clean)
        found.append(clean)

    holds()
    assert sum(found) > 100, "hardly any request was called clean"


SOUND = (
    ("approved", 2, NOW, None, [("ann", "approved"), ("bob", "approved")]),
    ("approved", 1, NOW, "ann", []),
    ("pending", 2, NOW, None, [("ann", "approved")]),
    ("denied", 2, NOW, None, [("ann", "approved"), ("bob", "denied")]),
    ("approved", 3, NOW, None, [("ann", "approved"), ("bob", "approved"), ("eve", "approved")]),
)
STAMP = "2026-01-06T12:00:00.000001+00:00"
USER = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def written(cast: list[tuple[str, str]], stamp: str = STAMP) -> list[dict[str, str]]:
    return [{"user_id": user, "decision": decision, "decided_at": stamp} for user, decision in cast]


@pytest.mark.parametrize("sound", SOUND)
def test_usual_requests_pass_the_sieve(
    connection: psycopg.Connection[Any], looks: list[Rows], sound: tuple[Any, ...]
) -> None:
    with connection.transaction(force_rollback=True):
        put(connection, [(*sound[:4], written(sound[4]))])
        assert wrongly_clean(connection, looks, sieve_of(looks)) == (1, 0)


# What the sieve asks, and a request that would be called clean without it though it violates a claim.
SABOTAGE: dict[str, tuple[str, str, tuple[Any, ...]]] = {
    "a vote twice": ("t.name_1 <> t.name_2", "true", ("denied", 2, NOW, None, written([("a", "denied"), ("a", "denied")]))),
    "another spelling": (
        "pg_catalog.lower(t.name_1) = t.name_1",
        "true",
        ("denied", 2, NOW, None, written([(USER.upper(), "denied"), (USER, "denied")])),
    ),
    "a user who begins otherwise": (
        "(t.name_1 >= '0' AND t.name_1 < ':' OR t.name_1 >= 'a' AND t.name_1 < '{')",
        "true",
        ("denied", 2, NOW, None, written([(f"{{{USER}}}", "denied"), (USER, "denied")])),
    ),
    "a third vote twice": (
        "t.name_2 <> t.name_3",
        "true",
        ("denied", 3, NOW, None, written([("a", "approved"), ("b", "approved"), ("b", "denied")])),
    ),
    "more votes": (
        "WHEN t.vote_4 IS NULL",
        "WHEN true",
        ("denied", 4, NOW, None, written([("a", "denied"), ("b", "denied"), ("c", "denied"), ("a", "denied")])),
    ),
    "no array": ("t.approvals = '[]'", "true", ("pending", 1, NOW, None, {"user_id": "a", "decision": "denied"})),
    "another word": ("t.decision_1 IN ('approved', 'denied')", "true", ("denied", 1, NOW, None, written([("a", "no")]))),
    "a vote from before": (
        "t.at_1 >= t.requested_at",
        "true",
        ("denied", 1, NOW, None, written([("a", "denied")], "2026-01-05T12:00:00Z")),
    ),
    "a vote from the future": (
        "t.at_1 <= pg_catalog.now()",
        "true",
        ("denied", 1, NOW, None, written([("a", "denied")], "2098-01-05T12:00:00Z")),
    ),
    "a blank before the user": (
        "t.name_1 >= '!'",
        "true",
        ("denied", 2, NOW, None, written([(" a", "denied"), ("a", "denied")])),
    ),
    "a letter that is not seen": (
        "pg_catalog.length(t.name_1) = pg_catalog.octet_length(t.name_1)",
        "true",
        ("denied", 2, NOW, None, written([("a\u200b", "denied"), ("a", "denied")])),
    ),
    "nobody who is seen": (
        "t.name_1 < '~'",
        "true",
        ("denied", 1, NOW, None, written([("\u00a0", "denied")])),
    ),
    "a user who is a number": (
        "pg_catalog.jsonb_typeof(t.vote_1 -> 'user_id') = 'string'",
        "true",
        ("denied", 1, NOW, None, [{"user_id": 7, "decision": "denied", "decided_at": STAMP}]),
    ),
    "too few": ("AND 1 >= GREATEST", "AND 9 >= GREATEST", ("approved", 2, NOW, None, written([("a", "approved")]))),
    "pending with enough": ("NOT 1 >= GREATEST", "NOT 0 >= GREATEST", ("pending", 1, NOW, None, written([("a", "approved")]))),
    "a denial that decides nothing": (
        "t.decision_1 = 'approved'",
        "true",
        ("pending", 2, NOW, None, written([("a", "denied")])),
    ),
    "nobody decided": ("<> ''", "IS NOT NULL", ("approved", 1, NOW, " ", [])),
    "nobody denied": ("<> ''", "IS NOT NULL", ("denied", 2, NOW, " ", [])),
    "an approval that denies": (
        "AND NOT (t.decision_1 = 'approved') AND",
        "AND",
        ("denied", 1, NOW, None, written([("a", "approved")])),
    ),
    "a denial after enough approvals": (
        "AND 2 <= GREATEST",
        "AND 0 <= GREATEST",
        ("denied", 1, NOW, None, written([("a", "approved"), ("b", "denied")])),
    ),
}  # fmt: skip


def broken(sieve: Sieve, old: str, new: str) -> Sieve:
    """The sieve without something that it asks, which it asks somewhere."""
    levels = tuple(tuple(replace(shown, sql=shown.sql.replace(old, new)) for shown in level) for level in sieve.levels)
    found = replace(sieve, levels=levels, clean=sieve.clean.replace(old, new))
    assert found != sieve
    return found


@pytest.mark.parametrize("sabotage", SABOTAGE)
def test_a_sieve_that_is_sabotaged_is_noticed(
    connection: psycopg.Connection[Any], looks: list[Rows], sabotage: str
) -> None:
    old, new, unsound = SABOTAGE[sabotage]
    sieve = sieve_of(looks)
    with connection.transaction(force_rollback=True):
        put(connection, [unsound])
        assert wrongly_clean(connection, looks, sieve) == (0, 0)
        clean, wrong = wrongly_clean(connection, looks, broken(sieve, old, new))
    assert (clean, wrong > 0) == (1, True)


# --- what is a time


def stamps(random: Random) -> Iterator[str]:
    """Timestamps, and what is nearly one."""

    def two(*usual: int) -> str:
        return f"{random.choice([*usual, random.randint(0, 99)]):02}"

    fractions = ["", "", ".123", ".031007", ".123456789", ".1", ".1234567890", ".", ".12a", ".1 3", ".é12345"]
    zones = ["", "Z", "z", "+00:00", "-05:30", "+14:00", "+0000", "+00", "+14:30", "+15:00", "+02:17", " PST", "ZZ"]
    while True:
        year = random.choice(["2026", "2025", "2031", "2099", "2024", "2000", "1999", "0000", "2100", "20a6", " 202"])
        day = f"{year}-{two(*range(1, 13))}-{two(*range(1, 32))}"
        time = f"{two(*range(24))}:{two(*range(60))}:{two(*range(60))}{random.choice(fractions)}{random.choice(zones)}"
        text = f"{day}{random.choice('TTTTT tX')}{time}"
        if random.random() < 0.3:
            place = random.randrange(len(text))
            text = text[:place] + random.choice("0:-T é.+") + text[place + 1 :]
        yield text


def told(connection: psycopg.Connection[Any], texts: list[str]) -> list[tuple[bool, bool]]:
    """Of each text, whether it is a usual time, and whether it is a time."""
    connection.execute(f"SELECT set_config('x.pattern', {_quoted(TIMESTAMP)}, false)".encode())
    return connection.execute(
        f"SELECT COALESCE({usual('pg_catalog.textsend(s.text)')}, false),"
        " s.text ~ current_setting('x.pattern')"
        " FROM unnest($1::text[]) WITH ORDINALITY AS s (text, place) ORDER BY place".replace(
            "$1", _array(texts)
        ).encode()
    ).fetchall()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _array(texts: list[str]) -> str:
    return f"ARRAY[{', '.join(map(_quoted, texts))}]"


def test_what_is_usual_is_a_time(connection: psycopg.Connection[Any]) -> None:
    texts = list(islice(stamps(Random(28)), 20_000))
    found = dict(zip(texts, told(connection, texts), strict=True))
    assert [text for text, (is_usual, is_time) in found.items() if is_usual and not is_time] == []
    times = [text for text, (_, is_time) in found.items() if is_time]
    connection.execute(f"SELECT s::timestamptz FROM unnest({_array(times)}) AS s".encode())
    assert sum(is_usual for is_usual, _ in found.values()) > 1_000
    assert len(times) < len(found) / 2


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-06T12:00:00Z", "2026-01-06T12:00:00+00:00", "2026-01-06T12:00:00.123Z", "2026-12-31T23:59:59.999999+00:00",
        "2026-01-06 12:00:00.031007+02:00", "2026-01-06T12:00:00.123456789Z", "2026-02-28T12:00:00", "2099-10-30T00:00:00-05:30",
    ],
)  # fmt: skip
def test_what_services_write_is_usual(connection: psycopg.Connection[Any], text: str) -> None:
    assert told(connection, [text]) == [(True, True)]


def test_the_audit_uses_the_sieve(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """And gives what it gives without."""
    from conformance.run import audit
    from conformance.sources import rows_lane

    url = named(server, filled(server))
    used: list[str] = []
    real = rows_sql.sieved
    monkeypatch.setattr(rows_sql, "sieved", lambda look, sieve: used.append(look.table.name) or real(look, sieve))
    sieved = audit(url, schema="public")
    assert sorted(used) == [TABLE, "goals"]
    monkeypatch.setattr(rows_lane, "by_sieve", lambda asked: {})
    assert audit(url, schema="public").outcomes == sieved.outcomes
