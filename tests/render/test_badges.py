"""The badges: shields takes the endpoint, and another program draws the picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import resvg_py
from jsonschema import Draft202012Validator
from lxml import etree
from sample import MARK, SAMPLES, full, green, outcome, report

from conformance.model.report import Report
from conformance.render import badge, badge_svg

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "shields-endpoint.json").read_text(encoding="utf-8"))
SVG = "{http://www.w3.org/2000/svg}"
GSAMPLESERY = Path(__file__).parents[2] / "reports" / "gallery"


def picture(of: Report) -> etree._Element:
    return etree.fromstring(badge_svg.render(of).encode(), etree.XMLParser(resolve_entities=False, no_network=True))


@pytest.mark.parametrize("name", SAMPLES)
def test_shields_takes_the_endpoint(name: str) -> None:
    text = badge.render(SAMPLES[name]())
    Draft202012Validator(SCHEMA).validate(json.loads(text))
    assert MARK not in text


def test_the_gallery_is_taken() -> None:
    files = list(GSAMPLESERY.glob("*.badge.json"))
    assert files
    for file in files:
        Draft202012Validator(SCHEMA).validate(json.loads(file.read_text(encoding="utf-8")))


def test_it_says_the_verdict() -> None:
    should = outcome("0013/t.a/column", "should", "fail", observed="nothing")
    sound = outcome("0013/t/table", "must", "pass")
    blind = outcome("0013/t/table", "must", "indeterminate")
    told = [
        json.loads(badge.render(of))
        for of in (
            green(),
            report(sound, should),
            report(sound, should, threshold="should"),
            full(),
            report(blind),
            report(),
        )
    ]
    assert [(one["message"], one["color"], one["isError"]) for one in told] == [
        ("conforms through 0026: 1 pass", "brightgreen", False),
        ("conforms as to must through 0026: 1 pass", "green", False),
        ("departs: 1 should", "red", True),
        ("departs: 5 must", "red", True),
        ("not evaluated: 1 must", "orange", True),
        ("not evaluated: nothing was examined", "orange", True),
    ]


def test_what_is_excused_is_no_pass() -> None:
    """Waived, tolerated and not looked at: each is counted, and nothing of it is bright green."""
    sound = outcome("0013/t/table", "must", "pass")
    waived = outcome("0013/t.a/column", "must", "waived")
    known = replace(outcome("0013/t.b/column", "must", "fail"), tolerated="the baseline has it too")
    blind = replace(outcome("0013/t.c/column", "must", "indeterminate"), tolerated="not looked at there either")
    told = [json.loads(badge.render(report(sound, *of))) for of in ((waived,), (waived, known, blind))]
    assert [(one["message"], one["color"]) for one in told] == [
        ("conforms through 0026: 1 pass, 1 waived", "yellow"),
        ("nothing new departs through 0026: 1 tolerated, 1 not evaluated, 1 waived", "yellow"),
    ]


def test_it_says_what_was_looked_at() -> None:
    told = {
        plane: json.loads(badge.render(report(outcome("0013/t/table", "must", "pass", plane=plane))))["label"]
        for plane in ("structure", "state", "behaviour", "history", "adapter")
    }
    assert list(told.values()) == [
        "Astra schema",
        "Astra schema and rows",
        "Astra behaviour",
        "Astra migrations",
        "Astra implementation",
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_picture_is_one_small_file_with_nothing_from_elsewhere(name: str) -> None:
    of = SAMPLES[name]()
    root = picture(of)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "rect", "path", "g", "text"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not any(name.lower().startswith("on") or "href" in name.lower() or name == "style" for name in names)
    text = badge_svg.render(of)
    assert "url(" not in text
    assert len(text) < 1_500
    assert MARK not in text


@pytest.mark.parametrize("name", SAMPLES)
def test_the_picture_says_what_the_endpoint_says(name: str) -> None:
    told = json.loads(badge.render(SAMPLES[name]()))
    root = picture(SAMPLES[name]())
    whole = f"{told['label']}: {told['message']}"
    assert root[0].text == whole
    assert root.get("aria-label") == whole
    assert [text.text for text in root.iter(f"{SVG}text")] == [told["label"], told["message"]]


@pytest.mark.parametrize("name", SAMPLES)
def test_another_program_draws_it(name: str) -> None:
    drawn = bytes(resvg_py.svg_to_bytes(svg_string=badge_svg.render(SAMPLES[name]())))
    assert drawn.startswith(b"\x89PNG\r\n")
    width = int.from_bytes(drawn[16:20], "big")
    assert width == int(picture(SAMPLES[name]()).get("width"))
