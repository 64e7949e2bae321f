"""The modules of a plane, found by looking into its package: nothing is registered by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

if TYPE_CHECKING:
    from conformance.model.catalog import Table
    from conformance.model.conduct import Area, Call
    from conformance.model.conduct import Law as ConductLaw
    from conformance.model.contract import Contract, Level, Objections, Requirement, Shapes
    from conformance.model.experiment import Experiment, Race
    from conformance.model.history import Seen, Told
    from conformance.model.invariant import Invariant
    from conformance.model.lint import Hit, Place
    from conformance.model.move import Move, Rows
    from conformance.model.outcome import Judgement
    from conformance.model.question import Question
    from conformance.model.repair import Left, Mend, Site
    from conformance.model.scene import Scene
    from conformance.model.specimen import Scribe, Specimens

_BESIDE = frozenset({"drawing", "adapter"})
"""The modules beside the laws: the one that draws their examples, which needs Hypothesis and is imported for it alone,
and what an implementation offers."""


class Check(Protocol):
    """What a module of `conformance.checks` offers."""

    __doc__: str
    KIND: str
    CLAIMS: Shapes

    def objections(self, columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]: ...

    def expected(self, requirement: Requirement) -> str: ...

    def judge(self, requirement: Requirement, table: Table, scene: Scene) -> Judgement: ...

    def repair(self, requirement: Requirement, table: Table | None) -> str: ...


@cache
def checks() -> Mapping[str, Check]:
    """The checks by kind."""
    found = [cast("Check", import_module(f"conformance.checks.{name}")) for name in _modules("conformance.checks")]
    return {check.KIND: check for check in found}


class Repair(Protocol):
    """What a module of `conformance.repairs` offers."""

    __doc__: str
    KIND: str

    def mend(self, requirement: Requirement, site: Site) -> Mend | Left: ...


@cache
def repairs() -> Mapping[str, Repair]:
    """What mends each kind of claim, by the kind."""
    package = "conformance.repairs"
    found = [cast("Repair", import_module(f"{package}.{name}")) for name in _modules(package)]
    return {repair.KIND: repair for repair in found}


class InvariantModule(Protocol):
    """What a module of `conformance.invariants` offers."""

    __doc__: str

    def invariants(self, contract: Contract) -> Iterator[Invariant]: ...


class HistoryLaw(Protocol):
    """What a module of `conformance.history` offers."""

    __doc__: str
    LAW: str
    LEVEL: Level
    EXPECTED: str
    ASKS: frozenset[str]

    def judge(self, seen: Seen) -> Told: ...


@cache
def history_laws() -> Mapping[str, HistoryLaw]:
    """The laws of a history of migrations by name."""
    package = "conformance.history"
    found = [cast("HistoryLaw", import_module(f"{package}.{name}")) for name in _modules(package)]
    return {law.LAW: law for law in found}


class Lint(Protocol):
    """What a module of `conformance.lints` offers."""

    __doc__: str
    LEVEL: Literal["error", "warning", "note"]

    def look(self, place: Place) -> Iterator[Hit]: ...


@cache
def lints() -> Mapping[str, Lint]:
    """The lints of migrations by code, which begins the name of the module."""
    package = "conformance.lints"
    return {
        name.partition("_")[0].upper(): cast("Lint", import_module(f"{package}.{name}")) for name in _modules(package)
    }


def title(papers: str) -> str:
    """The first paragraph of a module's documentation, without its full stop."""
    return " ".join(papers.split("\n\n", 1)[0].split()).rstrip(".")


@cache
def invariant_modules() -> Mapping[str, InvariantModule]:
    """The modules of invariants by name."""
    package = "conformance.invariants"
    return {name: cast("InvariantModule", import_module(f"{package}.{name}")) for name in _modules(package)}


@cache
def areas() -> Mapping[str, Area]:
    """The areas of the laws of an implementation by name."""
    package = "conformance.conduct"
    found = [cast("Area", import_module(f"{package}.{name}")) for name in _modules(package)]
    return {area.AREA: area for area in found}


