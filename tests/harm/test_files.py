"""Files that are anybody's: larger than any is, nested without end, no files at all. One line says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.cli import main

DEEP = "[" * 200_000
URL = "postgresql://nobody@127.0.0.1:9/astra"

CALLS = {
    "waivers": ["check", URL, "--waivers", "FILE"],
    "contract": ["check", URL, "--contract", "FILE"],
    "snapshot": ["check", "FILE"],
    "report": ["render", "FILE", "--format", "text"],
    "baseline": ["check", URL, "--baseline", "FILE"],
    "diff": ["diff", "FILE", "FILE"],
}
CONTENTS = {
    "nested without end": "a = " + DEEP,
    "nested without end in JSON": DEEP,
    "an object in an object": '{"a":' * 100_000,
    "nothing": "",
    "no text": "\udcff\udcfe\udc80",
    "a number without end": "1" * 100_000,
}


def told(call: str, file: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one message, with the code of a wrong call."""
    code = main([word.replace("FILE", str(file)) for word in CALLS[call]])
    said = capsys.readouterr()
    assert (code, said.out) == (2, ""), said.err
    assert "internal error" not in said.err
    assert len(said.err) < 2000
    return said.err


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("call", CALLS)
def test_what_is_none_is_refused(call: str, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suffix = ".toml" if call in ("waivers", "contract") else ".json"
    file = tmp_path / f"file{suffix}"
    file.write_bytes(CONTENTS[content].encode("utf-8", "surrogateescape"))
    if (call, content) in {("waivers", "nothing"), ("contract", "nothing")}:
        pytest.skip("an empty file waives nothing, and adds nothing")
    assert str(file.name) in told(call, file, capsys)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
@pytest.mark.parametrize("call", ["waivers", "contract"])
def test_a_file_without_end_is_not_read_to_its_end(call: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "it is larger than 4 MB" in told(call, Path("/dev/zero"), capsys)
