"""What makes a pytest run a run of the suite: the contract, the one look, and what the run says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from conformance import excuses
from conformance.config import settings
from conformance.errors import CannotEvaluate, ConformanceError, UsageError
from conformance.model.contract import Requirement
from conformance.options import Options, chosen_over, selected
from conformance.run import VARIABLES, audit, check, load_claims
from conformance.state import KIND as INVARIANT
from conformance.suite import markers
from conformance.suite.look import Look, Seen, look_of
from conformance.suite.planes import modules, planes

_NAME = "conformance-face"
_PAYLOAD = "conformance"
_FOLDER = Path(__file__).parent
_DATABASE = "database"
PARAMETERS = ("requirement", INVARIANT, "behaviour", "history", "conduct")
_WORDS = {"behaviour": "provoked", "history": "replayed", "conduct": "put to its laws:"}
_NOTHING = "nothing was examined: no requirement that was selected applies"


def face_of(config: pytest.Config) -> Face:
    """The face of this run, made and registered at the first call. Raises `pytest.UsageError`."""
    face: Face | None = config.pluginmanager.get_plugin(_NAME)
    if face is None:
        try:
            face = Face(config)
        except UsageError as error:
            raise pytest.UsageError(str(error)) from None
        config.pluginmanager.register(face, _NAME)
    return face


class Face:
    """The suite's part in one process of a run: alone, as xdist's controller, or as one of its workers.

    The look is taken once: alone, when tests were selected; under xdist by the controller before it starts a worker,
    for each of which it goes along. It is an audit where a test of an invariant may run, and spares the rows where none
    will: alone where none was selected, under xdist where the run names the tests of the structure only. Where it
    cannot be taken, the run ends with one line before the first test.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.options = _options(config)
        self.url: str | None = config.getoption("conformance_database_url")
        contract, invariants = load_claims(self.options)
        known = {"requirement": contract.requirements, "invariant": [claim.requirement for claim in invariants]}
        self.claims: Mapping[str, Sequence[Requirement]] = {
            name: [r for r in claims if selected(r.id, self.options)] for name, claims in known.items()
        }
        excuses.load(self.options.waivers)  # what is wrong with them is said before the first test
        self.planes = planes(config, self.options)
        known |= {name: plane.claims for name, plane in self.planes.items()}
        self.claims = {**self.claims, **{name: plane.claims for name, plane in self.planes.items()}}
        self.names = frozenset(f"test_{name}[{r.id}]" for name, claims in self.claims.items() for r in claims)
        self.judged = self.examined = 0
        self.fault: ConformanceError | None = None
        self.payload: str | None = getattr(config, "workerinput", {}).get(_PAYLOAD)
        carried: Mapping[str, str] = json.loads(self.payload) if self.payload else {}
        self.seen = {name: Look.from_json(text) for name, text in carried.items()}
        for name, meaning in markers.known(r for claims in known.values() for r in claims).items():
            config.addinivalue_line("markers", f"{name}: {meaning}")
        for name in self.planes:
            config.addinivalue_line("markers", f"{name}: what is judged in a sandbox, by test_{name}")

    def parameters(self, plane: str) -> list[Any]:
        """One a claim of a plane, with its markers; the database is not touched."""
        beside = (plane,) if plane in self.planes else ()
        return [
            pytest.param(r, id=r.id, marks=[getattr(pytest.mark, name) for name in (*markers.of(r), *beside)])
            for r in self.claims.get(plane, ())
        ]

    @property
    def records(self) -> bool:
        """Whether tests may record properties: the schema of `xunit2` has no place for those of a test case."""
        return not self.config.getoption("xmlpath", None) or self.config.getini("junit_family") != "xunit2"

    def look(self, *, rows: bool = True) -> Look:
        """The one look at the database, and where wanted at its `rows`, taken at the first call.

        Raises `ConformanceError`, each time anew."""
        return self._once(_DATABASE, lambda: look_of((audit if rows else check)(self.url, self.options)))

    def prove(self, plane: str, ids: Collection[str] | None = None) -> Look:
        """The one look in a sandbox, taken at the first call, and where that is wanted at these claims alone."""
        return self._once(plane, lambda: self.planes[plane].look(ids))

    def _once(self, name: str, take: Callable[[], Look]) -> Look:
        if self.fault is not None:
            raise self.fault
        if name not in self.seen:
            try:
                self.seen[name] = take()
            except ConformanceError as error:
                self.fault = error
                raise
            except ImportError as error:
                self.fault = CannotEvaluate(
                    f"something that this needs cannot be imported: {str(error).splitlines()[0]}"
                )
                raise self.fault from None
        return self.seen[name]

    def seen_of(self, claim: Requirement, plane: str) -> Seen:
        """What became of a claim of a plane. Raises `ConformanceError`."""
        look = self.prove(plane) if plane in self.planes else self.look()
        return look.seen[claim.id]

    def pytest_report_header(self) -> str:
        where = "the URL given" if self.url is not None else f"${VARIABLES[0]}, ${VARIABLES[1]} or an embedded server"
        if (taken := self.seen.get(_DATABASE)) is not None:
            where = taken.address
        return f"conformance: profile {self.options.profile} through {self.options.through}, {where}"

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        """Our modules are test modules, whatever a repository's `python_files` calls its own."""
        if file_path.parent != _FOLDER or not file_path.name.startswith("test_"):
            return None
        patterns = self.config.getini("python_files")
        if parent.session.isinitpath(file_path) or any(file_path.match(pattern) for pattern in patterns):
            return None
        module: pytest.Module = pytest.Module.from_parent(parent, path=file_path)
        return module

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """pytest makes a test of an empty list of claims too, which would be reported as skipped."""
        items[:] = [item for item in items if claim_of(item) is not None or not _written_here(item)]

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Called in xdist's controller before it starts a worker. A fault is told when the session has begun."""
        if self.config.option.collectonly:
            return
        try:
            named = modules(self.config.args)
            if named - self.planes.keys():
                self.look(rows=bool(named - self.planes.keys() - {"structure"}))
            for plane in self.planes:
                self.prove(plane)
            node.workerinput[_PAYLOAD] = json.dumps({name: look.to_json() for name, look in self.seen.items()})
        except ConformanceError:
            node.workerinput[_PAYLOAD] = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        if self.config.option.collectonly or self.payload is not None:
            return
        ours: dict[str, list[Requirement]] = {}
        for item in session.items:
            if (claim := claim_of(item)) is not None:
                ours.setdefault(plane_of(item), []).append(claim)
        try:
            if self.fault is not None:
                raise self.fault
            if ours.keys() - self.planes.keys():
                self.look(rows=INVARIANT in ours)
            for plane in ours.keys() & self.planes.keys():
                self.prove(plane, [claim.id for claim in ours[plane]])
        except ConformanceError as error:
            _end(self.config, error)
        for look in self.seen.values():
            _tell_junit(self.config, "conformance", look.target)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and not self.names.isdisjoint(report.keywords):
            self.judged += 1
            self.examined += not report.skipped or hasattr(report, "wasxfail")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.idle and session.exitstatus == pytest.ExitCode.OK and not hasattr(self.config, "workerinput"):
            session.exitstatus = CannotEvaluate.exit_code

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self.seen:
            return
        terminalreporter.section("conformance")
        for name, look in self.seen.items():
            for line in (f"{_WORDS.get(name, 'looked at')} {look.target}", *look.remarks):
                terminalreporter.line(line)
        if self.idle:
            terminalreporter.line(_NOTHING)

    @property
    def idle(self) -> bool:
        """Whether tests ran, and none of them had anything to examine."""
        return bool(self.judged and not self.examined)


