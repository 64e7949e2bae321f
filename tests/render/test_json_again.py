"""A JSON report that is rendered again gives what the run gave, in every format."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample import SAMPLES, hostile, report

from conformance import rendering
from conformance.model.report import Report
from conformance.render import json as json_format
from conformance.render import renderers
from conformance.render.layout import Look

GALLERY = Path(__file__).parents[2] / "reports" / "gallery"
REPORTS = {**SAMPLES, "hostile": lambda: report(hostile())}
CASES = sorted(path.stem for path in GALLERY.glob("*.txt") if path.suffixes == [".txt"])


def written(of: Report, folder: Path) -> Path:
    file = folder / "report.json"
    file.write_text(json_format.render(of), encoding="utf-8")
    return file


@pytest.mark.parametrize("format_", renderers())
@pytest.mark.parametrize("name", REPORTS)
def test_what_the_run_gave_is_given_again(name: str, format_: str, tmp_path: Path) -> None:
    of = REPORTS[name]()
    again = rendering.report(written(of, tmp_path))
    for look in (Look(), Look(colour=True, width=50), Look(quiet=True)):
        assert renderers()[format_].render(again, look) == renderers()[format_].render(of, look)
    assert (again.verdict, again.exit_code) == (of.verdict, of.exit_code)


@pytest.mark.parametrize("format_", renderers())
@pytest.mark.parametrize("case", CASES)
def test_the_gallery_is_given_again(case: str, format_: str) -> None:
    renderer = renderers()[format_]
    again = rendering.report(GALLERY / f"{case}.json")
    assert renderer.render(again).encode() == (GALLERY / f"{case}{renderer.SUFFIX}").read_bytes()


def test_the_gallery_has_its_cases() -> None:
    assert {"conforming", "one-deviation", "half-migrated", "hostile", "audit"} <= set(CASES)


def test_seconds_are_told_alike(tmp_path: Path) -> None:
    for seconds in (0.1349, 0.12499, 0.0005, 2.6749999):
        of = report(seconds=seconds)
        again = rendering.report(written(of, tmp_path))
        for renderer in renderers().values():
            assert renderer.render(again) == renderer.render(of)
