"""What the pieces of parse trees are put together to."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.sources.decode_trees import Trees
from conformance.sources.decode_types import Types
from conformance.sources.document import Torn

EQUAL, LOWER, OWN = 98, 870, 16_400
FUNCTIONS = {"67": ["pg_catalog", "texteq", "i", None], "870": ["pg_catalog", "lower", "i", None]}


def document(*pieces: tuple[str, int, str, str, int | None], **given: Any) -> dict[str, Any]:
    columns = [list(column) for column in zip(*pieces, strict=True)] or [None] * 5
    empty = {"depends": None, "strangers": None, "types": None, "collations": None}
    return {"pieces": columns, "operators": {"98": 67}, "functions": FUNCTIONS, **empty, **given}


def test_an_operator_stands_for_its_function() -> None:
    """`opfuncid` may be 0 in a tree, and the server does not go by it."""
    trees = Trees(
        document(("check", 1, "", "OPEXPR", None), ("check", 1, "opno", "", EQUAL), ("check", 1, "opfuncid", "", 0))
    )
    tree = trees.get("check", 1)
    assert tree is not None
    assert ([f.shown for f in tree.functions], tree.nodes) == (["pg_catalog.texteq()"], {"OPEXPR"})


def test_kinds_are_kept_apart() -> None:
    trees = Trees(document(("check", 1, "funcid", "FUNCEXPR", LOWER), ("default", 1, "", "CONST", None)))
    tree = trees.get("default", 1)
    assert tree is not None
    assert tree.functions == ()
    assert trees.get("index", 1) is None


def test_without_any_expression() -> None:
    assert Trees(document()).get("check", 1) is None


@pytest.mark.parametrize("field", ["funcid", "opfuncid", "opno"])
def test_what_no_catalog_knows_is_a_stranger_that_may_do_anything(field: str) -> None:
    given = document(("check", 1, field, "FUNCEXPR", 3))
    expression = Types(given).expression("f(x)", Trees(given).get("check", 1))
    assert (expression.strangers, expression.volatility) == (("?.3()",), "v")


def test_a_type_that_no_catalog_knows_is_a_stranger() -> None:
    given = document(("check", 1, "consttype", "CONST", OWN))
    assert Types(given).expression("x", Trees(given).get("check", 1)).strangers == (f"type ?.{OWN}",)


def test_what_a_dependency_was_on_is_gone() -> None:
    with pytest.raises(Torn):
        Trees(document(depends=[["check", 1, None]]))
