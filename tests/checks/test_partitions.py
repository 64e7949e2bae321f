"""What partitions and inheriting tables have for themselves, rows that find no place, values that cannot be computed.

Beside each look-alike stands the ordinary thing that it is like, and that has to go on passing.
"""

from collections.abc import Callable

import pytest
from judged import Bench
from test_meaning import DOCUMENT, TOUCHED, Case, _cases, parted

PARTED = parted(
    "agent_documents",
    "id",
    """
    ALTER TABLE agent_documents ADD PRIMARY KEY (id),
        ADD FOREIGN KEY (agent_id) REFERENCES agents ON DELETE CASCADE,
        ADD FOREIGN KEY (goal_id) REFERENCES goals ON DELETE SET NULL,
        ADD CHECK (doc_type IN ('rule', 'skill', 'context_doc', 'reference')),
        ADD CHECK (content IS NOT NULL OR uri IS NOT NULL);
    CREATE TRIGGER t BEFORE UPDATE ON agent_documents FOR EACH ROW EXECUTE FUNCTION update_updated_at();
    """,
)


NO_KEY = parted("agent_documents", "id")
EACH_KEY = "".join(
    f"ALTER TABLE agent_documents_{n} ADD FOREIGN KEY (agent_id) REFERENCES agents ON DELETE CASCADE;" for n in (0, 1)
)


def touched(*tables: str) -> str:
    """The trigger that is asked for, on each of these."""
    return "".join(
        f"CREATE TRIGGER own BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION update_updated_at();"
        for table in tables
    )


def placed(by: str, *partitions: str) -> str:
    """A partitioned table in the place of the documents, with these partitions, called d0, d1 and so on."""
    return (
        "ALTER TABLE agent_documents RENAME TO before; CREATE TABLE agent_documents (LIKE before INCLUDING DEFAULTS"
        f" INCLUDING CONSTRAINTS) PARTITION BY {by};"
        + "".join(f"CREATE TABLE d{n} PARTITION OF agent_documents {more};" for n, more in enumerate(partitions))
    )


UNCHECKED = "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_valid_doc_type; "


def function(name: str, body: str) -> str:
    """A function for a trigger."""
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;"


KEEPS_GOAL = function("keeps", "NEW.goal_id := coalesce(NEW.goal_id, OLD.goal_id); RETURN NEW;")
IN_TIME = "FOR VALUES FROM ('2000-01-01') TO ('2001-01-01')"
ALL = "FOR VALUES WITH (MODULUS 1, REMAINDER 0)"
EVEN, ODD = (f"FOR VALUES WITH (MODULUS 2, REMAINDER {n})" for n in (0, 1))

