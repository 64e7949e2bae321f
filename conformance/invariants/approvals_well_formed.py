"""`approvals` is a JSON array of objects `{user_id, decision, decided_at}`: a user, approved or denied, a timestamp.

Why: whoever counts votes reads these keys. An entry in which one is missing, or spelled otherwise, is a vote that is
not counted, or counted for nobody.

Example: `0028/approval_requests.approvals/well-formed`: `[{"user": "ann", "decision": "yes"}]`.

How: `user_id` is a string that is not blank, `decision` one of the two words, `decided_at` a timestamp of ISO 8601 that
the calendar has. Where entries have other keys instead, the finding says which, with a count.

Repair: a decision about each vote; a script can rename keys that are spelled otherwise everywhere.

Limits: further keys are allowed; that the user exists is not looked at. NULL counts as no vote.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.ballot import WELL, ballot, votes
from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading
from conformance.model.vote import COLUMN, TABLE

_WORD = "CASE WHEN s.key ~ '^[A-Za-z_][A-Za-z0-9_]{0,39}$' THEN s.key ELSE 'a key that is no word' END"
"""A key as it is shown: one that is no name of a field may be somebody's address."""
_KEYS = ("user_id", "decision", "decided_at")
_ODD = (
    "pg_catalog.concat_ws(', ', CASE WHEN v.at IS NULL THEN 'decided_at' END,"
    " CASE WHEN (v.decision IN ('approved', 'denied')) IS NOT TRUE THEN 'decision' END,"
    " CASE WHEN v.voter IS NULL THEN 'user_id' END)"
)
"""The keys that are there, with something else in them than is documented."""


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="well-formed",
        level="must",
        source="the page, line 42; the documentation of the fields",
        expected="an array of {user_id, decision, decided_at}: a user, approved or denied, a timestamp",
        needs={TABLE: (COLUMN,)},
        look=_look,
        breaking=({COLUMN: "{}"}, {COLUMN: '["ann"]'}, {COLUMN: '[{"user_id": "ann", "decision": "approved"}]'}),
        repair="-- mend the entries; what a vote meant is a decision",
    )


def _look(reading: Reading) -> Rows:
    kind = f"pg_catalog.jsonb_typeof({reading.value(TABLE, COLUMN, 'json')})"
    found = ballot(reading)
    violates = f"{kind} <> 'array' OR {found.alias}.malformed > 0"
    return reading.rows(TABLE, violates, about=(COLUMN,), joins=(found,), telling=_telling(reading))


def _telling(reading: Reading) -> str:
    """How entries that are not well formed differ from the documented ones: what they lack, and have instead."""
    approvals = reading.value(TABLE, COLUMN, "json", "o")
    keys = ", ".join(f"'{key}'" for key in _KEYS)
    lacking = "pg_catalog.string_agg(k.key, ', ' ORDER BY k.key) FILTER (WHERE NOT v.vote ? k.key)"
    return (
        "SELECT CASE WHEN pg_catalog.jsonb_typeof(v.vote) <> 'object' THEN 'no object'"
        f" ELSE COALESCE('no ' || d.lacking, 'odd ' || {_ODD})"
        " || COALESCE(', but ' || CASE WHEN d.lacking IS NOT NULL THEN d.instead END, '') END AS words,"
        " pg_catalog.count(*)"
        f" FROM {reading.source(TABLE)} AS o CROSS JOIN LATERAL {votes(approvals)} AS v"
        f" CROSS JOIN LATERAL (SELECT (SELECT {lacking} FROM pg_catalog.unnest(ARRAY[{keys}]) AS k (key)) AS lacking,"
        " (SELECT pg_catalog.string_agg(pg_catalog.left(s.key, 40), ', ' ORDER BY s.key) FROM"
        f" (SELECT DISTINCT {_WORD} AS key FROM pg_catalog.jsonb_object_keys("
        "CASE pg_catalog.jsonb_typeof(v.vote) WHEN 'object' THEN v.vote END)"
        f" AS s (key) WHERE s.key NOT IN ({keys}) ORDER BY 1 LIMIT 5) AS s) AS instead) AS d"
        f" WHERE ({WELL}) IS NOT TRUE GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5"
    )
