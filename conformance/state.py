"""The state plane: from a contract, a catalog and what was seen of the rows to outcomes. Pure, as `judge` is."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from conformance.enforcement import breaking, enforced_by, in_words
from conformance.model.catalog import RELATION_KINDS, Catalog
from conformance.model.contract import LEVELS, Contract, Requirement
from conformance.model.invariant import Invariant
from conformance.model.look import Proof, Seen, Tally, Unseen, Witness
from conformance.model.looking import MOST_WITNESSES, Asked, Looking
from conformance.model.mending import placed
from conformance.model.outcome import Finding, Outcome, Verdict
from conformance.model.question import Question
from conformance.model.reading import Reading, Unreadable
from conformance.model.record import Record, replace
from conformance.registry import invariant_modules

KIND = "invariant"
PLANE = "state"


class Claim(Record):
    """An invariant as one profile sees it, with the requirements that its columns exist."""

    invariant: Invariant
    requirement: Requirement
    hosts: tuple[Requirement, ...]


def claims(contract: Contract) -> tuple[Claim, ...]:
    """The invariants of a profile, by migration. One whose columns the profile doesn't know is none of its."""
    hosts: dict[tuple[str, str], list[Requirement]] = {}
    for requirement in contract.requirements:
        if requirement.claim in ("column", "table"):
            hosts.setdefault((requirement.table, requirement.column or ""), []).append(requirement)
    found = [
        claim
        for name, module in invariant_modules().items()
        for invariant in module.invariants(contract)
        if (claim := _claim(replace(invariant, module=name), hosts)) is not None
    ]
    return tuple(sorted(found, key=lambda claim: claim.requirement.id))


def _claim(invariant: Invariant, hosts: Mapping[tuple[str, str], Sequence[Requirement]]) -> Claim | None:
    needed = [(table, column) for table, columns in invariant.needs.items() for column in (columns or ("",))]
    if not all(need in hosts for need in needed):
        return None
    own = [_strongest(hosts[need]) for need in needed]
    since = max([invariant.since or "", *(host.since for host in own)])
    ends = [end for end in (invariant.until, *(host.until for host in own)) if end is not None]
    if any(end <= since for end in ends):  # its columns are never there together
        return None
    requirement = Requirement(
        id=f"{since}/{invariant.subject}/{invariant.name}",
        claim=invariant.name,
        kind=KIND,
        level=invariant.level,
        source=invariant.source,
        since=since,
        until=min(ends, default=None),
        table=invariant.table,
        columns=invariant.columns,
        file=f"conformance/invariants/{invariant.module}.py",
        line=1,
    )
    tables = [_strongest(hosts[table, ""]) for table in invariant.needs if (table, "") in hosts]
    return Claim(invariant=invariant, requirement=requirement, hosts=(*tables, *own))


def _strongest(requirements: Sequence[Requirement]) -> Requirement:
    return min(requirements, key=lambda r: (LEVELS.index(r.level), r.since))


def questions(chosen: Sequence[Claim], reading: Reading, through: str) -> Iterator[Question]:
    """What has to be asked of the server to tell what enforces the invariants."""
    for claim in chosen:
        if claim.requirement.alive(through):
            for admission in breaking(claim.invariant, reading.catalog):
                yield from admission.questions()


class Plan(Record):
    """What is to be asked of the rows, and what is decided without them."""

    asked: tuple[Asked, ...]
    decided: Mapping[str, Outcome | Proof | Unseen]


def plan(
    chosen: Sequence[Claim], reading: Reading, structure: Mapping[str, Outcome], looking: Looking, through: str
) -> Plan:
    """The looks of the claims that live."""
    asked: list[Asked] = []
    decided: dict[str, Outcome | Proof | Unseen] = {}
    for claim in chosen:
        id_ = claim.requirement.id
        if (outcome := _without_rows(claim, reading.catalog, structure, through)) is not None:
            decided[id_] = outcome
            continue
        try:
            _judge_kinds(claim.invariant, reading, looking)
            look = claim.invariant.look(reading)
        except Unreadable as error:
            decided[id_] = Unseen(reason=str(error), help=error.help)
            continue
        if isinstance(look, Proof):
            decided[id_] = look
        else:
            asked.append(Asked(id=id_, look=look, reads=_reads(claim.invariant, reading)))
    return Plan(asked=tuple(asked), decided=decided)


def _reads(invariant: Invariant, reading: Reading) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (reading.table(table).schema, table, column)
        for table, columns in invariant.needs.items()
        for column in (columns or ("",))
    )


class _Untrusted(Unreadable):
    """A view stands in a table's place."""

    help = "--trust-views reads it; that runs its owner's code"


def _judge_kinds(invariant: Invariant, reading: Reading, looking: Looking) -> None:
    for name in invariant.needs:
        table = reading.table(name)
        if table.kind == "f":
            raise Unreadable(f"{name} is a foreign table, whose rows are on another server")
        if not table.is_table and not looking.trust_views:
            raise _Untrusted(f"{name} is a {RELATION_KINDS[table.kind]}")