TABLES = [
    *_cases(
        "table/passes", "pass", f"{DOCUMENT}/table",
        ("hash", PARTED, ""),
        ("hash of different moduli", placed("HASH (id)", EVEN, "FOR VALUES WITH (MODULUS 4, REMAINDER 1)",
         "FOR VALUES WITH (MODULUS 4, REMAINDER 3)"), ""),
        ("ranges and a default", placed("RANGE (created_at)", IN_TIME, "DEFAULT"), ""),
        ("ranges from end to end", placed("RANGE (created_at)", IN_TIME,
         "FOR VALUES FROM (MINVALUE) TO ('2000-01-01')", "FOR VALUES FROM ('2001-01-01') TO (MAXVALUE)"), ""),
        ("a list of all values", placed("LIST (doc_type)", "FOR VALUES IN ('rule', 'skill')",
         "FOR VALUES IN ('context_doc', 'reference', 'it''s', NULL)"), ""),
        ("two levels", placed("HASH (id)", f"{ALL} PARTITION BY LIST (doc_type)")
         + "CREATE TABLE d00 PARTITION OF d0 DEFAULT;", ""),
        ("a partition's own key on what is asked", placed("HASH (id)", ALL) + "CREATE UNIQUE INDEX ON d0 (id)", ""),
        ("its own check is told", PARTED + "ALTER TABLE agent_documents_0 ADD CHECK (length(name) < 9)",
         "the partition agent_documents_0 has its own CHECKs agent_documents_0_name_check"),
        ("a rule on a partition", PARTED + "CREATE RULE r AS ON INSERT TO agent_documents_0 DO INSTEAD NOTHING", ""),
        ("a rule that does something besides", "CREATE RULE r AS ON UPDATE TO agent_documents DO ALSO NOTHING", "r"),
        ("a check that holds for all", "ALTER TABLE agent_documents ADD CHECK (1 < 2), ADD CHECK (NULL)", ""),
        ("a trigger that goes on", function("f", "RETURN NEW;")
         + "CREATE TRIGGER t BEFORE INSERT ON agent_documents FOR EACH ROW EXECUTE FUNCTION f()", ""),
    ),
    *_cases(
        "table/passes", "pass", "0006/events/table",
        ("what is only appended to keeps its rows", "CREATE RULE r AS ON UPDATE TO events DO INSTEAD NOTHING;"
         "CREATE RULE s AS ON DELETE TO events DO INSTEAD NOTHING", "r, s"),
    ),
    *_cases(
        "table/fails", "fail", "0006/events/table",
        ("what is only appended to takes none", "CREATE RULE r AS ON INSERT TO events DO INSTEAD NOTHING", "INSERT: r"),
    ),
    *_cases(
        "table/fails", "fail", f"{DOCUMENT}/table",
        ("none", placed("HASH (id)"), "it has no partition"),
        ("detached", placed("LIST (doc_type)", "DEFAULT") + "ALTER TABLE agent_documents DETACH PARTITION d0",
         "it has no partition"),
        ("none below", placed("HASH (id)", f"{ALL} PARTITION BY LIST (doc_type)"), "it has no partition"),
        ("a check that refuses all", "ALTER TABLE agent_documents ADD CHECK (false)", "no row satisfies"),
        ("a check that is computed to", "ALTER TABLE agent_documents ADD CHECK (1 > 2) NOT VALID", "no row satisfies"),
        ("a check that asks for NULL", "ALTER TABLE agent_documents ADD CHECK (id IS NULL)", "no row satisfies"),
        ("a rule instead of the update", "CREATE RULE r AS ON UPDATE TO agent_documents DO INSTEAD NOTHING",
         "instead of the UPDATE: r"),
        ("a rule instead of the delete", "CREATE RULE r AS ON DELETE TO agent_documents DO INSTEAD NOTHING",
         "instead of the DELETE: r"),
        ("a trigger that drops each", function("f", "RETURN NULL;")
         + "CREATE TRIGGER t BEFORE INSERT ON agent_documents FOR EACH ROW EXECUTE FUNCTION f()", "drops each INSERT"),
    ),
    *_cases(
        "table/undecided", "indeterminate", f"{DOCUMENT}/table",
        ("hash with a hole", placed("HASH (id)", "FOR VALUES WITH (MODULUS 4, REMAINDER 0)"), "some remainders of id"),
        ("ranges with a gap", placed("RANGE (created_at)", IN_TIME, "FOR VALUES FROM (MINVALUE) TO ('1999-01-01')",
         "FOR VALUES FROM ('2001-01-01') TO (MAXVALUE)"), "leave out ranges of created_at"),
        ("a list that lacks a value", placed("LIST (doc_type)", "FOR VALUES IN ('rule', 'skill', 'reference')"),
         "no partition for other values of doc_type"),
        ("a list of what is computed", placed("LIST (lower(doc_type))", "FOR VALUES IN ('rule')"), "what is computed"),
        ("a hole below", placed("HASH (id)", f"{ALL} PARTITION BY LIST (name)")
         + "CREATE TABLE d00 PARTITION OF d0 FOR VALUES IN ('x');", "d0 has no partition for other values of name"),
        ("itself a partition", placed("LIST (doc_type)", "FOR VALUES IN ('rule')")
         + "ALTER TABLE agent_documents RENAME TO above; ALTER TABLE d0 RENAME TO agent_documents",
         "it is a partition of another table (FOR VALUES IN ('rule'))"),
        ("a partition's own key", PARTED + "CREATE UNIQUE INDEX i ON agent_documents_1 (agent_id)",
         "on the partition agent_documents_1 alone, refuses rows"),
        ("a partition's own exclusion", PARTED + "ALTER TABLE agent_documents_1 ADD EXCLUDE USING btree (name WITH =)",
         "on the partition agent_documents_1 alone, refuses rows"),
        ("a partition's trigger that refuses each", PARTED + function("f", "RAISE EXCEPTION 'no'; RETURN NEW;")
         + "CREATE TRIGGER f BEFORE INSERT ON agent_documents_1 FOR EACH ROW EXECUTE FUNCTION f()",
         "of the partition agent_documents_1 refuses each INSERT"),
        ("a partition's trigger that refuses each afterwards", PARTED + function("f", "RAISE EXCEPTION 'no'; RETURN OLD;")
         + "CREATE TRIGGER f AFTER DELETE ON agent_documents_1 FOR EACH ROW EXECUTE FUNCTION f()",
         "of the partition agent_documents_1 refuses each DELETE"),
        ("a partition that takes no row", PARTED + "ALTER TABLE agent_documents_1 ADD CHECK (false)",
         "of the partition agent_documents_1: false"),
        ("a partition's trigger that drops each", PARTED + function("f", "RETURN NULL;")
         + "CREATE TRIGGER f BEFORE INSERT ON agent_documents_1 FOR EACH ROW EXECUTE FUNCTION f()",
         "of the partition agent_documents_1 drops each INSERT"),
    ),
]  # fmt: skip

