"""A grammar of DDL about partitions and tables that inherit: few names, so that statements meet."""

from grammar import BODY
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

NAMES = ("whole", "part", "rest", "own", "above", "heir", "other")
COLUMNS = ("id", "kind", "n", "more", "ref")
CONSTRAINTS = ("whole_pkey", "part_pkey", "a_check", "above_n_check", "whole_ref_fkey", "part_kind_key", "heir_n_check")
INDEXES = ("an_index", "part_n_idx", "whole_n_idx", "own_idx", "part_kind_idx")
BOUNDS = (
    "DEFAULT",
    "FOR VALUES IN ('a', 'b')",
    "FOR VALUES IN ('b', NULL)",
    "FOR VALUES FROM (0) TO (10)",
    "FOR VALUES FROM (5) TO (MAXVALUE)",
    "FOR VALUES FROM (-5) TO (0)",
    "FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
    "FOR VALUES WITH (MODULUS 4, REMAINDER 1)",
)
CHECKS = ("n > 0", "kind <> ''", "n > 0 AND id > 0")
PREAMBLE = (
    "CREATE TABLE other (id int PRIMARY KEY, label text)",
    f"CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS {BODY}",
)


@st.composite
def column(draw: DrawFn) -> str:
    """A column that comes later."""
    name = draw(st.sampled_from(["more", "more", "late", "n"]))
    behind = ["", " NOT NULL", " DEFAULT 3", " UNIQUE", " CHECK (more > 0)", " NOT NULL DEFAULT 1", " REFERENCES other"]
    return f"{name} {draw(st.sampled_from(['int', 'int', 'text']))}{draw(st.sampled_from(behind))}"


@st.composite
def constraint(draw: DrawFn) -> str:
    """A constraint of a table."""
    name = draw(st.sampled_from(["", "CONSTRAINT a_check ", "CONSTRAINT above_n_check "]))
    check = draw(st.sampled_from(CHECKS))
    behind = draw(st.sampled_from(["", "", "", " NO INHERIT", " NOT VALID"]))
    return name + draw(
        st.sampled_from(
            [
                f"CHECK ({check}){behind}",
                f"CHECK ({check})",
                "UNIQUE (kind, n)",
                "UNIQUE (n)",
                "PRIMARY KEY (id, kind, n)",
                "FOREIGN KEY (ref) REFERENCES other",
                "FOREIGN KEY (ref) REFERENCES other ON DELETE CASCADE",
            ]
        )
    )


@st.composite
def action(draw: DrawFn) -> str:
    """An action of ALTER TABLE."""
    name, known = draw(st.sampled_from(COLUMNS)), draw(st.sampled_from(CONSTRAINTS))
    return draw(
        st.sampled_from(
            [
                f"ADD COLUMN {draw(column())}",
                f"ADD COLUMN IF NOT EXISTS {draw(column())}",
                f"ADD {draw(constraint())}",
                f"ADD {draw(constraint())}",
                f"ADD {draw(constraint())}",
                f"DROP COLUMN {name}",
                f"DROP COLUMN IF EXISTS {name} CASCADE",
                f"DROP CONSTRAINT {known}",
                f"DROP CONSTRAINT IF EXISTS {known}",
                f"ALTER {name} SET NOT NULL",
                f"ALTER {name} DROP NOT NULL",
                f"ALTER {name} SET DEFAULT 7",
                f"ALTER {name} DROP DEFAULT",
                f"ALTER {name} TYPE bigint",
                f"VALIDATE CONSTRAINT {known}",
                "ENABLE ROW LEVEL SECURITY",
            ]
        )
    )


