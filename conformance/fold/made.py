"""An expression as the server would print it, with what its parse tree would say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.model.catalog import UNREAD, Expression, Volatility
from conformance.model.record import Record, replace

_USUAL = re.compile(
    r"(?:now\(\)|gen_random_uuid\(\)|CURRENT_TIMESTAMP|true|false|'[^']*'::(?:text|jsonb|character varying|text\[\])"
    r"|-?[0-9]+|nextval\('[^']*'::regclass\))\Z"
)


class Kind(Record):
    """The type of an expression: `name` is internal, `declared` is how a cast prints it. `strange` names it where it is
    not PostgreSQL's own; `domain` says that it is one around the type."""

    name: str
    declared: str
    array: bool = False
    strange: str = ""
    labels: tuple[str, ...] | None = None
    domain: bool = False

    @property
    def element(self) -> Kind:
        """What an array holds."""
        return replace(self, array=False, declared=self.declared.removesuffix("[]"))


class Made(Record):
    """`kind` is None for a string of which nothing yet says what it is. `literal` is the value of a constant."""

    text: str
    kind: Kind | None
    nodes: frozenset[str] = frozenset()
    functions: tuple[str, ...] = ()
    volatility: Volatility = "i"
    strangers: frozenset[str] = frozenset()
    extensions: tuple[str, ...] = ()
    literal: str | None = None


def joined(text: str, kind: Kind | None, node: str, parts: Iterable[Made], *functions: str) -> Made:
    """A larger piece of an expression."""
    parts = tuple(parts)
    strange = {kind.strange} if kind is not None and kind.strange and not kind.domain else set()
    return Made(
        text=text,
        kind=kind,
        nodes=frozenset({node}).union(*(part.nodes for part in parts)),
        functions=tuple(dict.fromkeys([*functions, *(name for part in parts for name in part.functions)])),
        volatility=max((part.volatility for part in parts), default="i"),
        strangers=frozenset(strange).union(*(part.strangers for part in parts)),
        extensions=tuple(dict.fromkeys(name for part in parts for name in part.extensions)),
    )


def analysed(made: Made) -> Expression:
    """The expression as the database source gives it, taken apart."""
    return Expression(
        text=made.text,
        nodes=made.nodes,
        volatility=made.volatility,
        functions=tuple(sorted(made.functions)),
        strangers=tuple(sorted(made.strangers)),
        extensions=made.extensions,
    )


def as_default(made: Made) -> Expression:
    """A default as the database source gives it: the usual ones are not taken apart."""
    return Expression(text=made.text) if _USUAL.match(made.text) else analysed(made)


def unread(text: str) -> Expression:
    """An expression that is not understood, as it was written."""
    return Expression(text=" ".join(text.split()), nodes=frozenset({UNREAD}), volatility="i", strangers=(UNREAD,))
