"""EXPLAIN: the statement that it is about, which is run with ANALYZE only."""

from __future__ import annotations

from conformance.fold import calls
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.tokens import Cursor

_OPTIONS = frozenset({"analyze", "verbose", "costs", "settings", "buffers", "summary", "format"})
_RUNNING = frozenset({"wal", "timing"})
_ROWS = ("select", "insert", "update", "delete", "merge", "values", "with", "table")


def inner(cursor: Cursor) -> Cursor:
    """The statement about rows behind EXPLAIN. Raises `NotUnderstood`."""
    cursor.needs("explain")
    if cursor.sees("("):
        _judge_options(cursor.group())
    else:
        cursor.takes("analyze")
        cursor.takes("verbose")
    if not any(cursor.sees(word) for word in _ROWS):
        raise cursor.odd("what is explained is not understood")
    found = cursor.found[cursor.at :]
    if calls.makes_table(found) or any(token.value == "set_config" for token in found):
        raise NotUnderstood("whether what is explained is run is not known here")
    return Cursor(cursor.text, found)


def _judge_options(options: Cursor) -> None:
    parts = options.parts()
    names = [part.label() for part in parts]
    for name, part in zip(names, parts, strict=True):
        if name not in _OPTIONS | _RUNNING:
            raise NotUnderstood(f"the option {name} of EXPLAIN is not known here")
        if not part.ended:
            part.take()
        part.ends()
    if not _RUNNING.isdisjoint(names) and "analyze" not in names:
        raise Refused("invalid_parameter_value", "an option of EXPLAIN needs ANALYZE")
