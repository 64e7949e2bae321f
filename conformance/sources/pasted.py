"""A structure taken by a statement that anybody pastes into a client, where no tool may be installed.

The statement is one SELECT with one JSON value: a document, as text, and its digest. The document holds what
`catalog.sql` gives and what a session tells of itself. Nothing in it is evaluated on the server: what the checks ask of
the database's expressions is answered here, from their text, where that is plain, and is unanswered elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.model.catalog import Catalog
from conformance.model.question import Answer, Homonyms, Keys, Probe, Question, Text, Unanswered
from conformance.model.record import Record
from conformance.model.search_path import USER, before_own, split_path
from conformance.model.sql import literal, text_array
from conformance.model.target import Target
from conformance.sources.decode import decode
from conformance.sources.document import Torn
from conformance.sources.opening import SETTINGS, catalog_statement
from conformance.sources.records import Misshapen, dump, load
from conformance.sources.snapshot import judge_names

FORMAT = "astra-conformance-pasted"
VERSION = 2
_OLDEST = 12
_OPENING = re.compile(r'\{\s*"{1,2}format"{1,2}\s*:\s*"{1,2}' + FORMAT)
_PLACE = re.compile(r"\{([a-z]+)\}")
_BYTES = 900
_WRONG_SHAPE = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError)
"""What decoding raises where a document of anybody's is not what the statement gives."""

_OF_A_STATEMENT = {"lock_timeout": "5s", "standard_conforming_strings": "on"}

_HOMONYMS = """
(SELECT pg_catalog.json_agg(pg_catalog.json_build_array(f.proname, n.nspname) ORDER BY f.proname, n.nspname)
 FROM pg_catalog.pg_proc AS f
 JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
 WHERE f.pronargs <= f.pronargdefaults AND n.nspname <> 'pg_catalog'
   AND EXISTS (SELECT FROM pg_catalog.pg_proc AS own
               WHERE own.proname = f.proname AND own.pronamespace = 'pg_catalog'::pg_catalog.regnamespace))
"""
_INNER = f"""
WITH found AS MATERIALIZED (
    SELECT pg_catalog.convert_to(pg_catalog.json_build_object('homonyms', {{homonyms}}, 'catalog', (
{{catalog}}
    ))::pg_catalog.text, 'UTF8') AS bytes
)
SELECT pg_catalog.array_to_tsvector(ARRAY[pg_catalog.lpad(n::pg_catalog.text, 8, '0')
           || pg_catalog.encode(pg_catalog.substr(found.bytes, n * {_BYTES} + 1, {_BYTES}), 'hex')])
FROM found, pg_catalog.generate_series(0, pg_catalog.length(found.bytes) / {_BYTES}) AS n
"""


class Pasted(Record):
    """What came back: the structure, and of what and when it was taken. `homonyms` are the functions outside of
    pg_catalog that are called like one of its own and take no argument, each with its schema."""

    taken: str
    tool: str
    target: Target
    catalog: Catalog
    encoding: str
    homonyms: tuple[tuple[str, str], ...]


def select(names: Sequence[str], schema: str | None, tool: str) -> str:
    """The statement; `names` are the tables that the contracts speak of."""
    # what the contract names goes in last: nothing in it is read as a placeholder
    catalog = catalog_statement().replace("%%", "%").replace("%(names)s", text_array(names))
    settings = "\n            ".join(
        f"OPERATOR(pg_catalog.||) pg_catalog.set_config({literal(name)}, {literal(value)}, true)"
        for name, value in {**SETTINGS, **_OF_A_STATEMENT}.items()
    )
    filled = {
        "format": FORMAT,
        "version": str(VERSION),
        "tool": literal(tool),
        "settings": f"''::pg_catalog.text\n            {settings}",
        "schema": "NULL" if schema is None else _quoted(schema),
        "path": "NULL" if schema is None else f"ARRAY[{_quoted(schema)}]",
        "statement": _INNER.format(homonyms=_HOMONYMS, catalog=catalog),
    }
    text = Path(__file__).with_name("pasted.sql").read_text(encoding="utf-8")
    # at once: what is filled in, such as a schema's name, is nobody's placeholder
    return _PLACE.sub(lambda found: filled[found[1]], text)


def _quoted(text: str) -> str:
    """A constant that means the same whatever `standard_conforming_strings` says."""
    quoted = literal(text)
    return "E" + quoted.replace("\\", "\\\\") if "\\" in quoted else quoted


