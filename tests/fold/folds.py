"""A schema folded from text beside the one that a server has of the same statements."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.fold.catalog import catalog
from conformance.fold.folding import Folded, fold
from conformance.fold.schema import Schema
from conformance.model.catalog import UNREAD, Catalog, Table
from conformance.model.record import Record, replace
from conformance.model.written import Written
from conformance.sources.database import Session
from conformance.sources.sql_statements import pieces
from conformance.sources.url import parse


def statements(text: str, file: str = "t.sql") -> list[Written]:
    """The statements of a text."""
    return [Written(file=file, line=p.line + 1, text=p.text, fault=p.fault) for p in pieces(text) if not p.bare]


def folded(text: str, tables: Sequence[str] = (), major: int = 18) -> Folded:
    """What a text builds."""
    return fold(statements(text), tables, Schema(major=major))


def of_files(files: Sequence[Path], tables: Sequence[str], major: int) -> tuple[Folded, Catalog]:
    """What files build, and the catalog of it."""
    found = [one for file in files for one in statements(file.read_text(encoding="utf-8"), file.name)]
    result = fold(found, tables, Schema(major=major))
    return result, catalog(result.schema, tables)


def introspected(url: str, tables: Sequence[str]) -> Catalog:
    """The catalog that a server gives."""
    with Session(parse(url), origin="a test", schema="public") as session:
        return session.catalog(tables)


def comparable(table: Table) -> Mapping[str, Any]:
    """All of a table but what text cannot know: its owner, and how a major writes its parse trees."""
    plain: dict[str, Any] = dataclasses.asdict(replace(table, owner=""))
    return {key: _plain(value) for key, value in plain.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("enforced") is False and "bare" in value:
            value = {**value, "bare": ()}  # whether a table ever had a trigger
        if {"nodes", "volatility", "strangers"} <= value.keys():
            looked = value["nodes"] is not None
            return {
                "text": value["text"],
                "looked": looked,
                "volatility": value["volatility"],
                "functions": sorted(set(value["functions"])),
                "strangers": bool(value["strangers"]),
                "nodes": sorted(set(value["nodes"] or ())),
            }
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if isinstance(value, Record):
        return _plain(dataclasses.asdict(value))  # type: ignore[call-overload]
    return value


def differences(ours: Catalog, theirs: Catalog) -> list[str]:
    """Where two catalogs differ, a line each."""
    found = [f"only here: {name}" for name in ours.tables.keys() - theirs.tables.keys()]
    found += [f"only there: {name}" for name in theirs.tables.keys() - ours.tables.keys()]
    for name in ours.tables.keys() & theirs.tables.keys():
        found += _apart(name, comparable(ours.tables[name]), comparable(theirs.tables[name]))
    return sorted(found)


def _apart(place: str, here: Any, there: Any) -> list[str]:
    if isinstance(here, dict) and UNREAD in here.get("nodes", ()):
        return [] if there is not None else [f"{place}: here it is not read, there it is not"]
    if isinstance(here, dict) and isinstance(there, dict):
        keys = dict.fromkeys((*here, *there))
        return [line for key in keys for line in _apart(f"{place}.{key}", here.get(key), there.get(key))]
    if isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
        return [line for n, pair in enumerate(zip(here, there, strict=True)) for line in _apart(f"{place}[{n}]", *pair)]
    return [] if here == there else [f"{place}: here {here!r}, there {there!r}"]
