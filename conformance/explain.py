"""`conformance explain`: a requirement, an invariant, a kind of claim or a conflict, told to a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from conformance.driven import __doc__ as driven_papers
from conformance.driven import requirements
from conformance.errors import UsageError
from conformance.listing import conflict_lines
from conformance.model.contract import Conflict, Requirement
from conformance.papers import papers as papers_of
from conformance.registry import Check, checks, claims, conduct_laws, history_laws, law_papers, lints
from conformance.render.layout import Look, inert, inert_lines, labelled, wrapped
from conformance.sources import contract as source
from conformance.sources.page import conflicts, page

if TYPE_CHECKING:
    from conformance.model.invariant import Invariant
    from conformance.state import Claim

_LAW = re.compile(r"history/\d{4,}/")
_CITED = re.compile(r"the page, lines? ([\d, ]+)")


def explain(word: str, extra: Sequence[Path], look: Look) -> Iterator[str]:
    """Everything that is known of `word`. Raises `UsageError` where it names nothing, with what it may have meant."""
    known = conflicts(source.FOLDER)
    ids: list[str] = []
    asked: dict[str, Requirement] = {}
    if "/" in word:
        for name in source.profiles():
            for requirement in source.load(name, claims, extra).requirements:
                ids.append(requirement.id)
                if requirement.id == word:
                    asked[name] = requirement
        if asked:
            return _requirement(asked, known, look)
    for conflict in known:
        if conflict.id == word.upper():
            return conflict_lines(conflict, look)
    if papers := _papers_of(word):
        return _documentation(*papers, look)
    if (law := word.removeprefix("adapter/")) in conduct_laws():
        return _law_of_conduct(law, look)
    if word == "adapter":
        return _laws_of_conduct(look)
    by_claim = {claim: kind for claim, (kind, *_) in claims().items()} | {kind: kind for kind in checks()}
    if word in by_claim:
        return _kind(by_claim[word], word, look)
    return _of_rows(
        word,
        extra,
        known,
        [
            *dict.fromkeys(ids),
            *by_claim,
            *history_laws(),
            *(f"adapter/{law}" for law in conduct_laws()),
            *(requirement.id for requirement in requirements()),
            *(conflict.id for conflict in known),
            *lints(),
            "waiver",
        ],
        look,
    )


def _papers_of(word: str) -> tuple[str, str] | None:
    """The name and the papers of a lint, a law of a history, an area that is driven, or of what a waiver has wrong."""
    if word in ("property", *(requirement.id for requirement in requirements())):
        return word, driven_papers or ""
    if (lint := lints().get(word.upper())) is not None:
        return f"{word.upper()} {lint.LEVEL}", lint.__doc__
    if (law := word.rpartition("/")[2]) in history_laws() and (law == word or _LAW.match(word)):
        return law, history_laws()[law].__doc__
    if word.partition("/")[0] in ("waiver", "waivers"):
        return "waiver", papers_of("waivers", "waiver", "waiver", "")
    return None


def _law_of_conduct(id_: str, look: Look) -> Iterator[str]:
    """A law of an implementation."""
    law = conduct_laws()[id_]
    yield f"adapter/{id_}"
    yield from labelled("expects", law.expected, look, 2)
    yield from labelled("level", law.level, look, 2)
    yield from labelled("lives", f"from {law.since} on", look, 2)
    if law.needs:
        yield from labelled("needs", f"the operations {', '.join(sorted(law.needs))}", look, 2)
    yield ""
    yield from _documentation(law.area, law.papers, look)


def _laws_of_conduct(look: Look) -> Iterator[str]:
    """All of them, a line each."""
    for id_, law in conduct_laws().items():
        yield from labelled(law.level, f"adapter/{id_}: {law.expected}", look, 2)


def _check(kind: str) -> Check:
    """The check of a kind; its module has the kind's name, so that the others need not be imported."""
    return cast("Check", import_module(f"conformance.checks.{kind.replace('-', '_')}"))


def _kind(kind: str, claim: str, look: Look) -> Iterator[str]:
    """What the check of a kind says of itself, and the law of the claim, where it has one."""
    yield from _documentation(kind, _check(kind).__doc__, look)
    if (papers := law_papers(claim)) is not None:
        yield ""
        yield from _documentation(f"the law of {claim}, which conformance prove puts to a sandbox", papers, look)


