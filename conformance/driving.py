"""An implementation driven by calls in symbols, beside the oracle: what it answers and what is then in the database are
compared with what the documentation says, call by call."""

from __future__ import annotations

import inspect
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from threading import Timer
from typing import Any

from conformance import state
from conformance.errors import CannotEvaluate, ConformanceError
from conformance.model.conduct import Answer, Area, Call, Departure, Expected, Law, Model, Ref, View, differences
from conformance.model.contract import LEVELS, Level
from conformance.model.ground import id_of
from conformance.model.look import Unseen
from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.model.reading import Reading
from conformance.model.record import Record
from conformance.properties.adapter import Conflict, Refused
from conformance.sandbox.interrupts import Terminated
from conformance.sources.stand import Stand
from conformance.state import Claim

_AGAIN = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATEs that say no more than that a transaction may be repeated: not serializable, a deadlock, a lock that is not
waited for."""
_PATIENCE_S = 20.0
"""After this long the sessions of a call that does not end are ended."""

LOOKING = Looking()


class Claims(Record):
    """The invariants that are looked at, with the plan of the looks, and those that cannot be, in words."""

    chosen: tuple[Claim, ...]
    unseen: tuple[str, ...] = ()
    planned: state.Plan
    reading: Reading

    @property
    def tables(self) -> frozenset[str]:
        """The tables that they are about."""
        return frozenset(table for claim in self.chosen for table in claim.invariant.needs)

    def broken(self, stand: Stand, names: Mapping[str, str], of: Collection[str]) -> list[tuple[str, Level, str]]:
        """The invariants of these tables that do not hold now, strongest first: id, level, what was observed."""
        chosen = [claim for claim in self.chosen if not claim.invariant.needs.keys().isdisjoint(of)]
        ids = {claim.requirement.id for claim in chosen}
        seen = stand.looked([asked for asked in self.planned.asked if asked.id in ids])
        for id_, one in seen.items():
            if isinstance(one, Unseen):
                raise CannotEvaluate(f"{id_} cannot be looked at: {one.reason}")
        found = state.judge(chosen, self.planned, seen, self.reading, LOOKING)
        broken = [o for o in found if o.verdict == "fail" and o.requirement.level != "may"]
        told = [(o.requirement.id, o.requirement.level, _witnessed(o, names)) for o in broken]
        return sorted(told, key=lambda one: (LEVELS.index(one[1]), one[0]))


def _witnessed(outcome: Outcome, names: Mapping[str, str]) -> str:
    witnesses = [named(witness, names) for finding in outcome.findings for witness in finding.witnesses]
    return f"asked for {outcome.expected}; departs: {', '.join(sorted(witnesses)) or outcome.observed}"


class Driver:
    """One area of an implementation. `judged` counts, by a law's name, the calls that it had a say in; `called` and
    `accepted` count calls by the operation. `renew` is called where sessions had to be ended; `audited` says whether
    the invariants are looked at after each call, `hung` whether a call of this history was not waited for to its end:
    what departs then counts only if it does so again, since it may be the machine that stood still."""

    def __init__(self, area: Area, laws: Mapping[str, Law], stand: Stand, claims: Claims) -> None:
        self.area = area
        self.laws = laws
        self.stand = stand
        self.claims = claims
        self.model: Model = area.model()
        self.ids: dict[str, str] = {}
        self.history: list[str] = []
        self.renew: Callable[[], None] = lambda: None
        self.shaken = False
        self.hung = False
        self.audited = True
        self._seen: Mapping[str, str] = {}
        self.judged: Counter[str] = Counter()
        self.called: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self._ground = {
            value.name: id_of(value.name)
            for rows in area.GROUND.values()
            for row in rows
            for value in row.values()
            if isinstance(value, Ref)
        }

    def begin(self) -> None:
        """Nothing has happened yet."""
        if self.stand.reset(self.area.GROUND) or self.shaken:
            self.renew()
        self.shaken = self.hung = False
        self._seen = {}
        self.model = self.area.model()
        self.ids = dict(self._ground)
        self.history = [f"given: {self.area.GIVEN}"]

    @property
    def names(self) -> dict[str, str]:
        """The symbols of the ids."""
        return {id_: symbol for symbol, id_ in self.ids.items()}

    def law(self, name: str) -> Law:
        """A law of this area."""
        return self.laws[f"{self.area.AREA}/{name}"]

    def answer(self, adapter: Any, call: Call) -> Answer:
        """What the implementation makes of a call; raises for what is no answer of its."""
        found = self._answered(adapter, call)
        self.called[call.op] += 1
        self.accepted[call.op] += found.fate == "accepted"
        return found

    def _answered(self, adapter: Any, call: Call) -> Answer:
        arguments = {name: self._real(value) for name, value in call.args}
        began = time.monotonic()
        hung = Timer(_PATIENCE_S, self._end_what_hangs)
        hung.daemon = True
        hung.start()
        try:
            value = getattr(adapter, call.op)(**arguments)
        except Refused as error:
            return Answer(fate="refused", words=self.said(error), transient=isinstance(error, Conflict))
        except ConformanceError:
            raise
        except NotImplementedError:
            raise CannotEvaluate(f"the implementation offers {call.op}, and does not implement it") from None
        except (KeyboardInterrupt, GeneratorExit, Terminated):
            raise
        except BaseException as error:  # noqa: BLE001  whatever it raises is an answer of its, an exit of Python too
            self.shaken = True  # a session that has seen an error is not used for another history
            words = f"{type(error).__name__}: {self.said(error)}"
            if time.monotonic() - began >= _PATIENCE_S:
                words += f"; its sessions were ended when it had not answered for {_PATIENCE_S:.0f} s"
            return Answer(fate="error", words=words, transient=_may_be_repeated(error))
        finally:
            hung.cancel()
        if inspect.isawaitable(value):
            if inspect.iscoroutine(value):
                value.close()
            raise CannotEvaluate(f"{call.op} is asynchronous: an operation of an adapter waits for what it starts")
        return self._taken(call, value)

    def _end_what_hangs(self) -> None:
        self.hung = True
        self.stand.end_others()

    def said(self, error: BaseException) -> str:
        """The first line of an error, ids as symbols."""
        lines = str(error).splitlines()
        return named(lines[0], self.names) if lines else ""

    def _real(self, value: Any) -> Any:
        if isinstance(value, Ref):
            return self.ids.get(value.name) or id_of(value.name)
        return (
            [self._real(item) if isinstance(item, Ref) else item for item in value]
            if isinstance(value, tuple)
            else value
        )

    def _taken(self, call: Call, value: Any) -> Answer:
        """The answer in symbols, those of what was made bound to their ids."""
        if call.gives:
            many = [value] if len(call.gives) == 1 and call.op != "plan" else value
            if isinstance(many, str | bytes) or not isinstance(many, Sequence) or len(many) != len(call.gives):
                return Answer(fate="error", words=f"it gives {value!r}, and not {len(call.gives)} ids")
            if any(item is None or not str(item).strip() for item in many):
                return Answer(fate="error", words=f"it gives {value!r}, which is no id")
            self.ids.update(zip(call.gives, map(str, many), strict=True))
            return Answer(fate="accepted")
        if call.op == "list_agents":
            if isinstance(value, str | bytes) or not isinstance(value, Iterable):
                return Answer(fate="error", words=f"it gives {value!r}, and not the ids of agents")
            return Answer(fate="accepted", value=tuple(sorted(self.names.get(str(item), str(item)) for item in value)))
        if call.op == "take":
            return Answer(fate="accepted", value=None if value is None else self.names.get(str(value), str(value)))
        return Answer(fate="accepted", value=value if call.op == "configure_agent" else None)

    def step(self, adapter: Any, call: Call) -> Departure | None:
        """One call, put and judged."""
        if call.op == "put":
            self.ids.update(
                {v.name: id_of(v.name) for _, v in call.args if isinstance(v, Ref) and v.name not in self.ids}
            )
            self.stand.put(self.area.put(call), self.ids)
            self.model.apply(call, None)
            self.history.append(f"in the database: {call.words.removeprefix('put')}")
            return None
        expected = self.model.expected(call)
        answer = self.answer(adapter, call)
        self.history.append(f"{call.words}: {answer.said}")
        if found := self.objection(self.model, call, expected, answer):
            self.judged[found[0]] += 1  # another law had no say in it
            return self.departure(*found)
        self.judged[expected.law] += 1
        if answer.fate == "accepted":
            self.model.apply(call, answer.value)
        if wrong := differences(self.model.view(), self.view()):
            return self.departure(expected.law, f"{'; '.join(wrong)}, because {expected.why}")
        return self._broken_now() if self.audited else None

    def _broken_now(self) -> Departure | None:
        """The strongest invariant that does not hold now, of those whose rows have changed since they were looked at:
        the others say what they said."""
        now = self.stand.versions(self.claims.tables)
        changed = [table for table, version in now.items() if self._seen.get(table) != version]
        self._seen = now
        return self.broken(changed)

    def objection(self, model: Model, call: Call, expected: Expected, answer: Answer) -> tuple[str, str] | None:
        """The law that an answer departs from, and how."""
        if answer.fate == "error":
            law = expected.law if expected.fate == "refused" else "accepts"
            return law, f"{call.op} ends in an error ({answer.words}), although {expected.why}"
        if answer.fate == "refused" and expected.fate == "accepted":
            return "accepts", f"{call.op} is refused, although {expected.why}"
        if answer.fate == "accepted" and expected.fate == "refused":
            return expected.law, f"{call.op} is accepted, although {expected.why}"
        if answer.fate == "accepted" and (words := model.objection(call, answer.value)):
            return expected.law, words
        return None

    def view(self) -> View:
        """What is in the database."""
        return self.stand.view(self.area.QUERIES, self.names)

    def departure(self, law: str, observed: str, script: str | None = None) -> Departure:
        """From a law of this area, with the history so far."""
        return Departure(law=self.law(law), observed=observed, history=tuple(self.history), script=script)

    def broken(self, of: Collection[str] | None = None) -> Departure | None:
        """The strongest invariant that does not hold now, of these tables or of all."""
        tables = self.claims.tables if of is None else of
        for id_, level, words in self.claims.broken(self.stand, self.names, tables) if tables else ():
            found = self.departure("invariants", f"{id_}: {words}")
            return Departure(
                law=found.law, observed=found.observed, history=found.history, level=level, note=f"invariant {id_}"
            )
        return None

    def explained(self, before: Model, made: Sequence[tuple[Call, Answer]]) -> bool:
        """Whether what was answered and what is there now is what the calls give, one after the other in this order."""
        model = deepcopy(before)
        for call, answer in made:
            if answer.transient:
                continue
            expected = model.expected(call)
            if answer.fate == "error" and expected.fate != "accepted":
                continue
            if self.objection(model, call, expected, answer):
                return False
            if answer.fate == "accepted":
                model.apply(call, answer.value)
        return not differences(model.view(), self.view())


def named(text: str, names: Mapping[str, str]) -> str:
    """The text with symbols in the place of ids."""
    for id_, symbol in names.items():
        text = text.replace(id_, symbol)
    return text


def _may_be_repeated(error: BaseException | None) -> bool:
    while error is not None:
        if {getattr(error, "sqlstate", None), getattr(error, "pgcode", None)} & _AGAIN:  # psycopg, asyncpg; psycopg2
            return True
        error = error.__cause__ or error.__context__
    return False
