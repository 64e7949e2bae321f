"""`conformance explain`: a requirement, a kind of claim or a conflict, told to a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import cast

from conformance.errors import UsageError
from conformance.listing import conflict_lines
from conformance.model.contract import Conflict, Requirement
from conformance.registry import Check, checks, claims
from conformance.render.layout import Look, inert, inert_lines, labelled, wrapped
from conformance.sources import contract as source
from conformance.sources.page import conflicts, page

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
    by_claim = {claim: kind for claim, (kind, *_) in claims().items()} | {kind: kind for kind in checks()}
    if word in by_claim:
        return _documentation(by_claim[word], look)
    raise UsageError(_nothing(word, [*dict.fromkeys(ids), *by_claim, *(conflict.id for conflict in known)]))


def _check(kind: str) -> Check:
    """The check of a kind; its module has the kind's name, so that the others need not be imported."""
    return cast("Check", import_module(f"conformance.checks.{kind.replace('-', '_')}"))


def _nothing(word: str, names: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = sorted(name for name in names if fnmatchcase(name, word))[:5] or get_close_matches(word, names, 5, 0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `conformance list` shows the ids"
    return f"there is no requirement, kind or conflict {word!r}{hint}"


def _requirement(asked: Mapping[str, Requirement], known: Sequence[Conflict], look: Look) -> Iterator[str]:
    first = next(iter(asked.values()))
    check = _check(first.kind)
    yield inert(first.id)
    yield from _by_profile("expects", {name: check.expected(r) for name, r in asked.items()}, look)
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
    yield from _repairs({name: check.repair(r, None) for name, r in asked.items()})
    yield ""
    yield from _documentation(first.kind, look)


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


def _documentation(kind: str, look: Look) -> Iterator[str]:
    """What the check says of itself, its paragraphs broken anew."""
    paragraphs = [" ".join(part.split()) for part in _check(kind).__doc__.strip().split("\n\n")]
    yield from wrapped(f"{kind}: {paragraphs[0]}", look.width)
    for paragraph in paragraphs[1:]:
        yield ""
        yield from wrapped(paragraph, look.width)
