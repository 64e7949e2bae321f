"""What forms of URL come to: `python tests/reports/compatibility.py` writes `reports/compatibility.md`.

The rows are those of the tests (`tests/sources/url_table.py`), each read anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from conformance.errors import UsageError
from conformance.sources.url import parse

sys.path.insert(0, str(Path(__file__).parent.parent / "sources"))

from url_table import CANARY, FORMS, REFUSALS

REPORT = Path(__file__).parent.parent.parent / "reports" / "compatibility.md"
_HEAD = """\
# Compatibility

Written by `tests/reports/compatibility.py` from the rows that the tests go through.

## Forms of database URLs
"""


def _cell(text: str) -> str:
    """Text as code in a cell of a table; what cannot be seen as an escape, a password as dots."""
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text.replace(CANARY, "…"))
    return f"`{shown}`".replace("|", "\\|") if shown else ""


def _understood() -> Iterator[str]:
    yield "| of | form | libpq is told | looked in | said |\n| --- | --- | --- | --- | --- |\n"
    for form in FORMS:
        url = parse(form.text)
        told = " ".join(f"{key}={value}" for key, value in conninfo_to_dict(url.text).items() if value is not None)
        schemas = ", ".join(url.schemas) or "the search path"
        yield f"| {form.family} | {_cell(form.text)} | {_cell(told)} | {schemas} | {'; '.join(url.said)} |\n"


def _refused() -> Iterator[str]:
    yield "| of | form | answer |\n| --- | --- | --- |\n"
    for form in REFUSALS:
        try:
            parse(form.text)
        except UsageError as error:
            yield f"| {form.family} | {_cell(form.text)} | {str(error).replace('|', chr(92) + '|')} |\n"
        else:
            raise AssertionError(f"{form.text!r} is not refused")


def text() -> str:
    """The whole report."""
    return "".join(
        [
            _HEAD,
            f"\n### Understood ({len(FORMS)})\n\n",
            *_understood(),
            f"\n### Refused, with exit code 2 and before anything is opened ({len(REFUSALS)})\n\n",
            *_refused(),
        ]
    )


if __name__ == "__main__":
    REPORT.write_text(text(), encoding="utf-8")
