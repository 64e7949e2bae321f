"""What the name of a table means, and which names are PostgreSQL's own."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold.schema import Relation, Schema


def of_the_system(names: Sequence[str]) -> bool:
    """Whether the name, with those in front of it, is PostgreSQL's own: what it means is not asked here."""
    return names[0].startswith("pg_") or names[0] == "information_schema"


def there(schema: Schema, name: tuple[str, ...]) -> Relation | None:
    """What the name means; None where that hangs on a statement that is not understood, which is told there."""
    if name[-1] in schema.doubtful:
        return schema.relations.get((name[-2] if len(name) > 1 else schema.path[0] if schema.path else "", name[-1]))
    return schema.relation(name)
