"""An expression of SQL as a tree: the plain part of the language that CHECKs, defaults and predicates are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conformance.model.record import Record, replace


class TypeName(Record):
    """A type as it is written: PostgreSQL's own by its internal name, another with its schema where that is given."""

    name: str
    schema: str | None = None
    modifiers: tuple[int, ...] = ()
    array: bool = False


class Node(Record):
    """The base of all parts of an expression."""


class Literal(Node):
    """A constant: `kind` is "string", "int", "numeric", "bool" or "null"; a number has its sign."""

    kind: str
    value: str


class Column(Node):
    """A column, perhaps `of` a table that is named; in a domain, `value` is its value."""

    name: str
    of: str = ""


class Call(Node):
    """A function and its arguments."""

    schema: str | None
    name: str
    args: tuple[Node, ...]


class Word(Node):
    """One of the words that stand for a value, such as CURRENT_TIMESTAMP."""

    word: str


class Operation(Node):
    """`left op right`."""

    op: str
    left: Node
    right: Node


class Quantified(Node):
    """`left op ANY (right)` or `left op ALL (right)`; `listed` says that it was written as a list of IN."""

    op: str
    left: Node
    right: Node
    every: bool
    listed: bool = False


class Junction(Node):
    """AND or OR."""

    word: str
    args: tuple[Node, ...]


class Not(Node):
    """NOT."""

    arg: Node


class IsNull(Node):
    """IS NULL, or IS NOT NULL."""

    arg: Node
    negated: bool


class IsTruth(Node):
    """IS TRUE, IS NOT FALSE and their kin; `truth` holds the words behind IS."""

    arg: Node
    truth: str


class IsDistinct(Node):
    """IS DISTINCT FROM, or IS NOT DISTINCT FROM."""

    left: Node
    right: Node
    negated: bool


class Cast(Node):
    """`arg::type`."""

    arg: Node
    type: TypeName


class Array(Node):
    """`ARRAY[…]`."""

    items: tuple[Node, ...]


class Coalesce(Node):
    """COALESCE."""

    args: tuple[Node, ...]


def changed(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with `change` made to each of its parts, the innermost first."""
    inner: dict[str, Any] = {}
    for name in type(node).__slots__:
        value = getattr(node, name)
        if isinstance(value, Node):
            inner[name] = changed(value, change)
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            inner[name] = tuple(changed(part, change) for part in value)
    return change(replace(node, **inner) if inner else node)


def walk(node: Node) -> Iterator[Node]:
    """The node and all that is in it."""
    yield node
    for name in type(node).__slots__:
        value = getattr(node, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield from walk(part)


def columns_in(node: Node) -> tuple[str, ...]:
    """The columns that an expression names, each once."""
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Column)))
