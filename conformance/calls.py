"""What the commands share once their options are read: what is chosen, where from, and where the report goes."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.config import settings
from conformance.errors import UsageError
from conformance.output import emit, judge_file, look_of, planned, write

if TYPE_CHECKING:
    from conformance.model.report import Report
    from conformance.options import Options
    from conformance.output import Output

OPTIONS = (
    "profile", "through", "strict", "select", "ignore", "schema", "contract", "waivers", "sandbox", "image", "baseline",
)  # fmt: skip


def judged(
    given: Namespace, judge: Callable[[str | None, Options], Report], *, rows: bool = False, sandboxed: bool = False
) -> int:
    """The report of a look at a database, delivered where it is wanted; the exit code."""
    outputs = outputs_of(given)
    options = options_of(given)
    url = getattr(given, "source", None)
    if url is not None:
        judge_source(url, given, rows=rows, sandboxed=sandboxed)
    if options.sandbox is not None and (url is None or sandboxed):
        judge_sandbox(options.sandbox)
    return delivered(judge(url, options), outputs, given)


def outputs_of(given: Namespace) -> tuple[Output, ...]:
    """Where the reports go. Raises `UsageError` for what could not be delivered, before anything is looked at."""
    if hasattr(given, "history"):
        from conformance.sources.report_folder import newest

        newest(given.history)
    if hasattr(given, "placing"):
        from conformance.placing import migrations

        migrations(given.placing)
    return planned(given.outputs)


def delivered(report: Report, outputs: Sequence[Output], given: Namespace) -> int:
    """Put the report where it is wanted; the exit code."""
    if hasattr(given, "history"):
        from conformance.trend import with_history

        report = with_history(report, given.history)
    if hasattr(given, "placing"):
        from conformance.placing import with_places

        report = with_places(report, given.placing)
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


def judge_source(url: str, given: Namespace, *, rows: bool, sandboxed: bool) -> None:
    from conformance.sources.url import names_file

    if names_file(url):
        if rows:
            raise UsageError(f"{url} is a file: a snapshot holds no rows, so that `check` judges it and not `audit`")
    elif not url.startswith(("postgresql://", "postgres://")) and url and Path(url).exists():
        raise UsageError(f"{url} is no file; SOURCE is the URL of a database, or a snapshot of one")
    for option in () if sandboxed else ("sandbox", "image"):
        if hasattr(given, option):
            raise UsageError(f"--{option} asks for a throw-away server, SOURCE names a database; give one of them")


def judge_sandbox(kind: str) -> None:
    from conformance.sandbox import KINDS

    if kind not in KINDS:
        raise UsageError(f"there is no sandbox {kind!r}; there are: {', '.join(KINDS)}")


def options_of(given: Namespace) -> Options:
    """What the command line says, then the configuration, then the defaults."""
    return chosen_of(given, settings())


def chosen_of(given: Namespace, configured: Mapping[str, Any]) -> Options:
    from conformance.options import Options, chosen_over

    chosen = chosen_over(configured, {key: value for key, value in vars(given).items() if key in OPTIONS})
    for key in ("select", "ignore", "contract"):
        if key in chosen:
            chosen[key] = tuple(chosen[key])
    return Options(**chosen)


def contract_options(given: Namespace) -> Options:
    """What of the options chooses the contract; a selection, which only `check` knows, is left out."""
    from conformance.model.record import replace

    return replace(options_of(given), select=(), ignore=())


def printed(lines: Iterable[str]) -> int:
    emit("".join(f"{line}\n" for line in lines), sys.stdout)
    return 0


def out_of(given: Namespace) -> Path | None:
    """Where the text goes, judged before anything is looked at."""
    file: Path | None = getattr(given, "out", None)
    if file is not None:
        judge_file(file)
    return file


def put(text: str, file: Path | None) -> None:
    """Into the file, or else on standard output."""
    if file is None:
        emit(text, sys.stdout)
    else:
        write(file, text)
