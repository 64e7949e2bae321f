"""The values of options, read; no value of a user's ever reaches a message from here."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from conformance.errors import UsageError

if TYPE_CHECKING:
    from conformance.model.ignoring import Ignoring
    from conformance.model.looking import Looking

_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_TIME = r"(\d+(?:\.\d+)?)(ms|s|min|h)?\Z"
_SHARE = r"(\d+(?:\.\d+)?)%\Z"


def seconds(text: str) -> float:
    """A time in seconds."""
    found = re.match(_TIME, text)
    if found is None or float(found[1]) == 0:
        raise ArgumentTypeError("write a number and a unit: 90s, 10min, 1h")
    return float(found[1]) * _UNITS[found[2] or "s"]


def share(text: str) -> float:
    """A share in percent."""
    found = re.match(_SHARE, text)
    if found is None or not 0 < float(found[1]) < 100:
        raise ArgumentTypeError("write a share between 0% and 100%, such as 1%")
    return float(found[1])


def count(text: str) -> int:
    """A number from 1 on."""
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError("write a number from 1 on")
    return int(text)


def ignoring(text: str) -> Ignoring:
    """The lints to ignore in the files that a glob matches."""
    from conformance.model.ignoring import Ignoring

    glob, _, codes = text.rpartition(":")
    found = tuple(code.strip() for code in codes.split(",") if code.strip())
    if not glob or not found:
        raise ArgumentTypeError("write a glob, a colon and codes: 'db/0001_*:A001,A1*'")
    return Ignoring(glob=glob, codes=found)


def table_rows(text: str) -> tuple[str, int]:
    """How many rows a table has."""
    table, _, number = text.partition("=")
    if not table or not number.replace("_", "").isdigit():
        raise ArgumentTypeError("write a table and how many rows it has: tasks=5000000")
    return table, int(number)


def looking_of(given: Namespace) -> Looking:
    """How the rows are to be looked at. Raises `UsageError`."""
    from dataclasses import fields

    from conformance.model.looking import Looking

    chosen = {field.name: value for field in fields(Looking) if (value := getattr(given, field.name, None)) is not None}
    if (file := getattr(given, "witness_key_file", None)) is not None:
        try:
            chosen["witness_key"] = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the key of the witnesses cannot be read from {file}: {error}") from None
        if chosen.get("show_values"):
            raise UsageError("--show-values would show what --witness-key-file hides; give one of them")
        if not chosen["witness_key"]:
            raise UsageError(f"{file} is empty: a key of the witnesses has to be a secret")
    return Looking(**chosen)


def judge_prove(given: Namespace) -> None:
    """Raises `UsageError` for options that do not go together."""
    from conformance.sources.url import names_file

    source = getattr(given, "source", None)
    if source is not None and hasattr(given, "migrations"):
        raise UsageError("SOURCE names a schema, --migrations brings one along; give one of them")
    if source is None and hasattr(given, "schema"):
        raise UsageError("--schema says where in SOURCE to look; there is no SOURCE")
    thrown_away = [f"--{option}" for option in ("sandbox", "image") if hasattr(given, option)]
    if hasattr(given, "server") and thrown_away:
        raise UsageError(f"{thrown_away[0]} asks for a throw-away server, --server names one; give one of them")
    if hasattr(given, "in_place") != hasattr(given, "owned"):
        raise UsageError("--in-place goes with --i-own-this-database NAME: writing in a database takes both")
    if not hasattr(given, "in_place"):
        return
    if source is None or names_file(source):
        raise UsageError("--in-place provokes the very database: give its URL as SOURCE")
    if hasattr(given, "server") or thrown_away:
        raise UsageError("--in-place provokes the very database; --server, --sandbox and --image name another place")