VALUES = [
    *_cases(
        "accepts/passes", "pass", f"{DOCUMENT}.doc_type/accepts",
        ("hash", PARTED, ""),
        ("hash of the value itself", placed("HASH (doc_type)", ALL), ""),
        ("listed", placed("LIST (doc_type)", "FOR VALUES IN ('rule', 'skill', 'context_doc', 'reference')"), ""),
        ("a check that repeats its bound", placed("LIST (doc_type)", "FOR VALUES IN ('rule', 'skill')", "DEFAULT")
         + "ALTER TABLE d0 ADD CHECK (doc_type = 'rule' OR doc_type = 'skill')", ""),
        ("a check that repeats the table's", PARTED + "ALTER TABLE agent_documents_0 ADD CHECK (doc_type"
         " IN ('rule', 'skill', 'context_doc', 'reference'))", ""),
        ("a check of an inheriting table's own column",
         "CREATE TABLE notes (doc_type text, tone text CHECK (tone <> 'x')) INHERITS (agent_documents)", ""),
        ("a computed column", "ALTER TABLE agent_documents ADD g text GENERATED ALWAYS AS (upper(doc_type)) STORED"
         " NOT NULL", ""),
        ("an index on an expression", "CREATE INDEX ON agent_documents (lower(doc_type)) WHERE doc_type <> 'rule'", ""),
    ),
    *_cases(
        "accepts/fails", "fail", f"{DOCUMENT}.doc_type/accepts",
        ("a partition's own check", PARTED + "ALTER TABLE agent_documents_0 ADD CHECK (doc_type <> 'rule')",
         "'rule' is refused by agent_documents_0_doc_type_check of agent_documents_0"),
        ("a partition's own check within its bound", placed("LIST (doc_type)", "FOR VALUES IN ('rule')", "DEFAULT")
         + "ALTER TABLE d0 ADD CHECK (doc_type <> 'rule')", "'rule' is refused by"),
        ("a column that is computed and not null", "ALTER TABLE agent_documents ADD g text GENERATED ALWAYS AS"
         " (nullif(doc_type, 'rule')) STORED NOT NULL", "'rule' is refused by the generated column g"),
        ("a column that cannot be computed", "ALTER TABLE agent_documents ADD g int GENERATED ALWAYS AS"
         " (1 / (length(doc_type) - 4)) STORED", "'rule' is refused by the generated column g"),
        ("an index that cannot be computed", "CREATE INDEX i ON agent_documents ((1 / (length(doc_type) - 4)))",
         "'rule' is refused by the index i"),
        ("an index whose condition cannot be", "CREATE INDEX i ON agent_documents (id) WHERE 1 / (length(doc_type) - 4)"
         " > 0", "'rule' is refused by the index i"),
        ("a partition's index that cannot be computed", PARTED + "CREATE INDEX i ON agent_documents_0"
         " ((1 / (length(doc_type) - 4)))", "'rule' is refused by the index i of agent_documents_0"),
    ),
    *_cases(
        "accepts/undecided", "indeterminate", f"{DOCUMENT}.doc_type/accepts",
        ("not listed", placed("LIST (doc_type)", "FOR VALUES IN ('rule')"), "no partition for other values"),
        ("a check where it depends on the value", placed("HASH (doc_type)", EVEN, ODD)
         + "ALTER TABLE d0 ADD CHECK (doc_type <> 'rule')", "if that is where it goes"),
        ("an inheriting table's own check",
         "CREATE TABLE notes (CHECK (doc_type <> 'rule')) INHERITS (agent_documents)", "of notes refuses it"),
        ("a computed column of a domain", "CREATE DOMAIN d AS text CHECK (VALUE <> 'rule'); ALTER TABLE agent_documents"
         " ADD g d GENERATED ALWAYS AS (doc_type) STORED", "the generated column g is public.d"),
        ("a computed column that is short", "ALTER TABLE agent_documents ADD g varchar(3) GENERATED ALWAYS AS"
         " (doc_type) STORED", "the generated column g is character varying(3)"),
        ("a composite key", "CREATE TABLE kinds (kind text, name text, PRIMARY KEY (kind, name));"
         "ALTER TABLE agent_documents ADD FOREIGN KEY (doc_type, name) REFERENCES kinds", "together, in public.kinds"),
        ("a partition's own key", PARTED + "CREATE TABLE kinds (kind text PRIMARY KEY);"
         "ALTER TABLE agent_documents_0 ADD FOREIGN KEY (doc_type) REFERENCES kinds", "references public.kinds"),
    ),
    *_cases(
        "nullable/passes", "pass", f"{DOCUMENT}.goal_id/nullable",
        ("hash", PARTED, ""),
        ("ranges with a default", placed("RANGE (goal_id)", "DEFAULT"), ""),
        ("a list with NULL", placed("LIST (goal_id)", "FOR VALUES IN (NULL)"), ""),
        ("a composite key, which NULL switches off", "ALTER TABLE goals ADD UNIQUE (id, status);"
         "ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id, name) REFERENCES goals (id, status)", ""),
    ),
    *_cases(
        "nullable/fails", "fail", f"{DOCUMENT}.goal_id/nullable",
        ("a partition's NOT NULL", PARTED + "ALTER TABLE agent_documents_1 ALTER goal_id SET NOT NULL",
         "not null in the partition agent_documents_1"),
        ("a partition's check", PARTED + "ALTER TABLE agent_documents_1 ADD CHECK (goal_id IS NOT NULL)",
         "of agent_documents_1 refuses NULL"),
    ),
    *_cases(
        "nullable/undecided", "indeterminate", f"{DOCUMENT}.goal_id/nullable",
        ("ranges from end to end", placed("RANGE (goal_id)", "FOR VALUES FROM (MINVALUE) TO (MAXVALUE)"),
         "no partition for a NULL in goal_id"),
        ("an inheriting table's NOT NULL", "CREATE TABLE notes (goal_id uuid NOT NULL) INHERITS (agent_documents)",
         "not null in notes"),
        ("a NOT NULL where it depends on the value", placed("HASH (goal_id)", EVEN, ODD)
         + "ALTER TABLE d0 ALTER goal_id SET NOT NULL", "not null in d0"),
    ),
    *_cases(
        "not-null/passes", "pass", "0001/agents.name/not-null",
        ("inherited", "CREATE TABLE bots () INHERITS (agents); CREATE TABLE small () INHERITS (bots)", ""),
    ),
    *_cases(
        "not-null/fails", "fail", "0001/agents.name/not-null",
        ("NO INHERIT", "ALTER TABLE agents ALTER name DROP NOT NULL, ADD CONSTRAINT nn NOT NULL name NO INHERIT;"
         "CREATE TABLE bots () INHERITS (agents)", "nullable in bots"),
        oldest=18,
    ),
]  # fmt: skip

