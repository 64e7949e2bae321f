"""The published gallery is what the tool writes today."""

from __future__ import annotations

import json

import gallery
from jsonschema import Draft202012Validator

from conformance.sandbox import Server, sandbox


def test_the_gallery_is_what_the_tool_writes() -> None:
    with sandbox(kind="embedded") as server:  # of its own: the roles of a server are counted too
        written = dict(gallery.reports(server))
    published = {path.name: path.read_text(encoding="utf-8") for path in gallery.FOLDER.iterdir()}
    assert sorted(written) == sorted(published)
    for name, text in written.items():
        assert text == published[name], f"{name} differs; python tests/reports/gallery.py writes it anew"


def test_the_gallery_keeps_to_the_schema() -> None:
    schema = json.loads((gallery.FOLDER.parent / "report.schema.json").read_text(encoding="utf-8"))
    for case in (*gallery.CASES, "audit"):
        text = (gallery.FOLDER / f"{case}.json").read_text(encoding="utf-8")
        Draft202012Validator(schema).validate(json.loads(text))


def test_a_trap_in_a_check_was_not_sprung(server: Server) -> None:
    text = (gallery.FOLDER / "hostile.txt").read_text(encoding="utf-8")
    assert "sprung" not in text
    assert "spring()" in text
