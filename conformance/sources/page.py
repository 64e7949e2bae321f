"""The documented page, line by line, and where it and the reference facts disagree."""

from __future__ import annotations

import tomllib
from pathlib import Path

from conformance.model.contract import Conflict, PageLine


def page(folder: Path) -> tuple[PageLine, ...]:
    """The documented page, line by line."""
    record = tomllib.loads((folder / "page.toml").read_text(encoding="utf-8"))
    return tuple(
        PageLine(number=line["number"], text=line["text"], no_claim=line.get("no-claim"), rest=line.get("rest"))
        for line in record["line"]
    )


def conflicts(folder: Path) -> tuple[Conflict, ...]:
    """Every place where the page and the facts disagree, or the page with itself."""
    record = tomllib.loads((folder / "conflicts.toml").read_text(encoding="utf-8"))
    return tuple(Conflict(**{**entry, "requirements": tuple(entry["requirements"])}) for entry in record["conflict"])
