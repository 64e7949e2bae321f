"""JSON as it is written: what the standard library writes, and nothing that anybody obeys."""

from __future__ import annotations

import json

import pytest
from sample import SAMPLES

from conformance.render.encoded import encoded, indented, sound
from conformance.render.json import document, render

VALUES = [
    None,
    True,
    0,
    -1.5,
    "",
    'ä\ud800\x7f\n"\\',
    [],
    {},
    (),
    [[]],
    {"a": {}},
    {"b": [1, {"c": [None, "x"]}]},
    ("x",),
]


@pytest.mark.parametrize("value", VALUES, ids=map(repr, VALUES))
def test_it_is_what_the_standard_library_writes(value: object) -> None:
    assert indented(value) == json.dumps(sound(value), indent=2).replace("\x7f", "\\u007f")
    assert json.loads(indented(value)) == sound(value)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_is_what_the_standard_library_writes(name: str) -> None:
    of = document(SAMPLES[name]())
    assert (
        render(SAMPLES[name]())
        == json.dumps(of, indent=2).replace("\x7f", "\\u007f").replace("##[", "\\u0023#[") + "\n"
    )


def test_what_a_runner_obeys_is_spelled_otherwise_and_reads_back() -> None:
    for write in (encoded, indented):
        text = write({"##[error]": "##[error]\x7f"})
        assert "##[" not in text
        assert json.loads(text) == {"##[error]": "##[error]\x7f"}
