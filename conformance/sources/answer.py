"""Questions about the database's own expressions, written as one SELECT.

The expressions were printed by the server under an empty search_path, and the checks put questions only where the
server's records say that every part of an expression is shipped with PostgreSQL. Rows travel as parameters, never as
SQL text.

A server needs longer to plan a scan than to look at its rows: so the probes' rows are put one behind the other into one
scan, and the number of a row says which probe's expression it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from conformance.model.question import Accepted, Answer, Constant, Homonyms, Keys, Probe, Question, Text, Unanswered
from conformance.model.record import Record
from conformance.model.sql import identifier, literal, qualified

MOST_KEYS = 1000
"""How many keys of a lookup table are read: more is no set of values."""

LONGEST = 10_000
"""How many characters of a value are read: more is none that a contract asks for."""


class Statement(Record):
    """The SELECT, its parameters, and where in its one row each question's value stands: in which column, and in which
    part of it."""

    text: str
    parameters: Sequence[Any]
    places: Sequence[tuple[int, slice | None]]

    def values(self, row: Sequence[Any]) -> Iterator[Any]:
        """The values that answer the questions, in their order."""
        for column, part in self.places:
            yield row[column] if part is None else (row[column] or "")[part]


def statement(questions: Sequence[Question]) -> Statement:
    """Everything that is asked, in one SELECT."""
    scans: list[_Scan] = []
    others: list[str] = []
    found: list[tuple[_Scan | None, slice]] = []
    for question in questions:
        match question:
            case Probe():
                scan = next((scan for scan in scans if scan.fits(question)), None)
                if scan is None:
                    scans.append(scan := _Scan())
                found.append((scan, scan.put(question)))
                continue
            case Constant():
                others.append(_constant(question))
            case Keys():
                others.append(_keys(question))
            case Homonyms():
                others.append(_homonyms(question))
        found.append((None, slice(len(others) - 1, len(others))))
    selects = [scan.text() for scan in scans]
    alone = len(selects) == 1 and not others  # saves the server a plan around the plan
    return Statement(
        text=selects[0] if alone else "SELECT " + ",\n       ".join([f"({text})" for text in selects] + others),
        parameters=[array for scan in scans for array in scan.arrays()],
        places=[(len(scans) + part.start, None) if scan is None else (scans.index(scan), part) for scan, part in found],
    )


def read(question: Question, value: Any) -> Answer:
    """One column of the statement's row, as the answer to its question."""
    match question:
        case Probe():
            return Accepted(rows=tuple(flag == "1" for flag in value or ""))
        case Constant() if value is not None and len(value) > LONGEST:
            return Unanswered(reason=f"its value is longer than {LONGEST:,} characters")
        case Constant():
            return Text(values=(value,))
        case Keys() | Homonyms():
            return Text(values=tuple(value or ()))


