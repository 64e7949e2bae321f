"""Which strings can an expression tell apart?

An expression that does nothing with a string but compare it for equality with constants treats all other strings
alike: trying every constant and one other string is then a proof, not a sample. A regular expression or a LIKE pattern
whose language is finite counts as that many constants. Of anything else only samples can be tried.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from conformance.model.catalog import Expression
from conformance.model.patterns import like, regular, similar
from conformance.model.record import Record, replace

_LITERAL = re.compile(r"'((?:[^']|'')*)'(?:::([a-z ]+(?:\[\])?))?")
_MATCH = re.compile(r"(?<![~!*])(~~?) '((?:[^']|'')*)'::(?:text|character varying)")
_MATCHES = re.compile(r"(?<=\s)!?~~?\*?(?=\s)")
_PADDED = re.compile(r"\bbpchar|\bcharacter\b(?! varying)")
_ELEMENT = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,"{}]+))\s*(?:,|$)')

# The parts of a tree in which a string can only be compared for equality with a constant.
_NODES = frozenset(
    """BOOLEXPR NULLTEST BOOLEANTEST OPEXPR DISTINCTEXPR NULLIFEXPR SCALARARRAYOPEXPR FUNCEXPR CONST VAR RELABELTYPE
    ARRAY ARRAYEXPR ARRAYCOERCEEXPR CASE CASEEXPR WHEN CASEWHEN CASETESTEXPR COALESCE COALESCEEXPR
    COERCETODOMAINVALUE""".split()
)
_EQUALITIES = frozenset(
    """texteq textne bpchareq bpcharne nameeq namene nameeqtext texteqname array_position arraycontains arraycontained
    arrayoverlap int4eq int4ne int4gt int4ge int4lt int4le booleq boolne jsonb_exists jsonb_exists_any""".split()
)
_PATTERNS = frozenset({"textregexeq", "textlike"})

_CUT = re.compile(r"\(?'((?:[^']|'')*)'::character varying(?:\)::character varying)?\((\d+)\)")
_SIMILAR = re.compile(r"similar_(?:to_)?escape\('((?:[^']|'')*)'::text(?:, NULL::text)?\)")  # with NULL up to 12
_LIMITED = re.compile(r"'::[a-z ]+\(")
_COMPARISON = re.compile(
    r"""(?:[\s(),\]]|<>|=(?![<>=~*])|~~?(?![~*])|ARRAY\[|'|"(?:[^"]|"")+"(?![("])|COLLATE[ ]"(?:C|POSIX|ucs_basic)"
    |::(?:text|character[ ]varying)(?:\[\])?(?![\w(])|\w+(?![\w(\[]))*\Z""",
    re.VERBOSE,
)
_NULL = re.compile(r"(?:\[|, |= |<> )NULL::[a-z ]+")
_TRIMMING = frozenset({"text", "bpchar", "name", "char"})


MOST = 1000
"""How many constants of an expression are tried: of one that spells out more, not all would be."""


class Constants(Record):
    """The strings that an expression spells out; `exhaustive` if it treats every other string like every other."""

    strings: tuple[str, ...]
    exhaustive: bool


@lru_cache(maxsize=1000)
def constants(expression: Expression) -> Constants:
    """What the expression can tell apart, from its text and its tree."""
    strings: list[str] = []
    whole = _SIMILAR.sub(_as_regular, _CUT.sub(_as_cut, expression.text))
    for text, kind in _LITERAL.findall(whole):
        strings += _spelled(text.replace("''", "'"), kind.strip())
    bare = _LITERAL.sub(lambda found: " ", whole)
    patterns = _MATCH.findall(whole)
    finite = len(patterns) == len(_MATCHES.findall(bare))
    for operator, text in patterns:
        language, exact = (like if operator == "~~" else regular)(text.replace("''", "'"))
        strings += language
        finite = finite and exact
    nodes, functions = expression.nodes or frozenset(), set(expression.functions)
    known = bool(nodes) and nodes <= _NODES and functions <= _EQUALITIES | _PATTERNS
    known = known or (bool(nodes) and not expression.strangers and not functions & _TRIMMING and _compares(whole))
    found = tuple(dict.fromkeys(strings))
    return Constants(strings=found, exhaustive=known and finite and len(found) <= MOST)


def _as_cut(found: re.Match[str]) -> str:
    """A constant that is cast to a length, as what is left of it."""
    text = found[1].replace("''", "'")[: int(found[2])].replace("'", "''")
    return ("(" if found[0].startswith("(") and "::character varying)" not in found[0] else "") + (
        f"'{text}'::character varying"
    )


def _as_regular(found: re.Match[str]) -> str:
    """A constant pattern of SIMILAR TO, as the regular expression that PostgreSQL makes of it."""
    text = similar(found[1].replace("''", "'")).replace("'", "''")
    return f"'{text}'::text"


def _compares(text: str) -> bool:
    """Whether an expression of PostgreSQL's own parts reads as nothing but comparisons of strings for equality, joined
    in any way: it has no call, no other operator, and no cast that changes what it compares."""
    return not _LIMITED.search(text) and bool(_COMPARISON.match(_LITERAL.sub("'", text)))


def conjoined(expression: Expression) -> list[Expression]:
    """The expression taken apart at its outermost ANDs. What its tree says is said of each part."""
    parts = conjuncts(expression.text)
    return [expression] if len(parts) < 2 else [replace(expression, text=text) for text in parts]


def compares_with_null(expression: Expression) -> bool:
    """Whether NULL stands where the expression compares, as in `IN ('a', NULL)`, which is never false."""
    return bool(_NULL.search(expression.text))


def pads(expression: Expression) -> bool:
    """Whether the expression may compare as `character` does, for which blanks at the end are nothing."""
    return bool(_PADDED.search(expression.text))


def conjuncts(text: str) -> list[str]:
    """The parts of a deparsed expression that are joined by AND at its outermost level."""
    return _parts(text, " AND ", " OR ")


def disjuncts(text: str) -> list[str]:
    """The parts of a deparsed expression that are joined by OR at its outermost level."""
    return _parts(text, " OR ", " AND ")


def _parts(text: str, joined_by: str, other: str) -> list[str]:
    if joined_by not in text:
        return [text]
    inner = text
    while inner.startswith("(") and _closing(inner, 0) == len(inner) - 1:
        inner = inner[1:-1]
    parts, start, place = [], 0, 0
    while place < len(inner):
        if inner[place] in "(\"'":
            place = _closing(inner, place)
        elif inner.startswith(joined_by, place):
            parts.append(inner[start:place])
            start = place + len(joined_by)
        elif inner.startswith((other, " BETWEEN ", "CASE "), place):
            return [text]
        place += 1
    return [*parts, inner[start:]] if parts else [text]


def _closing(text: str, place: int) -> int:
    """Where the parenthesis, the string or the quoted name that opens at `place` ends."""
    opening, depth = text[place], 0
    if opening != "(":
        end = text.find(opening, place + 1)
        while end >= 0 and text[end + 1 : end + 2] == opening:
            end = text.find(opening, end + 2)
        return end if end >= 0 else len(text)
    while place < len(text):
        if text[place] in "'\"":
            place = _closing(text, place)
        elif text[place] in "()":
            depth += 1 if text[place] == "(" else -1
            if depth == 0:
                return place
        place += 1
    return len(text)


def _spelled(text: str, kind: str) -> Iterator[str]:
    """The strings in one literal: itself, the elements of an array, the keys and strings of a JSON document."""
    yield text
    if kind.endswith("[]"):
        for quoted, bare in _ELEMENT.findall(text.strip().removeprefix("{").removesuffix("}")):
            yield re.sub(r"\\(.)", r"\1", quoted) if quoted else bare.strip()
    elif kind in ("json", "jsonb"):
        try:
            yield from _in_json(json.loads(text))
        except ValueError:
            return


def _in_json(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _in_json(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_json(inner)
