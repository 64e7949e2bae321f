"""What a report says about the run itself, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.outcome import Outcome
    from conformance.model.target import Target


def stand_ins(names: Iterable[str]) -> Iterator[str]:
    """What a throw-away server lacks, and something of ours is there for."""
    for name in names:
        yield f"the server lacks the extension {name}: functions of the tool's own stand in for it"


def unenforced(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """How many invariants hold today and might not tomorrow, in one line."""
    from conformance.enforcement import NOTHING

    count = sum(o.verdict == "pass" and o.evidence.get("enforced_by") == NOTHING for o in outcomes)
    if count:
        holds = "invariants hold" if count > 1 else "invariant holds"
        yield f"{count} {holds} and nothing in the database enforces {'them' if count > 1 else 'it'}"


def of_structure(catalog: Catalog) -> Iterator[str]:
    """The tables that stand in several schemas, and which were looked at; the roles that nothing holds back."""
    yield from _copies(catalog)
    yield from _replicas(catalog)


def _copies(catalog: Catalog) -> Iterator[str]:
    for name, schemas in sorted(catalog.elsewhere.items()):
        if name in catalog.tables:
            used = catalog.tables[name].schema
            yield f"{name} was looked at in {used}; there is also one in {', '.join(schemas)}, which was not"
    used_schemas = sorted({table.schema for table in catalog.tables.values()})
    if len(used_schemas) > 1:
        yield f"the tables resolve into several schemas: {', '.join(used_schemas)}"


def _replicas(catalog: Catalog) -> Iterator[str]:
    if not catalog.replica and (roles := [role for role in catalog.replicas if role]):
        yield (
            f"sessions of {', '.join(roles)} begin with session_replication_role = replica: no foreign key and no"
            " trigger holds back what they write"
        )


def about(target: Target, *, rows: bool) -> Iterator[str]:
    """How the URL was read, and who looked, where that is more than was needed."""
    yield from target.said
    if target.session_user != target.current_user:
        yield f"the session of {target.session_user} acts as {target.current_user}"
    if target.superuser and not target.throwaway:
        enough = "with USAGE on the schema and SELECT on its tables" if rows else "that may only connect"
        yield f"{target.current_user} is a superuser; a role {enough} sees all that was looked at"
