"""The sentences of the documented page that a requirement stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_CITED = re.compile(r"the page, lines? (\d+(?:, \d+)*)")


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """The lines that `source` cites, each with its number; none where it cites something else."""
    if cited := _CITED.match(source):
        for number in map(int, cited[1].split(", ")):
            if number in _lines():
                yield number, _lines()[number].strip().removeprefix("- ")


@cache
def _lines() -> Mapping[int, str]:
    import tomllib

    text = (files("conformance") / "contract" / "page.toml").read_text(encoding="utf-8")
    return {line["number"]: line["text"] for line in tomllib.loads(text)["line"]}
