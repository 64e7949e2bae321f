"""What keeps rows from being read, asked before a look; and whether what was read is what the snapshot has, after it.

Both are statements over the catalogs alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from conformance.model.look import Privileges, Unseen
from conformance.model.looking import Asked, Looking
from conformance.model.sql import identifier, qualified

Named: TypeAlias = tuple[str, str]
"""A table: its schema and its name."""


def guard() -> str:
    """The statement that is asked before; its parameters are `asking`'s."""
    return _text("rows_guard.sql")


def still() -> str:
    """The statement that is asked after; its parameters are `naming`'s. It gives places (from 1) of what changed."""
    return _text("rows_still.sql")


def tables(asked: Iterable[Asked]) -> list[Named]:
    """The tables of which these looks read rows."""
    reads = (read for one in asked if not isinstance(one.look, Privileges) for read in one.reads)
    return list(dict.fromkeys((schema, table) for schema, table, _ in reads))


def naming(named: Sequence[Named]) -> dict[str, Any]:
    return {"schemas": [schema for schema, _ in named], "tables": [table for _, table in named]}


def asking(asked: Sequence[Asked]) -> dict[str, Any]:
    named = tables(asked)
    columns = list(
        dict.fromkeys(read for one in asked if not isinstance(one.look, Privileges) for read in one.reads if read[2])
    )
    return {
        **naming(named),
        "column_tables": [named.index((schema, table)) + 1 for schema, table, _ in columns],
        "columns": [column for *_, column in columns],
    }


def blocked(asked: Sequence[Asked], found: Mapping[Named, Sequence[Any]], looking: Looking) -> dict[str, Unseen]:
    """The looks that cannot be taken, each with all reasons and all that would help; `found` is what `guard` gave."""
    unseen = {}
    for one in asked:
        if isinstance(one.look, Privileges):
            continue
        whys: list[Unseen] = []
        for named in tables([one]):
            own = {column for schema, table, column in one.reads if (schema, table) == named}
            if named in found:
                whys += _why_not(named, own, found[named], looking)
            else:
                whys.append(Unseen(reason=f"{named[1]} is gone", help="run again when its migration has ended"))
        if whys:
            unseen[one.id] = Unseen(reason=_listed(why.reason for why in whys), help=_listed(why.help for why in whys))
    return unseen


def _why_not(named: Named, own: set[str], row: Sequence[Any], looking: Looking) -> Iterator[Unseen]:
    _, kind, _, usable, hidden, filtered, foreign, code, role = row
    (schema, table), name, to = named, qualified(*named), identifier(role)
    if not usable:
        help_ = f"GRANT USAGE ON SCHEMA {identifier(schema)} TO {to}"
        yield Unseen(reason=f"{role} may not use the schema {schema}", help=help_)
    if lacking := [column for column in hidden if column in own]:
        listed = ", ".join(map(identifier, lacking))
        yield Unseen(reason=f"{role} may not read {table} ({listed})", help=f"GRANT SELECT ON {name} TO {to}")
    if filtered:
        help_ = "look as a role with BYPASSRLS, or as the owner where row security is not forced"
        yield Unseen(reason=f"row security of {table} would hide rows from {role}", help=help_)
    if foreign:
        yield Unseen(reason=f"{', '.join(foreign)} under {table} is a foreign table, whose rows are on another server")
    if code and not looking.trust_views:
        help_ = "--trust-views reads it; that may run their owner's code"
        yield Unseen(
            reason=f"planning to read {table} may run code that is not PostgreSQL's own: {code[0]}", help=help_
        )
    if kind in "vm" and looking.sample is not None:
        yield Unseen(reason=f"{table} is a view, of which no sample is drawn")


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _text(file: str) -> str:
    return Path(__file__).with_name(file).read_text(encoding="utf-8")
