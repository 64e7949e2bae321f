"""A draft of repairs made a plan, once it is known what the rows say: what is run, in which order, and what is left
out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conformance.drafting import WATCHED, Draft
from conformance.model.look import Seen, Tally, Unseen
from conformance.model.record import Record
from conformance.model.repair import Left, Mend, Step

_ELSE = (
    "anything else in the database that has a name given here, uses or rests on what is changed, or hands it down; an"
    " event trigger that refuses a statement; a replica identity or a publication for whose sake UPDATE and DELETE are"
    " refused behind the script"
)


class Doing(Record):
    """A statement, and the requirements that it mends."""

    step: Step
    mends: tuple[str, ...]


class Blind(Record):
    """What the rows might stop, where they were not looked at: the requirements, the rows in words, and why not."""

    mends: tuple[str, ...]
    stops: str
    why: str


class Plan(Record):
    """What is done, in order; what is left out; what rows that nobody has looked at may stop; and what departs and is
    not to be mended."""

    doing: tuple[Doing, ...]
    left: tuple[Left, ...]
    blind: tuple[Blind, ...] = ()
    passed_over: tuple[str, ...] = ()

    @property
    def mends(self) -> tuple[str, ...]:
        """The requirements that hold behind it."""
        return tuple(dict.fromkeys(id_ for doing in self.doing for id_ in doing.mends))


def settled(draft: Draft, seen: Mapping[str, Seen], why_not: str) -> Plan:
    """The plan, once it is known what the rows say; `why_not` says why those that are not among `seen` are not."""
    left, blind, kept = list(draft.left), dict[int, list[Blind]](), dict[int, Mend]()
    for number, mend in enumerate(draft.mends):
        rows = [seen.get(f"{number}.{place}") for place in range(len(mend.rows))]
        users = [seen.get(f"{number}.users {place}") for place in range(len(mend.users))]
        judged = [*_judged(mend, rows, why_not), *_used(mend, users)]
        if refused := [one for one in judged if isinstance(one, Left)]:
            left.append(refused[0])
            continue
        kept[number] = mend
        blind[number] = [one for one in judged if isinstance(one, Blind)]
    while waiting := list(_waiting(kept, left, draft.passed_over)):
        for number, why in waiting:
            left.append(why)
            del kept[number]
    place = {id_: number for number, id_ in enumerate(draft.order)}
    return Plan(
        doing=tuple(_doing(list(kept.values()))),
        left=tuple(sorted(left, key=lambda one: min(place[id_] for id_ in one.leaves))),
        blind=(*(one for number in kept for one in blind[number]), *_watched(kept, seen.get(WATCHED), why_not)),
        passed_over=tuple(id_ for id_ in draft.order if id_ in draft.passed_over),
    )


def _judged(mend: Mend, answers: Sequence[Seen | None], why_not: str) -> Iterator[Left | Blind]:
    """What the rows say of a repair: it is left out, nobody knows, or nothing stops it."""
    if count := max((one.violations for one in answers if isinstance(one, Tally)), default=0):
        yield Left(leaves=mend.mends, why=mend.why, reason=f"{count:,} × {mend.stops}")
        return
    for one in answers:
        if not isinstance(one, Tally):
            why = f"{one.reason}; {one.help}".rstrip("; ") if isinstance(one, Unseen) else why_not
            if mend.blind:
                unseen = "unseen" if mend.why == "rows" else mend.why
                yield Left(leaves=mend.mends, why=unseen, reason=f"{mend.blind}: {why}")
            else:
                yield Blind(mends=mend.mends, stops=mend.stops, why=why)
            return


def _used(mend: Mend, answers: Sequence[Seen | None]) -> Iterator[Left | Blind]:
    """What else in the database would stop a step, or writers behind it."""
    unseen: dict[tuple[str, str], list[str]] = {}
    for one, answer in zip(mend.users, answers, strict=True):
        if isinstance(answer, Unseen):
            unseen.setdefault((one.behind, answer.reason), []).append(one.words)
        elif isinstance(answer, Tally) and answer.violations:
            found = ", ".join(dict.fromkeys(" ".join(witness.ids) for witness in answer.witnesses))
            refuses = "PostgreSQL would refuse UPDATE and DELETE behind it" if one.behind else "PostgreSQL refuses it"
            reason = f"{refuses} as long as anything {one.words}, and there is {found}"
            yield Left(leaves=mend.mends, why="decision", reason=reason)
            return
    for (behind, why), words in unseen.items():
        yield Blind(mends=mend.mends, stops=f"anything that {', or '.join(dict.fromkeys(words))}{behind}", why=why)


def _watched(kept: Mapping[int, Mend], answer: Seen | None, why_not: str) -> Iterator[Blind]:
    """What event triggers may refuse; where nothing but rows was to be had, all else that a catalog would say too."""
    ids = tuple(dict.fromkeys(id_ for mend in kept.values() for id_ in mend.mends))
    if not ids:
        return
    if answer is None:
        yield Blind(mends=ids, stops=_ELSE, why=why_not)
    elif not isinstance(answer, Tally):
        why = answer.reason if isinstance(answer, Unseen) else why_not
        yield Blind(mends=ids, stops="an event trigger that refuses a statement", why=why)
    elif answer.violations:
        found = ", ".join(" ".join(witness.ids) for witness in answer.witnesses)
        yield Blind(mends=ids, stops=f"what {found} refuses", why="a stranger's code is not run: read it")


def _waiting(kept: Mapping[int, Mend], left: Sequence[Left], passed_over: frozenset[str]) -> Iterator[tuple[int, Left]]:
    """The repairs that rest on what is left out, or was not chosen."""
    gone = {*passed_over, *(id_ for one in left for id_ in one.leaves)}
    for number, mend in kept.items():
        if needed := gone & set(mend.needs):
            yield number, Left(leaves=mend.mends, why="waits", reason=f"it waits for {', '.join(sorted(needed))}")


def _doing(mends: Sequence[Mend]) -> Iterator[Doing]:
    """Every statement once, in the order of the stages."""
    found: dict[str, Doing] = {}
    for mend in mends:
        for step in mend.steps:
            there = found.get(step.sql)
            ids = (*(there.mends if there else ()), *mend.mends)
            found[step.sql] = Doing(step=step, mends=tuple(dict.fromkeys(ids)))
    yield from sorted(found.values(), key=lambda doing: doing.step.stage)
