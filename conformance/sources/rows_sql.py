"""The statements that answer looks: one scan a table for everything that is asked of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.model.look import OWN, Groups, Join, Names, Privileges, Relation, Rows, Shown, Sieve
from conformance.model.looking import MOST_WITNESSES
from conformance.model.record import replace
from conformance.model.sql import identifier, qualified

LONGEST = 10_000
"""So many characters of a value are shown."""

# Keeps a subquery from being merged into the query around it. A bare 0 is converted only after the server has decided
# that such a query cannot be divided among processes.
_APART = "OFFSET '0'::pg_catalog.int8"


def counts(looks: Sequence[Rows], sample: float | None) -> str:
    """One row: how many rows there are, then how many violate each of the looks, which are on one table."""
    return f"{_counted(looks)}\n{_from(looks[0].table, _joins(looks), sample)}"


def apart(looks: Sequence[Rows], small: Callable[[Relation], bool]) -> Sequence[Rows]:
    """The looks without the joins that are there only to tell whether a row of a small table is there."""
    needed = {join for look in looks if look.absent is None or not small(look.absent.parent) for join in look.joins}
    return [
        replace(look, violates=look.absent.violates, joins=())
        if look.absent is not None and not needed.intersection(look.joins) and small(look.absent.parent)
        else look
        for look in looks
    ]


def sieved(look: Rows, sieve: Sieve) -> str:
    """One row: how many rows there are, then how many the sieve does not know to be clean."""
    own = f"FROM {_levelled(look.table, sieve)} AS {OWN}"
    return f"SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE ({sieve.clean}) IS NOT TRUE)\n{own}"


def left_counts(looks: Sequence[Rows], sieve: Sieve) -> str:
    """One row: how many rows the sieve does not know to be clean, then how many of them violate each of the looks."""
    own = f"FROM {_levelled(looks[0].table, sieve)} AS {OWN}"
    return f"{_counted(looks)}\n{_joined(own, _joins(looks))}\nWHERE ({sieve.clean}) IS NOT TRUE"


def _counted(looks: Sequence[Rows]) -> str:
    counted = [f"pg_catalog.count(*) FILTER (WHERE {look.violates})" for look in looks]
    return f"SELECT {', '.join(['pg_catalog.count(*)', *counted])}"


def _joins(looks: Sequence[Rows]) -> Sequence[Join]:
    """All joins of the looks, each once, with all that is counted in it."""
    found: dict[Join, dict[Shown, None]] = {}
    for join in (join for look in looks for join in look.joins):
        found.setdefault(replace(join, counted=()), {}).update(dict.fromkeys(join.counted))
    return tuple(replace(join, counted=tuple(counted)) for join, counted in found.items())


def _levelled(table: Relation, sieve: Sieve) -> str:
    """The rows with what each level of the sieve computes of them, once."""
    found, shown = qualified(table.schema, table.name), ", ".join(f"{OWN}.{identifier(c)}" for c in sieve.columns)
    for level in sieve.levels:
        computed = ", ".join(f"{one.sql} AS {one.name}" for one in level)
        found = f"(SELECT {shown}, {computed} FROM {found} AS {OWN} {_APART})"
        shown = f"{OWN}.*"
    return found


def witnesses(look: Rows, sample: float | None, *, values: bool) -> str:
    """The first rows that violate the look, in the order of their ids, which may be alike, and of what else is shown:
    the ids, then the values if asked for."""
    shown = [_printed(column.sql) for column in (*look.ids, *(look.values if values else ()))]
    by = [*(column.sql for column in look.ids), *map(str, range(len(look.ids) + 1, len(shown) + 1))]
    order = f"ORDER BY {', '.join(by)} " if by else ""
    return (
        f"SELECT {', '.join(shown)}\n{_from(look.table, look.joins, sample)}\nWHERE {look.violates}"
        f"\n{order}LIMIT {MOST_WITNESSES}"
    )


def group_counts(look: Groups) -> str:
    """One row: how many rows have all keys, and how many groups violate the look."""
    return (
        "SELECT COALESCE(pg_catalog.sum(g.rows), 0)::pg_catalog.int8, pg_catalog.count(*) FILTER (WHERE g.bad)"
        f" FROM (SELECT pg_catalog.count(*) AS rows, {look.having} AS bad {_grouped(look)}) AS g"
    )


def group_witnesses(look: Groups) -> str:
    """The first groups that violate the look: the members' ids in an array, then the keys."""
    if look.apart is not None:
        return _of_each(look, look.apart)
    keys = [key.sql for key in look.keys]
    member = look.member.sql
    return (
        f"SELECT (pg_catalog.array_agg({_printed(member)} ORDER BY {member}))[1:{MOST_WITNESSES}],"
        f" {', '.join(map(_printed, keys))} {_grouped(look)} HAVING {look.having}"
        f" ORDER BY {', '.join(keys)} LIMIT {MOST_WITNESSES}"
    )


