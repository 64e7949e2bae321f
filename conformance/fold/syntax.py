"""Reading an expression, with the precedence that PostgreSQL gives its operators.

What is not plain (subqueries, CASE, rows, subscripts, casts by function) is refused: a tree that were only nearly right
would be believed.
"""

from __future__ import annotations

from conformance.fold.nodes import (
    Array,
    Call,
    Cast,
    Coalesce,
    Column,
    IsDistinct,
    IsNull,
    IsTruth,
    Junction,
    Literal,
    Node,
    Not,
    Operation,
    Quantified,
    Word,
)
from conformance.fold.refusals import Refused
from conformance.fold.tokens import Cursor, Token
from conformance.fold.type_names import type_name
from conformance.model.sql import NO_NAMES

DEEPEST = 60
"""How many parentheses may stand in one another."""

_OR, _AND, _NOT, _IS, _COMPARISON, _IN, _OTHER, _SUM, _PRODUCT, _COLLATE, _SIGN = range(1, 12)
_COMPARISONS = frozenset({"=", "<", ">", "<=", ">=", "<>", "!="})
_SUMS = frozenset({"+", "-"})
_PRODUCTS = frozenset({"*", "/", "%"})
_NO_OPERATOR = frozenset({"(", ")", "[", "]", ",", ";", ".", ":", "::", ":=", "..", "=>", "$", "^"})
_VALUES = frozenset(
    """current_timestamp current_date current_time localtime localtimestamp current_user session_user user
    current_role current_catalog current_schema""".split()
)
_FORMS = frozenset(
    """case cast extract overlay position substring trim treat xmlelement row exists select array grouping nullif
    greatest least normalize collation interval with values not any all some""".split()
)
_TRUTHS = ("not true", "not false", "not unknown", "true", "false", "unknown")


def expression(cursor: Cursor) -> Node:
    """Take an expression as far as it goes."""
    return _Reader(cursor).read(0)


def plain_expression(cursor: Cursor) -> Node:
    """Take an expression as it stands behind DEFAULT: AND, OR, NOT, IN and IS belong to what follows it."""
    return _Reader(cursor).read(_IN)


def whole_expression(cursor: Cursor) -> Node:
    """Take an expression that nothing may follow."""
    found = expression(cursor)
    if not cursor.ended:
        raise cursor.odd("the expression should end")
    return found


