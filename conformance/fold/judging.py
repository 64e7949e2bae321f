"""What is refused of an expression while it is read, kept until all of it is: what is not understood as a whole may
have been taken apart wrongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from conformance.fold import families
from conformance.fold.families import Told
from conformance.fold.refusals import Refused
from conformance.fold.schema import TypeRef
from conformance.fold.scopes import Outputs, Scope
from conformance.fold.tokens import Cursor, Token


class Judging(Cursor):
    """Reads one expression; `gives` has the columns of the queries in it, by where these begin. `faults` are refused,
    `unsteady` is what is not immutable."""

    def __init__(self, found: Sequence[Token], scope: Scope, gives: Mapping[int, Outputs]) -> None:
        super().__init__("", list(found))
        self.scope = scope
        self.schema = scope.schema
        self.gives = gives
        self.faults: list[Refused] = []
        self.unsteady: list[str] = []

    def group(self) -> Cursor:
        """Take what stands in parentheses, as a plain cursor."""
        plain = Cursor(self.text, self.found)
        plain.at = self.at
        inner = plain.group()
        self.at = plain.at
        return inner

    def judge(self, judged: Refused) -> None:
        """Keep what is refused until all is read."""
        self.faults.append(judged)

    def condition(self, told: Told, where: str) -> None:
        """Keep that a condition is of another type than boolean."""
        try:
            families.judge_condition(self.schema, told, where)
        except Refused as error:
            self.faults.append(error)

    def pair(self, left: Told, operator: str, right: Told) -> None:
        """Keep that an operator is not for such types."""
        try:
            families.judge_pair(self.schema, left, operator, right)
            if left.row is not None and right.row is not None and len(left.row) != len(right.row):
                raise Refused("syntax_error", "rows of different lengths are compared")
            if max(left.columns, right.columns) > 1 and left.row is None and right.row is None:
                raise Refused("syntax_error", "a query gives more than one column where one value is expected")
        except Refused as error:
            self.faults.append(error)

    def common(self, found: Sequence[Told], where: str) -> TypeRef | None:
        """The type that several have together."""
        try:
            return families.common(self.schema, found, where)
        except Refused as error:
            self.faults.append(error)
            return None

    def inner(self, found: Sequence[Token]) -> Self:
        """What reads a part of it, and keeps its faults here."""
        made = type(self)(found, self.scope, self.gives)
        made.faults, made.unsteady = self.faults, self.unsteady
        return made
