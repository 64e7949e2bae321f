"""What makes a pytest run a run of the suite: the contract, the one look, and what the run says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pytest

from conformance.config import settings
from conformance.errors import CannotEvaluate, ConformanceError, UsageError
from conformance.model.contract import Requirement
from conformance.options import Options, selected
from conformance.run import VARIABLES, check, load_contract
from conformance.sources import waivers as waiver_source
from conformance.suite import markers
from conformance.suite.look import Look, look_of

_NAME = "conformance-face"
_PAYLOAD = "conformance"
_FOLDER = Path(__file__).parent
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
    for each of which it goes along. Where it cannot be taken, the run ends with one line before the first test.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.options = _options(config)
        self.url: str | None = config.getoption("conformance_database_url")
        self.contract = load_contract(self.options)
        self.waivers = waiver_source.load(self.options.waivers) if self.options.waivers else ()
        self.requirements = [r for r in self.contract.requirements if selected(r.id, self.options)]
        self.names = frozenset(f"test_requirement[{r.id}]" for r in self.requirements)
        self.judged = self.examined = 0
        self.fault: ConformanceError | None = None
        self.payload: str | None = getattr(config, "workerinput", {}).get(_PAYLOAD)
        self.taken = Look.from_json(self.payload) if self.payload else None
        for name, meaning in markers.known(self.contract).items():
            config.addinivalue_line("markers", f"{name}: {meaning}")

    def parameters(self) -> list[Any]:
        """One a requirement, with its markers; the database is not touched."""
        return [
            pytest.param(r, id=r.id, marks=[getattr(pytest.mark, name) for name in markers.of(r)])
            for r in self.requirements
        ]

    @property
    def records(self) -> bool:
        """Whether tests may record properties: the schema of `xunit2` has no place for those of a test case."""
        return not self.config.getoption("xmlpath", None) or self.config.getini("junit_family") != "xunit2"

    def look(self) -> Look:
        """The one look at the database, taken at the first call. Raises `ConformanceError`, each time anew."""
        if self.fault is not None:
            raise self.fault
        if self.taken is None:
            try:
                self.taken = look_of(check(self.url, self.options), self.waivers)
            except ConformanceError as error:
                self.fault = error
                raise
            except ImportError as error:
                self.fault = CannotEvaluate(
                    f"something that this needs cannot be imported: {str(error).splitlines()[0]}"
                )
                raise self.fault from None
        return self.taken

    def pytest_report_header(self) -> str:
        where = "the URL given" if self.url is not None else f"${VARIABLES[0]}, ${VARIABLES[1]} or an embedded server"
        if self.taken is not None:
            where = self.taken.address
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

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Called in xdist's controller before it starts a worker. A fault is told when the session has begun."""
        if self.config.option.collectonly:
            return
        try:
            node.workerinput[_PAYLOAD] = self.look().to_json()
        except ConformanceError:
            node.workerinput[_PAYLOAD] = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        if self.config.option.collectonly or self.payload is not None:
            return
        if any(map(_is_ours, session.items)) or self.fault is not None:
            try:
                self.look()
            except ConformanceError as error:
                _end(self.config, error)
        if self.taken is not None:
            _tell_junit(self.config, "conformance", self.taken.target)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and not self.names.isdisjoint(report.keywords):
            self.judged += 1
            self.examined += not report.skipped or hasattr(report, "wasxfail")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.idle and session.exitstatus == pytest.ExitCode.OK and not hasattr(self.config, "workerinput"):
            session.exitstatus = CannotEvaluate.exit_code

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.taken is None:
            return
        terminalreporter.section("conformance")
        for line in (f"looked at {self.taken.target}", *self.taken.remarks, *([_NOTHING] if self.idle else ())):
            terminalreporter.line(line)

    @property
    def idle(self) -> bool:
        """Whether tests ran, and none of them had anything to examine."""
        return bool(self.judged and not self.examined)


def _options(config: pytest.Config) -> Options:
    """What the configuration says, and over it what the command line chose; files are relative to where pytest runs."""
    here = config.invocation_params.dir
    names = ("profile", "through", "schema", "sandbox", "waivers", "contract")
    given = {name: value for name in names if (value := config.getoption(f"conformance_{name}")) is not None}
    if "waivers" in given:
        given["waivers"] = here / given["waivers"]
    if "contract" in given:
        given["contract"] = tuple(here / file for file in given["contract"])
    return Options(**{**settings(here), **given})


def _is_ours(item: pytest.Item) -> bool:
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return isinstance(parameters.get("requirement"), Requirement)


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