def found_in(text: str) -> str | None:
    """The JSON value in what a client has written down: as it is, in psql's frame, or as one cell of CSV."""
    opening = _OPENING.search(text)
    if opening is None:
        return None
    value = text[opening.start() : text.rfind("}") + 1]
    return value.replace('""', '"') if '""format""' in opening[0] else value


def read(file: Path, value: str) -> Pasted:
    """What the statement gave, from its JSON value in a file. Raises `UsageError` where it is not that."""
    changed = f"{file} was changed or cut on its way: take it anew, as one piece of UTF-8"
    try:
        outer: Any = json.loads(value)
    except (ValueError, RecursionError):
        raise UsageError(changed) from None
    if outer.get("version") != VERSION:
        raise UsageError(f"{file} was taken by a statement of another version: print it anew, and take it anew")
    document = outer.get("document")
    if not isinstance(document, str) or outer.keys() != {"format", "version", "digest", "document"}:
        raise UsageError(changed)
    if outer["digest"] != sha256(document.encode("utf-8", "surrogatepass")).hexdigest():
        raise UsageError(changed)
    try:
        return _judged(json.loads(document), file)
    except Torn:
        raise UsageError(f"{file} was taken while the schema was changing: take it anew") from None
    except (*_WRONG_SHAPE, Misshapen) as error:
        why = str(error) if isinstance(error, Misshapen) else "it holds what no server gives"
        raise UsageError(f"{file} is not what the statement gives: {why}") from None


def _judged(told: Mapping[str, Any], file: Path) -> Pasted:
    """The document decoded, and every value of it held against what it is declared to be."""
    major = re.match(r"\d+", told["version"])
    if major is None or int(major[0]) < _OLDEST:
        raise UsageError(f"{file} is of PostgreSQL {told['version'][:20]}, and {_OLDEST} is the oldest that is judged")
    if told["schema"] is not None and not told["schema_is_there"]:
        raise UsageError(f"{file}: the database {told['database']} has no schema {told['schema']}")
    path = tuple(dict.fromkeys(told["path"]))
    ahead = before_own(split_path(told["search_path"], current_user=USER))
    own = told["replication_role"] == "replica"
    catalog = decode(told["found"]["catalog"], path, ahead).seen_by(told["session_user"], replica=own)
    found = Pasted(
        taken=told["taken"],
        tool=told["tool"],
        target=_target(told, path),
        catalog=catalog,
        encoding=told["encoding"],
        homonyms=tuple((name, schema) for name, schema in told["found"]["homonyms"] or ()),
    )
    found = load(Pasted, json.loads(json.dumps(dump(found))))
    judge_names(found.catalog)
    return found


def _target(told: Mapping[str, Any], path: tuple[str, ...]) -> Target:
    host = told["host"] or "localhost"
    where = f"[{host}]" if ":" in host else host
    port = f":{told['port']}" if told["port"] is not None else ""
    return Target(
        address=f"{told['session_user']}@{where}{port}/{told['database']}",
        origin="a pasted statement",
        database=told["database"],
        server_version=told["version"],
        session_user=told["session_user"],
        current_user=told["current_user"],
        schemas=path,
        in_recovery=told["in_recovery"],
        superuser=told["is_superuser"] == "on",
    )


def answers(found: Pasted, questions: Iterable[Question]) -> Mapping[Question, Answer]:
    """What can be said of the database's expressions without its server."""
    from conformance.fold.evaluate import answers as computed
    from conformance.fold.schema import Schema

    asked = list(questions)
    plain = [question for question in asked if not isinstance(question, Keys | Homonyms)]
    of_text = computed(Schema(path=found.catalog.path, home=found.catalog.path), plain)
    return {question: _answer(found, question, of_text) for question in asked}


def _answer(found: Pasted, question: Question, of_text: Mapping[Question, Answer]) -> Answer:
    match question:
        case Homonyms():
            return Text(values=tuple(sorted(schema for name, schema in found.homonyms if name == question.name)))
        case Keys():
            return Unanswered(reason=f"the pasted statement reads no rows, and so no key of {question.table}")
        case Probe() if found.encoding != "UTF8" and not _is_ascii(question):
            return Unanswered(reason=f"what the encoding {found.encoding} makes of its letters is known to the server")
    return of_text[question]


def _is_ascii(probe: Probe) -> bool:
    texts = [*probe.expressions, *(cell for row in probe.rows for cell in row if cell is not None)]
    return all(text.isascii() for text in texts)
