"""Records of the model as JSON, and back: written and read by what their fields are declared to hold.

A field that has its default is left out. What is read is judged as it is taken apart, since a file may be anyone's: no
value reaches a record that its declaration does not allow.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from conformance.model.record import Record

Found = TypeVar("Found", bound=Record)

_PLAIN = (str, int, bool, float)
_DEEPEST = 60


class Misshapen(Exception):
    """What was read is not what was declared; the message says where and why."""


def dump(record: Record) -> Any:
    """The record as what `json.dumps` takes."""
    return _dumped(record, type(record))


def load(cls: type[Found], value: Any) -> Found:
    """A record of the class. Raises `Misshapen`."""
    found = _loaded(value, cls, cls.__name__, 0)
    if not isinstance(found, cls):
        raise Misshapen(f"{cls.__name__}: it holds nothing")
    return found


@cache
def _fields(cls: type[Record]) -> Mapping[str, Any]:
    hints = get_type_hints(cls)
    return {name: hints[name] for name in cls.__slots__}


def _default(cls: type[Record], name: str) -> Any:
    default = cls.__defaults__.get(name, _fields)  # what no field ever holds
    make = getattr(default, "make", None)
    return default if make is None else make()


def _records(options: tuple[Any, ...]) -> Mapping[str, type[Record]]:
    return {option.__name__: option for option in options if isinstance(option, type) and issubclass(option, Record)}


def _options(declared: Any) -> tuple[Any, ...] | None:
    return get_args(declared) if get_origin(declared) in (Union, types.UnionType) else None


def _dumped(value: Any, declared: Any) -> Any:
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, Record):
        cls = type(value)
        parts = {name: getattr(value, name) for name in cls.__slots__}
        said = {n: _dumped(v, _fields(cls)[n]) for n, v in parts.items() if v != _default(cls, n)}
        several = len(_records(_options(declared) or ())) > 1
        return {cls.__name__: said} if several else said
    options = _options(declared)
    if options is not None:
        declared = next(option for option in options if option is not type(None))
    arguments = get_args(declared)
    if isinstance(value, Mapping):
        if arguments[0] is str:
            return {name: _dumped(item, arguments[1]) for name, item in value.items()}
        return [[_dumped(key, arguments[0]), _dumped(item, arguments[1])] for key, item in value.items()]
    if isinstance(value, frozenset):
        return sorted(value)
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return [_dumped(item, arguments[0]) for item in value]
    return [_dumped(item, argument) for item, argument in zip(value, arguments, strict=True)]


def _loaded(value: Any, declared: Any, where: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise Misshapen(f"{where}: it is nested too deeply")
    options = _options(declared)
    if options is not None:
        return _one_of(value, options, where, depth)
    if declared in _PLAIN:
        return _plain(value, declared, where)
    origin, arguments = get_origin(declared), get_args(declared)
    if origin is Literal:
        if value not in arguments:
            raise Misshapen(f"{where}: it should be one of {', '.join(map(str, arguments))}")
        return value
    if isinstance(declared, type) and issubclass(declared, Record):
        return _record(value, declared, where, depth)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(value, arguments, where, depth)
    return _items(value, origin, arguments, where, depth)


def _plain(value: Any, declared: type, where: str) -> Any:
    if type(value) is not declared:
        raise Misshapen(f"{where}: it should hold {declared.__name__}, not {type(value).__name__}")
    if isinstance(value, str) and ("\x00" in value or not _is_text(value)):
        raise Misshapen(f"{where}: it holds characters that no name or text of PostgreSQL has")
    return value


def _items(value: Any, origin: Any, arguments: tuple[Any, ...], where: str, depth: int) -> Any:
    if not isinstance(value, list):
        raise Misshapen(f"{where}: it should hold a list")
    if origin is frozenset:
        return frozenset(_loaded(item, arguments[0], where, depth + 1) for item in value)
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_loaded(item, arguments[0], f"{where}[{n}]", depth + 1) for n, item in enumerate(value))
    if len(arguments) != len(value):
        raise Misshapen(f"{where}: it should hold {len(arguments)} values")
    return tuple(_loaded(item, argument, where, depth + 1) for item, argument in zip(value, arguments, strict=True))


def _is_text(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _one_of(value: Any, options: tuple[Any, ...], where: str, depth: int) -> Any:
    if value is None and type(None) in options:
        return None
    left = tuple(option for option in options if option is not type(None))
    named = _records(left)
    if len(named) > 1:
        if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= named.keys():
            raise Misshapen(f"{where}: it should be one of {', '.join(named)}")
        ((name, inner),) = value.items()
        return _loaded(inner, named[name], f"{where}.{name}", depth + 1)
    return _loaded(value, left[0], where, depth)


def _record(value: Any, cls: type[Record], where: str, depth: int) -> Record:
    if not isinstance(value, dict):
        raise Misshapen(f"{where}: it should hold an object")
    fields = _fields(cls)
    if unknown := value.keys() - fields.keys():
        raise Misshapen(f"{where}: it has an unknown part {min(unknown)!a}")
    if missing := [name for name in fields if name not in value and name not in cls.__defaults__]:
        raise Misshapen(f"{where}: it lacks {missing[0]}")
    return cls(**{name: _loaded(item, fields[name], f"{where}.{name}", depth + 1) for name, item in value.items()})


def _mapping(value: Any, arguments: tuple[Any, ...], where: str, depth: int) -> Mapping[Any, Any]:
    if arguments[0] is str:
        if not isinstance(value, dict):
            raise Misshapen(f"{where}: it should hold an object")
        return {
            _loaded(name, str, where, depth): _loaded(item, arguments[1], f"{where}.{name}", depth + 1)
            for name, item in value.items()
        }
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise Misshapen(f"{where}: it should hold pairs")
    return {
        _loaded(key, arguments[0], f"{where}[{n}]", depth + 1): _loaded(item, arguments[1], f"{where}[{n}]", depth + 1)
        for n, (key, item) in enumerate(value)
    }
