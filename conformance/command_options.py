"""The options of each command, by its name."""

from __future__ import annotations

from argparse import Action, ArgumentParser, BooleanOptionalAction, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conformance.argument_values import count, ignoring, seconds, share, table_rows
from conformance.gate_options import baseline, contract, diff, waive


class _InOrder(Action):
    """Keeps `--format` and `-o` in the order in which they were given."""

    def __call__(self, parser: object, namespace: Namespace, values: Any, option: str | None = None) -> None:
        namespace.outputs = [*namespace.outputs, (self.option_strings[0], values)]


def _check(parser: ArgumentParser) -> None:
    parser.description = (
        "Judge the structure of a database, read-only. Without SOURCE: $CONFORMANCE_DATABASE_URL, then $DATABASE_URL,"
        " then a throw-away server with our own migrations."
    )
    _judging(parser)


def _snapshot(parser: ArgumentParser) -> None:
    parser.description = (
        "Take the structure of a database away in a file, read-only: `check` and `prove` read it elsewhere. It holds no"
        " password, and of the rows nothing but the keys of lookup tables."
    )
    parser.add_argument("source", metavar="URL", nargs="?", help="postgresql://USER@HOST:PORT/DBNAME")
    parser.add_argument(
        "--sql",
        action="store_true",
        help="instead of URL: print one SELECT for psql or any other client, whose one value `check` reads",
    )
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, help="where it goes (standard output)")
    _reaching(parser)
    parser.add_argument(
        "--contract", metavar="FILE", type=Path, action="append", help="more requirements, in TOML; may be repeated"
    )


def _audit(parser: ArgumentParser) -> None:
    parser.description = (
        "Judge the structure of a database, then every documented invariant of its rows, read-only, in one snapshot."
        " Without SOURCE: as check. Reports hold ids of rows, and no other content unless --show-values."
    )
    _judging(parser)
    rows = parser.add_argument_group("how rows are looked at")
    rows.add_argument(
        "--statement-timeout",
        metavar="TIME",
        type=seconds,
        help="for one statement: 90s, 10min (default), 1h",
    )
    rows.add_argument(
        "--max-duration",
        metavar="TIME",
        type=seconds,
        help="for the whole look; what is not reached is indeterminate",
    )
    rows.add_argument(
        "--sample",
        metavar="SHARE",
        type=share,
        help="look at 1%% of the rows, drawn at random: refutes, never proves",
    )
    rows.add_argument("--show-values", action="store_true", help="witnesses with the values that the claim is about")
    rows.add_argument(
        "--witness-key-file",
        metavar="FILE",
        type=Path,
        help="a secret that makes pseudonyms of ids",
    )
    rows.add_argument(
        "--trust-views", action="store_true", help="read views in a table's place, which runs their owner's code"
    )
    rows.add_argument(
        "--distrust-indexes", action="store_true", help="read the rows also where a unique index proves the claim"
    )
    rows.add_argument("--low-memory", action="store_true", help="decide graphs in half of the memory, more slowly")


def _prove(parser: ArgumentParser) -> None:
    parser.description = (
        "Provoke a schema in a sandbox: rows that the documentation allows have to go in, rows that it forbids have to"
        " be refused, and what is documented to happen has to happen. Every example is rolled back. SOURCE is the URL"
        " of a database, which is not touched: its schema is rebuilt in the sandbox from its catalog, without anybody's"
        " code; or a snapshot of one. Without SOURCE and --migrations: our own."
    )
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="postgresql://USER@HOST:PORT/DBNAME, or a snapshot")
    parser.add_argument("--schema", metavar="NAME", help="the schema of SOURCE to look in, instead of the search path")
    parser.add_argument(
        "--in-place",
        action="store_true",
        help="provoke the very database at SOURCE, with its own triggers, rules and policies: one that could be done"
        " without; every example is rolled back, races are left out",
    )
    parser.add_argument(
        "--i-own-this-database", dest="owned", metavar="NAME", help="its name, beside --in-place: no other is provoked"
    )
    parser.add_argument(
        "--migrations",
        metavar="FOLDER",
        type=Path,
        help="SQL files NNNN_name.sql, in order; they are run, each in a transaction, so they have to be trusted",
    )
    parser.add_argument(
        "--adapter",
        metavar="SPEC",
        help="an implementation to put to its laws: module:name, file.py:name (its code is run) or requests.json",
    )
    _chosen(parser)
    _thrown_away(parser)
    parser.add_argument(
        "--server",
        metavar="URL",
        help="a server to create databases of its own on, which are dropped; no other is touched",
    )
    parser.add_argument(
        "--examples", metavar="N", type=count, help="of a law a requirement, beside its small domains (25)"
    )
    parser.add_argument(
        "--effort", metavar="NAME", help="without --examples: ci (25), thorough (200) or nightly (2000)"
    )
    parser.add_argument("--seed", metavar="N", type=int, help="the same seed, the same examples (0)")
    _delivered(parser)


