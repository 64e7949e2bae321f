"""More of what is spelled otherwise and holds, and of what is spelled alike and does not; as `test_meaning.py`."""

from collections.abc import Callable

import pytest
from judged import Bench
from test_meaning import NO_TRIGGER, TOUCHED, Case, _cases, touching

SETS = "BEGIN NEW.updated_at := now(); RETURN NEW; END"
OWN_NOW = "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS $$SELECT timestamptz '2000-01-01'$$;"


def when(condition: str) -> str:
    """Our trigger with a WHEN."""
    return (
        f"{NO_TRIGGER} CREATE TRIGGER t BEFORE UPDATE ON agent_documents FOR EACH ROW WHEN ({condition})"
        " EXECUTE FUNCTION update_updated_at()"
    )


def running(setting: str, body: str = SETS) -> str:
    """A trigger whose function runs under a setting of its own."""
    return f"{touching(body)} ALTER FUNCTION touch() SET {setting};"


TRIGGERS = [
    *_cases(
        "trigger/passes", "pass", TOUCHED,
        *(
            (f"with {setting}", running(setting), "")
            for setting in ("search_path = ''", "search_path = pg_catalog, public", "search_path = public, pg_temp",
                            "search_path = public, pg_catalog", "search_path = pg_temp, pg_catalog",
                            "statement_timeout = '5s'", "work_mem = '8MB'")
        ),
        ("a keyword, which no path leads elsewhere", OWN_NOW + running(
            "search_path = public, pg_catalog", "BEGIN NEW.updated_at := CURRENT_TIMESTAMP; RETURN NEW; END"), ""),
        ("qualified, beside a namesake", OWN_NOW + running(
            "search_path = public, pg_catalog", "BEGIN NEW.updated_at := pg_catalog.now(); RETURN NEW; END"), ""),
        ("beside a namesake that comes later", OWN_NOW + running("search_path = public"), ""),
        ("a namesake that takes an argument",
         "CREATE FUNCTION now(int) RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz';"
         + running("search_path = public, pg_catalog"), ""),
        *((f"WHEN {text}", when(text), "") for text in (
            "1 = 1", "NEW.id IS NOT NULL", "OLD.id IS NOT NULL AND true", "true OR OLD.name <> NEW.name",
            "NEW.name IS NULL OR NEW.id IS NOT NULL",
        )),
    ),
    *_cases(
        "trigger/undecided", "indeterminate", TOUCHED,
        ("a namesake that comes first", OWN_NOW + running("search_path = public, pg_catalog"), "that of public"),
        ("a namesake of the role's own schema", OWN_NOW + running("search_path = \"$user\", pg_catalog"), "that of public"),
        ("a namesake whose arguments have defaults",
         "CREATE FUNCTION now(int DEFAULT 1) RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz';"
         + running("search_path = public, pg_catalog"), "that of public"),
        ("with another time zone", running("timezone = 'UTC'"), "TimeZone of its own"),
        *((f"WHEN {text}", when(text), "not plain to see") for text in (
            "pg_trigger_depth() = 0", "NEW.updated_at = OLD.updated_at", "NEW.name <> 'x'", "NEW.goal_id IS NULL",
            "OLD.name <> NEW.name OR NEW.name <> 'x'",
        )),
    ),
    *_cases(
        "trigger/fails", "fail", TOUCHED,
        *((f"WHEN {text}", when(text), "leaves updates out") for text in (
            "false", "OLD.* IS DISTINCT FROM NEW.*", "NEW.goal_id IS NOT NULL", "NEW.id IS NULL",
            "OLD.name <> NEW.name OR OLD.goal_id IS DISTINCT FROM NEW.goal_id",
            "NEW.name <> 'x' AND OLD.content IS DISTINCT FROM NEW.content",
        )),
    ),
]  # fmt: skip

CASES = [*TRIGGERS]


@pytest.fixture(params=["server", "older_server"])
def stage(request: pytest.FixtureRequest, benches: Callable[..., Bench]) -> Bench:
    """A conforming database on each of the two majors."""
    return benches(server=request.param)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.cell}: {case.requirement}: {case.name}" for case in CASES])
def test_near_miss(stage: Bench, case: Case) -> None:
    if stage.major < case.oldest:
        pytest.skip(f"PostgreSQL {stage.major} cannot do this")
    outcome = stage.outcome(case.sql, case.requirement)
    seen = f"{outcome.observed}; {outcome.note}"
    assert (outcome.verdict, case.says in seen) == (case.verdict, True), seen
    assert bool(outcome.findings) == (outcome.verdict == "fail" and outcome.because is None)
