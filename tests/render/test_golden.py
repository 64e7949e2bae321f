"""Each format, byte for byte. `CONFORMANCE_UPDATE_GOLDEN=1 pytest tests/render` writes the files anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sample import SAMPLES

from conformance.render import renderers
from conformance.render.layout import Look

GOLDEN = Path(__file__).parent / "golden"
CASES = [
    *((name, format_, "", Look()) for name in SAMPLES for format_ in renderers()),
    ("full", "text", ".colour", Look(colour=True)),
    ("green", "text", ".colour", Look(colour=True)),
    ("full", "text", ".quiet", Look(quiet=True)),
    ("green", "text", ".quiet", Look(quiet=True)),
    ("full", "text", ".narrow", Look(width=40)),
    ("rows", "text", ".colour", Look(colour=True)),
    ("rows", "text", ".quiet", Look(quiet=True)),
    ("rows", "text", ".narrow", Look(width=40)),
]


@pytest.mark.parametrize(("name", "format_", "variant", "look"), CASES, ids=lambda value: str(value))
def test_rendering_is_as_it_was_agreed(name: str, format_: str, variant: str, look: Look) -> None:
    renderer = renderers()[format_]
    text = renderer.render(SAMPLES[name](), look)
    file = GOLDEN / f"{name}{variant}{renderer.SUFFIX}"
    if os.environ.get("CONFORMANCE_UPDATE_GOLDEN"):
        file.write_bytes(text.encode())
    assert text.encode() == file.read_bytes()


@pytest.mark.parametrize("format_", renderers())
def test_two_renderings_are_the_same(format_: str) -> None:
    renderer = renderers()[format_]
    assert renderer.render(SAMPLES["full"]()) == renderer.render(SAMPLES["full"]())


def test_every_golden_file_is_compared() -> None:
    expected = {f"{name}{variant}{renderers()[format_].SUFFIX}" for name, format_, variant, _ in CASES}
    assert {file.name for file in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize("format_", renderers())
def test_a_renderer_is_named_as_its_module_and_documents_itself(format_: str) -> None:
    renderer = renderers()[format_]
    assert getattr(renderer, "__name__", "") == f"conformance.render.{format_.replace('-', '_')}"
    assert renderer.__doc__.strip()
    assert renderer.SUFFIX.startswith(".")
