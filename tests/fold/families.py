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


KEYS = {
    "RANGE (n)": ("FOR VALUES FROM (0) TO (10)", "FOR VALUES FROM (10) TO (MAXVALUE)", "FOR VALUES FROM (-5) TO (0)"),
    "LIST (kind)": ("FOR VALUES IN ('a', 'b')", "FOR VALUES IN ('it''s', NULL)", "DEFAULT"),
    "HASH (id)": ("FOR VALUES WITH (MODULUS 2, REMAINDER 0)", "FOR VALUES WITH (MODULUS 4, REMAINDER 1)", "DEFAULT"),
    "RANGE (id, n)": ("FOR VALUES FROM (0, MINVALUE) TO (5, 3)", "FOR VALUES FROM (5, 3) TO (6, 0)", "DEFAULT"),
}
WITHIN = (
    "PRIMARY KEY (id, kind, n)",
    "CHECK (n > 0)",
    "CONSTRAINT a_check CHECK (kind <> '')",
    "UNIQUE (id, n, kind)",
    "FOREIGN KEY (ref) REFERENCES other ON DELETE CASCADE",
    "UNIQUE (kind, n)",
)


@st.composite
def partitioned(draw: DrawFn) -> list[str]:
    """A table with partitions, and one that may become one."""
    by = draw(st.sampled_from(list(KEYS)))
    bounds = KEYS[by]
    within = [draw(st.lists(st.sampled_from(WITHIN), max_size=2, unique=True)) for _ in range(2)]
    whole, own = (
        ", ".join(["id int NOT NULL", "kind text DEFAULT 'x'", "n int", "ref int", *extra]) for extra in within
    )
    inner = draw(st.sampled_from(["", "", " PARTITION BY LIST (kind)"]))
    made = [
        f"CREATE TABLE whole ({whole}) PARTITION BY {by}",
        f"CREATE TABLE part PARTITION OF whole {bounds[0]}{inner}",
    ]
    if inner:
        made.append("CREATE TABLE rest PARTITION OF part DEFAULT")
    made.append(f"CREATE TABLE own ({own})")
    if draw(st.booleans()):
        made.append(f"ALTER TABLE whole ATTACH PARTITION own {bounds[1]}")
    if draw(st.booleans()):
        made.append("ALTER TABLE whole DETACH PARTITION part")
    if draw(st.booleans()):
        made.insert(1, draw(change()))
    return made


@st.composite
def inheriting(draw: DrawFn) -> list[str]:
    """A table from which others inherit."""
    above, own = (", ".join(draw(st.lists(st.sampled_from(WITHIN[:5]), max_size=2, unique=True))) for _ in range(2))
    columns = "id int NOT NULL, kind text DEFAULT 'x', n int, ref int"
    made = [
        f"CREATE TABLE above ({columns}{above and f', {above}'})",
        f"CREATE TABLE own ({columns}{own and f', {own}'})",
    ]
    made.append(
        draw(
            st.sampled_from(
                [
                    "CREATE TABLE heir () INHERITS (above)",
                    f"CREATE TABLE heir (more int{own and f', {own}'}) INHERITS (above)",
                    "CREATE TABLE heir (n int NOT NULL, id int PRIMARY KEY) INHERITS (above)",
                    "CREATE TABLE heir () INHERITS (above, own)",
                    "CREATE TABLE heir (kind text DEFAULT 'y', n int CHECK (n > 0)) INHERITS (own, above)",
                ]
            )
        )
    )
    if draw(st.booleans()):
        made.append("CREATE TABLE rest (late text) INHERITS (heir)")
    if draw(st.booleans()):
        made.append("ALTER TABLE own INHERIT above")
    return made


@st.composite
def histories(draw: DrawFn) -> list[str]:
    """Some statements, the tables first."""
    first = draw(st.one_of(partitioned(), inheriting(), partitioned(), st.lists(table(), min_size=2, max_size=4)))
    return [*first, *draw(st.lists(st.one_of(change(), change(), change(), table()), min_size=2, max_size=8))]