def _nothing(word: str, names: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = sorted(name for name in names if fnmatchcase(name, word))[:5] or get_close_matches(word, names, 5, 0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `conformance list` shows the ids"
    return f"there is no requirement, invariant, kind, law, lint or conflict {word!r}{hint}"


def _of_rows(
    word: str, extra: Sequence[Path], known: Sequence[Conflict], names: Sequence[str], look: Look
) -> Iterator[str]:
    """The same for an id of an invariant, what it claims, or the module that claims it."""
    from conformance.registry import invariant_modules
    from conformance.state import claims as invariants

    asked: dict[str, Claim] = {}
    modules: dict[str, None] = dict.fromkeys([word] if word in invariant_modules() else [])
    found = list(names)
    for profile in source.profiles():
        for claim in invariants(source.load(profile, claims, extra)):
            found += [claim.requirement.id, claim.invariant.name]
            if claim.requirement.id == word:
                asked[profile] = claim
            if claim.invariant.name == word:
                modules.setdefault(claim.invariant.module)
    if asked:
        return _invariant(asked, known, look)
    if modules:
        return _modules(list(modules), look)
    raise UsageError(_nothing(word, [*dict.fromkeys(found), *invariant_modules()]))


def _modules(names: Sequence[str], look: Look) -> Iterator[str]:
    from conformance.registry import invariant_modules

    for number, name in enumerate(names):
        if number:
            yield ""
        yield from _documentation(name, invariant_modules()[name].__doc__, look)


def _invariant(asked: Mapping[str, Claim], known: Sequence[Conflict], look: Look) -> Iterator[str]:
    invariants = {name: claim.invariant for name, claim in asked.items()}
    requirements = {name: claim.requirement for name, claim in asked.items()}
    yield from _head(requirements, {name: found.expected for name, found in invariants.items()}, known, look)
    yield from _by_profile("reads", {name: _reads(found) for name, found in invariants.items()}, look)
    yield from _repairs({name: found.repair for name, found in invariants.items() if found.repair})
    yield ""
    yield from _modules(list(dict.fromkeys(found.module for found in invariants.values())), look)


def _reads(invariant: Invariant) -> str:
    """`tasks (id, goal_id), goals (id)`: what a role needs SELECT on."""
    return ", ".join(
        f"{table} ({', '.join(columns)})" if columns else table for table, columns in invariant.needs.items()
    )


def _requirement(asked: Mapping[str, Requirement], known: Sequence[Conflict], look: Look) -> Iterator[str]:
    kind = next(iter(asked.values())).kind
    check = _check(kind)
    yield from _head(asked, {name: check.expected(r) for name, r in asked.items()}, known, look)
    yield from _repairs({name: check.repair(r, None) for name, r in asked.items()})
    yield ""
    yield from _kind(kind, next(iter(asked.values())).claim, look)


def _head(
    asked: Mapping[str, Requirement], expected: Mapping[str, str], known: Sequence[Conflict], look: Look
) -> Iterator[str]:
    """What is asked for, by profile, and on whose word."""
    first = next(iter(asked.values()))
    yield inert(first.id)
    yield from _by_profile("expects", expected, look)
    levels = [f"{name} {asked[name].level if name in asked else 'does not ask for it'}" for name in source.profiles()]
    yield from labelled("level", ", ".join(levels), look, 2)
    yield from _by_profile("lives", {name: _lifetime(r) for name, r in asked.items()}, look)
    yield from _by_profile("source", {name: r.source for name, r in asked.items()}, look)
    cited = {int(number) for r in asked.values() for match in _CITED.findall(r.source) for number in match.split(",")}
    for line in page(source.FOLDER) if cited else ():
        if line.number in cited:
            yield from labelled(f"line {line.number}", line.text, look, 2)
    yield from labelled("in", f"{first.file}:{first.line}", look, 2)
    for conflict in known:
        if any(fnmatchcase(first.id, pattern) for pattern in conflict.requirements):
            yield from labelled("conflict", f"{conflict.id}, {conflict.about}: {conflict.decided}", look, 2)


def _by_profile(label: str, values: Mapping[str, str], look: Look) -> Iterator[str]:
    """One line if the profiles agree, one for each if they do not."""
    if len(set(values.values())) == 1:
        yield from labelled(label, next(iter(values.values())), look, 2)
        return
    for name, value in values.items():
        yield from labelled(label, f"{name}: {value}", look, 2)
        label = ""


def _repairs(by_profile: Mapping[str, str]) -> Iterator[str]:
    """The SQL, line by line as it is; under a comment for each profile if they do not agree."""
    head = "  repair    "
    alike = len(set(by_profile.values())) == 1
    for name, text in list(by_profile.items())[: 1 if alike else None]:
        for sql in ("" if alike else f"-- {name}\n", text):
            for line in inert_lines(sql.rstrip("\n")) if sql else ():
                yield head + line
                head = " " * len(head)


def _lifetime(requirement: Requirement) -> str:
    return f"from {requirement.since} on" + (f", until {requirement.until} takes it away" if requirement.until else "")


def _documentation(name: str, papers: str, look: Look) -> Iterator[str]:
    """What the module of a check or an invariant says of itself, its paragraphs broken anew."""
    paragraphs = [" ".join(part.split()) for part in papers.strip().split("\n\n")]
    yield from wrapped(f"{name}: {paragraphs[0]}", look.width)
    for paragraph in paragraphs[1:]:
        yield ""
        yield from wrapped(paragraph, look.width)
