"""The types and the names of expressions, told from their text as PostgreSQL's grammar takes them apart; and what a
server refuses because of them. What is not understood as a whole is told nothing of, and nothing in it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.fold import families, results, steadiness
from conformance.fold.calls import dotted
from conformance.fold.families import BOOL, Told
from conformance.fold.judging import Judging
from conformance.fold.meaning import Meaning
from conformance.fold.operands import RESERVED, is_query
from conformance.fold.operators import COMPARING
from conformance.fold.primaries import FORMS, VALUES, constant_type, number_type
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import TypeRef
from conformance.fold.scopes import Outputs, Scope
from conformance.fold.tokens import Cursor, Token, depths
from conformance.fold.type_names import type_name
from conformance.model.record import replace

_OR, _AND, _NOT, _IS, _COMPARED, _LIKE, _OP, _SUM, _PRODUCT, _POWER, _AT, _COLLATE, _SIGN, _INDEX, _CAST = range(15)
_SIGNS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT, "^": _POWER}
_SCALAR = frozenset({"number", "text", "uuid", "bool", "json", "interval", "moment"})
_NOTHING = Told(name=None)


class Inference(Judging):
    """Reads one expression by the precedence of its operators."""

    def whole(self) -> Told:
        """What is told of all of it. Raises `Refused`, and `NotUnderstood` where it goes on."""
        told = self.expression_whole()
        if self.faults:
            raise self.faults[0]
        return replace(told, unsteady=next((one for one in self.unsteady if one), ""))

    def expression(self, power: int) -> Told:
        """An expression of what binds at least as close."""
        left = self._prefixed()
        while (token := self.peek()) is not None:
            made = self._worded(left, power) if token.kind == "word" else self._signed(left, token, power)
            if made is None:
                break
            left = made
        return left

    def _prefixed(self) -> Told:
        if self.takes("not"):
            self.condition(self.expression(_NOT), "NOT")
            return Told(type=BOOL)
        if self.takes("-") or self.takes("+"):
            inner = self.expression(_SIGN)
            if families.family(self.schema, inner.type) in ("text", "bool", "uuid", "json", "jsonb", "moment"):
                self.judge(Refused("undefined_function", "there is no sign in front of such a type"))
            known = families.family(self.schema, inner.type) == "number"
            return Told(type=replace(inner.type, modifiers=()) if known and inner.type is not None else None)
        return self.primary()

    def _signed(self, left: Told, token: Token, power: int) -> Told | None:
        if token.kind != "op" or token.value in (")", "]", ",", ";", "(", ":", ":=", "=>", "$", ".."):
            return None
        if token.value == "::":
            self.at += 1
            return self.cast(left)
        if token.value == "[":
            return self._subscribed(left)
        if token.value == ".":
            raise self.odd("a field of a row is not understood")
        binds = _COMPARED if token.value in {*COMPARING, "!="} else _SIGNS.get(token.value, _OP)
        if binds < power:
            return None
        self.at += 1
        if self.one_of("any", "all", "some"):
            return self._quantified(left, token.value)
        right = self.expression(binds + 1)
        operator = "<>" if token.value == "!=" else token.value
        self.pair(left, operator, right)
        self.unsteady.append(steadiness.of_operator(self.schema, left, operator, right))
        return Told(type=results.of_operator(self.schema, left, operator, right))

    def _quantified(self, left: Told, operator: str) -> Told:
        inner = self.group()
        if is_query(inner.found):
            self._compared_with_query(left, operator, inner.found)
            return Told(type=BOOL)
        right = self.inner(inner.found).expression_whole()
        own = families.base(self.schema, right.type)
        if own is not None and own.array:
            self.pair(left, operator, Told(type=replace(own, array=False, modifiers=())))
        elif families.family(self.schema, right.type):
            self.judge(Refused("wrong_object_type", "ANY or ALL is of an array, or of a query"))
        return Told(type=BOOL)

    def expression_whole(self) -> Told:
        """An expression that ends where its part does."""
        told = self.expression(_OR)
        if not self.ended:
            raise self.odd("an expression ends")
        return told

    def _compared_with_query(self, left: Told, operator: str, found: Sequence[Token]) -> None:
        gives = self.gives.get(found[0].start)
        if gives is None:
            return
        width = len(left.row) if left.row is not None else 1
        if len(gives) != width:
            self.judge(Refused("syntax_error", f"a query gives {len(gives)} columns where {width} are compared"))
        elif left.row is None and not gives[0].loose:
            self.pair(left, operator, Told(type=gives[0].type))

    def _worded(self, left: Told, power: int) -> Told | None:
        start = self.at
        if self.takes("or") or self.takes("and"):
            word = self.found[start].value
            binds = _OR if word == "or" else _AND
            if binds < power:
                self.at = start
                return None
            self.condition(left, word.upper())
            self.condition(self.expression(binds + 1), word.upper())
            return Told(type=BOOL)
        if self.sees("is") or self.sees("isnull") or self.sees("notnull"):
            return self._is(left) if power <= _IS else None
        if self.sees("at", "time", "zone") or self.sees("at", "local"):
            return self._zoned(left) if power <= _AT else None
        if self.takes("collate"):
            self.dotted()
            return replace(left, type=None, literal=None)
        return self._matched(left) if power <= _LIKE else None

    def _is(self, left: Told) -> Told:
        if self.takes("isnull") or self.takes("notnull"):
            return Told(type=BOOL)
        self.needs("is")
        self.takes("not")
        if self.takes("distinct", "from"):
            self.pair(left, "=", self.expression(_IS + 1))
        elif word := self.one_of("true", "false", "unknown"):
            self.condition(left, f"IS {word.upper()}")
        else:
            self.needs("null")
        return Told(type=BOOL)

    def _zoned(self, left: Told) -> Told:
        self.takes("at")
        if self.takes("time", "zone"):
            self.expression(_AT + 1)
        else:
            self.needs("local")
        own = families.base(self.schema, left.type)
        other = {"timestamp": "timestamptz", "timestamptz": "timestamp"}.get(own.name if own is not None else "")
        plain = other is not None and own is not None and not own.array
        return Told(type=TypeRef(name=other) if plain and other else None, name="timezone", strength=2)

    def _matched(self, left: Told) -> Told | None:
        """IN, BETWEEN, LIKE and what goes with them."""
        start = self.at
        self.takes("not")
        if self.takes("in"):
            self._among(left, self.group())
        elif self.takes("between"):
            self.one_of("symmetric", "asymmetric")
            self.pair(left, ">=", self.expression(_LIKE + 1))
            self.needs("and")
            self.pair(left, "<=", self.expression(_LIKE + 1))
        elif word := self.one_of("like", "ilike", "similar to"):
            if self.one_of("any", "all", "some"):
                self.group()
                return Told(type=BOOL)
            right = self.expression(_LIKE + 1)
            self.pair(left, word, right)
            if self.takes("escape"):
                self.expression(_LIKE + 1)
        else:
            self.at = start
            return None
        return Told(type=BOOL)

    def _among(self, left: Told, inner: Cursor) -> None:
        if is_query(inner.found):
            self._compared_with_query(left, "=", inner.found)
            return
        for part in inner.parts():
            self.pair(left, "=", self.inner(part.found).expression_whole())

    def cast(self, told: Told) -> Told:
        """What is cast to the type that comes next."""
        name = type_name(self)
        to = Meaning(self.schema).ref(name)
        try:
            families.judge_cast(self.schema, told, to)
        except Refused as error:
            self.judge(error)
        self.unsteady.append(steadiness.of_cast(self.schema, told, to))
        named = told.name if told.strength > 1 or told.name is None else name.name
        return Told(type=to, name=named, strength=max(told.strength, 1))

    def _subscribed(self, left: Told) -> Told:
        sliced = False
        while self.takes("["):
            for token, depth in depths(self.found, self.at):
                self.at += 1
                sliced = sliced or (depth == 0 and token.value == ":")
                if depth < 0:
                    break
        own = families.base(self.schema, left.type)
        if families.family(self.schema, left.type) in _SCALAR:
            self.judge(Refused("datatype_mismatch", "what is no array has a subscript"))
        of = None
        if own is not None and own.array:
            of = own if sliced else replace(own, array=False)
        return Told(type=of, name=left.name, strength=left.strength)

    def primary(self) -> Told:
        """A constant, a column, a call, or what stands in parentheses."""
        token = self.take()
        if token.kind == "string":
            return Told(literal=token.value)
        if token.kind == "number":
            return Told(type=number_type(token.value))
        if (token.kind, token.value) == ("op", "("):
            self.at -= 1
            return self._grouped(self.group())
        if (token.kind, token.value) == ("op", "$"):
            self.take()
            return Told()
        if token.kind == "word" and token.value in VALUES:
            return VALUES[token.value](self)
        self.at -= 1
        if token.kind in ("word", "name") and (of := constant_type(self)) is not None:
            self.take()
            return Told(type=Meaning(self.schema).ref(of), name=of.name, strength=1)
        if token.kind == "word" and token.value in FORMS:
            self.at += 1
            return FORMS[token.value](self)
        if token.kind == "name" or (token.kind == "word" and token.value not in RESERVED):
            return self._named()
        raise self.odd("an expression is expected")

    def _grouped(self, inner: Cursor) -> Told:
        if is_query(inner.found):
            return self.queried(inner.found)
        parts = inner.parts()
        if len(parts) == 1:
            return self.inner(parts[0].found).expression_whole()
        row = tuple(self.inner(part.found).expression_whole().type for part in parts)
        return Told(name="row", strength=2, row=row)

    def queried(self, found: Sequence[Token]) -> Told:
        """A query that gives a value, or a row."""
        gives = self.gives.get(found[0].start)
        if gives is None:
            return _NOTHING
        one = gives[0] if gives else None
        of = one.type if one is not None and len(gives) == 1 else None
        return Told(type=of, name=(one.name or None) if one is not None else None, strength=2, columns=len(gives))

    def _named(self) -> Told:
        from conformance.fold.called import call

        names = dotted(self.found, self.at)
        self.at += 2 * len(names) - 1
        if self.sees("("):
            return call(self, names)
        return Told(type=self.scope.of_column(names), name=names[-1], strength=2)


def told(found: Sequence[Token], scope: Scope, gives: Mapping[int, Outputs]) -> Told:
    """What is told of an expression. Raises `Refused` where the types in it do not fit."""
    if {"operator", "cast"} & scope.schema.doubtful:
        return _NOTHING
    try:
        text = found[:-1] if found and (found[-1].kind, found[-1].value) == ("op", ";") else found
        return Inference(text, scope, gives).whole() if text else _NOTHING
    except Refused:
        raise
    except NotUnderstood:
        return _NOTHING
