"""One example of a law, as SQL: what is there before, what is tried, and what the documentation says becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeVar

from conformance.model.record import Record
from conformance.model.sql import literal, printable

Item = TypeVar("Item")

Fate = Literal["as documented", "departs", "void", "lost"]


class Choice(Protocol):
    """Where the examples of a law differ. What is first among the options makes the smallest example."""

    def pick(self, options: list[Item]) -> Item: ...

    def text(self) -> str: ...


class Plainly:
    """The choice of the smallest example."""

    def pick(self, options: list[Item]) -> Item:
        return options[0]

    def text(self) -> str:
        return "x"


class Freshly(Plainly):
    """The same among rows that are there already: no text of theirs is this one."""

    def text(self) -> str:
        return "conformance 7c0f"


class Experiment(Record):
    """`given` has to go through, and so does `control`, which differs from what is tried in nothing but what the claim
    is about, and is taken back: where either is refused, the example tells nothing of the claim.

    What is tried is `tried`. If it is `accepted`, a query says two things of what came of it: what is observed, as
    text, and whether that is as documented; it is the end of `tried` itself (RETURNING), or `asked` afterwards. Where
    it should be `refused` and is not, that makes good what became of it, as a trigger does that mends the row.
    """

    given: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    tried: str
    expects: Literal["accepted", "refused"]
    asked: str = ""
    answers: bool = False
    """Whether `tried` itself returns the two things."""


class Race(Record):
    """Two sessions do the same at once: exactly one of them may get through. `given` is there for both."""

    given: tuple[str, ...] = ()
    first: str
    second: str


class Result(Record):
    """What became of an example: `observed` in one clause, or why it tells nothing: it was `void`, since what it stands
    on was refused, or it was `lost` to an accident."""

    fate: Fate
    observed: str


def begin(path: Sequence[str]) -> str:
    """What a script begins with: where its names are looked for is said if the reader's session may look elsewhere."""
    return f"BEGIN;\nSET LOCAL search_path = {', '.join(map(literal, path))};" if path else "BEGIN;"


def script_of(experiment: Experiment, result: Result, *, deferrable: bool, path: Sequence[str] = ()) -> str:
    """The example as a script for psql, with what is documented and what happens as comments.

    Where constraints may be deferred, they are made to speak before the end; names are looked for along the `path`, or
    where the session looks for them."""
    said = not (experiment.answers or experiment.asked) or experiment.expects == "refused"
    or_else = ", or made good" if experiment.expects == "refused" and experiment.asked else ""
    documented = f"-- documented: {experiment.expects}{or_else}" if said else ""
    lines = [f"{statement};" for statement in experiment.given]
    if documented:
        lines.append(documented)
    happens = f"-- here: {' '.join(result.observed.split())}"
    lines.append(f"{experiment.tried};")
    if experiment.asked and not result.observed.startswith("refused"):
        lines.append(f"{experiment.asked};")
    elif deferrable:
        lines.append("SET CONSTRAINTS ALL IMMEDIATE;")
    return printable("\n".join([begin(path), *lines, happens, "ROLLBACK;"]))


def script_of_race(race: Race, result: Result, *, path: Sequence[str] = ()) -> str:
    """A race as a script of two sessions, of which a person runs the lines in this order."""
    given = [begin(path), *(f"{statement};" for statement in race.given), "COMMIT;"] if race.given else []
    return printable(
        "\n".join(
            [
                *given,
                "-- session 1",
                begin(path),
                f"{race.first};",
                "-- session 2",
                begin(path),
                f"{race.second};",
                "-- session 1",
                "COMMIT;",
                "-- session 2, documented: refused",
                "COMMIT;",
                f"-- here: {result.observed}",
            ]
        )
    )
