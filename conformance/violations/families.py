"""Claims that many columns share: references, owners, values and keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from conformance.violations.claims import RELATIONSHIPS, UNIQUES, VALUES
from conformance.violations.look import Columns, Invariant, Look, Witnesses, key
from conformance.violations.tenants import is_outsider


def families(profile: str, through: str, columns: Columns) -> dict[str, tuple[str, Invariant]]:
    """The invariants that many columns share: references, owners, values and keys."""
    found: dict[str, tuple[str, Invariant]] = {}
    for since, child, column, parent in RELATIONSHIPS:
        needs = f"{child}.{column} {parent}.id"
        found[f"{since}/{child}.{column}/no-orphan"] = (needs, _no_orphan(child, column, parent))
        if parent != "organizations":
            id_ = f"{max(since, '0018')}/{child}.{column}/same-org"
            found[id_] = (f"{needs} {child}.org_id {parent}.org_id", _same_org(child, column, parent))
        if parent == "users" and child not in ("agent_admins", "org_memberships", "team_memberships"):
            needs = f"{child}.{column} {child}.org_id org_memberships.user_id org_memberships.org_id"
            found[f"{max(since, '0018')}/{child}.{column}/members-of-org"] = (needs, _of_its_org(child, column))
    for since, until, table, column, allowed in VALUES:
        if until is None or through < until:
            found[f"{since}/{table}.{column}/in-values"] = (
                f"{table}.{column}",
                _in_values(table, column, allowed[profile]),
            )
    for since, table, names in UNIQUES:
        needs = " ".join(f"{table}.{name}" for name in names)
        found[f"{since}/{table}.{'+'.join(names)}/no-duplicates"] = (needs, _no_duplicates(table, names))
    return found


def _no_orphan(child: str, column: str, parent: str) -> Invariant:
    return lambda look: {
        key(child, row)
        for row in look.rows(child)
        if row.get(column) is not None and not look.rows_of(parent, row[column])
    }


def _same_org(child: str, column: str, parent: str) -> Invariant:
    return lambda look: {
        key(child, row)
        for row in look.rows(child)
        for other in look.rows_of(parent, row.get(column))
        if row.get("org_id") is not None and other.get("org_id") is not None and row["org_id"] != other["org_id"]
    }


def _of_its_org(child: str, column: str) -> Invariant:
    return lambda look: {
        key(child, row) for row in look.rows(child) if is_outsider(look, row.get(column), row.get("org_id"))
    }


def _in_values(table: str, column: str, allowed: Collection[str]) -> Invariant:
    return lambda look: {
        key(table, row) for row in look.rows(table) if row.get(column) is not None and row[column] not in allowed
    }


def _no_duplicates(table: str, names: Sequence[str]) -> Invariant:
    def judge(look: Look) -> Witnesses:
        values = Counter(tuple(row.get(name) for name in names) for row in look.rows(table))
        return {tuple(map(str, value)) for value, times in values.items() if None not in value and times > 1}

    return judge