@cache
def conduct_laws() -> Mapping[str, ConductLaw]:
    """The laws of an implementation by their ids, `approvals/votes-counted`."""
    from conformance.model.conduct import Law as ConductLaw

    found = [law for area in areas().values() for law in vars(area).values() if isinstance(law, ConductLaw)]
    return {law.id: law for law in found}


class Moves(Protocol):
    """What a module of `conformance.moves` offers."""

    AREA: str
    STRAYS: Mapping[str, Mapping[str, tuple[Any, ...]]]

    def moves(self, call: Call, value: Any, rows: Rows) -> Iterator[Move]: ...


@cache
def moves() -> Mapping[str, Moves]:
    """What the calls of an area do to rows, by the area."""
    package = "conformance.moves"
    found = [cast("Moves", import_module(f"{package}.{name}")) for name in _modules(package)]
    return {one.AREA: one for one in found}


class Law(Protocol):
    """What a law of `conformance.properties` offers."""

    __doc__: str
    CLAIM: str

    def expected(self, requirement: Requirement) -> str: ...

    def cases(self, requirement: Requirement, specimens: Specimens) -> list[Any]: ...

    def experiment(self, requirement: Requirement, scribe: Scribe, case: Any) -> Experiment | None: ...


@cache
def laws() -> Mapping[str, Law]:
    """The laws of behaviour by the claim that each is about; what in the package is no law declares none."""
    package = "conformance.properties"
    names = [name for name in _modules(package) if name not in _BESIDE]
    found = [cast("Law", import_module(f"{package}.{name}")) for name in names]
    return {law.CLAIM: law for law in found}


def law_papers(claim: str) -> str | None:
    """What the law of a claim says of itself, so that the others need not be imported; None where there is none."""
    name = claim.replace("-", "_")
    if name in _BESIDE or name not in _modules("conformance.properties"):
        return None
    return import_module(f"conformance.properties.{name}").__doc__


def race_of(law: Law) -> Callable[[Requirement, Scribe], Race] | None:
    """What two sessions do at once, where the law says it."""
    return cast("Callable[[Requirement, Scribe], Race] | None", getattr(law, "race", None))


def doubt_of(law: Law) -> Callable[[Requirement, Specimens], str] | None:
    """Why a claim is not proven by examples that are as documented, where the law says it."""
    return cast("Callable[[Requirement, Specimens], str] | None", getattr(law, "doubt", None))


def unraced_of(law: Law) -> Callable[[Requirement, Specimens], str] | None:
    """Why a claim is not proven where two sessions were not tried at once, where the law says it."""
    return cast("Callable[[Requirement, Specimens], str] | None", getattr(law, "unraced", None))


def remark_of(law: Law) -> Callable[[Requirement, Specimens], str] | None:
    """What is to be said of a claim that examples prove, where the law says it."""
    return cast("Callable[[Requirement, Specimens], str] | None", getattr(law, "remark", None))


def claims() -> Mapping[str, tuple[str, Mapping[str, tuple[type | None, ...]], Objections]]:
    """For each claim that a contract can make its kind, the shape of what it says, and what else may be wrong there."""
    found = checks().values()
    return {claim: (check.KIND, shape, check.objections) for check in found for claim, shape in check.CLAIMS.items()}


def after(check: Check, claim: str) -> str | None:
    """The claim on the same subject that this one stands on."""
    return cast("str | None", getattr(check, "AFTER", {}).get(claim))


def seen_through_views(check: Check) -> bool:
    """Whether the check can be judged where a view or a foreign table stands in a table's place."""
    return bool(getattr(check, "SEEN_THROUGH_VIEWS", False))


def asks(check: Check) -> bool:
    """Whether the check has to ask the server anything at all."""
    return hasattr(check, "questions")


def idle_beside(check: Check) -> frozenset[str]:
    """The claims on the same columns beside which the check has nothing to ask."""
    return cast("frozenset[str]", getattr(check, "IDLE_BESIDE", frozenset()))


def questions(check: Check, requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    """What the check needs to ask of the server; the scene has no answers yet."""
    ask = getattr(check, "questions", None)
    return iter(()) if ask is None else ask(requirement, table, scene)


def _modules(package: str) -> list[str]:
    return sorted(module.name for module in iter_modules(import_module(package).__path__))
