"""JSON as it is written here: ASCII, and without anything that a terminal or a CI runner would obey."""

from __future__ import annotations

import json


def encoded(value: object, indent: int | None = None) -> str:
    """The text of a value. `##[`, which some runners obey wherever it stands in a log, is spelled otherwise."""
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f").replace("##[", "\\u0023#[")
