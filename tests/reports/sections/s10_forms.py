"""What forms of URL come to: the rows are those of the tests (`tests/sources/url_table.py`), each read anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from compatibility import cell, table
from psycopg.conninfo import conninfo_to_dict
from url_table import CANARY, FORMS, REFUSALS

from conformance.errors import UsageError
from conformance.sources.url import parse

TITLE = "Forms of database URLs"


def _shown(text: str) -> str:
    """As code, a password as dots."""
    return cell(text.replace(CANARY, "…"))


def _understood() -> Iterator[tuple[str, ...]]:
    for form in FORMS:
        url = parse(form.text)
        told = " ".join(f"{key}={value}" for key, value in conninfo_to_dict(url.text).items() if value is not None)
        schemas = ", ".join(url.schemas) or "the search path"
        yield form.family, _shown(form.text), _shown(told), schemas, "; ".join(url.said)


def _refused() -> Iterator[tuple[str, ...]]:
    for form in REFUSALS:
        try:
            parse(form.text)
        except UsageError as error:
            yield form.family, _shown(form.text), str(error).replace("|", "\\|")
        else:
            raise AssertionError(f"{form.text!r} is not refused")


def text(_: Callable[[str], Any]) -> str:
    """Those that are understood, and those that are not."""
    found = "\n".join(
        [
            f"### Understood ({len(FORMS)})\n",
            table(("of", "form", "libpq is told", "looked in", "said"), *_understood()),
            f"### Refused, with exit code 2 and before anything is opened ({len(REFUSALS)})\n",
            table(("of", "form", "answer"), *_refused()),
        ]
    )
    assert CANARY not in found
    return found
