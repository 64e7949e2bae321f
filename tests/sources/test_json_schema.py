"""The judge of our own schemas: it lets nothing through that the whole of JSON Schema refuses."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.sources.json_schema import RULES, SAID, misfit
from conformance.sources.report_file import schema

GALLERY = Path(__file__).parents[2] / "reports" / "gallery"
ODD: tuple[Any, ...] = (None, True, 0, -1, 1.5, 3, "", "x", "0013", "0013\n", "must", [], ["x"], {}, {"a": 1})


def words(of: Any) -> Iterator[str]:
    """The keywords of a schema, wherever schemas stand in it."""
    if isinstance(of, list):
        for one in of:
            yield from words(one)
    if isinstance(of, dict):
        for word, rule in of.items():
            yield word
            if word in ("properties", "$defs"):
                for one in rule.values():
                    yield from words(one)
            elif word not in ("const", "enum", "required"):
                yield from words(rule)


def places(of: Any) -> Iterator[tuple[Any, Any]]:
    """Each container in a document, with a key of it."""
    for key in of if isinstance(of, dict) else range(len(of)) if isinstance(of, list) else ():
        yield of, key
        yield from places(of[key])


def small() -> dict[str, Any]:
    """A report of few outcomes, of all verdicts that the gallery has."""
    document: dict[str, Any] = json.loads((GALLERY / "audit.json").read_text(encoding="utf-8"))
    chosen = {}
    for outcome in document["outcomes"]:
        chosen.setdefault((outcome["plane"], outcome["verdict"], bool(outcome["findings"])), outcome)
    return {**document, "outcomes": list(chosen.values())}


def test_the_schema_uses_no_word_that_is_not_judged() -> None:
    assert set(words(schema())) <= {*RULES, *SAID}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_changed_anywhere_is_refused_as_by_another_judge(seed: int) -> None:
    other = Draft202012Validator(schema())
    chance = random.Random(seed)
    sound = small()
    assert misfit(sound, schema()) is None
    refused = 0
    for _ in range(150):
        changed = copy.deepcopy(sound)
        container, key = chance.choice(list(places(changed)))
        if isinstance(container, dict) and chance.random() < 0.3:
            container.pop(key) if chance.random() < 0.5 else container.update({f"{key}x": container[key]})
        else:
            container[key] = chance.choice(ODD)
        said = misfit(changed, schema())
        if not other.is_valid(changed):
            assert said is not None, (key, container)
            refused += 1
        elif said is not None:  # as it is spelled: 1.0 for 1, "0013\n" for "0013"
            assert any(odd in said for odd in (r"\n", "True", "1.5", ".0"))
        assert said is None or "\n" not in said
    assert refused > 75


@pytest.mark.parametrize(
    ("value", "of", "said"),
    [
        ({"a": [1, "x"]}, {"properties": {"a": {"items": {"type": "integer"}}}}, "a[1] is 'x': no integer"),
        (True, {"enum": [1, 0]}, "it is True: none of 1, 0"),
        (True, {"type": "number"}, "it is True: no number"),
        ("0013\n", {"pattern": "^[0-9]+$"}, r"it is '0013\n': not as ^[0-9]+$"),
        ({"b": 1}, {"required": ["a"]}, "it has no a"),
        ({"\x1b": 1}, {"additionalProperties": False}, r"it has a key that is not known: '\x1b'"),
        ([], {"minItems": 1}, "it has fewer items than 1"),
        ("x" * 1000, {"const": "y"}, f"it is '{'x' * 60}'…: not 'y'"),
        (None, {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "it is None: no string"),
        (3, {"if": {"minimum": 2}, "then": {"const": 4}}, "it is 3: not 4"),
        (1, {"if": {"minimum": 2}, "then": {"const": 4}}, None),
        ("", {"not": {"type": "string"}}, "it is '': what does not go with the rest"),
    ],
)
def test_it_says_where_and_what(value: object, of: dict[str, Any], said: str | None) -> None:
    assert misfit(value, of) == said