REST = [
    *_cases(
        "unique/passes", "pass", "0011/prompts.name+version/unique",
        ("a partition's own key on more", parted("prompts", "name", "ALTER TABLE prompts ADD UNIQUE (name, version);"
         "CREATE UNIQUE INDEX ON prompts_0 (name, version, id);"), ""),
    ),
    *_cases(
        "unique/fails", "fail", "0011/prompts.name+version/unique",
        ("a partition's own key on fewer", parted("prompts", "name", "ALTER TABLE prompts ADD UNIQUE (name, version);"
         "CREATE UNIQUE INDEX ON prompts_0 (name);"), "on the partition prompts_0, is on fewer columns"),
    ),
    *_cases(
        "trigger/passes", "pass", TOUCHED,
        ("a partition's trigger that runs before", PARTED + KEEPS_GOAL
         + "CREATE TRIGGER a BEFORE UPDATE ON agent_documents_0 FOR EACH ROW EXECUTE FUNCTION keeps()", ""),
        ("a partition's trigger that sets it too", PARTED
         + "CREATE TRIGGER z BEFORE UPDATE ON agent_documents_0 FOR EACH ROW EXECUTE FUNCTION update_updated_at()", ""),
        ("a partition's trigger that sleeps", PARTED + KEEPS_GOAL
         + "CREATE TRIGGER z BEFORE UPDATE ON agent_documents_0 FOR EACH ROW EXECUTE FUNCTION keeps();"
         "ALTER TABLE agent_documents_0 DISABLE TRIGGER z", ""),
    ),
    *_cases(
        "trigger/undecided", "indeterminate", TOUCHED,
        ("a partition's trigger that runs after", PARTED + KEEPS_GOAL
         + "CREATE TRIGGER z BEFORE UPDATE ON agent_documents_0 FOR EACH ROW EXECUTE FUNCTION keeps()",
         "z of the partition agent_documents_0 runs after it"),
    ),
    *_cases(
        "one-of/passes", "pass", f"{DOCUMENT}.doc_type/one-of",
        ("a list of partitions", UNCHECKED + placed("LIST (doc_type)", "FOR VALUES IN ('rule', 'skill')",
         "FOR VALUES IN ('context_doc', 'reference')"), "the set is what there are partitions for"),
    ),
    *_cases(
        "one-of/fails", "fail", f"{DOCUMENT}.doc_type/one-of",
        ("a partition for one value more", UNCHECKED + placed("LIST (doc_type)", "FOR VALUES IN ('rule', 'it''s')",
         "FOR VALUES IN ('skill', 'context_doc', 'reference')"), '"it\'s" is accepted'),
        ("a default partition", UNCHECKED + placed("LIST (doc_type)", "FOR VALUES IN ('rule', 'skill', 'context_doc',"
         " 'reference')", "DEFAULT"), "the empty string is accepted"),
        ("a list of another column", UNCHECKED + placed("LIST (name)", "FOR VALUES IN ('rule', 'skill', 'context_doc',"
         " 'reference')"), "the empty string is accepted"),
    ),
    *_cases(
        "one-of/undecided", "indeterminate", f"{DOCUMENT}.doc_type/one-of",
        ("no partition for one value", UNCHECKED + placed("LIST (doc_type)", "FOR VALUES IN ('rule', 'skill')",
         "FOR VALUES IN ('context_doc')"), "no partition for other values"),
        ("a list on the second level", UNCHECKED + placed("HASH (id)", f"{ALL} PARTITION BY LIST (doc_type)")
         + "CREATE TABLE d00 PARTITION OF d0 FOR VALUES IN ('rule', 'skill', 'context_doc', 'reference')",
         "d0 has no partition for other values of doc_type"),
        ("ranges with gaps", UNCHECKED + placed("RANGE (doc_type)", "FOR VALUES FROM ('a') TO ('z')"), "leave out ranges"),
    ),
    *_cases(
        "trigger/fails", "fail", TOUCHED,
        ("asleep two levels below", placed("HASH (id)", f"{ALL} PARTITION BY HASH (id)")
         + f"CREATE TABLE d00 PARTITION OF d0 {ALL}; CREATE TRIGGER t BEFORE UPDATE ON agent_documents"
         " FOR EACH ROW EXECUTE FUNCTION update_updated_at(); ALTER TABLE d00 DISABLE TRIGGER t",
         "disabled on the partitions d00"),
        ("a table that is said to have no triggers", "UPDATE pg_class SET relhastriggers = false"
         " WHERE oid = 'agent_documents'::regclass", "says that it has no triggers"),
    ),
]  # fmt: skip