def _options(config: pytest.Config) -> Options:
    """What the configuration says, and over it what the command line chose; files are relative to where pytest runs."""
    here = config.invocation_params.dir
    names = ("profile", "through", "schema", "sandbox", "image", "waivers", "contract")
    given = {name: value for name in names if (value := config.getoption(f"conformance_{name}")) is not None}
    if "waivers" in given:
        given["waivers"] = here / given["waivers"]
    if "contract" in given:
        given["contract"] = tuple(here / file for file in given["contract"])
    return Options(**chosen_over(settings(here), given))


def claim_of(item: pytest.Item) -> Requirement | None:
    """What a test of ours is about; None for a test of somebody else's."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    found = next((parameters[name] for name in PARAMETERS if name in parameters), None)
    return found if isinstance(found, Requirement) else None


def plane_of(item: pytest.Item) -> str:
    """The name by which a test of ours has its claim."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return next((name for name in PARAMETERS if name in parameters), "")


def _written_here(item: pytest.Item) -> bool:
    module = getattr(getattr(item, "function", None), "__module__", "")
    return str(module).startswith("conformance.suite.")


def _end(config: pytest.Config, error: ConformanceError) -> NoReturn:
    """End the run with one line, which also stands in the reports of other plugins."""
    if isinstance(error, UsageError):
        raise pytest.UsageError(str(error)) from None
    report = pytest.CollectReport(nodeid="conformance.suite", outcome="failed", longrepr=str(error), result=None)
    config.hook.pytest_collectreport(report=report)
    pytest.exit(str(error), returncode=error.exit_code)


def _tell_junit(config: pytest.Config, name: str, value: str) -> None:
    """What `record_testsuite_property` does, which is a fixture and does nothing in a worker of xdist."""
    for plugin in config.pluginmanager.get_plugins():
        if callable(tell := getattr(plugin, "add_global_property", None)):
            tell(name, value)
