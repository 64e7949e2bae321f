"""What each command does, once its options are read."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance import passwords
from conformance.argument_values import judge_prove, looking_of
from conformance.arguments import parsed
from conformance.config import settings
from conformance.errors import UsageError
from conformance.output import emit, look_of, planned, write

if TYPE_CHECKING:
    from conformance.model.report import Report
    from conformance.options import Options
    from conformance.output import Output

_OPTIONS = (
    "profile", "through", "strict", "select", "ignore", "schema", "contract", "waivers", "sandbox", "image", "baseline",
)  # fmt: skip


def run(command: str, arguments: Sequence[str]) -> int:
    """Run the command; the exit code."""
    given = parsed(command, arguments)
    if (file := getattr(given, "password_file", None)) is not None:
        passwords.take_from(file)
    return passwords.asking(lambda: COMMANDS[command](given))


def _check(given: Namespace) -> int:
    from conformance.progress import progress

    def check(url: str | None, options: Options) -> Report:
        from conformance.run import check

        with progress("looking at the database"):
            return check(url, options)

    return _judged(given, check)


def _snapshot(given: Namespace) -> int:
    from conformance.catalog_commands import snapshot

    return snapshot(given, _contract_options(given))


def _audit(given: Namespace) -> int:
    looking = looking_of(given)

    def audit(url: str | None, options: Options) -> Report:
        from conformance.progress import by_table
        from conformance.run import audit

        with by_table() as tell:
            return audit(url, options, looking, tell)

    return _judged(given, audit, rows=True)


def _prove(given: Namespace) -> int:
    judge_prove(given)
    if hasattr(given, "adapter"):
        return _prove_adapter(given)
    migrations, in_place = getattr(given, "migrations", None), getattr(given, "owned", None)

    def prove(source: str | None, options: Options) -> Report:
        from conformance.effort import memory
        from conformance.progress import progress
        from conformance.proving import prove

        named = ("examples", "effort", "seed", "server")
        how = {name: getattr(given, name) for name in named if hasattr(given, name)}
        with progress("provoking the sandbox"):
            return prove(migrations, options, source=source, in_place=in_place, memory=memory(), **how)

    return _judged(given, prove, sandboxed=True)


def _prove_adapter(given: Namespace) -> int:
    """An implementation. A selection in the configuration is of requirements, and none of its laws."""
    from conformance.adapting import prove_adapter
    from conformance.progress import progress

    if getattr(given, "source", None) is not None:
        raise UsageError("an implementation stands on a sandbox of its own: leave SOURCE out")
    if hasattr(given, "effort"):
        raise UsageError("--effort counts the examples of a schema's laws; with --adapter, --examples is the measure")
    outputs = planned(given.outputs)
    chosen = {key: value for key, value in settings().items() if key not in ("select", "ignore", "schema")}
    options = _chosen(given, chosen)
    if options.sandbox is not None:
        _judge_sandbox(options.sandbox)
    how = {name: getattr(given, name) for name in ("examples", "seed", "server") if hasattr(given, name)}
    with progress("provoking the implementation"), redirect_stdout(sys.stderr):  # the report's place is not its own
        report = prove_adapter(given.adapter, options, getattr(given, "migrations", None), **how)
    return _delivered(report, outputs, given)


def _judged(
    given: Namespace, judge: Callable[[str | None, Options], Report], *, rows: bool = False, sandboxed: bool = False
) -> int:
    """The report of a look at a database, delivered where it is wanted; the exit code."""
    outputs = planned(given.outputs)
    options = _options(given)
    url = getattr(given, "source", None)
    if url is not None:
        _judge_source(url, given, rows=rows, sandboxed=sandboxed)
    if options.sandbox is not None and (url is None or sandboxed):
        _judge_sandbox(options.sandbox)
    return _delivered(judge(url, options), outputs, given)


def _replay(given: Namespace) -> int:
    """The migrations of a folder, replayed. A selection in the configuration is of requirements, and none of laws."""
    from conformance.progress import progress
    from conformance.replaying import replay

    outputs = planned(given.outputs)
    chosen = {key: value for key, value in settings().items() if key not in ("select", "ignore", "schema")}
    options = _chosen(given, chosen)
    if options.sandbox is not None:
        _judge_sandbox(options.sandbox)
    with progress("replaying the migrations"):
        how = {name: getattr(given, name) for name in ("pattern", "rows", "may_refuse") if hasattr(given, name)}
        report = replay(getattr(given, "folder", None), options, **how)
    return _delivered(report, outputs, given)


def _level(given: Namespace) -> int:
    """Of the configuration only the schema is about how far the migrations have come."""
    from conformance.catalog_commands import level
    from conformance.levelling import options_of

    source = getattr(given, "source", None)
    if source is not None:
        _judge_source(source, given, rows=False, sandboxed=False)
    configured = {key: value for key, value in settings().items() if key == "schema"}
    return level(given, options_of({**configured, **{k: v for k, v in vars(given).items() if k in _OPTIONS}}))


def _render(given: Namespace) -> int:
    """A report that was written before, in other formats."""
    outputs = planned(given.outputs)
    from conformance.rendering import report

    return _delivered(report(given.report), outputs, given)


def _lint(given: Namespace) -> int:
    from conformance.lint_call import linted

    outputs = planned(given.outputs)
    return _delivered(linted(given, _chosen), outputs, given)


def _diff(given: Namespace) -> int:
    from conformance.gate_commands import diff_sources

    return diff_sources(given, _contract_options(given))


def _waive(given: Namespace) -> int:
    from conformance.gate_commands import write_waiver

    return write_waiver(given, _contract_options(given))


def _delivered(report: Report, outputs: Sequence[Output], given: Namespace) -> int:
    """Put the report where it is wanted; the exit code."""
    if hasattr(given, "history"):
        from conformance.trend import with_history

        report = with_history(report, given.history)
    for output in sorted(outputs, key=lambda output: output.file is None):
        _deliver(report, output, given)
    if all(output.file is not None for output in outputs) and (report.exit_code or not given.quiet):
        from conformance.render.text import summary

        emit(summary(report, look_of(sys.stderr, no_color=given.no_color, quiet=given.quiet)), sys.stderr)
    return report.exit_code


def _deliver(report: Report, output: Output, given: Namespace) -> None:
    from importlib import import_module

    from conformance.render.layout import Look

    render = import_module(f"conformance.render.{output.format.replace('-', '_')}").render
    if output.file is None:
        emit(render(report, look_of(sys.stdout, no_color=given.no_color, quiet=given.quiet)), sys.stdout)
    else:
        write(output.file, render(report, Look(quiet=given.quiet)))


def _judge_source(url: str, given: Namespace, *, rows: bool, sandboxed: bool) -> None:
    from conformance.sources.url import names_file

    if names_file(url):
        if rows:
            raise UsageError(f"{url} is a file: a snapshot holds no rows, so that `check` judges it and not `audit`")
    elif not url.startswith(("postgresql://", "postgres://")) and url and Path(url).exists():
        raise UsageError(f"{url} is no file; SOURCE is the URL of a database, or a snapshot of one")
    for option in () if sandboxed else ("sandbox", "image"):
        if hasattr(given, option):
            raise UsageError(f"--{option} asks for a throw-away server, SOURCE names a database; give one of them")


def _judge_sandbox(kind: str) -> None:
    from conformance.sandbox import KINDS

    if kind not in KINDS:
        raise UsageError(f"there is no sandbox {kind!r}; there are: {', '.join(KINDS)}")


def _options(given: Namespace) -> Options:
    """What the command line says, then the configuration, then the defaults."""
    return _chosen(given, settings())


def _chosen(given: Namespace, configured: Mapping[str, Any]) -> Options:
    from conformance.options import Options, chosen_over

    chosen = chosen_over(configured, {key: value for key, value in vars(given).items() if key in _OPTIONS})
    for key in ("select", "ignore", "contract"):
        if key in chosen:
            chosen[key] = tuple(chosen[key])
    return Options(**chosen)


def _repair(given: Namespace) -> int:
    from conformance.repair_command import deliver

    _judge_source(given.source, given, rows=False, sandboxed=False)
    return deliver(given, _options(given))


def _list(given: Namespace) -> int:
    from conformance import listing
    from conformance.sources import contract as source

    if given.lints:
        return _print(listing.lint_table(look_of(sys.stdout, no_color=True, quiet=False)))
    if given.conflicts:
        from conformance.sources.page import conflicts

        look = look_of(sys.stdout, no_color=True, quiet=False)
        return _print(listing.conflict_table(conflicts(source.FOLDER), look))
    from conformance.options import judge_through

    options = _options(given)
    judge_through(options.through)
    return _print(listing.requirements(listing.lines(options.profile, options.contract), options.through))


def _explain(given: Namespace) -> int:
    from conformance.explain import explain

    extra = getattr(given, "contract", settings().get("contract", ()))
    return _print(explain(given.id, extra, look_of(sys.stdout, no_color=True, quiet=False)))


def _ddl(given: Namespace) -> int:
    from conformance.ddl import ddl
    from conformance.run import load_contract

    options = _contract_options(given)
    return _print([ddl(load_contract(options), options.through).rstrip("\n")])


def _selftest(given: Namespace) -> int:
    from conformance.selftest import run_command

    return run_command(given.out, quiet=given.quiet, major=given.postgres)


def _completion(given: Namespace) -> int:
    from conformance.completion import completion

    return _print([completion(given.shell).rstrip("\n")])


def _contract_options(given: Namespace) -> Options:
    """What of the options chooses the contract; a selection, which only `check` knows, is left out."""
    from conformance.model.record import replace

    return replace(_options(given), select=(), ignore=())


def _print(lines: Iterable[str]) -> int:
    emit("".join(f"{line}\n" for line in lines), sys.stdout)
    return 0


COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "check": _check,
    "snapshot": _snapshot,
    "audit": _audit,
    "prove": _prove,
    "replay": _replay,
    "lint": _lint,
    "level": _level,
    "diff": _diff,
    "waive": _waive,
    "render": _render,
    "repair": _repair,
    "list": _list,
    "explain": _explain,
    "ddl": _ddl,
    "selftest": _selftest,
    "completion": _completion,
}
