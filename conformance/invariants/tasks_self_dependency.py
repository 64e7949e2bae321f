"""No task depends on itself.

Why: it is the shortest cycle: the task waits for its own end and never begins.

Example: `0002/task_dependencies/no-self-dependency`: a row whose `task_id` is its `depends_on`.

Repair: `DELETE FROM task_dependencies WHERE task_id = depends_on`, and a CHECK that refuses the next one.

Limits: none; it is also a cycle, and reported there too.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading

TABLE = "task_dependencies"
_ONE = "00000000-0000-4000-8000-000000000001"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        name="no-self-dependency",
        level="must",
        source="the page, line 16; the documentation of the fields",
        expected="task_id is not depends_on",
        needs={TABLE: ("task_id", "depends_on")},
        look=_look,
        breaking=({"task_id": _ONE, "depends_on": _ONE},),
        repair="DELETE FROM task_dependencies WHERE task_id = depends_on;\n"
        "ALTER TABLE task_dependencies ADD CHECK (task_id <> depends_on) NOT VALID;",
    )


def _look(reading: Reading) -> Rows:
    reading.alike((TABLE, "task_id"), (TABLE, "depends_on"))
    own, other = (reading.value(TABLE, name, "key") for name in ("task_id", "depends_on"))
    return reading.rows(TABLE, f"{own} = {other}", about=("task_id", "depends_on"))
