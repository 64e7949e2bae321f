"""ON CONFLICT: whether a unique key decides what conflicts."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import selects
from conformance.fold.refusals import Refused
from conformance.fold.schema import KeyIndex, Relation
from conformance.fold.scopes import Scope, Source
from conformance.fold.tokens import Cursor, Token, tokens
from conformance.model.record import replace

_OTHERWISE = frozenset({"::", "cast", "collate"})
"""With these an expression may be the same that is written in another way."""


def judge_conflict(found: Sequence[Token], table: Relation | None, scope: Scope) -> None:
    """Raises `Refused` where no key is there for what stands behind ON CONFLICT, or a column is not."""
    cursor = Cursor("", [token for token in found if token.value != ";"])
    known = table is not None and scope.sources[0].columns is not None and table.kind in "rp"
    aimed = not cursor.sees("do")
    if cursor.takes("on", "constraint"):
        name = cursor.name()
        if known and table is not None:
            _judge_constraint(table, name)
    elif cursor.sees("("):
        keys = cursor.group()
        partial = cursor.takes("where")
        while partial and not cursor.ended and not cursor.sees("do"):
            cursor.take()
        if known and table is not None:
            _judge_keys(table, keys, scope, partial=partial)
    if cursor.takes("do", "nothing"):
        return
    cursor.needs("do", "update", "set")
    if not aimed:
        raise Refused("syntax_error", "ON CONFLICT DO UPDATE has to name a key")
    _judge_update(cursor.found[cursor.at :], scope)


def _judge_constraint(table: Relation, name: str) -> None:
    index = next((one for one in table.indexes if one.name == name and one.constraint), None)
    if index is None:
        raise Refused("undefined_object", f"{table.name} has no unique constraint {name} here")
    if not index.immediate:
        raise Refused("object_not_in_prerequisite_state", f"{name} is deferrable, and decides no conflict")


def _judge_keys(table: Relation, keys: Cursor, scope: Scope, *, partial: bool) -> None:
    parts = keys.parts()
    plain = [part.found[0].value for part in parts if len(part.found) == 1 and part.found[0].kind in ("word", "name")]
    for name in plain:
        table.column(name)
    others = [_words(part.found) for part in parts if len(part.found) != 1]

    def decides(index: KeyIndex) -> bool:
        if not (index.unique and index.immediate and index.valid):
            return False
        if index.predicate is not None and not partial:
            return False
        spoken = [_words(tokens(key.clause.text)) for key in index.keys if key.clause is not None]
        if any(words & _OTHERWISE for words in (*others, *spoken)):
            names = {word for words in others if "collate" in words for word in words}
            ordered = {key.column for key in index.keys if key.collation and key.column}
            return bool(spoken) or bool(names & ordered)
        return set(index.columns) == set(plain) and set(spoken) == set(others)

    if not any(decides(index) for index in table.indexes):
        told = ", ".join(plain) or "what is written there"
        raise Refused("invalid_column_reference", f"{table.name} has no unique key of {told} here")


def _words(found: Sequence[Token]) -> frozenset[str]:
    """The names and the constants of an expression, and what casts it."""
    return frozenset(token.value for token in found if token.kind != "op" or token.value == "::")


def _judge_update(found: Sequence[Token], scope: Scope) -> None:
    from conformance.fold.writing import judge_set

    target = scope.sources[0]
    both = replace(scope, sources=(target, Source(name="excluded", columns=target.columns)))
    for part in selects.parts(found, frozenset({"where"})):
        if part.word == "where":
            selects.judge_condition(part.found, both, "WHERE")
        else:
            judge_set(part.found, target, both)
