"""Records: frozen, slotted, keyword-only dataclasses that cost little to make.

A gate is judged by how long it takes, and `dataclass(frozen=True, slots=True, kw_only=True)` compiles seven methods a
class, which for our thirty classes takes longer than to judge a database. These share the methods of one base, and are
dataclasses all the same to whoever asks: `fields` and `asdict` work, and type checkers see the fields. So does
`dataclasses.replace`, at the price of making the dataclass: the `replace` of this module does without. A class of which
thousands are made asks for an `__init__` of its own (`often=True`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform


class _Fresh:
    """A default that is made anew for each record; `hashed` is false for a field that says nothing of its identity."""

    def __init__(self, make: Callable[[], Any], *, hashed: bool) -> None:
        self.make = make
        self.hashed = hashed


def field(*, default_factory: Callable[[], Any], hash: bool = True) -> Any:  # noqa: A002  as the standard one calls it
    """What `dataclasses.field` is, as far as it is needed here."""
    return _Fresh(default_factory, hashed=hash)


class _Fields:
    """`__dataclass_fields__`, made when somebody asks for them."""

    def __get__(self, _: object, owner: type[Record]) -> Mapping[str, Any]:
        defaults = {
            name: dataclasses.field(default_factory=value.make, hash=value.hashed)
            if isinstance(value, _Fresh)
            else dataclasses.field(default=value)
            for name, value in owner.__defaults__.items()
        }
        shape = [
            (name, owner.__annotations__[name], defaults.get(name, dataclasses.field())) for name in owner.__slots__
        ]
        made = dataclasses.make_dataclass(owner.__name__, shape, init=False, repr=False, eq=False, kw_only=True)
        found: Mapping[str, Any] = made.__dict__["__dataclass_fields__"]
        owner.__dataclass_fields__ = found  # type: ignore[assignment]
        return found


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class _Maker(type):
    """Makes of the annotations in a class its slots, and of what they are set to the defaults."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], *, often: bool = False) -> _Maker:
        names = tuple(body.get("__annotations__", ())) if bases else ()
        defaults = {key: body.pop(key) for key in names if key in body}
        made: Any = super().__new__(mcs, name, bases, {**body, "__slots__": names})
        if names:
            made.__defaults__ = defaults
            made.__puts__ = [(key, getattr(made, key).__set__) for key in names]
            made.__fresh__ = [(key, value.make) for key, value in defaults.items() if isinstance(value, _Fresh)]
            made.__values__ = attrgetter(*names)
            unhashed = {key for key, value in defaults.items() if isinstance(value, _Fresh) and not value.hashed}
            made.__hashed__ = attrgetter(*(key for key in names if key not in unhashed))
            if often:
                made.__init__ = _compiled(made)
        return made  # type: ignore[no-any-return]

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], *, often: bool = False) -> None:
        super().__init__(name, bases, body)


def _compiled(made: Any) -> Callable[..., None]:
    """An `__init__` of its own for a class of which there are thousands, where that is worth its compilation."""
    known: dict[str, Any] = {f"put_{name}": put for name, put in made.__puts__}
    known |= {f"default_{name}": value for name, value in made.__defaults__.items()}
    fresh = {name for name, _ in made.__fresh__}
    given = [f"{name}=default_{name}" if name in made.__defaults__ else name for name, _ in made.__puts__]
    puts = [
        f"put_{name}(self, default_{name}.make() if {name} is default_{name} else {name})"
        if name in fresh
        else f"put_{name}(self, {name})"
        for name, _ in made.__puts__
    ]
    exec(f"def __init__(self, *, {', '.join(given)}):\n    " + "\n    ".join(puts), known)  # noqa: S102  our own names
    init: Callable[..., None] = known["__init__"]
    return init


class Record(metaclass=_Maker):
    """The base of all records: a subclass declares its fields, as a dataclass does."""

    if TYPE_CHECKING:
        __slots__: ClassVar[tuple[str, ...]]
        __defaults__: ClassVar[Mapping[str, Any]]
        __hashed__: ClassVar[Callable[[object], Any]]
        __values__: ClassVar[Callable[[object], Any]]
    else:
        __dataclass_fields__ = _Fields()

        def __init__(self, **given: Any) -> None:
            cls = type(self)
            values = cls.__defaults__ | given
            for name, make in cls.__fresh__:
                if name not in given:
                    values[name] = make()
            try:
                for name, put in cls.__puts__:
                    put(self, values[name])
            except KeyError:
                raise TypeError(f"{cls.__name__} needs {name}") from None
            if len(values) > len(cls.__puts__):
                raise TypeError(f"{cls.__name__} has no {', '.join(values.keys() - set(cls.__slots__))}")

        def __setattr__(self, name: str, value: object) -> None:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

        def __delattr__(self, name: str) -> None:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        values = type(self).__values__
        return bool(values(self) == values(other))

    def __hash__(self) -> int:
        return hash(type(self).__hashed__(self))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in type(self).__slots__)
        return f"{type(self).__qualname__}({shown})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), {name: getattr(self, name) for name in type(self).__slots__})


_R = TypeVar("_R", bound=Record)


def replace(record: _R, **changes: Any) -> _R:
    """The record with some of its fields changed."""
    return type(record)(**{name: getattr(record, name) for name in type(record).__slots__} | changes)


def _again(cls: type[Record], values: Mapping[str, Any]) -> Record:
    return cls(**values)