class _Reader:
    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.depth = 0

    def read(self, least: int) -> Node:
        """An expression of operators that bind tighter than `least`."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.cursor.odd(f"more than {DEEPEST} expressions stand in one another")
        node = self._prefixed(least)
        turns = 0
        while (further := self._infix(node, least)) is not None:
            turns += not (isinstance(node, Junction) and isinstance(further, Junction))
            if turns > DEEPEST:
                raise self.cursor.odd(f"more than {DEEPEST} operators follow each other")
            node = further
        self.depth -= 1
        return node

    def _prefixed(self, least: int) -> Node:
        cursor = self.cursor
        if least < _NOT and cursor.takes("not"):
            return Not(arg=self.read(_NOT - 1))
        if cursor.takes("-"):
            return _negative(self.read(_SIGN), cursor)
        if cursor.takes("+"):
            return self.read(_SIGN)
        return self._suffixed(self._atom())

    def _suffixed(self, node: Node) -> Node:
        for _ in range(DEEPEST):
            if not self.cursor.takes("::"):
                break
            node = Cast(arg=node, type=type_name(self.cursor))
        if self.cursor.sees("::"):
            raise self.cursor.odd(f"more than {DEEPEST} casts follow each other")
        if self.cursor.sees("["):
            raise self.cursor.odd("a subscript is not known here")
        return node

    def _atom(self) -> Node:
        cursor = self.cursor
        token = cursor.take()
        if token.kind == "string":
            return Literal(kind="string", value=self._joined(token))
        if token.kind == "number":
            whole = token.value.isdigit()
            return Literal(kind="int" if whole else "numeric", value=token.value)
        if token.kind == "op" and token.value == "(":
            node = self.read(0)
            cursor.needs(")")
            return node
        if token.kind == "name":
            return self._named(token.value, quoted=True)
        if token.kind == "word":
            return self._word(token.value)
        cursor.at -= 1
        raise cursor.odd("an expression is expected")

    def _joined(self, token: Token) -> str:
        """A string with those that follow it on lines of their own, which are one with it."""
        value = token.value
        while (follows := self.cursor.peek()) is not None and follows.kind == "string":
            text = self.cursor.text
            between = text[token.end : follows.start]
            if text[follows.start] != "'" or text[token.start] == "$" or not {"\n", "\r"} & set(between):
                raise Refused("syntax_error", "one string follows another on its line")
            if text[token.start] != "'" or "/*" in between:
                raise self.cursor.odd("one string follows another")
            token = self.cursor.take()
            value += token.value
        return value

    def _word(self, word: str) -> Node:
        cursor = self.cursor
        if word in ("true", "false"):
            return Literal(kind="bool", value=word)
        if word == "null":
            return Literal(kind="null", value="")
        if word in _VALUES and not cursor.sees("("):
            return Word(word=word)
        if word == "array" and cursor.takes("["):
            return Array(items=self._list("]"))
        if word == "coalesce" and cursor.takes("("):
            return Coalesce(args=self._list(")"))
        if word == "cast" and cursor.takes("("):
            node = self.read(0)
            cursor.needs("as")
            node = Cast(arg=node, type=type_name(cursor))
            cursor.needs(")")
            return node
        if word in _FORMS or word in _VALUES:
            cursor.at -= 1
            raise cursor.odd("this form of an expression is not known here")
        follows = cursor.peek()
        if follows is not None and follows.kind == "string":
            raise cursor.odd("a constant with its type in front is not known here")
        return self._named(word, quoted=False)

    def _list(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        if self.cursor.takes(end):
            return ()
        while True:
            found.append(self.read(0))
            if self.cursor.takes(end):
                return tuple(found)
            self.cursor.needs(",")

    def _named(self, name: str, *, quoted: bool) -> Node:
        cursor = self.cursor
        names = [name]
        while cursor.takes("."):
            names.append(cursor.label())
        if cursor.takes("("):
            if len(names) > 2:
                raise cursor.odd("a function of another database is named")
            schema = names[0] if len(names) == 2 else None
            return Call(schema=schema, name=names[-1], args=self._list(")"))
        if len(names) > 1:
            return Column(name=names[-1], of=names[-2])
        if not quoted and name in NO_NAMES:
            raise Refused("syntax_error", f"{name} is a word of SQL, and no name without quotes")
        return Column(name=name)

    def _infix(self, left: Node, least: int) -> Node | None:
        cursor = self.cursor
        token = cursor.peek()
        if token is None:
            return None
        if token.kind == "word":
            return self._worded(left, token.value, least)
        if token.kind != "op" or token.value in _NO_OPERATOR:
            if token.value == "^":
                raise cursor.odd("the power of a number is not known here")
            return None
        op = "<>" if token.value == "!=" else token.value
        binds = _binds(op)
        if binds <= least:
            return None
        cursor.take()
        if quantifier := cursor.one_of("any", "some", "all"):
            cursor.needs("(")
            if cursor.sees("select"):
                raise cursor.odd("a subquery is not known here")
            right = self.read(0)
            cursor.needs(")")
            return Quantified(op=op, left=left, right=right, every=quantifier == "all")
        return Operation(op=op, left=left, right=self.read(binds))

    def _worded(self, left: Node, word: str, least: int) -> Node | None:
        cursor = self.cursor
        if word in ("and", "or"):
            binds = _AND if word == "and" else _OR
            if binds <= least:
                return None
            cursor.take()
            right = self.read(binds)
            if isinstance(left, Junction) and left.word == word:
                return Junction(word=word, args=(*left.args, right))
            return Junction(word=word, args=(left, right))
        if word in ("is", "isnull", "notnull") and least < _IS:
            return self._is(left)
        if least < _IN:
            negated = cursor.sees("not") and any(cursor.sees("not", w) for w in ("in", "like", "ilike", "between"))
            if word in ("in", "like", "ilike", "between") or negated:
                if negated:
                    cursor.take()
                return self._among(left, cursor.take().value, negated=negated)
            if word == "similar":
                raise cursor.odd("SIMILAR TO is not known here")
        if word in ("collate", "at", "operator", "overlaps"):
            raise cursor.odd(f"{word.upper()} in an expression is not known here")
        return None

    def _is(self, left: Node) -> Node:
        cursor = self.cursor
        if cursor.takes("isnull") or cursor.takes("is", "null"):
            return IsNull(arg=left, negated=False)
        if cursor.takes("notnull") or cursor.takes("is", "not", "null"):
            return IsNull(arg=left, negated=True)
        for negated in (False, True):
            if cursor.takes("is", *(["not"] if negated else []), "distinct", "from"):
                return IsDistinct(left=left, right=self.read(_IS), negated=negated)
        cursor.needs("is")
        truth = cursor.one_of(*_TRUTHS)
        if not truth:
            raise cursor.odd("IS is followed by something that is not known here")
        return IsTruth(arg=left, truth=truth)

    def _among(self, left: Node, word: str, *, negated: bool) -> Node:
        cursor = self.cursor
        if word == "in":
            cursor.needs("(")
            if cursor.sees("select"):
                raise cursor.odd("a subquery is not known here")
            items = self._list(")")
            op = "<>" if negated else "="
            if len(items) == 1:
                return Operation(op=op, left=left, right=items[0])
            return Quantified(op=op, left=left, right=Array(items=items), every=negated, listed=True)
        if word in ("like", "ilike"):
            op = ("!" if negated else "") + ("~~" if word == "like" else "~~*")
            right = self.read(_IN)
            if cursor.sees("escape"):
                raise cursor.odd("ESCAPE is not known here")
            return Operation(op=op, left=left, right=right)
        if cursor.one_of("symmetric", "asymmetric"):
            raise cursor.odd("BETWEEN SYMMETRIC is not known here")
        low = self.read(_IN)
        cursor.needs("and")
        high = self.read(_IN)
        if negated:
            sides = (Operation(op="<", left=left, right=low), Operation(op=">", left=left, right=high))
            return Junction(word="or", args=sides)
        sides = (Operation(op=">=", left=left, right=low), Operation(op="<=", left=left, right=high))
        return Junction(word="and", args=sides)


def _binds(op: str) -> int:
    if op in _COMPARISONS:
        return _COMPARISON
    if op in _SUMS:
        return _SUM
    return _PRODUCT if op in _PRODUCTS else _OTHER


def _negative(node: Node, cursor: Cursor) -> Node:
    if isinstance(node, Literal) and node.kind in ("int", "numeric"):
        return Literal(kind=node.kind, value="-" + node.value)
    raise cursor.odd("a sign in front of what is no number is not known here")
