"""What the server would answer to the checks' questions, where that is plain: comparisons, lists, NULL and what joins
them, with SQL's three-valued logic. Everything else stays unanswered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conformance.fold.computing import truth, value_of
from conformance.fold.nodes import Node
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.syntax import whole_expression
from conformance.fold.tokens import Cursor
from conformance.fold.values import Value, read, shown
from conformance.model.question import Accepted, Answer, Constant, Homonyms, Keys, Probe, Question, Text, Unanswered

_OWN = "pg_catalog."


def answers(schema: Schema, questions: Iterable[Question]) -> Mapping[Question, Answer]:
    """An answer to each question."""
    return {question: _answer(schema, question) for question in questions}


def _answer(schema: Schema, question: Question) -> Answer:
    try:
        match question:
            case Probe():
                return _probe(question)
            case Constant():
                return Text(values=(_constant(question),))
            case Homonyms():
                found = {f.schema for f in schema.functions if f.name == question.name and _callable(f.signature)}
                return Text(values=tuple(sorted(found)))
            case Keys():
                return Unanswered(reason="rows are not in the text of migrations")
    except NotUnderstood as error:
        return Unanswered(reason=f"there is no server to ask, and {error}")


def _callable(signature: str) -> bool:
    """Whether a function of these arguments may be called without any."""
    return signature == "" or "default" in signature.lower() or "=" in signature or "variadic" in signature.lower()


def _probe(probe: Probe) -> Accepted:
    nodes = [_node(text) for text in probe.expressions]
    return Accepted(rows=tuple(_accepted(nodes, probe, row) for row in probe.rows))


def _node(text: str) -> Node:
    try:
        return whole_expression(Cursor(text))
    except Refused as error:
        raise NotUnderstood(str(error)) from None


def _accepted(nodes: Iterable[Node], probe: Probe, row: tuple[str | None, ...]) -> bool:
    """Whether no expression is false; a value that its type refuses is refused."""
    given: dict[str, Value] = {}
    try:
        for (name, cast), text in zip(probe.columns, row, strict=True):
            given[name] = _given(cast, text)
    except Refused:
        return False
    try:
        return all(truth(node, given) is not False for node in nodes)
    except Refused as error:
        raise NotUnderstood(str(error)) from None


def _given(cast: str, text: str | None) -> Value:
    name = cast.removeprefix(_OWN)
    return read(text, name.removesuffix("[]"), array=name.endswith("[]"))


def _constant(constant: Constant) -> str | None:
    try:
        found = value_of(_node(constant.expression), {})
        name = constant.cast.removeprefix(_OWN)
        if found.kind == "":
            found = _given(constant.cast, None if found.value is None else str(found.value))
    except Refused as error:
        raise NotUnderstood(str(error)) from None
    numbers = {"int2", "int4", "int8", "numeric", "float8"}
    same = found.kind + ("[]" if found.array else "") == name
    if not (same or {found.kind, name} <= {"text", "varchar"} or {found.kind, name} <= numbers):
        raise NotUnderstood(f"a cast from {found.kind} to {name} is not known here")
    return shown(found)
