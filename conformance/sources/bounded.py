"""Files that people write by hand, and that may be anybody's: none is large."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

LARGEST_MB = 4


class TooLarge(OSError):
    """It is larger than a person writes."""


def data_of(path: Path) -> bytes:
    """What is in the file. Raises OSError."""
    with path.open("rb") as stream:
        data = stream.read(LARGEST_MB * 1_000_000 + 1)
    if len(data) > LARGEST_MB * 1_000_000:
        raise TooLarge(0, f"it is larger than {LARGEST_MB} MB")
    return data


def toml(text: str) -> dict[str, Any]:
    """What the text tells. Raises `tomllib.TOMLDecodeError`, also where it is nested more deeply than anybody reads."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("it is nested too deeply") from None
