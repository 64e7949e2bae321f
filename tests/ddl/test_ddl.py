"""The generated SQL builds what the contract asks for, reads well, and copes with names that need quotes."""

import re
from pathlib import Path

import psycopg
import pytest

from conformance.ddl import ddl
from conformance.run import Options, check, load_contract
from conformance.sandbox import Server

STEPS = ("0012", "0015", "0018", "0022", "0023", "0028")
PROFILES = ("documented", "reference")

HOSTILE = """
["acme/0028/Order"]
table = {}
["acme/0028/Order.select"]
column = {}
type = { is = "numeric(9,2)" }
default = { value = "-1.5" }
["acme/0028/Order.it's"]
column = {}
type = { is = "text" }
default = { value = "it's" }
accepts = { values = ["it's", "not"] }
one-of = { values = ["it's", "not"] }
["acme/0028/Order.Metadata"]
column = {}
trigger = { before = "update", sets = "now()" }
["acme/0028/Order.metadata"]
column = {}
trigger = { before = "update", sets = "clock_timestamp()" }
["acme/0028/Order.Other Id"]
column = {}
type = { is = "uuid" }
foreign-key = { references = "other.Id" }
["acme/0028/other"]
table = {}
["acme/0028/other.Id"]
column = {}
type = { is = "uuid" }
["acme/0028/other.select"]
column = {}
type = { is = "numeric(9,2)" }
foreign-key = { references = "Order.select" }
["acme/0028/other.Id+select"]
index = { method = "btree", descending = ["select"], where = '"Id" IS NOT NULL' }
"""


def sql_of(options: Options) -> str:
    return ddl(load_contract(options), options.through)


@pytest.mark.parametrize("through", STEPS)
@pytest.mark.parametrize("profile", PROFILES)
def test_what_it_builds_conforms(server: Server, profile: str, through: str) -> None:
    url = server.create_database(f"ddl_{profile}_{through}")
    options = Options(profile=profile, through=through, strict=True)
    with psycopg.connect(url) as connection:
        connection.execute(sql_of(options).encode())
    report = check(url, options)
    bad = [
        (o.requirement.id, o.verdict, o.observed, o.note)
        for o in report.outcomes
        if o.verdict not in ("pass", "not-applicable") and o.requirement.level != "may"
    ]
    assert bad == []
    assert report.exit_code == 0


def test_names_that_need_quotes_and_references_in_a_circle(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_text(HOSTILE)
    options = Options(contract=(file,), select=("acme/*",), strict=True)
    sql = sql_of(options)
    assert "DEFAULT -1.5" in sql
    url = server.create_database("ddl_hostile")
    with psycopg.connect(url) as connection:
        connection.execute(sql.encode())
    report = check(url, options)
    assert [(o.requirement.id, o.observed, o.note) for o in report.outcomes if o.verdict == "fail"] == []


def test_it_is_the_same_each_time_and_says_what_it_is() -> None:
    sql = sql_of(Options(through="0018"))
    assert sql == sql_of(Options(through="0018"))
    header = sql.split("\n\n")[0]
    assert "profile documented" in header
    assert "conformance ddl --profile documented --through 0018" in header
    assert all(line.startswith("--") for line in header.splitlines())


def test_it_reads_well() -> None:
    sql = sql_of(Options())
    assert "\n\n\n" not in sql
    assert not [line for line in sql.splitlines() if line != line.rstrip() or len(line) > 130]
    assert re.search(r"^    metadata +jsonb,  -- the contract gives no type$", sql, re.MULTILINE)
    goals = sql.split("CREATE TABLE goals (\n")[1].split("\n);")[0].splitlines()
    columns = [line for line in goals if line[4].islower()]
    assert len({re.match(r" {4}\w+ +", line).end() for line in columns}) == 1  # type: ignore[union-attr]


def test_tables_stand_behind_those_that_they_refer_to() -> None:
    sql = sql_of(Options(profile="reference"))
    place = {name: number for number, name in enumerate(re.findall(r"CREATE TABLE (\w+)", sql))}
    for table, block in re.findall(r"ALTER TABLE (\w+)\n(.*?);", sql, re.DOTALL):
        for target in re.findall(r"REFERENCES (\w+)", block):
            assert place[target] <= place[table]


def test_what_is_only_allowed_is_not_built() -> None:
    assert "nullable" not in sql_of(Options())
    reference = sql_of(Options(profile="reference"))
    messages = reference.split("CREATE TABLE chat_messages (")[1].split("\n);")[0]
    assert "metadata" not in messages
