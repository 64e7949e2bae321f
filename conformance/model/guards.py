"""What guards a table's columns: its CHECKs, taken apart, and those of the columns' domains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.model.catalog import CUT, LONGEST, UNREAD, Check, Column, Expression, ForeignKey, Table
from conformance.model.record import Record
from conformance.model.references import why_not_kept
from conformance.model.sql import mentions
from conformance.model.strings import conjoined

# The nodes of a parse tree whose value follows from the row alone and whose parts the source lists.
EVALUABLE = frozenset(
    """BOOLEXPR NULLTEST BOOLEANTEST OPEXPR DISTINCTEXPR NULLIFEXPR SCALARARRAYOPEXPR FUNCEXPR CONST VAR RELABELTYPE
    ARRAY ARRAYEXPR CASE CASEEXPR WHEN CASEWHEN CASETESTEXPR COALESCE COALESCEEXPR MINMAX MINMAXEXPR COERCEVIAIO
    ARRAYCOERCEEXPR COERCETODOMAINVALUE COLLATE COLLATEEXPR""".split()
)


class Guard(Record):
    """One CHECK in force: its expression over `columns`, in which a domain's own value is called `value`.

    It is not `sure` where it is not known whether a row comes by it; `only` are the values that do, where they are
    known."""

    name: str
    expression: Expression
    columns: tuple[str, ...]
    proven: bool
    domain: bool = False
    sure: bool = True
    only: frozenset[str | None] | None = None


# An expression of these alone depends on nothing but which columns are NULL (and which flags are set): no type's own
# code runs in it.
_NULLNESS = frozenset({"NULLTEST", "BOOLEXPR", "VAR"})


_KEYED = frozenset({"text", "varchar", "bpchar", "name", "int2", "int4", "int8"})


def by_nullness_alone(expression: Expression) -> bool:
    """Whether the expression's value follows from which columns are NULL, if none of them is a boolean."""
    return expression.nodes is not None and expression.nodes <= _NULLNESS


def why_not_evaluable(expression: Expression) -> str:
    """Why an expression must not be evaluated, or "" where it may be."""
    if by_nullness_alone(expression):
        return ""
    if CUT in (expression.nodes or ()):
        return f"it is longer than {LONGEST:,} characters"
    if UNREAD in (expression.nodes or ()):
        return f"it is {UNREAD}"
    if expression.strangers:
        return f"it uses {', '.join(expression.strangers)}, which is not PostgreSQL's own and is never run"
    if expression.nodes is None:
        return "its parse tree was not looked at"
    if expression.volatility != "i":
        return "its value may change from one call to the next"
    if odd := expression.nodes - EVALUABLE:
        return f"its parse tree has {', '.join(sorted(odd))}, which is not evaluated"
    return ""


def guards(table: Table, columns: Sequence[str]) -> list[Guard]:
    """What is enforced on new rows over any of these columns; `proven` if it also holds for the rows of before.

    A CHECK is taken apart at its ANDs, each of which refuses what it refuses alone; what then still depends on other
    columns is put together again, because rows have to satisfy all of it at once.
    """
    touched = set(columns) | set(_computed_from(table, columns))
    found: list[Guard] = []
    for check in table.checks:
        if check.enforced and (touched & set(check.columns) or not check.columns):
            found += parts_of(check, columns, proven=not why_unproven(table, check))
    for name in columns:
        found += [
            Guard(name=check.name, expression=part, columns=(name,), proven=check.validated, domain=True)
            for domain in table.columns[name].type.domains
            for check in domain.checks
            for part in conjoined(check.expression)
        ]
    return _joined(found, columns)


def _computed_from(table: Table, columns: Sequence[str]) -> Iterator[str]:
    """The generated columns whose value follows from any of these."""
    for column in table.columns.values():
        if column.generated and column.default and any(mentions(column.default.text, name) for name in columns):
            yield column.name


def parts_of(check: Check, columns: Sequence[str], *, proven: bool) -> list[Guard]:
    """A CHECK, taken apart at its ANDs if it is over several columns."""
    if len(check.columns) < 2:
        own = check.columns or tuple(columns[:1])
        parts = conjoined(check.expression)
        return [Guard(name=check.name, expression=part, columns=own, proven=proven) for part in parts]
    return [
        Guard(name=check.name, expression=part, columns=own, proven=proven)
        for part in conjoined(check.expression)
        if (own := tuple(name for name in check.columns if mentions(part.text, name)) or check.columns)
    ]


def _joined(found: list[Guard], columns: Sequence[str]) -> list[Guard]:
    wide = [guard for guard in found if set(guard.columns) - set(columns) and not why_not_evaluable(guard.expression)]
    if len(wide) < 2:
        return found
    expressions = [guard.expression for guard in wide]
    joint = Expression(
        text=" AND ".join(f"({expression.text})" for expression in expressions),
        nodes=frozenset().union(*(expression.nodes or () for expression in expressions)) | {"BOOLEXPR"},
        volatility="i",
        functions=tuple(dict.fromkeys(name for expression in expressions for name in expression.functions)),
    )
    return [guard for guard in found if guard not in wide] + [
        Guard(
            name=", ".join(dict.fromkeys(guard.name for guard in wide)),
            expression=joint,
            columns=tuple(dict.fromkeys(name for guard in wide for name in guard.columns)),
            proven=all(guard.proven for guard in wide),
        )
    ]


def why_unproven(table: Table, check: Check) -> str:
    """Why a CHECK need not hold for every row that is there, or ""."""
    if not check.enforced:
        return "NOT ENFORCED"
    if not check.validated:
        return "NOT VALID"
    return f"NO INHERIT, and {', '.join(table.children)} inherits" if check.no_inherit and table.children else ""


def refuses_null(column: Column) -> str:
    """What in the column's own record refuses NULL, or "" where nothing does."""
    if column.not_null:
        return "not null" if column.not_null_validated else "not null, not valid"
    for domain in column.type.domains:
        if domain.not_null:
            return f"domain {domain.name} is not null"
    return ""


def keys_read(column: Column) -> bool:
    """Whether the keys that a column's values have to be among are read, as texts."""
    return column.type.shipped and column.type.labels is None and column.type.name in _KEYED and not column.type.array


def lookups(table: Table, column: str, *, proven_only: bool) -> list[ForeignKey]:
    """The enforced foreign keys of this column alone: each makes another table's keys its set of values. All rows have
    them only where a key is kept."""
    return [
        key
        for key in table.foreign_keys
        if key.columns == (column,)
        and (not why_not_kept(key, table) if proven_only else key.enforced and key.triggers and not key.asleep)
    ]


def sayers(table: Table, column: str) -> Iterator[tuple[str, str]]:
    """What says which values there may be, each by its name."""
    for guard in guards(table, (column,)):
        yield guard.name, guard.expression.text
    actual = table.columns[column].type
    if actual.labels is not None:
        yield f"enum {actual.schema}.{actual.name}", ", ".join(actual.labels)
    for key in lookups(table, column, proven_only=False):
        yield key.name, f"lookup table {key.target_schema}.{key.target}"
