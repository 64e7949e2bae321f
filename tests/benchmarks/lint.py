"""Measures `conformance lint`: our migrations beside sqlglot, and a thousand files, with squawk where it is given."""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from conformance.fixtures_of import migrations

FLOOR = """
import pathlib, sqlglot, sys
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.sql")):
    sqlglot.parse(file.read_text(encoding="utf-8"), read="postgres", error_level=sqlglot.ErrorLevel.IGNORE)
"""
LINT = str(Path(sys.executable).with_name("conformance"))


def measured(command: Sequence[str]) -> tuple[float, float]:
    """The seconds that a process takes of the processor, with its children, and of the clock."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended - began


def alternate(runs: int, *commands: Sequence[str]) -> list[tuple[float, float]]:
    """The medians of each command, run in turns after one warm-up each."""
    taken: list[list[tuple[float, float]]] = [[] for _ in commands]
    for round_ in range(runs + 1):
        for place, command in enumerate(commands):
            both = measured(command)
            if round_:
                taken[place].append(both)
    return [(statistics.median(c for c, _ in one), statistics.median(w for _, w in one)) for one in taken]


def written(folder: Path, files: int, statements: int) -> Path:
    """Files of an implementation's own: tables, columns, indexes, constraints, rows, comments."""
    folder.mkdir()
    for number in range(1, files + 1):
        table = f"own_{number}"
        lines = [
            f"CREATE TABLE {table} (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL,"
            " n int NOT NULL DEFAULT 0 CHECK (n >= 0), created_at timestamptz NOT NULL DEFAULT now());"
        ]
        kinds = (
            f"ALTER TABLE {table} ADD COLUMN c{{0}} text;",
            f"CREATE INDEX {table}_i{{0}} ON {table} (name);",
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_k{{0}} CHECK (n < 1{{0}});",
            f"INSERT INTO {table} (name) VALUES ('a{{0}}');",
            f"COMMENT ON TABLE {table} IS 'x{{0}}';",
        )
        lines += [kinds[place % len(kinds)].format(place) for place in range(statements - 1)]
        (folder / f"{10000 + number}_own.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--squawk", help="the program, from the npm package squawk-cli")
    given = parser.parse_args()
    sys.stdout.write("| what | processor | clock | ratio |\n| --- | ---: | ---: | ---: |\n")
    ours = migrations("documented", "0028")
    told(given.runs, ours[0].parent, f"our {len(ours)} files", given.squawk)
    with TemporaryDirectory() as place:
        for count in (given.files // 10, given.files):
            told(1, written(Path(place) / str(count), count, 100), f"{count} files of 100 statements", given.squawk)


def told(runs: int, folder: Path, name: str, squawk: str | None) -> None:
    """A row for each program, with the ratio of its time of the processor to sqlglot's."""
    commands = {"sqlglot parses": [sys.executable, "-c", FLOOR, str(folder)], "lint": [LINT, "lint", str(folder)]}
    if squawk:
        commands["squawk"] = [squawk, *map(str, sorted(folder.glob("*.sql")))]
    found = alternate(runs, *commands.values())
    for program, (processor, clock) in zip(commands, found, strict=True):
        ratio = processor / found[0][0]
        sys.stdout.write(f"| {name}: {program} | {processor:.2f} s | {clock:.2f} s | {ratio:.2f} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