KEPT = "CREATE TABLE notes (FOREIGN KEY (agent_id) REFERENCES agents ON DELETE CASCADE) INHERITS (agent_documents);"
OWN_CASCADE = "ALTER TABLE agent_documents_1 ADD FOREIGN KEY (goal_id) REFERENCES goals ON DELETE CASCADE;"

EACH = [
    *_cases(
        "trigger/passes", "pass", TOUCHED,
        ("one on each partition", NO_KEY + touched("agent_documents_0", "agent_documents_1"), "each partition has its own"),
        ("one on each inheriting table", "CREATE TABLE notes () INHERITS (agent_documents);" + touched("notes"),
         "each inheriting table has its own"),
    ),
    *_cases(
        "trigger/fails", "fail", TOUCHED,
        ("one on a partition alone", NO_KEY + touched("agent_documents_0"), "no trigger"),
        ("one that sleeps on a partition", NO_KEY + touched("agent_documents_0", "agent_documents_1")
         + "ALTER TABLE agent_documents_1 DISABLE TRIGGER own", "no trigger"),
        ("one on the inheriting table alone", "CREATE TABLE notes () INHERITS (agent_documents);" + touched("notes")
         + "DROP TRIGGER agent_documents_updated_at ON agent_documents", "no trigger"),
        ("one on some inheriting tables", "CREATE TABLE notes () INHERITS (agent_documents); CREATE TABLE short ()"
         " INHERITS (notes);" + touched("notes"), "it does not fire for the inheriting tables notes"),
    ),
    *_cases(
        "foreign-key/passes", "pass", f"{DOCUMENT}.agent_id/foreign-key",
        ("one of each partition's own", NO_KEY + EACH_KEY, "each partition has its own"),
    ),
    *_cases(
        "foreign-key/fails", "fail", f"{DOCUMENT}.agent_id/foreign-key",
        ("one of a partition's own", NO_KEY + EACH_KEY.partition(";")[0], "no foreign key on agent_id"),
        ("one of them not valid", NO_KEY + EACH_KEY.replace("CASCADE;", "CASCADE NOT VALID;"), "no foreign key on agent_id"),
    ),
    *_cases(
        "on-delete/passes", "pass", f"{DOCUMENT}.agent_id/on-delete", ("by each partition's own", NO_KEY + EACH_KEY, ""),
    ),
    *_cases(
        "on-delete/fails", "fail", f"{DOCUMENT}.agent_id/on-delete",
        ("by one partition's own otherwise", NO_KEY + EACH_KEY.replace(" ON DELETE CASCADE", "", 1), "it does no action"),
    ),
]  # fmt: skip

