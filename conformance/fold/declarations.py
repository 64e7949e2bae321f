"""What the DECLARE of a block declares: a server refuses a name that is there twice, a type that is not there, and a
variable that has to have a value and has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.fold import known_types
from conformance.fold.lookup import of_the_system, there
from conformance.fold.refusals import Refused, as_far_as_understood
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor, Token, depths
from conformance.fold.type_names import type_name

_VALUED = frozenset({":=", "=", "default"})
_TYPED_BY = ("collate", "not", "default", ":=", "=")
_OTHERS = frozenset({"alias", "cursor", "scroll", "no"})
FRESH = frozenset({";", "then", "else", "begin", "loop", ">>", "declare"})
"""Behind these a statement begins."""


def judge(schema: Schema | None, found: Sequence[Token], free: frozenset[str]) -> set[str]:
    """The names that are known in the body; `free` are those from outside of it. Raises `Refused`; without a schema,
    types are not looked for."""
    known = set(free)
    for section in _sections(found):
        names: set[str] = set()
        for part in section:
            if not part or part[0].kind not in ("word", "name"):
                continue
            if part[0].value in names:
                raise Refused("syntax_error", f"{part[0].value} is declared twice")
            names.add(part[0].value)
            known.add(part[0].value)
            if len(part) > 1 and part[1].value not in _OTHERS:
                _judge_variable(schema, part, known)
    return known


def _sections(found: Sequence[Token]) -> Iterator[list[list[Token]]]:
    """What each DECLARE declares: the tokens of each variable."""
    section: list[list[Token]] | None = None
    part: list[Token] = []
    before = ";"
    for token, depth in depths(found):
        word = token.value if token.kind == "word" else ""
        if word == "declare" and before in FRESH:
            section = [] if section is None else section
        elif section is not None and word == "begin" and depth == 0 and not part:
            yield section
            section = None
        elif section is not None and (token.kind, token.value) == ("op", ";") and depth == 0:
            section.append(part)
            part = []
        elif section is not None:
            part.append(token)
        before = token.value if token.kind in ("word", "op") else ""


def _judge_variable(schema: Schema | None, part: Sequence[Token], known: set[str]) -> None:
    own = part[2:] if part[1].value == "constant" else part[1:]
    words = [token.value for token in own if token.kind in ("word", "op")]
    if schema is not None:
        _judge_type(schema, own, known)
    required = any(words[place : place + 2] == ["not", "null"] for place in range(len(words)))
    if required and not _VALUED & set(words):
        raise Refused("null_value_not_allowed", f"{part[0].value} is NOT NULL, and has no value")


def _judge_type(schema: Schema, part: Sequence[Token], known: set[str]) -> None:
    """A type by its name, that of a column, or the row of a table; of another variable nothing is asked."""
    with as_far_as_understood():
        cursor = Cursor("", list(part))
        if not any((token.kind, token.value) == ("op", "%") for token in part[:6]):
            of = type_name(cursor)
            if cursor.ended or any(cursor.sees(word) for word in _TYPED_BY):
                known_types.judge(schema, of)
            return
        names = cursor.dotted()
        cursor.needs("%")
        row = cursor.takes("rowtype")
        if of_the_system(names) or names[0] in known or (not row and len(names) == 1):
            return
        relation = there(schema, names if row else names[:-1])
        if relation is not None and not row and relation.kind in "rp" and not relation.opaque:
            relation.column(names[-1])
