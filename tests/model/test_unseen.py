"""What a reader does not see is taken out of a text, and nothing else."""

import sys
import unicodedata

import psycopg

from conformance.model.unseen import BLANK, UNSEEN, seen
from conformance.sandbox import Server
from conformance.sources.fold import folded


def points(ranges: tuple[tuple[int, ...], ...]) -> set[str]:
    return {chr(point) for one in ranges for point in range(one[0], one[-1] + 1)}


def test_they_are_unicodes() -> None:
    every = set(map(chr, range(0x80, sys.maxunicode + 1)))
    assert points(BLANK) == {letter for letter in every if letter.isspace()}
    formats = {letter for letter in every if unicodedata.category(letter) == "Cf"}
    assert formats <= points(UNSEEN)
    assert {letter for letter in points(UNSEEN) if folded(f"a{letter}b") != "ab"} <= {
        letter for letter in every if unicodedata.category(letter) in ("Cn", "Mn")
    }


def test_they_are_taken_out(server: Server) -> None:
    texts = ["ann", " ann ", "a\u200bnn\u00a0", "a\u3000n", "\u00a0", "é\u2060", "\U000e0041x", "ﬁ", "日本"]
    plain = ["ann", " ann ", "ann ", "a n", " ", "é", "x", "ﬁ", "日本"]
    with psycopg.connect(server.url) as connection:
        found = connection.execute(
            f"""SELECT {seen('t.text COLLATE "C"')} FROM unnest(%s::text[]) WITH ORDINALITY AS t (text, place)
            ORDER BY place""".encode(),
            [texts],
        ).fetchall()
    assert [text for (text,) in found] == plain


def test_in_a_database_of_another_encoding(server: Server) -> None:
    """Code points mean something else there: the text is let be."""
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'")
        with psycopg.connect(server.url.replace("/postgres?", "/latin?")) as connection:
            row = connection.execute(
                f"SELECT {seen('t.text')} FROM (SELECT %s::text) AS t (text)".encode(), ["é\u00a0"]
            )
            assert row.fetchone() == ("é\u00a0",)
        admin.execute("DROP DATABASE latin")
