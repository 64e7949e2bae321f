"""Whether a trigger does what its function's body plainly says, or something else has a say in it."""

from __future__ import annotations

from conformance.model.catalog import Catalog, Table, Trigger
from conformance.model.question import Homonyms, Text
from conformance.model.trigger_body import looked_up
from conformance.model.trigger_when import Fires, fires

HARMLESS = frozenset(
    """application_name check_function_bodies client_min_messages idle_in_transaction_session_timeout jit lock_timeout
    log_min_messages log_statement maintenance_work_mem row_security search_path statement_timeout work_mem""".split()
)
"""Settings under which a time is assigned as without them; what search_path leads to is looked at."""


def fires_for(trigger: Trigger, table: Table) -> Fires:
    """For which updates its WHEN is true."""
    if not trigger.when:
        return "always"
    checked = {name for check in table.checks for name in check.columns}
    never = {c.name for c in table.columns.values() if c.not_null and c.not_null_validated}
    at_times = {c.name for c in table.columns.values() if not (c.not_null or c.type.domains or c.name in checked)}
    return fires(trigger.when, never, at_times)


def odd_settings(trigger: Trigger) -> list[str]:
    """The settings of its function's own that may change what it does."""
    return [name for name in trigger.settings if name.lower() not in HARMLESS]


def why_another(trigger: Trigger, column: str, catalog: Catalog) -> str:
    """Why the function that the body calls may be another one of that name, or ""."""
    name = looked_up(trigger.body, column) if trigger.looks_in else ""
    if not name:
        return ""
    answer = catalog.answers.get(Homonyms(name=name))
    if not isinstance(answer, Text):
        return f"{name}() is looked for in {', '.join(trigger.looks_in)} before pg_catalog, and that could not be asked"
    found = [schema for schema in answer.values if {schema, "$user"} & set(trigger.looks_in)]
    return f"{name}() is that of {found[0]}, which comes before pg_catalog on its search_path" if found else ""
