"""Writing names and strings into SQL, for a session with `standard_conforming_strings` on."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_DELICATE = re.compile(r"[^\w{},\"\x80-\U0010ffff]")
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")

# Names that PostgreSQL 12–18 reserve: a column of one of these names needs quotes.
_RESERVED = frozenset(
    """all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case
    cast char character check coalesce collate collation column concurrently constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
    desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
    grouping having ilike in initially inner inout int integer intersect interval into is isnull join json lateral
    leading least left like limit localtime localtimestamp national natural nchar none normalize not notnull null nullif
    numeric offset on only or order out outer overlaps overlay placing position precision primary real references
    returning right row select session_user setof similar smallint some substring symmetric system_user table
    tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose
    when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
    xmlserialize xmltable""".split()
)


# Of these, those that cannot be the name of a table or a column without quotes: the others can.
NO_NAMES = _RESERVED - frozenset(
    """between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int
    integer interval json least national nchar none normalize nullif numeric out overlay position precision real row
    setof smallint substring system_user time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement
    xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable""".split()
)


def identifier(name: str) -> str:
    """`agents`, or `"Agents"` where PostgreSQL would read the bare name as another one."""
    if _PLAIN.match(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """`public.agents`, each part quoted where it must be."""
    return f"{identifier(schema)}.{identifier(name)}"


def mentions(text: str, name: str) -> bool:
    """Whether a deparsed expression names the column, or has a word that looks like it."""
    word = identifier(name)
    place = text.find(word)  # a regular expression for each name would take longer to compile than all else here
    while place >= 0:
        end = place + len(word)
        if not (_goes_on(text[:place][-1:]) or _goes_on(text[end : end + 1])):
            return True
        place = text.find(word, place + 1)
    return False


def _goes_on(character: str) -> bool:
    return character.isalnum() or character in ("_", '"')


def literal(text: str) -> str:
    """A string constant of SQL."""
    return "'" + text.replace("'", "''") + "'"


def text_array(values: Iterable[str]) -> str:
    """A constant whose text is an array of these strings. What the strings hold can end neither it nor whatever it
    stands in: a line, a text in dollars, a statement with placeholders; and it means the same whatever
    `standard_conforming_strings` says."""
    escaped = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    text = "{" + ",".join(f'"{value}"' for value in escaped) + "}"
    return "E'" + _DELICATE.sub(lambda found: f"\\x{ord(found[0]):02x}", text) + "'"


def printable(statement: str) -> str:
    """The statement with its string constants in characters that can be seen, and pasted."""
    return _QUOTED.sub(lambda found: _escaped(found[0]) if found[0].startswith("'") else found[0], statement)


def _escaped(constant: str) -> str:
    if constant.isprintable():
        return constant
    return "E" + "".join(
        character if character.isprintable() else f"\\U{ord(character):08x}"
        for character in constant.replace("\\", "\\\\")
    )
