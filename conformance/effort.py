"""How much a run of `prove` tries, and where it remembers what departed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from conformance.errors import UsageError

EFFORTS: Mapping[str, int] = {"ci": 25, "thorough": 200, "nightly": 2000}
"""Examples of a law a requirement, beside its small domains: for each push, for a release, for a night."""


def examples_of(effort: str | None, examples: int | None) -> int:
    """How many examples are asked for; a number counts more than a name. Raises `UsageError`."""
    if effort is not None and effort not in EFFORTS:
        raise UsageError(f"there is no effort {effort!r}; there are: {', '.join(EFFORTS)}")
    return examples if examples is not None else EFFORTS[effort or "ci"]


def memory() -> Path:
    """Where Hypothesis keeps its examples: `.hypothesis/` where the command is run, or what its own variable says."""
    return Path(os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY") or ".hypothesis") / "examples"
