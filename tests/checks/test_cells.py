"""Every cell of the project's table of near misses and look-alikes is tested, and this is where.

`M:` is a script of `test_meaning.py`, by its cell and name; `S:` is a mutant or an equivalent of the self-test, by its
kind and name, which is tried on every requirement of the kind; `T:` is a test by file and name.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from judged import Bench
from test_meaning import CASES

from conformance.selftest.matrix import defect_modules

TESTS = Path(__file__).parents[1]

CELLS: dict[str, tuple[str, ...]] = {
    # type
    "type passes: aliases": ("S:type:int8", "S:type:float8", "S:type:timestamptz", "M:type/passes:serial"),
    "type passes: bigint for int": ("S:type:bigint", "M:type/passes:bigint for int"),
    "type passes: a domain over the type": ("S:type:a domain over integer", "M:type/passes:a domain"),
    "type passes: an enum over the type": ("M:type/passes:an enum over the values",),
    "type passes: varchar for text": ("S:type:varchar", "M:type/passes:varchar for text"),
    "type passes: numeric for FLOAT": ("S:type:numeric", "M:type/passes:numeric for FLOAT"),
    "type fails: smallint for int": ("S:type:smallint", "M:type/fails:smallint for int"),
    "type fails: real for FLOAT": ("S:type:real", "M:type/fails:real for FLOAT"),
    "type fails: text for text[]": ("S:type:text", "M:type/fails:text for text[]"),
    "type fails: json for jsonb": ("S:type:json", "M:type/fails:json for jsonb"),
    "type fails: timestamp for timestamptz": ("S:type:timestamp", "M:type/fails:timestamp for timestamptz"),
    "type fails: varchar(40) for text": ("S:type:varchar(40)", "M:type/fails:varchar(40) for text"),
    "type fails: an array of another type": ("S:type:integer[]", "M:type/fails:an array of another type"),
    # unique
    "unique passes: a constraint": ("S:unique:of another name", "M:unique/passes:a constraint of another name"),
    "unique passes: a valid unique index": ("S:unique:a unique index", "M:unique/passes:a unique index"),
    "unique passes: with INCLUDE": ("S:unique:with a column included", "M:unique/passes:INCLUDE"),
    "unique passes: NULLS NOT DISTINCT": ("S:unique:NULLS NOT DISTINCT", "M:unique/passes:NULLS NOT DISTINCT"),
    "unique passes: through a primary key": ("M:unique/passes:through a primary key",),
    "unique passes: partitioned with a valid parent": ("M:unique/passes:partitioned, with a valid parent",),
    "unique fails: partial": ("S:unique:a partial index", "M:unique/fails:partial"),
    "unique fails: an expression": ("S:unique:on an expression", "S:unique:folded", "M:unique/fails:lower(name)"),
    "unique fails: not valid": ("S:unique:not valid", "M:unique/fails:not valid"),
    "unique fails: not ready": ("S:unique:not ready", "M:unique/fails:not ready", "M:unique/fails:being dropped"),
    "unique fails: deferrable": ("S:unique:deferrable", "S:unique:deferred", "M:unique/fails:deferrable"),
    "unique fails: on more columns": ("S:unique:on more columns", "M:unique/fails:on more columns"),
    "unique fails: on fewer columns": ("S:unique:on fewer columns", "M:unique/fails:on fewer columns besides"),
    "unique notes: another operator class": ("M:unique/passes:another operator class",),
    "unique notes: a collation that folds": ("T:checks/test_collations.py:test_a_folding_collation_is_noted",),
    "unique fails: on one partition only": (
        "M:unique/fails:on one partition only",
        "M:unique/fails:a parent that lacks a partition's",
    ),
    # foreign key
    "foreign key passes: any name": ("S:foreign-key:of another name", "M:foreign key/passes:any name"),
    "foreign key passes: other column order": (
        "T:checks/test_odd_names.py:test_columns_of_a_composite_key_in_any_order",
    ),
    "foreign key passes: a composite that implies it": (
        "S:foreign-key:a composite that implies it",
        "M:foreign key/passes:a composite key that implies it",
    ),
    "foreign key fails: NOT VALID": ("S:foreign-key:not valid", "M:foreign key/fails:NOT VALID"),
    "foreign key fails: not enforced": ("S:foreign-key:not enforced", "M:foreign key/fails:NOT ENFORCED"),
    "foreign key fails: triggers disabled": (
        "S:foreign-key:triggers disabled here",
        "S:foreign-key:triggers disabled there",
        "M:foreign key/fails:triggers disabled on a partition that references",
        "M:foreign key/fails:triggers disabled on a partition that is referenced",
    ),
    "foreign key fails: left to replica": ("S:foreign-key:triggers left to replicas",),
    "foreign key fails: another action": (
        "S:foreign-key:cascade",
        "S:foreign-key:a second one that does otherwise",
        "S:foreign-key:cascades on update",
        "M:foreign key/fails:another action",
    ),
    "foreign key fails: another target": ("S:foreign-key:another table", "S:foreign-key:another column"),
    "foreign key fails: a same-named table of another schema": (
        "S:foreign-key:a table of the same name in another schema",
        "M:foreign key/fails:a table of the same name in another schema",
    ),
    # one-of and check
    "one-of passes: IN": ("M:one-of/passes:IN", "T:checks/test_scenes.py:test_clean_passes_without_a_word"),
    "one-of passes: = ANY": ("M:one-of/passes:= ANY",),
    "one-of passes: OR chains": ("S:one-of:a chain of OR", "M:one-of/passes:a chain of OR"),
    "one-of passes: domains": ("S:one-of:a domain", "M:one-of/passes:a domain over a domain"),
    "one-of passes: enums": ("S:one-of:an enum", "M:one-of/passes:an enum"),
    "one-of passes: lookup tables": ("S:one-of:a lookup table", "M:one-of/passes:a partitioned lookup table"),
    "one-of passes: regex": ("S:one-of:an anchored expression", "M:one-of/passes:a regular expression"),
    "check passes: whatever keeps the same rows": ("S:check:coalesce", "S:check:num_nonnulls", "M:check/passes:CASE"),
    "one-of fails: one value more": (
        "S:one-of:one value more",
        "S:one-of:an enum with one more",
        "S:one-of:a domain with one more",
        "S:one-of:a lookup table with one more",
    ),
    "one-of fails: one value fewer": ("S:one-of:without plan", "M:one-of/fails:one value fewer"),
    "one-of fails: NOT VALID": ("S:one-of:not valid", "M:one-of/fails:NOT VALID", "S:check:not valid"),
    "one-of fails: case folding": ("S:one-of:folded case", "M:one-of/fails:case folding of a pattern"),
    "one-of fails: the NULL trap": ("S:one-of:the NULL trap", "S:check:the NULL trap", "M:one-of/fails:the NULL trap"),
    "one-of undecided: a user's function, never executed": (
        "T:checks/test_strangers.py:test_what_a_stranger_wrote_is_never_run",
        "T:checks/test_strangers.py:test_a_sequence_is_not_advanced",
    ),
    # not null
    "not-null passes: a domain not null": (
        "S:not-null:a domain that refuses NULL",
        "M:not-null/passes:a domain over a domain not null",
    ),
    "not-null passes: a validated CHECK": (
        "S:not-null:a check that refuses NULL",
        "M:not-null/passes:a validated check over two columns",
    ),
    "not-null passes: identity": ("M:not-null/passes:an identity",),
    "not-null passes: PostgreSQL 18's constraints": ("M:not-null/passes:a NOT NULL constraint with a name",),
    "not-null fails: nullable": ("S:not-null:nullable", "M:not-null/fails:nullable"),
    "not-null fails: NOT NULL NOT VALID": ("S:not-null:not null, not valid", "M:not-null/fails:NOT NULL NOT VALID"),
    # default
    "default passes: now() in other words": (
        "S:default:CURRENT_TIMESTAMP",
        "S:default:transaction_timestamp()",
        "M:default/passes:pg_catalog.now()",
    ),
    "default passes: an empty object in other words": (
        "S:default:jsonb_build_object()",
        "M:default/passes:'{}'::jsonb",
        "M:default/passes:jsonb_build_object()",
    ),
    "default passes: a domain's": ("S:default:the default of a domain", "M:default/passes:the default of a domain"),
    "default fails: none": ("S:default:dropped", "S:default:NULL", "M:default/fails:none"),
    "default fails: another value": ("S:default:1 + 1", "M:default/fails:another value"),
    "default fails: GENERATED ALWAYS": ("S:default:generated always, stored", "M:default/fails:GENERATED ALWAYS"),
    "default notes: clock_timestamp()": ("S:default:clock_timestamp()", "M:default/passes:clock_timestamp()"),
    # index
    "index passes: leading keys that serve": ("S:index:with more keys", "M:index/passes:more keys behind"),
    "index passes: by implication of the predicate": (
        "S:index:a predicate that is implied",
        "M:index/passes:WHERE NOT (expires_at IS NULL)",
    ),
    "index fails: invalid": ("S:index:not valid", "S:index:not ready", "M:index/fails:invalid"),
    "index fails: hash for btree": ("S:index:hash", "M:index/fails:hash for btree"),
    "index fails: keys in another order": ("S:index:in another order", "M:index/fails:keys in another order"),
    "index fails: partial where a full one is asked": (
        "S:index:partial",
        "M:index/fails:partial where a full one is asked",
    ),
    # trigger
    "trigger passes: any name": ("S:trigger:of another name", "M:trigger/passes:any name"),
    "trigger passes: any spelling of the assignment": (
        "S:trigger:another spelling",
        "S:trigger:qualified",
        "S:trigger:with comments",
    ),
    "trigger undecided: another body": (
        "M:trigger/undecided:a condition",
        "M:trigger/undecided:another call",
        "M:trigger/undecided:another language",
    ),
    "trigger fails: disabled": (
        "S:trigger:disabled",
        "M:trigger/fails:disabled",
        "M:trigger/fails:asleep on a partition",
    ),
    "trigger fails: replica only": ("S:trigger:left to replicas", "M:trigger/fails:replica only"),
    "trigger fails: other events": ("S:trigger:on insert only", "S:trigger:after the update"),
    "trigger fails: a body that plainly does nothing": ("S:trigger:a body that does nothing",),
    "trigger fails: a WHEN that leaves updates out": ("S:trigger:when something changed", "S:trigger:when false"),
    # names
    "same names of constraints on two tables": ("T:checks/test_odd_names.py:test_one_name_on_two_tables",),
    "63 bytes, quoted, CamelCase and reserved names": ("T:checks/test_odd_names.py:test_names_that_hurt",),
    "pg_catalog shadowed by the session's search_path": (
        "T:sources/test_hostile_sessions.py:test_what_the_owner_imposes_changes_nothing",
    ),
    "a table that merely inherits": ("M:table/passes:a child of another table", "M:column/passes:through a view"),
}


@pytest.fixture(scope="module")
def tried(request: pytest.FixtureRequest) -> frozenset[tuple[str, str]]:
    """The names of what the self-test does, by kind."""
    bench: Bench = request.getfixturevalue("benches")()
    with bench.workbench.changed("", bench.over.tables()) as look:
        catalog = look.catalog  # type: ignore[union-attr]
    return frozenset(_names(bench, catalog.tables))


def _names(bench: Bench, tables: object) -> Iterator[tuple[str, str]]:
    modules = defect_modules()
    for requirement in bench.over.requirements:
        table = tables.get(requirement.table)  # type: ignore[attr-defined]
        if (
            requirement.alive("0028")
            and table is not None
            and all(name in table.columns for name in requirement.columns)
        ):
            module = modules[requirement.kind]
            for mutant in (*module.defects(requirement, table), *module.equivalents(requirement, table)):
                yield requirement.kind, mutant.name


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_tested(cell: str, tried: frozenset[tuple[str, str]]) -> None:
    scripts = {(case.cell, case.name) for case in CASES}
    assert CELLS[cell]
    for place in CELLS[cell]:
        sort, where, name = place.split(":", 2)
        if sort == "T":
            assert f"def {name}(" in (TESTS / where).read_text(encoding="utf-8"), place
        else:
            assert (where, name) in {"M": scripts, "S": tried}[sort], place
