"""A database's structure taken away in a file, which is judged elsewhere as the database itself would be.

The file is JSON: what it is, its version, when and of what it was taken, and the catalog with what the server said of
the expressions in it, for every migration of both profiles. It holds no password, and of the rows nothing but the keys
of lookup tables.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.model.catalog import RELATION_KINDS, Catalog
from conformance.model.question import Accepted, Answer, Constant, Homonyms, Keys, Probe, Question, Text, Unanswered
from conformance.model.record import Record
from conformance.model.target import Target
from conformance.sources.records import Misshapen, dump, load

FORMAT = "astra-conformance-snapshot"
_HEAD = 200
VERSION = 2
LARGEST_MB = 100


class Snapshot(Record):
    """The structure of a database at a time (`taken`, UTC, ISO 8601), and the database as it presented itself."""

    taken: str
    tool: str
    target: Target
    catalog: Catalog


def written(snapshot: Snapshot) -> str:
    """The text of the file. Two snapshots of one structure differ in their time alone."""
    told = dump(snapshot)
    document = {"format": FORMAT, "version": VERSION, "digest": _digest(told), **told}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _digest(told: Any) -> str:
    """It shows that a file came to harm on its way. Whoever means harm makes one anew: that is nobody's signature."""
    text = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


def text_of(file: Path) -> str:
    """What is in a file of anybody's, if it is not larger than any snapshot is. Raises `UsageError`."""
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_MB * 1_000_000 + 1)
        if len(data) > LARGEST_MB * 1_000_000:
            raise UsageError(f"{file} is larger than {LARGEST_MB} MB: no snapshot is")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    except ValueError:
        raise UsageError(f"{file} is no UTF-8, and so no snapshot") from None


def read(file: Path) -> Snapshot:
    """The snapshot in a file. Raises `UsageError` where it is none."""
    return read_text(file, text_of(file))


def read_text(file: Path, text: str) -> Snapshot:
    """The snapshot in the text of a file."""
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        if FORMAT in text[:_HEAD]:
            raise UsageError(
                f"{file} is a snapshot that was changed or cut: it is no JSON any more; take it anew"
            ) from None
        raise UsageError(f"{file} is no snapshot; `conformance snapshot URL -o FILE` writes one") from None
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        raise UsageError(f"{file} is no snapshot; `conformance snapshot URL -o FILE` writes one")
    if (version := document.pop("version", None)) != VERSION:
        raise UsageError(f"{file} is a snapshot of version {version!a}; this is of version {VERSION}: take it anew")
    if document.pop("digest", None) != _digest(document):
        raise UsageError(f"{file} is a snapshot that was changed or cut: its digest is another; take it anew")
    try:
        found = load(Snapshot, document)
        judge_names(found.catalog)
    except Misshapen as error:
        raise UsageError(f"{file} is a snapshot that was changed or cut: {error}") from None
    return found


def judge_names(catalog: Catalog) -> None:
    """Raises `Misshapen` where the parts of a catalog do not go together."""
    for name, table in catalog.tables.items():
        if table.name != name or table.kind not in RELATION_KINDS:
            raise Misshapen(f"Snapshot.catalog.tables.{name}: it is no relation of this name")
        if any(column.name != called for called, column in table.columns.items()):
            raise Misshapen(f"Snapshot.catalog.tables.{name}: its columns have other names")
    for number, (question, answer) in enumerate(catalog.answers.items()):
        if not _answers(question, answer):
            raise Misshapen(f"Snapshot.catalog.answers[{number}]: it is no answer to its question")


def _answers(question: Question, answer: Answer) -> bool:
    match question, answer:
        case _, Unanswered():
            return True
        case Probe(), Accepted():
            return len(answer.rows) == len(question.rows)
        case Constant(), Text():
            return len(answer.values) == 1
        case ((Keys() | Homonyms()), Text()):
            return True
    return False
