"""The parameters in parentheses of a table, a view, an index or a column: a server refuses what is none of them."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.fold.refusals import Refused
from conformance.fold.tokens import Cursor

_VACUUMED = frozenset(
    """autovacuum_enabled autovacuum_vacuum_threshold autovacuum_vacuum_max_threshold
    autovacuum_vacuum_insert_threshold autovacuum_vacuum_scale_factor autovacuum_vacuum_insert_scale_factor
    autovacuum_vacuum_cost_delay autovacuum_vacuum_cost_limit autovacuum_freeze_min_age autovacuum_freeze_max_age
    autovacuum_freeze_table_age autovacuum_multixact_freeze_min_age autovacuum_multixact_freeze_max_age
    autovacuum_multixact_freeze_table_age log_autovacuum_min_duration vacuum_index_cleanup vacuum_truncate
    vacuum_max_eager_freeze_failure_rate""".split()
)
_KNOWN: Mapping[str, frozenset[str]] = {
    "table": _VACUUMED
    | frozenset(
        """fillfactor toast_tuple_target parallel_workers user_catalog_table autovacuum_analyze_threshold
        autovacuum_analyze_scale_factor oids""".split()
    ),
    "toast": _VACUUMED,
    "view": frozenset({"security_barrier", "security_invoker", "check_option"}),
    "column": frozenset({"n_distinct", "n_distinct_inherited"}),
    "btree": frozenset({"fillfactor", "deduplicate_items", "vacuum_cleanup_index_scale_factor"}),
    "hash": frozenset({"fillfactor"}),
    "gist": frozenset({"fillfactor", "buffering"}),
    "spgist": frozenset({"fillfactor"}),
    "gin": frozenset({"fastupdate", "gin_pending_list_limit"}),
    "brin": frozenset({"pages_per_range", "autosummarize"}),
}
"""The parameters of the majors 12 to 18."""
_SINCE = {
    "autovacuum_vacuum_insert_threshold": 13,
    "autovacuum_vacuum_insert_scale_factor": 13,
    "deduplicate_items": 13,
    "security_invoker": 15,
    "autovacuum_vacuum_max_threshold": 18,
    "vacuum_max_eager_freeze_failure_rate": 18,
}
_LEAST_FULL, _FULL = 10, 100


def set_anew(of: str, cursor: Cursor, major: int) -> bool:
    """Whether SET and parameters come next, which are taken. Raises `Refused`."""
    if not cursor.takes("set", "("):
        return False
    cursor.at -= 1
    judge(of, cursor.group(), major)
    return True


def judge(of: str, given: Cursor, major: int) -> None:
    """Raises `Refused` for a parameter that is none, of an index by its method, or of a `table`, `view` or `column`."""
    if of not in _KNOWN:
        return
    for part in given.parts():
        names = [part.label()]
        while part.takes("."):
            names.append(part.label())
        known = _KNOWN["toast"] if of == "table" and names[:-1] == ["toast"] else _KNOWN[of]
        if names[-1] not in known or major < _SINCE.get(names[-1], 0) or names[:-1] not in ([], ["toast"]):
            raise Refused("invalid_parameter_value", f"{'.'.join(names)} is no parameter of a {of} here")
        token = part.take().value if part.takes("=") and not part.ended else ""
        if names == ["fillfactor"] and token.isdigit() and not _LEAST_FULL <= int(token) <= _FULL:
            raise Refused("invalid_parameter_value", f"a fillfactor is from {_LEAST_FULL} to {_FULL}")