KEYS = [
    *_cases(
        "foreign-key/passes", "pass", f"{DOCUMENT}.agent_id/foreign-key",
        ("hash", PARTED, ""),
        ("each inheriting table has a key like it", KEPT
         + "CREATE TABLE short (FOREIGN KEY (agent_id) REFERENCES agents ON DELETE CASCADE) INHERITS (notes)", ""),
    ),
    *_cases(
        "foreign-key/fails", "fail", f"{DOCUMENT}.agent_id/foreign-key",
        ("an inheriting table has none", KEPT + "CREATE TABLE short () INHERITS (agent_documents)",
         "rows of the inheriting tables short are not checked"),
        ("one that inherits from that has none", KEPT + "CREATE TABLE short () INHERITS (notes)", "tables short are not"),
        ("the inheriting table's leads elsewhere", "CREATE TABLE notes (FOREIGN KEY (agent_id) REFERENCES goals)"
         " INHERITS (agent_documents)", "tables notes are not checked"),
        ("the inheriting table's is not valid", "CREATE TABLE notes () INHERITS (agent_documents); ALTER TABLE notes"
         " ADD FOREIGN KEY (agent_id) REFERENCES agents ON DELETE CASCADE NOT VALID", "tables notes are not checked"),
    ),
    *_cases(
        "on-delete/passes", "pass", f"{DOCUMENT}.agent_id/on-delete",
        ("hash", PARTED, ""),
        ("each inheriting table does it", KEPT, ""),
        ("a partition's own does it twice", PARTED
         + "ALTER TABLE agent_documents_1 ADD FOREIGN KEY (agent_id) REFERENCES agents ON DELETE CASCADE", ""),
    ),
    *_cases(
        "on-delete/fails", "fail", f"{DOCUMENT}.agent_id/on-delete",
        ("an inheriting table does otherwise", "CREATE TABLE notes (FOREIGN KEY (agent_id) REFERENCES agents)"
         " INHERITS (agent_documents)", "of notes alone; it does no action"),
    ),
    *_cases(
        "on-delete/passes", "pass", f"{DOCUMENT}.goal_id/on-delete",
        ("a partition's CHECK of what is not set", PARTED
         + "ALTER TABLE agent_documents_1 ADD CHECK (name <> 'x' AND agent_id IS NOT NULL)", ""),
    ),
    *_cases(
        "on-delete/fails", "fail", f"{DOCUMENT}.goal_id/on-delete",
        ("a partition does otherwise", PARTED + OWN_CASCADE, "of agent_documents_1 alone; it does cascade"),
        ("a partition two levels below does", placed("HASH (id)", f"{ALL} PARTITION BY HASH (id)")
         + f"CREATE TABLE agent_documents_1 PARTITION OF d0 {ALL};{OWN_CASCADE}"
         "ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id) REFERENCES goals ON DELETE SET NULL",
         "of agent_documents_1 alone; it does cascade"),
        ("a partition's NOT NULL", PARTED + "ALTER TABLE agent_documents_1 ALTER goal_id SET NOT NULL",
         "the deletion is refused: goal_id is not null in agent_documents_1"),
        ("a partition's CHECK", PARTED + "ALTER TABLE agent_documents_1 ADD CHECK (goal_id IS NOT NULL)",
         "of agent_documents_1 refuses NULL"),
    ),
    *_cases(
        "on-delete/undecided", "indeterminate", f"{DOCUMENT}.goal_id/on-delete",
        ("a partition's CHECK in some rows", PARTED
         + "ALTER TABLE agent_documents_1 ADD CHECK (goal_id IS NOT NULL OR uri IS NOT NULL)", "NULL in some rows"),
        ("a NOT NULL where it depends on the value", placed("HASH (goal_id)", EVEN, ODD)
         + "ALTER TABLE d0 ALTER goal_id SET NOT NULL;"
         "ALTER TABLE agent_documents ADD FOREIGN KEY (goal_id) REFERENCES goals ON DELETE SET NULL",
         "it may be refused: goal_id is not null in d0"),
    ),
]  # fmt: skip