def _replay(parser: ArgumentParser) -> None:
    parser.description = (
        "Run a folder of SQL migrations on a throw-away server in every way that it may be run, and judge them by the"
        " laws of a history. Without DIR: our own. The migrations are run as a superuser of that server, so they are"
        " trusted: what they do outside of the database is done on this machine."
    )
    parser.add_argument("folder", metavar="DIR", nargs="?", help="of NNNN_name.sql, or of up and down scripts")
    parser.add_argument(
        "--pattern", metavar="REGEX", help="of the names of the files, with (?P<number>…), and perhaps name and way"
    )
    parser.add_argument(
        "--rows",
        metavar="N",
        type=count,
        help="measure live-traffic on tables of so many rows, such as 1000000; takes minutes",
    )
    parser.add_argument(
        "--may-refuse",
        metavar="TEXT",
        action="append",
        help="an error, or a part of one, with which a migration may refuse to run again, such as 'already exists'; may"
        " be repeated",
    )
    contract(parser)
    parser.add_argument(
        "--strict", action=BooleanOptionalAction, help="a `should` that is departed from fails the run too"
    )
    parser.add_argument(
        "--select", metavar="LAW", action="append", help="only these laws, migrations, ids or globs; may be repeated"
    )
    parser.add_argument("--ignore", metavar="LAW", action="append", help="not these; may be repeated")
    parser.add_argument("--waivers", metavar="FILE", type=Path, help="justified exceptions, in TOML")
    _thrown_away(parser)
    _delivered(parser)


def _render(parser: ArgumentParser) -> None:
    parser.description = (
        "Give a JSON report in another format, byte for byte as the run would have given it. The exit code is that of"
        " the report, 0, 1 or 3, in every format; 2 where the file is no report of ours."
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="what --format json wrote")
    _delivered(parser)


def _lint(parser: ArgumentParser) -> None:
    parser.description = (
        "Judge what SQL migrations build, without a database, by the same contract and the same checks as `check`, and"
        " what their statements would do to live data (the lints, A001 and so on; --select 'A*' for these alone). What"
        " is not understood is said, with its place, and whatever it could touch is indeterminate."
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="a folder of migrations, or a file of SQL")
    _chosen(parser)
    parser.add_argument("--schema", metavar="NAME", help="the schema to look in, instead of public")
    parser.add_argument("--postgres", metavar="MAJOR", type=int, help="the server that they are for, 12 to 18 (18)")
    parser.add_argument(
        "--assume-transaction",
        action=BooleanOptionalAction,
        help="the tool that runs them runs each file in one transaction",
    )
    parser.add_argument(
        "--rows",
        metavar="TABLE=N",
        type=table_rows,
        action="append",
        help="how many rows a table has; below 10,000 what is slow with rows is no hazard; may be repeated",
    )
    parser.add_argument("--fix", action="store_true", help="do to the files what is mechanical, then judge them")
    parser.add_argument(
        "--since",
        metavar="GIT_REF",
        help="only hazards of files that have changed since this commit, branch or tag, or should not have",
    )
    parser.add_argument(
        "--stdin-filename",
        metavar="PATH",
        type=Path,
        help="instead of PATH: this file, whose text is standard input, among the others of its folder",
    )
    parser.add_argument(
        "--per-file-ignores",
        metavar="GLOB:CODES",
        type=ignoring,
        action="append",
        help="in the files that the glob matches, not these lints, such as 'db/0001_*:A001,A1*'; may be repeated",
    )
    baseline(parser)
    _delivered(parser)


def _judging(parser: ArgumentParser) -> None:
    parser.add_argument(
        "source", metavar="SOURCE", nargs="?", help="postgresql://USER@HOST:PORT/DBNAME; check takes a snapshot as well"
    )
    _chosen(parser)
    _reaching(parser)
    _thrown_away(parser)
    baseline(parser)
    _delivered(parser)


def _reaching(parser: ArgumentParser) -> None:
    parser.add_argument("--schema", metavar="NAME", help="the schema to look in, instead of the search path")
    parser.add_argument(
        "--password-file", metavar="FILE", type=Path, help="its first line is the password, where the URL has none"
    )


def _chosen(parser: ArgumentParser) -> None:
    """What is judged, and how strictly."""
    contract(parser)
    parser.add_argument(
        "--strict", action=BooleanOptionalAction, help="a `should` that is departed from fails the run too"
    )
    parser.add_argument("--select", metavar="ID", action="append", help="only these ids or globs; may be repeated")
    parser.add_argument("--ignore", metavar="ID", action="append", help="not these ids or globs; may be repeated")
    parser.add_argument("--waivers", metavar="FILE", type=Path, help="justified exceptions, in TOML")


def _thrown_away(parser: ArgumentParser) -> None:
    """The server where there is none yet."""
    parser.add_argument("--sandbox", metavar="KIND", help="the throw-away server: embedded (default), local or docker")
    parser.add_argument("--image", metavar="NAME", help="the image of the server, run in Docker, such as postgres:17")


