"""The door to pytest: options, and what leads to the suite when a run asks for it.

pytest loads this module in every run on a machine that has the package, so it imports nothing of the suite, and in a
run that does not ask for it only adds options. The short names among them (`--database-url`) are other plugins' names
too: they are taken last, and only while they are free.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parent
_SUITE = re.compile(r"conformance(\.suite([.:].*)?)?\Z", re.DOTALL)

# Name, what it takes, what it means; `--conformance-` stands before the name.
_OPTIONS: tuple[tuple[str, str, str], ...] = (
    ("database-url", "URL", "the database to judge; else $CONFORMANCE_DATABASE_URL, $DATABASE_URL, an embedded server"),
    ("profile", "NAME", "documented (the default) or reference"),
    ("through", "MIGRATION", "judge the schema as of this migration, 0012 to 0028"),
    ("schema", "NAME", "the schema to look in, instead of the connection's search_path"),
    ("contract", "FILE", "a TOML file with more requirements; may be given several times"),
    ("waivers", "FILE", "a TOML file with the exceptions that are waived"),
    (
        "migrations",
        "FOLDER",
        "judge this history as well, and provoke its schema; the files are run, so they are trusted",
    ),
    (
        "adapter",
        "SPEC",
        "put an implementation to its laws: module:attribute, file.py:attribute or a JSON file; its code is run",
    ),
    ("examples", "N", "examples of a law a requirement, where a schema is provoked"),
    ("effort", "NAME", "without a number of examples: ci (25), thorough (200) or nightly (2000)"),
    ("rows", "N", "measure live-traffic on tables of so many rows, such as 1000000; takes minutes"),
    ("may-refuse", "TEXT", "an error with which a migration may refuse to run again; may be given several times"),
    ("seed", "N", "the same seed, the same examples (0, or --hypothesis-seed)"),
    ("sandbox", "KIND", "without a URL, the kind of throw-away server: embedded, local or docker"),
    ("image", "NAME", "without a URL, the image of a server that Docker runs, such as postgres:17"),
)
_MORE: Mapping[str, Mapping[str, Any]] = {
    "contract": {"action": "append"},
    "may-refuse": {"action": "append"},
    "sandbox": {"choices": ("embedded", "local", "docker")},
}
_SHORT = ("database-url", "waivers", "migrations", "adapter", "examples", "rows", "seed")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup(
        "conformance",
        "conformance of Astra's database (--pyargs conformance.suite; a may that is departed from is xfailed, a must or"
        " a should fails; --markers lists the levels, migrations, kinds and tables for -m)",
    )
    for name, metavar, meaning in _OPTIONS:
        more = _MORE.get(name, {})
        group.addoption(f"--conformance-{name}", dest=_dest(name), metavar=metavar, default=None, help=meaning, **more)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(parser: pytest.Parser, args: list[str]) -> Generator[None, Any, Any]:
    """Take the short names that nobody else has, now that every plugin and conftest has said what it wants."""
    result = yield
    group = parser.getgroup("conformance")
    for name in _SHORT:
        short = f"--{name}"
        probe = f"{short}=probe"
        if probe in parser.parse_known_and_unknown_args([probe, *args])[1]:
            group.addoption(short, dest=_dest(name), metavar="…", default=None, help=f"--conformance-{name}, for short")
        elif "--pyargs" in args and any(map(_SUITE.match, args)) and (value := _value(short, args)) is not None:
            args.insert(0, f"--conformance-{name}={value}")
    return result


def pytest_configure(config: pytest.Config) -> None:
    if any((config.option.pyargs and _SUITE.match(arg)) or _lies_in_suite(arg, config) for arg in config.args):
        from conformance.suite.face import face_of

        face_of(config)


def _dest(name: str) -> str:
    return f"conformance_{name.replace('-', '_')}"


def _lies_in_suite(arg: str, config: pytest.Config) -> bool:
    path = Path(config.invocation_params.dir, arg.partition("::")[0])
    return path == _FOLDER or _FOLDER in path.parents


def _value(short: str, args: Iterable[str]) -> str | None:
    """What another plugin's option of our name was given in a run of the suite."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument(short, dest="value")
    try:
        value: str | None = parser.parse_known_args(list(args))[0].value
    except argparse.ArgumentError:
        return None
    return value
