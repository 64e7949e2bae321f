"""Options that several commands share, a group each."""

from __future__ import annotations

from argparse import Action, ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path
from typing import Any

EXIT_CODES = (
    "exit codes: 0 conforms, 1 departs, 2 the call or the contract is wrong, 3 could not be evaluated, 130 interrupted"
)

SIDE = "the URL of a database, a snapshot, a JSON report, a folder of migrations or a file of SQL"
"""What `diff` compares and `waive` looks at."""


def contract(parser: ArgumentParser) -> None:
    """What the schema is judged by."""
    parser.add_argument("--profile", metavar="NAME", help="documented (the default) or reference")
    parser.add_argument("--through", metavar="MIGRATION", help="the schema as of this migration, such as 0018")
    parser.add_argument(
        "--contract", metavar="FILE", type=Path, action="append", help="more requirements, in TOML; may be repeated"
    )


def baseline(parser: ArgumentParser) -> None:
    """What is tolerated."""
    parser.add_argument(
        "--baseline",
        metavar="REPORT",
        type=Path,
        help="a JSON report: what departs as it does there is tolerated, what is new or worse fails the run",
    )


class _InOrder(Action):
    """Keeps `--format` and `-o` in the order in which they were given."""

    def __call__(self, parser: object, namespace: Namespace, values: Any, option: str | None = None) -> None:
        namespace.outputs = [*namespace.outputs, (self.option_strings[0], values)]


def judging(parser: ArgumentParser) -> None:
    """A database, what it is judged by, and where the report goes."""
    parser.add_argument(
        "source", metavar="SOURCE", nargs="?", help="postgresql://USER@HOST:PORT/DBNAME; check takes a snapshot as well"
    )
    choosing(parser)
    reaching(parser)
    throwing_away(parser)
    baseline(parser)
    delivering(parser)
    placing(parser)


def reaching(parser: ArgumentParser) -> None:
    """Where in the database, and by what password."""
    parser.add_argument("--schema", metavar="NAME", help="the schema to look in, instead of the search path")
    parser.add_argument(
        "--password-file", metavar="FILE", type=Path, help="its first line is the password, where the URL has none"
    )


def choosing(parser: ArgumentParser) -> None:
    """What is judged, and how strictly."""
    contract(parser)
    parser.add_argument(
        "--strict", action=BooleanOptionalAction, help="a `should` that is departed from fails the run too"
    )
    selecting(parser)
    parser.add_argument("--waivers", metavar="FILE", type=Path, help="justified exceptions, in TOML")


def selecting(parser: ArgumentParser) -> None:
    """Which of what is judged is reported."""
    parser.add_argument(
        "--select", metavar="ID", action="append", help="only these ids or globs, A001,A1*; may be repeated"
    )
    parser.add_argument(
        "--ignore", metavar="ID", action="append", help="not these ids or globs, A001,A1*; may be repeated"
    )


def throwing_away(parser: ArgumentParser) -> None:
    """The server where there is none yet."""
    parser.add_argument("--sandbox", metavar="KIND", help="the throw-away server: embedded (default), local or docker")
    parser.add_argument("--image", metavar="NAME", help="the image of the server, run in Docker, such as postgres:17")


def delivering(parser: ArgumentParser) -> None:
    """Where reports go, and how they look."""
    parser.epilog = EXIT_CODES
    parser.set_defaults(outputs=[])
    parser.add_argument("--format", metavar="FORMAT", action=_InOrder)
    parser.add_argument("-o", metavar="FILE", action=_InOrder, help="where the format before it goes")
    parser.add_argument(
        "--history", metavar="DIR", type=Path, help="a folder of JSON reports of the same database: the trend, in html"
    )
    parser.add_argument("--quiet", action="store_true", default=False, help="only findings and the last lines")
    plain(parser)


def placing(parser: ArgumentParser) -> None:
    """Where findings lie."""
    parser.add_argument(
        "--migrations",
        dest="placing",
        metavar="DIR",
        type=Path,
        help="a folder of migrations: findings lie at the one that introduces the object, in sarif, github and gitlab",
    )


def plain(parser: ArgumentParser) -> None:
    """Without colours."""
    parser.add_argument("--no-color", action="store_true", default=False, help="as $NO_COLOR does")


def writing(parser: ArgumentParser, what: str = "it") -> None:
    """The one text of a command, and the file that it may go to."""
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, help=f"where {what} goes (standard output)")