@st.composite
def table(draw: DrawFn) -> str:
    """A table that is partitioned, a partition, an heir, or what may become one."""
    extra = "".join(f", {one}" for one in draw(st.lists(constraint(), max_size=2)))
    columns = f"id int NOT NULL, kind text DEFAULT 'x', n int, ref int{extra}"
    by = draw(st.sampled_from(["RANGE (n)", "RANGE (n)", "LIST (kind)", "HASH (id)", "RANGE (id, n)"]))
    name, bound = draw(st.sampled_from(NAMES[1:3])), draw(st.sampled_from(BOUNDS))
    return draw(
        st.sampled_from(
            [
                f"CREATE TABLE whole ({columns}) PARTITION BY {by}",
                f"CREATE TABLE {name} PARTITION OF whole {bound}",
                f"CREATE TABLE {name} PARTITION OF whole {bound}",
                f"CREATE TABLE {name} PARTITION OF whole {bound} PARTITION BY {by}",
                f"CREATE TABLE rest PARTITION OF part {bound}",
                f"CREATE TABLE own ({columns})",
                f"CREATE TABLE above ({columns})",
                f"CREATE TABLE heir (more int{extra}) INHERITS (above)",
                "CREATE TABLE heir (n int, id int PRIMARY KEY) INHERITS (above)",
                "CREATE TABLE heir () INHERITS (above, own)",
                "CREATE TABLE rest (late text) INHERITS (heir)",
                "CREATE TABLE own (LIKE whole INCLUDING ALL)",
                "CREATE TABLE own (LIKE above INCLUDING ALL)",
            ]
        )
    )


@st.composite
def change(draw: DrawFn) -> str:
    """A change of what is there."""
    name, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
    one, new = draw(st.sampled_from(COLUMNS)), draw(st.sampled_from(["more", "renamed"]))
    only = draw(st.sampled_from(["", "", "", "ONLY "]))
    index, bound = draw(st.sampled_from(INDEXES)), draw(st.sampled_from(BOUNDS))
    keys = draw(st.sampled_from(["n", "kind, n", "lower(kind)", "id, kind, n", "n) WHERE (n > 0"]))
    unique = draw(st.sampled_from(["", "", "UNIQUE "]))
    events = draw(st.sampled_from(["UPDATE", "INSERT OR UPDATE"]))
    each = draw(st.sampled_from(["FOR EACH ROW", "FOR EACH ROW", "FOR EACH STATEMENT"]))
    return draw(
        st.sampled_from(
            [
                f"ALTER TABLE {only}{name} {draw(action())}",
                f"ALTER TABLE {name} {draw(action())}, {draw(action())}",
                f"ALTER TABLE {only}{name} {draw(action())}",
                f"ALTER TABLE whole {draw(action())}",
                f"ALTER TABLE above {draw(action())}",
                f"ALTER TABLE part {draw(action())}",
                f"ALTER TABLE heir {draw(action())}",
                f"ALTER TABLE whole ATTACH PARTITION own {bound}",
                f"ALTER TABLE whole ATTACH PARTITION {name} {bound}",
                f"ALTER TABLE whole DETACH PARTITION {name}",
                "ALTER TABLE whole DETACH PARTITION part",
                f"ALTER TABLE {name} INHERIT {other}",
                "ALTER TABLE own INHERIT above",
                f"ALTER TABLE {name} NO INHERIT {other}",
                "ALTER TABLE heir NO INHERIT above",
                f"ALTER TABLE {only}{name} RENAME COLUMN {one} TO {new}",
                f"ALTER TABLE {name} RENAME CONSTRAINT {draw(st.sampled_from(CONSTRAINTS))} TO renamed",
                f"ALTER TABLE {name} RENAME TO own",
                f"DROP TABLE {name}",
                f"DROP TABLE IF EXISTS {name} CASCADE",
                f"CREATE {unique}INDEX ON {only}{name} ({keys})",
                f"CREATE {unique}INDEX ON whole ({keys})",
                f"CREATE {unique}INDEX {index} ON {only}{name} ({keys})",
                f"DROP INDEX {index}",
                f"ALTER INDEX {index} RENAME TO an_index",
                f"ALTER INDEX an_index ATTACH PARTITION {index}",
                f"CREATE TRIGGER touch BEFORE {events} ON {name} {each} EXECUTE FUNCTION touch()",
                f"DROP TRIGGER touch ON {name}",
                f"ALTER TABLE {name} DISABLE TRIGGER touch",
            ]
        )
    )


@st.composite
def histories(draw: DrawFn) -> list[str]:
    """Some statements, the tables first."""
    first = draw(st.lists(table(), min_size=2, max_size=5))
    return [*first, *draw(st.lists(st.one_of(change(), change(), table()), max_size=8))]