def _without_rows(claim: Claim, catalog: Catalog, structure: Mapping[str, Outcome], through: str) -> Outcome | None:
    """The outcome where the claim does not live, or where what it hangs on is missing."""
    requirement = claim.requirement
    if not requirement.alive(through):
        return _outcome(claim, "not-applicable", "", requirement.why_not_alive(through))
    for host in claim.hosts:
        table = catalog.tables.get(host.table)
        if table is not None and (host.column is None or host.column in table.columns):
            continue
        what = f"no column {host.column} in {host.table}" if table is not None else f"no relation {host.table}"
        if LEVELS.index(host.level) > LEVELS.index(requirement.level):
            note = f"{host.id}, which it hangs on, is only {host.level}"
            return replace(_outcome(claim, "not-applicable", what, note), because=host.id)
        root = structure[host.id].because if host.id in structure else None
        return replace(_outcome(claim, "fail", what, ""), because=root or host.id)
    return None


def judge(
    chosen: Sequence[Claim], planned: Plan, seen: Mapping[str, Seen], reading: Reading, looking: Looking
) -> tuple[Outcome, ...]:
    """One outcome a claim, in order."""
    return tuple(_judged(claim, planned, seen, reading, looking) for claim in chosen)


def _judged(claim: Claim, planned: Plan, seen: Mapping[str, Seen], reading: Reading, looking: Looking) -> Outcome:
    id_ = claim.requirement.id
    found = planned.decided.get(id_) or seen.get(id_) or Unseen(reason="it was not looked at")
    if isinstance(found, Outcome):
        return found
    kept = enforced_by(claim.invariant, reading)
    if isinstance(found, Proof):
        evidence = {"examined": 1, "violations": 0, "enforced_by": kept}
        return _outcome(claim, "pass", f"{found.object}: {found.by}", "", object_=found.object, evidence=evidence)
    if isinstance(found, Unseen):
        return _unseen(claim, found, kept)
    return _counted(claim, found, kept, looking, reading)


def _unseen(claim: Claim, found: Unseen, kept: str) -> Outcome:
    note = "; ".join(filter(None, (found.reason, _confidence(found.glimpsed) if found.glimpsed else "", found.help)))
    evidence = {"examined": found.glimpsed, "violations": 0, "enforced_by": kept}
    return _outcome(claim, "indeterminate", "not looked at to the end", note, evidence=evidence)


def _counted(claim: Claim, found: Tally, kept: str, looking: Looking, reading: Reading) -> Outcome:
    evidence = {"examined": found.examined, "violations": found.violations, "enforced_by": kept}
    rows = f"{found.examined:,} {found.among}{'s' * (found.examined != 1)}"
    if found.violations:
        what = found.unit + "s" * (found.violations != 1)
        seen = f"a sample of {rows}" if found.sampled else rows
        counted = "of" if found.unit == found.among else f"{what} in"
        observed = f"{found.violations:,} {counted} {seen}; {in_words(kept)}"
        note = "; ".join(filter(None, (found.telling, found.way)))
        outcome = _outcome(claim, "fail", observed, note, evidence=evidence)
        table = reading.table(claim.invariant.table)
        finding = _finding(claim, found, observed, f"{table.schema}.{claim.requirement.subject}", looking)
        return replace(outcome, findings=(finding,), repair=placed(claim.invariant.repair, table) or None)
    if found.sampled:
        return _outcome(
            claim, "indeterminate", f"none in a sample of {rows}", _confidence(found.examined), evidence=evidence
        )
    among = "in" if found.among == "row" else "of"
    return _outcome(claim, "pass", f"none {among} {rows}; {in_words(kept)}", found.way, evidence=evidence)


def _confidence(rows: int) -> str:
    """What a sample without a violation says (an exact binomial bound)."""
    if not rows:
        return "no row was drawn: nothing is bounded"
    bound = 1 - 0.05 ** (1 / rows)
    return f"of {rows:,} rows drawn at random none violates it: with 95 % confidence at most {bound:.2%} of the rows do"


def _outcome(
    claim: Claim,
    verdict: Verdict,
    observed: str,
    note: str,
    *,
    object_: str | None = None,
    evidence: Mapping[str, object] | None = None,
) -> Outcome:
    return Outcome(
        requirement=claim.requirement,
        plane=PLANE,
        verdict=verdict,
        expected=claim.invariant.expected,
        observed=observed,
        object=object_,
        note=note,
        evidence=evidence or {"examined": 0},
    )


def _finding(claim: Claim, found: Tally, observed: str, where: str, looking: Looking) -> Finding:
    requirement = claim.requirement
    shape = f"{requirement.id}\n{claim.invariant.expected}"
    witnesses = tuple(_shown(witness, looking) for witness in found.witnesses[:MOST_WITNESSES])
    return Finding(
        fingerprint=sha256(shape.encode()).hexdigest()[:16],
        message=f"{requirement.subject}: asked for {claim.invariant.expected}, found {observed}",
        location=where,
        witness=witnesses[0] if witnesses else None,
        witnesses=witnesses,
        total=found.violations,
    )


def _shown(witness: Witness, looking: Looking) -> str:
    text = witness.joint.join(_pseudonym(id_, looking) for id_ in witness.ids) + witness.remark
    if looking.show_values and witness.values:
        text += f" ({', '.join(f'{name} = {value}' for name, value in witness.values)})"
    return text


def _pseudonym(id_: str, looking: Looking) -> str:
    """The id, or what stands for it in a report that is published: the same for one id and one key."""
    if looking.witness_key is None:
        return id_
    key = looking.witness_key.encode("utf-8", "surrogateescape")
    return hmac.new(key, id_.encode("utf-8", "backslashreplace"), sha256).hexdigest()[:16]
