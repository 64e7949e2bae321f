"""Who a sandbox belongs to, written down so that a later run can tell whether that process still lives."""

import json
import os
from dataclasses import asdict, dataclass

from conformance.errors import CannotEvaluate
from conformance.sandbox import processes


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process: its number, when it began (numbers are used again), and where the number means something."""

    pid: int
    started: str
    place: str

    def to_json(self) -> str:
        """One JSON object of the three fields."""
        return json.dumps(asdict(self))

    def is_gone(self) -> bool:
        """Whether the process has surely ended: of those of other machines or containers we can't know."""
        return self.place == processes.place() and processes.started(self.pid) != self.started


def this_process() -> Owner:
    """The owner of what this process makes. Raises CannotEvaluate where a process can't see its own start."""
    pid = os.getpid()
    started = processes.started(pid)
    if started is None:
        raise CannotEvaluate("the start time of this process cannot be seen (is /proc mounted?)")
    return Owner(pid=pid, started=started, place=processes.place())


def owner_from_json(text: str) -> Owner | None:
    """The owner that `to_json` wrote; None for anything else, such as what a killed process wrote by half."""
    try:
        found = json.loads(text)
        return Owner(pid=int(found["pid"]), started=str(found["started"]), place=str(found["place"]))
    except (ValueError, TypeError, KeyError):
        return None
