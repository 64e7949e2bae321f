"""The names in an expression that can be nothing but columns, put to the scope in which it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.fold import known_types
from conformance.fold.calls import dotted
from conformance.fold.lookup import of_the_system, there
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import TEMPORARY, Schema
from conformance.fold.scopes import Scope
from conformance.fold.tokens import Cursor, Token, depths
from conformance.fold.type_names import type_name

Query = Callable[[Sequence[Token], Scope], object]

RESERVED = frozenset(
    """all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
    current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral
    leading limit localtime localtimestamp not null offset on only or order placing primary references returning select
    session_user some symmetric system_user table then to trailing true union unique user using variadic when where
    window with authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join
    left like natural notnull outer overlaps right similar tablesample verbose""".split()
)
_VALUES = frozenset(
    """current_catalog current_date current_role current_time current_timestamp current_user default end false
    localtime localtimestamp null session_user system_user true user current_schema asc desc""".split()
)
_JOINING = frozenset(
    """and or in like ilike similar between not overlaps when then else from for asymmetric symmetric any all some
    escape placing where by distinct using on zone as order partition variadic""".split()
)
_WINDOWED = frozenset(
    "between partition rows range groups unbounded preceding following current row exclude ties no".split()
)
_OPENING = frozenset({"select", "with", "values", "table"})
_ODD_CALLS = frozenset(
    """xmlelement xmlforest xmlparse xmlpi xmlroot xmlserialize xmlexists xmltable json_object json_array json_table
    json_objectagg json_arrayagg json_exists json_query json_value json_scalar json_serialize json treat normalize
    grouping operator""".split()
)
_OF_RELATIONS = frozenset({"nextval", "currval", "setval", "pg_get_serial_sequence"})
_TELLING = frozenset({"not", "null", "true", "false", "unknown", "document", "normalized", "json", "nfc", "nfd"})
_FIELDS = frozenset({"year", "month", "day", "hour", "minute", "second"})


def is_query(found: Sequence[Token]) -> bool:
    """Whether a query stands there, and no expression."""
    place = 0
    while place < len(found) and (found[place].kind, found[place].value) == ("op", "("):
        place += 1
    return place < len(found) and found[place].kind == "word" and found[place].value in _OPENING


def closing(found: Sequence[Token], place: int) -> int:
    """Where the parenthesis or the bracket that opens there closes; the end where it never does."""
    for at, (token, depth) in enumerate(depths(found, place), place):
        if depth == 0 and token.kind == "op":
            return at
    return len(found)


class Operands:
    """Goes through an expression, where `query` judges those inside of it, and `told` what is named."""

    def __init__(self, scope: Scope, query: Query, told: Callable[[tuple[str, ...]], None] | None = None) -> None:
        self._scope = scope
        self._query = query
        self._told = told or scope.judge

    def judge(self, found: Sequence[Token], *, windowed: bool = False) -> None:
        """Raises `Refused` where a column that is named is not there."""
        place, expected = int(windowed and _is_window(found)), True
        while place < len(found):
            token = found[place]
            if token.kind in ("word", "name"):
                place, expected = self._word(found, place, expected=expected, windowed=windowed)
            elif token.kind == "op":
                place, expected = self._operator(found, place, expected=expected)
            else:
                place, expected = place + 1, False

    def _operator(self, found: Sequence[Token], place: int, *, expected: bool) -> tuple[int, bool]:
        value = found[place].value
        if value == "(":
            end = closing(found, place)
            self._inside(found, place, end)
            return end + 1, False
        if value == "::":
            self._judge_type(found, place + 1)
            if (
                place
                and found[place - 1].kind == "string"
                and [t.value for t in found[place + 1 : place + 2]] == ["regclass"]
            ):
                self._judge_relation(found[place - 1].value)
            return behind_type(found, place + 1), False
        if value == "." and not expected:
            return place + 2, False
        if value == "$":
            return place + 2, False
        if value in (")", "]") or (value == "*" and expected):
            return place + 1, False
        return place + 1, True

    def _judge_type(self, found: Sequence[Token], place: int) -> None:
        """Raises `Refused` where an expression is cast to a type that is not there."""
        try:
            name = type_name(Cursor("", list(found[place : place + 12])))
        except NotUnderstood:
            return
        known_types.judge(self._scope.schema, name)

    def _judge_relation(self, text: str) -> None:
        """Raises `Refused` where a string has the name of a relation that is not there."""
        schema = self._scope.schema
        try:
            names = Cursor(text).dotted()
        except NotUnderstood:
            return
        if not of_the_system(names) and not _is_index(schema, names):
            there(schema, names)

    def _inside(self, found: Sequence[Token], place: int, end: int) -> None:
        inner = found[place + 1 : end]
        before = found[place - 1] if place else None
        word = before.value if before is not None and before.kind == "word" else ""
        if is_query(inner):
            self._query(inner, self._scope)
        elif word in _OF_RELATIONS and inner and inner[0].kind == "string":
            self._judge_relation(inner[0].value)
            self.judge(inner)
        elif word in ("cast", "extract"):
            self._form(inner, word)
        elif word not in _ODD_CALLS:
            self.judge(inner, windowed=word in ("over", "group", "window"))

    def _form(self, inner: Sequence[Token], word: str) -> None:
        """CAST (… AS type), EXTRACT (field FROM …)."""
        for at, (token, depth) in enumerate(depths(inner)):
            if depth == 0 and (token.kind, token.value) == ("word", "as" if word == "cast" else "from"):
                self.judge(inner[:at] if word == "cast" else inner[at + 1 :])
                return

    def _word(self, found: Sequence[Token], place: int, *, expected: bool, windowed: bool) -> tuple[int, bool]:
        token = found[place]
        word = token.value if token.kind == "word" else ""
        if windowed and word in _WINDOWED:
            return place + 1, True
        if word == "by" and place and found[place - 1].value in ("order", "partition", "group"):
            return place + 1, True
        if not expected:
            return _between(found, place)
        if word in RESERVED and not (_follows(found, place, "(") and word in ("left", "right")):
            return place + 1, word not in _VALUES
        return self._operand(found, place), False

    def _operand(self, found: Sequence[Token], place: int) -> int:
        """Judge the name that stands there; where what follows it stands."""
        names = dotted(found, place)
        behind = place + 2 * len(names) - 1
        follows = found[behind] if behind < len(found) else None
        if follows is None or follows.kind not in ("op", "string", "word"):
            self._told(names)
        elif follows.kind == "op" and follows.value == "(":
            return behind
        elif follows.kind == "op" and follows.value == ".":
            return behind + 2
        elif follows.kind == "string" or follows.value in ("=>", ":="):
            return behind + 1
        elif follows.kind == "word" and _typed(found, behind):
            return _typed(found, behind)
        else:
            self._told(names)
        return behind


def _is_index(schema: Schema, names: tuple[str, ...]) -> bool:
    places = names[-2:-1] or (TEMPORARY, *schema.path)
    return any(schema.relations.with_index((space, names[-1])) is not None for space in places)


def _is_window(found: Sequence[Token]) -> bool:
    """Whether the name of another window stands in front of what this one has beside."""
    words = [token.value for token in found[:2]]
    return len(words) == 2 and words[0] not in _WINDOWED and (words[1] == "order" or words[1] in _WINDOWED - {"no"})


def _between(found: Sequence[Token], place: int) -> tuple[int, bool]:
    """Where to go on behind a word that stands behind an operand, and whether another one has to follow."""
    word = found[place].value if found[place].kind == "word" else ""
    if word == "is":
        place += 1
        while place < len(found) and found[place].kind == "word" and found[place].value in _TELLING:
            place += 1
        return place, False
    if word in ("collate", "over"):
        if _follows(found, place, "("):
            return place + 1, False
        return place + max(2 * len(dotted(found, place + 1)), 1), False
    if word == "not" and place + 1 < len(found) and found[place + 1].value == "between":
        return place + 2, True
    if word == "to" and place and found[place - 1].value in _FIELDS:
        return place + 2, False
    return place + 1, word in _JOINING or word == "to"


def _follows(found: Sequence[Token], place: int, value: str) -> bool:
    return place + 1 < len(found) and (found[place + 1].kind, found[place + 1].value) == ("op", value)


def _typed(found: Sequence[Token], place: int) -> int:
    """Where a constant ends that has a type of several words in front of it; 0 where there is none."""
    for at in range(place, min(place + 4, len(found))):
        if found[at].kind == "string":
            return at + 1
        if found[at].kind != "word" or found[at].value not in ("with", "without", "time", "zone", "precision"):
            break
    return 0


def behind_type(found: Sequence[Token], place: int) -> int:
    """Where the name of a type ends that begins there."""
    place += max(2 * len(dotted(found, place)) - 1, 1)
    while place < len(found):
        value = found[place].value
        if found[place].kind == "op" and value in "([":
            place = closing(found, place) + 1
        elif found[place].kind == "word" and (value in ("varying", "precision", "array") or value in _FIELDS):
            place += 1
        elif [token.value for token in found[place : place + 3]] in (
            ["with", "time", "zone"],
            ["without", "time", "zone"],
        ):
            place += 3
        else:
            break
    return place