CASES = [*TABLES, *VALUES, *REST, *EACH, *KEYS]


@pytest.fixture(params=["server", "older_server"])
def stage(request: pytest.FixtureRequest, benches: Callable[..., Bench]) -> Bench:
    """A conforming database on each of the two majors."""
    return benches(server=request.param)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.cell}: {case.name}" for case in CASES])
def test_partitions(stage: Bench, case: Case) -> None:
    if stage.major < case.oldest:
        pytest.skip(f"PostgreSQL {stage.major} cannot do this")
    outcome = stage.outcome(case.sql, case.requirement)
    seen = f"{outcome.observed}; {outcome.note}"
    assert (outcome.verdict, case.says in seen) == (case.verdict, True), seen


def test_not_null_that_an_inheriting_table_dropped(benches: Callable[..., Bench]) -> None:
    """Up to 17, an inheriting table may do so."""
    script = "CREATE TABLE bots () INHERITS (agents); ALTER TABLE bots ALTER name DROP NOT NULL"
    outcome = benches(server="older_server").outcome(script, "0001/agents.name/not-null")
    assert (outcome.verdict, outcome.observed) == ("fail", "not null, but nullable in bots")


def test_a_foreign_table_among_the_partitions(bench: Bench) -> None:
    """PostgreSQL takes its word for what it holds."""
    script = placed("HASH (id)", EVEN) + (
        "CREATE FOREIGN DATA WRAPPER none; CREATE SERVER nowhere FOREIGN DATA WRAPPER none;"
        f"CREATE FOREIGN TABLE far PARTITION OF agent_documents {ODD} SERVER nowhere"
    )
    outcomes = bench.outcomes(script)
    assert outcomes[f"{DOCUMENT}.doc_type/column"].verdict == "pass"
    assert outcomes[f"{DOCUMENT}.doc_type/one-of"].verdict == "indeterminate"
    assert outcomes[f"{DOCUMENT}.doc_type/one-of"].note == "what keeps it in far lies behind a foreign table"
