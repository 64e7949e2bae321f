"""A record is a frozen, keyword-only dataclass to everybody who asks."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass, replace
from typing import Any

import pytest

from conformance.model import record
from conformance.model.record import Record, field


class Point(Record):
    """A record of every kind of field."""

    x: int
    name: str = "here"
    tags: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def shown(self) -> str:
        """What a record may have besides."""
        return f"{self.name} {self.x}"


class Other(Record):
    """The same fields, another class."""

    x: int
    name: str = "here"
    tags: Mapping[str, int] = field(default_factory=dict, hash=False)


def test_it_holds_what_it_is_given_or_its_defaults() -> None:
    assert (Point(x=1).x, Point(x=1).name, Point(x=1).tags, Point(x=1).shown) == (1, "here", {}, "here 1")
    assert Point(x=1, name="there", tags={"a": 1}).tags == {"a": 1}
    assert Point(x=1).tags is not Point(x=1).tags


@pytest.mark.parametrize(
    ("given", "says"),
    [({}, "Point needs x"), ({"x": 1, "y": 2}, "Point has no y"), ({"y": 2}, "Point needs x")],
)
def test_it_takes_its_fields_and_no_others(given: dict[str, Any], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        Point(**given)


def test_it_takes_no_places() -> None:
    with pytest.raises(TypeError):
        Point(1)  # type: ignore[misc]


def test_it_cannot_be_changed() -> None:
    point: Any = Point(x=1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        point.y = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert not hasattr(point, "__dict__")


def test_it_is_equal_by_class_and_fields() -> None:
    assert Point(x=1) == Point(x=1)
    assert Point(x=1) != Point(x=2)
    assert Point(x=1) != Point(x=1, tags={"a": 1})
    assert Point(x=1) != Other(x=1)
    assert hash(Point(x=1)) == hash(Point(x=1, tags={"a": 1}))
    assert len({Point(x=1), Point(x=1), Point(x=2)}) == 2


def test_it_is_a_dataclass() -> None:
    assert is_dataclass(Point)
    assert is_dataclass(Point(x=1))
    assert [found.name for found in fields(Point)] == ["x", "name", "tags"]
    assert replace(Point(x=1), name="there") == Point(x=1, name="there")
    assert asdict(Point(x=1)) == {"x": 1, "name": "here", "tags": {}}
    assert repr(Point(x=1)) == "Point(x=1, name='here', tags={})"


def test_it_can_be_copied_and_sent() -> None:
    point = Point(x=1, tags={"a": 1})
    assert copy.copy(point) == copy.deepcopy(point) == pickle.loads(pickle.dumps(point)) == point  # noqa: S301


class Often(Record, often=True):
    x: int
    y: int = 2
    z: dict[str, int] = field(default_factory=dict)


def test_a_class_that_is_made_often_is_as_the_others() -> None:
    one, other = Often(x=1), Often(x=1, y=2, z={})
    assert one == other
    assert one.z is not Often(x=1).z
    assert (replace(one, y=3).y, repr(one)) == (3, "Often(x=1, y=2, z={})")
    with pytest.raises(TypeError, match="x"):
        Often()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="w"):
        Often(x=1, w=2)  # type: ignore[call-arg]


def test_its_own_replace_does_what_the_standard_one_does_without_making_the_dataclass() -> None:
    class Fresh(Record):
        a: int
        b: tuple[int, ...] = ()

    fresh = Fresh(a=1, b=(2,))
    assert record.replace(fresh, a=3) == Fresh(a=3, b=(2,)) != fresh
    assert "__dataclass_fields__" not in vars(Fresh)
    with pytest.raises(TypeError, match="c"):
        record.replace(fresh, c=1)
    assert replace(fresh, a=3) == Fresh(a=3, b=(2,))
