"""The contract's TOML files, judged as a whole: every error of every file is reported at once, with file and line.

A section is a subject (`["0013/agent_documents.doc_type"]`), a key in it is a claim, and the claim's id is the two
joined by a slash. What a claim may say beside `page`, `facts`, `meaning`, `until` and the profiles' own overrides is
declared by the check that judges it.
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from conformance.errors import ContractError
from conformance.model.contract import (
    LAST_MIGRATION,
    LEVELS,
    Contract,
    Level,
    Requirement,
)
from conformance.model.record import replace
from conformance.sources.bounded import data_of, toml
from conformance.sources.page import conflicts, page
from conformance.sources.toml_lines import Lines

_SUBJECT = re.compile(r"(?P<since>\d{4})/(?P<table>[^./+]+)(?:\.(?P<columns>[^/]+))?\Z")
_THIRD_PARTY = re.compile(r"(?P<name>[a-z][a-z0-9-]*)/(?P<rest>.+)\Z", re.DOTALL)
_PLACE = re.compile(r"(.*?)(?::(\d+))?: ")
_LONGEST = 63
_MIGRATION = re.compile(r"\d{4}\Z")
_COMMON = {"page": (int, list), "facts": (bool,), "meaning": (bool,), "until": (str,), "level": (str,)}
_SOURCES = {"page": "the page, {lines}", "facts": "reference {since}", "meaning": "what the fields mean"}


# A claim, another one on the same columns, the key of what that says, and under which name a repair finds it.
_NAMED_BY_REPAIRS = (
    ("column", "type", "is", "type"),
    ("foreign-key", "on-delete", "is", "on-delete"),
    ("on-delete", "foreign-key", "references", "references"),
)


def read(folder: Path, profile: str, claims: Mapping[str, Any], extra: Sequence[Path] = ()) -> Contract:
    """The contract in `folder` and the files of `extra`, as `profile` sees it. Raises `ContractError`."""
    reading = _Reading(folder, profile, claims)
    for path in sorted(folder.glob("[0-9b]*.toml")):
        reading.file(path, third_party=False)
    for path in extra:
        reading.file(path, third_party=True)
    reading.judge_lifetimes()
    reading.judge_conflicts()
    if reading.problems:
        raise ContractError(tuple(sorted(reading.problems, key=_place)))
    requirements = sorted(_with_types(reading.requirements), key=lambda r: (r.since, r.file, r.line))
    return Contract(profile=profile, title=reading.title, requirements=tuple(requirements))


def _with_types(requirements: Sequence[Requirement]) -> Iterator[Requirement]:
    """The requirements, with what a repair has to name besides: a column's type, a foreign key's action and target."""
    said: dict[tuple[object, ...], Mapping[str, Any]] = {(r.table, r.columns, r.claim): r.spec for r in requirements}
    said |= {(r.table, r.columns, r.claim, r.since): r.spec for r in requirements}
    for r in requirements:
        for claim, other, key, name in _NAMED_BY_REPAIRS:
            if r.claim == claim:
                found = said.get((r.table, r.columns, other, r.since)) or said.get((r.table, r.columns, other))
                r = replace(r, spec={**r.spec, name: found[key]}) if found else r
        yield r


class _Reading:
    """What has been read so far, and all that was wrong with it."""

    def __init__(self, folder: Path, profile: str, claims: Mapping[str, Any]) -> None:
        self.folder = folder
        self.profile = profile
        self.claims = claims
        self.problems: list[str] = []
        self.requirements: list[Requirement] = []
        self.ids: dict[str, str] = {}
        self.pages = {line.number for line in page(folder)}
        record = tomllib.loads((folder / "profiles" / f"{profile}.toml").read_text(encoding="utf-8"))
        self.title: str = record["title"]
        self.levels: dict[str, Level] = record["levels"]
        self.profiles = {path.stem for path in (folder / "profiles").glob("*.toml")}

    def file(self, path: Path, *, third_party: bool) -> None:
        try:
            data = data_of(path)
        except OSError as error:
            self.problems.append(f"{path}: cannot be read: {error.strerror or error}")
            return
        try:
            text = data.decode("utf-8").replace("\r\n", "\n")
            record = toml(text)
        except UnicodeDecodeError as error:
            number = data[: error.start].count(b"\n") + 1
            self.problems.append(f"{path}:{number}: cannot be read: it is not UTF-8 there")
            return
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            where = line[1] if line else text.count("\n") + 1
            self.problems.append(f"{path if third_party else path.name}:{where}: is not TOML: {error}")
            return
        lines = Lines(text)
        for subject, claims in record.items():
            place = f"{path if third_party else path.name}:{lines.of(subject)}"
            if not isinstance(claims, dict):
                self.problems.append(f'{place}: {subject!r} is no section; write ["0028/table.column"]')
                continue
            self._section(str(path) if third_party else path.name, lines, subject, claims, third_party, place)

    def _section(
        self, file: str, lines: Lines, subject: str, claims: dict[str, Any], third_party: bool, place: str
    ) -> None:
        rest, owner = subject, ""
        if third_party and (named := _THIRD_PARTY.match(subject)) and not _MIGRATION.match(named["name"]):
            rest, owner = named["rest"], named["name"]
        match = _SUBJECT.match(rest)
        if match is None:
            self.problems.append(
                f"{place}: {subject!r} is not a subject; write MIGRATION/TABLE, MIGRATION/TABLE.COLUMN or"
                " MIGRATION/TABLE.COLUMN+COLUMN"
            )
            return
        if not "0001" <= match["since"] <= LAST_MIGRATION:
            self.problems.append(f"{place}: there is no migration {match['since']}; they are 0001 to {LAST_MIGRATION}")
        columns = tuple(match["columns"].split("+")) if match["columns"] else ()
        for name in (match["table"], *columns):
            if len(name.encode()) > _LONGEST:
                self.problems.append(f"{place}: {name} is longer than the {_LONGEST} bytes that a name may have")
            if "\0" in name:
                self.problems.append(f"{place}: {name!r} holds the character NUL, which no name may")
        for claim, entry in claims.items():
            line = lines.of(subject, claim)
            self._claim(file, line, f"{subject}/{claim}", claim, entry, match["since"], match["table"], columns, owner)

    def _claim(
        self,
        file: str,
        line: int,
        id_: str,
        claim: str,
        entry: Any,
        since: str,
        table: str,
        columns: tuple[str, ...],
        owner: str,
    ) -> None:
        place = f"{file}:{line}"
        if id_ in self.ids:
            self.problems.append(f"{place}: {id_} is already a requirement, at {self.ids[id_]}")
            return
        self.ids[id_] = place
        if claim not in self.claims:
            known = ", ".join(sorted(self.claims))
            self.problems.append(f"{place}: {claim!r} is not a claim; the claims are {known}")
            return
        if not isinstance(entry, dict):
            self.problems.append(f"{place}: a claim is written {claim} = {{ … }}")
            return
        kind, shape, objections = self.claims[claim]
        before = len(self.problems)
        alike = {key: value for key, value in entry.items() if key not in self.profiles}
        merged = alike
        for profile in sorted(self.profiles, key=lambda name: name == self.profile):  # its own last
            own = entry.get(profile, {})
            if not isinstance(own, dict) and own is not False:
                self.problems.append(f"{place}: what {profile} says is written {profile} = {{ … }}, or false")
                continue
            merged = {**alike, **(own or {})}
            already = set(self.problems)
            said = len(self.problems)
            self._judge_keys(place, merged, shape)
            if len(self.problems) == said:
                self.problems += [f"{place}: {id_}: {objection}" for objection in objections(columns, merged)]
            self.problems[said:] = [problem for problem in self.problems[said:] if problem not in already]
        if len(self.problems) > before or entry.get(self.profile) is False:
            return
        level, source = self._level(place, merged, since, owner)
        if level is None:
            return
        self.requirements.append(
            Requirement(
                id=id_,
                claim=claim,
                kind=kind,
                level=level,
                source=source,
                since=since,
                until=merged.get("until"),
                table=table,
                columns=columns,
                spec={key: value for key, value in merged.items() if key not in _COMMON},
                file=file,
                line=line,
            )
        )

    def _judge_keys(self, place: str, entry: Mapping[str, Any], shape: Mapping[str, Any]) -> None:
        for key, value in entry.items():
            types = _COMMON.get(key) or shape.get(key)
            if types is None:
                allowed = ", ".join(sorted({*_COMMON, *shape, *self.profiles}))
                self.problems.append(f"{place}: unknown key {key!r}; allowed are {allowed}")
            elif not _is_one_of(value, types):
                wanted = " or ".join(t.__name__ for t in types if t is not None)
                self.problems.append(f"{place}: {key} must be {wanted}, not {value!r}")
        for key, types in shape.items():
            if key not in entry and None not in types:
                self.problems.append(f"{place}: {key!r} is missing")
        for number in _numbers(entry.get("page", ())):
            if number not in self.pages:
                self.problems.append(f"{place}: the page has no line {number}")
        if entry.get("level", "must") not in LEVELS:
            self.problems.append(f"{place}: there is no level {entry['level']!r}; there are {', '.join(LEVELS)}")

    def _level(self, place: str, entry: Mapping[str, Any], since: str, owner: str) -> tuple[Level | None, str]:
        """The strongest level that the profile gives to the claim's sources, unless the entry gives its own.

        What a third party asks for has that party as its source, and is a must unless it says otherwise."""
        cited = [name for name in ("page", "facts", "meaning") if entry.get(name, name == "facts" and not owner)]
        if not cited and not owner:
            self.problems.append(f"{place}: nothing is cited; give page, facts or meaning")
            return None, ""
        lines = sorted(_numbers(entry.get("page", ())))
        numbers = f"line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}"
        ours = [_SOURCES[name].format(lines=numbers, since=since) for name in cited]
        source = "; ".join([owner, *ours] if owner else ours)
        if "level" in entry or owner:
            return cast("Level", entry.get("level", "must")), source
        return min((self.levels[name] for name in cited), key=LEVELS.index), source

    def judge_lifetimes(self) -> None:
        """A thing lives after it came, and no longer than the table and the columns that it hangs on."""
        hosts: dict[tuple[str, str], Requirement] = {}
        for r in self.requirements:
            if r.claim in ("table", "column"):
                hosts.setdefault((r.table, r.column or ""), r)
        for r in self.requirements:
            place = f"{r.file}:{r.line}"
            if r.until is not None and (not _MIGRATION.match(r.until) or not r.since < r.until <= LAST_MIGRATION):
                self.problems.append(f"{place}: {r.id} cannot live from {r.since} until {r.until}")
            for key in ("", *(r.columns if r.claim != "column" else ())):
                if r.claim == "table":
                    continue
                host = hosts.get((r.table, key))
                if host is None:
                    what = f"{r.table}.{key}" if key else r.table
                    self.problems.append(f"{place}: {r.id} hangs on {what}, which no requirement asks for")
                elif not _within(r, host):
                    self.problems.append(f"{place}: {r.id} lives longer than {host.id}, which it hangs on")
            self._judge_reference(place, r, hosts)

    def _judge_reference(self, place: str, r: Requirement, hosts: Mapping[tuple[str, str], Requirement]) -> None:
        target = r.spec.get("references")
        if not isinstance(target, str):
            return
        table, _, column = target.partition(".")
        found = [hosts.get((table, name)) for name in column.split("+")]
        if not column or None in found:
            self.problems.append(f"{place}: {r.id} references {target}, which no requirement asks for")
        for host in found:
            if host is not None and not _within(r, host):
                self.problems.append(f"{place}: {r.id} lives longer than {host.id}, which it references")

    def judge_conflicts(self) -> None:
        for conflict in conflicts(self.folder):
            for pattern in conflict.requirements:
                if not fnmatch.filter(self.ids, pattern):
                    self.problems.append(f"conflicts.toml: {conflict.id} names {pattern}, which is no requirement")


def _place(problem: str) -> tuple[str, int]:
    """The file and the line that a problem names."""
    match = _PLACE.match(problem)
    return (match[1], int(match[2] or 0)) if match else (problem, 0)


def _within(r: Requirement, host: Requirement) -> bool:
    """Whether the one lives only while the other does."""
    return host.since <= r.since and (r.until or "9999") <= (host.until or "9999")


def _is_one_of(value: Any, types: Iterable[type | None]) -> bool:
    """Whether the value has one of the types; true and false are no numbers."""
    found = isinstance(value, tuple(t for t in types if t is not None))
    return found and (bool in types or not isinstance(value, bool))


def _numbers(value: Any) -> Iterable[int]:
    return value if isinstance(value, list | tuple) else (value,)