def _of_each(look: Groups, apart: str) -> str:
    """The same, with one member for each value by which the members differ."""
    keys = [f"g.key_{place}" for place in range(len(look.keys))]
    named = ", ".join(f"{key.sql} AS key_{place}" for place, key in enumerate(look.keys))
    member = f"(pg_catalog.array_agg({look.member.sql} ORDER BY {look.member.sql}))[1]"
    given = " AND ".join(f"{sql} IS NOT NULL" for sql in (*(key.sql for key in look.keys), apart))
    each = (
        f"SELECT {named}, {member} AS member {_from(look.table, (), None)} WHERE {given}"
        f" GROUP BY {', '.join(key.sql for key in look.keys)}, {apart}"
    )
    return (
        f"SELECT (pg_catalog.array_agg({_printed('g.member')} ORDER BY g.member))[1:{MOST_WITNESSES}],"
        f" {', '.join(map(_printed, keys))} FROM ({each}) AS g GROUP BY {', '.join(keys)}"
        f" HAVING pg_catalog.count(*) > 1 ORDER BY {', '.join(keys)} LIMIT {MOST_WITNESSES}"
    )


def _grouped(look: Groups) -> str:
    keyed = " AND ".join(f"{key.sql} IS NOT NULL" for key in look.keys)
    return f"{_from(look.table, (), None)} WHERE {keyed} GROUP BY {', '.join(key.sql for key in look.keys)}"


def names(look: Names) -> str:
    """All names."""
    return f"SELECT {look.name} AS name {_from(look.table, (), None)} WHERE {look.name} IS NOT NULL"


def named(look: Names) -> str:
    """All names with the ids of their rows."""
    id_ = _printed(look.id)
    return f"SELECT {look.name} AS name, {id_} AS id {_from(look.table, (), None)} WHERE {look.name} IS NOT NULL"


def privileged(look: Privileges) -> tuple[str, dict[str, object]]:
    """For each role that is neither owner nor superuser, and for PUBLIC, what it may do; its parameters.

    The predefined roles of PostgreSQL are left out: their members are asked themselves."""
    statement = """
WITH RECURSIVE tree (oid, below, owner) AS (
    SELECT c.oid, false, c.relowner
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %(schema)s AND c.relname = %(name)s
    UNION
    SELECT i.inhrelid, true, tree.owner FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.oid
),
asked AS (
    SELECT c.oid, c.relname, tree.owner, c.relacl, tree.below
    FROM tree JOIN pg_catalog.pg_class AS c ON c.oid = tree.oid
),
event (name, below) AS (
    SELECT pg_catalog.upper(e.name), false FROM pg_catalog.unnest(%(events)s::pg_catalog.text[]) AS e (name)
    UNION ALL
    SELECT pg_catalog.upper(e.name), true FROM pg_catalog.unnest(%(below)s::pg_catalog.text[]) AS e (name)
),
holder AS (
    SELECT r.rolname::pg_catalog.text AS role, e.name, a.relname, a.below,
           pg_catalog.has_table_privilege(r.oid, a.oid, e.name)
           OR e.name = 'UPDATE' AND pg_catalog.has_any_column_privilege(r.oid, a.oid, 'UPDATE') AS may
    FROM asked AS a JOIN event AS e ON e.below = a.below CROSS JOIN pg_catalog.pg_roles AS r
    WHERE NOT r.rolsuper AND r.oid <> a.owner AND r.rolname !~ '^pg_'
    UNION ALL
    SELECT 'PUBLIC', e.name, a.relname, a.below,
           EXISTS (SELECT FROM pg_catalog.aclexplode(a.relacl) AS x WHERE x.grantee = 0 AND x.privilege_type = e.name)
           OR EXISTS (
               SELECT FROM pg_catalog.pg_attribute AS t, LATERAL pg_catalog.aclexplode(t.attacl) AS x
               WHERE t.attrelid = a.oid AND t.attnum > 0 AND x.grantee = 0 AND x.privilege_type = e.name
           )
    FROM asked AS a JOIN event AS e ON e.below = a.below
),
told AS (
    SELECT h.role, h.below, h.name || CASE WHEN h.below THEN pg_catalog.format(
               ' on %%s%%s', pg_catalog.min(h.relname::pg_catalog.text) FILTER (WHERE h.may),
               CASE WHEN pg_catalog.count(*) FILTER (WHERE h.may) > 1 THEN ' and others' END
           ) ELSE '' END AS name, pg_catalog.bool_or(h.may) AS may
    FROM holder AS h GROUP BY h.role, h.below, h.name
)
SELECT h.role, pg_catalog.string_agg(h.name, ', ' ORDER BY h.below, h.name) FILTER (WHERE h.may)
FROM told AS h GROUP BY h.role ORDER BY h.role COLLATE pg_catalog."C"
"""
    events = {"events": list(look.events), "below": list(look.below)}
    return statement, {"schema": look.table.schema, "name": look.table.name, **events}


def _printed(sql: str) -> str:
    """A value as its type prints it, or as much of it as is shown and one letter more: what the client makes of a type
    plays no part, and no cast is anyone's."""
    return f"CASE WHEN {sql} IS NOT NULL THEN pg_catalog.left(pg_catalog.format('%s', {sql}), {LONGEST + 1}) END"


def _from(table: Relation, joins: Sequence[Join], sample: float | None) -> str:
    drawn = f" TABLESAMPLE BERNOULLI ({sample:.12g}) REPEATABLE (0)" if sample is not None else ""
    return _joined(f"FROM {qualified(table.schema, table.name)} AS {OWN}{drawn}", joins)


def _joined(own: str, joins: Sequence[Join]) -> str:
    return "\n".join([own, *(f"LEFT JOIN {_relation(join)} AS {join.alias} ON {join.condition}" for join in joins)])


def _relation(join: Join) -> str:
    counted = ", ".join(f"{one.sql} AS {one.name}" for one in join.counted)
    return f"LATERAL (SELECT {counted} {join.relation})" if counted else join.relation
