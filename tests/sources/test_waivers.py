"""A file of waivers, judged as a whole: each problem once, with the line of the entry."""

import re
from pathlib import Path

import pytest

from conformance.errors import UsageError
from conformance.model.record import replace
from conformance.model.waiver import Waiver
from conformance.sources.waivers import appended, load

GOOD = """[[waiver]]
requirement = "0024/agents.priority/type"
reason = "later"
owner = "Ann"
expires = 2027-01-31
"""


def problems(path: Path, text: str) -> list[str]:
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load(path)
    return str(caught.value).split("\n  ")[1:]


def test_each_problem_is_told_once_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    text = GOOD + "\n[[waiver]]\nrequirement = 'x'\nreason = ''\nowner = 'Ann'\n" + GOOD.replace("2027-01-31", "'soon'")
    assert problems(path, text) == [
        f"{path}:7: expires is missing",
        f"{path}:11: expires must be an ISO date, such as 2027-01-31",
    ]


@pytest.mark.parametrize("text", ["[waiver]\nreason = 'x'\n", "waiver = 1", "waiver = [1]"])
def test_what_is_no_list_of_entries(tmp_path: Path, text: str) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"write \[\[waiver\]\] above each"):
        load(path)


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(GOOD + GOOD)
    assert [waiver.expires for waiver in load(path)] == ["2027-01-31"] * 2
    assert [(waiver.ticket, waiver.shape, waiver.line) for waiver in load(path)] == [("", (), 1), ("", (), 6)]


def test_that_it_gives_no_reason_is_for_the_run_to_find(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(GOOD.replace('reason = "later"\n', ""))
    assert load(path)[0].reason == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("expires = 20270131", "expires must be an ISO date"),
        ("expires = '20270131'", "expires must be an ISO date"),
        ("expires = '2027-W05-1'", "expires must be an ISO date"),
        ("expires = 2027-01-31T12:00:00Z", "expires must be an ISO date"),
        ("expires = 2027-01-31\nshape = 'f'", "shape must be a shape as a report has it"),
        ("expires = 2027-01-31\nshape = [1]", "shape must be a shape as a report has it"),
        ("expires = 2027-01-31\nshape = '0123456789abcdef at most 0'", "shape must be a shape as a report has it"),
        ("expires = 2027-01-31\nticket = 7", "ticket must be a string"),
        ("expires = 2027-01-31\ntickets = '7'", "unknown key 'tickets'"),
    ],
)
def test_what_is_no_value(tmp_path: Path, line: str, said: str) -> None:
    """Days are compared as they are written, so that one form counts."""
    (problem,) = problems(tmp_path / "waivers.toml", GOOD.replace("expires = 2027-01-31", line))
    assert said in problem


@pytest.mark.parametrize(
    "shape", ["'0123456789abcdef at most 12'", "['0123456789abcdef', 'fedcba9876543210 at most 1']"]
)
def test_one_shape_or_several(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(f"{GOOD}shape = {shape}\n")
    assert [f"'{one}'" for one in load(path)[0].shape] == re.findall("'[^']*'", shape)


WAIVER = Waiver(
    requirement="0015/agents.name/unique",
    reason='until "then" \\ \x7f',
    owner="dba",
    expires="2027-01-31",
    ticket="#7",
    shape=("0123456789abcdef",),
)


@pytest.mark.parametrize(
    "text", ["", "# ours\n", GOOD, GOOD.rstrip(), "# a\r\n" + GOOD.replace("\n", "\r\n"), GOOD + "\n\n# end"]
)
def test_an_entry_is_put_behind_what_is_there(tmp_path: Path, text: str) -> None:
    path = tmp_path / "waivers.toml"
    path.write_bytes(text.encode())
    whole = appended(path, WAIVER)
    assert whole.startswith(text)
    assert ("\r\n" in whole) == ("\r\n" in text)
    path.write_bytes(whole.encode())
    last = load(path)[-1]
    assert replace(last, file="", line=0) == WAIVER
    assert whole.splitlines()[last.line - 1] == "[[waiver]]"
    assert len(load(path)) == 1 + text.count("[[waiver]]")


def test_no_entry_is_put_where_toml_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text("waiver = []\n")
    with pytest.raises(UsageError, match=r"write each under \[\[waiver\]\]"):
        appended(path, WAIVER)
