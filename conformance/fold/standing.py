"""Expressions that a table, an index or a policy keeps: whether they can stand there, as far as they are read."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import places
from conformance.fold.places import Place
from conformance.fold.refusals import Acting, Refused, as_far_as_understood
from conformance.fold.schema import Relation, Schema
from conformance.fold.scopes import Scope, Source, outputs_of
from conformance.fold.tokens import Token, depths, tokens

_DEEPEST = 50


def judge_depth(found: Sequence[Token]) -> None:
    """Raises `Acting` where parentheses stand in one another deeper than anybody writes them, and `Refused` where one
    is never closed."""
    levels = [depth for _, depth in depths(found)]
    if max(levels, default=0) > _DEEPEST:
        raise Acting("its parts stand too deep in one another")
    if levels and levels[-1] != 0:
        raise Refused("syntax_error", "a parenthesis is not closed, or not opened")


def judge_kept(schema: Schema, table: Relation | None, found: Sequence[Token], place: Place) -> None:
    """Raises `Refused` where an expression on the rows of a table, or on none, names what is not there."""
    sources = () if table is None else (Source(name=table.name, columns=outputs_of(schema, table)),)
    judge_among(Scope(schema=schema, sources=sources), found, place)


def judge_among(scope: Scope, found: Sequence[Token], place: Place) -> None:
    """Raises `Refused` where an expression cannot stand there, or names what is not there."""
    judge_depth(found)
    with as_far_as_understood():
        places.judge(found, scope, place)


def judge_text(schema: Schema, table: Relation | None, text: str, place: Place) -> None:
    """Raises `Refused` where an expression that is not taken apart names what is not there."""
    with as_far_as_understood():
        judge_kept(schema, table, tokens(text), place)