def _delivered(parser: ArgumentParser) -> None:
    """Where reports go, and how they look."""
    parser.set_defaults(outputs=[])
    parser.add_argument("--format", metavar="FORMAT", action=_InOrder)
    parser.add_argument("-o", metavar="FILE", action=_InOrder, help="where the format before it goes")
    parser.add_argument(
        "--history", metavar="DIR", type=Path, help="a folder of JSON reports of the same database: the trend, in html"
    )
    parser.add_argument("--quiet", action="store_true", default=False, help="only findings and the last lines")
    parser.add_argument("--no-color", action="store_true", default=False, help="as $NO_COLOR does")


def _level(parser: ArgumentParser) -> None:
    parser.description = (
        "Which migration a database has really reached, object by object, whatever its own ledger of migrations claims:"
        " golang-migrate's, Flyway's, Alembic's, goose's, dbmate's or sqitch's, which is read too, and held against the"
        " catalog. Read-only. Without SOURCE: as check."
    )
    parser.add_argument(
        "source", metavar="SOURCE", nargs="?", help="postgresql://USER@HOST:PORT/DBNAME, or a snapshot of one"
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="reference (the default: the page is silent on seven of the migrations) or documented",
    )
    parser.add_argument("--strict", action=BooleanOptionalAction, help="what the profile calls `should` shows it too")
    _reaching(parser)
    parser.add_argument("--format", metavar="FORMAT", choices=("text", "json"), help="text (the default) or json")
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, help="where it goes (standard output)")
    parser.add_argument("--no-color", action="store_true", default=False, help="as $NO_COLOR does")


def _repair(parser: ArgumentParser) -> None:
    parser.description = (
        "Write a script that mends what departs, and is safe while the database is in use: nothing is locked while rows"
        " are read or written, no row is changed, and it can be stopped and run again. SOURCE is looked at read-only,"
        " the rows that could stop a statement included, and nothing is run. What would lose data or needs a decision"
        " is left out, and said with the reason."
    )
    parser.epilog = (
        "exit codes: 0 nothing departs behind the script, 1 something is left out, 2 the call or the contract is wrong,"
        " 3 it, or rows that may stop the script, could not be looked at, 130 interrupted"
    )
    parser.add_argument("source", metavar="SOURCE", help="postgresql://USER@HOST:PORT/DBNAME, or a snapshot")
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, help="where the script goes (standard output)")
    contract(parser)
    parser.add_argument("--select", metavar="ID", action="append", help="only these ids or globs; may be repeated")
    parser.add_argument("--ignore", metavar="ID", action="append", help="not these ids or globs; may be repeated")
    parser.add_argument("--waivers", metavar="FILE", type=Path, help="justified exceptions, which are not mended")
    _reaching(parser)


def _list(parser: ArgumentParser) -> None:
    parser.description = (
        "The requirements and invariants of a profile that live at a migration, the conflicts, or the lints."
    )
    contract(parser)
    parser.add_argument(
        "--conflicts", action="store_true", default=False, help="where page and facts disagree, and what was decided"
    )
    parser.add_argument("--lints", action="store_true", default=False, help="the hazards that `lint` finds")


def _explain(parser: ArgumentParser) -> None:
    parser.description = "What is asked for, why, on whose word, and what mends it."
    parser.add_argument(
        "id",
        metavar="ID",
        help="a requirement, an invariant, a kind of claim (unique, no-orphan), a law of a history or a conflict (C02)",
    )
    parser.add_argument("--contract", metavar="FILE", type=Path, action="append", help="more requirements, in TOML")


def _ddl(parser: ArgumentParser) -> None:
    parser.description = "SQL of a schema that conforms, on standard output."
    contract(parser)


def _selftest(parser: ArgumentParser) -> None:
    parser.description = "Break an embedded server in every way that the contract forbids, and see each found."
    parser.add_argument(
        "-o", dest="out", metavar="FOLDER", type=Path, default=None, help="write selftest.md and selftest.json there"
    )
    parser.add_argument(
        "--postgres", type=int, metavar="MAJOR", default=None, help="the server's major version (the newest at hand)"
    )
    parser.add_argument("--quiet", action="store_true", default=False, help="only the last lines")


def _completion(parser: ArgumentParser) -> None:
    parser.description = "A script with which a shell completes this command line, on standard output."
    parser.add_argument("shell", metavar="SHELL", help="bash, zsh or fish")


OPTIONS: dict[str, Callable[[ArgumentParser], None]] = {
    "check": _check,
    "snapshot": _snapshot,
    "audit": _audit,
    "prove": _prove,
    "replay": _replay,
    "lint": _lint,
    "level": _level,
    "diff": diff,
    "waive": waive,
    "render": _render,
    "repair": _repair,
    "list": _list,
    "explain": _explain,
    "ddl": _ddl,
    "selftest": _selftest,
    "completion": _completion,
}
