"""Queries put together by UNION and the like, and what rows are sorted and grouped by: columns by their places."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold.families import family
from conformance.fold.refusals import Refused
from conformance.fold.schema import Output, Schema
from conformance.fold.scopes import Outputs
from conformance.fold.tokens import Cursor, Token
from conformance.model.record import Record, replace

_WAYS = frozenset({"asc", "desc", "nulls", "first", "last"})


class Part(Record):
    """A clause: its first word, or "" where none stands in front, and what stands behind that."""

    word: str
    found: tuple[Token, ...]


def outputs(schema: Schema, gives: Sequence[Outputs]) -> Outputs:
    """What queries give together: of a type is what is of the same type in each. Raises `Refused`."""
    known = [each for each in gives if each is not None]
    if len({len(each) for each in known}) > 1:
        raise Refused("syntax_error", "queries that are put together give as many columns each")
    for column in zip(*known, strict=True):
        families = {family(schema, one.type) for one in column if not one.loose} - {""}
        if len(families) > 1:
            raise Refused("datatype_mismatch", f"{' and '.join(sorted(families))} are put together in a column")
    if gives[0] is None:
        return None
    alike = [len(known) == len(gives) and len({one.type for one in column}) == 1 for column in zip(*known, strict=True)]
    return tuple(one if same else replace(one, type=None) for one, same in zip(gives[0], alike, strict=True))


def _items(found: Sequence[Token]) -> list[list[Token]]:
    """What stands behind ORDER BY or GROUP BY, without how it is sorted."""
    made = []
    for part in Cursor("", list(found[1:])).parts():
        item = part.found
        while item and item[-1].kind == "word" and item[-1].value in _WAYS:
            item = item[:-1]
        made.append(item)
    return made


def judge_places(part: Part, gives: Sequence[Output]) -> None:
    """Raises `Refused` where a place is named that the select list does not have, or a constant that is none."""
    for item in _items(part.found):
        _judge_place(item, gives)


def _judge_place(item: Sequence[Token], gives: Sequence[Output]) -> None:
    if len(item) != 1 or item[0].kind not in ("number", "string"):
        return
    if item[0].kind == "string" or not item[0].value.isdigit():
        raise Refused("syntax_error", "rows are sorted or grouped by a constant that is no place")
    if not 0 < int(item[0].value) <= len(gives):
        raise Refused("invalid_column_reference", f"the select list has no place {item[0].value}")


def judge_sorted(found: Sequence[Token], gives: Outputs) -> None:
    """Raises `Refused` where queries that are put together are sorted by what is none of their columns."""
    if gives is None or not found:
        return
    names = {one.name for one in gives}
    for item in _items(found):
        _judge_place(item, gives)
        plain = len(item) == 1 and item[0].kind in ("word", "name")
        if plain and "" not in names and item[0].value not in names:
            raise Refused("undefined_column", f"the queries give no column {item[0].value}")
        operators = any(token.kind == "op" and token.value not in (".", ";") for token in item)
        if operators and not any(token.value in ("collate", "using") for token in item):
            raise Refused("feature_not_supported", "what is put together is sorted by columns, and no expressions")
