"""A file of waivers, judged as a whole: each problem once, with the line of the entry."""

from pathlib import Path

import pytest

from conformance.errors import UsageError
from conformance.sources.waivers import load

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
        f"{path}:7: reason is missing",
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