class _Scan:
    """Rows of several probes, one behind the other. Each column of the scan has one type and serves every name that a
    probe has for it; what a row's own probe does not speak of is NULL."""

    def __init__(self) -> None:
        self._types: list[str] = []
        self._names: dict[str, int] = {}
        self._rows: list[dict[int, str | None]] = []
        self._tests: list[tuple[str, int]] = []  # each with the number of the last row that it is for

    def fits(self, probe: Probe) -> bool:
        """Whether each name of the probe's can mean here what it means there, and no expression comes to see a name
        that its own probe does not give it."""
        own = dict(probe.columns)
        known = [(self._names[name], cast) for name, cast in probe.columns if name in self._names]
        apart = len(known) == len({place for place, _ in known})
        return (
            apart
            and all(self._types[place] == cast for place, cast in known)
            and not _seen(self._names.keys() - own.keys(), probe.expressions)
            and not _seen(own.keys() - self._names.keys(), (test for test, _ in self._tests))
        )

    def put(self, probe: Probe) -> slice:
        """Take the probe's rows; where they stand."""
        places = self._places(probe)
        start = len(self._rows)
        self._rows += [dict(zip(places, row, strict=True)) for row in probe.rows]
        test = " AND ".join(f"({text})" for text in probe.expressions)
        if self._tests and self._tests[-1][0] == test:
            self._tests.pop()
        self._tests.append((test, len(self._rows)))
        return slice(start, len(self._rows))

    def _places(self, probe: Probe) -> list[int]:
        taken = {self._names[name] for name, _ in probe.columns if name in self._names}
        for name, cast in probe.columns:
            if name not in self._names:
                free = (place for place, type_ in enumerate(self._types) if type_ == cast and place not in taken)
                place = next(free, len(self._types))
                if place == len(self._types):
                    self._types.append(cast)
                self._names[name] = place
                taken.add(place)
        return [self._names[name] for name, _ in probe.columns]

    def text(self) -> str:
        """One character a row: 1 where its probe's expressions are not false, as PostgreSQL decides a CHECK."""
        number = next(name for name in map("row_{}".format, count()) if name not in self._names)
        *earlier, (last, _) = self._tests
        cases = "".join(f"WHEN {number} <= {end} THEN {test} " for test, end in earlier)
        test = f"CASE {cases}ELSE {last} END" if earlier else last
        given = ", ".join(
            f"r.c{place}{_cast(self._types[place])} AS {_escaped(identifier(name))}"
            for name, place in self._names.items()
        )
        arrays = ", ".join(f"pg_catalog.unnest(%s::{_element(type_)}[])" for type_ in self._types)
        columns = ", ".join(f"c{place}" for place in range(len(self._types)))
        # OFFSET 0: an array is made of its text once, whichever part of the expression is reached
        once = " OFFSET 0" if any(map(_cast, self._types)) else ""
        flag = f"CASE WHEN ({_escaped(test)}) IS NOT FALSE THEN '1' ELSE '0' END"
        return (
            f"SELECT pg_catalog.string_agg({flag}, '' ORDER BY {number})"
            f" FROM (SELECT {given}, r.{number} FROM ROWS FROM ({arrays}) WITH ORDINALITY AS r ({columns}, {number})"
            f"{once}) AS given"
        )

    def arrays(self) -> Iterator[str]:
        """The parameters: one array for each column of the scan."""
        for place in range(len(self._types)):
            yield _array(row.get(place) for row in self._rows)


def _seen(names: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether one of the texts may speak of one of the names, quoted or not."""
    spelled = [name.replace('"', '""') for name in names]
    return any(name in text for text in texts for name in spelled)


def _element(type_: str) -> str:
    """What the parameter is an array of: an array of arrays would have to be a rectangle, so these travel as text."""
    return "pg_catalog.text" if type_.endswith("[]") else type_


def _cast(type_: str) -> str:
    return f"::{type_}" if type_.endswith("[]") else ""


def _array(values: Iterable[str | None]) -> str:
    """An array as PostgreSQL reads it: its elements become values of a type without a cast, which may be anyone's."""
    quoted = (value and value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join("NULL" if value is None else f'"{value}"' for value in quoted) + "}"


def _constant(constant: Constant) -> str:
    """The value as its type prints it: a cast to text may be anyone's."""
    value = f"(({_escaped(constant.expression)})::{constant.cast})"
    return (
        f"CASE WHEN {value} IS NOT NULL THEN pg_catalog.substr(pg_catalog.format('%%s', {value}), 1, {LONGEST + 1}) END"
    )


def _keys(keys: Keys) -> str:
    column, only = identifier(keys.column), "" if keys.partitioned else "ONLY "
    return (
        f"(SELECT pg_catalog.array_agg(k.key ORDER BY k.key) FROM (SELECT {_escaped(column)}::pg_catalog.text AS key"
        f" FROM {only}{_escaped(qualified(keys.schema, keys.table))} LIMIT {MOST_KEYS + 1}) AS k)"
    )


def _homonyms(homonyms: Homonyms) -> str:
    return (
        "(SELECT pg_catalog.array_agg(n.nspname::pg_catalog.text ORDER BY n.nspname) FROM pg_catalog.pg_proc AS f"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace"
        f" WHERE f.proname = {_escaped(literal(homonyms.name))} AND f.pronargs <= f.pronargdefaults"
        " AND n.nspname <> 'pg_catalog')"
    )


def _escaped(text: str) -> str:
    """Text of the database's in a statement whose parameters are marked by %s."""
    return text.replace("%", "%%")


def halves(probe: Probe) -> Iterable[Probe]:
    """The probe in two, for when a row's evaluation raises and would take the others with it."""
    middle = len(probe.rows) // 2
    for rows in (probe.rows[:middle], probe.rows[middle:]):
        yield Probe(columns=probe.columns, expressions=probe.expressions, rows=rows)
